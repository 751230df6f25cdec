//! Every algorithm that certificates are signed with, over certificates that openssl made.

use std::path::Path;

use certkit_core::cert::Certificate;
use certkit_core::crypto::signature::{Failure, Prepared, cost};

fn specimens() -> Vec<(String, Certificate)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/signatures");
    let mut found: Vec<_> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let block = pem::parse(std::fs::read(&path).unwrap()).unwrap();
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, Certificate::from_der(block.contents()).unwrap())
        })
        .collect();
    found.sort_by(|one, other| one.0.cmp(&other.0));
    assert!(found.len() > 60, "{}", found.len());
    found
}

/// Changes one bit of what is signed.
fn forged(certificate: &Certificate) -> Certificate {
    let mut der = certificate.der().to_vec();
    let key = certificate.spki();
    let at = der.windows(key.len()).position(|window| window == key).unwrap();
    // The last octet before the key belongs to the subject, whose end is `digest` or `salt` in text.
    der[at - 1] ^= 1;
    Certificate::from_der(&der).unwrap()
}

#[test]
fn what_openssl_signed_verifies_and_what_was_changed_does_not() {
    for (name, certificate) in specimens() {
        let key = certificate.public_key().unwrap();
        let expected = if name == "ed448" { Err(Failure::Unsupported("Ed448 signatures")) } else { Ok(()) };
        assert_eq!(certificate.verify_signature(&key), expected, "{name}");
        let forged = forged(&certificate);
        let expected = if name == "ed448" { expected } else { Err(Failure::Mismatch) };
        assert_eq!(forged.verify_signature(&key), expected, "{name}");

        let prepared = Prepared::default();
        let algorithm = certificate.signature_algorithm().unwrap();
        for _ in 0..2 {
            let verified = prepared.verify(algorithm, &key, certificate.signed_part(), certificate.signature());
            assert_eq!(verified, certificate.verify_signature(&key), "{name}");
            let verified = prepared.verify(algorithm, &key, forged.signed_part(), forged.signature());
            assert!(verified.is_err(), "{name}");
        }
        assert!(name == "ed448" || (1..=16).contains(&cost(algorithm, &key)), "{name}");
    }
}

#[test]
fn a_signature_with_a_part_of_an_octet_does_not_verify() {
    for (name, certificate) in specimens() {
        let mut der = certificate.der().to_vec();
        let unused = der.len() - certificate.signature().len() - 1;
        assert_eq!(der[unused], 0, "{name}");
        der[unused] = 1;
        let changed = Certificate::from_der(&der).unwrap();
        assert!(changed.verify_signature(&certificate.public_key().unwrap()).is_err(), "{name}");
    }
}

#[test]
fn a_prepared_key_takes_every_algorithm_that_fits_it() {
    let specimens = specimens();
    let named = |wanted: &str| &specimens.iter().find(|(name, _)| name == wanted).unwrap().1;
    let (one, other) = (named("rsa-2048-sha256"), named("rsa-2048-sha512"));
    let key = one.public_key().unwrap();
    assert_eq!(key, other.public_key().unwrap());
    let prepared = Prepared::default();
    for certificate in [one, other, one] {
        let algorithm = certificate.signature_algorithm().unwrap();
        prepared.verify(algorithm, &key, certificate.signed_part(), certificate.signature()).unwrap();
    }
    let dsa = named("dsa-2048-sha256");
    let algorithm = dsa.signature_algorithm().unwrap();
    assert_eq!(prepared.verify(algorithm, &key, dsa.signed_part(), dsa.signature()), Err(Failure::KeyKind));
}
