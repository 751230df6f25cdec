//! Words of OpenSSL verify that are seldom met. Their numbers alone mean other things more often.

use super::verify::{CARRIERS, CONTEXT, SOURCE};
use crate::explain::entry::{Entry, Program};
use crate::explain::reason::{alert, key, purpose, revocation, trust};

/// What OpenSSL verify seldom says.
pub(in crate::explain) static OPENSSL_VERIFY_RARE: Program = Program {
    name: "OpenSSL verify",
    keys: &["openssl"],
    context: CONTEXT,
    carriers: CARRIERS,
    weak_carriers: &[],
    source: SOURCE,
    entries: &[
        Entry::new("1 UNSPECIFIED", &trust::NOT_VERIFIED, &["unspecified certificate verification error"])
            .numbers(&[1])
            .frame(),
        Entry::new(
            "4 UNABLE_TO_DECRYPT_CERT_SIGNATURE",
            &trust::SIGNATURE_WRONG,
            &["unable to decrypt certificate's signature"],
        )
        .numbers(&[4]),
        Entry::new(
            "5 UNABLE_TO_DECRYPT_CRL_SIGNATURE",
            &revocation::LIST_WRONG,
            &["unable to decrypt CRL's signature"],
        )
        .numbers(&[5]),
        Entry::new("6 UNABLE_TO_DECODE_ISSUER_PUBLIC_KEY", &key::UNREADABLE, &["unable to decode issuer public key"])
            .numbers(&[6]),
        Entry::new("17 OUT_OF_MEM", &alert::PROGRAM_FAULT, &[]).numbers(&[17]),
        Entry::new("29 SUBJECT_ISSUER_MISMATCH", &trust::WRONG_TWIN, &[])
            .weak(&["subject issuer mismatch"])
            .numbers(&[29]),
        Entry::new(
            "31 AKID_ISSUER_SERIAL_MISMATCH",
            &trust::WRONG_TWIN,
            &["authority and issuer serial number mismatch"],
        )
        .numbers(&[31]),
        Entry::new("33 UNABLE_TO_GET_CRL_ISSUER", &revocation::LIST_WRONG, &["unable to get CRL issuer certificate"])
            .numbers(&[33]),
        Entry::new("35 KEYUSAGE_NO_CRL_SIGN", &revocation::LIST_WRONG, &["key usage does not include CRL signing"])
            .numbers(&[35]),
        Entry::new(
            "36 UNHANDLED_CRITICAL_CRL_EXTENSION",
            &revocation::LIST_UNREADABLE,
            &["unhandled critical CRL extension"],
        )
        .numbers(&[36]),
        Entry::new(
            "38 PROXY_PATH_LENGTH_EXCEEDED",
            &purpose::PROXY_CERTIFICATE,
            &["proxy path length constraint exceeded"],
        )
        .numbers(&[38]),
        Entry::new(
            "39 KEYUSAGE_NO_DIGITAL_SIGNATURE",
            &purpose::KEY_USAGE_UNFIT,
            &["key usage does not include digital signature"],
        )
        .numbers(&[39]),
        Entry::new(
            "40 PROXY_CERTIFICATES_NOT_ALLOWED",
            &purpose::PROXY_CERTIFICATE,
            &["proxy certificates not allowed, please set the appropriate flag"],
        )
        .numbers(&[40]),
        Entry::new("41 INVALID_EXTENSION", &purpose::MALFORMED, &["invalid or inconsistent certificate extension"])
            .numbers(&[41]),
        Entry::new(
            "42 INVALID_POLICY_EXTENSION",
            &purpose::POLICY,
            &["invalid or inconsistent certificate policy extension"],
        )
        .numbers(&[42]),
        Entry::new("43 NO_EXPLICIT_POLICY", &purpose::POLICY, &[]).weak(&["no explicit policy"]).numbers(&[43]),
        Entry::new("44 DIFFERENT_CRL_SCOPE", &revocation::UNKNOWN, &["different CRL scope"]).numbers(&[44]),
        Entry::new("45 UNSUPPORTED_EXTENSION_FEATURE", &purpose::CRITICAL_EXTENSION, &[])
            .weak(&["unsupported extension feature"])
            .numbers(&[45]),
        Entry::new(
            "46 UNNESTED_RESOURCE",
            &purpose::MALFORMED,
            &["RFC 3779 resource not subset of parent's resources"],
        )
        .numbers(&[46]),
        Entry::new("48 EXCLUDED_VIOLATION", &purpose::NAME_CONSTRAINED, &["excluded subtree violation"]).numbers(&[48]),
        Entry::new(
            "49 SUBTREE_MINMAX",
            &purpose::CONSTRAINTS_UNSUPPORTED,
            &["name constraints minimum and maximum not supported"],
        )
        .numbers(&[49]),
        Entry::new(
            "51 UNSUPPORTED_CONSTRAINT_TYPE",
            &purpose::CONSTRAINTS_UNSUPPORTED,
            &["unsupported name constraint type"],
        )
        .numbers(&[51]),
        Entry::new(
            "52 UNSUPPORTED_CONSTRAINT_SYNTAX",
            &purpose::CONSTRAINTS_UNSUPPORTED,
            &["unsupported or invalid name constraint syntax"],
        )
        .numbers(&[52]),
        Entry::new(
            "53 UNSUPPORTED_NAME_SYNTAX",
            &purpose::CONSTRAINTS_UNSUPPORTED,
            &["unsupported or invalid name syntax"],
        )
        .numbers(&[53]),
        Entry::new("54 CRL_PATH_VALIDATION_ERROR", &revocation::LIST_WRONG, &["CRL path validation error"])
            .numbers(&[54]),
        Entry::new("55 PATH_LOOP", &trust::WRONG_TWIN, &[]).numbers(&[55]).weak(&["path loop"]),
        Entry::new("56 SUITE_B_INVALID_VERSION", &key::SUITE_B, &["Suite B: certificate version invalid"])
            .numbers(&[56]),
        Entry::new("57 SUITE_B_INVALID_ALGORITHM", &key::SUITE_B, &["Suite B: invalid public key algorithm"])
            .numbers(&[57]),
        Entry::new("58 SUITE_B_INVALID_CURVE", &key::SUITE_B, &["Suite B: invalid ECC curve"]).numbers(&[58]),
        Entry::new("59 SUITE_B_INVALID_SIGNATURE_ALGORITHM", &key::SUITE_B, &["Suite B: invalid signature algorithm"])
            .numbers(&[59]),
        Entry::new("60 SUITE_B_LOS_NOT_ALLOWED", &key::SUITE_B, &["Suite B: curve not allowed for this LOS"])
            .numbers(&[60]),
        Entry::new(
            "61 SUITE_B_CANNOT_SIGN_P_384_WITH_P_256",
            &key::SUITE_B,
            &["Suite B: cannot sign P-384 with P-256"],
        )
        .numbers(&[61]),
        Entry::new("65 DANE_NO_MATCH", &trust::PIN_DIFFERS, &["no matching DANE TLSA records"]).numbers(&[65]),
        Entry::new("69 INVALID_CALL", &alert::PROGRAM_FAULT, &["invalid certificate verification context"])
            .numbers(&[69])
            .source("the error tables of OpenSSL 3.0.19; number 65 in 1.0.2"),
        Entry::new("70 STORE_LOOKUP", &alert::PROGRAM_FAULT, &["issuer certificate lookup error"])
            .numbers(&[70])
            .source("the error tables of OpenSSL 3.0.19; number 66 in 1.0.2"),
        Entry::new(
            "71 NO_VALID_SCTS",
            &trust::NOT_LOGGED,
            &["Certificate Transparency required, but no valid SCTs found"],
        )
        .numbers(&[71]),
        Entry::new("72 PROXY_SUBJECT_NAME_VIOLATION", &purpose::PROXY_CERTIFICATE, &["proxy subject name violation"])
            .numbers(&[72])
            .source("the error tables of OpenSSL 3.0.19; number 67 in 1.0.2"),
        Entry::new("73 OCSP_VERIFY_NEEDED", &revocation::UNKNOWN, &["OCSP verification needed"]).numbers(&[73]),
        Entry::new("75 OCSP_CERT_UNKNOWN", &revocation::UNKNOWN, &["OCSP unknown cert"]).numbers(&[75]),
        Entry::new(
            "76 UNSUPPORTED_SIGNATURE_ALGORITHM",
            &key::UNREADABLE,
            &["Cannot find certificate signature algorithm"],
        )
        .numbers(&[76]),
        Entry::new(
            "77 SIGNATURE_ALGORITHM_MISMATCH",
            &trust::SIGNATURE_WRONG,
            &["subject signature algorithm and issuer public key algorithm mismatch"],
        )
        .numbers(&[77]),
        Entry::new(
            "78 SIGNATURE_ALGORITHM_INCONSISTENCY",
            &purpose::MALFORMED,
            &[
                "cert info signature and signature algorithm mismatch",
                "cert info siganature and signature algorithm mismatch",
            ],
        )
        .numbers(&[78]),
        Entry::new(
            "80 PATHLEN_INVALID_FOR_NON_CA",
            &purpose::EXTENSIONS_DISAGREE,
            &["Path length invalid for non-CA cert"],
        )
        .since("OpenSSL 3.0")
        .numbers(&[80]),
        Entry::new(
            "81 PATHLEN_WITHOUT_KU_KEY_CERT_SIGN",
            &purpose::EXTENSIONS_DISAGREE,
            &["Path length given without key usage keyCertSign"],
        )
        .since("OpenSSL 3.0")
        .numbers(&[81]),
        Entry::new(
            "82 KU_KEY_CERT_SIGN_INVALID_FOR_NON_CA",
            &purpose::EXTENSIONS_DISAGREE,
            &["Key usage keyCertSign invalid for non-CA cert"],
        )
        .since("OpenSSL 3.0")
        .numbers(&[82]),
        Entry::new("83 ISSUER_NAME_EMPTY", &purpose::FORM_WRONG, &["83 Issuer name empty"])
            .since("OpenSSL 3.0")
            .weak(&["Issuer name empty"])
            .numbers(&[83]),
        Entry::new("84 SUBJECT_NAME_EMPTY", &purpose::FORM_WRONG, &["84 Subject name empty"])
            .since("OpenSSL 3.0")
            .weak(&["Subject name empty"])
            .numbers(&[84]),
        Entry::new(
            "90 AUTHORITY_KEY_IDENTIFIER_CRITICAL",
            &purpose::EXTENSIONS_DISAGREE,
            &["Authority Key Identifier marked critical"],
        )
        .since("OpenSSL 3.0")
        .numbers(&[90]),
        Entry::new(
            "91 SUBJECT_KEY_IDENTIFIER_CRITICAL",
            &purpose::EXTENSIONS_DISAGREE,
            &["Subject Key Identifier marked critical"],
        )
        .since("OpenSSL 3.0")
        .numbers(&[91]),
        Entry::new(
            "98 OCSP_NOT_YET_VALID",
            &revocation::LIST_NOT_YET_VALID,
            &["OCSP response not yet valid (contains a date in the future)"],
        )
        .numbers(&[98])
        .source("the error table of OpenSSL 4.0"),
    ],
};
