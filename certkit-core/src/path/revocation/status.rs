//! The status of one certificate (RFC 5280 section 6.3.3).

use std::cell::{Cell, RefCell};

use super::{Sources, listed, responder, signer};
use crate::asn1::Tag;
use crate::cert::{Certificate, Known, Malformed, ResponseStatus, Revoked, Time};
use crate::crypto::signature::Failure;
use crate::moment::Moment;
use crate::oid;
use crate::path::found::Path;

/// What is known about the revocation of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// Lists that cover it for every reason do not have it, or a responder says that it is good.
    Good {
        /// What says so.
        by: Vec<Evidence>,
        /// Where these lists depart from section 5.
        departures: Vec<Departure>,
        /// The algorithms of their signatures that are over a digest too weak to prove much.
        weak: Vec<String>,
        /// What one of the lists names in place of its signer, where the others do not say enough.
        misnamed: Option<Misnomer>,
        /// Why a widely used program takes none of the lists, though they are sound.
        untaken: Option<WhyUseless>,
    },
    /// A list has it, or a responder says that it is revoked.
    Revoked {
        /// What says so.
        by: Evidence,
        /// Since when.
        since: Moment,
        /// Why, where the list says.
        reason: Option<Reason>,
    },
    /// Nothing at hand tells.
    Unknown {
        /// The lists and responses for its issuer that were looked at, and why none of them tells.
        useless: Vec<Useless>,
        /// Whether something at hand may revoke it and cannot be relied upon: then no other source clears it.
        is_in_doubt: bool,
    },
}

impl Status {
    /// Nothing is known, and nothing speaks against the word of another source.
    pub(super) fn unknown(useless: Vec<Useless>) -> Status {
        Status::Unknown { useless, is_in_doubt: false }
    }
}

/// What a status is told from, by its place in its collection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Evidence {
    /// A revocation list, in [`super::Lists`].
    List(usize),
    /// An OCSP response, in [`super::Responses`].
    Response(usize),
    /// What could not be read, in [`super::Lists::unread`].
    Unread(usize),
    /// No list or response: certkit's own bound on its work.
    Limit,
}

/// What a list names in place of the one who has signed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misnomer {
    /// Another key.
    Key,
    /// The name of another issuer, or another serial number.
    Certificate,
}

/// Where a list departs from what section 5 demands of those who issue it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Departure {
    /// The list's place.
    pub list: usize,
    /// The clause of RFC 5280.
    pub section: &'static str,
    /// What is wrong.
    pub what: &'static str,
}

/// Why a certificate was revoked (section 5.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason(pub u8);

impl Reason {
    /// The certificate is on hold, and may come back (certificateHold).
    pub const HOLD: Reason = Reason(6);

    /// The certificate is no longer on hold (removeFromCRL).
    pub const REMOVED: Reason = Reason(8);

    /// Says whether a revocation for this reason is never taken back.
    pub fn is_final(self) -> bool {
        !matches!(self.0, 6 | 8)
    }

    /// Says whether nothing is held against the key, so that it may be certified again: affiliationChanged, superseded,
    /// cessationOfOperation, removeFromCRL.
    pub fn leaves_key_sound(self) -> bool {
        matches!(self.0, 3 | 4 | 5 | 8)
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.0 {
            0 => "unspecified",
            1 => "keyCompromise",
            2 => "cACompromise",
            3 => "affiliationChanged",
            4 => "superseded",
            5 => "cessationOfOperation",
            6 => "certificateHold",
            8 => "removeFromCRL",
            9 => "privilegeWithdrawn",
            10 => "aACompromise",
            other => return write!(f, "reason {other}"),
        })
    }
}

/// A list or a response that does not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Useless {
    /// Which one.
    pub by: Evidence,
    /// Why.
    pub why: WhyUseless,
}

/// Why a list or a response does not tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WhyUseless {
    /// Its time has not come.
    NotYetValid {
        /// When it will.
        from: Moment,
    },
    /// A newer one should be out.
    Expired {
        /// Since when.
        since: Moment,
    },
    /// It covers other certificates, or is found elsewhere.
    OutOfScope,
    /// It does not cover every reason.
    SomeReasons,
    /// No certificate at hand belongs to the key that signed it.
    SignerMissing,
    /// Its signature does not verify.
    Signature(Failure),
    /// The one who signed it may not sign lists, or answer for the CA.
    SignerMayNot {
        /// Whether a list that he signed has the certificate.
        names_it: bool,
    },
    /// The one who signed it has no acceptable path to the same anchor; a responder's must begin with the same CA.
    SignerUnproven,
    /// It has a critical extension that certkit does not understand.
    UnknownCritical(String),
    /// Its version does not exist.
    VersionUnknown(u8),
    /// It has an extension twice.
    ExtensionTwice(String),
    /// An entry names another certificate issuer, and the list does not say that it is indirect.
    ForeignEntry,
    /// A delta at hand goes with a complete list that is newer than this one.
    NewerBaseMissing,
    /// It is there and cannot be read: where it is, and why.
    Unread(String),
    /// There are more lists or distribution points than certkit looks at.
    TooMuch,
    /// It is a delta, and the complete list that it goes with is not there.
    DeltaAlone,
    /// The responder did not answer the question.
    NoAnswer(ResponseStatus),
    /// The responder does not know the certificate.
    NotKnown,
    /// A date of it is not UTC with whole seconds, which several programs cannot read.
    TimeMisspelt {
        /// `thisUpdate` or `nextUpdate`.
        part: &'static str,
        /// How it is written.
        time: Time,
    },
    /// It has no nextUpdate: Java does not take it.
    NoNextUpdate,
    /// It says that it is indirect: OpenSSL does not take it.
    Indirect,
    /// It cannot be decoded.
    Malformed(Malformed),
}

/// A running inquiry; remembers which signers it is already looking at.
pub(super) struct Inquiry<'a> {
    pub(super) sources: &'a Sources<'a>,
    pub(super) signers: RefCell<Vec<signer::Known>>,
    /// Certificates of responders that are being looked at.
    pub(super) responders: RefCell<Vec<Certificate>>,
    /// What is left of the work that one path may cause: a look at a list or an answer is 1.
    work: Cell<u32>,
}

/// What one path may cause: a list or an answer is looked at in microseconds, a signature verified in hundreds of them.
const WORK: u32 = 1 << 18;

/// How deep list issuers may depend on the lists of other list issuers.
pub(super) const MAX_NESTING: usize = 4;

/// A certificate under inquiry.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) path: &'a Path,
    pub(super) index: usize,
    pub(super) certificate: &'a Certificate,
}

impl<'a> Inquiry<'a> {
    pub(super) fn new(sources: &'a Sources<'a>) -> Inquiry<'a> {
        Inquiry { sources, signers: RefCell::default(), responders: RefCell::default(), work: Cell::new(WORK) }
    }

    /// Tells the status of one certificate. What one list or response has revoked, no other one clears.
    pub(super) fn status(&self, path: &Path, known: &[Known<'_>], index: usize) -> Status {
        let (Some(certificate), Some(own)) = (path.certificates.get(index), known.get(index)) else {
            return Status::unknown(Vec::new());
        };
        let subject = Subject { path, index, certificate };
        let listed = listed::status_of(self, &subject, own);
        if matches!(listed, Status::Revoked { .. }) {
            return listed;
        }
        match (listed, responder::status_of(self, &subject, known)) {
            (_, revoked @ Status::Revoked { .. }) => revoked,
            (doubt @ Status::Unknown { is_in_doubt: true, .. }, _)
            | (_, doubt @ Status::Unknown { is_in_doubt: true, .. }) => doubt,
            (good @ Status::Good { .. }, _) | (_, good @ Status::Good { .. }) => good,
            (Status::Unknown { mut useless, .. }, Status::Unknown { useless: responses, .. }) => {
                useless.extend(responses);
                Status::unknown(useless)
            }
            (listed, _) => listed,
        }
    }

    /// Takes work out of what is left; `false` where that was spent.
    pub(super) fn spend(&self, work: u32) -> bool {
        let left = self.work.get().checked_sub(work);
        self.work.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Says whether work was refused, or none is left.
    pub(super) fn is_exhausted(&self) -> bool {
        self.work.get() == 0
    }
}

/// The reason that an entry of a list gives.
pub fn reason_of(entry: &Revoked<'_>) -> Option<Reason> {
    let extension = entry.extensions.find(oid::REASON_CODE)?;
    match extension.reader().expect(Tag::ENUMERATED).ok()?.value {
        [code] => Some(Reason(*code)),
        _ => None,
    }
}
