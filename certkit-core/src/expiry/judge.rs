//! What speaks against a certificate beside its dates, as the checks have it.

use crate::assess::{Assessment, Request, assess};
use crate::cert::Certificate;
use crate::check::{Check, Expectation, Profile, Role, Severity};
use crate::context::Context;
use crate::moment::Moment;

use super::Finding;

/// Judges certificates for a report.
#[derive(Debug)]
pub struct Judge {
    /// Where issuers and roots are looked for.
    pub context: Context,
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

impl Judge {
    /// Gives what does not hold for one certificate. `beside` is what was found with it; an endpoint's own
    /// certificate is judged for the name that was asked for. Costs a search for the path with its signatures.
    pub fn findings(
        &self,
        certificate: &Certificate,
        beside: &[Certificate],
        shown: Option<Shown<'_>>,
        moment: Moment,
    ) -> Vec<Finding> {
        let one = std::slice::from_ref(certificate);
        let profile = Profile::suited(shown.map(|it| it.scheme), one);
        let is_leaf = profile.role == Role::Leaf;
        let expectation = Expectation {
            host: shown.filter(|_| is_leaf).map(|it| it.host.to_owned()),
            port: shown.map(|it| it.port),
            application_uri: None,
            usage: profile.usage,
        };
        let is_part = |other: &&Certificate| *other == certificate || (is_leaf && other.is_ca());
        let presented: Vec<Certificate> = beside.iter().filter(is_part).cloned().collect();
        let request = Request {
            leaf: certificate,
            presented: &presented,
            expectation: &expectation,
            profile,
            moment,
            connection: None,
        };
        let Assessment { subjects, judgement, .. } = assess(&request, &self.context, None);
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
        let untold = judgement.untold.iter().filter(|it| is_its_own(it.subject) && it.severity > Severity::Info);
        own.map(|it| finding(it.check, it.severity, &it.evidence, it.remedy))
            .chain(untold.map(|it| {
                let remedy = it.remedy.unwrap_or(it.check.remedy);
                finding(it.check, it.severity, &format!("nobody can tell: {}", it.reason), remedy)
            }))
            .collect()
    }
}
