//! Asks the `openssl` command, which the tests require.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::cert::Certificate;

/// A folder for one test, with the files that `openssl` is asked about.
pub(super) struct Bench(TempDir);

impl Bench {
    pub(super) fn new() -> Bench {
        Bench(TempDir::new().unwrap())
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(super) fn write(&self, name: &str, label: &str, der: &[u8]) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, pem::encode(&pem::Pem::new(label, der))).unwrap();
        path
    }

    pub(super) fn certificate(&self, name: &str, certificate: &Certificate) -> PathBuf {
        self.write(name, "CERTIFICATE", certificate.der())
    }

    /// Runs `openssl verify -x509_strict` and gives what it says where it does not accept.
    pub(super) fn verify(
        &self,
        root: &Certificate,
        untrusted: &[&Certificate],
        leaf: &Certificate,
    ) -> Result<(), String> {
        let mut arguments = vec!["verify".into(), "-x509_strict".into()];
        arguments.extend(["-CAfile".into(), self.certificate("root.pem", root).into_os_string()]);
        for (at, certificate) in untrusted.iter().enumerate() {
            let path = self.certificate(&format!("issuing{at}.pem"), certificate);
            arguments.extend(["-untrusted".into(), path.into_os_string()]);
        }
        arguments.push(self.certificate("leaf.pem", leaf).into_os_string());
        run(&arguments).map(drop)
    }
}

/// Runs `openssl`; gives its output, or its errors where it fails.
pub(super) fn run(arguments: &[impl AsRef<std::ffi::OsStr>]) -> Result<String, String> {
    let output = Command::new("openssl").args(arguments).output().expect("the tests need the openssl command");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() { Ok(text(&output.stdout)) } else { Err(text(&output.stderr) + &text(&output.stdout)) }
}

/// Makes a private key with `openssl` and gives the file's contents, PEM armour removed.
pub(super) fn made_key(bench: &Bench, arguments: &[&str]) -> Vec<u8> {
    let path = bench.path("made.key");
    // The size of `genrsa` must be the last argument.
    let mut all: Vec<&std::ffi::OsStr> = arguments.iter().map(std::ffi::OsStr::new).collect();
    all.splice(1..1, [std::ffi::OsStr::new("-out"), path.as_os_str()]);
    run(&all).unwrap();
    body(&path)
}

/// The contents of the first block of a PEM file whose label ends in KEY.
pub(super) fn body(path: &Path) -> Vec<u8> {
    let blocks = pem::parse_many(std::fs::read(path).unwrap()).unwrap();
    blocks.into_iter().find(|block| block.tag().ends_with("KEY")).unwrap().into_contents()
}
