//! What is asked about: an id, a status code, or the words of another program.

use certkit_core::check::{self, Check};
use certkit_core::explain::{self, Parts, Typed};
use certkit_core::review::duties;
use certkit_core::review::duty::{Deviation, Duty};
use certkit_core::status::StatusCode;
use certkit_core::text::is_printable;

use super::{Args, nearest};
use crate::failure::Failure;
use crate::render::messages::Answer;

/// What was asked about.
pub(super) enum Asked {
    Everything,
    Check(&'static Check),
    Deviation(&'static Deviation),
    /// The duties of a clause of the deployment guides.
    Duties(Vec<&'static Duty>),
    StatusCode(&'static str, StatusCode),
    Recognised(Recognised),
}

/// What was recognised of the words of other programs.
pub(super) struct Recognised {
    pub(super) answers: Vec<Answer>,
    pub(super) parts: Parts,
    /// The number, where only a number was asked for.
    pub(super) typed: Option<Typed>,
    /// The status codes of OPC UA that stand in the text.
    pub(super) status_codes: Vec<(&'static str, StatusCode)>,
}

/// Refuses a program whose words nobody knows.
pub(super) fn refuse_program(program: Option<&str>) -> Result<(), Failure> {
    if let Some(program) = program.filter(|key| !explain::all().any(|known| known.is_of(key))) {
        let failure = Failure::new(format!("unknown program `{}`", in_one_line(program)));
        let mut keys: Vec<&str> = explain::PROGRAMS.iter().flat_map(|it| it.keys).copied().collect();
        keys.sort_unstable();
        keys.dedup();
        return Err(failure.hint(format!("known programs: {}", keys.join(", "))));
    }
    Ok(())
}

pub(super) fn asked(args: &Args) -> Result<Asked, Failure> {
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
    if let (None | Some("kepware"), Some(duties)) = (program, clause(&text)) {
        return Ok(Asked::Duties(duties));
    }
    if let (None | Some("opcua"), Some((name, code))) = (program, status_code(&text)) {
        return Ok(Asked::StatusCode(name, code));
    }
    let is_meant = |known: &explain::Known| program.is_none_or(|key| known.is_of(key));
    let typed = Typed::read(&text);
    let recognised = |answers: Vec<Answer>, parts: Parts, typed: Option<Typed>, status_codes| {
        Ok(Asked::Recognised(Recognised { answers, parts, typed, status_codes }))
    };
    let numbered: Vec<_> = typed.iter().flat_map(Typed::known).filter(is_meant).map(Answer::from).collect();
    if !numbered.is_empty() {
        return recognised(numbered, Parts::default(), typed, Vec::new());
    }
    let named: Vec<_> = explain::by_name(&text).into_iter().filter(is_meant).map(Answer::from).collect();
    if !named.is_empty() {
        return recognised(named, Parts::default(), None, Vec::new());
    }
    let mut hits = explain::recognise(&text, program.unwrap_or_default());
    if hits.is_empty() {
        hits = explain::recognise_phrase(&text);
    }
    hits.retain(|hit| is_meant(&hit.known));
    let named = explain::statuses(&text).into_iter().filter_map(|code| Some((code.name()?, code)));
    // A status code that an entry tells about is not told twice.
    let is_new = |code: StatusCode| !hits.iter().any(|hit| hit.known.entry.numbers.contains(&i64::from(code.0)));
    let codes: Vec<_> = named.filter(|(_, code)| program.is_none() && is_new(*code)).collect();
    if hits.is_empty() && codes.is_empty() {
        return Err(unknown(&text));
    }
    let answers = hits.iter().map(|hit| Answer::of(hit, &text)).collect();
    recognised(answers, Parts::of(&text, &hits), None, codes)
}

/// The duties with this id or in this clause, such as `5.2.1` or `clause 6.1`.
fn clause(text: &str) -> Option<Vec<&'static Duty>> {
    let words = ["duty", "clause", "section", "\u{a7}"];
    let text = text.trim();
    let named = words.into_iter().find_map(|word| text.strip_prefix(word)).unwrap_or(text).trim();
    // A number alone is that of an error.
    if !named.contains(['.', '-']) {
        return None;
    }
    let is_within =
        |place: &str| place == named || place.strip_prefix(named).is_some_and(|rest| rest.starts_with(['.', '-', ' ']));
    let found: Vec<_> = duties::all().filter(|duty| is_within(duty.id) || is_within(duty.section)).collect();
    (!found.is_empty()).then_some(found)
}

/// Reads a status code; hex without its mark is read as well, and a number of Windows is none.
fn status_code(text: &str) -> Option<(&'static str, StatusCode)> {
    let is_hex = text.len() == 8 && text.starts_with('8') && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let code: StatusCode = if is_hex { format!("0x{text}").parse().ok()? } else { text.parse().ok()? };
    let is_one = code.0 == 0 || (code.has_status() && code.has_sound_flags());
    Some((code.name().filter(|_| is_one)?, StatusCode(code.0 & 0xffff_0000)))
}

/// Gives the beginning of a text without ends of lines and what else a terminal does not show; a failure shows it as it is.
fn in_one_line(text: &str) -> String {
    let words = text.split(|letter: char| !is_printable(letter) || letter.is_whitespace());
    let line = words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    line.chars().take(120).collect()
}

/// What a text tells that is a status of HTTP: TLS has worked, then.
fn http_status(text: &str) -> Option<String> {
    let lower = text.trim().to_lowercase();
    let mut words =
        lower.split(|letter: char| !letter.is_ascii_alphanumeric() && letter != '.').filter(|it| !it.is_empty());
    let is_named = lower.starts_with("http");
    let status =
        words.find_map(|word| word.parse::<u16>().ok().filter(|it| word.len() == 3 && (100..600).contains(it)))?;
    if !is_named && lower.len() != 3 {
        return None;
    }
    let api = "Kepware's Configuration API answers so";
    let meaning = match status {
        401 => format!(
            "Unauthorized. {api} where user or password are wrong or missing: do not repeat it, accounts are locked"
        ),
        403 => format!(
            "Forbidden. {api} where the group of the user lacks the right. IIS says by 403.7, 403.13, 403.16 or 403.17 that \
             it is about the client's certificate"
        ),
        429 => format!("Too Many Requests. {api} where it is asked too often: wait, and ask less often"),
        _ => "certkit knows those about certificates: 403.7, 403.13, 403.16, 403.17, 495, 496, 525, 526".to_owned(),
    };
    Some(format!("read as an HTTP status, before which TLS has worked, it is {status}: {meaning}"))
}

fn unknown(id: &str) -> Failure {
    if let Some((_, reason)) = check::REMOVED.iter().find(|(removed, _)| *removed == id) {
        return Failure::new(format!("the finding `{id}` was removed: {reason}"));
    }
    let failure = Failure::new(format!(
        "`{}` is not a known finding, OPC UA status code or message of another program",
        in_one_line(id)
    ));
    if let Some(hint) = http_status(id) {
        return failure.hint(hint);
    }
    if let Ok(code) = id.parse::<StatusCode>() {
        let read = format!("read as a number it is {:#010x}", code.0);
        return failure.hint(match code.has_status() && code.has_sound_flags() {
            true => format!("{read}, an unknown status code; `certkit explain` lists the known ones"),
            false => format!(
                "{read}: an OPC UA status code has its status in the upper 16 bits, such as 0x80130000; this may be an \
                 error number of another program"
            ),
        });
    }
    failure.hint(nearest::hint(&in_one_line(id)))
}
