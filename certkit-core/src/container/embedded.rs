//! Base64 within other text: what kubeconfig, Secrets of Kubernetes, messages of S/MIME and settings in JSON or `.env` files hold.
//!
//! Knows how such values begin, wherever they stand; refuses to know the formats around them. Whoever wrote such a text
//! did not list what he trusts: nothing of it becomes an anchor.

use std::iter::Peekable;

use memchr::memmem::{self, FindIter};
use zeroize::Zeroizing;

use super::LIMIT;
use super::base64::Decoder;
use super::encoding::Encoding;
use super::foreign;
use super::item::{Block, Contents, Distrust, ItemKind, Position, Skipped};
use super::opened::{self, Means};
use super::reason::Reason;
use super::scan::{After, Lines, Scanner, Step};
use super::shape;
use super::sort::sort_row;
use super::utf16::Layout;

/// How base64 begins that holds a PEM block: `-----BEGIN`, at the start of what was encoded.
const OF_PEM: &[u8] = b"LS0tLS1CRUdJTi";

/// How base64 begins that holds DER of more than 255 bytes, CMS in BER, JKS and JCEKS.
const OF_BYTES: [&[u8]; 4] = [b"MII", b"MIAG", b"/u3+7Q", b"zs7Oz"];

/// What Kubernetes calls each of its objects by, in YAML and in JSON.
const MANIFEST: &[u8] = b"apiVersion";

/// What a message has that is signed or encrypted by S/MIME (RFC 8551 section 3.2).
const MAIL: [&[u8]; 2] = [b"application/pkcs7-", b"application/x-pkcs7-"];

/// The fewest characters of a value that is looked at.
const SHORTEST: usize = 64;

/// Why nothing of such a text is an anchor.
pub(super) const WITHIN: &str = "it is base64 within other text, which is not a trust list (`certkit convert FILE -o \
                                 FILE.pem` makes one)";

/// Says whether a text has objects of Kubernetes, whose values are in no order.
pub(super) fn is_manifest(text: &[u8]) -> bool {
    memmem::find(text, MANIFEST).is_some()
}

/// Appends what stands in base64 within a text: values of PEM in any text, others in objects of Kubernetes and in messages of
/// S/MIME. Beside PEM blocks in clear it reads those of Kubernetes alone, and says of others that there is such a value.
/// Costs one pass, and what the values cost.
pub(super) fn read<'p>(text: &[u8], layout: Layout, mut means: Means<'p>, found: &mut Contents) -> Means<'p> {
    let has_blocks = !found.items.is_empty() || !found.skipped.is_empty();
    let is_clear = has_blocks && !found.is_manifest;
    let has = |mark: &[u8]| !is_clear && memmem::find(text, mark).is_some();
    let mut starts = Starts::of(text, found.is_manifest || MAIL.into_iter().any(has));
    let mut lines = Lines::of(text);
    let mut blocks = Blocks::of(if has_blocks { text } else { b"" });
    let positions = || found.items.iter().map(|it| it.position).chain(found.skipped.iter().map(|it| it.position));
    let mut block = positions().map(|it| it.block).max().unwrap_or(0);
    let (mut at, mut count) = (0usize, 0usize);
    while let Some(start) = starts.next(at) {
        let value = value(text.get(start..).unwrap_or_default());
        at = start.saturating_add(value.len().max(1));
        let is_inside = start > 0 && text.get(start.saturating_sub(1)).is_some_and(is_digit);
        if value.len() < SHORTEST || is_inside || blocks.are_around(start) {
            continue;
        }
        count = count.saturating_add(1);
        block = block.saturating_add(1);
        let line = Some(lines.line(start));
        let position = Position { block, member: None, line, offset: layout.offset(start as u64) };
        let skip = |why| Skipped { position, what: "a value in base64".to_owned(), why };
        if is_clear || count > LIMIT {
            let why = if is_clear { Reason::BesideClear } else { Reason::TooMany { limit: LIMIT } };
            found.skipped.push(skip(why));
            break;
        }
        let mut own = Contents::default();
        match Decoder::new().decode(value) {
            Ok(bytes) => means = within(&Zeroizing::new(bytes), position, means, &mut own),
            Err(fault) => {
                let wrong = start.saturating_add(fault.at);
                let (line, offset) = (lines.line(wrong), layout.offset(wrong as u64));
                own.skipped.push(skip(Reason::Base64 { line, offset, problem: fault.problem }));
            }
        }
        block = own.items.iter().map(|it| it.position.block).max().unwrap_or(block);
        if value.len() < text.trim_ascii().len() {
            let certificates = own.items.iter_mut().filter(|it| it.kind == ItemKind::Certificate);
            certificates.for_each(|it| it.rejected = Some(Distrust::entire(WITHIN)));
        }
        found.items.append(&mut own.items);
        found.skipped.append(&mut own.skipped);
    }
    if has_blocks {
        // Values and blocks stand among each other.
        found.items.sort_by_key(|it| it.position.offset);
        found.skipped.sort_by_key(|it| it.position.offset);
    }
    means
}

/// The PEM blocks in clear of a text, which are gone through once.
struct Blocks<'t> {
    begins: Peekable<FindIter<'t, 'static>>,
    ends: Peekable<FindIter<'t, 'static>>,
    is_open: bool,
}

impl<'t> Blocks<'t> {
    fn of(text: &'t [u8]) -> Blocks<'t> {
        let find = |mark: &'static [u8]| memmem::find_iter(text, mark).peekable();
        Blocks { begins: find(b"-----BEGIN "), ends: find(b"-----END "), is_open: false }
    }

    /// Whether a place, which never goes back, stands in a block that has an end.
    fn are_around(&mut self, at: usize) -> bool {
        let last = |hits: &mut Peekable<FindIter<'_, '_>>| {
            let mut last = None;
            while let Some(hit) = hits.next_if(|hit| *hit < at) {
                last = Some(hit);
            }
            last
        };
        let (begin, end) = (last(&mut self.begins), last(&mut self.ends));
        if begin.is_some() || end.is_some() {
            self.is_open = begin > end;
        }
        let next_begin = self.begins.peek().copied().unwrap_or(usize::MAX);
        self.is_open && self.ends.peek().is_some_and(|end| *end < next_begin)
    }
}

/// Where values may begin, in their order.
struct Starts<'t> {
    of_marks: Vec<Peekable<FindIter<'t, 'static>>>,
}

impl<'t> Starts<'t> {
    fn of(text: &'t [u8], has_bytes: bool) -> Starts<'t> {
        let marks = OF_BYTES.into_iter().filter(|_| has_bytes).chain([OF_PEM]);
        Starts { of_marks: marks.map(|mark| memmem::find_iter(text, mark).peekable()).collect() }
    }

    /// The first one that is not before `from`, which never goes back.
    fn next(&mut self, from: usize) -> Option<usize> {
        let first = |hits: &mut Peekable<FindIter<'_, '_>>| {
            while hits.next_if(|at| *at < from).is_some() {}
            hits.peek().copied()
        };
        self.of_marks.iter_mut().filter_map(first).min()
    }
}

fn is_digit(octet: &u8) -> bool {
    octet.is_ascii_alphanumeric() || b"+/".contains(octet)
}

/// The value that a text begins with: the rest of its line, and lines that have nothing else in them.
pub(super) fn value(text: &[u8]) -> &[u8] {
    let is_digit = |octet: &u8| is_digit(octet) || *octet == b'=';
    let run = |text: &[u8]| text.iter().take_while(|octet| is_digit(octet)).count();
    let mut end = run(text);
    loop {
        let rest = text.get(end..).unwrap_or_default();
        let blanks = rest.iter().take_while(|octet| octet.is_ascii_whitespace()).count();
        let line = rest.get(blanks..).unwrap_or_default();
        let digits = run(line);
        let is_whole = digits > 0 && line.get(digits).is_none_or(|octet| b"\r\n".contains(octet));
        let is_next = rest.iter().take(blanks).filter(|octet| **octet == b'\n').count() == 1;
        let is_open = text.get(end.saturating_sub(1)) != Some(&b'=');
        if !(is_whole && is_next && is_open) {
            return text.get(..end).unwrap_or(text);
        }
        end = end.saturating_add(blanks).saturating_add(digits);
    }
}

/// Appends what the bytes of a value are: PEM blocks, DER or a store.
fn within<'p>(bytes: &[u8], position: Position, mut means: Means<'p>, found: &mut Contents) -> Means<'p> {
    if let Some(store) = foreign::store(bytes) {
        if let Err(problem) = opened::read(bytes, store, &mut means, position, found) {
            let why = Reason::Store { store, problem };
            found.extend([Block::Skipped(Skipped { position, what: store.to_string(), why })]);
        }
        return means;
    }
    if shape::of(bytes).is_some() {
        sort_row(bytes, Encoding::Base64, &mut means, found);
        place(found, |_| Position { ..position });
        return means;
    }
    let mut scanner = Scanner::new(Layout::NARROW, means);
    let mut rest = bytes;
    while let Step::Block(length) = scanner.step(rest, After::Nothing, found) {
        rest = rest.get(length..).unwrap_or_default();
    }
    // What stands in a value stands where the value begins.
    place(found, |it| Position {
        block: position.block.saturating_add(it.block.saturating_sub(1)),
        member: it.member,
        ..position
    });
    scanner.into_means()
}

fn place(found: &mut Contents, position: impl Fn(&Position) -> Position) {
    found.items.iter_mut().for_each(|it| it.position = position(&it.position));
    found.skipped.iter_mut().for_each(|it| it.position = position(&it.position));
}
