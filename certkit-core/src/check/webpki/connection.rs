//! What the connection itself shows, beside the certificates that came over it.

use super::super::Clause::Rfc;
use super::super::Look::Whole;
use super::super::{Case, Check, Outcome, Severity};
use crate::presented::{Possession, Version};

/// The checks of this topic.
pub static CHECKS: &[&Check] =
    &[&CONNECTION_OBSOLETE, &KEY_POSSESSION_UNPROVEN, &CLIENT_CERTIFICATE_REFUSED, &CLIENT_CERTIFICATE_UNLISTED];

/// The server speaks only what nobody should speak any more.
pub static CONNECTION_OBSOLETE: Check = Check {
    id: "connection-obsolete",
    severity: Severity::Warning,
    clauses: &[Rfc(8996, "4"), Rfc(8996, "5"), Rfc(9325, "3.1.1"), Rfc(9325, "4.1")],
    title: "The server speaks TLS 1.2 or later, with forward secrecy",
    why: "TLS 1.0 and 1.1 and key exchange by static RSA are given up: current clients refuse them, and what is recorded \
          today can be read once the server's key is known.",
    remedy: "Enable TLS 1.2 or 1.3 with ECDHE suites on the server. For ThingWorx on Tomcat that is the connector's list \
             of protocols; an old device may need new firmware, or a gateway in front of it.",
    look: Whole { applies: |case| case.connection.is_some(), at: connection_obsolete },
};

fn connection_obsolete(case: &Case) -> Outcome {
    let Some(connection) = case.connection else { return Outcome::Met };
    match connection.version {
        Some(version) if version < Version::Tls12 => Outcome::NotMet(format!("the server chose {version}")),
        Some(version) if connection.is_obsolete => Outcome::NotMet(format!(
            "the server chose {version} with an obsolete cipher suite, so that no handshake was possible and the \
             certificates were read in the clear"
        )),
        _ => Outcome::Met,
    }
}

/// Nobody saw the server use the key of its certificate.
pub static KEY_POSSESSION_UNPROVEN: Check = Check {
    id: "key-possession-unproven",
    severity: Severity::Warning,
    clauses: &[Rfc(8446, "4.4.3"), Rfc(5246, "7.4.3")],
    title: "The server shows that it holds the key of its certificate",
    why: "A certificate is public: anyone can present it. Only the signature over the handshake shows that the server is \
          the one that the certificate speaks of.",
    remedy: "Compare the fingerprint of the certificate with what the server's administrator reads out, and have the \
             server speak TLS 1.2 or later with a key of a current kind.",
    look: Whole { applies: |case| case.connection.is_some(), at: key_possession },
};

fn key_possession(case: &Case) -> Outcome {
    match case.connection.map(|connection| connection.possession) {
        Some(Possession::Unproven(doubt)) => Outcome::NotMet(doubt.to_string()),
        _ => Outcome::Met,
    }
}

/// The server refused the certificate of the client.
pub static CLIENT_CERTIFICATE_REFUSED: Check = Check {
    id: "client-certificate-refused",
    severity: Severity::Error,
    clauses: &[Rfc(8446, "4.4.2.4"), Rfc(5246, "7.4.6")],
    title: "The server accepts the client certificate that it is shown",
    why: "It asked for a certificate, was shown one and ended the connection: no client gets in with it. The alert says \
          why, as far as servers do: `unknown_ca` that it does not know the issuer, `certificate_expired` and \
          `certificate_revoked` what they say, `bad_certificate` and `certificate_unknown` anything.",
    remedy: "Look at the certificate with `certkit check --profile client CLIENT.pem --trust CA.pem`, and have the server \
             trust its CA; send the issuing CA along (--client-cert takes a file with the chain). The server's log \
             says more than its alert.",
    look: Whole { applies: |case| case.connection.is_some(), at: client_refused },
};

fn client_refused(case: &Case) -> Outcome {
    let refusal = case.connection.and_then(|connection| connection.refusal);
    refusal.map_or(Outcome::Met, |alert| {
        Outcome::NotMet(format!("the server refused the client certificate with the alert {alert}"))
    })
}

/// The server names CAs, and none of them has issued the certificate of the client.
pub static CLIENT_CERTIFICATE_UNLISTED: Check = Check {
    id: "client-certificate-unlisted",
    severity: Severity::Warning,
    clauses: &[Rfc(8446, "4.2.4"), Rfc(5246, "7.4.4")],
    title: "The client certificate is of a CA that the server says it accepts",
    why: "A server may name the CAs whose clients it accepts. Browsers, Java and Windows then offer certificates of these \
          CAs alone, and log in without any where they have none: the server seems to refuse them for no reason.",
    remedy: "Take a certificate of one of the CAs that `certkit fetch URL` lists, or have the server's administrator add \
             the issuer of this one to the CAs that it accepts. Where an issuing CA stands between, send it along: \
             --client-cert takes a file with the chain.",
    look: Whole { applies: |case| case.connection.is_some(), at: client_unlisted },
};

fn client_unlisted(case: &Case) -> Outcome {
    Outcome::not_met_if(case.connection.is_some_and(|connection| connection.is_client_unlisted), || {
        "none of the CAs that the server names has issued the client certificate".to_owned()
    })
}
