//! `certkit explain`: what a finding means, why it matters and what to do.

use certkit_core::check::{self, Check, Profile};
use certkit_core::text::Printable;
use serde::Serialize;

use crate::cli::{Format, FormatArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::render::style::{self, paint};
use crate::{output, render};

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// The id of a finding, such as `expired`; without it all ids are listed.
    id: Option<String>,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit explain self-signed
  certkit explain
      list every id with its title

";

/// The document of `certkit.explain/1`.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct ExplainJson {
    schema: &'static str,
    checks: Vec<CheckJson>,
}

#[derive(Serialize, schemars::JsonSchema)]
struct CheckJson {
    id: &'static str,
    severity: &'static str,
    title: &'static str,
    why: &'static str,
    remedy: &'static str,
    clauses: Vec<String>,
    /// The profiles that it belongs to, each with its severity there.
    profiles: std::collections::BTreeMap<&'static str, &'static str>,
}

impl CheckJson {
    fn new(check: &'static Check) -> CheckJson {
        CheckJson {
            id: check.id,
            severity: check.severity.name(),
            title: check.title,
            why: check.why,
            remedy: check.remedy,
            clauses: check.clauses.iter().map(ToString::to_string).collect(),
            profiles: profiles_of(check).map(|(profile, severity)| (profile.name, severity.name())).collect(),
        }
    }
}

fn profiles_of(check: &'static Check) -> impl Iterator<Item = (&'static Profile, check::Severity)> {
    check::PROFILES.iter().copied().filter_map(|profile| {
        profile.checks().find(|(other, _)| other.id == check.id).map(|(_, severity)| (profile, severity))
    })
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let checks: Vec<&'static Check> = match &args.id {
        Some(id) => vec![check::find(id).ok_or_else(|| unknown(id))?],
        None => check::all().collect(),
    };
    match args.format.chosen() {
        Format::Json => {
            let checks = checks.into_iter().map(CheckJson::new).collect();
            output::print(&render::document(&ExplainJson { schema: "certkit.explain/1", checks }))?;
        }
        Format::Text if args.id.is_none() => {
            let width = checks.iter().map(|check| check.id.len()).max().unwrap_or(0);
            let list: String = checks.iter().map(|check| format!("{:width$}  {}\n", check.id, check.title)).collect();
            output::print(&list)?;
        }
        Format::Text => checks.iter().try_for_each(|check| output::print(&text(check)))?,
    }
    Ok(Exit::Fine)
}

fn unknown(id: &str) -> Failure {
    if let Some((_, reason)) = check::REMOVED.iter().find(|(removed, _)| *removed == id) {
        return Failure::new(format!("`{id}` is no longer a finding of certkit: {reason}"));
    }
    let failure = Failure::new(format!("`{}` is no finding of certkit", Printable(id)));
    let wanted = id.to_lowercase();
    let near = check::all().filter(|check| {
        check.id.contains(wanted.as_str()) || wanted.split('-').any(|word| word.len() > 3 && check.id.contains(word))
    });
    let near: Vec<&str> = near.map(|check| check.id).take(6).collect();
    match near.is_empty() {
        true => failure.hint("`certkit explain` lists every id"),
        false => failure.hint(format!("did you mean {}?", near.join(", "))),
    }
}

fn text(check: &'static Check) -> String {
    let mut text = format!("{} ({})\n\n", paint(style::BOLD, check.id), check.severity);
    text += &format!("{}\n\n", render::wrap(check.title, 0));
    text += &format!("{}\n{}\n\n", paint(style::DIM, "Why"), render::wrap(check.why, 2));
    text += &format!("{}\n{}\n\n", paint(style::DIM, "What to do"), render::wrap(check.remedy, 2));
    text += &format!("{}\n", paint(style::DIM, "Demanded by"));
    text += &format!("{}\n", render::wrap(&render::findings::clauses(check).replace("; ", "\n"), 2));
    let profiles: Vec<String> =
        profiles_of(check).map(|(profile, severity)| format!("{} ({severity})", profile.name)).collect();
    if !profiles.is_empty() {
        text += &format!("\n{}\n  {}\n", paint(style::DIM, "Profiles"), profiles.join(", "));
    }
    text
}
