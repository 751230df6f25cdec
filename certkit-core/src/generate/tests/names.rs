//! Names stay as they were given.

use super::openssl::{Bench, body, run};
use super::*;
use crate::oid;

#[test]
fn repeated_attributes_and_their_order_survive() {
    let text = "CN=Plant Root,OU=Line 3,OU=Hall B,O=Plant,DC=plant,DC=example";
    let root = root(KeyType::P256, text);
    assert_eq!(root.certificate.subject().to_string(), text);
    assert_eq!(root.certificate.subject().all(oid::DOMAIN_COMPONENT).collect::<Vec<_>>(), ["example", "plant"]);
    let leaf = root.issue(KeyType::P256, &https("CN=leaf,OU=a+OU=b,DC=plant,DC=example"));
    assert_eq!(leaf.certificate.issuer().der(), root.certificate.subject().der());
    let bench = Bench::new();
    bench.verify(&root.certificate, &[], &leaf.certificate).unwrap();
    let path = bench.certificate("shown.pem", &root.certificate);
    let said = run(&["x509", "-noout", "-subject", "-nameopt", "RFC2253", "-in", &path.display().to_string()]).unwrap();
    assert_eq!(said.trim(), format!("subject={text}"));
}

#[test]
fn an_issuers_name_is_copied_byte_for_byte() {
    // A name as another maker wrote it: PrintableString, an upper-case country, a multi-valued RDN.
    let bench = Bench::new();
    let (key, certificate) = (bench.path("foreign.key"), bench.path("foreign.pem"));
    run(&[
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-384",
        "-nodes",
        "-days",
        "900",
        "-multivalue-rdn",
        "-subj",
        "/DC=example/DC=plant/C=DE/O=Werk Süd/OU=a+OU=b/CN=Foreign CA",
        "-utf8",
        "-addext",
        "keyUsage=critical,keyCertSign,cRLSign",
        "-keyout",
        &key.display().to_string(),
        "-out",
        &certificate.display().to_string(),
    ])
    .unwrap();
    let foreign = Made {
        key: KeyPair::from_der(&body(&key)).unwrap(),
        certificate: Certificate::from_der(pem::parse(std::fs::read(&certificate).unwrap()).unwrap().contents())
            .unwrap(),
    };
    let leaf = foreign.issue(KeyType::P256, &https("CN=leaf")).certificate;
    assert_eq!(leaf.issuer().der(), foreign.certificate.subject().der());
    bench.verify(&foreign.certificate, &[], &leaf).unwrap();
}

#[test]
fn names_of_every_script_are_kept() {
    let text = "CN=Prüfstand 北京 №7,O=Ünïcode & Söhne";
    let root = root(KeyType::P256, text);
    assert_eq!(root.certificate.subject().to_string(), text);
    assert_eq!(root.certificate.subject().first(oid::COMMON_NAME).as_deref(), Some("Prüfstand 北京 №7"));
    Bench::new().verify(&root.certificate, &[], &root.certificate).unwrap();
}

#[test]
fn rfc_4514_is_read_with_its_escapes() {
    for (text, written) in [
        (" CN = plc7 , O = Plant ", "CN=plc7,O=Plant"),
        ("cn=a\\,b,o=\"c, d\"", "CN=a\\,b,O=c\\, d"),
        ("CN=\\ a\\ ", "CN=\\ a\\ "),
        ("CN=L\\C3\\BCbeck", "CN=Lübeck"),
        ("OU=b+OU=a,CN=x", "OU=a+OU=b,CN=x"),
        ("2.5.4.3=dotted", "CN=dotted"),
        ("1.2.3.4=other", "1.2.3.4=other"),
        ("S=Bavaria,C=DE", "ST=Bavaria,C=DE"),
        ("CN=a=b", "CN=a=b"),
        ("", ""),
    ] {
        let subject: Subject = text.parse().unwrap();
        assert_eq!(subject.name().to_string(), written, "{text}");
        assert_eq!(crate::asn1::first_deviation(subject.der()), None, "{text}");
        assert_eq!(written.parse::<Subject>().unwrap(), subject, "{text}");
    }
    for (text, at) in [
        ("plc7", 1),
        ("CN=a,", 6),
        ("CN=a,,O=b", 6),
        ("FOO=a", 1),
        ("CN=a;O=b", 5),
        ("CN=\"a", 6),
        ("CN=\"a\"b", 7),
        ("CN=ü\\x", 5),
        ("CN=#0401", 4),
        ("CN=\\C3", 7),
        ("/CN=a", 1),
    ] {
        match text.parse::<Subject>() {
            Err(Error::NameSyntax { at: found, .. }) => assert_eq!(found, at, "{text}"),
            other => panic!("{text}: {other:?}"),
        }
    }
}

#[test]
fn values_keep_to_the_bounds_of_their_types() {
    for text in ["CN=", "C=de", "C=DEU", "C=D1", "DC=plänt", "serialNumber=a_b", "CN=a\\07"] {
        assert!(matches!(text.parse::<Subject>(), Err(Error::NameValue { .. })), "{text}");
    }
    assert!(Subject::common_name(&"ü".repeat(64)).is_ok());
    assert!(matches!(Subject::common_name(&"ü".repeat(65)), Err(Error::NameValue { .. })));
}

#[test]
fn alternative_names_are_looked_at_before_they_are_written() {
    assert_eq!(AlternativeName::host("10.0.0.7").to_string(), "IP:10.0.0.7");
    assert_eq!(AlternativeName::host("[::1]").to_string(), "IP:::1");
    assert_eq!(AlternativeName::host("plc7").to_string(), "DNS:plc7");
    for good in ["plc7", "*.plant.example", "xn--mller-kva.example", "a.b-c.d1"] {
        AlternativeName::Dns(good.to_owned()).validate().unwrap();
    }
    let long = "a".repeat(64);
    for bad in
        ["", "plc_7", "-a.b", "a-.b", "a..b", "a.", "müller.example", "10.0.0.7", "a.*.b", "*", "a.7", "a b", &long]
    {
        assert!(AlternativeName::Dns(bad.to_owned()).validate().is_err(), "{bad}");
    }
    for good in ["urn:plc7:Plant:Pump%201", "http://plc7.plant.example/UA", "opc.tcp://plc7:4840"] {
        AlternativeName::Uri(good.to_owned()).validate().unwrap();
    }
    for bad in ["", "plc7", "urn:", "urn:a ", "1x:y", "urn:ü", "urn:a%2", "urn:a%g1", "urn:a<b", ":a", "urn:a\nb"] {
        assert!(AlternativeName::Uri(bad.to_owned()).validate().is_err(), "{bad}");
    }
    AlternativeName::Email("a.b@plant.example".to_owned()).validate().unwrap();
    for bad in ["", "a", "@b", "a@", "a b@c", "a@*.b", "a@b@c"] {
        assert!(AlternativeName::Email(bad.to_owned()).validate().is_err(), "{bad}");
    }
}
