//! Words of OpenVPN, PHP, OpenLDAP, Apache Kafka, rsyslog and libraries without a name.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, file, key, purpose, revocation, time, trust};

/// What OpenVPN says.
pub(in crate::explain) static OPENVPN: Program = Program {
    name: "OpenVPN",
    keys: &["openvpn"],
    context: &["openvpn"],
    carriers: &[],
    weak_carriers: &[],
    source: "the source of OpenVPN",
    entries: &[
        Entry::new("verify-error", &trust::NOT_VERIFIED, &["VERIFY ERROR: depth=<n>, error=<reason>"]).frame(),
        Entry::new("key-negotiation", &connection::NETWORK, &["TLS key negotiation failed to occur within"]),
        Entry::new("key-usage", &purpose::WRONG_PURPOSE, &["VERIFY KU ERROR", "VERIFY EKU ERROR"]),
        Entry::new(
            "cannot-load",
            &file::NOT_LOADED,
            &[
                "Cannot load certificate file <file>",
                "Cannot load private key file <file>",
                "Cannot load CA certificate file <file>",
            ],
        ),
    ],
};

/// What PHP says.
pub(in crate::explain) static PHP: Program = Program {
    name: "PHP",
    keys: &["php"],
    context: &["php"],
    carriers: &[],
    weak_carriers: &[],
    source: "the source of PHP (ext/openssl)",
    entries: &[
        Entry::new(
            "peer-cn",
            &purpose::WRONG_HOST,
            &["Peer certificate CN='<name>' did not match expected CN='<host>'"],
        ),
        Entry::new("operation-failed", &alert::FRAME, &["SSL operation failed with code <n>"]).frame(),
    ],
};

/// What OpenLDAP says.
pub(in crate::explain) static OPENLDAP: Program = Program {
    name: "OpenLDAP",
    keys: &["ldap", "openldap"],
    context: &["ldap"],
    carriers: &[],
    weak_carriers: &[],
    source: "the source of OpenLDAP",
    entries: &[
        Entry::new(
            "cn",
            &purpose::WRONG_HOST,
            &[
                "TLS: hostname does not match CN in peer certificate",
                "hostname does not match name in peer certificate",
            ],
        ),
        Entry::new("peer-untrusted", &trust::NOT_VERIFIED, &["TLS: peer cert untrusted or revoked"]).frame(),
        Entry::new("init", &file::NOT_LOADED, &["main: TLS init def ctx failed"]).frame(),
    ],
};

/// What Apache Kafka says.
pub(in crate::explain) static KAFKA: Program = Program {
    name: "Apache Kafka",
    keys: &["kafka"],
    context: &["kafka"],
    carriers: &[],
    weak_carriers: &[],
    source: "the source of Apache Kafka",
    entries: &[Entry::new("handshake", &alert::FRAME, &["SslAuthenticationException: SSL handshake failed"]).frame()],
};

/// What TLS libraries say that do not name themselves.
pub(in crate::explain) static UNNAMED: Program = Program {
    name: "TLS libraries that do not name themselves",
    keys: &["tls-library"],
    context: &["tls", "ssl"],
    carriers: &[],
    weak_carriers: &[],
    source: "public logs",
    entries: &[
        Entry::new("bio-do-connect", &connection::NETWORK, &["BIO_do_connect failed"])
            .frame()
            .certainty(Certainty::Low),
        Entry::new(
            "chain-not-trusted",
            &trust::UNKNOWN_ISSUER,
            &["Certificate chain is not trusted", "The server sent certificate that is not trusted"],
        )
        .certainty(Certainty::Low),
        Entry::new(
            "invalid-or-expired",
            &trust::NOT_VERIFIED,
            &["Invalid or expired certificate", "SSL certificate invalid"],
        )
        .frame()
        .certainty(Certainty::Low),
    ],
};

/// What rsyslog says.
pub(in crate::explain) static RSYSLOG: Program = Program {
    name: "rsyslog",
    keys: &["rsyslog"],
    context: &["rsyslog"],
    carriers: &[],
    weak_carriers: &[],
    source: "the source of rsyslog (nsd_gtls.c, nsd_ossl.c)",
    entries: &[
        Entry::new(
            "certificate-invalid",
            &trust::NOT_VERIFIED,
            &["not permitted to talk to peer, certificate invalid: <reason>"],
        )
        .frame(),
        Entry::new(
            "signer-not-found",
            &trust::UNKNOWN_ISSUER,
            &["not permitted to talk to peer, certificate invalid: signer not found"],
        ),
        Entry::new(
            "insecure-algorithm",
            &key::WEAK_HASH,
            &["not permitted to talk to peer, certificate invalid: insecure algorithm"],
        ),
        Entry::new(
            "revoked",
            &revocation::REVOKED,
            &["not permitted to talk to peer, certificate invalid: certificate revoked"],
        ),
        Entry::new(
            "expired",
            &time::EXPIRED,
            &["not permitted to talk to peer, certificate invalid: certificate expired"],
        ),
        Entry::new("peer-name", &purpose::WRONG_HOST, &["peer name not authorized"]),
    ],
};
