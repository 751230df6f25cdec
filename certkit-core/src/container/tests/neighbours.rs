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
fn certificates_of_time_stamps_are_seen() {
    let token = pkcs7::encode(&[&AUTHORITY.der]);
    let response = crate::asn1::write::sequence(&[&[0x30, 3, 2, 1, 0], &token]);
    for bytes in [response.clone(), pem::encode("TIMESTAMP RESPONSE", &response).into_bytes()] {
        let contents = read(&bytes).unwrap();
        assert_eq!(kinds(&contents), ["certificate"]);
        assert_eq!(*contents.items[0].der, *AUTHORITY.der);
    }
    assert_eq!(kinds(&read(pem::encode("CMS", &token).as_bytes()).unwrap()), ["certificate"]);
}

#[test]
fn mail_in_quoted_printable_is_read() {
    let bundle = pkcs7::encode(&[&AUTHORITY.der]);
    let head = "MIME-Version: 1.0\nContent-Type: application/pkcs7-mime; smime-type=certs-only\n\
                Content-Transfer-Encoding: Quoted-Printable\n\n";
    let text = pem::encode("PKCS7", &bundle);
    let bare: String = text.lines().filter(|line| !line.starts_with('-')).collect();
    for body in [text.clone(), bare] {
        let soft: Vec<String> = body
            .replace('=', "=3D")
            .lines()
            .map(|line| {
                line.as_bytes()
                    .chunks(50)
                    .map(|part| String::from_utf8_lossy(part).into_owned())
                    .collect::<Vec<_>>()
                    .join("=\n")
            })
            .collect();
        let contents = read(format!("{head}{}\n", soft.join("\n")).as_bytes()).unwrap();
        assert_eq!(kinds(&contents), ["certificate"], "{body}");
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
