//! JUnit's XML: a suite for each source, a test for each finding, and one for each check that is met everywhere.

use std::collections::HashMap;
use std::io::{self, Write};

use askama::Template;
use certkit_core::check::Severity;
use certkit_core::report::Report;
use certkit_core::text::Printable;

use super::{Entry, Kind, entries};

/// The document; its text is `templates/check.junit.xml`.
#[derive(Template)]
#[template(path = "check.junit.xml")]
struct Suites {
    suites: Vec<Suite>,
}

struct Suite {
    name: String,
    tests: Vec<Test>,
}

struct Test {
    name: String,
    /// How it went: `failure`, `error` (nobody could tell), `skipped`, or nothing where it passed.
    element: &'static str,
    kind: &'static str,
    message: String,
    text: String,
}

impl Suite {
    fn count(&self, element: &str) -> usize {
        self.tests.iter().filter(|test| test.element == element).count()
    }
}

impl Suites {
    fn tests(&self) -> usize {
        self.suites.iter().map(|suite| suite.tests.len()).sum()
    }

    fn count(&self, element: &str) -> usize {
        self.suites.iter().map(|suite| suite.count(element)).sum()
    }
}

impl Test {
    fn of(entry: &Entry<'_>) -> Test {
        let element = match (entry.kind, entry.severity) {
            (Kind::Ignored, _) | (_, Severity::Info) => "skipped",
            (Kind::NotMet, _) => "failure",
            (Kind::Undetermined, _) => "error",
        };
        let clauses: Vec<String> = entry.check.clauses.iter().map(ToString::to_string).collect();
        let mut text = entry.check.title.to_owned();
        for (label, words) in [("do", entry.remedy), ("demanded by", &clauses.join("; "))] {
            if !words.is_empty() {
                text += &format!("\n{label}: {words}");
            }
        }
        let kind = if entry.kind == Kind::Ignored { "ignored" } else { entry.severity.name() };
        Test { name: entry.check.id.to_owned(), element, kind, message: entry.sentence(), text }
    }
}

/// Writes it.
pub(super) fn write(report: &Report, to: &mut dyn Write) -> io::Result<()> {
    let mut suites: Vec<Suite> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for entry in entries(report) {
        let name = entry.source.map_or_else(|| "certkit check".to_owned(), |source| Printable(source).to_string());
        let at = *places.entry(name).or_insert_with_key(|name| {
            suites.push(Suite { name: name.clone(), tests: Vec::new() });
            suites.len() - 1
        });
        suites[at].tests.push(Test::of(&entry));
    }
    let passed = report.passed.iter().map(|check| Test {
        name: check.id.to_owned(),
        element: "",
        kind: "",
        message: String::new(),
        text: String::new(),
    });
    suites.push(Suite { name: "met everywhere".to_owned(), tests: passed.collect() });
    Suites { suites }.write_into(to)
}
