//! Time stamps as logs write them.

use std::fmt;

#[cfg(test)]
mod tests;

use crate::moment::{DAY, Moment};

/// The time that a line of a log states.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Seconds since 1970, of UTC or of the clock on the wall.
    seconds: i64,
    /// Whether the line says how far its clock is from UTC.
    is_utc: bool,
}

impl Stamp {
    /// Gives the seconds from `earlier` to this time.
    pub(super) fn since(self, earlier: Stamp) -> i64 {
        self.seconds.saturating_sub(earlier.seconds)
    }
}

impl fmt::Display for Stamp {
    /// Writes RFC 3339: `2026-11-22T08:00:00Z`, or without the `Z` where the log does not name its zone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = Moment::from_unix(self.seconds).to_string();
        f.write_str(if self.is_utc { &text } else { text.trim_end_matches('Z') })
    }
}

/// Reads time stamps, one after the other: a line may leave out what an earlier one has said.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    now: Moment,
    last: Option<Stamp>,
}

/// How far into a line its time stamp is looked for, in bytes.
const FAR: usize = 100;

/// Words before a time that is not that of the line.
const OTHER_TIMES: &[&str] = &[
    "notafter",
    "notbefore",
    "not after",
    "not before",
    "valid",
    "gültig",
    "expire",
    "current time",
    "since",
    "until",
];

/// Names of what holds the time in lines of JSON.
const KEYS: &[&str] =
    &["\"time\":", "\"@timestamp\":", "\"timestamp\":", "\"ts\":", "\"Timestamp\":", "\"t\":{\"$date\":"];

impl Clock {
    pub(super) fn new(now: Moment) -> Clock {
        Clock { now, last: None }
    }

    /// Reads the time of a line.
    pub(super) fn read(&mut self, line: &str) -> Option<Stamp> {
        let stamp = self.find(line)?;
        self.last = Some(stamp);
        Some(stamp)
    }

    /// Says whether a line states its time.
    pub(super) fn is_stamped(&self, line: &str) -> bool {
        self.find(line).is_some()
    }

    fn find(&self, line: &str) -> Option<Stamp> {
        if line.starts_with('{') {
            for key in KEYS {
                let Some(at) = line.find(key) else { continue };
                let start = at.saturating_add(key.len());
                let value = line.get(start..)?.trim_start().trim_start_matches('"');
                let mut scan = Scan { text: value.as_bytes(), at: 0 };
                if let Some(stamp) = scan.stamp(self, true) {
                    return Some(stamp);
                }
            }
        }
        let bytes = line.as_bytes();
        let mut before = b' ';
        for (at, &byte) in bytes.iter().take(FAR).enumerate() {
            let is_start =
                byte.is_ascii_alphanumeric() && !before.is_ascii_alphanumeric() && !b".:-/".contains(&before);
            let is_first = at == 0 || (at == 1 && before == b'[');
            before = byte;
            if !is_start {
                continue;
            }
            let mut scan = Scan { text: bytes, at };
            if let Some(stamp) = scan.stamp(self, is_first) {
                let ahead = line.get(..at).unwrap_or_default().to_lowercase();
                return (!OTHER_TIMES.iter().any(|words| ahead.contains(words))).then_some(stamp);
            }
        }
        None
    }

    /// A date without its year: the last such day that is not in the future.
    fn year_of(&self, month: u8, day: u8) -> Option<i32> {
        let this: i32 = self.now.date().get(..4)?.parse().ok()?;
        let year = self.last.and_then(|last| Moment::from_unix(last.seconds).date().get(..4)?.parse().ok());
        if let Some(year) = year {
            return Some(year);
        }
        // A day of tolerance, for other zones.
        let is_past = |year| Moment::from_utc(year, month, day, 0, 0, 0).is_some_and(|it| it <= self.now.plus(DAY));
        (0..8).map(|back| this.saturating_sub(back)).find(|&year| is_past(year))
    }
}

/// Reads on from a place in a line.
struct Scan<'a> {
    text: &'a [u8],
    at: usize,
}

/// A time of day, in seconds.
struct Time {
    seconds: i64,
    /// Whether it was written with AM or PM.
    is_halved: bool,
}

const MONTHS: [&str; 12] = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// German names that differ.
const MONTHS_OF_GERMAN: [(&str, u8); 4] = [("mär", 3), ("mai", 5), ("okt", 10), ("dez", 12)];

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Scan<'_> {
    fn peek(&self) -> u8 {
        self.text.get(self.at).copied().unwrap_or_default()
    }

    fn eat(&mut self, any: &[u8]) -> Option<u8> {
        let byte = *self.text.get(self.at)?;
        any.contains(&byte).then(|| {
            self.at = self.at.saturating_add(1);
            byte
        })
    }

    fn skip(&mut self, any: &[u8]) -> usize {
        let start = self.at;
        while self.eat(any).is_some() {}
        self.at.saturating_sub(start)
    }

    fn number(&mut self, least: usize, most: usize) -> Option<i64> {
        let rest = self.text.get(self.at..)?;
        let length = rest.iter().take(most.saturating_add(1)).take_while(|byte| byte.is_ascii_digit()).count();
        if length < least || length > most {
            return None;
        }
        let digits = str::from_utf8(rest.get(..length)?).ok()?;
        self.at = self.at.saturating_add(length);
        digits.parse().ok()
    }

    fn two(&mut self) -> Option<u8> {
        self.number(1, 2).and_then(|number| u8::try_from(number).ok())
    }

    /// A word of letters, in lower case.
    fn word(&mut self) -> Option<String> {
        let rest = self.text.get(self.at..)?;
        let length = rest.iter().take(12).take_while(|byte| byte.is_ascii_alphabetic() || **byte >= 0x80).count();
        let word = str::from_utf8(rest.get(..length)?).ok()?.to_lowercase();
        self.at = self.at.saturating_add(length);
        (!word.is_empty()).then_some(word)
    }

    fn month(&mut self) -> Option<u8> {
        let word = self.word()?;
        let found = MONTHS.iter().zip(1..).find(|(name, _)| word.starts_with(**name)).map(|(_, number)| number);
        let german = || MONTHS_OF_GERMAN.iter().find(|(name, _)| word.starts_with(name)).map(|(_, number)| *number);
        found.or_else(german).filter(|_| word.chars().count() <= 4)
    }

    /// `08:14:56`, perhaps with a fraction, AM or PM.
    fn time(&mut self) -> Option<Time> {
        let hour = self.number(1, 2)?;
        self.eat(b":")?;
        let minute = self.number(2, 2)?;
        let mut second = 0;
        if self.peek() == b':' {
            self.eat(b":")?;
            second = self.number(2, 2)?;
            if matches!(self.peek(), b'.' | b',')
                && self.text.get(self.at.saturating_add(1)).is_some_and(u8::is_ascii_digit)
            {
                self.eat(b".,")?;
                self.skip(b"0123456789");
            }
        }
        let mut time = Time { seconds: 0, is_halved: false };
        let mut hour = hour;
        let before = self.at;
        self.skip(b" ");
        match self.word().as_deref() {
            Some("am") if hour <= 12 => (hour, time.is_halved) = (hour % 12, true),
            Some("pm") if hour <= 12 => (hour, time.is_halved) = ((hour % 12).saturating_add(12), true),
            _ => self.at = before,
        }
        if hour > 23 || minute > 59 || second > 60 {
            return None;
        }
        time.seconds = hour.saturating_mul(3600).saturating_add(minute.saturating_mul(60)).saturating_add(second);
        Some(time)
    }

    /// `Z`, `+02:00`, ` +0200`, ` UTC`: seconds east of UTC; none where nothing of the kind stands there.
    fn zone(&mut self) -> Option<i64> {
        let before = self.at;
        if self.eat(b"Z").is_some() {
            return Some(0);
        }
        self.skip(b" ");
        let zone = match self.eat(b"+-") {
            Some(sign) => self.offset().map(|offset| if sign == b'-' { offset.saturating_neg() } else { offset }),
            None => match self.word().as_deref() {
                Some("utc" | "gmt" | "z") => Some(0),
                _ => None,
            },
        };
        if zone.is_none() {
            self.at = before;
        }
        zone
    }

    fn offset(&mut self) -> Option<i64> {
        let (hours, minutes) = match self.number(4, 4) {
            Some(both) => (both.checked_div(100)?, both % 100),
            None => {
                let hours = self.number(2, 2)?;
                let minutes = if self.eat(b":").is_some() { self.number(2, 2)? } else { 0 };
                (hours, minutes)
            }
        };
        (hours <= 14 && minutes < 60).then(|| hours.saturating_mul(3600).saturating_add(minutes.saturating_mul(60)))
    }

    /// What stands between a date and its time.
    fn gap(&mut self) -> Option<()> {
        let is_t = self.eat(b"T").is_some();
        let length = if is_t { 1 } else { self.skip(b" _,;\t\":") };
        (1..=6).contains(&length).then_some(())
    }

    fn stamp(&mut self, clock: &Clock, is_first: bool) -> Option<Stamp> {
        let start = self.at;
        let tries: [fn(&mut Self, &Clock) -> Option<Stamp>; 5] =
            [Scan::year_first, Scan::day_first, Scan::with_name, Scan::epoch, Scan::time_only];
        // A bare number or time is one at the beginning alone.
        let count = if is_first { tries.len() } else { 3 };
        tries.into_iter().take(count).find_map(|attempt| {
            self.at = start;
            attempt(self, clock)
        })
    }

    /// The rest of a stamp whose date is known.
    fn close(&mut self, year: i64, month: u8, day: u8, time: &Time) -> Option<Stamp> {
        let zone = self.zone();
        let midnight = Moment::from_utc(i32::try_from(year).ok()?, month, day, 0, 0, 0)?;
        let seconds = midnight.unix().saturating_add(time.seconds).saturating_sub(zone.unwrap_or(0));
        Some(Stamp { seconds, is_utc: zone.is_some() })
    }

    /// `2026-10-05T08:14:56`, `2026/10/05 08:14:56`.
    fn year_first(&mut self, _: &Clock) -> Option<Stamp> {
        let year = self.number(4, 4)?;
        let mark = self.eat(b"-/.")?;
        let month = self.two()?;
        self.eat(&[mark])?;
        let day = self.two()?;
        self.gap()?;
        let time = self.time()?;
        self.close(year, month, day, &time)
    }

    /// `05.10.2026 08:14:56`, `10/5/2026 8:14:56 AM`.
    fn day_first(&mut self, _: &Clock) -> Option<Stamp> {
        let first = self.two()?;
        let mark = self.eat(b"./-")?;
        let second = self.two()?;
        self.eat(&[mark])?;
        let year = self.number(4, 4)?;
        self.gap()?;
        let time = self.time()?;
        let is_american = mark == b'/' && first <= 12 && (second > 12 || time.is_halved);
        let (day, month) = if is_american { (second, first) } else { (first, second) };
        self.close(year, month, day, &time)
    }

    /// `05-Oct-2026 06:00:31`, `05/Oct/2026:06:00:31`, `5 Oct 09:31:02`, `Oct  5 09:31:02`, `Oct 05, 2026 6:00:31 AM`,
    /// `Mon Oct 05 13:05:40 2026`.
    fn with_name(&mut self, clock: &Clock) -> Option<Stamp> {
        let (month, day);
        if self.peek().is_ascii_digit() {
            day = self.two()?;
            self.skip(b". -/");
            month = self.month()?;
            self.skip(b".");
        } else {
            let start = self.at;
            let is_weekday = self.word().is_some_and(|word| DAYS.iter().any(|day| word.starts_with(day)));
            if is_weekday {
                self.skip(b", ");
                if self.peek().is_ascii_digit() {
                    return self.with_name(clock);
                }
            } else {
                self.at = start;
            }
            month = self.month()?;
            self.skip(b" ");
            day = self.two()?;
        }
        self.skip(b", -/");
        let before = self.at;
        let year = self.number(4, 4);
        match year {
            Some(_) => {
                self.skip(b" :,");
            }
            None => self.at = before,
        }
        let time = self.time()?;
        let year = match year {
            Some(year) => year,
            None => self.year_behind().or_else(|| clock.year_of(month, day).map(i64::from))?,
        };
        self.close(year, month, day, &time)
    }

    /// The year behind the time, perhaps with the name of a zone between: ` CEST 2026`.
    fn year_behind(&mut self) -> Option<i64> {
        let before = self.at;
        self.skip(b" ");
        if self.peek().is_ascii_uppercase() {
            self.word();
            self.skip(b" ");
        }
        let year = self.number(4, 4).filter(|year| (1970..2200).contains(year));
        if year.is_none() {
            self.at = before;
        }
        year
    }

    /// Seconds or milliseconds since 1970.
    fn epoch(&mut self, _: &Clock) -> Option<Stamp> {
        let start = self.at;
        let number = self.number(10, 13)?;
        let seconds = match self.at.saturating_sub(start) {
            10 => number,
            13 => number.checked_div(1000)?,
            _ => return None,
        };
        let is_ended = !self.peek().is_ascii_alphanumeric();
        (is_ended && (1_000_000_000..4_102_444_800).contains(&seconds)).then_some(Stamp { seconds, is_utc: true })
    }

    /// `09:31:03.551Z` on the day of the line before it.
    fn time_only(&mut self, clock: &Clock) -> Option<Stamp> {
        let last = clock.last?;
        let time = self.time()?;
        // Without seconds it may be a ratio or a port.
        let is_whole = self.text.get(..self.at)?.iter().filter(|byte| **byte == b':').count() == 2;
        let midnight = last.seconds.div_euclid(DAY).saturating_mul(DAY);
        let is_utc = self.zone().is_some() || last.is_utc;
        is_whole.then(|| Stamp { seconds: midnight.saturating_add(time.seconds), is_utc })
    }
}
