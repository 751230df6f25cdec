//! What speaks against a certificate beside its dates, as the checks have it.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use certkit_core::assess::{Assessment, Request, assess};
use certkit_core::cert::Certificate;
use certkit_core::check::{Check, Expectation, Profile, Role, Severity};
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
    /// The CAs among them, each with its place, in their order.
    authorities: Vec<(usize, Certificate)>,
    /// The first that is no CA: what the others were found with.
    holder: Option<Certificate>,
    /// What came of judging that one.
    of_holder: OnceLock<Assessment>,
}

impl Beside {
    /// Takes up certificates in the order in which they were found.
    pub fn new(certificates: impl IntoIterator<Item = Certificate>) -> Beside {
        let mut beside = Beside::default();
        for (place, certificate) in certificates.into_iter().enumerate() {
            if certificate.is_ca() {
                beside.authorities.push((place, certificate.clone()));
            } else if beside.holder.is_none() {
                beside.holder = Some(certificate.clone());
            }
            beside.places.entry(certificate).or_insert(place);
        }
        beside
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
        let holder = beside.holder.as_ref().filter(|it| *it == certificate || certificate.is_ca());
        let alone: Assessment;
        let Assessment { subjects, judgement, .. } = match holder {
            Some(holder) => beside.of_holder.get_or_init(|| self.assess(holder, beside, shown, moment)),
            None => {
                alone = self.assess(certificate, beside, shown, moment);
                &alone
            }
        };
        let is_its_own = |subject: Option<usize>| {
            subject.is_none_or(|at| subjects.get(at).is_some_and(|it| it.certificate == *certificate))
        };
        let finding = |check: &Check, severity, message: &str, remedy: &'static str| Finding {
            id: check.id.into(),
            severity,
            message: message.into(),
            remedy: remedy.into(),
        };
        let own = judgement.findings.iter().filter(|it| is_its_own(it.subject));
        // What was only not asked for is nothing to report of each of many.
        let undetermined =
            judgement.undetermined.iter().filter(|it| is_its_own(it.subject) && it.severity > Severity::Info);
        own.map(|it| finding(it.check, it.severity, &it.evidence, it.remedy))
            .chain(undetermined.map(|it| {
                let remedy = it.remedy.unwrap_or(it.check.remedy);
                finding(it.check, it.severity, &format!("nobody can tell: {}", it.reason), remedy)
            }))
            .collect()
    }
}
