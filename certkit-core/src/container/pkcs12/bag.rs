//! Bags: what stands in a PKCS#12 store, each with its attributes (RFC 7292 section 4.2).

use std::fmt;

use der::asn1::{OctetStringRef, SetOfVec};
use zeroize::Zeroizing;

use super::structure::{BagAttribute, SafeBag, TypedOctets, explicit};
use super::{
    ANY_EXTENDED_KEY_USAGE, CERTIFICATE_BAG, FRIENDLY_NAME, KEY_BAG, LIST_BAG, LOCAL_KEY_ID, SECRET_BAG,
    SHROUDED_KEY_BAG, TRUSTED_KEY_USAGE, X509_CERTIFICATE, X509_LIST,
};
use crate::asn1::typed::{NotWritten, element, encode};
use crate::asn1::{Element, Error, Reader, Tag};
use crate::oid::Oid;

/// One thing in a store.
#[derive(Clone, Debug)]
pub struct Bag {
    /// What it is.
    pub content: BagContent,
    /// Its friendly name, which Java calls alias.
    pub alias: Option<String>,
    /// What ties a key to its certificate.
    pub key_id: Option<Vec<u8>>,
    /// Whether Java trusts it: Oracle's attribute for trusted certificates is there.
    pub is_trusted: bool,
    /// The attributes that certkit has no field for, each as it stands.
    pub others: Vec<Vec<u8>>,
}

/// What a bag holds.
#[derive(Clone)]
pub enum BagContent {
    /// An X.509 certificate.
    Certificate(Vec<u8>),
    /// A revocation list.
    RevocationList(Vec<u8>),
    /// A private key.
    Key(Key),
    /// A secret that is no private key; the whole bag as it stands.
    Secret(Zeroizing<Vec<u8>>),
    /// A kind of bag, or of certificate, that certkit does not know; the whole bag as it stands.
    Other {
        /// The identifier of its kind.
        kind: String,
        /// Its bytes.
        bag: Zeroizing<Vec<u8>>,
    },
}

/// A private key in a bag.
#[derive(Clone)]
pub enum Key {
    /// In clear: PKCS#8. With the scheme that it was encrypted with, and those bytes.
    Open {
        /// The key.
        pkcs8: Zeroizing<Vec<u8>>,
        /// The EncryptedPrivateKeyInfo that it came from, where there was one.
        sealed: Option<Vec<u8>>,
    },
    /// An EncryptedPrivateKeyInfo that stays closed.
    Sealed(Vec<u8>),
}

impl fmt::Debug for BagContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            BagContent::Certificate(der) => write!(f, "Certificate({} bytes)", der.len()),
            BagContent::RevocationList(der) => write!(f, "RevocationList({} bytes)", der.len()),
            BagContent::Key(Key::Open { .. }) => f.write_str("Key(open)"),
            BagContent::Key(Key::Sealed(_)) => f.write_str("Key(sealed)"),
            BagContent::Secret(_) => f.write_str("Secret"),
            BagContent::Other { kind, .. } => write!(f, "Other({kind})"),
        }
    }
}

impl Bag {
    /// Makes a bag without a name.
    pub fn new(content: BagContent) -> Bag {
        Bag { content, alias: None, key_id: None, is_trusted: false, others: Vec::new() }
    }

    /// Reads one bag; its `kind` and `fields` were split off by the caller.
    pub(super) fn read(whole: Element<'_>, kind: Oid<'_>, value: Element<'_>) -> Result<Bag, Error> {
        let verbatim = || Zeroizing::new(whole.raw.to_vec());
        let other = |kind: Oid<'_>| BagContent::Other { kind: kind.to_string(), bag: verbatim() };
        let content = match kind {
            KEY_BAG => {
                let key = value.contents().expect(Tag::SEQUENCE)?.raw;
                BagContent::Key(Key::Open { pkcs8: Zeroizing::new(key.to_vec()), sealed: None })
            }
            SHROUDED_KEY_BAG => BagContent::Key(Key::Sealed(value.contents().expect(Tag::SEQUENCE)?.raw.to_vec())),
            CERTIFICATE_BAG | LIST_BAG => {
                let mut fields = value.contents().sequence()?;
                let form = Oid(fields.oid()?);
                match form {
                    X509_CERTIFICATE => BagContent::Certificate(octets(&mut fields)?),
                    X509_LIST => BagContent::RevocationList(octets(&mut fields)?),
                    _ => other(form),
                }
            }
            SECRET_BAG => BagContent::Secret(verbatim()),
            _ => other(kind),
        };
        Ok(Bag::new(content))
    }

    /// Takes the attributes in; one that cannot be read is kept as it stands.
    pub(super) fn take_attributes(&mut self, set: Element<'_>) -> Result<(), Error> {
        let mut attributes = set.contents();
        while !attributes.is_empty() {
            let attribute = attributes.expect(Tag::SEQUENCE)?;
            if self.take_attribute(attribute).is_none() {
                self.others.push(attribute.raw.to_vec());
            }
        }
        Ok(())
    }

    fn take_attribute(&mut self, attribute: Element<'_>) -> Option<()> {
        let mut fields = attribute.contents();
        let kind = Oid(fields.oid().ok()?);
        let value = fields.expect(Tag::SET).ok()?.contents().element().ok()?;
        match (kind, value.tag) {
            (FRIENDLY_NAME, Tag::BMP_STRING) => {
                let (units, []) = value.value.as_chunks::<2>() else { return None };
                let units: Vec<u16> = units.iter().map(|pair| u16::from_be_bytes(*pair)).collect();
                self.alias = Some(String::from_utf16_lossy(&units));
            }
            (FRIENDLY_NAME, Tag::UTF8_STRING) => {
                self.alias = Some(String::from_utf8_lossy(value.value).into_owned());
            }
            (LOCAL_KEY_ID, Tag::OCTET_STRING) => self.key_id = Some(value.value.to_vec()),
            (TRUSTED_KEY_USAGE, _) => self.is_trusted = true,
            _ => return None,
        }
        Some(())
    }

    /// Writes the bag. A secret and an unknown bag are written as they stood.
    pub(super) fn encode(&self) -> Result<Zeroizing<Vec<u8>>, NotWritten> {
        let typed = |kind: Oid<'_>, der: &[u8]| -> Result<Zeroizing<Vec<u8>>, NotWritten> {
            Ok(Zeroizing::new(encode(&TypedOctets { kind, octets: OctetStringRef::new(der)? })?))
        };
        let (kind, value) = match &self.content {
            BagContent::Certificate(der) => (CERTIFICATE_BAG, typed(X509_CERTIFICATE, der)?),
            BagContent::RevocationList(der) => (LIST_BAG, typed(X509_LIST, der)?),
            BagContent::Key(Key::Open { sealed: Some(sealed), .. } | Key::Sealed(sealed)) => {
                (SHROUDED_KEY_BAG, Zeroizing::new(sealed.clone()))
            }
            BagContent::Key(Key::Open { pkcs8, sealed: None }) => (KEY_BAG, pkcs8.clone()),
            BagContent::Secret(bag) | BagContent::Other { bag, .. } => return Ok(bag.clone()),
        };
        let attributes = self.encode_attributes()?.concat();
        let attributes = if attributes.is_empty() { None } else { Some(element(der::Tag::Set, &attributes)?) };
        Ok(Zeroizing::new(encode(&SafeBag { kind, value: explicit(&value)?, attributes })?))
    }

    /// Its attributes in the order that DER demands (X.690 clause 11.6).
    fn encode_attributes(&self) -> Result<Vec<Vec<u8>>, NotWritten> {
        let attribute = |kind, tag, value: &[u8]| -> Result<Vec<u8>, NotWritten> {
            encode(&BagAttribute { kind, values: SetOfVec::try_from([element(tag, value)?])? })
        };
        let mut attributes = self.others.clone();
        if let Some(alias) = &self.alias {
            let units: Vec<u8> = alias.encode_utf16().flat_map(u16::to_be_bytes).collect();
            attributes.push(attribute(FRIENDLY_NAME, der::Tag::BmpString, &units)?);
        }
        if let Some(id) = &self.key_id {
            attributes.push(attribute(LOCAL_KEY_ID, der::Tag::OctetString, id)?);
        }
        if self.is_trusted {
            let any = ANY_EXTENDED_KEY_USAGE.as_bytes();
            attributes.push(attribute(TRUSTED_KEY_USAGE, der::Tag::ObjectIdentifier, any)?);
        }
        attributes.sort();
        Ok(attributes)
    }
}

/// Takes the OCTET STRING under `[0]`.
fn octets(fields: &mut Reader<'_>) -> Result<Vec<u8>, Error> {
    let wrapped = fields.expect(Tag::context_constructed(0))?;
    Ok(wrapped.contents().expect(Tag::OCTET_STRING)?.value.to_vec())
}
