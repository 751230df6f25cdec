//! Looks on while rustls shakes hands, and writes down what it sees.
//!
//! As a verifier it accepts every certificate, and every signature: whether they hold is noted,
//! not judged, unless our own certificate is for one server only. As a client it notes that a certificate was asked for. As a stream it keeps the
//! first bytes of the server, which tell what a failed handshake had met.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use rustls::client::ResolvesClientCert;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::sign::CertifiedKey;
use rustls::{CertificateError, DigitallySignedStruct, SignatureScheme};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::capture::Extent;
use super::starttls::Envelope;
use crate::presented::{Doubt, Possession};

/// As many first bytes of a server as are kept: a ServerHello with a post-quantum key share fits.
const HEAD: usize = 2048;

/// Schemes told to the server, so that none finds itself unable to sign: also those that are
/// noted as unproven afterwards, SHA-1 and RSA-PSS keys (0x0809 to 0x080b) among them.
pub(super) const SCHEMES: &[SignatureScheme] = &[
    SignatureScheme::ECDSA_NISTP256_SHA256,
    SignatureScheme::ECDSA_NISTP384_SHA384,
    SignatureScheme::ECDSA_NISTP521_SHA512,
    SignatureScheme::ED25519,
    SignatureScheme::ED448,
    SignatureScheme::RSA_PSS_SHA256,
    SignatureScheme::RSA_PSS_SHA384,
    SignatureScheme::RSA_PSS_SHA512,
    SignatureScheme::Unknown(0x0809),
    SignatureScheme::Unknown(0x080a),
    SignatureScheme::Unknown(0x080b),
    SignatureScheme::RSA_PKCS1_SHA256,
    SignatureScheme::RSA_PKCS1_SHA384,
    SignatureScheme::RSA_PKCS1_SHA512,
    SignatureScheme::ML_DSA_44,
    SignatureScheme::ML_DSA_65,
    SignatureScheme::ML_DSA_87,
    SignatureScheme::ECDSA_SHA1_Legacy,
    SignatureScheme::RSA_PKCS1_SHA1,
];

/// What was seen of one handshake.
#[derive(Debug, Default)]
pub(super) struct Facts {
    /// The certificates in the order sent; empty until they came.
    pub(super) chain: Vec<Vec<u8>>,
    pub(super) possession: Option<Possession>,
    /// The acceptable issuers, if a client certificate was asked for.
    pub(super) asked: Option<Vec<Vec<u8>>>,
    /// The first bytes of the server.
    pub(super) head: Vec<u8>,
}

/// The onlooker of one connection.
#[derive(Debug)]
pub(super) struct RecordingVerifier {
    facts: Mutex<Facts>,
    identity: Option<Arc<CertifiedKey>>,
    /// What the server has to present, and to prove the key of; `None` where it may be anything.
    only: Option<Vec<Vec<u8>>>,
    algorithms: WebPkiSupportedAlgorithms,
    extent: Extent,
}

/// To whom our certificate is shown where a server asks for one.
#[derive(Clone, Copy, Debug)]
pub(super) enum Shown<'a> {
    /// To whoever asks.
    Anybody,
    /// To nobody.
    Nobody,
    /// To a server that presents these certificates and proves that it has the key; another one is left before.
    Only(&'a [Vec<u8>]),
}

impl RecordingVerifier {
    pub(super) fn new(
        identity: Option<&Arc<CertifiedKey>>,
        shown: Shown<'_>,
        algorithms: WebPkiSupportedAlgorithms,
        extent: Extent,
    ) -> Self {
        let (identity, only) = match shown {
            Shown::Anybody => (identity, None),
            Shown::Nobody => (None, None),
            Shown::Only(presented) => (identity, Some(presented.to_vec())),
        };
        Self { facts: Mutex::default(), identity: identity.cloned(), only, algorithms, extent }
    }

    pub(super) fn facts(&self) -> MutexGuard<'_, Facts> {
        self.facts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn note(
        &self,
        outcome: Result<HandshakeSignatureValid, rustls::Error>,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.facts().possession = Some(match &outcome {
            Ok(_) => Possession::Proven,
            Err(error) => Possession::Unproven(doubt(error)),
        });
        match self.only {
            Some(_) => outcome,
            None => Ok(HandshakeSignatureValid::assertion()),
        }
    }
}

fn doubt(error: &rustls::Error) -> Doubt {
    use CertificateError::{
        BadSignature, UnsupportedSignatureAlgorithmContext, UnsupportedSignatureAlgorithmForPublicKeyContext,
    };
    match error {
        rustls::Error::InvalidCertificate(BadSignature) => Doubt::BadSignature,
        rustls::Error::InvalidCertificate(
            UnsupportedSignatureAlgorithmContext { .. } | UnsupportedSignatureAlgorithmForPublicKeyContext { .. },
        ) => Doubt::Unsupported,
        rustls::Error::InvalidCertificate(_) => Doubt::Unreadable,
        _ => Doubt::Unsupported,
    }
}

impl ServerCertVerifier for RecordingVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.facts().chain =
            std::iter::once(end_entity).chain(intermediates).map(|certificate| certificate.to_vec()).collect();
        if self.only.as_ref().is_some_and(|only| *only != self.facts().chain) {
            return Err(rustls::Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure));
        }
        match self.extent {
            // What rustls does with an error is what is wanted: it says goodbye with an alert.
            Extent::Chain => Err(rustls::Error::General("the certificates are here".to_owned())),
            Extent::Certificates | Extent::CertificatesAndAnswer => Ok(ServerCertVerified::assertion()),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.note(verify_tls12_signature(message, cert, dss, &self.algorithms))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        self.note(verify_tls13_signature(message, cert, dss, &self.algorithms))
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        SCHEMES.to_vec()
    }
}

impl ResolvesClientCert for RecordingVerifier {
    fn resolve(&self, root_hint_subjects: &[&[u8]], _sigschemes: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.facts().asked = Some(root_hint_subjects.iter().map(|name| name.to_vec()).collect());
        self.identity.clone()
    }

    fn has_certs(&self) -> bool {
        self.identity.is_some()
    }
}

/// A TCP stream whose first bytes from the server are kept by its witness.
#[derive(Debug)]
pub(super) struct Watched {
    stream: TcpStream,
    /// The packets around the handshake, where the protocol has them.
    envelope: Option<Envelope>,
    verifier: Arc<RecordingVerifier>,
    room: usize,
}

impl Watched {
    pub(super) fn new(stream: TcpStream, envelope: Option<Envelope>, verifier: Arc<RecordingVerifier>) -> Self {
        Self { stream, envelope, verifier, room: HEAD }
    }
}

impl AsyncRead for Watched {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let before = buf.filled().len();
        match &mut this.envelope {
            Some(envelope) => ready!(envelope.poll_read(&mut this.stream, cx, buf))?,
            None => ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?,
        }
        if this.room > 0 {
            let fresh = buf.filled().get(before..).unwrap_or_default();
            let kept = fresh.get(..this.room).unwrap_or(fresh);
            this.verifier.facts().head.extend_from_slice(kept);
            this.room = this.room.saturating_sub(kept.len());
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Watched {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match &mut this.envelope {
            Some(envelope) => envelope.poll_write(&mut this.stream, cx, buf),
            None => Pin::new(&mut this.stream).poll_write(cx, buf),
        }
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Some(envelope) = &mut this.envelope {
            ready!(envelope.poll_drain(&mut this.stream, cx))?;
        }
        Pin::new(&mut this.stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        match &mut this.envelope {
            Some(envelope) => {
                let first = bufs.iter().find(|it| !it.is_empty()).map_or(&[][..], |it| it);
                envelope.poll_write(&mut this.stream, cx, first)
            }
            None => Pin::new(&mut this.stream).poll_write_vectored(cx, bufs),
        }
    }

    fn is_write_vectored(&self) -> bool {
        self.envelope.is_none() && self.stream.is_write_vectored()
    }
}
