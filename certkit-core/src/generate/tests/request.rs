//! Requests, made here for OpenSSL and by OpenSSL for here.

use super::openssl::{Bench, body, run};
use super::*;
use crate::cert::Request;
use crate::cert::extension::{ExtendedKeyUsage, SubjectAltName};
use crate::oid;

#[test]
fn openssl_reads_and_verifies_a_request() {
    let bench = Bench::new();
    for kind in [KeyType::Rsa2048, KeyType::P384, KeyType::Ed25519] {
        let key = KeyPair::generate(kind).unwrap();
        let request = https("CN=twx.plant.example,DC=plant,DC=example").request(&key).unwrap();
        let path = bench.write("made.csr", "CERTIFICATE REQUEST", request.der()).display().to_string();
        let text = run(&["req", "-in", &path, "-verify", "-noout", "-text", "-nameopt", "RFC2253"]).unwrap();
        for line in [
            "CN=twx.plant.example,DC=plant,DC=example",
            "DNS:twx.plant.example, IP Address:10.0.0.7",
            "TLS Web Server Authentication",
            "CA:FALSE",
        ] {
            assert!(text.contains(line), "{line} is missing in {text}");
        }
    }
}

/// Makes a request with `openssl`; `options` follow those for files and subject.
fn foreign(bench: &Bench, key: &[&str], options: &[&str]) -> (Request, std::path::PathBuf) {
    let (key_path, path) = (bench.path("foreign.key"), bench.path("foreign.csr"));
    let (key_text, text) = (key_path.display().to_string(), path.display().to_string());
    let common =
        ["-nodes", "-keyout", &key_text, "-out", &text, "-utf8", "-subj", "/DC=example/DC=plant/O=Werk Süd/CN=plc7"];
    run(&[&["req", "-new"], key, &common, options].concat()).unwrap();
    (Request::from_der(pem::parse(std::fs::read(&path).unwrap()).unwrap().contents()).unwrap(), key_path)
}

const P384: [&str; 4] = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-384"];

#[test]
fn a_foreign_request_gets_what_its_kind_has_and_no_more() {
    let bench = Bench::new();
    let root = root(KeyType::P256, "CN=Root");
    let (request, key) = foreign(
        &bench,
        &P384,
        &[
            "-addext",
            "subjectAltName=DNS:plc7.plant.example,IP:10.0.0.7,IP:fe80::7,URI:urn:x:y,email:a@plant.example,DNS:plc_7,RID:1.2.3,DNS:plc7.plant.example",
            "-addext",
            "keyUsage=digitalSignature,keyCertSign",
            "-addext",
            "extendedKeyUsage=serverAuth,codeSigning",
            "-addext",
            "basicConstraints=CA:FALSE",
            "-addext",
            "certificatePolicies=1.2.3.4",
            "-addext",
            "tlsfeature=status_request",
        ],
    );
    let granted = Template::from_request(Kind::Https, &request, Validity::days(now(), 90)).unwrap();
    let dropped: Vec<String> = granted.dropped.iter().map(Dropped::to_string).collect();
    assert_eq!(
        dropped,
        [
            "subjectAltName URI:urn:x:y: a certificate of this kind has none",
            "subjectAltName email:a@plant.example: a certificate of this kind has none",
            "subjectAltName DNS:plc_7: only letters, digits and hyphens are allowed between dots, and * only as the \
             whole first part",
            "subjectAltName RID:1.2.3: a certificate of this kind has none",
            "keyUsage keyCertSign: a certificate of this kind has none",
            "extKeyUsage codeSigning: a certificate of this kind has none",
            "certificatePolicies: it is not taken from a request",
            "tlsFeature: it is not taken from a request",
        ]
    );
    let leaf = granted.template.issue(&request.public_key().unwrap(), &root.issuer()).unwrap();
    bench.verify(&root.certificate, &[], &leaf).unwrap();
    assert_eq!(leaf.subject().der(), request.subject().der());
    let names = leaf.extension::<SubjectAltName<'_>>().unwrap().unwrap();
    let names: Vec<_> = names.names().map(|name| name.to_string()).collect();
    assert_eq!(names, ["DNS:plc7.plant.example", "IP:10.0.0.7", "IP:fe80::7"]);
    // A P-384 key that has signed with SHA-256, as OpenSSL does: it must stay a P-384 key.
    assert_eq!(request.signature_algorithm().unwrap().to_string(), "ECDSA-SHA256");
    assert_eq!(leaf.spki(), KeyPair::from_der(&body(&key)).unwrap().spki());
    assert_eq!(leaf.public_key().unwrap().to_string(), "EC P-384");
}

#[test]
fn purposes_are_narrowed_and_never_widened() {
    let bench = Bench::new();
    let options = ["-addext", "subjectAltName=URI:urn:plc7:Plant:Pump", "-addext", "extendedKeyUsage=clientAuth"];
    let (request, _) = foreign(&bench, &P384, &options);
    let root = root(KeyType::P384, "CN=Root");
    let granted = Template::from_request(Kind::OpcUa, &request, Validity::days(now(), 90)).unwrap();
    assert_eq!(granted.dropped, []);
    let leaf = granted.template.issue(&request.public_key().unwrap(), &root.issuer()).unwrap();
    let purposes = leaf.extension::<ExtendedKeyUsage<'_>>().unwrap().unwrap();
    assert_eq!(purposes.purposes().collect::<Vec<_>>(), [oid::CLIENT_AUTH]);

    // Nothing of what is asked for is the kind's own: the kind's own it is.
    let granted = Template::from_request(Kind::Https, &request, Validity::days(now(), 90)).unwrap();
    assert_eq!(granted.template.purposes, [oid::SERVER_AUTH]);
    // The host that the kind needs is missing, and can be added before it is issued.
    let key = request.public_key().unwrap();
    assert!(matches!(granted.template.issue(&key, &root.issuer()), Err(Error::MissingNames { .. })));
    granted.template.alternative_names([AlternativeName::host("plc7")]).issue(&key, &root.issuer()).unwrap();
}

#[test]
fn a_request_for_a_ca_is_for_the_kind_of_a_ca() {
    let bench = Bench::new();
    let options = ["-addext", "basicConstraints=critical,CA:TRUE,pathlen:7", "-addext", "keyUsage=keyCertSign,cRLSign"];
    let (request, _) = foreign(&bench, &P384, &options);
    let validity = Validity::days(now(), 90);
    for kind in [Kind::Https, Kind::Client, Kind::OpcUa] {
        let error = Template::from_request(kind, &request, validity).unwrap_err();
        assert!(matches!(error, Error::RequestOfAuthority { .. }), "{error}");
    }
    let granted = Template::from_request(Kind::IssuingAuthority, &request, validity).unwrap();
    assert_eq!(granted.template.constraints, Constraints::Authority { path_length: Some(0) });
    assert_eq!(granted.dropped.len(), 1);
    let root = root(KeyType::P256, "CN=Root");
    granted.template.issue(&request.public_key().unwrap(), &root.issuer()).unwrap();
}

#[test]
fn a_request_that_nobody_should_sign_is_refused() {
    let bench = Bench::new();
    let validity = Validity::days(now(), 90);
    let (request, _) = foreign(&bench, &P384, &[]);
    let mut changed = request.der().to_vec();
    let position = changed.windows(4).position(|bytes| bytes == b"plc7").unwrap();
    changed[position] = b'q';
    let error = Template::from_request(Kind::Client, &Request::from_der(&changed).unwrap(), validity).unwrap_err();
    assert!(matches!(error, Error::RequestSignature { .. }), "{error}");

    let (request, _) = foreign(&bench, &["-newkey", "rsa:1024"], &[]);
    let error = Template::from_request(Kind::Client, &request, validity).unwrap_err();
    assert!(matches!(error, Error::UnfitKey { .. }), "{error}");
    let (request, _) = foreign(&bench, &["-newkey", "ed448"], &[]);
    assert!(Template::from_request(Kind::Client, &request, validity).is_err());

    // Requests of old devices are signed with SHA-1; what is issued is not.
    let (request, _) = foreign(&bench, &["-newkey", "rsa:2048"], &["-sha1"]);
    Template::from_request(Kind::Client, &request, validity).unwrap();
}
