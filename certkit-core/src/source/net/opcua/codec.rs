//! The binary encoding of OPC UA's built-in types (OPC 10000-6 section 5.2).
//!
//! Knows lengths, not meanings. Everything that is read has a bound: a length by the bytes that
//! are left, a count by the caller's limit, nesting by [`MAX_NESTING`].

use crate::moment::Moment;
use crate::status::StatusCode;

/// The deepest nesting of diagnostic information that is passed over; the standard's own bound.
const MAX_NESTING: usize = 100;

/// The most names of an answer's string table that are passed over.
const MAX_STRINGS: usize = 4096;

/// 1601-01-01, where OPC UA's time begins, in seconds of Unix time.
const EPOCH: i64 = -11_644_473_600;

/// Ticks of 100 ns in a second.
const TICKS: i64 = 10_000_000;

/// Why a message cannot be decoded.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// The message ends too early.
    #[error("it ends at byte {offset}, within {field}")]
    Truncated {
        /// What was being read.
        field: &'static str,
        /// Where that begins, in bytes from the start of the message's body.
        offset: usize,
    },
    /// A length that cannot be.
    #[error("{field} at byte {offset} claims {length} bytes, but {left} are left")]
    Length {
        /// What was being read.
        field: &'static str,
        /// Where it begins.
        offset: usize,
        /// The length that stands there.
        length: i32,
        /// What there is.
        left: usize,
    },
    /// A count of elements that cannot be, or is more than is read.
    #[error("{field} at byte {offset} claims {count} elements; at most {limit} are read")]
    Count {
        /// What was being read.
        field: &'static str,
        /// Where it begins.
        offset: usize,
        /// The count that stands there.
        count: i32,
        /// The bound.
        limit: usize,
    },
    /// An encoding byte that the standard does not have.
    #[error("{field} at byte {offset} has the unknown encoding {encoding:#04x}")]
    Encoding {
        /// What was being read.
        field: &'static str,
        /// Where it begins.
        offset: usize,
        /// The byte that stands there.
        encoding: u8,
    },
    /// Diagnostic information within diagnostic information without an end in sight.
    #[error("the diagnostic information is nested more than {MAX_NESTING} deep")]
    Nesting,
}

/// What is left of a message body; every read takes from its front and names what it wanted.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(body: &'a [u8]) -> Self {
        Self { rest: body, offset: 0 }
    }

    /// Gives what has not been read.
    pub(super) fn rest(self) -> &'a [u8] {
        self.rest
    }

    fn take(&mut self, length: usize, field: &'static str) -> Result<&'a [u8], DecodeError> {
        let (head, rest) =
            self.rest.split_at_checked(length).ok_or(DecodeError::Truncated { field, offset: self.offset })?;
        self.rest = rest;
        self.offset = self.offset.saturating_add(length);
        Ok(head)
    }

    fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], DecodeError> {
        let offset = self.offset;
        self.take(N, field)?.try_into().map_err(|_| DecodeError::Truncated { field, offset })
    }

    pub(super) fn u8(&mut self, field: &'static str) -> Result<u8, DecodeError> {
        self.array(field).map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self, field: &'static str) -> Result<u16, DecodeError> {
        self.array(field).map(u16::from_le_bytes)
    }

    pub(super) fn u32(&mut self, field: &'static str) -> Result<u32, DecodeError> {
        self.array(field).map(u32::from_le_bytes)
    }

    fn i32(&mut self, field: &'static str) -> Result<i32, DecodeError> {
        self.array(field).map(i32::from_le_bytes)
    }

    pub(super) fn status(&mut self, field: &'static str) -> Result<StatusCode, DecodeError> {
        self.u32(field).map(StatusCode)
    }

    /// Takes a ByteString; null and empty are the same here.
    pub(super) fn bytes(&mut self, field: &'static str) -> Result<&'a [u8], DecodeError> {
        let offset = self.offset;
        let length = self.i32(field)?;
        if length == -1 {
            return Ok(&[]);
        }
        let left = self.rest.len();
        match usize::try_from(length) {
            Ok(wanted) if wanted <= left => self.take(wanted, field),
            _ => Err(DecodeError::Length { field, offset, length, left }),
        }
    }

    /// Takes a String; null and empty are the same here, and what is not UTF-8 becomes U+FFFD.
    pub(super) fn string(&mut self, field: &'static str) -> Result<String, DecodeError> {
        self.bytes(field).map(|bytes| String::from_utf8_lossy(bytes).into_owned())
    }

    /// Takes the text of a LocalizedText and passes over its locale.
    pub(super) fn localized_text(&mut self, field: &'static str) -> Result<String, DecodeError> {
        let mask = self.u8(field)?;
        if mask & 0x01 != 0 {
            self.bytes(field)?;
        }
        if mask & 0x02 != 0 { self.string(field) } else { Ok(String::new()) }
    }

    /// Takes a DateTime; the standard's "no time", and every time before, is `None`.
    pub(super) fn moment(&mut self, field: &'static str) -> Result<Option<Moment>, DecodeError> {
        let ticks = self.array(field).map(i64::from_le_bytes)?;
        Ok((ticks > 0).then(|| Moment::from_unix(ticks.checked_div(TICKS).unwrap_or(0).saturating_add(EPOCH))))
    }

    /// Takes a NodeId that names a type of OPC UA's own; `None` for every other kind of NodeId.
    pub(super) fn type_id(&mut self, field: &'static str) -> Result<Option<u32>, DecodeError> {
        let offset = self.offset;
        let encoding = self.u8(field)?;
        match encoding {
            0 => self.u8(field).map(|number| Some(number.into())),
            1 => {
                let namespace = self.u8(field)?;
                let number = self.u16(field)?;
                Ok((namespace == 0).then_some(number.into()))
            }
            2 => {
                let namespace = self.u16(field)?;
                let number = self.u32(field)?;
                Ok((namespace == 0).then_some(number))
            }
            3 | 5 => {
                self.u16(field)?;
                self.bytes(field)?;
                Ok(None)
            }
            4 => {
                self.take(18, field)?;
                Ok(None)
            }
            _ => Err(DecodeError::Encoding { field, offset, encoding }),
        }
    }

    /// Takes a NodeId of any kind, as it is written.
    pub(super) fn node_id(&mut self, field: &'static str) -> Result<&'a [u8], DecodeError> {
        let before = self.rest;
        self.type_id(field)?;
        Ok(before.get(..before.len().saturating_sub(self.rest.len())).unwrap_or_default())
    }

    /// Takes an array whose elements are read by `element`; null and empty are the same here.
    pub(super) fn list<T>(
        &mut self,
        field: &'static str,
        limit: usize,
        element: impl Fn(&mut Self) -> Result<T, DecodeError>,
    ) -> Result<Vec<T>, DecodeError> {
        let offset = self.offset;
        let count = self.i32(field)?;
        let wanted = match usize::try_from(count) {
            Ok(wanted) if wanted <= limit => wanted,
            Err(_) if count == -1 => 0,
            _ => return Err(DecodeError::Count { field, offset, count, limit }),
        };
        // Not with a capacity: the elements have to be there first.
        let mut list = Vec::new();
        for _ in 0..wanted {
            list.push(element(self)?);
        }
        Ok(list)
    }

    pub(super) fn strings(&mut self, field: &'static str, limit: usize) -> Result<Vec<String>, DecodeError> {
        self.list(field, limit, |reader| reader.string(field))
    }

    /// Passes over an ExtensionObject without looking into it.
    pub(super) fn skip_extension_object(&mut self, field: &'static str) -> Result<(), DecodeError> {
        self.type_id(field)?;
        let offset = self.offset;
        match self.u8(field)? {
            0 => Ok(()),
            1 | 2 => self.bytes(field).map(drop),
            encoding => Err(DecodeError::Encoding { field, offset, encoding }),
        }
    }

    /// Passes over a DiagnosticInfo and all that is nested in it.
    pub(super) fn skip_diagnostic_info(&mut self, field: &'static str) -> Result<(), DecodeError> {
        // What is nested comes last, so that a loop does what looks like a recursion.
        for _ in 0..MAX_NESTING {
            let mask = self.u8(field)?;
            // SymbolicId, NamespaceUri, LocalizedText, Locale: places in the string table.
            for bit in [0x01, 0x02, 0x04, 0x08] {
                if mask & bit != 0 {
                    self.i32(field)?;
                }
            }
            if mask & 0x10 != 0 {
                self.bytes(field)?;
            }
            if mask & 0x20 != 0 {
                self.u32(field)?;
            }
            if mask & 0x40 == 0 {
                return Ok(());
            }
        }
        Err(DecodeError::Nesting)
    }

    /// Passes over an array of strings.
    pub(super) fn skip_strings(&mut self, field: &'static str) -> Result<(), DecodeError> {
        self.list(field, MAX_STRINGS, |reader| reader.bytes(field).map(drop)).map(drop)
    }
}

/// A message of our own in the making.
#[derive(Debug, Default)]
pub(super) struct Writer(Vec<u8>);

impl Writer {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn u32(&mut self, value: u32) {
        self.bytes(&value.to_le_bytes());
    }

    /// Adds a String, which is one of ours and far shorter than a length can say.
    pub(super) fn string(&mut self, text: &str) {
        self.u32(u32::try_from(text.len()).unwrap_or(u32::MAX));
        self.bytes(text.as_bytes());
    }

    /// Adds a ByteString, as short as a String of ours.
    pub(super) fn byte_string(&mut self, bytes: &[u8]) {
        self.u32(u32::try_from(bytes.len()).unwrap_or(u32::MAX));
        self.bytes(bytes);
    }

    /// Adds the null of a String, a ByteString or an array.
    pub(super) fn null(&mut self) {
        self.bytes(&[0xff; 4]);
    }

    /// Adds the NodeId of a type of OPC UA's own, in its form of four bytes.
    pub(super) fn type_id(&mut self, number: u16) {
        self.bytes(&[1, 0]);
        self.bytes(&number.to_le_bytes());
    }

    pub(super) fn moment(&mut self, moment: Moment) {
        let ticks = moment.unix().saturating_sub(EPOCH).saturating_mul(TICKS);
        self.bytes(&ticks.to_le_bytes());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_counted_from_1601() {
        let moment = Moment::from_utc(2026, 11, 22, 8, 0, 1).unwrap();
        let mut writer = Writer::default();
        writer.moment(moment);
        let bytes = writer.into_bytes();
        assert_eq!(Reader::new(&bytes).moment("time"), Ok(Some(moment)));
        let first = 0x019d_b1de_d53e_8000i64 + 1;
        assert_eq!(Reader::new(&first.to_le_bytes()).moment("time"), Ok(Some(Moment::from_unix(0))));
        for none in [0, -1, i64::MIN] {
            assert_eq!(Reader::new(&none.to_le_bytes()).moment("time"), Ok(None));
        }
    }

    #[test]
    fn null_is_empty_and_no_other_length_is_negative() {
        assert_eq!(Reader::new(&[0xff; 4]).string("name"), Ok(String::new()));
        let error = Reader::new(&[0xfe, 0xff, 0xff, 0xff]).string("name").unwrap_err();
        assert_eq!(error.to_string(), "name at byte 0 claims -2 bytes, but 0 are left");
        let error = Reader::new(&[0xff, 0xff, 0xff, 0x7f, b'x']).string("name").unwrap_err();
        assert_eq!(error.to_string(), "name at byte 0 claims 2147483647 bytes, but 1 are left");
        assert_eq!(Reader::new(&[0xff; 4]).strings("names", 1), Ok(Vec::new()));
        let error = Reader::new(&[2, 0, 0, 0, 0, 0]).strings("names", 1).unwrap_err();
        assert_eq!(error.to_string(), "names at byte 0 claims 2 elements; at most 1 are read");
        assert!(Reader::new(&[0xfe, 0xff, 0xff, 0xff]).strings("names", 1).is_err());
    }

    #[test]
    fn text_that_is_not_utf8_is_not_lost() {
        assert_eq!(Reader::new(b"\x03\0\0\0a\xe4b").string("name"), Ok("a\u{fffd}b".to_owned()));
        assert_eq!(Reader::new(b"\x03\x02\0\0\0de\x01\0\0\0x").localized_text("name"), Ok("x".to_owned()));
        assert_eq!(Reader::new(b"\x00").localized_text("name"), Ok(String::new()));
    }

    #[test]
    fn every_form_of_type_id_is_read() {
        let cases: [(&[u8], Option<u32>); 7] = [
            (&[0, 9], Some(9)),
            (&[1, 0, 0xae, 1], Some(430)),
            (&[1, 1, 0xae, 1], None),
            (&[2, 0, 0, 0xae, 1, 0, 0], Some(430)),
            (&[3, 0, 0, 1, 0, 0, 0, b'x'], None),
            (&[4, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16], None),
            (&[5, 0, 0, 0xff, 0xff, 0xff, 0xff], None),
        ];
        for (bytes, number) in cases {
            let mut reader = Reader::new(bytes);
            assert_eq!(reader.type_id("type"), Ok(number), "{bytes:?}");
            assert!(reader.rest.is_empty(), "{bytes:?}");
        }
        assert!(Reader::new(&[6]).type_id("type").is_err());
    }

    #[test]
    fn nested_diagnostics_are_passed_over_within_a_bound() {
        let mut deep = vec![0x40; MAX_NESTING - 1];
        deep.extend([0x3f]);
        deep.extend([0; 16]);
        deep.extend([0xff; 4]);
        deep.extend([0; 4]);
        let mut reader = Reader::new(&deep);
        assert_eq!(reader.skip_diagnostic_info("diagnostics"), Ok(()));
        assert!(reader.rest.is_empty());
        let error = Reader::new(&[0x40; 60_000]).skip_diagnostic_info("diagnostics");
        assert_eq!(error, Err(DecodeError::Nesting));
    }

    #[test]
    fn extension_objects_are_passed_over() {
        for bytes in [&[0, 0, 0][..], &[0, 0, 1, 2, 0, 0, 0, 7, 7], &[0, 0, 2, 0xff, 0xff, 0xff, 0xff]] {
            let mut reader = Reader::new(bytes);
            assert_eq!(reader.skip_extension_object("header"), Ok(()));
            assert!(reader.rest.is_empty());
        }
        assert!(Reader::new(&[0, 0, 3]).skip_extension_object("header").is_err());
    }
}
