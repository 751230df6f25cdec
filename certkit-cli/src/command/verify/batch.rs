//! Many questions, one a line.

use std::path::Path;

use certkit_core::source::file;
use certkit_core::text::Printable;
use certkit_core::verify::across_cores;
use zeroize::Zeroizing;

use super::evidence::EvidenceCache;
use super::options::Options;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::hosted;
use crate::output;
use crate::render::verified;

/// How many lines are judged before their verdicts are printed.
const AT_ONCE: usize = 4096;

/// Judges every line of a file. The exit status is that of the worst line.
pub(super) fn run(file: &Path, base: &Options, cache: &EvidenceCache) -> Result<Exit, Failure> {
    let text = read(file)?;
    let is_line = |(_, line): &(usize, &str)| !line.trim().is_empty();
    let mut lines = (1..).zip(text.lines()).filter(is_line).peekable();
    if lines.peek().is_none() {
        return Err(Failure::new(format!("{}: the file is empty", Printable(&file.display().to_string())))
            .hint("one JSON object per line, for example {\"leaf\": \"plc7.pem\", \"host\": \"plc7.plant.example\"}"));
    }
    let mut exit = Exit::Fine;
    while lines.peek().is_some() {
        let some: Vec<(usize, &str)> = lines.by_ref().take(AT_ONCE).collect();
        let verdicts = across_cores(&some, |(number, line)| judge(*number, line, base, cache));
        let mut out = String::new();
        for (verdict, own) in verdicts {
            out += &verdict;
            exit = exit.max(own);
        }
        output::print(&out)?;
    }
    Ok(exit)
}

fn read(path: &Path) -> Result<Zeroizing<String>, Failure> {
    hosted::read_text(path, file::LIMIT)
        .map_err(|error| Failure::new(format!("{} cannot be read", hosted::called(path).display())).because(error))
}

/// Judges a line; whatever is wrong with it is said in its verdict.
fn judge(number: usize, line: &str, base: &Options, cache: &EvidenceCache) -> (String, Exit) {
    let given: Options = match serde_json::from_str(line) {
        Ok(given) => given,
        Err(error) => return (verified::not_judged(number, None, &format!("line {number}: {error}")), Exit::Failed),
    };
    let options = given.over(base);
    match super::judge(&options, cache) {
        Ok(judged) => (verified::line(number, options.id, &judged), judged.exit()),
        Err(failure) => (verified::not_judged(number, options.id, &failure.in_one_line()), Exit::Failed),
    }
}
