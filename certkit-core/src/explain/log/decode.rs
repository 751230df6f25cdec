//! The bytes of a log as text: UTF-16 as Windows writes it, and what is no text at all.

/// How the letters of a log are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writing {
    /// ASCII, UTF-8, or a code page of eight bits.
    Bytes,
    /// UTF-16, the low byte first.
    Little,
    /// UTF-16, the high byte first.
    Big,
}

/// What a file is that is no log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoLog {
    /// An event log of Windows in its own form.
    Evtx,
    /// A packed file, with the name of its kind and the command that unpacks it to standard output.
    Packed(&'static str, &'static str),
}

/// Begins of files that are no logs.
const MAGIC: &[(&[u8], NoLog)] = &[
    (b"ElfFile\0", NoLog::Evtx),
    (b"PK\x03\x04", NoLog::Packed("ZIP", "unzip -p")),
    (b"\xfd7zXZ\0", NoLog::Packed("xz", "xz -dc")),
    (b"\x28\xb5\x2f\xfd", NoLog::Packed("Zstandard", "zstd -dc")),
    (b"BZh", NoLog::Packed("bzip2", "bzip2 -dc")),
    (b"7z\xbc\xaf\x27\x1c", NoLog::Packed("7-Zip", "7z x -so")),
];

impl NoLog {
    /// Says what a file is that begins so, where it is no log.
    pub fn of(start: &[u8]) -> Option<NoLog> {
        MAGIC.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, kind)| *kind)
    }
}

/// Makes text of bytes that come piece by piece.
#[derive(Debug)]
pub(super) struct Decoder {
    writing: Writing,
    /// Bytes of a letter that has not come whole.
    rest: Vec<u8>,
}

impl Decoder {
    /// Finds out how a log is written from its beginning.
    pub(super) fn of(start: &[u8]) -> Decoder {
        let start = start.get(..start.len().min(4096)).unwrap_or_default();
        let writing = match start {
            [0xff, 0xfe, ..] => Writing::Little,
            [0xfe, 0xff, ..] => Writing::Big,
            _ => {
                // Without a mark: in UTF-16, every other byte of western text is 0.
                let zeros = |first: usize| start.iter().skip(first).step_by(2).filter(|byte| **byte == 0).count();
                let (even, odd) = (zeros(0), zeros(1));
                let half = start.len().checked_div(2).unwrap_or(0);
                let is_most = |count: usize| half >= 4 && count.saturating_mul(10) >= half.saturating_mul(7);
                match (is_most(even), is_most(odd)) {
                    (false, true) => Writing::Little,
                    (true, false) => Writing::Big,
                    _ => Writing::Bytes,
                }
            }
        };
        Decoder { writing, rest: Vec::new() }
    }

    /// Appends what these bytes say.
    pub(super) fn push(&mut self, bytes: &[u8], text: &mut Vec<u8>) {
        let unit = match self.writing {
            Writing::Bytes => return text.extend_from_slice(bytes),
            Writing::Little => |pair: [u8; 2]| u16::from_le_bytes(pair),
            Writing::Big => |pair: [u8; 2]| u16::from_be_bytes(pair),
        };
        self.rest.extend_from_slice(bytes);
        let mut units: Vec<u16> = self.rest.as_chunks::<2>().0.iter().map(|pair| unit(*pair)).collect();
        // The first half of a letter waits for the second.
        if units.last().is_some_and(|last| (0xd800..0xdc00).contains(last)) {
            units.pop();
        }
        self.rest.drain(..units.len().saturating_mul(2));
        let mut room = [0; 4];
        for letter in char::decode_utf16(units) {
            let letter = letter.unwrap_or(char::REPLACEMENT_CHARACTER);
            if letter != '\u{feff}' {
                text.extend_from_slice(letter.encode_utf8(&mut room).as_bytes());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(bytes: &[u8], size: usize) -> String {
        let mut decoder = Decoder::of(bytes);
        let mut text = Vec::new();
        bytes.chunks(size).for_each(|piece| decoder.push(piece, &mut text));
        String::from_utf8_lossy(&text).into_owned()
    }

    #[test]
    fn both_orders_with_and_without_a_mark_are_read() {
        let text = "Fehler: Zertifikat ungültig 😀\r\n";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for size in [1, 3, 4096] {
            assert_eq!(decoded(&little, size), text);
            assert_eq!(decoded(&big, size), text);
            assert_eq!(decoded(&[&[0xff, 0xfe], little.as_slice()].concat(), size), text);
            assert_eq!(decoded(&[&[0xfe, 0xff], big.as_slice()].concat(), size), text);
            assert_eq!(decoded(text.as_bytes(), size), text);
        }
        assert_eq!(decoded(b"", 1), "");
        assert_eq!(decoded(b"\0\0\0\0\0\0\0\0\0\0", 1), "\0\0\0\0\0\0\0\0\0\0");
    }

    #[test]
    fn what_is_no_log_is_named() {
        assert_eq!(NoLog::of(b"ElfFile\0\0"), Some(NoLog::Evtx));
        assert!(matches!(NoLog::of(b"PK\x03\x04"), Some(NoLog::Packed("ZIP", _))));
        assert_eq!(NoLog::of(b"2026-10-05 x"), None);
    }
}
