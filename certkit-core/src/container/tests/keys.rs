//! Private keys are named, sized, and never shown.

use super::*;

fn facts(contents: &Contents) -> &KeyFacts {
    match &contents.items[..] {
        [Item { kind: ItemKind::PrivateKey(facts), .. }] => facts,
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_form_of_key_tells_kind_and_size_only() {
    let rsa = openssl(&["genrsa", "2048"], b"");
    let ec = openssl(&["ecparam", "-name", "secp384r1", "-genkey"], b"");
    let ed = openssl(&["genpkey", "-algorithm", "ed25519"], b"");
    let convert = |key: &[u8], arguments: &[&str]| openssl(arguments, key);
    let encrypted = |scheme: &[&str]| {
        let arguments = [&["pkcs8", "-topk8", "-passout", "pass:Sesame-Sesame-1"], scheme].concat();
        convert(&rsa, &arguments)
    };
    for (key, told) in [
        (rsa.clone(), "RSA 2048 (PKCS#8)"),
        (convert(&rsa, &["rsa", "-traditional"]), "RSA 2048 (PKCS#1)"),
        (convert(&rsa, &["rsa", "-outform", "DER", "-traditional"]), "RSA 2048 (PKCS#1)"),
        (convert(&ec, &["pkcs8", "-topk8", "-nocrypt", "-outform", "DER"]), "EC P-384 (PKCS#8)"),
        (convert(&ec, &["ec"]), "EC P-384 (SEC 1)"),
        (ed, "Ed25519 (PKCS#8)"),
        (encrypted(&[]), "encrypted PKCS#8, PBES2 AES-256-CBC"),
        (encrypted(&["-v2", "des3", "-outform", "DER"]), "encrypted PKCS#8, PBES2 3DES-CBC"),
        (encrypted(&["-scrypt"]), "encrypted PKCS#8, PBES2 AES-256-CBC"),
        (encrypted(&["-v1", "PBE-SHA1-3DES"]), "encrypted PKCS#8, PKCS12 SHA1-3DES-CBC"),
        (
            convert(&rsa, &["rsa", "-traditional", "-aes128", "-passout", "pass:Sesame-Sesame-1"]),
            "RSA (encrypted traditional PEM), AES-128-CBC",
        ),
    ] {
        let contents = read(&key).unwrap();
        assert_eq!(facts(&contents).to_string(), told);
        assert_eq!(reasons(&contents), [""; 0], "{told}");
        let item = &contents.items[0];
        assert!(matches!(item.der, Der::Secret(_)), "{told}");
        let length = item.der.len();
        let shown = format!("{item:?}");
        assert!(shown.contains(&format!("Secret({length} bytes)")), "{shown}");
        assert!(item.der.clone().into_open().is_none());
    }
    let traditional = convert(&rsa, &["rsa", "-traditional", "-aes128", "-passout", "pass:Sesame-Sesame-1"]);
    let contents = read(&traditional).unwrap();
    let encryption = facts(&contents).encryption.clone().unwrap();
    let text = String::from_utf8(traditional).unwrap();
    let vector = text.lines().find_map(|line| line.strip_prefix("DEK-Info: AES-128-CBC,")).unwrap();
    assert_eq!(crate::text::Hex(&encryption.vector).to_string(), vector.to_lowercase());
}

#[test]
fn keys_of_windows_are_read_in_clear() {
    let rsa = openssl(&["genrsa", "2048"], b"");
    let pvk = openssl(&["rsa", "-outform", "PVK", "-pvk-none"], &rsa);
    let contents = read(&pvk).unwrap();
    assert_eq!(facts(&contents).to_string(), "RSA 2048 (PKCS#1)");
    assert_eq!(contents.items[0].encoding, Encoding::Pvk);
    assert_eq!(*contents.items[0].der, *openssl(&["rsa", "-outform", "DER", "-traditional"], &rsa));
    for end in 0..pvk.len() {
        assert!(read(&pvk[..end]).is_err(), "{end}");
    }
}

#[test]
fn keys_of_windows_are_opened_with_their_password() {
    let rsa = openssl(&["genrsa", "2048"], b"");
    let clear = openssl(&["rsa", "-outform", "DER", "-traditional"], &rsa);
    for strength in ["-pvk-strong", "-pvk-weak"] {
        let words = [
            "rsa",
            "-provider",
            "legacy",
            "-provider",
            "default",
            "-outform",
            "PVK",
            strength,
            "-passout",
            "pass:Sesame",
        ];
        let pvk = openssl(&words, &rsa);
        let refused = |bytes: &[u8], password: Option<&[u8]>, said: &str| {
            let error = read_with(bytes, password).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
        };
        refused(&pvk, None, "its password is needed");
        refused(&pvk[..pvk.len() / 2], Some(b"Sesame"), "damaged");
        if !cfg!(feature = "legacy-crypto") {
            refused(&pvk, Some(b"Sesame"), "not part of this build");
            continue;
        }
        refused(&pvk, Some(b"sesame"), "which the password does not open");
        let contents = read_with(&pvk, Some(b"Sesame")).unwrap();
        assert_eq!(*contents.items[0].der, *clear);
        assert!(matches!(contents.items[0].der, Der::Secret(_)));
    }
}

#[test]
fn parameters_before_a_key_are_counted_and_harmless() {
    let ec = openssl(&["ecparam", "-name", "prime256v1", "-genkey"], b"");
    let contents = read(&ec).unwrap();
    assert_eq!(facts(&contents).to_string(), "EC P-256 (SEC 1)");
    assert_eq!(reasons(&contents), ["block 1 (line 1): EC PARAMETERS: key parameters, which the key itself repeats"]);
    assert!(contents.skipped[0].is_harmless());
    let public = openssl(&["ec", "-pubout"], &ec);
    assert_eq!(kinds(&read(&public).unwrap()), ["public key"]);
}

#[test]
fn a_key_under_a_wrong_label_is_kept_secret() {
    let der = AUTHORITY.key.serialize_der();
    for label in ["CERTIFICATE", "PUBLIC KEY", "SOMETHING"] {
        let contents = read(pem::encode(label, &der).as_bytes()).unwrap();
        assert_eq!(facts(&contents).to_string(), "EC P-256 (PKCS#8)");
        assert!(matches!(contents.items[0].der, Der::Secret(_)));
    }
}

#[test]
fn a_damaged_key_is_no_item() {
    let error = read(pem::encode("PRIVATE KEY", b"no key at all").as_bytes()).unwrap_err();
    assert!(error.to_string().ends_with("PRIVATE KEY: the bytes are no private key"), "{error}");
}
