//! Extensions, a file for each kind that certkit understands.
//!
//! [`Extensions`] walks over them; `decode` gives one of them its meaning. An
//! extension that is here without a type of its own is shown as identifier and hex.

mod authority_info_access;
mod basic_constraints;
mod certificate_policies;
mod crl_distribution_points;
mod extended_key_usage;
mod key_identifier;
mod key_usage;
mod name_constraints;
mod subject_alt_name;

pub use authority_info_access::AuthorityInfoAccess;
pub use basic_constraints::BasicConstraints;
pub use certificate_policies::{
    CertificatePolicies, InhibitAnyPolicy, PolicyConstraints, PolicyInformation, PolicyMappings, UserNotice,
};
pub use crl_distribution_points::{
    CrlDistributionPoints, DistributionPoint, DistributionPointName, FreshestCrl, IssuingDistributionPoint, Reasons,
};
pub use extended_key_usage::ExtendedKeyUsage;
pub use key_identifier::{AuthorityKeyIdentifier, SubjectKeyIdentifier};
pub use key_usage::KeyUsage;
pub use name_constraints::{NameConstraints, Subtree};
pub use subject_alt_name::{IssuerAltName, SubjectAltName};

use super::{Malformed, in_part};
use crate::asn1::{self, Reader, Tag};
use crate::oid::Oid;

/// One extension as it is encoded (RFC 5280 section 4.2).
#[derive(Clone, Copy, Debug)]
pub struct Extension<'a> {
    /// What kind it is.
    pub oid: Oid<'a>,
    /// Whether a reader that does not understand it must refuse the certificate.
    pub critical: bool,
    /// Whether `critical` is spelt out as FALSE, which DER forbids.
    pub spells_default: bool,
    /// The contents of its OCTET STRING.
    pub value: &'a [u8],
    /// Offset of the contents from the start of the certificate.
    pub offset: usize,
}

impl<'a> Extension<'a> {
    fn read(list: &mut Reader<'a>) -> Result<Extension<'a>, asn1::Error> {
        let mut fields = list.sequence()?;
        let oid = Oid(fields.oid()?);
        let flag = match fields.peek() {
            Some(Tag::BOOLEAN) => Some(fields.boolean()?),
            _ => None,
        };
        let value = fields.expect(Tag::OCTET_STRING)?;
        fields.finish()?;
        Ok(Extension {
            oid,
            critical: flag == Some(true),
            spells_default: flag == Some(false),
            value: value.value,
            offset: value.value_offset(),
        })
    }

    /// Reads the contents.
    pub fn reader(&self) -> Reader<'a> {
        Reader::at(self.value, self.offset)
    }

    /// Decodes the contents as the type that the caller has found it to be.
    pub fn decode<T: Decode<'a>>(&self) -> Result<T, Malformed> {
        let mut reader = self.reader();
        let decoded = T::decode(&mut reader).and_then(|value| reader.finish().map(|()| value));
        decoded.map_err(in_part(T::OID.name().unwrap_or("extension")))
    }
}

/// An extension that certkit understands.
pub trait Decode<'a>: Sized {
    /// The identifier that it goes by.
    const OID: Oid<'static>;

    /// Decodes the contents of its OCTET STRING.
    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error>;
}

/// So many extensions are compared pair by pair.
const MANY: usize = 24;

/// The extensions of a certificate, list or request.
#[derive(Clone, Copy, Debug)]
pub struct Extensions<'a> {
    list: &'a [u8],
    offset: usize,
}

impl<'a> Extensions<'a> {
    /// Takes the encoded SEQUENCE, or nothing.
    pub(crate) fn from_part(list: &'a [u8], offset: usize) -> Extensions<'a> {
        Extensions { list, offset }
    }

    /// Checks that every member is an extension, so that walking over them later cannot fail.
    pub(crate) fn validate(&self) -> Result<(), Malformed> {
        let mut list = self.reader();
        while !list.is_empty() {
            Extension::read(&mut list).map_err(in_part("extensions"))?;
        }
        Ok(())
    }

    fn reader(&self) -> Reader<'a> {
        Reader::at(self.list, self.offset).sequence().unwrap_or(Reader::new(&[]))
    }

    /// The extensions in their order.
    pub fn iter(&self) -> impl Iterator<Item = Extension<'a>> + use<'a> {
        let mut list = self.reader();
        std::iter::from_fn(move || Extension::read(&mut list).ok())
    }

    /// The first extension of this kind.
    pub fn find(&self, oid: Oid<'_>) -> Option<Extension<'a>> {
        self.iter().find(|extension| extension.oid == oid)
    }

    /// Decodes the first extension of a kind; `None` where there is none.
    pub fn decode<T: Decode<'a>>(&self) -> Result<Option<T>, Malformed> {
        self.find(T::OID).map(|extension| extension.decode()).transpose()
    }

    /// A kind that occurs twice, which RFC 5280 section 4.2 forbids.
    pub fn duplicate(&self) -> Option<Oid<'a>> {
        let count = self.iter().count();
        if count > MANY {
            // A hostile list of thousands must not cost their square.
            let mut kinds: Vec<Oid<'a>> = self.iter().map(|extension| extension.oid).collect();
            kinds.sort_unstable();
            return kinds.windows(2).find_map(|pair| (pair.first() == pair.last()).then(|| pair.first().copied())?);
        }
        let mut later = self.reader();
        while let Ok(one) = Extension::read(&mut later) {
            let mut rest = later;
            while let Ok(other) = Extension::read(&mut rest) {
                if one.oid == other.oid {
                    return Some(one.oid);
                }
            }
        }
        None
    }

    /// Says whether there is an extensions list at all, and it is empty (RFC 5280 section 4.2 wants one or more).
    pub fn is_empty_list(&self) -> bool {
        !self.list.is_empty() && self.reader().is_empty()
    }
}
