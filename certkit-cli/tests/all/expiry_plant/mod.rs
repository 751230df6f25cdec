//! A plant with certificates that end at known times, and certkit run in its folder.

use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use certkit_core::container::pem;
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::{DAY, Moment};
use serde_json::Value;

/// The moment that all is judged at.
pub(crate) const AT: &str = "2026-06-01";

pub(crate) fn at(days: i64) -> Moment {
    AT.parse::<Moment>().unwrap().plus(days * DAY)
}

/// A folder with certificates that end at known times.
pub(crate) struct Plant {
    pub(crate) folder: tempfile::TempDir,
    key: KeyPair,
    ca_key: KeyPair,
    ca: certkit_core::cert::Certificate,
}

impl Plant {
    pub(crate) fn new() -> Plant {
        let ca_key = KeyPair::generate(KeyType::P256).unwrap();
        let ca = Template::new(Kind::Root, "CN=Plant Root,O=Plant".parse().unwrap(), Validity::days(at(-200), 3650))
            .issue(&ca_key.public_key().unwrap(), &Issuer::itself(&ca_key))
            .unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("pki")).unwrap();
        let plant = Plant { folder, key: KeyPair::generate(KeyType::P256).unwrap(), ca_key, ca };
        std::fs::write(plant.file("pki/root.pem"), pem::encode("CERTIFICATE", plant.ca.der())).unwrap();
        for (name, days) in [("fine", 200), ("warning", 20), ("critical", 3), ("expired", -5)] {
            plant.leaf(name, days);
        }
        plant
    }

    /// Writes a certificate that ends so many days after the moment.
    pub(crate) fn leaf(&self, name: &str, days: i64) {
        let validity = Validity { not_before: at(-100), not_after: at(days) };
        let host = format!("{name}.plant.test");
        let leaf = Template::new(Kind::Https, format!("CN={host},O=Plant").parse().unwrap(), validity)
            .alternative_names([AlternativeName::host(&host)])
            .issue(&self.key.public_key().unwrap(), &Issuer::authority(&self.ca, &self.ca_key).unwrap())
            .unwrap();
        std::fs::write(self.file(&format!("pki/{name}.pem")), pem::encode("CERTIFICATE", leaf.der())).unwrap();
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.certkit(&[&["expiry"], arguments].concat())
    }

    pub(crate) fn certkit(&self, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_certkit"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_remove("JOB_COMPLETION_INDEX")
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let output = self.run(&[arguments, &["--at", AT, "--json"]].concat());
        serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"))
    }
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

pub(crate) fn status(output: &Output) -> i32 {
    output.status.code().unwrap()
}
