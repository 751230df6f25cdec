//! Words of ThingWorx C SDK log.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::{alert, connection, thingworx, trust};

/// What ThingWorx C SDK log says.
pub(in crate::explain) static C_SDK_LOG: Program = Program {
    name: "ThingWorx C SDK log",
    keys: &["thingworx", "kepware"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "PTC's C SDK of 2014 and 2017 (twOpenSSL.h, twTls.c, twWebsocket.c)",
    entries: &[
        Entry::new(
            "certificate-rejected",
            &thingworx::INVALID_CERTIFICATE,
            &["TW_VALIDATE_CERT: Certificate rejected.  Code: <n>, Reason = <text>"],
        )
        .frame(),
        Entry::new(
            "invalid-certificate",
            &thingworx::INVALID_CERTIFICATE,
            &["twTlsClient_Connect: Error intializing TLS connection.  Invalid certificate"],
        )
        .frame(),
        Entry::new(
            "ssl-handshake-error",
            &alert::FRAME,
            &["TW_NEW_SSL_CLIENT: SSL handshake error. Error: error:<code>"],
        )
        .frame(),
        Entry::new("initializing-ssl", &alert::FRAME, &["Error intializing SSL connection"]).frame(),
        Entry::new("initializing-socket", &connection::NETWORK, &["Error intializing socket connection.  Err = <n>"]),
        Entry::new(
            "x509-field",
            &trust::PIN_DIFFERS,
            &["twTlsClient_Connect: Certificate field <a> does not match expected <b>. Field <n>"],
        ),
        Entry::new(
            "ws-response-code",
            &thingworx::HTTP_STATUS,
            &["twWs_Connect: Error initializing web socket.  Response code: <http>"],
        ),
        Entry::new("ws-timeout", &connection::NETWORK, &["twWs_Connect: Timed out trying to connect"]),
        Entry::new(
            "load-ca-chain",
            &thingworx::CONTEXT,
            &["TW_SET_CLIENT_CA_LIST: Loading a certificate authority chain from file into the ctx: <error>"],
        ),
        Entry::new(
            "load-cert-chain",
            &thingworx::CONTEXT,
            &[
                "TW_USE_CERT_CHAIN_FILE: Error setting the default location for certificate chain",
                "TW_USE_CERT_FILE: Error setting the certificate file",
                "TW_USE_KEY_FILE: Error setting the key file",
            ],
        ),
        Entry::new("secure-socket", &alert::FRAME, &["could not initialize a secure socket connection"]).frame(),
        Entry::new("initializing-ssl-spelt", &alert::FRAME, &["Error initializing SSL connection"]).frame(),
        Entry::new("ws-connect", &connection::NETWORK, &["twWs_Connect: Error connecting to server"]).frame(),
        Entry::new("tw-error-ssl", &alert::FRAME, &["TW_ERROR_SSL"]).frame(),
    ],
};
