//! A secure channel with a policy over RSA, and a session on it: as much as it takes to learn whether a server lets us
//! in.
//!
//! Knows how messages are sealed (OPC 10000-6 section 6.7) and the order of the services. What a server answers is
//! given as it is; the caller bounds the time.

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

use crate::crypto::digest;
use crate::crypto::key_pair::KeyPair;
use crate::crypto::random;
use crate::crypto::secure_channel::{Asymmetric, BLOCK, Error, MAC, NONCE, Suite, Symmetric};

use super::channel::{answer, malformed, server_error, take, too_large};
use super::codec::{DecodeError, Reader, Writer};
use super::error::DiscoveryFault;
use super::frame::{self, HEADER, Header, Kind, MAX_CHUNKS, MAX_MESSAGE, Part};
use super::service::{ChannelToken, OPEN_SECURE_CHANNEL, Service};
use crate::presented::{EndpointDescription, SecurityMode};

/// Who we are, and whom we talk to.
pub(super) struct Parties<'a> {
    pub(super) suite: Suite,
    pub(super) endpoint: &'a EndpointDescription,
    /// Our certificate, and those above it, in DER one after the other.
    pub(super) own: &'a [u8],
    pub(super) key: &'a KeyPair,
    /// The server's certificate alone, and its SubjectPublicKeyInfo.
    pub(super) peer: &'a [u8],
    pub(super) peer_spki: &'a [u8],
}

/// A connection on which messages are sealed.
pub(super) struct Secured<'a, S> {
    stream: BufReader<S>,
    parties: Parties<'a>,
    keys: Asymmetric<'a>,
    /// Our direction and the server's, once there is a channel.
    channel: Option<(ChannelToken, Symmetric, Symmetric)>,
    number: u32,
}

impl From<Error> for DiscoveryFault {
    fn from(error: Error) -> Self {
        Self::Sealed(error)
    }
}

/// The bytes that are missing to a whole number of blocks.
fn padding(length: usize, block: usize) -> usize {
    let over = length.checked_rem(block).unwrap_or(0);
    if over == 0 { 0 } else { block.saturating_sub(over) }
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Secured<'a, S> {
    /// Says hello; gives the connection once it is acknowledged.
    pub(super) async fn greet(stream: S, parties: Parties<'a>) -> Result<Self, DiscoveryFault> {
        let keys = Asymmetric::new(parties.suite, parties.key, parties.peer_spki)?;
        let mut secured = Secured { stream: BufReader::new(stream), parties, keys, channel: None, number: 0 };
        let hello = frame::hello(&secured.parties.endpoint.endpoint_url);
        secured.send(&hello).await;
        secured.chunk(Kind::Acknowledge).await?;
        Ok(secured)
    }

    /// Opens the channel.
    pub(super) async fn open(&mut self, request: impl Fn(u32, &[u8]) -> Vec<u8>) -> Result<(), DiscoveryFault> {
        let nonce: [u8; NONCE] = random::bytes().map_err(|_| Error::Backend)?;
        let number = self.next_number();
        let message = self.sealed_open(number, &request(number, &nonce))?;
        self.send(&message).await;
        let body = self.message(Kind::OpenSecureChannel, number, OPEN_SECURE_CHANNEL.answer).await?;
        let (token, server) = answer(OPEN_SECURE_CHANNEL, &body)?
            .channel_token_and_nonce()
            .map_err(|source| malformed(OPEN_SECURE_CHANNEL.answer, source))?;
        let suite = self.parties.suite;
        let there = Symmetric::derive(suite, server, &nonce)?;
        let back = Symmetric::derive(suite, &nonce, server)?;
        self.channel = Some((token, there, back));
        Ok(())
    }

    /// Asks a service on the channel; gives the body of the answer.
    pub(super) async fn ask(
        &mut self,
        service: Service,
        request: impl Fn(u32) -> Vec<u8>,
    ) -> Result<Vec<u8>, DiscoveryFault> {
        let number = self.next_number();
        let message = self.sealed(Kind::Message, number, &request(number))?;
        self.send(&message).await;
        self.message(Kind::Message, number, service.answer).await
    }

    /// Signs something with our key, as session services want it.
    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, DiscoveryFault> {
        Ok(self.keys.sign(message)?)
    }

    /// Closes the channel and the connection; whether the server hears it changes nothing.
    pub(super) async fn close(mut self, request: impl Fn(u32) -> Vec<u8>) {
        let number = self.next_number();
        if let Ok(message) = self.sealed(Kind::CloseSecureChannel, number, &request(number)) {
            self.send(&message).await;
        }
        let _ = self.stream.shutdown().await;
    }

    fn next_number(&mut self) -> u32 {
        self.number = self.number.saturating_add(1);
        self.number
    }

    async fn send(&mut self, message: &[u8]) {
        // A server that hung up may have said before why it would: reading tells.
        let _ = self.stream.write_all(message).await;
    }

    /// An OPN: signed with our key, encrypted with the server's.
    fn sealed_open(&self, number: u32, request: &[u8]) -> Result<Vec<u8>, DiscoveryFault> {
        let mut head = Writer::default();
        head.u32(0);
        head.string(&self.parties.endpoint.security_policy_uri);
        head.byte_string(self.parties.own);
        head.byte_string(&digest::sha1(self.parties.peer));
        let head = head.into_bytes();
        let mut body = Writer::default();
        body.u32(number);
        body.u32(number);
        body.bytes(request);
        let mut body = body.into_bytes();
        // One octet says how many follow it; for keys over 2048 bits another one behind has the rest of the number.
        let (plain, block) = (self.keys.plain_block(), self.keys.peer_block());
        let extra = usize::from(block > 256);
        let fixed = body.len().saturating_add(1).saturating_add(extra).saturating_add(self.keys.own_block());
        let missing = padding(fixed, plain);
        let [low, high, ..] = missing.to_le_bytes();
        body.extend(std::iter::repeat_n(low, missing.saturating_add(1)));
        if extra > 0 {
            body.push(high);
        }
        let blocks = fixed.saturating_add(missing).checked_div(plain).unwrap_or(0);
        let sealed = blocks.saturating_mul(block);
        let mut message = frame::header(Kind::OpenSecureChannel, head.len().saturating_add(sealed));
        message.extend_from_slice(&head);
        let begin = message.len();
        message.extend_from_slice(&body);
        let signature = self.keys.sign(&message)?;
        message.extend_from_slice(&signature);
        let encrypted = self.keys.encrypt(message.get(begin..).unwrap_or_default())?;
        message.truncate(begin);
        message.extend_from_slice(&encrypted);
        Ok(message)
    }

    fn encrypts(&self) -> bool {
        self.parties.endpoint.security_mode == SecurityMode::SignAndEncrypt
    }

    /// A message on the channel: with a MAC, and encrypted where the mode wants it.
    fn sealed(&self, kind: Kind, number: u32, request: &[u8]) -> Result<Vec<u8>, DiscoveryFault> {
        let Some((token, there, _)) = &self.channel else { return Err(Error::Backend.into()) };
        let mut body = Writer::default();
        body.u32(number);
        body.u32(number);
        body.bytes(request);
        let mut body = body.into_bytes();
        if self.encrypts() {
            let missing = padding(body.len().saturating_add(1).saturating_add(MAC), BLOCK);
            let [low, ..] = missing.to_le_bytes();
            body.extend(std::iter::repeat_n(low, missing.saturating_add(1)));
        }
        let mut message = frame::header(kind, 8usize.saturating_add(body.len()).saturating_add(MAC));
        message.extend_from_slice(&token.channel.to_le_bytes());
        message.extend_from_slice(&token.token.to_le_bytes());
        let begin = message.len();
        message.extend_from_slice(&body);
        let mac = there.sign(&message);
        message.extend_from_slice(&mac);
        if self.encrypts()
            && let Some(blocks) = message.get_mut(begin..)
        {
            there.encrypt(blocks)?;
        }
        Ok(message)
    }

    /// Reads the next chunk, which must belong to a message of this kind: its header's part, and all of its bytes.
    async fn chunk(&mut self, expected: Kind) -> Result<(Part, Vec<u8>), DiscoveryFault> {
        let mut head = [0; HEADER];
        self.stream.read_exact(&mut head).await?;
        let header = Header::read(head).ok_or(DiscoveryFault::NotAMessage(head))?;
        if header.size > MAX_MESSAGE {
            return Err(too_large(MAX_MESSAGE, "bytes in one message"));
        }
        let rest = u64::from(header.size).saturating_sub(HEADER as u64);
        let mut bytes = head.to_vec();
        (&mut self.stream).take(rest).read_to_end(&mut bytes).await?;
        if (bytes.len() as u64) < u64::from(header.size) {
            return Err(DiscoveryFault::Closed);
        }
        match header.kind {
            Kind::Error => Err(server_error(bytes.get(HEADER..).unwrap_or_default())),
            kind if kind == expected => Ok((header.part, bytes)),
            kind => Err(DiscoveryFault::UnexpectedMessage { found: kind.as_str(), expected: expected.as_str() }),
        }
    }

    /// Opens an OPN: its body from the sequence number on.
    fn opened_open(&self, bytes: &[u8], name: &'static str) -> Result<Vec<u8>, DiscoveryFault> {
        let wrong = |source: DecodeError| malformed(name, source);
        let mut reader = Reader::new(bytes.get(HEADER..).unwrap_or_default());
        reader.u32("secureChannelId").map_err(wrong)?;
        let policy = reader.string("securityPolicyUri").map_err(wrong)?;
        if policy != self.parties.endpoint.security_policy_uri {
            return Err(DiscoveryFault::UnexpectedPolicy(policy));
        }
        reader.bytes("senderCertificate").map_err(wrong)?;
        reader.bytes("receiverCertificateThumbprint").map_err(wrong)?;
        let sealed = reader.rest();
        let head = bytes.get(..bytes.len().saturating_sub(sealed.len())).unwrap_or_default();
        let plain = self.keys.decrypt(sealed)?;
        let whole = [head, &plain].concat();
        let (signed, signature) =
            whole.split_at_checked(whole.len().saturating_sub(self.keys.peer_block())).ok_or(Error::Signature)?;
        self.keys.verify(signed, signature)?;
        let body = signed.get(head.len()..).ok_or(Error::Signature)?;
        without_padding(body, self.keys.own_block() > 256)
    }

    /// Opens a MSG: its body from the sequence number on.
    fn opened(&self, mut bytes: Vec<u8>) -> Result<Vec<u8>, DiscoveryFault> {
        const HEAD: usize = HEADER + 8;
        let Some((_, _, back)) = &self.channel else { return Err(Error::Backend.into()) };
        if self.encrypts() {
            back.decrypt(bytes.get_mut(HEAD..).ok_or(Error::Encrypted)?)?;
        }
        let (signed, mac) = bytes.split_at_checked(bytes.len().saturating_sub(MAC)).ok_or(Error::Signature)?;
        back.verify(signed, mac)?;
        let body = signed.get(HEAD..).ok_or(Error::Signature)?;
        if self.encrypts() { without_padding(body, false) } else { Ok(body.to_vec()) }
    }

    /// Reads chunks until they are a whole answer to the request with this number; gives its body.
    async fn message(&mut self, kind: Kind, number: u32, name: &'static str) -> Result<Vec<u8>, DiscoveryFault> {
        let mut message = Vec::new();
        for _ in 0..MAX_CHUNKS {
            let (part, bytes) = self.chunk(kind).await?;
            let body = match kind {
                Kind::OpenSecureChannel => self.opened_open(&bytes, name)?,
                _ => self.opened(bytes)?,
            };
            let mut reader = Reader::new(&body);
            reader.u32("sequenceNumber").map_err(|source| malformed(name, source))?;
            let found = reader.u32("requestId").map_err(|source| malformed(name, source))?;
            if found != number {
                return Err(DiscoveryFault::UnexpectedRequest { found, expected: number });
            }
            if take(&mut message, part, &mut reader, name)? {
                return Ok(message);
            }
        }
        Err(too_large(MAX_CHUNKS, "chunks in one message"))
    }
}

/// Takes the padding off; for a key over 2048 bits its number has a second octet at the end.
fn without_padding(body: &[u8], has_high: bool) -> Result<Vec<u8>, DiscoveryFault> {
    let wrong = || DiscoveryFault::from(Error::Encrypted);
    let (rest, high) = match (has_high, body.split_last()) {
        (true, Some((high, rest))) => (rest, usize::from(*high)),
        (false, Some(_)) => (body, 0),
        (_, None) => return Err(wrong()),
    };
    // All octets of the padding are its low octet.
    let low = rest.last().copied().map(usize::from).ok_or_else(wrong)?;
    let count = high.saturating_mul(256).saturating_add(low).saturating_add(1);
    let kept = rest.len().checked_sub(count).ok_or_else(wrong)?;
    Ok(rest.get(..kept).ok_or_else(wrong)?.to_vec())
}
