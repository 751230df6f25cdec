//! `certkit schema`: the JSON Schema of a document.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, Schema, schema_for};

use crate::command::{
    check, convert, expiry, explain, fetch, generate, inspect, inventory, preflight, renew, review, selftest, trust,
    verify, version,
};
use crate::exit::{self, Exit};
use crate::failure::{Failure, FailureJson};
use crate::output;
use crate::terminal;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// The name of the document: the command that writes it, with or without the version (`check`, `certkit.check/1`);
    /// `error` is the document of any command that could not do its job.
    name: String,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit schema check
  certkit schema certkit.fetch/1 > fetch.schema.json

";

type Document = (&'static str, fn() -> Schema);

/// The schema of what is written: what may be left out is not required.
fn written<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

fn schemas() -> [Document; 23] {
    [
        ("inspect", written::<inspect::InspectJson>),
        ("fetch", written::<fetch::FetchJson>),
        ("check", written::<check::CheckJson<'_>>),
        ("verify", written::<verify::VerifyJson>),
        ("convert", written::<convert::ConvertJson>),
        ("generate", written::<generate::GenerateJson>),
        ("renewals", written::<renew::RenewalsJson>),
        ("preflight", written::<preflight::PreflightJson>),
        ("trust-list", written::<trust::ListJson>),
        ("trust-change", written::<trust::ChangeJson>),
        ("trust-diff", written::<trust::DiffJson>),
        ("trust-audit", written::<trust::AuditJson>),
        ("trust-log", trust::log_schema),
        ("expiry", written::<certkit_expiry::document::ExpiryJson>),
        ("expiry-history", written::<expiry::HistoryJson>),
        ("expiry-config", || schema_for!(expiry::ConfigToml)),
        ("inventory", written::<inventory::InventoryJson>),
        ("review", written::<review::ReviewJson>),
        ("review-config", || schema_for!(review::PlantToml)),
        ("explain", written::<explain::ExplainJson>),
        ("version", written::<version::VersionJson>),
        ("selftest", written::<selftest::SelftestJson>),
        ("error", written::<FailureJson>),
    ]
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let known = schemas();
    let wanted = args.name.strip_prefix("certkit.").unwrap_or(&args.name);
    let wanted = wanted.strip_suffix("/1").unwrap_or(wanted);
    let Some((_, schema)) = known.iter().find(|(name, _)| *name == wanted) else {
        let names = known.map(|(name, _)| name).join(", ");
        return Err(Failure::new(format!("unknown document `{}`", args.name)).hint(format!("known are {names}")));
    };
    let mut schema = schema();
    // The field `schema` of a document says which of these it is.
    schema.insert("title".to_owned(), format!("certkit.{wanted}/1").into());
    if let Some(field) = schema.pointer_mut("/properties/schema") {
        field["const"] = format!("certkit.{wanted}/1").into();
    }
    output::print(&terminal::document(&schema))?;
    Ok(Exit::Fine)
}
