//! Words of rustls.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::{alert, connection, key, purpose, revocation, time, trust};

/// What rustls says.
pub(in crate::explain) static RUSTLS: Program = Program {
    name: "rustls",
    keys: &["rustls"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "a run of uv with rustls 0.23; names read in rustls and webpki sources",
    entries: &[
        Entry::new(
            "UnknownIssuer",
            &trust::UNKNOWN_ISSUER,
            &["invalid peer certificate: UnknownIssuer", "InvalidCertificate(UnknownIssuer)"],
        ),
        Entry::new("CaUsedAsEndEntity", &trust::LEAF_IS_CA, &["CaUsedAsEndEntity"]),
        Entry::new("EndEntityUsedAsCa", &purpose::NOT_A_CA, &["EndEntityUsedAsCa"]),
        Entry::new(
            "NotValidForName",
            &purpose::NO_ALTERNATIVE_NAME,
            &[
                "certificate not valid for name <name>",
                "certificate not valid for name \"<host>\"",
                "NotValidForName",
                "CertNotValidForName",
                "NotValidForNameContext { expected: <name>",
            ],
        ),
        Entry::new(
            "Expired",
            &time::EXPIRED,
            &[
                "invalid peer certificate: Expired",
                "certificate expired: verification time",
                "CertExpired",
                "InvalidCertificate(Expired)",
                "ExpiredContext { time: <time>",
            ],
        ),
        Entry::new(
            "NotValidYet",
            &time::NOT_YET_VALID,
            &[
                "certificate not valid yet: verification time",
                "NotValidYet",
                "CertNotValidYet",
                "NotValidYetContext { time: <time>",
            ],
        ),
        Entry::new(
            "Revoked",
            &revocation::REVOKED,
            &["invalid peer certificate: Revoked", "CertRevoked", "InvalidCertificate(Revoked)"],
        )
        .source("names in rustls source"),
        Entry::new("IssuerNotCrlSigner", &revocation::UNKNOWN, &["IssuerNotCrlSigner"]).source("a run of webpki 0.103"),
        Entry::new("UnknownRevocationStatus", &revocation::UNKNOWN, &["UnknownRevocationStatus"])
            .source("names in rustls source"),
        Entry::new(
            "ExpiredRevocationList",
            &revocation::LIST_OVERDUE,
            &[
                "ExpiredRevocationList",
                "CrlExpired",
                "certificate revocation list expired",
                "ExpiredRevocationListContext { time: <time>",
            ],
        )
        .source("names in rustls source"),
        Entry::new(
            "BadSignature",
            &alert::DECRYPT_ERROR,
            &["invalid peer certificate: BadSignature", "InvalidCertificate(BadSignature)"],
        ),
        Entry::new(
            "UnsupportedSignatureAlgorithm",
            &key::WEAK_HASH,
            &[
                "UnsupportedSignatureAlgorithm",
                "UnsupportedSignatureAlgorithmContext",
                "UnsupportedSignatureAlgorithmForPublicKeyContext",
                "UnsupportedCrlSignatureAlgorithmContext",
            ],
        ),
        Entry::new("NameConstraintViolation", &purpose::NAME_CONSTRAINED, &["NameConstraintViolation"]),
        Entry::new("PathLenConstraintViolated", &purpose::PATH_TOO_LONG, &["PathLenConstraintViolated"]),
        Entry::new(
            "UnsupportedCriticalExtension",
            &purpose::CRITICAL_EXTENSION,
            &["UnsupportedCriticalExtension", "UnhandledCriticalExtension"],
        ),
        Entry::new(
            "InvalidPurpose",
            &purpose::WRONG_PURPOSE,
            &[
                "certificate does not allow extended key usage for <purpose>",
                "InvalidPurpose",
                "RequiredEkuNotFound",
                "RequiredEkuNotFoundContext",
                "InvalidPurposeContext { required: <purpose>",
            ],
        ),
        Entry::new("UnsupportedCertVersion", &purpose::FORM_WRONG, &["UnsupportedCertVersion"])
            .source("names in webpki source"),
        Entry::new(
            "InvalidContentType",
            &connection::NOT_TLS,
            &["received corrupt message of type InvalidContentType"],
        ),
        Entry::new("tls handshake eof", &connection::CLOSED, &["tls handshake eof"]),
        Entry::new("NoCertificatesPresented", &purpose::CLIENT_CERTIFICATE_MISSING, &["peer sent no certificates"])
            .source("names in rustls source"),
        Entry::new(
            "malformed",
            &purpose::MALFORMED,
            &[
                "BadDer",
                "TrailingData",
                "ExtensionValueInvalid",
                "EmptyEkuExtension",
                "SignatureAlgorithmMismatch",
                "BadEncoding",
            ],
        )
        .source("a run of webpki 0.103"),
        Entry::new("malformed-time", &time::MISSPELT, &["BadDerTime", "InvalidCertValidity"])
            .source("a run of webpki 0.103"),
        Entry::new(
            "malformed-name",
            &purpose::CONSTRAINTS_UNSUPPORTED,
            &["MalformedDnsIdentifier", "MalformedNameConstraint"],
        )
        .source("a run of webpki 0.103"),
        Entry::new("bad-signature-of-key", &trust::SIGNATURE_WRONG, &["InvalidSignatureForPublicKey"])
            .source("a run of webpki 0.103"),
        Entry::new(
            "no-close-notify",
            &connection::CLOSED,
            &["peer closed connection without sending TLS close_notify"],
        )
        .frame()
        .source("the source of rustls 0.23 (error.rs, conn.rs, server)"),
        Entry::new(
            "NoCipherSuitesInCommon",
            &connection::NOTHING_IN_COMMON,
            &[
                "peer is incompatible: NoCipherSuitesInCommon",
                "peer is incompatible: NoKxGroupsInCommon",
                "peer is incompatible: NoSignatureSchemesInCommon",
                "peer is incompatible: NoCertificateRequestSignatureSchemesInCommon",
            ],
        )
        .source("the source of rustls 0.23 (error.rs, conn.rs, server)"),
        Entry::new(
            "ServerDoesNotSupportTls12Or13",
            &connection::VERSION_OLD,
            &[
                "peer is incompatible: ServerDoesNotSupportTls12Or13",
                "peer is incompatible: ServerTlsVersionIsDisabledByOurConfig",
                "peer is incompatible: SupportedVersionsExtensionRequired",
                "peer is incompatible: Tls12NotOffered",
                "peer is incompatible: Tls12NotOfferedOrEnabled",
            ],
        )
        .source("the source of rustls 0.23 (error.rs, conn.rs, server)"),
        Entry::new("no-chain-resolved", &connection::NAME_UNKNOWN, &["no server certificate chain resolved"])
            .source("the source of rustls 0.23 (error.rs, conn.rs, server)"),
        Entry::new(
            "InconsistentKeys",
            &key::MISMATCH,
            &["keys may not be consistent: KeyMismatch", "keys may not be consistent: Unknown"],
        )
        .source("the source of rustls 0.23 (error.rs, conn.rs, server)"),
        Entry::new(
            "ApplicationVerificationFailure",
            &trust::REFUSED_BY_PROGRAM,
            &[
                "invalid peer certificate: ApplicationVerificationFailure",
                "InvalidCertificate(ApplicationVerificationFailure)",
            ],
        )
        .frame()
        .source("the source of rustls 0.23 (error.rs, conn.rs, server)"),
    ],
};
