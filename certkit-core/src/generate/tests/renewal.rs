//! Names of an old certificate with new dates.

use super::openssl::{self, Bench};
use super::*;
use crate::cert::extension::{BasicConstraints, CrlDistributionPoints, SubjectAltName};
use crate::oid;

fn opcua(key: &KeyPair) -> Certificate {
    let template = Template::new(
        Kind::OpcUa,
        "CN=App,O=Plant,DC=plc7,DC=plant".parse().unwrap(),
        Validity::days(now().plus(-300 * DAY), 365),
    )
    .alternative_names([
        AlternativeName::Uri("urn:plc7:Plant:App".to_owned()),
        AlternativeName::host("plc7"),
        AlternativeName::host("fd00::7"),
    ]);
    template.issue(&key.public_key().unwrap(), &Issuer::itself(key)).unwrap()
}

#[test]
fn names_key_and_identifiers_stay_and_dates_and_serial_do_not() {
    let key = KeyPair::generate(KeyType::Rsa2048).unwrap();
    let old = opcua(&key);
    assert_eq!(Kind::of_certificate(&old), Kind::OpcUa);
    let granted = Template::from_certificate(Kind::OpcUa, &old, Validity::days(now(), 365)).unwrap();
    assert_eq!(granted.dropped, []);
    let new = granted.template.issue(&old.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
    assert_eq!(new.subject().der(), old.subject().der());
    assert_eq!(new.spki(), old.spki());
    assert_ne!(new.serial(), old.serial());
    assert!(new.not_after().unwrap() > old.not_after().unwrap());
    let values = |certificate: &Certificate| -> Vec<(String, Vec<u8>)> {
        certificate.extensions().iter().map(|it| (it.oid.to_string(), it.value.to_vec())).collect()
    };
    assert_eq!(values(&new), values(&old));
}

#[test]
fn what_an_issuer_said_is_kept_and_what_certkit_does_not_write_is_told() {
    let root = root(KeyType::P256, "CN=Root");
    let mut template = https("CN=twx.plant.example,OU=a,OU=b");
    template.crl_uris.push("http://pki.plant.example/root.crl".to_owned());
    template.issuer_uris.push("http://pki.plant.example/root.cer".to_owned());
    let old = root.issue(KeyType::P384, &template);
    let granted =
        Template::from_certificate(Kind::of_certificate(&old.certificate), &old.certificate, years(1)).unwrap();
    assert_eq!(granted.template.kind, Kind::Https);
    let new = granted.template.issue(&old.certificate.public_key().unwrap(), &root.issuer()).unwrap();
    let points = new.extension::<CrlDistributionPoints<'_>>().unwrap().unwrap();
    assert_eq!(points.uris().map(|uri| uri.to_string()).collect::<Vec<_>>(), ["http://pki.plant.example/root.crl"]);
    assert_eq!(granted.template.issuer_uris, template.issuer_uris);
    assert_eq!(new.extension::<SubjectAltName<'_>>().unwrap().unwrap().names().count(), 2);
}

#[test]
fn a_ca_keeps_its_path_length() {
    let root = root(KeyType::P256, "CN=Root");
    let old = root.issue(KeyType::P256, &issuing("CN=Issuing").path_length(3).unwrap());
    assert_eq!(Kind::of_certificate(&old.certificate), Kind::IssuingAuthority);
    assert_eq!(Kind::of_certificate(&root.certificate), Kind::Root);
    let granted = Template::from_certificate(Kind::IssuingAuthority, &old.certificate, years(1)).unwrap();
    let new = granted.template.issue(&old.certificate.public_key().unwrap(), &root.issuer()).unwrap();
    assert_eq!(new.extension::<BasicConstraints>().unwrap().unwrap().path_length, Some(3));
}

#[test]
fn an_application_with_the_old_habits_loses_its_ca_flag_and_is_told() {
    let bench = Bench::new();
    let (key, path) = (bench.path("old.key"), bench.path("old.pem"));
    openssl::run(&[
        "req",
        "-x509",
        "-newkey",
        "rsa:2048",
        "-nodes",
        "-days",
        "30",
        "-subj",
        "/O=Plant/CN=App",
        "-keyout",
        key.to_str().unwrap(),
        "-out",
        path.to_str().unwrap(),
        "-addext",
        "basicConstraints=critical,CA:TRUE,pathlen:0",
        "-addext",
        "keyUsage=critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment,keyCertSign",
        "-addext",
        "extendedKeyUsage=serverAuth,clientAuth,codeSigning",
        "-addext",
        "subjectAltName=URI:urn:plc7:Plant:App,DNS:plc7,RID:1.2.3",
        "-addext",
        "nsComment=made by an old toolkit",
    ])
    .unwrap();
    let old = Certificate::from_der(pem::parse(std::fs::read(&path).unwrap()).unwrap().contents()).unwrap();
    assert_eq!(Kind::of_certificate(&old), Kind::OpcUa);
    let granted = Template::from_certificate(Kind::OpcUa, &old, years(1)).unwrap();
    let mut dropped: Vec<String> = granted.dropped.iter().map(|it| it.what.clone()).collect();
    dropped.sort();
    assert_eq!(dropped.len(), 2, "{dropped:?}");
    assert!(dropped.iter().any(|it| it == "basicConstraints cA"), "{dropped:?}");
    let key = key_file::read(&std::fs::read(&key).unwrap(), None).unwrap();
    let new = granted.template.issue(&old.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
    assert!(!new.is_ca());
    for oid in ["subjectAltName", "extKeyUsage"] {
        assert_eq!(value(&new, oid), value(&old, oid), "{oid}");
    }
}

/// Makes a self-signed certificate with OpenSSL.
fn by_openssl(subject: &str, extensions: &[&str]) -> (Certificate, KeyPair) {
    let bench = Bench::new();
    let (key, path) = (bench.path("old.key"), bench.path("old.pem"));
    let mut arguments = vec!["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj", subject];
    arguments.extend(["-keyout", key.to_str().unwrap(), "-out", path.to_str().unwrap()]);
    extensions.iter().for_each(|it| arguments.extend(["-addext", it]));
    openssl::run(&arguments).unwrap();
    let old = Certificate::from_der(pem::parse(std::fs::read(&path).unwrap()).unwrap().contents()).unwrap();
    (old, key_file::read(&std::fs::read(&key).unwrap(), None).unwrap())
}

fn value(certificate: &Certificate, oid: &str) -> Option<Vec<u8>> {
    certificate.extensions().iter().find(|it| it.oid.called() == oid).map(|it| it.value.to_vec())
}

#[test]
fn a_renewal_loses_no_name_no_purpose_and_no_usage() {
    let cases: [(&[&str], Kind); 5] = [
        (
            &[
                "basicConstraints=critical,CA:FALSE",
                "keyUsage=critical,digitalSignature,keyEncipherment",
                "extendedKeyUsage=serverAuth,clientAuth,1.3.6.1.4.1.311.20.2.2",
                "subjectAltName=DNS:twx.plant.example,URI:spiffe://plant/x",
            ],
            Kind::Https,
        ),
        (
            &[
                "basicConstraints=critical,CA:FALSE",
                "keyUsage=critical,digitalSignature,keyEncipherment",
                "extendedKeyUsage=serverAuth",
                "subjectAltName=DNS:twx.plant.example,email:a@b.example,RID:1.2.3,\
                 otherName:1.3.6.1.4.1.311.20.2.3;UTF8:u@plant.example",
            ],
            Kind::Https,
        ),
        (
            &[
                "basicConstraints=critical,CA:FALSE",
                "keyUsage=critical,digitalSignature,keyEncipherment",
                "extendedKeyUsage=clientAuth",
            ],
            Kind::Client,
        ),
        (&["basicConstraints=critical,CA:FALSE", "subjectAltName=DNS:twx.plant.example"], Kind::Https),
        // A URN beside the host of a key that TLS has is no application's.
        (
            &[
                "basicConstraints=critical,CA:FALSE",
                "keyUsage=critical,digitalSignature,keyEncipherment",
                "extendedKeyUsage=serverAuth,clientAuth",
                "subjectAltName=DNS:twx.plant.example,URI:urn:plant:x",
            ],
            Kind::Https,
        ),
    ];
    for (extensions, kind) in cases {
        let (old, key) = by_openssl("/CN=twx.plant.example", extensions);
        assert_eq!(Kind::of_certificate(&old), kind, "{extensions:?}");
        let granted = Template::from_certificate(kind, &old, years(1)).unwrap();
        assert_eq!(granted.dropped, [], "{extensions:?}");
        let new = granted.template.issue(&old.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
        for oid in ["subjectAltName", "extKeyUsage"] {
            assert_eq!(value(&new, oid), value(&old, oid), "{oid} of {extensions:?}");
        }
        if let Some(old) = value(&old, "keyUsage") {
            assert_eq!(value(&new, "keyUsage"), Some(old), "{extensions:?}");
        }
        let request = granted.template.request(&key).unwrap();
        let asked =
            request.extensions().iter().find(|it| it.oid == oid::EXTENDED_KEY_USAGE).map(|it| it.value.to_vec());
        assert_eq!(asked, value(&old, "extKeyUsage"), "{extensions:?}");
    }
}

#[test]
fn an_application_keeps_its_subject_and_a_server_that_becomes_one_takes_its_purposes() {
    let usage = "keyUsage=critical,digitalSignature,nonRepudiation,keyEncipherment,dataEncipherment";
    let extensions = ["basicConstraints=critical,CA:FALSE", usage, "subjectAltName=URI:urn:plc7:App,DNS:plc7"];
    let (old, key) = by_openssl("/CN=App", &extensions);
    assert_eq!(Kind::of_certificate(&old), Kind::OpcUa);
    let granted = Template::from_certificate(Kind::OpcUa, &old, years(1)).unwrap();
    let new = granted.template.issue(&old.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
    assert_eq!(new.subject().der(), old.subject().der());
    let extensions = ["extendedKeyUsage=codeSigning", "subjectAltName=URI:urn:plc7:App,DNS:plc7"];
    let (old, _) = by_openssl("/CN=twx", &[&["basicConstraints=critical,CA:FALSE"][..], &extensions].concat());
    let granted = Template::from_certificate(Kind::Https, &old, years(1)).unwrap();
    assert_eq!(granted.template.purposes, [oid::SERVER_AUTH]);
    assert_eq!(granted.dropped.iter().map(|it| it.what.as_str()).collect::<Vec<_>>(), ["extKeyUsage codeSigning"]);
}

#[test]
fn what_limits_a_ca_is_kept() {
    let bench = Bench::new();
    let config = bench.path("config");
    let extensions = "[req]\ndistinguished_name=n\nx509_extensions=e\n[n]\n[e]\nbasicConstraints=critical,CA:TRUE\n\
        keyUsage=critical,keyCertSign,cRLSign\nnameConstraints=critical,permitted;DNS:plant.example\n\
        certificatePolicies=1.2.3.4\npolicyConstraints=requireExplicitPolicy:0\ninhibitAnyPolicy=critical,0\n\
        extendedKeyUsage=serverAuth\n";
    std::fs::write(&config, extensions).unwrap();
    let (key, file) = (bench.path("key"), bench.path("ca.der"));
    let mut arguments: Vec<std::ffi::OsString> = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes \
        -subj /CN=Root -outform DER -config"
        .split_whitespace()
        .map(Into::into)
        .collect();
    arguments.extend([config.into(), "-keyout".into(), key.into(), "-out".into(), file.clone().into()]);
    openssl::run(&arguments).unwrap();
    let old = Certificate::from_der(&std::fs::read(file).unwrap()).unwrap();
    let kind = Kind::of_certificate(&old);
    let granted = Template::from_certificate(kind, &old, years(1)).unwrap();
    assert_eq!(granted.dropped, []);
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let new = granted.template.issue(&key.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
    for oid in ["nameConstraints", "certificatePolicies", "policyConstraints", "inhibitAnyPolicy", "extKeyUsage"] {
        let of = |it: &Certificate| {
            let all = it.extensions();
            let found = all.iter().find(|it| it.oid.called() == oid).unwrap();
            (found.critical, found.value.to_vec())
        };
        assert_eq!(of(&new), of(&old), "{oid}");
    }
}
