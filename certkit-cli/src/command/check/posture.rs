//! `check --posture`: what endpoints let anybody do who knows no password, and the list of what was sent to learn it.

mod document;

pub(crate) use document::PostureJson;

use std::path::{Path, PathBuf};
use std::time::Duration;

use certkit_core::check::{Look, Profile, posture};
use certkit_core::presented::{Endpoint, HostPort, Plain, Posture, Probe, Scheme, Target};
use certkit_core::report::Report;
use certkit_core::source::Fault;
use certkit_core::source::posture::{Ask, Found, Port, ProbeError, kepware_blocking, probe_blocking};
use certkit_core::text::Printable;

use crate::arguments;
use crate::failure::Failure;
use crate::input::{self, Input, Inputs, Shown};

#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Probes")]
pub(crate) struct PostureArgs {
    /// Probe the URLs as well, without log-in: TLS versions, weak cipher suites, plain HTTP or MQTT, CORS, HSTS.
    ///
    /// Makes eight connections to most servers and at most 24 to any, one after the other, at most five per second,
    /// within a minute; handshakes stop before a key is agreed. A server that twice gives no answer is not probed
    /// further. The report lists what was sent. kepware://HOST probes every port where a part of Kepware listens.
    /// http://, ws:// and mqtt:// are probed without TLS; opc.tcp:// lists its endpoints with or without this option.
    /// Protocols that begin in clear, such as smtp:// and postgres://, are not probed.
    #[arg(long)]
    pub(super) posture: bool,

    /// Leave a probe out: versions, suites, plain (this port without TLS), plain-port (the port beside it, as 57412
    /// beside 57512, 80 beside 443, 1883 beside 8883), cors, hsts or mqtt; of kepware://HOST also ua (GetEndpoints) and
    /// certificate. Several times, or with commas.
    #[arg(long, value_name = "PROBE", value_parser = probe, value_delimiter = ',', requires = "posture")]
    no_probe: Vec<Probe>,

    /// The time between the starts of two connections, for devices that tolerate few connections; default 0.2 s.
    #[arg(long, value_name = "TIME", value_parser = arguments::span, requires = "posture")]
    pace: Option<Duration>,
}

/// Reads the name of a probe for clap.
pub(crate) fn probe(name: &str) -> Result<Probe, String> {
    let names: Vec<&str> = Probe::ALL.iter().map(|probe| probe.name()).collect();
    Probe::ALL.into_iter().find(|it| it.name() == name).ok_or_else(|| format!("the probes are {}", names.join(", ")))
}

/// An endpoint that was probed.
pub(super) struct Probed {
    /// As the user named it.
    pub(super) name: String,
    target: Target,
    outcome: Result<Posture, ProbeError>,
}

/// What is named on the command line: to be read, and probed.
#[derive(Default)]
pub(super) struct Named {
    /// What is read: everything that can have certificates.
    pub(super) readable: Vec<PathBuf>,
    targets: Vec<(String, Target)>,
    /// Hosts of Kepware, each with the port of its OPC UA server where one is named.
    hosts: Vec<(String, HostPort)>,
}

/// What stands before a host of which every port of Kepware is meant.
const KEPWARE: &str = "kepware://";

/// The port of Kepware's OPC UA server.
const UA_PORT: u16 = 49320;

/// Reads `kepware://HOST` or `kepware://HOST:PORT`, with the port of its OPC UA server.
fn host(text: &str) -> Option<Result<HostPort, Failure>> {
    let rest = text.trim().strip_prefix(KEPWARE)?;
    // As of an OPC UA server, whose own port then stands for the one that is not named.
    let parsed = format!("opc.tcp://{}", rest.trim_end_matches('/')).parse::<Endpoint>();
    Some(parsed.map_err(|error| input::bad_endpoint(text, error)).map(|endpoint| {
        let is_bare = rest.trim_end_matches('/').parse::<HostPort>().is_err();
        HostPort { host: endpoint.host, port: if is_bare { UA_PORT } else { endpoint.port } }
    }))
}

/// Sorts what was named. What has no TLS is not read; what is a file is not probed.
pub(super) fn sort(named: &[PathBuf], args: &PostureArgs) -> Result<Named, Failure> {
    let mut sorted = Named::default();
    let mut has_url = false;
    for path in named {
        let text = path.to_str().filter(|text| Endpoint::resembles(text) && !Path::new(text).exists());
        has_url |= text.is_some();
        if let Some(host) = text.and_then(host) {
            sorted.hosts.push((text.unwrap_or_default().trim().to_owned(), host?));
            continue;
        }
        match text {
            Some(text) if args.posture || Target::is_clear(text) => {
                let target: Target = text.parse().map_err(|error| input::bad_endpoint(text, error))?;
                if !target.is_clear {
                    sorted.readable.push(path.clone());
                }
                if target.endpoint.scheme.begins_in_clear() && args.posture {
                    return Err(in_clear(text, target.endpoint.scheme));
                }
                if target.endpoint.scheme != Scheme::OpcTcp {
                    sorted.targets.push((text.trim().to_owned(), target));
                }
            }
            _ => sorted.readable.push(path.clone()),
        }
    }
    if args.posture && !has_url {
        return Err(Failure::new("--posture needs an endpoint")
            .at("--posture")
            .hint("name a URL, such as https://plc7.plant.example:57512; files and stores cannot be probed"));
    }
    Ok(sorted)
}

/// What probes say is TLS or HTTP from the first octet.
fn in_clear(text: &str, scheme: Scheme) -> Failure {
    let direct = match scheme {
        Scheme::Ldap => "ldaps://HOST or tls://HOST:PORT",
        Scheme::Smtp => "smtps://HOST or tls://HOST:PORT",
        Scheme::Imap => "imaps://HOST or tls://HOST:PORT",
        Scheme::Pop3 => "pop3s://HOST or tls://HOST:PORT",
        Scheme::Ftp => "ftps://HOST or tls://HOST:PORT",
        _ => "tls://HOST:PORT",
    };
    Failure::new(format!("{} cannot be probed: the protocol begins in clear", Printable(text.trim())))
        .at(Printable(text.trim()))
        .hint(format!("name a port that speaks TLS at once ({direct}), or check its certificates without --posture"))
}

impl Named {
    /// Probes what is to be probed, one after the other. What is found at the hosts of Kepware becomes inputs as well.
    pub(super) fn probe(&self, args: &PostureArgs, inputs: &mut Inputs) -> Vec<Probed> {
        let mut ask = Ask { left_out: args.no_probe.clone(), ..Ask::default() };
        if !args.posture && self.hosts.is_empty() {
            // Nobody asked for more than what is there.
            ask.left_out = Probe::ALL.into_iter().filter(|it| *it != Probe::Plain).collect();
        }
        ask.pace = args.pace.unwrap_or(ask.pace);
        let outcome = |(name, target): &(String, Target)| Probed {
            name: name.clone(),
            target: target.clone(),
            outcome: probe_blocking(target, &ask),
        };
        let mut probed: Vec<Probed> = self.targets.iter().map(outcome).collect();
        for (name, host) in &self.hosts {
            match kepware_blocking(&host.host, &[host.port], &ask) {
                Ok(ports) => take(name, ports, inputs, &mut probed),
                Err(error) => inputs.unreached.push((name.clone(), unanswered(error))),
            }
        }
        probed
    }
}

/// Takes over what was found at the ports of a host.
fn take(name: &str, ports: Vec<Port>, inputs: &mut Inputs, probed: &mut Vec<Probed>) {
    let is_closed = |port: &Port| matches!(port.found, Found::Closed(_));
    if ports.iter().all(is_closed) {
        let asked: Vec<String> = ports.iter().map(|port| port.target.endpoint.port.to_string()).collect();
        let failure =
            Failure::new(format!("no port of Kepware answers at {}", Printable(name))).at(Printable(name)).hint(
                format!("tried the ports {}; kepware://HOST:PORT sets the port of the OPC UA server", asked.join(", ")),
            );
        inputs.unreached.push((name.to_owned(), failure));
    }
    for Port { target, found, .. } in ports {
        let name = target.to_string();
        match found {
            Found::Closed(_) => {}
            Found::UaServer(told) => match *told {
                Ok(discovery) => inputs.read.push(Input::of_discovery(target.endpoint, &name, discovery)),
                Err(error) => inputs.unreached.push((name, input::undiscovered(error))),
            },
            Found::Server { capture, posture } => {
                match capture.map(|it| *it) {
                    None => {}
                    Some(Ok(capture)) => {
                        inputs.read.push(Input::of_capture(target.endpoint.clone(), &name, capture, &Shown::default()));
                    }
                    Some(Err(error)) => inputs.unreached.push((name.clone(), input::unreachable(error))),
                }
                probed.push(Probed { name, target, outcome: *posture });
            }
        }
    }
}

/// Whether the probes of a source say all that there is to say of it: a port that answers without TLS has no certificate.
pub(super) fn says_all(probed: &[Probed], source: &str) -> bool {
    let is_plain = |posture: &Posture| posture.answers_plainly() && !posture.speaks_tls();
    probed.iter().any(|it| it.name == source && it.outcome.as_ref().is_ok_and(is_plain))
}

/// Whether anything was learned of one of them.
pub(super) fn is_any_telling(probed: &[Probed]) -> bool {
    probed.iter().any(|it| it.outcome.as_ref().is_ok_and(Posture::is_telling))
}

/// Why nothing was learned of it.
pub(super) fn failure(probed: Probed) -> Failure {
    match probed.outcome {
        Err(error) => unanswered(error),
        Ok(posture) => {
            let why = posture.undetermined.into_iter().next().map(|it| it.reason);
            let why = why.or(match posture.plain {
                Some(Plain::Refused(reason)) => Some(reason),
                _ => None,
            });
            let why = why.map(|why| format!(": {why}")).unwrap_or_default();
            Failure::new(format!("{} gave no answer to any probe{why}", Printable(&probed.name)))
                .at(Printable(&probed.name))
                .hint("check the port, and that no firewall or proxy drops the answers")
        }
    }
}

fn unanswered(error: ProbeError) -> Failure {
    let hint = match error.fault {
        Fault::Unresolved(_) | Fault::NoAddress => "check the spelling and the DNS entry (nslookup)",
        _ => "check host, port and firewalls",
    };
    Failure::new(error.to_string()).because(error).hint(hint)
}

/// Judges what was found, each under the profile that was asked for, or the one that its scheme suggests.
pub(super) fn judge(probed: &[Probed], asked: Option<&'static Profile>, report: &mut Report) {
    for it in probed {
        report.look_at(Some(&it.name));
        let suited = || Profile::suited(Some(input::scheme(&it.target.endpoint)), &[]);
        let looks = |profile: &&Profile| profile.checks().any(|(check, _)| matches!(check.look, Look::Probed { .. }));
        let profile = asked.filter(looks).unwrap_or_else(suited);
        match &it.outcome {
            Ok(found) => report.add_posture(profile, &posture::judge(found, profile)),
            Err(error) => {
                let reason = Failure::new(error.to_string());
                report.add_unreached(format!("not probed: {}: {}", reason.in_one_line(), error.fault));
            }
        }
    }
    report.look_at(None);
}
