//! Which rule of form that others look for is looked for by which check: the table `docs/lints.md`.

use std::fmt::Write;
use std::path::Path;

use certkit_core::check::{self, Check, PROFILES};

/// One row of `testdata/lints.csv`.
struct Row<'a> {
    lint: &'a str,
    clause: &'a str,
    checks: Vec<&'static Check>,
}

fn rows(text: &str) -> Vec<Row<'_>> {
    let rows = text.lines().skip(1).map(|line| {
        let [lint, clause, checks] = line.split(',').collect::<Vec<_>>()[..] else { panic!("{line}") };
        let checks = checks.split(' ').map(|id| check::find(id).unwrap_or_else(|| panic!("{lint}: no check {id}")));
        Row { lint, clause, checks: checks.collect() }
    });
    rows.collect()
}

fn document(rows: &[Row<'_>]) -> String {
    let mut out = String::from(
        "# Rules of form\n\nRules of RFCs that zlint has a lint for, and the checks of certkit that look at them. Written from \
         `testdata/lints.csv` and the table of checks; not to be edited by hand.\n\n| zlint | from | check | weighs |\n\
         |---|---|---|---|\n",
    );
    for Row { lint, clause, checks } in rows {
        let ids: Vec<String> = checks.iter().map(|it| format!("`{}`", it.id)).collect();
        // What the weightiest of them comes to under a profile for plants, and under the one that goes by the letter.
        let weight = |name: &str| {
            let profile = PROFILES.iter().find(|profile| profile.name == name).unwrap();
            let weights = profile.checks().filter(|(it, _)| checks.iter().any(|check| check.id == it.id));
            weights.map(|(_, severity)| severity).max()
        };
        let said = |name| weight(name).map_or("not looked at".to_owned(), |it| it.to_string());
        let (https, letter) = (said("https"), said("rfc5280"));
        let weighs = if https == letter { https } else { format!("{https}; rfc5280: {letter}") };
        writeln!(out, "| {lint} | {clause} | {} | {weighs} |", ids.join(", ")).unwrap();
    }
    out
}

#[test]
fn the_table_of_lints_is_fresh_and_names_checks_that_cite_the_document() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let text = std::fs::read_to_string(root.join("testdata/lints.csv")).unwrap();
    let rows = rows(&text);
    assert!(rows.len() > 120, "{}", rows.len());
    for Row { lint, clause, checks } in &rows {
        let (number, _) = clause.strip_prefix("RFC ").and_then(|it| it.split_once(' ')).unwrap();
        let document = format!("RFC {number}");
        let cites = |check: &&Check| check.clauses.iter().any(|clause| clause.document() == document);
        assert!(checks.iter().copied().any(|check| cites(&check)), "{lint}: none of its checks cites {document}");
        let is_shown =
            PROFILES.iter().any(|it| it.checks().any(|(check, _)| checks.iter().any(|own| own.id == check.id)));
        assert!(is_shown, "{lint}: no profile has its checks");
    }
    let mut names: Vec<&str> = rows.iter().map(|row| row.lint).collect();
    names.sort_unstable();
    assert!(names.windows(2).all(|pair| pair[0] != pair[1]), "a lint stands twice");
    let file = root.join("docs/lints.md");
    let fresh = document(&rows);
    if std::env::var_os("CERTKIT_BLESS").is_some() {
        std::fs::write(&file, &fresh).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default().replace("\r\n", "\n");
    assert!(
        committed == fresh,
        "docs/lints.md is out of date; write it anew with\n    CERTKIT_BLESS=1 cargo test -p certkit-core --test lints"
    );
}
