//! What stands beside a place in a comparable text: whether the number or the name there stands for itself.

/// Words behind which a long number is that of an error.
const CARRIERS: &[&str] = &[
    "hresult",
    "hr",
    "error",
    "err",
    "errno",
    "code",
    "errorcode",
    "error_code",
    "fehler",
    "fehlercode",
    "exception",
    "failed",
    "failure",
    "reason",
    "result",
    "resultcode",
    "returned",
    "serviceresult",
    "status",
    "statuscode",
];

/// Words that may stand between such a word and its number.
const LINKS: &[&str] = &["with", "is", "was", "of", "a", "the", "number", "bad"];

/// What the dotted name of a status code begins with; anything else is the path of a tag.
const OWNERS: &[&str] =
    &["status", "statuscode", "statuscodes", "ua", "opcua", "uaerrors", "_auto", "error", "errors", "result", "reason"];

/// From how many digits on a number is an HRESULT or a status code.
const LONG: usize = 9;

/// How far before a number its carrier may stand, in bytes.
const REACH: usize = 64;

/// Says whether a byte may be part of a word.
pub(super) fn is_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Says whether what stands there is part of something longer, or a value that nothing calls an error.
pub(super) fn is_foreign(text: &[u8], start: usize, end: usize) -> bool {
    let words = text.get(start..end).unwrap_or_default();
    let before = text.get(..start).unwrap_or_default();
    let behind = text.get(end..).unwrap_or_default();
    let digits = words.strip_prefix(b"-").unwrap_or(words);
    if digits.iter().all(u8::is_ascii_digit) {
        let is_part = digits.len() == words.len() && is_part(before, behind);
        return is_part || (digits.len() >= LONG && !is_carried(before));
    }
    words.starts_with(b"bad") && words.iter().all(|byte| is_of_word(*byte)) && is_in_path(before)
}

/// Says whether a number is part of an address, a port or a fraction.
fn is_part(before: &[u8], behind: &[u8]) -> bool {
    let goes_on = behind.first().is_some_and(|byte| b".:/".contains(byte));
    before.last().is_some_and(|byte| b".:/-".contains(byte))
        || (goes_on && behind.get(1).is_some_and(u8::is_ascii_digit))
}

/// Says whether a number stands behind a word or a bracket that makes it the number of an error.
fn is_carried(before: &[u8]) -> bool {
    let near = before.get(before.len().saturating_sub(REACH)..).unwrap_or_default();
    if near.trim_ascii_end().ends_with(b"(") || near.trim_ascii_end().ends_with(b"[") {
        return true;
    }
    let mut words = words_before(near).skip_while(|word| is_one_of(LINKS, word));
    words.next().is_some_and(|word| is_one_of(CARRIERS, word))
}

/// Says whether a name is the end of a dotted path that is not one of status codes.
fn is_in_path(before: &[u8]) -> bool {
    let near = before.get(before.len().saturating_sub(REACH)..).unwrap_or_default();
    near.ends_with(b".") && !words_before(near).next().is_some_and(|word| is_one_of(OWNERS, word))
}

fn words_before(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.rsplit(|byte| !is_of_word(*byte)).filter(|word| !word.is_empty())
}

fn is_one_of(list: &[&str], word: &[u8]) -> bool {
    list.iter().any(|known| known.as_bytes() == word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_own(text: &str, words: &str) -> bool {
        let start = text.find(words).unwrap();
        !is_foreign(text.as_bytes(), start, start.saturating_add(words.len()))
    }

    #[test]
    fn long_numbers_need_a_carrier_and_names_are_no_tags() {
        for text in ["hresult: -2146762487", "failed with -2146762487", "'code':-2146762487", "x (-2146762487 y"] {
            assert!(is_own(text, "-2146762487"), "{text}");
        }
        for text in ["-2146762487", "value -2146762487", "error 5, count = -2146762487", "error: x -2146762487"] {
            assert!(!is_own(text, "-2146762487"), "{text}");
        }
        for text in ["badcertificateuntrusted", "statuscodes.badcertificateuntrusted", "x: badcertificateuntrusted"] {
            assert!(is_own(text, "badcertificateuntrusted"), "{text}");
        }
        assert!(!is_own("channel1.device1.badcertificateuntrusted", "badcertificateuntrusted"));
        assert!(is_own("event 36887 x", "36887") && !is_own("10.0.0.7:36887", "36887") && !is_own("36887.5", "36887"));
    }
}
