//! What this side tells the other one: it refused, and sent an alert that says why.

use super::{Reason, cause};

/// An alert of this side.
pub static ALERT: Reason = Reason {
    meaning: "This side refused the connection and sent an alert to the other side; its number or name is in the line.",
    causes: &[
        cause("The alert names the reason.", "`certkit explain 'alert 48'` explains one, as the other side reads it."),
        cause("Plain text came to a TLS port.", "It is alert 10 of Windows with the error state 1203."),
    ],
    commands: &["certkit check https://HOST:PORT"],
    cure: "Look at what the other side sent: its certificate, its versions of TLS and its ciphers.",
    findings: &[],
};

/// Alert 48, sent.
pub static UNKNOWN_CA: Reason = Reason {
    meaning: "This side does not know the CA of the certificate that the other side sent, and refused it.",
    causes: &[
        cause("The CA is not in the trust store of this side.", "`certkit trust list` here does not show it."),
        cause("The other side does not send its intermediate CAs.", "Its file has one certificate only."),
        cause("The other side has a self-signed certificate.", "Subject and issuer are the same."),
    ],
    commands: &["certkit trust list STORE", "certkit verify --trust STORE FILE"],
    cure: "Put the CA of the other side into the trust store of this side, and let the other side send its whole chain.",
    findings: &["anchor-unknown", "chain-issuers-not-sent", "self-signed"],
};

/// Alerts 42 and 46, sent.
pub static CERTIFICATE: Reason = Reason {
    meaning: "This side refused the certificate that the other side sent, and the alert does not say why.",
    causes: &[
        cause("The CA is not known here.", "The log of this side mentions an issuer or a path."),
        cause("It has expired, or the clock of this side is wrong.", "The log of this side mentions dates."),
        cause("It is for another host or purpose.", "The log of this side mentions a name or a usage."),
    ],
    commands: &["certkit verify --trust STORE FILE", "certkit check https://HOST:PORT --trust STORE"],
    cure: "Read the log of this side around the same time; repair the certificate of the other side or the trust store here.",
    findings: &["anchor-unknown", "expired", "host-mismatch", "purpose-not-allowed"],
};

/// Alert 80, sent.
pub static FAULT: Reason = Reason {
    meaning: "This side had an internal error during the handshake, and sent no details to the other side.",
    causes: &[
        cause("This side cannot use the private key of its certificate.", "An event or a line nearby mentions a key."),
        cause("A setting or a library of this side is broken.", "It happens with every peer."),
    ],
    commands: &["certkit inspect FILE"],
    cure: "Read the log of this side around the same time.",
    findings: &[],
};
