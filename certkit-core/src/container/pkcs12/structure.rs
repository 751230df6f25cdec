//! What is written of a PKCS#12 store (RFC 7292 section 4), as types of `der`.

use der::asn1::{AnyRef, OctetStringRef, SetOfVec};
use der::{Sequence, Tag, TagNumber};

use crate::asn1::typed::{NotWritten, element};
use crate::oid::Oid;

/// PFX.
#[derive(Sequence)]
pub(super) struct Pfx<'a> {
    pub(super) version: u8,
    pub(super) content: TypedOctets<'a>,
    pub(super) mac: Option<AnyRef<'a>>,
}

/// Octets of a kind: ContentInfo in clear, CertBag and CRLBag.
#[derive(Sequence)]
pub(super) struct TypedOctets<'a> {
    pub(super) kind: Oid<'a>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) octets: OctetStringRef<'a>,
}

/// ContentInfo that is encrypted (RFC 5652 section 8).
#[derive(Sequence)]
pub(super) struct EncryptedContent<'a> {
    pub(super) kind: Oid<'a>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    pub(super) data: EncryptedData<'a>,
}

/// EncryptedData.
#[derive(Sequence)]
pub(super) struct EncryptedData<'a> {
    pub(super) version: u8,
    pub(super) info: EncryptedContentInfo<'a>,
}

/// EncryptedContentInfo.
#[derive(Sequence)]
pub(super) struct EncryptedContentInfo<'a> {
    pub(super) kind: Oid<'a>,
    pub(super) algorithm: AnyRef<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT")]
    pub(super) encrypted: OctetStringRef<'a>,
}

/// SafeBag; its value and its attributes stand already, and may have been read from others' stores.
#[derive(Sequence)]
pub(super) struct SafeBag<'a> {
    pub(super) kind: Oid<'a>,
    pub(super) value: AnyRef<'a>,
    pub(super) attributes: Option<AnyRef<'a>>,
}

/// PKCS12Attribute.
#[derive(Sequence)]
pub(super) struct BagAttribute<'a> {
    pub(super) kind: Oid<'a>,
    pub(super) values: SetOfVec<AnyRef<'a>>,
}

/// `[0]` around an element that stands already.
pub(super) fn explicit(inner: &[u8]) -> Result<AnyRef<'_>, NotWritten> {
    element(Tag::ContextSpecific { constructed: true, number: TagNumber::N0 }, inner)
}
