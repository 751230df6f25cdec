//! The certificate's own fields, in their order (RFC 5280 sections 4.1.1 and 4.1.2).

use super::super::Clause::{Rfc, Rfc5280};
use super::super::Look::{Decoding, Each, Facts};
use super::super::case::shown;
use super::super::{Case, Check, Outcome, Severity, Subject, always, has_authority};
use super::form::algorithms::spelt_pss_default;
use crate::asn1::Reader;
use crate::container::Oddity;
use crate::oid::Oid;
use crate::text::plural;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &CERTIFICATE_UNDECODABLE,
    &INPUT_NOT_READ,
    &FILE_FORM_UNREAD,
    &TRAILING_DATA,
    &NOT_DER,
    &INTEGER_MALFORMED,
    &DEFAULT_ENCODED,
    &FIELD_UNDECODABLE,
    &SIGNATURE_ALGORITHMS_DISAGREE,
    &VERSION_NOT_3,
    &EXTENSIONS_WITHOUT_VERSION_3,
    &SERIAL_NOT_POSITIVE,
    &SERIAL_TOO_LONG,
    &ISSUER_EMPTY,
    &SUBJECT_EMPTY,
];

/// The certificate cannot be made out at all, so that there is nothing else to look at.
pub static CERTIFICATE_UNDECODABLE: Check = Check {
    id: "certificate-undecodable",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1")],
    title: "The certificate can be decoded",
    why: "No program can use a certificate whose structure cannot be decoded: it is truncated, damaged, or something \
          else.",
    remedy: "Get the file again from where it was made, in binary mode, and compare fingerprints; `certkit inspect \
             FILE` shows where decoding fails.",
    look: Decoding,
};

/// Part of the input could not be read and was not checked.
pub static INPUT_NOT_READ: Check = Check {
    id: "input-not-read",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1")],
    title: "All inputs can be read",
    why: "An unreadable input is not checked, although it may contain the certificate in use. Other programs refuse \
          the whole file, or read it differently.",
    remedy: "Get the file again from where it was made, give the password if one is needed (`--password-file`), or \
             remove the part; `certkit inspect FILE` shows where it is.",
    look: Decoding,
};

/// The file is in a form that certkit reads and others do not.
pub static FILE_FORM_UNREAD: Check = Check {
    id: "file-form-unread",
    severity: Severity::Warning,
    clauses: &[Rfc(7468, "2"), Rfc(7468, "3")],
    title: "The format of a certificate file is one that every program reads",
    why: "Mail programs, editors and web pages change text. certkit still reads it; other programs find no certificate \
          in the file, or one of several, and usually report only \u{201c}no certificates\u{201d} or \u{201c}no start \
          line\u{201d}.",
    remedy: "Rewrite it: `certkit convert FILE -o NEW.pem`, and use that file instead.",
    look: Decoding,
};

/// Bytes follow the certificate where it was read.
pub static TRAILING_DATA: Check = Check {
    id: "trailing-data",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1")],
    title: "No data follows the certificate in its file",
    why: "Strict parsers refuse the file, lenient ones skip the rest; two programs can disagree about the same file. \
          The certificate itself is complete.",
    remedy: "Rewrite the file with the certificate only: `openssl x509 -in FILE -out NEW.pem`.",
    look: Each { applies: |_, subject| subject.is_on_path(), at: trailing_data },
};

fn trailing_data(_: &Case, subject: &Subject) -> Outcome {
    let count = subject.certificate.trailing();
    Outcome::not_met_if(count > 0, || {
        format!("{count} {} after the end of the certificate", plural(count, "byte follows", "bytes follow"))
    })
}

/// Lengths, numbers or sets are not written as DER demands.
pub static NOT_DER: Check = Check {
    id: "not-der",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1")],
    title: "Certificates and revocation lists are encoded in DER",
    why: "DER allows one encoding of each value, so that signatures and fingerprints are unambiguous. Lenient parsers \
          accept other encodings; strict ones, among them many recent ones, refuse the certificate.",
    remedy: "Reissue the certificate with another program; the encoding is signed and cannot be repaired.",
    look: Facts(always),
};

/// An INTEGER has no bytes, or more than it needs.
pub static INTEGER_MALFORMED: Check = Check {
    id: "integer-malformed",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1")],
    title: "Every INTEGER has the minimum number of bytes, and at least one",
    why: "Most decoders fail at serial numbers with no byte or with leading zeros: OpenSSL reports `illegal padding` \
          or `illegal zero content` and does not load the certificate, Go and Java refuse to read it (Java only the \
          one with no byte).",
    remedy: "Reissue the certificate with another program; the encoding is signed and cannot be repaired.",
    look: Facts(always),
};

/// A default value is spelt out.
pub static DEFAULT_ENCODED: Check = Check {
    id: "default-encoded",
    severity: Severity::Info,
    clauses: &[Rfc5280("4.1")],
    title: "No default value is encoded",
    why: "DER omits a value that equals its default, such as `critical FALSE`. Devices often encode it, and few \
          programs refuse it.",
    remedy: "No action is needed.",
    look: Each { applies: |case, subject| case.minds_form_of(subject), at: default_encoded },
};

fn default_encoded(_: &Case, subject: &Subject) -> Outcome {
    use crate::cert::extension::{BasicConstraints, NameConstraints};
    let certificate = &subject.certificate;
    if certificate.spells_default_version() {
        return Outcome::NotMet("version 1 is encoded explicitly".to_owned());
    }
    if let Some(extension) = certificate.extensions().iter().find(|extension| extension.spells_default) {
        return Outcome::NotMet(format!("{} has an explicit `critical` FALSE", named(extension.oid)));
    }
    let key = Reader::new(certificate.spki()).sequence().and_then(|mut key| key.element());
    let algorithms = [Some(certificate.signed_algorithm_der()), key.ok().map(|it| it.raw)];
    if let Some(what) = algorithms.into_iter().flatten().find_map(spelt_pss_default) {
        return Outcome::NotMet(format!("an RSA-PSS algorithm has an explicit {what}"));
    }
    let names = certificate.extension::<NameConstraints<'_>>().ok().flatten();
    if names.is_some_and(|it| it.permitted().chain(it.excluded()).any(|subtree| subtree.spells_default)) {
        return Outcome::NotMet("nameConstraints have an explicit `minimum` 0".to_owned());
    }
    let constraints = certificate.extension::<BasicConstraints>().ok().flatten();
    Outcome::not_met_if(constraints.is_some_and(|it| it.spells_default), || {
        "basicConstraints have an explicit `cA` FALSE".to_owned()
    })
}

/// A field that every reader needs cannot be decoded.
pub static FIELD_UNDECODABLE: Check = Check {
    id: "field-undecodable",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1")],
    title: "Names, dates, key and signature algorithm can be decoded",
    why: "A field that cannot be decoded cannot be checked: peers refuse the certificate, usually with only \
          \u{201c}invalid certificate\u{201d} in their log.",
    remedy: "Reissue the certificate with another program.",
    look: Facts(always),
};

/// The two places that name the signature algorithm differ.
pub static SIGNATURE_ALGORITHMS_DISAGREE: Check = Check {
    id: "signature-algorithms-disagree",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1.1.2"), Rfc5280("4.1.2.3")],
    title: "The inner and outer signature algorithms are the same",
    why: "The algorithm is in the signed part and again beside the signature; the outer one is not protected. If they \
          differ, the certificate was made incorrectly or changed afterwards; peers refuse it.",
    remedy: "Reissue the certificate with another program.",
    look: Facts(always),
};

/// The version is not 3.
pub static VERSION_NOT_3: Check = Check {
    id: "version-not-3",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1.2.1")],
    title: "The certificate is version 3",
    why: "Versions 1 and 2 have no extensions: no host names, no usages, no CA flag. Old roots and old devices have \
          them. Some clients accept such a root, none should accept such an intermediate CA, and many refuse such a \
          server certificate.",
    remedy: "Reissue it as version 3. With openssl, add extensions, for instance `openssl x509 -req -extfile FILE`; \
             without any, older releases write version 1.",
    look: Facts(always),
};

/// There are extensions in a version that has none.
pub static EXTENSIONS_WITHOUT_VERSION_3: Check = Check {
    id: "extensions-without-version-3",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1.2.1"), Rfc5280("4.1.2.9")],
    title: "A certificate with extensions is version 3",
    why: "Programs that check the version skip the extensions or, like Java, refuse the certificate; others read them. \
          So the same certificate can be a CA to one program but not to another.",
    remedy: "Reissue the certificate with another program.",
    look: Facts(always),
};

/// The serial number is zero or negative.
pub static SERIAL_NOT_POSITIVE: Check = Check {
    id: "serial-not-positive",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1.2.2")],
    title: "The serial number is positive",
    why: "Some devices make certificates with serial number 0 or a negative one. Most programs accept it; strict ones \
          refuse it, and a revocation list may be unable to list it.",
    remedy: "At the next renewal use a positive serial number, preferably a random one.",
    look: Facts(always),
};

/// The serial number has more than 20 octets.
pub static SERIAL_TOO_LONG: Check = Check {
    id: "serial-too-long",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1.2.2")],
    title: "The serial number has at most 20 bytes",
    why: "Programs must support 20 bytes, not more; some devices and libraries refuse or truncate longer numbers.",
    remedy: "At the next renewal use a shorter serial number.",
    look: Facts(always),
};

/// The issuer has no name.
pub static ISSUER_EMPTY: Check = Check {
    id: "issuer-empty",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1.2.4")],
    title: "The issuer has a name",
    why: "Issuers are found by name. Java, GnuTLS and OPC UA stacks refuse to read a certificate without one; OpenSSL \
          reports error 83 (with `-x509_strict`).",
    remedy: "Give the CA a name (at least a common name) and reissue the certificate.",
    look: Facts(always),
};

/// A CA has no name.
pub static SUBJECT_EMPTY: Check = Check {
    id: "subject-empty",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1.2.6")],
    title: "A CA has a name",
    why: "Certificates name their CA as issuer, and programs find the CA by that name. A CA without a name cannot be \
          an issuer.",
    remedy: "Make a new CA certificate with a name (at least a common name), and reissue everything that it has \
             issued.",
    look: Facts(has_authority),
};

/// What is said of a file in such a form.
pub fn form_unread(oddity: Oddity) -> String {
    format!("{oddity}: {} cannot read all of it", oddity.unread_by().join(", "))
}

/// The name of an identifier, or the identifier itself.
pub(in super::super) fn named(oid: Oid<'_>) -> String {
    oid.name().map_or_else(|| shown(&oid.to_string()), str::to_owned)
}
