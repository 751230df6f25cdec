//! `certkit renew`: the same names with new dates.

mod due;
mod partners;

use std::path::{Path, PathBuf};

use certkit_core::cert::Certificate;
use certkit_core::check;
use certkit_core::files::names;
use certkit_core::generate::{Granted, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::Moment;
use certkit_core::path::revocation::Status;

use crate::arguments::FormatArgs;
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::files::{Content, Files};
use crate::input::{self, InClear, KeyPasswordArgs, NewPasswordArgs};
use crate::issuance::Wanted;
use crate::issuance::{
    AcceptArgs, Authority, Delivery, IssuerArgs, Judgements, Output, OutputArgs, encode, generate_key, key_pem,
    not_made, usual_key,
};
use crate::render::made::{KeyUse, Made};

use self::due::DueArgs;
pub(crate) use self::due::RenewalsJson;
use self::partners::Partners;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// The file of the old certificate.
    #[arg(value_name = "CERT", required_unless_present = "due")]
    certificate: Option<PathBuf>,

    #[command(flatten)]
    due: DueArgs,

    /// The kind of certificate: opcua, https, client or ca. Default: guessed from its content.
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Option<Wanted>,

    #[command(flatten)]
    issuer: IssuerArgs,

    /// Days of validity from now; cut to those of the issuer. Default: as for `certkit generate`.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: Option<u32>,

    /// The private key of the certificate; required if it is self-signed.
    #[arg(long, value_name = "FILE", conflicts_with = "rekey")]
    key: Option<PathBuf>,

    #[command(flatten)]
    key_password: KeyPasswordArgs,

    /// Make a new private key; with --due, in place of the old one.
    #[arg(long)]
    rekey: bool,

    /// The kind of the new key. Default: that of the old one.
    #[arg(long, value_name = "TYPE", requires = "rekey")]
    key_type: Option<KeyType>,

    /// Write the new private key to this file, readable by its owner only.
    #[arg(long, value_name = "FILE", requires = "rekey")]
    key_out: Option<PathBuf>,

    #[command(flatten)]
    password: NewPasswordArgs,

    /// Files or folders of partners' certificates; those of the same OPC UA PKI folder are found automatically.
    #[arg(long, value_name = "STORE")]
    partners: Vec<String>,

    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    accept: AcceptArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit renew pki/own/certs/plc7.der --key pki/own/private/plc7.pem --cert-out new.der
      self-signed; lists the partners in pki/trusted that must trust new.der
  certkit renew twx.pem --issuer plant-ca --cert-out twx-new.pem --chain-out twx-chain.pem
  certkit renew twx.pem --issuer plant-ca --rekey --key-out twx-key.pem --cert-out twx-new.pem
  certkit renew --due --config inventory.toml --dry-run
      what is due in the inventory of `certkit expiry`, and would be renewed in place
  certkit renew plant-ca/root/ca.pem --key plant-ca/root/ca-key.pem --cert-out root-new.pem

";

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    if let Some(inventory) = args.due.inventory() {
        return due::run(&args.due, inventory, args.rekey, args.format);
    }
    match &args.certificate {
        Some(_) if args.rekey && args.key_out.is_none() => {
            Err(Failure::new("no output given for the new private key").at("--rekey").hint("--key-out FILE"))
        }
        Some(certificate) => one(args, certificate),
        None => Err(Failure::new("no certificate given").hint("`certkit renew CERT`, or --due --config FILE")),
    }
}

/// Renews one certificate.
fn one(args: &Args, file: &Path) -> Result<Exit, Failure> {
    let now = Moment::now();
    args.accept.validate()?;
    args.output.refuse_early(&[args.key_out.as_deref()], args.format)?;
    let old = read(file)?;
    let authority = args.issuer.read()?;
    let partners = Partners::find(args.partners.clone(), file, &old)?;
    let kind = match args.kind {
        Some(wanted) => wanted.kind(authority.as_ref()),
        None => Kind::of_certificate(&old),
    };
    let failed = |error| not_made("the new certificate", error);
    let validity = Validity::days(now, args.days.unwrap_or(kind.form().days));
    let Granted { template, dropped } = Template::from_certificate(kind, &old, validity).map_err(failed)?;

    let secret = secret(args, file, &old, kind)?;
    if let (Some(authority), None) = (&authority, &secret) {
        require_own(file, &old, authority)?;
    }
    let issuer = match (&authority, &secret) {
        (Some(authority), _) => authority.issuer()?,
        (None, _) if !old.is_self_issued() => {
            return Err(Failure::new(format!("{} was issued by a CA, which must renew it", file.display()))
                .hint("--issuer CA.pem --issuer-key KEY, or --issuer DIR for a CA made by certkit"));
        }
        (None, Some(secret)) => Issuer::itself(&secret.key),
        (None, None) => {
            return Err(Failure::new(format!("{} is self-signed: its private key signs the new one", file.display()))
                .hint("--key FILE, or --rekey --key-out FILE for a new key"));
        }
    };
    let public = match &secret {
        Some(secret) => secret.key.public_key().map_err(|error| failed(error.into()))?,
        None => old.public_key().map_err(|error| failed(error.into()))?,
    };
    let certificate = template.issue(&public, &issuer).map_err(failed)?;
    let issuers: &[Certificate] = authority.as_ref().map(|it| it.chain.as_slice()).unwrap_or_default();
    let mut judgements = Judgements::new(now, authority.as_ref())?;
    judgements.look_at(&file.display().to_string());
    judgements.add(kind, &certificate, issuers);
    let mut made = Made::new("renew", judgements.settle(&args.accept)?);

    let mut files = Files::default();
    match args.output.chosen() {
        Output::Folder(folder) => {
            let name = file.file_name().unwrap_or_default();
            let path = folder.join(names::chosen(&name.to_string_lossy()));
            files.add(path.clone(), Content::Certificate, encode(&[&certificate], &path), args.output.existing());
        }
        _ => args.output.plan(&certificate, issuers, &mut files),
    }
    if let (Some(path), Some(secret)) = (&args.key_out, &secret) {
        let pem = key_pem(&secret.key, secret.password.as_ref())?;
        files.add(path.clone(), Content::PrivateKey, pem.as_bytes(), args.output.existing());
    }
    made.certificates = vec![&certificate];
    made.dropped = dropped;
    if let Some(secret) = &secret {
        let is_encrypted = args.rekey.then_some(secret.password.is_some());
        made.key = Some((&secret.key, KeyUse { is_new: args.rekey, is_encrypted }));
    }
    made.notes = vec![partners.note(&old, authority.is_some(), args.rekey)];
    made.partners = partners.list;
    let issued = authority.as_ref().map(|authority: &Authority| (authority, vec![(&certificate, kind)]));
    let output = args.output.chosen();
    Delivery { made, files, issued, output, format: args.format, moment: now }.run()
}

/// Requires that a CA certifies no key again that it does not know: whoever wrote the certificate chose what stands in it.
fn require_own(file: &Path, old: &Certificate, authority: &Authority) -> Result<(), Failure> {
    let own = authority.certificate()?;
    let name = file.display();
    let key = authority.key.public_key().map_err(|error| not_made("the new certificate", error.into()))?;
    if !old.issuer().matches(&own.subject()) || old.verify_signature(&key).is_err() {
        return Err(Failure::new(format!("{name} was not issued by this CA, and its private key was not given"))
            .hint("give the private key with --key FILE, or make a new one with --rekey --key-out FILE"));
    }
    require_unrevoked(file, old, authority)
}

/// Requires that a CA has not taken back what is renewed, as far as its folder tells.
fn require_unrevoked(file: &Path, old: &Certificate, authority: &Authority) -> Result<(), Failure> {
    let name = file.display();
    let key = authority.key.public_key().map_err(|error| not_made("the new certificate", error.into()))?;
    let why = match authority.lists()?.against(old, &[key]) {
        None => return Ok(()),
        Some(Status::Revoked { .. }) => "this CA has revoked it",
        Some(_) => "the revocation list of this CA cannot be read completely, so it may be revoked",
    };
    Err(Failure::new(format!("{name} is not renewed: {why}"))
        .hint("`certkit renew --rekey --key-out FILE` makes a new key"))
}

/// Reads the old certificate: the leaf where the file holds a chain.
fn read(path: &Path) -> Result<Certificate, Failure> {
    let (_, mut decoded) = input::certificates(path)?;
    match check::leaf_among(&decoded) {
        Some(at) => Ok(decoded.swap_remove(at)),
        None => Err(Failure::new(format!("{} holds no certificate", path.display()))),
    }
}

/// A private key, and how it is written.
struct Secret {
    key: KeyPair,
    password: Option<zeroize::Zeroizing<String>>,
}

/// The key of the new certificate, where it is at hand or made.
fn secret(args: &Args, file: &Path, old: &Certificate, kind: Kind) -> Result<Option<Secret>, Failure> {
    if args.rekey {
        let in_clear = if kind.is_authority() { InClear::OnlyIfInsisted } else { InClear::Allowed };
        let password = args.password.for_new_key(in_clear)?;
        let same = old.public_key().ok().and_then(|key| KeyType::of(&key));
        let key = generate_key(args.key_type.or(same).unwrap_or(usual_key(kind, None)))?;
        return Ok(Some(Secret { key, password }));
    }
    let Some(path) = &args.key else { return Ok(None) };
    let key = args.key_password.open(path, &args.password)?;
    if key.spki() == old.spki() {
        return Ok(Some(Secret { key, password: None }));
    }
    let (path, certificate) = (path.display(), file.display());
    Err(Failure::new(format!("the private key in {path} does not belong to {certificate}"))
        .hint("--rekey --key-out FILE makes a new key"))
}
