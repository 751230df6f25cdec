//! What was made is read by another reader before it is handed out: a wrong writer is caught.

use super::super::read_back::{self, Wanted, WantedByIssuer, WantedList};
use super::super::revocation::Entry;
use super::*;
use crate::cert::extension::KeyUsage;

/// Changes the first (or last) place where `from` stands; the lengths stay as they are.
fn changed(der: &[u8], from: &[u8], to: &[u8], is_last: bool) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut places = der.windows(from.len()).enumerate().filter(|(_, part)| *part == from).map(|(at, _)| at);
    let at = if is_last { places.next_back() } else { places.next() }.expect("the bytes stand in it");
    let mut out = der.to_vec();
    out[at..at + from.len()].copy_from_slice(to);
    out
}

/// The last octet changed.
fn other(octets: &[u8]) -> Vec<u8> {
    let mut out = octets.to_vec();
    *out.last_mut().unwrap() ^= 1;
    out
}

fn assert_names(error: &Error, wanted: &str) {
    match error {
        Error::NotAsAsked { field, wanted: asked, found, .. } => {
            assert!(field == wanted && asked != found, "{wanted}: {error}");
        }
        other => panic!("{wanted}: {other}"),
    }
}

#[test]
fn each_field_of_a_certificate_that_was_written_wrong_is_caught() {
    let root = root(KeyType::P256, "CN=Root,DC=plant,DC=example");
    let mut template = https("CN=twx.plant.example,O=Plant");
    template.crl_uris.push("http://pki.plant.example/root.crl".to_owned());
    template.ocsp_uris.push("http://ocsp.plant.example/".to_owned());
    template.issuer_uris.push("http://pki.plant.example/root.cer".to_owned());
    let made = root.issue(KeyType::P256, &template);
    let (key, certificate) = (made.key.public_key().unwrap(), &made.certificate);
    let root_key = root.key.public_key().unwrap();
    let (own, authority) = (crate::crypto::digest::sha1(key.bits), crate::crypto::digest::sha1(root_key.bits));
    let by_issuer = WantedByIssuer {
        serial: certificate.serial().as_bytes(),
        issuer: root.certificate.subject().der(),
        validity: template.validity,
        subject_key_id: &own,
        authority_key_id: &authority,
    };
    let wanted = template.wanted(&key, &[], SigningAlgorithm::EcdsaSha256);
    let der = certificate.der();
    read_back::certificate(der, &wanted, &by_issuer).unwrap();

    let year = certificate.not_after().unwrap().to_string()[2..4].to_owned();
    let later = format!("{:02}", year.parse::<u8>().unwrap() + 1);
    let usage = read_back_usage(&key, &template);
    assert_eq!(usage, KeyUsage::DIGITAL_SIGNATURE);
    let (sha256, sha384) = (b"\x2a\x86\x48\xce\x3d\x04\x03\x02", b"\x2a\x86\x48\xce\x3d\x04\x03\x03");
    for (field, from, to, is_last) in [
        ("version", &b"\xa0\x03\x02\x01\x02"[..], &b"\xa0\x03\x02\x01\x01"[..], false),
        ("serial number", by_issuer.serial, &other(by_issuer.serial), false),
        ("inner signature algorithm", sha256, sha384, false),
        ("signature algorithm", sha256, sha384, true),
        ("issuer", b"Root", b"Roof", false),
        (
            "notAfter",
            &[&b"\x17\x0d"[..], year.as_bytes()].concat(),
            &[&b"\x17\x0d"[..], later.as_bytes()].concat(),
            true,
        ),
        ("subject", b"Plant", b"Plane", false),
        ("public key", key.bits, &other(key.bits), false),
        ("basicConstraints", b"\x04\x02\x30\x00", b"\x04\x02\x31\x00", false),
        ("basicConstraints", b"\x55\x1d\x13\x01\x01\xff", b"\x55\x1d\x13\x01\x01\x00", false),
        ("list of extensions", b"\x55\x1d\x13\x01", b"\x55\x1d\x12\x01", false),
        ("keyUsage", b"\x03\x02\x07\x80", b"\x03\x02\x06\x40", false),
        ("extKeyUsage", b"\x2b\x06\x01\x05\x05\x07\x03\x01", b"\x2b\x06\x01\x05\x05\x07\x03\x02", false),
        ("subjectAltName", b"\x82\x11twx", b"\x82\x11twy", false),
        ("subjectAltName", b"\x87\x04\x0a\x00\x00\x07", b"\x87\x04\x0a\x00\x00\x08", false),
        ("subjectKeyIdentifier", &own, &other(&own), false),
        ("authorityKeyIdentifier", &authority, &other(&authority), false),
        ("authorityKeyIdentifier", b"\x30\x16\x80\x14", b"\x30\x16\x82\x14", false),
        ("cRLDistributionPoints", b"root.crl", b"root.crm", false),
        ("authorityInfoAccess", b"ocsp.plant", b"ocsq.plant", false),
        ("authorityInfoAccess", b"\x05\x07\x30\x02", b"\x05\x07\x30\x05", false),
    ] {
        let error = read_back::certificate(&changed(der, from, to, is_last), &wanted, &by_issuer).unwrap_err();
        assert_names(&error, field);
    }
    let long = [der, &[0]].concat();
    let error = read_back::certificate(&long, &wanted, &by_issuer).unwrap_err();
    assert!(matches!(error, Error::Unreadable { .. }), "{error}");
    // What a writer leaves out is missed.
    template.alternative_names.push(AlternativeName::host("other.plant.example"));
    let wanted = template.wanted(&key, &[], SigningAlgorithm::EcdsaSha256);
    assert_names(&read_back::certificate(der, &wanted, &by_issuer).unwrap_err(), "subjectAltName");
}

fn read_back_usage(key: &crate::crypto::key::PublicKey<'_>, template: &Template) -> KeyUsage {
    let Wanted { usage, .. } = template.wanted(key, &[], SigningAlgorithm::EcdsaSha256);
    usage.unwrap()
}

#[test]
fn each_field_of_a_request_that_was_written_wrong_is_caught() {
    let key = KeyPair::generate(KeyType::Rsa2048).unwrap();
    let template = https("CN=twx.plant.example,O=Plant");
    let request = template.request(&key).unwrap();
    let public_key = key.public_key().unwrap();
    let wanted = template.wanted(&public_key, &[], SigningAlgorithm::RsaSha256);
    read_back::request(request.der(), &wanted).unwrap();
    let (sha256, sha384) = (b"\xf7\x0d\x01\x01\x0b\x05\x00", b"\xf7\x0d\x01\x01\x0c\x05\x00");
    for (field, from, to) in [
        ("version", &b"\x02\x01\x00\x30"[..], &b"\x02\x01\x01\x30"[..]),
        ("signature algorithm", sha256, sha384),
        ("subject", b"Plant", b"Plane"),
        ("public key", public_key.bits, &other(public_key.bits)),
        ("keyUsage", b"\x03\x02\x05\xa0", b"\x03\x02\x05\x20"),
        ("subjectAltName", b"\x82\x11twx", b"\x82\x11twy"),
        ("list of extensions", b"\xf7\x0d\x01\x09\x0e", b"\xf7\x0d\x01\x09\x0f"),
    ] {
        let error = read_back::request(&changed(request.der(), from, to, false), &wanted).unwrap_err();
        assert_names(&error, field);
    }
    assert!(matches!(read_back::request(b"\x30\x00", &wanted), Err(Error::Unreadable { .. })));
}

#[test]
fn each_field_of_a_list_that_was_written_wrong_is_caught() {
    let root = root(KeyType::P256, "CN=Root");
    let issuer = root.issuer();
    let (start, end) = (Moment::from_unix(1_800_000_000), Moment::from_unix(1_810_000_000));
    let mut revocations = Revocations::new(&issuer).unwrap();
    for serial in [&[0x41, 2][..], &[0x43, 4]] {
        revocations.revoke_serial(crate::cert::Serial(serial), start, Reason::Superseded).unwrap();
    }
    let list = revocations.sign(start, end).unwrap();
    let entry = |serial: &[u8]| Entry { serial: serial.to_vec(), date: start, reason: Some(4), kept: Vec::new() };
    let entries = [entry(&[0x41, 2]), entry(&[0x43, 4])];
    let authority = crate::crypto::digest::sha1(root.key.public_key().unwrap().bits);
    let wanted = WantedList {
        algorithm: SigningAlgorithm::EcdsaSha256,
        issuer: root.certificate.subject().der(),
        this_update: start,
        next_update: end,
        number: &[1],
        authority_key_id: &authority,
        entries: &entries,
    };
    read_back::revocation_list(list.der(), &wanted).unwrap();
    let reason = b"\x55\x1d\x15\x04\x03\x0a\x01\x04";
    for (field, from, to, is_last) in [
        ("version", &b"\x02\x01\x01\x30"[..], &b"\x02\x01\x00\x30"[..], false),
        ("issuer", b"Root", b"Roof", false),
        ("thisUpdate", b"270115080000Z", b"270115080001Z", false),
        ("nextUpdate", b"270511014640Z", b"270511014641Z", false),
        ("entry", b"\x02\x02\x41\x02", b"\x02\x02\x41\x03", false),
        ("entry", b"270115080000Z", b"270115080001Z", true),
        ("entry", reason, b"\x55\x1d\x15\x04\x03\x0a\x01\x05", false),
        ("entry", reason, b"\x55\x1d\x18\x04\x03\x0a\x01\x04", true),
        ("cRLNumber", b"\x55\x1d\x14\x04\x03\x02\x01\x01", b"\x55\x1d\x14\x04\x03\x02\x01\x02", false),
        ("authorityKeyIdentifier", &authority, &other(&authority), false),
    ] {
        let error = read_back::revocation_list(&changed(list.der(), from, to, is_last), &wanted).unwrap_err();
        assert_names(&error, field);
    }
    let fewer = WantedList { entries: &entries[..1], ..wanted };
    assert_names(&read_back::revocation_list(list.der(), &fewer).unwrap_err(), "number of entries");
}

#[test]
fn what_is_odd_and_allowed_is_read_back_as_it_was_asked() {
    let root = root(KeyType::P256, "CN=Root");
    let names = ["CN=Anlage Süd+OU=Halle 3,OU=Linie 7,DC=plant,DC=example,C=DE", "CN=plc#7\\, left", ""];
    let spans = [(-62_167_219_200, 253_402_300_799), (-631_152_001, -631_152_000), (2_524_607_999, 2_524_608_000)];
    for (name, (first, last)) in names.into_iter().zip(spans) {
        let validity = Validity { not_before: Moment::from_unix(first), not_after: Moment::from_unix(last) };
        let mut template = Template::new(Kind::Client, name.parse().unwrap(), validity);
        template.alternative_names = vec![
            AlternativeName::Uri("urn:kepserver:Plant:a b".to_owned()),
            AlternativeName::host("fe80::7"),
            AlternativeName::Email("it@plant.example".to_owned()),
        ];
        let key = KeyPair::generate(KeyType::Ed25519).unwrap();
        template.issue(&key.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
        template.request(&key).unwrap();
    }
    // A list of somebody else's making is followed with what its entries say, whatever that is.
    let issuer = root.issuer();
    let mut revocations = Revocations::new(&issuer).unwrap();
    for serial in [&[0x80][..], &[0], &[0x7f; 24]] {
        revocations.revoke_serial(crate::cert::Serial(serial), Moment::from_unix(0), Reason::Unspecified).unwrap();
    }
    let list = revocations.sign(now(), now().plus(DAY)).unwrap();
    assert_eq!(list.entries().count(), 3);
}
