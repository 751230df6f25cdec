//! `certkit inventory`: which certificates, keys and algorithms are where, and what a quantum computer breaks.

mod assets;
mod cyclonedx;
mod format;
mod gather;

use std::path::{Path, PathBuf};
use std::sync::LazyLock;
use std::time::Duration;

use clap::ValueEnum;

pub(crate) use self::assets::InventoryJson;
use self::gather::Pace;
use crate::arguments::{self, MomentArgs};
use crate::command::expiry::{self, Given};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::input::{Gather, StorePasswordArgs};
use crate::outputs::{Formats, OutputArgs};
use crate::terminal;
use crate::terminal::gate::{self, Colors};

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{EXIT}"), after_long_help = format!("{EXAMPLES}{EXIT}"))]
pub(crate) struct Args {
    /// Files, folders, stores, URLs, HOST:PORT, system, mozilla, or - for standard input.
    #[arg(value_name = "INPUT", long_help = arguments::inputs("Files, folders, stores, URLs, HOST:PORT, system, mozilla, or - for standard input."))]
    inputs: Vec<PathBuf>,

    /// An inventory of `certkit expiry` (TOML): sources with owners, groups and notes.
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,

    /// How many sources are read at the same time.
    #[arg(long, value_name = "N", default_value_t = 16, value_parser = clap::value_parser!(u16).range(1..=1024))]
    jobs: u16,

    /// The time for one endpoint.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = arguments::span)]
    timeout: Duration,

    /// What servers have to lead to before the client certificate of `access` is shown to them, in place of the roots of
    /// the system and Mozilla: a file, folder or store.
    #[arg(long, value_name = "STORE")]
    trust: Vec<String>,

    #[command(flatten)]
    password: StorePasswordArgs,

    #[command(flatten)]
    moment: MomentArgs,

    #[command(flatten)]
    outputs: OutputArgs<Format>,
}

/// The format of the inventory.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// Tables for people.
    Text,
    /// One JSON document with a schema.
    Json,
    /// A table for spreadsheets.
    Csv,
    /// A cryptography bill of materials: CycloneDX 1.6 in JSON.
    Cyclonedx,
}

impl Formats for Format {
    const TEXT: Format = Format::Text;
    const JSON: Format = Format::Json;

    fn form(self) -> gate::Form {
        match self {
            Format::Json | Format::Cyclonedx => gate::Form::Json,
            Format::Text | Format::Csv => gate::Form::Lines,
        }
    }

    fn of(path: &Path) -> Option<Format> {
        let name = path.file_name()?.to_str()?;
        Some(match path.extension()?.to_str()? {
            "txt" => Format::Text,
            "csv" => Format::Csv,
            // As the tools of CycloneDX look for it.
            "json" if name == "bom.json" || name.ends_with(".cdx.json") => Format::Cyclonedx,
            "json" => Format::Json,
            _ => return None,
        })
    }
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit inventory /etc/ssl/plant https://twx.plant.example opc.tcp://kepware:49320
  certkit inventory --config inventory.toml --format cyclonedx -o plant.cdx.json
  certkit inventory --config inventory.toml -o plant.csv -o plant.json

";

const EXIT: &str = "\
EXIT STATUS
  0  every source was read
  2  a source could not be read, and is named in the report
  3  the job could not be done (bad usage, no such file, bad inventory); nothing is written then";

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let outputs = args.outputs.outputs(args.inputs.iter().chain(&args.config).map(PathBuf::as_path))?;
    let password = args.password.password()?;
    let config = args.config.as_deref().map(expiry::read).transpose()?;
    let watches = expiry::watches(&args.inputs, config.as_ref(), Given::default(), None)?;
    let mut gather = Gather::new();
    gather.trust(&args.trust, &password)?;
    // Roots are read where a client certificate is to be shown, and else not.
    let context = LazyLock::new(|| {
        gather.defaults();
        gather.context()
    });
    let pace = Pace { jobs: args.jobs.into(), timeout: args.timeout, trusted: &|| &context };
    let inventory = InventoryJson::new(gather::look(&watches, &password, pace), args.moment.moment());
    outputs.write(|| format::text(&inventory), &|format, to| match format {
        Format::Text => to.write_all(gate::text(&format::text(&inventory), Colors::LeftOut).as_bytes()),
        Format::Json => to.write_all(terminal::document(&inventory).as_bytes()),
        Format::Csv => format::csv(&inventory, to),
        Format::Cyclonedx => cyclonedx::write(&inventory, to),
    })?;
    Ok(if inventory.unseen.is_empty() { Exit::Fine } else { Exit::Errors })
}
