//! Two OPC UA applications that are to meet: what each makes of the other, and what it comes to.

use certkit_core::cert::Certificate;
use certkit_core::check::{Finding, Severity};
use certkit_core::opcua::preflight::PartyVerdict;
use certkit_core::opcua::{Prediction, SecurityPolicy};
use certkit_core::presented::{EndpointDescription, policy_name};
use certkit_core::source::Tried;
use certkit_core::status::StatusCode;
use certkit_core::text::Printable;
use schemars::JsonSchema;
use serde::Serialize;

use crate::exit::Exit;

/// Two applications that are to meet, and what came of it.
pub(crate) struct Meant<'a> {
    /// As the user named his own.
    pub(crate) own: &'a str,
    /// As he named the other one.
    pub(crate) peer: &'a str,
    /// The endpoint that the client would use.
    pub(crate) endpoint: Option<&'a EndpointDescription>,
    /// The policy that was judged.
    pub(crate) policy: Option<&'static SecurityPolicy>,
    /// The policies that both certificates can serve.
    pub(crate) common: Vec<&'static str>,
    /// What speaks against any channel between the two.
    pub(crate) channel: Vec<ChannelObjection>,
    /// What each makes of the other: first the client, then the server.
    pub(crate) judged: [Judged; 2],
    /// What is wrong with the files of `own` and `peer`.
    pub(crate) findings: [(&'static str, Vec<Finding>); 2],
    /// By how many seconds the server's clock is ahead of ours, where that is much; it judges by its own.
    pub(crate) skew: Option<i64>,
    /// What came of connecting, where that was asked for.
    pub(crate) attempt: Option<Attempt>,
}

/// What came of connecting to the server.
pub(crate) struct Attempt {
    pub(crate) tried: Tried,
    /// What preflight says that the server tells.
    pub(crate) predicted: StatusCode,
    /// Whether that is said without knowing whether it trusts the certificate.
    pub(crate) is_trust_undetermined: bool,
}

impl Attempt {
    /// Whether it was refused for what only the server's lists tell, which were not at hand.
    pub(crate) fn is_of_lists(&self) -> bool {
        let is_hidden =
            |status| matches!(status, StatusCode::BAD_SECURITY_CHECKS_FAILED | StatusCode::BAD_CERTIFICATE_UNTRUSTED);
        self.is_trust_undetermined && self.predicted == StatusCode::GOOD && self.status().is_none_or(is_hidden)
    }

    /// Whether the server accepts the certificate.
    pub(crate) fn is_accepted(&self) -> bool {
        matches!(self.tried, Tried::Opened | Tried::Created)
    }

    /// What the server told.
    pub(crate) fn status(&self) -> Option<StatusCode> {
        match &self.tried {
            Tried::Opened | Tried::Created => Some(StatusCode::GOOD),
            Tried::Refused { status, .. } => Some(*status),
            Tried::Broken { .. } => None,
        }
    }

    /// Whether it is as was foretold; a server that hangs up has refused as well.
    pub(crate) fn agrees(&self) -> bool {
        match self.status() {
            _ if self.is_of_lists() => true,
            Some(status) => status == self.predicted,
            None => self.predicted != StatusCode::GOOD,
        }
    }
}

/// What one side makes of the other.
pub(crate) struct Judged {
    /// `client` or `server`.
    pub(crate) judge: &'static str,
    /// `own` or `peer`.
    pub(crate) whose: &'static str,
    /// Where its lists were read; `None` where they are not at hand.
    pub(crate) lists: Option<String>,
    pub(crate) verdict: PartyVerdict,
    /// What cures each objection.
    pub(crate) cures: Vec<Vec<Cure>>,
    /// What would make it trust the other, where nobody can tell whether it does.
    pub(crate) trust_cures: Vec<Cure>,
    /// What its stack would make of it, where one was named.
    pub(crate) prediction: Option<Prediction>,
    /// What every stack would make of it, where that was asked for.
    pub(crate) stacks: Vec<Prediction>,
}

/// Something that speaks against any channel, whatever the lists say.
pub(crate) struct ChannelObjection {
    pub(crate) code: StatusCode,
    pub(crate) message: String,
    pub(crate) cures: Vec<Cure>,
}

impl ChannelObjection {
    /// The server offers nothing with security.
    pub(crate) fn no_security() -> ChannelObjection {
        let dialog = "OPC UA Configuration Manager, Server Endpoints, Edit: switch on Basic256Sha256, Sign and Encrypt; \
                      then Runtime, Reinitialize";
        ChannelObjection {
            code: StatusCode::BAD_SECURITY_MODE_REJECTED,
            message: "the server offers no endpoint with security: certificates play no part there".to_owned(),
            cures: vec![Cure { place: Place::Kepware, text: dialog.to_owned() }],
        }
    }

    /// The server does not offer the policy that was asked for.
    pub(crate) fn policy_not_offered(
        wanted: Option<&SecurityPolicy>,
        secured: &[&EndpointDescription],
    ) -> ChannelObjection {
        let mut offered: Vec<&str> = Vec::new();
        for name in secured.iter().map(|it| policy_name(&it.security_policy_uri)) {
            if !offered.contains(&name) && offered.len() < 12 {
                offered.push(name);
            }
        }
        let wanted = wanted.map(|it| it.name).unwrap_or_default();
        let offered = Printable(offered.join(", ")).to_string();
        ChannelObjection {
            code: StatusCode::BAD_SECURITY_POLICY_REJECTED,
            message: format!("the server does not offer {wanted}; it offers {offered}"),
            cures: vec![
                Cure { place: Place::Setting, text: "the client's policy to one of those".to_owned() },
                Cure {
                    place: Place::Kepware,
                    text: format!(
                        "OPC UA Configuration Manager, Server Endpoints, Edit: switch on {wanted}; then Runtime, \
                         Reinitialize"
                    ),
                },
            ],
        }
    }

    /// No policy takes both keys.
    pub(crate) fn no_common_policy(own: &Certificate, peer: &Certificate) -> ChannelObjection {
        let key = |it: &Certificate| it.public_key().map_or_else(|_| "unknown".to_owned(), |key| key.to_string());
        ChannelObjection {
            code: StatusCode::BAD_CERTIFICATE_POLICY_CHECK_FAILED,
            message: format!("no security policy takes both keys, {} and {}", key(own), key(peer)),
            cures: vec![Cure {
                place: Place::Certkit,
                text: "certkit generate opcua --key-type rsa:2048 -o NEW".to_owned(),
            }],
        }
    }
}

impl Judged {
    /// The status code: by its stack where one was named, else by the standard.
    pub(crate) fn status(&self) -> StatusCode {
        self.prediction.as_ref().map_or_else(|| self.verdict.status(), |it| it.status)
    }

    /// What it tells the other.
    pub(crate) fn reported(&self) -> StatusCode {
        self.prediction.as_ref().map_or_else(|| self.verdict.validation.reported(), |it| it.reported)
    }

    /// Whether something is worth a warning: what nobody can tell, and what is switched off.
    fn is_doubtful(&self) -> bool {
        self.verdict.is_undetermined() || self.verdict.validation.suppressed().next().is_some()
    }
}

/// What a meeting comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// A session opens.
    Opens,
    /// One side, or the endpoint, refuses.
    Refused,
    /// Nothing speaks against it, and lists or settings are missing that decide.
    NotTold,
}

impl Verdict {
    /// The word of the document.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Verdict::Opens => "opens",
            Verdict::Refused => "refused",
            Verdict::NotTold => "not_told",
        }
    }
}

impl Meant<'_> {
    fn is_refused(&self) -> bool {
        let is_broken = self.heaviest() == Some(Severity::Error);
        let is_turned_away = self.attempt.as_ref().is_some_and(|it| !it.is_accepted());
        let is_any = self.judged.iter().any(|it| !self.is_settled(it) && it.status() != StatusCode::GOOD);
        is_broken || is_turned_away || !self.channel.is_empty() || is_any
    }

    /// Whether what a side makes of the other was settled by asking it.
    fn is_settled(&self, judged: &Judged) -> bool {
        judged.judge == "server" && self.attempt.as_ref().is_some_and(Attempt::is_accepted)
    }

    /// The sides whose opinion is only foretold.
    fn unsettled(&self) -> impl Iterator<Item = &Judged> {
        self.judged.iter().filter(|it| !self.is_settled(it))
    }

    /// The heaviest of what is wrong with files.
    fn heaviest(&self) -> Option<Severity> {
        self.findings.iter().flat_map(|(_, found)| found).map(|it| it.severity).max()
    }

    /// The exit status.
    pub(crate) fn exit(&self) -> Exit {
        match self.is_refused() {
            true => Exit::Errors,
            false if self.unsettled().any(Judged::is_doubtful) => Exit::Warnings,
            false => Exit::for_severity(self.heaviest()),
        }
    }

    /// What it comes to.
    pub(crate) fn verdict(&self) -> Verdict {
        match self.is_refused() {
            true => Verdict::Refused,
            false if self.unsettled().any(|it| it.verdict.is_undetermined()) => Verdict::NotTold,
            false => Verdict::Opens,
        }
    }

    /// Who refuses: `client`, `server`, both, `endpoint` or `private key`.
    pub(crate) fn refused_by(&self) -> String {
        let who: Vec<&str> = self.unsettled().filter(|it| it.status() != StatusCode::GOOD).map(|it| it.judge).collect();
        let is_turned_away = self.attempt.as_ref().is_some_and(|it| !it.is_accepted());
        match (who.is_empty(), self.channel.is_empty()) {
            (false, _) => who.join(" and "),
            (true, true) if is_turned_away => "server".to_owned(),
            (true, false) => "endpoint".to_owned(),
            (true, true) => "private key".to_owned(),
        }
    }

    /// The first result that is not Good of those that are only foretold.
    pub(crate) fn first_refusal(&self) -> Option<StatusCode> {
        self.unsettled().map(Judged::status).find(|it| *it != StatusCode::GOOD)
    }

    /// How much speaks against a session.
    pub(crate) fn objections(&self) -> usize {
        self.judged.iter().map(|it| it.verdict.refusals().count()).sum::<usize>().saturating_add(self.channel.len())
    }
}

/// What cures an objection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Cure {
    /// Where it is done.
    pub(crate) place: Place,
    /// The command, the dialog or what to copy where.
    pub(crate) text: String,
}

/// Where something is cured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Place {
    /// A command line of certkit.
    Certkit,
    /// A folder of an application's PKI.
    Folder,
    /// A dialog of Kepware.
    Kepware,
    /// A setting of one of the applications.
    Setting,
}
