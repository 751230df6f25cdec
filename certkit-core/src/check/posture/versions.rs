//! Which versions of TLS a server accepts (RFC 7568, RFC 8996, RFC 9325 section 3.1.1).

use super::super::Clause::{KepwareDeployment, Rfc};
use super::super::Look::Probed;
use super::super::{Check, Outcome, Severity};
use super::outcome;
use crate::presented::{Posture, Probe, Version};

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&TLS_SSL3, &TLS_OBSOLETE_VERSION, &TLS_NO_CURRENT_VERSION];

fn is_asked(posture: &Posture) -> bool {
    posture.why_undetermined(Probe::Versions).is_some() || posture.versions.as_ref().is_some_and(|it| !it.is_empty())
}

/// The accepted versions for which this holds, in words.
fn accepted(posture: &Posture, is_meant: impl Fn(Version) -> bool) -> Option<String> {
    let versions = posture.versions.iter().flatten().filter(|it| is_meant(**it));
    let names: Vec<&str> = versions.map(|it| it.as_str()).collect();
    (!names.is_empty()).then(|| format!("the server accepts {}", names.join(" and ")))
}

/// SSL 3.0 is accepted.
pub static TLS_SSL3: Check = Check {
    id: "tls-ssl3",
    severity: Severity::Error,
    clauses: &[Rfc(7568, "3"), Rfc(9325, "3.1.1")],
    title: "The server does not accept SSL 3.0",
    why: "An attacker on the network path can decrypt SSL 3.0 byte by byte (POODLE); it was prohibited in 2015.",
    remedy: "Disable SSL 3.0 on the server and keep TLS 1.2 and 1.3. A device without a newer version needs new \
             firmware, or a gateway in front of it.",
    look: Probed {
        applies: is_asked,
        at: |posture| outcome(posture, Probe::Versions, accepted(posture, |it| it == Version::Ssl30)),
    },
};

/// TLS 1.0 or 1.1 is accepted.
pub static TLS_OBSOLETE_VERSION: Check = Check {
    id: "tls-obsolete-version",
    severity: Severity::Warning,
    clauses: &[
        Rfc(8996, "4"),
        Rfc(8996, "5"),
        Rfc(9325, "3.1.1"),
        KepwareDeployment("6.2.1"),
        KepwareDeployment("6.3.1"),
        KepwareDeployment("6.4.2"),
    ],
    title: "The server does not accept TLS 1.0 and 1.1",
    why: "Both rely on MD5 and SHA-1 and are obsolete: current clients refuse them, audits report them, and a client \
          can be downgraded to them while they are enabled.",
    remedy: "Enable only TLS 1.2 and 1.3. Tomcat: `protocols=\"TLSv1.2,TLSv1.3\"` at the connector; nginx: \
             `ssl_protocols TLSv1.2 TLSv1.3;`; mosquitto: `tls_version tlsv1.2`. First find out which clients still \
             need the old ones.",
    look: Probed {
        applies: is_asked,
        at: |posture| {
            let is_old = |it| it == Version::Tls10 || it == Version::Tls11;
            outcome(posture, Probe::Versions, accepted(posture, is_old))
        },
    },
};

/// Nothing current is accepted.
pub static TLS_NO_CURRENT_VERSION: Check = Check {
    id: "tls-no-current-version",
    severity: Severity::Error,
    clauses: &[Rfc(9325, "3.1.1"), KepwareDeployment("6.2.1"), KepwareDeployment("6.3.1"), KepwareDeployment("6.4.2")],
    title: "The server accepts TLS 1.2 or 1.3",
    why: "Current clients cannot connect at all; those that can are protected by broken cryptography.",
    remedy: "Enable TLS 1.2 or 1.3 on the server. An old device may need new firmware, or a gateway in front of it \
             that speaks a current version.",
    look: Probed { applies: is_asked, at: no_current },
};

fn no_current(posture: &Posture) -> Outcome {
    let versions = posture.versions.as_deref().unwrap_or_default();
    let is_current = versions.iter().any(|it| *it >= Version::Tls12);
    let newest = versions.last().filter(|_| !is_current);
    match newest {
        _ if is_current => Outcome::Met,
        newest => outcome(posture, Probe::Versions, newest.map(|it| format!("nothing newer than {it} is accepted"))),
    }
}
