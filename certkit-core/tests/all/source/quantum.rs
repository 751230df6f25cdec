//! Servers that withstand quantum computers: hybrid and plain ML-KEM in the key exchange, ML-DSA in the certificates.

use std::sync::Arc;
use std::time::Duration;

use certkit_core::Certificate;
use certkit_core::crypto::strength;
use certkit_core::presented::Possession;
use certkit_core::source::{ClientIdentity, Connect, Extent, Handshake, capture_blocking};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, SignatureAlgorithm};
use rustls::crypto::SupportedKxGroup;
use rustls::crypto::aws_lc_rs::{default_provider, kx_group};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

use super::servers::{listen, some, tls, within};

const SECONDS: Duration = Duration::from_secs(5);

/// A root and a server below it, all of whose keys are of one kind.
struct Chain {
    certificates: Vec<Vec<u8>>,
    key: Vec<u8>,
}

impl Chain {
    fn of(kind: &'static SignatureAlgorithm) -> Chain {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let root = CertifiedIssuer::self_signed(params, KeyPair::generate_for(kind).unwrap()).unwrap();
        let key = KeyPair::generate_for(kind).unwrap();
        let leaf = CertificateParams::new(vec!["plc7".to_owned()]).unwrap().signed_by(&key, &root).unwrap();
        Chain { certificates: vec![leaf.der().to_vec(), root.der().to_vec()], key: key.serialize_der() }
    }

    /// Serves it with this one group.
    fn serve(&self, group: &'static dyn SupportedKxGroup, asks_for_clients: bool) -> std::net::SocketAddr {
        let chain: Vec<_> = self.certificates.iter().cloned().map(CertificateDer::from).collect();
        let mut provider = default_provider();
        provider.kx_groups = vec![group];
        let provider = Arc::new(provider);
        let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&rustls::version::TLS13])
            .unwrap();
        let config = if asks_for_clients {
            let mut roots = RootCertStore::empty();
            roots.add(chain[1].clone()).unwrap();
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            config.with_client_cert_verifier(verifier)
        } else {
            config.with_no_client_auth()
        };
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.clone()));
        let config = Arc::new(config.with_single_cert(chain, key).unwrap());
        listen(move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream);
            while !some(&mut stream).is_empty() {}
        })
    }
}

#[test]
fn every_exchange_with_ml_kem_is_understood() {
    let chain = Chain::of(&rcgen::PKCS_ECDSA_P256_SHA256);
    for group in [kx_group::X25519MLKEM768, kx_group::SECP256R1MLKEM768, kx_group::MLKEM768, kx_group::MLKEM1024] {
        let address = chain.serve(group, false);
        for extent in [Extent::Chain, Extent::Certificates] {
            let capture = capture_blocking(&tls(address), &Connect { extent, ..within(SECONDS) });
            let capture = capture.unwrap_or_else(|error| panic!("{:?}: {error}", group.name()));
            assert_eq!(capture.presented, chain.certificates, "{:?}", group.name());
        }
    }
}

#[test]
fn a_server_with_ml_dsa_shows_its_chain_and_proves_its_key() {
    for (kind, category) in [(&rcgen::PKCS_ML_DSA_44, 2), (&rcgen::PKCS_ML_DSA_65, 3), (&rcgen::PKCS_ML_DSA_87, 5)] {
        let chain = Chain::of(kind);
        let address = chain.serve(kx_group::X25519MLKEM768, false);
        let capture = capture_blocking(&tls(address), &within(SECONDS)).unwrap();
        assert!(matches!(capture.handshake, Handshake::Complete), "{:?}", capture.handshake);
        assert_eq!((capture.possession, &capture.presented), (Possession::Proven, &chain.certificates));
        let [leaf, root] = [0, 1].map(|at| Certificate::from_der(&capture.presented[at]).unwrap());
        let key = root.public_key().unwrap();
        assert_eq!(strength::key_oid(&key).and_then(strength::quantum_category), Some(category));
        assert_eq!(leaf.verify_signature(&key), Ok(()));
        assert_eq!(leaf.signature_algorithm().unwrap().to_string(), key.to_string());
        let cut = capture_blocking(&tls(address), &Connect { extent: Extent::Chain, ..within(SECONDS) }).unwrap();
        assert_eq!(cut.presented, chain.certificates);
    }
}

#[test]
fn a_client_certificate_with_ml_dsa_is_shown() {
    let chain = Chain::of(&rcgen::PKCS_ML_DSA_65);
    let address = chain.serve(kx_group::X25519MLKEM768, true);
    let identity = ClientIdentity { chain: chain.certificates.clone(), key: chain.key.clone().into() };
    let connect = Connect { client_identity: Some(identity), ..within(SECONDS) };
    let capture = capture_blocking(&tls(address), &connect).unwrap();
    assert!(matches!(capture.handshake, Handshake::Complete), "{:?}", capture.handshake);
    assert!(
        matches!(capture.client_certificate, certkit_core::source::ClientCertificate::Asked { .. }),
        "{:?}",
        capture.client_certificate
    );
}
