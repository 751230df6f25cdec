//! Words of Windows about chains, as certutil prints them, and in other languages.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{connection, file, key, purpose, revocation, time, trust};

/// What Windows says about chains.
pub(in crate::explain) static WINDOWS_TRUST: Program = Program {
    name: "Windows",
    keys: &["windows"],
    context: &["certificate", "zertifikat", "certutil", "ssl", "tls", "pfx", "private key", "schannel"],
    carriers: &[],
    weak_carriers: &["{hex}", "{signed}"],
    source: "wincrypt.h (CERT_TRUST_STATUS), as certutil prints it",
    entries: &[
        Entry::new("CERT_TRUST_IS_NOT_TIME_VALID", &time::OUTSIDE_VALIDITY, &["CERT_TRUST_IS_NOT_TIME_VALID"]),
        Entry::new("CERT_TRUST_IS_REVOKED", &revocation::REVOKED, &["CERT_TRUST_IS_REVOKED"]),
        Entry::new("CERT_TRUST_IS_NOT_SIGNATURE_VALID", &trust::SIGNATURE_WRONG, &["CERT_TRUST_IS_NOT_SIGNATURE_VALID"]),
        Entry::new("CERT_TRUST_IS_NOT_VALID_FOR_USAGE", &purpose::WRONG_PURPOSE, &["CERT_TRUST_IS_NOT_VALID_FOR_USAGE"]),
        Entry::new("CERT_TRUST_IS_UNTRUSTED_ROOT", &trust::ROOT_NOT_TRUSTED, &["CERT_TRUST_IS_UNTRUSTED_ROOT"]),
        Entry::new("CERT_TRUST_REVOCATION_STATUS_UNKNOWN", &revocation::UNKNOWN, &["CERT_TRUST_REVOCATION_STATUS_UNKNOWN"]),
        Entry::new("CERT_TRUST_IS_OFFLINE_REVOCATION", &revocation::UNKNOWN, &["CERT_TRUST_IS_OFFLINE_REVOCATION"]),
        Entry::new("CERT_TRUST_INVALID_EXTENSION", &purpose::MALFORMED, &["CERT_TRUST_INVALID_EXTENSION"]),
        Entry::new("CERT_TRUST_INVALID_POLICY_CONSTRAINTS", &purpose::POLICY, &["CERT_TRUST_INVALID_POLICY_CONSTRAINTS"]),
        Entry::new("CERT_TRUST_NO_ISSUANCE_CHAIN_POLICY", &purpose::POLICY, &["CERT_TRUST_NO_ISSUANCE_CHAIN_POLICY"]),
        Entry::new("CERT_TRUST_INVALID_BASIC_CONSTRAINTS", &purpose::NOT_A_CA, &["CERT_TRUST_INVALID_BASIC_CONSTRAINTS"]),
        Entry::new("CERT_TRUST_INVALID_NAME_CONSTRAINTS", &purpose::CONSTRAINTS_UNSUPPORTED, &["CERT_TRUST_INVALID_NAME_CONSTRAINTS"]),
        Entry::new("CERT_TRUST_HAS_NOT_SUPPORTED_NAME_CONSTRAINT", &purpose::CONSTRAINTS_UNSUPPORTED, &["CERT_TRUST_HAS_NOT_SUPPORTED_NAME_CONSTRAINT"]),
        Entry::new("CERT_TRUST_HAS_NOT_PERMITTED_NAME_CONSTRAINT", &purpose::NAME_CONSTRAINED, &["CERT_TRUST_HAS_NOT_PERMITTED_NAME_CONSTRAINT"]),
        Entry::new("CERT_TRUST_HAS_EXCLUDED_NAME_CONSTRAINT", &purpose::NAME_CONSTRAINED, &["CERT_TRUST_HAS_EXCLUDED_NAME_CONSTRAINT"]),
        Entry::new("CERT_TRUST_IS_PARTIAL_CHAIN", &trust::UNKNOWN_ISSUER, &["CERT_TRUST_IS_PARTIAL_CHAIN"]),
        Entry::new("CERT_TRUST_IS_EXPLICIT_DISTRUST", &trust::UNKNOWN_ISSUER, &["CERT_TRUST_IS_EXPLICIT_DISTRUST"]),
        Entry::new("CERT_TRUST_HAS_NOT_SUPPORTED_CRITICAL_EXT", &purpose::CRITICAL_EXTENSION, &["CERT_TRUST_HAS_NOT_SUPPORTED_CRITICAL_EXT"]),
        Entry::new("CERT_TRUST_HAS_WEAK_SIGNATURE", &key::WEAK_HASH, &["CERT_TRUST_HAS_WEAK_SIGNATURE"]),
        Entry::new("0x80070005 E_ACCESSDENIED", &key::WINDOWS_KEY, &[]).numbers(&[2147942405]).source("winerror.h of mingw-w64"),
        Entry::new("0x80070002 ERROR_FILE_NOT_FOUND", &file::NOT_OPENED, &[]).weak(&["The system cannot find the file specified"]).numbers(&[2147942402]).source("winerror.h of mingw-w64"),
        Entry::new("german untrusted authority", &trust::UNKNOWN_ISSUER, &["Zertifikatkette wurde von einer nicht vertrauenswürdigen Zertifizierungsstelle ausgestellt"]).source("German text of SEC_E_UNTRUSTED_ROOT").certainty(Certainty::Medium),
        Entry::new("german untrusted root", &trust::UNKNOWN_ISSUER, &["endete jedoch mit einem Stammzertifikat, das beim Vertrauensanbieter nicht als vertrauenswürdig gilt"]).source("German text of CERT_E_UNTRUSTEDROOT").certainty(Certainty::Medium),
        Entry::new("german wrong principal", &purpose::WRONG_HOST, &["Der Zielprinzipalname ist falsch"]).source("German text of SEC_E_WRONG_PRINCIPAL").certainty(Certainty::Medium),
        Entry::new("german no common algorithm", &connection::VERSION_OLD, &["Client und Server können keine Daten austauschen, da sie nicht über einen gemeinsamen Algorithmus verfügen"]).source("German text of SEC_E_ALGORITHM_MISMATCH").certainty(Certainty::Medium),
        Entry::new("0x8007000D ERROR_INVALID_DATA", &file::NOT_READABLE, &[]).weak(&["The data is invalid"]).numbers(&[2147942413]).source("winerror.h of mingw-w64"),
    ],
};
