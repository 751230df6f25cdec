//! What is asked of a capture, and what it gives.

use std::fmt;
use std::net::SocketAddr;
use std::time::Duration;

use zeroize::Zeroizing;

use super::error::{Attempt, Fault};
use super::http::HttpFault;
use super::negotiated::Negotiated;
use super::proxy::Proxy;
use crate::cert::{Certificate, Name};
use crate::presented::{Alert, Host, HostPort, HttpAnswer, Possession};

/// How endpoints are to be reached.
#[derive(Clone, Debug)]
pub struct Connect {
    /// The time for everything together, from resolving the name to the HTTP answer.
    /// More than a day counts as a day.
    pub timeout: Duration,
    /// Sent as the server name in place of the endpoint's host; an address sends none.
    pub server_name: Option<Host>,
    /// Where to connect in place of the endpoint's own host and port.
    pub address: Option<HostPort>,
    /// The proxy to go through; it resolves the name then.
    pub proxy: Option<Proxy>,
    /// Shown to servers that ask for a client certificate.
    pub client_identity: Option<ClientIdentity>,
    /// How much is asked of the server.
    pub extent: Extent,
}

impl Default for Connect {
    /// Ten seconds, straight to the endpoint, with an answer.
    fn default() -> Self {
        Self {
            timeout: Duration::from_secs(10),
            server_name: None,
            address: None,
            proxy: None,
            client_identity: None,
            extent: Extent::CertificatesAndAnswer,
        }
    }
}

/// How much is asked of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extent {
    /// The certificates alone, without proof that the server holds their key: from the answer to a hello of TLS 1.2,
    /// for which no key is exchanged; where a server insists on TLS 1.3, from a second connection with a handshake
    /// that is broken off before the server's signature is looked at.
    Chain,
    /// The handshake alone.
    Certificates,
    /// The handshake, then a plain `GET` where the endpoint has a path.
    CertificatesAndAnswer,
}

/// A client certificate with its key, both in DER.
#[derive(Clone)]
pub struct ClientIdentity {
    /// The certificates, the client's own first.
    pub chain: Vec<Vec<u8>>,
    /// The key in PKCS#8, PKCS#1 or SEC1, wiped when dropped.
    pub key: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for ClientIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientIdentity").field("certificates", &self.chain.len()).finish_non_exhaustive()
    }
}

/// The chain of an endpoint, and what was seen on the way to it.
#[derive(Debug)]
pub struct Capture {
    /// The certificates in DER and in the order sent, 1 to [`MAX_CERTIFICATES`]; not parsed.
    ///
    /// [`MAX_CERTIFICATES`]: super::MAX_CERTIFICATES
    pub presented: Vec<Vec<u8>>,
    /// The other end of the connection: with a proxy, the proxy.
    pub peer: SocketAddr,
    /// The addresses that were tried before it, and why they gave nothing.
    pub attempts: Vec<Attempt>,
    /// The server name that was sent; `None` for addresses and for names TLS does not allow.
    pub server_name: Option<String>,
    /// Version and cipher suite; `None` only when a broken handshake hid them.
    pub negotiated: Option<Negotiated>,
    /// How the certificates were got.
    pub handshake: Handshake,
    /// Whether the server showed that it holds the key.
    pub possession: Possession,
    /// What the server wanted to know of us.
    pub client_certificate: ClientCertificate,
    /// What the path answered; `None` when nothing was asked.
    pub answer: Option<Result<HttpAnswer, HttpFault>>,
}

/// How the certificates were got.
#[derive(Debug)]
pub enum Handshake {
    /// From a handshake that both sides finished.
    Complete,
    /// From a handshake that was broken off on purpose, as [`Extent::Chain`] asks for.
    Cut,
    /// From a handshake that broke off after the certificates, and what broke it.
    Broken(Fault),
    /// From the open text of the Certificate message, and why no handshake was possible: versions
    /// before TLS 1.2, key exchange by RSA or DHE, CBC, DSA, unusual curves.
    Clear(Fault),
}

/// What the server wanted to know of us.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClientCertificate {
    /// Nothing.
    NotAsked,
    /// It asked for a certificate, and went on whether it got one or not, as far as was seen.
    Asked {
        /// The issuers it accepts, each a DER `Name`; empty when it named none.
        issuers: Vec<Vec<u8>>,
    },
    /// It asked for a certificate, got none and refused.
    Demanded {
        /// The issuers it accepts, each a DER `Name`; empty when it named none.
        issuers: Vec<Vec<u8>>,
        /// The words of its refusal.
        alert: Alert,
    },
    /// It asked for a certificate, got ours and refused.
    Refused {
        /// The issuers it accepts, each a DER `Name`; empty when it named none.
        issuers: Vec<Vec<u8>>,
        /// The words of its refusal.
        alert: Alert,
    },
    /// The flight of messages in which it would have asked was not seen to its end.
    Undetermined,
}

impl ClientCertificate {
    /// The names of the CAs that the server accepts, each a DER `Name`; empty where it named none, or did not ask.
    pub fn issuers(&self) -> &[Vec<u8>] {
        match self {
            ClientCertificate::Asked { issuers }
            | ClientCertificate::Demanded { issuers, .. }
            | ClientCertificate::Refused { issuers, .. } => issuers,
            ClientCertificate::NotAsked | ClientCertificate::Undetermined => &[],
        }
    }

    /// Whether one of the named CAs has issued a certificate of this chain (RFC 8446 section 4.2.4, RFC 5246 section
    /// 7.4.4); `None` where the server names none.
    pub fn is_listed(&self, chain: &[Certificate]) -> Option<bool> {
        let named: Vec<Name<'_>> = self.issuers().iter().filter_map(|der| Name::from_der(der).ok()).collect();
        let has_issued = |it: &Certificate| named.iter().any(|name| name.matches(&it.issuer()));
        (!self.issuers().is_empty()).then(|| chain.iter().any(has_issued))
    }
}
