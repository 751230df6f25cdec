//! The requirements for a certificate, and whether it meets them.
//!
//! A [`Check`] is a value: id, severity, clauses, texts and the function that checks
//! are together, one after the other in the file of their topic. A [`Profile`] is
//! a table of checks. [`judge`] checks a [`Case`] against a profile; it uses facts
//! from lower floors, and is the only place that judges.

mod case;
mod clause;
pub(crate) mod client;
mod cure;
mod facts;
mod profile;
mod reference;
mod relying;

pub mod import;
mod judging;
pub mod kepware;
pub mod key_store;
pub mod list;
pub mod opcua;
pub mod posture;
pub mod request;
pub mod rfc5280;
#[cfg(feature = "store")]
pub mod store;
#[cfg(feature = "legacy-crypto")]
pub mod together;
pub mod webpki;

pub use case::{Case, Connection, Expectation, Form, Role, Subject, Usage, issuers_among, leaf_among};
pub use clause::Clause;
pub use client::CLIENT;
pub use cure::{Setting, Situation, cure};
pub(crate) use facts::is_undetermined;
pub use facts::{Processed, check_for};
use facts::{always, has_authority, has_issuer, has_leaf, has_server};
pub use judging::{forms, judge};
pub use profile::{
    ALWAYSON, CA, HTTPS, Limits, ON_EVERY_PATH, OPCUA, OPCUA_ISSUED, OPCUA_USER, OPCUA_VALIDATION, PROFILES, Profile,
    ShortLived, Unasked,
};
pub use reference::reference;
pub use relying::{RFC5280, TLS, WEBPKI};

use std::fmt;
use std::sync::Arc;

/// How heavy a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Worth knowing; nothing need be done.
    Info,
    /// Works today; should be mended.
    Warning,
    /// Refused by careful partners, or unsafe.
    Error,
}

impl Severity {
    /// The word that reports use.
    pub const fn name(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warning => "warning",
            Severity::Error => "error",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// One requirement, with all that is known about it.
#[derive(Debug)]
pub struct Check {
    /// Its name for ever, in kebab-case. Names what is wrong when it is not met.
    pub id: &'static str,
    /// How heavy it is unless a profile says otherwise.
    pub severity: Severity,
    /// Where it is demanded.
    pub clauses: &'static [Clause],
    /// The requirement in one line.
    pub title: &'static str,
    /// The consequence of not meeting it.
    pub why: &'static str,
    /// What to do, with the command where there is one.
    pub remedy: &'static str,
    /// What the check looks at.
    pub look: Look,
}

/// What a check looks at.
#[derive(Clone, Copy, Debug)]
pub enum Look {
    /// The decoding itself, before there is a case.
    Decoding,
    /// Each certificate of the case for which `applies` holds.
    Each {
        /// Says whether the requirement concerns the certificate at all.
        applies: fn(&Case, &Subject) -> bool,
        /// Looks.
        at: fn(&Case, &Subject) -> Outcome,
    },
    /// Each certificate whose form matters ([`Case::minds_form_of`]), for itself; `None` where the requirement does not
    /// concern it.
    Form(fn(&Form<'_>) -> Option<Outcome>),
    /// The case as a whole.
    Whole {
        /// Says whether the requirement concerns the case at all.
        applies: fn(&Case) -> bool,
        /// Looks.
        at: fn(&Case) -> Outcome,
    },
    /// What is noted of the path of every case ([`Case::noted`]): one algorithm notes it, whatever the profile. Where
    /// nothing was noted against the requirement, this says whether it is met; else it concerns nothing here.
    Facts(fn(&Case) -> bool),
    /// The endpoints of an OPC UA server, which are no case: [`opcua::posture::judge`] looks at them.
    Endpoints {
        /// Says whether the requirement concerns the endpoints at all.
        applies: fn(&opcua::posture::Posture) -> bool,
        /// Looks.
        at: fn(&opcua::posture::Posture) -> Outcome,
    },
    /// A revocation list by itself, which is no case: [`list::judge`] looks at it.
    List {
        /// Says whether the requirement concerns the list at all.
        applies: fn(&list::ListCase) -> bool,
        /// Looks.
        at: fn(&list::ListCase) -> Outcome,
    },
    /// A certification request, which is no case: [`request::judge`] looks at it.
    Request {
        /// Says whether the requirement concerns the request at all.
        applies: fn(&request::RequestCase) -> bool,
        /// Looks.
        at: fn(&request::RequestCase) -> Outcome,
    },
    /// A file with private keys or a store, which is no case: [`key_store::judge`] looks at it and gives what it finds of
    /// each key, nothing where the requirement does not concern the file.
    KeyStore(fn(&key_store::KeyStoreCase) -> Vec<Outcome>),
    /// All keys of a run, which are no case: [`together::judge`] looks at them and gives what it finds by the index of the
    /// certificate.
    #[cfg(feature = "legacy-crypto")]
    Together(fn(&together::Keys<'_>) -> Vec<(usize, Outcome)>),
    /// What probes found at a port, which is no case: [`posture::judge`] looks at it.
    Probed {
        /// Says whether the requirement concerns the port at all.
        applies: fn(&crate::presented::Posture) -> bool,
        /// Looks.
        at: fn(&crate::presented::Posture) -> Outcome,
    },
    /// A trust store, which is no case: [`store::judge`] looks at it.
    #[cfg(feature = "store")]
    Store {
        /// Says whether the requirement concerns the store at all.
        applies: fn(&store::Inventory) -> bool,
        /// Looks; gives every place where it is not met.
        at: fn(&store::Inventory) -> store::Sightings,
    },
}

/// What a look gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The requirement is met.
    Met,
    /// It is not met; the evidence in one sentence, without a full stop.
    NotMet(String),
    /// It is not met, which the caller has chosen to accept; the evidence. A warning at most.
    NotMetByChoice(String),
    /// It is undetermined, whatever is given; the reason in one sentence, without a full stop. Its severity is
    /// [`Profile::weight_undetermined`], which is that of the finding unless its table says otherwise.
    Undetermined(String),
    /// Nothing at hand shows it, and somebody relies on it; the reason as above. A warning at most.
    NotShown(String),
    /// The value to compare with was not given; the reason as above. Severity info: without a host none is wrong.
    NotGiven(String),
}

impl Outcome {
    /// The same, its words changed.
    fn about(self, words: impl FnOnce(String) -> String) -> Outcome {
        match self {
            Outcome::Met => Outcome::Met,
            Outcome::NotMet(said) => Outcome::NotMet(words(said)),
            Outcome::NotMetByChoice(said) => Outcome::NotMetByChoice(words(said)),
            Outcome::Undetermined(said) => Outcome::Undetermined(words(said)),
            Outcome::NotShown(said) => Outcome::NotShown(words(said)),
            Outcome::NotGiven(said) => Outcome::NotGiven(words(said)),
        }
    }

    /// Not met with this evidence when `is_bad`, met otherwise.
    pub fn not_met_if(is_bad: bool, evidence: impl FnOnce() -> String) -> Outcome {
        if is_bad { Outcome::NotMet(evidence()) } else { Outcome::Met }
    }
}

/// A requirement that is not met.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The requirement.
    pub check: &'static Check,
    /// How heavy it is under the profile.
    pub severity: Severity,
    /// The certificate it is about: in a judgement an index into the subjects of the case, in a verdict its position on
    /// the path, in a report an index into its certificates; `None` for the whole.
    pub subject: Option<usize>,
    /// What was seen, in one sentence.
    pub evidence: String,
    /// What to do here: the check's remedy, or one that fits the situation better.
    pub remedy: &'static str,
    /// What was looked at when it was found, as the user named it; `None` where that was all there is.
    pub source: Option<Arc<str>>,
    /// What OpenSSL has for it, where a relying party decides ([`verify`](crate::verify)).
    pub openssl: Option<OpensslError>,
    /// The programs that refuse this form of it, where a relying party decides by what programs do; `None` where it is
    /// only known of the check ([`refused_by`](crate::verify::program::refused_by)).
    pub refused_by: Option<Vec<String>>,
}

/// An error of OpenSSL's verification (`x509_vfy.h`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OpensslError {
    /// The number that `openssl verify` prints.
    pub number: u32,
    /// The name of the number.
    pub name: &'static str,
}

impl Finding {
    /// Says that a check is not met: how heavy that is, by which certificate, what was seen, and what to do.
    pub fn new(
        check: &'static Check,
        severity: Severity,
        subject: Option<usize>,
        evidence: String,
        remedy: &'static str,
    ) -> Finding {
        Finding { check, severity, subject, evidence, remedy, source: None, openssl: None, refused_by: None }
    }
}

/// A requirement whose check is undetermined.
#[derive(Clone, Debug)]
pub struct Undetermined {
    /// The requirement.
    pub check: &'static Check,
    /// How heavy this is under the profile.
    pub severity: Severity,
    /// The certificate it is about, as in a [`Finding`].
    pub subject: Option<usize>,
    /// Why it is undetermined.
    pub reason: String,
    /// What to do about it; `None` where the reason says what to give.
    pub remedy: Option<&'static str>,
    /// What was looked at, as in a [`Finding`].
    pub source: Option<Arc<str>>,
}

/// How heavy a check is under a profile.
#[derive(Clone, Copy, Debug)]
struct Weight {
    /// Where it is not met.
    not_met: Severity,
    /// Where it is undetermined.
    undetermined: Severity,
}

/// The result of checking a case against a profile.
#[derive(Clone, Debug, Default)]
pub struct Judgement {
    /// What is not met, heaviest first, then in the order of the profile.
    pub findings: Vec<Finding>,
    /// What was looked at and is met, by every certificate that it concerns.
    pub passed: Vec<&'static Check>,
    /// What does not concern any certificate here.
    pub not_applicable: Vec<&'static Check>,
    /// What is undetermined.
    pub undetermined: Vec<Undetermined>,
}

impl Judgement {
    /// Notes what the looks of a check gave; none where it concerns nothing. `situation` is asked for what to do.
    fn record<'a>(
        &mut self,
        check: &'static Check,
        weight: Weight,
        situation: impl Fn(Option<usize>) -> Situation<'a>,
        looks: impl IntoIterator<Item = (Option<usize>, Outcome)>,
    ) {
        let remedy = |subject| cure(check, &situation(subject));
        let (mut is_applied, mut is_met) = (false, true);
        for (subject, outcome) in looks {
            is_applied = true;
            is_met &= outcome == Outcome::Met;
            let mut untold = |reason, severity, remedy| {
                self.undetermined.push(Undetermined { check, severity, subject, reason, remedy, source: None });
            };
            match outcome {
                Outcome::Met => {}
                Outcome::NotMet(evidence) => {
                    self.findings.push(Finding::new(check, weight.not_met, subject, evidence, remedy(subject)));
                }
                Outcome::NotMetByChoice(evidence) => {
                    let severity = weight.not_met.min(Severity::Warning);
                    self.findings.push(Finding::new(check, severity, subject, evidence, remedy(subject)));
                }
                Outcome::Undetermined(reason) => untold(reason, weight.undetermined, Some(remedy(subject))),
                Outcome::NotShown(reason) => untold(reason, weight.undetermined.min(Severity::Warning), None),
                Outcome::NotGiven(reason) => untold(reason, Severity::Info, None),
            }
        }
        match (is_applied, is_met) {
            (false, _) => self.not_applicable.push(check),
            (true, true) => self.passed.push(check),
            (true, false) => {}
        }
    }

    /// Puts the heaviest first.
    pub(crate) fn sort(&mut self) {
        self.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        self.undetermined.sort_by_key(|undetermined| std::cmp::Reverse(undetermined.severity));
    }
}

/// Checks whose findings say that something was not decided, rather than that something is wrong.
pub const UNDECIDED: &[&Check] = &[
    &rfc5280::signature::SIGNATURE_NOT_VERIFIABLE,
    &rfc5280::path::BUDGET_EXHAUSTED,
    // Nobody computes on such a curve to see what the key has signed.
    &webpki::algorithms::KEY_CURVE_EXPLICIT,
];

impl Check {
    /// Says whether its findings say that something was not decided.
    pub fn is_of_undecided(&self) -> bool {
        UNDECIDED.iter().any(|other| other.id == self.id)
    }
}

/// Every check there is, in the order of the documents.
pub fn all() -> impl Iterator<Item = &'static Check> {
    [
        rfc5280::CHECKS,
        webpki::CHECKS,
        opcua::CHECKS,
        opcua::posture::CHECKS,
        import::CHECKS,
        kepware::CHECKS,
        posture::CHECKS,
        request::TOPICS,
        key_store::TOPICS,
        #[cfg(feature = "store")]
        store::CHECKS,
    ]
    .into_iter()
    .flatten()
    .flat_map(|topic| topic.iter().copied())
}

/// Finds a check by its id.
pub fn find(id: &str) -> Option<&'static Check> {
    all().find(|check| check.id == id)
}

/// Ids that once were, with the reason why they are no more. An id is never used again.
pub const REMOVED: &[(&str, &str)] = &[];
