//! `certkit inspect`: what is in a file, folder or endpoint.

use std::path::PathBuf;

use certkit_core::cert::{Certificate, Malformed, OcspResponse, Request, RevocationList};
use certkit_core::container::{Item, ItemKind};
use certkit_core::crypto::key::PublicKey;
use certkit_core::moment::Moment;
use certkit_core::text::{Printable, plural};
use serde::Serialize;

use crate::arguments::{self, Format, FormatArgs, MomentArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::input::{self, HeldKeyPasswordArgs, Input, Inputs, StorePasswordArgs};
use crate::output;
use crate::render::answer::{self, AnswerJson};
use crate::render::card::{self, Detail};
use crate::render::discovered;
use crate::render::json::{CertificateJson, RequestJson, RevocationListJson, masked_pem};
use crate::render::source::SourceJson;
use crate::terminal;
use crate::terminal::style::{self, paint};

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// Files, folders, URLs, or - for standard input.
    #[arg(required = true, value_name = "INPUT", long_help = arguments::inputs("Files, folders, URLs, or - for standard input."))]
    inputs: Vec<PathBuf>,

    /// Show everything, including the bytes of every extension.
    #[arg(long)]
    full: bool,

    /// Add the PEM block of each item.
    #[arg(long)]
    pem: bool,

    #[command(flatten)]
    password: StorePasswordArgs,

    #[command(flatten)]
    key_password: HeldKeyPasswordArgs,

    #[command(flatten)]
    moment: MomentArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit inspect server.pem
  certkit inspect --full plc7.der
  certkit inspect keystore.jks
  certkit inspect --password-file password.txt server.p12
  certkit inspect https://twx.plant.example
  openssl s_client -connect host:443 -showcerts </dev/null | certkit inspect -
  certkit inspect --json pki/ | jq -r '.certificates[].not_after'

";

/// The document of `certkit.inspect/1`.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct InspectJson {
    schema: &'static str,
    sources: Vec<SourceJson>,
    /// Files of folders that hold nothing for certkit.
    passed_over: usize,
    /// Their names.
    passed_over_files: Vec<String>,
    certificates: Vec<CertificateJson>,
    requests: Vec<RequestJson>,
    revocation_lists: Vec<RevocationListJson>,
    ocsp_responses: Vec<AnswerJson>,
    keys: Vec<KeyJson>,
    /// Files of folders that could not be read, each with the reason.
    unreadable: Vec<String>,
    /// What could not be decoded, with its place and the reason.
    undecodable: Vec<String>,
}

/// What may be told of a key.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct KeyJson {
    origin: String,
    /// Whether it is a private key.
    is_private: bool,
    algorithm: Option<String>,
    bits: Option<u32>,
    curve: Option<String>,
    /// How it is written, such as `PKCS#8`.
    form: String,
    /// What encrypts it; null for a key in clear.
    encryption: Option<String>,
    /// What encrypts it in its store, which the password has opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    opened: Option<String>,
    /// Its name in a store.
    #[serde(skip_serializing_if = "Option::is_none")]
    alias: Option<String>,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let password = args.key_password.beside(args.password.password()?)?;
    let inputs = input::read(&args.inputs, &password)?;
    let moment = args.moment.moment();
    refuse_undecodable(&inputs)?;
    inputs.tell_losses();
    match args.format.chosen() {
        Format::Json => output::print(&terminal::document(&document(&inputs, moment)))?,
        Format::Text => {
            let detail = if args.full { Detail::Full } else { Detail::Glance };
            for (at, input) in inputs.read.iter().enumerate() {
                let gap = if at == 0 { "" } else { "\n" };
                output::print_text(&format!("{gap}{}", text(input, moment, detail, args.pem)))?;
            }
            if let Some(names) = inputs.passed_over() {
                let count = inputs.passed_over.len();
                output::note(&format!(
                    "certkit: note: {count} {} nothing that certkit reads: {names}",
                    plural(count, "file holds", "files hold")
                ));
            }
        }
    }
    let is_decoded = inputs.read.iter().all(|input| undecodable(input).next().is_none());
    Ok(inputs.exit().max(if is_decoded { Exit::Fine } else { Exit::Warnings }))
}

/// Fails where there is something and nothing of it can be decoded.
fn refuse_undecodable(inputs: &Inputs) -> Result<(), Failure> {
    let mut items = inputs.read.iter().flat_map(|input| &input.contents.items).peekable();
    if items.peek().is_none() || items.any(|item| decode(item).is_ok()) {
        return Ok(());
    }
    let reasons: Vec<String> = inputs.read.iter().flat_map(undecodable).collect();
    Err(Failure::new(format!("cannot decode anything: {}", reasons.join("; ")))
        .hint("it is truncated or damaged: copy it again from its source, in binary mode"))
}

/// One item, decoded as what it is.
enum Decoded<'a> {
    Certificate(Certificate),
    Request(Request),
    RevocationList(RevocationList),
    OcspResponse(OcspResponse),
    Key(&'a certkit_core::container::KeyFacts),
    PublicKey(PublicKey<'a>),
}

fn decode(item: &Item) -> Result<Decoded<'_>, Malformed> {
    Ok(match &item.kind {
        ItemKind::Certificate => Decoded::Certificate(Certificate::from_der(&item.der)?),
        ItemKind::Request => Decoded::Request(Request::to_be_shown(&item.der)?.0),
        ItemKind::RevocationList => Decoded::RevocationList(RevocationList::from_der(&item.der)?),
        ItemKind::OcspResponse => Decoded::OcspResponse(OcspResponse::from_der(&item.der)?),
        ItemKind::PrivateKey(facts) => Decoded::Key(facts),
        ItemKind::PublicKey => Decoded::PublicKey(
            PublicKey::from_spki(&item.der).map_err(|source| Malformed { part: "subjectPublicKeyInfo", source })?,
        ),
    })
}

/// What a request asks for and cannot be shown.
fn lost(item: &Item) -> String {
    let told = |fault| format!("{}\n", terminal::wrap(&format!("Not shown: {fault}"), 2));
    Request::from_der(&item.der).err().map(told).unwrap_or_default()
}

fn undecodable(input: &Input) -> impl Iterator<Item = String> {
    input.contents.items.iter().filter_map(|item| {
        // A request is shown without the attributes that cannot be decoded.
        let is_request = item.kind == ItemKind::Request;
        let fault = || is_request.then(|| Request::from_der(&item.der).err()).flatten();
        let error = decode(item).err().or_else(fault)?;
        let (kind, error) = (item.kind.to_string(), error.to_string());
        // What cannot be decoded at all says so already.
        let lead = if error.starts_with(&kind) { String::new() } else { format!("{kind} cannot be decoded: ") };
        Some(format!("{}, {}: {lead}{error}", input.name, item.position))
    })
}

fn text(input: &Input, moment: Moment, detail: Detail, with_pem: bool) -> String {
    let mut text = format!("{}  {}\n", paint(style::BOLD, Printable(&input.name)), input.summary());
    if let Some(discovery) = input.discovery() {
        text += &format!("\n{}", discovered::endpoints(discovery));
    }
    let count = input.contents.items.len();
    for (at, item) in input.contents.items.iter().enumerate() {
        text.push('\n');
        let standing = standing(item);
        if count > 1 {
            let heading = format!("{} of {count}: {}{standing}", at + 1, item.kind);
            text += &format!("{}\n", paint(style::BOLD, heading));
        } else if !standing.is_empty() {
            text += &format!("{}\n", paint(style::BOLD, format_args!("{}{standing}", item.kind)));
        }
        let (label, body) = match decode(item) {
            Ok(Decoded::Certificate(it)) => ("CERTIFICATE", card::certificate(&it, moment, detail)),
            Ok(Decoded::Request(it)) => ("CERTIFICATE REQUEST", card::request(&it, detail) + &lost(item)),
            Ok(Decoded::RevocationList(it)) => ("X509 CRL", card::revocation_list(&it, moment, detail)),
            Ok(Decoded::OcspResponse(it)) => ("", answer::card(&it, moment, detail)),
            Ok(Decoded::Key(facts)) => ("", card::key(facts)),
            Ok(Decoded::PublicKey(key)) => ("PUBLIC KEY", card::public_key(&key)),
            Err(error) => ("", format!("  {}\n", paint(style::BAD, Printable(error.to_string())))),
        };
        text += &body;
        if with_pem && !label.is_empty() {
            text += &format!("\n{}", masked_pem(label, &item.der));
        }
    }
    text
}

/// What its store says of an item: its name there, and whether it is trusted.
fn standing(item: &Item) -> String {
    let alias = item.alias.as_ref().map(|alias| format!(", alias {}", Printable(alias)));
    let trusted = if item.is_trusted { ", trusted" } else { "" };
    let rejected = item.rejected.as_ref().map(|it| format!(", no anchor: {}", it.why));
    alias.unwrap_or_default() + trusted + &rejected.unwrap_or_default()
}

fn document(inputs: &Inputs, moment: Moment) -> InspectJson {
    let mut document = InspectJson {
        schema: "certkit.inspect/1",
        sources: inputs.read.iter().map(SourceJson::new).collect(),
        passed_over: inputs.passed_over.len(),
        passed_over_files: inputs.passed_over.iter().map(|it| it.display().to_string()).collect(),
        unreadable: inputs.failed.iter().map(ToString::to_string).collect(),
        certificates: Vec::new(),
        requests: Vec::new(),
        revocation_lists: Vec::new(),
        ocsp_responses: Vec::new(),
        keys: Vec::new(),
        undecodable: inputs.read.iter().flat_map(undecodable).collect(),
    };
    for input in &inputs.read {
        for item in &input.contents.items {
            match decode(item) {
                Ok(Decoded::Certificate(it)) => {
                    let mut json = CertificateJson::new(&it, moment);
                    json.origin = Some(input.name.clone());
                    json.alias = item.alias.clone();
                    json.is_trusted = item.is_trusted.then_some(true);
                    document.certificates.push(json);
                }
                Ok(Decoded::Request(it)) => document.requests.push(RequestJson::new(&it)),
                Ok(Decoded::RevocationList(it)) => document.revocation_lists.push(RevocationListJson::new(&it)),
                Ok(Decoded::OcspResponse(it)) => document.ocsp_responses.push(AnswerJson::new(&it)),
                Ok(Decoded::Key(facts)) => document.keys.push(KeyJson {
                    origin: input.name.clone(),
                    is_private: true,
                    algorithm: facts.algorithm.clone(),
                    bits: facts.bits,
                    curve: facts.curve.clone(),
                    form: facts.form.to_string(),
                    encryption: facts.encryption.as_ref().map(|it| it.scheme.clone()),
                    opened: facts.opened.clone(),
                    alias: item.alias.clone(),
                }),
                Ok(Decoded::PublicKey(key)) => document.keys.push(KeyJson {
                    origin: input.name.clone(),
                    is_private: false,
                    algorithm: Some(key.algorithm()),
                    bits: key.size(),
                    curve: key.curve(),
                    form: "SubjectPublicKeyInfo".to_owned(),
                    encryption: None,
                    opened: None,
                    alias: None,
                }),
                Err(_) => {}
            }
        }
    }
    document
}
