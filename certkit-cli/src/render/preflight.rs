//! What two OPC UA applications object to in each other, for people and as JSON.

use certkit_core::check::Finding;
use certkit_core::check::opcua::explanation;
use certkit_core::moment::Moment;
use certkit_core::opcua::validation::Step;
use certkit_core::presented::policy_name;
use certkit_core::source::Tried;
use certkit_core::status::StatusCode;
use certkit_core::text::{Hex, Printable, plural};
use schemars::JsonSchema;
use serde::Serialize;

use super::findings::{self, FindingJson};
use super::opcua_validation::{self, ObjectionJson, PredictionJson, StepJson, code_name};
use crate::preflight::{Attempt, ChannelObjection, Cure, Judged, Meant, Verdict};
use crate::terminal::style::{self, paint};

/// The document of `certkit.preflight/1`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PreflightJson {
    schema: &'static str,
    /// `opens`, `refused`, or `not_told` where nothing speaks against it, and lists, names or the policy that decide are not known.
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
    /// What is wrong with the files of the folders.
    findings: Vec<FolderFindingJson>,
    /// By how many seconds the server's clock is ahead of ours, where that is more than a minute: what it makes of the
    /// client's certificate is judged at its time.
    server_clock_ahead: Option<i64>,
    /// What came of connecting, where that was asked for.
    attempt: Option<AttemptJson>,
}

/// What came of connecting.
#[derive(Serialize, JsonSchema)]
struct AttemptJson {
    /// `opened`, `created` (accepted, but not activated), `refused` or `broken` (no answer that could be understood).
    outcome: &'static str,
    /// The service at which it ended, where it was refused or broken.
    step: Option<&'static str>,
    /// What the server told.
    status_code: Option<String>,
    /// Its words, or what went wrong.
    message: Option<String>,
    /// What preflight says that the server tells.
    predicted: String,
    /// Whether it is as was foretold.
    agrees: bool,
}

impl AttemptJson {
    fn new(it: &Attempt) -> AttemptJson {
        let (outcome, step, message) = match &it.tried {
            Tried::Opened => ("opened", None, None),
            Tried::Created => ("created", None, None),
            Tried::Refused { step, words, .. } => {
                ("refused", Some(step.name()), Some(words.clone()).filter(|it| !it.is_empty()))
            }
            Tried::Broken { step, fault } => ("broken", Some(step.name()), Some(fault.to_string())),
        };
        AttemptJson {
            outcome,
            step,
            status_code: it.status().map(code_name),
            message,
            predicted: code_name(it.predicted),
            agrees: it.agrees(),
        }
    }
}

/// Something that is wrong with the files of a folder.
#[derive(Serialize, JsonSchema)]
struct FolderFindingJson {
    /// `own` or `peer`.
    whose: &'static str,
    #[serde(flatten)]
    finding: FindingJson,
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
    fn new(it: &Judged) -> SideJson {
        let validation = &it.verdict.validation;
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
            told: code_name(it.reported()),
            standard_status_code: code_name(it.verdict.status()),
            objections: objections.map(|(it, cures)| ObjectionJson::new(it, validation, cures.clone())).collect(),
            notes: validation.notes.iter().map(|note| note.kind.to_string()).collect(),
            steps: StepJson::all(validation, &it.verdict.undetermined),
            trust_cures: it.trust_cures.clone(),
            stack: it.prediction.as_ref().map(PredictionJson::new),
            stacks: it.stacks.iter().map(PredictionJson::new).collect(),
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
        let folder =
            |(whose, it): (&'static str, &Finding)| FolderFindingJson { whose, finding: FindingJson::new(it, None) };
        PreflightJson {
            schema: "certkit.preflight/1",
            verdict: meant.verdict().name(),
            moment: moment.to_string(),
            own: meant.own.to_owned(),
            peer: meant.peer.to_owned(),
            security_policy: meant.policy.map(|it| it.name),
            common_policies: meant.common.clone(),
            endpoint: meant.endpoint.map(super::discovered::EndpointJson::new),
            channel: meant.channel.iter().map(channel).collect(),
            sides: meant.judged.iter().map(SideJson::new).collect(),
            findings: meant
                .findings
                .iter()
                .flat_map(|(whose, found)| found.iter().map(|it| (*whose, it)))
                .map(folder)
                .collect(),
            server_clock_ahead: meant.skew,
            attempt: meant.attempt.as_ref().map(AttemptJson::new),
        }
    }
}

/// What came of connecting.
fn attempt(it: &Attempt) -> String {
    let told = match &it.tried {
        Tried::Opened => paint(style::GOOD, "a session was opened, and closed again").to_string(),
        Tried::Created => format!(
            "{}; it was not activated, since the endpoint takes no anonymous user",
            paint(style::GOOD, "the server accepts the certificate and created a session")
        ),
        Tried::Refused { step, status, words } => {
            let words = if words.is_empty() { String::new() } else { format!(" ({})", Printable(words)) };
            format!(
                "{} at {}{words}",
                paint(style::BAD, format_args!("refused with {}", code_name(*status))),
                step.name()
            )
        }
        Tried::Broken { step, fault } => {
            format!("{} at {}: {fault}", paint(style::BAD, "no answer"), step.name())
        }
    };
    let predicted = code_name(it.predicted);
    let compared = match it.agrees() {
        true if it.is_of_lists() => {
            "predicted Good if it trusts your certificate: apparently it does not trust it, or not all of its issuers"
                .to_owned()
        }
        true => format!("as predicted ({predicted})"),
        false => format!(
            "predicted {predicted}: the server uses other lists, another time or other settings than known here; see \
             its log"
        ),
    };
    format!(
        "{}\n{}\n{}\n\n",
        paint(style::BOLD, "Tried"),
        crate::terminal::wrap(&told, 2),
        crate::terminal::wrap(&compared, 2)
    )
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
            crate::terminal::wrap(&meant.common.join(", "), 2)
        );
    }
    for objection in &meant.channel {
        text += &format!("  {}\n", paint(style::BAD, format_args!("x {}", code_name(objection.code))));
        text += &format!("{}\n", crate::terminal::wrap(&objection.message, 4));
        text += &objection.cures.iter().map(Cure::text).collect::<String>();
        text.push('\n');
    }
    text += &meant.skew.map(clock).unwrap_or_default();
    for judged in &meant.judged {
        text += &side(judged);
        text.push('\n');
    }
    for (whose, found) in &meant.findings {
        let whose = if *whose == "own" { "Your folder" } else { "The folder of the other one" };
        for (at, finding) in found.iter().enumerate() {
            if at == 0 {
                text += &format!("{}\n", paint(style::BOLD, whose));
            }
            let badge = findings::badge(finding.severity);
            text += &format!("  {badge}  {}\n", paint(style::BOLD, finding.check.id));
            text += &format!(
                "{}\n{}\n\n",
                crate::terminal::wrap(&finding.evidence, 4),
                crate::terminal::wrap(&format!("do: {}", finding.remedy), 4)
            );
        }
    }
    text += &meant.attempt.as_ref().map(attempt).unwrap_or_default();
    text + &sum(meant)
}

/// Says that the server lives at another time.
fn clock(skew: i64) -> String {
    let (amount, unit) = match skew.unsigned_abs() {
        seconds @ ..=7_199 => (seconds / 60, "minutes"),
        seconds @ ..=172_799 => (seconds / 3600, "hours"),
        seconds => (seconds / 86_400, "days"),
    };
    let side = if skew < 0 { "behind" } else { "ahead of" };
    let line = format!(
        "! the server's clock is {amount} {unit} {side} ours: it judges your certificate by its own time, and so does \
         this; set its clock, best by a time server (NTP)"
    );
    format!("{}\n\n", paint(style::CARE, crate::terminal::wrap(&line, 2)))
}

fn side(judged: &Judged) -> String {
    let validation = &judged.verdict.validation;
    let leaf = validation.path.certificates.first();
    let name = leaf.map(|it| Printable(format!("{:#}", it.subject())).to_string()).unwrap_or_default();
    let lists = match &judged.lists {
        Some(lists) => format!("by the lists of {}", Printable(lists)),
        None => "its lists are not available".to_owned(),
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
        text += &opcua_validation::text(objection, validation, cures);
    }
    for note in &validation.notes {
        text += &format!("{}\n", crate::terminal::wrap(&format!("! note: {}", note.kind), 2));
    }
    text += &undetermined(judged);
    if let Some(prediction) = &judged.prediction {
        text += &format!("  {}\n{}", paint(style::BOLD, "Its stack"), opcua_validation::predicted(prediction));
    }
    text += &opcua_validation::stacks(&judged.stacks);
    let status = judged.status();
    let verdict = &judged.verdict;
    let line = match status == StatusCode::GOOD {
        true if verdict.is_trust_undetermined() => paint(style::CARE, "Good, if it trusts it"),
        true if verdict.is_undetermined() => paint(style::CARE, "Good, as far as known"),
        true => paint(style::GOOD, "Good"),
        false => {
            let told = match judged.judge {
                "server" => format!(", tells the client {}", code_name(judged.reported())),
                _ => ": it does not open the channel".to_owned(),
            };
            paint(style::BAD, format_args!("{}{told}", code_name(status)))
        }
    };
    text + &format!("  {line}\n")
}

fn undetermined(judged: &Judged) -> String {
    let undetermined = &judged.verdict.undetermined;
    let mut text = String::new();
    let say = |words: &str| {
        format!("{}\n", crate::terminal::wrap(&format!("{} {words}", paint(style::CARE, "? not told:")), 2))
    };
    if judged.verdict.is_trust_undetermined() {
        let pki = if judged.whose == "own" { "--pki DIR" } else { "--peer-pki DIR" };
        text += &say(&format!(
            "trust, chain and revocation, as its lists are not available ({pki} names them). To be trusted:"
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
        if undetermined.contains(&step) {
            text += &say(words);
        }
    }
    text
}

fn sum(meant: &Meant<'_>) -> String {
    let count = meant.objections();
    let objections = format!("{count} {}", plural(count, "objection", "objections"));
    match meant.verdict() {
        Verdict::Opens => format!("{}: a session opens, {objections}\n", paint(style::GOOD, "OPENS")),
        Verdict::Refused => {
            let why = meant.first_refusal().and_then(explanation);
            let why = why.map(|it| format!(" ({})", it.meaning)).unwrap_or_default();
            format!("{}: by the {}{why}, {objections}\n", paint(style::BAD, "REFUSED"), meant.refused_by())
        }
        Verdict::NotTold => {
            let words = "nothing was found against it, but some steps are undetermined (see `?` above)";
            format!("{}: {words}\n", paint(style::CARE, "NOT TOLD"))
        }
    }
}
