//! The command line as a type. Help, man pages and completions come from it.

use clap::Parser;

use crate::arguments::Color;
use crate::command::Command;
use crate::exit;

const EXAMPLES: &str = "\
EXAMPLES
  certkit fetch thingworx://twx.plant.example --part ca -o thingworx-ca.cer
      get the CA that Kepware needs for AlwaysOn, checked
  certkit check thingworx-ca.cer
      check a file before its import: all findings at once
  certkit inspect server.pem
      what is in a file
  certkit demo
      the main job, shown against a simulated server on this machine

";

/// Certificates and trust stores in industrial IT: OPC UA, HTTPS and ThingWorx AlwaysOn.
#[derive(Debug, Parser)]
#[command(
    name = "certkit",
    version,
    disable_help_subcommand = true,
    max_term_width = 100,
    after_help = format!("{EXAMPLES}{}", exit::HELP),
    after_long_help = format!("{EXAMPLES}{}", exit::HELP)
)]
pub(crate) struct Cli {
    /// When to use colours.
    #[arg(long, value_enum, global = true, default_value_t, value_name = "WHEN")]
    pub(crate) color: Color,

    #[command(subcommand)]
    pub(crate) command: Command,
}
