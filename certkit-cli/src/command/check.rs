//! `certkit check`: the gate before an import.

mod apart;
mod beside;
mod format;
mod judging;
mod keys;
mod posture;

pub(crate) use format::CheckJson;
pub(crate) use posture::probe;

use std::path::PathBuf;

use certkit_core::cert::Certificate;
use certkit_core::check::{self, Profile, Role, Usage};
use certkit_core::container::Reason;
use certkit_core::context::{CertificateSet, Origin, Trust};
use certkit_core::opcua::policies_for;
use certkit_core::path::names::Peer;
use certkit_core::report::Report;
use certkit_core::text::{Printable, with_causes};
use serde::Serialize;

use crate::arguments::{self, MomentArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::input::{
    self, ClientArgs, Gather, HeldKeyPasswordArgs, Input, Inputs, KnownKeysArgs, StorePasswordArgs, TrustPasswordArgs,
};
use crate::output;
use crate::outputs::OutputArgs;
use crate::terminal;
use format::{Format, Looked};
use judging::Chosen;
use posture::PostureJson;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// Files, folders, URLs, or - for standard input.
    #[arg(required = true, value_name = "INPUT", long_help = arguments::inputs("Files, folders, URLs, or - for standard input."))]
    inputs: Vec<PathBuf>,

    /// What the certificates are for: ca (import as a trusted CA), https, alwayson (ThingWorx), client (TLS client),
    /// opcua, opcua-user; or the rules of a relying party: rfc5280 (strict), webpki (browsers), tls (in practice).
    ///
    /// Default: from the URL, else opcua for certificates with an ApplicationUri, ca for CA certificates, client where
    /// extKeyUsage has clientAuth but not serverAuth, else https.
    #[arg(long, value_name = "PROFILE", value_parser = profile)]
    profile: Option<&'static Profile>,

    /// What to trust: a file, folder or store (p12:FILE, jks:FILE), system or mozilla. A chain must end there; the
    /// default stores then only complete it.
    #[arg(long, value_name = "STORE")]
    trust: Vec<String>,

    #[command(flatten)]
    trust_password: TrustPasswordArgs,

    #[command(flatten)]
    password: StorePasswordArgs,

    #[command(flatten)]
    key_password: HeldKeyPasswordArgs,

    #[command(flatten)]
    client: ClientArgs,

    /// Certificates that complete the chain of a file, as its holder would send them. They are not trusted.
    #[arg(long, value_name = "FILE")]
    untrusted: Vec<String>,

    /// Revocation lists of the CAs. With these, or with lists in the files of --trust and --untrusted, every profile
    /// checks revocation.
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,

    /// The host name or address that clients will use.
    #[arg(long, value_name = "NAME")]
    host: Option<String>,

    /// The ApplicationUri configured in the OPC UA application.
    #[arg(long, value_name = "URI")]
    application_uri: Option<String>,

    #[command(flatten)]
    weak_keys: KnownKeysArgs,

    #[command(flatten)]
    posture: posture::PostureArgs,

    #[command(flatten)]
    moment: MomentArgs,

    /// Ignore findings with this id; they are listed as ignored.
    #[arg(long, value_name = "ID")]
    ignore: Vec<String>,

    /// Count warnings as errors.
    #[arg(long)]
    strict: bool,

    #[command(flatten)]
    output: OutputArgs<Format>,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit check thingworx-ca.cer
  certkit check --profile https --host twx.plant.example server-chain.pem
  certkit check --trust plant-root.pem --host 10.0.0.7 server.pem
  certkit check thingworx://twx.plant.example
  certkit check --trust plant-root.pem plant.crl
  certkit check --profile https server.csr
  certkit check server.pem server.key
      whether the key belongs to the certificate
  certkit check platform.jks --password-file password.txt
  certkit check --application-uri urn:plc7:Plant:Pump plc7.der
  certkit check opc.tcp://plc7.plant.example:49320
  certkit check --posture https://plc7.plant.example:57512 mqtts://broker.plant.example
  certkit check http://plc7.plant.example:57412
  certkit check kepware://plc7.plant.example
      every port where Kepware listens: OPC UA, Configuration API, REST server
  certkit check --json --ignore expires-soon pki/ | jq '.findings[].id'
  certkit check certs/ --format text --format sarif -o certkit.sarif
      for a pipeline: text for its log, SARIF or JUnit for its report pages

";

/// The OPC UA security policies that a certificate can serve, those in force first.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct PoliciesJson {
    /// Index into `certificates`.
    certificate_index: usize,
    /// Their short names, such as `Basic256Sha256`.
    policies: Vec<&'static str>,
}

/// The policies of the applications in a report.
fn policies(report: &Report) -> Vec<PoliciesJson> {
    let asks = |profile: &Profile| profile.asks_for_application_uri();
    // Beside others, applications are those that look like one.
    let (is_any, are_all) = (report.profiles.iter().any(|it| asks(it)), report.profiles.iter().all(|it| asks(it)));
    let is_application =
        |it: &Certificate| is_any && (are_all || asks(Profile::suited(None, std::slice::from_ref(it))));
    let leaves = report.certificates.iter().enumerate().filter(|(_, it)| it.role == Role::Leaf);
    let applications = leaves.filter(|(_, it)| is_application(&it.certificate));
    applications
        .map(|(certificate_index, it)| PoliciesJson {
            certificate_index,
            policies: policies_for(&it.certificate).iter().map(|policy| policy.name).collect(),
        })
        .collect()
}

/// A line for each application with the policies that it can serve.
fn policies_text(report: &Report) -> String {
    let mut text = String::new();
    for PoliciesJson { certificate_index, policies } in policies(report) {
        let name = report.certificates.get(certificate_index).and_then(|it| it.certificate.subject().short());
        let name = name.unwrap_or_else(|| "a certificate without a name".to_owned());
        let policies = if policies.is_empty() { "none".to_owned() } else { policies.join(", ") };
        text += &format!("{} can serve\n{}\n", Printable(&name), terminal::wrap(&policies, 4));
    }
    if text.is_empty() { text } else { text + "\n" }
}

/// Reads the name of a profile for clap.
fn profile(name: &str) -> Result<&'static Profile, String> {
    let known: Vec<&str> = check::PROFILES.iter().map(|profile| profile.name).collect();
    Profile::named(name).ok_or_else(|| format!("the profiles are {}", known.join(", ")))
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    for id in &args.ignore {
        if check::find(id).is_none() {
            return Err(Failure::new(format!("unknown finding `{id}`: nothing would be ignored"))
                .at("--ignore")
                .hint("`certkit explain` lists every id"));
        }
    }
    let outputs = args.output.outputs(args.inputs.iter().map(PathBuf::as_path))?;
    let password = args.key_password.beside(args.password.password()?)?;
    let known = args.weak_keys.known()?;
    let named = posture::sort(&args.inputs, &args.posture)?;
    let own = args.client.identities()?;
    let mut inputs = input::read_each(&named.readable, &password, &own);
    let mut probed = named.probe(&args.posture, &mut inputs);
    if inputs.read.is_empty() && !posture::is_any_telling(&probed) {
        if !inputs.unreached.is_empty() {
            return Err(inputs.unreached.swap_remove(0).1);
        }
        if !probed.is_empty() {
            return Err(posture::failure(probed.swap_remove(0)));
        }
    }
    inputs.unreached.retain(|(name, _)| !posture::says_all(&probed, name));
    let trusting = args.trust_password.password()?;
    let mut gather = Gather::new();
    gather.lists(&args.crl, &password)?;
    let lists = gather.list_count();
    gather.trust(&args.trust, &trusting)?;
    gather.defaults();
    gather.untrusted(&args.untrusted, &password)?;
    for input in &inputs.read {
        let (origin, trust) = (Origin::Given(input.name.clone()), Trust::Candidates);
        gather.add(CertificateSet { origin, trust, certificates: input.certificates().cloned().collect() });
        gather.beside(&input.contents, &input.name);
    }
    let context = gather.context();
    let mut report = Report::new(args.moment.moment());
    judging::judge(&inputs.read, &profiles(args, &inputs)?, args, &context, &mut report)?;
    let held = keys::held(&inputs.read, args.profile, &password, context.pool());
    report.look_together(&keys::requests(&inputs.read), &keys::alone(&held), known.as_ref());
    keys::judge(&held, &mut report);
    posture::judge(&probed, args.profile, &mut report);
    add_losses(&inputs, &mut report);
    // A secret key is told of, and has nothing to be judged.
    let has_secrets = inputs.read.iter().any(|input| input.contents.secrets() > 0);
    if report.profiles.is_empty() && report.findings.is_empty() && probed.is_empty() && !has_secrets {
        let nothing = Failure::new("there is no certificate, request, revocation list or open key in what was given")
            .hint("`certkit inspect` shows what is in there; --password-file opens an encrypted key");
        return Err(inputs.unreached.into_iter().next().map_or(nothing, |(_, failure)| failure));
    }
    apart::judge_beside(context.lists.iter().take(lists), args.profile, &mut report);
    for (name, failure) in &inputs.unreached {
        report.look_at(Some(name));
        report.add_unreached(not_read(failure));
    }
    report.ignore(&args.ignore);
    if args.strict {
        report.be_strict();
    }
    let posture = PostureJson::all(&probed, &inputs.read, &args.posture);
    let looked = Looked { inputs: &inputs, posture: &posture, report: &report };
    outputs.write(|| looked.text(), &|format, to| looked.write(format, to))?;
    Ok(Exit::for_severity(report.heaviest()))
}

/// Adds what was found in an input and could not be used, and what could not be read of folders.
fn add_losses(inputs: &Inputs, report: &mut Report) {
    for input in &inputs.read {
        report.look_at(Some(&input.name));
        input.contents.oddities.iter().for_each(|oddity| report.add_form(*oddity));
        // Whoever sends the file presents its first certificate: what is judged may then be another one.
        let first = input.contents.lost_before_first().filter(|lost| !matches!(lost.why, Reason::Store { .. }));
        for lost in input.lost() {
            let loss = format!("{}: {lost}", Printable(&input.name));
            let is_first = first.is_some_and(|first| std::ptr::eq(first, lost));
            if is_first { report.add_not_taken(lost, loss) } else { report.add_unread(loss) }
        }
    }
    for error in &inputs.failed {
        report.look_at(Some(&error.path().display().to_string()));
        report.add_unread(format!("not read: {}", with_causes(error)));
    }
    report.look_at(None);
}

/// Why something that was named is not judged.
fn not_read(failure: &Failure) -> String {
    format!("not read: {}", Printable(failure.in_one_line()))
}

/// Says whether what a profile judges is reached by a name.
fn has_names(profile: &Profile) -> bool {
    profile.role == Role::Leaf && profile.usage != Some(Usage::TlsClient)
}

/// The profile of each input: the one that was asked for, or the one that its content suggests. Where nothing
/// else would be held against a host or an ApplicationUri that the user expects, the inputs are.
fn profiles(args: &Args, inputs: &Inputs) -> Result<Vec<Chosen>, Failure> {
    if let Some(host) = &args.host {
        Peer::from_host(host).map_err(input::bad_host)?;
    }
    let suited = |input: &Input| {
        let certificates: Vec<Certificate> = input.certificates().cloned().collect();
        Profile::suited(input.endpoint.as_ref().map(|(endpoint, _)| input::scheme(endpoint)), &certificates)
    };
    let mut profiles: Vec<&'static Profile> =
        inputs.read.iter().map(|input| args.profile.unwrap_or_else(|| suited(input))).collect();
    let is_looked_at = |looks: fn(&Profile) -> bool| profiles.iter().any(|profile| looks(profile));
    let unseen = if args.application_uri.is_some() && !is_looked_at(Profile::asks_for_application_uri) {
        Some(("--application-uri", &check::OPCUA))
    } else if args.host.is_some() && !is_looked_at(has_names) {
        Some(("--host", &check::HTTPS))
    } else {
        None
    };
    let mut by_each = args.profile.is_none();
    match (unseen, args.profile) {
        (None, _) => {}
        (Some((_, other)), None) => {
            profiles.fill(other);
            by_each = false;
        }
        (Some((option, other)), Some(profile)) => output::note(&format!(
            "certkit: note: {option} has no effect under the profile {}; --profile {} uses it",
            profile.name, other.name
        )),
    }
    let chosen =
        |(profile, input): (&'static Profile, &Input)| Chosen { profile, by_each: by_each && input.endpoint.is_none() };
    Ok(profiles.into_iter().zip(&inputs.read).map(chosen).collect())
}
