//! Shakes hands at one address, with rustls or, failing that, in the clear.

use std::net::SocketAddr;
use std::sync::Arc;

use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::capture::{Capture, ClientCertificate, Extent, Handshake};
use super::dial;
use super::error::{Banner, Fault, Phase};
use super::flight::Flight;
use super::hello::{Clear, Offer, Wanted, read_in_the_clear};
use super::negotiated::Negotiated;
use super::proxy::tunnel;
use super::recording_verifier::{Facts, RecordingVerifier, Shown, Watched};
use super::starttls::{self, Envelope};
use super::tls::Client;
use crate::presented::{Cipher, Doubt, Endpoint, HostPort, MAX_CERTIFICATES, Possession, Scheme, Version};

/// One address of one endpoint.
pub(super) struct Reach<'a> {
    pub(super) client: &'a Client,
    pub(super) target: &'a HostPort,
    pub(super) address: SocketAddr,
    pub(super) deadline: Instant,
    /// To whom our certificate is shown.
    pub(super) shown: Shown<'a>,
}

/// A chain, and the connection it came over if that is still of use.
pub(super) type Met = (Capture, Option<TlsStream<Watched>>);

impl Reach<'_> {
    async fn open(&self, scheme: Scheme) -> Result<TcpStream, (Phase, Fault)> {
        let mut stream = self.connect().await?;
        starttls::ask(&mut stream, scheme, self.deadline).await.map_err(|fault| (Phase::Request, fault))?;
        Ok(stream)
    }

    async fn connect(&self) -> Result<TcpStream, (Phase, Fault)> {
        let stream = dial::connect(self.address, self.deadline).await.map_err(|fault| (Phase::Connection, fault))?;
        let Some(proxy) = &self.client.connect.proxy else {
            return Ok(stream);
        };
        let start = Instant::now();
        timeout_at(self.deadline, tunnel(stream, proxy, self.target))
            .await
            .unwrap_or_else(|_| Err(Fault::TimedOut(start.elapsed())))
            .map_err(|fault| (Phase::Proxy, fault))
    }

    /// Gets the chain, and says how far it came if there is none.
    pub(super) async fn shake_hands(&self, endpoint: &Endpoint) -> Result<Met, (Phase, Fault)> {
        let client = self.client;
        let (name, sent) = client.server_name(endpoint, self.address.ip());
        let is_in_packets = endpoint.scheme == Scheme::Tds;
        if client.connect.extent == Extent::Chain
            && !is_in_packets
            && let Some(capture) = self.chain_alone(endpoint.scheme, sent.as_deref()).await?
        {
            return Ok((capture, None));
        }
        let stream = self.open(endpoint.scheme).await?;
        let algorithms = client.provider.signature_verification_algorithms;
        let verifier =
            Arc::new(RecordingVerifier::new(client.identity.as_ref(), self.shown, algorithms, client.connect.extent));
        let mut config = client.config.clone();
        config.dangerous().set_certificate_verifier(Arc::clone(&verifier) as _);
        config.client_auth_cert_resolver = Arc::clone(&verifier) as _;
        let connector = TlsConnector::from(Arc::new(config));
        let stream = Watched::new(stream, is_in_packets.then(Envelope::default), Arc::clone(&verifier));
        let start = Instant::now();
        let outcome = timeout_at(self.deadline, connector.connect(name, stream)).await;
        let facts = std::mem::take(&mut *verifier.facts());
        if facts.chain.len() > MAX_CERTIFICATES {
            return Err((Phase::Handshake, Fault::too_many_certificates()));
        }
        let fault = match outcome {
            Ok(Ok(stream)) => {
                let negotiated = agreed(&stream);
                let capture = self.capture(facts, sent, negotiated, Handshake::Complete);
                return Ok((capture, Some(stream)));
            }
            Ok(Err(error)) => Fault::from_stream(error, &facts.head),
            Err(_) => match Banner::read(&facts.head) {
                Some(banner) => Fault::NotTls(banner),
                None => Fault::TimedOut(start.elapsed()),
            },
        };
        if !facts.chain.is_empty() {
            let mut capture = self.broken(facts, sent, fault);
            if client.connect.extent == Extent::Chain {
                capture.handshake = Handshake::Cut;
            }
            return Ok((capture, None));
        }
        if is_in_packets || !fault.may_be_obsolete() {
            return Err((Phase::Handshake, fault));
        }
        match self.read_in_the_clear(endpoint.scheme, sent.as_deref()).await {
            Ok(clear) => {
                let doubt = Some(Possession::Unproven(Doubt::InTheClear));
                Ok((self.in_the_clear(clear, sent, Handshake::Clear(fault), doubt), None))
            }
            Err(plain) => Err((Phase::Handshake, fault.and_plain(plain))),
        }
    }

    /// Takes the chain from the answer to a hello of TLS 1.2; `None` where the server wants a handshake of another kind.
    async fn chain_alone(&self, scheme: Scheme, server_name: Option<&str>) -> Result<Option<Capture>, (Phase, Fault)> {
        let mut stream = self.open(scheme).await?;
        let (offer, random) = (self.client.today.offer(), self.client.random());
        let read = read_in_the_clear(&mut stream, &offer, Wanted::Chain, server_name, random, self.deadline);
        match read.await {
            Ok(clear) => Ok(Some(self.in_the_clear(clear, server_name.map(str::to_owned), Handshake::Cut, None))),
            Err(fault @ (Fault::NotTls(_) | Fault::TimedOut(_))) => Err((Phase::Handshake, fault)),
            Err(_) => Ok(None),
        }
    }

    async fn read_in_the_clear(&self, scheme: Scheme, server_name: Option<&str>) -> Result<Clear, Fault> {
        let mut stream = self.open(scheme).await.map_err(|(_, fault)| fault)?;
        let (offer, random) = (Offer::up_to(Version::Tls12), self.client.random());
        read_in_the_clear(&mut stream, &offer, Wanted::Flight, server_name, random, self.deadline).await
    }

    fn capture(
        &self,
        facts: Facts,
        server_name: Option<String>,
        negotiated: Option<Negotiated>,
        handshake: Handshake,
    ) -> Capture {
        Capture {
            presented: facts.chain,
            peer: self.address,
            attempts: Vec::new(),
            server_name,
            negotiated,
            handshake,
            possession: facts.possession.unwrap_or(Possession::Unproven(Doubt::NotReached)),
            client_certificate: match facts.asked {
                Some(issuers) => ClientCertificate::Asked { issuers },
                None => ClientCertificate::NotAsked,
            },
            answer: None,
        }
    }

    /// A handshake that ended after the certificates; most often because we showed none.
    fn broken(&self, facts: Facts, server_name: Option<String>, fault: Fault) -> Capture {
        let mut flight = Flight::default();
        // It is read for its ServerHello alone; what follows may be encrypted.
        let _ = flight.feed(&facts.head);
        let alert = match fault {
            Fault::Alert(alert) => Some(alert),
            _ => None,
        };
        let mut capture = self.capture(facts, server_name, flight.negotiated, Handshake::Broken(fault));
        if let Some(alert) = alert {
            let asked = capture.client_certificate;
            capture.client_certificate = self.client.refused(asked, alert, self.shown);
        }
        capture
    }

    fn in_the_clear(
        &self,
        clear: Clear,
        server_name: Option<String>,
        handshake: Handshake,
        possession: Option<Possession>,
    ) -> Capture {
        let undetermined = clear.asked.is_none() && !clear.complete;
        let facts = Facts { chain: clear.chain, possession, asked: clear.asked, head: Vec::new() };
        let mut capture = self.capture(facts, server_name, Some(clear.negotiated), handshake);
        if undetermined {
            capture.client_certificate = ClientCertificate::Undetermined;
        }
        capture
    }
}

fn agreed(stream: &TlsStream<Watched>) -> Option<Negotiated> {
    let (_, connection) = stream.get_ref();
    let version = Version::from_wire(connection.protocol_version()?.into())?;
    let cipher = Cipher(connection.negotiated_cipher_suite()?.suite().into());
    Some(Negotiated { version, cipher })
}
