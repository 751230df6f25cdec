//! Words of OPC UA open62541, OPC UA Milo and Ignition, OPC UA asyncua.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::{key, opcua};

/// What OPC UA open62541 says.
pub(in crate::explain) static OPC_UA_OPEN62541: Program = Program {
    name: "OPC UA open62541",
    keys: &["opcua", "open62541"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "open62541/open62541#src/server/ua_server_utils.c, src/client/ua_client_connect.c, plugins/crypto (August 2026)",
    entries: &[
        Entry::new(
            "client-cert-failed-verification",
            &opcua::UNTRUSTED,
            &["The client certificate failed the verification in the CertificateGroup with StatusCode <status>"],
        )
        .frame(),
        Entry::new(
            "appuri-not-verified",
            &opcua::URI,
            &[
                "The client certificate's ApplicationUri could not be verified",
                "The client's ApplicationUri could not be verified",
                "The server certificate's ApplicationUri could not be verified",
            ],
        ),
        Entry::new(
            "cannot-validate-server",
            &opcua::UNTRUSTED,
            &["Cannot validate the server certificate defined for the selected endpoint"],
        ),
        Entry::new(
            "thumbprint-opn",
            &opcua::CHECKS_FAILED,
            &["The client certificate thumprint in the OPN response is incorrect"],
        ),
        Entry::new(
            "different-cert-for-auth",
            &key::OPCUA_OWN,
            &["The client tries to use a different certificate for authentication"],
        ),
        Entry::new(
            "not-permit-clientauth",
            &opcua::USE,
            &["The client certificate does not permit clientAuth", "The server certificate does not permit serverAuth"],
        ),
        Entry::new(
            "policy-not-available",
            &opcua::POLICY,
            &[
                "SecurityPolicy <uri> is not available",
                "Rejected, the SecurityPolicy <uri> not supported",
                "No suitable endpoint found",
            ],
        ),
        Entry::new(
            "no-certificate-store",
            &opcua::LENIENT,
            &["No certificate store configured. Accepting the certificate"],
        ),
        Entry::new("zero-crl", &opcua::REVOCATION_UNKNOWN, &["Zero revocation lists have been loaded"]),
        Entry::new("err-response", &opcua::UNTRUSTED, &["Received an ERR response with StatusCode <status>"]).frame(),
        Entry::new(
            "processing-message-failed",
            &opcua::CHECKS_FAILED,
            &["Processing the message failed with error <status>"],
        )
        .frame(),
    ],
};

/// What OPC UA Milo and Ignition says.
pub(in crate::explain) static OPC_UA_MILO_AND_IGNITION: Program = Program {
    name: "OPC UA Milo and Ignition",
    keys: &["opcua", "milo", "ignition"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "eclipse-milo/milo#opc-ua-stack/stack-core, UaException.java and certificate validation (July 2026)",
    entries: &[
        Entry::new(
            "uaexception-status",
            &opcua::CHECKS_FAILED,
            &["UaException: status=Bad_<Name>, description=<text>", "status=Bad_<Name>, message=<text>"],
        )
        .frame(),
        Entry::new(
            "not-contain-trusted",
            &opcua::UNTRUSTED,
            &["certificate chain did not contain a trusted certificate"],
        ),
        Entry::new(
            "validate-chain-failed",
            &opcua::CHECKS_FAILED,
            &["validateCertificateChain failed, underlying status: <status>"],
        )
        .frame(),
        Entry::new(
            "path-validation-index",
            &opcua::INVALID,
            &["cert path validation failed at index=<n> reason=<reason>"],
        ),
        Entry::new(
            "required-keyusage",
            &opcua::USE,
            &["required KeyUsage '<bit>' not found", "required ExtendedKeyUsage '<purpose>' not found"],
        ),
        Entry::new(
            "no-match-appuri",
            &opcua::URI,
            &["no match in certificate for application URI '<uri>'", "certificate is missing the application URI"],
        ),
        Entry::new(
            "bc-on-self-signed",
            &opcua::CA_FLAG,
            &["self-signed certificate '<name>' has BasicConstraint cA bit set"],
        ),
        Entry::new("keycertsign-violation", &opcua::CA_FLAG, &["violates RFC 5280: KeyUsage keyCertSign"]),
        Entry::new(
            "cert-dates",
            &opcua::TIME,
            &["certificate is expired: <t> - <t>", "certificate not yet valid: <t> - <t>"],
        ),
        Entry::new("check-suppressed", &opcua::LENIENT, &["check suppressed: certificate failed <what> check"]),
        Entry::new("session-cert", &opcua::SESSION_DIFFERS, &["Certificate from CreateSessionResponse did not"]),
        Entry::new("no-certificate", &key::NONE_CONFIGURED, &["UaException: no certificate found"]),
        Entry::new(
            "not-verified-security",
            &opcua::CHECKS_FAILED,
            &["Could not verify security on OpenSecureChannel request"],
        )
        .frame(),
    ],
};

/// What OPC UA asyncua says.
pub(in crate::explain) static OPC_UA_ASYNCUA: Program = Program {
    name: "OPC UA asyncua",
    keys: &["opcua", "asyncua"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "asyncua 2.1, run or read",
    entries: &[
        Entry::new("no-matching-endpoints", &opcua::POLICY, &["No matching endpoints: <mode>, <policy>"]),
        Entry::new("server-cert-mismatch", &opcua::SESSION_DIFFERS, &["Server certificate mismatch"]),
        Entry::new("appuri-warning", &opcua::URI, &["certificate does not contain the application uri (<uri>)"]),
        Entry::new("hostname-warning", &opcua::HOST, &["certificate does not contain the hostname in DNSNames <host>"]),
        Entry::new(
            "service-fault",
            &opcua::CHECKS_FAILED,
            &["sending service fault response: <text> (<BadName>)", "ServiceFault (<BadName>, diagnostics"],
        )
        .frame(),
        Entry::new(
            "timeout-wrong-key",
            &key::OPCUA_OWN,
            &["ValueError: Decryption failed", "cryptography.exceptions.InvalidSignature"],
        ),
        Entry::new(
            "no-longer-valid",
            &opcua::TIME,
            &["certificate is no longer valid: valid until <t>", "certificate is not yet vaild"],
        ),
    ],
};
