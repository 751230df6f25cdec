//! `certkit trust export`: certificates of a store, in a file.

use std::collections::HashSet;
use std::ffi::OsString;
use std::path::{Path, PathBuf};

use certkit_core::container::Form;
use certkit_core::container::entry::{self, CertificateEntry, Entries, Writing};
use certkit_core::container::target::Wrapping;
use certkit_core::crypto::password_based::Protection;
use certkit_core::files::Existing;
use certkit_core::moment::Moment;
use certkit_core::store::{Kind, List, Member, Presence};
use certkit_core::text::{Printable, plural};

use super::opened::{Opened, Purpose, list};
use super::select::{Among, select};
use crate::arguments::{Format, FormatArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::files::{self, Files};
use crate::hosted::is_standard;
use crate::input::{Opened as Unlocked, OutputPasswordArgs, Protected, StorePasswordArgs};
use crate::output;
use crate::render::trust::{ExportJson, LeftOutJson};
use crate::terminal;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(super) struct Args {
    /// The store; `certkit trust --help` lists the kinds.
    #[arg(value_name = "STORE")]
    store: OsString,

    /// The certificate: a fingerprint, a name in the store, a common name, or a file with it. Default: all that are
    /// trusted.
    #[arg(value_name = "CERT")]
    meant: Vec<String>,

    /// This list of an OPC UA store: trusted, issuer, own or rejected.
    #[arg(long, value_name = "LIST", value_parser = list)]
    list: Option<List>,

    /// Write to this file. Default: PEM on standard output.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// The file format: pem, der, p7b, p12, jks or jceks. Default: by the extension.
    #[arg(long = "as", value_name = "KIND", value_parser = wrapping)]
    wrapping: Option<Wrapping>,

    /// Replace an existing file.
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    password: StorePasswordArgs,

    #[command(flatten)]
    new_password: OutputPasswordArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit trust export /etc/ssl/certs/java/cacerts --password-env CACERTS_PASSWORD -o cas.pem
  certkit trust export windows:LocalMachine\\Root 'Plant Root' -o plant-root.cer
  certkit trust export system -o truststore.p12 --new-password-file password.txt

";

const PASSWORD: &str = "if the password is missing, give it: --password-file FILE or --password-env VAR";

/// Reads the name of a kind of file for clap.
fn wrapping(name: &str) -> Result<Wrapping, String> {
    let known = Wrapping::ALL.map(|(name, _)| name).join(", ");
    Wrapping::named(name).ok_or_else(|| format!("the kinds are {known}"))
}

pub(super) fn run(args: &Args) -> Result<Exit, Failure> {
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    let place = args.output.as_deref().unwrap_or(Path::new("-"));
    files::refuse_any([place], existing, args.format.chosen())?;
    let password = args.password.password()?;
    let opened = Opened::new(&args.store, &password, Presence::Needed, Purpose::Look)?;
    // What is exported is trusted next.
    if let Some(failure) = opened.unproven(&password) {
        return Err(failure);
    }
    let wanted = args.list.or_else(|| args.meant.is_empty().then_some(List::Trusted));
    let mut members = opened.members()?;
    // What is in there may be on any list.
    let unread: Vec<String> = members.iter().filter_map(unread).collect();
    let is_marked = |it: &&Member| {
        it.place.list == List::Rejected && it.certificate().is_some() && opened.store.kind() != Kind::OpcUa
    };
    let rejected = members.iter().filter(|it| is_marked(it) && wanted == Some(List::Trusted)).count();
    members.retain(|it| wanted.is_none_or(|list| list == it.place.list));
    let lists = members.iter().filter(|it| it.revocation_list().is_some() && args.meant.is_empty()).count();
    members.retain(|it| it.certificate().is_some());
    let chosen: Vec<&Member> = if args.meant.is_empty() {
        members.iter().collect()
    } else {
        select(&members, &args.meant, Among { store: &opened.name(), list: args.list }, &password)?
    };
    let entries = entries(&chosen);
    if let (true, Some(why)) = (entries.certificates.is_empty(), unread.first()) {
        let failure = Failure::new(format!("{}: nothing can be exported: {why}", opened.name()));
        let is_named = password.bytes().is_some();
        let hint = if is_named { "`certkit inspect` shows what is in it" } else { PASSWORD };
        return Err(failure.hint(hint));
    }
    if entries.certificates.is_empty() {
        return Err(Failure::new(format!("{}: there is nothing to export", opened.name()))
            .hint("choose the list of an OPC UA store with --list"));
    }
    let file = args.output.as_ref().filter(|path| !is_standard(path));
    let wrapping = match (args.wrapping, file) {
        (Some(wrapping), _) => wrapping,
        (None, None) => Wrapping::Plain(Form::Pem),
        (None, Some(path)) => Wrapping::from_extension(path).ok_or_else(|| {
            Failure::new(format!("{}: unknown file extension", path.display())).hint("add --as pem|der|p7b|p12|jks")
        })?,
    };
    if file.is_none() && wrapping != Wrapping::Plain(Form::Pem) {
        return Err(Failure::new("only PEM goes to standard output").hint("name a file with -o"));
    }
    let protected = if wrapping.has_password() { Protected::Store } else { Protected::Nothing };
    let new = args.new_password.choose(&password, Unlocked::Something, protected)?;
    let writing = Writing {
        wrapping,
        password: new.as_ref().map(|it| it.as_bytes()),
        protection: Protection::Modern,
        created: Moment::now(),
    };
    let written = entry::write(&entries, &writing)
        .map_err(|error| Failure::new("the certificates cannot be written").because(error))?;
    for why in &unread {
        output::note(&format!("certkit: note: not read: {}", Printable(why)));
    }
    if lists > 0 {
        let lists = format!("{lists} revocation {}", plural(lists, "list is", "lists are"));
        output::note(&format!("certkit: note: {lists} left out: only certificates are exported"));
    }
    if rejected > 0 {
        let them = format!("{rejected} {}", plural(rejected, "certificate", "certificates"));
        output::note(&format!("certkit: note: {them} left out, which the store marks as rejected"));
    }
    let exit = if unread.is_empty() && rejected == 0 { Exit::Fine } else { Exit::Warnings };
    let Some(path) = file else {
        output::print_bytes(&written.bytes)?;
        return Ok(exit);
    };
    let mut files = Files::default();
    files.add(path.clone(), files::Content::Certificate, written.bytes.as_slice(), existing);
    files.write()?;
    if args.format.chosen() == Format::Json {
        let left_out = LeftOutJson { revocation_lists: lists, rejected, unread };
        let path = path.display().to_string();
        output::print(&terminal::document(&ExportJson::new(opened.name(), path, wrapping, &entries, left_out)))?;
    } else {
        let count = entries.certificates.len();
        output::note(&format!("wrote {}: {count} {}", path.display(), plural(count, "certificate", "certificates")));
    }
    Ok(exit)
}

/// What could not be read, and why.
fn unread(member: &Member) -> Option<String> {
    member.content.loss().map(|why| format!("{}: {why}", member.place))
}

/// Each certificate once, with its name in the store.
fn entries(chosen: &[&Member]) -> Entries {
    let mut entries = Entries::default();
    let mut seen = HashSet::new();
    for member in chosen {
        let Some(certificate) = member.certificate() else { continue };
        if seen.insert(certificate) {
            let der = certificate.der().to_vec();
            entries.certificates.push(CertificateEntry { alias: member.place.name.clone(), der, is_trusted: true });
        }
    }
    entries
}
