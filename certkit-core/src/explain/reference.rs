//! The words of other programs as a document.

use std::fmt::Write;

use super::PROGRAMS;
use super::entry::Known;

/// Writes every entry as Markdown: what is committed as `errors.md` beside this crate.
pub fn reference() -> String {
    let mut out = String::from(
        "# What other programs say\n\nWritten from the entries in `src/explain/program`; not to be edited by hand. \
         `certkit explain 'TEXT'` says more of each, `certkit explain --log FILE` finds them in a log.\n",
    );
    for (at, &program) in PROGRAMS.iter().enumerate() {
        // Programs of one name share a table.
        if PROGRAMS.iter().take(at).any(|other| other.name == program.name) {
            continue;
        }
        put(&mut out, format_args!("\n## {}\n\n", program.name));
        put(&mut out, format_args!("Narrowed to with `--program {}`. ", program.keys.first().unwrap_or(&"")));
        put(&mut out, format_args!("Known from {}.\n\n", program.source.trim_end_matches(',')));
        out.push_str("| code | words | it means | findings | since | certainty |\n|---|---|---|---|---|---|\n");
        let of_name = PROGRAMS.iter().filter(|other| other.name == program.name);
        for known in of_name.flat_map(|&program| program.entries.iter().map(move |entry| Known { program, entry })) {
            let entry = known.entry;
            let findings: Vec<String> =
                entry.reason.findings.iter().map(|id| format!("[{id}](checks.md#{id})")).collect();
            let certainty = match known.source() == program.source {
                true => entry.certainty.name().to_owned(),
                false => format!("{}: {}", entry.certainty.name(), known.source().trim_end_matches(',')),
            };
            let cells = [
                cell(entry.code),
                code(&known.words()),
                cell(entry.reason.meaning),
                findings.join(", "),
                cell(entry.since.unwrap_or_default()),
                cell(&certainty),
            ];
            put(&mut out, format_args!("| {} |\n", cells.join(" | ")));
        }
    }
    out
}

/// Writes for `checks.md` how other programs tell the fault of a finding: each program once, with a link to its table.
pub fn said_of(finding: &str) -> Option<String> {
    let mut programs: Vec<&str> = Vec::new();
    let mut said = Vec::new();
    for known in super::told_as(finding) {
        let name = known.program.name;
        if !programs.contains(&name) {
            programs.push(name);
            said.push(format!("[{name}](errors.md#{}): {}", anchor(name), code(&known.words())));
        }
    }
    (!said.is_empty()).then(|| format!("**Similar messages:** {}", said.join("; ")))
}

/// The name of a heading in a link.
fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter));
    kept.flat_map(char::to_lowercase).map(|letter| if letter == ' ' { '-' } else { letter }).collect()
}

/// Words as code, whatever stands in them.
fn code(text: &str) -> String {
    let mark = if text.contains('`') { "``" } else { "`" };
    format!("{mark}{}{mark}", text.replace('|', "\\|"))
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('<', "&lt;")
}

fn put(out: &mut String, text: std::fmt::Arguments<'_>) {
    // Writing to a String cannot fail.
    let _ = out.write_fmt(text);
}
