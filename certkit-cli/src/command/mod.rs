//! The commands, a file for each verb.

mod check;
mod completions;
mod demo;
mod explain;
mod fetch;
mod inspect;
mod man;
mod schema;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;

/// What certkit can be told to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Inspect(inspect::Args),
    Fetch(Box<fetch::Args>),
    Check(Box<check::Args>),
    Explain(explain::Args),
    Demo(demo::Args),
    Schema(schema::Args),
    Completions(completions::Args),
    Man(man::Args),
}

impl Command {
    /// Does it.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        match self {
            Command::Inspect(args) => inspect::run(&args),
            Command::Fetch(args) => fetch::run(&args),
            Command::Check(args) => check::run(&args),
            Command::Explain(args) => explain::run(&args),
            Command::Demo(args) => demo::run(&args),
            Command::Schema(args) => schema::run(&args),
            Command::Completions(args) => completions::run(&args),
            Command::Man(args) => man::run(&args),
        }
    }
}
