//! The validation of OPC 10000-4 section 6.1.3: what it objects to, in the standard's order.
//!
//! Knows the eleven steps, their status codes for leaf and issuers, and what an administrator
//! may switch off. Every step runs, regardless of earlier results, so that later errors are
//! known, too. Where the text is confirmed it is followed exactly; where it is
//! not, the lenient reading is used and noted. Fetches nothing: revocation is checked
//! with the given lists.

mod chain;
mod facts;
mod lists;
mod member;
mod note;
mod objection;
mod step;
mod suppression;
mod usage;

pub use lists::{ListRole, TrustLists};
pub(crate) use member::names_host;
pub use note::{Note, NoteKind};
pub use objection::{Effect, Elsewhere, Kind, Objection, Signer};
pub use step::Step;
pub use suppression::{SuppressionError, Suppressions};
pub(crate) use usage::{AUTHORITY_USAGE, RSA_USAGE, has_rsa_key, is_authority};

use super::SecurityPolicy;
use crate::cert::{Certificate, Known};
use crate::moment::Moment;
use crate::path::{Budget, Link, Path, Search, Verification};
use crate::status::StatusCode;

/// Whose certificate it is, in the eyes of the one who validates.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// An application's; whether a server's or a client's is not known.
    Application,
    /// A server's: a client looks at it.
    Server,
    /// A client's: a server looks at it.
    Client,
    /// A user's: a server looks at it. Host name and ApplicationUri do not concern it.
    User,
}

/// Whether revocation is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Revocation {
    /// Every certificate below the root needs a list that clears it.
    Required,
    /// Steps 10 and 11 are left out.
    Off,
}

/// What is done with a self-signed certificate that has the CA flag, as they were made before edition 1.05.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CaFlag {
    /// It is tolerated while revocation is looked at.
    Tolerated,
    /// It is refused.
    Refused,
}

/// What a certificate is validated for.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// The time that is judged.
    pub moment: Moment,
    /// Whose certificate it is.
    pub peer: Peer,
    /// The security policy; without one step 4 is left out.
    pub policy: Option<&'static SecurityPolicy>,
    /// The ApplicationUri of the peer; without one step 8 is left out.
    pub application_uri: Option<&'a str>,
    /// The host of the URL that a client uses; without one step 7 is left out.
    pub host: Option<&'a str>,
    /// What an administrator has switched off.
    pub suppressed: Suppressions,
    /// Whether revocation is looked at.
    pub revocation: Revocation,
    /// What is done with the CA flag of a self-signed certificate.
    pub ca_flag: CaFlag,
}

impl Question<'_> {
    /// Asks as a default installation does: nothing suppressed, revocation required, the CA flag tolerated.
    pub fn new(peer: Peer, moment: Moment) -> Question<'static> {
        Question {
            moment,
            peer,
            policy: None,
            application_uri: None,
            host: None,
            suppressed: Suppressions::default(),
            revocation: Revocation::Required,
            ca_flag: CaFlag::Tolerated,
        }
    }
}

/// What came of a validation.
#[derive(Clone, Debug)]
pub struct Validation {
    /// The chain that came off best.
    pub path: Path,
    /// Whose certificate it is.
    pub peer: Peer,
    /// What is objected to, in the order in which the standard meets it; the first one that is not suppressed
    /// decides.
    pub objections: Vec<Objection>,
    /// What was accepted by a lenient reading.
    pub notes: Vec<Note>,
    /// The lowest certificate of the path that is in the trusted list.
    pub trusted: Option<usize>,
    /// Whether there was no revocation list at all.
    pub(super) has_no_list: bool,
    /// Which certificates of the path are in the trusted list.
    pub(super) listed: Vec<bool>,
}

impl Validation {
    /// The status code: that of the first step that fails, or Good.
    pub fn status(&self) -> StatusCode {
        self.refusals().next().map_or(StatusCode::GOOD, Objection::code)
    }

    /// What leads to a refusal, in order: the first decides, the others would fail next.
    pub fn refusals(&self) -> impl Iterator<Item = &Objection> {
        self.objections.iter().filter(|objection| objection.effect == Effect::Refused)
    }

    /// What would lead to a refusal, had an administrator not switched it off.
    pub fn suppressed(&self) -> impl Iterator<Item = &Objection> {
        self.objections.iter().filter(|objection| objection.effect == Effect::Suppressed)
    }

    /// Says whether the certificate at a position of the path is in the trusted list itself.
    pub fn is_listed(&self, position: usize) -> bool {
        self.listed.get(position).copied().unwrap_or(false)
    }

    /// What the standard lets a server tell its client instead of the status.
    pub fn reported(&self) -> StatusCode {
        super::wire::reported(self.peer, self.status())
    }

    /// Says whether the certificate belongs among the rejected ones (OPC 10000-12 GetRejectedList): those that an
    /// administrator could trust, as nothing else speaks against them.
    pub fn belongs_among_rejected(&self) -> bool {
        let mut refusals = self.refusals().peekable();
        refusals.peek().is_some() && refusals.all(|objection| objection.step == Step::Trust)
    }
}

/// How many chains are compared at most.
const PATHS: usize = 32;

/// How many certificates a chain may have; open62541 follows 10.
const DEPTH: u16 = 12;

/// Validates a certificate. `sent` are those that came with it: they may complete the chain and are never trusted.
///
/// Of several chains the one that gets furthest counts. Costs what finding and verifying the chains costs, bounded by
/// the default [`Budget`].
pub fn validate(leaf: &Certificate, sent: &[Certificate], lists: &TrustLists, question: &Question<'_>) -> Validation {
    let pool = lists.pool(sent);
    let budget = Budget { depth: DEPTH, ..Budget::default() };
    let mut best: Option<Validation> = None;
    for path in Search::new(&pool, leaf, question.moment, budget).take(PATHS) {
        let is_whole = path.links.iter().all(|link: &Link| link.signature == Verification::Verified);
        if best.is_some() && !is_whole {
            // What follows is only for showing: links that fail.
            break;
        }
        let found = follow(path, &pool, lists, question);
        if best.as_ref().is_none_or(|best| progress(&found) > progress(best)) {
            best = Some(found);
        }
        if best.as_ref().is_some_and(|best| best.refusals().next().is_none()) {
            break;
        }
    }
    best.unwrap_or_else(|| {
        // A search hands out at least one path; this one says that nothing was searched.
        let path = Search::new(&pool, leaf, question.moment, Budget { paths: 0, ..budget }).best();
        follow(path, &pool, lists, question)
    })
}

/// How far a validation gets; Good is furthest.
fn progress(validation: &Validation) -> impl PartialOrd + use<> {
    let first = validation.refusals().next().map(Objection::rank);
    (first.is_none(), first, std::cmp::Reverse(validation.refusals().count()))
}

fn follow(path: Path, pool: &crate::path::Pool, lists: &TrustLists, question: &Question<'_>) -> Validation {
    let mut found = Found { question, objections: Vec::new(), notes: Vec::new() };
    let known: Vec<Known<'_>> = path.certificates.iter().map(Known::of).collect();
    chain::structure(&path, &mut found);
    facts::object(&path, &known, &mut found);
    chain::build(&path, &mut found);
    chain::signatures(&path, &mut found);
    chain::policy(&path, &mut found);
    let trusted = chain::trust(&path, lists, &mut found);
    member::validity(&path, &mut found);
    member::names(&path, &known, &mut found);
    usage::leaf(&path, &known, &mut found);
    usage::issuers(&known, &mut found);
    if question.revocation == Revocation::Required {
        member::revocation(&path, &known, pool, lists, &mut found);
    }
    let Found { mut objections, notes, .. } = found;
    objections.sort_by_key(Objection::rank);
    let has_no_list = lists.has_no_revocation_list();
    let listed = path.certificates.iter().map(|it| lists.trusts(it)).collect();
    Validation { peer: question.peer, objections, notes, trusted, has_no_list, listed, path }
}

/// What is found on the way.
struct Found<'q> {
    question: &'q Question<'q>,
    objections: Vec<Objection>,
    notes: Vec<Note>,
}

/// Whether an administrator may switch an objection off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Waiver {
    /// As the step allows.
    AsStep,
    /// The certificate marks what is violated as critical: nobody may.
    Critical,
}

impl Found<'_> {
    fn object(&mut self, step: Step, position: usize, kind: Kind) {
        self.object_unless_waived(step, position, kind, Waiver::AsStep);
    }

    fn object_unless_waived(&mut self, step: Step, position: usize, kind: Kind, waiver: Waiver) {
        let is_waived =
            step.is_suppressible() && waiver == Waiver::AsStep && self.question.suppressed.contain(step.code(position));
        let effect = if is_waived { Effect::Suppressed } else { Effect::Refused };
        self.objections.push(Objection { step, position, kind, effect });
    }

    fn note_once(&mut self, position: usize, kind: NoteKind) {
        if !self.notes.contains(&Note { position, kind }) {
            self.note(position, kind);
        }
    }

    fn note(&mut self, position: usize, kind: NoteKind) {
        self.notes.push(Note { position, kind });
    }
}
