//! What the connection itself shows, beside the certificates that came over it.

use super::super::Clause::Rfc;
use super::super::Look::Whole;
use super::super::{Case, Check, Outcome, Severity};
use crate::presented::{Possession, Version};
use crate::text::Printable;

/// The checks of this topic.
pub static CHECKS: &[&Check] =
    &[&CONNECTION_OBSOLETE, &KEY_POSSESSION_UNPROVEN, &CLIENT_CERTIFICATE_REFUSED, &CLIENT_CERTIFICATE_UNLISTED];

/// The server speaks only obsolete protocol versions or suites.
pub static CONNECTION_OBSOLETE: Check = Check {
    id: "connection-obsolete",
    severity: Severity::Warning,
    clauses: &[Rfc(8996, "4"), Rfc(8996, "5"), Rfc(9325, "3.1.1"), Rfc(9325, "4.1")],
    title: "The server speaks TLS 1.2 or later, with forward secrecy",
    why: "TLS 1.0 and 1.1 and static RSA key exchange are obsolete: current clients refuse them, and recorded traffic \
          can be decrypted once the server's key is known.",
    remedy: "Enable TLS 1.2 or 1.3 with ECDHE suites on the server. For ThingWorx on Tomcat that is the connector's list \
             of protocols; an old device may need new firmware, or a gateway in front of it.",
    look: Whole { applies: |case| case.connection.is_some(), at: connection_obsolete },
};

fn connection_obsolete(case: &Case) -> Outcome {
    let Some(connection) = case.connection else { return Outcome::Met };
    match connection.version {
        Some(version) if version < Version::Tls12 => Outcome::NotMet(format!("the server chose {version}")),
        Some(version) if connection.is_obsolete => Outcome::NotMet(format!(
            "the server chose {version} with an obsolete cipher suite; the handshake was not possible and the \
             certificates were read unencrypted"
        )),
        _ => Outcome::Met,
    }
}

/// The server did not prove possession of its certificate's key.
pub static KEY_POSSESSION_UNPROVEN: Check = Check {
    id: "key-possession-unproven",
    severity: Severity::Warning,
    clauses: &[Rfc(8446, "4.4.3"), Rfc(5246, "7.4.3")],
    title: "The server proves possession of its certificate's key",
    why: "A certificate is public: anyone can present it. Only the handshake signature proves that the server is the \
          one named in the certificate.",
    remedy: "Compare the fingerprint of the certificate with the one that the server's administrator reads out, and \
             configure the server for TLS 1.2 or later with a current key type.",
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
    title: "The server accepts the given client certificate",
    why: "The server asked for a certificate, got this one and closed the connection. The alert gives the reason: \
          `unknown_ca` means unknown issuer, `certificate_expired` and `certificate_revoked` what they say, \
          `bad_certificate` and `certificate_unknown` anything.",
    remedy: "Check the certificate with `certkit check --profile client CLIENT.pem --trust CA.pem`, and add its CA to \
             the server's trust store; send the issuing CA, too (--client-cert takes a file with the chain). The \
             server's log says more than its alert.",
    look: Whole { applies: |case| case.connection.is_some(), at: client_refused },
};

fn client_refused(case: &Case) -> Outcome {
    let Some((connection, alert)) = case.connection.and_then(|it| Some((it, it.refusal?))) else { return Outcome::Met };
    let tried = connection.refused.iter().map(|name| Printable(name).to_string()).collect::<Vec<_>>().join(", ");
    Outcome::NotMet(match tried.is_empty() {
        true => format!("the server refused the client certificate with the alert {alert}"),
        false => format!(
            "the server refused each client certificate ({tried}), the one that fits best with the alert {alert}"
        ),
    })
}

/// The server names CAs, and none of them has issued the certificate of the client.
pub static CLIENT_CERTIFICATE_UNLISTED: Check = Check {
    id: "client-certificate-unlisted",
    severity: Severity::Warning,
    clauses: &[Rfc(8446, "4.2.4"), Rfc(5246, "7.4.4")],
    title: "The client certificate's issuer is among the CAs that the server accepts",
    why: "A server may list the CAs whose clients it accepts. Browsers, Java and Windows then offer only certificates \
          of these CAs, and none if they have none: the server seems to refuse them for no reason.",
    remedy: "Use a certificate of one of the CAs that `certkit fetch URL` lists, or have the server's administrator \
             add the issuer of this one to the accepted CAs. If there is an intermediate CA, send it, too: \
             --client-cert takes a file with the chain.",
    look: Whole { applies: |case| case.connection.is_some(), at: client_unlisted },
};

fn client_unlisted(case: &Case) -> Outcome {
    Outcome::not_met_if(case.connection.is_some_and(|connection| connection.is_client_unlisted), || {
        "none of the CAs that the server lists issued the client certificate".to_owned()
    })
}
