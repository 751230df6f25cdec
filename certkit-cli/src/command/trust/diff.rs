//! `certkit trust diff`: in what two stores differ.

use std::collections::HashSet;
use std::ffi::OsString;

use certkit_core::store::{Content, Group, Kind, List, Member, Presence, Store};

use super::opened::{Opened, Purpose};
use crate::arguments::{Format, FormatArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::input::{StorePasswordArgs, TrustPasswordArgs};
use crate::output;
use crate::render::trust::{self, DiffJson, Side};
use crate::terminal;

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

Compares certificates, revocation lists and the number of private keys. The exit status is 0 if both hold the same,
1 if they differ or something could not be read.

";

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let first = args.password.password()?;
    let second = args.other_password.password()?;
    let one = Opened::new(&args.one, &first, Presence::Needed, Purpose::Look)?;
    one.note_unproven(&first);
    let second = if second.bytes().is_some() { second } else { first };
    let other = Opened::new(&args.other, &second, Presence::Needed, Purpose::Look)?;
    other.note_unproven(&second);
    let (left, right) = (members(&one)?, members(&other)?);
    let counting = Counting::of(&*one.store, &*other.store);
    let only_one = only(&left, &right, counting);
    let both = left.iter().filter(|it| counting.key(it).is_some()).count().saturating_sub(only_one.len());
    let sides = [
        Side { name: one.name(), members: &left, only: only_one },
        Side { name: other.name(), members: &right, only: only(&right, &left, counting) },
    ];
    let [one, other] = &sides;
    let diff = DiffJson::new(one, other, both);
    match args.format.chosen() {
        Format::Json => output::print(&terminal::document(&diff))?,
        Format::Text => output::print_text(&trust::diff(&diff))?,
    }
    Ok(if diff.is_same() { Exit::Fine } else { Exit::Warnings })
}

/// What makes two members the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counting {
    /// What they are, and the list that they are on.
    Lists,
    /// What they are.
    Contents,
}

/// The bytes of a certificate or revocation list, and where it counts, its list.
type Key<'m> = (&'m [u8], Option<(List, Group)>);

impl Counting {
    /// Lists count where both stores have them, and what belongs to private keys where both can tell it.
    fn of(one: &dyn Store, other: &dyn Store) -> Counting {
        let kinds = [one.kind(), other.kind()];
        let have_lists = one.lists() == other.lists() && one.lists().len() > 1;
        let tell_own = kinds.iter().all(|kind| matches!(kind, Kind::Pkcs12 | Kind::Jks | Kind::Jceks));
        if have_lists || tell_own { Counting::Lists } else { Counting::Contents }
    }

    /// What a member is told by; `None` for what is neither a certificate nor a revocation list.
    fn key(self, member: &Member) -> Option<Key<'_>> {
        // What a store marks as rejected it does not hold as others do.
        let counts = self == Counting::Lists || member.place.list == List::Rejected;
        let place = counts.then_some((member.place.list, member.place.group));
        match &member.content {
            Content::Certificate(certificate) => Some((certificate.der(), place)),
            Content::RevocationList(list) => Some((list.der(), place)),
            _ => None,
        }
    }
}

/// What the one has and the other has not.
fn only<'m>(these: &'m [Member], those: &[Member], counting: Counting) -> Vec<&'m Member> {
    let there: HashSet<_> = those.iter().filter_map(|it| counting.key(it)).collect();
    these.iter().filter(|it| counting.key(it).is_some_and(|key| !there.contains(&key))).collect()
}

/// Everything that stands in a store, certificates and revocation lists once on each list.
fn members(opened: &Opened) -> Result<Vec<Member>, Failure> {
    let all = opened.members()?;
    let mut seen = HashSet::new();
    let is_new: Vec<bool> = all.iter().map(|it| Counting::Lists.key(it).is_none_or(|key| seen.insert(key))).collect();
    Ok(all.into_iter().zip(is_new).filter_map(|(member, is_new)| is_new.then_some(member)).collect())
}
