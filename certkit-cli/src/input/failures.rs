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
    Failure::new("the name of the host cannot be read").at("--host").because(error).hint(
        "a name or an address alone, for example plc7.plant.example, 10.0.0.7 or [2001:db8::7]; names in other \
         scripts as xn--\u{2026}",
    )
}

/// Says what is wrong with a URL.
pub(crate) fn bad_endpoint(text: &str, error: presented::EndpointError) -> Failure {
    let hint = match error {
        presented::EndpointError::WithoutTls { .. } => {
            "a port without TLS shows no certificate; `certkit check` says of it what is open: certkit check URL"
        }
        _ => {
            "for example thingworx://twx.plant.example, https://host:8443/path, mqtts://broker, opc.tcp://plc7, \
             postgres://db or host:443"
        }
    };
    Failure::new(format!("`{}` is no endpoint", Address::new(text))).at(Address::new(text)).because(error).hint(hint)
}

/// Says why an endpoint gave no chain, and what to do.
pub(crate) fn unreachable(error: source::CaptureError) -> Failure {
    let hint = match error.phase {
        source::Phase::Preparation => "nothing was asked of the network",
        source::Phase::Resolution => "check the spelling and the DNS entry (nslookup)",
        source::Phase::Connection => "check host, port and firewalls",
        source::Phase::Proxy => {
            "check the proxy's address and what it allows; a user and password for it come with --proxy env:NAME or \
             file:FILE"
        }
        source::Phase::Request => unasked(&error.fault),
        _ if matches!(*error.fault, source::Fault::Alert(_)) => {
            "the port speaks TLS, and refuses every key exchange, cipher and signature scheme that certkit has, or the \
             server name: --server-name tells another one"
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
            "the server's own words say what it wants: often it takes connections from certain hosts alone, or has too \
             many; its log tells more"
        }
        source::Fault::BeforeTls(source::Refusal::OtherProtocol { .. }) | source::Fault::TooLarge { .. } => {
            "check the port and what is before `://`; what another protocol speaks there may be TLS: tls://HOST:PORT"
        }
        source::Fault::TimedOut(_) | source::Fault::Closed => {
            "a port that speaks TLS at once does not answer in clear: try tls://HOST:PORT; a slow server may need more \
             time: --timeout 60s"
        }
        _ => "check host, port and firewalls",
    }
}

/// Says why an OPC UA server did not tell its endpoints, and what to do.
pub(crate) fn undiscovered(error: source::DiscoveryError) -> Failure {
    let hint = match (error.step, &*error.fault) {
        (_, DiscoveryFault::SpeaksTls) => "certkit fetch tls://HOST:PORT gets the chain of a port that speaks TLS",
        (DiscoveryStep::Preparation, _) => "nothing was asked of the network",
        (DiscoveryStep::Resolution, _) => {
            "check the spelling and the DNS entry (nslookup); --connect reaches a server under another name"
        }
        (DiscoveryStep::Connection | DiscoveryStep::Proxy, _) => {
            "check host, port and firewalls; OPC UA servers listen on 4840, Kepware on 49320"
        }
        (_, DiscoveryFault::NoneRefused(_)) => {
            "let the server answer GetEndpoints without security (its discovery endpoint), or export its certificate \
             at the server; in Kepware: OPC UA Configuration Manager, Instance Certificates, Export"
        }
        (_, DiscoveryFault::TimedOut(_)) => "a slow server may need more time: --timeout 60s",
        _ => "check that the port is an OPC UA server's (4840, Kepware 49320), and its log",
    };
    Failure::new(error.to_string()).because(error).hint(hint)
}
