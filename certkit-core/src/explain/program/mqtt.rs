//! Words of mosquitto, EMQX and RabbitMQ (Erlang), HiveMQ, MQTT, MQTT client (Paho Java, Kepware IoT Gateway).

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, file, key, purpose, revocation, store, time, trust};

/// What mosquitto says.
pub(in crate::explain) static MOSQUITTO: Program = Program {
    name: "mosquitto",
    keys: &["mosquitto", "mqtt"],
    context: &["mosquitto", "mqtt"],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of mosquitto 2.0.11",
    entries: &[
        Entry::new(
            "protocol-error",
            &alert::FRAME,
            &[
                "Client <unknown> disconnected: Protocol error",
                "Socket error on client <unknown>, disconnecting",
                "Client <unknown> disconnected due to protocol error",
            ],
        )
        .frame()
        .source("a run of 2.0.11; second text is 1.x"),
        Entry::new(
            "openssl-error-line",
            &alert::FRAME,
            &["OpenSSL Error[<n>]: error:<code>", "OpenSSL Error: error:<code>"],
        )
        .frame(),
        Entry::new(
            "tls-error-occurred",
            &alert::FRAME,
            &["A TLS error occurred", "Unable to connect (A TLS error occurred.)"],
        )
        .frame(),
        Entry::new("host-name-verification-failed", &purpose::WRONG_HOST, &["host name verification failed"]),
        Entry::new("connection-was-lost", &connection::CLOSED, &["Error: The connection was lost"])
            .weak(&["Error: Protocol error"])
            .frame(),
        Entry::new("problem-setting-tls", &file::NOT_OPENED, &["Problem setting TLS options: File not found"]),
        Entry::new(
            "unable-load-cert",
            &file::NOT_LOADED,
            &["Unable to load server certificate \"<file>\". Check certfile"],
        )
        .frame(),
        Entry::new("unable-load-key", &key::MISMATCH, &["Unable to load server key file \"<file>\". Check keyfile"])
            .frame(),
        Entry::new(
            "unable-load-ca",
            &file::NOT_OPENED,
            &[
                "Unable to load CA certificates. Check cafile \"<file>\"",
                "Unable to load CA certificates, check capath",
            ],
        )
        .frame(),
        Entry::new(
            "unable-load-crl",
            &file::NOT_OPENED,
            &["Unable to load certificate revocation file \"<file>\". Check crlfile"],
        )
        .frame(),
        Entry::new("unsupported-tls-version", &connection::VERSION_OLD, &["Unsupported tls_version \"<v>\""]),
        Entry::new("both-certfile-keyfile", &file::NOT_OPENED, &["Both certfile and keyfile must be provided"]),
        Entry::new(
            "set-tls-ciphers",
            &connection::CIPHER_LIST,
            &["Unable to set TLS ciphers. Check cipher list \"<list>\""],
        ),
        Entry::new(
            "certificate-key-inconsistent",
            &key::MISMATCH,
            &["Server certificate/key are inconsistent", "Client certificate/key are inconsistent"],
        )
        .source("the source of mosquitto"),
    ],
};

/// What EMQX and RabbitMQ (Erlang) says.
pub(in crate::explain) static ERLANG: Program = Program {
    name: "EMQX and RabbitMQ (Erlang)",
    keys: &["emqx", "rabbitmq", "mqtt"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of Erlang/OTP 25 of Debian 12",
    entries: &[
        Entry::new(
            "tls_alert certificate_required",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["generated SERVER ALERT: Fatal - Certificate required", "{tls_alert,{certificate_required,"],
        ),
        Entry::new(
            "no_client_certificate_provided",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["no_client_certificate_provided"],
        ),
        Entry::new(
            "tls_alert unknown_ca (server)",
            &trust::UNKNOWN_ISSUER,
            &[
                "generated SERVER ALERT: Fatal - Unknown CA",
                "generated CLIENT ALERT: Fatal - Unknown CA",
                "{tls_alert,{unknown_ca,\"TLS server: In state wait_cert",
            ],
        ),
        Entry::new(
            "tls_alert unknown_ca (received)",
            &alert::UNKNOWN_CA,
            &["received CLIENT ALERT: Fatal - Unknown CA", "received SERVER ALERT: Fatal - Unknown CA"],
        ),
        Entry::new(
            "tls_alert bad_certificate",
            &trust::SELF_SIGNED,
            &["generated SERVER ALERT: Fatal - Bad Certificate", "{tls_alert,{bad_certificate,"],
        ),
        Entry::new("bad_crls", &revocation::UNKNOWN, &["{bad_crls,no_relevant_crls}"]).source("public log"),
        Entry::new("hostname_check_failed", &purpose::WRONG_HOST, &["{bad_cert,hostname_check_failed}"]),
        Entry::new("invalid_ext_key_usage", &purpose::WRONG_PURPOSE, &["{bad_cert,invalid_ext_key_usage}"]),
        Entry::new(
            "tls_alert certificate_expired",
            &time::EXPIRED,
            &["Fatal - Certificate Expired", "{tls_alert,{certificate_expired,"],
        ),
        Entry::new(
            "tls_alert certificate_unknown (received)",
            &alert::PEER_REFUSED,
            &["received CLIENT ALERT: Fatal - Certificate Unknown"],
        ),
        Entry::new(
            "tls_alert certificate_revoked",
            &revocation::REVOKED,
            &["Fatal - Certificate Revoked", "{tls_alert,{certificate_revoked,"],
        )
        .source("EMQX documentation"),
        Entry::new("unsupported_record_type", &connection::NOT_TLS, &["{unsupported_record_type,<n>}"]),
        Entry::new("record_type_mismatch", &alert::PEER_REFUSED, &["{record_type_mismatch,21}"]),
        Entry::new("no_suitable_ciphers", &connection::NOTHING_IN_COMMON, &["no_suitable_ciphers"]),
        Entry::new(
            "tls_alert protocol_version",
            &connection::VERSION_OLD,
            &["generated SERVER ALERT: Fatal - Protocol Version", "{tls_alert,{protocol_version,"],
        ),
        Entry::new("emqx ssl_error", &alert::FRAME, &["reason: {ssl_error,{tls_alert,"])
            .frame()
            .source("EMQX documentation"),
        Entry::new(
            "enoent",
            &file::NOT_OPENED,
            &[
                "{options,{certfile,\"<file>\",enoent}}",
                "{options,{keyfile,\"<file>\",enoent}}",
                "{options,{cacertfile,\"<file>\",enoent}}",
                "{options,{certfile,\"<file>\",{error,<reason>}}}",
                "{options,{keyfile,\"<file>\",{error,<reason>}}}",
                "{options,{cacertfile,\"<file>\",{error,<reason>}}}",
            ],
        )
        .source("Erlang/OTP"),
        Entry::new("cacertfile", &store::EMPTY, &["{options,{cacertfile,[]}}"])
            .source("the documentation of ssl of Erlang/OTP and the test suite of RabbitMQ"),
        Entry::new(
            "tls_alert insufficient_security",
            &connection::NOTHING_IN_COMMON,
            &["{tls_alert,{insufficient_security,"],
        )
        .source("the source of Erlang/OTP (ssl_alert.erl)"),
        Entry::new("cert_expired", &time::OUTSIDE_VALIDITY, &["{bad_cert,cert_expired}"])
            .source("the documentation of public_key and ssl of Erlang/OTP"),
        Entry::new("selfsigned_peer", &trust::SELF_SIGNED, &["{bad_cert,selfsigned_peer}"])
            .source("the documentation of public_key and ssl of Erlang/OTP"),
        Entry::new("unknown_ca", &trust::UNKNOWN_ISSUER, &["{bad_cert,unknown_ca}"])
            .source("the documentation of public_key and ssl of Erlang/OTP"),
        Entry::new("invalid_issuer", &trust::WRONG_TWIN, &["{bad_cert,invalid_issuer}"])
            .source("the documentation of public_key and ssl of Erlang/OTP"),
        Entry::new("invalid_signature", &trust::SIGNATURE_WRONG, &["{bad_cert,invalid_signature}"])
            .source("the documentation of public_key and ssl of Erlang/OTP"),
        Entry::new("name_not_permitted", &purpose::NAME_CONSTRAINED, &["{bad_cert,name_not_permitted}"])
            .source("the documentation of public_key and ssl of Erlang/OTP"),
        Entry::new(
            "missing_basic_constraint",
            &purpose::NOT_A_CA,
            &["{bad_cert,missing_basic_constraint}", "{bad_cert,invalid_key_usage}"],
        )
        .source("the documentation of public_key and ssl of Erlang/OTP"),
        Entry::new("revoked", &revocation::REVOKED, &["{bad_cert,{revoked,<reason>}}"])
            .source("the documentation of public_key and ssl of Erlang/OTP"),
    ],
};

/// What HiveMQ says.
pub(in crate::explain) static HIVEMQ: Program = Program {
    name: "HiveMQ",
    keys: &["hivemq", "mqtt"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "HiveMQ CE source (handler of SSL exceptions), public copies",
    entries: &[Entry::new(
        "ssl-handshake-failed",
        &alert::FRAME,
        &["SSL Handshake for client <id> failed: <reason>", "SSL Handshake failed for client with IP <peer>: <reason>"],
    )
    .frame()],
};

/// What MQTT says.
pub(in crate::explain) static MQTT: Program = Program {
    name: "MQTT",
    keys: &["mqtt"],
    context: &["mqtt", "mosquitto", "connack"],
    carriers: &[],
    weak_carriers: &[],
    source: "common knowledge",
    entries: &[
        Entry::new(
            "CONNACK 5 or 135",
            &connection::NOT_AUTHORISED,
            &["Connection Refused: not authorised", "disconnected, not authorised"],
        )
        .weak(&["Not authorized", "reason code 135", "rc=5"])
        .numbers(&[5, 135])
        .certainty(Certainty::Medium),
        Entry::new("CONNACK 4 or 134", &connection::NOT_AUTHORISED, &["Connection Refused: bad user name or password"])
            .weak(&["bad user name or password", "reason code 134", "rc=4"])
            .numbers(&[4, 134])
            .certainty(Certainty::Medium),
    ],
};

/// What MQTT client (Paho Java, Kepware IoT Gateway) says.
pub(in crate::explain) static PAHO: Program = Program {
    name: "MQTT client (Paho Java, Kepware IoT Gateway)",
    keys: &["paho", "mqtt", "kepware"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "common knowledge",
    entries: &[Entry::new(
        "mqttexception-ssl",
        &alert::FRAME,
        &[
            "MqttException (0) - javax.net.ssl.SSLHandshakeException: <reason>",
            "Unable to connect to server (32103)",
            "Connection lost (32109)",
        ],
    )
    .frame()
    .certainty(Certainty::Medium)],
};
