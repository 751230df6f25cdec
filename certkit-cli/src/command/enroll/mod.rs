//! `certkit enroll`: a certificate from a CA that speaks EST (RFC 7030).

mod issued;
mod server;

use std::path::PathBuf;

use certkit_core::cert::Certificate;
use certkit_core::cert::extension::ExtendedKeyUsage;
use certkit_core::check;
use certkit_core::files::Existing;
use certkit_core::generate::{Granted, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::Moment;
use certkit_core::oid;
use certkit_core::report::Report;
use certkit_core::source::{ClientIdentity, Enrollment};
use certkit_core::text::Address;

use self::issued::Issued;
use self::server::{Server, ServerArgs};
use crate::arguments::FormatArgs;
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::files::{self, Content, Files};
use crate::input::{self, KeyPasswordArgs};
use crate::issuance::{
    AcceptArgs, Delivery, Judgements, Output, OutputArgs, SubjectArgs, Wanted, chain, encode, generate_key,
    key_and_certificate, key_pem, not_made, stem, usual_key,
};
use crate::output;
use crate::render::made::{KeyUse, Made};

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// The server, with the label of the CA if it has several: est://HOST[:PORT][/LABEL].
    #[arg(value_name = "URL")]
    url: String,

    /// The purpose of the certificate: opcua, https or client. Without it and without --renew, the CA certificates are
    /// fetched.
    #[arg(value_enum, value_name = "KIND", conflicts_with = "renew")]
    kind: Option<Wanted>,

    #[command(flatten)]
    subject: SubjectArgs,

    /// Renew this certificate with the same names. If it also allows client authentication, it authenticates to the
    /// server with --key, unless --user or --client-cert is given.
    #[arg(long, value_name = "CERT", conflicts_with_all = ["subject", "name", "application_uri", "dns", "ip"])]
    renew: Option<PathBuf>,

    /// The existing private key of the certificate, instead of a new one.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,

    /// Make a new private key; with --renew, --key names the old one.
    #[arg(long, requires = "renew")]
    rekey: bool,

    /// The kind of a new key: rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384 or ed25519. Default: rsa:2048, or as before.
    #[arg(long, value_name = "TYPE")]
    key_type: Option<KeyType>,

    #[command(flatten)]
    key_password: KeyPasswordArgs,

    #[command(flatten)]
    server: ServerArgs,

    /// Accept a certificate that differs from the request; the differences are listed.
    #[arg(long)]
    allow_changes: bool,

    #[command(flatten)]
    accept: AcceptArgs,

    #[command(flatten)]
    output: OutputArgs,

    /// Write a new private key to this file, readable by its owner only.
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    key_out: Option<PathBuf>,

    /// Write the certificates of the CA to this file.
    #[arg(long, value_name = "FILE")]
    ca_out: Option<PathBuf>,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit enroll est://ca.plant.example --pin 5f2a... --ca-out plant-ca.pem
      the certificates of the CA; compare the fingerprint over another channel first
  certkit enroll est://ca.plant.example https --name twx.plant.example --trust plant-ca.pem --user twx \\
      --password-file twx.password -o twx
  certkit enroll est://ca.plant.example/line3 --renew twx.pem --key twx-key.pem --trust plant-ca.pem --chain-out twx.pem --force

";

/// Who asks for what.
struct Asked {
    kind: Kind,
    template: Template,
    key: KeyPair,
    is_new: bool,
    how: Enrollment,
    /// What is shown to the server where nothing else says who asks.
    identity: Option<ClientIdentity>,
    told: Vec<String>,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let now = Moment::now();
    args.accept.validate()?;
    let existing = args.output.existing();
    args.output.refuse_early(&[args.key_out.as_deref(), args.ca_out.as_deref()], args.format)?;
    let asked = match (&args.renew, args.kind) {
        (Some(file), _) => Some(again(args, file, now)?),
        (None, Some(kind)) => Some(first(args, kind, now)?),
        (None, None) => None,
    };
    let Some(asked) = asked else { return authorities(args, existing, now) };
    if !asked.is_new && (args.key_out.is_some() || args.key_type.is_some()) {
        return Err(Failure::new("no new private key is made: --key-out and --key-type have no effect")
            .hint("leave them out; with --renew, --rekey makes a new key"));
    }
    let places = places(args, &asked);
    places.iter().flatten().try_for_each(|path| files::refuse(path, existing))?;
    // What the CA has issued is not lost for the want of a password.
    let password = asked.is_new.then(|| args.key_password.for_new_key()).transpose()?.flatten();
    let request = asked.template.request(&asked.key).map_err(|error| not_made("the request", error))?;
    let server = Server::new(&args.url, &args.server, asked.identity.clone(), now)?;
    let authorities = server.authorities()?;
    let given = server.enroll(asked.how, request.der())?;
    // A CA may have taken its time.
    let moment = Moment::now();
    let issued = Issued::of(&given, &authorities, &asked.template, &asked.key, moment)?;
    issued.require_as_asked(args.allow_changes)?;
    let mut judgements = Judgements::new(moment, None)?;
    judgements.look_at(&Address::new(&args.url).to_string());
    judgements.add(asked.kind, &issued.certificate, &issued.above);
    let mut made = Made::new("enroll", judgements.settle(&args.accept)?);

    let mut files = Files::default();
    let [key_file, certificate_file, chain_file] = places;
    if let Some(path) = key_file {
        files.add(path, Content::PrivateKey, key_pem(&asked.key, password.as_ref())?.as_bytes(), existing);
    }
    if let Some(path) = certificate_file {
        let bytes = encode(&[&issued.certificate], &path);
        files.add(path, Content::Certificate, bytes, existing);
    }
    if let Some(path) = chain_file {
        let bytes = encode(&chain(&issued.certificate, &issued.above), &path);
        files.add(path, Content::Chain, bytes, existing);
    }
    if let Some(path) = &args.ca_out {
        files.add(path.clone(), Content::Chain, encode(&authorities.iter().collect::<Vec<_>>(), path), existing);
    }
    made.certificates = vec![&issued.certificate];
    made.warnings.clone_from(&issued.changes);
    made.told = asked.told;
    let is_encrypted = asked.is_new.then_some(password.is_some());
    made.key = Some((&asked.key, KeyUse { is_new: asked.is_new, is_encrypted }));
    let output = args.output.chosen();
    Delivery { made, files, issued: None, output, format: args.format, moment }.run()
}

/// Where a new key, the certificate and its chain go.
fn places(args: &Args, asked: &Asked) -> [Option<PathBuf>; 3] {
    match args.output.chosen() {
        Output::Folder(folder) => {
            let stem = stem(&asked.template);
            let [key, certificate] = key_and_certificate(folder, &stem);
            [asked.is_new.then_some(key), Some(certificate), Some(folder.join(format!("{stem}-chain.pem")))]
        }
        Output::Files | Output::Standard => {
            let [certificate, chain] = args.output.files();
            [args.key_out.clone().filter(|_| asked.is_new), certificate, chain]
        }
    }
}

/// Fetches the certificates of the CA.
fn authorities(args: &Args, existing: Existing, now: Moment) -> Result<Exit, Failure> {
    if !matches!(args.output.chosen(), Output::Standard) || args.key_out.is_some() || args.key.is_some() {
        return Err(Failure::new("no purpose given for the certificate")
            .hint("add it after the URL: opcua, https or client; or use --renew CERT"));
    }
    let authorities = Server::new(&args.url, &args.server, None, now)?.authorities()?;
    let mut files = Files::default();
    if let Some(path) = &args.ca_out {
        files.add(path.clone(), Content::Chain, encode(&authorities.iter().collect::<Vec<_>>(), path), existing);
    }
    let mut made = Made::new("enroll", Report::new(now));
    made.certificates = authorities.iter().collect();
    for certificate in &authorities {
        let fingerprint = certkit_core::text::Hex(certificate.fingerprint_sha256());
        made.notes.push(format!("{:#}: SHA-256 {fingerprint}", certificate.subject()));
    }
    let output = if args.ca_out.is_some() { Output::Files } else { Output::Standard };
    Delivery { made, files, issued: None, output, format: args.format, moment: now }.run()
}

/// Asks for a certificate of a kind.
fn first(args: &Args, wanted: Wanted, now: Moment) -> Result<Asked, Failure> {
    if wanted == Wanted::Ca {
        return Err(Failure::new(
            "`ca`: certkit enrolls no CA: whoever operates the CA above it signs its certificate",
        )
        .hint("`certkit request ca` makes the request; here the kinds are opcua, https and client"));
    }
    if args.key.is_none() && !is_key_written(args) {
        return Err(Failure::new("no output given for the new private key")
            .hint("-o DIR, or --key-out FILE; --key FILE uses a key that is there"));
    }
    let kind = wanted.kind(None);
    let whose = args.subject.resolve(kind, None)?;
    whose.notes.iter().for_each(|note| output::note(&format!("certkit: note: {note}")));
    let template =
        Template::new(kind, whose.subject, Validity::days(now, kind.form().days)).alternative_names(whose.names);
    template.validate().map_err(|error| not_made("the request", error))?;
    let key = match &args.key {
        Some(path) => args.key_password.open_alone(path)?,
        None => generate_key(args.key_type.unwrap_or(usual_key(kind, None)))?,
    };
    let is_new = args.key.is_none();
    Ok(Asked { kind, template, key, is_new, how: Enrollment::First, identity: None, told: whose.notes })
}

/// Asks for a certificate in place of an old one.
fn again(args: &Args, file: &std::path::Path, now: Moment) -> Result<Asked, Failure> {
    let (_, mut decoded) = input::certificates(file)?;
    let Some(at) = check::leaf_among(&decoded) else {
        return Err(Failure::new(format!("{} holds no certificate", file.display())));
    };
    let old = decoded.swap_remove(at);
    let kind = Kind::of_certificate(&old);
    let failed = |error| not_made("the request", error);
    let Granted { template, dropped } =
        Template::from_certificate(kind, &old, Validity::days(now, kind.form().days)).map_err(failed)?;
    let own = args.key.as_ref().map(|path| args.key_password.open_alone(path)).transpose()?;
    if let (Some(own), Some(path)) = (&own, &args.key)
        && own.spki() != old.spki()
    {
        return Err(Failure::new(format!(
            "the private key in {} does not belong to {}",
            path.display(),
            file.display()
        )));
    }
    let identity = match &own {
        Some(own) if is_for_clients(&old) => Some(ClientIdentity {
            chain: std::iter::once(&old).chain(&decoded).map(|it: &Certificate| it.der().to_vec()).collect(),
            key: own.to_pkcs8().map_err(|error| failed(error.into()))?,
        }),
        _ => None,
    };
    let key = match (args.rekey, own) {
        (true, _) if !is_key_written(args) => {
            return Err(Failure::new("no output given for the new private key").hint("-o DIR, or --key-out FILE"));
        }
        (true, _) => {
            let same = old.public_key().ok().and_then(|key| KeyType::of(&key));
            generate_key(args.key_type.or(same).unwrap_or(usual_key(kind, None)))?
        }
        (false, Some(own)) => own,
        (false, None) => {
            return Err(Failure::new("no private key given to sign the request")
                .hint("--key FILE, or --rekey --key-out FILE for a new one"));
        }
    };
    let told = dropped.iter().map(|it| format!("not requested: {it}")).collect();
    Ok(Asked { kind, template, key, is_new: args.rekey, how: Enrollment::Again, identity, told })
}

fn is_key_written(args: &Args) -> bool {
    args.key_out.is_some() || matches!(args.output.chosen(), Output::Folder(_))
}

/// Whether a certificate may be shown to a server by a client (RFC 5280 section 4.2.1.12).
fn is_for_clients(certificate: &Certificate) -> bool {
    let purposes = certificate.extension::<ExtendedKeyUsage<'_>>().ok().flatten();
    purposes.is_none_or(|it| it.allows(oid::CLIENT_AUTH))
}
