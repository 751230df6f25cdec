//! The table of checks as a document.

use std::fmt::Write;

use super::{PROFILES, all};

/// Writes every check as Markdown: what is committed as `checks.md` beside this crate. `told` gives a line on how other
/// programs tell the fault of a finding.
pub fn reference(told: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::from(
        "# Checks\n\nWritten from the table of checks in `src/check`; not to be edited by hand. \
         `certkit explain ID` says the same.\n\n",
    );
    out.push_str("| check | requirement |");
    PROFILES.iter().for_each(|profile| put(&mut out, format_args!(" {} |", profile.name)));
    out.push_str("\n|---|---|");
    PROFILES.iter().for_each(|_| out.push_str("---|"));
    out.push('\n');
    for check in all() {
        put(&mut out, format_args!("| [`{0}`](#{0}) | {1} |", check.id, check.title));
        for profile in PROFILES {
            let severity = profile.checks().find(|(other, _)| other.id == check.id).map(|(_, severity)| severity);
            put(&mut out, format_args!(" {} |", severity.map_or("", super::Severity::name)));
        }
        out.push('\n');
    }
    for check in all() {
        put(&mut out, format_args!("\n## {}\n\n{}. ({})\n\n", check.id, check.title, check.severity));
        put(&mut out, format_args!("{}\n\n**What to do:** {}\n\n", check.why, check.remedy));
        let clauses: Vec<String> = check.clauses.iter().map(ToString::to_string).collect();
        put(&mut out, format_args!("**From:** {}\n", clauses.join("; ")));
        told(check.id).iter().for_each(|told| put(&mut out, format_args!("\n{told}\n")));
    }
    out
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}
