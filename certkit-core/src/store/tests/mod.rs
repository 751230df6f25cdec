//! Names of files, as the stacks write them; stores in files, changed and taken back.

mod change;
mod hostile;
mod keeping;
mod layouts;
mod readers;

use super::opcua::*;
use crate::cert::Certificate;
use crate::container::Form;
use crate::generate::{Issuer, KeyPair, KeyType, Kind, Template, Validity};
use crate::moment::Moment;
use crate::text::Hex;

fn root(name: &str) -> Certificate {
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let subject = crate::generate::Subject::common_name(name).unwrap();
    let template = Template::new(Kind::Root, subject, Validity::days(Moment::now(), 30));
    template.issue(&key.public_key().unwrap(), &Issuer::itself(&key)).unwrap()
}

#[test]
fn each_stack_finds_the_names_that_it_writes_itself() {
    let ca = root("Plant: CA/1");
    let thumbprint = Hex(ca.fingerprint_sha1()).to_string().to_uppercase();
    assert_eq!(DOTNET.own_certificate(&ca), [format!("own/certs/Plant+ CA+1 [{thumbprint}].der")]);
    assert_eq!(DOTNET.own_key(&ca), format!("own/private/Plant+ CA+1 [{thumbprint}].pem"));
    let lists = |base: String| [(format!("{base}.crl"), Form::Der), (format!("{base}.crl.pem"), Form::Pem)];
    assert_eq!(STANDARD.issuer_list(&ca), lists(format!("issuer/crl/Plant+ CA+1 [{thumbprint}]")));
    assert_eq!(OPEN62541.issuer(&ca), format!("ApplCerts/issuer/certs/Plant_ CA_1[{thumbprint}].der"));
    assert_eq!(NODE_OPCUA.issuer(&ca), format!("issuers/certs/issuer_Plant_ CA_1[{thumbprint}].pem"));
    assert_eq!(NODE_OPCUA.issuer_list(&ca), lists(format!("issuers/crl/crl_[{thumbprint}]")));
    assert_eq!(NODE_OPCUA.own_key(&ca), "own/private/private_key.pem");
    assert_eq!(UAEXPERT.own_certificate(&ca), ["own/certs/uaexpert.der"]);
}

#[test]
fn no_name_leaves_its_folder() {
    for name in ["../../etc/x", "..", "a\\..\\b", "C:evil"] {
        let ca = root(name);
        for layout in LAYOUTS {
            let paths = layout.own_certificate(&ca).into_iter().chain([layout.issuer(&ca)]);
            let paths = paths.chain(layout.issuer_list(&ca).map(|(path, _)| path));
            for path in paths {
                let file = path.rsplit('/').next().unwrap();
                assert!(layout.folders().iter().any(|folder| path == format!("{folder}/{file}")), "{path}");
                assert!(file != ".." && !file.contains(['\\', ':']), "{path}");
            }
        }
    }
}

/// A list whose CA is called so that asyncua would take the name of its file for one of PEM.
#[test]
fn no_name_makes_a_stack_take_der_for_pem() {
    let ca = root("Federal Order CA");
    let thumbprint = Hex(ca.fingerprint_sha1()).to_string().to_uppercase();
    let [(der, _), (pem, _)] = STANDARD.issuer_list(&ca);
    assert_eq!(der, format!("issuer/crl/[{thumbprint}].crl"));
    assert_eq!(pem, format!("issuer/crl/[{thumbprint}].crl.pem"));
}
