//! Makes strangers' text fit for a terminal.
//!
//! Knows which characters could move a cursor, hide or reorder text; knows nothing
//! of where the text came from. Everything that a certificate says reaches a person
//! through [`Printable`].

use std::fmt::{self, Write};

/// Shows text with everything escaped that a terminal would act upon.
///
/// Control characters, bidirectional overrides, invisible and unassigned characters
/// appear as `\u{…}`; a backslash is doubled only where it would be mistaken for one
/// of these. Letters of every script stay as they are.
#[derive(Clone, Copy)]
pub struct Printable<T>(pub T);

impl<T: AsRef<str>> fmt::Display for Printable<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.0.as_ref();
        let mut plain = 0;
        for (at, character) in text.char_indices() {
            let fake_escape = character == '\\' && text.get(at..).is_some_and(|rest| rest.starts_with("\\u{"));
            if is_plain(character) && !fake_escape {
                continue;
            }
            f.write_str(text.get(plain..at).unwrap_or_default())?;
            write!(f, "\\u{{{:x}}}", u32::from(character))?;
            plain = at.saturating_add(character.len_utf8());
        }
        f.write_str(text.get(plain..).unwrap_or_default())
    }
}

/// How much of a stranger's text a sentence has room for, in characters.
const ROOM: usize = 160;

/// Strangers' text for a sentence: fit for a terminal, and cut where it would drown the rest.
pub(crate) fn shown(text: &str) -> String {
    match text.char_indices().nth(ROOM) {
        Some((end, _)) => format!("{}\u{2026}", Printable(text.get(..end).unwrap_or_default())),
        None => Printable(text).to_string(),
    }
}

/// Says whether a character shows itself and nothing else.
pub(crate) fn is_plain(character: char) -> bool {
    match character {
        ' '..='~' => true,
        // Soft hyphen, Arabic letter mark, Hangul and Khmer fillers, Mongolian separators.
        '\u{ad}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}' => false,
        // Zero-width and bidirectional controls, line and paragraph separators.
        '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => false,
        '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' => false,
        // Private use, tags and noncharacters.
        '\u{e000}'..='\u{f8ff}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'.. => false,
        _ => !character.is_control() && u32::from(character) & 0xfffe != 0xfffe,
    }
}

/// Writes bytes as lower-case hexadecimal without separators.
#[derive(Clone, Copy)]
pub struct Hex<T>(pub T);

impl<T: AsRef<[u8]>> fmt::Display for Hex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DIGITS: [char; 16] = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'];
        for octet in self.0.as_ref() {
            for nibble in [octet >> 4, octet & 15] {
                f.write_char(DIGITS.get(usize::from(nibble)).copied().unwrap_or('?'))?;
            }
        }
        Ok(())
    }
}

/// Gives `one` or `many`, as the count wants it.
pub fn plural<'a>(count: usize, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_moves_a_cursor_is_escaped() {
        assert_eq!(Printable("Anlage Süd 北").to_string(), "Anlage Süd 北");
        assert_eq!(Printable("a\u{1b}[2Jb\r\n\0").to_string(), "a\\u{1b}[2Jb\\u{d}\\u{a}\\u{0}");
        assert_eq!(Printable("pay\u{202e}lap").to_string(), "pay\\u{202e}lap");
        assert_eq!(Printable("a\\b \\u{41}").to_string(), "a\\b \\u{5c}u{41}");
        assert_eq!(Printable("\u{9b}x\u{200b}y").to_string(), "\\u{9b}x\\u{200b}y");
    }

    #[test]
    fn hexadecimal_is_lower_case() {
        assert_eq!(Hex([0x00, 0xab, 0x7f]).to_string(), "00ab7f");
    }
}
