//! Revocation lists, as OpenSSL sees them.

use x509_parser::prelude::FromDer as _;

use super::openssl::{Bench, run};
use super::*;
use crate::cert::{RevocationList, Serial};

fn check(bench: &Bench, list: &RevocationList, root: &Made, leaf: &Made) -> Result<String, String> {
    let list = bench.write("list.pem", "X509 CRL", list.der()).display().to_string();
    let root = bench.certificate("root.pem", &root.certificate).display().to_string();
    let leaf = bench.certificate("leaf.pem", &leaf.certificate).display().to_string();
    run(&["verify", "-x509_strict", "-crl_check", "-CRLfile", &list, "-CAfile", &root, &leaf])
}

#[test]
fn a_list_is_empty_then_grows_and_its_number_rises() {
    let bench = Bench::new();
    for kind in [KeyType::Rsa2048, KeyType::P384, KeyType::Ed25519] {
        let root = root(kind, "CN=Root,DC=plant,DC=example");
        let leaf = root.issue(KeyType::P256, &https("CN=one"));
        let other = root.issue(KeyType::P256, &https("CN=two"));
        let issuer = root.issuer();

        let first = Revocations::new(&issuer).unwrap().sign(now(), now().plus(30 * DAY)).unwrap();
        check(&bench, &first, &root, &leaf).unwrap();
        assert_eq!(first.number(), Some(Serial(&[1])));
        assert_eq!(first.entries().count(), 0);
        assert_eq!(first.issuer().der(), root.certificate.subject().der());

        let mut revocations = Revocations::extending(&issuer, &first).unwrap();
        revocations.revoke(&leaf.certificate, now().plus(-60), Reason::KeyCompromise).unwrap();
        let second = revocations.sign(now(), now().plus(30 * DAY)).unwrap();
        assert_eq!(second.number(), Some(Serial(&[2])));
        let said = check(&bench, &second, &root, &leaf).unwrap_err();
        assert!(said.contains("certificate revoked"), "{said}");
        check(&bench, &second, &root, &other).unwrap();

        let mut revocations = Revocations::extending(&issuer, &second).unwrap();
        assert_eq!(revocations.len(), 1);
        let error = revocations.revoke(&leaf.certificate, now(), Reason::Superseded).unwrap_err();
        assert!(matches!(error, Error::AlreadyRevoked { .. }), "{error}");
        revocations.revoke(&other.certificate, now(), Reason::Unspecified).unwrap();
        let third = revocations.sign(now(), now().plus(30 * DAY)).unwrap();
        let path = bench.write("list.pem", "X509 CRL", third.der()).display().to_string();
        let text = run(&["crl", "-in", &path, "-noout", "-text", "-crlnumber"]).unwrap();
        assert!(
            text.contains("0x03") && text.contains("Key Compromise") && text.contains("Authority Key Id"),
            "{text}"
        );
        assert_eq!(text.matches("Serial Number:").count(), 2, "{text}");
        assert_eq!(text.matches("X509v3 CRL Reason Code").count(), 1, "{text}");
        let (_, read) = x509_parser::revocation_list::CertificateRevocationList::from_der(third.der()).unwrap();
        assert_eq!(read.iter_revoked_certificates().count(), 2);
    }
}

#[test]
fn numbers_are_carried_over_every_octet() {
    let root = root(KeyType::P256, "CN=Root");
    let issuer = root.issuer();
    let mut list = Revocations::new(&issuer).unwrap().sign(now(), now().plus(DAY)).unwrap();
    for wanted in 2..=300u16 {
        list = Revocations::extending(&issuer, &list).unwrap().sign(now(), now().plus(DAY)).unwrap();
        let number = list.number().unwrap().to_string();
        assert_eq!(number, wanted.to_string());
    }
}

#[test]
fn a_list_is_extended_by_its_own_issuer_alone() {
    let [root, other, stranger] = ["CN=Root", "CN=Root", "CN=Stranger"].map(|name| root(KeyType::P256, name));
    let list = Revocations::new(&root.issuer()).unwrap().sign(now(), now().plus(DAY)).unwrap();
    for (issuer, word) in [(&other, "signature"), (&stranger, "another issuer")] {
        let issuer = issuer.issuer();
        let error = Revocations::extending(&issuer, &list).unwrap_err();
        assert!(matches!(&error, Error::ForeignList { problem, .. } if problem.contains(word)), "{error}");
    }
    let leaf = stranger.issue(KeyType::P256, &https("CN=leaf"));
    let issuer = root.issuer();
    let mut revocations = Revocations::extending(&issuer, &list).unwrap();
    let error = revocations.revoke(&leaf.certificate, now(), Reason::Unspecified).unwrap_err();
    assert!(matches!(error, Error::ForeignCertificate { .. }), "{error}");
    for (this_update, next_update) in [(now(), now()), (now().plus(-DAY), now().plus(DAY))] {
        let error = revocations.sign(this_update, next_update).unwrap_err();
        assert!(matches!(error, Error::UpdateTimes { .. }), "{error}");
    }
    let own = Issuer::itself(&root.key);
    assert!(matches!(Revocations::new(&own), Err(Error::NotAuthority { .. })));
}

#[test]
fn reasons_are_read_by_name() {
    for reason in Reason::ALL {
        assert_eq!(reason.name().parse::<Reason>().unwrap(), reason);
    }
    assert_eq!("key-compromise".parse::<Reason>().unwrap(), Reason::KeyCompromise);
    let error = "removeFromCRL".parse::<Reason>().unwrap_err().to_string();
    assert!(error.contains("keyCompromise, cACompromise"), "{error}");
}
