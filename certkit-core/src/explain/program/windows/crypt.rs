//! Words of Windows.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{file, key, purpose, revocation, store, time, trust};

/// What Windows says.
pub(in crate::explain) static WINDOWS: Program = Program {
    name: "Windows",
    keys: &["windows"],
    context: &["import", "certificate", "pfx", "wizard"],
    carriers: &["{hex}", "{signed}", "{name}"],
    weak_carriers: &[],
    source: "winerror.h of mingw-w64 and the table of impacket; MS-ERREF",
    entries: &[
        Entry::new(
            "0x800B0101 CERT_E_EXPIRED",
            &time::EXPIRED,
            &["not within its validity period when verifying against the current system clock"],
        )
        .numbers(&[2148204801]),
        Entry::new(
            "0x800B0102 CERT_E_VALIDITYPERIODNESTING",
            &time::NOT_NESTED,
            &["validity periods of the certification chain do not nest correctly"],
        )
        .numbers(&[2148204802]),
        Entry::new(
            "0x800B0103 CERT_E_ROLE",
            &purpose::NOT_A_CA,
            &["can only be used as an end entity is being used as a CA or vice versa"],
        )
        .numbers(&[2148204803]),
        Entry::new(
            "0x800B0104 CERT_E_PATHLENCONST",
            &purpose::PATH_TOO_LONG,
            &["path length constraint in the certification chain has been violated"],
        )
        .numbers(&[2148204804]),
        Entry::new(
            "0x800B0105 CERT_E_CRITICAL",
            &purpose::CRITICAL_EXTENSION,
            &["contains an unknown extension that is marked"],
        )
        .numbers(&[2148204805]),
        Entry::new(
            "0x800B0107 CERT_E_ISSUERCHAINING",
            &trust::SIGNATURE_WRONG,
            &["parent of a given certificate did not issue that child certificate"],
        )
        .numbers(&[2148204807]),
        Entry::new(
            "0x800B0109 CERT_E_UNTRUSTEDROOT",
            &trust::UNKNOWN_ISSUER,
            &["terminated in a root certificate which is not trusted by the trust provider"],
        )
        .numbers(&[2148204809]),
        Entry::new(
            "0x800B010A CERT_E_CHAINING",
            &trust::UNKNOWN_ISSUER,
            &["chain could not be built to a trusted root authority"],
        )
        .numbers(&[2148204810]),
        Entry::new("0x800B010C CERT_E_REVOKED", &revocation::REVOKED, &["was explicitly revoked by its issuer"])
            .numbers(&[2148204812]),
        Entry::new(
            "0x800B010E CERT_E_REVOCATION_FAILURE",
            &revocation::UNKNOWN,
            &["revocation process could not continue"],
        )
        .numbers(&[2148204814]),
        Entry::new("0x800B010F CERT_E_CN_NO_MATCH", &purpose::WRONG_HOST, &["CN name does not match the passed value"])
            .numbers(&[2148204815]),
        Entry::new("0x800B0110 CERT_E_WRONG_USAGE", &purpose::WRONG_PURPOSE, &["not valid for the requested usage"])
            .numbers(&[2148204816]),
        Entry::new(
            "0x800B0111 TRUST_E_EXPLICIT_DISTRUST",
            &trust::UNKNOWN_ISSUER,
            &["explicitly marked as untrusted by the user"],
        )
        .numbers(&[2148204817]),
        Entry::new(
            "0x800B0112 CERT_E_UNTRUSTEDCA",
            &trust::UNKNOWN_ISSUER,
            &["one of the CA certificates is not trusted by the policy provider"],
        )
        .numbers(&[2148204818]),
        Entry::new(
            "0x800B0114 CERT_E_INVALID_NAME",
            &purpose::NAME_CONSTRAINED,
            &["not included in the permitted list or is explicitly excluded"],
        )
        .numbers(&[2148204820]),
        Entry::new(
            "0x80096004 TRUST_E_CERT_SIGNATURE",
            &trust::SIGNATURE_WRONG,
            &["signature of the certificate cannot be verified"],
        )
        .numbers(&[2148098052]),
        Entry::new(
            "0x80096019 TRUST_E_BASIC_CONSTRAINTS",
            &purpose::NOT_A_CA,
            &["basic constraint extension has not been observed"],
        )
        .numbers(&[2148098073]),
        Entry::new(
            "0x80092002 CRYPT_E_BAD_ENCODE",
            &file::NOT_READABLE,
            &["error occurred during encode or decode operation"],
        )
        .numbers(&[2148081666]),
        Entry::new("0x80092004 CRYPT_E_NOT_FOUND", &store::NOT_FOUND, &["Cannot find object or property"])
            .numbers(&[2148081668]),
        Entry::new("0x80092009 CRYPT_E_NO_MATCH", &file::NOT_READABLE, &["Cannot find the requested object"])
            .numbers(&[2148081673]),
        Entry::new("0x8009200D CRYPT_E_BAD_MSG", &file::NOT_READABLE, &["Not a cryptographic message"])
            .numbers(&[2148081677]),
        Entry::new("0x80092010 CRYPT_E_REVOKED", &revocation::REVOKED, &["The certificate is revoked"])
            .numbers(&[2148081680]),
        Entry::new(
            "0x80092012 CRYPT_E_NO_REVOCATION_CHECK",
            &revocation::UNKNOWN,
            &["revocation function was unable to check revocation for the certificate"],
        )
        .numbers(&[2148081682]),
        Entry::new("0x80092013 CRYPT_E_REVOCATION_OFFLINE", &revocation::UNKNOWN, &["revocation server was offline"])
            .numbers(&[2148081683]),
        Entry::new(
            "0x80092014 CRYPT_E_NOT_IN_REVOCATION_DATABASE",
            &revocation::UNKNOWN,
            &["not in the revocation server's database"],
        )
        .numbers(&[2148081684]),
        Entry::new("0x80093102 CRYPT_E_ASN1_EOD", &file::NOT_READABLE, &["ASN1 unexpected end of data"])
            .numbers(&[2148086018]),
        Entry::new("0x8009310B CRYPT_E_ASN1_BADTAG", &file::NOT_READABLE, &["ASN1 bad tag value met"])
            .numbers(&[2148086027]),
        Entry::new(
            "0x80090016 NTE_BAD_KEYSET",
            &key::WINDOWS_KEY,
            &["Keyset does not exist", "Key set does not exist"],
        )
        .numbers(&[2148073494]),
        Entry::new("0x8009000B NTE_BAD_KEY_STATE", &key::NOT_EXPORTABLE, &["Key not valid for use in specified state"])
            .numbers(&[2148073483]),
        Entry::new("0x80090010 NTE_PERM", &key::WINDOWS_KEY, &[]).numbers(&[2148073488]),
        Entry::new("0x80090029 NTE_NOT_SUPPORTED", &key::WINDOWS_KEY, &[])
            .numbers(&[2148073513])
            .certainty(Certainty::Medium),
        Entry::new(
            "0x80070056 ERROR_INVALID_PASSWORD",
            &file::PASSWORD,
            &["The specified network password is not correct"],
        )
        .numbers(&[2147942486])
        .source("ReactOS winerror.mc (code 86) and several programs"),
        Entry::new(
            "Import-PfxCertificate password",
            &file::PASSWORD,
            &["requires either a different password or membership in an Active Directory principal"],
        )
        .source("several public scripts")
        .certainty(Certainty::Medium),
        Entry::new("import-wizard password", &file::PASSWORD, &[])
            .weak(&["The password you entered is incorrect"])
            .source("common knowledge")
            .certainty(Certainty::Low),
        Entry::new(
            "netsh 1312",
            &store::NOT_FOUND,
            &[
                "SSL Certificate add failed, Error: 1312",
                "A specified logon session does not exist. It may already have been terminated",
            ],
        )
        .numbers(&[1312])
        .source("common knowledge")
        .certainty(Certainty::Medium),
        Entry::new("0x8009000D NTE_NO_KEY", &key::WINDOWS_KEY, &[]).numbers(&[2148073485]),
        Entry::new("0x80090014 NTE_BAD_PROV_TYPE", &key::WINDOWS_KEY, &["Invalid provider type specified"]).numbers(&[2148073492]),
        Entry::new("root-not-in-store", &trust::ROOT_NOT_TRUSTED, &["This CA Root certificate is not trusted because it is not in the Trusted Root Certification Authorities store"]).source("the certificate window of Windows").certainty(Certainty::Medium),
        Entry::new("0x800B0106 CERT_E_PURPOSE", &purpose::WRONG_PURPOSE, &["being used for a purpose other than the ones specified by its CA"]).numbers(&[2148204806]),
        Entry::new("0x800B0100 TRUST_E_NOSIGNATURE", &trust::NOT_SIGNED, &["No signature was present in the subject"]).numbers(&[2148204800]),
        Entry::new("0x80094800 CERTSRV_E_UNSUPPORTED_CERT_TYPE", &store::TEMPLATE, &["The requested certificate template is not supported by this CA"]).numbers(&[2148091904]).source("the table of impacket"),
    ],
};
