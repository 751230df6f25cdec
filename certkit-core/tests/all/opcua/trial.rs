//! A channel and a session with keys, against a server that is written here from the standard once more.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use certkit_core::cert::Certificate;
use certkit_core::crypto::secure_channel::{Asymmetric, MAC, Suite, Symmetric};
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::{DAY, Moment};
use certkit_core::presented::{
    ApplicationDescription, ApplicationType, EndpointDescription, SecurityMode, TokenKind, UserToken,
};
use certkit_core::source::{Trial, TrialError, TrialStep, Tried, try_session_blocking};
use certkit_core::status::StatusCode;

use super::server::{acknowledge, error, header, listen, message, numbers, receive};

/// What the server does.
#[derive(Clone, Copy, PartialEq)]
enum Manner {
    Accepts,
    /// Ends the connection in place of a channel.
    RefusesChannel,
    /// Answers CreateSession with a fault.
    RefusesSession,
    /// Signs its answers with another key.
    IsAnother,
    HangsUp,
}

struct Party {
    key: KeyPair,
    certificate: Certificate,
}

impl Party {
    fn new(name: &str, kind: KeyType) -> Party {
        let key = KeyPair::generate(kind).unwrap();
        let certificate = Template::new(
            Kind::OpcUa,
            format!("CN={name},O=Plant").parse().unwrap(),
            Validity::days(Moment::now().plus(-DAY), 30),
        )
        .alternative_names([AlternativeName::Uri(format!("urn:plant:{name}")), AlternativeName::host("localhost")])
        .issue(&key.public_key().unwrap(), &Issuer::itself(&key))
        .unwrap();
        Party { key, certificate }
    }
}

fn byte_string(bytes: &[u8]) -> Vec<u8> {
    [&u32::try_from(bytes.len()).unwrap().to_le_bytes(), bytes].concat()
}

/// Takes a ByteString from the front.
fn take<'a>(rest: &mut &'a [u8]) -> &'a [u8] {
    let length = usize::try_from(u32::from_le_bytes(rest[..4].try_into().unwrap())).unwrap();
    let (taken, left) = rest[4..].split_at(length);
    *rest = left;
    taken
}

/// What the server has seen, by the numbers of the requests.
type Seen = Arc<Mutex<Vec<u16>>>;

struct Server {
    party: Party,
    other: Party,
    client: Certificate,
    suite: Suite,
    mode: SecurityMode,
    manner: Manner,
    seen: Seen,
}

impl Server {
    fn serve(&self, mut stream: TcpStream) -> Option<()> {
        let hello = receive(&mut stream)?;
        assert!(hello.starts_with(b"HELF"));
        stream.write_all(&acknowledge()).ok()?;
        let opening = receive(&mut stream)?;
        match self.manner {
            Manner::RefusesChannel => {
                stream.write_all(&error(StatusCode::BAD_SECURITY_CHECKS_FAILED.0, "no")).ok()?;
                return None;
            }
            Manner::HangsUp => return None,
            _ => {}
        }
        let (keys, nonce) = self.opened(&opening);
        let server_nonce = [9; 32];
        let token = [numbers(&[0, 77, 5]), vec![0; 8], numbers(&[60_000]), byte_string(&server_nonce)].concat();
        stream.write_all(&self.sealed_open(&keys, &opening, &[header(449, 0), token].concat())).ok()?;
        let there = Symmetric::derive(self.suite, &server_nonce, &nonce).unwrap();
        let back = Symmetric::derive(self.suite, &nonce, &server_nonce).unwrap();
        let session_nonce = [3; 32];
        loop {
            let sealed = receive(&mut stream)?;
            let body = self.message(&there, sealed);
            let number = u16::from_le_bytes(body[10..12].try_into().unwrap());
            self.seen.lock().unwrap().push(number);
            let answer = match number {
                461 if self.manner == Manner::RefusesSession => header(397, StatusCode::BAD_CERTIFICATE_URI_INVALID.0),
                461 => {
                    let body_text = String::from_utf8_lossy(&body).into_owned();
                    assert!(body_text.contains("urn:plant:client"));
                    let certificate = byte_string(self.party.certificate.der());
                    [header(464, 0), vec![0, 9, 1, 0, 7, 0], vec![0; 8], byte_string(&session_nonce), certificate]
                        .concat()
                }
                467 => {
                    // The token of the session, then after the header the signature over certificate and nonce.
                    assert_eq!(body[12..16], [1, 0, 7, 0]);
                    let mut rest = &body[8 + 4 + 4 + 8 + 4 + 4 + 4 + 4 + 3..];
                    assert_eq!(take(&mut rest), self.suite.signature_uri().as_bytes());
                    let signed = [self.party.certificate.der(), &session_nonce].concat();
                    keys.verify(&signed, take(&mut rest)).unwrap();
                    header(470, 0)
                }
                473 => header(476, 0),
                452 => return Some(()),
                other => panic!("{other}"),
            };
            let request = u32::from_le_bytes(body[4..8].try_into().unwrap());
            stream.write_all(&self.sealed(&back, request, &answer)).ok()?;
        }
    }

    /// Opens an OPN; gives the keys and the client's nonce.
    fn opened(&self, bytes: &[u8]) -> (Asymmetric<'_>, Vec<u8>) {
        let mut rest = &bytes[12..];
        take(&mut rest);
        assert_eq!(take(&mut rest), self.client.der());
        assert_eq!(take(&mut rest), self.party.certificate.fingerprint_sha1());
        let keys = Asymmetric::new(self.suite, &self.party.key, self.client.spki()).unwrap();
        let plain = keys.decrypt(rest).unwrap();
        let whole = [&bytes[..bytes.len() - rest.len()], &plain].concat();
        let (signed, signature) = whole.split_at(whole.len() - keys.peer_block());
        keys.verify(signed, signature).unwrap();
        // Type, header (33 octets behind the sequence header), version, kind, mode.
        let body = &signed[bytes.len() - rest.len()..];
        let mut fields = &body[8 + 33 + 8..];
        let mode = u32::from_le_bytes(fields[..4].try_into().unwrap());
        assert_eq!(mode, if self.mode == SecurityMode::Sign { 2 } else { 3 });
        fields = &fields[4..];
        (keys, take(&mut fields).to_vec())
    }

    fn sealed_open(&self, keys: &Asymmetric<'_>, request: &[u8], answer: &[u8]) -> Vec<u8> {
        let signer = if self.manner == Manner::IsAnother { &self.other } else { &self.party };
        let signing = Asymmetric::new(self.suite, &signer.key, self.client.spki()).unwrap();
        let policy = take(&mut &request[12..]).to_vec();
        let head = [
            numbers(&[77]),
            byte_string(&policy),
            byte_string(self.party.certificate.der()),
            byte_string(&self.client.fingerprint_sha1()),
        ]
        .concat();
        let mut body = [numbers(&[1, 1]), answer.to_vec()].concat();
        let is_long = keys.peer_block() > 256;
        let length = body.len() + 1 + usize::from(is_long) + keys.own_block();
        let missing = (keys.plain_block() - length % keys.plain_block()) % keys.plain_block();
        body.extend(vec![u8::try_from(missing % 256).unwrap(); missing + 1]);
        if is_long {
            body.push(u8::try_from(missing / 256).unwrap());
        }
        let sealed = (body.len() + keys.own_block()) / keys.plain_block() * keys.peer_block();
        let size = u32::try_from(8 + head.len() + sealed).unwrap();
        let start = [b"OPNF".to_vec(), size.to_le_bytes().to_vec(), head].concat();
        let signature = signing.sign(&[&start[..], &body].concat()).unwrap();
        [start, keys.encrypt(&[body, signature].concat()).unwrap()].concat()
    }

    /// Opens a MSG or CLO: from the sequence header on.
    fn message(&self, keys: &Symmetric, mut bytes: Vec<u8>) -> Vec<u8> {
        let is_encrypted = self.mode == SecurityMode::SignAndEncrypt;
        if is_encrypted {
            keys.decrypt(&mut bytes[16..]).unwrap();
        }
        let (signed, mac) = bytes.split_at(bytes.len() - MAC);
        keys.verify(signed, mac).unwrap();
        let body = &signed[16..];
        let padding = if is_encrypted { usize::from(*body.last().unwrap()) + 1 } else { 0 };
        body[..body.len() - padding].to_vec()
    }

    fn sealed(&self, keys: &Symmetric, request: u32, answer: &[u8]) -> Vec<u8> {
        let mut body = [numbers(&[request, request]), answer.to_vec()].concat();
        let is_encrypted = self.mode == SecurityMode::SignAndEncrypt;
        if is_encrypted {
            let missing = (16 - (body.len() + 1 + MAC) % 16) % 16;
            body.extend(vec![u8::try_from(missing).unwrap(); missing + 1]);
        }
        let head = message("MSGF", &[numbers(&[77, 5]), body.clone(), vec![0; MAC]].concat());
        let start = &head[..head.len() - MAC];
        let mut whole = [start, &keys.sign(start)].concat();
        if is_encrypted {
            keys.encrypt(&mut whole[16..]).unwrap();
        }
        whole
    }
}

fn endpoint(address: SocketAddr, certificate: &Certificate, policy: &str, mode: SecurityMode) -> EndpointDescription {
    EndpointDescription {
        endpoint_url: format!("opc.tcp://{address}/plant"),
        server: ApplicationDescription {
            application_uri: "urn:plant:server".to_owned(),
            product_uri: String::new(),
            application_name: String::new(),
            application_type: ApplicationType::Server,
            gateway_server_uri: String::new(),
            discovery_profile_uri: String::new(),
            discovery_urls: Vec::new(),
        },
        server_certificate: certificate.der().to_vec(),
        security_mode: mode,
        security_policy_uri: format!("http://opcfoundation.org/UA/SecurityPolicy#{policy}"),
        user_tokens: vec![UserToken {
            policy_id: "anonymous".to_owned(),
            kind: TokenKind::Anonymous,
            issued_token_type: String::new(),
            issuer_endpoint_url: String::new(),
            security_policy_uri: String::new(),
        }],
        transport_profile_uri: String::new(),
        security_level: 0,
    }
}

/// Tries a server of this manner; gives what came of it and what the server has seen.
fn tried(policy: &str, mode: SecurityMode, manner: Manner, kinds: [KeyType; 2]) -> (Tried, Vec<u16>) {
    let [client, server] = [("client", kinds[0]), ("server", kinds[1])].map(|(name, kind)| Party::new(name, kind));
    let seen = Seen::default();
    let (certificate, suite) = (server.certificate.clone(), Suite::named(policy).unwrap());
    let serving = Server {
        party: server,
        other: Party::new("other", kinds[1]),
        client: client.certificate.clone(),
        suite,
        mode,
        manner,
        seen: Arc::clone(&seen),
    };
    let address = listen(move |stream| {
        let _ = serving.serve(stream);
    });
    let endpoint = endpoint(address, &certificate, policy, mode);
    let trial = Trial {
        endpoint: &endpoint,
        address,
        own: &[client.certificate],
        key: &client.key,
        application_uri: "urn:plant:client",
        timeout: Duration::from_secs(20),
    };
    let tried = try_session_blocking(&trial).unwrap();
    // The goodbye may still be on its way.
    for _ in 0..100 {
        if manner != Manner::Accepts || seen.lock().unwrap().last() == Some(&452) {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let seen = seen.lock().unwrap().clone();
    (tried, seen)
}

const SHORT: [KeyType; 2] = [KeyType::Rsa2048; 2];

#[test]
fn a_session_is_opened_and_closed_with_every_policy() {
    for (policy, mode, kinds) in [
        ("Basic256Sha256", SecurityMode::SignAndEncrypt, SHORT),
        ("Basic256Sha256", SecurityMode::Sign, SHORT),
        ("Aes128_Sha256_RsaOaep", SecurityMode::SignAndEncrypt, [KeyType::Rsa3072, KeyType::Rsa2048]),
        ("Aes256_Sha256_RsaPss", SecurityMode::SignAndEncrypt, [KeyType::Rsa2048, KeyType::Rsa3072]),
    ] {
        let (tried, seen) = tried(policy, mode, Manner::Accepts, kinds);
        assert!(matches!(tried, Tried::Opened), "{policy} {mode}: {tried:?}");
        assert_eq!(seen, [461, 467, 473, 452], "{policy} {mode}");
    }
}

#[test]
fn a_refusal_is_told_with_its_step() {
    let refused = |manner| match tried("Basic256Sha256", SecurityMode::SignAndEncrypt, manner, SHORT) {
        (Tried::Refused { step, status, words }, seen) => (step, status, words, seen),
        (other, _) => panic!("{other:?}"),
    };
    let (step, status, words, _) = refused(Manner::RefusesChannel);
    assert_eq!(
        (step, status, words.as_str()),
        (TrialStep::SecureChannel, StatusCode::BAD_SECURITY_CHECKS_FAILED, "no")
    );
    let (step, status, _, seen) = refused(Manner::RefusesSession);
    assert_eq!((step, status), (TrialStep::CreateSession, StatusCode::BAD_CERTIFICATE_URI_INVALID));
    assert_eq!(seen[0], 461);
}

#[test]
fn a_server_without_the_key_of_its_certificate_is_found_out() {
    for manner in [Manner::IsAnother, Manner::HangsUp] {
        let (tried, seen) = tried("Basic256Sha256", SecurityMode::SignAndEncrypt, manner, SHORT);
        assert!(matches!(tried, Tried::Broken { step: TrialStep::SecureChannel, .. }), "{tried:?}");
        assert!(seen.is_empty());
    }
}

#[test]
fn what_cannot_be_tried_is_said() {
    let party = Party::new("client", KeyType::Rsa2048);
    let address: SocketAddr = "127.0.0.1:1".parse().unwrap();
    let own = [party.certificate.clone()];
    let tried = |policy: &str, mode, certificate: &[u8]| {
        let endpoint = EndpointDescription {
            server_certificate: certificate.to_vec(),
            ..endpoint(address, &party.certificate, policy, mode)
        };
        try_session_blocking(&Trial {
            endpoint: &endpoint,
            address,
            own: &own,
            key: &party.key,
            application_uri: "urn:plant:client",
            timeout: Duration::from_secs(1),
        })
        .unwrap_err()
    };
    let der = party.certificate.der();
    assert_eq!(tried("ECC_nistP256", SecurityMode::Sign, der), TrialError::Policy("ECC_nistP256".to_owned()));
    assert_eq!(tried("Basic256Sha256", SecurityMode::None, der), TrialError::Mode);
    assert_eq!(tried("Basic256Sha256", SecurityMode::Sign, b"no"), TrialError::Certificate);
}
