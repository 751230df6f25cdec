//! What other programs say, as text and as JSON.

use certkit_core::explain::log::{Problem, Stamp};
use certkit_core::explain::reason::Reason;
use certkit_core::explain::{Hit, Known, Parts, Typed, is_quiet};
use certkit_core::text::Printable;
use serde::Serialize;

use crate::terminal::style::{self, paint};
use crate::terminal::wrap;

/// A message of another program that was recognised.
pub(crate) struct Answer {
    pub(crate) known: Known,
    /// The words of the text that it was recognised by; none where a code was asked for.
    pub(crate) found: Option<String>,
    /// Whether the program tells it as news of no weight.
    pub(crate) is_quiet: bool,
}

impl From<Known> for Answer {
    fn from(known: Known) -> Answer {
        Answer { known, found: None, is_quiet: false }
    }
}

impl Answer {
    pub(crate) fn of(hit: &Hit, text: &str) -> Answer {
        let words = text.get(hit.span.clone()).unwrap_or_default();
        Answer {
            known: hit.known,
            found: Some(words.split_whitespace().collect::<Vec<_>>().join(" ")),
            is_quiet: is_quiet(text) == Some(true),
        }
    }
}

/// A message of another program, and what is behind it.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct MatchJson {
    program: &'static str,
    code: &'static str,
    /// The words of the text that it was recognised by; null where a code was asked for.
    found: Option<String>,
    /// Whether the words only announce a reason that stands elsewhere.
    is_frame: bool,
    /// error; warning where the words only announce a reason, or the line has the level INFO or below; info where nothing
    /// is wrong.
    severity: &'static str,
    meaning: &'static str,
    causes: Vec<CauseJson>,
    /// What to type to tell the causes apart.
    find_out: Vec<String>,
    remedy: &'static str,
    /// The ids of the findings for the same fault.
    finding_ids: &'static [&'static str],
    source: &'static str,
    /// Since which version the program says it so; null where that is not known.
    since: Option<&'static str>,
    /// How sure the words are: high, medium or low.
    certainty: &'static str,
    /// In a log, how often it happened; lines that tell of it together count once.
    count: Option<u64>,
    /// In a log, the first time stamp: RFC 3339, without a zone where the log names none.
    first: Option<String>,
    /// In a log, the last time stamp.
    last: Option<String>,
    /// In a log, the hosts that its lines name, those that connected included; at most 16.
    hosts: Vec<String>,
    /// In a log, the numbers of its lines, at most 16.
    lines: Vec<u64>,
    /// In a log, what else was recognised in the same lines.
    also: Vec<AlsoJson>,
}

/// Another message about the same problem.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct AlsoJson {
    program: &'static str,
    code: &'static str,
    /// Whether the words only announce a reason that stands elsewhere.
    is_frame: bool,
}

/// A possible cause.
#[derive(Serialize, schemars::JsonSchema)]
struct CauseJson {
    what: &'static str,
    /// What shows that it is this one.
    tell: &'static str,
}

impl MatchJson {
    pub(crate) fn new(answer: &Answer, parts: &Parts) -> MatchJson {
        let Known { program, entry } = answer.known;
        MatchJson {
            program: program.name,
            code: entry.code,
            found: answer.found.clone(),
            is_frame: entry.is_frame,
            severity: entry.severity(answer.is_quiet).name(),
            meaning: entry.reason.meaning,
            causes: entry.reason.causes.iter().map(|it| CauseJson { what: it.what, tell: it.tell }).collect(),
            find_out: entry.reason.commands.iter().map(|command| parts.fill(command)).collect(),
            remedy: entry.reason.cure,
            finding_ids: entry.reason.findings,
            source: answer.known.source(),
            since: entry.since,
            certainty: entry.certainty.name(),
            count: None,
            first: None,
            last: None,
            hosts: Vec::new(),
            lines: Vec::new(),
            also: Vec::new(),
        }
    }

    /// A problem of a log.
    pub(crate) fn of_log(problem: &Problem) -> MatchJson {
        let found = Some(problem.words.clone());
        let answer = Answer { known: problem.known, found, is_quiet: problem.is_quiet };
        let also = problem.also.iter().map(|Known { program, entry }| AlsoJson {
            program: program.name,
            code: entry.code,
            is_frame: entry.is_frame,
        });
        MatchJson {
            count: Some(problem.count),
            first: problem.first.map(|time| time.to_string()),
            last: problem.last.map(|time| time.to_string()),
            hosts: problem.hosts.clone(),
            lines: problem.lines.clone(),
            also: also.collect(),
            ..MatchJson::new(&answer, &problem.parts)
        }
    }
}

/// How other programs tell a fault.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct ToldJson {
    program: &'static str,
    code: &'static str,
    /// Words by which it is recognised.
    words: String,
}

/// How other programs tell the fault of a finding.
pub(crate) fn told_json(finding: &str) -> Vec<ToldJson> {
    let told = certkit_core::explain::told_as(finding);
    told.map(|known| ToldJson { program: known.program.name, code: known.entry.code, words: known.words() }).collect()
}

/// How other programs tell the fault of a finding: one line for each, the likeliest first.
pub(crate) fn told_text(finding: &str) -> String {
    let mut programs: Vec<&str> = Vec::new();
    let mut text = String::new();
    for known in certkit_core::explain::told_as(finding) {
        if !programs.contains(&known.program.name) {
            programs.push(known.program.name);
            text += &format!("{}\n", wrap(&format!("{}: {}", known.program.name, known.words()), 2));
        }
    }
    match text.is_empty() {
        true => text,
        false => format!("\n{}\n{text}", paint(style::DIM, "Similar messages")),
    }
}

/// Tells what was recognised: each reason once, those that only announce one at the end.
pub(crate) fn text(answers: &[Answer], parts: &Parts, asked: Option<&Typed>) -> String {
    let has_reason = answers.iter().any(|answer| !answer.known.entry.is_frame);
    let (told, frames): (Vec<&Answer>, Vec<&Answer>) =
        answers.iter().partition(|answer| !(has_reason && asked.is_none() && answer.known.entry.is_frame));
    let mut reasons: Vec<&'static Reason> = Vec::new();
    for answer in &told {
        if !reasons.iter().any(|reason| std::ptr::eq(*reason, answer.known.entry.reason)) {
            reasons.push(answer.known.entry.reason);
        }
    }
    let mut text = String::new();
    if let Some(typed) = asked.filter(|_| reasons.len() > 1) {
        let said = format!(
            "{} has {} meanings, the likeliest first. Give the whole message, or --program, to narrow them down.",
            typed.number,
            reasons.len()
        );
        text += &format!("{}\n\n", wrap(&said, 0));
    }
    for reason in reasons {
        let own = told.iter().filter(|answer| std::ptr::eq(answer.known.entry.reason, reason));
        for answer in own {
            let Known { program, entry } = answer.known;
            text += &format!("{}\n", wrap(&format!("{}: {}", program.name, entry.code), 0));
            if let Some(found) = &answer.found {
                text += &format!("{}\n", wrap(&format!("in the text: {}", Printable(found)), 2));
            }
            text += &quiet_text(answer.is_quiet, 2);
            let certainty = entry.certainty.name();
            text += &format!("{}\n", wrap(&format!("known from {} (certainty {certainty})", answer.known.source()), 2));
            let since = entry.since.map(|version| format!("{}\n", wrap(&format!("since: {version}"), 2)));
            text += &since.unwrap_or_default();
        }
        text += &format!("\n{}", behind(reason, parts));
    }
    if !frames.is_empty() {
        text += &format!("{}\n", paint(style::DIM, "Messages that only report it"));
        for answer in frames {
            let Known { program, entry } = answer.known;
            text += &format!("{}\n", wrap(&format!("{}: {}", program.name, entry.code), 2));
        }
    }
    format!("{}\n", text.trim_end())
}

/// Tells a problem of a log.
pub(crate) fn problem_text(problem: &Problem, number: usize) -> String {
    let Known { program, entry } = problem.known;
    let title = format!("{number}. {}: {}", program.name, entry.code);
    let mut text = format!("{}\n", paint(style::BOLD, wrap(&title, 0)));
    text += &format!("{}\n", wrap(&how_often(problem), 3));
    if !problem.hosts.is_empty() {
        let hosts: Vec<String> = problem.hosts.iter().map(|host| Printable(host).to_string()).collect();
        text += &format!("{}\n", wrap(&format!("hosts: {}", hosts.join(", ")), 3));
    }
    text += &format!("{}\n", wrap(&format!("in the log: {}", Printable(&problem.words)), 3));
    text += &quiet_text(problem.is_quiet, 3);
    if !problem.also.is_empty() {
        let also: Vec<String> =
            problem.also.iter().map(|it| format!("{}: {}", it.program.name, it.entry.code)).collect();
        text += &format!("{}\n", wrap(&format!("also reported as: {}", also.join("; ")), 3));
    }
    text += &format!("\n{}", behind(entry.reason, &problem.parts));
    text
}

/// What the level of a line says of its weight.
fn quiet_text(is_quiet: bool, indent: usize) -> String {
    let said = "a warning: its level is INFO or below, and the program continues";
    if is_quiet { format!("{}\n", wrap(said, indent)) } else { String::new() }
}

/// Tells that a problem of a log that is followed has happened once more.
pub(crate) fn again_text(problem: &Problem) -> String {
    let Known { program, entry } = problem.known;
    let said = format!("again, {}: {}: {}", how_often(problem), program.name, entry.code);
    format!("{}\n", wrap(&said, 0))
}

fn how_often(problem: &Problem) -> String {
    let mut text = match problem.count {
        1 => "once".to_owned(),
        count => format!("{count} times"),
    };
    let shown = |time: Stamp| time.to_string().replacen('T', " ", 1);
    match (problem.first, problem.last) {
        (Some(first), Some(last)) if first != last => text += &format!(", from {} to {}", shown(first), shown(last)),
        (Some(time), _) | (None, Some(time)) => text += &format!(", {}", shown(time)),
        (None, None) => {}
    }
    if let Some(line) = problem.lines.first() {
        text += &format!(", first in line {line}");
    }
    text
}

fn behind(reason: &Reason, parts: &Parts) -> String {
    let mut text = format!("{}\n\n", wrap(reason.meaning, 0));
    text += &format!("{}\n", paint(style::DIM, "Causes, and how to distinguish them"));
    for (number, cause) in reason.causes.iter().enumerate() {
        text += &format!("{}\n", wrap(&format!("{}. {}", number.saturating_add(1), cause.what), 2));
        text += &format!("{}\n", wrap(cause.tell, 5));
    }
    if !reason.commands.is_empty() {
        text += &format!("\n{}\n", paint(style::DIM, "Find out"));
        for command in reason.commands {
            text += &format!("  {}\n", parts.fill(command));
        }
    }
    text += &format!("\n{}\n{}\n", paint(style::DIM, "What to do"), wrap(reason.cure, 2));
    if !reason.findings.is_empty() {
        text += &format!("\n{}\n{}\n", paint(style::DIM, "Findings"), wrap(&reason.findings.join(", "), 2));
    }
    text.push('\n');
    text
}
