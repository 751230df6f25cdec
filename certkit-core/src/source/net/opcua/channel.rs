//! One conversation with a server: hello, channel, question and answer, close.
//!
//! Knows the order of messages and how much is read of them. The caller bounds the time.

use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

use crate::moment::Moment;
use crate::status::StatusCode;

use super::codec::{DecodeError, Reader};
use super::error::DiscoveryFault;
use super::frame::{self, HEADER, Header, Kind, MAX_CHUNKS, MAX_MESSAGE, Part};
use super::service::{
    self, Answer, ChannelToken, Declined, FIND_SERVERS, GET_ENDPOINTS, NONE, OPEN_SECURE_CHANNEL, Service,
};
use crate::presented::{ApplicationDescription, EndpointDescription};

/// A connection on which a server has acknowledged our hello.
#[derive(Debug)]
pub(super) struct Connection<S> {
    stream: BufReader<S>,
    url: String,
    /// Told to the server as the time that its answers are waited for.
    hint: Duration,
    channel: Option<ChannelToken>,
    /// Of the last message: sequence and request number in one.
    number: u32,
}

impl<S: AsyncRead + AsyncWrite + Unpin> Connection<S> {
    /// Says hello, as one who wants to talk to the endpoint with this URL.
    pub(super) async fn greet(stream: S, url: String, hint: Duration) -> Result<Self, DiscoveryFault> {
        let mut connection = Self { stream: BufReader::new(stream), url, hint, channel: None, number: 0 };
        connection.send(&frame::hello(&connection.url)).await;
        let head = connection.stream.fill_buf().await?;
        if !head.is_empty() && !Kind::may_begin(head) {
            return Err(DiscoveryFault::stranger(head));
        }
        let (_, body) = connection.chunk(Kind::Acknowledge).await?;
        let mut reader = Reader::new(&body);
        for field in ["protocolVersion", "receiveBufferSize", "sendBufferSize", "maxMessageSize", "maxChunkCount"] {
            // Whatever it allows, what we send is smaller.
            reader.u32(field).map_err(|source| malformed(Kind::Acknowledge.as_str(), source))?;
        }
        Ok(connection)
    }

    /// Opens a channel without security.
    pub(super) async fn open(&mut self) -> Result<(), DiscoveryFault> {
        let number = self.next_number();
        let request = service::open_secure_channel(number, self.hint);
        self.send(&frame::open(number, &request)).await;
        let opened = self.opened(number).await;
        self.channel = Some(opened.map_err(DiscoveryFault::of_channel)?);
        Ok(())
    }

    async fn opened(&mut self, number: u32) -> Result<ChannelToken, DiscoveryFault> {
        let body = self.message(Kind::OpenSecureChannel, number, OPEN_SECURE_CHANNEL.answer).await?;
        let answer = answer(OPEN_SECURE_CHANNEL, &body)?;
        answer.channel_token().map_err(|source| malformed(OPEN_SECURE_CHANNEL.answer, source))
    }

    /// Asks GetEndpoints; gives the server's time as well, if it tells it.
    pub(super) async fn endpoints(&mut self) -> Result<(Vec<EndpointDescription>, Option<Moment>), DiscoveryFault> {
        let body = self.ask(GET_ENDPOINTS).await?;
        let answer = answer(GET_ENDPOINTS, &body)?;
        let time = answer.time;
        let endpoints = answer.endpoints().map_err(|source| malformed(GET_ENDPOINTS.answer, source))?;
        Ok((endpoints, time))
    }

    /// Asks FindServers.
    pub(super) async fn servers(&mut self) -> Result<Vec<ApplicationDescription>, DiscoveryFault> {
        let body = self.ask(FIND_SERVERS).await?;
        let answer = answer(FIND_SERVERS, &body)?;
        answer.applications().map_err(|source| malformed(FIND_SERVERS.answer, source))
    }

    async fn ask(&mut self, service: Service) -> Result<Vec<u8>, DiscoveryFault> {
        let number = self.next_number();
        let request = service::discovery(service, number, self.hint, &self.url);
        self.send_on_channel(Kind::Message, number, &request).await;
        self.message(Kind::Message, number, service.answer).await
    }

    /// Closes the channel and the connection; whether the server hears it changes nothing.
    pub(super) async fn close(mut self) {
        let number = self.next_number();
        self.send_on_channel(Kind::CloseSecureChannel, number, &service::close_secure_channel(number)).await;
        let _ = self.stream.shutdown().await;
    }

    fn next_number(&mut self) -> u32 {
        self.number = self.number.saturating_add(1);
        self.number
    }

    async fn send_on_channel(&mut self, kind: Kind, number: u32, request: &[u8]) {
        if let Some(channel) = self.channel {
            self.send(&frame::on_channel(kind, channel, number, request)).await;
        }
    }

    async fn send(&mut self, message: &[u8]) {
        // A server that hung up may have said before why it would: reading tells.
        let _ = self.stream.write_all(message).await;
    }

    /// Reads the next chunk, which must belong to a message of this kind.
    async fn chunk(&mut self, expected: Kind) -> Result<(Part, Vec<u8>), DiscoveryFault> {
        let mut head = [0; HEADER];
        self.stream.read_exact(&mut head).await?;
        let header = Header::read(head).ok_or(DiscoveryFault::NotAMessage(head))?;
        let name = header.kind.as_str();
        if header.size > MAX_MESSAGE {
            return Err(too_large(MAX_MESSAGE, "bytes in one message"));
        }
        let rest = u64::from(header.size).saturating_sub(HEADER as u64);
        // Grows with what comes, not with what is announced.
        let mut body = Vec::new();
        (&mut self.stream).take(rest).read_to_end(&mut body).await?;
        if (body.len() as u64) < rest {
            return Err(DiscoveryFault::Closed);
        }
        match header.kind {
            Kind::Error => Err(server_error(&body)),
            kind if kind == expected => Ok((header.part, body)),
            _ => Err(DiscoveryFault::UnexpectedMessage { found: name, expected: expected.as_str() }),
        }
    }

    /// Reads chunks until they are a whole answer to the request with this number; gives its body.
    async fn message(&mut self, kind: Kind, number: u32, name: &'static str) -> Result<Vec<u8>, DiscoveryFault> {
        let mut message = Vec::new();
        for _ in 0..MAX_CHUNKS {
            let (part, chunk) = self.chunk(kind).await?;
            let mut reader = Reader::new(&chunk);
            let found = match kind {
                Kind::OpenSecureChannel => {
                    let (found, policy) = frame::open_headers(&mut reader).map_err(|source| malformed(name, source))?;
                    if policy != NONE {
                        return Err(DiscoveryFault::UnexpectedPolicy(policy));
                    }
                    found
                }
                _ => frame::message_headers(&mut reader).map_err(|source| malformed(name, source))?,
            };
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

pub(super) fn answer(service: Service, body: &[u8]) -> Result<Answer<'_>, DiscoveryFault> {
    Answer::read(service, body).map_err(|declined| match declined {
        Declined::Malformed(source) => malformed(service.answer, source),
        Declined::Failed(status) => DiscoveryFault::Refused(status),
        Declined::Other(found) => DiscoveryFault::UnexpectedAnswer { found, expected: service.answer },
    })
}

/// Adds the rest of a chunk to the answer that it is a part of; says whether it was the last one.
pub(super) fn take(
    message: &mut Vec<u8>,
    part: Part,
    rest: &mut Reader<'_>,
    name: &'static str,
) -> Result<bool, DiscoveryFault> {
    if part == Part::Abort {
        let (status, reason) = frame::failure(rest).map_err(|source| malformed(name, source))?;
        return Err(DiscoveryFault::Aborted { status, reason });
    }
    message.extend_from_slice(rest.rest());
    if message.len() > MAX_MESSAGE as usize {
        return Err(too_large(MAX_MESSAGE, "bytes in one message"));
    }
    Ok(part == Part::Final)
}

/// Reads the body of an ERR.
pub(super) fn server_error(body: &[u8]) -> DiscoveryFault {
    match frame::failure(&mut Reader::new(body)) {
        Ok((status, reason)) if status.is_bad() => DiscoveryFault::ServerError { status, reason },
        // Deviation: OPC 10000-6 section 7.1.2 has a code and a reason in an ERR. node-opcua sends one
        // with the headers of an OPN and a ServiceFault when it refuses a channel.
        Ok((status, reason)) => match fault_of_channel(body) {
            Some(status) => DiscoveryFault::ServerError { status, reason: String::new() },
            None => DiscoveryFault::ServerError { status, reason },
        },
        Err(source) => malformed(Kind::Error.as_str(), source),
    }
}

fn fault_of_channel(body: &[u8]) -> Option<StatusCode> {
    let mut reader = Reader::new(body);
    frame::open_headers(&mut reader).ok()?;
    match Answer::read(OPEN_SECURE_CHANNEL, reader.rest()) {
        Err(Declined::Failed(status)) => Some(status),
        _ => None,
    }
}

pub(super) fn malformed(message: &'static str, source: DecodeError) -> DiscoveryFault {
    DiscoveryFault::Malformed { message, source }
}

pub(super) fn too_large(limit: u32, unit: &'static str) -> DiscoveryFault {
    DiscoveryFault::TooLarge { limit, unit }
}
