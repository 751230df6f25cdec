//! Chains of every kind of key, as others see them.

use x509_parser::prelude::FromDer as _;

use super::openssl::{Bench, body, made_key, run};
use super::*;
use crate::cert::TimeForm;
use crate::cert::extension::{AuthorityKeyIdentifier, BasicConstraints, KeyUsage, SubjectKeyIdentifier};
use crate::oid;

#[test]
fn openssl_accepts_a_chain_of_every_key_type() {
    let bench = Bench::new();
    for (top, middle, bottom) in [
        (KeyType::Rsa2048, KeyType::P384, KeyType::P256),
        (KeyType::P384, KeyType::P256, KeyType::Rsa2048),
        (KeyType::Ed25519, KeyType::Rsa2048, KeyType::Ed25519),
    ] {
        let root = root(top, "CN=Plant Root,O=Plant");
        let issuing = root.issue(middle, &issuing("CN=Plant Issuing CA,O=Plant"));
        let leaf = issuing.issue(bottom, &https("CN=twx.plant.example"));
        bench.verify(&root.certificate, &[&issuing.certificate], &leaf.certificate).unwrap();
        assert!(root.certificate.is_self_signed());

        let mut other = root.certificate.der().to_vec();
        *other.last_mut().unwrap() ^= 1;
        let other = Certificate::from_der(&other).unwrap();
        assert!(!other.is_self_signed(), "{top}: a changed signature still verifies");
    }
}

#[test]
fn a_second_reader_sees_what_the_template_said() {
    let root = root(KeyType::P384, "CN=Root");
    let mut template = https("CN=twx.plant.example,O=Plant");
    template.crl_uris = vec!["http://ca.plant.example/root.crl".to_owned()];
    template.issuer_uris = vec!["http://ca.plant.example/root.cer".to_owned()];
    template.ocsp_uris = vec!["http://ocsp.plant.example".to_owned()];
    let leaf = root.issue(KeyType::Rsa2048, &template).certificate;

    let (rest, read) = x509_parser::certificate::X509Certificate::from_der(leaf.der()).unwrap();
    assert!(rest.is_empty());
    assert_eq!(read.version(), x509_parser::x509::X509Version::V3);
    let extensions = read.extensions_map().unwrap();
    assert_eq!(extensions.len(), 8);
    let critical: Vec<_> = read.extensions().iter().filter(|it| it.critical).map(|it| it.oid.to_string()).collect();
    assert_eq!(critical, ["2.5.29.19", "2.5.29.15"]);
    let names = read.subject_alternative_name().unwrap().unwrap().value;
    assert_eq!(names.general_names.len(), 2);
    let usage = read.key_usage().unwrap().unwrap().value;
    assert!(usage.digital_signature() && usage.key_encipherment() && !usage.key_cert_sign());
    let purposes = read.extended_key_usage().unwrap().unwrap().value;
    assert!(purposes.server_auth && !purposes.client_auth && !purposes.any);
    assert!(!read.basic_constraints().unwrap().unwrap().value.ca);

    let bench = Bench::new();
    let path = bench.certificate("shown.pem", &leaf);
    let text = run(&["x509", "-in", &path.display().to_string(), "-noout", "-text"]).unwrap();
    for line in [
        "DNS:twx.plant.example, IP Address:10.0.0.7",
        "URI:http://ca.plant.example/root.crl",
        "CA Issuers - URI:http://ca.plant.example/root.cer",
        "OCSP - URI:http://ocsp.plant.example",
        "ecdsa-with-SHA384",
    ] {
        assert!(text.contains(line), "{line} is missing in {text}");
    }
}

#[test]
fn keys_and_serials_are_named_as_rfc_5280_says() {
    let root = root(KeyType::P256, "CN=Root");
    let leaf = root.issue(KeyType::Ed25519, &https("CN=leaf")).certificate;
    let subject = root.certificate.extension::<SubjectKeyIdentifier<'_>>().unwrap().unwrap();
    assert_eq!(subject.0, root.key.key_identifier().unwrap());
    let authority = leaf.extension::<AuthorityKeyIdentifier<'_>>().unwrap().unwrap();
    assert_eq!(authority.key_id, Some(subject.0));
    let usage = leaf.extension::<KeyUsage>().unwrap().unwrap();
    assert_eq!(usage, KeyUsage::DIGITAL_SIGNATURE);
    for certificate in [&root.certificate, &leaf] {
        let serial = certificate.serial();
        assert_eq!(serial.as_bytes().len(), 16);
        assert!(!serial.is_negative());
    }
    assert_ne!(root.certificate.serial(), leaf.serial());
}

#[test]
fn algorithm_identifiers_have_parameters_for_rsa_alone() {
    for (kind, identifier) in [
        (KeyType::Rsa2048, &b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00"[..]),
        (KeyType::P256, b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"),
        (KeyType::P384, b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x03"),
        (KeyType::Ed25519, b"\x30\x05\x06\x03\x2b\x65\x70"),
    ] {
        let certificate = root(kind, "CN=Root").certificate;
        assert_eq!(certificate.signature_algorithm_der(), identifier, "{kind}");
        assert_eq!(certificate.signed_algorithm_der(), identifier, "{kind}");
    }
}

#[test]
fn validity_is_cut_to_the_issuers_and_written_in_the_right_form() {
    let at = |text: &str| text.parse::<Moment>().unwrap();
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let mut template = Template::new(Kind::Root, "CN=Root".parse().unwrap(), years(1));
    template.validity = Validity { not_before: at("1949-12-31T23:59:59Z"), not_after: at("2050-01-01T00:00:00Z") };
    let certificate = template.issue(&key.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
    let (first, last) = (certificate.not_before_time().unwrap(), certificate.not_after_time().unwrap());
    assert_eq!(
        (first.form, first.moment, first.is_strict),
        (TimeForm::Generalized, template.validity.not_before, true)
    );
    assert_eq!((last.form, last.moment, last.is_strict), (TimeForm::Generalized, template.validity.not_after, true));
    let root = Made { key, certificate };

    let mut server = https("CN=leaf");
    server.validity = Validity { not_before: at("2049-12-31T23:59:59Z"), not_after: at("2060-01-01") };
    let leaf = root.issue(KeyType::P256, &server).certificate;
    assert_eq!(leaf.not_before_time().unwrap().form, TimeForm::Utc);
    assert_eq!(leaf.not_after().unwrap(), at("2050-01-01T00:00:00Z"));

    server.validity.not_before = at("2050-01-01T00:00:01Z");
    let refused = server.issue(&root.key.public_key().unwrap(), &root.issuer());
    assert!(matches!(refused, Err(Error::OutsideIssuer { .. })), "{refused:?}");
    template.validity = Validity { not_before: at("2030-01-02"), not_after: at("2030-01-01") };
    let refused = template.issue(&root.key.public_key().unwrap(), &Issuer::itself(&root.key));
    assert!(matches!(refused, Err(Error::Validity { .. })), "{refused:?}");
}

#[test]
fn what_a_demonstration_needs_can_be_made() {
    let bench = Bench::new();
    let root = root(KeyType::Rsa2048, "CN=Root");
    let issuing = root.issue(KeyType::Rsa2048, &issuing("CN=Issuing"));
    let key = KeyPair::generate(KeyType::P256).unwrap();

    let mut expired = https("CN=old");
    expired.validity = Validity { not_before: now().plus(-90 * DAY), not_after: now().plus(-DAY) };
    let expired = expired.issue(&key.public_key().unwrap(), &issuing.issuer()).unwrap();
    let said = bench.verify(&root.certificate, &[&issuing.certificate], &expired).unwrap_err();
    assert!(said.contains("certificate has expired"), "{said}");

    let own = https("CN=own").issue(&key.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
    assert!(own.is_self_signed() && !own.is_ca());
    bench.verify(&own, &[], &own).unwrap();

    let signer = issuing.issuer().signing_with(SigningAlgorithm::RsaSha1ForDemonstration);
    let weak = https("CN=weak").issue(&key.public_key().unwrap(), &signer).unwrap();
    assert_eq!(weak.signature_algorithm().unwrap().to_string(), "SHA1-RSA");
    bench.verify(&root.certificate, &[&issuing.certificate], &weak).unwrap();
}

#[test]
fn what_the_rules_forbid_is_refused_with_a_reason() {
    let root = root(KeyType::P256, "CN=Root");
    let issuing_ca = root.issue(KeyType::P256, &issuing("CN=Issuing"));
    let leaf = issuing_ca.issue(KeyType::P256, &https("CN=leaf"));
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let public = key.public_key().unwrap();

    let error = Issuer::authority(&leaf.certificate, &leaf.key).unwrap_err();
    assert!(matches!(error, Error::NotAuthority { .. }), "{error}");
    let error = Issuer::authority(&root.certificate, &key).unwrap_err();
    assert!(matches!(error, Error::KeyMismatch { .. }), "{error}");
    let error = issuing("CN=Further").issue(&public, &issuing_ca.issuer()).unwrap_err();
    assert!(matches!(error, Error::PathLength { allowed: 0, .. }), "{error}");
    let error = https("CN=leaf").issue(&public, &Issuer::itself(&root.key)).unwrap_err();
    assert!(matches!(error, Error::KeyMismatch { .. }), "{error}");
    let error = https("CN=Issuing").issue(&public, &issuing_ca.issuer()).unwrap_err();
    assert!(matches!(error, Error::SubjectIsIssuer { .. }), "{error}");
    let error = https("CN=leaf").path_length(0).unwrap_err();
    assert!(matches!(error, Error::PathLengthOfLeaf { .. }), "{error}");
    let mut nameless = https("CN=leaf");
    nameless.alternative_names.clear();
    let error = nameless.issue(&public, &root.issuer()).unwrap_err();
    assert!(matches!(error, Error::MissingNames { .. }), "{error}");
    let error =
        Template::new(Kind::Root, Subject::empty(), years(1)).issue(&public, &Issuer::itself(&key)).unwrap_err();
    assert!(matches!(error, Error::EmptySubject { .. }), "{error}");
    let error = key.sign(SigningAlgorithm::RsaSha256, b"message").unwrap_err();
    assert!(matches!(error, key_pair::Error::WrongAlgorithm { .. }), "{error}");

    let short = made_key(&Bench::new(), &["genrsa", "-traditional", "1024"]);
    let error = KeyPair::from_der(&short).unwrap_err();
    assert_eq!(error, key_pair::Error::RsaSize { bits: 1024 });
}

#[test]
fn a_path_length_is_written_and_respected() {
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let root = Template::new(Kind::Root, "CN=Root".parse().unwrap(), years(5)).path_length(1).unwrap();
    let certificate = root.issue(&key.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
    let constraints = certificate.extension::<BasicConstraints>().unwrap().unwrap();
    assert_eq!((constraints.ca, constraints.path_length, constraints.spells_default), (true, Some(1), false));
    let root = Made { key, certificate };
    let issuing = root.issue(KeyType::P256, &issuing("CN=Issuing"));
    let leaf = issuing.issue(KeyType::P256, &https("CN=leaf"));
    Bench::new().verify(&root.certificate, &[&issuing.certificate], &leaf.certificate).unwrap();
}

#[test]
fn an_empty_subject_makes_the_alternative_names_critical() {
    let root = root(KeyType::P256, "CN=Root");
    let mut template = https("CN=leaf");
    template.subject = Subject::empty();
    let leaf = root.issue(KeyType::P256, &template).certificate;
    assert!(leaf.extensions().find(oid::SUBJECT_ALT_NAME).unwrap().critical);
    Bench::new().verify(&root.certificate, &[], &leaf).unwrap();
}

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
