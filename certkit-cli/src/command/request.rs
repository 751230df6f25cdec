//! `certkit request`: a request for others to sign.

use std::path::PathBuf;

use certkit_core::files::Existing;
use certkit_core::generate::{AlternativeName, KeyType, Kind, Template, Validity};
use certkit_core::moment::Moment;
use certkit_core::report::Report;

use crate::arguments::FormatArgs;
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::files::{self, Content, Files};
use crate::input::{InClear, KeyPasswordArgs, NewPasswordArgs};
use crate::issuance::Wanted;
use crate::issuance::{
    Delivery, LikeArgs, Output, SubjectArgs, encode_request, generate_key, key_pem, not_made, usual_key,
};
use crate::output;
use crate::render::compared::ComparedJson;
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

    /// rsa:2048, rsa:3072, rsa:4096, ec:p256, ec:p384 or ed25519. Default: rsa:2048, for a ca rsa:4096.
    #[arg(long, value_name = "TYPE", conflicts_with = "key")]
    key_type: Option<KeyType>,

    /// Use the private key in this file instead of a new one.
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,

    #[command(flatten)]
    key_password: KeyPasswordArgs,

    /// Write the request to this file; .der is DER, everything else PEM.
    #[arg(short = 'o', long = "csr-out", alias = "output", value_name = "FILE")]
    csr_out: Option<PathBuf>,

    /// Write the private key to this file, readable by its owner only.
    #[arg(long, value_name = "FILE")]
    key_out: Option<PathBuf>,

    /// Replace existing files.
    #[arg(long)]
    force: bool,

    #[command(flatten)]
    password: NewPasswordArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit request https --name twx.plant.example --key-out twx-key.pem --csr-out twx.csr
  certkit request opcua --subject \"CN=Line 3 Server,O=Plant\" --dns plc7 --key-out key.pem -o plc7.csr
  certkit request https --name twx.plant.example --key twx-key.pem > renewal.csr
  certkit request opcua --like opc.tcp://plc7:49320 --keep-blanks --key-out key.pem -o plc7.csr
      for another CA: the current certificate of the server, as a request

";

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let now = Moment::now();
    let existing = if args.force { Existing::Replace } else { Existing::Keep };
    let named = [args.csr_out.as_deref(), args.key_out.as_deref()];
    files::refuse_any(named.into_iter().flatten(), existing, args.format.chosen())?;
    if args.key.is_none() && args.key_out.is_none() {
        return Err(Failure::new("no output given for the new private key")
            .hint("--key-out FILE; --key FILE uses an existing key"));
    }
    // Whoever asks to be a CA asks to be one below the other's.
    let kind = match args.kind {
        Wanted::Ca => Kind::IssuingAuthority,
        other => other.kind(None),
    };
    let model = args.like.ask(kind)?;
    let whose = args.subject.resolve_like(kind, None, model.as_ref())?;
    whose.notes.iter().for_each(|note| output::note(&format!("certkit: note: {note}")));
    let has_blanks = |it: &AlternativeName| matches!(it, AlternativeName::Uri(uri) if uri.contains(' '));
    if !args.like.keeps_blanks() && whose.names.iter().any(has_blanks) {
        return Err(Failure::new("the ApplicationUri has a blank, which is not allowed in a URI")
            .hint("write it as %20, or add --keep-blanks if the application itself uses it"));
    }
    let template =
        Template::new(kind, whose.subject, Validity::days(now, kind.form().days)).alternative_names(whose.names);
    template.validate().map_err(|error| not_made("the request", error))?;

    let in_clear = if kind.is_authority() { InClear::OnlyIfInsisted } else { InClear::Allowed };
    let password = if args.key_out.is_some() { args.password.for_new_key(in_clear)? } else { None };
    let key = match &args.key {
        Some(path) => args.key_password.open(path, &args.password)?,
        None => {
            let fitting = model.as_ref().map(|model| model.key.unwrap_or(KeyType::Rsa2048));
            generate_key(args.key_type.or(fitting).unwrap_or(usual_key(kind, None)))?
        }
    };
    let request = template.request(&key).map_err(|error| not_made("the request", error))?;

    let mut files = Files::default();
    if let Some(path) = &args.key_out {
        files.add(path.clone(), Content::PrivateKey, key_pem(&key, password.as_ref())?.as_bytes(), existing);
    }
    if let Some(path) = &args.csr_out {
        files.add(path.clone(), Content::Request, encode_request(&request, path), existing);
    }
    let mut made = Made::new("request", Report::new(now));
    made.told = whose.notes;
    made.request = Some(&request);
    made.compared = model.as_ref().map(|it| ComparedJson::request(&it.url, &it.certificate, &request));
    let is_encrypted = args.key_out.is_some().then_some(password.is_some());
    made.key = Some((&key, KeyUse { is_new: args.key.is_none(), is_encrypted }));
    let output = if args.csr_out.is_some() { Output::Files } else { Output::Standard };
    Delivery { made, files, issued: None, output, format: args.format, moment: now }.run()
}
