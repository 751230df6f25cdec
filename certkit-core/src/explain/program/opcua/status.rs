//! Words of OPC UA status.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::{connection, key, opcua};

/// Status codes of OPC UA.
pub(in crate::explain) static OPC_UA_STATUS: Program = Program {
    name: "OPC UA status",
    keys: &["opcua"],
    context: &["opc", " ua ", "securechannel", "secure channel", "statuscode", "status code", "serviceresult"],
    carriers: &[
        "{name}",
        "{under}",
        "Status{name}",
        "UA_STATUSCODE_{name}",
        "OpcUa_{name}",
        "[{packed}]",
        "failed: {hex}",
        "failed with {hex}",
        "error: {hex}",
        "error {hex}",
        "error={hex}",
        "code: {hex}",
        "code {hex}",
        "code={hex}",
        "status: {hex}",
        "status {hex}",
        "status={hex}",
        "result: {hex}",
        "result={hex}",
    ],
    // A value of a tag may be such a number.
    weak_carriers: &["{hex}", "{n}", "{signed}"],
    source: "official status table as shipped in asyncua, gopcua and open62541,",
    entries: &[
        Entry::new(
            "0x80130000 BadSecurityChecksFailed",
            &opcua::CHECKS_FAILED,
            &["An error occurred verifying security"],
        )
        .numbers(&[2148728832]),
        Entry::new("0x801A0000 BadCertificateUntrusted", &opcua::UNTRUSTED, &[])
            .weak(&["The certificate is not trusted"])
            .numbers(&[2149187584]),
        Entry::new("0x80170000 BadCertificateUriInvalid", &opcua::URI, &["does not match the URI in the certificate"])
            .numbers(&[2148990976]),
        Entry::new(
            "0x80160000 BadCertificateHostNameInvalid",
            &opcua::HOST,
            &["does not match a HostName in the certificate"],
        )
        .numbers(&[2148925440]),
        Entry::new(
            "0x80140000 BadCertificateTimeInvalid",
            &opcua::TIME,
            &["The certificate has expired or is not yet valid"],
        )
        .numbers(&[2148794368]),
        Entry::new(
            "0x80150000 BadCertificateIssuerTimeInvalid",
            &opcua::ISSUER_TIME,
            &["An issuer certificate has expired or is not yet valid"],
        )
        .numbers(&[2148859904]),
        Entry::new(
            "0x80180000 BadCertificateUseNotAllowed",
            &opcua::USE,
            &["The certificate may not be used for the requested operation"],
        )
        .numbers(&[2149056512]),
        Entry::new(
            "0x80190000 BadCertificateIssuerUseNotAllowed",
            &opcua::ISSUER_USE,
            &["The issuer certificate may not be used for the requested operation"],
        )
        .numbers(&[2149122048]),
        Entry::new("0x810D0000 BadCertificateChainIncomplete", &opcua::CHAIN, &["The certificate chain is incomplete"])
            .numbers(&[2165112832]),
        Entry::new(
            "0x801B0000 BadCertificateRevocationUnknown",
            &opcua::REVOCATION_UNKNOWN,
            &["not possible to determine if the certificate has been revoked"],
        )
        .numbers(&[2149253120]),
        Entry::new(
            "0x801C0000 BadCertificateIssuerRevocationUnknown",
            &opcua::REVOCATION_UNKNOWN,
            &["not possible to determine if the issuer certificate has been revoked"],
        )
        .numbers(&[2149318656]),
        Entry::new("0x801D0000 BadCertificateRevoked", &opcua::REVOKED, &["The certificate has been revoked"])
            .numbers(&[2149384192]),
        Entry::new(
            "0x801E0000 BadCertificateIssuerRevoked",
            &opcua::REVOKED,
            &["The issuer certificate has been revoked"],
        )
        .numbers(&[2149449728]),
        Entry::new(
            "0x81140000 BadCertificatePolicyCheckFailed",
            &opcua::POLICY_CHECK,
            &["does not meet the requirements of the security policy"],
        )
        .numbers(&[2165571584]),
        Entry::new(
            "0x80120000 BadCertificateInvalid",
            &opcua::INVALID,
            &["The certificate provided as a parameter is not valid"],
        )
        .numbers(&[2148663296]),
        Entry::new(
            "0x80540000 BadSecurityModeRejected",
            &opcua::POLICY,
            &["The security mode does not meet the requirements set by the server"],
        )
        .numbers(&[2152988672]),
        Entry::new(
            "0x80550000 BadSecurityPolicyRejected",
            &opcua::POLICY,
            &["The security policy does not meet the requirements set by the server"],
        )
        .numbers(&[2153054208]),
        Entry::new("0x80200000 BadIdentityTokenInvalid", &opcua::USER, &["The user identity token is not valid"])
            .numbers(&[2149580800]),
        Entry::new(
            "0x80210000 BadIdentityTokenRejected",
            &opcua::USER,
            &["The user identity token is valid but the server has rejected it"],
        )
        .numbers(&[2149646336]),
        Entry::new(
            "0x801F0000 BadUserAccessDenied",
            &opcua::USER,
            &["User does not have permission to perform the requested operation"],
        )
        .numbers(&[2149515264]),
        Entry::new(
            "0x80570000 BadUserSignatureInvalid",
            &opcua::USER,
            &["The user token signature is missing or invalid"],
        )
        .numbers(&[2153185280]),
        Entry::new(
            "0x80580000 BadApplicationSignatureInvalid",
            &key::OPCUA_OWN,
            &["signature generated with the client certificate is missing or invalid"],
        )
        .numbers(&[2153250816]),
        Entry::new(
            "0x80590000 BadNoValidCertificates",
            &key::NONE_CONFIGURED,
            &["did not provide at least one software certificate that is valid"],
        )
        .numbers(&[2153316352]),
        Entry::new("0x80860000 BadSecureChannelClosed", &opcua::CHANNEL_CLOSED, &[])
            .weak(&["The secure channel has been closed"])
            .numbers(&[2156265472]),
        Entry::new("0x80AE0000 BadConnectionClosed", &opcua::CHANNEL_CLOSED, &[])
            .weak(&["The network connection has been closed"])
            .numbers(&[2158886912]),
        Entry::new(
            "0x80830000 BadTcpEndpointUrlInvalid",
            &opcua::ENDPOINT,
            &["does not recognize the QueryString specified"],
        )
        .numbers(&[2156068864]),
        Entry::new("0x80240000 BadNonceInvalid", &opcua::POLICY, &["nonce does appear to be not a random value"])
            .numbers(&[2149842944]),
        Entry::new(
            "0x80E60000 BadSecurityModeInsufficient",
            &opcua::POLICY,
            &["not permitted over the current secure channel"],
        )
        .numbers(&[2162556928]),
        Entry::new(
            "0x807E0000 BadTcpMessageTypeInvalid",
            &connection::NOT_TLS,
            &["type of the message specified in the header invalid"],
        )
        .numbers(&[2155741184]),
        Entry::new(
            "0x80220000 BadSecureChannelIdInvalid",
            &opcua::CHANNEL_CLOSED,
            &["The specified secure channel is no longer valid"],
        )
        .frame()
        .numbers(&[2149711872]),
        Entry::new("0x807F0000 BadTcpSecureChannelUnknown", &opcua::CHANNEL_CLOSED, &[]).frame().numbers(&[2155806720]),
        Entry::new("0x80870000 BadSecureChannelTokenUnknown", &opcua::CHANNEL_CLOSED, &[])
            .frame()
            .numbers(&[2156331008]),
        Entry::new("0x80820000 BadTcpInternalError", &opcua::CHANNEL_CLOSED, &[]).frame().numbers(&[2156003328]),
        Entry::new("0x80AC0000 BadConnectionRejected", &connection::NETWORK, &[]).frame().numbers(&[2158755840]),
        Entry::new("0x80850000 BadRequestTimeout", &connection::NETWORK, &[]).frame().numbers(&[2156199936]),
    ],
};
