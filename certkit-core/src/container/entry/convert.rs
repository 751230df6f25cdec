//! Entries in any kind of file, with an account of what had no place in it.

use zeroize::Zeroizing;

use super::write::{to_jks, to_pkcs12};
use super::{CertificateEntry, Entries};
use crate::container::form::Form;
use crate::container::jks::Flavour;
use crate::container::pkcs12::Locked;
use crate::container::store_problem::StoreProblem;
use crate::container::target::Wrapping;
use crate::container::{pem, pkcs7};
use crate::crypto::key_encryption;
use crate::crypto::password_based::Protection;
use crate::moment::Moment;

/// How entries are written.
#[derive(Clone, Copy)]
pub struct Writing<'a> {
    /// The kind of file.
    pub wrapping: Wrapping,
    /// The password of the store or, in PEM, of each private key; `None` for neither.
    pub password: Option<&'a [u8]>,
    /// The ciphers of a PKCS#12 store.
    pub protection: Protection,
    /// When the entries of a Java keystore are said to have been made.
    pub created: Moment,
}

/// What was written, and what was not.
pub struct Written {
    /// The file.
    pub bytes: Zeroizing<Vec<u8>>,
    /// How many private keys had no place in it.
    pub keys_left_out: usize,
    /// How many revocation lists had no place in it.
    pub lists_left_out: usize,
}

/// Why nothing was written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The store could not be made.
    #[error("cannot create the store")]
    Store(#[from] StoreProblem),
    /// A private key could not be encrypted.
    #[error("the private key cannot be encrypted")]
    Key(#[from] key_encryption::Error),
    /// A Java keystore has a password always.
    #[error("a Java keystore needs a password")]
    PasswordNeeded,
}

/// Writes entries: keys with their chains first, then certificates, then lists.
///
/// In PEM a chain comes before its key, leaf first, as servers read it. DER holds
/// certificates one after the other; a key or a list only where it is all there is. A
/// PKCS#12 store without a password is written in clear, keys included.
pub fn write(entries: &Entries, writing: &Writing<'_>) -> Result<Written, WriteError> {
    let (keys, lists) = (entries.keys.len(), entries.lists.len());
    let all = |bytes: Zeroizing<Vec<u8>>| Written { bytes, keys_left_out: 0, lists_left_out: 0 };
    Ok(match writing.wrapping {
        Wrapping::Plain(Form::Pem) => all(to_pem(entries, writing.password)?),
        Wrapping::Plain(Form::Der) => to_der(entries, writing.password)?,
        Wrapping::Plain(Form::Pkcs7) => {
            let lists: Vec<&[u8]> = entries.lists.iter().map(Vec::as_slice).collect();
            let bytes = Zeroizing::new(pkcs7::encode_all(&certificates(entries), &lists));
            Written { bytes, keys_left_out: keys, lists_left_out: 0 }
        }
        Wrapping::Pkcs12 => {
            let protection = writing.protection;
            let locked = writing.password.map_or(Locked::Open, |password| Locked::With { password, protection });
            all(Zeroizing::new(to_pkcs12(entries, locked)?))
        }
        Wrapping::Jks | Wrapping::Jceks => {
            let flavour = if writing.wrapping == Wrapping::Jks { Flavour::Jks } else { Flavour::Jceks };
            let password = writing.password.ok_or(WriteError::PasswordNeeded)?;
            let bytes = to_jks(entries, flavour, password, writing.created)?;
            Written { bytes, keys_left_out: 0, lists_left_out: lists }
        }
    })
}

/// Every certificate, those of chains first.
fn certificates(entries: &Entries) -> Vec<&[u8]> {
    let chains = entries.keys.iter().flat_map(|key| key.chain.iter().map(Vec::as_slice));
    chains.chain(entries.certificates.iter().map(|CertificateEntry { der, .. }| der.as_slice())).collect()
}

fn to_pem(entries: &Entries, password: Option<&[u8]>) -> Result<Zeroizing<Vec<u8>>, WriteError> {
    let mut blocks: Vec<Zeroizing<String>> = Vec::new();
    let mut push = |label: &str, der: &[u8]| blocks.push(Zeroizing::new(pem::encode(label, der)));
    for key in &entries.keys {
        key.chain.iter().for_each(|der| push("CERTIFICATE", der));
        match password {
            Some(password) => push("ENCRYPTED PRIVATE KEY", &key_encryption::encrypt(&key.pkcs8, password)?),
            None => push("PRIVATE KEY", &key.pkcs8),
        }
    }
    entries.certificates.iter().for_each(|certificate| push("CERTIFICATE", &certificate.der));
    entries.lists.iter().for_each(|list| push("X509 CRL", list));
    // Joined at once, so that no key is left behind where a buffer has grown.
    let length = blocks.iter().fold(0usize, |sum, block| sum.saturating_add(block.len()));
    let mut text = Zeroizing::new(Vec::with_capacity(length));
    blocks.iter().for_each(|block| text.extend_from_slice(block.as_bytes()));
    Ok(text)
}

fn to_der(entries: &Entries, password: Option<&[u8]>) -> Result<Written, WriteError> {
    let (keys, lists) = (entries.keys.len(), entries.lists.len());
    let certificates = certificates(entries);
    let (bytes, keys_left_out, lists_left_out) = match (certificates.as_slice(), entries.keys.as_slice()) {
        ([], [key]) => {
            let bytes = match password {
                Some(password) => Zeroizing::new(key_encryption::encrypt(&key.pkcs8, password)?),
                None => key.pkcs8.clone(),
            };
            (bytes, 0, lists)
        }
        ([], _) => (Zeroizing::new(entries.lists.first().cloned().unwrap_or_default()), keys, lists.saturating_sub(1)),
        (certificates, _) => (Zeroizing::new(certificates.concat()), keys, lists),
    };
    Ok(Written { bytes, keys_left_out, lists_left_out })
}
