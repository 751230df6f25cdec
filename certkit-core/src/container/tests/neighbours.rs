//! DER of neighbouring protocols: what it is has a name, and what certkit reads of it is read.

use super::*;
use crate::cert::{CertStatus, OcspResponse, Responder};
use crate::crypto::key::PublicKey;

fn ocsp(name: &str) -> Vec<u8> {
    std::fs::read(std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/ocsp").join(name)).unwrap()
}

fn foreign_of(bytes: &[u8]) -> Foreign {
    match read(bytes) {
        Err(ContainerError::Foreign(what)) => what,
        other => panic!("{other:?}"),
    }
}

#[test]
fn answers_of_ocsp_responders_are_taken() {
    for name in ["good-checked.der", "revoked-of-ca.der", "try-later.der"] {
        let contents = read(&ocsp(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(kinds(&contents), ["OCSP response"], "{name}");
    }
    let contents = read(&ocsp("revoked-of-ca.der")).unwrap();
    let response = OcspResponse::from_der(&contents.items[0].der).unwrap();
    assert!(matches!(response.responder(), Some(Responder::Name(_) | Responder::KeyHash(_))));
    assert!(response.singles().any(|single| matches!(single.status, CertStatus::Revoked { .. })));
}

#[test]
fn questions_and_what_is_sealed_have_names() {
    assert_eq!(foreign_of(&ocsp("request.der")), Foreign::OcspRequest);
    let query = openssl(&["ts", "-query", "-data", "/dev/null", "-sha256", "-cert"], b"");
    assert_eq!(foreign_of(&query), Foreign::TimeStampRequest);
    let refused = [0x30, 0x05, 0x30, 0x03, 0x02, 0x01, 0x02];
    assert_eq!(foreign_of(&refused), Foreign::TimeStampResponse);
    let directory = tempfile::tempdir().unwrap();
    let recipient = directory.path().join("recipient.pem");
    std::fs::write(&recipient, pem::encode("CERTIFICATE", &AUTHORITY.der)).unwrap();
    let recipient = recipient.to_str().unwrap();
    let sealed = openssl(&["cms", "-encrypt", "-aes256", "-outform", "DER", recipient], b"words");
    match read(&sealed) {
        Err(ContainerError::Damaged { skipped }) => {
            assert!(skipped[0].why.to_string().contains("encrypted for a recipient (envelopedData)"), "{skipped:?}");
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn an_rsa_public_key_alone_is_read() {
    let directory = tempfile::tempdir().unwrap();
    let private = directory.path().join("key.pem");
    let path = private.to_str().unwrap();
    openssl(&["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", path], b"");
    let key = openssl(&["rsa", "-in", path, "-RSAPublicKey_out", "-outform", "DER"], b"");
    let contents = read(&key).unwrap();
    assert_eq!(kinds(&contents), ["public key"]);
    assert_eq!(PublicKey::from_spki(&contents.items[0].der).unwrap().to_string(), "RSA 2048");
    // A signature of ECDSA is two numbers as well.
    let signature = crate::asn1::write::sequence(&[
        &crate::asn1::write::element(Tag::INTEGER, &[&[1; 32]]),
        &crate::asn1::write::element(Tag::INTEGER, &[&[1; 32]]),
    ]);
    assert!(read(&signature).is_err());
}
