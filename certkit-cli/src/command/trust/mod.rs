//! `certkit trust`: what stores trust, and how that is changed.

mod add;
mod audit;
mod diff;
mod export;
mod list;
mod opened;
mod plan;
mod process_user;
mod select;
mod take;
mod undo;

use clap::Subcommand;

use crate::exit::{self, Exit};
use crate::failure::Failure;
pub(crate) use opened::failed;
pub(crate) use process_user::{caller, user};

pub(crate) use crate::render::trust::{AuditJson, ChangeJson, DiffJson, ListJson, log_schema};

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    #[command(subcommand)]
    verb: Verb,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit trust list system
  certkit trust add truststore.jks plant-ca.pem --password-file password.txt
  certkit trust approve opcua:/opt/server/pki pump.der
      let an OPC UA client in that the server has rejected
  certkit trust audit /etc/ssl/certs
  certkit trust undo truststore.jks

STORES
  a file (PEM bundle, PKCS#12, Java keystore), a folder (OPC UA PKI, OpenSSL hashed, any), or one of
  pem:FILE  p12:FILE  jks:FILE  jceks:FILE  folder:DIR  hashed:DIR  opcua:DIR
  windows:CurrentUser\\Root (or LocalMachine, any name)  system  mozilla

";

// What can be done with a store. No doc comment: clap would make it the description of `trust`.
#[derive(Debug, Subcommand)]
enum Verb {
    /// Show what stands in a store: certificates with their lists, names and ends.
    List(list::Args),
    /// Put certificates and revocation lists into a store, after everything that speaks against it was said.
    ///
    /// An OPC UA store gets applications onto the list trusted, CAs onto the list issuer, and revocation lists
    /// beside their CAs, unless --list says otherwise. Where a finding is an error, nothing is written, unless
    /// it is accepted with a reason; both are recorded beside the store, with a copy for `trust undo`.
    Add(add::Args),
    /// Take certificates or revocation lists out of a store.
    Remove(take::Args),
    /// Take trust away in an OPC UA store: put certificates onto the list rejected.
    Reject(take::Args),
    /// Let an application into an OPC UA store: put rejected certificates onto the list trusted.
    Approve(take::ApproveArgs),
    /// Write certificates of a store to a file.
    Export(export::Args),
    /// Say in what two stores differ.
    Diff(diff::Args),
    /// Say everything that is wrong with what stands in a store.
    Audit(audit::Args),
    /// Take back the last change that certkit has made to a store.
    Undo(undo::Args),
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    match &args.verb {
        Verb::List(args) => list::run(args),
        Verb::Add(args) => add::run(args),
        Verb::Remove(args) => take::remove(args),
        Verb::Reject(args) => take::reject(args),
        Verb::Approve(args) => take::approve(args),
        Verb::Export(args) => export::run(args),
        Verb::Diff(args) => diff::run(args),
        Verb::Audit(args) => audit::run(args),
        Verb::Undo(args) => undo::run(args),
    }
}
