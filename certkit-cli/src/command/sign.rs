//! `certkit sign`: certificates for the requests of others.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use certkit_core::cert::{Certificate, Request};
use certkit_core::container::ItemKind;
use certkit_core::files::names;
use certkit_core::generate::{AlternativeName, Dropped, Granted, Kind, Template, Validity};
use certkit_core::moment::Moment;

use crate::arguments::FormatArgs;
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::files::{Content, Files};
use crate::input::{self, StorePassword};
use crate::issuance::Wanted;
use crate::issuance::{
    AcceptArgs, Delivery, IssuerArgs, Judgements, Output, OutputArgs, SubjectArgs, encode, not_made,
};
use crate::render::made::Made;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// Files or folders of requests, or - for standard input.
    #[arg(required = true, value_name = "CSR")]
    requests: Vec<PathBuf>,

    /// The kind of the certificates: opcua, https, client or ca. Default: guessed from the request, never ca.
    #[arg(long, value_enum, value_name = "KIND")]
    kind: Option<Wanted>,

    #[command(flatten)]
    issuer: IssuerArgs,

    /// Days of validity; cut to those of the issuer. Default: opcua 1095, https 397, client 730, ca 1825.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=36_500))]
    days: Option<u32>,

    /// For a CA: how many CAs may follow below it. Default: none.
    #[arg(long, value_name = "N")]
    path_length: Option<u32>,

    /// A host name that the request lacks.
    #[arg(long, value_name = "NAME")]
    dns: Vec<String>,

    /// An address that the request lacks.
    #[arg(long, value_name = "ADDRESS")]
    ip: Vec<std::net::IpAddr>,

    /// The ApplicationUri if the request lacks it.
    #[arg(long, value_name = "URI")]
    application_uri: Option<String>,

    #[command(flatten)]
    output: OutputArgs,

    #[command(flatten)]
    accept: AcceptArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit sign plc7.csr --kind opcua --issuer plant-ca --cert-out plc7.der
  certkit sign twx.csr --issuer ca.pem --issuer-key ca-key.pem --chain-out twx-chain.pem
  certkit sign requests/ --kind client --issuer plant-ca -o issued
      every request of a folder; each certificate is named after its request

";

/// A request with the name of the file that it came from.
struct Asked {
    request: Request,
    name: String,
    stem: String,
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let now = Moment::now();
    args.accept.validate()?;
    args.output.refuse_early(&[], args.format)?;
    let asked = read(&args.requests)?;
    if asked.len() > 1 && !matches!(args.output.chosen(), Output::Folder(_)) {
        return Err(Failure::new(format!("there are {} requests", asked.len()))
            .hint("-o DIR writes each certificate under the name of its request"));
    }
    let authority = args.issuer.required()?;
    let issuer = authority.issuer()?;
    let mut judgements = Judgements::new(now, Some(&authority))?;
    let mut dropped: Vec<Dropped> = Vec::new();
    let mut signed: Vec<(Certificate, Kind, &str)> = Vec::with_capacity(asked.len());
    let mut notes = Vec::new();
    for one in &asked {
        let failed = |error| not_made(&format!("the certificate of {}", one.stem), error);
        let kind = match args.kind {
            Some(wanted) => wanted.kind(Some(&authority)),
            None => Kind::of_request(&one.request),
        };
        let granted = grant(args, one, kind, now)?;
        let key = one.request.public_key().map_err(|error| failed(error.into()))?;
        let certificate = granted.template.issue(&key, &issuer).map_err(failed)?;
        judgements.look_at(&one.name);
        judgements.add(kind, &certificate, &authority.chain);
        judgements.add_foreign_names(&certificate);
        dropped.extend(granted.dropped);
        if args.kind.is_none() {
            notes.push(format!("{} is treated as a request of kind {}; --kind changes this", one.stem, kind.name()));
        }
        signed.push((certificate, kind, &one.stem));
    }
    let mut made = Made::new("sign", judgements.settle(&args.accept)?);

    let mut files = Files::default();
    match args.output.chosen() {
        Output::Folder(folder) => {
            for (certificate, _, stem) in &signed {
                let path = folder.join(format!("{stem}.pem"));
                files.add(path.clone(), Content::Certificate, encode(&[certificate], &path), args.output.existing());
            }
        }
        _ => signed.iter().for_each(|(it, ..)| args.output.plan(it, &authority.chain, &mut files)),
    }
    made.certificates = signed.iter().map(|(certificate, ..)| certificate).collect();
    made.dropped = dropped;
    made.notes = notes;
    let issued = Some((&authority, signed.iter().map(|(certificate, kind, _)| (certificate, *kind)).collect()));
    let output = args.output.chosen();
    Delivery { made, files, issued, output, format: args.format, moment: now }.run()
}

/// What one request is granted, with what the user adds.
fn grant(args: &Args, asked: &Asked, kind: Kind, now: Moment) -> Result<Granted, Failure> {
    let failed = |error| not_made(&format!("the certificate of {}", asked.stem), error);
    let validity = Validity::days(now, args.days.unwrap_or(kind.form().days));
    let Granted { template, dropped } = Template::from_request(kind, &asked.request, validity).map_err(failed)?;
    let uri = args.application_uri.clone().map(AlternativeName::Uri);
    let added = SubjectArgs::names(uri, &args.dns, &args.ip);
    let template = template.alternative_names(added);
    let template = match args.path_length {
        Some(length) => template.path_length(length).map_err(failed)?,
        None => template,
    };
    Ok(Granted { template, dropped })
}

/// Reads every request of every input; none at all is a failure.
fn read(named: &[PathBuf]) -> Result<Vec<Asked>, Failure> {
    let inputs = input::read(named, &StorePassword::NONE)?;
    inputs.tell_losses();
    let mut asked = Vec::new();
    let mut stems = HashSet::new();
    for input in &inputs.read {
        for item in input.contents.items.iter().filter(|item| item.kind == ItemKind::Request) {
            let request = Request::from_der(&item.der).map_err(|error| {
                Failure::new(format!("{}, {}: the request cannot be decoded", input.name, item.position)).because(error)
            })?;
            let plain = names::chosen(&Path::new(&input.name).file_stem().unwrap_or_default().to_string_lossy());
            let mut stem = plain.clone();
            for count in 2u32.. {
                if stems.insert(stem.clone()) {
                    break;
                }
                stem = format!("{plain}-{count}");
            }
            asked.push(Asked { request, name: input.name.clone(), stem });
        }
    }
    if asked.is_empty() {
        return Err(Failure::new("no certificate request in the input")
            .hint("`certkit inspect` shows what is in it; `certkit request` makes one"));
    }
    Ok(asked)
}
