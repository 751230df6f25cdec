//! Base64 beside PEM blocks: what a damaged or missing BEGIN line makes of a block.
//!
//! Nobody reads it, and whoever looks at the file thinks that it is there. Knows how the base64 of DER begins; refuses to
//! read what it finds, and says where it stands.

use memchr::memmem;
use zeroize::Zeroizing;

use super::LIMIT;
use super::base64::Decoder;
use super::embedded;
use super::item::{Contents, Position, Skipped};
use super::reason::Reason;
use super::scan::Lines;
use super::shape::{self, Shape};
use super::utf16::Layout;

/// How the base64 of a SEQUENCE of more than 127 bytes begins.
const MARK: &[u8] = b"MI";

/// The fewest characters of a line that is looked at.
const SHORTEST: usize = 60;

/// Appends what stands at the start of a line in none of the blocks that were met; those behind it count on. Costs one pass.
pub(super) fn read(text: &[u8], layout: Layout, found: &mut Contents) {
    let positions = found.items.iter().map(|it| it.position).chain(found.skipped.iter().map(|it| it.position));
    let mut begins: Vec<usize> = positions.map(|it| layout.index(it.offset)).collect();
    begins.sort_unstable();
    begins.dedup();
    let mut blocks = begins.iter().copied().peekable();
    let (mut lines, mut strays) = (Lines::of(text), Vec::new());
    let (mut met, mut inside, mut passed) = (0usize, 0usize, 0usize);
    for at in memmem::find_iter(text, MARK) {
        if at < passed || !begins_line(text.get(..at).unwrap_or_default()) {
            continue;
        }
        while let Some(begin) = blocks.next_if(|begin| *begin <= at) {
            met = met.saturating_add(1);
            inside = end_of(text, begin, blocks.peek().copied().unwrap_or(text.len()));
        }
        if at < inside {
            continue;
        }
        let value = embedded::value(text.get(at..).unwrap_or_default());
        passed = at.saturating_add(value.len());
        let Some(label) = label_of(value) else { continue };
        let block = met.saturating_add(strays.len()).saturating_add(1);
        let position = Position { block, member: None, line: Some(lines.line(at)), offset: layout.offset(at as u64) };
        let is_last = strays.len() == LIMIT;
        let why = if is_last { Reason::TooMany { limit: LIMIT } } else { Reason::Stray { label } };
        strays.push(Skipped { position, what: label.to_owned(), why });
        if is_last {
            break;
        }
    }
    let count_on = |position: &mut Position| {
        let before = strays.partition_point(|it| it.position.offset < position.offset);
        position.block = position.block.saturating_add(before);
    };
    found.items.iter_mut().for_each(|it| count_on(&mut it.position));
    found.skipped.iter_mut().for_each(|it| count_on(&mut it.position));
    found.skipped.append(&mut strays);
    found.skipped.sort_by_key(|it| it.position.offset);
}

/// Where the block that begins here ends: at its END line, or where the next one begins.
fn end_of(text: &[u8], begin: usize, next: usize) -> usize {
    let block = text.get(begin..next).unwrap_or_default();
    memmem::find(block, b"-----END ").map_or(next, |end| begin.saturating_add(end))
}

/// Whether nothing but blanks stands before it in its line.
fn begins_line(before: &[u8]) -> bool {
    let last = before.iter().rev().find(|octet| !b" \t".contains(octet));
    last.is_none_or(|octet| b"\r\n".contains(octet))
}

/// The label that this base64 should have; `None` where it is nothing that stands in blocks.
fn label_of(value: &[u8]) -> Option<&'static str> {
    let der = (value.len() >= SHORTEST).then(|| Decoder::new().decode(value).map(Zeroizing::new))?.ok()?;
    Some(match shape::of(&der)? {
        Shape::Certificate => "CERTIFICATE",
        Shape::Request => "CERTIFICATE REQUEST",
        Shape::RevocationList => "X509 CRL",
        Shape::Pkcs8 => "PRIVATE KEY",
        Shape::EncryptedPkcs8 => "ENCRYPTED PRIVATE KEY",
        Shape::Pkcs1 => "RSA PRIVATE KEY",
        Shape::Sec1 => "EC PRIVATE KEY",
        Shape::Dsa => "DSA PRIVATE KEY",
        Shape::PublicKey => "PUBLIC KEY",
        Shape::RsaPublicKey => "RSA PUBLIC KEY",
        Shape::Pkcs7 => "PKCS7",
        Shape::OcspResponse | Shape::TimeStamp | Shape::Pkcs12 => return None,
    })
}
