//! `certkit man`: the manual page of certkit or of one of its commands.

use clap::{Command, CommandFactory};

use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::{cli, output};

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// The command, such as `fetch` or `trust add`. Default: certkit itself.
    command: Vec<String>,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit man > certkit.1
  certkit man fetch | man -l -
  certkit man trust add | man -l -

";

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let mut page = cli::Cli::command();
    page.build();
    for word in args.command.iter().flat_map(|words| words.split_whitespace()) {
        page = below(&page, word)?;
    }
    let mut text = Vec::new();
    clap_mangen::Man::new(page)
        .render(&mut text)
        .map_err(|error| Failure::new("the manual page cannot be made").because(error))?;
    output::print_bytes(&text)?;
    Ok(Exit::Fine)
}

/// The page of a command below another one, by its name or, joined by hyphens, with those below it (`trust-add`).
fn below(above: &Command, name: &str) -> Result<Command, Failure> {
    let called =
        |it: &Command| it.clone().name(format!("{}-{}", above.get_name(), it.get_name()).leak() as &'static str);
    if let Some(found) = above.find_subcommand(name) {
        return Ok(called(found));
    }
    let joined = name.match_indices('-').find_map(|(at, _)| {
        let (first, rest) = name.split_at_checked(at)?;
        Some((called(above.find_subcommand(first)?), rest.strip_prefix('-')?))
    });
    if let Some((found, rest)) = joined {
        return below(&found, rest);
    }
    let known = above.get_subcommands().map(|it| it.get_name().to_owned()).collect::<Vec<_>>().join(", ");
    let failure = Failure::new(format!("unknown command `{name}`"));
    Err(if known.is_empty() { failure } else { failure.hint(format!("the commands are {known}")) })
}
