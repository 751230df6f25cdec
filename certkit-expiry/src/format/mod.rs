//! How a report of expiry is written, a file for each form. No decisions are made here.

pub mod csv;
pub mod html;
pub mod ics;
pub mod influx;
pub mod nagios;
pub mod name;
pub mod prometheus;

use certkit_core::text::{Printable, plural};

use crate::{Change, Element, Entry, Known};

/// What people call an entry: the common name or what stands for it.
pub fn called(entry: &Entry) -> String {
    entry.dated().map_or_else(|| entry.whereabouts(), |dated| name::short(dated.words.subject()))
}

/// Why the alarm of something that a server sends is set aside.
pub fn beside_path(entry: &Entry) -> Option<String> {
    let anchor = entry.beside_path.as_deref().filter(|_| entry.is_set_aside())?;
    let anchor = Printable(name::short(anchor)).to_string();
    Some(format!("{}, not needed for the path to `{anchor}`", entry.state))
}

/// What a change is about, and the source with the place in it.
pub fn changed(change: &Change) -> Option<(&Known, String)> {
    let known = change.after().or(change.before())?;
    let place = match known.place.as_str() {
        "" => known.source.clone(),
        place => format!("{}/{place}", known.source.trim_end_matches('/')),
    };
    Some((known, place))
}

/// The word for a kind of element.
pub fn element_word(element: Element) -> &'static str {
    match element {
        Element::Leaf => "certificate",
        Element::Issuer => "issuing CA",
        Element::Root => "root CA",
        Element::RevocationList => "revocation list",
    }
}

/// Says in words how many days are left.
fn days(left: i64) -> String {
    let count = usize::try_from(left.unsigned_abs()).unwrap_or(usize::MAX);
    let unit = plural(count, "day", "days");
    if left < 0 { format!("{count} {unit} ago") } else { format!("in {count} {unit}") }
}
