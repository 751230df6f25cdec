//! `certkit version`: which certkit this is, for support calls and inventories.

use serde::Serialize;

use crate::arguments::{Format, FormatArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::output;
use crate::terminal;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit version
  certkit version --json | jq -r .target

";

/// The document of `certkit.version/1`.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct VersionJson {
    schema: &'static str,
    #[serde(flatten)]
    build: Build,
}

/// What this program was built from, and for what.
#[derive(Clone, Debug, Serialize, schemars::JsonSchema)]
pub(crate) struct Build {
    version: &'static str,
    /// The machine that it was built for, as Rust names it: `x86_64-unknown-linux-gnu`.
    target: &'static str,
    /// The parts that were chosen when it was built; empty where there is nothing to choose.
    features: Vec<&'static str>,
    /// The commit of its source; null where it was built of a package without history.
    commit: Option<&'static str>,
    /// The library that signs, verifies and speaks TLS.
    backend: &'static str,
}

impl Build {
    /// This program.
    pub(crate) fn this() -> Build {
        Build {
            version: env!("CARGO_PKG_VERSION"),
            target: env!("CERTKIT_TARGET"),
            features: env!("CERTKIT_FEATURES").split_terminator(',').collect(),
            commit: option_env!("CERTKIT_COMMIT").filter(|commit| !commit.is_empty()),
            backend: certkit_core::crypto::BACKEND,
        }
    }

    /// Says it in lines for people.
    pub(crate) fn text(&self) -> String {
        let features = if self.features.is_empty() { "no choices".to_owned() } else { self.features.join(", ") };
        let rows = [
            ("target", self.target),
            ("features", &features),
            ("commit", self.commit.unwrap_or("unknown")),
            ("backend", self.backend),
        ];
        let rows: String = rows.iter().map(|(name, value)| format!("  {name:<10}{value}\n")).collect();
        format!("certkit {}\n{rows}", self.version)
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let build = Build::this();
    match args.format.chosen() {
        Format::Json => output::print(&terminal::document(&VersionJson { schema: "certkit.version/1", build }))?,
        Format::Text => output::print_text(&build.text())?,
    }
    Ok(Exit::Fine)
}
