//! Base64 within other text, and stores of Windows in files.

use ::base64::Engine as _;

use super::*;
use crate::container::jks as java;

fn base64(bytes: impl AsRef<[u8]>) -> String {
    ::base64::engine::general_purpose::STANDARD.encode(bytes)
}

fn pem_of(der: &[u8]) -> String {
    pem::encode("CERTIFICATE", der)
}

/// Lines of 64 characters, as tools fold them.
fn folded(text: &str, indent: &str) -> String {
    text.as_bytes().chunks(64).map(|line| format!("{indent}{}\n", std::str::from_utf8(line).unwrap())).collect()
}

#[test]
fn what_kubernetes_keeps_in_base64_is_found_in_every_form() {
    let (one, two) = (certificate("one"), certificate("two"));
    let key = pem::encode("PRIVATE KEY", &AUTHORITY.key.serialize_der());
    let chain = base64(pem_of(&one) + &pem_of(&two));
    let secret = format!("apiVersion: v1\nkind: Secret\ndata:\n  tls.crt: {chain}\n  tls.key: {}\n", base64(&key));
    let contents = read(secret.as_bytes()).unwrap();
    assert_eq!(kinds(&contents), ["certificate", "certificate", "private key"]);
    let lines: Vec<_> = contents.items.iter().map(|it| (it.position.block, it.position.line)).collect();
    assert_eq!(lines, [(1, Some(4)), (2, Some(4)), (3, Some(5))]);
    let kubeconfig = format!(
        "clusters:\n- cluster:\n    certificate-authority-data: {}\nusers:\n- user:\n    client-certificate-data: \"{}\"\n",
        base64(pem_of(&two)),
        base64(pem_of(&one))
    );
    let json = format!(
        "{{\"apiVersion\":\"v1\",\"data\":{{\"ca.crt\":\"{}\",\"tls.crt\":\"{}\"}}}}",
        base64(pem_of(&two)),
        base64(pem_of(&one))
    );
    let block = format!(
        "apiVersion: v1\ndata:\n  ca.crt: |\n{}  tls.crt: >-\n{}kind: Secret\n",
        folded(&base64(pem_of(&two)), "    "),
        folded(&base64(pem_of(&one)), "    ")
    );
    for text in [kubeconfig, json, block, format!("CA={}\nCERT='{}'\n", base64(pem_of(&two)), base64(pem_of(&one)))] {
        let contents = read(text.as_bytes()).unwrap_or_else(|error| panic!("{text}: {error}"));
        assert_eq!((ders(&contents), reasons(&contents)), (vec![two.clone(), one.clone()], vec![]), "{text}");
    }
    // Stores and DER in a Secret.
    let entry = java::Entry { alias: "ca".to_owned(), created: 0, content: java::Content::Trusted(two.clone()) };
    let store = java::encode(java::Flavour::Jks, &[entry], b"changeit").unwrap();
    let stores = format!("apiVersion: v1\ndata:\n  truststore.jks: {}\n  ca.der: {}\n", base64(&store), base64(&one));
    assert_eq!(ders(&read_with(stores.as_bytes(), Some(b"changeit")).unwrap()), [two, one]);
}

#[test]
fn certificates_of_a_signed_message_are_read_and_are_no_anchors() {
    let bundle = pkcs7::encode(&[&certificate("one"), &certificate("two")]);
    for kind in ["application/pkcs7-signature", "application/x-pkcs7-mime; smime-type=signed-data"] {
        let mail = format!(
            "MIME-Version: 1.0\r\nContent-Type: {kind}; name=\"smime.p7s\"\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n",
            folded(&base64(&bundle), "").replace('\n', "\r\n")
        );
        let contents = read(mail.as_bytes()).unwrap();
        assert_eq!(kinds(&contents), ["certificate", "certificate"]);
        assert!(contents.items.iter().all(|it| it.rejected.is_some()));
        // Other text with the same lines is no message.
        assert!(read(mail.replace("pkcs7", "text").as_bytes()).is_err());
    }
}

#[test]
fn beside_pem_blocks_base64_is_told_and_not_read() {
    let (one, two) = (certificate("one"), certificate("two"));
    let both =
        format!("data:\n  ca.crt: |\n{}---\ndata:\n  tls.crt: {}\n", indented(&pem_of(&two)), base64(pem_of(&one)));
    let bundle = format!("{}# {}\n# {}\n", pem_of(&two), base64(pem_of(&one)), base64(pem_of(&one)));
    for (text, line) in [(both.as_str(), both.lines().count()), (&bundle, bundle.lines().count() - 1)] {
        let contents = read(text.as_bytes()).unwrap();
        assert_eq!(ders(&contents), std::slice::from_ref(&two), "{text}");
        let [told] = &reasons(&contents)[..] else { panic!("{contents:?}") };
        assert!(
            told.starts_with(&format!("block 2 (line {line})")) && told.contains("outside the PEM blocks"),
            "{told}"
        );
        assert!(!contents.skipped[0].is_harmless());
    }
    // Objects of Kubernetes are read whole, in their order, whichever of them is in clear.
    for first in ["apiVersion: v1\n", "apiVersion: v1\r\n"] {
        let objects = format!(
            "{first}data:\n  tls.crt: {}\n---\n{first}data:\n  ca.crt: |\n{}binaryData:\n  root.der: {}\n",
            base64(pem_of(&one)),
            indented(&pem_of(&two)),
            base64(&one)
        );
        let contents = read(objects.as_bytes()).unwrap();
        assert_eq!((ders(&contents), reasons(&contents)), (vec![one.clone(), two.clone(), one.clone()], vec![]));
        assert_eq!(contents.oddities, []);
        let anchors: Vec<bool> = contents.items.iter().map(|it| it.rejected.is_none()).collect();
        assert_eq!(anchors, [false, true, false]);
    }
    // A block that cannot be read is one as well.
    let damaged = bundle.replacen("-----END CERTIFICATE", "-----END", 1);
    let Err(ContainerError::Damaged { skipped }) = read(damaged.as_bytes()) else { panic!("{damaged}") };
    assert_eq!(skipped.len(), 2);
}

#[test]
fn what_stands_within_other_text_is_no_anchor() {
    let one = certificate("one");
    let value = base64(pem_of(&one));
    let within = [
        format!("certificate-authority-data: {value}\n"),
        format!("A README. Not this one: {value}\n"),
        format!("apiVersion: v1\ndata:\n  ca: {}\n", base64(&one)),
    ];
    for text in within {
        let contents = read(text.as_bytes()).unwrap();
        assert!(contents.items[0].rejected.is_some(), "{text}");
    }
    // The value alone is a file like any other.
    for text in [value.clone(), format!("\n{}\r\n", folded(&value, ""))] {
        let contents = read(text.as_bytes()).unwrap();
        assert_eq!((ders(&contents), &contents.items[0].rejected), (vec![one.clone()], &None));
    }
}

#[test]
fn more_values_than_are_read_are_told() {
    let line = "\"Blob\"=hex:\r\n".repeat(LIMIT + 9);
    let export = format!("REGEDIT4\r\n{line}\"Blob\"=hex:00\r\n");
    let Err(ContainerError::Damaged { skipped }) = read(export.as_bytes()) else { panic!("it holds nothing") };
    assert_eq!(skipped.len(), LIMIT + 1);
    assert!(matches!(skipped[LIMIT].why, Reason::TooMany { limit: LIMIT }), "{}", skipped[LIMIT]);
}

/// A text that a pass for each of its values or lines would take minutes for.
#[test]
fn long_texts_cost_one_pass() {
    let start = std::time::Instant::now();
    let value = format!("{}\n", "A".repeat(60));
    let values: String = (0..60_000).map(|_| format!("a: MII{value}")).collect();
    assert!(read(format!("apiVersion: v1\n{values}").as_bytes()).is_err());
    let export = format!("REGEDIT4\n{}", "\"Blob\"=hex:zz\n".repeat(300_000));
    assert!(matches!(read(export.as_bytes()), Err(ContainerError::Damaged { skipped }) if skipped.len() == 300_000));
    let objects = "[p11-kit-object-v1]\n".repeat(200_000) + &"-----BEGIN X-----\n".repeat(100);
    let blocks = pem_of(&certificate("one")).repeat(3000) + &objects;
    assert_eq!(read(blocks.as_bytes()).unwrap().items.len(), 3000);
    assert!(start.elapsed() < std::time::Duration::from_secs(30), "{:?}", start.elapsed());
}

fn indented(text: &str) -> String {
    text.lines().map(|line| format!("    {line}\n")).collect()
}

#[test]
fn a_damaged_value_is_told_with_its_place_and_hides_no_other() {
    let (one, two) = (certificate("one"), certificate("two"));
    let mut damaged = base64(pem_of(&one));
    damaged.truncate(damaged.len() - 200);
    let text = format!("apiVersion: v1\ndata:\n  ca.crt: {damaged}\n  tls.crt: {}\n", base64(pem_of(&two)));
    let contents = read(text.as_bytes()).unwrap();
    assert_eq!(ders(&contents), [two]);
    let [skipped] = &contents.skipped[..] else { panic!("{contents:?}") };
    assert!(skipped.to_string().contains("line 3") && skipped.claims_certificate(), "{skipped}");
    let alone = format!("data:\n  ca.crt: {damaged}\n");
    assert!(matches!(read(alone.as_bytes()), Err(ContainerError::Damaged { .. })));
    // Base64 of something else, and text that talks of it.
    assert!(read(format!("apiVersion: v1\ndata:\n  note: {}\n", base64("x".repeat(100))).as_bytes()).is_err());
    assert!(read(b"A Secret begins with LS0tLS1CRUdJTi as base64.").is_err());
}

fn property(number: u32, value: &[u8]) -> Vec<u8> {
    let length = u32::try_from(value.len()).unwrap();
    [&number.to_le_bytes()[..], &1u32.to_le_bytes(), &length.to_le_bytes(), value].concat()
}

#[test]
fn stores_of_windows_are_read_from_files() {
    let (one, two, list) = (certificate("one"), certificate("two"), revocation_list());
    let name: Vec<u8> = "Plant\0".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let members =
        [property(11, &name), property(3, &[7; 20]), property(32, &one), property(33, &list), property(32, &two)];
    let store = [&b"\0\0\0\0CERT"[..], &members.concat(), &[0; 12]].concat();
    let contents = read(&store).unwrap();
    assert_eq!((ders(&contents), reasons(&contents)), (vec![one.clone(), list, two.clone()], vec![]));
    assert_eq!(contents.items[0].alias.as_deref(), Some("Plant"));
    for cut in 8..store.len() - 12 {
        // What says no more of its certificates than a part is no store.
        let error = read(&store[..cut]).unwrap_err().to_string();
        assert!(error.contains(&format!("it ends in the middle, at byte {cut}")), "{error}");
    }
    let hex = |bytes: &[u8]| {
        let octets: Vec<String> = bytes.iter().map(|it| format!("{it:02x}")).collect();
        octets.chunks(25).map(|line| line.join(",")).collect::<Vec<_>>().join(",\\\r\n  ")
    };
    let key = |store: &str, der: &[u8]| {
        format!(
            "[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SystemCertificates\\{store}\\Certificates\\AB]\r\n\"Blob\"=hex:{}\r\n\r\n",
            hex(&property(32, der))
        )
    };
    let export =
        format!("Windows Registry Editor Version 5.00\r\n\r\n{}{}", key("ROOT", &one), key("Disallowed", &two));
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(export.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [export.as_bytes(), &wide] {
        let contents = read(bytes).unwrap();
        assert_eq!((ders(&contents), &contents.oddities[..]), (vec![one.clone(), two.clone()], &[][..]));
        let rejected: Vec<bool> = contents.items.iter().map(|it| it.rejected.is_some()).collect();
        assert_eq!(rejected, [false, true]);
    }
    // What a store says of a certificate, in front of it and behind the last one.
    let usage = |octets: &[u8]| [&[0x30, octets.len() as u8 + 2, 6, octets.len() as u8], octets].concat();
    let (server, client, mail) = (
        usage(b"\x2b\x06\x01\x05\x05\x07\x03\x01"),
        usage(b"\x2b\x06\x01\x05\x05\x07\x03\x02"),
        usage(b"\x2b\x06\x01\x05\x05\x07\x03\x04"),
    );
    let any = usage(b"\x55\x1d\x25\x00");
    let (none, time) = (vec![0x30, 0], vec![1; 8]);
    for (said, is_rejected) in [
        (vec![], false),
        (vec![(9, &server)], false),
        (vec![(9, &any)], false),
        (vec![(9, &client)], true),
        (vec![(9, &none)], true),
        (vec![(9, &time)], true),
        (vec![(104, &time)], true),
        (vec![(104, &time), (122, &server)], true),
        (vec![(122, &server)], true),
        (vec![(104, &time), (122, &mail)], false),
        (vec![(104, &time), (122, &none)], true),
        (vec![(104, &time), (122, &time)], true),
        (vec![(126, &time)], true),
        (vec![(127, &any), (126, &time)], true),
        (vec![(127, &mail), (126, &time)], false),
        (vec![(104, &time), (127, &mail), (126, &time)], true),
        (vec![(84, &none)], true),
        (vec![(128, &time)], true),
        (vec![(83, &none), (105, &none), (11, &time)], false),
    ] {
        let about: Vec<u8> = said.iter().flat_map(|(number, value)| property(*number, value)).collect();
        let end = [0; 12];
        let before = [b"\0\0\0\0CERT", &about[..], &property(32, &one), &property(32, &two), &end].concat();
        let behind = [b"\0\0\0\0CERT", &property(32, &two)[..], &property(32, &one), &about, &end].concat();
        for (store, expected) in [(before, [is_rejected, false]), (behind, [false, is_rejected])] {
            let contents = read(&store).unwrap();
            let rejected: Vec<bool> = contents.items.iter().map(|it| it.rejected.is_some()).collect();
            assert_eq!((rejected, contents.skipped.len()), (expected.to_vec(), 0), "{said:?}");
        }
        let key = format!(
            "[HKEY_CURRENT_USER\\ROOT]\r\n\"Blob\"=hex:{}\r\n",
            hex(&[&about[..], &property(32, &one)].concat())
        );
        let contents = read(format!("REGEDIT4\r\n{key}{key}").as_bytes()).unwrap();
        assert!(contents.items.len() == 2 && contents.items.iter().all(|it| it.rejected.is_some() == is_rejected));
    }
    let damaged = export.replacen("\"Blob\"=hex:20", "\"Blob\"=hex:zz", 1);
    let contents = read(damaged.as_bytes()).unwrap();
    assert_eq!((contents.items.len(), contents.skipped.len()), (1, 1), "{contents:?}");
    assert!(read(b"REGEDIT4\r\n\r\n[HKEY_CURRENT_USER\\Software]\r\n\"x\"=\"y\"\r\n").is_err());
}

#[test]
fn stores_of_other_systems_are_called_by_their_names() {
    let nss = [b"SQLite format 3\0", &[0; 100][..], b"CREATE TABLE nssPublic (id)"].concat();
    for (bytes, word) in [
        (b"\x1e\xf1\xb5\xb0\0\0\0\0".to_vec(), "damaged private key"),
        ([b"\x1e\xf1\xb5\xb0\0\0\0\0\x02\0\0\0\x01\0\0\0\x10\0\0\0", &[0; 40][..]].concat(), "-inform PVK"),
        (b"kych\0\x01\0\0".to_vec(), "keychain"),
        (nss, "certutil"),
        (b"SQLite format 3\0\x10\0".to_vec(), "SQLite"),
    ] {
        let error = read(&bytes).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}
