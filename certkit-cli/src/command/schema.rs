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
    /// The name of the document, with or without the version (`certkit.check/1`), or the command that writes it (`check`,
    /// `trust add`); `error` is the document of any command that could not do its job.
    #[arg(required = true)]
    name: Vec<String>,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit schema check
  certkit schema trust add
  certkit schema certkit.fetch/1 > fetch.schema.json

";

type Document = (&'static str, fn() -> Schema);

/// The schema of what is written: what may be left out is not required.
fn written<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12().for_serialize().into_generator().into_root_schema_for::<T>()
}

fn schemas() -> [Document; 24] {
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
        ("trust-export", written::<trust::ExportJson>),
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

/// The document of a command that has not its own name.
fn document_of(command: &str) -> &str {
    match command {
        "request" | "sign" | "renew" | "revoke" | "enroll" => "generate",
        "renew-due" => "renewals",
        "trust-add" | "trust-remove" | "trust-reject" | "trust-approve" | "trust-undo" => "trust-change",
        "expiry-merge" => "expiry",
        own => own,
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let known = schemas();
    let named = args.name.join("-").replace("--", "-");
    let wanted = named.strip_prefix("certkit.").unwrap_or(&named);
    let wanted = document_of(wanted.strip_suffix("/1").unwrap_or(wanted));
    let Some((_, schema)) = known.iter().find(|(name, _)| *name == wanted) else {
        let names = known.map(|(name, _)| name).join(", ");
        let own: Vec<&str> =
            known.iter().map(|(name, _)| *name).filter(|name| name.starts_with(&format!("{wanted}-"))).collect();
        let names = if own.is_empty() { names } else { own.join(", ") };
        return Err(
            Failure::new(format!("unknown document `{}`", args.name.join(" "))).hint(format!("known are {names}"))
        );
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
