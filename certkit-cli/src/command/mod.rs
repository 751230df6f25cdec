//! The commands, a file for each verb.

mod check;
mod completions;
mod demo;
mod explain;
mod fetch;
mod generate;
mod inspect;
mod man;
mod renew;
mod request;
mod revoke;
mod schema;
mod sign;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;

/// What certkit can be told to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Inspect(inspect::Args),
    Fetch(Box<fetch::Args>),
    Check(Box<check::Args>),
    Generate(Box<generate::Args>),
    Request(Box<request::Args>),
    Sign(Box<sign::Args>),
    Renew(Box<renew::Args>),
    Revoke(Box<revoke::Args>),
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
            Command::Generate(args) => generate::run(&args),
            Command::Request(args) => request::run(&args),
            Command::Sign(args) => sign::run(&args),
            Command::Renew(args) => renew::run(&args),
            Command::Revoke(args) => revoke::run(&args),
            Command::Explain(args) => explain::run(&args),
            Command::Demo(args) => demo::run(&args),
            Command::Schema(args) => schema::run(&args),
            Command::Completions(args) => completions::run(&args),
            Command::Man(args) => man::run(&args),
        }
    }
}
