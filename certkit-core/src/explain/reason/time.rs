//! The dates of a certificate.

use super::{Reason, cause};

/// The certificate has expired.
pub static EXPIRED: Reason = Reason {
    meaning: "A certificate of the chain has expired, by the clock of the program that verifies.",
    causes: &[
        cause("The certificate of the server or client was not renewed.", "Its end is in the past."),
        cause("It was renewed, but the program still uses the old one.", "The file is newer than what is served."),
        cause("A CA above it has expired.", "The end of the leaf is in the future."),
        cause("The clock of the machine that verifies is wrong.", "Other machines accept the certificate."),
    ],
    commands: &["certkit check https://HOST:PORT", "certkit expiry https://HOST:PORT"],
    cure: "Renew the certificate (`certkit renew`), install it, and restart the service; correct the clock if it is \
           wrong.",
    findings: &["expired", "expires-soon"],
};

/// The certificate is not valid yet.
pub static NOT_YET_VALID: Reason = Reason {
    meaning: "A certificate of the chain is not valid yet, by the clock of the program that verifies.",
    causes: &[
        cause("The clock of the device is behind.", "Only one device complains, often after it lost power."),
        cause("The certificate was made a moment ago on a machine whose clock is ahead.", "It works after a while."),
    ],
    commands: &["certkit check https://HOST:PORT"],
    cure: "Set the clock of the device (NTP); if the certificate really begins later, wait or reissue it.",
    findings: &["not-yet-valid"],
};

/// One of the two.
pub static OUTSIDE_VALIDITY: Reason = Reason {
    meaning: "The certificate has expired or is not valid yet, by the clock of the program that verifies.",
    causes: &[
        cause("The certificate has expired.", "Its end is in the past."),
        cause("The clock of the machine is wrong.", "Only one machine complains."),
    ],
    commands: &["certkit check https://HOST:PORT"],
    cure: "Look at the clock first, then renew the certificate.",
    findings: &["expired", "not-yet-valid"],
};

/// The validity of a certificate reaches beyond that of its issuer.
pub static NOT_NESTED: Reason = Reason {
    meaning: "The certificate is valid for longer than the CA that issued it.",
    causes: &[cause("The CA was near its end when it issued.", "The CA ends before the certificate.")],
    commands: &["certkit check FILE"],
    cure: "Renew the CA first, then issue the certificate again.",
    findings: &["validity-outside-issuer"],
};

/// Browsers accept no longer validity.
pub static TOO_LONG: Reason = Reason {
    meaning: "The certificate is valid for longer than browsers accept from a public CA.",
    causes: &[cause("It was issued for many years.", "The CA is one of those in the browser.")],
    commands: &["certkit check FILE"],
    cure: "Issue it for a shorter time.",
    findings: &["validity-too-long"],
};

/// The clocks differ.
pub static CLOCKS_DIFFER: Reason = Reason {
    meaning: "The clocks of the two sides differ.",
    causes: &[cause("One of them does not follow a time server.", "Compare both with a third clock.")],
    commands: &[],
    cure: "Let both follow the same time server (NTP).",
    findings: &[],
};

/// A date is misspelt.
pub static MISSPELT: Reason = Reason {
    meaning: "A date of the certificate is not encoded as RFC 5280 requires, and the program cannot read it.",
    causes: &[
        cause("It was made by an old or custom tool.", "`certkit check` reports time-misspelt."),
        cause("The date is outside the range of the program.", "`certkit inspect` shows a year beyond 2049 or 9999."),
    ],
    commands: &["certkit check FILE"],
    cure: "Issue the certificate again with a proper tool.",
    findings: &["time-misspelt", "time-of-other-type", "validity-inverted"],
};
