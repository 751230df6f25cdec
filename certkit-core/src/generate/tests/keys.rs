//! Keys of every form and encryption, made here and by OpenSSL.

use super::openssl::{Bench, body, made_key, run};
use super::*;
use crate::container;
use crate::crypto::key_encryption;
use crate::crypto::password_based::Budget;

#[test]
fn keys_of_every_form_are_read_and_written_for_openssl() {
    let bench = Bench::new();
    let made = bench.path("made.key");
    for arguments in [
        &["genrsa", "-traditional", "2048"][..],
        &["genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:3072"],
        &["ecparam", "-genkey", "-noout", "-name", "prime256v1"],
        &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"],
        &["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"],
        &["genpkey", "-algorithm", "ED25519"],
    ] {
        let key = KeyPair::from_der(&made_key(&bench, arguments)).unwrap();
        let public = |path: &std::path::Path| run(&["pkey", "-in", &path.display().to_string(), "-pubout"]).unwrap();
        let written = bench.write("written.key", "PRIVATE KEY", &key.to_pkcs8().unwrap());
        assert_eq!(public(&made), public(&written), "{arguments:?}");
        assert_eq!(pem::parse(public(&written)).unwrap().contents(), key.spki());
        let again = KeyPair::from_der(&body(&written)).unwrap();
        assert_eq!(again.spki(), key.spki());
    }
    for (arguments, kind) in [
        (&["genpkey", "-algorithm", "ED448"][..], "Ed448"),
        (&["ecparam", "-genkey", "-noout", "-name", "secp256k1"], "secp256k1"),
        (
            &["ecparam", "-genkey", "-noout", "-name", "prime256v1", "-param_enc", "explicit"],
            "EC with explicit parameters",
        ),
        (&["genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048"], "rsassaPss"),
    ] {
        let error = KeyPair::from_der(&made_key(&bench, arguments)).unwrap_err();
        assert_eq!(error, key_pair::Error::Unsupported { kind: kind.to_owned() });
    }
    for bytes in [&b""[..], b"\x30\x00", b"\x30\x03\x02\x01\x00", b"\x04\x00", &[0x30, 0x80], &[0xff; 64]] {
        assert!(matches!(KeyPair::from_der(bytes), Err(key_pair::Error::NotAKey(_))), "{bytes:?}");
    }
}

#[test]
fn a_key_is_never_shown() {
    let key = KeyPair::generate(KeyType::P256).unwrap();
    assert_eq!(format!("{key:?}"), "KeyPair(EC P-256)");
}

const PASSWORD: &[u8] = "Pässwort für 2026!".as_bytes();

/// Writes the password where `openssl` is told to find it.
fn password_file(bench: &Bench) -> String {
    let path = bench.path("password");
    std::fs::write(&path, PASSWORD).unwrap();
    format!("file:{}", path.display())
}

#[test]
fn openssl_opens_what_certkit_encrypts() {
    let bench = Bench::new();
    let password = password_file(&bench);
    for kind in [KeyType::Rsa2048, KeyType::P384, KeyType::Ed25519] {
        let key = KeyPair::generate(kind).unwrap();
        let path = bench.path("encrypted.key");
        std::fs::write(&path, key_file::to_encrypted_pem(&key, PASSWORD).unwrap()).unwrap();
        let path = path.display().to_string();
        let public = run(&["pkey", "-in", &path, "-passin", &password, "-pubout"]).unwrap();
        assert_eq!(pem::parse(public).unwrap().contents(), key.spki());
        let text = run(&["asn1parse", "-in", &path]).unwrap();
        for line in ["PBES2", "PBKDF2", "hmacWithSHA256", "aes-256-cbc", "0927C0"] {
            assert!(text.contains(line), "{line} is missing in {text}");
        }
        let bytes = std::fs::read(&path).unwrap();
        assert_eq!(key_file::read(&bytes, Some(PASSWORD)).unwrap().spki(), key.spki());
        let error = key_file::read(&bytes, Some(b"other")).unwrap_err();
        assert!(matches!(error, Error::Encryption(key_encryption::Error::WrongPassword)), "{error}");
        let error = key_file::read(&bytes, None).unwrap_err();
        assert!(matches!(&error, Error::PasswordNeeded { scheme } if scheme == "PBES2 AES-256-CBC"), "{error}");
    }
}

#[test]
fn keys_that_openssl_encrypts_are_opened() {
    let bench = Bench::new();
    let password = password_file(&bench);
    let (plain, encrypted) = (bench.path("plain.key"), bench.path("encrypted.key"));
    let (plain, encrypted) = (plain.display().to_string(), encrypted.display().to_string());
    run(&["genrsa", "-out", &plain, "2048"]).unwrap();
    let key = key_file::read(&std::fs::read(&plain).unwrap(), None).unwrap();
    let legacy = ["-provider", "legacy", "-provider", "default"];
    for options in [
        &["pkcs8", "-topk8", "-v2", "aes-256-cbc"][..],
        &["pkcs8", "-topk8", "-v2", "aes-192-cbc", "-v2prf", "hmacWithSHA512"],
        &["pkcs8", "-topk8", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA1"],
        &["pkcs8", "-topk8", "-v2", "aes-128-cbc", "-v2prf", "hmacWithSHA384", "-iter", "100000"],
        &["pkcs8", "-topk8", "-v2", "des3"],
        &["pkcs8", "-topk8", "-outform", "DER"],
        &["rsa", "-traditional", "-aes128"],
        &["rsa", "-traditional", "-aes192"],
        &["rsa", "-traditional", "-aes256"],
        &["rsa", "-traditional", "-des3"],
        &["pkcs8", "-topk8", "-v1", "PBE-SHA1-3DES"],
        &["pkcs8", "-topk8", "-scrypt"],
        &["rsa", "-traditional", "-camellia256"],
        &["pkcs8", "-topk8", "-v2", "bf-cbc"],
        &["rsa", "-traditional", "-bf"],
    ] {
        let files = ["-in", &plain, "-out", &encrypted, "-passout", &password];
        run(&[options, &legacy, &files].concat()).unwrap();
        let bytes = std::fs::read(&encrypted).unwrap();
        let read = key_file::read(&bytes, Some(PASSWORD)).unwrap_or_else(|error| panic!("{options:?}: {error}"));
        assert_eq!(read.spki(), key.spki(), "{options:?}");
        let error = key_file::read(&bytes, Some(b"")).unwrap_err();
        assert!(matches!(error, Error::Encryption(key_encryption::Error::WrongPassword)), "{options:?}: {error}");
        let error = key_file::read(&bytes, None).unwrap_err();
        assert!(matches!(error, Error::PasswordNeeded { .. }), "{options:?}: {error}");
    }
    for (options, scheme) in [
        (&["pkcs8", "-topk8", "-v2", "aes-256-ofb"][..], "PBES2 AES-256-OFB"),
        (&["pkcs8", "-topk8", "-v2", "cast5-cbc"], "PBES2 CAST5-CBC"),
        (&["pkcs8", "-topk8", "-v2", "sm4-cbc"], "PBES2 SM4-CBC"),
        (&["rsa", "-traditional", "-aes-256-ofb"], "AES-256-OFB"),
        (&["rsa", "-traditional", "-cast5-cbc"], "CAST5-CBC"),
        (&["rsa", "-traditional", "-seed"], "SEED-CBC"),
        (&["rsa", "-traditional", "-aria256"], "ARIA-256-CBC"),
    ] {
        run(&[options, &legacy, &["-in", &plain, "-out", &encrypted, "-passout", &password]].concat()).unwrap();
        let error = key_file::read(&std::fs::read(&encrypted).unwrap(), Some(PASSWORD)).unwrap_err();
        let Error::Encryption(key_encryption::Error::Unsupported { scheme: named }) = &error else { panic!("{error}") };
        assert_eq!(named, scheme);
    }
}

#[test]
fn a_hostile_wrapping_costs_nothing_and_never_panics() {
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let encrypted = key_encryption::encrypt(&key.to_pkcs8().unwrap(), PASSWORD).unwrap();
    // 600,000 becomes 8,333,248, or nothing at all.
    let position = encrypted.windows(5).position(|bytes| bytes == [2, 3, 9, 0x27, 0xc0]).unwrap();
    for (octets, iterations) in [([0x7f, 0x27, 0xc0], 0x7f_27c0), ([0, 0, 0], 0)] {
        let mut hostile = encrypted.clone();
        hostile[position + 2..position + 5].copy_from_slice(&octets);
        let error = key_encryption::decrypt(&hostile, PASSWORD, &mut Budget::for_file()).map(drop);
        assert_eq!(error, Err(key_encryption::Error::TooCostly { iterations }));
    }
    for length in 0..encrypted.len() {
        let opened = key_encryption::decrypt(&encrypted[..length], b"x", &mut Budget::for_file());
        assert!(matches!(opened, Err(key_encryption::Error::Damaged(_))));
    }
}

#[test]
fn a_new_password_keeps_the_rule_or_is_told_what_it_lacks() {
    key_file::require_strong("Plant-Root-2026").unwrap();
    key_file::require_strong(&"Grün-7-".repeat(200)).unwrap();
    for (password, part) in [
        ("Password123456!", "a common word"),
        ("P@ssw0rd123456!", "a common word"),
        ("Aaaaaaaaaaaaa1!", "a few other characters"),
        ("Sesame-Sesame-1", "a repetition"),
        ("Abcdefghijklm1!", "a sequence"),
        ("Kepware2026!!!!", "a common word"),
        ("Kepware123456!!", "a common word"),
        ("KEPServerEX2026!", "a common word"),
        ("ThingWorx12345!", "a common word"),
        ("OpcUaServer123!", "a common word"),
        ("Localhost12345!", "a common word"),
    ] {
        let said = key_file::require_strong(password).unwrap_err();
        assert!(matches!(said, Error::GuessablePassword { .. }), "{said}");
        assert!(said.to_string().contains(part) && !said.to_string().contains(password), "{said}");
    }
    for (password, missing) in [
        ("Plant-Root-202", ""),
        ("Plant-Root-20", "14 characters"),
        ("plant-root-2026", "an upper-case letter"),
        ("PLANT-ROOT-2026", "a lower-case letter"),
        ("Plant-Root-Plant", "a digit"),
        ("PlantRootCa2026", "a special character"),
        ("", "14 characters, a lower-case letter, an upper-case letter, a digit, a special character"),
    ] {
        let said = match key_file::require_strong(password) {
            Err(Error::WeakPassword { missing }) => missing,
            other => other.map(|()| String::new()).unwrap(),
        };
        assert_eq!(said, missing, "{password}");
    }
}

#[test]
fn a_file_without_a_key_or_with_two_is_refused() {
    let (one, other) = (KeyPair::generate(KeyType::P256).unwrap(), KeyPair::generate(KeyType::P256).unwrap());
    let certificate = root(KeyType::P256, "CN=Root").certificate;
    let certificate = container::pem::encode("CERTIFICATE", certificate.der());
    let (one_pem, other_pem) = (key_file::to_pem(&one).unwrap(), key_file::to_pem(&other).unwrap());
    assert!(matches!(key_file::read(certificate.as_bytes(), None), Err(Error::NoKey)));
    let both = format!("{}{}", *one_pem, *other_pem);
    assert!(matches!(key_file::read(both.as_bytes(), None), Err(Error::SeveralKeys)));
    let beside = format!("{certificate}{}", *one_pem);
    assert_eq!(key_file::read(beside.as_bytes(), None).unwrap().spki(), one.spki());
    assert!(matches!(key_file::read(b"", None), Err(Error::Container(_))));
}
