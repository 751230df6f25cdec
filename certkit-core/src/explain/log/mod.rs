//! Reads logs: of any length, as they come, each problem once.
//!
//! Bytes go in, problems come out. One automaton over the words of all programs runs over the text; only lines where it
//! finds something are looked at closely. Memory does not grow with the log, nor with the length of a line.

mod decode;
mod event;
mod evtx;
mod group;
mod lines;
mod packed;
mod stamp;

pub use decode::NoLog;
pub use evtx::is_evtx;
pub use group::Problem;
pub use packed::unpacked;
pub use stamp::Stamp;

use std::ops::Range;

use memchr::memmem;

use super::matcher::{self, recognise_below};
use super::normal::{text_of, walk_line};
use super::parts::Parts;
use crate::moment::Moment;
use decode::Decoder;
use evtx::Evtx;
use group::{Groups, Seen};
use lines::{goes_on, line_at, starts_copy, tells_success, without_colours};
use stamp::Clock;

/// The longest line that is looked at in one piece, in bytes.
const LONGEST: usize = 1 << 16;

/// How much is looked at in one go, in bytes.
const BLOCK: usize = 1 << 20;

/// How many lines may belong together.
const TOGETHER: usize = 80;

/// How many lines before are looked at for the name of a program or a host.
const BEFORE: usize = 3;

/// How many bytes tell how a log is written.
const START: usize = 4096;

/// A log that is being read.
pub struct Log {
    /// Whose words are looked for; empty for all.
    program: String,
    /// The beginning, until it is long enough to tell how the log is written.
    start: Vec<u8>,
    decoder: Option<Decoder>,
    /// What takes an event log apart; its events are XML.
    evtx: Option<Evtx>,
    is_xml: bool,
    /// Text that was not looked at yet.
    text: Vec<u8>,
    /// Events that have not come whole.
    events: Vec<u8>,
    /// The lines that came last, for the company of those that follow.
    before: Vec<String>,
    /// How many lines were looked at.
    lines: u64,
    is_in_line: bool,
    clock: Clock,
    groups: Groups,
    plain: Vec<u8>,
}

/// A line of the text that is looked at.
struct Line {
    range: Range<usize>,
    number: u64,
    /// Where it begins in the comparable text.
    plain: usize,
}

impl Log {
    /// Begins a log; `now` helps where a line leaves out the year, `program` narrows to the words of one.
    pub fn new(now: Moment, program: &str) -> Log {
        Log {
            program: program.to_owned(),
            start: Vec::new(),
            decoder: None,
            evtx: None,
            is_xml: false,
            text: Vec::new(),
            events: Vec::new(),
            before: Vec::new(),
            lines: 0,
            is_in_line: false,
            clock: Clock::new(now),
            groups: Groups::default(),
            plain: Vec::new(),
        }
    }

    /// Takes up the next bytes. Cost linear in their number.
    pub fn push(&mut self, bytes: &[u8]) {
        if self.decoder.is_none() {
            self.start.extend_from_slice(bytes);
            if self.start.len() >= START {
                self.begin();
            }
            return;
        }
        for piece in bytes.chunks(BLOCK) {
            self.decode(piece);
            if self.text.len() >= BLOCK {
                self.look(false);
            }
        }
    }

    fn begin(&mut self) {
        let start = std::mem::take(&mut self.start);
        self.evtx = is_evtx(&start).then(Evtx::new);
        let mut decoder = Decoder::of(&start);
        let mut text = Vec::new();
        match &mut self.evtx {
            Some(evtx) => evtx.push(&start, &mut text),
            None => decoder.push(&start, &mut text),
        }
        self.is_xml = self.evtx.is_some() || event::is_xml(&text);
        self.decoder = Some(decoder);
        self.add(&text);
    }

    fn decode(&mut self, bytes: &[u8]) {
        let Some(decoder) = &mut self.decoder else { return };
        if self.is_xml {
            let mut text = Vec::new();
            match &mut self.evtx {
                Some(evtx) => evtx.push(bytes, &mut text),
                None => decoder.push(bytes, &mut text),
            }
            self.add(&text);
        } else {
            decoder.push(bytes, &mut self.text);
        }
    }

    fn add(&mut self, text: &[u8]) {
        if !self.is_xml {
            self.text.extend_from_slice(text);
            return;
        }
        self.events.extend_from_slice(text);
        let mut from = 0;
        while let Some(at) = memmem::find(self.events.get(from..).unwrap_or_default(), event::END) {
            let end = from.saturating_add(at).saturating_add(event::END.len());
            let event = self.events.get(from..end).unwrap_or_default();
            // What is longer than an event may be is cut, its beginning says what it is.
            let event = event.get(..event.len().min(event::LONGEST)).unwrap_or_default();
            self.text.extend_from_slice(event::line(&text_of(event)).as_bytes());
            self.text.push(b'\n');
            from = end;
        }
        self.events.drain(..from);
        if self.events.len() > event::LONGEST.saturating_mul(2) {
            // No end in sight: the beginning is kept, and what may be the beginning of the end.
            let tail = self.events.split_off(self.events.len().saturating_sub(event::END.len()));
            self.events.truncate(event::LONGEST);
            self.events.extend_from_slice(&tail);
        }
    }

    /// Looks at all that has come, as where a running log pauses: what follows is new.
    pub fn pause(&mut self) {
        if self.decoder.is_none() && !self.start.is_empty() {
            self.begin();
        }
        self.evtx.iter_mut().for_each(Evtx::end);
        self.look(true);
        self.groups.close();
    }

    /// Begins a new file, as where a log was rotated or cut; the problems stay.
    pub fn restart(&mut self) {
        self.pause();
        self.decoder = None;
        self.events.clear();
        self.text.clear();
        self.before.clear();
        self.lines = 0;
        self.is_in_line = false;
    }

    /// Gives the number of lines so far; of an event log, that of events.
    pub fn lines(&self) -> u64 {
        self.lines
    }

    /// Gives the number of bytes so far that stand in pieces of this file which are no text.
    pub fn binary(&self) -> u64 {
        self.decoder.as_ref().map_or(0, |decoder| decoder.binary)
    }

    /// Gives how many events of an event log of Windows, or pieces with events, could not be read so far.
    pub fn damaged(&self) -> u64 {
        self.evtx.as_ref().map_or(0, |evtx| evtx.damaged)
    }

    /// Gives the problems so far, in the order of their first lines.
    pub fn problems(&self) -> Vec<Problem> {
        self.groups.problems()
    }

    /// Looks at the text that has come; at all of it where nothing follows. Cost linear in the text.
    fn look(&mut self, is_end: bool) {
        let text = std::mem::take(&mut self.text);
        let mut plain = std::mem::take(&mut self.plain);
        plain.clear();
        let mut lines = self.split(&text, is_end);
        for line in &mut lines {
            line.plain = plain.len();
            walk_line(text.get(line.range.clone()).unwrap_or_default(), &mut plain);
        }
        let keep = if is_end { lines.len() } else { self.whole(&text, &lines) };
        let mut is_done = 0;
        let line_of = |place: usize| lines.partition_point(|line| line.plain <= place).saturating_sub(1);
        let mut heads: Vec<Option<bool>> = vec![None; lines.len()];
        matcher::each_place(&plain, |place| {
            let last = line_of(place.end.saturating_sub(1));
            if last >= is_done && last < keep {
                let first = line_of(place.start).max(is_done);
                let together = self.together(&text, &lines, first..last.saturating_add(1), &mut heads);
                is_done = together.end;
                self.record(&text, &lines, together);
            }
        });
        let end = match lines.get(keep) {
            Some(line) => line.range.start,
            None => lines.last().map_or(0, |line| line.range.end),
        };
        self.remember(&text, &lines, keep);
        self.text = text;
        self.text.drain(..end);
        self.plain = plain;
    }

    /// Takes the text apart; what has no end yet is left, unless it is too long or nothing follows.
    fn split(&mut self, text: &[u8], is_end: bool) -> Vec<Line> {
        let mut lines = Vec::with_capacity(text.len().div_ceil(100));
        let mut start = 0;
        let mut number = self.lines;
        let mut is_in_line = self.is_in_line;
        while start < text.len() {
            let limit = start.saturating_add(LONGEST).min(text.len());
            let found = memchr::memchr(b'\n', text.get(start..limit).unwrap_or_default());
            let end = match found {
                Some(at) => start.saturating_add(at).saturating_add(1),
                None if limit < text.len() || is_end => limit,
                None => break,
            };
            if !is_in_line {
                number = number.saturating_add(1);
            }
            is_in_line = found.is_none();
            lines.push(Line { range: start..end, number, plain: 0 });
            start = end;
        }
        lines
    }

    /// Says how many lines can have no more lines that belong to them.
    fn whole(&mut self, text: &[u8], lines: &[Line]) -> usize {
        let least = lines.len().saturating_sub(TOGETHER);
        let last = (least.max(1)..lines.len()).rev().find(|&at| self.is_head(text, lines, at, &mut []));
        last.unwrap_or(lines.len())
    }

    fn line<'a>(text: &'a [u8], lines: &[Line], at: usize) -> std::borrow::Cow<'a, str> {
        let range = lines.get(at).map(|line| line.range.clone()).unwrap_or_default();
        let bytes = text.get(range).unwrap_or_default();
        without_colours(text_of(bytes.get(..bytes.len().min(2048)).unwrap_or_default()))
    }

    /// Says whether a line begins something new: it has a time stamp and does not go on like a stack trace.
    ///
    /// What was found out is kept in `heads`, since lines are asked about again and again.
    fn is_head(&self, text: &[u8], lines: &[Line], at: usize, heads: &mut [Option<bool>]) -> bool {
        if let Some(Some(known)) = heads.get(at) {
            return *known;
        }
        let line = Log::line(text, lines, at);
        let is_head = starts_copy(&line) || (!goes_on(&line) && self.clock.is_stamped(&line));
        if let Some(head) = heads.get_mut(at) {
            *head = Some(is_head);
        }
        is_head
    }

    /// Finds the lines that belong together with some of them.
    fn together(&self, text: &[u8], lines: &[Line], own: Range<usize>, heads: &mut [Option<bool>]) -> Range<usize> {
        let least = own.start.saturating_sub(TOGETHER);
        let before = || (least..=own.start).rev();
        let head = before().find(|&at| self.is_head(text, lines, at, heads));
        // The time of a copy from the event viewer stands in one of its lines.
        let is_of_copy =
            |head: usize| ["Date:", "Datum:"].iter().any(|it| Log::line(text, lines, head).starts_with(it));
        let nearest = head.filter(|&head| !is_of_copy(head)).unwrap_or(least);
        let copy = (nearest..=own.start).rev().find(|&at| starts_copy(&Log::line(text, lines, at)));
        let start = match (copy, head) {
            (Some(copy), _) => copy,
            (None, Some(head)) => head,
            (None, None) => before().find(|&at| !goes_on(&Log::line(text, lines, at))).unwrap_or(own.start),
        };
        let most = start.saturating_add(TOGETHER).max(own.end).min(lines.len());
        let is_over = |&at: &usize| match (copy, head) {
            (Some(_), _) => {
                starts_copy(&Log::line(text, lines, at)) || (self.is_head(text, lines, at, heads) && !is_of_copy(at))
            }
            (None, Some(_)) => self.is_head(text, lines, at, heads),
            (None, None) => !goes_on(&Log::line(text, lines, at)),
        };
        let end = (own.end..most).find(is_over).unwrap_or(most);
        start..end
    }

    /// Looks closely at lines that belong together.
    fn record(&mut self, text: &[u8], lines: &[Line], together: Range<usize>) {
        let (Some(first), Some(last)) = (lines.get(together.start), lines.get(together.end.saturating_sub(1))) else {
            return;
        };
        let bytes = text.get(first.range.start..last.range.end).unwrap_or_default();
        let own = text_of(bytes.get(..bytes.len().min(LONGEST.saturating_mul(2))).unwrap_or_default());
        let mut hits = recognise_below(&own, || self.company(text, lines, together.start).join(" "));
        hits.retain(|hit| self.program.is_empty() || hit.known.is_of(&self.program));
        hits.retain(|hit| !hit.known.entry.is_harmless());
        hits.retain(|hit| !tells_success(line_at(&own, hit.span.start)));
        if hits.is_empty() {
            return;
        }
        let time = own.lines().take(TOGETHER).find_map(|line| self.clock.read(&without_colours(line.into())));
        let mut parts = Parts::of(&own, &hits);
        if parts.hosts.is_empty() && parts.peers.is_empty() {
            // Who it was about may stand in a line before, of the same second; the nearest counts.
            let of_same_time = |line: &&String| time.is_some() && { self.clock }.read(line) == time;
            let company = self.company(text, lines, together.start);
            let mut near = company.iter().rev().take_while(of_same_time).map(|line| Parts::of(line, &[]));
            if let Some(found) = near.find(|it| !it.hosts.is_empty() || !it.peers.is_empty()) {
                parts.join(&found);
            }
        }
        self.groups.take(&Seen { text: &own, hits: &hits, line: first.number, time, parts });
    }

    /// Gives the lines before one, the nearest last.
    fn company(&self, text: &[u8], lines: &[Line], start: usize) -> Vec<String> {
        let line_before = |back: usize| match start.checked_sub(back) {
            Some(at) => Some(Log::line(text, lines, at).into_owned()),
            None => {
                let missing = back.saturating_sub(start);
                self.before.len().checked_sub(missing).and_then(|at| self.before.get(at)).cloned()
            }
        };
        (1..=BEFORE).rev().filter_map(line_before).collect()
    }

    /// Keeps what the next lines may need of those that were looked at.
    fn remember(&mut self, text: &[u8], lines: &[Line], count: usize) {
        for at in count.saturating_sub(BEFORE)..count {
            self.before.push(Log::line(text, lines, at).into_owned());
        }
        let over = self.before.len().saturating_sub(BEFORE);
        self.before.drain(..over);
        if let Some(last) = count.checked_sub(1).and_then(|at| lines.get(at)) {
            self.lines = last.number;
            self.is_in_line = text.get(last.range.end.saturating_sub(1)) != Some(&b'\n');
        }
    }
}
