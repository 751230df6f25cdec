//! What is written stays the same, octet for octet: digests of structures that were made from fixed keys, dates and numbers.

use super::super::read_back::WantedByIssuer;
use super::*;
use crate::cert::Serial;
use crate::cert::extension::KeyUsage;
use crate::crypto::digest;
use crate::text::Hex;

/// A key of Ed25519 (RFC 8410 section 7), whose signatures are the same each time.
fn key(seed: u8) -> KeyPair {
    let head = b"\x30\x2e\x02\x01\x00\x30\x05\x06\x03\x2b\x65\x70\x04\x22\x04\x20";
    KeyPair::from_der(&[&head[..], &[seed; 32]].concat()).unwrap()
}

fn template(kind: Kind, subject: &str) -> Template {
    let validity =
        Validity { not_before: Moment::from_unix(1_700_000_000), not_after: Moment::from_unix(2_600_000_000) };
    Template::new(kind, subject.parse().unwrap(), validity)
}

/// The beginning of a digest.
fn mark(octets: &[u8]) -> String {
    Hex(digest::sha256(octets)).to_string()[..16].to_owned()
}

/// Marks of the TBSCertificate and of the whole request.
fn written(template: &Template, further: &[KeyUsage], algorithm: SigningAlgorithm) -> [String; 2] {
    let key = key(7);
    let public_key = key.public_key().unwrap();
    let issuer: Subject = "CN=Root+OU=B+OU=A,O=Anlage Süd,DC=plant,DC=example,C=DE".parse().unwrap();
    let by_issuer = WantedByIssuer {
        serial: &[0x41; 16],
        issuer: issuer.der(),
        validity: template.validity,
        subject_key_id: &[0x11; 20],
        authority_key_id: &[0x22; 20],
    };
    let signed = template.signed_part(&template.wanted(&public_key, further, algorithm), &by_issuer).unwrap();
    [mark(&signed), mark(template.request(&key).unwrap().der())]
}

#[test]
fn certificates_and_requests_are_written_as_before() {
    let root = template(Kind::Root, "CN=Root");
    let mut issuing = template(Kind::IssuingAuthority, "CN=Issuing CA,O=Plant").path_length(300).unwrap();
    issuing.issuer_uris.push("http://pki.plant.example/root.cer".to_owned());
    let mut https = template(Kind::Https, "CN=twx.plant.example,1.2.3.4=odd").alternative_names([
        AlternativeName::host("twx.plant.example"),
        AlternativeName::host("10.0.0.7"),
        AlternativeName::host("fe80::7"),
    ]);
    https.crl_uris = vec!["http://pki.plant.example/1.crl".to_owned(), "ldap://pki/x".to_owned()];
    https.ocsp_uris = vec!["http://ocsp.plant.example/".to_owned()];
    https.issuer_uris = vec!["http://pki.plant.example/ca.cer".to_owned()];
    let mut client = template(Kind::Client, "");
    client.validity.not_before = Moment::from_unix(-700_000_000);
    client.alternative_names = vec![AlternativeName::Email("it@plant.example".to_owned())];
    let opcua = template(Kind::OpcUa, "CN=Press7,O=Plant")
        .alternative_names([AlternativeName::host("press7"), AlternativeName::Uri("urn:press7:Plant:a b".to_owned())]);
    let marks = [
        written(&root, &[], SigningAlgorithm::RsaSha256),
        written(&issuing, &[], SigningAlgorithm::EcdsaSha384),
        written(&https, &[], SigningAlgorithm::RsaSha1ForDemonstration),
        written(&client, &[], SigningAlgorithm::Ed25519),
        written(&opcua, &[KeyUsage::KEY_CERT_SIGN], SigningAlgorithm::EcdsaSha256),
    ];
    let wanted = [
        ["be453cc5bca3c02b", "f9427df1b211d42e"],
        ["451e9d24ef2655b3", "bfb14bd3eb9f41e6"],
        ["0968278ac315cbb1", "c1c237cfc76c599d"],
        ["c63a5e6a53a2972f", "c8ef7bb5ba11f936"],
        ["c169d8cd43f300d6", "016efd0c0ee8380a"],
    ];
    assert_eq!(marks, wanted);
}

#[test]
fn revocation_lists_are_written_as_before() {
    let key = key(9);
    let root = template(Kind::Root, "CN=Root,O=Plant");
    let by_issuer = WantedByIssuer {
        serial: &[1],
        issuer: root.subject.der(),
        validity: root.validity,
        subject_key_id: &[0x11; 20],
        authority_key_id: &[0x11; 20],
    };
    let public_key = key.public_key().unwrap();
    let signed = root.signed_part(&root.wanted(&public_key, &[], SigningAlgorithm::Ed25519), &by_issuer).unwrap();
    let root = Certificate::from_der(&Issuer::itself(&key).seal(&signed).unwrap()).unwrap();
    let issuer = Issuer::authority(&root, &key).unwrap();
    let (start, end) = (Moment::from_unix(1_800_000_000), Moment::from_unix(2_600_000_000));
    let mut revocations = Revocations::new(&issuer).unwrap();
    let first = revocations.sign(start, end).unwrap();
    for (serial, reason) in [(&[0x80, 1][..], Reason::KeyCompromise), (&[0x41; 20], Reason::Unspecified)] {
        revocations.revoke_serial(Serial(serial), Moment::from_unix(-700_000_000), reason).unwrap();
    }
    let second = revocations.sign(start, end).unwrap();
    let mut revocations = Revocations::extending(&issuer, &second).unwrap();
    revocations.revoke_serial(Serial(&[3]), start, Reason::AaCompromise).unwrap();
    let third = revocations.sign(start, end).unwrap();
    assert_eq!(
        [root.der(), first.der(), second.der(), third.der()].map(mark),
        ["f9e2b393586ee888", "b629cd9b80b57a8d", "842e0a52eae9456c", "1cc56785d4c1684f"]
    );
    let question = crate::path::revocation::ocsp_request(&root, &public_key).unwrap();
    assert_eq!(mark(&question), "fb82230cf97a9445");
}
