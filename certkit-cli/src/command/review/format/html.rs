//! One page for people, which needs nothing but itself: a manager reads the beginning, an auditor every row.

use std::io::{self, Write};

use askama::Template;
use certkit_core::review::Row;
use certkit_core::review::duty::State;
use certkit_expiry::format::html::STYLE;

use super::super::document::{DutyJson, ReviewJson};
use super::super::settled::Settled;

/// Who has written the page.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// As many duties are named at the beginning.
const FIRST: usize = 8;

/// So many duties in a state.
struct Count {
    state: &'static str,
    count: usize,
}

/// The page; its text is `templates/review.html`.
#[derive(Template)]
#[template(path = "review.html", whitespace = "minimize")]
struct Page<'a> {
    style: &'static str,
    headline: String,
    moment: String,
    is_partial: bool,
    tally: Vec<Count>,
    waived: usize,
    ended: usize,
    first: Vec<&'a DutyJson>,
    /// How many further ones are open.
    more: usize,
    document: &'a ReviewJson,
}

/// Writes the page.
pub(in super::super) fn write(settled: &Settled<'_>, to: &mut dyn Write) -> io::Result<()> {
    let document = ReviewJson::new(settled);
    let weight = |id: &str| settled.in_sections().find(|it| it.duty.id == id && it.is_open()).and_then(Row::severity);
    let mut first: Vec<&DutyJson> = document.duties.iter().filter(|it| weight(&it.id).is_some()).collect();
    // The heaviest first; the order of the guides stays among them.
    first.sort_by_key(|it| std::cmp::Reverse(weight(&it.id)));
    let more = first.len().saturating_sub(FIRST);
    first.truncate(FIRST);
    let page = Page {
        style: STYLE,
        headline: settled.headline(),
        moment: settled.review.facts.moment.to_string(),
        is_partial: settled.is_partial(),
        tally: State::ALL
            .map(|state| Count { state: state.as_str(), count: settled.of(state).len() })
            .into_iter()
            .collect(),
        waived: document.summary.waived,
        ended: document.summary.waivers_ended,
        first,
        more,
        document: &document,
    };
    page.write_into(to)
}
