//! Times as certificates write them (RFC 5280 section 4.1.2.5).

use super::{Malformed, in_part};
use crate::asn1::{self, Element, Tag};
use crate::moment::Moment;

/// A time with the way in which it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Time {
    /// The point in time.
    pub moment: Moment,
    /// The type it is written as.
    pub form: TimeForm,
    /// Whether it is written exactly as RFC 5280 wants: with seconds, in UTC (`Z`), without fractions.
    pub is_strict: bool,
    /// Whether it has a fraction of a second.
    pub has_fraction: bool,
    /// Whether it is in a zone of its own, with an offset from UTC.
    pub has_offset: bool,
    /// Whether that offset is none at all: `+0000`.
    pub has_zero_offset: bool,
    /// Whether it has seconds.
    pub has_seconds: bool,
}

/// The two types a time can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TimeForm {
    /// UTCTime with two digits for the year: 1950 to 2049.
    Utc,
    /// GeneralizedTime with four digits for the year.
    Generalized,
}

impl Time {
    /// Says whether it is a GeneralizedTime that has to be a UTCTime: one before 2050 (RFC 5280 section 4.1.2.5).
    pub fn has_other_type(&self) -> bool {
        let is_early = || Moment::from_utc(2050, 1, 1, 0, 0, 0).is_some_and(|from| self.moment < from);
        self.form == TimeForm::Generalized && is_early()
    }

    pub(crate) fn from_part(raw: &[u8], offset: usize, part: &'static str) -> Result<Time, Malformed> {
        let element = asn1::Reader::at(raw, offset).element().map_err(in_part(part))?;
        Time::from_element(&element).map_err(in_part(part))
    }

    pub(crate) fn from_element(element: &Element<'_>) -> Result<Time, asn1::Error> {
        let parsed = match element.tag {
            Tag::UTC_TIME => parse(element.value, TimeForm::Utc),
            Tag::GENERALIZED_TIME => parse(element.value, TimeForm::Generalized),
            _ => return Err(element.invalid("UTCTime or GeneralizedTime")),
        };
        parsed.ok_or_else(|| element.invalid("UTCTime or GeneralizedTime"))
    }
}

fn parse(text: &[u8], form: TimeForm) -> Option<Time> {
    let mut digits = Digits(text);
    let year = match form {
        TimeForm::Utc => {
            let year = digits.pair()?;
            i32::from(year).checked_add(if year < 50 { 2000 } else { 1900 })?
        }
        TimeForm::Generalized => i32::from(digits.pair()?).checked_mul(100)?.checked_add(digits.pair()?.into())?,
    };
    let (month, day, hour, minute) = (digits.pair()?, digits.pair()?, digits.pair()?, digits.pair()?);
    let second = digits.pair();
    let rest = digits.0;
    let whole = Moment::from_utc(year, month, day, hour, minute, second.unwrap_or(0))?;
    let (zone, has_fraction) = match rest {
        [b'.' | b',', fraction @ ..] => {
            let end = fraction.iter().take_while(|digit| digit.is_ascii_digit()).count();
            (fraction.get(end..)?, true)
        }
        zone => (zone, false),
    };
    let offset = match zone {
        [b'Z'] => 0,
        [sign @ (b'+' | b'-'), offset @ ..] if offset.len() == 4 => {
            let mut parts = Digits(offset);
            let seconds =
                i64::from(parts.pair()?).checked_mul(3600)?.checked_add(i64::from(parts.pair()?).checked_mul(60)?)?;
            if *sign == b'+' { seconds.checked_neg()? } else { seconds }
        }
        _ => return None,
    };
    let has_offset = zone != b"Z";
    let is_strict = second.is_some() && !has_fraction && !has_offset;
    let (has_zero_offset, has_seconds) = (has_offset && offset == 0, second.is_some());
    Some(Time { moment: whole.plus(offset), form, is_strict, has_fraction, has_offset, has_zero_offset, has_seconds })
}

struct Digits<'a>(&'a [u8]);

impl Digits<'_> {
    fn pair(&mut self) -> Option<u8> {
        let (&[high @ b'0'..=b'9', low @ b'0'..=b'9'], rest) = self.0.split_first_chunk()? else { return None };
        self.0 = rest;
        high.checked_sub(b'0')?.checked_mul(10)?.checked_add(low.checked_sub(b'0')?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_forms_and_their_odd_relatives_are_read() {
        for (text, form, moment, is_strict) in [
            ("491231235959Z", TimeForm::Utc, "2049-12-31T23:59:59Z", true),
            ("500101000000Z", TimeForm::Utc, "1950-01-01T00:00:00Z", true),
            ("20500101000000Z", TimeForm::Generalized, "2050-01-01T00:00:00Z", true),
            ("99991231235959Z", TimeForm::Generalized, "9999-12-31T23:59:59Z", true),
            ("2601010000Z", TimeForm::Utc, "2026-01-01T00:00:00Z", false),
            ("260101010000+0100", TimeForm::Utc, "2026-01-01T00:00:00Z", false),
            ("20260101000000.5Z", TimeForm::Generalized, "2026-01-01T00:00:00Z", false),
        ] {
            let time = parse(text.as_bytes(), form).unwrap();
            assert_eq!((time.moment.to_string().as_str(), time.is_strict), (moment, is_strict), "{text}");
        }
        for bad in
            ["", "Z", "260230000000Z", "261301000000Z", "260101250000Z", "260101000060Z", "2601010000", "26010100000aZ"]
        {
            assert_eq!(parse(bad.as_bytes(), TimeForm::Utc), None, "{bad}");
        }
    }
}
