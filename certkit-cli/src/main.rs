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
            cli::Color::asked(std::env::args_os()).apply();
            let text = answer.render().ansi().to_string();
            if answer.use_stderr() {
                output::note(text.trim_end());
                return Exit::Failed.into();
            }
            return output::print(&text).map_or(Exit::Failed, |()| Exit::Fine).into();
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
