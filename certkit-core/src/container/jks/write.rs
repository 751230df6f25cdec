//! Writes JKS and JCEKS, in version 2, which every Java reads.

use zeroize::Zeroizing;

use super::octets::{push_bytes, push_text};
use super::{Content, Entry, Flavour, MAGIC_JCEKS, MAGIC_JKS, StoreProblem};
use crate::crypto::password_based::java;

/// Writes a store with these entries, in their order, and the digest over it.
///
/// Sealed keys are written as they are. Aliases are put into lower case, in which Java
/// looks for them; two that then are the same are for the caller to keep apart.
pub fn encode(flavour: Flavour, entries: &[Entry], password: &[u8]) -> Result<Zeroizing<Vec<u8>>, StoreProblem> {
    // A key that is sealed is no secret to speak of, one of a secret entry is.
    let mut out = Zeroizing::new(Vec::with_capacity(entries.iter().map(size).fold(64, usize::saturating_add)));
    out.extend(match flavour {
        Flavour::Jks => MAGIC_JKS,
        Flavour::Jceks => MAGIC_JCEKS,
    });
    out.extend(2u32.to_be_bytes());
    let count = u32::try_from(entries.len()).map_err(|_| StoreProblem::TooMany { limit: super::super::LIMIT })?;
    out.extend(count.to_be_bytes());
    for (entry, number) in entries.iter().zip(1..) {
        push(&mut out, entry, flavour).ok_or(StoreProblem::Unwritable { entry: number })?;
    }
    let digest = java::store_digest(&out, password);
    out.extend(digest);
    Ok(out)
}

/// About as many bytes as an entry takes.
fn size(entry: &Entry) -> usize {
    let content = match &entry.content {
        Content::Trusted(der) => der.len(),
        Content::Key { sealed, chain } => {
            chain.iter().fold(sealed.len(), |sum, it| sum.saturating_add(it.len()).saturating_add(16))
        }
        Content::Secret(object) => object.len(),
        Content::Other { kind, bytes } => kind.len().saturating_add(bytes.len()),
    };
    content.saturating_add(entry.alias.len().saturating_mul(3)).saturating_add(64)
}

fn push(out: &mut Vec<u8>, entry: &Entry, flavour: Flavour) -> Option<()> {
    let tag: u32 = match (&entry.content, flavour) {
        (Content::Key { .. }, _) => 1,
        (Content::Trusted(_) | Content::Other { .. }, _) => 2,
        (Content::Secret(_), Flavour::Jceks) => 3,
        (Content::Secret(_), Flavour::Jks) => return None,
    };
    out.extend(tag.to_be_bytes());
    push_text(out, &entry.alias.to_lowercase())?;
    out.extend(entry.created.to_be_bytes());
    match &entry.content {
        Content::Key { sealed, chain } => {
            push_bytes(out, sealed)?;
            out.extend(u32::try_from(chain.len()).ok()?.to_be_bytes());
            for certificate in chain {
                push_text(out, "X.509")?;
                push_bytes(out, certificate)?;
            }
        }
        Content::Trusted(der) => {
            push_text(out, "X.509")?;
            push_bytes(out, der)?;
        }
        Content::Other { kind, bytes } => {
            push_text(out, kind)?;
            push_bytes(out, bytes)?;
        }
        Content::Secret(object) => out.extend_from_slice(object),
    }
    Some(())
}
