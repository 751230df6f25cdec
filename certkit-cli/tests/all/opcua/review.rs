//! `certkit review` of an OPC UA server: who has signed its certificate.

use certkit_core::container::pem;
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::{DAY, Moment};
use serde_json::Value;

use super::Run;
use super::server::{acknowledge, answering, chunk, endpoint_of, header, numbers, opened};

const URI: &str = "urn:plc7:Kepware.KEPServerEX.V6:UA Server";

#[test]
fn a_certificate_is_of_a_ca_where_a_path_leads_to_it() {
    let (own, authority) = (KeyPair::generate(KeyType::Rsa2048).unwrap(), KeyPair::generate(KeyType::Rsa2048).unwrap());
    let validity = || Validity::days(Moment::now().plus(-DAY), 365);
    let root = Template::new(Kind::Root, "CN=Plant Root".parse().unwrap(), validity())
        .issue(&authority.public_key().unwrap(), &Issuer::itself(&authority))
        .unwrap();
    let leaf = Template::new(Kind::OpcUa, "CN=Kepware,O=Plant".parse().unwrap(), validity())
        .alternative_names([AlternativeName::Uri(URI.to_owned()), AlternativeName::host("127.0.0.1")])
        .issue(&own.public_key().unwrap(), &Issuer::authority(&root, &authority).unwrap())
        .unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.pem");
    std::fs::write(&path, pem::encode("CERTIFICATE", root.der())).unwrap();
    let told = [header(431, 0), numbers(&[1]), endpoint_of(URI, leaf.der())].concat();
    let server = answering(vec![acknowledge(), opened(), chunk('F', 2, &told)]);
    let url = format!("opc.tcp://{server}");
    let duty = |id: &str, more: &[&str]| -> Value {
        let document = Run::of(&[&["review", &url, "--json"], more].concat()).json();
        document["duties"].as_array().unwrap().iter().find(|it| it["id"] == id).unwrap().clone()
    };
    let row = |more: &[&str]| duty("6.1.3", more);
    let unknown = row(&[]);
    // Who lets anonymous users in falls short of 6.1.1, with the cure for that.
    let users = duty("6.1.1", &[]);
    assert_eq!((&users["state"], &users["findings"][0]["id"]), (&"not-met".into(), &"kepware-ua-anonymous".into()));
    assert!(users["findings"][0]["remedy"].to_string().contains("Allow anonymous login"), "{users:#}");
    assert!(!duty("6.1.2", &[]).to_string().contains("anonymous"));
    assert_eq!(unknown["state"], "partly", "{unknown:#}");
    assert!(unknown["evidence"].to_string().contains("--trust names the CA"), "{unknown:#}");
    let known = row(&["--trust", path.to_str().unwrap()]);
    assert_eq!(known["state"], "met", "{known:#}");
}
