//! From when to when a certificate is valid (RFC 5280 section 4.1.2.5).

use der::Tag;
use der::asn1::AnyRef;
use time::OffsetDateTime;
use time::macros::format_description;

use super::Error;
use crate::asn1::typed::{self, NotWritten};
use crate::cert::Certificate;
use crate::moment::{DAY, Moment};

/// A first and a last moment, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Validity {
    /// The first moment.
    pub not_before: Moment,
    /// The last moment.
    pub not_after: Moment,
}

impl Validity {
    /// Starts at `from` and lasts for `days` days.
    pub fn days(from: Moment, days: u32) -> Validity {
        Validity { not_before: from, not_after: from.plus(i64::from(days).saturating_mul(DAY)) }
    }

    /// The part that lies inside the validity of `issuer`: a certificate should not outlive it.
    ///
    /// Fails where no part does, as with an issuer that has expired.
    pub fn within(self, issuer: &Certificate) -> Result<Validity, Error> {
        let (first, last) = (issuer.not_before()?, issuer.not_after()?);
        let part = Validity { not_before: self.not_before.max(first), not_after: self.not_after.min(last) };
        if part.not_before > part.not_after {
            let issuer = issuer.subject().to_string();
            return Err(Error::OutsideIssuer { issuer, not_before: first, not_after: last });
        }
        Ok(part)
    }

    /// The times to be written; fails where it is empty or beyond the years 0 to 9999.
    pub(super) fn times(self) -> Result<(Time, Time), Error> {
        let error = || Error::Validity { not_before: self.not_before, not_after: self.not_after };
        if self.not_before > self.not_after {
            return Err(error());
        }
        Ok((time(self.not_before).ok_or_else(error)?, time(self.not_after).ok_or_else(error)?))
    }
}

/// A Time to be written.
pub(super) struct Time {
    tag: Tag,
    text: String,
}

impl Time {
    /// Its element.
    pub(super) fn element(&self) -> Result<AnyRef<'_>, NotWritten> {
        typed::element(self.tag, self.text.as_bytes())
    }
}

/// Gives a Time: UTCTime from 1950 to 2049, else GeneralizedTime (RFC 5280 section 4.1.2.5).
pub(super) fn time(moment: Moment) -> Option<Time> {
    let point = OffsetDateTime::from_unix_timestamp(moment.unix()).ok()?;
    let (tag, text) = match point.year() {
        1950..=2049 => {
            (Tag::UtcTime, point.format(format_description!("[year repr:last_two][month][day][hour][minute][second]Z")))
        }
        0..=9999 => {
            (Tag::GeneralizedTime, point.format(format_description!("[year][month][day][hour][minute][second]Z")))
        }
        _ => return None,
    };
    Some(Time { tag, text: text.ok()? })
}
