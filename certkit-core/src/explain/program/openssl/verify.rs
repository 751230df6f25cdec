//! Words of OpenSSL verify.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::{alert, key, purpose, revocation, time, trust};

pub(super) const CONTEXT: &[&str] = &["verify", "openssl", "certificate chain", "depth"];

pub(super) const CARRIERS: &[&str] = &[
    "verify error:num={n}:",
    "error {n} at <depth> depth",
    "Verify return code: {n} (",
    "verify error: ({n}:",
    "Code: {n}, Reason",
    "X509_V_ERR_{name}",
];

pub(super) const SOURCE: &str = "the error tables of OpenSSL 3.0.19 and 4.0.3";

/// What OpenSSL verify says.
pub(in crate::explain) static OPENSSL_VERIFY: Program = Program {
    name: "OpenSSL verify",
    keys: &["openssl"],
    context: CONTEXT,
    carriers: CARRIERS,
    weak_carriers: &[],
    source: SOURCE,
    entries: &[
        Entry::new("0 X509_V_OK", &alert::NOTHING_WRONG, &[]).numbers(&[0]),
        Entry::new("2 UNABLE_TO_GET_ISSUER_CERT", &trust::ISSUER_OF_CA_MISSING, &["unable to get issuer certificate"])
            .numbers(&[2]),
        Entry::new("3 UNABLE_TO_GET_CRL", &revocation::UNKNOWN, &["unable to get certificate CRL"])
            .numbers(&[3])
            .source("a run of OpenSSL 3.0.19"),
        Entry::new("7 CERT_SIGNATURE_FAILURE", &trust::SIGNATURE_WRONG, &["certificate signature failure"])
            .numbers(&[7]),
        Entry::new("8 CRL_SIGNATURE_FAILURE", &revocation::LIST_WRONG, &["CRL signature failure"]).numbers(&[8]),
        Entry::new("9 CERT_NOT_YET_VALID", &time::NOT_YET_VALID, &["certificate is not yet valid"])
            .numbers(&[9])
            .source("a run of OpenSSL 3.0.19; text of 4.0.3"),
        Entry::new("10 CERT_HAS_EXPIRED", &time::EXPIRED, &["certificate has expired"])
            .numbers(&[10])
            .source("a run of OpenSSL 3.0.19"),
        Entry::new("11 CRL_NOT_YET_VALID", &revocation::LIST_NOT_YET_VALID, &["CRL is not yet valid"])
            .numbers(&[11])
            .source("a run of OpenSSL 3.0.19"),
        Entry::new("12 CRL_HAS_EXPIRED", &revocation::LIST_OVERDUE, &["CRL has expired"])
            .numbers(&[12])
            .source("a run of OpenSSL 3.0.19"),
        Entry::new(
            "13 ERROR_IN_CERT_NOT_BEFORE_FIELD",
            &time::MISSPELT,
            &["format error in certificate's notBefore field"],
        )
        .numbers(&[13]),
        Entry::new(
            "14 ERROR_IN_CERT_NOT_AFTER_FIELD",
            &time::MISSPELT,
            &["format error in certificate's notAfter field"],
        )
        .numbers(&[14]),
        Entry::new(
            "15 ERROR_IN_CRL_LAST_UPDATE_FIELD",
            &revocation::LIST_UNREADABLE,
            &["format error in CRL's lastUpdate field"],
        )
        .numbers(&[15]),
        Entry::new(
            "16 ERROR_IN_CRL_NEXT_UPDATE_FIELD",
            &revocation::LIST_UNREADABLE,
            &["format error in CRL's nextUpdate field"],
        )
        .numbers(&[16]),
        Entry::new(
            "18 DEPTH_ZERO_SELF_SIGNED_CERT",
            &trust::SELF_SIGNED,
            &["self-signed certificate", "self signed certificate"],
        )
        .numbers(&[18])
        .source("a run of OpenSSL 3.0.19"),
        Entry::new(
            "19 SELF_SIGNED_CERT_IN_CHAIN",
            &trust::ROOT_NOT_TRUSTED,
            &["self-signed certificate in certificate chain", "self signed certificate in certificate chain"],
        )
        .numbers(&[19])
        .source("a run of OpenSSL 3.0.19"),
        Entry::new(
            "20 UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
            &trust::UNKNOWN_ISSUER,
            &["unable to get local issuer certificate"],
        )
        .numbers(&[20])
        .source("a run of OpenSSL 3.0.19"),
        Entry::new(
            "21 UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            &trust::CHAIN_NOT_SENT,
            &["unable to verify the first certificate"],
        )
        .numbers(&[21])
        .covers(&[&trust::UNKNOWN_ISSUER])
        .source("a run of OpenSSL 3.0.19"),
        Entry::new("22 CERT_CHAIN_TOO_LONG", &purpose::CHAIN_TOO_LONG, &["certificate chain too long"]).numbers(&[22]),
        Entry::new("23 CERT_REVOKED", &revocation::REVOKED, &["certificate revoked"])
            .numbers(&[23])
            .source("a run of OpenSSL 3.0.19"),
        Entry::new("24 NO_ISSUER_PUBLIC_KEY or INVALID_CA", &purpose::NOT_A_CA, &[])
            .numbers(&[24])
            .source("headers of OpenSSL 3.0 and of AWS-LC"),
        Entry::new("25 PATH_LENGTH_EXCEEDED", &purpose::PATH_TOO_LONG, &["path length constraint exceeded"])
            .numbers(&[25])
            .source("a run of OpenSSL 3.0.19"),
        Entry::new(
            "26 INVALID_PURPOSE",
            &purpose::WRONG_PURPOSE,
            &["unsuitable certificate purpose", "unsupported certificate purpose"],
        )
        .numbers(&[26])
        .source("a run of OpenSSL 3.0.19"),
        Entry::new("27 CERT_UNTRUSTED", &trust::UNKNOWN_ISSUER, &[]).weak(&["certificate not trusted"]).numbers(&[27]),
        Entry::new("28 CERT_REJECTED", &trust::UNKNOWN_ISSUER, &[]).weak(&["certificate rejected"]).numbers(&[28]),
        Entry::new("30 AKID_SKID_MISMATCH", &trust::WRONG_TWIN, &["authority and subject key identifier mismatch"])
            .numbers(&[30]),
        Entry::new("32 KEYUSAGE_NO_CERTSIGN", &purpose::NOT_A_CA, &["key usage does not include certificate signing"])
            .numbers(&[32])
            .source("a run of OpenSSL 3.0.19"),
        Entry::new("34 UNHANDLED_CRITICAL_EXTENSION", &purpose::CRITICAL_EXTENSION, &["unhandled critical extension"])
            .numbers(&[34])
            .source("a run of OpenSSL 3.0.19"),
        Entry::new("37 INVALID_NON_CA", &trust::LEAF_IS_CA, &["invalid non-CA certificate (has CA markings)"])
            .numbers(&[37]),
        Entry::new("47 PERMITTED_VIOLATION", &purpose::NAME_CONSTRAINED, &["permitted subtree violation"])
            .numbers(&[47])
            .source("a run of OpenSSL 3.0.19"),
        Entry::new("50 APPLICATION_VERIFICATION", &trust::REFUSED_BY_PROGRAM, &["application verification failure"])
            .numbers(&[50])
            .frame(),
        Entry::new("62 HOSTNAME_MISMATCH", &purpose::WRONG_HOST, &["hostname mismatch"])
            .numbers(&[62])
            .source("a run of OpenSSL 3.0.19"),
        Entry::new("63 EMAIL_MISMATCH", &purpose::WRONG_EMAIL, &["email address mismatch"]).numbers(&[63]),
        Entry::new("64 IP_ADDRESS_MISMATCH", &purpose::WRONG_HOST, &["IP address mismatch"])
            .numbers(&[64])
            .source("a run of OpenSSL 3.0.19"),
        Entry::new("66 EE_KEY_TOO_SMALL", &key::TOO_WEAK, &["EE certificate key too weak"])
            .since("OpenSSL 1.1.0")
            .numbers(&[66])
            .source("a run of OpenSSL 3.0.19; 68 in AWS-LC and BoringSSL headers"),
        Entry::new("67 CA_KEY_TOO_SMALL", &key::TOO_WEAK, &["CA certificate key too weak"])
            .since("OpenSSL 1.1.0")
            .numbers(&[67]),
        Entry::new("68 CA_MD_TOO_WEAK", &key::WEAK_HASH, &["CA signature digest algorithm too weak"])
            .since("OpenSSL 1.1.0")
            .numbers(&[68])
            .source("a run of OpenSSL 3.0.19; 70 in AWS-LC and BoringSSL headers"),
        Entry::new(
            "74 OCSP_VERIFY_FAILED",
            &revocation::LIST_NOT_YET_VALID,
            &["OCSP verification failed", "OCSP response(s) invalid"],
        )
        .numbers(&[74]),
        Entry::new("79 INVALID_CA", &purpose::NOT_A_CA, &["invalid CA certificate"])
            .since("OpenSSL 3.0")
            .numbers(&[79])
            .source("a run of OpenSSL 3.0.19"),
        Entry::new("85 MISSING_AUTHORITY_KEY_IDENTIFIER", &purpose::STRICT_FORM, &["Missing Authority Key Identifier"])
            .since("OpenSSL 3.0")
            .numbers(&[85]),
        Entry::new("86 MISSING_SUBJECT_KEY_IDENTIFIER", &purpose::STRICT_FORM, &["Missing Subject Key Identifier"])
            .since("OpenSSL 3.0")
            .numbers(&[86]),
        Entry::new(
            "87 EMPTY_SUBJECT_ALT_NAME",
            &purpose::EXTENSIONS_DISAGREE,
            &["Empty Subject Alternative Name extension"],
        )
        .since("OpenSSL 3.0")
        .numbers(&[87]),
        Entry::new(
            "88 EMPTY_SUBJECT_SAN_NOT_CRITICAL",
            &purpose::EXTENSIONS_DISAGREE,
            &["Subject empty and Subject Alt Name extension not critical"],
        )
        .since("OpenSSL 3.0")
        .numbers(&[88]),
        Entry::new(
            "89 CA_BCONS_NOT_CRITICAL",
            &purpose::STRICT_FORM,
            &["Basic Constraints of CA cert not marked critical"],
        )
        .since("OpenSSL 3.0")
        .numbers(&[89]),
        Entry::new(
            "92 CA_CERT_MISSING_KEY_USAGE",
            &purpose::STRICT_FORM,
            &["CA cert does not include key usage extension"],
        )
        .since("OpenSSL 3.0")
        .numbers(&[92]),
        Entry::new(
            "93 EXTENSIONS_REQUIRE_VERSION_3",
            &purpose::FORM_WRONG,
            &["Using cert extension requires at least X509v3"],
        )
        .since("OpenSSL 3.0")
        .numbers(&[93]),
        Entry::new(
            "94 EC_KEY_EXPLICIT_PARAMS",
            &key::EXPLICIT_CURVE,
            &["Certificate public key has explicit ECC parameters"],
        )
        .since("OpenSSL 3.0")
        .numbers(&[94]),
        Entry::new("95 RPK_UNTRUSTED", &trust::PIN_DIFFERS, &["Raw public key untrusted, no trusted keys configured"])
            .since("OpenSSL 3.2")
            .numbers(&[95])
            .source("the error table of OpenSSL 3.2 and later"),
        Entry::new("96 OCSP_RESP_INVALID", &revocation::LIST_NOT_YET_VALID, &[])
            .numbers(&[96])
            .source("the error table of OpenSSL 4.0"),
        Entry::new(
            "97 OCSP_SIGNATURE_FAILURE",
            &revocation::LIST_WRONG,
            &["OCSP response signature verification failure"],
        )
        .numbers(&[97])
        .source("the error table of OpenSSL 4.0"),
        Entry::new("99 OCSP_HAS_EXPIRED", &revocation::LIST_NOT_YET_VALID, &["OCSP response has expired"])
            .numbers(&[99])
            .source("the error table of OpenSSL 4.0"),
        Entry::new("100 OCSP_NO_RESPONSE", &revocation::UNKNOWN, &["no OCSP response available for certificate"])
            .numbers(&[100])
            .source("the error table of OpenSSL 4.0"),
    ],
};
