//! `certkit trust list`: what stands in a store.

use std::ffi::OsString;

use certkit_core::store::{Group, List, Member, Presence};

use super::opened::{Opened, Purpose, group, list};
use crate::arguments::{Format, FormatArgs, MomentArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::input::StorePasswordArgs;
use crate::output;
use crate::render::trust;
use crate::terminal;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(super) struct Args {
    /// The store; `certkit trust --help` lists the kinds.
    #[arg(value_name = "STORE")]
    store: OsString,

    /// Only this list of an OPC UA store: trusted, issuer, own or rejected.
    #[arg(long, value_name = "LIST", value_parser = list)]
    list: Option<List>,

    /// Only this group of an OPC UA store: application, user or https.
    #[arg(long, value_name = "GROUP", value_parser = group)]
    group: Option<Group>,

    #[command(flatten)]
    password: StorePasswordArgs,

    #[command(flatten)]
    moment: MomentArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit trust list /etc/ssl/certs/java/cacerts
  certkit trust list opcua:/opt/server/pki --list rejected
  certkit trust list windows:LocalMachine\\Root --json | jq '.certificates[].subject_dn'

";

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let password = args.password.password()?;
    let opened = Opened::new(&args.store, &password, Presence::Needed, Purpose::Look)?;
    opened.note_unproven(&password);
    let mut members = opened.members()?;
    members.retain(|member| {
        args.list.is_none_or(|list| list == member.place.list)
            && args.group.is_none_or(|group| group == member.place.group)
    });
    let moment = args.moment.moment();
    match args.format.chosen() {
        Format::Json => output::print(&terminal::document(&trust::ListJson::new(&*opened.store, &members, moment)))?,
        Format::Text => output::print_text(&trust::list(&*opened.store, &members, moment))?,
    }
    let is_lost = |member: &Member| member.content.loss().is_some();
    Ok(if members.iter().any(is_lost) { Exit::Warnings } else { Exit::Fine })
}
