//! The bytes of a log as text: UTF-16 as Windows writes it, and what is no text at all.

use super::evtx::is_evtx;

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
    /// A journal of systemd in its own form.
    Journal,
    /// Text in UTF-32, which no program writes logs in.
    Utf32,
    /// A packed file, with the name of its kind and the command that unpacks it to standard output.
    Packed(&'static str, &'static str),
    /// Something else that is no text.
    Binary,
}

/// Begins of files that are no logs.
const MAGIC: &[(&[u8], NoLog)] = &[
    (b"PK\x03\x04", NoLog::Packed("ZIP", "unzip -p")),
    (b"\xfd7zXZ\0", NoLog::Packed("xz", "xz -dc")),
    (b"\x28\xb5\x2f\xfd", NoLog::Packed("Zstandard", "zstd -dc")),
    (b"BZh", NoLog::Packed("bzip2", "bzip2 -dc")),
    (b"7z\xbc\xaf\x27\x1c", NoLog::Packed("7-Zip", "7z x -so")),
    (b"\x04\x22\x4d\x18", NoLog::Packed("LZ4", "lz4 -dc")),
    (b"\x1f\x9d", NoLog::Packed("compress", "gzip -dc")),
    // What is packed once is unpacked before this is asked.
    (b"\x1f\x8b", NoLog::Packed("gzip in gzip", "gzip -dc")),
    (b"LPKSHHRH", NoLog::Journal),
    (b"\xff\xfe\0\0", NoLog::Utf32),
    (b"\0\0\xfe\xff", NoLog::Utf32),
];

impl NoLog {
    /// Says what a file is that begins so, where it is no log.
    pub fn of(start: &[u8]) -> Option<NoLog> {
        let known = MAGIC.iter().find(|(magic, _)| start.starts_with(magic)).map(|(_, kind)| *kind);
        known.or_else(|| (!is_evtx(start) && is_binary(start)).then_some(NoLog::Binary))
    }
}

/// Says whether bytes are no text, by the control characters in them: text has line ends, tabs and colours, hardly more.
fn is_binary(start: &[u8]) -> bool {
    // A log that was cut while a program had it open begins with zeros.
    let zeros = start.iter().take_while(|byte| **byte == 0).count();
    let start = start.get(zeros..).unwrap_or_default();
    let mut text = Vec::new();
    Decoder::of(start).decode(start, &mut text);
    has_controls(&text)
}

/// How much is looked at together for whether it is text.
const PIECE: usize = 4096;

/// Says whether more control characters stand in bytes than in any text.
fn has_controls(text: &[u8]) -> bool {
    let is_of_text = |byte: u8| byte >= b' ' || matches!(byte, b'\t' | b'\n' | 0x0b | 0x0c | b'\r' | 0x08 | 0x1b);
    let controls = text.iter().filter(|byte| !is_of_text(**byte)).count();
    controls >= 3 && controls.saturating_mul(20) > text.len()
}

/// Makes text of bytes that come piece by piece.
#[derive(Debug)]
pub(super) struct Decoder {
    writing: Writing,
    /// Bytes of a letter that has not come whole.
    rest: Vec<u8>,
    /// How many bytes stand in pieces that are no text.
    pub(super) binary: u64,
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
        Decoder { writing, rest: Vec::new(), binary: 0 }
    }

    /// Appends what these bytes say. Zeros say nothing: without them, UTF-16 behind text of another form can be read.
    pub(super) fn push(&mut self, bytes: &[u8], text: &mut Vec<u8>) {
        let start = text.len();
        self.decode(bytes, text);
        if memchr::memchr(0, text.get(start..).unwrap_or_default()).is_some() {
            let kept: Vec<u8> = text.drain(start..).filter(|byte| *byte != 0).collect();
            text.extend_from_slice(&kept);
        }
        for piece in text.get(start..).unwrap_or_default().chunks(PIECE).filter(|piece| has_controls(piece)) {
            self.binary = self.binary.saturating_add(u64::try_from(piece.len()).unwrap_or(0));
        }
    }

    /// Appends these bytes as UTF-8, or as they are.
    fn decode(&mut self, bytes: &[u8], text: &mut Vec<u8>) {
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
        assert_eq!(decoded(b"\0\0\0\0\0\0\0\0\0\0", 1), "");
        let mixed: Vec<u8> =
            "first\n".repeat(20).bytes().chain("second\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(decoded(&mixed, 3), "first\n".repeat(20) + "second\n");
    }

    #[test]
    fn what_is_no_log_is_named() {
        assert_eq!(NoLog::of(b"ElfFile\0\0\0\0\x01\0\0\x02\x03"), None);
        assert!(matches!(NoLog::of(b"PK\x03\x04"), Some(NoLog::Packed("ZIP", _))));
        assert_eq!(NoLog::of(b"\x1f\x8b\x08\0"), Some(NoLog::Packed("gzip in gzip", "gzip -dc")));
        assert_eq!(NoLog::of(b"LPKSHHRH\0\0"), Some(NoLog::Journal));
        assert_eq!(NoLog::of(b"\xff\xfe\0\0E\0\0\0"), Some(NoLog::Utf32));
        let utf32 =
            |bytes: fn(u32) -> [u8; 4]| "ERROR PKIX\n".chars().flat_map(|it| bytes(u32::from(it))).collect::<Vec<_>>();
        assert_eq!(NoLog::of(&utf32(u32::to_le_bytes)), Some(NoLog::Binary));
        assert_eq!(NoLog::of(&utf32(u32::to_be_bytes)), Some(NoLog::Binary));
        let noise: Vec<u8> = (0..4096_u32).map(|it| it.wrapping_mul(2_654_435_761).to_be_bytes()[0]).collect();
        assert_eq!(NoLog::of(&noise), Some(NoLog::Binary));
        for text in [
            &b"2026-10-05 x"[..],
            b"",
            b"\0\0\0\0\0\0\0\0\0\0\n2026-10-05 x\n",
            b"\x1b[31mERROR\x1b[0m\tx\r\n",
            "Fehler: ung\u{fc}ltig\n".as_bytes(),
            b"ung\xfcltig \x01\n",
        ] {
            assert_eq!(NoLog::of(text), None, "{text:?}");
        }
        let wide: Vec<u8> = "ERROR PKIX\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(NoLog::of(&wide), None);
    }
}
