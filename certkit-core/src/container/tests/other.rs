//! DER, bare base64, PKCS#7, and what is none of these.

use super::*;

#[test]
fn every_kind_is_known_by_its_shape() {
    let public = openssl(&["pkey", "-inform", "DER", "-pubout", "-outform", "DER"], &AUTHORITY.key.serialize_der());
    for (der, label, kind) in [
        (certificate("one"), "CERTIFICATE", "certificate"),
        (AUTHORITY.der.clone(), "TRUSTED CERTIFICATE", "certificate"),
        (request(), "NEW CERTIFICATE REQUEST", "certification request"),
        (revocation_list(), "X509 CRL", "certificate revocation list"),
        (public, "PUBLIC KEY", "public key"),
    ] {
        let text = pem::encode(label, &der);
        let bare: String =
            text.lines().filter(|line| !line.starts_with('-')).map(|line| format!("{line}\r\n")).collect();
        for (bytes, encoding) in [
            (text.as_bytes(), Encoding::Pem),
            (&der, Encoding::Der),
            (bare.as_bytes(), Encoding::Base64),
            (pem::encode("ANYTHING", &der).as_bytes(), Encoding::Pem),
        ] {
            let contents = read(bytes).unwrap();
            assert_eq!(kinds(&contents), [kind]);
            assert_eq!(ders(&contents), std::slice::from_ref(&der));
            assert_eq!(reasons(&contents), [""; 0]);
            assert_eq!(contents.items[0].encoding, encoding);
        }
    }
}

#[test]
fn a_public_key_of_pkcs1_is_a_public_key() {
    let private = openssl(&["genrsa", "2048"], b"");
    let old = openssl(&["rsa", "-RSAPublicKey_out"], &private);
    let new = openssl(&["pkey", "-pubout", "-outform", "DER"], &private);
    assert!(old.starts_with(b"-----BEGIN RSA PUBLIC KEY-----"));
    let contents = read(&old).unwrap();
    assert_eq!((kinds(&contents), ders(&contents)), (vec!["public key"], vec![new]));
    let broken = pem::encode("RSA PUBLIC KEY", b"\x30\x03\x02\x01\x05");
    assert!(read(broken.as_bytes()).is_err());
}

#[test]
fn a_section_of_a_configuration_is_no_json() {
    let json = ["[]", "{ }", "[ 1, 2]", "[{\"a\": 1}]", "{\"a\": 1}", "[true]", "[\n null ]", "[-1]"];
    let text = ["[ca]\ndefault_ca = x\n", "[ new_oids ]\n", "[nullable]\n", "{ x }", "{1}", "[trueish]"];
    for (cases, what) in [(&json[..], "JSON"), (&text[..], "text without a PEM block")] {
        for case in cases {
            let error = read(case.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(what), "{case}: {error}");
        }
    }
}

#[test]
fn old_and_unusual_shapes_are_known_too() {
    // A version 1 certificate, a version 1 list, a request without a name.
    let directory = tempfile::tempdir().unwrap();
    let path = |name: &str| directory.path().join(name).to_str().unwrap().to_owned();
    let (key, database, config) = (path("key"), path("index"), path("config"));
    std::fs::write(&database, "").unwrap();
    std::fs::write(
        &config,
        format!(
            "[req]\ndistinguished_name=dn\n[dn]\n[ca]\ndefault_ca=c\n[c]\ndatabase={database}\ndefault_md=sha256\n"
        ),
    )
    .unwrap();
    let request = openssl(
        &["req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", &key, "-subj", "/", "-config", &config],
        b"",
    );
    assert_eq!(kinds(&read(&request).unwrap()), ["certification request"]);
    let v1 = openssl(&["x509", "-req", "-key", &key, "-outform", "DER"], &request);
    assert_eq!(kinds(&read(&v1).unwrap()), ["certificate"]);
    let cert = path("cert");
    std::fs::write(&cert, pem::encode("CERTIFICATE", &v1)).unwrap();
    let arguments = ["ca", "-gencrl", "-config", &config, "-cert", &cert, "-keyfile", &key, "-crldays", "9"];
    let list = openssl(&arguments, b"");
    assert!(openssl(&["crl", "-noout", "-text"], &list).windows(11).any(|text| text == b"Version 1 ("));
    assert_eq!(kinds(&read(&list).unwrap()), ["certificate revocation list"]);
}

#[test]
fn certificates_stand_in_a_row_as_opc_ua_sends_them() {
    let chain = [certificate("leaf"), AUTHORITY.der.clone()];
    let contents = read(&chain.concat()).unwrap();
    assert_eq!(ders(&contents), chain);
    assert_eq!(contents.items[1].position.block, 2);
    assert_eq!(contents.items[1].position.to_string(), format!("byte {}", chain[0].len()));

    let padded = read(&[&chain[0][..], b"\r\n\0"].concat()).unwrap();
    assert_eq!(reasons(&padded), [format!("byte {}: data: 3 bytes of padding", chain[0].len())]);
    assert!(padded.skipped[0].is_harmless());
    let trailing = read(&[&chain[0][..], b"more"].concat()).unwrap();
    assert_eq!(ders(&trailing), std::slice::from_ref(&chain[0]));
    assert!(!trailing.skipped[0].is_harmless());
}

#[test]
fn a_damaged_certificate_is_still_one() {
    let der = certificate("damaged");
    for cut in [60, 100, der.len() / 2, der.len() - 1] {
        let contents = read(&der[..cut]).unwrap();
        assert_eq!((kinds(&contents), ders(&contents)), (vec!["certificate"], vec![der[..cut].to_vec()]), "{cut}");
    }
    let text = pem::encode("CERTIFICATE", b"anything");
    assert_eq!(ders(&read(text.as_bytes()).unwrap()), [b"anything".to_vec()]);
}

#[test]
fn openssl_trust_settings_are_cut_off_and_noted() {
    let text = pem::encode("CERTIFICATE", &AUTHORITY.der);
    let trusted = openssl(&["x509", "-trustout", "-addtrust", "serverAuth", "-setalias", "plant"], text.as_bytes());
    let contents = read_both(&trusted);
    assert_eq!(ders(&contents), std::slice::from_ref(&AUTHORITY.der));
    assert!(matches!(contents.skipped[..], [Skipped { why: Reason::TrustSettings { bytes: 1.. }, .. }]));
    assert!(contents.skipped[0].is_harmless());
}

#[test]
fn trust_settings_that_reject_make_no_anchor() {
    let text = pem::encode("CERTIFICATE", &AUTHORITY.der);
    for (arguments, is_rejected) in [
        (&["-addtrust", "serverAuth"][..], false),
        (&["-addtrust", "anyExtendedKeyUsage"], false),
        (&["-addtrust", "clientAuth"], true),
        (&["-addreject", "serverAuth"], true),
        (&["-addreject", "anyExtendedKeyUsage"], true),
        (&["-addreject", "emailProtection"], false),
        (&["-addtrust", "serverAuth", "-addreject", "serverAuth"], true),
        (&["-setalias", "plant"], false),
    ] {
        let all = [&["x509", "-trustout"], arguments].concat();
        let contents = read_both(&openssl(&all, text.as_bytes()));
        assert_eq!(
            contents.items[0].rejected.as_ref().is_some_and(|it| it.servers),
            is_rejected,
            "{arguments:?}: {:?}",
            contents.items[0].rejected
        );
    }
    let mut damaged = AUTHORITY.der.clone();
    damaged.extend([0x30, 0x05, 0x30]);
    let contents = read(pem::encode("TRUSTED CERTIFICATE", &damaged).as_bytes()).unwrap();
    assert_eq!(
        contents.items[0].rejected.as_ref().map(|it| it.why.as_str()),
        Some("its trust settings cannot be decoded")
    );
}

#[test]
fn what_p11_kit_distrusts_is_no_anchor() {
    let block = pem::encode("CERTIFICATE", &AUTHORITY.der);
    let object = |line: &str| format!("[p11-kit-object-v1]\n{line}\n{block}\n");
    let text = object("trusted: true") + &object("x-distrusted: true") + &object("x-distrusted: false");
    let contents = read(text.as_bytes()).unwrap();
    let rejected: Vec<bool> = contents.items.iter().map(|item| item.rejected.is_some()).collect();
    assert_eq!(rejected, [false, true, false]);
    let after = format!("[p11-kit-object-v1]\n{block}\nx-distrusted: true\n");
    assert!(read(after.as_bytes()).unwrap().items[0].rejected.is_some());
}

#[test]
fn bundles_are_read_back_by_openssl_with_all_certificates_in_order() {
    let chain = [certificate("leaf"), AUTHORITY.der.clone(), certificate("another"), certificate("leaf")];
    let bundle = pkcs7::encode(&chain.each_ref().map(Vec::as_slice));
    let printed = openssl(&["pkcs7", "-inform", "DER", "-print_certs"], &bundle);
    assert_eq!(ders(&read(&printed).unwrap()), chain);
    assert_eq!(ders(&read(&bundle).unwrap()), chain);
    assert_eq!(crate::asn1::first_deviation(&pkcs7::encode(&[&chain[0]])), None);
    let alone = read(&pkcs7::encode(&[])).unwrap_err();
    assert!(alone.to_string().ends_with("PKCS#7: it holds neither a certificate nor a revocation list"), "{alone}");
}

#[test]
fn bundles_of_openssl_are_read_in_pem_and_der() {
    let directory = tempfile::tempdir().unwrap();
    let certificates = directory.path().join("certificates.pem");
    let chain = [certificate("leaf"), AUTHORITY.der.clone()];
    std::fs::write(&certificates, chain.each_ref().map(|der| pem::encode("CERTIFICATE", der)).concat()).unwrap();
    let list = revocation_list();
    for form in ["PEM", "DER"] {
        let arguments = ["crl2pkcs7", "-certfile", certificates.to_str().unwrap(), "-outform", form];
        let bundle = openssl(&arguments, pem::encode("X509 CRL", &list).as_bytes());
        let contents = read(&bundle).unwrap();
        assert_eq!(ders(&contents), [&chain[..], std::slice::from_ref(&list)].concat());
        assert_eq!(kinds(&contents), ["certificate", "certificate", "certificate revocation list"]);
        let members: Vec<_> = contents.items.iter().map(|item| item.position.member).collect();
        assert_eq!(members, [Some(1), Some(2), Some(3)]);
        assert!(contents.items.iter().all(|item| item.encoding == Encoding::Pkcs7));
    }
}

#[test]
fn bundles_with_indefinite_lengths_are_read() {
    // openssl streams its signatures: BER, with the content in pieces.
    let directory = tempfile::tempdir().unwrap();
    let (key, cert) = (directory.path().join("key"), directory.path().join("cert"));
    std::fs::write(&key, AUTHORITY.key.serialize_pem()).unwrap();
    std::fs::write(&cert, pem::encode("CERTIFICATE", &AUTHORITY.der)).unwrap();
    let (key, cert) = (key.to_str().unwrap(), cert.to_str().unwrap());
    let sign = ["cms", "-sign", "-nodetach", "-stream", "-binary", "-signer", cert, "-inkey", key, "-outform", "DER"];
    let bundle = openssl(&sign, &[7; 9000]);
    assert_eq!(bundle[1], 0x80, "openssl did not write BER");
    assert_eq!(ders(&read(&bundle).unwrap()), std::slice::from_ref(&AUTHORITY.der));
    assert_eq!(ders(&read(pem::encode("CMS", &bundle).as_bytes()).unwrap()), std::slice::from_ref(&AUTHORITY.der));
    let (der, used) = ber::definite(&bundle).unwrap();
    assert_eq!(used, bundle.len());
    // openssl reads what was rewritten, and the signature still holds.
    openssl(&["cms", "-verify", "-noverify", "-binary", "-inform", "DER"], &der);
    assert_eq!(ber::definite(b"\x24\x80\x04\x01a\x24\x80\x04\x02bc\0\0\0\0").unwrap(), (b"\x04\x03abc".to_vec(), 15));
    for cut in 0..bundle.len().min(200) {
        assert!(ber::definite(&bundle[..cut]).is_err());
    }
    assert_eq!(ber::definite(&[[0x30, 0x80]; 100].concat()), Err(Pkcs7Problem::Depth));
}

#[test]
fn what_is_no_certificate_is_called_by_its_name() {
    for (bytes, said) in [
        (&b""[..], "it is empty; expected a certificate in PEM or DER form"),
        (b" \r\n\t", "it is empty; expected a certificate in PEM or DER form"),
        (b"<!DOCTYPE html><html>", "this is an HTML page; expected"),
        (b"\xef\xbb\xbf\r\n<html lang=de>", "this is an HTML page; expected"),
        (b"<?xml version='1.0'?><a/>", "this is an XML document without a PEM block in it"),
        (b"{\"error\": 404}", "this is a JSON document without a PEM block in it"),
        (b"PK\x03\x04\x14\x00", "this is a ZIP archive (unpack it first)"),
        (b"%PDF-1.7", "this is a PDF document"),
        (b"ssh-rsa AAAA", "this is an OpenSSH public key"),
        (b"Hello, world", "this is text without a PEM block (-----BEGIN CERTIFICATE-----)"),
        (b"----BEGIN CERTIFICATE----\nMIIB", "this is text whose BEGIN line is damaged"),
        ("\u{2014}BEGIN CERTIFICATE\u{2014}\nMIIB".as_bytes(), "this is text whose BEGIN line is damaged"),
        (b"MIIBAA==\nMII\xc3\xa4", "this is base64 without BEGIN and END lines, but padding"),
        (
            b"\x00\x01\x02\x03",
            "4 bytes of binary data that are not a certificate, list, request or key: at byte 0: expected SEQUENCE, \
             found tag 0x00",
        ),
        (
            b"\x30\x82\x05\x00\x02\x01",
            "6 bytes of binary data that are not a certificate, list, request or key: at byte 0: the data ends",
        ),
        (
            b"\x30\x03\x02\x01\x05",
            "5 bytes of binary data that are not a certificate, list, request or key: well-formed, but of another kind",
        ),
    ] {
        let error = read(bytes).unwrap_err();
        assert!(error.to_string().starts_with(said), "{error}");
        assert_eq!(error.is_foreign(), !said.starts_with("this is base64"), "{error}");
    }
    let openssh = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjE=\n-----END OPENSSH PRIVATE KEY-----\n";
    let error = read(openssh.as_bytes()).unwrap_err();
    assert!(error.is_foreign() && error.to_string().contains("a block of this kind holds no certificate"), "{error}");
}

#[test]
fn counts_are_bounded() {
    for bytes in ["-----BEGIN \n".repeat(LIMIT + 5).into_bytes(), [0x30, 6, 0x30, 4, 0xa0, 0, 2, 0].repeat(LIMIT + 5)] {
        let skipped = match read(&bytes) {
            Ok(contents) => contents.skipped,
            Err(ContainerError::Damaged { skipped }) => skipped,
            Err(error) => panic!("{error}"),
        };
        assert_eq!(skipped.last().unwrap().why, Reason::TooMany { limit: LIMIT });
    }
    let crowd = pkcs7::encode(&vec![&b"\x30\0"[..]; LIMIT + 5]);
    assert!(read(&crowd).unwrap_err().to_string().ends_with("it has more than 1000000 members"));
}

#[test]
fn endings_tell_the_form_to_write() {
    for (name, form) in [
        ("ca.pem", Some(Form::Pem)),
        ("CA.CRT", Some(Form::Pem)),
        ("ca.cer", Some(Form::Pem)),
        ("own/cert.der", Some(Form::Der)),
        ("chain.p7b", Some(Form::Pkcs7)),
        ("chain.p7c", Some(Form::Pkcs7)),
        ("chain.txt", None),
        ("pem", None),
    ] {
        assert_eq!(Form::from_extension(std::path::Path::new(name)), form, "{name}");
    }
}
