//! Writes PKCS#12 stores.

use der::asn1::OctetStringRef;
use zeroize::Zeroizing;

use super::bag::{Bag, BagContent, Key};
use super::structure::{EncryptedContent, EncryptedContentInfo, EncryptedData, Pfx, TypedOctets};
use super::{DATA, ENCRYPTED_DATA};
use crate::asn1::typed::{NotWritten, element, encode as written, raw};
use crate::container::store_problem::StoreProblem;
use crate::crypto::password_based::{self, Mac, Password, Protection};

/// How a store that is written is locked.
#[derive(Clone, Copy)]
pub enum Locked<'a> {
    /// Certificates and keys are encrypted, and a MAC stands over all.
    With {
        /// The password; an empty one is one.
        password: &'a [u8],
        /// The ciphers.
        protection: Protection,
    },
    /// The same without a password, which is not the same as an empty one.
    Absent {
        /// The ciphers.
        protection: Protection,
    },
    /// Nothing is encrypted and there is no MAC, as Java writes its own cacerts since version 18.
    ///
    /// A key that is sealed stays so; one in clear is in clear.
    Open,
}

impl<'a> Locked<'a> {
    fn lock(self) -> Option<(Password<'a>, Protection)> {
        match self {
            Locked::With { password, protection } => Some((Password::Text(password), protection)),
            Locked::Absent { protection } => Some((Password::Absent, protection)),
            Locked::Open => None,
        }
    }
}

/// Writes these bags, in their order: keys in one part and all else in another, as Java and OpenSSL do.
///
/// A key that came sealed is written with the very bytes it came in, so that its password
/// stays its own; one in clear is sealed under the store's password. Costs one derivation
/// of a key from the password for each of those, one for the rest, and one for the MAC.
pub fn encode(bags: &[Bag], locked: Locked<'_>) -> Result<Vec<u8>, StoreProblem> {
    let is_key = |bag: &&Bag| matches!(bag.content, BagContent::Key(_));
    let mut keys = Vec::new();
    for bag in bags.iter().filter(is_key) {
        keys.push(sealed(bag, locked)?.encode()?);
    }
    let rest: Vec<_> = bags.iter().filter(|bag| !is_key(bag)).map(Bag::encode).collect::<Result<_, _>>()?;
    let mut parts = Vec::new();
    if !keys.is_empty() {
        parts.push(data(&sequence_of(&keys)?)?);
    }
    if !rest.is_empty() {
        let contents = sequence_of(&rest)?;
        parts.push(match locked.lock() {
            Some((password, protection)) => encrypted(&contents, password, protection)?,
            None => data(&contents)?,
        });
    }
    let authenticated = sequence_of(&parts)?;
    let mac = match locked.lock() {
        Some((password, protection)) => Some(Mac::write(&authenticated, password, protection)?),
        None => None,
    };
    let octets = OctetStringRef::new(&authenticated).map_err(NotWritten::from)?;
    let content = TypedOctets { kind: DATA, octets };
    Ok(written(&Pfx { version: 3, content, mac: mac.as_deref().map(raw).transpose()? })?)
}

/// Gives the bag with its key under the store's password.
fn sealed(bag: &Bag, locked: Locked<'_>) -> Result<Bag, StoreProblem> {
    let mut bag = bag.clone();
    if let (BagContent::Key(Key::Open { pkcs8, sealed: sealed @ None }), Some((password, protection))) =
        (&mut bag.content, locked.lock())
    {
        let encrypted = password_based::encrypt(pkcs8, password, protection, protection.iterations())?;
        *sealed = Some(encrypted.private_key_info()?);
    }
    Ok(bag)
}

/// Writes a SEQUENCE OF members that stand already and may be secret.
fn sequence_of(members: &[Zeroizing<Vec<u8>>]) -> Result<Zeroizing<Vec<u8>>, NotWritten> {
    let parts: Vec<&[u8]> = members.iter().map(|member| member.as_slice()).collect();
    let contents = Zeroizing::new(parts.concat());
    Ok(Zeroizing::new(written(&element(der::Tag::Sequence, &contents)?)?))
}

/// Writes a ContentInfo in clear.
fn data(contents: &[u8]) -> Result<Zeroizing<Vec<u8>>, NotWritten> {
    let octets = OctetStringRef::new(contents)?;
    Ok(Zeroizing::new(written(&TypedOctets { kind: DATA, octets })?))
}

/// Writes a ContentInfo that is encrypted (RFC 5652 section 8).
fn encrypted(
    contents: &[u8],
    password: Password<'_>,
    protection: Protection,
) -> Result<Zeroizing<Vec<u8>>, StoreProblem> {
    let sealed = password_based::encrypt(contents, password, protection, protection.iterations())?;
    let encrypted = OctetStringRef::new(&sealed.bytes).map_err(NotWritten::from)?;
    let info = EncryptedContentInfo { kind: DATA, algorithm: raw(&sealed.algorithm)?, encrypted };
    let content = EncryptedContent { kind: ENCRYPTED_DATA, data: EncryptedData { version: 0, info } };
    Ok(Zeroizing::new(written(&content)?))
}
