//! How heavy a program takes what it tells: the level of a line.

/// How many bytes of a line are looked at.
const START: usize = 240;

/// Names of levels at which a program tells news that it goes on with, and of those above.
const LEVELS: &[(&str, bool)] = &[
    ("info", true),
    ("information", true),
    ("informationen", true),
    ("informational", true),
    ("notice", true),
    ("debug", true),
    ("verbose", true),
    ("trace", true),
    ("finer", true),
    ("finest", true),
    ("warn", false),
    ("warning", false),
    ("warnung", false),
    ("error", false),
    ("err", false),
    ("fehler", false),
    ("severe", false),
    ("crit", false),
    ("critical", false),
    ("kritisch", false),
    ("fatal", false),
    ("alert", false),
    ("emerg", false),
    ("emergency", false),
];

/// Names behind which a level stands, with what ends them.
const KEYS: &[&str] = &["level\":", "level=", "level:", "ebene:", "severity\":", "severity=", "lvl\":", "lvl="];

/// Levels of programs that count them: those of pino up to 30 are news.
const COUNTED: std::ops::RangeInclusive<u32> = 10..=60;

/// Says of a text whether its program tells it as news of no weight, by the first level in it; none where no line names one.
pub fn is_quiet(text: &str) -> Option<bool> {
    text.lines().find_map(of_line)
}

/// The beginning of a text, of so many bytes or a few less.
pub(super) fn beginning(text: &str, most: usize) -> &str {
    let end = (0..=most.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

fn of_line(line: &str) -> Option<bool> {
    let start = beginning(line, START);
    of_key(start).or_else(|| start.split([' ', '\t']).find_map(of_word))
}

/// The level behind a key, as JSON and `logfmt` have it.
fn of_key(start: &str) -> Option<bool> {
    let is_of_key = |head: &[u8]| {
        let ends = |key: &str| {
            let end = head.len().checked_sub(key.len()).and_then(|at| head.get(at..));
            end.is_some_and(|end| end.eq_ignore_ascii_case(key.as_bytes()))
        };
        KEYS.iter().any(|key| ends(key))
    };
    let bytes = start.as_bytes();
    let ends = memchr::memchr2_iter(b':', b'=', bytes).map(|at| at.saturating_add(1));
    let end = ends.into_iter().find(|end| bytes.get(..*end).is_some_and(is_of_key))?;
    let rest = start.get(end..)?.trim_start_matches([' ', '\t', '"', '\'']);
    let word = rest.get(..rest.bytes().take_while(u8::is_ascii_alphanumeric).count())?;
    match word.parse::<u32>() {
        Ok(number) => COUNTED.contains(&number).then_some(number <= 30),
        Err(_) => known(word),
    }
}

/// A level that stands alone: in capitals, in brackets, before a colon, or the word that Kepware and Windows have.
fn of_word(word: &str) -> Option<bool> {
    let name = word.trim_matches(['[', ']', '<', '>', '(', ')', '|', ':', ',', '*']);
    let is_marked = word.len() > name.len() && !word.ends_with(',') && !word.ends_with(')');
    let is_capital = name.len() > 2 && name.bytes().all(|letter| letter.is_ascii_uppercase());
    let is_kepwares = ["Information", "Informationen"].contains(&name);
    if is_marked || is_capital || is_kepwares { known(name) } else { None }
}

fn known(word: &str) -> Option<bool> {
    LEVELS.iter().find(|(name, _)| name.eq_ignore_ascii_case(word)).map(|(_, is_quiet)| *is_quiet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_level_counts_where_it_has_the_form_of_one() {
        for line in [
            "2026/10/05 13:06:02 [info] 911#911: *91 client SSL certificate verify error",
            "2026-10-05 10:00:00 INFO  TLS login failed",
            "10/5/2026\t7:58:12 AM\tInformation\tRuntime\tx",
            "{\"level\":\"info\",\"msg\":\"x\"}",
            "{\"level\":30,\"msg\":\"ERROR\"}",
            "time=x level=debug msg=\"error\"",
            "<debug> x",
            "Level:         Information",
            "no level here\n2026 DEBUG x",
            "notice: x",
        ] {
            assert_eq!(is_quiet(line), Some(true), "{line}");
        }
        for line in [
            "2026/10/05 13:05:40 [error] 911#911: *88 INFO",
            "2026-10-05 WARN  the INFO was lost",
            "{\"level\":50}",
            "level=error msg=\"info\"",
            "Ebene:         Fehler",
            "error: x",
        ] {
            assert_eq!(is_quiet(line), Some(false), "{line}");
        }
        for line in [
            "curl: (60) SSL certificate problem: no more info",
            "for info see the trace",
            "",
            "{\"level\":7}",
            "(info) ",
        ] {
            assert_eq!(is_quiet(line), None, "{line}");
        }
    }
}
