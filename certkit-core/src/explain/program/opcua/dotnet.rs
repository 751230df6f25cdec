//! Words of OPC UA .NET Standard, OPC UA .NET (Traeger, OPC Foundation Java and Prosys).

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{key, opcua};

/// What OPC UA .NET Standard says.
pub(in crate::explain) static DOTNET_STANDARD: Program = Program {
    name: "OPC UA .NET Standard",
    keys: &["opcua", "dotnet"],
    context: &["opc", " ua "],
    carriers: &[],
    weak_carriers: &[],
    source: "OPCFoundation/UA-.NETStandard#Stack/Opc.Ua.Core/Security/Certificates/CertificateValidator.cs and #src/Opc.Ua.Core/Stack/Tcp (August 2026)",
    entries: &[
        Entry::new(
            "certificate-rejected-reason",
            &opcua::UNTRUSTED,
            &["Certificate '<subject>' rejected. Reason=<status>", "Certificate <subject> rejected. Reason=<status>"],
        )
        .frame(),
        Entry::new("issuer-not-trusted", &opcua::UNTRUSTED, &["Certificate Issuer is not trusted"]),
        Entry::new("is-not-trusted", &opcua::UNTRUSTED, &["BadCertificateUntrusted 'Certificate is not trusted.'"])
            .weak(&["Certificate is not trusted"]),
        Entry::new("chain-validation-incomplete", &opcua::CHAIN, &["Certificate chain validation incomplete"]),
        Entry::new(
            "crl-not-found",
            &opcua::REVOCATION_UNKNOWN,
            &["Certificate revocation list not found", "Certificate issuer revocation list not found"],
        ),
        Entry::new("domain-not-listed", &opcua::HOST, &["The domain '<host>' is not listed in the server certificate"]),
        Entry::new(
            "usage-not-allowed",
            &opcua::USE,
            &[
                "Usage of certificate is not allowed",
                "Usage of RSA certificate is not allowed",
                "Usage of ECDSA certificate is not allowed",
            ],
        ),
        Entry::new("sha1-not-trusted", &opcua::POLICY_CHECK, &["SHA1 signed certificates are not trusted"]),
        Entry::new(
            "min-key-length",
            &opcua::POLICY_CHECK,
            &["Certificate doesn't meet minimum key length requirement"],
        ),
        Entry::new("empty-dn", &opcua::INVALID, &["contains an empty subject or issuer distinguished name"]),
        Entry::new("expired-flags", &opcua::TIME, &["Certificate has expired or is not yet valid. NotTimeValid"]),
        Entry::new(
            "appuri-description",
            &opcua::URI,
            &[
                "does not match the URIs in the Certificate",
                "does not contain an applicationUri",
                "is not in the Server Certificate",
            ],
        ),
        Entry::new(
            "receiver-thumbprint",
            &opcua::CHECKS_FAILED,
            &[
                "The receiver's certificate thumbprint is not valid",
                "The receiver's certificate thumbprint was not specified",
            ],
        ),
        Entry::new(
            "sender-cert-parse",
            &opcua::INVALID,
            &["The sender's certificate could not be parsed", "The sender's certificate was not specified"],
        ),
        Entry::new(
            "private-key-not-found",
            &key::OPCUA_OWN,
            &[
                "private key for the certificate with thumbprint [<tp>] failed to import",
                "A Private key for the certificate with thumbprint [<tp>] was not found",
                "Cannot access private key for certificate",
            ],
        ),
        Entry::new(
            "appcert-must-be-specified",
            &key::NONE_CONFIGURED,
            &[
                "ApplicationCertificate must be specified",
                "ApplicationCertificate cannot be found",
                "Application instance certificate invalid",
            ],
        ),
        Entry::new(
            "key-size-less",
            &opcua::POLICY_CHECK,
            &["The key size (<n>) in the certificate is less than the minimum provided (<n>). Use certificate anyway?"],
        ),
        Entry::new("create-session-null", &key::OPCUA_OWN, &["Create session failed with client certificate NULL"]),
        Entry::new(
            "not-trusted-of-subject",
            &opcua::UNTRUSTED,
            &[
                "ServiceResultException: Certificate is not trusted",
                "Unable to connect to server. The certificate is not trusted",
            ],
        ),
        Entry::new(
            "validation-failed",
            &opcua::CHECKS_FAILED,
            &["ServiceResultException: Certificate validation failed"],
        )
        .frame(),
        Entry::new("policy-not-supported", &opcua::POLICY, &["The requested SecurityPolicy is not supported"]),
    ],
};

/// What OPC UA .NET (Traeger, OPC Foundation Java and Prosys) says.
pub(in crate::explain) static OTHER_DOTNET: Program = Program {
    name: "OPC UA .NET (Traeger, OPC Foundation Java and Prosys)",
    keys: &["opcua"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "Traeger-GmbH/opcuanet-samples#8 and a public guide",
    entries: &[Entry::new(
        "status-code-description",
        &opcua::CHECKS_FAILED,
        &["<BadName> (code=0x<nnnnnnnn>, description=\"<text>\")", "Error received from remote host: <text>"],
    )
    .frame()
    .certainty(Certainty::Medium)],
};
