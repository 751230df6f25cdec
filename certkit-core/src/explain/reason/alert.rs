//! What the other side tells (TLS alerts), and words that only announce a reason.

use super::{Reason, cause};

/// Words that announce a reason which stands nearby.
pub static FRAME: Reason = Reason {
    meaning: "This message says that TLS failed, but not why.",
    causes: &[cause("The reason is in the same line or in the lines after it.", "Look for a \"Caused by\" or a code.")],
    commands: &["certkit check https://HOST:PORT --trust STORE"],
    cure: "Give `certkit explain` the whole message, with the lines before and after it.",
    findings: &[],
};

/// The other side refused what we sent.
pub static ALERT: Reason = Reason {
    meaning: "The other side refused the connection and sent an alert; its number or name is in the line.",
    causes: &[cause("The alert names the reason.", "`certkit explain 'alert 48'` explains one.")],
    commands: &["certkit check https://HOST:PORT"],
    cure: "Look up the alert, and read the log of the other side at the same time of day.",
    findings: &[],
};

/// Alert 40.
pub static HANDSHAKE_FAILURE: Reason = Reason {
    meaning: "The other side could not negotiate a connection: no common cipher or version, or no client certificate.",
    causes: &[
        cause("No cipher or version in common.", "One side is much older than the other."),
        cause("The server demands a client certificate and got none.", "The server's log says so."),
        cause("Java refused a certificate because of its purpose.", "The other side is Java."),
    ],
    commands: &["certkit fetch https://HOST:PORT", "certkit check FILE"],
    cure: "Read the log of the other side; update the older side, or give the client a certificate.",
    findings: &["connection-obsolete", "key-dsa", "client-auth-missing"],
};

/// Alert 42.
pub static BAD_CERTIFICATE: Reason = Reason {
    meaning: "The other side refused the certificate that this side sent. Go, GnuTLS and browsers send this alert for \
              every fault.",
    causes: &[
        cause("It does not know the CA.", "The other side is written in Go or uses GnuTLS."),
        cause("The host name does not match.", "The other side uses OpenSSL."),
        cause("The key or the signature is too weak.", "The other side was updated lately."),
    ],
    commands: &["certkit check https://HOST:PORT --trust STORE"],
    cure: "Read the log of the side that refused; repair the certificate of this side or the trust store of the other.",
    findings: &["anchor-unknown", "host-mismatch", "signature-weak-hash", "key-too-weak", "client-auth-missing"],
};

/// Alert 46.
pub static CERTIFICATE_UNKNOWN: Reason = Reason {
    meaning: "The other side refused the certificate that this side sent. Java up to 21 sends this alert for every \
              fault.",
    causes: &[
        cause("It does not know the CA.", "Its log has \"PKIX path building failed\"."),
        cause("The host name does not match.", "Its log mentions alternative names."),
        cause("It has expired.", "Its log has \"validity check failed\"."),
    ],
    commands: &["certkit check https://HOST:PORT --trust STORE"],
    cure: "Read the log of the other side; put the CA into its trust store, or repair the certificate of this side.",
    findings: &["anchor-unknown", "host-mismatch", "expired"],
};

/// Alert 48.
pub static UNKNOWN_CA: Reason = Reason {
    meaning: "The other side does not know the CA of the certificate that this side sent.",
    causes: &[
        cause("The CA is not in the trust store of the other side.", "`certkit trust list` there does not show it."),
        cause("This side does not send its intermediate CAs.", "`certkit fetch` reports chain-issuers-not-sent."),
        cause("This side has a self-signed certificate.", "Subject and issuer are the same."),
        cause("The other side lacks a revocation list.", "Its CA is known and its log mentions a CRL."),
    ],
    commands: &["certkit fetch https://HOST:PORT --trust STORE", "certkit trust list STORE"],
    cure: "Put the CA into the store of the other side, and let this side send its whole chain.",
    findings: &["anchor-unknown", "chain-issuers-not-sent", "self-signed", "revocation-unknown"],
};

/// Alert 45.
pub static EXPIRED: Reason = Reason {
    meaning: "The other side says that the certificate of this side, or a revocation list for it, has expired.",
    causes: &[
        cause("The certificate of this side has expired.", "`certkit check` says so."),
        cause("The clock of the other side is wrong.", "Only one peer complains."),
        cause("A revocation list of the other side is overdue.", "`certkit trust audit` there says so."),
    ],
    commands: &["certkit check FILE", "certkit trust audit STORE"],
    cure: "Renew the certificate, set the clock, or bring the list up to date.",
    findings: &["expired", "store-crl-overdue"],
};

/// Alert 43.
pub static UNSUPPORTED_CERTIFICATE: Reason = Reason {
    meaning: "The other side refused the certificate of this side for its purpose or its kind.",
    causes: &[
        cause("It is for servers but is used by a client, or the reverse.", "`certkit check` names the purpose."),
        cause("Its kind of key is not supported there.", "It is neither an RSA nor a P-256 key."),
    ],
    commands: &["certkit check FILE"],
    cure: "Reissue it with the required purpose.",
    findings: &["purpose-not-allowed", "client-auth-missing", "server-auth-missing"],
};

/// Alert 44.
pub static REVOKED: Reason = Reason {
    meaning: "The other side says that the certificate of this side has been revoked.",
    causes: &[cause("It was replaced, and this side still uses it.", "The list of the CA has its serial number.")],
    commands: &["certkit verify --trust CA --crl LIST --revocation required FILE"],
    cure: "Install a new certificate with a new key.",
    findings: &["revoked"],
};

/// Alert 51.
pub static DECRYPT_ERROR: Reason = Reason {
    meaning: "The other side cannot verify a signature: that of the handshake or one in the chain.",
    causes: &[
        cause("Key and certificate of this side do not belong together.", "Every peer complains."),
        cause("A CA was created again with the same name.", "The key identifiers differ."),
        cause("The key or signature is too weak for rustls.", "The other side is written in Rust."),
    ],
    commands: &["certkit fetch https://HOST:PORT", "certkit verify --trust CA FILE"],
    cure: "Configure this side with the matching private key and a certificate from a CA that the other side trusts.",
    findings: &["signature-invalid", "key-possession-unproven", "signature-weak-hash", "key-too-weak"],
};

/// Alert 71.
pub static INSUFFICIENT_SECURITY: Reason = Reason {
    meaning: "The other side requires stronger ciphers or keys than this side offers.",
    causes: &[
        cause("This side offers old ciphers only.", "`certkit fetch` reports connection-obsolete."),
        cause("The key is too small.", "`certkit check` reports key-too-weak."),
    ],
    commands: &["certkit fetch https://HOST:PORT"],
    cure: "Update this side, and use RSA 2048 or P-256.",
    findings: &["connection-obsolete", "key-too-weak"],
};

/// Alert 80.
pub static INTERNAL_ERROR: Reason = Reason {
    meaning: "The other side had an internal error. Some clients send this alert when the host name does not match.",
    causes: &[
        cause("The client is mosquitto or another that checks the name itself.", "It works with the right name."),
        cause("The server cannot use its private key.", "The server's log says so."),
    ],
    commands: &["certkit check https://HOST:PORT"],
    cure: "Read the log of the other side.",
    findings: &["host-mismatch"],
};

/// Alert 49.
pub static ACCESS_DENIED: Reason = Reason {
    meaning: "The certificate is valid, but the other side does not authorize it.",
    causes: &[cause("The name is not on the list of allowed names.", "The log of the other side names it.")],
    commands: &[],
    cure: "Add the name to the allowed names of the other side, or use another certificate.",
    findings: &[],
};

/// Nobody knows the reason: the peer refused with TLS 1.3.
pub static PEER_REFUSED: Reason = Reason {
    meaning: "The other side refused the certificate of this side after this side considered the connection \
              established.",
    causes: &[
        cause("The client does not trust the server's certificate.", "The client's log says so."),
        cause(
            "With TLS 1.3 an alert comes late, and older programs misread it.",
            "With TLS 1.2 a clear alert stands here.",
        ),
    ],
    commands: &["certkit check https://HOST:PORT --trust STORE"],
    cure: "Read the log of the other side; put the CA into its store.",
    findings: &["anchor-unknown", "host-mismatch", "expired"],
};

/// All is well.
pub static NOTHING_WRONG: Reason = Reason {
    meaning: "No error: verification succeeded.",
    causes: &[cause("The chain leads to a CA that the program trusts.", "It is code 0 of OpenSSL.")],
    commands: &[],
    cure: "Nothing to do. Code 0 covers the host name only if the program passed it to the check.",
    findings: &[],
};

/// The program itself failed.
pub static PROGRAM_FAULT: Reason = Reason {
    meaning: "The program had an internal error during verification. The certificate may be valid.",
    causes: &[
        cause("The machine has no memory left.", "Other programs fail, too."),
        cause("The program calls its library incorrectly.", "It happens with every certificate."),
        cause("The store of the program cannot be searched.", "Its files or its account changed."),
    ],
    commands: &["certkit check https://HOST:PORT --trust STORE"],
    cure: "Look at the memory and the store; let certkit verify the same chain; update the program.",
    findings: &[],
};

/// A note and no more.
pub static NO_WEIGHT: Reason = Reason {
    meaning: "This is only a note of the program: no certificate and no connection is faulty.",
    causes: &[cause("The program reports its progress, or lacks something optional.", "It goes on.")],
    commands: &[],
    cure: "Nothing to do; if something else fails, look at the other lines.",
    findings: &[],
};
