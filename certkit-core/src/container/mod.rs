//! Takes certificates, revocation lists, requests and keys out of what people keep them in.
//!
//! Knows wrappings: PEM, DER, bare base64, PKCS#7, and stores under a password (PKCS#12,
//! JKS, JCEKS); content decides which, never the name of a file. Refuses to know what the items mean: it gives their bytes, and a damaged
//! certificate is still one. Whatever is not taken is said, with its place and reason.

mod base64;
mod ber;
mod blocks;
mod embedded;
mod encoding;
pub mod entry;
mod foreign;
mod form;
mod item;
pub mod jks;
mod key;
mod label;
mod oddity;
mod opened;
mod passwords;
pub mod pem;
pub mod pkcs12;
pub mod pkcs7;
pub mod published;
mod pvk;
mod quoted;
mod reason;
mod scan;
mod serialized;
mod shape;
mod sort;
mod store_problem;
mod stray;
pub mod target;
#[cfg(test)]
mod tests;
mod tlv;
mod trust_settings;
mod utf16;

use zeroize::Zeroizing;

pub use self::blocks::Blocks;
pub use self::encoding::Encoding;
pub use self::foreign::{Foreign, Store};
pub use self::form::Form;
pub use self::item::{Block, Contents, Der, Distrust, Item, ItemKind, Position, Skipped};
pub use self::key::{Encryption, KeyFacts, KeyForm};
pub use self::oddity::Oddity;
pub use self::opened::fitting;
pub use self::passwords::Passwords;
pub use self::reason::{Base64Problem, ContainerError, Cut, Pkcs7Problem, Reason};
pub use self::store_problem::{Integrity, StoreProblem};

use self::base64::Decoder;
use self::opened::Means;
use self::scan::{After, Scanner, Step, line_of};
use self::sort::sort_row;
use self::utf16::{Layout, Utf16};
use crate::asn1::{Reader, Tag};

/// The most things that are read from one container; [`Blocks`] has no such bound.
const LIMIT: usize = 1_000_000;

/// Reads everything that stands in `bytes`, whatever form that has.
///
/// [`read_opened`] without passwords: of stores, what is not encrypted.
pub fn read(bytes: &[u8]) -> Result<Contents, ContainerError> {
    read_opened(bytes, Passwords::NONE)
}

/// [`read_opened`] with the password of stores.
pub fn read_with(bytes: &[u8], password: Option<&[u8]>) -> Result<Contents, ContainerError> {
    read_opened(bytes, password.into())
}

/// Reads everything that stands in `bytes`, whatever form that has; opens stores and their keys with these passwords.
///
/// A damaged block does not hide the others: it is among the skipped ones. Fails only when
/// not a single item could be taken. Keys of stores are given in clear where the password
/// opens them and sealed where it does not; encrypted keys that stand alone stay so.
/// Costs one pass, one allocation for each item, and for stores what they ask for.
pub fn read_opened(bytes: &[u8], passwords: Passwords<'_>) -> Result<Contents, ContainerError> {
    let mut contents = Contents::default();
    let mut means = Means::for_file(passwords);
    contents.oddities = oddity::oddities(bytes);
    if let Some(store) = foreign::store(bytes) {
        let position = Position { block: 1, member: None, line: None, offset: 0 };
        opened::read(bytes, store, &mut means, position, &mut contents)
            .map_err(|problem| ContainerError::Store { store, problem })?;
        return Ok(contents);
    }
    if let Some(read) = pvk::read(bytes, passwords) {
        sort_row(&read.map_err(ContainerError::Foreign)?, Encoding::Pvk, &mut means, &mut contents);
    } else if serialized::is_store(bytes) {
        serialized::read_store(bytes, &mut contents);
    } else if let Some(order) = Utf16::of(bytes) {
        let mut text = Zeroizing::new(Vec::with_capacity(bytes.len() / 2));
        order.narrow(bytes.get(2..).unwrap_or_default(), &mut text);
        read_text(&text, Layout::WIDE, means, &mut contents)?;
    } else if shape::of(bytes).is_some() {
        sort_row(bytes, Encoding::Der, &mut means, &mut contents);
    } else {
        read_text(bytes, Layout::NARROW, means, &mut contents)?;
        trust_settings::mark_distrusted(bytes, &mut contents);
        contents.oddities.extend(oddity::bare(&contents));
    }
    if contents.is_manifest || contents.items.iter().any(|it| it.encoding == Encoding::WindowsStore) {
        // Such a text is for the programs that know it.
        contents.oddities.retain(|it| !it.is_of_layout());
    }
    if contents.items.is_empty() {
        return Err(match contents.skipped.as_slice() {
            [Skipped { why: Reason::Store { store, problem }, .. }, ..] => {
                ContainerError::Store { store: *store, problem: problem.clone() }
            }
            _ => ContainerError::Damaged { skipped: contents.skipped },
        });
    }
    Ok(contents)
}

/// Says which store under a password these bytes are, if they are one.
pub fn store_in(bytes: &[u8]) -> Option<Store> {
    foreign::store(bytes)
}

/// Reads PEM blocks, or bare base64 where there are none.
fn read_text(text: &[u8], layout: Layout, means: Means<'_>, contents: &mut Contents) -> Result<(), ContainerError> {
    let decoded = quoted::decoded(text);
    let text = decoded.as_ref().map_or(text, |it| it.as_slice());
    if serialized::is_export(text) {
        serialized::read_export(text, contents);
        return Ok(());
    }
    contents.is_manifest = embedded::is_manifest(text);
    let mut scanner = Scanner::new(layout, means);
    let mut rest = text;
    while let Step::Block(length) = scanner.step(rest, After::Nothing, contents) {
        rest = rest.get(length..).unwrap_or_default();
        if scanner.blocks() >= LIMIT {
            contents.extend([scanner.stop(Reason::TooMany { limit: LIMIT })]);
            break;
        }
    }
    let mut means = embedded::read(text, layout, scanner.into_means(), contents);
    if !contents.items.is_empty() || !contents.skipped.is_empty() {
        stray::read(text, layout, contents);
        return Ok(());
    }
    if text.trim_ascii().is_empty() {
        return Err(ContainerError::Empty);
    }
    bare_base64(text, layout, &mut means, contents).or_else(|error| {
        if let ContainerError::Foreign(Foreign::Text | Foreign::Hyphens) | ContainerError::NotRecognised { .. } = error
        {
            stray::read(text, layout, contents);
        }
        if contents.skipped.is_empty() { Err(error) } else { Ok(()) }
    })
}

/// Reads base64 without BEGIN and END lines, if that is what `text` is.
fn bare_base64(
    text: &[u8],
    layout: Layout,
    means: &mut Means<'_>,
    contents: &mut Contents,
) -> Result<(), ContainerError> {
    let body = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    match Decoder::new().decode(body) {
        Ok(der) => {
            let der = Zeroizing::new(der);
            if let Some(store) = foreign::store(&der) {
                let position = Position { block: 1, member: None, line: None, offset: 0 };
                return opened::read(&der, store, means, position, contents)
                    .map_err(|problem| ContainerError::Store { store, problem });
            }
            if shape::of(&der).is_some() {
                sort_row(&der, Encoding::Base64, means, contents);
                return Ok(());
            }
        }
        // Every certificate of more than 255 bytes starts so.
        Err(fault) if body.trim_ascii_start().starts_with(b"MII") => {
            let at = text.len().saturating_sub(body.len()).saturating_add(fault.at);
            let (line, offset) = (line_of(text, at), layout.offset(at as u64));
            return Err(ContainerError::Base64 { line, offset, problem: fault.problem });
        }
        Err(_) => {}
    }
    Err(match foreign::foreign(text) {
        Some(what) => ContainerError::Foreign(what),
        None => ContainerError::NotRecognised { size: text.len(), stopped: stopped(text) },
    })
}

/// Says where the bytes stop being a value that fills them.
fn stopped(bytes: &[u8]) -> Option<crate::asn1::Error> {
    let mut reader = Reader::new(bytes);
    reader.expect(Tag::SEQUENCE).and_then(|_| reader.finish()).err()
}
