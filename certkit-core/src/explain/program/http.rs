//! Answers of HTTP about certificates.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::{alert, purpose, revocation, trust};

/// What HTTP says of certificates.
pub(in crate::explain) static HTTP: Program = Program {
    name: "HTTP",
    keys: &["http"],
    context: &["http", "status", "iis", "nginx", "cloudflare"],
    carriers: &[],
    weak_carriers: &[],
    source: "the documentation of IIS, nginx and Cloudflare",
    entries: &[
        Entry::new(
            "403.7",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["403.7 - Forbidden", "SSL client certificate is required"],
        ),
        Entry::new("403.13", &revocation::REVOKED, &["403.13 - Forbidden"]),
        Entry::new(
            "403.16",
            &purpose::CLIENT_CERTIFICATE_REFUSED,
            &["403.16 - Forbidden", "Your client certificate is either not trusted or is invalid"],
        ),
        Entry::new(
            "403.17",
            &alert::EXPIRED,
            &["403.17 - Forbidden", "Your client certificate has expired or is not yet valid"],
        ),
        Entry::new("495", &purpose::CLIENT_CERTIFICATE_REFUSED, &["495 SSL Certificate Error"]).frame(),
        Entry::new("496", &purpose::CLIENT_CERTIFICATE_MISSING, &["496 SSL Certificate Required"]),
        Entry::new("525", &alert::FRAME, &["525 SSL handshake failed"]).frame(),
        Entry::new("526", &trust::NOT_VERIFIED, &["526 Invalid SSL certificate", "Invalid SSL certificate"]).frame(),
    ],
};
