//! The folder of a CA: what it has taken back stays so.

use std::process::{Command, Output, Stdio};

struct Folder(tempfile::TempDir);

impl Folder {
    /// A CA of two tiers, and a server's certificate that it has issued and revoked.
    fn new() -> Folder {
        let folder = Folder(tempfile::tempdir().unwrap());
        folder.make("generate ca --name Root --issuing Issuing -o plant --key-type ec:p256 --no-password");
        folder.make(
            "generate https --dns plc7.plant.test --issuer plant --key-type ec:p256 --cert-out leaf.pem --key-out leaf.key",
        );
        folder.make("revoke leaf.pem --issuer plant --reason keyCompromise");
        folder
    }

    fn run(&self, line: &str) -> Output {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
        command.args(line.split(' ')).current_dir(&self.0).stdin(Stdio::null()).output().unwrap()
    }

    fn make(&self, line: &str) {
        let output = self.run(line);
        assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn refused(&self, line: &str, word: &str) {
        let output = self.run(line);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{line}: {said}");
        assert!(said.contains("revoked") && said.contains(word), "{line}: {said}");
        assert!(!self.0.path().join("new.pem").exists(), "{line}");
    }
}

#[test]
fn a_key_that_was_revoked_is_not_certified_again() {
    let folder = Folder::new();
    folder.refused("renew leaf.pem --key leaf.key --issuer plant --cert-out new.pem", "its key was certified before");
    folder.refused(
        "generate https --dns plc7.plant.test --key leaf.key --issuer plant --cert-out new.pem",
        "its key was certified before",
    );
    folder.make("request https --dns plc7.plant.test --key leaf.key --csr-out leaf.csr");
    folder.refused("sign leaf.csr --issuer plant --cert-out new.pem", "its key was certified before");
    folder.make("renew leaf.pem --rekey --key-out new.key --issuer plant --cert-out new.pem");
    // A key that nothing is held against is.
    folder.make("revoke new.pem --issuer plant --reason superseded");
    folder.make("renew new.pem --key new.key --issuer plant --cert-out newer.pem");
}

#[test]
fn a_ca_that_was_revoked_issues_nothing() {
    let folder = Folder::new();
    folder.make("revoke plant/issuing/ca.pem --issuer plant/root --reason cACompromise");
    folder.refused(
        "generate https --dns plc8.plant.test --key-type ec:p256 --issuer plant --cert-out new.pem --key-out new.key",
        "CN=Issuing, which issues it",
    );
    // Its list is still made.
    folder.make("revoke --issuer plant");
}

#[test]
fn what_a_ca_has_issued_is_no_anchor() {
    let folder = Folder::new();
    let verify = "verify --trust plant --host plc7.plant.test leaf.pem";
    assert_eq!(folder.run(verify).status.code(), Some(2));
    folder.make("renew leaf.pem --rekey --key-out new.key --issuer plant --cert-out new.pem");
    let fine = folder.run(&verify.replace("leaf.pem", "new.pem"));
    let said = String::from_utf8_lossy(&fine.stdout).into_owned();
    assert!(fine.status.code() == Some(0) && said.contains("CN=Issuing  trusted: plant"), "{said}");
}
