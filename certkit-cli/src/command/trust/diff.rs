//! `certkit trust diff`: in what two stores differ.

use std::collections::HashSet;
use std::ffi::OsString;

use certkit_core::store::{List, Member, Presence};

use super::opened::{Opened, Purpose};
use crate::cli::{Format, FormatArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::input::{StorePasswordArgs, TrustPasswordArgs};
use crate::render::trust::{self, DiffJson};
use crate::{output, render};

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(super) struct Args {
    /// A store; `certkit trust --help` lists the kinds.
    #[arg(value_name = "STORE")]
    one: OsString,

    /// Another store.
    #[arg(value_name = "OTHER")]
    other: OsString,

    #[command(flatten)]
    password: StorePasswordArgs,

    // The second store may have a password of its own.
    #[command(flatten)]
    other_password: TrustPasswordArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit trust diff system mozilla
  certkit trust diff old.jks new.p12 --password-file old.txt --trust-password-file new.txt
      --trust-password-… is the password of the second store
  certkit trust diff opcua:/opt/server/pki opcua:/backup/pki --json

The exit status is 0 where both hold the same, 1 where they differ.

";

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let first = args.password.password()?;
    let second = args.other_password.password()?;
    let one = Opened::new(&args.one, &first, Presence::Needed, Purpose::Look)?;
    let second = if second.bytes().is_some() { second } else { first };
    let other = Opened::new(&args.other, &second, Presence::Needed, Purpose::Look)?;
    // Lists count where both have them.
    let by_list = one.store.lists() == other.store.lists() && one.store.lists().len() > 1;
    let (left, right) = (certificates(&one)?, certificates(&other)?);
    let key = |it: &Member| (it.certificate().cloned(), by_list.then_some((it.place.list, it.place.group)));
    let only = |these: &[Member], those: &[Member]| -> Vec<Member> {
        let there: HashSet<_> = those.iter().map(key).collect();
        these.iter().filter(|it| !there.contains(&key(it))).cloned().collect()
    };
    let (only_one, only_other) = (only(&left, &right), only(&right, &left));
    let both = left.len().saturating_sub(only_one.len());
    let diff = DiffJson::new(&one.name(), &other.name(), &only_one, &only_other, both);
    match args.format.chosen() {
        Format::Json => output::print(&render::document(&diff))?,
        Format::Text => output::print(&trust::diff(&diff))?,
    }
    Ok(if only_one.is_empty() && only_other.is_empty() { Exit::Fine } else { Exit::Warnings })
}

/// The certificates of a store, each once on each list; those of private keys are its owner's affair.
fn certificates(opened: &Opened) -> Result<Vec<Member>, Failure> {
    let mut kept: Vec<Member> = Vec::new();
    let mut seen = HashSet::new();
    for member in opened.members()? {
        let Some(certificate) = member.certificate() else { continue };
        let is_owners = member.place.list == List::Own;
        if !is_owners && seen.insert((certificate.clone(), member.place.list, member.place.group)) {
            kept.push(member);
        }
    }
    Ok(kept)
}
