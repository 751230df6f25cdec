//! Words of wget with OpenSSL.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::{purpose, time, trust};

/// What wget says.
pub(in crate::explain) static WGET: Program = Program {
    name: "wget",
    keys: &["wget"],
    context: &["wget"],
    carriers: &[],
    weak_carriers: &[],
    source: "the source of wget 1.21 (openssl.c)",
    entries: &[
        Entry::new(
            "cannot-verify",
            &trust::NOT_VERIFIED,
            &["cannot verify <host>'s certificate, issued by", "cannot verify <host>'s certificate"],
        )
        .frame(),
        Entry::new("locally", &trust::UNKNOWN_ISSUER, &["Unable to locally verify the issuer's authority"]),
        Entry::new("self-signed", &trust::SELF_SIGNED, &["Self-signed certificate encountered"]),
        Entry::new("not-yet", &time::NOT_YET_VALID, &["Issued certificate not yet valid"]),
        Entry::new("expired", &time::EXPIRED, &["Issued certificate has expired"]),
        Entry::new(
            "host",
            &purpose::WRONG_HOST,
            &[
                "no certificate subject alternative name matches requested host name '<host>'",
                "doesn't match requested host name '<host>'",
            ],
        ),
    ],
};
