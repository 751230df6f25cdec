//! The two streams, of the program or of a run that it hosts: nothing else writes to them.

#![allow(clippy::disallowed_methods, reason = "the one place that may write to the streams")]

use std::io::{self, IsTerminal as _, Write};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::failure::Failure;
use crate::hosted;
use crate::terminal::fold;
use crate::terminal::gate::{self, Colors, Gate};

/// Whether anything was written to standard output.
static IS_BEGUN: AtomicBool = AtomicBool::new(false);

/// Says whether anything was written to standard output in this run.
pub(crate) fn is_begun() -> bool {
    hosted::current().map_or_else(|| IS_BEGUN.load(Ordering::Relaxed), |run| run.is_begun())
}

/// Standard output, for one who writes to it now.
fn standard_output() -> io::Stdout {
    IS_BEGUN.store(true, Ordering::Relaxed);
    io::stdout()
}

/// Writes text for people to standard output: as [`print()`] does, in lines that fit the terminal.
pub(crate) fn print_text(text: &str) -> Result<(), Failure> {
    match columns() {
        Some(columns) => print(&fold::fold(text, columns)),
        None => print(text),
    }
}

/// Writes text to standard output, through the gate. A reader that has gone away ends the program quietly.
pub(crate) fn print(text: &str) -> Result<(), Failure> {
    match choice() {
        anstream::ColorChoice::Never => print_bytes(gate::text(text, Colors::LeftOut).as_bytes()),
        _ => print_colored(&gate::text(text, Colors::Shown)),
    }
}

/// Whether standard output shows colours.
fn choice() -> anstream::ColorChoice {
    if hosted::current().is_some() {
        return anstream::ColorChoice::Never;
    }
    anstream::AutoStream::choice(&io::stdout())
}

/// Writes the help to standard output: nothing in it comes from outside, and its colours are those of the parser.
pub(crate) fn print_help(text: &str) -> Result<(), Failure> {
    match choice() {
        anstream::ColorChoice::Never => print_bytes(&anstream::adapter::strip_bytes(text.as_bytes()).into_vec()),
        _ => print_colored(text),
    }
}

fn print_colored(text: &str) -> Result<(), Failure> {
    let mut stdout = anstream::AutoStream::auto(standard_output()).lock();
    stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).or_else(quiet_if_closed)
}

/// Writes bytes to standard output as they are: certificates, stores, scripts for shells.
pub(crate) fn print_bytes(bytes: &[u8]) -> Result<(), Failure> {
    if let Some(run) = hosted::current() {
        run.write(bytes);
        return Ok(());
    }
    let mut stdout = standard_output().lock();
    stdout.write_all(bytes).and_then(|()| stdout.flush()).or_else(quiet_if_closed)
}

/// Writes to standard output piece by piece, through the gate. A reader that has gone away ends the program quietly.
pub(crate) fn print_with(
    form: gate::Form,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    if hosted::current().is_some() {
        let mut bytes = Vec::new();
        gated(&mut bytes, form, write).or_else(quiet_if_closed)?;
        return print_bytes(&bytes);
    }
    let stdout = io::BufWriter::new(standard_output().lock());
    gated(stdout, form, write).or_else(quiet_if_closed)
}

/// Writes piece by piece through the gate.
pub(crate) fn gated(
    to: impl Write,
    form: gate::Form,
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut gate = Gate::new(to, form);
    write(&mut gate)?;
    gate.finish()
}

/// Writes words to standard error, through the gate.
pub(crate) fn note(text: &str) {
    if let Some(run) = hosted::current() {
        return run.note(&gate::text(text, Colors::LeftOut));
    }
    let text = fold::columns(&io::stderr()).map_or_else(|| text.to_owned(), |columns| fold::fold(text, columns));
    // Where nobody listens, nothing can be said. What cannot show colours leaves them out by itself.
    let _ = writeln!(anstream::stderr().lock(), "{}", gate::text(&text, Colors::Shown));
}

/// Whether a person looks at standard output.
pub(crate) fn is_terminal() -> bool {
    hosted::current().is_none() && io::stdout().is_terminal()
}

/// How many columns standard output shows; `None` for what is no terminal.
pub(crate) fn columns() -> Option<usize> {
    fold::columns(&io::stdout()).filter(|_| hosted::current().is_none())
}

/// Whether standard output shows colours.
pub(crate) fn is_colored() -> bool {
    hosted::current().is_none() && anstream::AutoStream::choice(&io::stdout()) != anstream::ColorChoice::Never
}

/// Whether a person sees how far the run is.
pub(crate) fn is_watched() -> bool {
    hosted::current().is_some() || io::stderr().is_terminal()
}

/// Whether a person can be asked for a password.
pub(crate) fn can_ask() -> bool {
    hosted::current().is_none() && io::stdin().is_terminal()
}

/// Writes a line over the one before, where a person sees it.
pub(crate) fn show_progress(line: &str) {
    if let Some(run) = hosted::current() {
        return run.show_progress(line);
    }
    let _ = write!(io::stderr(), "\r\u{1b}[K{}", gate::text(line, Colors::LeftOut));
}

fn quiet_if_closed(error: io::Error) -> Result<(), Failure> {
    match error.kind() {
        io::ErrorKind::BrokenPipe => Ok(()),
        _ => Err(Failure::new("cannot write to standard output").because(error)),
    }
}
