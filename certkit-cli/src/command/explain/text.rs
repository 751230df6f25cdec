//! What was asked about, for people.

use certkit_core::check::opcua::{Explanation, explanation};
use certkit_core::check::{self, Check};
use certkit_core::review::duty::{Deviation, Duty};
use certkit_core::status::StatusCode;
use certkit_core::verify::program;

use super::asked::{Asked, Recognised};
use super::{deviations, duties_of, known_codes, profiles_of};
use crate::render;
use crate::render::messages::{self};
use crate::terminal;
use crate::terminal::style::{self, paint};

/// What was asked about, for people.
pub(super) fn text(asked: &Asked) -> String {
    match asked {
        Asked::Everything => list(),
        Asked::Check(check) => check_text(check),
        Asked::Deviation(deviation) => deviation_text(deviation),
        Asked::Duties(duties) => duties.iter().map(|it| duty_text(it)).collect::<Vec<_>>().join("\n"),
        Asked::StatusCode(name, code) => status_text(name, *code),
        Asked::Recognised(recognised) => recognised_text(recognised),
    }
}

fn recognised_text(recognised: &Recognised) -> String {
    let mut text = String::new();
    if !recognised.answers.is_empty() {
        text += &messages::text(&recognised.answers, &recognised.parts, recognised.typed.as_ref());
    }
    for (name, code) in &recognised.status_codes {
        text += if text.is_empty() { "" } else { "\n" };
        text += &status_text(name, *code);
    }
    text
}

/// A finding of `certkit review` for people.
fn deviation_text(deviation: &'static Deviation) -> String {
    let mut text = format!("{} ({})\n\n", paint(style::BOLD, deviation.id), deviation.severity);
    text += &format!("{}\n\n", terminal::wrap(&sentence(deviation.title), 0));
    text += &format!("{}\n{}\n", paint(style::DIM, "What to do"), terminal::wrap(deviation.cure, 2));
    for (at, duty) in duties_of(deviation).enumerate() {
        text += &if at == 0 { format!("\n{}\n", paint(style::DIM, "Demanded by")) } else { String::new() };
        text += &format!("{}\n", terminal::wrap(&format!("{} {} ({})", duty.id, duty.title, duty.part.editions()), 2));
    }
    text
}

/// A duty of the deployment guides for people.
fn duty_text(duty: &'static Duty) -> String {
    let mut text = format!("{} ({})\n\n", paint(style::BOLD, duty.id), duty.part.editions());
    text += &format!("{}\n\n", terminal::wrap(&sentence(duty.title), 0));
    for (lead, words) in
        [("What to do", duty.cure), ("Ask a person", duty.question), ("What shows it", duty.visible_by)]
    {
        if !words.is_empty() {
            text += &format!("{}\n{}\n", paint(style::DIM, lead), terminal::wrap(words, 2));
        }
    }
    for (at, deviation) in duty.deviations.iter().enumerate() {
        text += if at == 0 { "\n" } else { "" };
        text += &format!("{}\n", terminal::wrap(&format!("{}: {}", deviation.id, deviation.title), 2));
    }
    text
}

fn list() -> String {
    let checks: Vec<&Check> = check::all().collect();
    let width = checks.iter().map(|check| check.id.len()).max().unwrap_or(0);
    let mut list: String = checks.iter().map(|check| format!("{:width$}  {}\n", check.id, check.title)).collect();
    let width = deviations().map(|it| it.id.len()).max().unwrap_or(0);
    list.extend(deviations().map(|it| format!("{:width$}  {}\n", it.id, it.title)));
    let width = known_codes().map(|(name, _)| name.len()).max().unwrap_or(0);
    for (name, code) in known_codes() {
        list += &format!("{name:width$}  {}\n", code.meaning().unwrap_or_default());
    }
    list
}

fn status_text(name: &'static str, code: StatusCode) -> String {
    let mut text = format!("{} ({:#010x})\n\n", paint(style::BOLD, name), code.0);
    if let Some(meaning) = code.meaning() {
        text += &format!("{}\n\n", terminal::wrap(&sentence(meaning), 0));
    }
    let Some(known) = explanation(code) else { return text };
    text += &format!("{}\n{}\n\n", paint(style::DIM, "Why"), terminal::wrap(known.why, 2));
    text += &format!("{}\n{}\n\n", paint(style::DIM, "What to do"), terminal::wrap(known.remedy, 2));
    text += &where_it_comes_from(&known);
    text += &format!("{}\n", paint(style::DIM, "Demanded by"));
    text += &format!("{}\n", terminal::wrap(&render::findings::clauses(known.clauses).replace("; ", "\n"), 2));
    if let Some(check) = known.check {
        text += &format!("\n{}\n  {}\n", paint(style::DIM, "Finding"), check.id);
    }
    text
}

/// The step of a validation, and what a server tells in place of its result.
fn where_it_comes_from(known: &Explanation) -> String {
    let Some(step) = known.step else { return String::new() };
    let waiver = if step.is_suppressible() { "an administrator may suppress it" } else { "it cannot be suppressed" };
    let mut text = format!("{}\n", paint(style::DIM, "Validation"));
    text += &format!("  step {} of 11, {}; {waiver}\n\n", step.number(), step.title());
    text += &format!("{}\n", paint(style::DIM, "What a server tells its client"));
    let recognised =
        |code: StatusCode| if code == known.code { "the code itself" } else { code.name().unwrap_or_default() };
    text += &format!("  {:18}{}\n", "the standard", recognised(known.told_instead().unwrap_or(known.code)));
    for (stack, code) in known.told_by() {
        text += &format!("  {:18}{}\n", stack.name(), recognised(code));
    }
    text.push('\n');
    text
}

/// Half a sentence as a whole one.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

fn check_text(check: &'static Check) -> String {
    let mut text = format!("{} ({})\n\n", paint(style::BOLD, check.id), check.severity);
    text += &format!("{}\n\n", terminal::wrap(check.title, 0));
    text += &format!("{}\n{}\n\n", paint(style::DIM, "Why"), terminal::wrap(check.why, 2));
    text += &format!("{}\n{}\n\n", paint(style::DIM, "What to do"), terminal::wrap(check.remedy, 2));
    text += &format!("{}\n", paint(style::DIM, "Demanded by"));
    text += &format!("{}\n", terminal::wrap(&render::findings::clauses(check.clauses).replace("; ", "\n"), 2));
    let profiles: Vec<String> =
        profiles_of(check).map(|(profile, severity)| format!("{} ({severity})", profile.name)).collect();
    if !profiles.is_empty() {
        text += &format!("\n{}\n  {}\n", paint(style::DIM, "Profiles"), profiles.join(", "));
    }
    text += &programs_text(check.id);
    text += &messages::told_text(check.id);
    text
}

/// Who refuses what falls short of a check, and who accepts it.
fn programs_text(id: &str) -> String {
    let answers = program::answers(id);
    if answers.is_empty() {
        return String::new();
    }
    let refused = program::refused_by(id);
    let accepted = answers.iter().filter(|it| it.refused == 0).map(|it| it.program.title());
    let accepted: Vec<&str> = accepted.collect();
    let mut parts = Vec::new();
    if !refused.is_empty() {
        parts.push(format!("refused by {}", refused.join(", ")));
    }
    if !accepted.is_empty() {
        parts.push(format!("accepted by {}", accepted.join(", ")));
    }
    format!("\n{}\n{}\n", paint(style::DIM, "Programs"), terminal::wrap(&parts.join("; "), 2))
}
