//! What stands beside a certificate and says that it is no anchor: openssl's trust settings, p11-kit's distrust.

use super::item::{Contents, ItemKind};
use crate::asn1::{Error, Reader, Tag};
use crate::oid::{self, Oid};

/// Says why openssl's trust settings (`X509_CERT_AUX`) make a certificate no anchor of TLS servers; `None` where they
/// do not. Settings that cannot be decoded may reject it: openssl refuses the whole certificate.
pub(super) fn rejected(settings: &[u8]) -> Option<String> {
    match decode(settings) {
        Ok(found) => found,
        Err(_) => Some("its trust settings cannot be decoded".to_owned()),
    }
}

fn decode(settings: &[u8]) -> Result<Option<String>, Error> {
    const REJECTED: Tag = Tag::context_constructed(0);
    let mut outer = Reader::new(settings);
    let mut fields = outer.sequence()?;
    let trusted = match fields.optional(Tag::SEQUENCE)? {
        Some(list) => Some(purposes(list.contents())?),
        None => None,
    };
    let rejected = match fields.optional(REJECTED)? {
        Some(list) => purposes(list.contents())?,
        None => Vec::new(),
    };
    let is_for_servers = |purpose: &&Oid<'_>| [oid::SERVER_AUTH, oid::ANY_EXTENDED_KEY_USAGE].contains(*purpose);
    if let Some(purpose) = rejected.iter().find(is_for_servers) {
        return Ok(Some(format!("openssl's trust settings reject it for {}", named(*purpose))));
    }
    // Who lists purposes leaves out all others.
    let leaves_out =
        trusted.is_some_and(|trusted| !trusted.is_empty() && !trusted.iter().any(|it| is_for_servers(&it)));
    Ok(leaves_out.then(|| "openssl's trust settings do not list serverAuth".to_owned()))
}

fn purposes(mut list: Reader<'_>) -> Result<Vec<Oid<'_>>, Error> {
    let mut found = Vec::new();
    while !list.is_empty() {
        found.push(Oid(list.oid()?));
    }
    Ok(found)
}

fn named(purpose: Oid<'_>) -> String {
    purpose.name().map_or_else(|| purpose.to_string(), str::to_owned)
}

/// Marks the certificates of p11-kit's objects that are distrusted.
pub(super) fn mark_distrusted(text: &[u8], contents: &mut Contents) {
    const OBJECT: &[u8] = b"[p11-kit-object-v1]";
    let mut start = 0u64;
    let mut objects: Vec<(u64, bool)> = Vec::new();
    for line in text.split_inclusive(|octet| *octet == b'\n') {
        let words = line.trim_ascii();
        if words == OBJECT {
            objects.push((start, false));
        } else if let (Some(object), Some(value)) = (objects.last_mut(), words.strip_prefix(b"x-distrusted:")) {
            object.1 |= value.trim_ascii() == b"true";
        }
        start = start.saturating_add(line.len() as u64);
    }
    for item in contents.items.iter_mut().filter(|item| item.kind == ItemKind::Certificate) {
        let object = objects.iter().rev().find(|(start, _)| *start <= item.position.offset);
        if object.is_some_and(|(_, is_distrusted)| *is_distrusted) {
            item.rejected = Some("p11-kit distrusts it (`x-distrusted`)".to_owned());
        }
    }
}
