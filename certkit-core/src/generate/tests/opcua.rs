//! OPC UA application certificates (OPC 10000-6 section 6.2.2).

use super::openssl::{Bench, run};
use super::*;
use crate::cert::extension::{AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, SubjectAltName};
use crate::oid;

fn application() -> Template {
    let uri = AlternativeName::application_uri("plc7.plant.example", "Plant", "Pump Control");
    let subject = "CN=Pump Control,O=Plant,DC=plc7".parse().unwrap();
    let hosts = ["plc7.plant.example", "10.0.0.7"].map(AlternativeName::host);
    Template::new(Kind::OpcUa, subject, Validity::days(now(), 1095)).alternative_names(hosts).alternative_names([uri])
}

#[test]
fn every_field_is_as_the_table_has_it() {
    let bits = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
    let rsa = ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment"];
    for (kind, issued, own) in [
        (KeyType::Rsa2048, bits(&rsa), bits(&[&rsa[..], &["keyCertSign"]].concat())),
        (KeyType::P256, bits(&["digitalSignature"]), bits(&["digitalSignature", "keyCertSign"])),
        (KeyType::P384, bits(&["digitalSignature"]), bits(&["digitalSignature", "keyCertSign"])),
        (KeyType::Ed25519, bits(&["digitalSignature"]), bits(&["digitalSignature", "keyCertSign"])),
    ] {
        let root = root(kind, "CN=Plant Root,O=Plant");
        let leaf = root.issue(kind, &application()).certificate;
        let key = KeyPair::generate(kind).unwrap();
        let alone = application().issue(&key.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
        for (certificate, wanted) in [(&leaf, issued), (&alone, own)] {
            let usage = certificate.extension::<KeyUsage>().unwrap().unwrap();
            assert_eq!(usage.names().collect::<Vec<_>>(), wanted, "{kind}");
            let constraints = certificate.extension::<BasicConstraints>().unwrap().unwrap();
            assert_eq!((constraints.ca, constraints.path_length), (false, None));
            assert!(certificate.extensions().find(oid::BASIC_CONSTRAINTS).unwrap().critical);
            let purposes = certificate.extension::<ExtendedKeyUsage<'_>>().unwrap().unwrap();
            assert!(purposes.lists(oid::SERVER_AUTH) && purposes.lists(oid::CLIENT_AUTH));
            let names = certificate.extension::<SubjectAltName<'_>>().unwrap().unwrap();
            let names: Vec<_> = names.names().map(|name| name.to_string()).collect();
            let uri = "URI:urn:plc7.plant.example:Plant:Pump%20Control";
            assert_eq!(names, [uri, "DNS:plc7.plant.example", "IP:10.0.0.7"]);
            assert!(certificate.extension::<AuthorityKeyIdentifier<'_>>().unwrap().unwrap().key_id.is_some());
        }
        let bench = Bench::new();
        bench.verify(&root.certificate, &[], &leaf).unwrap();
        // Not strictly: keyCertSign without cA, which OPC UA demands, is against RFC 5280 section 4.2.1.9.
        let path = bench.certificate("alone.pem", &alone).display().to_string();
        run(&["verify", "-CAfile", &path, &path]).unwrap();
    }
}

#[test]
fn what_its_readers_would_refuse_is_refused_here() {
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let refusal = |template: &Template| template.issue(&key.public_key().unwrap(), &Issuer::itself(&key)).unwrap_err();
    let mut template = application();
    template.subject = "CN=Pump Control".parse().unwrap();
    assert!(matches!(refusal(&template), Error::MissingAttribute { attribute: "O", .. }));
    template.subject = "O=Plant".parse().unwrap();
    assert!(matches!(refusal(&template), Error::MissingAttribute { attribute: "CN", .. }));

    let mut template = application();
    template.alternative_names.retain(AlternativeName::is_host);
    assert!(refusal(&template).to_string().contains("exactly one URI"));
    let second = AlternativeName::Uri("urn:other".to_owned());
    assert!(refusal(&application().alternative_names([second])).to_string().contains("exactly one URI"));
    let blank = AlternativeName::Uri("urn:plc7:Pump Control".to_owned());
    let mut insisting = application();
    insisting.alternative_names.retain(AlternativeName::is_host);
    insisting.alternative_names([blank]).issue(&key.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
    let ends = AlternativeName::Uri("urn:plc7:Pump ".to_owned());
    assert!(refusal(&application().alternative_names([ends])).to_string().contains("ends with a blank"));

    let mut template = application();
    template.alternative_names.retain(|name| !name.is_host());
    assert!(refusal(&template).to_string().contains("host name or address"));
    template.purposes = vec![oid::CLIENT_AUTH];
    template.issue(&key.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
}
