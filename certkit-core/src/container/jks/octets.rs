//! Java's DataInput: numbers, strings in its own form of UTF-8, and bytes with a length.

use super::StoreProblem;

/// Walks over bytes and knows where it is.
#[derive(Clone, Copy)]
pub(super) struct Octets<'a> {
    rest: &'a [u8],
    offset: usize,
    /// Which entry is being read, for errors; 0 before the first.
    pub(super) entry: usize,
}

impl<'a> Octets<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Octets<'a> {
        Octets { rest: bytes, offset: 0, entry: 0 }
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// The bytes that are left.
    pub(super) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    pub(super) fn cut(&self) -> StoreProblem {
        StoreProblem::Cut { entry: self.entry, offset: self.offset }
    }

    pub(super) fn unexpected(&self, what: &'static str) -> StoreProblem {
        StoreProblem::Unexpected { what, offset: self.offset }
    }

    pub(super) fn take(&mut self, count: usize) -> Result<&'a [u8], StoreProblem> {
        let (taken, rest) = self.rest.split_at_checked(count).ok_or_else(|| self.cut())?;
        self.rest = rest;
        self.offset = self.offset.saturating_add(count);
        Ok(taken)
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], StoreProblem> {
        let cut = self.cut();
        self.take(N)?.try_into().map_err(|_| cut)
    }

    pub(super) fn byte(&mut self) -> Result<u8, StoreProblem> {
        self.array().map(|[byte]| byte)
    }

    pub(super) fn short(&mut self) -> Result<u16, StoreProblem> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn int(&mut self) -> Result<u32, StoreProblem> {
        self.array().map(u32::from_be_bytes)
    }

    pub(super) fn long(&mut self) -> Result<i64, StoreProblem> {
        self.array().map(i64::from_be_bytes)
    }

    /// Takes bytes that have their length before them, in four bytes.
    pub(super) fn bytes(&mut self) -> Result<&'a [u8], StoreProblem> {
        let length = self.int()?;
        let length = usize::try_from(length).map_err(|_| self.cut())?;
        self.take(length)
    }

    /// Takes a string (`writeUTF`).
    pub(super) fn text(&mut self) -> Result<String, StoreProblem> {
        let length = self.short()?;
        let bytes = self.take(length.into())?;
        Ok(from_modified(bytes))
    }
}

/// Reads Java's modified UTF-8; what is none of it becomes the replacement character.
fn from_modified(bytes: &[u8]) -> String {
    let mut units = Vec::with_capacity(bytes.len());
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        let low = |octet: u8| u16::from(octet & 0x3f);
        let is_next = |octet: u8| octet & 0xc0 == 0x80;
        (rest, _) = match (first, after) {
            (0..=0x7f, _) => (after, units.push((*first).into())),
            (0xc0..=0xdf, [b, after @ ..]) if is_next(*b) => {
                (after, units.push((u16::from(first & 0x1f) << 6) | low(*b)))
            }
            (0xe0..=0xef, [b, c, after @ ..]) if is_next(*b) && is_next(*c) => {
                (after, units.push((u16::from(first & 0x0f) << 12) | (low(*b) << 6) | low(*c)))
            }
            _ => (after, units.push(0xfffd)),
        };
    }
    String::from_utf16_lossy(&units)
}

/// Writes a string (`writeUTF`); `None` where it is longer than that form can say.
pub(super) fn push_text(out: &mut Vec<u8>, text: &str) -> Option<()> {
    let mut bytes = Vec::with_capacity(text.len());
    for unit in text.encode_utf16() {
        let [high, low] = unit.to_be_bytes();
        let tail = 0x80 | (low & 0x3f);
        let middle = ((high << 2) | (low >> 6)) & 0x3f;
        match unit {
            1..=0x7f => bytes.push(low),
            0 | 0x80..=0x7ff => bytes.extend([0xc0 | middle, tail]),
            _ => bytes.extend([0xe0 | (high >> 4), 0x80 | middle, tail]),
        }
    }
    out.extend(u16::try_from(bytes.len()).ok()?.to_be_bytes());
    out.extend(bytes);
    Some(())
}

/// Writes bytes with their length before them.
pub(super) fn push_bytes(out: &mut Vec<u8>, bytes: &[u8]) -> Option<()> {
    out.extend(u32::try_from(bytes.len()).ok()?.to_be_bytes());
    out.extend_from_slice(bytes);
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read_back_whatever_they_hold() {
        for text in ["", "plant root", "Süd", "\0", "北", "🔑 key", "\u{7ff}\u{800}\u{ffff}"] {
            let mut out = Vec::new();
            push_text(&mut out, text).unwrap();
            let mut octets = Octets::new(&out);
            assert_eq!(octets.text().unwrap(), text);
            assert!(octets.rest().is_empty());
        }
        assert_eq!(from_modified(b"a\xff\xc0"), "a\u{fffd}\u{fffd}");
        assert_eq!(push_text(&mut Vec::new(), &"x".repeat(65_536)), None);
    }
}
