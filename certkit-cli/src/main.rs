//! The certkit command: certificates and trust stores in industrial IT.

mod cli;
mod command;
mod exit;
mod failure;
mod files;
mod input;
mod making;
mod output;
mod render;

use std::process::ExitCode;

use clap::Parser;

use crate::exit::Exit;

fn main() -> ExitCode {
    let cli = match cli::Cli::try_parse() {
        Ok(cli) => cli,
        Err(answer) => {
            // Help and version are answers; anything else is bad usage.
            let exit = if answer.use_stderr() { Exit::Failed } else { Exit::Fine };
            let _ = answer.print();
            return exit.into();
        }
    };
    cli.color.apply();
    match cli.command.run() {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::note(&failure.to_string());
            Exit::Failed.into()
        }
    }
}
