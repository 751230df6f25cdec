//! `certkit generate`: a key and its certificate.

use std::path::{Path, PathBuf};

use certkit_core::cert::{Certificate, RevocationList};
use certkit_core::check::opcua::application_uri::APPLICATION_URI_BLANK;
use certkit_core::generate::{
    AlternativeName, Issuer, KeyPair, KeyType, Kind, Revocations, Subject, Template, Validity,
};
use certkit_core::moment::{DAY, Moment};
use zeroize::Zeroizing;

use crate::arguments::FormatArgs;
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::files::{self, Content, Files};
use crate::input::{InClear, KeyPasswordArgs, NewPasswordArgs};
use crate::issuance::{
    AcceptArgs, Authority, Delivery, Folder, ISSUING, IssuerArgs, Judgements, KeyStoreArgs, LayoutArgs, LikeArgs,
    Model, NewAuthority, Output, OutputArgs, OwnFiles, Program, ROOT, SubjectArgs, Wanted, Whose, chain, encode,
    generate_key, key_and_certificate, key_pem, not_made, stem, usual_key,
};
use crate::output;
use crate::render::compared::ComparedJson;
pub(crate) use crate::render::made::GenerateJson;
use crate::render::made::{KeyUse, Made};

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// The kind of certificate.
    #[arg(value_enum, value_name = "KIND")]
    kind: Wanted,

    #[command(flatten)]
    subject: SubjectArgs,

    #[command(flatten)]
    like: LikeArgs,

    /// The program that will import it. Without another output, one PFX with key and chain is written to the current
    /// folder.
    #[arg(long = "for", value_enum, value_name = "PROGRAM")]
    program: Option<Program>,

    #[command(flatten)]
    issuer: IssuerArgs,

    /// Days of validity; cut to those of the issuer. Default: opcua 1095, https 397, client 730, ca 3650 (1825 below another).
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: Option<u32>,

    /// rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384 or ed25519. Default: rsa:2048, for a ca rsa:4096, for opcua the issuer's curve.
    #[arg(long, value_name = "TYPE", conflicts_with = "key")]
    key_type: Option<KeyType>,

    /// Use the private key in this file instead of a new one.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,

    #[command(flatten)]
    key_password: KeyPasswordArgs,

    /// For a CA: how many CAs may follow below it. Default: any number below a root, none below an issuing CA.
    #[arg(long, value_name = "N")]
    path_length: Option<u32>,

    /// For a root in a folder: also make an issuing CA with this name below it.
    #[arg(long, value_name = "NAME", requires = "output", conflicts_with_all = ["issuer", "key"])]
    issuing: Option<String>,

    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    layout: LayoutArgs,

    /// Write the private key to this file, readable by its owner only.
    #[arg(long, value_name = "FILE", conflicts_with = "output")]
    key_out: Option<PathBuf>,

    #[command(flatten)]
    key_store: KeyStoreArgs,

    #[command(flatten)]
    password: NewPasswordArgs,

    #[command(flatten)]
    accept: AcceptArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit generate ca --name \"Plant Root CA\" --issuing \"Plant Issuing CA\" -o plant-ca
      a root and an issuing CA with their revocation lists, in plant-ca/root and plant-ca/issuing
  certkit generate https --name twx.plant.example --ip 10.0.0.5 --issuer plant-ca -o twx
  certkit generate https --name twx.plant.example --issuer plant-ca --p12-out platform.pfx --password-file pw.txt
      the keystore of ThingWorx' Tomcat: key, certificate, issuing CA and root
  certkit generate opcua --name \"Line 3 Server\" -o pki
      self-signed, in the folders that an OPC UA application reads
  certkit generate opcua --like opc.tcp://plc7:49320 --issuer plant-ca --for kepware --password-file pw.txt
      replaces the current certificate of Kepware: same names, same kind of key, as a PFX; shows old and new side by side
  certkit generate https --name plc7.plant.example --issuer plant-ca --for kepware-api --password-file pw.txt
      for the Configuration API; --for rest-server for a REST server of the IoT Gateway
  certkit generate client --name kepware --issuer plant-ca --cert-out kepware.pem --key-out kepware-key.pem
  certkit generate https --name old.plant.example --days 1000 --issuer plant-ca --accept validity-too-long -o old

";

/// How long the first revocation list of a CA holds, in days.
const LIST_DAYS: i64 = 30;

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let now = Moment::now();
    args.accept.validate()?;
    refuse_early(args)?;
    let authority = args.issuer.read()?;
    let kind = args.kind.kind(authority.as_ref());
    let issuer_name = authority.as_ref().map(Authority::subject).transpose()?;
    let model = args.like.ask(kind)?;
    let whose = args.subject.resolve_like(kind, issuer_name.as_ref(), model.as_ref())?;
    whose.notes.iter().for_each(|note| output::note(&format!("certkit: note: {note}")));
    let template = template(args, kind, &whose, now)?;
    let stem = stem(&template);
    if let Output::Folder(folder) = args.output.chosen() {
        refuse_in_folder(args, kind, folder, &stem)?;
    }
    let store = store(args, &stem);
    if let Some(store) = &store {
        files::refuse(store, args.output.existing())?;
    }

    let secret = Secret::read(args, kind, authority.as_ref(), model.as_ref())?;
    let issuer = match &authority {
        Some(authority) => authority.issuer()?,
        None => Issuer::itself(&secret.key),
    };
    let issuers: &[Certificate] = authority.as_ref().map(|it| it.chain.as_slice()).unwrap_or_default();
    let certificate = issue(&template, &secret.key, &issuer)?;
    let below =
        args.issuing.as_ref().map(|name| Below::make(name, args, &certificate, &secret.key, now)).transpose()?;
    let mut judgements = Judgements::new(now, authority.as_ref())?;
    judgements.add(kind, &certificate, issuers);
    if let Some(below) = &below {
        judgements.add(Kind::IssuingAuthority, &below.certificate, std::slice::from_ref(&certificate));
    }
    let may_keep_blanks = args.program == Some(Program::Kepware) || args.like.keeps_blanks();
    let keeps_blanks = may_keep_blanks
        && template.alternative_names.iter().any(|it| matches!(it, AlternativeName::Uri(uri) if uri.contains(' ')));
    let chosen: &[&str] = if keeps_blanks { &[APPLICATION_URI_BLANK.id] } else { &[] };
    let mut made = Made::new("generate", judgements.settle(&args.accept.and(chosen))?);
    made.compared = model.as_ref().map(|it| ComparedJson::certificates(&it.url, &it.certificate, &certificate));

    let mut files = Files::default();
    let issued = Issued { certificate: &certificate, issuers, secret: &secret, below: below.as_ref(), now };
    if let Some(store) = &store {
        let bytes = args.key_store.make(&secret.key, &certificate, issuers, secret.password.as_ref())?;
        files.add(store.clone(), Content::KeyStore, bytes, args.output.existing());
    }
    match args.output.chosen() {
        Output::Folder(folder) if kind.is_authority() => issued.plan_authority(args, folder, &mut files)?,
        Output::Folder(folder) if kind == Kind::OpcUa => {
            let lists = match authority.as_ref().and_then(|it| it.folder.as_ref()) {
                Some(folder) => folder.read_lists()?,
                None => Vec::new(),
            };
            let own = OwnFiles { certificate: &certificate, key: &secret.pem, issuers, lists: &lists };
            args.layout.plan(folder, &own, args.output.existing(), &mut files);
        }
        Output::Folder(folder) => issued.plan_files(args, folder, &stem, &mut files),
        Output::Files | Output::Standard => {
            args.output.plan(&certificate, issuers, &mut files);
            if let Some(path) = &args.key_out {
                files.add(path.clone(), Content::PrivateKey, secret.pem.as_bytes(), args.output.existing());
            }
        }
    }
    made.certificates = std::iter::once(&certificate).chain(below.as_ref().map(|it| &it.certificate)).collect();
    made.key = Some((&secret.key, secret.key_use));
    made.told = whose.notes;
    made.notes = template_notes(&template, &certificate);
    if keeps_blanks {
        made.notes
            .push("the ApplicationUri keeps the application's blanks: some programs refuse such a URI".to_owned());
    }
    made.notes.extend(args.program.map(|program| program.advice().to_owned()));
    let issued = authority.as_ref().map(|authority| (authority, vec![(&certificate, kind)]));
    let output = if store.is_some() { Output::Files } else { args.output.chosen() };
    Delivery { made, files, issued, output, format: args.format, moment: now }.run()
}

/// Refuses what can be refused before any password is asked for or key made.
fn refuse_early(args: &Args) -> Result<(), Failure> {
    if let Some(program) = args.program {
        program.require(args.kind)?;
    }
    args.output.refuse_early(&[args.key_out.as_deref(), args.key_store.path()], args.format)?;
    if args.key.is_none() && !is_key_written(args) {
        return Err(Failure::new("no output given for the new private key")
            .hint("-o DIR, --cert-out FILE --key-out FILE, or --p12-out FILE; --key FILE uses an existing key"));
    }
    if args.layout.is_given() && args.kind != Wanted::Opcua {
        return Err(Failure::new("--layout is only for opcua"));
    }
    if args.issuing.is_some() && args.kind != Wanted::Ca {
        return Err(Failure::new("--issuing makes a CA below a new root: use it only with `certkit generate ca`"));
    }
    Ok(())
}

fn is_key_written(args: &Args) -> bool {
    args.key_out.is_some() || has_store(args) || matches!(args.output.chosen(), Output::Folder(_))
}

/// Whether a PKCS#12 store is written: one that was named, or the file that a program imports.
fn has_store(args: &Args) -> bool {
    args.key_store.path().is_some() || (args.program.is_some() && args.key_out.is_none())
}

/// Where the store goes.
fn store(args: &Args, stem: &str) -> Option<PathBuf> {
    let folder = match args.output.chosen() {
        Output::Folder(folder) => folder,
        Output::Files | Output::Standard => Path::new(""),
    };
    let named = args.key_store.path().map(Path::to_owned);
    named.or_else(|| has_store(args).then(|| folder.join(format!("{stem}.pfx"))))
}

/// Refuses a folder that has already what would be put into it.
fn refuse_in_folder(args: &Args, kind: Kind, folder: &Path, stem: &str) -> Result<(), Failure> {
    let existing = args.output.existing();
    if kind.is_authority() {
        let own = if args.issuing.is_some() { folder.join(ROOT) } else { folder.to_owned() };
        Folder::new(own).refuse(existing)?;
        return Folder::new(folder.join(ISSUING)).refuse(existing);
    }
    match kind {
        Kind::OpcUa => Ok(()),
        _ => key_and_certificate(folder, stem).iter().try_for_each(|path| files::refuse(path, existing)),
    }
}

fn template(args: &Args, kind: Kind, whose: &Whose, now: Moment) -> Result<Template, Failure> {
    let validity = Validity::days(now, args.days.unwrap_or(kind.form().days));
    let template = Template::new(kind, whose.subject.clone(), validity).alternative_names(whose.names.clone());
    let template = match args.path_length {
        Some(length) => template.path_length(length).map_err(|error| not_made("the certificate", error))?,
        None => template,
    };
    // Before the key, which can take a second.
    template.validate().map_err(|error| not_made("the certificate", error))?;
    Ok(template)
}

fn issue(template: &Template, key: &KeyPair, issuer: &Issuer<'_>) -> Result<Certificate, Failure> {
    let public = key.public_key().map_err(|error| not_made("the certificate", error.into()))?;
    template.issue(&public, issuer).map_err(|error| not_made("the certificate", error))
}

/// Says where the certificate is shorter than what was asked for.
fn template_notes(template: &Template, certificate: &Certificate) -> Vec<String> {
    match certificate.not_after() {
        Ok(end) if end < template.validity.not_after => {
            let end = end.date();
            vec![format!("the validity ends on {end}, with that of the issuer")]
        }
        _ => Vec::new(),
    }
}

/// The private key of the subject, and how it is written.
struct Secret {
    key: KeyPair,
    pem: Zeroizing<String>,
    password: Option<Zeroizing<String>>,
    key_use: KeyUse,
}

impl Secret {
    fn read(args: &Args, kind: Kind, issuer: Option<&Authority>, model: Option<&Model>) -> Result<Secret, Failure> {
        let wants_password = kind.is_authority() || has_store(args);
        let in_clear = if wants_password { InClear::OnlyIfInsisted } else { InClear::Allowed };
        let is_written = is_key_written(args);
        let password = if is_written { args.password.for_new_key(in_clear)? } else { None };
        let key = match &args.key {
            Some(path) => args.key_password.open(path, &args.password)?,
            None => {
                // Kepware's policies are those of RSA.
                let rsa = args.program.is_some().then_some(KeyType::Rsa2048);
                let fitting = model.map(|model| model.key.unwrap_or(KeyType::Rsa2048)).or(rsa);
                generate_key(args.key_type.or(fitting).unwrap_or(usual_key(kind, issuer.map(|it| &it.key))))?
            }
        };
        let pem = key_pem(&key, password.as_ref())?;
        let is_encrypted = is_written.then_some(password.is_some());
        Ok(Secret { key, pem, password, key_use: KeyUse { is_new: args.key.is_none(), is_encrypted } })
    }
}

/// An issuing CA that is made together with its root.
struct Below {
    certificate: Certificate,
    key: KeyPair,
}

impl Below {
    fn make(name: &str, args: &Args, root: &Certificate, root_key: &KeyPair, now: Moment) -> Result<Below, Failure> {
        let failed = |error| not_made("the issuing CA", error);
        let kind = Kind::IssuingAuthority;
        let subject = SubjectArgs::called(name).resolve(kind, Some(&Subject::from_name(&root.subject())))?.subject;
        let key = generate_key(args.key_type.unwrap_or(usual_key(kind, None)))?;
        let issuer = Issuer::authority(root, root_key).map_err(failed)?;
        let certificate = issue(&Template::new(kind, subject, Validity::days(now, kind.form().days)), &key, &issuer)?;
        Ok(Below { certificate, key })
    }
}

/// What was made, on its way into a folder.
struct Issued<'a> {
    certificate: &'a Certificate,
    issuers: &'a [Certificate],
    secret: &'a Secret,
    below: Option<&'a Below>,
    now: Moment,
}

impl Issued<'_> {
    /// The folder of a CA, or of two.
    fn plan_authority(&self, args: &Args, folder: &Path, files: &mut Files) -> Result<(), Failure> {
        let existing = args.output.existing();
        let list = first_list(self.certificate, &self.secret.key, self.now)?;
        let issued: Vec<&Certificate> = self.below.iter().map(|below| &below.certificate).collect();
        let new = NewAuthority {
            certificate: self.certificate,
            issuers: self.issuers,
            key: &self.secret.pem,
            list: &list,
            issued: &issued,
        };
        let Some(below) = self.below else {
            Folder::new(folder.to_owned()).plan(&new, existing, self.now, files);
            return Ok(());
        };
        Folder::new(folder.join(ROOT)).plan(&new, existing, self.now, files);
        let list = first_list(&below.certificate, &below.key, self.now)?;
        let new = NewAuthority {
            certificate: &below.certificate,
            issuers: std::slice::from_ref(self.certificate),
            key: &key_pem(&below.key, self.secret.password.as_ref())?,
            list: &list,
            issued: &[],
        };
        Folder::new(folder.join(ISSUING)).plan(&new, existing, self.now, files);
        Ok(())
    }

    /// Key, certificate and chain of a TLS server or client.
    fn plan_files(&self, args: &Args, folder: &Path, stem: &str, files: &mut Files) {
        let existing = args.output.existing();
        let [key, certificate] = key_and_certificate(folder, stem);
        files.add(key, Content::PrivateKey, self.secret.pem.as_bytes(), existing);
        let bytes = encode(&[self.certificate], &certificate);
        files.add(certificate, Content::Certificate, bytes, existing);
        if !self.issuers.is_empty() {
            let path = folder.join(format!("{stem}-chain.pem"));
            let bytes = encode(&chain(self.certificate, self.issuers), &path);
            files.add(path, Content::Chain, bytes, existing);
        }
    }
}

/// The empty revocation list of a new CA: partners refuse what a CA without a list has issued.
fn first_list(certificate: &Certificate, key: &KeyPair, now: Moment) -> Result<RevocationList, Failure> {
    let failed = |error| not_made("the revocation list", error);
    let issuer = Issuer::authority(certificate, key).map_err(failed)?;
    Revocations::new(&issuer).map_err(failed)?.sign(now, now.plus(LIST_DAYS * DAY)).map_err(failed)
}
