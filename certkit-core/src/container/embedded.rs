//! Base64 within other text: what kubeconfig, Secrets of Kubernetes and settings in JSON or `.env` files hold.
//!
//! Knows how such values begin, wherever they stand; refuses to know the formats around them.

use memchr::memmem;
use zeroize::Zeroizing;

use super::LIMIT;
use super::base64::Decoder;
use super::foreign;
use super::item::{Block, Contents, Encoding, Position, Skipped};
use super::opened::{self, Means};
use super::reason::Reason;
use super::scan::{After, Scanner, Step, line_of};
use super::shape;
use super::sort::sort_row;
use super::wide::Layout;

/// How base64 begins that holds a PEM block: `-----BEGIN`, at the start of what was encoded.
const OF_PEM: &[u8] = b"LS0tLS1CRUdJTi";

/// How base64 begins that holds DER of more than 255 bytes, JKS and JCEKS.
const OF_BYTES: [&[u8]; 3] = [b"MII", b"/u3+7Q", b"zs7Oz"];

/// What Kubernetes calls each of its objects by, in YAML and in JSON.
const MANIFEST: &[u8] = b"apiVersion";

/// The fewest characters of a value that is looked at.
const SHORTEST: usize = 64;

/// Appends what stands in base64 within a text. Values of PEM are found in any text, others in objects of Kubernetes that
/// have no PEM block in clear. Costs one pass, and what the values cost.
pub(super) fn read<'p>(text: &[u8], layout: Layout, mut means: Means<'p>, found: &mut Contents) -> Means<'p> {
    let is_manifest = found.items.is_empty() && memmem::find(text, MANIFEST).is_some();
    if !is_manifest && memmem::find(text, OF_PEM).is_none() {
        return means;
    }
    let mut block = found.items.iter().map(|it| it.position.block).max().unwrap_or(0);
    let (mut at, mut count) = (0usize, 0usize);
    while let Some(start) = next(text, at, is_manifest) {
        let value = value(text.get(start..).unwrap_or_default());
        at = start.saturating_add(value.len().max(1));
        let is_inside = start > 0 && text.get(start.saturating_sub(1)).is_some_and(is_digit);
        if value.len() < SHORTEST || is_inside {
            continue;
        }
        count = count.saturating_add(1);
        if count > LIMIT {
            break;
        }
        block = block.saturating_add(1);
        let position =
            Position { block, member: None, line: Some(line_of(text, start)), offset: layout.offset(start as u64) };
        let mut own = Contents::default();
        match Decoder::new().decode(value) {
            Ok(bytes) => means = within(&Zeroizing::new(bytes), position, means, &mut own),
            Err(fault) => {
                let wrong = start.saturating_add(fault.at);
                let (line, offset) = (line_of(text, wrong), layout.offset(wrong as u64));
                let why = Reason::Base64 { line, offset, problem: fault.problem };
                own.skipped.push(Skipped { position, what: "a value in base64".to_owned(), why });
            }
        }
        block = own.items.iter().map(|it| it.position.block).max().unwrap_or(block);
        found.items.append(&mut own.items);
        found.skipped.append(&mut own.skipped);
    }
    means
}

/// Where the next value may begin.
fn next(text: &[u8], from: usize, is_manifest: bool) -> Option<usize> {
    let rest = text.get(from..)?;
    let other = OF_BYTES.iter().filter(|_| is_manifest).filter_map(|mark| memmem::find(rest, mark));
    let first = memmem::find(rest, OF_PEM).into_iter().chain(other).min()?;
    from.checked_add(first)
}

fn is_digit(octet: &u8) -> bool {
    octet.is_ascii_alphanumeric() || b"+/".contains(octet)
}

/// The value that a text begins with: the rest of its line, and lines that have nothing else in them.
fn value(text: &[u8]) -> &[u8] {
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
