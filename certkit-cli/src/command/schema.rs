//! `certkit schema`: the JSON Schema of a document.

use schemars::{Schema, schema_for};

use crate::command::{check, convert, expiry, explain, fetch, generate, inspect, preflight, trust, verify};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::{output, render};

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// The name of the document: the command that writes it, with or without the version (`check`, `certkit.check/1`).
    name: String,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit schema check
  certkit schema certkit.fetch/1 > fetch.schema.json

";

type Document = (&'static str, fn() -> Schema);

fn schemas() -> [Document; 16] {
    [
        ("inspect", || schema_for!(inspect::InspectJson)),
        ("fetch", || schema_for!(fetch::FetchJson)),
        ("check", || schema_for!(check::CheckJson)),
        ("verify", || schema_for!(verify::VerifyJson)),
        ("convert", || schema_for!(convert::ConvertJson)),
        ("generate", || schema_for!(generate::GenerateJson)),
        ("preflight", || schema_for!(preflight::PreflightJson)),
        ("trust-list", || schema_for!(trust::ListJson)),
        ("trust-change", || schema_for!(trust::ChangeJson)),
        ("trust-diff", || schema_for!(trust::DiffJson)),
        ("trust-audit", || schema_for!(trust::AuditJson)),
        ("trust-log", trust::log_schema),
        ("expiry", || schema_for!(expiry::ExpiryJson)),
        ("expiry-history", || schema_for!(expiry::HistoryJson)),
        ("expiry-config", || schema_for!(expiry::ConfigToml)),
        ("explain", || schema_for!(explain::ExplainJson)),
    ]
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let known = schemas();
    let wanted = args.name.strip_prefix("certkit.").unwrap_or(&args.name);
    let wanted = wanted.strip_suffix("/1").unwrap_or(wanted);
    let Some((_, schema)) = known.iter().find(|(name, _)| *name == wanted) else {
        let names = known.map(|(name, _)| name).join(", ");
        return Err(
            Failure::new(format!("`{}` is no document of certkit", args.name)).hint(format!("known are {names}"))
        );
    };
    let mut schema = schema();
    // The field `schema` of a document says which of these it is.
    schema.insert("title".to_owned(), format!("certkit.{wanted}/1").into());
    if let Some(field) = schema.pointer_mut("/properties/schema") {
        field["const"] = format!("certkit.{wanted}/1").into();
    }
    output::print(&render::document(&schema))?;
    Ok(Exit::Fine)
}
