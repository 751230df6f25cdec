//! What other programs say, as text and as JSON.

use certkit_core::explain::reason::Reason;
use certkit_core::explain::{Hit, Known, Parts, Typed};
use certkit_core::text::Printable;
use serde::Serialize;

use super::style::{self, paint};
use super::wrap;

/// A message of another program that was recognised.
pub(crate) struct Answer {
    pub(crate) known: Known,
    /// The words of the text that it was recognised by; none where a code was asked for.
    pub(crate) found: Option<String>,
}

impl From<Known> for Answer {
    fn from(known: Known) -> Answer {
        Answer { known, found: None }
    }
}

impl Answer {
    pub(crate) fn of(hit: &Hit, text: &str) -> Answer {
        let words = text.get(hit.span.clone()).unwrap_or_default();
        Answer { known: hit.known, found: Some(words.split_whitespace().collect::<Vec<_>>().join(" ")) }
    }
}

/// A message of another program, and what is behind it.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct ErrorJson {
    program: &'static str,
    code: &'static str,
    /// The words of the text that it was recognised by; null where a code was asked for.
    found: Option<String>,
    /// Whether the words only announce a reason that stands elsewhere.
    is_frame: bool,
    meaning: &'static str,
    causes: Vec<CauseJson>,
    commands: Vec<String>,
    cure: &'static str,
    /// The ids of the findings for the same fault.
    findings: &'static [&'static str],
    source: &'static str,
    /// How sure the words are: high, medium or low.
    certainty: &'static str,
}

/// A possible cause.
#[derive(Serialize, schemars::JsonSchema)]
struct CauseJson {
    what: &'static str,
    /// What shows that it is this one.
    tell: &'static str,
}

impl ErrorJson {
    pub(crate) fn new(answer: &Answer, parts: &Parts) -> ErrorJson {
        let Known { program, entry } = answer.known;
        ErrorJson {
            program: program.name,
            code: entry.code,
            found: answer.found.clone(),
            is_frame: entry.is_frame,
            meaning: entry.reason.meaning,
            causes: entry.reason.causes.iter().map(|it| CauseJson { what: it.what, tell: it.tell }).collect(),
            commands: entry.reason.commands.iter().map(|command| parts.fill(command)).collect(),
            cure: entry.reason.cure,
            findings: entry.reason.findings,
            source: answer.known.source(),
            certainty: entry.certainty.name(),
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

/// How other programs tell the fault of a finding: one line for each of the likeliest.
pub(crate) fn told_text(finding: &str) -> String {
    let mut programs: Vec<&str> = Vec::new();
    let mut text = String::new();
    for known in certkit_core::explain::told_as(finding) {
        if programs.len() < 6 && !programs.contains(&known.program.name) {
            programs.push(known.program.name);
            text += &format!("{}\n", wrap(&format!("{}: {}", known.program.name, known.words()), 2));
        }
    }
    match text.is_empty() {
        true => text,
        false => format!("\n{}\n{text}", paint(style::DIM, "Others say it like this")),
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
            "{} means {} things, the likeliest first. The whole message tells which; --program narrows.",
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
            let certainty = entry.certainty.name();
            text += &format!("{}\n", wrap(&format!("known from {} (certainty {certainty})", answer.known.source()), 2));
        }
        text += &format!("\n{}", behind(reason, parts));
    }
    if !frames.is_empty() {
        text += &format!("{}\n", paint(style::DIM, "Words that only announce it"));
        for answer in frames {
            let Known { program, entry } = answer.known;
            text += &format!("{}\n", wrap(&format!("{}: {}", program.name, entry.code), 2));
        }
    }
    format!("{}\n", text.trim_end())
}

fn behind(reason: &Reason, parts: &Parts) -> String {
    let mut text = format!("{}\n\n", wrap(reason.meaning, 0));
    text += &format!("{}\n", paint(style::DIM, "Causes, and how to tell them apart"));
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
