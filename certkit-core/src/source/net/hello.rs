//! A hello whose answer is read in the clear.
//!
//! Up to TLS 1.2 the server's Certificate message is not encrypted: whoever says hello gets it.
//! The connection ends before any key is agreed: it costs nothing to offer weak suites to servers
//! too old for rustls, and a fraction of a handshake to learn the chain of a server of today. For
//! the same reason nothing here proves that the server holds its key. A hello may also offer one
//! version and few suites only, to learn whether a server takes them.

use std::time::Duration;

use rustls::crypto::CryptoProvider;
use rustls::{ProtocolVersion, SignatureScheme};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::{Instant, timeout_at};

use super::error::Fault;
use super::flight::{Flight, Progress};
use super::negotiated::Negotiated;
use super::wire::Out;
use crate::presented::Version;

/// How long the rest of the flight is waited for once the certificates are in.
const LINGER: Duration = Duration::from_millis(500);

/// What a hello offers: the highest version, suites for it, groups and signature algorithms.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offer<'a> {
    version: Version,
    suites: &'a [u16],
    groups: &'a [u16],
    signatures: &'a [u16],
}

impl<'a> Offer<'a> {
    /// One version with some suites, and every group and signature algorithm that was ever there.
    pub(super) fn of(version: Version, suites: &'a [u16]) -> Offer<'a> {
        Offer { version, suites, groups: GROUPS, signatures: SIGNATURES }
    }
}

impl Offer<'static> {
    /// All that was ever there up to a version.
    pub(super) fn up_to(version: Version) -> Offer<'static> {
        Offer::of(version, if version == Version::Tls13 { SUITES_OF_TLS13 } else { SUITES })
    }
}

/// What rustls offers up to TLS 1.2, in its order, so that a server picks the certificate that it would show it.
#[derive(Clone, Debug)]
pub(super) struct Today {
    suites: Vec<u16>,
    groups: Vec<u16>,
    signatures: Vec<u16>,
}

impl Today {
    /// The suites and groups of a provider, and the signature algorithms that servers are told.
    pub(super) fn of(provider: &CryptoProvider, schemes: &[SignatureScheme]) -> Today {
        let suites = provider.cipher_suites.iter().filter(|it| it.tls13().is_none()).map(|it| it.suite().into());
        let groups = provider.kx_groups.iter().filter(|it| it.usable_for_version(ProtocolVersion::TLSv1_2));
        Today {
            suites: suites.chain([RENEGOTIATION_INFO]).collect(),
            groups: groups.map(|it| it.name().into()).collect(),
            signatures: schemes.iter().copied().map(u16::from).collect(),
        }
    }

    pub(super) fn offer(&self) -> Offer<'_> {
        let Today { suites, groups, signatures } = self;
        Offer { version: Version::Tls12, suites, groups, signatures }
    }
}

/// TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746 section 3.3).
const RENEGOTIATION_INFO: u16 = 0x00ff;

/// The suites of TLS 1.3 (RFC 8446 appendix B.4).
const SUITES_OF_TLS13: &[u16] = &[0x1301, 0x1302, 0x1303, 0x1304, 0x1305];

/// Cipher suites, best first, so that what the server picks is the best it has.
#[rustfmt::skip]
const SUITES: &[u16] = &[
    // ECDHE with AES-GCM, ChaCha20, AES-CCM: for servers whose curve alone is the obstacle.
    0xc02c, 0xc030, 0xc02b, 0xc02f, 0xcca9, 0xcca8, 0xc0ad, 0xc0ac, 0xc0af, 0xc0ae,
    // DHE with the same, for RSA and DSA.
    0x009f, 0x009e, 0xccaa, 0xc09f, 0xc09e, 0x00a3, 0x00a2,
    // ECDHE with CBC.
    0xc024, 0xc028, 0xc023, 0xc027, 0xc00a, 0xc014, 0xc009, 0xc013,
    // DHE with CBC: AES, then Camellia.
    0x006b, 0x0067, 0x006a, 0x0040, 0x0039, 0x0033, 0x0038, 0x0032,
    0x00c4, 0x0088, 0x00be, 0x0045, 0x0087, 0x0044,
    // Static RSA: AES, Camellia, SEED.
    0x009d, 0x009c, 0xc09d, 0xc09c, 0xc0a1, 0xc0a0, 0x003d, 0x003c, 0x0035, 0x002f,
    0x00c0, 0x00ba, 0x0084, 0x0041, 0x0096,
    // Static ECDH.
    0xc02e, 0xc032, 0xc02d, 0xc031, 0xc005, 0xc00f, 0xc004, 0xc00e,
    // ARIA.
    0xc05d, 0xc05c, 0xc061, 0xc060, 0xc051, 0xc050,
    // 3DES, IDEA, RC4, DES.
    0xc008, 0xc012, 0x0016, 0x0013, 0x000a, 0x0007, 0xc007, 0xc011, 0x0005, 0x0004,
    0x0015, 0x0012, 0x0009,
    // No encryption at all, and export strength.
    0xc006, 0xc010, 0x003b, 0x0002, 0x0001, 0x0008, 0x0006, 0x0003,
    RENEGOTIATION_INFO,
];

/// Groups: x25519, the NIST primes, x448, brainpool, secp256k1, then older and binary curves.
const GROUPS: &[u16] = &[29, 23, 24, 25, 30, 26, 27, 28, 22, 21, 20, 19, 18, 17, 16, 15, 14, 13, 12, 11, 10, 9];

/// Signature algorithms: ECDSA, EdDSA, PSS, PKCS#1, ML-DSA, then DSA, SHA-224, SHA-1 and MD5.
const SIGNATURES: &[u16] = &[
    0x0403, 0x0503, 0x0603, 0x0807, 0x0808, 0x0804, 0x0805, 0x0806, 0x0809, 0x080a, 0x080b, 0x0401, 0x0501, 0x0601,
    0x0904, 0x0905, 0x0906, 0x0402, 0x0502, 0x0602, 0x0303, 0x0301, 0x0302, 0x0203, 0x0201, 0x0202, 0x0101,
];

/// Some load balancers hang on a hello of 256 to 511 bytes (RFC 7685 section 1).
const PADDED: usize = 512;

/// What a server showed in the clear.
#[derive(Debug)]
pub(super) struct Clear {
    pub(super) negotiated: Negotiated,
    pub(super) chain: Vec<Vec<u8>>,
    /// The issuers acceptable for a client certificate, if one was asked for.
    pub(super) asked: Option<Vec<Vec<u8>>>,
    /// Whether the flight was seen to its end, so that `asked` is certain.
    pub(super) complete: bool,
}

/// How much of a server's first flight is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wanted {
    /// All of it.
    Flight,
    /// Its certificates.
    Chain,
}

/// Says hello and reads the server's first flight.
///
/// Bounded by `deadline` and by what a [`Flight`] takes.
pub(super) async fn read_in_the_clear(
    stream: &mut TcpStream,
    offer: &Offer<'_>,
    wanted: Wanted,
    server_name: Option<&str>,
    random: [u8; 32],
    deadline: Instant,
) -> Result<Clear, Fault> {
    let start = Instant::now();
    let late = |_| Fault::TimedOut(start.elapsed());
    say(stream, &client_hello(offer, server_name, random), deadline).await?;
    let mut flight = Flight::default();
    let mut deadline = deadline;
    let mut bytes = Vec::with_capacity(4096);
    let outcome = loop {
        bytes.clear();
        match timeout_at(deadline, stream.read_buf(&mut bytes)).await {
            Ok(Ok(0)) => break Err(Fault::Closed),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => break Err(Fault::from_stream(error, &[])),
            Err(elapsed) => break Err(late(elapsed)),
        }
        let had_chain = flight.chain.is_some();
        match flight.feed(&bytes) {
            Ok(Progress::Done) => break Ok(()),
            Ok(Progress::More) => {}
            Err(fault) => break Err(fault),
        }
        if flight.chain.is_some() && wanted == Wanted::Chain {
            break Ok(());
        }
        if !had_chain && flight.chain.is_some() {
            deadline = Instant::now().checked_add(LINGER).map_or(deadline, |soon| deadline.min(soon));
        }
    };
    match (flight.negotiated, flight.chain) {
        (Some(negotiated), Some(chain)) => {
            Ok(Clear { negotiated, chain, asked: flight.asked, complete: outcome.is_ok() && wanted == Wanted::Flight })
        }
        _ => Err(outcome.err().unwrap_or(Fault::NoCertificate)),
    }
}

/// Makes an offer, and reads what the server takes of it; the rest of its flight is left.
///
/// Bounded by `deadline` and by what a [`Flight`] takes.
pub(super) async fn first_answer(
    stream: &mut TcpStream,
    offer: &Offer<'_>,
    server_name: Option<&str>,
    random: [u8; 32],
    deadline: Instant,
) -> Result<Negotiated, Fault> {
    let start = Instant::now();
    say(stream, &client_hello(offer, server_name, random), deadline).await?;
    let mut flight = Flight::default();
    let mut bytes = Vec::with_capacity(4096);
    loop {
        bytes.clear();
        match timeout_at(deadline, stream.read_buf(&mut bytes)).await {
            Ok(Ok(0)) => return Err(Fault::Closed),
            Ok(Ok(_)) => {}
            Ok(Err(error)) => return Err(Fault::from_stream(error, &[])),
            Err(_) => return Err(Fault::TimedOut(start.elapsed())),
        }
        let outcome = flight.feed(&bytes);
        match (flight.negotiated, outcome) {
            // Whatever follows it, the choice is made.
            (Some(negotiated), _) => return Ok(negotiated),
            (None, Err(fault)) => return Err(fault),
            (None, Ok(Progress::Done)) => return Err(Fault::Malformed("flight")),
            (None, Ok(Progress::More)) => {}
        }
    }
}

async fn say(stream: &mut TcpStream, hello: &[u8], deadline: Instant) -> Result<(), Fault> {
    let start = Instant::now();
    timeout_at(deadline, stream.write_all(hello))
        .await
        .map_err(|_| Fault::TimedOut(start.elapsed()))?
        .map_err(|error| Fault::from_stream(error, &[]))
}

/// Builds the hello as one record; `server_name` must be a DNS name.
fn client_hello(offer: &Offer<'_>, server_name: Option<&str>, random: [u8; 32]) -> Vec<u8> {
    let mut body = Out::default();
    // From TLS 1.3 on the version stands in an extension.
    body.u16(offer.version.min(Version::Tls12).to_wire());
    body.bytes(&random);
    body.block8(&[]);
    body.block16(&numbers(offer.suites));
    body.block8(&[0]);
    // SSL 3.0 has no extensions, and its servers may object to them.
    if offer.version > Version::Ssl30 {
        let mut extensions = extensions(offer, server_name, random);
        // Record header 5, message header 4, length of the extensions 2, header of the padding 4.
        let so_far = body.len().saturating_add(extensions.len()).saturating_add(15);
        if so_far < PADDED {
            extensions.extension(21, &vec![0; PADDED.saturating_sub(so_far)]);
        }
        body.block16(&extensions.into_bytes());
    }

    let mut message = Out::default();
    message.u8(1);
    message.block24(&body.into_bytes());
    let mut record = Out::default();
    record.u8(22);
    // TLS 1.0 on the record: the oldest stacks compare it, all others ignore it.
    record.u16(offer.version.min(Version::Tls10).to_wire());
    record.block16(&message.into_bytes());
    record.into_bytes()
}

fn extensions(offer: &Offer<'_>, server_name: Option<&str>, random: [u8; 32]) -> Out {
    let mut extensions = Out::default();
    if let Some(name) = server_name {
        let mut entry = Out::default();
        entry.u8(0);
        entry.block16(name.as_bytes());
        extensions.list16(0, &entry.into_bytes());
    }
    extensions.list16(10, &numbers(offer.groups));
    extensions.extension(11, &[1, 0]);
    extensions.list16(13, &numbers(offer.signatures));
    if offer.version == Version::Tls13 {
        extensions.extension(43, &[2, 3, 4]);
        // Any 32 bytes are a share of x25519; nobody goes on to use it.
        let mut share = Out::default();
        share.u16(29);
        share.block16(&random);
        extensions.list16(51, &share.into_bytes());
    }
    extensions
}

fn numbers(values: &[u16]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_be_bytes()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_rustls_offers_is_offered() {
        let provider = rustls::crypto::aws_lc_rs::default_provider();
        let today = Today::of(&provider, &[SignatureScheme::ED25519]);
        assert_eq!(today.suites, [0xc02c, 0xc02b, 0xcca9, 0xc030, 0xc02f, 0xcca8, 0x00ff]);
        assert_eq!(today.groups, [29, 23, 24], "hybrid groups are of TLS 1.3 alone");
        assert_eq!(today.signatures, [0x0807]);
    }

    #[test]
    fn the_hello_is_padded_and_every_length_in_it_fits() {
        for name in [None, Some("plc7"), Some("a-rather-long-name.plant.example")] {
            let hello = client_hello(&Offer::up_to(Version::Tls12), name, [7; 32]);
            assert!(hello.len() >= PADDED, "{}", hello.len());
            let mut wire = super::super::wire::Wire(&hello);
            wire.take(3).unwrap();
            let mut record = wire.block16().unwrap();
            assert!(wire.is_empty());
            assert_eq!(record.u8(), Some(1));
            let mut body = record.block24().unwrap();
            assert!(record.is_empty());
            body.take(34).unwrap();
            body.block8().unwrap();
            assert_eq!(body.block16().unwrap().0.len(), 2 * SUITES.len());
            body.block8().unwrap();
            let mut extensions = body.block16().unwrap();
            assert!(body.is_empty());
            while !extensions.is_empty() {
                extensions.u16().unwrap();
                extensions.block16().unwrap();
            }
        }
    }

    #[test]
    fn a_hello_says_the_version_it_offers() {
        let version = |offered: Version| {
            let hello = client_hello(&Offer::up_to(offered), None, [7; 32]);
            (hello[1..3].to_vec(), hello[9..11].to_vec(), hello.windows(3).any(|it| it == [2, 3, 4]))
        };
        assert_eq!(version(Version::Ssl30), (vec![3, 0], vec![3, 0], false));
        assert_eq!(version(Version::Tls10), (vec![3, 1], vec![3, 1], false));
        assert_eq!(version(Version::Tls12), (vec![3, 1], vec![3, 3], false));
        assert_eq!(version(Version::Tls13), (vec![3, 1], vec![3, 3], true));
    }

    #[test]
    fn no_suite_is_offered_twice_and_all_have_names() {
        for (at, suite) in SUITES.iter().enumerate() {
            assert!(!SUITES[..at].contains(suite), "{suite:04x}");
            let name = crate::presented::Cipher(*suite).to_string();
            assert!(name.starts_with("TLS_"), "{name}");
        }
    }
}
