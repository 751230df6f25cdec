//! The structures that are signed, as types (RFC 5280 sections 4.1, 4.2 and 5.1, RFC 2986 section 4).
//!
//! Names, keys and dates are elements that stand already: names stay as they were read, and dates
//! before 1970 are none that the crate `der` knows.

use der::asn1::{Any, AnyRef, BitStringRef, Ia5StringRef, OctetString, OctetStringRef, SetOfVec, UintRef};
use der::{Choice, Encode, Sequence, ValueOrd};

use crate::asn1::typed::{AlgorithmIdentifier, NotWritten, encode};
use crate::oid::Oid;

/// Certificate, CertificateList or CertificationRequest.
#[derive(Sequence)]
pub(super) struct Signed<'a> {
    pub(super) content: AnyRef<'a>,
    pub(super) algorithm: AlgorithmIdentifier<'a>,
    pub(super) signature: BitStringRef<'a>,
}

/// TBSCertificate.
#[derive(Sequence)]
pub(super) struct TbsCertificate<'a> {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) version: u8,
    pub(super) serial: UintRef<'a>,
    pub(super) signature: AlgorithmIdentifier<'a>,
    pub(super) issuer: AnyRef<'a>,
    pub(super) validity: ValidityTimes<'a>,
    pub(super) subject: AnyRef<'a>,
    pub(super) public_key: AnyRef<'a>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT")]
    pub(super) extensions: Vec<Extension<'a>>,
}

/// Validity.
#[derive(Sequence)]
pub(super) struct ValidityTimes<'a> {
    pub(super) not_before: AnyRef<'a>,
    pub(super) not_after: AnyRef<'a>,
}

/// TBSCertList.
#[derive(Sequence)]
pub(super) struct TbsCertList<'a> {
    pub(super) version: u8,
    pub(super) signature: AlgorithmIdentifier<'a>,
    pub(super) issuer: AnyRef<'a>,
    pub(super) this_update: AnyRef<'a>,
    pub(super) next_update: AnyRef<'a>,
    pub(super) revoked: Option<Vec<RevokedCertificate<'a>>>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) extensions: Vec<Extension<'a>>,
}

/// An entry of revokedCertificates.
#[derive(Sequence)]
pub(super) struct RevokedCertificate<'a> {
    pub(super) serial: AnyRef<'a>,
    pub(super) date: AnyRef<'a>,
    pub(super) extensions: Option<Vec<Extension<'a>>>,
}

/// CertificationRequestInfo.
#[derive(Sequence)]
pub(super) struct CertificationRequestInfo<'a> {
    pub(super) version: u8,
    pub(super) subject: AnyRef<'a>,
    pub(super) public_key: AnyRef<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    pub(super) attributes: SetOfVec<RequestAttribute<'a>>,
}

/// An attribute of a request.
#[derive(Sequence, ValueOrd)]
pub(super) struct RequestAttribute<'a> {
    pub(super) kind: AnyRef<'a>,
    pub(super) values: SetOfVec<AnyRef<'a>>,
}

/// A distinguished name.
pub(super) type RdnSequence = Vec<SetOfVec<NameAttribute>>;

/// AttributeTypeAndValue.
#[derive(Clone, Debug, Sequence, ValueOrd)]
pub(super) struct NameAttribute {
    pub(super) kind: Any,
    pub(super) value: Any,
}

/// Extension.
#[derive(Sequence)]
pub(super) struct Extension<'a> {
    pub(super) id: Oid<'a>,
    #[asn1(default = "Default::default")]
    pub(super) critical: bool,
    pub(super) value: OctetString,
}

impl<'a> Extension<'a> {
    /// An extension of this meaning.
    pub(super) fn new(id: Oid<'a>, critical: bool, value: &impl Encode) -> Result<Extension<'a>, NotWritten> {
        Ok(Extension { id, critical, value: OctetString::new(encode(value)?)? })
    }
}

/// BasicConstraints.
#[derive(Sequence)]
pub(super) struct BasicConstraints {
    #[asn1(default = "Default::default")]
    pub(super) ca: bool,
    pub(super) path_length: Option<u32>,
}

/// AuthorityKeyIdentifier with the identifier alone.
#[derive(Sequence)]
pub(super) struct AuthorityKeyIdentifier<'a> {
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    pub(super) key_identifier: OctetStringRef<'a>,
}

/// The kinds of GeneralName that are written.
#[derive(Choice)]
pub(super) enum GeneralName<'a> {
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT")]
    Email(Ia5StringRef<'a>),
    #[asn1(context_specific = "2", tag_mode = "IMPLICIT")]
    Dns(Ia5StringRef<'a>),
    #[asn1(context_specific = "6", tag_mode = "IMPLICIT")]
    Uri(Ia5StringRef<'a>),
    #[asn1(context_specific = "7", tag_mode = "IMPLICIT")]
    Ip(OctetString),
}

/// DistributionPoint with a name alone.
#[derive(Sequence)]
pub(super) struct DistributionPoint<'a> {
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) name: DistributionPointName<'a>,
}

/// DistributionPointName.
#[derive(Choice)]
pub(super) enum DistributionPointName<'a> {
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", constructed = "true")]
    FullName(Vec<GeneralName<'a>>),
}

/// AccessDescription.
#[derive(Sequence)]
pub(super) struct AccessDescription<'a> {
    pub(super) method: Oid<'a>,
    pub(super) location: GeneralName<'a>,
}
