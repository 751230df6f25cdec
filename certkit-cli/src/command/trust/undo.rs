//! `certkit trust undo`: the last change taken back.

use std::ffi::OsString;

use certkit_core::store::{Home, Presence};

use super::opened::{Opened, Purpose, author, failed};
use crate::arguments::{Format, FormatArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::input::StorePassword;
use crate::output;
use crate::render::trust::{self, ChangeJson};
use crate::terminal;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(super) struct Args {
    /// The store; `certkit trust --help` lists the kinds.
    #[arg(value_name = "STORE")]
    store: OsString,

    /// Show what would be undone, and write nothing.
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit trust undo truststore.jks
  certkit trust undo opcua:/opt/server/pki --dry-run
      an interrupted change is completed first, then undone

";

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let purpose = if args.dry_run { Purpose::Look } else { Purpose::Undo };
    let opened = Opened::new(&args.store, &StorePassword::NONE, Presence::MayBeNew, purpose)?;
    let Home::Files(state_folder) = opened.store.home() else {
        return Err(Failure::new(format!("{}: changes of this store are not recorded", opened.name()))
            .hint("undo them with `certkit trust remove` and `certkit trust add`"));
    };
    let undone = state_folder.undoable().map_err(failed)?;
    let record = opened.locked().map(|locked| locked.undo(&author(None))).transpose().map_err(failed)?;
    let change = ChangeJson::undone(&opened.name(), opened.store.kind(), &undone, record.as_ref());
    match args.format.chosen() {
        Format::Json => output::print(&terminal::document(&change))?,
        Format::Text => output::print_text(&trust::changed(&change))?,
    }
    Ok(Exit::Fine)
}
