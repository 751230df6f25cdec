//! Stores of Windows in files: serialized stores (`.sst`) and exports of the registry (`.reg`).
//!
//! Knows the properties that Windows keeps of a certificate, one after the other with their lengths (MS-OSHARED section
//! 2.3.9), and how the registry writes bytes.

use super::LIMIT;
use super::encoding::Encoding;
use super::item::{Contents, Der, Distrust, Item, ItemKind, Position, Skipped};
use super::reason::Reason;
use super::scan::Lines;
use super::trust_settings::{self, Property};
use crate::asn1::{self, Tag};

/// How a serialized store begins.
const MARK: &[u8] = b"\0\0\0\0CERT";

/// The first lines of exports of the registry.
const EXPORTS: [&[u8]; 2] = [b"Windows Registry Editor Version 5.00", b"REGEDIT4"];

/// The properties that are looked at.
const CERTIFICATE: u32 = 32;
const LIST: u32 = 33;
const FRIENDLY_NAME: u32 = 11;

/// The store of what must not be trusted.
const DISTRUSTED: &str = "disallowed";

/// Says whether these bytes are a serialized store.
pub(super) fn is_store(bytes: &[u8]) -> bool {
    bytes.starts_with(MARK)
}

/// Says whether a text is an export of the registry.
pub(super) fn is_export(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start();
    EXPORTS.iter().any(|mark| text.starts_with(mark))
}

/// Appends what a serialized store holds; nothing of one that ends in the middle, since properties that limit a
/// certificate may be lost.
pub(super) fn read_store(bytes: &[u8], found: &mut Contents) {
    let position = Position { block: 1, member: None, line: None, offset: 0 };
    // It ends in a mark of its own.
    if !properties(bytes.get(MARK.len()..).unwrap_or_default(), position, None, found) {
        let why = Reason::Cut { at: bytes.len() as u64 };
        found.items.clear();
        found.skipped = vec![Skipped { position, what: "the serialized store".to_owned(), why }];
    }
}

/// Appends what the certificate stores in an export of the registry hold.
pub(super) fn read_export(text: &[u8], found: &mut Contents) {
    let mut rejected = None;
    let (mut at, mut block, mut lines) = (0usize, 0usize, Lines::of(text));
    while let Some(line) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let length = memchr::memchr(b'\n', line).map_or(line.len(), |end| end.saturating_add(1));
        let start = at;
        let this = line.get(..length).unwrap_or(line).trim_ascii();
        at = at.saturating_add(length);
        if this.starts_with(b"[") {
            rejected = distrusted(this);
            continue;
        }
        let Some(first) = this.strip_prefix(b"\"Blob\"=hex:") else { continue };
        // A line that ends in a backslash goes on in the next one.
        let mut digits = first.to_vec();
        while digits.ends_with(b"\\") {
            digits.pop();
            let Some(next) = text.get(at..).filter(|rest| !rest.is_empty()) else { break };
            let length = memchr::memchr(b'\n', next).map_or(next.len(), |end| end.saturating_add(1));
            digits.extend_from_slice(next.get(..length).unwrap_or(next).trim_ascii());
            at = at.saturating_add(length);
        }
        block = block.saturating_add(1);
        let position = Position { block, member: None, line: Some(lines.line(start)), offset: start as u64 };
        if block > LIMIT {
            return stop(position, found);
        }
        match octets(&digits) {
            Some(bytes) => _ = properties(&bytes, position, rejected.as_ref(), found),
            None => skip(position, found),
        }
    }
}

fn skip(position: Position, found: &mut Contents) {
    let why = Reason::Content { wanted: "certificate of a Windows store" };
    found.skipped.push(Skipped { position, what: "a certificate".to_owned(), why });
}

/// Says that the rest is not read.
fn stop(position: Position, found: &mut Contents) {
    let why = Reason::TooMany { limit: LIMIT };
    found.skipped.push(Skipped { position, what: "data".to_owned(), why });
}

/// Why nothing below this key of the registry must be an anchor.
fn distrusted(key: &[u8]) -> Option<Distrust> {
    let key = String::from_utf8_lossy(key).to_lowercase();
    key.split('\\')
        .any(|part| part == DISTRUSTED)
        .then(|| Distrust::entire("it is in the `Disallowed` store of Windows"))
}

/// Reads `03,00,ff`; `None` for anything else.
fn octets(digits: &[u8]) -> Option<Vec<u8>> {
    let octet = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair.trim_ascii()).ok()?, 16).ok();
    digits.split(|it| *it == b',').filter(|it| !it.trim_ascii().is_empty()).map(octet).collect()
}

/// Appends the certificates and lists among properties; what stands before one of them is about it, and what stands
/// behind the last one about that. Says whether they ended as those of a store do.
fn properties(bytes: &[u8], position: Position, rejected: Option<&Distrust>, found: &mut Contents) -> bool {
    let (mut rest, mut member) = (bytes, 0usize);
    let mut about: Vec<Property<'_>> = Vec::new();
    let mut has_ended = false;
    while let Some((number, value, after)) = property(rest) {
        rest = after;
        let (kind, tag) = match number {
            0 => {
                has_ended = true;
                break;
            }
            CERTIFICATE => (ItemKind::Certificate, Tag::SEQUENCE),
            LIST => (ItemKind::RevocationList, Tag::SEQUENCE),
            _ => {
                about.push((number, value));
                continue;
            }
        };
        member = member.saturating_add(1);
        let position = Position { member: Some(member), ..position };
        if member > LIMIT {
            stop(position, found);
            return true;
        }
        let about = std::mem::take(&mut about);
        if asn1::single(value, tag).is_err() {
            skip(position, found);
            continue;
        }
        let alias = about.iter().rev().find(|(number, _)| *number == FRIENDLY_NAME).map(|(_, name)| wide(name));
        // Whatever a revocation list stands in, it revokes.
        let is_certificate = kind == ItemKind::Certificate;
        let why = || rejected.cloned().or_else(|| trust_settings::restricted(&about));
        let rejected = is_certificate.then(why).flatten();
        let der = Der::Open(value.to_vec());
        let encoding = Encoding::WindowsStore;
        found.items.push(Item { kind, der, encoding, position, alias, is_trusted: false, rejected });
    }
    let last = found.items.last_mut().filter(|it| it.position.block == position.block);
    if let Some(last) = last.filter(|it| it.kind == ItemKind::Certificate) {
        last.rejected = last.rejected.take().or_else(|| trust_settings::restricted(&about));
    }
    if !has_ended && (!rest.is_empty() || member == 0) {
        skip(Position { member: Some(member.saturating_add(1)), ..position }, found);
    }
    has_ended
}

/// Takes a property: its number, its value, and what follows.
fn property(bytes: &[u8]) -> Option<(u32, &[u8], &[u8])> {
    let (number, rest) = bytes.split_first_chunk::<4>()?;
    let (_, rest) = rest.split_first_chunk::<4>()?;
    let number = u32::from_le_bytes(*number);
    let Some((length, rest)) = rest.split_first_chunk::<4>() else {
        // The end of a store has no length.
        return (number == 0).then_some((0, &[], rest));
    };
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (value, rest) = rest.split_at_checked(length)?;
    Some((number, value, rest))
}

/// Reads a name in UTF-16.
fn wide(bytes: &[u8]) -> String {
    let units: Vec<u16> = bytes.as_chunks::<2>().0.iter().map(|pair| u16::from_le_bytes(*pair)).collect();
    String::from_utf16_lossy(&units).trim_end_matches('\0').to_owned()
}
