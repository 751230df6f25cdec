//! Takes the chain that a TLS endpoint presents, whatever is wrong with it.
//!
//! Knows how to reach an endpoint and what was said in the handshake. Refuses to know whether the
//! chain is any good: nothing is rejected here but silence and noise.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use rustls::ClientConfig;
use rustls::client::Resumption;
use rustls::crypto::CryptoProvider;
use rustls::crypto::aws_lc_rs::sign::any_supported_type;
use rustls::crypto::aws_lc_rs::{default_provider, kx_group};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::sign::CertifiedKey;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::time::{Instant, timeout, timeout_at};
use tokio_rustls::client::TlsStream;

use super::capture::{Capture, ClientCertificate, ClientIdentity, Connect, Extent};
use super::dial;
use super::error::{Attempt, CaptureError, Fault, IdentityError, Phase};
use super::hello::Today;
use super::http::{HttpFault, ask};
use super::reach::Reach;
use super::recording_verifier::{RecordingVerifier, SCHEMES, Shown, Watched};
use crate::crypto::key_exchange::SECP521R1;
use crate::presented::{Alert, Endpoint, Host, HostPort};

/// How long a TLS 1.3 server that asked for a certificate has to refuse us for want of one.
const REFUSAL: Duration = Duration::from_millis(500);

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_millis(100);

/// Captures a chain; builds a [`Client`] for this one endpoint.
///
/// # Errors
/// As [`Client::capture`]; also when the client identity cannot be used.
pub async fn capture(endpoint: &Endpoint, connect: &Connect) -> Result<Capture, CaptureError> {
    client(endpoint, connect)?.capture(endpoint).await
}

/// Captures a chain from a thread without an event loop.
///
/// # Errors
/// As [`capture`]; also when the system gives no event loop.
pub fn capture_blocking(endpoint: &Endpoint, connect: &Connect) -> Result<Capture, CaptureError> {
    let client = client(endpoint, connect)?;
    block_on(client.capture(endpoint)).unwrap_or_else(|error| Err(unprepared(endpoint, Fault::Runtime(error))))
}

pub(super) fn client(endpoint: &Endpoint, connect: &Connect) -> Result<Client, CaptureError> {
    Client::new(connect.clone()).map_err(|error| unprepared(endpoint, error.into()))
}

pub(super) fn unprepared(endpoint: &Endpoint, fault: Fault) -> CaptureError {
    CaptureError {
        target: endpoint.host_port(),
        address: None,
        phase: Phase::Preparation,
        fault: Box::new(fault),
        attempts: Vec::new(),
    }
}

/// Runs work of this module to its end on an event loop of its own, without further threads but
/// for the resolver of the system.
pub(super) fn block_on<F: Future>(work: F) -> io::Result<F::Output> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    let outcome = runtime.block_on(work);
    // A resolver that hangs must not hold us beyond the deadline.
    runtime.shutdown_background();
    Ok(outcome)
}

/// Captures chains, any number of them at the same time.
///
/// Holds what captures share; each one adds a connection and its buffers, some 20 kB, for as long
/// as it runs.
#[derive(Debug)]
pub struct Client {
    pub(super) connect: Connect,
    pub(super) config: ClientConfig,
    pub(super) provider: Arc<CryptoProvider>,
    pub(super) identity: Option<Arc<CertifiedKey>>,
    /// The same offer for a hello of our own.
    pub(super) today: Today,
}

impl Client {
    /// Prepares captures that all reach their endpoints in the same way.
    ///
    /// # Errors
    /// When the client identity cannot be used.
    pub fn new(mut connect: Connect) -> Result<Self, IdentityError> {
        let identity = connect.client_identity.take().map(|identity| certified_key(&identity)).transpose()?;
        let mut provider = default_provider();
        // Without a post-quantum share up front: it costs a fifth of a handshake, and makes a
        // hello of two packets, at which old devices stumble. Who insists may still ask for it.
        provider.kx_groups = vec![
            kx_group::X25519,
            kx_group::SECP256R1,
            kx_group::SECP384R1,
            SECP521R1,
            kx_group::X25519MLKEM768,
            kx_group::SECP256R1MLKEM768,
            kx_group::MLKEM768,
            kx_group::MLKEM1024,
        ];
        let provider = Arc::new(provider);
        let algorithms = provider.signature_verification_algorithms;
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_protocol_versions(&[&rustls::version::TLS13, &rustls::version::TLS12])
            .map_err(IdentityError::Key)?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(RecordingVerifier::new(
                None,
                Shown::Nobody,
                algorithms,
                connect.extent,
            )))
            .with_no_client_auth();
        // A resumed session shows no certificate.
        config.resumption = Resumption::disabled();
        let today = Today::of(&provider, SCHEMES);
        Ok(Self { connect, config, provider, identity, today })
    }

    /// Captures the chain of an endpoint, trying the addresses of its name in turn.
    ///
    /// Takes at most [`Connect::timeout`]. Each address gets its share of the time that is left. A
    /// server that rustls cannot shake hands with is connected to a second time, to read its
    /// certificates in the clear.
    ///
    /// # Errors
    /// When no address gave a single certificate, or the scheme is one without TLS.
    pub async fn capture(&self, endpoint: &Endpoint) -> Result<Capture, CaptureError> {
        self.capture_shown(endpoint, Shown::Anybody).await
    }

    /// Captures the chain of an endpoint, and shows our certificate to these alone.
    pub(super) async fn capture_shown(&self, endpoint: &Endpoint, shown: Shown<'_>) -> Result<Capture, CaptureError> {
        if !endpoint.scheme.speaks_tls() {
            return Err(unprepared(endpoint, Fault::WithoutTls(endpoint.scheme)));
        }
        let deadline = dial::deadline(self.connect.timeout);
        let target = match &self.connect.address {
            Some(elsewhere) => elsewhere.clone(),
            None => endpoint.host_port(),
        };
        let hop = match &self.connect.proxy {
            Some(proxy) => proxy.address(),
            None => &target,
        };
        let addresses = match dial::resolve(hop, deadline).await {
            Ok(addresses) => addresses,
            Err(fault) => {
                return Err(CaptureError {
                    target: hop.clone(),
                    address: None,
                    phase: Phase::Resolution,
                    fault: Box::new(fault),
                    attempts: Vec::new(),
                });
            }
        };
        self.first_of(addresses, endpoint, target, deadline, shown).await
    }

    /// Captures at the first of these addresses that gives a chain.
    async fn first_of(
        &self,
        addresses: Vec<SocketAddr>,
        endpoint: &Endpoint,
        target: HostPort,
        deadline: Instant,
        shown: Shown<'_>,
    ) -> Result<Capture, CaptureError> {
        let mut attempts = Vec::new();
        for (address, share) in dial::shares(addresses, deadline) {
            let reach = Reach { client: self, target: &target, address, deadline: share, shown };
            match reach.shake_hands(endpoint).await {
                Ok((mut capture, stream)) => {
                    if let Some(stream) = stream {
                        self.talk(&mut capture, stream, endpoint, deadline, shown).await;
                    }
                    capture.attempts = attempts;
                    return Ok(capture);
                }
                Err((phase, fault)) => attempts.push(Attempt { address, phase, fault }),
            }
        }
        Err(CaptureError::farthest(target, attempts))
    }

    /// The name that is asked for in place of the host of an endpoint.
    pub fn server_name_in_place(&self) -> Option<&Host> {
        self.connect.server_name.as_ref()
    }

    /// Gives the random part of a hello of our own.
    pub(super) fn random(&self) -> [u8; 32] {
        let mut random = [0; 32];
        // A hello of zeros is a hello as well: nothing secret comes of it.
        let _ = self.provider.secure_random.fill(&mut random);
        random
    }

    /// Gives what rustls is to believe in and what is sent: names TLS does not allow, and
    /// addresses, are not sent at all, for which rustls takes an address.
    pub(super) fn server_name(&self, endpoint: &Endpoint, address: IpAddr) -> (ServerName<'static>, Option<String>) {
        let host = self.connect.server_name.as_ref().unwrap_or(&endpoint.host);
        if let Host::Name(name) = host {
            let name = name.strip_suffix('.').unwrap_or(name).to_owned();
            if let Ok(server_name @ ServerName::DnsName(_)) = ServerName::try_from(name.clone()) {
                return (server_name, Some(name));
            }
        }
        (ServerName::IpAddress(address.into()), None)
    }

    /// Makes the connection that is left after a handshake useful, and ends it.
    async fn talk(
        &self,
        capture: &mut Capture,
        mut stream: TlsStream<Watched>,
        endpoint: &Endpoint,
        deadline: Instant,
        shown: Shown<'_>,
    ) {
        let refusal = match (&endpoint.resource, self.connect.extent) {
            (Some(resource), Extent::CertificatesAndAnswer) => {
                let start = Instant::now();
                let host = match endpoint.port {
                    443 => endpoint.host.to_string(),
                    _ => endpoint.host_port().to_string(),
                };
                let answer = timeout_at(deadline, ask(stream, &host, resource))
                    .await
                    .unwrap_or_else(|_| Err(HttpFault::TimedOut(start.elapsed())));
                let refusal = match answer {
                    Err(HttpFault::Alert(alert)) => Some(alert),
                    _ => None,
                };
                capture.answer = Some(answer);
                refusal
            }
            _ => {
                let refusal = match capture.client_certificate {
                    ClientCertificate::Asked { .. } => late_refusal(&mut stream, deadline).await,
                    _ => None,
                };
                // Whether the server hears it changes nothing any more.
                let _ = timeout(GOODBYE, stream.shutdown()).await;
                refusal
            }
        };
        if let Some(alert) = refusal {
            capture.client_certificate = self.refused(capture.client_certificate.clone(), alert, shown);
        }
    }

    /// Reads an alert as the answer to the certificate that we showed, or did not show.
    pub(super) fn refused(&self, asked: ClientCertificate, alert: Alert, shown: Shown<'_>) -> ClientCertificate {
        let is_shown = self.identity.is_some() && !matches!(shown, Shown::Nobody);
        match asked {
            ClientCertificate::Asked { issuers } if is_shown => ClientCertificate::Refused { issuers, alert },
            ClientCertificate::Asked { issuers } => ClientCertificate::Demanded { issuers, alert },
            other => other,
        }
    }
}

/// Waits for the alert of a server that judges our certificate only after its handshake, as TLS
/// 1.3 lets it (RFC 8446 section 4.4.2.4).
async fn late_refusal(stream: &mut TlsStream<Watched>, deadline: Instant) -> Option<Alert> {
    let until = Instant::now().checked_add(REFUSAL).unwrap_or(deadline);
    let mut byte = [0; 1];
    let read = timeout_at(until.min(deadline), stream.read(&mut byte)).await;
    match read.ok()?.err().map(|error| Fault::from_stream(error, &[])) {
        Some(Fault::Alert(alert)) => Some(alert),
        _ => None,
    }
}

fn certified_key(identity: &ClientIdentity) -> Result<Arc<CertifiedKey>, IdentityError> {
    if identity.chain.is_empty() {
        return Err(IdentityError::NoCertificate);
    }
    let der = PrivateKeyDer::try_from(identity.key.as_slice()).map_err(IdentityError::KeyForm)?;
    let key = any_supported_type(&der).map_err(IdentityError::Key)?;
    let chain = identity.chain.iter().cloned().map(CertificateDer::from).collect();
    let pair = CertifiedKey::new(chain, key);
    match pair.keys_match() {
        Err(error @ rustls::Error::InconsistentKeys(rustls::InconsistentKeys::KeyMismatch)) => {
            Err(IdentityError::Mismatch(error))
        }
        // A certificate that cannot be read is for the server to judge.
        _ => Ok(Arc::new(pair)),
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    fn address(listener: &TcpListener) -> SocketAddr {
        listener.local_addr().unwrap()
    }

    #[test]
    fn every_address_gets_its_turn_and_every_failure_is_kept() {
        let [refusing, silent, good] = [(); 3].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
        let addresses = [&refusing, &silent, &good].map(address).to_vec();
        drop(refusing);
        thread::spawn(move || {
            let flight = [
                &[22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1][..],
                &[7; 32],
                &[0, 0, 0x2f, 0],
                &[22, 3, 1, 0, 11, 11, 0, 0, 7, 0, 0, 4, 0, 0, 1, 0x30],
                &[22, 3, 1, 0, 4, 14, 0, 0, 0],
            ]
            .concat();
            for mut stream in good.incoming().flatten() {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(&flight);
            }
        });
        let client = Client::new(Connect::default()).unwrap();
        let endpoint: Endpoint = "plc7:443".parse().unwrap();
        let capture = |addresses: Vec<SocketAddr>| {
            let target = endpoint.host_port();
            block_on(async {
                let deadline = Instant::now() + Duration::from_millis(900);
                client.first_of(addresses, &endpoint, target, deadline, Shown::Anybody).await
            })
            .unwrap()
        };

        let found = capture(addresses.clone()).unwrap();
        assert_eq!(found.presented, [[0x30]]);
        assert_eq!(Some(&found.peer), addresses.get(2));
        let tried: Vec<_> = found.attempts.iter().map(|it| it.address).collect();
        assert_eq!(tried, addresses[..2]);
        assert!(matches!(found.attempts[0].fault, Fault::Refused));
        // Half of what was left: the next address must have its chance, too.
        assert!(
            matches!(found.attempts[1].fault, Fault::TimedOut(after)
                if (300..600).contains(&after.as_millis())),
            "{:?}",
            found.attempts
        );

        let error = capture(vec![addresses[1], addresses[0]]).unwrap_err();
        assert_eq!(error.phase, Phase::Handshake);
        assert_eq!(error.address, Some(addresses[1]));
        assert_eq!(error.attempts.len(), 1);
        assert_eq!(error.attempts[0].address, addresses[0]);
    }
}
