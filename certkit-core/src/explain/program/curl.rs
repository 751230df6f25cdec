//! Words of curl.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, file, key, purpose, revocation, trust};

/// What curl says.
pub(in crate::explain) static CURL: Program = Program {
    name: "curl",
    keys: &["curl"],
    context: &["curl"],
    carriers: &["curl: ({n})"],
    weak_carriers: &["curl exit code {n}"],
    source: "a run of curl 7.88 with OpenSSL 3.0",
    entries: &[
        Entry::new("curl 35", &alert::FRAME, &["SSL connect error", "in connection to <host>:<port>"])
            .numbers(&[35])
            .frame(),
        Entry::new("curl 51", &purpose::WRONG_HOST, &["peer's SSL certificate or SSH fingerprint was not OK"])
            .since("no longer since curl 7.62, which says 60")
            .numbers(&[51])
            .source("curl manual; since 7.62 the same as 60")
            .certainty(Certainty::Medium),
        Entry::new("curl 53", &connection::CIPHER_LIST, &["SSL Engine <name> not found"]).numbers(&[53]),
        Entry::new("curl 54", &connection::CIPHER_LIST, &["set SSL crypto engine as default"])
            .numbers(&[54])
            .source("curl manual"),
        Entry::new("curl 55", &connection::CLOSED, &["getpeername() failed with errno 107"])
            .numbers(&[55])
            .source("a run of curl 7.88 that was refused with TLS 1.3"),
        Entry::new("curl 56", &purpose::CLIENT_CERTIFICATE_MISSING, &["Failure in receiving network data"])
            .numbers(&[56])
            .frame(),
        Entry::new(
            "curl 58",
            &key::MISMATCH,
            &[
                "Problem with the local certificate",
                "could not load PEM client certificate",
                "unable to set private key file",
                "could not parse PKCS12 file",
            ],
        )
        .numbers(&[58]),
        Entry::new("curl 59", &connection::CIPHER_LIST, &["failed setting cipher list"]).numbers(&[59]),
        Entry::new(
            "curl 60",
            &trust::NOT_VERIFIED,
            &[
                "SSL certificate problem: <reason>",
                "server certificate verification failed. CAfile: <cafile> CRLfile: <list>",
                "server certificate verification failed",
            ],
        )
        .numbers(&[60])
        .frame(),
        Entry::new("curl 66", &file::NOT_OPENED, &["Failed to initialise SSL Engine"])
            .numbers(&[66])
            .source("curl manual"),
        Entry::new(
            "curl 77",
            &file::NOT_READABLE,
            &[
                "error setting certificate file",
                "error setting certificate verify locations",
                "error adding trust anchors from file: <file>",
                "Problem reading the SSL CA cert",
            ],
        )
        .numbers(&[77]),
        Entry::new("curl 80", &connection::CLOSED, &["Failed to shut down the SSL connection"])
            .numbers(&[80])
            .source("curl manual"),
        Entry::new("curl 82", &file::NOT_OPENED, &["error loading CRL file"]).numbers(&[82]),
        Entry::new("curl 83", &trust::SIGNATURE_WRONG, &["Issuer check failed"]).numbers(&[83]).source("curl manual"),
        Entry::new("curl 90", &trust::PIN_DIFFERS, &["public key does not match pinned public key"])
            .since("curl 7.39")
            .numbers(&[90]),
        Entry::new(
            "curl 91",
            &revocation::LIST_NOT_YET_VALID,
            &["No OCSP response received", "Invalid SSL certificate status"],
        )
        .since("curl 7.41")
        .numbers(&[91]),
        Entry::new("curl 98", &purpose::CLIENT_CERTIFICATE_MISSING, &["SSL Client Certificate required"])
            .since("curl 7.77")
            .numbers(&[98])
            .source("curl manual (7.77 and later)")
            .certainty(Certainty::Medium),
        Entry::new(
            "curl schannel revocation",
            &revocation::UNKNOWN,
            &[
                "schannel: next InitializeSecurityContext failed: CRYPT_E_NO_REVOCATION_CHECK",
                "schannel: next InitializeSecurityContext failed: CRYPT_E_REVOCATION_OFFLINE",
            ],
        )
        .source("public logs"),
        Entry::new(
            "curl schannel",
            &alert::FRAME,
            &["schannel: <step> failed: SEC_E_<NAME> (0x8009<nnnn>)", "schannel: SEC_E_<NAME>"],
        )
        .frame()
        .source("public logs"),
        Entry::new("curl 6", &connection::NETWORK, &["Could not resolve host", "Could not resolve host: <host>"])
            .numbers(&[6]),
        Entry::new(
            "curl 7",
            &connection::NETWORK,
            &["Failed to connect to <host> port", "Failed to connect to <host> port <port>"],
        )
        .numbers(&[7]),
        Entry::new("curl 28", &connection::NETWORK, &["Connection timed out after", "SSL connection timeout"])
            .numbers(&[28]),
        Entry::new(
            "curl 60 host name",
            &purpose::WRONG_HOST,
            &[
                "no alternative certificate subject name matches target host name",
                "certificate subject name <...> does not match target host name",
                "no alternative certificate subject name matches target host name '<host>'",
                "no alternative certificate subject name matches target ipv4 address '<host>'",
                "no alternative certificate subject name matches target ipv6 address '<ip>'",
                "certificate subject name <...> does not match target host name '<host>'",
                "certificate subject name <...> does not match target ipv4 address '<host>'",
            ],
        ),
        Entry::new("curl 52", &connection::CLOSED, &["Empty reply from server"]).numbers(&[52]).frame(),
        Entry::new("curl 1", &connection::NOT_TLS, &["Received HTTP/0.9 when not allowed"]).numbers(&[1]),
    ],
};
