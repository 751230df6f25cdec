//! `certkit man`: the manual page of certkit or of one of its commands.

use clap::CommandFactory;

use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::{cli, output};

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// The command. Default: certkit itself.
    command: Option<String>,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit man > certkit.1
  certkit man fetch | man -l -

";

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut whole = cli::Cli::command();
    whole.build();
    let page = match &args.command {
        None => whole,
        Some(name) => {
            let known = whole.get_subcommands().map(|it| it.get_name().to_owned()).collect::<Vec<_>>().join(", ");
            let command = whole.find_subcommand(name).cloned().ok_or_else(|| {
                Failure::new(format!("unknown command `{name}`")).hint(format!("the commands are {known}"))
            })?;
            command.name(format!("certkit-{name}").leak() as &'static str)
        }
    };
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut text)
        .map_err(|error| Failure::new("the manual page cannot be made").because(error))?;
    output::print_bytes(&text)?;
    Ok(Exit::Fine)
}
