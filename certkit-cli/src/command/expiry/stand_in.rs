//! Entries for what should have been looked at and has no source of its own: that nobody knows.

use std::sync::Arc;

use certkit_core::expiry::{Entry, Report, Seen, Source, Thresholds, Unseen, Way};
use certkit_core::moment::Moment;

/// Says of something by its name why nothing is known of it.
pub(super) fn entry(name: String, word: &str, reason: &str, moment: Moment) -> Entry {
    let source = Source {
        name,
        way: Way::File,
        thresholds: Thresholds::CERTIFICATE,
        list_thresholds: Thresholds::REVOCATION_LIST,
        public_roots: None,
        group: None,
        owner: None,
        note: None,
        waivers: Vec::new(),
    };
    Entry::new(&Arc::new(source), "", 1, Seen::unseen(word, reason), moment)
}

/// Adds to a report of everything without a single entry that this is not fine.
pub(super) fn note_emptiness(report: &mut Report, moment: Moment) {
    if report.tally.all() == 0 {
        let reason = "no certificate and no revocation list in any of them";
        report.add(entry("all sources".to_owned(), Unseen::NOTHING_THERE, reason, moment));
    }
}
