//! Finds PEM blocks in text that may come in pieces.
//!
//! One scanner serves whole files and streams: it is shown a window of the text and
//! says how much of it is done with.

use memchr::{memchr, memchr_iter, memchr2_iter};

use super::base64::Decoder;
use super::encoding::Encoding;
use super::item::{Block, Position};
use super::label::Claim;
use super::opened::Means;
use super::reason::{Cut, Reason};
use super::sort::{Origin, sort};
use super::utf16::Layout;

const HYPHENS: &[u8] = b"-----";
const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";

/// No label has more characters.
const LABEL: usize = 96;

/// Whether more text comes after the window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    More,
    Nothing,
}

/// What became of a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A block ended after this many bytes; what it makes was appended.
    Block(usize),
    /// This many bytes are done with; for the next block more text is needed, if there is any.
    Starved(usize),
}

/// Keeps count while windows go by.
pub(super) struct Scanner<'p> {
    decoder: Decoder,
    /// Line of the window's first byte, counted from 1.
    line: u64,
    /// How many characters went by before the window.
    passed: u64,
    layout: Layout,
    blocks: usize,
    /// The last characters before the window that are not blank.
    before: [u8; 2],
    /// Whether the byte before the window was a carriage return.
    after_return: bool,
    /// What stores that stand in blocks are opened with.
    pub(super) means: Means<'p>,
}

impl<'p> Scanner<'p> {
    /// Starts at the first character of a text.
    pub(super) fn new(layout: Layout, means: Means<'p>) -> Scanner<'p> {
        let before = [b'\n'; 2];
        Scanner { decoder: Decoder::new(), line: 1, passed: 0, layout, blocks: 0, before, after_return: false, means }
    }

    /// What is left to open stores with.
    pub(super) fn into_means(self) -> Means<'p> {
        self.means
    }

    /// How many blocks went by.
    pub(super) fn blocks(&self) -> usize {
        self.blocks
    }

    /// Tells why the next block is not read.
    pub(super) fn stop(&self, why: Reason) -> Block {
        self.origin("data", Claim::Unknown).skip(why)
    }

    /// Reads the next block of `window` and appends what it makes to `found`.
    pub(super) fn step(&mut self, window: &[u8], after: After, found: &mut impl Extend<Block>) -> Step {
        let Some(begin) = self.find_begin(window) else {
            let kept = match after {
                After::More => BEGIN.len().saturating_sub(1),
                After::Nothing => 0,
            };
            let done = window.len().saturating_sub(kept);
            self.advance(window.get(..done).unwrap_or(window));
            return Step::Starved(done);
        };
        let (text, block) = window.split_at_checked(begin).unwrap_or((window, &[]));
        self.advance(text);
        match self.block(block, after, found) {
            Some(length) => {
                self.advance(block.get(..length).unwrap_or(block));
                // Files joined without a final line break: a BEGIN may follow at once.
                self.before = [b'\n'; 2];
                self.blocks = self.blocks.saturating_add(1);
                Step::Block(begin.saturating_add(length))
            }
            None => Step::Starved(begin),
        }
    }

    fn find_begin(&self, window: &[u8]) -> Option<usize> {
        let mut from = 0;
        while let Some(at) = find_hyphens(window, from) {
            let (text, rest) = window.split_at_checked(at)?;
            if rest.starts_with(BEGIN) && introduces(last_two(text, self.before)) {
                return Some(at);
            }
            from = at.saturating_add(1);
        }
        None
    }

    /// Reads the block that `text` starts with; `None` when it is not complete.
    fn block(&mut self, text: &[u8], after: After, found: &mut impl Extend<Block>) -> Option<usize> {
        let (label, body_start) = match marker(text, BEGIN.len()) {
            Marker::Whole { label, end } => (String::from_utf8_lossy(label), end),
            Marker::Short if after == After::More => return None,
            Marker::Short | Marker::Broken => {
                found.extend([self.origin("BEGIN", Claim::Unknown).skip(Reason::BeginLine)]);
                return Some(BEGIN.len());
            }
        };
        let claim = Claim::of(label.as_bytes());
        let origin = self.origin(&label, claim);
        let mut from = body_start;
        let (body_end, end) = loop {
            let Some(at) = find_hyphens(text, from) else {
                if text.len() > claim.text_limit() {
                    found.extend([origin.skip(Reason::TooLarge { limit: claim.text_limit() })]);
                    return Some(text.len());
                }
                if after == After::More {
                    return None;
                }
                found.extend([origin.skip(Reason::NoEnd(Cut::End))]);
                return Some(text.len());
            };
            let rest = text.get(at..).unwrap_or_default();
            if rest.starts_with(BEGIN) {
                let line = self.line_at(text, at);
                found.extend([origin.skip(Reason::NoEnd(Cut::Begin(line)))]);
                return Some(at);
            }
            if rest.starts_with(END) {
                break (at, at.saturating_add(END.len()));
            }
            from = at.saturating_add(1);
        };
        let body = text.get(body_start..body_end).unwrap_or_default();
        let (end_label, length) = match marker(text, end) {
            Marker::Whole { label, end } => (label, end),
            Marker::Short if after == After::More => return None,
            Marker::Short | Marker::Broken => {
                found.extend([origin.skip(Reason::EndLine)]);
                return Some(end);
            }
        };
        if end_label != label.as_bytes() {
            let end = String::from_utf8_lossy(end_label).into_owned();
            found.extend([origin.skip(Reason::LabelMismatch { end })]);
        } else if body.len() > claim.text_limit() {
            found.extend([origin.skip(Reason::TooLarge { limit: claim.text_limit() })]);
        } else {
            self.body(text, body, body_start, origin, found);
        }
        Some(length)
    }

    fn body(&mut self, text: &[u8], body: &[u8], start: usize, origin: Origin<'_>, found: &mut impl Extend<Block>) {
        let (dek_info, skipped) = headers(body);
        let data = body.get(skipped..).unwrap_or_default();
        match self.decoder.decode(data) {
            Ok(der) => {
                sort(der, &Origin { dek_info: dek_info.as_deref(), ..origin }, &mut self.means, found);
            }
            // Text of other worlds is not base64 throughout; what it is matters more.
            Err(_) if origin.claim == Claim::Unknown => found.extend([origin.skip(Reason::Label)]),
            Err(fault) => {
                let at = start.saturating_add(skipped).saturating_add(fault.at);
                let (line, offset) = (self.line_at(text, at), self.offset_at(at));
                found.extend([origin.skip(Reason::Base64 { line, offset, problem: fault.problem })]);
            }
        }
    }

    fn origin<'a>(&self, label: &'a str, claim: Claim) -> Origin<'a> {
        let block = self.blocks.saturating_add(1);
        let position = Position { block, member: None, line: Some(self.line), offset: self.offset_at(0) };
        Origin { label, claim, dek_info: None, encoding: Encoding::Pem, position }
    }

    fn line_at(&self, text: &[u8], at: usize) -> u64 {
        self.line.saturating_add(line_breaks(text.get(..at).unwrap_or(text), self.after_return))
    }

    fn offset_at(&self, at: usize) -> u64 {
        self.layout.offset(self.passed.saturating_add(at as u64))
    }

    fn advance(&mut self, text: &[u8]) {
        self.line = self.line_at(text, text.len());
        self.passed = self.passed.saturating_add(text.len() as u64);
        self.before = last_two(text, self.before);
        self.after_return = text.last().map_or(self.after_return, |&last| last == b'\r');
    }
}

/// Gives the line, counted from 1, of the character `at`.
pub(super) fn line_of(text: &[u8], at: usize) -> u64 {
    line_breaks(text.get(..at).unwrap_or(text), false).saturating_add(1)
}

/// Gives the lines of places that come one after the other, in one pass.
pub(super) struct Lines<'t> {
    text: &'t [u8],
    at: usize,
    line: u64,
}

impl<'t> Lines<'t> {
    /// Starts at the first line.
    pub(super) fn of(text: &'t [u8]) -> Lines<'t> {
        Lines { text, at: 0, line: 1 }
    }

    /// The line, counted from 1, of the character `at`, which is not before the last one that was asked for.
    pub(super) fn line(&mut self, at: usize) -> u64 {
        let after_return = self.at.checked_sub(1).is_some_and(|before| self.text.get(before) == Some(&b'\r'));
        let between = self.text.get(self.at..at).unwrap_or_default();
        self.line = self.line.saturating_add(line_breaks(between, after_return));
        self.at = at;
        self.line
    }
}

/// Counts line breaks: LF, CR LF, or CR alone.
fn line_breaks(text: &[u8], after_return: bool) -> u64 {
    let feeds = memchr_iter(b'\n', text).count();
    if !after_return && memchr(b'\r', text).is_none() {
        return feeds as u64;
    }
    let mut previous = after_return.then_some(None);
    let mut count = 0u64;
    for at in memchr2_iter(b'\n', b'\r', text) {
        let is_return = text.get(at) == Some(&b'\r');
        let second_half = !is_return && previous == Some(at.checked_sub(1));
        if !second_half {
            count = count.saturating_add(1);
        }
        previous = is_return.then_some(Some(at));
    }
    count
}

fn find_hyphens(text: &[u8], mut from: usize) -> Option<usize> {
    loop {
        let at = memchr(b'-', text.get(from..)?)?.checked_add(from)?;
        if text.get(at..)?.starts_with(HYPHENS) {
            return Some(at);
        }
        from = at.checked_add(1)?;
    }
}

/// The last two characters of `text` that are not blanks in front of what follows.
fn last_two(text: &[u8], before: [u8; 2]) -> [u8; 2] {
    let end = text.iter().rposition(|octet| !matches!(octet, b' ' | b'\t'));
    match end.map(|end| (end.checked_sub(1).and_then(|at| text.get(at)), text.get(end))) {
        Some((Some(&first), Some(&second))) => [first, second],
        Some((None, Some(&second))) => [before[1], second],
        _ => before,
    }
}

/// Says whether a BEGIN after these two characters is one, and not part of a sentence.
///
/// At the start of a line it is, and inside of quotes, tags and assignments. 0xbf ends a
/// byte order mark of UTF-8, 0xff stands for one of UTF-16.
fn introduces(before: [u8; 2]) -> bool {
    let [first, second] = before;
    b"\n\r\"'`=:>|,([{\xbf\xff".contains(&second) || matches!((first, second), (b'\\', b'n' | b'r'))
}

enum Marker<'a> {
    /// The label, and where the hyphens after it end.
    Whole { label: &'a [u8], end: usize },
    /// The line ends, or goes on for too long, without five hyphens.
    Broken,
    /// The text ends.
    Short,
}

/// Reads the label at `from`, up to the five hyphens.
fn marker(text: &[u8], from: usize) -> Marker<'_> {
    let rest = text.get(from..).unwrap_or_default();
    let near = rest.get(..LABEL).unwrap_or(rest);
    let line = near.iter().position(|octet| matches!(octet, b'\n' | b'\r')).and_then(|at| near.get(..at));
    match find_hyphens(line.unwrap_or(near), 0) {
        Some(at) => {
            let label = near.get(..at).unwrap_or_default().trim_ascii();
            Marker::Whole { label, end: from.saturating_add(at).saturating_add(HYPHENS.len()) }
        }
        None if line.is_none() && near.len() < LABEL => Marker::Short,
        None => Marker::Broken,
    }
}

/// Gives the value of `DEK-Info` and the length of the header lines (RFC 1421 section 4.6.1).
fn headers(body: &[u8]) -> (Option<String>, usize) {
    let (mut dek_info, mut skipped) = (None, 0usize);
    let mut from = 0usize;
    for at in memchr2_iter(b'\n', b'\r', body) {
        let line = body.get(from..at).unwrap_or_default().trim_ascii();
        from = at.saturating_add(1);
        if line.is_empty() {
            continue;
        }
        let Some(colon) = memchr(b':', line) else { break };
        if let Some(value) = line.strip_prefix(b"DEK-Info:") {
            dek_info = Some(String::from_utf8_lossy(value.trim_ascii()).into_owned());
        } else if colon == 0 {
            break;
        }
        skipped = from;
    }
    (dek_info, skipped)
}
