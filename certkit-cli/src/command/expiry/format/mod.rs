//! How a report of expiry is written, a file for each form. No decisions are made here.

pub(super) mod csv;
pub(super) mod html;
pub(super) mod ics;
pub(super) mod nagios;
mod name;
pub(super) mod prometheus;
pub(super) mod text;

use certkit_core::expiry::{Element, Entry};
use certkit_core::text::plural;

/// What people call an entry: the common name or what stands for it.
fn called(entry: &Entry) -> String {
    entry.dated().map_or_else(|| entry.whereabouts(), |dated| name::short(&dated.subject))
}

/// The word for a kind of element.
fn element_word(element: Element) -> &'static str {
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
