//! The words of an entry, kept small: a run may see a million.

use std::collections::HashSet;
use std::sync::Arc;

/// What one certificate or revocation list calls itself, in one piece of memory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    text: Box<str>,
    /// Where the subject ends, and where the serial number behind it does; the names follow.
    ends: [u32; 2],
}

impl Words {
    /// Joins them.
    pub fn new(subject: &str, serial: &str, names: &str) -> Words {
        let subject_end = subject.len();
        let serial_end = subject_end.saturating_add(serial.len());
        // A name that was taken from a file is shorter than the bound for a file.
        let ends = [subject_end, serial_end].map(|end| u32::try_from(end).unwrap_or(u32::MAX));
        Words { text: [subject, serial, names].concat().into(), ends }
    }

    fn part(&self, from: u32, to: u32) -> &str {
        let place = |end: u32| usize::try_from(end).unwrap_or(usize::MAX).min(self.text.len());
        self.text.get(place(from)..place(to)).unwrap_or_default()
    }

    /// The subject, RFC 4514; of a revocation list, its issuer.
    pub fn subject(&self) -> &str {
        self.part(0, self.ends[0])
    }

    /// The serial number, or the number of the list, as lower-case hex; empty where there is none.
    pub fn serial(&self) -> &str {
        self.part(self.ends[0], self.ends[1])
    }

    /// The alternative names, a line each: `DNS:`, `IP:`, `URI:` or `email:`, then the name.
    pub fn names(&self) -> &str {
        self.part(self.ends[1], u32::MAX)
    }
}

/// Who has issued something.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Issuer {
    /// The name, RFC 4514.
    pub name: Box<str>,
    /// What identifies the key (RFC 5280 section 4.2.1.1); empty where the certificate or list does not say.
    pub key_id: Box<[u8]>,
    /// SHA-256 over the public key that verifies the signature; `None` where no such CA stands beside it.
    pub key: Option<[u8; 32]>,
}

/// Issuers, each kept once: few CAs have issued most certificates.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Issuers(HashSet<Arc<Issuer>>);

impl Issuers {
    /// How many are known at most; where everything has issued itself, sharing gains nothing.
    const MOST: usize = 1024;

    /// Gives an issuer, the known one where it is known.
    pub fn shared(&mut self, issuer: Issuer) -> Arc<Issuer> {
        if let Some(known) = self.0.get(&issuer) {
            return Arc::clone(known);
        }
        let issuer = Arc::new(issuer);
        if self.0.len() < Issuers::MOST {
            self.0.insert(Arc::clone(&issuer));
        }
        issuer
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_as_they_were() {
        for words in [["CN=plc7", "0f", "DNS:plc7\nIP:10.0.0.7"], ["", "", ""], ["CN=Süd", "", "URI:urn:x"]] {
            let made = Words::new(words[0], words[1], words[2]);
            assert_eq!([made.subject(), made.serial(), made.names()], words);
        }
    }

    #[test]
    fn an_issuer_is_kept_once() {
        let mut issuers = Issuers::default();
        let issuer = |name: &str, key_id: &[u8]| Issuer { name: name.into(), key_id: key_id.into(), key: None };
        let one = issuers.shared(issuer("CN=Plant CA", &[1]));
        assert!(Arc::ptr_eq(&one, &issuers.shared(issuer("CN=Plant CA", &[1]))));
        assert_eq!(*issuers.shared(issuer("CN=Plant CA", &[2])), issuer("CN=Plant CA", &[2]));
    }
}
