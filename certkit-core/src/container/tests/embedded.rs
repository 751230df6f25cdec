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
    // A ConfigMap in clear beside a Secret, and stores and DER in a Secret.
    let both =
        format!("data:\n  ca.crt: |\n{}---\ndata:\n  tls.crt: {}\n", indented(&pem_of(&two)), base64(pem_of(&one)));
    assert_eq!(ders(&read(both.as_bytes()).unwrap()), [two.clone(), one.clone()]);
    let entry = java::Entry { alias: "ca".to_owned(), created: 0, content: java::Content::Trusted(two.clone()) };
    let store = java::encode(java::Flavour::Jks, &[entry], b"changeit").unwrap();
    let stores = format!("apiVersion: v1\ndata:\n  truststore.jks: {}\n  ca.der: {}\n", base64(&store), base64(&one));
    assert_eq!(ders(&read_with(stores.as_bytes(), Some(b"changeit")).unwrap()), [two, one]);
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
        // Whatever is cut off is told.
        if let Ok(contents) = read(&store[..cut]) {
            assert!(!contents.skipped.is_empty(), "{cut}");
        }
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
        assert_eq!(ders(&contents), [one.clone(), two.clone()]);
        let rejected: Vec<bool> = contents.items.iter().map(|it| it.rejected.is_some()).collect();
        assert_eq!(rejected, [false, true]);
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
        (b"\x1e\xf1\xb5\xb0\0\0\0\0".to_vec(), "PVK"),
        (b"kych\0\x01\0\0".to_vec(), "keychain"),
        (nss, "certutil"),
        (b"SQLite format 3\0\x10\0".to_vec(), "SQLite"),
    ] {
        let error = read(&bytes).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
}
