//! A text as it is compared: lower case, one blank for any white space, one kind of quote, no colours.

use std::borrow::Cow;

/// A text that was made comparable, with the way back to the original.
#[derive(Debug, Default)]
pub(super) struct Normal {
    /// The comparable text.
    pub(super) bytes: Vec<u8>,
    /// Where each byte begins in the original; one more for the end.
    origin: Vec<usize>,
    /// The blanks that were ends of lines.
    breaks: Vec<usize>,
}

/// Takes up what a text is made comparable to.
pub(super) trait Sink {
    /// A byte that stands for what is at `at`.
    fn byte(&mut self, at: usize, byte: u8);
    /// White space; `is_break` where it ends a line.
    fn blank(&mut self, at: usize, is_break: bool);
}

/// A text alone, without the way back.
impl Sink for Vec<u8> {
    fn byte(&mut self, _: usize, byte: u8) {
        self.push(byte);
    }

    fn blank(&mut self, _: usize, _: bool) {
        if self.last() != Some(&b' ') {
            self.push(b' ');
        }
    }
}

impl Sink for Normal {
    fn byte(&mut self, at: usize, byte: u8) {
        self.bytes.push(byte);
        self.origin.push(at);
    }

    fn blank(&mut self, at: usize, is_break: bool) {
        if self.bytes.last() != Some(&b' ') {
            self.byte(at, b' ');
        }
        let last = self.bytes.len().saturating_sub(1);
        if is_break && self.breaks.last() != Some(&last) {
            self.breaks.push(last);
        }
    }
}

/// Makes a text comparable. What is no UTF-8 is taken for the code page 1252 of Windows. Time linear in the text.
pub(super) fn walk(text: &[u8], sink: &mut impl Sink) {
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let next = at.saturating_add(1);
        at = match byte {
            b'"' | b'`' => {
                sink.byte(at, b'\'');
                next
            }
            b'\\' => escape(text, at, sink),
            0x1b => colour(text, next),
            b'\n' => {
                sink.blank(at, true);
                next
            }
            0 | b' ' | b'\t' | b'\r' | 0x0b | 0x0c => {
                sink.blank(at, false);
                next
            }
            0..0x80 => {
                sink.byte(at, byte.to_ascii_lowercase());
                next
            }
            _ => {
                let (letter, length) = decode(text.get(at..).unwrap_or_default());
                foreign(at, letter, sink);
                at.saturating_add(length)
            }
        };
    }
}

/// Makes a line comparable, as [`walk`] does, and faster where it has nothing odd in it. Cost linear in the line.
pub(super) fn walk_line(line: &[u8], plain: &mut Vec<u8>) {
    let words = line.trim_ascii();
    let is_odd = !words.is_ascii()
        || memchr::memchr3(b'\\', 0x1b, b'\t', words).is_some()
        || memchr::memchr3(0, b'\r', b'\n', words).is_some()
        || memchr::memchr2(0x0b, 0x0c, words).is_some();
    if is_odd || words.is_empty() {
        return walk(line, plain);
    }
    if line.first() != words.first() {
        plain.blank(0, false);
    }
    let mut rest = words;
    loop {
        let run = memchr::memmem::find(rest, b"  ").map_or(rest.len(), |at| at.saturating_add(1));
        let (run, behind) = rest.split_at_checked(run).unwrap_or((rest, &[]));
        plain
            .extend(run.iter().map(|byte| if matches!(byte, b'"' | b'`') { b'\'' } else { byte.to_ascii_lowercase() }));
        rest = behind.trim_ascii_start();
        if rest.is_empty() {
            break;
        }
    }
    if words.len() < line.len() && line.last() != words.last() {
        plain.blank(0, false);
    }
}

/// What stands behind a backslash in JSON and in what programs print of strings.
fn escape(text: &[u8], at: usize, sink: &mut impl Sink) -> usize {
    let next = at.saturating_add(1);
    match text.get(next) {
        Some(b'"' | b'\'') => next,
        Some(b'n' | b'r' | b't') => {
            sink.blank(at, false);
            next.saturating_add(1)
        }
        Some(b'u') => {
            let digits =
                text.get(next.saturating_add(1)..next.saturating_add(5)).and_then(|it| str::from_utf8(it).ok());
            let letter = digits.and_then(|it| u32::from_str_radix(it, 16).ok()).and_then(char::from_u32);
            let end = next.saturating_add(5);
            match letter {
                Some('\u{1b}') => colour(text, end),
                Some(letter) if letter.is_ascii_graphic() => {
                    sink.byte(
                        at,
                        if letter == '"' { b'\'' } else { u8::try_from(letter).unwrap_or(b' ').to_ascii_lowercase() },
                    );
                    end
                }
                Some(letter) if !letter.is_ascii() => {
                    foreign(at, letter, sink);
                    end
                }
                _ => {
                    sink.byte(at, b'\\');
                    next
                }
            }
        }
        _ => {
            sink.byte(at, b'\\');
            next
        }
    }
}

/// Passes over a colour of a terminal, `[ ... letter`, behind its escape character.
fn colour(text: &[u8], at: usize) -> usize {
    if text.get(at) != Some(&b'[') {
        return at;
    }
    let rest = text.get(at.saturating_add(1)..).unwrap_or_default();
    let length = rest.iter().take(32).position(u8::is_ascii_alphabetic);
    length.map_or(at, |length| at.saturating_add(length).saturating_add(2))
}

fn foreign(at: usize, letter: char, sink: &mut impl Sink) {
    match letter {
        '‘' | '’' | '“' | '”' | '„' | '´' | '«' | '»' => sink.byte(at, b'\''),
        '‐' | '‑' | '–' => sink.byte(at, b'-'),
        '\u{feff}' | '\u{200b}' => {}
        other if other.is_whitespace() => sink.blank(at, false),
        other => {
            let mut room = [0; 4];
            // Capital letters with a mark, as in German.
            let lower = other.to_lowercase().next().unwrap_or(other);
            lower.encode_utf8(&mut room).bytes().for_each(|byte| sink.byte(at, byte));
        }
    }
}

/// The code page 1252 from 0x80 on, where it is not that of Unicode.
const WINDOWS: &str = "€\u{81}‚ƒ„…†‡ˆ‰Š‹Œ\u{8d}Ž\u{8f}\u{90}‘’“”•–—˜™š›œ\u{9d}žŸ";

/// Reads one letter that is not ASCII, and says how many bytes it takes.
fn decode(text: &[u8]) -> (char, usize) {
    let piece = text.get(..text.len().min(4)).unwrap_or_default();
    let valid = match str::from_utf8(piece) {
        Ok(valid) => valid,
        Err(error) => piece.get(..error.valid_up_to()).and_then(|it| str::from_utf8(it).ok()).unwrap_or_default(),
    };
    match (valid.chars().next(), piece.first()) {
        (Some(letter), _) => (letter, letter.len_utf8()),
        (None, Some(&byte @ 0x80..0xa0)) => (WINDOWS.chars().nth(usize::from(byte & 0x1f)).unwrap_or('\u{fffd}'), 1),
        (None, byte) => (char::from(byte.copied().unwrap_or_default()), 1),
    }
}

/// Gives bytes as text: what is no UTF-8 is taken for the code page 1252 of Windows.
pub(super) fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => {
            let mut text = String::with_capacity(bytes.len());
            let mut rest = bytes;
            while let Some(&byte) = rest.first() {
                let (letter, length) = if byte < 0x80 { (char::from(byte), 1) } else { decode(rest) };
                text.push(letter);
                rest = rest.get(length..).unwrap_or_default();
            }
            Cow::Owned(text)
        }
    }
}

impl Normal {
    pub(super) fn new(text: &str) -> Normal {
        let mut normal = Normal::default();
        walk(text.as_bytes(), &mut normal);
        normal.origin.push(text.len());
        normal
    }

    /// Gives the place in the original text.
    pub(super) fn origin(&self, at: usize) -> usize {
        self.origin.get(at).or(self.origin.last()).copied().unwrap_or_default()
    }

    /// Gives the end of the line in which `at` stands.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let index = self.breaks.partition_point(|&place| place < at);
        self.breaks.get(index).copied().unwrap_or(self.bytes.len())
    }

    /// Gives the beginning of the line in which `at` stands.
    pub(super) fn line_start(&self, at: usize) -> usize {
        let index = self.breaks.partition_point(|&place| place < at);
        let before = index.checked_sub(1).and_then(|index| self.breaks.get(index));
        before.map_or(0, |place| place.saturating_add(1))
    }

    /// Says whether a further word of the line stands behind `at`.
    pub(super) fn goes_on(&self, at: usize) -> bool {
        let is_break = self.line_end(at) == at;
        matches!(self.slice(at, at.saturating_add(2)), [b' ', next] if next.is_ascii_alphabetic()) && !is_break
    }

    /// Takes the ends of lines for blanks, as in a text that was wrapped.
    pub(super) fn unwrapped(mut self) -> Normal {
        self.breaks.clear();
        self
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &[u8] {
        self.bytes.get(start..end.max(start)).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_to_make_a_line_comparable_give_the_same() {
        for line in [
            "",
            " ",
            "\n",
            "a",
            " a ",
            "A  \"B\"   c\n",
            "a \t b\r\n",
            "\ta  b\n",
            "x\\n\\\"y\\u003c",
            "gr\u{fc}n \u{201e}x\u{201c}  y",
            "\u{1b}[31mRot\u{1b}[0m  x\n",
            "a\0\0b  ",
            "  leading and trailing  \n",
            "`q`  'q'",
            "a \u{b} b",
            "   \n",
        ] {
            let (mut slow, mut fast) = (b"x".to_vec(), b"x".to_vec());
            walk(line.as_bytes(), &mut slow);
            walk_line(line.as_bytes(), &mut fast);
            assert_eq!(String::from_utf8_lossy(&fast), String::from_utf8_lossy(&slow), "{line:?}");
        }
    }
}
