//! A folder with a CA and certificates that end soon, certkit run in it, and a server that shows one of them.

use std::fs;
use std::io::Read as _;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

/// A folder with a CA, and certkit run in it.
pub(crate) struct Plant(pub(crate) tempfile::TempDir);

impl Plant {
    pub(crate) fn new() -> Plant {
        let plant = Plant(tempfile::tempdir().unwrap());
        plant.done("generate ca --subject CN=Plant,O=Plant --issuing CN=Issuing,O=Plant --key-type ec:p256 --no-password -o plant-ca");
        fs::create_dir(plant.file("tls")).unwrap();
        plant
    }

    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    pub(crate) fn command(&self, line: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
        command.args(line.split(' ')).current_dir(self.0.path()).stdin(Stdio::null());
        command
    }

    pub(crate) fn run(&self, line: &str) -> Output {
        self.command(line).output().unwrap()
    }

    pub(crate) fn done(&self, line: &str) {
        let output = self.run(line);
        assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
    }

    /// A server's certificate that ends in so many days.
    pub(crate) fn leaf(&self, name: &str, days: u32) {
        self.done(&format!(
            "generate https --dns {name}.plant.example --ip 127.0.0.1 --issuer plant-ca --key-type ec:p256 --days {days} \
             --chain-out tls/{name}.pem --key-out tls/{name}-key.pem"
        ));
    }

    /// Another one in its place.
    pub(crate) fn leaf_again(&self, name: &str, days: u32) {
        for file in [format!("tls/{name}.pem"), format!("tls/{name}-key.pem")] {
            fs::remove_file(self.file(&file)).unwrap();
        }
        self.leaf(name, days);
    }

    pub(crate) fn script(&self, name: &str, text: &str) {
        fs::write(self.file(name), format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(self.file(name), fs::Permissions::from_mode(0o755)).unwrap();
    }

    pub(crate) fn inventory(&self, text: &str) {
        fs::write(self.file("plant.toml"), text).unwrap();
    }

    /// Renews what is due; gives the status and the document.
    pub(crate) fn due(&self, more: &str) -> (i32, Value) {
        let line = format!("renew --due --config plant.toml --json {more}");
        let output = self.run(line.trim_end());
        let document = serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{output:?}"));
        (output.status.code().unwrap(), document)
    }

    /// Every file below the folder, with its bytes.
    pub(crate) fn all(&self) -> Vec<(PathBuf, Vec<u8>)> {
        fn walk(folder: &Path, found: &mut Vec<(PathBuf, Vec<u8>)>) {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    walk(&path, found);
                } else {
                    let bytes = fs::read(&path).unwrap();
                    found.push((path, bytes));
                }
            }
        }
        let mut found = Vec::new();
        walk(self.0.path(), &mut found);
        found.sort();
        found
    }

    pub(crate) fn read(&self, name: &str) -> Vec<u8> {
        fs::read(self.file(name)).unwrap()
    }

    /// The first certificate of a file.
    pub(crate) fn certificate(&self, name: &str) -> certkit_core::Certificate {
        let contents = certkit_core::source::file::read_file(&self.file(name)).unwrap();
        let der = contents.certificates().next().unwrap().der.to_vec();
        certkit_core::Certificate::from_der(&der).unwrap()
    }

    /// A TLS server that reads its files when it begins, and again as soon as there is a file `reload`.
    pub(crate) fn serve(&self, name: &str) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (chain, key) = (self.file(&format!("tls/{name}.pem")), self.file(&format!("tls/{name}-key.pem")));
        let flag = self.file("reload");
        let config = move || {
            let chain = CertificateDer::pem_file_iter(&chain).unwrap().map(Result::unwrap).collect();
            let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
            let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
            let key = PrivateKeyDer::from_pem_file(&key).unwrap();
            Arc::new(config.with_no_client_auth().with_single_cert(chain, key).unwrap())
        };
        let mut current = config();
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                if fs::remove_file(&flag).is_ok() {
                    current = config();
                }
                let Ok(connection) = ServerConnection::new(Arc::clone(&current)) else { return };
                let _ = StreamOwned::new(connection, socket.unwrap()).read(&mut [0; 64]);
            }
        });
        address
    }
}
