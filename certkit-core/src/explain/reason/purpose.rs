//! What a certificate is for: its names and its allowed use.

use super::{Reason, cause};

/// The certificate is for other names.
pub static WRONG_HOST: Reason = Reason {
    meaning: "The certificate does not name the host that was connected to.",
    causes: &[
        cause(
            "The client uses another name, an alias or the address.",
            "The certificate names the host in another way.",
        ),
        cause("The name is only in the common name.", "There is no subject alternative name; most programs ignore CN."),
        cause("An address is given as a DNS name.", "`certkit check` reports address-as-dns-name."),
        cause("Another server answers on this address.", "The names in the certificate are those of another machine."),
    ],
    commands: &["certkit check https://HOST:PORT", "certkit check FILE --host HOST"],
    cure: "Connect by a name in the certificate, or reissue it with every name and address that clients use.",
    findings: &["host-mismatch", "address-as-dns-name"],
};

/// There is no subject alternative name.
pub static NO_ALTERNATIVE_NAME: Reason = Reason {
    meaning: "The certificate has no matching subject alternative name; its common name is ignored.",
    causes: &[
        cause("It was made by an old tool, with the host only in CN.", "`certkit inspect` shows no DNS names."),
        cause(
            "Java cannot read one of the names, and then ignores all.",
            "`certkit check FILE` reports san-unread-by-java.",
        ),
    ],
    commands: &["certkit check FILE --host HOST"],
    cure: "Issue it again with the host names and addresses as subject alternative names.",
    findings: &["san-missing", "san-unread-by-java", "host-mismatch", "common-name-foreign"],
};

/// An alternative name that Java does not take.
pub static ALTERNATIVE_NAME_UNREAD: Reason = Reason {
    meaning: "Java does not accept a URI in the certificate. In a critical subjectAltName it makes the certificate \
              unreadable; otherwise all names are lost.",
    causes: &[cause(
        "The URI has a blank, a brace or another character that is not allowed in a URI.",
        "`certkit check FILE` names the entry.",
    )],
    commands: &["certkit check FILE"],
    cure: "Reissue the certificate with a URI that Java reads, such as one with `%20` for a blank.",
    findings: &["san-unread-by-java", "application-uri-blank", "application-uri-malformed"],
};

/// The e-mail address does not fit.
pub static WRONG_EMAIL: Reason = Reason {
    meaning: "The certificate does not name the e-mail address that was expected.",
    causes: &[cause("The certificate belongs to another person.", "`certkit inspect` shows the address.")],
    commands: &["certkit inspect FILE"],
    cure: "Use the certificate of the person, or correct the expected address.",
    findings: &["email-mismatch"],
};

/// A name is outside what the CA may issue.
pub static NAME_CONSTRAINED: Reason = Reason {
    meaning: "A CA of the chain may issue only for certain names, and the certificate has another one.",
    causes: &[
        cause("The name constraints of the CA do not allow this name or address.", "`certkit inspect CA` shows them."),
        cause("The certificate has one name that is not allowed among many.", "Only one name is outside."),
    ],
    commands: &["certkit verify --trust CA FILE", "certkit inspect CA"],
    cure: "Reissue the certificate with only allowed names, or extend the constraints of the CA.",
    findings: &["name-not-permitted", "name-excluded"],
};

/// The certificate may not be used for this.
pub static WRONG_PURPOSE: Reason = Reason {
    meaning: "The certificate may not be used for this purpose.",
    causes: &[
        cause(
            "It is a client certificate used by a server, or the reverse.",
            "Its extended key usage names one of them.",
        ),
        cause("A CA above it narrows the purposes.", "`certkit check` reports ca-excludes-server-auth."),
        cause("Its key usage lacks what the key exchange needs.", "`certkit check` reports key-usage-unfit-for-tls."),
    ],
    commands: &["certkit check FILE", "certkit verify --trust CA --purpose client FILE"],
    cure: "Reissue it with the required purpose: server, client, or both if one program is both.",
    findings: &[
        "purpose-not-allowed",
        "server-auth-missing",
        "client-auth-missing",
        "ca-excludes-server-auth",
        "key-usage-unfit-for-tls",
    ],
};

/// The key usage does not fit TLS.
pub static KEY_USAGE_UNFIT: Reason = Reason {
    meaning: "The key usage of the certificate does not allow what this key exchange needs.",
    causes: &[
        cause("It lacks digitalSignature.", "`certkit inspect` shows the key usage."),
        cause("An old cipher needs keyEncipherment.", "It fails with TLS_RSA suites only."),
    ],
    commands: &["certkit check FILE"],
    cure: "Issue it again with digitalSignature (and keyEncipherment for RSA).",
    findings: &["key-usage-unfit-for-tls"],
};

/// A CA of the chain is none.
pub static NOT_A_CA: Reason = Reason {
    meaning: "A certificate in the chain acts as an issuer but is not a CA.",
    causes: &[
        cause("Its basic constraints do not say that it is a CA.", "`certkit check` reports ca-flag-missing."),
        cause("Its key usage lacks keyCertSign.", "`certkit check` reports ca-without-key-cert-sign."),
        cause("A server's certificate was used to sign another.", "The issuer has a host name as its subject."),
    ],
    commands: &["certkit check FILE", "certkit inspect CA"],
    cure: "Create a proper CA, and reissue the certificates with it.",
    findings: &["ca-flag-missing", "ca-key-usage-unfit", "ca-without-key-cert-sign"],
};

/// The chain is longer than a CA allows.
pub static PATH_TOO_LONG: Reason = Reason {
    meaning: "There are more CAs below a CA of the chain than it allows.",
    causes: &[cause("The path length of the upper CA is too small.", "`certkit inspect CA` shows pathlen.")],
    commands: &["certkit verify --trust CA FILE"],
    cure: "Issue from the upper CA directly, or reissue the upper CA with a larger path length.",
    findings: &["path-length-exceeded"],
};

/// More certificates than the program is ready to look at.
pub static CHAIN_TOO_LONG: Reason = Reason {
    meaning: "The chain has more certificates than the program allows.",
    causes: &[cause("The limit of the program is low.", "Its settings have a verify depth.")],
    commands: &["certkit fetch https://HOST:PORT"],
    cure: "Raise the verify depth of the program to the number of CAs in the chain.",
    findings: &["too-many-intermediates"],
};

/// An extension that must be understood is not.
pub static CRITICAL_EXTENSION: Reason = Reason {
    meaning: "The certificate has a critical extension that the program does not know or process.",
    causes: &[cause("A vendor's extension is marked critical.", "`certkit inspect` shows its object identifier.")],
    commands: &["certkit check FILE"],
    cure: "Reissue it without the extension, or with the extension not critical.",
    findings: &["extension-unknown-critical"],
};

/// A strict program misses a key identifier or the form of an extension.
pub static STRICT_FORM: Reason = Reason {
    meaning: "A strict program requires something of RFC 5280 that the certificate lacks.",
    causes: &[
        cause("A key identifier is missing.", "The message names the subject or the authority key identifier."),
        cause("The CA's basic constraints are not critical, or its key usage is missing.", "The message names them."),
        cause("The program became strict with an update, as Python did with 3.13.", "The older version accepts it."),
    ],
    commands: &["certkit check FILE"],
    cure: "Issue the CA or the certificate again with the extensions that are missing; `certkit generate` sets them.",
    findings: &[
        "authority-key-id-missing",
        "subject-key-id-missing",
        "ca-constraints-not-critical",
        "ca-key-usage-absent",
    ],
};

/// The certificate breaks a rule of form.
pub static FORM_WRONG: Reason = Reason {
    meaning: "A field of the certificate has a form or a value that the program does not accept.",
    causes: &[
        cause("The serial number is not positive.", "`certkit check` reports serial-not-positive."),
        cause("It is an X.509 certificate of version 1.", "`certkit check` reports version-not-3."),
        cause("Subject or issuer are empty.", "`certkit check` reports subject-empty or issuer-empty."),
        cause("It has extensions without being of version 3.", "`certkit check` reports extensions-without-version-3."),
    ],
    commands: &["certkit check FILE"],
    cure: "Issue it again with a proper tool.",
    findings: &[
        "serial-not-positive",
        "version-not-3",
        "subject-empty",
        "issuer-empty",
        "extensions-without-version-3",
    ],
};

/// Extensions contradict each other.
pub static EXTENSIONS_DISAGREE: Reason = Reason {
    meaning: "A strict program rejects an extension of the certificate: it contradicts the rest, or has the wrong \
              criticality.",
    causes: &[
        cause(
            "It is not a CA but has a path length or keyCertSign.",
            "`certkit check` reports key-cert-sign-without-ca.",
        ),
        cause(
            "The list of alternative names is empty or not critical beside an empty subject.",
            "The message names it.",
        ),
        cause("A key identifier is marked critical.", "The message names it."),
    ],
    commands: &["certkit check FILE"],
    cure: "Issue it again; `certkit generate` sets the extensions as RFC 5280 has them.",
    findings: &[
        "path-length-without-ca",
        "key-cert-sign-without-ca",
        "san-empty",
        "san-not-critical",
        "extension-must-not-be-critical",
    ],
};

/// The certificate cannot be decoded.
pub static MALFORMED: Reason = Reason {
    meaning: "The certificate breaks the rules of its encoding, and the program cannot read it or one of its fields.",
    causes: &[
        cause("It was made by a custom or old tool.", "`certkit check` names the field."),
        cause("It was damaged or cut off.", "A fresh copy is read."),
        cause("The program is stricter than others.", "OpenSSL reads it, but Go, Java or rustls do not."),
    ],
    commands: &["certkit inspect FILE", "certkit check FILE"],
    cure: "Copy it again; if that fails, too, reissue the certificate with a proper tool.",
    findings: &[
        "certificate-undecodable",
        "field-undecodable",
        "extension-undecodable",
        "extension-duplicate",
        "signature-algorithms-disagree",
        "not-der",
        "trailing-data",
    ],
};

/// Policies do not fit.
pub static POLICY: Reason = Reason {
    meaning: "The certificate policies of the chain do not match what a CA or the program requires.",
    causes: &[
        cause("A policy is required, but a certificate lacks it.", "`certkit verify` reports policy-required."),
        cause("The policies or their mappings are written wrongly.", "`certkit check` names the extension."),
    ],
    commands: &["certkit verify --trust CA FILE", "certkit check FILE"],
    cure: "Reissue the certificate with the policy, or remove the requirement from the settings of the program.",
    findings: &["policy-required", "policy-maps-any", "policy-duplicate"],
};

/// Name constraints that the program does not process.
pub static CONSTRAINTS_UNSUPPORTED: Reason = Reason {
    meaning: "A name constraint of a CA, or a name it applies to, has a form that cannot be compared.",
    causes: &[
        cause("The constraint has a type, depth or syntax that is not supported.", "`certkit check CA` names it."),
        cause("A name of the certificate is malformed.", "`certkit check FILE` reports san-malformed."),
    ],
    commands: &["certkit check CA", "certkit check FILE"],
    cure: "Reissue the CA with simple constraints of DNS names and addresses, and the certificate with simple names.",
    findings: &[
        "name-constraint-unsound",
        "name-constraint-depth",
        "name-constraint-kind",
        "name-incomparable",
        "san-malformed",
    ],
};

/// A proxy certificate.
pub static PROXY_CERTIFICATE: Reason = Reason {
    meaning: "The chain has a proxy certificate (RFC 3820), which the program does not accept.",
    causes: &[cause("A user's certificate has issued another one.", "`certkit inspect` shows the issuer.")],
    commands: &["certkit inspect FILE"],
    cure: "Use a certificate that a CA has issued.",
    findings: &["not-a-ca"],
};

/// No client certificate came.
pub static CLIENT_CERTIFICATE_MISSING: Reason = Reason {
    meaning: "The server requires a client certificate, but got none that is valid for clients.",
    causes: &[
        cause("The client has none in its settings.", "Its settings name no certificate and key."),
        cause("The client has one from a CA that the server does not ask for.", "The server's list of CAs lacks it."),
        cause("The certificate is for servers only.", "`certkit check` reports client-auth-missing."),
    ],
    commands: &["certkit check FILE", "certkit verify --trust CA --purpose client FILE"],
    cure: "Give the client a certificate for clients, of a CA that the server trusts, with its private key.",
    findings: &["client-auth-missing"],
};

/// The client's certificate was refused.
pub static CLIENT_CERTIFICATE_REFUSED: Reason = Reason {
    meaning: "The certificate of the client is missing or was not accepted.",
    causes: &[
        cause("The client sent none.", "Its settings name no certificate and key."),
        cause("The server does not know its CA.", "The server's store of client CAs lacks it."),
        cause("It has expired or is for servers only.", "`certkit check FILE` says so."),
    ],
    commands: &["certkit verify --trust CA --purpose client FILE"],
    cure: "Give the client a valid certificate for clients, of a CA that the server trusts.",
    findings: &["client-auth-missing", "anchor-unknown", "expired", "chain-issuers-not-sent"],
};
