//! The certificate's own fields, in their order (RFC 5280 sections 4.1.1 and 4.1.2).

use super::super::Clause::{Rfc, Rfc5280};
use super::super::Look::{Decoding, Each, Facts};
use super::super::case::shown;
use super::super::{Case, Check, Outcome, Severity, Subject, always, has_authority};
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
    why: "Nobody can use a certificate whose structure cannot be made out: it was cut short, was changed on the way, or \
          is something else.",
    remedy: "Get the file again from where it was made, in binary mode, and compare fingerprints; `certkit inspect FILE` \
             says where the decoding ends.",
    look: Decoding,
};

/// Part of what was given could not be read, so that nobody has looked at it.
pub static INPUT_NOT_READ: Check = Check {
    id: "input-not-read",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1")],
    title: "Everything that was given can be read",
    why: "What cannot be read is not judged: it may be the very certificate that somebody relies on. Other programs \
          refuse the whole file for it, or read it and see something else.",
    remedy: "Get the file again from where it was made, give the password where one is needed (`--password-file`), or \
             take the part out; `certkit inspect FILE` says where it stands.",
    look: Decoding,
};

/// The file is in a form that certkit reads and others do not.
pub static FILE_FORM_UNREAD: Check = Check {
    id: "file-form-unread",
    severity: Severity::Warning,
    clauses: &[Rfc(7468, "2"), Rfc(7468, "3")],
    title: "A file with certificates is in a form that every program reads",
    why: "Mail programs, editors and web pages change text. certkit reads it all the same; the program that is to go by the \
          file finds no certificate in it, or one of several, and mostly says no more than \u{201c}no certificates\u{201d} \
          or \u{201c}no start line\u{201d}.",
    remedy: "Write it anew: `certkit convert FILE -o NEW.pem`, and give that file to the program.",
    look: Decoding,
};

/// Bytes follow the certificate where it was read.
pub static TRAILING_DATA: Check = Check {
    id: "trailing-data",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1")],
    title: "Nothing follows the certificate where it is stored",
    why: "Strict readers refuse the file, lenient ones skip the rest; so two programs can disagree about the same \
          file. The certificate itself is whole.",
    remedy: "Write the file anew from the certificate alone: `openssl x509 -in FILE -out NEW.pem`.",
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
    title: "The certificate is encoded in DER",
    why: "DER leaves one way to write a value, so that a signature and a fingerprint mean one thing. Lenient readers \
          accept other ways; strict ones, among them many written in recent years, refuse the certificate.",
    remedy: "Have the certificate issued anew with another program; the encoding is signed and cannot be mended.",
    look: Facts(always),
};

/// An INTEGER has no bytes, or more than it needs.
pub static INTEGER_MALFORMED: Check = Check {
    id: "integer-malformed",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1")],
    title: "Every INTEGER is written in as many bytes as it needs, and in one at least",
    why: "Serial numbers that a device writes without a byte, or with zeros before them, are what most decoders stop \
          at: OpenSSL reports `illegal padding` or `illegal zero content` and takes the certificate for none, Go and \
          Java refuse to read it (Java only the one without a byte).",
    remedy: "Have the certificate issued anew with another program; the encoding is signed and cannot be mended.",
    look: Facts(always),
};

/// A default value is spelt out.
pub static DEFAULT_ENCODED: Check = Check {
    id: "default-encoded",
    severity: Severity::Info,
    clauses: &[Rfc5280("4.1")],
    title: "No default value is spelt out",
    why: "DER leaves out a value that equals its default, such as `critical FALSE`. Spelling it out is common in \
          devices, and hardly a reader minds.",
    remedy: "Nothing need be done.",
    look: Each { applies: |case, subject| case.minds_form_of(subject), at: default_encoded },
};

fn default_encoded(_: &Case, subject: &Subject) -> Outcome {
    use crate::cert::extension::{BasicConstraints, NameConstraints};
    let certificate = &subject.certificate;
    if certificate.spells_default_version() {
        return Outcome::NotMet("version 1 is spelt out".to_owned());
    }
    if let Some(extension) = certificate.extensions().iter().find(|extension| extension.spells_default) {
        return Outcome::NotMet(format!("{} has `critical` spelt out as FALSE", named(extension.oid)));
    }
    let names = certificate.extension::<NameConstraints<'_>>().ok().flatten();
    if names.is_some_and(|it| it.permitted().chain(it.excluded()).any(|subtree| subtree.spells_default)) {
        return Outcome::NotMet("nameConstraints have `minimum` spelt out as 0".to_owned());
    }
    let constraints = certificate.extension::<BasicConstraints>().ok().flatten();
    Outcome::not_met_if(constraints.is_some_and(|it| it.spells_default), || {
        "basicConstraints have `cA` spelt out as FALSE".to_owned()
    })
}

/// A field that every reader needs cannot be decoded.
pub static FIELD_UNDECODABLE: Check = Check {
    id: "field-undecodable",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1")],
    title: "Names, dates, key and signature algorithm can be decoded",
    why: "What cannot be decoded cannot be checked: partners refuse the certificate, mostly with no more than \
          \u{201c}invalid certificate\u{201d} in their log.",
    remedy: "Have the certificate issued anew with another program.",
    look: Facts(always),
};

/// The two places that name the signature algorithm differ.
pub static SIGNATURE_ALGORITHMS_DISAGREE: Check = Check {
    id: "signature-algorithms-disagree",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1.1.2"), Rfc5280("4.1.2.3")],
    title: "The signature algorithm is the same in both places that name it",
    why: "The algorithm stands inside the signed part and again beside the signature, and the outer one is not \
          protected. Where they differ, the certificate was made carelessly or changed afterwards; partners refuse \
          it.",
    remedy: "Have the certificate issued anew with another program.",
    look: Facts(always),
};

/// The version is not 3.
pub static VERSION_NOT_3: Check = Check {
    id: "version-not-3",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1.2.1")],
    title: "The certificate is one of version 3",
    why: "Versions 1 and 2 have no extensions: no host names, no usages, no sign that a CA is one. Old roots and old \
          devices have them. Some clients accept them as a root, none should as an issuer below it, and many refuse \
          them as a server's.",
    remedy: "Issue it anew as version 3. With openssl that means giving it extensions, for instance `openssl x509 \
             -req -extfile FILE`; without any, older releases fall back to version 1.",
    look: Facts(always),
};

/// There are extensions in a version that has none.
pub static EXTENSIONS_WITHOUT_VERSION_3: Check = Check {
    id: "extensions-without-version-3",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1.2.1"), Rfc5280("4.1.2.9")],
    title: "A certificate with extensions says that it is of version 3",
    why: "Readers that go by the version skip the extensions or, as Java does, refuse the certificate; those that do \
          not go by it read them. So the same certificate can be a CA to one program and none to another.",
    remedy: "Have the certificate issued anew with another program.",
    look: Facts(always),
};

/// The serial number is zero or negative.
pub static SERIAL_NOT_POSITIVE: Check = Check {
    id: "serial-not-positive",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1.2.2")],
    title: "The serial number is positive",
    why: "Devices make certificates with serial number 0 or with a negative one. Most readers live with it; strict \
          ones refuse it, and a revocation list can hardly name it.",
    remedy: "When it is next renewed, have it issued with a positive serial number, at best a random one.",
    look: Facts(always),
};

/// The serial number has more than 20 octets.
pub static SERIAL_TOO_LONG: Check = Check {
    id: "serial-too-long",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.1.2.2")],
    title: "The serial number has at most 20 bytes",
    why: "Readers must handle 20 bytes and no more; some devices and libraries refuse longer numbers or cut them.",
    remedy: "When it is next renewed, have it issued with a shorter serial number.",
    look: Facts(always),
};

/// The issuer has no name.
pub static ISSUER_EMPTY: Check = Check {
    id: "issuer-empty",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1.2.4")],
    title: "The issuer has a name",
    why: "Issuers are found by name. Java and GnuTLS refuse to read a certificate without one, and so do OPC UA \
          stacks; OpenSSL has error 83 for it (with `-x509_strict`).",
    remedy: "Give the CA a name (at least a common name) and have it issue the certificate anew.",
    look: Facts(always),
};

/// A CA has no name.
pub static SUBJECT_EMPTY: Check = Check {
    id: "subject-empty",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.1.2.6")],
    title: "A CA has a name",
    why: "What a CA issues carries the CA's name as its issuer, and is found by it. A CA without a name cannot be the \
          issuer of anything.",
    remedy: "Make a new CA certificate with a name (at least a common name), and issue anew what it has issued.",
    look: Facts(has_authority),
};

/// What is said of a file in such a form.
pub fn form_unread(oddity: Oddity) -> String {
    format!("{oddity}: {} cannot read it, or not all of it", oddity.unread_by().join(", "))
}

/// The name of an identifier, or the identifier itself.
pub(in super::super) fn named(oid: Oid<'_>) -> String {
    oid.name().map_or_else(|| shown(&oid.to_string()), str::to_owned)
}
