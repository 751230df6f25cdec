//! Certificates that programs may take for an issuer in its place: of its name, with another key, and nothing that tells
//! them apart.
//!
//! [`Search`](super::Search) tries all of them. Others take one and stay with it, and which one that is depends on where it
//! stands.

use super::pool::{Entry, Id, Pool};
use super::{Path, Verification};
use crate::cert::Certificate;
use crate::moment::Moment;

/// So many certificates of one name are looked at.
const MANY: usize = 1000;

/// Where the twins of an issuer stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Twins {
    /// Whether the issuer is an anchor.
    pub is_of_anchor: bool,
    /// An anchor that was named before the issuer.
    pub has_anchor_before: bool,
    /// An anchor that was named after it.
    pub has_anchor_after: bool,
    /// Another one that was named or sent before it.
    pub has_other_before: bool,
    /// Another one that was named or sent after it.
    pub has_other_after: bool,
    /// Another one that is not self-issued.
    pub has_issued_other: bool,
}

impl Twins {
    /// Whether OpenSSL takes another one: a trusted one before others, the first of several.
    pub fn mislead_openssl(self) -> bool {
        self.has_anchor_before || (!self.is_of_anchor && (self.has_anchor_after || self.has_other_before))
    }

    /// Whether GnuTLS takes another one: what was sent, in its order and without roots, and the last one that is trusted.
    pub fn mislead_gnutls(self) -> bool {
        if self.is_of_anchor { self.has_anchor_after || self.has_issued_other } else { self.has_other_before }
    }

    /// Whether Java takes another one: one that was sent in the place of a trusted one.
    pub fn mislead_java(self) -> bool {
        self.is_of_anchor && (self.has_other_before || self.has_other_after)
    }
}

/// A certificate of a path whose issuer has twins, as its position; where they stand, and the first of them.
pub(crate) fn twins<'p>(
    path: &'p Path,
    pool: &'p Pool,
    moment: Moment,
) -> impl Iterator<Item = (usize, Twins, Id)> + use<'p> {
    path.links.iter().enumerate().filter(|(_, link)| link.signature == Verification::Verified).filter_map(
        move |(at, _)| {
            let issuer = *path.ids.get(at.checked_add(1)?)?;
            let (twins, first) = of(path.certificates.get(at)?, issuer?, pool, moment)?;
            Some((at, twins, first))
        },
    )
}

fn of(own: &Certificate, issuer: Id, pool: &Pool, moment: Moment) -> Option<(Twins, Id)> {
    let own = Entry::new(own.clone());
    let (mut twins, mut first) = (Twins { is_of_anchor: pool.is_anchor(issuer), ..Twins::default() }, None);
    let genuine = pool.entry(issuer)?;
    for id in pool.hashed(genuine.subject()).take(MANY) {
        let Some(other) = pool.entry(id).filter(|other| is_twin(&own, genuine, other, moment)) else { continue };
        twins.has_issued_other |= !pool.is_anchor(id) && !other.certificate.is_self_issued();
        first = first.or(Some(id));
        match (pool.is_anchor(id), id < issuer) {
            (true, true) => twins.has_anchor_before = true,
            (true, false) => twins.has_anchor_after = true,
            (false, true) => twins.has_other_before = true,
            (false, false) => twins.has_other_after = true,
        }
    }
    Some((twins, first?))
}

/// Whether another certificate may be taken for the issuer of `own`: nothing but the signature tells it apart.
fn is_twin(own: &Entry, issuer: &Entry, other: &Entry, moment: Moment) -> bool {
    let (issued, traits) = (own.traits(), other.traits());
    let (Ok(key), Ok(other_key)) = (issuer.certificate.public_key(), other.certificate.public_key()) else {
        return false;
    };
    let differs =
        |wanted: Option<&[u8]>, has: Option<&[u8]>| wanted.zip(has).is_some_and(|(wanted, has)| wanted != has);
    let serial = other.certificate.serial();
    // That it may be taken for its own issuer is a fact of its own.
    own.certificate != other.certificate
        && issuer.certificate.spki() != other.certificate.spki()
        && std::mem::discriminant(&key.kind) == std::mem::discriminant(&other_key.kind)
        && traits.may_sign_certificates
        && traits.not_before.is_some_and(|begin| begin <= moment)
        && traits.not_after.is_some_and(|end| moment <= end)
        && !differs(issued.authority_key_identifier.as_deref(), traits.key_identifier.as_deref())
        && !differs(issued.authority_serial.as_deref(), Some(serial.as_bytes()))
        && own.names_issuer_of(&other.certificate) != Some(false)
        && other.certificate.subject().matches(&own.certificate.issuer())
}
