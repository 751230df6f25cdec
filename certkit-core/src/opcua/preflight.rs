//! What two applications object to in each other before a session opens.
//!
//! Knows two validations, each side's of the other, and what of them nobody can tell as long as a side's lists or
//! names are not at hand. Knows neither how the parties were found nor the remedies.

use super::validation::{ListRole, Objection, Peer, Question, Step, Suppressions, TrustLists, Validation, validate};
use super::{Prediction, SecurityPolicy, Stack};
use crate::cert::Certificate;
use crate::moment::Moment;
use crate::status::StatusCode;

/// One of two applications that are to meet.
#[derive(Clone, Debug)]
pub struct Party<'a> {
    /// Its certificate.
    pub certificate: &'a Certificate,
    /// What it sends along with it.
    pub sent: &'a [Certificate],
    /// The ApplicationUri that it tells of itself, where that is known.
    pub application_uri: Option<&'a str>,
    /// Its lists; `None` where they are not at hand.
    pub lists: Option<&'a TrustLists>,
    /// What its administrator has switched off.
    pub suppressed: Suppressions,
}

/// Two applications that are to meet.
#[derive(Clone, Debug)]
pub struct Preflight<'a> {
    /// The one that connects.
    pub client: Party<'a>,
    /// The one that answers.
    pub server: Party<'a>,
    /// The host of the URL that the client uses, where that is known.
    pub host: Option<&'a str>,
    /// The security policy of the endpoint, where that is known.
    pub policy: Option<&'static SecurityPolicy>,
    /// The time that is judged.
    pub moment: Moment,
}

/// What one party makes of the other's certificate.
#[derive(Clone, Debug)]
pub struct PartyVerdict {
    /// The validation, without the steps that cannot be told.
    pub validation: Validation,
    /// Steps that cannot be told, since the lists or names that they go by are not at hand.
    pub undetermined: Vec<Step>,
}

/// The steps that go by the lists.
const BY_LISTS: [Step; 4] = [Step::Chain, Step::Trust, Step::RevocationList, Step::Revocation];

impl Preflight<'_> {
    /// What the client makes of the server's certificate.
    pub fn by_client(&self) -> PartyVerdict {
        self.verdict(&self.client, &self.server, Peer::Server, self.host)
    }

    /// What the server makes of the client's certificate.
    pub fn by_server(&self) -> PartyVerdict {
        self.verdict(&self.server, &self.client, Peer::Client, None)
    }

    fn verdict(&self, judge: &Party<'_>, judged: &Party<'_>, peer: Peer, host: Option<&str>) -> PartyVerdict {
        let question = Question {
            policy: self.policy,
            application_uri: judged.application_uri,
            host,
            suppressed: judge.suppressed.clone(),
            ..Question::new(peer, self.moment)
        };
        let mut undetermined = Vec::new();
        let mut validation = match judge.lists {
            Some(lists) => validate(judged.certificate, judged.sent, lists, &question),
            None => {
                undetermined.extend(BY_LISTS);
                validate(judged.certificate, judged.sent, &assumed(judged), &question)
            }
        };
        if judge.lists.is_none() {
            validation.objections.retain(|objection| !BY_LISTS.contains(&objection.step));
        }
        let missing = [
            (self.policy.is_none(), Step::Policy),
            (peer == Peer::Server && host.is_none(), Step::HostName),
            (judged.application_uri.is_none(), Step::ApplicationUri),
        ];
        undetermined.extend(missing.into_iter().filter(|(is_missing, _)| *is_missing).map(|(_, step)| step));
        undetermined.sort();
        PartyVerdict { validation, undetermined }
    }
}

/// Lists that find nothing wrong with a party: it is trusted, and what it sends is known.
fn assumed(party: &Party<'_>) -> TrustLists {
    let mut lists = TrustLists::new();
    lists.add(ListRole::Trusted, party.certificate.clone());
    for certificate in party.sent {
        lists.add(ListRole::Issuers, certificate.clone());
    }
    lists
}

impl PartyVerdict {
    /// The status code by the standard: that of the first step that fails, or Good.
    pub fn status(&self) -> StatusCode {
        self.validation.status()
    }

    /// What a stack would make of it, as far as it can be told.
    pub fn predict(&self, stack: Stack) -> Prediction {
        stack.predict(&self.validation)
    }

    /// Says whether there is a step that nobody can tell: one that passes would be Good, one that fails a refusal.
    pub fn is_undetermined(&self) -> bool {
        !self.undetermined.is_empty()
    }

    /// Says whether nobody can tell if the certificate is trusted.
    pub fn is_trust_undetermined(&self) -> bool {
        self.undetermined.contains(&Step::Trust)
    }

    /// What leads to a refusal, in the order of the standard.
    pub fn refusals(&self) -> impl Iterator<Item = &Objection> {
        self.validation.refusals()
    }
}
