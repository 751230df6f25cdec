//! Revoked, or nobody can say.

use super::{Reason, cause};

/// The certificate is revoked.
pub static REVOKED: Reason = Reason {
    meaning: "A certificate of the chain has been revoked by its CA.",
    causes: &[
        cause("It was replaced and the old one is still in use.", "A newer one of the same name exists."),
        cause("Its key is reported lost or stolen.", "The list gives the reason keyCompromise."),
    ],
    commands: &["certkit verify --trust CA --crl LIST --revocation required FILE"],
    cure: "Ask the CA why, and install a new certificate with a new key. Do not switch the check off.",
    findings: &["revoked", "store-revoked"],
};

/// Nobody can say whether it is revoked.
pub static UNKNOWN: Reason = Reason {
    meaning: "Revocation must be checked, but there is no usable answer or list.",
    causes: &[
        cause("The private CA publishes no list (CRL).", "The certificate has no distribution point."),
        cause("The address it names cannot be reached from here.", "The address opens on another network only."),
        cause(
            "A list of one CA of the chain is missing in the store.",
            "`certkit trust audit` reports store-crl-missing.",
        ),
        cause("The list is of another CA of the same name, or of another scope.", "Its key identifier differs."),
    ],
    commands: &["certkit verify --trust CA --online --revocation required FILE", "certkit trust audit STORE"],
    cure: "Get or make the lists of all CAs of the chain (`certkit revoke`), and put them where the program looks.",
    findings: &["revocation-unknown", "store-crl-missing"],
};

/// The list is too old.
pub static LIST_OVERDUE: Reason = Reason {
    meaning: "The revocation list is past its next update.",
    causes: &[
        cause("The CA has not made a new list.", "The published list is overdue, too."),
        cause("The copy in the store was not brought up to date.", "The published list is newer."),
    ],
    commands: &["certkit trust audit STORE", "certkit inspect LIST"],
    cure: "Publish a new list and copy it to the store; schedule this before each next update.",
    findings: &["store-crl-overdue", "revocation-unknown"],
};

/// The list begins in the future.
pub static LIST_NOT_YET_VALID: Reason = Reason {
    meaning: "The revocation list, or the answer about revocation, is not acceptable at this time.",
    causes: &[
        cause("The clock of this machine is behind.", "Certificates made today are refused, too."),
        cause("The responder answers with an old or foreign answer.", "`certkit verify --online` says so."),
    ],
    commands: &["certkit verify --trust CA --online --revocation required FILE"],
    cure: "Set the clock; otherwise let the CA fix its responder or list.",
    findings: &["revocation-unknown"],
};

/// The list is not from this CA.
pub static LIST_WRONG: Reason = Reason {
    meaning: "The revocation list is invalid: its signature or its issuer does not match.",
    causes: &[
        cause("The list is of another CA of the same name.", "The key identifiers differ."),
        cause("The CA may not sign lists: its key usage lacks cRLSign.", "`certkit inspect CA` shows the key usage."),
        cause("The file was damaged.", "A fresh copy verifies."),
    ],
    commands: &["certkit inspect LIST", "certkit verify --trust CA --crl LIST --revocation required FILE"],
    cure: "Take the list from the CA that issued the certificate; a CA without cRLSign has to be issued again.",
    findings: &["revocation-list-departs", "opcua-ca-key-usage", "signature-invalid"],
};

/// The list has something that the program cannot read.
pub static LIST_UNREADABLE: Reason = Reason {
    meaning: "The revocation list has a field that the program cannot read or does not process.",
    causes: &[
        cause("A date of the list has an invalid format.", "`certkit check` reports crl-time-misspelt."),
        cause(
            "The list is partial: for one distribution point, or a delta.",
            "`certkit inspect LIST` shows its scope.",
        ),
    ],
    commands: &["certkit inspect LIST", "certkit check LIST"],
    cure: "Let the CA publish a plain, complete list.",
    findings: &["crl-time-misspelt", "crl-scope-partial", "revocation-unknown"],
};
