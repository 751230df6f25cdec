//! `certkit trust audit`: everything that is wrong with what stands in a store.

use std::ffi::OsString;
use std::path::Path;
use std::sync::Arc;

use certkit_core::admission::{self, Audit};
use certkit_core::check::key_store::{self, KeyStoreCase};
use certkit_core::check::store::{AUDIT, content};
use certkit_core::check::{self, HTTPS, Judgement, Limits, Profile, Severity, ShortLived, Undetermined};
use certkit_core::container::ItemKind;
use certkit_core::report;
use certkit_core::source::file;
use certkit_core::store::Presence;

use super::opened::{Opened, Purpose, failed};
use crate::arguments::{Format, FormatArgs, MomentArgs, span};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::input::{self, HeldKeyPasswordArgs, KnownKeysArgs, StorePassword, StorePasswordArgs};
use crate::output;
use crate::render::trust::Audited;
use crate::terminal;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(super) struct Args {
    /// The store; `certkit trust --help` lists the kinds.
    #[arg(value_name = "STORE")]
    store: OsString,

    /// Warn of certificates that expire within this time. Default: 30d, or the last third of a validity shorter than
    /// 90d.
    #[arg(long, value_name = "TIME", value_parser = span)]
    warn: Option<std::time::Duration>,

    /// Ignore findings with this id.
    #[arg(long, value_name = "ID")]
    ignore: Vec<String>,

    /// Count warnings as errors.
    #[arg(long)]
    strict: bool,

    #[command(flatten)]
    password: StorePasswordArgs,

    #[command(flatten)]
    key_password: HeldKeyPasswordArgs,

    #[command(flatten)]
    weak_keys: KnownKeysArgs,

    #[command(flatten)]
    moment: MomentArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit trust audit opcua:/opt/server/pki
  certkit trust audit truststore.jks --password-file password.txt --warn 90d
  certkit trust audit system --ignore root-weak-hash --json | jq '.findings[].message'

";

const DAY: u64 = 86_400;

impl Args {
    /// What the user names holds for all, however short they live.
    fn limits(&self) -> Limits {
        let Some(warn) = self.warn else { return AUDIT.limits };
        let expires_soon_days = u32::try_from(warn.as_secs().div_ceil(DAY)).unwrap_or(u32::MAX);
        Limits { expires_soon_days, short_lived: ShortLived::AsOthers, ..AUDIT.limits }
    }
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    if let Some(id) = args.ignore.iter().find(|id| check::find(id).is_none()) {
        return Err(Failure::new(format!("unknown finding `{id}`: nothing would be ignored"))
            .at("--ignore")
            .hint("`certkit explain` lists every id"));
    }
    let password = args.key_password.beside(args.password.password()?)?;
    let opened = Opened::new(&args.store, &password, Presence::Needed, Purpose::Look)?;
    let profile = Profile { limits: args.limits(), ..AUDIT };
    let known = args.weak_keys.known()?;
    let mut audit = admission::audit(&*opened.store, &profile, args.moment.moment()).map_err(failed)?;
    if let Some(known) = &known {
        audit.look_up(known);
    }
    let Audit { inventory, mut judgement, .. } = audit;
    if inventory.entries.is_empty() {
        opened.require_place()?;
    }
    if let Some(failure) = opened.unproven(&password) {
        let (check, reason) = (&content::STORE_UNREADABLE, failure.in_one_line());
        // Who names no password asks for no proof.
        let severity = if password.bytes().is_some() { Severity::Error } else { Severity::Info };
        judgement.undetermined.push(Undetermined {
            check,
            severity,
            subject: None,
            reason,
            remedy: None,
            source: None,
        });
    }
    if let Some(keys) = of_keys(Path::new(&args.store), &password) {
        judgement.findings.extend(keys.findings);
        judgement.undetermined.extend(keys.undetermined);
        judgement.passed.extend(keys.passed);
        judgement.findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    }
    judgement.findings.retain(|finding| args.ignore.iter().all(|id| id != finding.check.id));
    judgement.undetermined.retain(|undetermined| args.ignore.iter().all(|id| id != undetermined.check.id));
    if args.strict {
        report::be_strict(&mut judgement.findings, &mut judgement.undetermined);
    }
    let audited = Audited { store: &opened.name(), inventory: &inventory, judgement: &judgement };
    match args.format.chosen() {
        Format::Json => output::print(&terminal::document(&audited.json()))?,
        Format::Text => output::print_text(&audited.text())?,
    }
    Ok(Exit::for_severity(report::heaviest(&judgement.findings, &judgement.undetermined)))
}

/// What is said of a store that is a file: of its private keys, where there are any, and whether its readers see all of it.
pub(super) fn of_keys(name: &Path, password: &StorePassword) -> Option<Judgement> {
    let path = input::without_prefix(name);
    let contents = path.is_file().then(|| file::read_file_with(path, password.all()))?.ok()?;
    let has_key = contents.items.iter().any(|it| matches!(it.kind, ItemKind::PrivateKey(_)));
    let case = KeyStoreCase::of(&contents, &Arc::default(), &password.each(), false)?;
    Some(key_store::judge(&case, if has_key { &HTTPS } else { &AUDIT }))
}
