//! Words of OPC UA gopcua and telegraf, OPC UA UaExpert, OPC UA MATLAB, OPC UA CODESYS.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{file, key, opcua};

/// What OPC UA gopcua and telegraf says.
pub(in crate::explain) static OPC_UA_GOPCUA_AND_TELEGRAF: Program = Program {
    name: "OPC UA gopcua and telegraf",
    keys: &["opcua", "gopcua", "telegraf"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "gopcua/opcua#ua/status_gen.go, client.go, config.go, uapolicy (June 2026)",
    entries: &[
        Entry::new(
            "no-matching-endpoint",
            &opcua::POLICY,
            &["no matching endpoint found for policy <p> and mode <m>", "unable to find suitable server endpoint"],
        )
        .source("gopcua sources; second text common knowledge"),
        Entry::new(
            "key-size",
            &opcua::POLICY_CHECK,
            &["remote key size should be <n>-<n> bytes, got <n> bytes", "local key size should be"],
        ),
        Entry::new(
            "load-key",
            &key::OPCUA_OWN,
            &[
                "Failed to load private key: <reason>",
                "Failed to parse private key as PKCS#1",
                "Private key is not an RSA key",
            ],
        ),
        Entry::new(
            "load-cert",
            &file::NOT_READABLE,
            &["Failed to load certificate: <reason>", "Failed to decode PEM block with certificate"],
        ),
    ],
};

/// What OPC UA UaExpert says.
pub(in crate::explain) static OPC_UA_UAEXPERT: Program = Program {
    name: "OPC UA UaExpert",
    keys: &["opcua", "uaexpert"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "common knowledge",
    entries: &[Entry::new(
        "uaexpert-error",
        &opcua::CHECKS_FAILED,
        &["Error '<BadName>' was returned during <service>"],
    )
    .frame()
    .certainty(Certainty::Low)],
};

/// What OPC UA MATLAB says.
pub(in crate::explain) static OPC_UA_MATLAB: Program = Program {
    name: "OPC UA MATLAB",
    keys: &["opcua", "matlab"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "MATLAB documentation",
    entries: &[Entry::new(
        "matlab-server-not-trusted",
        &opcua::UNTRUSTED,
        &["Server certificate is not trusted by the MATLAB OPC UA client"],
    )
    .certainty(Certainty::Medium)],
};

/// What OPC UA CODESYS says.
pub(in crate::explain) static OPC_UA_CODESYS: Program = Program {
    name: "OPC UA CODESYS",
    keys: &["opcua", "codesys"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "CODESYS library documentation",
    entries: &[Entry::new(
        "codesys-error-names",
        &opcua::CHECKS_FAILED,
        &[
            "SECURITY_CHECKS_FAILED",
            "CERTIFICATE_TIME_INVALID",
            "CERTIFICATE_POLICY_CHECK_FAILED",
            "CERTIFICATE_UNTRUSTED",
        ],
    )
    .certainty(Certainty::Medium)],
};
