//! `certkit explain`: what a finding, an OPC UA status code or a message of another program means, and what to do.

mod log;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use certkit_core::check::opcua::{Explanation, explanation, explanations};
use certkit_core::check::{self, Check, Profile};
use certkit_core::explain::{self, Parts, Typed};
use certkit_core::opcua::validation::Step;
use certkit_core::review::duties;
use certkit_core::review::duty::{Deviation, Duty};
use certkit_core::status::StatusCode;
use certkit_core::text::is_printable;
use certkit_core::verify::program;
use serde::Serialize;

use crate::arguments::{Format, FormatArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::render::told::{self, Answer, MatchJson, ToldJson};
use crate::terminal;
use crate::terminal::style::{self, paint};
use crate::{output, render};

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}{LOG_HELP}", exit::HELP))]
pub(crate) struct Args {
    /// The id of a finding, an OPC UA status code, or what another program says: a code, a phrase or a whole message.
    /// Without it the ids and status codes are listed.
    #[arg(value_name = "TEXT", allow_negative_numbers = true)]
    text: Vec<String>,

    /// Whose message it is, such as openssl, java, windows, curl or kepware.
    #[arg(long, value_name = "NAME")]
    program: Option<String>,

    /// A log to read, `-` for standard input: each problem once, with its answer. Logs packed with gzip, UTF-16 of
    /// Windows, exports of Kepware and of event logs (text or XML) are read as they are.
    #[arg(long, value_name = "FILE", conflicts_with = "text")]
    log: Option<PathBuf>,

    /// Go on as the log grows, until Ctrl-C; a log that is rotated or cut is read on. With --json, one document a line.
    #[arg(long, requires = "log")]
    follow: bool,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit explain self-signed
  certkit explain BadCertificateUriInvalid
  certkit explain 0x80130000
  certkit explain 'PKIX path building failed'
  certkit explain alert 48
  certkit explain 20 --program openssl
  certkit explain -2146762487
  certkit explain --log /var/log/mosquitto/mosquitto.log
  zcat catalina.out.*.gz | certkit explain --log - --json
  certkit explain
      list every id and status code

";

/// What the statuses say of a log.
const LOG_HELP: &str = "
  With --log: 0 no known message about certificates or TLS, 1 only messages that announce
  a failure and no reason, 2 at least one problem, 3 the log could not be read.";

/// The document of `certkit.explain/1`.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct ExplainJson {
    schema: &'static str,
    checks: Vec<CheckJson>,
    /// Findings of `certkit review`.
    deviations: Vec<DeviationJson>,
    status_codes: Vec<StatusCodeJson>,
    /// Messages of other programs that were recognised: of a text the likelier first, of a log each problem once, in the
    /// order of the first lines.
    matches: Vec<MatchJson>,
    /// What the text names.
    named: NamedJson,
    /// The log that was read; null where none was.
    log: Option<log::LogJson>,
}

/// What a message names.
#[derive(Default, Serialize, schemars::JsonSchema)]
struct NamedJson {
    urls: Vec<String>,
    hosts: Vec<String>,
    /// Those that have connected.
    peers: Vec<String>,
    files: Vec<String>,
    aliases: Vec<String>,
}

/// A status code of OPC UA.
#[derive(Serialize, schemars::JsonSchema)]
struct StatusCodeJson {
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
    /// Whether an administrator may switch it off.
    is_suppressible: Option<bool>,
    /// The code that a server tells its client in its place, by the standard and by stack.
    told: std::collections::BTreeMap<&'static str, &'static str>,
}

impl StatusCodeJson {
    fn new(name: &'static str, code: StatusCode) -> StatusCodeJson {
        let known = explanation(code);
        let step = known.and_then(|it| it.step);
        let standard = known.filter(|it| it.step.is_some()).map(|it| ("standard", it.told_instead().unwrap_or(code)));
        let stacks = known.into_iter().flat_map(|it| it.told_by()).map(|(stack, told)| (stack.name(), told));
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
            told: standard.into_iter().chain(stacks).filter_map(|(who, told)| Some((who, told.name()?))).collect(),
        }
    }
}

#[derive(Serialize, schemars::JsonSchema)]
struct CheckJson {
    id: &'static str,
    severity: &'static str,
    title: &'static str,
    why: &'static str,
    remedy: &'static str,
    clauses: Vec<String>,
    /// The profiles that it belongs to, each with its severity there.
    profiles: std::collections::BTreeMap<&'static str, &'static str>,
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
            profiles: profiles_of(check).map(|(profile, severity)| (profile.name, severity.name())).collect(),
            programs: program::answers(check.id).iter().map(ProgramJson::new).collect(),
            told_as: told::told_json(check.id),
        }
    }
}

/// A way in which a duty of the deployment guides is not met.
#[derive(Serialize, schemars::JsonSchema)]
struct DeviationJson {
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

/// The duties that a deviation falls short of.
fn duties_of(deviation: &'static Deviation) -> impl Iterator<Item = &'static Duty> {
    duties::all().filter(|duty| duty.deviations.iter().any(|it| it.id == deviation.id))
}

/// Every deviation, once.
fn deviations() -> impl Iterator<Item = &'static Deviation> {
    let mut known = std::collections::HashSet::new();
    duties::all().flat_map(|duty| duty.deviations.iter().copied()).filter(move |it| known.insert(it.id))
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

fn profiles_of(check: &'static Check) -> impl Iterator<Item = (&'static Profile, check::Severity)> {
    check::PROFILES.iter().copied().filter_map(|profile| {
        profile.checks().find(|(other, _)| other.id == check.id).map(|(_, severity)| (profile, severity))
    })
}

/// What was asked about.
enum Asked {
    Everything,
    Check(&'static Check),
    Deviation(&'static Deviation),
    StatusCode(&'static str, StatusCode),
    Told(Told),
}

/// What was recognised of the words of other programs.
struct Told {
    answers: Vec<Answer>,
    parts: Parts,
    /// The number, where only a number was asked for.
    typed: Option<Typed>,
    /// The status codes of OPC UA that stand in the text.
    status_codes: Vec<(&'static str, StatusCode)>,
}

/// Refuses a program whose words nobody knows.
fn refuse_program(program: Option<&str>) -> Result<(), Failure> {
    if let Some(program) = program.filter(|key| !explain::all().any(|known| known.is_of(key))) {
        let failure = Failure::new(format!("certkit knows no messages of a program `{}`", in_one_line(program)));
        let mut keys: Vec<&str> = explain::PROGRAMS.iter().flat_map(|it| it.keys).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        return Err(failure.hint(format!("it knows those of {}", keys.join(", "))));
    }
    Ok(())
}

fn asked(args: &Args) -> Result<Asked, Failure> {
    if args.text.is_empty() {
        return Ok(Asked::Everything);
    }
    let text = args.text.join(" ");
    let program = args.program.as_deref();
    if let (None, Some(check)) = (program, check::find(&text)) {
        return Ok(Asked::Check(check));
    }
    if let (None, Some(deviation)) = (program, duties::deviation(&text)) {
        return Ok(Asked::Deviation(deviation));
    }
    if let (None | Some("opcua"), Some((name, code))) = (program, status_code(&text)) {
        return Ok(Asked::StatusCode(name, code));
    }
    let is_meant = |known: &explain::Known| program.is_none_or(|key| known.is_of(key));
    let typed = Typed::read(&text);
    let told = |answers: Vec<Answer>, parts: Parts, typed: Option<Typed>, status_codes| {
        Ok(Asked::Told(Told { answers, parts, typed, status_codes }))
    };
    let numbered: Vec<_> = typed.iter().flat_map(Typed::known).filter(is_meant).map(Answer::from).collect();
    if !numbered.is_empty() {
        return told(numbered, Parts::default(), typed, Vec::new());
    }
    let named: Vec<_> = explain::by_name(&text).into_iter().filter(is_meant).map(Answer::from).collect();
    if !named.is_empty() {
        return told(named, Parts::default(), None, Vec::new());
    }
    let mut hits = explain::recognise(&text, program.unwrap_or_default());
    hits.retain(|hit| is_meant(&hit.known));
    let named = explain::statuses(&text).into_iter().filter_map(|code| Some((code.name()?, code)));
    // A status code that an entry tells about is not told twice.
    let is_new = |code: StatusCode| !hits.iter().any(|hit| hit.known.entry.numbers.contains(&i64::from(code.0)));
    let codes: Vec<_> = named.filter(|(_, code)| program.is_none() && is_new(*code)).collect();
    if hits.is_empty() && codes.is_empty() {
        return Err(unknown(&text));
    }
    let answers = hits.iter().map(|hit| Answer::of(hit, &text)).collect();
    told(answers, Parts::of(&text, &hits), None, codes)
}

/// Reads a status code; hex without its mark is read as well, and a number of Windows is none.
fn status_code(text: &str) -> Option<(&'static str, StatusCode)> {
    let is_hex = text.len() == 8 && text.starts_with('8') && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let code: StatusCode = if is_hex { format!("0x{text}").parse().ok()? } else { text.parse().ok()? };
    let is_one = code.0 == 0 || (code.has_status() && code.has_sound_flags());
    Some((code.name().filter(|_| is_one)?, StatusCode(code.0 & 0xffff_0000)))
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    refuse_program(args.program.as_deref())?;
    if let Some(path) = &args.log {
        return log::run(args, path);
    }
    let asked = asked(args)?;
    match args.format.chosen() {
        Format::Json => output::print(&terminal::document(&document(&asked)))?,
        Format::Text => output::print_text(&match asked {
            Asked::Everything => list(),
            Asked::Check(check) => text(check),
            Asked::Deviation(deviation) => deviation_text(deviation),
            Asked::StatusCode(name, code) => status_text(name, code),
            Asked::Told(told) => told_text(&told),
        })?,
    }
    Ok(Exit::Fine)
}

fn document(asked: &Asked) -> ExplainJson {
    let nothing = Parts::default();
    let (checks, codes): (Vec<_>, Vec<_>) = match asked {
        Asked::Everything => (check::all().collect(), known_codes().collect()),
        Asked::Check(check) => (vec![*check], Vec::new()),
        Asked::Deviation(_) => (Vec::new(), Vec::new()),
        Asked::StatusCode(name, code) => (Vec::new(), vec![(*name, *code)]),
        Asked::Told(told) => (Vec::new(), told.status_codes.clone()),
    };
    let own: Vec<Answer> = match asked {
        Asked::StatusCode(name, _) => explain::by_name(name).into_iter().map(Answer::from).collect(),
        _ => Vec::new(),
    };
    let (answers, parts) = match asked {
        Asked::Told(told) => (&told.answers, &told.parts),
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

fn told_text(told: &Told) -> String {
    let mut text = String::new();
    if !told.answers.is_empty() {
        text += &told::text(&told.answers, &told.parts, told.typed.as_ref());
    }
    for (name, code) in &told.status_codes {
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

/// The codes that are explained, by their names.
fn known_codes() -> impl Iterator<Item = (&'static str, StatusCode)> {
    explanations().filter_map(|it| Some((it.code.name()?, it.code)))
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
    let waiver = if step.is_suppressible() { "an administrator may switch it off" } else { "nobody may waive it" };
    let mut text = format!("{}\n", paint(style::DIM, "Validation"));
    text += &format!("  step {} of 11, {}; {waiver}\n\n", step.number(), step.title());
    text += &format!("{}\n", paint(style::DIM, "What a server tells its client"));
    let told = |code: StatusCode| if code == known.code { "the code itself" } else { code.name().unwrap_or_default() };
    text += &format!("  {:18}{}\n", "the standard", told(known.told_instead().unwrap_or(known.code)));
    for (stack, code) in known.told_by() {
        text += &format!("  {:18}{}\n", stack.name(), told(code));
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

/// Gives the beginning of a text without ends of lines and what else a terminal does not show; a failure shows it as it is.
fn in_one_line(text: &str) -> String {
    let words = text.split(|letter: char| !is_printable(letter) || letter.is_whitespace());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(120).collect()
}

fn unknown(id: &str) -> Failure {
    if let Some((_, reason)) = check::REMOVED.iter().find(|(removed, _)| *removed == id) {
        return Failure::new(format!("`{id}` is no longer a finding of certkit: {reason}"));
    }
    let failure = Failure::new(format!(
        "`{}` is no finding of certkit, no OPC UA status code and no message of another program that it knows",
        in_one_line(id)
    ));
    if let Ok(code) = id.parse::<StatusCode>() {
        let read = format!("read as a number it is {:#010x}", code.0);
        return failure.hint(match code.has_status() {
            true => format!("{read}, a status code that certkit has no name for; `certkit explain` lists those it has"),
            false => format!(
                "{read}: an OPC UA status code has its status in the upper half, such as 0x80130000; it may be another \
                 program's error number"
            ),
        });
    }
    let wanted = id.to_lowercase();
    let plain = wanted.replace('_', "");
    if plain.starts_with("bad") || plain.contains("certificate") {
        // The names begin alike, so a typing error is looked for in their ends.
        let likeness = |name: &str| {
            let name = name.to_lowercase();
            let ahead = name.chars().zip(plain.chars()).take_while(|(one, other)| one == other).count();
            let behind = name.chars().rev().zip(plain.chars().rev()).take_while(|(one, other)| one == other).count();
            ahead.saturating_add(behind)
        };
        let nearest = known_codes().max_by_key(|(name, _)| likeness(name));
        if let Some((name, _)) = nearest.filter(|(name, _)| likeness(name).saturating_mul(2) > name.len()) {
            return failure.hint(format!("did you mean {name}?"));
        }
    }
    let near = check::all().filter(|check| {
        check.id.contains(wanted.as_str()) || wanted.split('-').any(|word| word.len() > 3 && check.id.contains(word))
    });
    let near: Vec<&str> = near.map(|check| check.id).take(6).collect();
    let known = explain::nearest(id, 3);
    if !known.is_empty() && near.is_empty() {
        let known: Vec<String> =
            known.into_iter().map(|it| format!("`{}` ({})", it.words(), it.program.name)).collect();
        return failure.hint(format!("the nearest that it knows: {}", known.join(", ")));
    }
    match near.is_empty() {
        true => failure.hint("`certkit explain` lists every id"),
        false => failure.hint(format!("did you mean {}?", near.join(", "))),
    }
}

fn text(check: &'static Check) -> String {
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
    text += &told::told_text(check.id);
    text
}
