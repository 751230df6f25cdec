//! `certkit expiry` of servers that send more than their clients need.

use std::io::Read as _;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use super::expiry_plant;
use super::expiry_plant::{Plant, status, text};
use certkit_core::container::pem;
use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A chain whose root was once cross-signed, and its keys.
struct Chain {
    leaf_key: KeyPair,
    leaf: Certificate,
    issuing: Certificate,
    root: Certificate,
    /// The root with the signature of an older one, which has expired.
    cross: Certificate,
    old: Certificate,
    /// The issuing CA as it was before, expired.
    expired_issuing: Certificate,
}

fn params(name: &str, is_ca: bool, end: i32) -> CertificateParams {
    let mut params = CertificateParams::new(if is_ca { vec![] } else { vec!["127.0.0.1".to_owned()] }).unwrap();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2026, 4, 1);
    params.not_after = rcgen::date_time_ymd(end, 5, 1);
    if is_ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    } else {
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    }
    params.use_authority_key_identifier_extension = true;
    params
}

impl Chain {
    fn new() -> Chain {
        let [old_key, root_key, issuing_key, leaf_key] = [(); 4].map(|()| KeyPair::generate().unwrap());
        let (old, root) = (params("Old Root", true, 2034), params("New Root", true, 2035));
        let issuing = params("Issuing", true, 2033);
        let below = |params: &CertificateParams, key: &KeyPair, by: &CertificateParams, by_key: &KeyPair| {
            params.signed_by(key, &Issuer::from_params(by, by_key)).unwrap()
        };
        Chain {
            leaf: below(&params("localhost", false, 2027), &leaf_key, &issuing, &issuing_key),
            issuing: below(&issuing, &issuing_key, &root, &root_key),
            expired_issuing: below(&params("Issuing", true, 2026), &issuing_key, &root, &root_key),
            cross: below(&params("New Root", true, 2026), &root_key, &old, &old_key),
            root: root.self_signed(&root_key).unwrap(),
            old: old.self_signed(&old_key).unwrap(),
            leaf_key,
        }
    }

    /// A server that sends these behind its own certificate.
    fn served(&self, behind: &[&Certificate]) -> SocketAddr {
        let chain: Vec<CertificateDer<'static>> =
            [&self.leaf].into_iter().chain(behind.iter().copied()).map(|it| it.der().clone()).collect();
        let key = PrivateKeyDer::try_from(self.leaf_key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .unwrap();
        let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
        let address = listener.local_addr().unwrap();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                let _ = StreamOwned::new(connection, stream).read(&mut [0; 64]);
            }
        });
        address
    }
}

#[test]
fn what_stands_beside_the_path_does_not_alarm_and_is_said() {
    let (plant, chain) = (Plant::new(), Chain::new());
    for (name, certificate) in [("new.pem", &chain.root), ("old.pem", &chain.old)] {
        std::fs::write(plant.file(name), pem::encode("CERTIFICATE", certificate.der())).unwrap();
    }
    let crossed = chain.served(&[&chain.issuing, &chain.cross]).to_string();
    let report = plant.json(&[&crossed, "--trust", "new.pem"]);
    assert_eq!((&report["state"], &report["summary"]["waived"]), (&"ok".into(), &1.into()), "{report:#}");
    let beside: Vec<_> =
        report["entries"].as_array().unwrap().iter().filter(|it| !it["beside_path"].is_null()).collect();
    let [beside] = beside[..] else { panic!("{report:#}") };
    assert_eq!(
        (&beside["beside_path"], &beside["state"], &beside["position"]),
        (&"CN=New Root".into(), &"expired".into(), &3.into())
    );
    let told = |arguments: &[&str]| {
        let output = plant.run(&[&[&crossed, "--at", expiry_plant::AT, "--trust", "new.pem"][..], arguments].concat());
        assert_eq!(status(&output), 0, "{output:?}");
        text(&output.stdout)
    };
    assert!(told(&[]).contains("expired, not needed for the path to `New Root`"), "{}", told(&[]));
    let plugin = told(&["--format", "nagios"]);
    assert!(plugin.starts_with("SSL_CERT OK") && plugin.contains("days_chain_elem3=-31;;;;"), "{plugin}");
    let metrics = told(&["--format", "prometheus"]);
    assert!(metrics.contains("certkit_beside_path_not_after{") && metrics.contains("state=\"waived\"} 1"), "{metrics}");
    assert_eq!(metrics.lines().filter(|it| it.starts_with("ssl_cert_not_after{")).count(), 2, "{metrics}");
    let end = "2027-05-01".parse::<certkit_core::moment::Moment>().unwrap().unix().to_string();
    let earliest = metrics.lines().find(|it| it.starts_with("probe_ssl_earliest_cert_expiry{")).unwrap();
    assert!(earliest.ends_with(&end), "{earliest}");
    assert!(told(&["--format", "influx"]).contains("state=\"expired\",state_code=0i"));
    assert!(told(&["--format", "csv"]).contains("not needed for the path to"));
    assert!(told(&["--format", "html"]).contains("not needed for the path to"));
    told(&["--findings"]);
    // Joined, it stays what it is.
    told(&["--format", "jsonl", "-o", "part.jsonl"]);
    assert_eq!(status(&plant.run(&["merge", "part.jsonl", "--at", expiry_plant::AT])), 0);
    // Whom nobody trusts, or who is only reached over it, alarms.
    for arguments in [&[][..], &["--trust", "old.pem"], &["--trust", "old.pem", "--findings"]] {
        let output = plant.run(&[&[&crossed, "--at", expiry_plant::AT][..], arguments].concat());
        assert_eq!(status(&output), 2, "{arguments:?}: {output:?}");
    }
    let needed = chain.served(&[&chain.expired_issuing]).to_string();
    let output = plant.run(&[&needed, "--at", expiry_plant::AT, "--trust", "new.pem"]);
    assert_eq!(status(&output), 2, "{output:?}");
    let both = chain.served(&[&chain.expired_issuing, &chain.issuing]).to_string();
    assert_eq!(status(&plant.run(&[&both, "--at", expiry_plant::AT, "--trust", "new.pem"])), 0);
    assert_eq!(status(&plant.run(&["--trust", "none.pem", &both])), 3);
}
