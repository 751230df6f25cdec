//! Colours: few, and each with a word beside it.

use certkit_core::check::Severity;

use crate::terminal::gate;

/// How a text is set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    Bold,
    Dim,
    Green,
    Yellow,
    Red,
}

/// Headings.
pub(crate) const BOLD: Style = Style::Bold;
/// Labels and what matters less.
pub(crate) const DIM: Style = Style::Dim;
/// What is right.
pub(crate) const GOOD: Style = Style::Green;
/// What should be mended.
pub(crate) const CARE: Style = Style::Yellow;
/// What is wrong.
pub(crate) const BAD: Style = Style::Red;

/// The colour of a severity.
pub(crate) fn of(severity: Severity) -> Style {
    match severity {
        Severity::Info => DIM,
        Severity::Warning => CARE,
        Severity::Error => BAD,
    }
}

/// Puts a text into a style: between marks, which become colours where they leave the program.
pub(crate) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    let mark = match style {
        Style::Bold => 'b',
        Style::Dim => 'd',
        Style::Green => 'g',
        Style::Yellow => 'y',
        Style::Red => 'r',
    };
    format!("{}{text}{}", gate::mark(mark), gate::mark('e'))
}
