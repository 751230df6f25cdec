//! A review with what is shown of it.

use certkit_core::review::baseline::Change;
use certkit_core::review::duty::{Part, State};
use certkit_core::review::{Review, Row, duties};
use certkit_core::text::plural;

use crate::failure::Failure;

/// A review, what is new in it, and which rows are shown.
pub(super) struct Settled<'a> {
    pub(super) review: &'a Review,
    /// What is different from the baseline; `None` without one.
    pub(super) changes: Option<&'a [Change]>,
    /// The sections that are shown; all where there are none.
    pub(super) sections: Vec<String>,
    /// The states that are shown; all where there are none.
    pub(super) only: Vec<State>,
}

impl Settled<'_> {
    /// The rows of the sections, in the order of the guides.
    pub(super) fn in_sections(&self) -> impl Iterator<Item = &Row> {
        let is_in = |row: &&Row| self.sections.is_empty() || self.sections.iter().any(|it| is_of(row, it));
        self.review.rows.iter().filter(is_in)
    }

    /// The rows that are shown.
    pub(super) fn rows(&self) -> impl Iterator<Item = &Row> {
        self.in_sections().filter(|row| self.only.is_empty() || self.only.contains(&row.state))
    }

    /// The rows in a state.
    pub(super) fn of(&self, state: State) -> Vec<&Row> {
        self.rows().filter(|row| row.state == state).collect()
    }

    /// The whole in a few words.
    pub(super) fn headline(&self) -> String {
        let count = |is: fn(&Row) -> bool| self.in_sections().filter(|it| is(it)).count();
        let (open, waived, all) = (count(Row::is_open), count(Row::is_waived), self.in_sections().count());
        let fall = plural(open, "falls", "fall");
        match (open, waived) {
            (0, 0) => format!("No deviation was found; {} of {all} duties are met", count(|it| it.state == State::Met)),
            (0, waived) => format!("{waived} {}, each with a waiver", plural(waived, "deviation", "deviations")),
            (open, 0) => format!("{open} of {all} duties {fall} short"),
            (open, waived) => {
                format!("{open} of {all} duties {fall} short, {waived} more {} waived", plural(waived, "is", "are"))
            }
        }
    }

    /// Whether rows are left out.
    pub(super) fn is_partial(&self) -> bool {
        !self.sections.is_empty() || !self.only.is_empty()
    }
}

fn is_of(row: &Row, section: &str) -> bool {
    let within = |place: &str| {
        place == section || place.strip_prefix(section).is_some_and(|rest| rest.starts_with(['.', '-', ' ']))
    };
    let is_part = match row.duty.part {
        Part::Note => section == "note",
        Part::Extra => section == "extra",
        Part::Guide(_) => false,
    };
    is_part || within(row.duty.section) || within(row.duty.id)
}

/// Makes out the sections that are to be shown; one without a duty is a slip.
pub(super) fn sections(named: &[String]) -> Result<Vec<String>, Failure> {
    for section in named {
        let is_known = match section.as_str() {
            "note" | "extra" => true,
            _ => duties::all().any(|duty| {
                let within = |place: &str| {
                    place == section
                        || place.strip_prefix(section.as_str()).is_some_and(|it| it.starts_with(['.', '-', ' ']))
                };
                within(duty.section) || within(duty.id)
            }),
        };
        if !is_known {
            return Err(Failure::new(format!("no duty in section `{section}` of the guides"))
                .hint("sections are 3 to 8, such as 6.1 or 5.2.1; `note` and `extra` name the other parts"));
        }
    }
    Ok(named.to_vec())
}
