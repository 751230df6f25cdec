//! Words of OPC UA node-opcua.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::{key, opcua, time};

/// What OPC UA node-opcua says.
pub(in crate::explain) static OPC_UA_NODE_OPCUA: Program = Program {
    name: "OPC UA node-opcua",
    keys: &["opcua", "node-opcua"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "node-opcua/node-opcua#packages/node-opcua-client/source/verify.ts and private/client_base_impl.ts, node-opcua-secure-channel (August 2026)",
    entries: &[
        Entry::new(
            "NODE-OPCUA-W25",
            &opcua::UNTRUSTED,
            &["[NODE-OPCUA-W25] client's server certificate verification has failed <status>"],
        )
        .frame(),
        Entry::new(
            "NODE-OPCUA-E01",
            &key::OPCUA_OWN,
            &["[NODE-OPCUA-E01] Configuration error : the certificate and the private key do not match"],
        ),
        Entry::new(
            "NODE-OPCUA-W06",
            &opcua::URI,
            &["[NODE-OPCUA-W06] The certificate subjectAltName does not match the <type> applicationUri"],
        ),
        Entry::new(
            "NODE-OPCUA-W14",
            &opcua::URI,
            &["[NODE-OPCUA-W14] The certificate subjectAltName uniformResourceIdentifier is missing"],
        ),
        Entry::new("NODE-OPCUA-W03", &opcua::TIME, &["[NODE-OPCUA-W03] The certificate has expired"]),
        Entry::new("NODE-OPCUA-W02", &opcua::TIME, &["[NODE-OPCUA-W02] The certificate is not active yet"]),
        Entry::new("NODE-OPCUA-W05", &opcua::ENDS_SOON, &["[NODE-OPCUA-W05] The certificate is about to expire"]),
        Entry::new(
            "NODE-OPCUA-W15-W18",
            &opcua::USE,
            &["[NODE-OPCUA-W15]", "[NODE-OPCUA-W16]", "[NODE-OPCUA-W17]", "[NODE-OPCUA-W18]"],
        ),
        Entry::new("NODE-OPCUA-W04-W23", &key::TOO_WEAK, &["[NODE-OPCUA-W04]", "[NODE-OPCUA-W19]", "[NODE-OPCUA-W23]"]),
        Entry::new(
            "NODE-OPCUA-W26",
            &opcua::HOST,
            &["[NODE-OPCUA-W26] Certificate SAN is missing the following configured hostnames/IPs: <names>"],
        ),
        Entry::new(
            "NODE-OPCUA-W35",
            &opcua::CHECKS_FAILED,
            &[
                "[NODE-OPCUA-W35] Warning: the certificate status is = <status>",
                "[NODE-OPCUA-W04] Warning: the certificate status is",
            ],
        )
        .frame(),
        Entry::new(
            "NODE-OPCUA-W33",
            &time::CLOCKS_DIFFER,
            &["[NODE-OPCUA-W33] client : server token creation date exposes a time discrepancy"],
        ),
        Entry::new(
            "may-have-been-rejected",
            &opcua::CHANNEL_CLOSED,
            &[
                "The connection may have been rejected by server",
                "The connection may have been rejected by server, Err = (<text>)",
            ],
        ),
        Entry::new(
            "server-cert-verification-failed",
            &opcua::UNTRUSTED,
            &["server Certificate verification failed with err <status>"],
        )
        .frame(),
        Entry::new("sender-thumbprint", &opcua::UNTRUSTED, &["Sender Certificate thumbprint <tp>"]),
        Entry::new("security-revert", &opcua::POLICY, &["--security-revert=CVE-2023-46809"])
            .since("Node.js 18.19.1 and 20.11.1")
            // It is told at every start, for the case that something goes wrong.
            .frame(),
        Entry::new("invalid-application-uri", &opcua::URI, &["has an invalid applicationUri"]),
        Entry::new("invalid-channel-token", &opcua::CHANNEL_CLOSED, &["Invalid channel token"]).frame(),
    ],
};
