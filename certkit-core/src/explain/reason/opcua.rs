//! OPC UA: status codes, and what stacks write around them.

use super::{Reason, cause};

/// The peer hides which check failed.
pub static CHECKS_FAILED: Reason = Reason {
    meaning: "A security check failed. The peer does not say which one, by design; its own log does.",
    causes: &[
        cause(
            "The other side does not trust this application's certificate.",
            "It is in the folder of rejected certificates there.",
        ),
        cause("The certificate has a fault: dates, ApplicationUri, key usage.", "`certkit preflight` names it."),
        cause("The other side still has an older certificate of this application.", "It worked before a renewal."),
    ],
    commands: &["certkit preflight pki opc.tcp://HOST:PORT", "certkit trust list opcua:PKI"],
    cure: "Trust the certificate on the other side (`certkit trust approve`), or repair what `certkit preflight` names.",
    findings: &["opcua-certificate-untrusted", "opcua-certificate-invalid"],
};

/// The application is not trusted.
pub static UNTRUSTED: Reason = Reason {
    meaning: "One OPC UA application does not trust the certificate of the other.",
    causes: &[
        cause("It was not approved yet.", "It is in the folder of rejected certificates of the rejecting side."),
        cause("It was renewed, and the other side has the old one.", "The thumbprints differ."),
        cause("It is issued by a CA that is in neither list.", "`certkit preflight` reports a missing issuer."),
    ],
    commands: &["certkit trust list opcua:PKI", "certkit preflight pki opc.tcp://HOST:PORT"],
    cure: "Compare the thumbprint and approve the certificate: `certkit trust approve opcua:PKI FILE`.",
    findings: &["opcua-certificate-untrusted"],
};

/// The ApplicationUri differs.
pub static URI: Reason = Reason {
    meaning: "The ApplicationUri of the application is not the URI in its certificate.",
    causes: &[
        cause(
            "The application or the computer was renamed after the certificate was made.",
            "The URI has the old name.",
        ),
        cause("The certificate has no URI, or more than one.", "`certkit inspect` shows the alternative names."),
        cause("The settings name another URI.", "Compare character by character; it is case-sensitive."),
    ],
    commands: &["certkit check FILE --application-uri URI", "certkit preflight pki opc.tcp://HOST:PORT"],
    cure: "Make the certificate again with the ApplicationUri of the settings, or correct the settings.",
    findings: &["opcua-certificate-uri-invalid", "application-uri-mismatch", "application-uri-missing"],
};

/// The host is not in the certificate.
pub static HOST: Reason = Reason {
    meaning: "The host in the address of the endpoint is not in the server's certificate.",
    causes: &[
        cause("The client connects by address, but the certificate has only the name.", "It works by name."),
        cause("The computer was renamed.", "The certificate has the old name."),
    ],
    commands: &["certkit check opc.tcp://HOST:PORT", "certkit inspect FILE"],
    cure: "Connect by a name of the certificate, or make it again with every name and address.",
    findings: &["opcua-certificate-host-name-invalid", "opcua-host-mismatch"],
};

/// The dates are wrong.
pub static TIME: Reason = Reason {
    meaning: "The certificate of an OPC UA application has expired or is not valid yet.",
    causes: &[
        cause("The certificate was made at setup and has expired.", "Its end is in the past."),
        cause("The clock of a device is wrong.", "Only one peer complains."),
    ],
    commands: &["certkit check opc.tcp://HOST:PORT", "certkit expiry opcua:PKI"],
    cure: "Set the clock, or renew the certificate and let the peers trust the new one.",
    findings: &["opcua-certificate-time-invalid", "expired", "not-yet-valid"],
};

/// The certificate will expire.
pub static ENDS_SOON: Reason = Reason {
    meaning: "The certificate of the application will expire soon.",
    causes: &[cause("It was made for a short time.", "`certkit inspect` shows its end.")],
    commands: &["certkit expiry FILE"],
    cure: "Renew it in time (`certkit renew`) and let the peers trust the new one.",
    findings: &["expires-soon"],
};

/// The dates of an issuer are wrong.
pub static ISSUER_TIME: Reason = Reason {
    meaning: "The certificate of a CA above the application has expired or is not valid yet.",
    causes: &[cause("The CA of the plant has expired.", "The application's own certificate is still valid.")],
    commands: &["certkit trust audit opcua:PKI"],
    cure: "Renew the CA and add the new certificate to every trust list.",
    findings: &["opcua-certificate-issuer-time-invalid"],
};

/// The use is not allowed.
pub static USE: Reason = Reason {
    meaning: "The key usage or purpose of the application's certificate is not what OPC UA demands.",
    causes: &[
        cause("Its key usage lacks a bit.", "`certkit check --profile opcua` reports opcua-key-usage."),
        cause("It is for servers only, or for clients only.", "It reports opcua-purpose-missing."),
        cause("It is the certificate of a CA.", "It reports opcua-leaf-is-ca."),
    ],
    commands: &["certkit check --profile opcua FILE"],
    cure: "Make it again with `certkit generate`, which sets what OPC 10000-6 demands.",
    findings: &["opcua-certificate-use-not-allowed", "opcua-key-usage", "opcua-purpose-missing", "opcua-leaf-is-ca"],
};

/// The issuer may not issue.
pub static ISSUER_USE: Reason = Reason {
    meaning: "The certificate of an issuer may not be used to sign certificates.",
    causes: &[cause("Its key usage lacks keyCertSign or cRLSign.", "`certkit inspect CA` shows it.")],
    commands: &["certkit check CA"],
    cure: "Make the CA again with keyCertSign and cRLSign.",
    findings: &["opcua-certificate-issuer-use-not-allowed", "opcua-ca-key-usage"],
};

/// An issuer is missing.
pub static CHAIN: Reason = Reason {
    meaning: "An issuer of the certificate is missing in the lists of trusted and issuer certificates.",
    causes: &[cause("An intermediate CA was never added.", "`certkit trust audit` reports store-orphan.")],
    commands: &["certkit trust audit opcua:PKI", "certkit preflight pki opc.tcp://HOST:PORT"],
    cure: "Put every CA of the chain with its list (CRL) into the lists of the side that refuses.",
    findings: &["opcua-certificate-chain-incomplete", "store-orphan"],
};

/// No list.
pub static REVOCATION_UNKNOWN: Reason = Reason {
    meaning: "There is no usable revocation list (CRL) of a CA of the chain.",
    causes: &[
        cause("The CA was added without its list.", "`certkit trust audit` reports store-crl-missing."),
        cause("The list is past its next update.", "It reports store-crl-overdue."),
    ],
    commands: &["certkit trust audit opcua:PKI"],
    cure: "Put a current list of every CA beside it: `certkit trust add opcua:PKI CA --crl LIST`.",
    findings: &[
        "opcua-certificate-revocation-unknown",
        "opcua-certificate-issuer-revocation-unknown",
        "store-crl-missing",
        "store-crl-overdue",
    ],
};

/// Revoked.
pub static REVOKED: Reason = Reason {
    meaning: "The certificate of the application, or of a CA above it, has been revoked.",
    causes: &[cause("It was replaced, and the old one is in use.", "A newer one exists.")],
    commands: &["certkit trust list opcua:PKI"],
    cure: "Ask the owner of the CA why, and install a new certificate with a new key.",
    findings: &["opcua-certificate-revoked", "opcua-certificate-issuer-revoked"],
};

/// The policy of the key or signature.
pub static POLICY_CHECK: Reason = Reason {
    meaning: "The key or the signature of the certificate is not allowed by the security policy or by the settings.",
    causes: &[
        cause("The certificate is signed with SHA-1.", "`certkit check` reports signature-weak-hash."),
        cause("The key is smaller or larger than the policy allows.", "It reports key-too-weak."),
    ],
    commands: &["certkit check --profile opcua FILE"],
    cure: "Make a new certificate with RSA 2048 or more and SHA-256.",
    findings: &[
        "opcua-certificate-policy-check-failed",
        "opcua-no-current-policy",
        "opcua-endpoint-key-unfit",
        "key-too-weak",
        "signature-weak-hash",
    ],
};

/// The certificate is broken.
pub static INVALID: Reason = Reason {
    meaning: "The certificate cannot be read, or a signature in its chain is wrong.",
    causes: &[
        cause("The file is not DER, which the stack requires.", "`certkit inspect` names its kind."),
        cause("The list has a CA with the right name but another key.", "`certkit verify` names the near miss."),
        cause("Subject or issuer are empty.", "`certkit check` reports subject-empty."),
    ],
    commands: &["certkit check --profile opcua FILE", "certkit preflight pki opc.tcp://HOST:PORT"],
    cure: "Convert it to DER, or make it again with the right CA.",
    findings: &["opcua-certificate-invalid", "signature-invalid", "subject-empty", "issuer-empty"],
};

/// No common policy or mode.
pub static POLICY: Reason = Reason {
    meaning: "The server has no endpoint with the security policy and mode that the client asks for.",
    causes: &[
        cause("The policy is old and switched off on one side.", "Basic128Rsa15 and Basic256 are deprecated."),
        cause("The server allows None only, or the client wants None.", "`certkit fetch` lists the endpoints."),
    ],
    commands: &["certkit check opc.tcp://HOST:PORT", "certkit preflight pki opc.tcp://HOST:PORT"],
    cure: "Switch on Basic256Sha256 or newer with SignAndEncrypt on both sides.",
    findings: &["opcua-deprecated-policy", "opcua-none-mode", "opcua-no-strong-policy"],
};

/// The user.
pub static USER: Reason = Reason {
    meaning: "The channel is open. The server rejects the user: name, password, certificate or rights.",
    causes: &[
        cause("The server does not allow this kind of login.", "`certkit fetch` lists the kinds."),
        cause(
            "The user's certificate is not trusted or lacks a key usage.",
            "`certkit verify --profile opcua-user` says so.",
        ),
        cause("Name or password are wrong.", "Another client with them is refused, too."),
    ],
    commands: &["certkit fetch opc.tcp://HOST:PORT", "certkit verify --profile opcua-user --pki user-pki FILE"],
    cure: "Use a login that the server allows, and give the user the rights there.",
    findings: &["opcua-anonymous", "opcua-user-key-usage"],
};

/// The connection ended.
pub static CHANNEL_CLOSED: Reason = Reason {
    meaning: "The peer closed the channel. Servers do so when they do not trust the client's certificate.",
    causes: &[
        cause("The server does not trust the client.", "The client's certificate is among the rejected ones."),
        cause("The network or a gateway cut the connection.", "It happens in the middle of work."),
    ],
    commands: &["certkit preflight pki opc.tcp://HOST:PORT"],
    cure: "Read the server's log; approve the client's certificate there.",
    findings: &["opcua-certificate-untrusted"],
};

/// The address of the endpoint.
pub static ENDPOINT: Reason = Reason {
    meaning: "The server does not know the address that the client uses for its endpoint.",
    causes: &[
        cause(
            "The server names another host in its endpoints than the client can reach.",
            "`certkit fetch` lists them.",
        ),
        cause("There is a gateway or address translation in between.", "The ports differ."),
    ],
    commands: &["certkit fetch opc.tcp://HOST:PORT"],
    cure: "Use the address that the server announces, or correct the server's host name.",
    findings: &["opcua-endpoint-url-elsewhere"],
};

/// A stack was lenient.
pub static LENIENT: Reason = Reason {
    meaning: "The stack does not verify certificates, or has accepted an invalid one.",
    causes: &[
        cause("No trust list is configured.", "The log says so at the start."),
        cause("A check was switched off.", "The settings name it."),
    ],
    commands: &["certkit check opc.tcp://HOST:PORT", "certkit trust audit opcua:PKI"],
    cure: "Configure trust lists and switch the checks on; repair the certificates that then fail.",
    findings: &["opcua-leniently-accepted", "opcua-error-suppressed"],
};

/// The form of a self-signed certificate.
pub static CA_FLAG: Reason = Reason {
    meaning: "The application's certificate has the CA flag, or may sign certificates without being a CA.",
    causes: &[cause("The tool that made it sets the flag or the bit.", "`certkit check --profile opcua` reports it.")],
    commands: &["certkit check --profile opcua FILE"],
    cure: "Make it again without the CA flag and without keyCertSign, where peers refuse it.",
    findings: &["opcua-ca-flag-on-leaf", "key-cert-sign-without-ca"],
};

/// Another server certificate than in the endpoints.
pub static SESSION_DIFFERS: Reason = Reason {
    meaning: "The server shows another certificate now than it did before.",
    causes: &[
        cause("There is a gateway or load balancer in between.", "Two attempts show two certificates."),
        cause("The certificate was renewed while the client kept the old one.", "The thumbprints differ."),
    ],
    commands: &["certkit fetch opc.tcp://HOST:PORT"],
    cure: "Read the endpoints again, trust the new certificate, and connect to one server directly.",
    findings: &["opcua-certificate-untrusted"],
};
