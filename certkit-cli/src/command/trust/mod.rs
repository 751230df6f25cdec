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

pub(crate) use crate::render::trust::{AuditJson, ChangeJson, DiffJson, ExportJson, ListJson, log_schema};

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
      trust an OPC UA client that the server has rejected
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
    /// List the certificates of a store, with their lists, names and expiry dates.
    List(list::Args),
    /// Add certificates and revocation lists to a store, after all checks.
    ///
    /// In an OPC UA store, applications go to the trusted list, CAs to the issuer list, and revocation lists beside
    /// their CAs, unless --list says otherwise. On an error nothing is written, unless the finding is accepted with a
    /// reason; both are recorded beside the store, with a copy for `trust undo`.
    Add(add::Args),
    /// Remove certificates or revocation lists from a store.
    Remove(take::Args),
    /// Stop trusting certificates in an OPC UA store: move them to the rejected list.
    Reject(take::Args),
    /// Trust an application in an OPC UA store: move rejected certificates to the trusted list.
    Approve(take::ApproveArgs),
    /// Write certificates of a store to a file.
    Export(export::Args),
    /// Show the differences between two stores.
    Diff(diff::Args),
    /// List everything that is wrong with the content of a store.
    Audit(audit::Args),
    /// Undo the last change that certkit made to a store.
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
