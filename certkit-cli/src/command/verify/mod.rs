//! `certkit verify`: the trust decision of a relying party.

mod batch;
mod evidence;
mod online;
mod opcua;
mod options;
mod relying;

use std::path::PathBuf;

use certkit_core::check;
use certkit_core::source::PrivateDownloads;

use crate::arguments::{Format, FormatArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::input::{StorePasswordArgs, TrustPasswordArgs};
use crate::output;
use crate::render::verified;
use crate::verdict::Judged;
use evidence::EvidenceCache;
use options::{Options, ProfileName};

pub(crate) use verified::VerifyJson;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    #[command(flatten)]
    options: Options,

    /// Judge many certificates: a file, or - for standard input, with one JSON object per line.
    ///
    /// The fields are the options with underscores (`leaf`, `trust`, `max_depth`, …); a file may also be given as PEM
    /// text. Missing fields are taken from the command line. The output is one JSON verdict per line, in the same
    /// order; a line that cannot be judged gives a verdict with its error.
    #[arg(long, value_name = "FILE", conflicts_with = "leaf")]
    batch: Option<PathBuf>,

    /// With --online: also query private, link-local and loopback addresses, not only the public internet.
    #[arg(long)]
    allow_private_downloads: bool,

    #[command(flatten)]
    trust_password: TrustPasswordArgs,

    #[command(flatten)]
    password: StorePasswordArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit verify --trust plant-root.pem --untrusted issuing.pem --host plc7.plant.example plc7.pem
  certkit verify --trust system --host twx.plant.example server-chain.pem
  certkit verify --trust plant-root.pem --crl plant.crl --purpose client operator.pem
  certkit verify --trust system --online --revocation required --host twx.plant.example server-chain.pem
  certkit verify --program java --trust plant-root.pem --host plc7.plant.example plc7.pem
  certkit verify --profile rfc5280 --trust root.pem --policy 2.16.840.1.101.3.2.1.48.1 --explicit-policy leaf.pem
  certkit verify --profile opcua --pki server-pki --security-policy Basic256Sha256 --application-uri urn:plc7:Plant:Pump pump.der
      as an OPC UA application would; the last line is the StatusCode
  certkit verify --profile opcua-user --pki user-pki --stacks operator.der
  certkit verify --trust plant-root.pem --batch leaves.jsonl | jq -r 'select(.accepted | not) | .leaf'

";

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let private = if args.allow_private_downloads { PrivateDownloads::Allowed } else { PrivateDownloads::Refused };
    let cache = EvidenceCache::new(args.password.password()?, args.trust_password.password()?, private);
    if let Some(file) = &args.batch {
        return batch::run(file, &args.options, &cache);
    }
    if args.options.trust.is_empty() && !args.options.is_opcua() {
        return Err(Failure::new("no trusted certificate given, so no certificate can be accepted")
            .at("--trust")
            .hint("name a trusted root: --trust root.pem; --trust system uses the roots of the operating system"));
    }
    let judged = judge(&args.options, &cache)?;
    match args.format.chosen() {
        Format::Json => output::print(&verified::document(&judged))?,
        Format::Text => output::print_text(&verified::text(&judged))?,
    }
    Ok(judged.exit())
}

/// Judges as the profile does.
fn judge(options: &Options, cache: &EvidenceCache) -> Result<Judged, Failure> {
    match options.profile.unwrap_or_default() {
        profile if options.program.is_some() && profile != ProfileName::Tls => {
            Err(Failure::new("--program is only for TLS certificates")
                .at("--program")
                .hint("leave --profile out; `verify --profile opcua --stacks` shows the verdicts of OPC UA stacks"))
        }
        ProfileName::Opcua | ProfileName::OpcuaUser => opcua::judge(options, cache),
        _ if options.is_of_opcua() => {
            Err(Failure::new("--pki, --security-policy, --application-uri, --suppress and --stacks are for OPC UA")
                .hint("add --profile opcua, or --profile opcua-user for a user's certificate"))
        }
        ProfileName::Rfc5280 => relying::judge(options, &check::RFC5280, cache),
        ProfileName::Webpki => relying::judge(options, &check::WEBPKI, cache),
        ProfileName::Tls => relying::judge(options, &check::TLS, cache),
    }
}
