//! The doors of the library, asked as its users do.

use certkit_core::assess::{Request, assess};
use certkit_core::cert::Certificate;
use certkit_core::check::rfc5280::fields::CERTIFICATE_UNDECODABLE;
use certkit_core::check::{Check, Expectation, Profile, Severity, Usage};
use certkit_core::context::{CertificateSet, Context, Origin, Trust};
use certkit_core::moment::Moment;
use certkit_core::oid;
use certkit_core::opcua::validation::{ListRole, Peer as Validated};
use certkit_core::opcua::{Question as Validation, SecurityPolicy, TrustLists, validate};
use certkit_core::path::names::Peer;
use certkit_core::path::revocation::{Lists, Responses};
use certkit_core::verify::{Question, Revocation, TrustMaterial, verify};

use super::door::{Door, Said};
use super::plant::{HOST, Situation, URI};

/// What was presented, decoded; the error where the holder's own cannot be.
fn presented(situation: &Situation) -> Option<Vec<Certificate>> {
    situation.presented.iter().map(|der| Certificate::from_der(der).ok()).collect()
}

fn context(situation: &Situation) -> Context {
    let origin = Origin::Given("trust".to_owned());
    Context::new([CertificateSet { origin, trust: Trust::Anchors, certificates: situation.trust.clone() }])
}

fn lists(situation: &Situation) -> Lists {
    let mut lists = Lists::new();
    // One that cannot be decoded is known to the lists as such.
    situation.lists.iter().for_each(|(name, der)| _ = lists.take(der, name));
    lists
}

fn told(found: impl IntoIterator<Item = (&'static Check, Severity, &'static str)>) -> Said {
    let found = found.into_iter().filter(|(_, severity, _)| *severity > Severity::Info);
    Said { said: found.map(|(check, severity, mark)| format!("{severity} {}{mark}", check.id)).collect(), status: None }
}

fn undecodable() -> Said {
    told([(&CERTIFICATE_UNDECODABLE, CERTIFICATE_UNDECODABLE.severity, "")])
}

pub(crate) const VERIFY: Door = Door {
    name: "verify::verify",
    open: |situation, profile| {
        let Some(presented) = presented(situation) else { return undecodable() };
        let (context, lists, responses) = (context(situation), lists(situation), Responses::new());
        let mut pool = certkit_core::path::Pool::over(std::sync::Arc::clone(context.pool()));
        presented.iter().skip(1).for_each(|it| _ = pool.add(it.clone()));
        let peers = [Peer::from_host(HOST).unwrap()];
        let question = Question {
            purposes: &[oid::SERVER_AUTH],
            peers: &peers,
            revocation: if lists.is_empty() { Revocation::Preferred } else { Revocation::Required },
            ..Question::new(Profile::named(profile).unwrap(), Moment::now())
        };
        let material = TrustMaterial { pool: &pool, lists: &lists, responses: &responses };
        let verdict = verify(&presented[0], &material, &question);
        told(verdict.reasons.iter().map(|it| (it.check, it.severity, "")))
    },
};

pub(crate) const ASSESS: Door = Door {
    name: "assess::assess",
    open: |situation, profile| {
        let Some(presented) = presented(situation) else { return undecodable() };
        let context = context(situation).trusting(Some(situation.trust.clone())).listening_to(lists(situation));
        let expectation =
            Expectation { host: Some(HOST.to_owned()), usage: Some(Usage::TlsServer), ..Expectation::default() };
        let request = Request {
            leaf: &presented[0],
            presented: &presented,
            expectation: &expectation,
            profile: Profile::named(profile).unwrap(),
            moment: Moment::now(),
            connection: None,
        };
        let judgement = assess(&request, &context, None).judgement;
        let findings = judgement.findings.iter().map(|it| (it.check, it.severity, ""));
        told(findings.chain(judgement.undetermined.iter().map(|it| (it.check, it.severity, "?"))))
    },
};

pub(crate) const VALIDATE: Door = Door {
    name: "opcua::validate",
    open: |situation, _| {
        let Some(presented) = presented(situation) else {
            return Said { said: ["error BadCertificateInvalid".to_owned()].into(), status: None };
        };
        let mut lists = TrustLists::new();
        situation.trust.iter().for_each(|it| lists.add(ListRole::Trusted, it.clone()));
        situation.issuers.iter().for_each(|it| lists.add(ListRole::Issuers, it.clone()));
        for (name, der) in &situation.lists {
            let _ = lists.take_revocation_list(&[ListRole::Trusted, ListRole::Issuers], der, name);
        }
        let question = Validation {
            policy: SecurityPolicy::named(situation.policy),
            application_uri: Some(URI),
            host: Some(HOST),
            ..Validation::new(Validated::Application, Moment::now())
        };
        let status = validate(&presented[0], &presented[1..], &lists, &question).status();
        let code = status.to_string().split(' ').next().unwrap().to_owned();
        let said = if code == "Good" { Default::default() } else { [format!("error {code}")].into() };
        Said { said, status: None }
    },
};
