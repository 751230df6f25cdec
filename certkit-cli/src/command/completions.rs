//! `certkit completions`: completions for a shell.

use clap::CommandFactory;

use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::{cli, output};

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// The shell.
    shell: clap_complete::Shell,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit completions bash > /etc/bash_completion.d/certkit
  certkit completions powershell >> $PROFILE

";

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut cli::Cli::command(), "certkit", &mut script);
    output::print_bytes(&script)?;
    Ok(Exit::Fine)
}
