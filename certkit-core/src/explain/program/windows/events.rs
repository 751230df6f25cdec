//! Words of Schannel event.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, key, purpose, revocation, sent, store, time, trust};

/// What Schannel event says.
pub(in crate::explain) static SCHANNEL_EVENT: Program = Program {
    name: "Schannel event",
    keys: &["windows", "schannel"],
    context: &["schannel", "event id", "eventid"],
    carriers: &[],
    weak_carriers: &["{n}"],
    source: "Windows event manifests (public lists)",
    entries: &[
        Entry::new("36869", &key::WINDOWS_KEY, &["does not have a private key information property attached"])
            .numbers(&[36869]),
        Entry::new(
            "36870",
            &key::WINDOWS_KEY,
            &["fatal error occurred when attempting to access the TLS <type> credential private key"],
        )
        .numbers(&[36870])
        .covers(&[&key::WINDOWS_KEY]),
        Entry::new(
            "36871",
            &connection::VERSION_OLD,
            &["fatal error occurred while creating a TLS <type> credential. The internal error state is 10013"],
        )
        .numbers(&[36871])
        .certainty(Certainty::Medium),
        Entry::new(
            "36874",
            &connection::NOTHING_IN_COMMON,
            &["none of the cipher suites supported by the client application are supported by the server"],
        )
        .numbers(&[36874]),
        Entry::new(
            "36876",
            &trust::UNKNOWN_ISSUER,
            &["certificate received from the remote server has not validated correctly"],
        )
        .numbers(&[36876]),
        Entry::new(
            "36877",
            &purpose::CLIENT_CERTIFICATE_REFUSED,
            &["certificate received from the remote client application has not validated correctly"],
        )
        .numbers(&[36877]),
        Entry::new(
            "36881",
            &time::EXPIRED,
            &["certificate received from the remote server has either expired or is not yet valid"],
        )
        .numbers(&[36881]),
        Entry::new("36882", &trust::UNKNOWN_ISSUER, &["was issued by an untrusted certificate authority"])
            .numbers(&[36882]),
        Entry::new("36883", &revocation::REVOKED, &["certificate received from the remote server has been revoked"])
            .numbers(&[36883]),
        Entry::new(
            "36884",
            &purpose::WRONG_HOST,
            &[
                "does not contain the expected name",
                "The server name we were expecting is <host>. The TLS connection request has failed",
                "The server name we were expecting is <host>. The SSL connection request has failed",
                "Event ID: 36884, Computer: <computer>, <message>ServerName: <host>",
            ],
        )
        .numbers(&[36884]),
        Entry::new(
            "36887",
            &alert::ALERT,
            &[
                "A fatal alert was received from the remote endpoint. The TLS protocol defined fatal alert code is <n>",
                "schwerwiegende Warnung vom Remoteendpunkt empfangen",
            ],
        )
        .numbers(&[36887])
        .frame(),
        Entry::new(
            "36888",
            &sent::ALERT,
            &[
                "A fatal alert was generated and sent to the remote endpoint",
                "Warnung wurde generiert und an den Remoteendpunkt gesendet",
            ],
        )
        .numbers(&[36888])
        .frame()
        .certainty(Certainty::Medium),
        Entry::new("36889", &trust::CHAIN_NOT_SENT, &["specified certificate's chain is incomplete"])
            .numbers(&[36889])
            .certainty(Certainty::Medium),
        Entry::new("36886", &key::NONE_CONFIGURED, &["No suitable default server credential exists on this system"])
            .numbers(&[36886]),
        Entry::new(
            "36880",
            &alert::NO_WEIGHT,
            &["handshake completed successfully. The negotiated cryptographic parameters are"],
        )
        .numbers(&[36880])
        .certainty(Certainty::Medium),
        Entry::new(
            "15021",
            &store::NOT_FOUND,
            &["An error occurred while using SSL configuration for endpoint <host>."],
        )
        .numbers(&[15021])
        .source("the event manifest of HTTP.sys (public lists)"),
    ],
};
