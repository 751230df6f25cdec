//! Lines that fit the terminal.
//!
//! Knows columns: colours take none, wide characters two. Refuses to know what the lines say.

use std::io;

use textwrap::core::display_width;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// The columns of a text that is broken whatever it is shown on: those of the narrowest terminal in use.
pub(crate) const COLUMNS: usize = 80;

/// The fewest columns that text is fitted to.
const FEWEST: usize = 40;

/// How far to the right the second of two columns may begin for what is broken to go on below it.
const FURTHEST: usize = 36;

/// How many columns a stream shows, where a person looks at it or `COLUMNS` says so; `None` where lines stay whole.
pub(crate) fn columns(stream: &impl Columns) -> Option<usize> {
    let told = || std::env::var("COLUMNS").ok()?.parse().ok();
    stream.columns().or_else(told).map(|columns| columns.max(FEWEST))
}

/// A stream that may be a terminal.
pub(crate) trait Columns {
    /// How many columns it shows; `None` for what is no terminal.
    fn columns(&self) -> Option<usize>;
}

impl Columns for io::Stdout {
    fn columns(&self) -> Option<usize> {
        terminal_size::terminal_size_of(self).map(|(width, _)| width.0.into())
    }
}

impl Columns for io::Stderr {
    fn columns(&self) -> Option<usize> {
        terminal_size::terminal_size_of(self).map(|(width, _)| width.0.into())
    }
}

/// Breaks a paragraph into lines of at most [`COLUMNS`], each indented.
pub(crate) fn fill(paragraph: &str, indent: usize) -> String {
    let indent = " ".repeat(indent);
    textwrap::fill(paragraph, options(COLUMNS, &indent, &indent))
}

/// Breaks every line that is wider than that; what is broken goes on below its own column.
pub(crate) fn fold(text: &str, columns: usize) -> String {
    let mut folded = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let (bare, end) = line.strip_suffix('\n').map_or((line, ""), |bare| (bare, "\n"));
        if display_width(bare) <= columns {
            folded.push_str(line);
            continue;
        }
        let rest = bare.trim_start_matches(' ');
        let (start, indent) = bare.split_at(bare.len() - rest.len());
        let further = " ".repeat(hanging(rest, start.len(), columns));
        folded.push_str(&textwrap::fill(indent, options(columns, start, &further)));
        folded.push_str(end);
    }
    folded
}

/// The column in which a broken line goes on: that of the second of two columns, else a little to the right.
fn hanging(rest: &str, indent: usize, columns: usize) -> usize {
    let second = rest.find("  ").and_then(|at| {
        let (first, gap) = rest.split_at(at);
        let spaces = gap.len() - gap.trim_start_matches(' ').len();
        Some(indent + display_width(first) + spaces).filter(|column| *column <= FURTHEST)
    });
    second.unwrap_or(indent + 2).min(columns / 2)
}

fn options<'a>(columns: usize, first: &'a str, further: &'a str) -> Options<'a> {
    Options::new(columns)
        .initial_indent(first)
        .subsequent_indent(further)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_broken_goes_on_below_its_own_column() {
        let text = "  Subject     CN=plc7.plant.example, O=Example Plant\n  short\n";
        let folded = fold(text, 40);
        assert_eq!(folded, "  Subject     CN=plc7.plant.example,\n              O=Example Plant\n  short\n");
        assert_eq!(fold("one two three", 40), "one two three");
    }

    #[test]
    fn colours_take_no_columns_and_wide_characters_two() {
        use super::super::gate::{Colors, mark, text};
        let painted = format!("{}{}{} end", mark('r'), "x".repeat(36), mark('e'));
        assert_eq!(fold(&painted, 40), painted);
        let path = format!("{}/{}{} end\n", mark('b'), "ab".repeat(60), mark('e'));
        let folded = text(&fold(&path, 40), Colors::LeftOut);
        assert_eq!(folded.split_whitespace().collect::<String>(), format!("/{}end", "ab".repeat(60)));
        assert!(folded.lines().all(|line| display_width(line) <= 40), "{folded}");
        let wide = "\u{5de5}\u{5834} ".repeat(10);
        assert!(fold(&wide, 40).lines().all(|line| display_width(line) <= 40));
        // What has no blank is broken all the same.
        assert!(fold(&"ab:".repeat(40), 40).lines().all(|line| display_width(line) <= 40));
    }
}
