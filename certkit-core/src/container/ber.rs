//! Turns values of indefinite length, which BER has, into ones that can be read.
//!
//! Only what has an indefinite length is written anew, with all that surrounds it;
//! everything else stays as it is, byte for byte, so that signatures over it hold.

use super::reason::Pkcs7Problem;
use super::tlv::push_header;
use crate::asn1::{Error, Problem, Tag};

/// How deep values may stand inside each other.
const DEPTH: usize = 32;

/// A constructed OCTET STRING: pieces of one string.
const PIECES: Tag = Tag(0x24);

/// Rewrites the first value of `bytes`; gives it and the count of bytes it came from.
///
/// The result is never longer than the input by more than the lengths need. Costs one
/// pass for each level of nesting, of which there are at most 32.
pub(super) fn definite(bytes: &[u8]) -> Result<(Vec<u8>, usize), Pkcs7Problem> {
    rewritten(bytes, Pieces::OfIndefinite)
}

/// The same, and OCTET STRINGs in pieces of definite length become whole ones, too: for what is signed by nobody.
pub(super) fn joined(bytes: &[u8]) -> Result<(Vec<u8>, usize), Pkcs7Problem> {
    rewritten(bytes, Pieces::All)
}

fn rewritten(bytes: &[u8], pieces: Pieces) -> Result<(Vec<u8>, usize), Pkcs7Problem> {
    let mut out = Vec::with_capacity(bytes.len());
    let (used, _) = value(bytes, 0, DEPTH, pieces, &mut out)?;
    Ok((out, used))
}

/// Which OCTET STRINGs in pieces are joined.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Pieces {
    /// Those of indefinite length, which have to be written anew in any case.
    OfIndefinite,
    /// All.
    All,
}

/// Whether something had to be written anew.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Verbatim,
    Rewritten,
}

fn fail(offset: usize, problem: Problem) -> Pkcs7Problem {
    Pkcs7Problem::Structure(Error { offset, problem })
}

fn value(
    bytes: &[u8],
    offset: usize,
    depth: usize,
    pieces: Pieces,
    out: &mut Vec<u8>,
) -> Result<(usize, Change), Pkcs7Problem> {
    let depth = depth.checked_sub(1).ok_or(Pkcs7Problem::Depth)?;
    if let [tag, 0x80, contents @ ..] = bytes {
        let tag = Tag(*tag);
        if !tag.is_constructed() {
            return Err(fail(offset, Problem::Indefinite));
        }
        let mut inner = Vec::new();
        let (used, _) = values(contents, offset.saturating_add(2), depth, Ending::Marked, pieces, &mut inner)?;
        push(tag, &inner, out);
        return Ok((used.saturating_add(2), Change::Rewritten));
    }
    let mut reader = crate::asn1::Reader::at(bytes, offset);
    let element = reader.element().map_err(Pkcs7Problem::Structure)?;
    if element.tag.is_constructed() {
        let mut inner = Vec::new();
        // What cannot be read inside of a definite length is nobody's concern here.
        let within = values(element.value, element.value_offset(), depth, Ending::Bounded, pieces, &mut inner);
        let is_joined = element.tag == PIECES && pieces == Pieces::All;
        if within.is_ok_and(|(_, change)| is_joined || change == Change::Rewritten) {
            push(element.tag, &inner, out);
            return Ok((element.raw.len(), Change::Rewritten));
        }
    }
    out.extend_from_slice(element.raw);
    Ok((element.raw.len(), Change::Verbatim))
}

/// How the values inside of another one end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Ending {
    /// With the bytes.
    Bounded,
    /// With two zero bytes.
    Marked,
}

fn values(
    bytes: &[u8],
    offset: usize,
    depth: usize,
    ending: Ending,
    pieces: Pieces,
    out: &mut Vec<u8>,
) -> Result<(usize, Change), Pkcs7Problem> {
    let (mut used, mut change) = (0usize, Change::Verbatim);
    loop {
        let rest = bytes.get(used..).unwrap_or_default();
        let here = offset.saturating_add(used);
        match (ending, rest) {
            (Ending::Bounded, []) => return Ok((used, change)),
            (Ending::Marked, [0, 0, ..]) => return Ok((used.saturating_add(2), change)),
            (Ending::Marked, []) => return Err(fail(here, Problem::Truncated)),
            _ => {}
        }
        let (length, inner) = value(rest, here, depth, pieces, out)?;
        used = used.saturating_add(length);
        if inner == Change::Rewritten {
            change = Change::Rewritten;
        }
    }
}

fn push(tag: Tag, contents: &[u8], out: &mut Vec<u8>) {
    if tag != PIECES {
        push_header(out, tag, contents.len());
        return out.extend_from_slice(contents);
    }
    let mut joined = Vec::with_capacity(contents.len());
    let mut pieces = crate::asn1::Reader::new(contents);
    while let Ok(piece) = pieces.element() {
        joined.extend_from_slice(piece.value);
    }
    push_header(out, Tag::OCTET_STRING, joined.len());
    out.extend_from_slice(&joined);
}
