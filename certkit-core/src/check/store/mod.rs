//! The contents of a trust store, checked as a whole: before an addition, and as they are.
//!
//! Knows an inventory: of each member no more than these checks need, so that a hundred thousand
//! of them fit into little memory. What is wrong with a certificate is for the checks of certificates, of
//! which [`AUDIT`] takes those that say when it must go; who audits the store asks them.

pub mod admission;
pub mod authorities;
pub mod content;
mod entry;
pub mod files;
pub mod identity;
pub mod revoked;

use entry::short;
pub use entry::{Entry, EntryKind, Facts, Standing};

use std::collections::HashMap;
use std::hash::Hash;

use super::rfc5280::fields::FILE_FORM_UNREAD;
use super::{Check, Finding, Judgement, Look, ON_EVERY_PATH, Outcome, Profile, Role, Severity, Unasked};
use super::{Setting, Situation, Undetermined, Weight, import, key_store, list, rfc5280, webpki};
use crate::cert::Certificate;
use crate::cert::extension::AuthorityKeyIdentifier;
use crate::moment::Moment;
use crate::path::process::{Reading, TakenLists};
use crate::store::reader::{self, Reader};
use crate::store::{Identity, Kind, List, Member};

/// The topics.
pub static CHECKS: &[&[&Check]] =
    &[admission::CHECKS, content::CHECKS, authorities::CHECKS, revoked::CHECKS, files::CHECKS, identity::CHECKS];

const ROOTS: &[(&Check, Severity)] = &[
    (&webpki::algorithms::ROOT_WEAK_HASH, Severity::Warning),
    (&rfc5280::path::ANCHOR_TOO_OLD, Severity::Warning),
    // Somebody has chosen to trust it.
    (&import::authority::SERVER_AS_CA, Severity::Warning),
    // OpenSSL, which many programs have inside, finds no list then.
    (&rfc5280::revocation::REVOCATION_LIST_MISNAMED, Severity::Error),
];

/// What an audit of a store looks at: what keeps each certificate from being relied upon, then the store as a whole.
pub static AUDIT: Profile = Profile {
    name: "store",
    title: "the contents of a trust store",
    role: Role::Authority,
    tables: &[
        &[&rfc5280::validity::NOT_YET_VALID, &rfc5280::validity::EXPIRED, &rfc5280::validity::EXPIRES_SOON],
        &[&webpki::algorithms::SIGNATURE_WEAK_HASH, &webpki::algorithms::ROOT_WEAK_HASH],
        &[&webpki::algorithms::KEY_TOO_WEAK, &webpki::algorithms::KEY_DSA, &webpki::algorithms::KEY_CURVE_EXPLICIT],
        &[&import::authority::SERVER_AS_CA],
        webpki::soundness::CHECKS,
        #[cfg(feature = "legacy-crypto")]
        webpki::weak_keys::CHECKS,
        #[cfg(feature = "legacy-crypto")]
        &[&webpki::weak_keys::KEY_SHARED_FACTOR],
        rfc5280::signature::CHECKS,
        ON_EVERY_PATH,
        &[&rfc5280::authority::PATH_LENGTH_EXCEEDED, &rfc5280::extensions::EXTENSION_UNKNOWN_CRITICAL],
        &[&rfc5280::fields::CERTIFICATE_UNDECODABLE, &rfc5280::revocation::REVOCATION_UNKNOWN],
        &[&rfc5280::extensions::PRIVATE_KEY_IN_CERTIFICATE, &FILE_FORM_UNREAD],
        // What one program cannot decode costs it the whole store.
        &[
            &rfc5280::fields::FIELD_UNDECODABLE,
            &rfc5280::fields::NOT_DER,
            &rfc5280::fields::INTEGER_MALFORMED,
            &rfc5280::extensions::EXTENSION_UNDECODABLE,
            &rfc5280::extensions::EXTENSION_DUPLICATE,
        ],
        &[&key_store::TRUSTED_ENTRIES_UNSEEN],
        OF_LISTS,
        admission::CHECKS,
        content::CHECKS,
        authorities::CHECKS,
        revoked::CHECKS,
        files::CHECKS,
        identity::CHECKS,
    ],
    // As it weighs before an import.
    overrides: ROOTS,
    without: &[],
    limits: super::CA.limits,
    // Stores are of all kinds, and OPC UA's go by the standard.
    reading: Reading { lists: TakenLists::ByStandard, ..Reading::BEFORE_USE },
    usage: None,
    is_authority: Certificate::is_ca,
    unasked: Unasked::PassedOver,
    setting: Setting::Store,
};

/// What the gate of a store looks at besides the certificates themselves.
pub static ADMISSION: Profile = Profile {
    // Nobody is let in by standing there, and whoever put it there thinks that it is.
    overrides: &[
        (&content::STORE_LEAF_AMONG_ISSUERS, Severity::Error),
        (&rfc5280::revocation::REVOCATION_LIST_MISNAMED, Severity::Error),
    ],
    // That is said of each certificate, with its chain.
    without: &[&revoked::STORE_REVOKED],
    ..AUDIT
};

/// Everything that stands in a store, and what is to be put there.
#[derive(Clone, Debug)]
pub struct Inventory {
    /// What kind of store it is.
    pub kind: Kind,
    /// The time that is judged.
    pub moment: Moment,
    /// The members.
    pub entries: Vec<Entry>,
    /// What the owner shows of itself, where such a store has that.
    pub identity: Option<Identity>,
    /// Certificates that are revoked, each by its place among the entries with what says so.
    pub revoked: Sightings,
}

impl Inventory {
    /// Starts an empty inventory.
    pub fn new(kind: Kind, moment: Moment) -> Inventory {
        Inventory { kind, moment, entries: Vec::new(), identity: None, revoked: Vec::new() }
    }

    /// Adds a member. Costs about two microseconds.
    pub fn add(&mut self, member: &Member, standing: Standing) {
        self.entries.push(Entry::new(member, standing));
    }

    /// Leaves this stack alone of those that do not read something.
    pub fn read_by(&mut self, reader: &'static Reader) {
        for entry in &mut self.entries {
            let kind = match entry.kind {
                EntryKind::Certificate(_) => reader::Kind::Certificate,
                EntryKind::RevocationList { .. } => reader::Kind::RevocationList,
                EntryKind::PrivateKey | EntryKind::SecretKey | EntryKind::Unread { .. } => reader::Kind::Other,
            };
            if let (Some(lying), Some(path)) = (&entry.lying, &entry.path) {
                entry.unread = reader::unread(&[reader], &reader::name_of(path), kind, lying).into();
            }
        }
    }

    /// The certificates that are on a list, or would be, each with its place among the entries.
    pub fn certificates(&self) -> impl Iterator<Item = (usize, &Entry, &Facts)> {
        self.entries.iter().enumerate().filter_map(|(at, entry)| match &entry.kind {
            EntryKind::Certificate(facts) => Some((at, entry, facts)),
            _ => None,
        })
    }

    /// The certificates on lists that a program goes by, sorted by something that several may share.
    fn grouped<K: Hash + Eq>(&self, key: impl Fn(&Entry, &Facts) -> K) -> HashMap<K, Vec<(usize, &Entry, &Facts)>> {
        let mut groups: HashMap<K, Vec<(usize, &Entry, &Facts)>> = HashMap::new();
        for (at, entry, facts) in self.certificates() {
            groups.entry(key(entry, facts)).or_default().push((at, entry, facts));
        }
        groups
    }
}

/// Says whether a list is one that a program goes by.
fn is_in_force(entry: &Entry) -> bool {
    matches!(entry.list, List::Trusted | List::Issuer)
}

/// What is not met, each with the entry that it is about and the evidence.
pub type Sightings = Vec<(usize, String)>;

/// Holds an inventory against a profile.
pub fn judge(inventory: &Inventory, profile: &Profile) -> Judgement {
    let mut judgement = Judgement::default();
    let listed = authorities::Listed::of(inventory);
    for (check, severity) in profile.checks() {
        let (is_applied, mut sightings) = match check.look {
            Look::Store { applies, at } if applies(inventory) => (true, at(inventory)),
            Look::Decoding if check.id == FILE_FORM_UNREAD.id => (true, files::odd_forms(inventory)),
            Look::Store { .. } => (false, Vec::new()),
            _ => continue,
        };
        sightings.sort_by_key(|(entry, _)| *entry);
        let met = (is_applied && sightings.is_empty()).then_some((None, Outcome::Met));
        // What is about the owner is about no member.
        let is_of_owner = identity::CHECKS.iter().any(|it| it.id == check.id);
        let subject = |entry| Some(entry).filter(|_| !is_of_owner);
        let unmet = sightings.into_iter().map(|(entry, evidence)| (subject(entry), Outcome::NotMet(evidence)));
        let weight = Weight { not_met: severity, undetermined: profile.weight_undetermined(check) };
        let situation = |subject: Option<usize>| {
            let entry = subject.and_then(|at| inventory.entries.get(at));
            let is_misplaced = entry.is_some_and(|entry| listed.contains(entry));
            Situation { is_misplaced, ..Situation::of(profile.setting) }
        };
        judgement.record(check, weight, situation, unmet.chain(met));
    }
    for (at, single) in lists_judged(inventory, profile) {
        let subject = Some(at);
        let findings = single.findings.into_iter().filter(|it| OF_LISTS.iter().any(|of| of.id == it.check.id));
        judgement.findings.extend(findings.map(|it| Finding { subject, ..it }));
        // Whether its CA is there is told of the store as a whole.
        let undetermined = single.undetermined.into_iter().filter(|it| it.severity > Severity::Info);
        judgement.undetermined.extend(undetermined.map(|it| Undetermined { subject, ..it }));
    }
    judgement.undetermined.extend(inventory.identity.iter().flat_map(identity::undetermined));
    judgement.sort();
    judgement
}

/// What an audit of a store and its gate look at in each list, beside what they say of lists as members of a store: that
/// one is overdue is said there.
static OF_LISTS: &[&Check] = &[
    &rfc5280::list::CRL_SIGNATURE_INVALID,
    &rfc5280::list::CRL_SIGNER_MAY_NOT,
    &rfc5280::list::CRL_NOT_YET_VALID,
    &rfc5280::list::CRL_TIME_MISSPELT,
    &rfc5280::list::CRL_SCOPE_PARTIAL,
    &rfc5280::list::CRL_EMPTY_BARE,
    &rfc5280::form::lists::CRL_SIGNATURE_PARAMETERS_UNFIT,
    &rfc5280::form::lists::CRL_ENTRIES_EMPTY,
    &rfc5280::form::lists::CRL_REASON_UNFIT,
    &rfc5280::form::lists::CRL_EXTENSIONS_EMPTY,
    &rfc5280::revocation::REVOCATION_LIST_WEAK,
    &rfc5280::revocation::REVOCATION_LIST_MISNAMED,
    &rfc5280::revocation::REVOCATION_LIST_DEPARTS,
];

/// What is said of each revocation list by itself, over the CAs of the store.
fn lists_judged<'a>(
    inventory: &'a Inventory,
    profile: &'a Profile,
) -> impl Iterator<Item = (usize, Judgement)> + use<'a> {
    let mut named: HashMap<u64, Vec<&Facts>> = HashMap::new();
    for (_, _, facts) in inventory.certificates() {
        named.entry(facts.subject).or_default().push(facts);
    }
    inventory.entries.iter().enumerate().filter_map(move |(at, entry)| {
        let EntryKind::RevocationList { list, issuer, .. } = &entry.kind else { return None };
        let identifier = list.extension::<AuthorityKeyIdentifier<'_>>().ok().flatten();
        let signers = named.get(issuer).map(Vec::as_slice).unwrap_or_default().iter().filter_map(|facts| {
            let is_named = identifier.as_ref().is_none_or(|it| facts.may_be(it));
            Some(list::Signer { spki: facts.authority_key.as_deref()?, may_sign_lists: facts.may_sign_lists, is_named })
        });
        Some((at, list::judge(&list::ListCase::new(list, signers, inventory.moment, list::Demand::Any), profile)))
    })
}
