//! What was recognised in a log, as problems: each once, however often and in however many lines it is told.

use std::collections::VecDeque;

use super::lines::line_at;
use super::stamp::Stamp;
use crate::check::Severity;
use crate::explain::entry::Known;
use crate::explain::level::is_quiet;
use crate::explain::matcher::Hit;
use crate::explain::parts::Parts;
use crate::explain::reason::{self, Reason};

/// How many places and hosts are kept of one problem.
const KEPT: usize = 16;

/// How near lines have to be to tell of one problem.
const NEAR: Reach = Reach { lines: 12, seconds: 2 };

/// How far behind a problem words may stand that only announce it again.
const FAR: Reach = Reach { lines: 40, seconds: 60 };

#[derive(Clone, Copy)]
struct Reach {
    lines: u64,
    seconds: i64,
}

/// Lines that belong together, with what was recognised in them.
pub(super) struct Seen<'a> {
    pub(super) text: &'a str,
    pub(super) hits: &'a [Hit],
    /// The number of the first line.
    pub(super) line: u64,
    pub(super) time: Option<Stamp>,
    pub(super) parts: Parts,
}

/// A problem of a log.
#[derive(Clone, Debug)]
pub struct Problem {
    /// What it is.
    pub known: Known,
    /// The words by which it was recognised first.
    pub words: String,
    /// How often it happened; lines that tell of it together count once.
    pub count: u64,
    /// When it happened first, by the first time stamp.
    pub first: Option<Stamp>,
    /// When it happened last.
    pub last: Option<Stamp>,
    /// The hosts that its lines name, those that connected included; at most 16.
    pub hosts: Vec<String>,
    /// The numbers of its lines, from 1; at most 16.
    pub lines: Vec<u64>,
    /// What else was recognised in its lines.
    pub also: Vec<Known>,
    /// What its lines name.
    pub parts: Parts,
    /// Whether the log tells it as news of no weight, each time.
    pub is_quiet: bool,
}

/// How much words say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Weight {
    /// They announce a reason.
    Frame,
    /// They say that something was refused or broke, and hardly why.
    General,
    /// They name the fault.
    Reason,
}

fn weight(known: Known) -> Weight {
    if known.entry.is_frame {
        Weight::Frame
    } else if reason::GENERAL.iter().any(|general| std::ptr::eq(*general, known.entry.reason)) {
        Weight::General
    } else {
        Weight::Reason
    }
}

/// A problem as it happens, to which lines may still be added.
struct Sight {
    problem: Problem,
    weight: Weight,
    last_line: u64,
    /// What each group of lines was recognised by.
    told: Vec<Vec<Mark>>,
}

/// Which pattern it was.
type Mark = (*const u8, usize);

fn marks(hits: &[Hit]) -> Vec<Mark> {
    let mut marks: Vec<Mark> = hits.iter().map(|hit| (hit.known.entry.code.as_ptr(), hit.literal)).collect();
    marks.sort_unstable();
    marks
}

/// Gathers problems. Memory is bounded by the number of entries.
#[derive(Default)]
pub(super) struct Groups {
    problems: Vec<Problem>,
    open: VecDeque<Sight>,
}

impl Groups {
    /// Takes up what was recognised in a group of lines.
    pub(super) fn take(&mut self, seen: &Seen<'_>) {
        self.close_before(seen);
        let chosen = chosen(seen.hits, seen.text);
        for hit in &chosen {
            let sight = Sight::new(hit, seen, &chosen);
            match self.open.iter().rposition(|open| open.takes(&sight)) {
                Some(at) => {
                    if let Some(open) = self.open.get_mut(at) {
                        open.add(sight);
                    }
                }
                None => self.open.push_back(sight),
            }
        }
        while self.open.len() > 64 {
            self.close_first();
        }
    }

    /// Ends what can have no more lines.
    fn close_before(&mut self, seen: &Seen<'_>) {
        let is_over = |sight: &Sight| !sight.is_within(FAR, seen.line, seen.time);
        while self.open.front().is_some_and(is_over) {
            self.close_first();
        }
    }

    fn close_first(&mut self) {
        let Some(sight) = self.open.pop_front() else { return };
        let new = sight.problem;
        match self.problems.iter_mut().find(|problem| problem.known.is(new.known)) {
            Some(problem) => problem.repeat(new),
            None => self.problems.push(new),
        }
    }

    /// Ends all that is open, as after a pause.
    pub(super) fn close(&mut self) {
        while !self.open.is_empty() {
            self.close_first();
        }
    }

    /// Gives the problems in the order of their first lines.
    pub(super) fn problems(&self) -> Vec<Problem> {
        let mut problems = self.problems.clone();
        problems.sort_by_key(|problem| problem.lines.first().copied());
        problems
    }
}

impl Problem {
    /// Gives how heavy it is.
    pub fn severity(&self) -> Severity {
        self.known.entry.severity(self.is_quiet)
    }

    fn repeat(&mut self, other: Problem) {
        self.count = self.count.saturating_add(other.count);
        self.first = self.first.or(other.first);
        self.last = other.last.or(self.last);
        self.add(other);
    }

    fn add(&mut self, other: Problem) {
        other.hosts.into_iter().for_each(|host| keep(&mut self.hosts, host));
        other.lines.into_iter().for_each(|line| keep(&mut self.lines, line));
        let also = other.also.into_iter().chain([other.known]);
        for known in also.filter(|known| !known.is(self.known)) {
            if !self.also.iter().any(|other| other.is(known)) {
                self.also.push(known);
            }
        }
        self.parts.join(&other.parts);
        self.is_quiet &= other.is_quiet;
    }
}

fn keep<T: PartialEq>(list: &mut Vec<T>, value: T) {
    if list.len() < KEPT && !list.contains(&value) {
        list.push(value);
    }
}

impl Sight {
    fn new(hit: &Hit, seen: &Seen<'_>, chosen: &[&Hit]) -> Sight {
        let others = seen.hits.iter().filter(|other| !chosen.iter().any(|it| it.known.is(other.known)));
        let words = seen.text.get(hit.span.clone()).unwrap_or_default();
        let line_of = |start: usize| {
            let before = seen.text.get(..start).unwrap_or_default();
            let breaks = memchr::memchr_iter(b'\n', before.as_bytes()).count();
            seen.line.saturating_add(u64::try_from(breaks).unwrap_or(0))
        };
        let mut lines = Vec::new();
        let mut also = Vec::new();
        for other in others {
            also.push(other.known);
        }
        let is_of_it = |it: &&Hit| it.known.is(hit.known) || (chosen.len() == 1 && !is_number(it, seen.text));
        let told = seen.hits.iter().filter(is_of_it).flat_map(|it| [it.span.start].into_iter().chain(it.again.clone()));
        let mut places: Vec<u64> = told.map(line_of).collect();
        places.sort_unstable();
        places.into_iter().for_each(|line| keep(&mut lines, line));
        let mut hosts = Vec::new();
        seen.parts.hosts.iter().chain(&seen.parts.peers).for_each(|host| keep(&mut hosts, host.clone()));
        Sight {
            weight: weight(hit.known),
            last_line: lines.last().copied().unwrap_or(seen.line),
            told: vec![marks(seen.hits)],
            problem: Problem {
                known: hit.known,
                words: words.split_whitespace().collect::<Vec<_>>().join(" "),
                count: 1,
                first: seen.time,
                last: seen.time,
                hosts,
                lines,
                also,
                parts: seen.parts.clone(),
                is_quiet: is_quiet(line_at(seen.text, hit.span.start)).or_else(|| is_quiet(seen.text)) == Some(true),
            },
        }
    }

    fn is_within(&self, reach: Reach, line: u64, time: Option<Stamp>) -> bool {
        let is_soon = match (self.problem.last, time) {
            (Some(last), Some(time)) => time.since(last).saturating_abs() <= reach.seconds,
            _ => true,
        };
        is_soon && line.saturating_sub(self.last_line) <= reach.lines
    }

    /// Says whether other lines tell of this problem.
    fn takes(&self, other: &Sight) -> bool {
        let (own, new) = (self.problem.known.entry, other.problem.known.entry);
        let is_near = |reach| {
            self.is_within(reach, other.problem.lines.first().copied().unwrap_or(other.last_line), other.problem.first)
        };
        let is_related = own.reason.findings.iter().any(|id| new.reason.findings.contains(id));
        let is_new_way = !other.told.iter().any(|told| self.told.contains(told));
        let is_told = match (self.weight, other.weight) {
            // Something that was announced is announced once more, or the announcement comes behind it.
            (_, Weight::Frame) => {
                is_near(if is_related { FAR } else { NEAR }) && (self.weight > Weight::Frame || is_new_way)
            }
            (Weight::Frame, _) => is_near(NEAR),
            (Weight::Reason, Weight::General) | (Weight::General, Weight::Reason) => is_near(NEAR) && is_related,
            (Weight::General, Weight::General) => is_near(NEAR) && is_new_way && is_related,
            (Weight::Reason, Weight::Reason) => {
                let are_timed = self.problem.last.is_some() && other.problem.first.is_some();
                let is_same = self.problem.known.is(other.problem.known)
                    || (are_timed && std::ptr::eq(own.reason, new.reason))
                    || covers(own.covers, new.reason)
                    || covers(new.covers, own.reason);
                is_near(NEAR) && is_new_way && is_same
            }
        };
        is_told && self.is_with(other)
    }

    /// Says whether both may be about the same connection: each has its own peer, and one host that it goes to.
    fn is_with(&self, other: &Sight) -> bool {
        let share = |own: &[String], new: &[String]| {
            own.is_empty() || new.is_empty() || own.iter().any(|one| new.iter().any(|other| is_same_host(one, other)))
        };
        share(&self.problem.parts.peers, &other.problem.parts.peers) && share(&self.problem.hosts, &other.problem.hosts)
    }

    fn add(&mut self, other: Sight) {
        let (own, new) = (self.problem.known.entry, other.problem.known.entry);
        let is_better = other.weight > self.weight || (other.weight == self.weight && covers(new.covers, own.reason));
        self.problem.last = other.problem.last.or(self.problem.last);
        self.last_line = self.last_line.max(other.last_line);
        self.told.truncate(KEPT);
        self.told.extend(other.told);
        if is_better {
            let old = std::mem::replace(&mut self.problem.known, other.problem.known);
            self.problem.also.retain(|known| !known.is(other.problem.known));
            self.problem.also.push(old);
            self.problem.words.clone_from(&other.problem.words);
            self.weight = other.weight;
        }
        self.problem.add(other.problem);
    }
}

/// Says whether an announcement is the number alone that every exception of .NET has.
fn is_number(hit: &Hit, text: &str) -> bool {
    let words = text.get(hit.span.clone()).unwrap_or_default();
    hit.known.entry.is_frame && words.starts_with(['0', '-']) && !words.contains(' ')
}

/// Says whether both may be the same host: one of them may leave out the port.
fn is_same_host(one: &str, other: &str) -> bool {
    let is_with_port = |host: &str, name: &str| {
        let (start, rest) = host.split_at_checked(name.len()).unwrap_or_default();
        rest.starts_with(':') && !name.contains(':') && start.eq_ignore_ascii_case(name)
    };
    one.eq_ignore_ascii_case(other) || is_with_port(one, other) || is_with_port(other, one)
}

fn covers(covered: &[&Reason], reason: &Reason) -> bool {
    covered.iter().any(|it| std::ptr::eq(*it, reason))
}

/// Chooses what lines tell: the words that say most, of a chain of causes the innermost, each reason once.
fn chosen<'a>(hits: &'a [Hit], text: &str) -> Vec<&'a Hit> {
    let Some(most) = hits.iter().map(|hit| weight(hit.known)).max() else { return Vec::new() };
    let mut best: Vec<&Hit> = hits.iter().filter(|hit| weight(hit.known) == most).collect();
    best.sort_by_key(|hit| (hit.span.start, hit.literal));
    let depth = |hit: &Hit| {
        let before = text.get(..hit.span.start).unwrap_or_default();
        before.matches("Caused by").count().saturating_add(before.matches("--->").count())
    };
    let deepest = best.iter().map(|hit| depth(hit)).max().unwrap_or(0);
    best.retain(|hit| depth(hit) == deepest || covers_any(hit, hits));
    if most < Weight::Reason {
        // What says little says it once: the first announcement that names faults, or the last that is told.
        let names_faults = |hit: &&&Hit| !hit.known.entry.reason.findings.is_empty();
        let told = match most {
            Weight::Frame => best.iter().find(names_faults).or(best.first()),
            _ => best.last(),
        };
        return told.copied().into_iter().collect();
    }
    let is_covered = |hit: &Hit| {
        best.iter().any(|other| !other.known.is(hit.known) && covers(other.known.entry.covers, hit.known.entry.reason))
    };
    let mut chosen: Vec<&Hit> = Vec::new();
    for hit in best.iter().filter(|hit| !is_covered(hit)) {
        match chosen.iter_mut().find(|other| std::ptr::eq(other.known.entry.reason, hit.known.entry.reason)) {
            Some(other) => *other = hit,
            None => chosen.push(hit),
        }
    }
    chosen
}

/// Says whether a hit tells better what another one tells.
fn covers_any(hit: &Hit, hits: &[Hit]) -> bool {
    hits.iter().any(|other| !other.known.is(hit.known) && covers(hit.known.entry.covers, other.known.entry.reason))
}
