//! How early to warn.

use std::fmt;

use certkit_core::moment::{DAY, Moment, parse_span};

/// How much validity must at least be left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Threshold {
    /// So many seconds.
    Seconds(i64),
    /// So many hundredths of the whole lifetime, 1 to 99.
    Percent(u8),
}

/// Says why a text is no threshold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is no threshold: expected days such as 30 or 30d, another span such as 12h, or a share of the lifetime such as 20%"
)]
pub struct ThresholdError {
    /// What was read.
    pub text: String,
}

impl Threshold {
    /// Makes a threshold of whole days.
    pub const fn days(days: u16) -> Threshold {
        Threshold::Seconds((days as i64).saturating_mul(DAY))
    }

    /// Says whether less than this is left at `moment` of a validity. Without a start, a share of
    /// the lifetime cannot be told, and counts as reached.
    pub fn is_reached(self, start: Option<Moment>, end: Moment, moment: Moment) -> bool {
        let left = end.since(moment);
        match self {
            Threshold::Seconds(seconds) => left < seconds,
            Threshold::Percent(percent) => start.is_none_or(|start| {
                let lifetime = i128::from(end.since(start));
                i128::from(left).saturating_mul(100) < lifetime.saturating_mul(i128::from(percent))
            }),
        }
    }

    /// Gives the threshold in days for one validity, as monitoring draws it beside a value.
    pub fn in_days(self, start: Option<Moment>, end: Moment) -> i64 {
        match self {
            Threshold::Seconds(seconds) => seconds.div_euclid(DAY),
            Threshold::Percent(percent) => {
                let lifetime = start.map_or(0, |start| end.since(start));
                lifetime.saturating_mul(i64::from(percent)).div_euclid(DAY.saturating_mul(100))
            }
        }
    }
}

impl fmt::Display for Threshold {
    /// Writes what [`FromStr`](std::str::FromStr) reads: `30d`, `36h`, `20%`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Threshold::Percent(percent) => write!(f, "{percent}%"),
            Threshold::Seconds(seconds) => {
                for (unit, length) in [("d", DAY), ("h", 3_600), ("m", 60)] {
                    if seconds.checked_rem(length) == Some(0) {
                        return write!(f, "{}{unit}", seconds.div_euclid(length));
                    }
                }
                write!(f, "{seconds}s")
            }
        }
    }
}

impl std::str::FromStr for Threshold {
    type Err = ThresholdError;

    /// Reads `30`, `30:` and `30d` as days, spans such as `12h`, and `20%`.
    fn from_str(text: &str) -> Result<Threshold, ThresholdError> {
        let error = || ThresholdError { text: text.to_owned() };
        if let Some(percent) = text.strip_suffix('%') {
            let percent: u8 = percent.parse().map_err(|_| error())?;
            return if (1..=99).contains(&percent) { Ok(Threshold::Percent(percent)) } else { Err(error()) };
        }
        // The range of monitoring plugins that alerts below 30 is written `30:`.
        let bare = text.strip_suffix(':').unwrap_or(text);
        let is_number = !bare.is_empty() && bare.bytes().all(|digit| digit.is_ascii_digit());
        let span = if is_number { parse_span(&format!("{bare}d")) } else { parse_span(text) };
        let span = span.map_err(|_| error())?;
        i64::try_from(span.as_secs()).map(Threshold::Seconds).map_err(|_| error())
    }
}

/// When to warn, and when it is critical.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Thresholds {
    /// Less than this: a warning.
    pub warning: Threshold,
    /// Less than this: critical.
    pub critical: Threshold,
}

impl Thresholds {
    /// What certificates are held to unless the user says otherwise: 30 and 7 days.
    pub const CERTIFICATE: Thresholds = Thresholds { warning: Threshold::days(30), critical: Threshold::days(7) };
    /// What revocation lists are held to: shares of their lifetime, which is hours here and a year there.
    pub const REVOCATION_LIST: Thresholds =
        Thresholds { warning: Threshold::Percent(20), critical: Threshold::Percent(5) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_read_as_people_and_plugins_write_them() {
        let read = |text: &str| text.parse::<Threshold>().unwrap();
        assert_eq!(read("30"), Threshold::days(30));
        assert_eq!(read("30:"), Threshold::days(30));
        assert_eq!(read("30d"), Threshold::days(30));
        assert_eq!(read("12h"), Threshold::Seconds(43_200));
        assert_eq!(read("20%"), Threshold::Percent(20));
        for bad in ["", ":", "%", "0%", "100%", "-3", "3x", "30d:", "1.5%"] {
            assert!(bad.parse::<Threshold>().is_err(), "{bad}");
        }
        for text in ["30d", "36h", "90m", "61s", "5%"] {
            assert_eq!(read(text).to_string(), text);
        }
    }

    #[test]
    fn a_threshold_is_reached_when_less_is_left() {
        let at = Moment::from_unix;
        let days = Threshold::days(1);
        assert!(!days.is_reached(None, at(DAY), at(0)));
        assert!(days.is_reached(None, at(DAY - 1), at(0)));
        let share = Threshold::Percent(10);
        assert!(!share.is_reached(Some(at(0)), at(1000), at(900)));
        assert!(share.is_reached(Some(at(0)), at(1000), at(901)));
        assert!(share.is_reached(None, at(1000), at(0)));
        assert_eq!(share.in_days(Some(at(0)), at(100 * DAY)), 10);
    }
}
