//! `certkit trust add`: the gate of a store.

use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use certkit_core::admission::{self, Candidate};
use certkit_core::cert::Certificate;
use certkit_core::check::key_store::TRUSTED_ENTRIES_UNSEEN;
use certkit_core::check::{self, CA, Finding, Judgement, Profile, Role, Severity};
use certkit_core::container::ItemKind;
use certkit_core::context;
use certkit_core::report::Report;
use certkit_core::source::file;
use certkit_core::store::{Change, Content, Group, Kind, List, Presence};
use certkit_core::text::Printable;

use super::audit::of_keys;
use super::opened::{Opened, Purpose, author, group, happened, list};
use super::plan::Offer;
use crate::arguments::{self, Format, FormatArgs, MomentArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::input::{self, Inputs, KnownKeysArgs, StorePasswordArgs, require_strong};
use crate::output;
use crate::render::findings;
use crate::render::trust::{self, ChangeJson, Done};
use crate::terminal;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(super) struct Args {
    /// The store; `certkit trust --help` lists the kinds.
    #[arg(value_name = "STORE")]
    store: OsString,

    /// Files, folders, URLs, or - for standard input, with certificates and revocation lists.
    #[arg(required = true, value_name = "CERT", long_help = arguments::inputs("Files, folders, URLs, or - for standard input, with certificates and revocation lists."))]
    inputs: Vec<PathBuf>,

    /// Revocation lists of the CAs.
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,

    /// The list of an OPC UA store. Default: trusted for applications, issuer for CAs.
    #[arg(long, value_name = "LIST", value_parser = list)]
    list: Option<List>,

    /// The group of an OPC UA store: application, user or https.
    #[arg(long, value_name = "GROUP", value_parser = group, default_value = "application")]
    group: Group,

    /// The name of the one certificate in the store. Default: made from its subject.
    #[arg(long, value_name = "NAME")]
    alias: Option<String>,

    /// Judge under this profile. Default: in an OPC UA store by its group, opcua, opcua-user or https (ca for its CAs);
    /// else ca.
    #[arg(long, value_name = "PROFILE", value_parser = profile)]
    profile: Option<&'static Profile>,

    /// Create the store if it does not exist.
    #[arg(long)]
    create: bool,

    /// Accept a weak password for a new store.
    #[arg(long)]
    allow_weak_password: bool,

    #[command(flatten)]
    weak_keys: KnownKeysArgs,

    #[command(flatten)]
    accept: AcceptArgs,

    /// Show what would be done, and write nothing.
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    password: StorePasswordArgs,

    #[command(flatten)]
    moment: MomentArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit trust add truststore.jks plant-ca.pem --password-file password.txt
  certkit trust add opcua:/opt/server/pki client-chain.pem --crl plant-ca.crl
      the client is added to the trusted list, its CAs to the issuer list
  certkit trust add opcua:/opt/server/pki plant-ca.der --list trusted
      trust everything that the CA issues
  certkit trust add hashed:/etc/ssl/plant old-plc.pem --accept not-a-ca --reason 'ticket 4711'

";

// What is accepted, and why.
#[derive(clap::Args, Debug)]
pub(super) struct AcceptArgs {
    /// Accept a finding with this id although it is an error; requires --reason.
    #[arg(long, value_name = "ID", requires = "reason")]
    pub(super) accept: Vec<String>,

    /// The reason, recorded beside the store.
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: Option<String>,
}

impl AcceptArgs {
    /// Refuses ids that there are not, and a reason that is none.
    pub(super) fn validate(&self) -> Result<(), Failure> {
        if let Some(id) = self.accept.iter().find(|id| check::find(id).is_none()) {
            return Err(Failure::new(format!("unknown finding `{}`: nothing would be accepted", Printable(id)))
                .hint("`certkit explain` lists every id"));
        }
        match &self.reason {
            Some(reason) if reason.trim().is_empty() => {
                Err(Failure::new("the reason is empty").hint("give a reason: --reason 'ticket 4711'"))
            }
            _ => Ok(()),
        }
    }

    /// Says what speaks against a change that is not made.
    pub(super) fn refuse(&self, action: &str, store: &str, report: &Report, format: Format) -> Result<Exit, Failure> {
        match format {
            Format::Json => output::print(&terminal::document(&ChangeJson::refused(action, store, report)))?,
            Format::Text => {
                let accept: String = report.errors().iter().map(|id| format!(" --accept {id}")).collect();
                output::print_text(&findings::text(report))?;
                output::note(&format!(
                    "certkit: refused: {store} is unchanged\n  hint: to do it anyway:{accept} --reason TEXT"
                ));
            }
        }
        Ok(Exit::Errors)
    }
}

/// Reads the name of a profile for clap.
fn profile(name: &str) -> Result<&'static Profile, String> {
    let known: Vec<&str> = check::PROFILES.iter().map(|profile| profile.name).collect();
    Profile::named(name).ok_or_else(|| format!("the profiles are {}", known.join(", ")))
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    args.accept.validate()?;
    let password = args.password.password()?;
    let presence = if args.create { Presence::MayBeNew } else { Presence::Needed };
    let looked = Opened::new(&args.store, &password, presence, Purpose::Look)?;
    let is_new = looked.is_new();
    if is_new
        && let Some(password) = password.text()?
        && !args.allow_weak_password
    {
        require_strong(&password)?;
    }
    // Everything is read before the store is held for this run.
    let inputs: Vec<PathBuf> = args.inputs.iter().chain(&args.crl).cloned().collect();
    let inputs = input::read(&inputs, &password)?;
    inputs.require_whole(&password)?;
    inputs.tell_losses();
    let opened = if args.dry_run { looked } else { Opened::new(&args.store, &password, presence, Purpose::Change)? };
    let members = opened.members()?;
    if args.alias.is_some() && matches!(opened.store.kind(), Kind::Pem | Kind::Hashed) {
        return Err(Failure::new(format!(
            "{}: certificates have no names in a {}",
            opened.name(),
            opened.store.kind().title()
        ))
        .hint("leave --alias out"));
    }
    let mut offered = offered(args, &inputs, opened.store.lists())?;
    offered.extend(lost_lists(args)?);
    let mut report = admission::judge(opened.store.kind(), &members, &offered, args.moment.moment());
    for input in &inputs.read {
        report.look_at(Some(&input.name));
        input.contents.oddities.iter().for_each(|oddity| report.add_form(*oddity));
    }
    report.look_at(None);
    // What is added does not make its readers see the rest. Only in this kind of store Java passes something over.
    let of_store = (opened.store.kind() == Kind::Pkcs12).then(|| of_keys(Path::new(&args.store), &password)).flatten();
    let store = of_store.map(|it| it.findings).unwrap_or_default();
    let findings: Vec<Finding> = store.into_iter().filter(|it| it.check.id == TRUSTED_ENTRIES_UNSEEN.id).collect();
    if !findings.is_empty() {
        report.look_at(Some(&opened.name()));
        report.add_posture(&CA, &Judgement { findings, ..Judgement::default() });
        report.look_at(None);
    }
    if let Some(known) = args.weak_keys.known()? {
        report.look_together(&[], &[], Some(&known));
    }
    report.ignore(&args.accept.accept);
    if report.heaviest() == Some(Severity::Error) {
        return args.accept.refuse("add", &opened.name(), &report, args.format.chosen());
    }
    let offer = Offer { list: args.list, group: args.group, offered: &offered, members: &members };
    let planned = offer.plan()?;
    let change = Change { steps: planned.steps, moment: args.moment.moment() };
    let happened = happened("add", &change.steps, &args.accept.accept);
    let record = match (change.steps.is_empty(), args.dry_run) {
        (true, _) => None,
        (false, true) => opened.try_out(&change).map(|()| None)?,
        (false, false) => opened.apply(&change, &author(args.accept.reason.as_deref()), happened.clone())?,
    };
    let done = if args.dry_run { Done::Planned } else { Done::Made };
    let kind = opened.store.kind();
    let mut json = ChangeJson::new(&opened.name(), kind, &happened, record.as_ref(), done, Some(&report));
    json.already_there = planned.already_there;
    json.notes = planned.notes;
    match args.format.chosen() {
        Format::Json => output::print(&terminal::document(&json))?,
        Format::Text => {
            if report.heaviest().is_some() {
                output::note(findings::text(&report).trim_end());
            }
            output::print_text(&trust::changed(&json))?;
        }
    }
    Ok(inputs.exit().max(Exit::for_severity(report.heaviest())))
}

/// What is offered, each thing with the list where it belongs.
fn offered(args: &Args, inputs: &Inputs, lists: &[List]) -> Result<Vec<Candidate>, Failure> {
    let mut offered: Vec<Candidate> = Vec::new();
    let mut seen: HashSet<Vec<u8>> = HashSet::new();
    let items = inputs.read.iter().flat_map(|input| &input.contents.items);
    let distrusted: HashMap<&[u8], &str> =
        items.filter_map(|it| Some((&*it.der, it.distrust().filter(|it| it.servers)?.why.as_str()))).collect();
    for input in &inputs.read {
        for item in &input.contents.items {
            let content = match &item.kind {
                ItemKind::Certificate => Content::certificate(&item.der),
                ItemKind::RevocationList => Content::revocation_list(&item.der),
                ItemKind::PrivateKey(_) => Content::PrivateKey,
                ItemKind::Request | ItemKind::PublicKey | ItemKind::OcspResponse => continue,
            };
            let is_new = match &content {
                Content::Certificate(certificate) => seen.insert(certificate.der().to_vec()),
                Content::RevocationList(list) => seen.insert(list.der().to_vec()),
                _ => true,
            };
            if !is_new {
                continue;
            }
            let certificate = match &content {
                Content::Certificate(certificate) => Some(certificate.clone()),
                _ => None,
            };
            let suited = certificate.as_ref().map_or(&CA, |it| admission::suited(lists, args.group, it));
            let profile = args.profile.unwrap_or(suited);
            let belongs = certificate.filter(|_| lists.contains(&List::Issuer)).map(|it| place(&it, profile));
            let list = args.list.or(belongs).unwrap_or(List::Trusted);
            let source = format!("{}, {}", Printable(&input.name), item.position);
            let distrust = distrusted.get(&*item.der).map(|why| (*why).to_owned());
            let (group, name) = (args.group, args.alias.clone());
            offered.push(Candidate { content, list, group, name, source, profile, distrust });
        }
    }
    let certificates = offered.iter().filter(|it| it.certificate().is_some()).count();
    match (certificates, &args.alias) {
        (count, Some(_)) if count != 1 => {
            Err(Failure::new(format!("--alias is for one certificate, but there are {count}"))
                .hint("leave it out to name every certificate after its subject"))
        }
        _ if offered.is_empty() => Err(Failure::new("no certificate and no revocation list in the input")
            .hint("`certkit inspect` shows what is in it")),
        _ => Ok(offered),
    }
}

/// What in the folders of --crl was to be a revocation list and cannot be read.
fn lost_lists(args: &Args) -> Result<Vec<Candidate>, Failure> {
    let mut lost = Vec::new();
    for folder in args.crl.iter().filter(|path| path.is_dir()) {
        for visited in file::read_folder(folder).map_err(input::unreadable)? {
            let Some(why) = context::lost_list(&visited) else { continue };
            let (list, source) = (List::Trusted, Printable(visited.path.display().to_string()).to_string());
            let (content, group) = (Content::UnreadList(why), args.group);
            lost.push(Candidate { content, list, group, name: None, source, profile: &CA, distrust: None });
        }
    }
    Ok(lost)
}

/// Where a certificate belongs in a store with several lists.
fn place(certificate: &Certificate, profile: &Profile) -> List {
    match profile.role_of(certificate) {
        Role::Leaf => List::Trusted,
        _ if certificate.is_ca() => List::Issuer,
        _ => List::Trusted,
    }
}
