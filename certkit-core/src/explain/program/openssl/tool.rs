//! Words of the command openssl.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::{alert, connection, file};

/// What OpenSSL command says.
pub(in crate::explain) static OPENSSL_COMMAND: Program = Program {
    name: "OpenSSL command",
    keys: &["openssl"],
    context: &["openssl", "s_client"],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of OpenSSL 1.1 and 3.0",
    entries: &[
        Entry::new(
            "could-not-load",
            &file::NOT_LOADED,
            &[
                "unable to load certificate",
                "unable to load Private Key",
                "unable to load CA certificate",
                "unable to load key file",
                "Unable to load certificate file",
                "unable to load certificates",
                "SSL connection error: unable to get private key",
            ],
        )
        .frame(),
        Entry::new(
            "could-not-find",
            &file::NOT_READABLE,
            &[
                "Could not find certificate from",
                "Could not find certificates from",
                "Could not find private key from",
                "Could not find any certificate",
                "Could not find certificate file",
                "Could not read any certificates",
                "Could not open file or uri for loading",
            ],
        )
        .frame(),
        Entry::new("no-peer-certificate", &connection::CLOSED, &["no peer certificate available"]).frame(),
        Entry::new("write-errno", &connection::CLOSED, &["write:errno=<n>"]).frame(),
        Entry::new("no-servername", &alert::NO_WEIGHT, &["Can't use SSL_get_servername"]),
        Entry::new(
            "state-note",
            &alert::NO_WEIGHT,
            &["read R BLOCK", "verify depth is <n>, must return a certificate"],
        ),
        Entry::new("random-state", &alert::NO_WEIGHT, &["unable to write 'random state'"]),
        Entry::new("0A00006C bad key share", &connection::NOTHING_IN_COMMON, &["error:0A00006C:", "bad key share"])
            .numbers(&[167772268])
            .source("the error tables of OpenSSL 3.0.19"),
        Entry::new(
            "0A000197 shutdown while in init",
            &connection::CLOSED,
            &["error:0A000197:", "shutdown while in init"],
        )
        .numbers(&[167772567])
        .source("the error tables of OpenSSL 3.0.19"),
        Entry::new("07880109 interrupted or cancelled", &file::PASSWORD, &["error:07880109:"])
            .numbers(&[126353673])
            .source("a run of Node.js with an encrypted key and no password"),
        Entry::new("connect", &connection::NETWORK, &["error:10000067:", "connect:errno=<n>"])
            .source("a run of OpenSSL 3.0"),
    ],
};
