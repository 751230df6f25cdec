//! The certkit command: certificates and trust stores in industrial IT.

// What clippy.toml forbids is done in one place each.
#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod arguments;
mod cli;
mod command;
mod exit;
mod failure;
mod files;
#[cfg_attr(not(feature = "ui"), allow(dead_code, reason = "nobody hosts a run"))]
mod hosted;
mod input;
mod interrupt;
mod issuance;
mod meant;
mod output;
mod outputs;
mod preflight;
mod render;
mod terminal;
mod verdict;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::Parser;

use crate::exit::Exit;
use crate::failure::{FailureJson, without_passwords};

fn main() -> ExitCode {
    let words: Vec<OsString> = std::env::args_os().collect();
    #[cfg(feature = "ui")]
    if command::ui::double_clicked(&words) {
        return run(&["certkit", "ui"].map(OsString::from)).into();
    }
    run(&words).into()
}

/// Does what a command line asks for.
fn run(words: &[OsString]) -> Exit {
    terminal::gate::hide_passwords_of(words);
    let words = &meant::without_help(words);
    let cli = match cli::Cli::try_parse_from(words) {
        Ok(cli) => cli,
        Err(answer) => {
            let answer = meant::without_bait(answer);
            // Help and version are answers; anything else is bad usage.
            arguments::Color::asked(words.iter().cloned()).apply();
            if answer.use_stderr() {
                // It repeats what was typed, which may be names of strangers' files, and passwords: no colours then.
                let said = without_passwords(answer.render().to_string().trim_end());
                let said = format!("{said}{}", meant::in_words(&answer));
                output::note(&said);
                return failed(words, || FailureJson::of_usage(&answer, &said).document());
            }
            return output::print_help(&answer.render().ansi().to_string()).map_or(Exit::Failed, |()| Exit::Fine);
        }
    };
    cli.color.apply();
    // Many runs of a page share one process; each file still has its own.
    if !cli.command.goes_on() && hosted::current().is_none() {
        certkit_core::crypto::password_based::bound_run();
    }
    match cli.command.run() {
        Ok(exit) => exit,
        Err(failure) => {
            output::note(&failure.to_string());
            failed(words, || failure.document())
        }
    }
}

/// Ends a run whose job could not be done: whoever asked for JSON reads the reason there, unless the run has written
/// to standard output already.
fn failed(words: &[OsString], document: impl FnOnce() -> String) -> Exit {
    if arguments::Format::asked(words.iter().cloned()) == arguments::Format::Json && !output::is_begun() {
        // Where that cannot be written either, the status says it.
        let _ = output::print(&document());
    }
    Exit::Failed
}
