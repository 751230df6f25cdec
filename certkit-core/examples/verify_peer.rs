//! A verifier for rustls that asks certkit, and keeps every reason to refuse: `cargo run --example verify_peer -- HOST ROOT.pem`.

#![allow(clippy::print_stdout, clippy::print_stderr, reason = "an example talks to whoever runs it")]

use std::error::Error;
use std::io::Write as _;
use std::net::TcpStream;
use std::sync::{Arc, Mutex, PoisonError};

use certkit_core::check::{TLS, Usage};
use certkit_core::container::{self, ItemKind};
use certkit_core::{Certificate, CertificateSet, Context, Expectation, Moment, Origin, Request, Trust, assess};
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, ClientConnection, DigitallySignedStruct, SignatureScheme, StreamOwned};

/// Accepts what certkit accepts under the profile `tls`.
#[derive(Debug)]
struct Asking {
    context: Context,
    provider: Arc<CryptoProvider>,
    /// Why the last server was refused.
    reasons: Mutex<Vec<String>>,
}

impl ServerCertVerifier for Asking {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        others: &[CertificateDer<'_>],
        host: &ServerName<'_>,
        _: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let undecodable = |_| rustls::Error::InvalidCertificate(CertificateError::BadEncoding);
        let leaf = Certificate::from_der(leaf).map_err(undecodable)?;
        // One that cannot be decoded is no issuer of anything.
        let others = others.iter().filter_map(|der| Certificate::from_der(der).ok());
        let presented: Vec<Certificate> = std::iter::once(leaf.clone()).chain(others).collect();
        let expectation = Expectation {
            host: Some(host.to_str().into_owned()),
            usage: Some(Usage::TlsServer),
            ..Expectation::default()
        };
        let moment = Moment::from_unix(i64::try_from(now.as_secs()).unwrap_or(i64::MAX));
        let request = Request {
            leaf: &leaf,
            presented: &presented,
            expectation: &expectation,
            profile: &TLS,
            moment,
            connection: None,
        };
        let verdict = assess(&request, &self.context, None).verdict;
        if verdict.is_accepted() {
            return Ok(ServerCertVerified::assertion());
        }
        let reasons = verdict.errors().map(|reason| format!("{}: {}", reason.check.id, reason.evidence));
        *self.reasons.lock().unwrap_or_else(PoisonError::into_inner) = reasons.collect();
        Err(rustls::Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.provider.signature_verification_algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let (host, root) = arguments.next().zip(arguments.next()).ok_or("name a host and a file of roots")?;
    let contents = container::read(&std::fs::read(&root)?)?;
    let roots = contents.items.iter().filter(|item| item.kind == ItemKind::Certificate);
    let certificates = roots.map(|item| Certificate::from_der(&item.der)).collect::<Result<_, _>>()?;
    let context = Context::new([CertificateSet { origin: Origin::Given(root), trust: Trust::Anchors, certificates }]);

    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier = Arc::new(Asking { context, provider: Arc::clone(&provider), reasons: Mutex::default() });
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier.clone())
        .with_no_client_auth();
    let connection = ClientConnection::new(Arc::new(config), ServerName::try_from(host.clone())?)?;
    let mut stream = StreamOwned::new(connection, TcpStream::connect((host.as_str(), 443))?);
    match stream.write_all(b"HEAD / HTTP/1.0\r\n\r\n") {
        Ok(()) => println!("{host} is accepted"),
        Err(error) => println!("{host}: {error}"),
    }
    for reason in verifier.reasons.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        println!("    {reason}");
    }
    Ok(())
}
