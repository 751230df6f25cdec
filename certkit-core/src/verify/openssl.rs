//! The numbers that OpenSSL has for what is found (`x509_vfy.h`): that is what people search for.

use crate::check::OpensslError;
use crate::path::End;
use crate::path::names::Peer;
use crate::path::process::{Fact, Kind};
use crate::path::revocation::WhyUseless;

macro_rules! errors {
    ($($constant:ident = $number:literal;)*) => {
        $(const $constant: OpensslError =
            OpensslError { number: $number, name: concat!("X509_V_ERR_", stringify!($constant)) };)*
    };
}

errors! {
    UNABLE_TO_GET_ISSUER_CERT = 2;
    UNABLE_TO_GET_CRL = 3;
    UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY = 6;
    CERT_SIGNATURE_FAILURE = 7;
    CRL_SIGNATURE_FAILURE = 8;
    CERT_NOT_YET_VALID = 9;
    CERT_HAS_EXPIRED = 10;
    CRL_NOT_YET_VALID = 11;
    CRL_HAS_EXPIRED = 12;
    ERROR_IN_CERT_NOT_BEFORE_FIELD = 13;
    ERROR_IN_CERT_NOT_AFTER_FIELD = 14;
    ERROR_IN_CRL_LAST_UPDATE_FIELD = 15;
    ERROR_IN_CRL_NEXT_UPDATE_FIELD = 16;
    DEPTH_ZERO_SELF_SIGNED_CERT = 18;
    SELF_SIGNED_CERT_IN_CHAIN = 19;
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY = 20;
    CERT_CHAIN_TOO_LONG = 22;
    CERT_REVOKED = 23;
    CERT_REJECTED = 28;
    PATH_LENGTH_EXCEEDED = 25;
    INVALID_PURPOSE = 26;
    KEYUSAGE_NO_CERTSIGN = 32;
    UNABLE_TO_GET_CRL_ISSUER = 33;
    UNHANDLED_CRITICAL_EXTENSION = 34;
    KEYUSAGE_NO_CRL_SIGN = 35;
    UNHANDLED_CRITICAL_CRL_EXTENSION = 36;
    INVALID_EXTENSION = 41;
    INVALID_POLICY_EXTENSION = 42;
    NO_EXPLICIT_POLICY = 43;
    DIFFERENT_CRL_SCOPE = 44;
    PERMITTED_VIOLATION = 47;
    EXCLUDED_VIOLATION = 48;
    UNSUPPORTED_CONSTRAINT_SYNTAX = 52;
    UNSUPPORTED_NAME_SYNTAX = 53;
    CRL_PATH_VALIDATION_ERROR = 54;
    PATH_LOOP = 55;
    HOSTNAME_MISMATCH = 62;
    EMAIL_MISMATCH = 63;
    IP_ADDRESS_MISMATCH = 64;
    EE_KEY_TOO_SMALL = 66;
    CA_KEY_TOO_SMALL = 67;
    CA_MD_TOO_WEAK = 68;
    SIGNATURE_ALGORITHM_MISMATCH = 77;
    SIGNATURE_ALGORITHM_INCONSISTENCY = 78;
    INVALID_CA = 79;
    PATHLEN_INVALID_FOR_NON_CA = 80;
    KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA = 82;
    ISSUER_NAME_EMPTY = 83;
    SUBJECT_NAME_EMPTY = 84;
    MISSING_AUTHORITY_KEY_IDENTIFIER = 85;
    MISSING_SUBJECT_KEY_IDENTIFIER = 86;
    EMPTY_SUBJECT_ALT_NAME = 87;
    EMPTY_SUBJECT_SAN_NOT_CRITICAL = 88;
    CA_BCONS_NOT_CRITICAL = 89;
    CA_CERT_MISSING_KEY_USAGE = 92;
    EXTENSIONS_REQUIRE_VERSION_3 = 93;
    EC_KEY_EXPLICIT_PARAMS = 94;
}

/// What OpenSSL says of a fact, on a path of `length` certificates; `None` for what it does not look at.
pub(super) fn of(fact: &Fact, length: usize) -> Option<OpensslError> {
    use crate::crypto::signature::{EXPLICIT_CURVE, Failure};
    Some(match &fact.kind {
        Kind::SignatureFails(Failure::KeyKind) => SIGNATURE_ALGORITHM_MISMATCH,
        Kind::SignatureFails(Failure::Unsupported(EXPLICIT_CURVE)) => EC_KEY_EXPLICIT_PARAMS,
        // OpenSSL may well verify what certkit cannot.
        Kind::SignatureFails(Failure::Unsupported(_)) => return None,
        Kind::SignatureFails(_) => CERT_SIGNATURE_FAILURE,
        Kind::FieldUnreadable(malformed) => match malformed.part {
            "notBefore" => ERROR_IN_CERT_NOT_BEFORE_FIELD,
            "notAfter" => ERROR_IN_CERT_NOT_AFTER_FIELD,
            "subjectPublicKeyInfo" => UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY,
            _ => return None,
        },
        Kind::CurveExplicit => EC_KEY_EXPLICIT_PARAMS,
        Kind::NotYetValid { .. } => CERT_NOT_YET_VALID,
        Kind::Expired { .. } => CERT_HAS_EXPIRED,
        Kind::NotAnchored { end, .. } => of_end(end, length),
        Kind::PeerNotNamed { peer, .. } => match peer {
            Peer::Host(_) => HOSTNAME_MISMATCH,
            Peer::Address(_) => IP_ADDRESS_MISMATCH,
            Peer::Mailbox(_) => EMAIL_MISMATCH,
        },
        Kind::DigestWeak { .. } => CA_MD_TOO_WEAK,
        Kind::KeyWeak { .. } if fact.certificate == 0 => EE_KEY_TOO_SMALL,
        Kind::KeyWeak { .. } => CA_KEY_TOO_SMALL,
        Kind::Revoked { .. } => CERT_REVOKED,
        Kind::RevocationUnknown { useless, .. } => useless.first().map_or(UNABLE_TO_GET_CRL, of_useless),
        Kind::NameNotPermitted { .. } => PERMITTED_VIOLATION,
        Kind::NameExcluded { .. } => EXCLUDED_VIOLATION,
        Kind::NameIncomparable { .. } => UNSUPPORTED_NAME_SYNTAX,
        Kind::ConstraintUnsound { .. } => UNSUPPORTED_CONSTRAINT_SYNTAX,
        Kind::PolicyRequired => NO_EXPLICIT_POLICY,
        Kind::MapsAnyPolicy | Kind::PolicyTwice { .. } | Kind::PolicyConstraintsEmpty => INVALID_POLICY_EXTENSION,
        Kind::NoBasicConstraints | Kind::NotACa | Kind::AnchorTooOld(_) => INVALID_CA,
        Kind::PathLengthExceeded { .. } => PATH_LENGTH_EXCEEDED,
        Kind::TooManyIntermediates { .. } => CERT_CHAIN_TOO_LONG,
        Kind::KeyCertSignMissing { .. } => KEYUSAGE_NO_CERTSIGN,
        Kind::UnknownCriticalExtension { .. } => UNHANDLED_CRITICAL_EXTENSION,
        Kind::ExtensionUnreadable { .. } | Kind::ExtensionTwice { .. } => INVALID_EXTENSION,
        Kind::PurposeNotAllowed { .. } | Kind::UsageUnfitForTls { .. } | Kind::CertTypeUnfitForTls { .. } => {
            INVALID_PURPOSE
        }
        Kind::AlgorithmsDiffer { .. } => SIGNATURE_ALGORITHM_INCONSISTENCY,
        Kind::TimeMisspelt { part: "notBefore" } => ERROR_IN_CERT_NOT_BEFORE_FIELD,
        Kind::TimeMisspelt { .. } => ERROR_IN_CERT_NOT_AFTER_FIELD,
        Kind::KeyIdentifiersDiffer => UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
        Kind::PurposeByAnyOnly { .. } => INVALID_PURPOSE,
        Kind::AnchorIssuedByOther { .. } if fact.certificate == 0 => UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
        Kind::AnchorIssuedByOther { .. } => UNABLE_TO_GET_ISSUER_CERT,
        Kind::IssuerHasTwin { twins, .. } if twins.mislead_openssl() => CERT_SIGNATURE_FAILURE,
        Kind::Distrusted { .. } => CERT_REJECTED,
        Kind::LooksSelfSigned if fact.certificate == 0 => DEPTH_ZERO_SELF_SIGNED_CERT,
        Kind::LooksSelfSigned => SELF_SIGNED_CERT_IN_CHAIN,
        Kind::ShouldNotBeCritical { extension: "issuerAltName" } => UNHANDLED_CRITICAL_EXTENSION,
        Kind::PathLengthWithoutCa => PATHLEN_INVALID_FOR_NON_CA,
        Kind::KeyCertSignWithoutCa => KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA,
        Kind::IssuerEmpty => ISSUER_NAME_EMPTY,
        Kind::CaSubjectEmpty | Kind::NoNameAtAll => SUBJECT_NAME_EMPTY,
        Kind::NoAuthorityKeyIdentifier => MISSING_AUTHORITY_KEY_IDENTIFIER,
        Kind::NoSubjectKeyIdentifier => MISSING_SUBJECT_KEY_IDENTIFIER,
        Kind::AltNameEmpty => EMPTY_SUBJECT_ALT_NAME,
        Kind::AltNameNotCritical => EMPTY_SUBJECT_SAN_NOT_CRITICAL,
        Kind::MustBeCritical { extension: "basicConstraints" } => CA_BCONS_NOT_CRITICAL,
        Kind::MustNotBeCritical { .. } => UNHANDLED_CRITICAL_EXTENSION,
        Kind::CaWithoutKeyUsage => CA_CERT_MISSING_KEY_USAGE,
        Kind::VersionTooOld(_) => EXTENSIONS_REQUIRE_VERSION_3,
        _ => return None,
    })
}

pub(super) fn of_end(end: &End, length: usize) -> OpensslError {
    match end {
        End::SelfSigned if length < 2 => DEPTH_ZERO_SELF_SIGNED_CERT,
        End::SelfSigned => SELF_SIGNED_CERT_IN_CHAIN,
        End::Cycle => PATH_LOOP,
        End::TooDeep | End::BudgetSpent(_) => CERT_CHAIN_TOO_LONG,
        End::Anchor | End::BeyondAnchor | End::IssuerMissing(_) => UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
    }
}

fn of_useless(why: &WhyUseless) -> OpensslError {
    match why {
        WhyUseless::NotYetValid { .. } => CRL_NOT_YET_VALID,
        WhyUseless::Expired { .. } => CRL_HAS_EXPIRED,
        WhyUseless::OutOfScope | WhyUseless::SomeReasons => DIFFERENT_CRL_SCOPE,
        WhyUseless::SignerMissing => UNABLE_TO_GET_CRL_ISSUER,
        WhyUseless::Signature(_) => CRL_SIGNATURE_FAILURE,
        WhyUseless::SignerMayNot { .. } => KEYUSAGE_NO_CRL_SIGN,
        WhyUseless::SignerUnproven => CRL_PATH_VALIDATION_ERROR,
        WhyUseless::TimeMisspelt { part: "nextUpdate", .. } => ERROR_IN_CRL_NEXT_UPDATE_FIELD,
        WhyUseless::TimeMisspelt { .. } => ERROR_IN_CRL_LAST_UPDATE_FIELD,
        WhyUseless::UnknownCritical(_) => UNHANDLED_CRITICAL_CRL_EXTENSION,
        _ => UNABLE_TO_GET_CRL,
    }
}
