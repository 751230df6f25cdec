//! What speaks against a certificate beside its dates, as the checks have it.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use certkit_core::assess::{Assessment, Request, assess};
use certkit_core::cert::{Certificate, RevocationList};
use certkit_core::check::list::{self, Demand, ListCase, Signer};
use certkit_core::check::{self, Check, Expectation, Judgement, Profile, Role, Severity, Undetermined};
use certkit_core::context::Context;
use certkit_core::crypto::digest;
use certkit_core::crypto::key::PublicKey;
use certkit_core::moment::Moment;

use crate::Finding;

/// Judges certificates for a report.
#[derive(Debug)]
pub struct Judge {
    /// Where issuers and roots are looked for.
    pub context: Arc<Context>,
}

/// The endpoint that showed a certificate.
#[derive(Clone, Copy, Debug)]
pub struct Shown<'a> {
    /// The scheme, such as `https`, which decides on the profile.
    pub scheme: &'a str,
    /// The host that was asked.
    pub host: &'a str,
    /// The port that was asked.
    pub port: u16,
}

/// Among how many CAs the issuer of a certificate is looked for: chains are shorter.
const MOST: usize = 16;

/// What was found together, once for all that are judged with it.
#[derive(Debug, Default)]
pub struct Beside {
    /// Where each stood first.
    places: HashMap<Certificate, usize>,
    /// The CAs among them, and whatever else is the issuer of another one, each with its place, in their order.
    authorities: Vec<(usize, Certificate)>,
    /// The first of the rest: what the others were found with.
    holder: Option<Certificate>,
    /// What came of judging that one.
    of_holder: OnceLock<Assessment>,
}

impl Beside {
    /// Takes up certificates in the order in which they were found.
    pub fn new(certificates: Vec<Certificate>) -> Beside {
        let mut beside = Beside::default();
        let issued = check::issuers_among(&certificates);
        for (place, (certificate, has_issued)) in certificates.into_iter().zip(issued).enumerate() {
            if has_issued || certificate.is_ca() {
                beside.authorities.push((place, certificate.clone()));
            } else if beside.holder.is_none() {
                beside.holder = Some(certificate.clone());
            }
            beside.places.entry(certificate).or_insert(place);
        }
        beside
    }

    /// The same for what a server presented, its own certificate first.
    pub fn presented(certificates: Vec<Certificate>) -> Beside {
        let own = certificates.first().cloned();
        Beside { holder: own, ..Beside::new(certificates) }
    }

    /// Says whether a certificate was found as the issuer of others, or as a CA.
    fn has_authority(&self, certificate: &Certificate) -> bool {
        let place = self.places.get(certificate);
        place.is_some_and(|place| self.authorities.binary_search_by_key(place, |(place, _)| *place).is_ok())
    }

    /// SHA-256 over the key of the CA that has signed a certificate, where it was found with it.
    pub(crate) fn issuer_key(&self, certificate: &Certificate) -> Option<[u8; 32]> {
        let has_issued = |upper: &Certificate| {
            let key = PublicKey::from_spki(upper.spki());
            certificate.issuer().matches(&upper.subject())
                && key.is_ok_and(|key| certificate.verify_signature(&key).is_ok())
        };
        let mut authorities = self.authorities.iter().take(MOST).map(|(_, upper)| upper);
        authorities.find(|upper| has_issued(upper)).map(|upper| digest::sha256(upper.spki()))
    }

    /// A leaf with the CAs that were found with it, in their order; nothing where it is not among them.
    fn presented_with(&self, leaf: &Certificate) -> Vec<Certificate> {
        let Some(own) = self.places.get(leaf) else { return Vec::new() };
        let before = self.authorities.partition_point(|(place, _)| place < own);
        let (before, after) = self.authorities.split_at_checked(before).unwrap_or_default();
        let others = |part: &[(usize, Certificate)]| -> Vec<Certificate> {
            part.iter().map(|(_, certificate)| certificate).filter(|it| *it != leaf).cloned().collect()
        };
        others(before).into_iter().chain([leaf.clone()]).chain(others(after)).collect()
    }
}

impl Judge {
    /// Judges a certificate with what was found beside it.
    fn assess(
        &self,
        certificate: &Certificate,
        beside: &Beside,
        shown: Option<Shown<'_>>,
        moment: Moment,
    ) -> Assessment {
        let one = std::slice::from_ref(certificate);
        let profile = Profile::suited(shown.map(|it| it.scheme), one);
        let is_leaf = profile.role == Role::Leaf;
        let expectation = Expectation {
            host: shown.filter(|_| is_leaf).map(|it| it.host.to_owned()),
            port: shown.map(|it| it.port),
            application_uri: None,
            usage: profile.usage,
        };
        let presented = match beside.places.contains_key(certificate) {
            true if is_leaf => beside.presented_with(certificate),
            true => one.to_vec(),
            false => Vec::new(),
        };
        let request = Request {
            leaf: certificate,
            presented: &presented,
            expectation: &expectation,
            profile,
            moment,
            connection: None,
        };
        assess(&request, &self.context, None)
    }

    /// Gives what does not hold for one certificate. `beside` is what was found with it; an endpoint's own
    /// certificate is judged for the name that was asked for. Costs a search for the path with its signatures.
    pub fn findings(
        &self,
        certificate: &Certificate,
        beside: &Beside,
        shown: Option<Shown<'_>>,
        moment: Moment,
    ) -> Vec<Finding> {
        // A CA that was found with a certificate is what that one is presented with, and judged as such.
        let holder = beside.holder.as_ref().filter(|it| *it == certificate || beside.has_authority(certificate));
        let alone: Assessment;
        let Assessment { subjects, judgement, .. } = match holder {
            Some(holder) => beside.of_holder.get_or_init(|| self.assess(holder, beside, shown, moment)),
            None => {
                alone = self.assess(certificate, beside, shown, moment);
                &alone
            }
        };
        // Of the others on its path, those that were found with it have entries of their own.
        let is_lowest = holder.is_none_or(|it| it == certificate);
        let of = |at: Option<usize>| at.and_then(|at| subjects.get(at)).filter(|it| it.certificate != *certificate);
        let is_reported = |at: Option<usize>, severity: Severity| match of(at) {
            None => true,
            Some(other) => is_lowest && severity > Severity::Info && !beside.places.contains_key(&other.certificate),
        };
        let named = |at: Option<usize>, message: String| match of(at) {
            None => message,
            Some(other) => format!("{}: {message}", other.called()),
        };
        let findings = judgement.findings.iter().filter(|it| is_reported(it.subject, it.severity));
        let findings =
            findings.map(|it| finding(it.check, it.severity, named(it.subject, it.evidence.clone()), it.remedy));
        let reported = |it: &&Undetermined| is_reported(it.subject, it.severity);
        findings
            .chain(undetermined(judgement).filter(reported).map(|it| doubt(it, named(it.subject, reason(it)))))
            .collect()
    }

    /// Gives what does not hold for a revocation list. `beside` is what was found with it: its issuer is looked for there, too.
    /// Costs a signature for each CA of the issuer's name.
    pub fn findings_of_list(&self, list: &RevocationList, beside: &Beside, moment: Moment) -> Vec<Finding> {
        let issuer = list.issuer();
        let found = beside.authorities.iter().map(|(_, it)| it).filter(|it| issuer.matches(&it.subject()));
        let pool = self.context.pool();
        let known = pool.issued_to(&issuer).into_iter().filter_map(|id| pool.certificate(id));
        let case = ListCase::new(list, found.chain(known).map(|it| Signer::of(it, list)), moment, Demand::Any);
        let judgement = list::judge(&case, &check::CA);
        let findings = judgement.findings.iter();
        let findings = findings.map(|it| finding(it.check, it.severity, it.evidence.clone(), it.remedy));
        findings.chain(undetermined(&judgement).map(|it| doubt(it, reason(it)))).collect()
    }
}

fn finding(check: &Check, severity: Severity, message: String, remedy: &'static str) -> Finding {
    Finding { id: check.id.into(), severity, message: message.into(), remedy: remedy.into() }
}

/// What could not be told, and counts: what was only not asked for is nothing to report of each of many.
fn undetermined(judgement: &Judgement) -> impl Iterator<Item = &Undetermined> {
    judgement.undetermined.iter().filter(|it| it.severity > Severity::Info)
}

fn reason(undetermined: &Undetermined) -> String {
    format!("nobody can tell: {}", undetermined.reason)
}

fn doubt(undetermined: &Undetermined, message: String) -> Finding {
    let remedy = undetermined.remedy.unwrap_or(undetermined.check.remedy);
    finding(undetermined.check, undetermined.severity, message, remedy)
}
