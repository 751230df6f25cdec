//! Connections: no TLS, no common ground, no network.

use super::{Reason, cause};

/// The other side does not speak TLS.
pub static NOT_TLS: Reason = Reason {
    meaning: "One side spoke TLS and the other did not: there is plain text or another protocol on this port.",
    causes: &[
        cause("The port is the one for plain text.", "80, 8080, 1883 and 4840 are not TLS ports."),
        cause("A client uses http:// or mqtt:// for a TLS port.", "The server's log names the client."),
        cause("A proxy answers with its own page.", "It happens behind the proxy only."),
    ],
    commands: &["certkit fetch https://HOST:PORT"],
    cure: "Use the TLS port of the server, the right scheme in the address, and the right setting of the proxy.",
    findings: &[],
};

/// No common version, cipher or signature algorithm.
pub static NOTHING_IN_COMMON: Reason = Reason {
    meaning: "The two sides have no TLS version, cipher or algorithm in common.",
    causes: &[
        cause("One side is old and speaks TLS 1.0 or 1.1 only.", "It failed after an update of the other."),
        cause(
            "The server has a key that the client cannot use (DSA, an unusual curve).",
            "`certkit fetch` shows the key.",
        ),
        cause("The server has no usable certificate.", "Every client fails."),
    ],
    commands: &["certkit fetch https://HOST:PORT"],
    cure: "Update the older side; otherwise let the newer one offer TLS 1.2 with ECDHE and AES-GCM.",
    findings: &["connection-obsolete", "key-dsa"],
};

/// The version is too old.
pub static VERSION_OLD: Reason = Reason {
    meaning: "One side offers only versions or parameters of TLS that the other no longer accepts.",
    causes: &[
        cause("A device speaks TLS 1.0 or 1.1 only.", "`certkit fetch` reports connection-obsolete."),
        cause("The settings allow too narrow a range of versions.", "The settings have a minimum and maximum version."),
    ],
    commands: &["certkit fetch https://HOST:PORT"],
    cure: "Update the device, or put a proxy with current TLS in front of it.",
    findings: &["connection-obsolete"],
};

/// The list of ciphers is empty.
pub static CIPHER_LIST: Reason = Reason {
    meaning: "The list of ciphers in the settings names none that this library has.",
    causes: &[cause(
        "A name is misspelt, or the cipher was removed by an update.",
        "It worked with the older version.",
    )],
    commands: &[],
    cure: "Remove the setting, or name ciphers that the library has.",
    findings: &[],
};

/// The other side closed.
pub static CLOSED: Reason = Reason {
    meaning: "The other side ended the connection during the handshake and did not say why.",
    causes: &[
        cause("It refused the certificate and closed (Node.js, wget and curl do so).", "Its own log gives the reason."),
        cause("A health check or a port scanner opened and closed.", "It comes at regular times from one address."),
        cause("A firewall cuts the connection.", "It happens from one network only."),
        cause("With TLS 1.3, the server wants a client certificate.", "The connection ends right after it was made."),
    ],
    commands: &["certkit check https://HOST:PORT"],
    cure: "Read the log of the other side at the same time of day.",
    findings: &[],
};

/// No network.
pub static NETWORK: Reason = Reason {
    meaning: "There was no connection, or no answer in time. The certificates are not the cause.",
    causes: &[
        cause("Nothing listens on the port.", "The connection is refused at once."),
        cause("A firewall drops the packets.", "There is no answer until the timeout."),
        cause("The name does not resolve.", "The error names the resolver."),
        cause(
            "The server did not start its TLS port, because its keystore failed.",
            "The log of the server's start says so.",
        ),
    ],
    commands: &["certkit fetch https://HOST:PORT"],
    cure: "Look at the name, the port, the firewall, and whether the server has started its TLS port.",
    findings: &[],
};

/// The message is broken.
pub static GARBLED: Reason = Reason {
    meaning: "An unexpected or unreadable message was received.",
    causes: &[
        cause("The other side does not speak TLS, or another protocol.", "The port is used for something else."),
        cause("Something on the way changes the data.", "It happens on one network only."),
        cause("One of the two libraries has a fault.", "It happens with one version only."),
    ],
    commands: &["certkit fetch https://HOST:PORT"],
    cure: "Look at the port first; then update the older side.",
    findings: &[],
};

/// The proxy stands in the way.
pub static PROXY: Reason = Reason {
    meaning: "The connection through the proxy failed. The certificates are not the cause.",
    causes: &[
        cause("The address or the login of the proxy is wrong.", "The proxy's log shows the request."),
        cause("The proxy requires a login type that the program does not support.", "It asks for NTLM or Negotiate."),
    ],
    commands: &["certkit fetch https://HOST:PORT --proxy http://PROXY:PORT"],
    cure: "Correct the settings of the proxy, or let this connection bypass it.",
    findings: &[],
};

/// Nobody is let in.
pub static NOT_AUTHORISED: Reason = Reason {
    meaning: "TLS has worked. The server refuses the user, the password or the rights.",
    causes: &[
        cause("User or password are wrong.", "Another client with this login is refused, too."),
        cause("The certificate is mapped to no user, or to one without rights.", "The server's log names the user."),
    ],
    commands: &[],
    cure: "Check the users and rights on the server; the certificates are not the cause.",
    findings: &[],
};

/// The names of the host and the server do not meet.
pub static NAME_UNKNOWN: Reason = Reason {
    meaning: "The server does not know the name that the client asked for.",
    causes: &[
        cause("The client connects by an alias or by the address.", "It works with the full name."),
        cause("The server has no certificate for this name.", "Its settings name other hosts."),
    ],
    commands: &["certkit fetch https://HOST:PORT --server-name HOST"],
    cure: "Connect by the name that the server has a certificate for.",
    findings: &["host-mismatch"],
};

/// No common application protocol.
pub static NO_PROTOCOL: Reason = Reason {
    meaning: "The two sides have no application protocol (ALPN) in common.",
    causes: &[cause(
        "The client wants HTTP/2 or MQTT only, and the server has another.",
        "The settings name the protocols.",
    )],
    commands: &["certkit fetch https://HOST:PORT"],
    cure: "Allow a common protocol on both sides.",
    findings: &[],
};

/// Nobody looks at the certificate.
pub static NOT_VERIFYING: Reason = Reason {
    meaning: "This is a warning: the program does not verify the certificate, so a man-in-the-middle attack is \
              possible.",
    causes: &[cause(
        "A setting such as `verify=False` was used to suppress an error.",
        "The script or its settings have it.",
    )],
    commands: &["certkit check https://HOST:PORT --trust STORE"],
    cure: "Switch verification on, and give the program the CA of the server.",
    findings: &[],
};

/// The server wants TLS.
pub static NOT_ENCRYPTED: Reason = Reason {
    meaning: "The server requires TLS from this client, but the client connected without it.",
    causes: &[cause(
        "The client is set to no TLS, or falls back to none.",
        "Its settings have sslmode=disable or prefer.",
    )],
    commands: &[],
    cure: "Set the client to TLS (`sslmode=verify-full` with the CA of the server).",
    findings: &[],
};

/// A message of the handshake is too large.
pub static MESSAGE_TOO_LARGE: Reason = Reason {
    meaning: "A message of the handshake is larger than the program accepts.",
    causes: &[
        cause(
            "The server names very many CAs whose client certificates it accepts.",
            "Its trust store is the public one.",
        ),
        cause("The chain has very many or very large certificates.", "`certkit fetch` shows what the server sends."),
    ],
    commands: &["certkit fetch https://HOST:PORT"],
    cure: "Give the server a trust store with its own CAs only, or raise the limit (jdk.tls.maxHandshakeMessageSize).",
    findings: &[],
};
