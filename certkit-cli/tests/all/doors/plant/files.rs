//! The files of a situation.

use certkit_core::container::pem;

use super::{Situation, text};

impl Situation {
    /// Writes its files: the chain, what is trusted, the lists, and the PKI folder of an application that judges.
    pub(super) fn write(&self) {
        std::fs::create_dir_all(&self.folder).unwrap();
        let block = |der: &Vec<u8>| pem::encode("CERTIFICATE", der);
        self.put("chain.pem", self.presented.iter().map(block).collect::<String>().as_bytes());
        self.put("trust.pem", self.trust.iter().map(text).collect::<String>().as_bytes());
        self.put("issuers.pem", self.issuers.iter().map(text).collect::<String>().as_bytes());
        self.put("leaf.key", pem::encode("PRIVATE KEY", &self.key).as_bytes());
        for (name, list) in &self.lists {
            self.put(name, list);
            // Wherever its CA lies, it lies beside it.
            ["trusted", "issuer"].iter().for_each(|it| self.put(&format!("pki/{it}/crl/{name}"), list));
        }
        for (list, certificates) in [("trusted", &self.trust), ("issuer", &self.issuers)] {
            std::fs::create_dir_all(self.folder.join("pki").join(list).join("crl")).unwrap();
            std::fs::create_dir_all(self.folder.join("pki").join(list).join("certs")).unwrap();
            for (at, certificate) in certificates.iter().enumerate() {
                self.put(&format!("pki/{list}/certs/{at}.der"), certificate.der());
            }
        }
    }

    pub(super) fn put(&self, name: &str, bytes: &[u8]) {
        let path = self.folder.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, bytes).unwrap();
    }

    pub(crate) fn file(&self, name: &str) -> String {
        self.folder.join(name).to_str().unwrap().to_owned()
    }
}
