//! `certkit convert`: the same certificates and keys in another kind of file.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use certkit_core::cert::Certificate;
use certkit_core::container::entry::{self, Entries, EntryError, WriteError, Writing};
use certkit_core::container::target::{Characters, Keys, TARGETS, Target, Wrapping};
use certkit_core::container::{Form, Item, ItemKind, KeyFacts, StoreProblem};
use certkit_core::crypto::key_encryption;
use certkit_core::crypto::password_based::Protection;
use certkit_core::files::Existing;
use certkit_core::moment::Moment;
use zeroize::Zeroizing;

use crate::arguments::{self, Format, FormatArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::files::{self, Content, Files};
use crate::input::{
    self, HeldKeyPasswordArgs, Inputs, Opened, OutputPasswordArgs, Protected, StorePassword, StorePasswordArgs,
};
use crate::output;
pub(crate) use crate::render::converted::ConvertJson;
use crate::render::converted::{Converted, LeftOut};
use crate::terminal;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// Files, folders, URLs, or - for standard input.
    #[arg(required = true, value_name = "INPUT", long_help = arguments::inputs("Files, folders, URLs, or - for standard input."))]
    inputs: Vec<PathBuf>,

    /// Write to this file, or - for standard output.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,

    /// The file format: pem, der, p7b, p12, jks or jceks. Default: by the extension, else the best one for --for.
    #[arg(long = "as", value_name = "KIND", value_parser = wrapping)]
    wrapping: Option<Wrapping>,

    /// The program that will read it: kepware, tomcat, thingworx, java8, windows or mosquitto.
    #[arg(long = "for", value_name = "PROGRAM", value_parser = target)]
    target: Option<&'static Target>,

    /// The alias of the one key in the store, or of the one certificate if there is no key.
    #[arg(long, value_name = "NAME")]
    alias: Option<String>,

    /// Replace an existing file.
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    password: StorePasswordArgs,

    #[command(flatten)]
    key_password: HeldKeyPasswordArgs,

    #[command(flatten)]
    new_password: OutputPasswordArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit convert server.pem server.key -o server.p12 --for tomcat --new-password-file password.txt
  certkit convert platform.pfx -o platform.jks --for java8 --password-file password.txt
  certkit convert truststore.jks -o cas.pem
      Java's trusted certificates as PEM; needs no password
  certkit convert plant-ca.p7b -o plant-ca.cer --for kepware
  certkit convert chain.pem -o chain.p7b --for windows

";

/// Reads the name of a kind of file for clap.
fn wrapping(name: &str) -> Result<Wrapping, String> {
    let known = Wrapping::ALL.map(|(name, _)| name).join(", ");
    Wrapping::named(name).ok_or_else(|| format!("the kinds are {known}"))
}

/// Reads the name of a program for clap.
fn target(name: &str) -> Result<&'static Target, String> {
    let known: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    Target::named(name).ok_or_else(|| format!("the programs are {}", known.join(", ")))
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    files::refuse_any([args.output.as_path()], existing, args.format.chosen())?;
    let password = args.key_password.beside(args.password.password()?)?;
    let inputs = input::read(&args.inputs, &password)?;
    inputs.tell_losses();
    let mut converted = Converted::new(&inputs, &args.output);
    let entries = group(&inputs, &password, &mut converted)?;
    let (entries, wrapping) = choose(args, entries, &mut converted)?;
    let protection = args.target.map_or(Protection::Modern, |target| target.protection);
    let protected = match (wrapping.has_password(), entries.keys.is_empty()) {
        (true, _) => Protected::Store,
        (false, false) if wrapping != Wrapping::Plain(Form::Pkcs7) => Protected::Key,
        _ => Protected::Nothing,
    };
    let new = args.new_password.choose(&password, opened(&inputs), protected)?;
    require_characters(args.target, wrapping, new.as_ref())?;
    let writing =
        Writing { wrapping, password: new.as_ref().map(|it| it.as_bytes()), protection, created: Moment::now() };
    let written = entry::write(&entries, &writing).map_err(|error| unwritten(args, error))?;
    converted.account(&entries, &written, &writing, args.target)?;

    let content = if entries.keys.len() > written.keys_left_out { Content::PrivateKey } else { Content::Certificate };
    let mut files = Files::default();
    files.add(args.output.clone(), content, written.bytes.as_slice(), existing);
    files.write()?;
    let exit = inputs.exit().max(if converted.is_part() { Exit::Warnings } else { Exit::Fine });
    match args.format.chosen() {
        Format::Json => output::print(&terminal::document(&converted.json()))?,
        Format::Text => output::note(converted.text().trim_end()),
    }
    Ok(exit)
}

/// Makes entries of everything that was read, and notes what has no place in any store.
fn group(inputs: &Inputs, password: &StorePassword, converted: &mut Converted) -> Result<Entries, Failure> {
    let mut items: Vec<Item> = inputs.read.iter().flat_map(|input| input.contents.items.iter().cloned()).collect();
    let distrusted: HashSet<Vec<u8>> =
        items.iter().filter(|it| it.distrust().is_some_and(|it| it.servers)).map(|it| it.der.to_vec()).collect();
    let undecodable = |it: &Item| it.kind == ItemKind::Certificate && Certificate::from_der(&it.der).is_err();
    converted.leave_out(LeftOut {
        what: "certificate that must not be trusted",
        count: items.iter().filter(|it| distrusted.contains(&*it.der)).count(),
        why: "its file says so, and no other format can",
    });
    converted.leave_out(LeftOut {
        what: "certificate that cannot be decoded",
        count: items.iter().filter(|it| undecodable(it)).count(),
        why: "a program that reads the file may refuse all of it",
    });
    items.retain(|it| !distrusted.contains(&*it.der) && !undecodable(it));
    for (is_kind, what) in [
        ((|kind| *kind == ItemKind::Request) as fn(&ItemKind) -> bool, "certification request"),
        (|kind| *kind == ItemKind::PublicKey, "public key"),
        (|kind| *kind == ItemKind::OcspResponse, "OCSP response"),
    ] {
        let count = items.iter().filter(|item| is_kind(&item.kind)).count();
        converted.leave_out(LeftOut {
            what,
            count,
            why: "it is neither a certificate, a private key nor a revocation list",
        });
    }
    let entries = Entries::of_files(inputs.read.len(), &items, &password.each()).map_err(|error| {
        let hint = match &error {
            EntryError::PasswordNeeded { .. } => "give it with --password-file FILE or --password-env VAR",
            EntryError::Sealed { source: key_encryption::Error::Unsupported { .. }, .. } => {
                "the password is not the cause; let the program that wrote the file encrypt it with AES"
            }
            EntryError::Sealed { source: key_encryption::Error::TooCostly { .. }, .. } => {
                "the key derivation of these keys takes too long together; convert fewer keys at once"
            }
            EntryError::Sealed { .. } => {
                "private keys with another password than their store: --key-password-file FILE; one password opens all \
                 inputs of a command, so convert those with another one first"
            }
            EntryError::NotTold { .. } => "convert only the key and its certificate: name no other file",
            EntryError::Flawed { .. } => {
                "copy the key again from its source; `openssl pkey -in FILE -check` checks its values"
            }
            EntryError::Form { .. } => "openssl pkcs8 -topk8 writes it as PKCS#8",
        };
        Failure::new("not every input can be written").because(error).hint(hint)
    })?;
    if entries.keys.is_empty() && entries.certificates.is_empty() && entries.lists.is_empty() {
        let inspect = "`certkit inspect` shows what is in it";
        return Err(match converted.first_left_out() {
            Some(LeftOut { what, count, why }) => {
                Failure::new(format!("nothing can be written: {what}, left out ({count}): {why}")).hint(inspect)
            }
            None => Failure::new("no certificate and no private key in the input").hint(inspect),
        });
    }
    converted.duplicates = entries.duplicates;
    Ok(entries)
}

/// Decides on the kind of file and on names, as the program wants them.
fn choose(args: &Args, entries: Entries, converted: &mut Converted) -> Result<(Entries, Wrapping), Failure> {
    let mut entries = match args.target {
        Some(target) if target.keys == Keys::LeftOut && !entries.keys.is_empty() => {
            converted.leave_out(LeftOut {
                what: "private key",
                count: entries.keys.len(),
                why: "the program takes certificates only; keep the private key to yourself",
            });
            trusted_alone(entries, converted)?
        }
        _ => entries,
    };
    if args.target.is_some_and(|target| target.keys == Keys::LeftOut) {
        leave_presented_out(&mut entries, converted);
    }
    let reads = args.target.map(|target| if entries.keys.is_empty() { target.without_key } else { target.with_key });
    let named = args.wrapping.or_else(|| Wrapping::from_extension(&args.output));
    let wrapping = match (named, reads) {
        (Some(wrapping), Some(reads)) if !reads.contains(&wrapping) => return Err(unread(args, wrapping, reads)),
        (Some(wrapping), _) => wrapping,
        (None, Some([best, ..])) => *best,
        (None, _) => {
            return Err(Failure::new(format!("{}: unknown file extension", args.output.display()))
                .hint("add --as pem|der|p7b|p12|jks, or --for with the program that will read it"));
        }
    };
    if let Some(target) =
        args.target.filter(|_| wrapping == Wrapping::Plain(Form::Der) && entries.certificates.len() > 1)
    {
        let what = format!(
            "{} reads one certificate from a DER file, and there are {}",
            target.name,
            entries.certificates.len()
        );
        return Err(Failure::new(what).at(args.output.display()).hint("add --as pem, or name a .pem file"));
    }
    if args.target.is_none() && args.wrapping.is_none() && !entries.keys.is_empty() && is_of_certificates(&args.output)
    {
        converted.leave_out(LeftOut {
            what: "private key",
            count: entries.keys.len(),
            why: "files of this name are given to others: name a .pem or .p12 file, or add --as pem, to have it written",
        });
        entries = entries.without_keys();
        if entries.certificates.is_empty() && entries.lists.is_empty() {
            return Err(Failure::new(
                "there is no certificate in what was given, and a file of this name holds no private key",
            )
            .at(args.output.display())
            .hint("name a .pem or .p12 file with -o, or add --as pem"));
        }
    }
    let wanted = args.alias.clone();
    match (&wanted, entries.keys.as_mut_slice(), entries.certificates.as_mut_slice()) {
        (Some(_), [key], _) => key.alias = wanted,
        (Some(_), [], [certificate]) => certificate.alias = wanted,
        (Some(_), ..) => {
            return Err(Failure::new("--alias is for one key or one certificate, but there are several")
                .hint("leave it out to keep the existing names, or to name entries after their subjects"));
        }
        (None, [key], _) if key.alias.is_none() => {
            key.alias = args.target.and_then(|target| target.alias).map(str::to_owned);
        }
        (None, ..) => {}
    }
    Ok((entries, wrapping))
}

/// Says whether the name is one that people give to certificates alone.
fn is_of_certificates(path: &Path) -> bool {
    path.extension().is_some_and(|it| it.eq_ignore_ascii_case("crt") || it.eq_ignore_ascii_case("cer"))
}

/// What vouches for the certificates of a key store: it is trusted, they are presented.
fn trusted_alone(entries: Entries, converted: &mut Converted) -> Result<Entries, Failure> {
    let own: Vec<Vec<u8>> = entries.keys.iter().filter_map(|key| key.chain.first().cloned()).collect();
    let mut entries = entries.without_keys();
    let before = entries.certificates.len();
    // One that nobody else has issued is all that there is to trust.
    let is_alone = |der: &[u8]| Certificate::from_der(der).is_ok_and(|it| it.is_self_issued());
    entries.certificates.retain(|it| !own.contains(&it.der) || is_alone(&it.der));
    converted.leave_out(LeftOut {
        what: "certificate of the key",
        count: before.saturating_sub(entries.certificates.len()),
        why: "Extend Trust Store takes the CAs that issued it; its holder presents the certificate itself",
    });
    if entries.certificates.is_empty() {
        return Err(Failure::new("the key store has no CA and no other certificate to trust").hint(
            "get the CA of its certificate: `certkit fetch URL --part ca -o ca.cer` from the server that uses it",
        ));
    }
    Ok(entries)
}

/// Leaves out certificates whose CA is there, too: the CA is what to trust, and they are presented.
fn leave_presented_out(entries: &mut Entries, converted: &mut Converted) {
    let decoded: Vec<Certificate> =
        entries.certificates.iter().filter_map(|it| Certificate::from_der(&it.der).ok()).collect();
    let is_below = |leaf: &Certificate| {
        !leaf.is_ca() && decoded.iter().any(|it| it.is_ca() && it.subject().matches(&leaf.issuer()))
    };
    let before = entries.certificates.len();
    entries.certificates.retain(|it| !Certificate::from_der(&it.der).is_ok_and(|it| is_below(&it)));
    converted.leave_out(LeftOut {
        what: "certificate of a server or client",
        count: before.saturating_sub(entries.certificates.len()),
        why: "its CA is written, which is what to trust; its holder presents the certificate itself",
    });
}

fn unwritten(args: &Args, error: WriteError) -> Failure {
    let failure = Failure::new(format!("{} cannot be written", args.output.display()));
    match &error {
        WriteError::Store(StoreProblem::KeyAlone { .. }) => failure
            .because(error)
            .hint("name the file of the certificate as well; --as p12 and --as pem take a key alone"),
        _ => failure.because(error),
    }
}

fn unread(args: &Args, wrapping: Wrapping, reads: &[Wrapping]) -> Failure {
    let target = args.target.map_or("", |target| target.name);
    let known: Vec<&str> = reads.iter().map(|it| it.name()).collect();
    Failure::new(format!("{target} does not read {} for this", wrapping.title())).hint(format!(
        "it reads {}: choose another name with -o, or --as {}",
        known.join(", "),
        known.join("|")
    ))
}

/// Says whether the password was needed for what was read.
fn opened(inputs: &Inputs) -> Opened {
    let was_locked = |facts: &KeyFacts| facts.encryption.is_some() || facts.opened.is_some();
    let is_locked = inputs.read.iter().flat_map(|input| &input.contents.items).any(|item| match &item.kind {
        ItemKind::PrivateKey(facts) => was_locked(facts),
        _ => item.encoding.is_store(),
    });
    if is_locked { Opened::Something } else { Opened::Nothing }
}

/// Java accepts only ASCII characters in PKCS#12 passwords.
fn require_characters(
    target: Option<&Target>,
    wrapping: Wrapping,
    password: Option<&Zeroizing<String>>,
) -> Result<(), Failure> {
    let is_java = target.is_some_and(|target| target.characters == Characters::Ascii);
    match password {
        Some(password) if is_java && wrapping == Wrapping::Pkcs12 && !password.is_ascii() => {
            Err(Failure::new("Java cannot open a PKCS#12 store whose password has non-ASCII characters")
                .hint("choose another password"))
        }
        _ => Ok(()),
    }
}
