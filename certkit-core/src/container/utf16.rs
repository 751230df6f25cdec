//! Text in UTF-16, as Windows editors save it.

/// Where the characters of a text stand in its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Layout {
    /// Offset of the first one.
    start: u64,
    /// Bytes that each one takes.
    width: u64,
}

impl Layout {
    /// One byte for each character, from the start.
    pub(super) const NARROW: Layout = Layout { start: 0, width: 1 };
    /// Two bytes for each character, after a byte order mark.
    pub(super) const WIDE: Layout = Layout { start: 2, width: 2 };

    /// Offset in the file of the character `at`.
    pub(super) fn offset(self, at: u64) -> u64 {
        self.start.saturating_add(at.saturating_mul(self.width))
    }

    /// The character that stands at this offset in the file.
    pub(super) fn index(self, offset: u64) -> usize {
        let characters = offset.saturating_sub(self.start).checked_div(self.width).unwrap_or_default();
        usize::try_from(characters).unwrap_or(usize::MAX)
    }
}

/// The order of the two bytes of a character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Utf16 {
    LittleEndian,
    BigEndian,
}

impl Utf16 {
    /// Reads the byte order mark.
    pub(super) fn of(bytes: &[u8]) -> Option<Utf16> {
        match bytes {
            [0xff, 0xfe, ..] => Some(Utf16::LittleEndian),
            [0xfe, 0xff, ..] => Some(Utf16::BigEndian),
            _ => None,
        }
    }

    /// Appends one byte for each character: itself, or 0xff for one outside of ASCII.
    ///
    /// Positions stay what they are, at half the size. An odd last byte is left out.
    pub(super) fn narrow(self, bytes: &[u8], text: &mut Vec<u8>) {
        text.extend(bytes.chunks_exact(2).map(|pair| match (self, pair) {
            (Utf16::LittleEndian, &[octet @ 0..=0x7f, 0]) | (Utf16::BigEndian, &[0, octet @ 0..=0x7f]) => octet,
            _ => 0xff,
        }));
    }
}
