//! What stands beside a certificate and says that it is no anchor: openssl's trust settings, p11-kit's distrust, the
//! properties of Windows (`wincrypt.h`).

use super::item::{Contents, Distrust, ItemKind};
use crate::asn1::{Error, Reader, Tag};
use crate::oid::{self, Oid};

/// Says why openssl's trust settings (`X509_CERT_AUX`) make a certificate no anchor of TLS servers or clients; `None` where
/// they do not. Settings that cannot be decoded may reject it: openssl refuses the whole certificate.
pub(super) fn rejected(settings: &[u8]) -> Option<Distrust> {
    match decode(settings) {
        Ok(found) => found,
        Err(_) => {
            let entire = Distrust::entire("its trust settings cannot be decoded");
            Some(Distrust { is_of_openssl: true, ..entire })
        }
    }
}

fn decode(settings: &[u8]) -> Result<Option<Distrust>, Error> {
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
    let is_rejected = |wanted| rejected.iter().find(|it| serves(it, wanted)).copied();
    // Who lists purposes leaves out all others.
    let listed = trusted.filter(|it| !it.is_empty());
    let is_left_out = |wanted| listed.as_ref().is_some_and(|it| !it.iter().any(|purpose| serves(purpose, wanted)));
    let counts = |wanted| is_rejected(wanted).is_some() || is_left_out(wanted);
    let (servers, clients) = (counts(oid::SERVER_AUTH), counts(oid::CLIENT_AUTH));
    let wanted = if servers { oid::SERVER_AUTH } else { oid::CLIENT_AUTH };
    let why = match is_rejected(wanted) {
        Some(purpose) => format!("openssl's trust settings reject it for {} (error 28)", named(purpose)),
        None => format!("openssl's trust settings do not list {} (error 28)", named(wanted)),
    };
    Ok((servers || clients).then_some(Distrust { why, servers, clients, is_of_openssl: true }))
}

fn serves(purpose: &Oid<'_>, wanted: Oid<'_>) -> bool {
    [wanted, oid::ANY_EXTENDED_KEY_USAGE].contains(purpose)
}

fn is_for_servers(purpose: &Oid<'_>) -> bool {
    serves(purpose, oid::SERVER_AUTH)
}

/// A property of Windows: its number, its value.
pub(super) type Property<'a> = (u32, &'a [u8]);

/// Says why the properties that Windows keeps of a certificate make it no anchor of TLS servers; `None` where they do not.
/// Times are not compared with the clock: an anchor that ends for what is issued from some day on is nothing that a
/// judgement knows. Purposes that cannot be decoded may be any.
pub(super) fn restricted(properties: &[Property<'_>]) -> Option<Distrust> {
    const ENHKEY_USAGE: u32 = 9;
    const NAME_CONSTRAINTS: u32 = 84;
    const DISALLOWED_CA: u32 = 128;
    const DISALLOWED: (u32, u32) = (104, 122);
    const NOT_BEFORE: (u32, u32) = (126, 127);
    let values = |number| properties.iter().filter(move |(it, _)| *it == number).map(|(_, value)| *value);
    let is_there = |number| values(number).next().is_some();
    let leaves_out = |value: &[u8]| usages(value).is_ok_and(|found| !found.iter().any(is_for_servers));
    // A time without purposes is about all of them.
    let is_dated = |(time, purposes): (u32, u32)| match is_there(purposes) {
        true => values(purposes).any(|value| value == EMPTY || !leaves_out(value)),
        false => is_there(time),
    };
    let why = if is_dated(DISALLOWED) || is_there(DISALLOWED_CA) {
        "Windows disallows it (CERT_DISALLOWED_FILETIME_PROP_ID)"
    } else if is_dated(NOT_BEFORE) {
        "Windows does not trust certificates that it issues after a certain date (CERT_NOT_BEFORE_FILETIME_PROP_ID)"
    } else if values(ENHKEY_USAGE).any(|value| usages(value).is_err() || leaves_out(value)) {
        "Windows does not trust it for serverAuth (CERT_ENHKEY_USAGE_PROP_ID)"
    } else if is_there(NAME_CONSTRAINTS) {
        "Windows trusts it only for certain names (CERT_ROOT_PROGRAM_NAME_CONSTRAINTS_PROP_ID)"
    } else {
        return None;
    };
    Some(Distrust::entire(why))
}

/// Purposes of which there is none.
const EMPTY: &[u8] = &[0x30, 0];

fn usages(value: &[u8]) -> Result<Vec<Oid<'_>>, Error> {
    let mut outer = Reader::new(value);
    let list = outer.sequence()?;
    outer.finish()?;
    purposes(list)
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
        let after = objects.partition_point(|(start, _)| *start <= item.position.offset);
        let object = after.checked_sub(1).and_then(|at| objects.get(at));
        if object.is_some_and(|(_, is_distrusted)| *is_distrusted) {
            item.rejected = Some(Distrust::entire("p11-kit distrusts it (`x-distrusted`)"));
        }
    }
}
