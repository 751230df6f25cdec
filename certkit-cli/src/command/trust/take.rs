//! `certkit trust remove`, `reject` and `approve`: members taken out or moved.

use std::ffi::OsString;

use certkit_core::admission::{self, Candidate};
use certkit_core::check::{OPCUA, Severity};
use certkit_core::moment::Moment;
use certkit_core::report::Report;
use certkit_core::store::{Change, Group, List, Member, Presence, Step};

use super::add::AcceptArgs;
use super::opened::{Opened, Purpose, author, group, happened, list};
use super::select::{Among, select};
use crate::arguments::{Format, FormatArgs, MomentArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::input::StorePasswordArgs;
use crate::output;
use crate::render::findings;
use crate::render::trust::{self, ChangeJson};
use crate::terminal;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(super) struct Args {
    /// The store; `certkit trust --help` lists the kinds.
    #[arg(value_name = "STORE")]
    store: OsString,

    /// The certificate or list: a file with it, a fingerprint (SHA-256 or SHA-1), its name in the store, or its common
    /// name.
    #[arg(required = true, value_name = "CERT")]
    meant: Vec<String>,

    /// Only in this list of an OPC UA store: trusted, issuer, own or rejected.
    #[arg(long, value_name = "LIST", value_parser = list)]
    list: Option<List>,

    /// Only in this group of an OPC UA store: application, user or https.
    #[arg(long, value_name = "GROUP", value_parser = group)]
    group: Option<Group>,

    /// The reason, recorded beside the store.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,

    /// Show what would be done, and write nothing.
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    password: StorePasswordArgs,

    #[command(flatten)]
    format: FormatArgs,
}

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(super) struct ApproveArgs {
    /// The PKI folder of the OPC UA application.
    #[arg(value_name = "STORE")]
    store: OsString,

    /// The certificate: a file with it, a fingerprint (SHA-256 or SHA-1), the name of its file, or its common name.
    #[arg(required = true, value_name = "CERT")]
    meant: Vec<String>,

    /// In this group of the store: application, user or https.
    #[arg(long, value_name = "GROUP", value_parser = group)]
    group: Option<Group>,

    #[command(flatten)]
    accept: AcceptArgs,

    #[command(flatten)]
    moment: MomentArgs,

    /// Show what would be done, and write nothing.
    #[arg(long)]
    dry_run: bool,

    #[command(flatten)]
    password: StorePasswordArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit trust remove truststore.jks 'Old Plant Root' --password-file password.txt --reason 'replaced'
  certkit trust reject opcua:/opt/server/pki 5f2a9c01
  certkit trust approve opcua:/opt/server/pki pump.der

";

/// What a change of members is made with.
struct Taking<'a> {
    action: &'a str,
    opened: &'a Opened,
    is_dry: bool,
    reason: Option<&'a str>,
    accepted: &'a [String],
}

impl Taking<'_> {
    fn make(&self, steps: Vec<Step>, report: Option<&Report>, format: Format) -> Result<Exit, Failure> {
        let change = Change { steps, moment: Moment::now() };
        let happened = happened(self.action, &change.steps, self.accepted);
        let record = if self.is_dry {
            self.opened.try_out(&change)?;
            None
        } else {
            self.opened.apply(&change, &author(self.reason), happened.clone())?
        };
        let exit = Exit::for_severity(report.and_then(Report::heaviest));
        let done = if self.is_dry { trust::Done::Planned } else { trust::Done::Made };
        let kind = self.opened.store.kind();
        let json = ChangeJson::new(&self.opened.name(), kind, &happened, record.as_ref(), done, report);
        match format {
            Format::Json => output::print(&terminal::document(&json))?,
            Format::Text => output::print_text(&trust::changed(&json))?,
        }
        Ok(exit)
    }
}

fn open(args: &Args) -> Result<(Opened, Vec<Member>), Failure> {
    let password = args.password.password()?;
    let purpose = if args.dry_run { Purpose::Look } else { Purpose::Change };
    let opened = Opened::new(&args.store, &password, Presence::Needed, purpose)?;
    let members = opened.members()?;
    let on_list: Vec<Member> = members
        .into_iter()
        .filter(|it| args.list.is_none_or(|list| list == it.place.list))
        .filter(|it| args.group.is_none_or(|group| group == it.place.group))
        .collect();
    let among = Among { store: &opened.name(), list: args.list };
    let chosen = select(&on_list, &args.meant, among, &password)?.into_iter().cloned().collect();
    Ok((opened, chosen))
}

fn taking<'a>(action: &'a str, opened: &'a Opened, args: &'a Args) -> Taking<'a> {
    Taking { action, opened, is_dry: args.dry_run, reason: args.reason.as_deref(), accepted: &[] }
}

pub(super) fn remove(args: &Args) -> Result<Exit, Failure> {
    let (opened, chosen) = open(args)?;
    let steps = chosen.into_iter().map(Step::Remove).collect();
    taking("remove", &opened, args).make(steps, None, args.format.chosen())
}

pub(super) fn reject(args: &Args) -> Result<Exit, Failure> {
    let (opened, mut chosen) = open(args)?;
    chosen.retain(|member| member.certificate().is_some());
    if let Some(own) = chosen.iter().find(|member| member.place.list == List::Own && args.list != Some(List::Own)) {
        return Err(Failure::new(format!("{} is the application's own certificate", own.place))
            .hint("use --list trusted to search only the trusted list"));
    }
    let rejected: Vec<[u8; 32]> =
        chosen.iter().filter(|it| it.place.list == List::Rejected).filter_map(print).collect();
    let steps: Vec<Step> = chosen
        .into_iter()
        .filter(|member| member.place.list != List::Rejected)
        .map(|member| match print(&member) {
            // It lies there already: taking it out of the other list is all.
            Some(print) if rejected.contains(&print) => Step::Remove(member),
            _ => Step::Move { member, to: List::Rejected },
        })
        .collect();
    taking("reject", &opened, args).make(steps, None, args.format.chosen())
}

fn print(member: &Member) -> Option<[u8; 32]> {
    member.certificate().map(certkit_core::cert::Certificate::fingerprint_sha256)
}

pub(super) fn approve(args: &ApproveArgs) -> Result<Exit, Failure> {
    args.accept.validate()?;
    let password = args.password.password()?;
    let purpose = if args.dry_run { Purpose::Look } else { Purpose::Change };
    let opened = Opened::new(&args.store, &password, Presence::Needed, purpose)?;
    let members = opened.members()?;
    if !opened.store.lists().contains(&List::Rejected) {
        return Err(Failure::new(format!("{} has no list of rejected certificates", opened.name()))
            .hint("only the PKI folder of an OPC UA application has one: opcua:DIR"));
    }
    let mut waiting: Vec<Member> =
        members.iter().filter(|it| it.place.list == List::Rejected && it.certificate().is_some()).cloned().collect();
    if let Some(group) = args.group {
        // Some stacks have one list of rejected certificates for all groups.
        if waiting.iter().any(|it| it.place.group == group) {
            waiting.retain(|it| it.place.group == group);
        }
        waiting.iter_mut().for_each(|it| it.place.group = group);
    }
    let chosen: Vec<Member> =
        select(&waiting, &args.meant, Among { store: &opened.name(), list: Some(List::Rejected) }, &password)?
            .into_iter()
            .cloned()
            .collect();
    let others: Vec<Member> = members.into_iter().filter(|it| it.place.list != List::Rejected).collect();
    let offered: Vec<Candidate> = chosen.iter().map(|it| candidate(it, opened.store.lists())).collect();
    let mut report = admission::judge(opened.store.kind(), &others, &offered, args.moment.moment());
    report.ignore(&args.accept.accept);
    if report.heaviest() == Some(Severity::Error) {
        return args.accept.refuse("approve", &opened.name(), &report, args.format.chosen());
    }
    let trusted: Vec<[u8; 32]> = others.iter().filter(|it| it.place.list == List::Trusted).filter_map(print).collect();
    let steps: Vec<Step> = chosen
        .into_iter()
        .map(|member| match print(&member) {
            Some(print) if trusted.contains(&print) => Step::Remove(member),
            _ => Step::Move { member, to: List::Trusted },
        })
        .collect();
    let taking = Taking {
        action: "approve",
        opened: &opened,
        is_dry: args.dry_run,
        reason: args.accept.reason.as_deref(),
        accepted: &args.accept.accept,
    };
    if args.format.chosen() == Format::Text && !report.findings.is_empty() {
        output::note(findings::text(&report).trim_end());
    }
    taking.make(steps, Some(&report), args.format.chosen())
}

fn candidate(member: &Member, lists: &[List]) -> Candidate {
    let group = member.place.group;
    Candidate {
        content: member.content.clone(),
        list: List::Trusted,
        group,
        name: None,
        source: member.place.to_string(),
        distrust: None,
        profile: member.certificate().map_or(&OPCUA, |it| admission::suited(lists, group, it)),
    }
}
