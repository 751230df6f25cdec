//! Holds our reading against readers and makers that are not ours.

use certkit_core::asn1;
use certkit_core::cert::Certificate;
use certkit_core::cert::extension::{BasicConstraints, KeyUsage, SubjectAltName};
use der::{AnyRef, Decode, ErrorKind, Reader, SliceReader, Tag, Tagged};
use proptest::prelude::*;
use x509_parser::prelude::FromDer;

/// Says whether the crate `der` takes the bytes as values side by side, all the way down.
fn is_strict(bytes: &[u8]) -> bool {
    let Ok(mut reader) = SliceReader::new(bytes) else { return false };
    while !reader.is_finished() {
        let value = match AnyRef::decode(&mut reader) {
            Ok(value) => value,
            // It does not know every type; those that it does not know say nothing.
            Err(error) => return matches!(error.kind(), ErrorKind::TagUnknown { .. }),
        };
        let is_sound = match value.tag() {
            Tag::Sequence | Tag::Set => is_strict(value.value()),
            Tag::Boolean => value.decode_as::<bool>().is_ok(),
            Tag::Null => value.decode_as::<der::asn1::Null>().is_ok(),
            Tag::ContextSpecific { constructed: true, .. } => is_strict(value.value()),
            _ => true,
        };
        if !is_sound {
            return false;
        }
    }
    true
}

fn made() -> Vec<u8> {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut parameters =
        rcgen::CertificateParams::new(vec!["plc7.plant.example".to_owned(), "10.0.0.7".to_owned()]).unwrap();
    parameters.distinguished_name.push(rcgen::DnType::CommonName, "Anlage Süd");
    parameters.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Constrained(1));
    parameters.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign, rcgen::KeyUsagePurpose::CrlSign];
    parameters.self_signed(&key).unwrap().der().to_vec()
}

#[test]
fn a_certificate_of_another_maker_is_read_as_another_reader_reads_it() {
    let der = made();
    let ours = Certificate::from_der(&der).unwrap();
    let (rest, theirs) = x509_parser::certificate::X509Certificate::from_der(&der).unwrap();
    assert!(rest.is_empty() && is_strict(&der));
    assert_eq!(asn1::first_deviation(&der), None);
    assert_eq!(ours.subject().first(certkit_core::oid::COMMON_NAME).as_deref(), Some("Anlage Süd"));
    assert_eq!(ours.subject().der(), theirs.subject().as_raw());
    assert_eq!(ours.serial().as_bytes(), theirs.raw_serial());
    assert_eq!(ours.not_before().unwrap().unix(), theirs.validity().not_before.timestamp());
    assert_eq!(ours.not_after().unwrap().unix(), theirs.validity().not_after.timestamp());
    assert_eq!(ours.spki(), theirs.public_key().raw);
    assert_eq!(ours.extensions().iter().count(), theirs.extensions().len());
    let constraints: BasicConstraints = ours.extension().unwrap().unwrap();
    let their_constraints = theirs.basic_constraints().unwrap().unwrap().value;
    assert_eq!(
        (constraints.ca, constraints.path_length),
        (their_constraints.ca, their_constraints.path_len_constraint)
    );
    let usage: KeyUsage = ours.extension().unwrap().unwrap();
    let their_usage = theirs.key_usage().unwrap().unwrap().value;
    assert!(usage.contains(KeyUsage::KEY_CERT_SIGN.union(KeyUsage::CRL_SIGN)));
    assert!(their_usage.key_cert_sign() && their_usage.crl_sign() && !their_usage.digital_signature());
    let names: Vec<String> =
        ours.extension::<SubjectAltName<'_>>().unwrap().unwrap().names().map(|it| it.to_string()).collect();
    assert_eq!(names, ["DNS:plc7.plant.example", "IP:10.0.0.7"]);
    assert!(ours.is_self_signed());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]
    /// What the crate `der` refuses is never DER to our strict eye.
    #[test]
    fn our_strict_eye_sees_at_least_what_another_one_sees(at in 0usize..600, octet: u8) {
        let mut der = made();
        let at = at % der.len();
        der[at] = octet;
        if asn1::first_deviation(&der).is_none() {
            prop_assert!(is_strict(&der), "byte {at} set to {octet:#04x}");
        }
    }
}
