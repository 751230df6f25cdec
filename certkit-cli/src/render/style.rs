//! Colours: few, and each with a word beside it.

use anstyle::{AnsiColor, Style};
use certkit_core::check::Severity;

/// Headings.
pub(crate) const BOLD: Style = Style::new().bold();
/// Labels and what matters less.
pub(crate) const DIM: Style = Style::new().dimmed();
/// What is right.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// What should be mended.
pub(crate) const CARE: Style = AnsiColor::Yellow.on_default();
/// What is wrong.
pub(crate) const BAD: Style = AnsiColor::Red.on_default();

/// The colour of a severity.
pub(crate) fn of(severity: Severity) -> Style {
    match severity {
        Severity::Info => DIM,
        Severity::Warning => CARE,
        Severity::Error => BAD,
    }
}

/// Puts a text into a style.
pub(crate) fn paint(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}
