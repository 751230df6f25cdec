//! Why what the user named could not be read or reached, and what to do.

use certkit_core::path::names::PeerError;
use certkit_core::presented;
use certkit_core::source::file::FileError;
use certkit_core::source::{self, DiscoveryFault, DiscoveryStep};
use certkit_core::text::Address;

use crate::failure::Failure;

/// Says why a file could not be read, and what to do.
pub(crate) fn unreadable(error: FileError) -> Failure {
    let hint = match &error {
        FileError::NotFound { .. } => "check the name; `-` reads standard input",
        FileError::PermissionDenied { .. } => "run certkit as a user who may read it",
        FileError::Special { .. } => "name a regular file, or pipe the content in: `-` reads standard input",
        _ => "",
    };
    let failure = Failure::new(error.to_string()).because(error);
    if hint.is_empty() { failure } else { failure.hint(hint) }
}

/// Says what is wrong with the name of a host.
pub(crate) fn bad_host(error: PeerError) -> Failure {
    Failure::new("cannot parse the host name").at("--host").because(error).hint(
        "give only a name or an address, for example plc7.plant.example, 10.0.0.7 or [2001:db8::7]; write names in \
         other scripts as xn--\u{2026}",
    )
}

/// Says what is wrong with a URL.
pub(crate) fn bad_endpoint(text: &str, error: presented::EndpointError) -> Failure {
    let hint = match &error {
        presented::EndpointError::WithoutTls { .. } => {
            "a port without TLS has no certificate; check what it exposes with: certkit check URL"
        }
        presented::EndpointError::UnknownScheme { scheme, .. } if scheme.eq_ignore_ascii_case("kepware") => {
            "the ports of Kepware are asked by: certkit check kepware://HOST, certkit review kepware://HOST; one of them is \
             opc.tcp://HOST:49320"
        }
        presented::EndpointError::UnknownScheme { scheme, .. } if scheme.eq_ignore_ascii_case("kepware+https") => {
            "the Configuration API is asked by: certkit review kepware+https://HOST:57512; its certificate is that of \
             https://HOST:57512"
        }
        _ => {
            "for example thingworx://twx.plant.example, https://host:8443/path, mqtts://broker, opc.tcp://plc7, \
             postgres://db or host:443"
        }
    };
    Failure::new(format!("`{}` is not an endpoint", Address::new(text)))
        .at(Address::new(text))
        .because(error)
        .hint(hint)
}

/// Says why an endpoint gave no chain, and what to do.
pub(crate) fn unreachable(error: source::CaptureError) -> Failure {
    let hint = match error.phase {
        source::Phase::Preparation => "nothing was sent to the network",
        source::Phase::Resolution => "check the spelling and the DNS entry (nslookup)",
        source::Phase::Connection => "check host, port and firewalls",
        source::Phase::Proxy => {
            "check the proxy's address and its rules; give its user and password with --proxy env:NAME or file:FILE"
        }
        source::Phase::Request => unasked(&error.fault),
        _ if matches!(*error.fault, source::Fault::Alert(_)) => {
            "the port speaks TLS but rejects every key exchange, cipher and signature scheme of certkit, or the server \
             name: try another one with --server-name"
        }
        _ => "check that the port speaks TLS; --server-name and --connect reach a server under another name",
    };
    Failure::new(error.to_string()).because(error).hint(hint)
}

/// What to do where a protocol that begins in clear did not go over to TLS.
fn unasked(fault: &source::Fault) -> &'static str {
    match fault {
        source::Fault::BeforeTls(source::Refusal::NotOffered { .. }) => {
            "switch the server's TLS on (PostgreSQL: ssl = on; MySQL and MariaDB: ssl_cert and ssl_key), or name the port \
             that speaks TLS at once: tls://HOST:PORT"
        }
        source::Fault::BeforeTls(source::Refusal::Refused { .. }) => {
            "see the server's message: often it allows only certain hosts, or has too many connections; see also its \
             log"
        }
        source::Fault::BeforeTls(source::Refusal::OtherProtocol { .. }) | source::Fault::TooLarge { .. } => {
            "check the port and the scheme before `://`; if another protocol with TLS runs there, try tls://HOST:PORT"
        }
        source::Fault::TimedOut(_) | source::Fault::Closed => {
            "a port that starts with TLS gives no plain-text answer: try tls://HOST:PORT; a slow server may need more \
             time: --timeout 60s"
        }
        _ => "check host, port and firewalls",
    }
}

/// Says why an OPC UA server did not tell its endpoints, and what to do.
pub(crate) fn undiscovered(error: source::DiscoveryError) -> Failure {
    let hint = match (error.step, &*error.fault) {
        (_, DiscoveryFault::SpeaksTls) => "certkit fetch tls://HOST:PORT gets the chain of a port that speaks TLS",
        (DiscoveryStep::Preparation, _) => "nothing was sent to the network",
        (DiscoveryStep::Resolution, _) => {
            "check the spelling and the DNS entry (nslookup); --connect reaches a server under another name"
        }
        (DiscoveryStep::Connection | DiscoveryStep::Proxy, _) => {
            "check host, port and firewalls; OPC UA servers listen on 4840, Kepware on 49320"
        }
        (_, DiscoveryFault::NoneRefused(_)) => {
            "allow GetEndpoints without security on the server (its discovery endpoint), or export its certificate on \
             the server; in Kepware: OPC UA Configuration Manager, Instance Certificates, Export"
        }
        (_, DiscoveryFault::TimedOut(_)) => "a slow server may need more time: --timeout 60s",
        _ => "check that the port is an OPC UA server's (4840, Kepware 49320), and its log",
    };
    Failure::new(error.to_string()).because(error).hint(hint)
}
