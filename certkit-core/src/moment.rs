//! The one clock, and what can be said about points in time.
//!
//! Everything that asks "now" asks [`Moment::now`]; everything else is given a
//! moment. Resolution is one second, as in certificates.

use std::fmt;
use std::time::Duration;

use time::format_description::well_known::Rfc3339;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, UtcOffset};

/// A point in time: seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment(i64);

/// Seconds of a day.
pub const DAY: i64 = 86_400;

/// Says why a text is not a moment.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a time: expected RFC 3339 such as 2026-11-22T08:00:00Z, or a date such as 2026-11-22")]
pub struct MomentError {
    /// What was read.
    pub text: String,
}

impl Moment {
    /// Asks the system's clock. A clock before 1970 counts as 1970.
    pub fn now() -> Moment {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        Moment(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
    }

    /// Takes seconds since 1970-01-01T00:00:00Z.
    pub const fn from_unix(seconds: i64) -> Moment {
        Moment(seconds)
    }

    /// Gives seconds since 1970-01-01T00:00:00Z.
    pub const fn unix(self) -> i64 {
        self.0
    }

    /// Takes a UTC calendar date and time of day; `None` where the calendar has no such point.
    pub fn from_utc(year: i32, month: u8, day: u8, hour: u8, minute: u8, second: u8) -> Option<Moment> {
        let month = time::Month::try_from(month).ok()?;
        let date = Date::from_calendar_date(year, month, day).ok()?;
        let point = date.with_hms(hour, minute, second).ok()?;
        Some(Moment(point.assume_utc().unix_timestamp()))
    }

    /// Gives the moment that is `seconds` later (earlier, when negative).
    pub const fn plus(self, seconds: i64) -> Moment {
        Moment(self.0.saturating_add(seconds))
    }

    /// Gives the seconds from `earlier` to this moment; negative when it is the other way round.
    pub const fn since(self, earlier: Moment) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    fn calendar(self) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp(self.0).ok()
    }

    /// Gives the UTC date as `2026-11-22`.
    pub fn date(self) -> String {
        match self.calendar() {
            Some(point) => point.date().to_string(),
            None => self.to_string(),
        }
    }

    /// Gives UTC date and time to the minute as `2026-11-22 08:00`.
    pub fn to_minute(self) -> String {
        let layout = format_description!("[year]-[month]-[day] [hour]:[minute]");
        self.calendar().and_then(|point| point.format(layout).ok()).unwrap_or_else(|| self.to_string())
    }
}

impl fmt::Display for Moment {
    /// Writes RFC 3339 in UTC, `2026-11-22T08:00:00Z`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.calendar().and_then(|point| point.format(&Rfc3339).ok()) {
            Some(text) => f.write_str(&text),
            None => write!(f, "@{}", self.0),
        }
    }
}

impl std::str::FromStr for Moment {
    type Err = MomentError;

    fn from_str(text: &str) -> Result<Moment, MomentError> {
        let date = format_description!("[year]-[month]-[day]");
        OffsetDateTime::parse(text, &Rfc3339)
            .or_else(|_| {
                Date::parse(text, date).map(|day| PrimitiveDateTime::new(day, time::Time::MIDNIGHT).assume_utc())
            })
            .ok()
            // In UTC it may be after the last year that there is.
            .and_then(|point| point.checked_to_offset(UtcOffset::UTC))
            .map(|point| Moment(point.unix_timestamp()))
            .ok_or_else(|| MomentError { text: text.to_owned() })
    }
}

/// Says why a text is not a span of time.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not a duration: expected a number and a unit, such as 30d, 12h, 90m or 10s")]
pub struct SpanError {
    /// What was read.
    pub text: String,
}

/// Reads a span such as `30d`, `12h`, `90m`, `10s` or `2w`.
pub fn parse_span(text: &str) -> Result<Duration, SpanError> {
    let error = || SpanError { text: text.to_owned() };
    let unit = text.chars().last().ok_or_else(error)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3_600,
        'd' => 86_400,
        'w' => 604_800,
        _ => return Err(error()),
    };
    let count = text.strip_suffix(unit).unwrap_or_default();
    if count.is_empty() || !count.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(error());
    }
    let count: u64 = count.parse().map_err(|_| error())?;
    // A thousand years bounds everything that follows.
    count.checked_mul(seconds).filter(|&span| span <= 31_557_600_000).map(Duration::from_secs).ok_or_else(error)
}

/// Says in words how far `then` is from `moment`: `in 12 days`, `3 hours ago`. A day of the past that has begun counts, as
/// it does wherever days are numbers (-3 from the end of the second day on).
pub fn distance(then: Moment, moment: Moment) -> String {
    let seconds = then.since(moment);
    let (count, unit) = match seconds.unsigned_abs() {
        span @ 172_800.. if seconds < 0 => (span.div_ceil(86_400), "days"),
        span @ 172_800.. => (span / 86_400, "days"),
        span @ 86_400.. => (span / 86_400, "day"),
        span @ 7_200.. => (span / 3_600, "hours"),
        span @ 3_600.. => (span / 3_600, "hour"),
        span @ 120.. => (span / 60, "minutes"),
        span @ 60.. => (span / 60, "minute"),
        1 => (1, "second"),
        span => (span, "seconds"),
    };
    if seconds < 0 { format!("{count} {unit} ago") } else { format!("in {count} {unit}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_are_read_and_written_in_rfc_3339() {
        let moment: Moment = "2026-11-22T09:30:00+01:00".parse().unwrap();
        assert_eq!(moment.to_string(), "2026-11-22T08:30:00Z");
        assert_eq!("2026-11-22".parse::<Moment>().unwrap().to_string(), "2026-11-22T00:00:00Z");
        assert_eq!(moment.to_minute(), "2026-11-22 08:30");
        for bad in ["", "tomorrow", "2026-13-01", "2026-02-30", "1700000000"] {
            assert!(bad.parse::<Moment>().is_err(), "{bad}");
        }
        assert_eq!(Moment::from_utc(2026, 2, 29, 0, 0, 0), None);
        assert_eq!(Moment::from_unix(i64::MAX).to_string(), format!("@{}", i64::MAX));
    }

    #[test]
    fn spans_need_a_unit() {
        assert_eq!(parse_span("90m").unwrap(), Duration::from_secs(5_400));
        assert_eq!(parse_span("30d").unwrap(), Duration::from_secs(30 * 86_400));
        for bad in ["", "30", "d", "-1d", "1.5h", "99999999999999999999d", "1y", "+3d", "9999999999w"] {
            assert!(parse_span(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn distances_are_said_in_words() {
        let moment = Moment::from_unix(1_000_000);
        assert_eq!(distance(moment.plus(12 * DAY), moment), "in 12 days");
        assert_eq!(distance(moment.plus(-3 * 3_600), moment), "3 hours ago");
        for seconds in [-5 * DAY, -5 * DAY - 3_600, -2 * DAY, -6 * DAY + 1] {
            let days = moment.plus(seconds).since(moment).div_euclid(DAY);
            assert_eq!(distance(moment.plus(seconds), moment), format!("{} days ago", -days));
        }
        assert_eq!(distance(moment.plus(1), moment), "in 1 second");
    }
}
