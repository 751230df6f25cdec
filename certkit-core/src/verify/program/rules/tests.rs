//! The rules as a table: what is true of a certificate at a place of a sound path, and what each program does with it.

use super::{Said, Scene, said};
use crate::asn1::{Error, Problem, first_deviation};
use crate::cert::{Certificate, Malformed};
use crate::container;
use crate::crypto::signature::Failure;
use crate::oid::{self, Oid};
use crate::path::process::{Fact, Kind, Need};
use crate::path::revocation::{Misnomer, WhyUseless};
use crate::path::{Agreement, End, Link, Path, Verification};
use crate::verify::program::Program;

/// Leaf, issuing CA and root, of which the last is the anchor.
fn path() -> Path {
    let specimen = include_bytes!("../../../../../testdata/checks/issuer-spelt-otherwise/good.pem");
    let items = container::read(specimen).unwrap().items;
    let certificates: Vec<Certificate> = items.iter().map(|it| Certificate::from_der(&it.der).unwrap()).collect();
    assert_eq!(certificates.len(), 3);
    let link = Link {
        signature: Verification::Verified,
        key_identifier: Agreement::Agrees,
        issuer_and_serial: Agreement::Unstated,
    };
    Path { ids: vec![None; 3], links: vec![link; 2], certificates, end: End::Anchor }
}

fn unreadable(part: &'static str, problem: Problem, critical: bool) -> Kind {
    Kind::ExtensionUnreadable { malformed: Malformed { part, source: Error { offset: 0, problem } }, critical }
}

fn critical(oid: Oid<'_>) -> Kind {
    Kind::UnknownCriticalExtension { oid: oid.to_string() }
}

/// What is said of a SET of two members out of order.
fn out_of_order() -> Error {
    first_deviation(b"\x31\x06\x02\x01\x02\x02\x01\x01").unwrap()
}

fn useless(why: WhyUseless) -> Kind {
    Kind::RevocationUnknown { useless: vec![why], need: Need::Required }
}

/// `t` for taken, `r` for refused, `u` for unknown, `s` for what it did with the specimens of the check.
fn letter(said: Said) -> char {
    match said {
        Said::Taken => 't',
        Said::Refused(_) => 'r',
        Said::AsOfSpecimens => 's',
        Said::Unknown => 'u',
    }
}

#[test]
fn the_rules_are_those_that_the_programs_were_seen_to_follow() {
    use Problem::{Trailing, Truncated};
    let path = path();
    let programs = [Program::OpenSsl, Program::Java, Program::GnuTls, Program::Go];
    // Of the leaf, the issuing CA, the anchor: OpenSSL, Java, GnuTLS, Go.
    let table: [(Kind, [&str; 3]); 33] = [
        (unreadable("basicConstraints", Truncated, true), ["rrtr", "rrrr", "rrrr"]),
        (unreadable("basicConstraints", Trailing, true), ["trtt", "trrt", "trrt"]),
        (unreadable("keyUsage", Truncated, true), ["rrtr", "rrrr", "rrrr"]),
        (unreadable("keyUsage", Trailing, true), ["trtt", "trrt", "trrt"]),
        (unreadable("subjectKeyIdentifier", Truncated, false), ["rttr", "rttr", "rrtr"]),
        (unreadable("extKeyUsage", Truncated, false), ["rtrr", "rtrr", "rttr"]),
        (unreadable("extKeyUsage", Trailing, false), ["ttrt", "ttrt", "tttt"]),
        // The leaf of this path has a list of names, which is all that Go asks for.
        (unreadable("subjectAltName", Truncated, false), ["rtrt", "rtrr", "rtrr"]),
        (unreadable("issuerAltName", Truncated, false), ["ttrt", "ttrt", "ttrt"]),
        (unreadable("inhibitAnyPolicy", Truncated, false), ["tttt", "tttt", "tttt"]),
        (unreadable("netscapeCertType", Truncated, false), ["rttt", "rttt", "rttt"]),
        (critical(oid::OCSP_NO_CHECK), ["tsss", "tsss", "ttss"]),
        (critical(oid::TLS_FEATURE), ["ssts", "ssts", "stts"]),
        (Kind::NotDer(out_of_order()), ["stst", "stst", "stst"]),
        (unreadable("certificatePolicies", Truncated, false), ["tttr", "tttr", "tttr"]),
        (Kind::NoBasicConstraints, ["ssss", "ssss", "trts"]),
        (Kind::NotACa, ["ssss", "ssss", "srss"]),
        (Kind::KeyCertSignMissing { usages: vec!["cRLSign"] }, ["ssss", "ssss", "srss"]),
        (Kind::KeyCertSignMissing { usages: vec![] }, ["ssst", "ssst", "srst"]),
        (Kind::VersionTooOld(1), ["ssss", "ssss", "ssst"]),
        (Kind::VersionTooOld(4), ["sstr", "sstr", "sstr"]),
        (Kind::IssuerSpeltOtherwise { in_strings: true }, ["ssts", "ssss", "stss"]),
        (Kind::PurposeByAnyOnly { oid: "1.3.6.1.5.5.7.3.1".to_owned() }, ["ssss", "ssrs", "stts"]),
        (Kind::PurposeNotAllowed { oid: "1.3.6.1.5.5.7.3.1".to_owned(), allowed: vec![] }, ["sstt", "sttt", "sttt"]),
        (Kind::ConstraintUnsound { subtree: "IP:10.0.0.0".to_owned() }, ["ttrs", "ttrs", "ttrs"]),
        (Kind::ExtensionTwice { oid: "2.5.29.33".to_owned() }, ["tsss", "tsss", "tsss"]),
        (Kind::KeyIdentifiersDiffer, ["stts", "stts", "stts"]),
        (Kind::SignatureFails(Failure::Unsupported("it")), ["uuus", "uuus", "uuus"]),
        (Kind::ListMisnamed(Misnomer::Certificate), ["stss", "stss", "stss"]),
        (useless(WhyUseless::NoNextUpdate), ["ttts", "ttts", "ttts"]),
        (useless(WhyUseless::Indirect), ["rtts", "rtts", "rtts"]),
        (useless(WhyUseless::SignerMayNot { names_it: true }), ["ssrs", "srrs", "strs"]),
        (useless(WhyUseless::SignerMayNot { names_it: false }), ["ssts", "stts", "stts"]),
    ];
    for (kind, expected) in table {
        for (certificate, expected) in expected.into_iter().enumerate() {
            let fact = Fact { certificate, kind: kind.clone() };
            let told: String =
                programs.map(|it| letter(said(&fact, Scene { path: &path, peers: &[] }, it))).iter().collect();
            assert_eq!(told, expected, "{kind:?} of {certificate}");
        }
    }
}
