//! `certkit preflight`: why will they refuse me? What two OPC UA applications object to in each other.

mod attempt;
mod cures;
mod side;

use std::path::PathBuf;
use std::time::Duration;

use certkit_core::moment::Moment;
use certkit_core::opcua::preflight::{Party, PartyVerdict, Preflight};
use certkit_core::opcua::{SecurityPolicy, Stack, policies_for};
use certkit_core::presented::{EndpointDescription, SecurityMode};
use certkit_core::status::StatusCode;
use clap::ValueEnum;

use crate::arguments::{self, Format, FormatArgs, MomentArgs};
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::input::OwnKeyArgs;
use crate::output;
use crate::preflight::{ChannelObjection, Judged, Meant};
use crate::render::preflight;
pub(crate) use crate::render::preflight::PreflightJson;
use crate::terminal;
use cures::{Role, Scene};
use side::Side;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// Your application: its certificate, or its PKI folder with own/certs and its lists.
    own: PathBuf,

    /// The other application: its certificate, its PKI folder, or its opc.tcp:// URL.
    peer: PathBuf,

    /// The role of your application.
    #[arg(long, value_enum, default_value_t, value_name = "ROLE")]
    role: RoleArg,

    /// The PKI folder with your lists. Default: OWN, if it is a folder.
    #[arg(long, value_name = "DIR")]
    pki: Option<PathBuf>,

    /// The PKI folder with the lists of the other application. Default: PEER, if it is a folder.
    #[arg(long, value_name = "DIR")]
    peer_pki: Option<PathBuf>,

    /// Certificates that your application trusts, in addition to those of its folder.
    #[arg(long, value_name = "FILE")]
    trust: Vec<PathBuf>,

    /// CAs that only complete chains for your application (its issuer list).
    #[arg(long, value_name = "FILE")]
    untrusted: Vec<PathBuf>,

    /// Revocation lists that your application has.
    #[arg(long, value_name = "FILE")]
    crl: Vec<PathBuf>,

    /// Certificates that the other application trusts, in addition to those of its folder.
    #[arg(long, value_name = "FILE")]
    peer_trust: Vec<PathBuf>,

    /// CAs that only complete chains for the other application.
    #[arg(long, value_name = "FILE")]
    peer_untrusted: Vec<PathBuf>,

    /// Revocation lists that the other application has.
    #[arg(long, value_name = "FILE")]
    peer_crl: Vec<PathBuf>,

    /// The security policy to use, such as Basic256Sha256. Default: the strongest that the endpoint offers.
    #[arg(long, value_name = "NAME", value_parser = policy)]
    security_policy: Option<&'static SecurityPolicy>,

    /// The ApplicationUri configured in your application.
    #[arg(long, value_name = "URI")]
    application_uri: Option<String>,

    /// The ApplicationUri of the other application. Default: the one its endpoint sends.
    #[arg(long, value_name = "URI")]
    peer_application_uri: Option<String>,

    /// The host in the URL that the client uses. Default: the host of PEER.
    #[arg(long, value_name = "NAME")]
    host: Option<String>,

    /// An error that the administrator of your application has suppressed.
    #[arg(long, value_name = "STATUSCODE")]
    suppress: Vec<StatusCode>,

    /// An error that the administrator of the other application has suppressed.
    #[arg(long, value_name = "STATUSCODE")]
    peer_suppress: Vec<StatusCode>,

    /// Judge as the OPC UA stack of your application: dotnet, open62541, node-opcua, asyncua, milo or gopcua.
    #[arg(long, value_name = "STACK", value_parser = stack)]
    stack: Option<Stack>,

    /// Judge as the OPC UA stack of the other application. Default for both: as the standard says.
    #[arg(long, value_name = "STACK", value_parser = stack)]
    peer_stack: Option<Stack>,

    /// Show the verdict of every stack on both certificates.
    #[arg(long)]
    stacks: bool,

    /// Connect to the server with your certificate and key, open a session and close it at once, and show the answer.
    /// Without this option your certificate is not sent.
    #[arg(long = "try")]
    is_tried: bool,

    #[command(flatten)]
    key: OwnKeyArgs,

    /// The time for querying the endpoint.
    #[arg(long, value_name = "TIME", default_value = "10s", value_parser = arguments::span)]
    timeout: Duration,

    #[command(flatten)]
    moment: MomentArgs,

    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit preflight pki opc.tcp://plc7.plant.example:49320
      your PKI folder against a live server whose lists are unknown
  certkit preflight pki opc.tcp://plc7.plant.example:49320 --peer-pki copy-of-the-servers-pki
      what both sides object to
  certkit preflight client.der server.der --trust server.der --application-uri urn:hall2:Plant:Viewer
  certkit preflight client-pki server-pki --security-policy Basic256Sha256 --peer-stack node-opcua
  certkit preflight pki opc.tcp://plc7:4840 --stacks --json
  certkit preflight pki opc.tcp://plc7:4840 --try
      the prediction, and the real answer of the server

";

/// What an application is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum RoleArg {
    /// It connects.
    #[default]
    Client,
    /// It answers.
    Server,
}

/// Reads the name of a security policy for clap.
pub(crate) fn policy(name: &str) -> Result<&'static SecurityPolicy, String> {
    SecurityPolicy::named(name).filter(|policy| policy.name != "None").ok_or_else(|| {
        let names: Vec<&str> = SecurityPolicy::all().map(|policy| policy.name).filter(|name| *name != "None").collect();
        format!("the policies with certificates are {}", names.join(", "))
    })
}

/// Reads the name of a stack for clap.
pub(crate) fn stack(name: &str) -> Result<Stack, String> {
    Stack::named(name).ok_or_else(|| {
        let names = Stack::ALL.map(Stack::word);
        format!("the stacks are {}", names.join(", "))
    })
}

/// How many seconds the server's clock may be off before it is told, and judged by.
const SKEW: u64 = 60;

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let own = Side::own(args)?;
    let peer = Side::peer(args)?;
    let endpoint = peer.discovery.as_ref().map(|discovery| choose(&discovery.endpoints, &own, &peer, args));
    let (endpoint, mut channel) = match endpoint {
        Some(Ok(endpoint)) => (Some(endpoint), Vec::new()),
        Some(Err(objection)) => (None, vec![objection]),
        None => (None, Vec::new()),
    };
    let policy = match endpoint {
        Some(endpoint) => SecurityPolicy::named(&endpoint.security_policy_uri),
        None => args.security_policy,
    };
    let common: Vec<&'static str> = {
        let of_peer = policies_for(&peer.certificate);
        policies_for(&own.certificate).into_iter().filter(|it| of_peer.contains(it)).map(|it| it.name).collect()
    };
    if policy.is_none() && channel.is_empty() && common.is_empty() {
        channel.push(ChannelObjection::no_common_policy(&own.certificate, &peer.certificate));
    }
    let (client, server) = match own.role {
        Role::Client => (&own, &peer),
        Role::Server => (&peer, &own),
    };
    let server_host = server.host.as_deref();
    // Each judges by its own clock; the server tells how late it is for it.
    let clock = peer.discovery.as_ref().and_then(|it| it.clock).filter(|_| args.moment.given().is_none());
    let skew = clock.map(|clock| clock.ahead()).filter(|ahead| ahead.unsigned_abs() > SKEW);
    let moment = args.moment.moment();
    let server_moment = moment.plus(skew.unwrap_or_default());
    let preflight = |stacks: [Option<Stack>; 2], moment: Moment| {
        let [client, server] = [(client, stacks[0]), (server, stacks[1])]
            .map(|(side, stack)| Party { lists: side.lists_by(stack), ..side.party() });
        Preflight { client, server, host: args.host.as_deref().or(server_host), policy, moment }
    };
    // The client looks first, before it opens the channel.
    let by = [
        judged(client, server, &|stack| preflight([stack, None], moment).by_client(), args),
        judged(server, client, &|stack| preflight([None, stack], server_moment).by_server(), args),
    ];
    let attempt = match args.is_tried {
        true => Some(attempt::attempt(&own, &peer, endpoint, args, &by[1])?),
        false => None,
    };
    let findings = [("own", own.findings(moment)?), ("peer", peer.findings(moment)?)];
    let meant = Meant {
        own: &own.name,
        peer: &peer.name,
        endpoint,
        policy,
        common,
        channel,
        judged: by,
        findings,
        skew,
        attempt,
    };
    match args.format.chosen() {
        Format::Json => output::print(&terminal::document(&PreflightJson::new(&meant, moment)))?,
        Format::Text => output::print_text(&preflight::text(&meant))?,
    }
    Ok(meant.exit())
}

/// What one side makes of the other, with what cures it; `opinion` goes by the lists as a stack reads them.
fn judged(judge: &Side, of: &Side, verdict: &dyn Fn(Option<Stack>) -> PartyVerdict, args: &Args) -> Judged {
    let scene = Scene {
        judge: judge.role,
        pki: judge.pki.as_ref(),
        file: of.file.clone(),
        url: of.discovery.as_ref().map(|discovery| discovery.url.clone()),
    };
    let predict = |stack: Stack| verdict(Some(stack)).predict(stack);
    let stacks = if args.stacks { Stack::ALL.map(predict).into() } else { Vec::new() };
    let verdict = verdict(judge.stack);
    let cures = verdict.validation.objections.iter().map(|it| scene.cures(it, &verdict.validation)).collect();
    let prediction = judge.stack.map(|stack| verdict.predict(stack));
    let trust_cures = if verdict.is_trust_undetermined() { scene.trusting() } else { Vec::new() };
    Judged {
        judge: judge.role.name(),
        whose: judge.whose,
        lists: judge.lists_name.clone(),
        verdict,
        cures,
        trust_cures,
        prediction,
        stacks,
    }
}

impl Side {
    fn party(&self) -> Party<'_> {
        Party {
            certificate: &self.certificate,
            sent: &self.sent,
            application_uri: self.application_uri.as_deref(),
            lists: self.lists.as_ref(),
            suppressed: self.suppressed.clone(),
        }
    }
}

/// Chooses the endpoint that the client would use: the strongest that both certificates fit.
fn choose<'a>(
    endpoints: &'a [EndpointDescription],
    own: &Side,
    peer: &Side,
    args: &Args,
) -> Result<&'a EndpointDescription, ChannelObjection> {
    let is_secured =
        |it: &&EndpointDescription| matches!(it.security_mode, SecurityMode::Sign | SecurityMode::SignAndEncrypt);
    let policy = |it: &EndpointDescription| SecurityPolicy::named(&it.security_policy_uri);
    let secured: Vec<&EndpointDescription> = endpoints.iter().filter(is_secured).collect();
    if secured.is_empty() {
        return Err(ChannelObjection::no_security());
    }
    let wanted: Vec<&EndpointDescription> = match args.security_policy {
        None => secured.clone(),
        Some(wanted) => secured.iter().copied().filter(|it| policy(it) == Some(wanted)).collect(),
    };
    if wanted.is_empty() {
        return Err(ChannelObjection::policy_not_offered(args.security_policy, &secured));
    }
    let rank = |it: &EndpointDescription| {
        let policy = policy(it);
        let fits = policy.is_some_and(|it| it.fits(&own.certificate).is_ok() && it.fits(&peer.certificate).is_ok());
        let is_sound = policy.is_some_and(SecurityPolicy::is_sound);
        (fits, is_sound, it.security_mode == SecurityMode::SignAndEncrypt, it.security_level)
    };
    wanted.into_iter().max_by_key(|it| rank(it)).ok_or_else(ChannelObjection::no_security)
}
