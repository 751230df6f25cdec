//! What two OPC UA applications object to in each other, for people and as JSON.

use certkit_core::cert::Certificate;
use certkit_core::check::opcua::explanation;
use certkit_core::moment::Moment;
use certkit_core::opcua::preflight::Opinion;
use certkit_core::opcua::validation::Step;
use certkit_core::opcua::{Prediction, SecurityPolicy, Stack};
use certkit_core::presented::{EndpointDescription, policy_name};
use certkit_core::status::StatusCode;
use certkit_core::text::{Hex, Printable, plural};
use schemars::JsonSchema;
use serde::Serialize;

use super::opinion::{self, Cure, ObjectionJson, Place, PredictionJson, StepJson, code_name};
use super::style::{self, paint};
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
    /// The stacks whose predictions are shown.
    pub(crate) stacks: &'static [Stack],
}

/// What one side makes of the other.
pub(crate) struct Judged {
    /// `client` or `server`.
    pub(crate) judge: &'static str,
    /// `own` or `peer`.
    pub(crate) whose: &'static str,
    /// Where its lists were read; `None` where they are not at hand.
    pub(crate) lists: Option<String>,
    pub(crate) opinion: Opinion,
    /// What cures each objection.
    pub(crate) cures: Vec<Vec<Cure>>,
    /// What would make it trust the other, where nobody can tell whether it does.
    pub(crate) trust_cures: Vec<Cure>,
    /// What its stack would make of it, where one was named.
    pub(crate) prediction: Option<Prediction>,
}

/// Something that speaks against any channel, whatever the lists say.
pub(crate) struct ChannelObjection {
    code: StatusCode,
    message: String,
    cures: Vec<Cure>,
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
    fn status(&self) -> StatusCode {
        self.prediction.as_ref().map_or_else(|| self.opinion.status(), |it| it.status)
    }

    /// What it tells the other.
    fn told(&self) -> StatusCode {
        self.prediction.as_ref().map_or_else(|| self.opinion.validation.told(), |it| it.told)
    }

    /// What is untold and worth a warning: whether the other is trusted at all.
    fn is_doubtful(&self) -> bool {
        let is_suppressed = self.opinion.validation.suppressed().next().is_some();
        self.opinion.is_trust_untold() || is_suppressed
    }
}

impl Meant<'_> {
    fn is_refused(&self) -> bool {
        !self.channel.is_empty() || self.judged.iter().any(|it| it.status() != StatusCode::GOOD)
    }

    /// The exit status.
    pub(crate) fn exit(&self) -> Exit {
        match self.is_refused() {
            true => Exit::Errors,
            false if self.judged.iter().any(Judged::is_doubtful) => Exit::Warnings,
            false => Exit::Fine,
        }
    }

    /// `opens`, `refused`, or `not_told` where lists are missing that decide.
    fn verdict(&self) -> &'static str {
        match self.is_refused() {
            true => "refused",
            false if self.judged.iter().any(|it| it.opinion.is_trust_untold()) => "not_told",
            false => "opens",
        }
    }
}

/// The document of `certkit.preflight/1`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PreflightJson {
    schema: &'static str,
    /// `opens`, `refused`, or `not_told` where a side's lists are not at hand and nothing else speaks against it.
    verdict: &'static str,
    /// RFC 3339 UTC: the time that was judged.
    moment: String,
    own: String,
    peer: String,
    /// The policy that was judged.
    security_policy: Option<&'static str>,
    /// The policies that both certificates can serve.
    common_policies: Vec<&'static str>,
    /// The endpoint that the client would use.
    endpoint: Option<super::discovered::EndpointJson>,
    /// What speaks against any channel between the two.
    channel: Vec<ChannelJson>,
    /// What each makes of the other: first the client, then the server.
    sides: Vec<SideJson>,
}

#[derive(Serialize, JsonSchema)]
struct ChannelJson {
    status_code: String,
    message: String,
    cures: Vec<Cure>,
}

/// What one side makes of the other.
#[derive(Serialize, JsonSchema)]
struct SideJson {
    /// Who judges: `client` or `server`.
    judge: &'static str,
    /// Whose application that is: `own` or `peer`.
    whose: &'static str,
    /// Where its lists were read; null where they are not at hand.
    lists: Option<String>,
    /// Whose certificate it judges, RFC 4514.
    subject_dn: String,
    fingerprint_sha1: String,
    fingerprint_sha256: String,
    /// The result: by the stack where one was named, else by the standard.
    status_code: String,
    /// What it tells the other instead.
    told: String,
    /// The result by the standard.
    standard_status_code: String,
    /// In the order in which the standard meets them: the first decides, the others would fail next.
    objections: Vec<ObjectionJson>,
    /// What was accepted by a lenient reading.
    notes: Vec<String>,
    steps: Vec<StepJson>,
    /// What would make it trust the other, where nobody can tell whether it does.
    trust_cures: Vec<Cure>,
    /// What the stack that was named makes of it.
    stack: Option<PredictionJson>,
    /// What every stack would make of it, where that was asked for.
    stacks: Vec<PredictionJson>,
}

impl SideJson {
    fn new(it: &Judged, stacks: &[Stack]) -> SideJson {
        let validation = &it.opinion.validation;
        let leaf = validation.path.certificates.first();
        let objections = validation.objections.iter().zip(&it.cures);
        SideJson {
            judge: it.judge,
            whose: it.whose,
            lists: it.lists.clone(),
            subject_dn: leaf.map(|it| it.subject().to_string()).unwrap_or_default(),
            fingerprint_sha1: leaf.map(|it| Hex(it.fingerprint_sha1()).to_string()).unwrap_or_default(),
            fingerprint_sha256: leaf.map(|it| Hex(it.fingerprint_sha256()).to_string()).unwrap_or_default(),
            status_code: code_name(it.status()),
            told: code_name(it.told()),
            standard_status_code: code_name(it.opinion.status()),
            objections: objections.map(|(it, cures)| ObjectionJson::new(it, validation, cures.clone())).collect(),
            notes: validation.notes.iter().map(|note| note.kind.to_string()).collect(),
            steps: StepJson::all(validation, &it.opinion.untold),
            trust_cures: it.trust_cures.clone(),
            stack: it.prediction.as_ref().map(PredictionJson::new),
            stacks: stacks.iter().map(|stack| PredictionJson::new(&it.opinion.predict(*stack))).collect(),
        }
    }
}

impl PreflightJson {
    /// Describes what came of it.
    pub(crate) fn new(meant: &Meant<'_>, moment: Moment) -> PreflightJson {
        let channel = |it: &ChannelObjection| ChannelJson {
            status_code: code_name(it.code),
            message: it.message.clone(),
            cures: it.cures.clone(),
        };
        PreflightJson {
            schema: "certkit.preflight/1",
            verdict: meant.verdict(),
            moment: moment.to_string(),
            own: meant.own.to_owned(),
            peer: meant.peer.to_owned(),
            security_policy: meant.policy.map(|it| it.name),
            common_policies: meant.common.clone(),
            endpoint: meant.endpoint.map(super::discovered::EndpointJson::new),
            channel: meant.channel.iter().map(channel).collect(),
            sides: meant.judged.iter().map(|it| SideJson::new(it, meant.stacks)).collect(),
        }
    }
}

/// Writes what came of it.
pub(crate) fn text(meant: &Meant<'_>) -> String {
    let mut text = String::new();
    if let Some(endpoint) = meant.endpoint {
        let line = format!(
            "{}, {}, {}",
            Printable(policy_name(&endpoint.security_policy_uri)),
            endpoint.security_mode,
            Printable(&endpoint.endpoint_url)
        );
        text += &format!("{} {line}\n\n", paint(style::BOLD, "Endpoint"));
    } else if meant.policy.is_none() && !meant.common.is_empty() {
        text += &format!(
            "{}\n{}\n\n",
            paint(style::BOLD, "Policies that suit both"),
            super::wrap(&meant.common.join(", "), 2)
        );
    }
    for objection in &meant.channel {
        text += &format!("  {}\n", paint(style::BAD, format_args!("x {}", code_name(objection.code))));
        text += &format!("{}\n", super::wrap(&objection.message, 4));
        text += &objection.cures.iter().map(Cure::text).collect::<String>();
        text.push('\n');
    }
    for judged in &meant.judged {
        text += &side(judged, meant.stacks);
        text.push('\n');
    }
    text + &sum(meant)
}

fn side(judged: &Judged, stacks: &[Stack]) -> String {
    let validation = &judged.opinion.validation;
    let leaf = validation.path.certificates.first();
    let name = leaf.map(|it| Printable(format!("{:#}", it.subject())).to_string()).unwrap_or_default();
    let lists = match &judged.lists {
        Some(lists) => format!("by the lists of {}", Printable(lists)),
        None => "its lists are not at hand".to_owned(),
    };
    let whose = if judged.whose == "own" { "Your" } else { "The other" };
    let mut text = format!(
        "{}  {}\n",
        paint(style::BOLD, format_args!("{whose} {} looks at {name}", judged.judge)),
        paint(style::DIM, lists)
    );
    if let Some(leaf) = leaf {
        text +=
            &format!("  {}\n", paint(style::DIM, format_args!("thumbprint (SHA-1) {}", Hex(leaf.fingerprint_sha1()))));
    }
    for (objection, cures) in validation.objections.iter().zip(&judged.cures) {
        text += &opinion::text(objection, validation, cures);
    }
    for note in &validation.notes {
        text += &format!("{}\n", super::wrap(&format!("! note: {}", note.kind), 2));
    }
    text += &untold(judged);
    if let Some(prediction) = &judged.prediction {
        text += &format!("  {}\n{}", paint(style::BOLD, "Its stack"), opinion::predicted(prediction));
    }
    if !stacks.is_empty() {
        text += &opinion::stacks(validation);
    }
    let status = judged.status();
    let line = match (status == StatusCode::GOOD, judged.opinion.is_trust_untold()) {
        (true, true) => paint(style::CARE, "Good, if it trusts it"),
        (true, false) => paint(style::GOOD, "Good"),
        (false, _) => {
            let told = match judged.judge {
                "server" => format!(", tells the client {}", code_name(judged.told())),
                _ => ": it does not even open the channel".to_owned(),
            };
            paint(style::BAD, format_args!("{}{told}", code_name(status)))
        }
    };
    text + &format!("  {line}\n")
}

fn untold(judged: &Judged) -> String {
    let untold = &judged.opinion.untold;
    let mut text = String::new();
    let say = |words: &str| format!("{}\n", super::wrap(&format!("{} {words}", paint(style::CARE, "? not told:")), 2));
    if judged.opinion.is_trust_untold() {
        let pki = if judged.whose == "own" { "--pki DIR" } else { "--peer-pki DIR" };
        text += &say(&format!(
            "trust, chain and revocation, as its lists are not at hand ({pki} names them). To be trusted:"
        ));
    }
    let missing = [
        (Step::Policy, "the security policy (--security-policy NAME)"),
        (Step::HostName, "the host name, as no host is known (--host NAME)"),
        (
            Step::ApplicationUri,
            match judged.whose {
                "own" => "the ApplicationUri, as the other one's is not known (--peer-application-uri URI)",
                _ => "the ApplicationUri, as yours is not known (--application-uri URI, from its settings)",
            },
        ),
    ];
    text += &judged.trust_cures.iter().map(Cure::text).collect::<String>();
    for (step, words) in missing {
        if untold.contains(&step) {
            text += &say(words);
        }
    }
    text
}

fn sum(meant: &Meant<'_>) -> String {
    let count: usize = meant.judged.iter().map(|it| it.opinion.refusals().count()).sum::<usize>() + meant.channel.len();
    let objections = format!("{count} {}", plural(count, "objection", "objections"));
    match meant.verdict() {
        "opens" => format!("{}: a session opens, {objections}\n", paint(style::GOOD, "OPENS")),
        "refused" => {
            let who: Vec<&str> =
                meant.judged.iter().filter(|it| it.status() != StatusCode::GOOD).map(|it| it.judge).collect();
            let who = if who.is_empty() { "endpoint".to_owned() } else { who.join(" and ") };
            let meaning = meant.judged.iter().map(Judged::status).find(|it| *it != StatusCode::GOOD);
            let why = meaning.and_then(explanation).map(|it| format!(" ({})", it.meaning)).unwrap_or_default();
            format!("{}: by the {who}{why}, {objections}\n", paint(style::BAD, "REFUSED"))
        }
        _ => format!(
            "{}: nothing speaks against it, but whether they trust each other is not told\n",
            paint(style::CARE, "NOT TOLD")
        ),
    }
}
