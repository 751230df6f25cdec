//! The document of `certkit explain`.

use certkit_core::check::opcua::explanation;
use certkit_core::check::{self, Check};
use certkit_core::explain::{self, Parts};
use certkit_core::opcua::validation::Step;
use certkit_core::review::duty::{Deviation, Duty};
use certkit_core::status::StatusCode;
use certkit_core::verify::program;
use serde::Serialize;

use super::asked::Asked;
use super::{deviations, duties_of, known_codes, log, profiles_of};
use crate::render::messages::{self, Answer, MatchJson, ToldJson};

/// The document of `certkit.explain/1`.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct ExplainJson {
    pub(super) schema: &'static str,
    pub(super) checks: Vec<CheckJson>,
    /// Findings of `certkit review`.
    pub(super) deviations: Vec<DeviationJson>,
    /// Duties of the deployment guides, where a clause was asked for.
    pub(super) duties: Vec<DutyJson>,
    pub(super) status_codes: Vec<StatusCodeJson>,
    /// Messages of other programs that were recognised: of a text the likelier first, of a log each problem once, in the
    /// order of the first lines.
    pub(super) matches: Vec<MatchJson>,
    /// What the text names.
    pub(super) named: NamedJson,
    /// The log that was read; null where none was.
    pub(super) log: Option<log::LogJson>,
}

/// What a message names.
#[derive(Default, Serialize, schemars::JsonSchema)]
pub(super) struct NamedJson {
    urls: Vec<String>,
    hosts: Vec<String>,
    /// Those that have connected.
    peers: Vec<String>,
    files: Vec<String>,
    aliases: Vec<String>,
}

/// A status code of OPC UA.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct StatusCodeJson {
    name: &'static str,
    /// The number as hex, such as `0x80170000`.
    code: String,
    meaning: &'static str,
    /// The usual causes; null where certkit knows no more than the meaning.
    why: Option<&'static str>,
    remedy: Option<&'static str>,
    clauses: Vec<String>,
    /// The id of the finding for it, where it is the result of validating a certificate.
    id: Option<&'static str>,
    /// The step of OPC 10000-4 section 6.1.3 that gives it.
    step: Option<u8>,
    /// Whether an administrator may suppress it.
    is_suppressible: Option<bool>,
    /// The code that a server tells its client in its place, by the standard and by stack.
    told: Vec<StackCodeJson>,
}

/// What a stack tells.
#[derive(Serialize, schemars::JsonSchema)]
struct StackCodeJson {
    /// The name of the stack; `standard` is what OPC 10000-4 demands.
    stack: &'static str,
    /// The name of the status code.
    code: &'static str,
}

/// How heavy something is under a profile.
#[derive(Serialize, schemars::JsonSchema)]
struct ProfileJson {
    profile: &'static str,
    severity: &'static str,
}

impl StatusCodeJson {
    fn new(name: &'static str, code: StatusCode) -> StatusCodeJson {
        let known = explanation(code);
        let step = known.and_then(|it| it.step);
        let standard = known.filter(|it| it.step.is_some()).map(|it| ("standard", it.told_instead().unwrap_or(code)));
        let stacks =
            known.into_iter().flat_map(|it| it.told_by()).map(|(stack, recognised)| (stack.name(), recognised));
        StatusCodeJson {
            name,
            code: format!("{:#010x}", code.0),
            meaning: code.meaning().unwrap_or_default(),
            why: known.map(|it| it.why),
            remedy: known.map(|it| it.remedy),
            clauses: known.iter().flat_map(|it| it.clauses).map(ToString::to_string).collect(),
            id: known.and_then(|it| it.check).map(|check| check.id),
            step: step.map(Step::number),
            is_suppressible: step.map(Step::is_suppressible),
            told: standard
                .into_iter()
                .chain(stacks)
                .filter_map(|(stack, recognised)| Some(StackCodeJson { stack, code: recognised.name()? }))
                .collect(),
        }
    }
}

#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct CheckJson {
    id: &'static str,
    severity: &'static str,
    title: &'static str,
    why: &'static str,
    remedy: &'static str,
    clauses: Vec<String>,
    /// The profiles that it belongs to, each with its severity there.
    profiles: Vec<ProfileJson>,
    /// What programs do with a certificate that falls short of it, by what they said when they were asked.
    programs: Vec<ProgramJson>,
    /// How other programs tell the same fault.
    told_as: Vec<ToldJson>,
}

impl CheckJson {
    fn new(check: &'static Check) -> CheckJson {
        CheckJson {
            id: check.id,
            severity: check.severity.name(),
            title: check.title,
            why: check.why,
            remedy: check.remedy,
            clauses: check.clauses.iter().map(ToString::to_string).collect(),
            profiles: profiles_of(check)
                .map(|(profile, severity)| ProfileJson { profile: profile.name, severity: severity.name() })
                .collect(),
            programs: program::answers(check.id).iter().map(ProgramJson::new).collect(),
            told_as: messages::told_json(check.id),
        }
    }
}

/// A way in which a duty of the deployment guides is not met.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct DeviationJson {
    id: &'static str,
    severity: &'static str,
    title: &'static str,
    remedy: &'static str,
    /// The duties that it falls short of.
    duties: Vec<&'static str>,
}

impl DeviationJson {
    fn new(deviation: &'static Deviation) -> DeviationJson {
        DeviationJson {
            id: deviation.id,
            severity: deviation.severity.name(),
            title: deviation.title,
            remedy: deviation.cure,
            duties: duties_of(deviation).map(|duty| duty.id).collect(),
        }
    }
}

/// A duty of the deployment guides.
#[derive(Serialize, schemars::JsonSchema)]
pub(super) struct DutyJson {
    id: &'static str,
    /// The clause.
    section: &'static str,
    title: &'static str,
    /// The editions of the guide in which it stands, or the note.
    edition: String,
    remedy: &'static str,
    /// What a person is asked; null where certkit can tell.
    question: Option<&'static str>,
    /// What would show it; null where nothing does.
    visible_by: Option<&'static str>,
    /// The findings that fall short of it.
    findings: Vec<&'static str>,
}

impl DutyJson {
    fn new(duty: &'static Duty) -> DutyJson {
        let some = |text: &'static str| Some(text).filter(|it| !it.is_empty());
        DutyJson {
            id: duty.id,
            section: duty.section,
            title: duty.title,
            edition: duty.part.editions(),
            remedy: duty.cure,
            question: some(duty.question),
            visible_by: some(duty.visible_by),
            findings: duty.deviations.iter().map(|it| it.id).collect(),
        }
    }
}

/// What a program said of certificates that fall short of a check.
#[derive(Serialize, schemars::JsonSchema)]
struct ProgramJson {
    program: &'static str,
    version: &'static str,
    /// `refuses`, `accepts`, or `refuses some` where it takes some forms.
    verdict: &'static str,
    /// The number that it has for it.
    number: Option<u32>,
    /// Its words, as far as they are the same for every certificate; null where it accepts all.
    words: Option<&'static str>,
}

impl ProgramJson {
    fn new(answer: &program::Answer) -> ProgramJson {
        ProgramJson {
            program: answer.program.name(),
            version: answer.program.version(),
            verdict: match answer.refused {
                0 => "accepts",
                refused if refused < answer.asked => "refuses some",
                _ => "refuses",
            },
            number: answer.number(),
            words: Some(answer.words).filter(|words| !words.is_empty()),
        }
    }
}

pub(super) fn document(asked: &Asked) -> ExplainJson {
    let nothing = Parts::default();
    let (checks, codes): (Vec<_>, Vec<_>) = match asked {
        Asked::Everything => (check::all().collect(), known_codes().collect()),
        Asked::Check(check) => (vec![*check], Vec::new()),
        Asked::Deviation(_) | Asked::Duties(_) => (Vec::new(), Vec::new()),
        Asked::StatusCode(name, code) => (Vec::new(), vec![(*name, *code)]),
        Asked::Recognised(recognised) => (Vec::new(), recognised.status_codes.clone()),
    };
    let own: Vec<Answer> = match asked {
        Asked::StatusCode(name, _) => explain::by_name(name).into_iter().map(Answer::from).collect(),
        _ => Vec::new(),
    };
    let (answers, parts) = match asked {
        Asked::Recognised(recognised) => (&recognised.answers, &recognised.parts),
        _ => (&own, &nothing),
    };
    let deviations: Vec<&'static Deviation> = match asked {
        Asked::Everything => deviations().collect(),
        Asked::Deviation(deviation) => vec![deviation],
        _ => Vec::new(),
    };
    ExplainJson {
        schema: "certkit.explain/1",
        checks: checks.into_iter().map(CheckJson::new).collect(),
        deviations: deviations.into_iter().map(DeviationJson::new).collect(),
        duties: match asked {
            Asked::Duties(duties) => duties.iter().map(|it| DutyJson::new(it)).collect(),
            _ => Vec::new(),
        },
        status_codes: codes.into_iter().map(|(name, code)| StatusCodeJson::new(name, code)).collect(),
        matches: answers.iter().map(|answer| MatchJson::new(answer, parts)).collect(),
        named: NamedJson {
            urls: parts.urls.clone(),
            hosts: parts.hosts.clone(),
            peers: parts.peers.clone(),
            files: parts.files.clone(),
            aliases: parts.aliases.clone(),
        },
        log: None,
    }
}
