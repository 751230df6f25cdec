//! What a search hands out: paths with the facts about their links and their end.

use super::Id;
use crate::cert::Certificate;
use crate::crypto::key::{KeyKind, PublicKey};
use crate::crypto::signature;

/// Certificates of which each is issued to the one before it, as far as names tell.
///
/// A path is a record, not a verdict: its links may fail and its end may be no anchor.
#[derive(Clone, Debug)]
pub struct Path {
    /// The certificates, leaf first. Never empty.
    pub certificates: Vec<Certificate>,
    /// Where each certificate stands in the pool; `None` for a leaf that is not in it.
    pub ids: Vec<Option<Id>>,
    /// The link from each certificate to the next: one fewer than certificates.
    pub links: Vec<Link>,
    /// Why the path ends where it does.
    pub end: End,
}

impl Path {
    /// Says whether the path reaches an anchor and every signature on the way verifies.
    ///
    /// That is less than validity: dates, constraints, usages and revocation are not looked at.
    pub fn is_anchored(&self) -> bool {
        self.end.is_trusted() && self.links.iter().all(|link| link.signature == Verification::Verified)
    }

    /// The public key of a certificate, with the DSA parameters that it inherits from those above it.
    ///
    /// `None` where there is no such certificate or its key cannot be decoded.
    pub fn key(&self, index: usize) -> Option<PublicKey<'_>> {
        let mut keys = self.certificates.get(index..)?.iter().map(|certificate| certificate.public_key().ok());
        let own = keys.next()??;
        if !matches!(own.kind, KeyKind::Dsa { parameters: None, .. }) {
            return Some(own);
        }
        let inherited = keys.find_map(|key| {
            let key = key?;
            (!matches!(key.kind, KeyKind::Dsa { parameters: None, .. })).then_some(key)
        });
        Some(inherited.and_then(|source| own.with_parameters_of(&source)).unwrap_or(own))
    }

    /// This path up to its top, and on along one that begins there; `None` where a certificate would stand on it twice.
    pub(crate) fn joined(mut self, above: Path) -> Option<Path> {
        let more = above.certificates.get(1..)?;
        if more.iter().any(|it| self.certificates.contains(it)) {
            return None;
        }
        self.certificates.extend_from_slice(more);
        self.ids.extend_from_slice(above.ids.get(1..)?);
        self.links.extend(above.links);
        self.end = above.end;
        Some(self)
    }

    /// The topmost certificate.
    pub fn top(&self) -> Option<&Certificate> {
        self.certificates.last()
    }
}

/// What is known about a certificate and the one above it. Their names always match.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// Whether the upper key made the lower certificate's signature.
    pub signature: Verification,
    /// Whether authorityKeyIdentifier's keyIdentifier is the upper one's subjectKeyIdentifier.
    pub key_identifier: Agreement,
    /// Whether authorityKeyIdentifier's issuer and serial number are those of the upper certificate.
    pub issuer_and_serial: Agreement,
}

/// What came of verifying a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verification {
    /// It verifies.
    Verified,
    /// It does not, or certkit cannot tell.
    Failed(signature::Failure),
    /// It was not looked at, since the budget was spent.
    NotTried,
}

/// Whether two statements fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// Both are made and they are the same.
    Agrees,
    /// One of them is not made.
    Unstated,
    /// Both are made and they differ.
    Differs,
}

/// Why a path goes no further.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// The top is an anchor.
    Anchor,
    /// An anchor stands below the top, which is none: whoever goes on to the root does not stop at what is trusted
    /// ([`Above::Known`](super::process::Above::Known)).
    BeyondAnchor,
    /// The top is self-signed and no anchor.
    SelfSigned,
    /// Nothing in the pool is the issuer of the top; these nearly were.
    IssuerMissing(Vec<NearMiss>),
    /// Every issuer of the top already stands in the path.
    Cycle,
    /// The path has as many certificates as the budget allows.
    TooDeep,
    /// The budget was spent here.
    BudgetSpent(super::Resource),
}

impl End {
    /// Says whether an anchor stands on the path.
    pub fn is_trusted(&self) -> bool {
        matches!(self, End::Anchor | End::BeyondAnchor)
    }

    /// Says whether the top was found: an anchor, or a certificate that has signed itself.
    pub(crate) fn is_top(&self) -> bool {
        self.is_trusted() || *self == End::SelfSigned
    }

    /// Why the search was given up here; `None` where it was followed to its end.
    pub fn given_up(&self) -> Option<String> {
        match self {
            End::TooDeep => Some("the chain is too long".to_owned()),
            End::BudgetSpent(resource) => Some(format!("too many {resource}")),
            End::Anchor | End::BeyondAnchor | End::SelfSigned | End::IssuerMissing(_) | End::Cycle => None,
        }
    }
}

/// A certificate that nearly was the issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NearMiss {
    /// Which one.
    pub id: Id,
    /// What kept it from being the issuer.
    pub why: WhyNot,
}

/// What kept a certificate from being the issuer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhyNot {
    /// The name fits, the signature does not verify.
    Signature(signature::Failure),
    /// The key identifier fits, the name is another one.
    Name,
}
