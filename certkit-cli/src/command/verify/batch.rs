//! Many questions, one a line.

use std::io::{self, Read};
use std::path::Path;

use certkit_core::text::Printable;
use certkit_core::verify::across_cores;

use super::options::Options;
use super::shelf::Shelf;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output;
use crate::render::verified;

/// How many lines are judged before their verdicts are printed.
const AT_ONCE: usize = 4096;

/// Judges every line of a file. The exit status is that of the worst line.
pub(super) fn run(file: &Path, base: &Options, shelf: &Shelf) -> Result<Exit, Failure> {
    let text = read(file)?;
    let lines: Vec<(usize, &str)> =
        text.lines().enumerate().map(|(at, line)| (at + 1, line)).filter(|(_, line)| !line.trim().is_empty()).collect();
    if lines.is_empty() {
        return Err(Failure::new(format!("{}: there is no line in it", Printable(&file.display().to_string())))
            .hint("one JSON object a line, for example {\"leaf\": \"plc7.pem\", \"host\": \"plc7.plant.example\"}"));
    }
    let mut exit = Exit::Fine;
    for some in lines.chunks(AT_ONCE) {
        let verdicts = across_cores(some, |(number, line)| judge(*number, line, base, shelf));
        let mut out = String::new();
        for (verdict, own) in verdicts {
            out += &verdict;
            exit = exit.max(own);
        }
        output::print(&out)?;
    }
    Ok(exit)
}

fn read(file: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = if file == Path::new("-") {
        io::stdin().lock().read_to_string(&mut text).map(|_| ())
    } else {
        std::fs::read_to_string(file).map(|read| text = read)
    };
    let named = if file == Path::new("-") { "standard input".to_owned() } else { file.display().to_string() };
    read.map_err(|error| Failure::new(format!("{named} cannot be read")).because(error))?;
    Ok(text)
}

/// Judges a line; whatever is wrong with it is said in its verdict.
fn judge(number: usize, line: &str, base: &Options, shelf: &Shelf) -> (String, Exit) {
    let given: Options = match serde_json::from_str(line) {
        Ok(given) => given,
        Err(error) => return (verified::not_judged(number, None, &format!("line {number}: {error}")), Exit::Failed),
    };
    let options = given.over(base);
    match super::judge(&options, shelf) {
        Ok(judged) => (verified::line(number, options.id, &judged), judged.exit()),
        Err(failure) => (verified::not_judged(number, options.id, &failure.in_one_line()), Exit::Failed),
    }
}
