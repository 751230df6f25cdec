//! Messages and chunks of the TCP transport (OPC 10000-6 sections 6.7.2 and 7.1.2).
//!
//! Knows their headers; refuses to know what the bodies mean.

use crate::status::StatusCode;

use super::codec::{DecodeError, Reader, Writer};
use super::service::{ChannelToken, NONE};

/// The bytes before everything: type, chunk type, size.
pub(super) const HEADER: usize = 8;

/// The largest chunk that is taken, and that we say we take.
pub(super) const MAX_CHUNK: u32 = 65_536;

/// The largest message that is taken, and that we say we take: some hundred endpoints with chains
/// of four certificates.
pub(super) const MAX_MESSAGE: u32 = 2 << 20;

/// The most chunks of one message that are taken, and that we say we take.
pub(super) const MAX_CHUNKS: u32 = 512;

/// The longest reason that is kept of an error, in characters.
const MAX_REASON: usize = 400;

/// What kind of message a chunk belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Hello,
    ReverseHello,
    Acknowledge,
    Error,
    OpenSecureChannel,
    CloseSecureChannel,
    Message,
}

impl Kind {
    const ALL: [Self; 7] = [
        Self::Hello,
        Self::ReverseHello,
        Self::Acknowledge,
        Self::Error,
        Self::OpenSecureChannel,
        Self::CloseSecureChannel,
        Self::Message,
    ];

    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Hello => "HEL",
            Self::ReverseHello => "RHE",
            Self::Acknowledge => "ACK",
            Self::Error => "ERR",
            Self::OpenSecureChannel => "OPN",
            Self::CloseSecureChannel => "CLO",
            Self::Message => "MSG",
        }
    }

    /// Says whether these bytes can be the beginning of a message.
    pub(super) fn may_begin(head: &[u8]) -> bool {
        let head = head.get(..3).unwrap_or(head);
        Self::ALL.iter().any(|kind| kind.as_str().as_bytes().starts_with(head))
    }
}

/// Whether more of a message follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    More,
    Final,
    Abort,
}

/// The first bytes of a chunk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) part: Part,
    /// All of it, this header with it.
    pub(super) size: u32,
}

impl Header {
    /// Reads a header; `None` when it is none. The size is as it stands there.
    pub(super) fn read(bytes: [u8; HEADER]) -> Option<Self> {
        let [a, b, c, part, s0, s1, s2, s3] = bytes;
        let kind = Kind::ALL.into_iter().find(|kind| kind.as_str().as_bytes() == [a, b, c])?;
        let part = match part {
            b'C' => Part::More,
            b'F' => Part::Final,
            b'A' => Part::Abort,
            _ => return None,
        };
        Some(Self { kind, part, size: u32::from_le_bytes([s0, s1, s2, s3]) })
    }
}

/// Begins a whole message of one chunk, whose body will have this length; ours are far shorter than the size can say.
pub(super) fn header(kind: Kind, length: usize) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.bytes(kind.as_str().as_bytes());
    writer.bytes(b"F");
    writer.u32(u32::try_from(length.saturating_add(HEADER)).unwrap_or(u32::MAX));
    writer.into_bytes()
}

/// Makes a whole message of one chunk.
fn whole(kind: Kind, body: &[u8]) -> Vec<u8> {
    let mut message = header(kind, body.len());
    message.extend_from_slice(body);
    message
}

pub(super) fn hello(url: &str) -> Vec<u8> {
    let mut body = Writer::default();
    // ProtocolVersion 0, then what we receive and send. No bound at all, which 0 would say, is
    // refused by some servers.
    for number in [0, MAX_CHUNK, MAX_CHUNK, MAX_MESSAGE, MAX_CHUNKS] {
        body.u32(number);
    }
    body.string(url);
    whole(Kind::Hello, &body.into_bytes())
}

/// Sequence number and request number, which may well be the same for a client that asks one
/// thing after the other.
pub(super) fn open(number: u32, request: &[u8]) -> Vec<u8> {
    let mut body = Writer::default();
    // There is no channel yet, no certificate of ours, and no thumbprint of theirs.
    body.u32(0);
    body.string(NONE);
    body.null();
    body.null();
    body.u32(number);
    body.u32(number);
    body.bytes(request);
    whole(Kind::OpenSecureChannel, &body.into_bytes())
}

/// As [`open`], on the channel that this opened.
pub(super) fn on_channel(kind: Kind, channel: ChannelToken, number: u32, request: &[u8]) -> Vec<u8> {
    let mut body = Writer::default();
    for field in [channel.channel, channel.token, number, number] {
        body.u32(field);
    }
    body.bytes(request);
    whole(kind, &body.into_bytes())
}

/// Reads the body of an ERR, and what an abort chunk has after its headers.
pub(super) fn failure(reader: &mut Reader<'_>) -> Result<(StatusCode, String), DecodeError> {
    let status = reader.status("error")?;
    // Some leave the reason out altogether.
    let reason = reader.string("reason").unwrap_or_default();
    Ok((status, reason.chars().take(MAX_REASON).collect()))
}

/// Reads past the headers of an OPN up to its request number; gives that and the policy.
pub(super) fn open_headers(reader: &mut Reader<'_>) -> Result<(u32, String), DecodeError> {
    reader.u32("secureChannelId")?;
    let policy = reader.string("securityPolicyUri")?;
    reader.bytes("senderCertificate")?;
    reader.bytes("receiverCertificateThumbprint")?;
    // Nothing is proven by the order of messages that are not signed.
    reader.u32("sequenceNumber")?;
    Ok((reader.u32("requestId")?, policy))
}

/// Reads past the headers of a MSG up to its request number, and gives that.
pub(super) fn message_headers(reader: &mut Reader<'_>) -> Result<u32, DecodeError> {
    reader.u32("secureChannelId")?;
    reader.u32("tokenId")?;
    reader.u32("sequenceNumber")?;
    reader.u32("requestId")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hello_is_written_as_the_standard_has_it() {
        let expected = [
            &b"HELF"[..],
            &[50, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0x20, 0, 0, 2, 0, 0],
            &[18, 0, 0, 0],
            b"opc.tcp://plc:4840",
        ]
        .concat();
        assert_eq!(hello("opc.tcp://plc:4840"), expected);
    }

    #[test]
    fn headers_are_read_or_they_are_none() {
        let header = Header::read(*b"MSGC\x01\x02\0\0").unwrap();
        assert_eq!(header, Header { kind: Kind::Message, part: Part::More, size: 0x201 });
        for none in [*b"MSGX\x01\0\0\0", *b"msgF\x01\0\0\0", *b"HTTP/1.1"] {
            assert_eq!(Header::read(none), None);
        }
        for (head, may) in
            [(&b""[..], true), (b"A", true), (b"ER", true), (b"ACKF", true), (b"AB", false), (b"S", false)]
        {
            assert_eq!(Kind::may_begin(head), may, "{head:?}");
        }
    }

    #[test]
    fn a_reason_is_kept_in_bounds() {
        let long = [&[0, 0, 0x7d, 0x80, 0xe8, 3, 0, 0][..], &[b'x'; 1000]].concat();
        let (status, reason) = failure(&mut Reader::new(&long)).unwrap();
        assert_eq!(status, StatusCode::BAD_TCP_SERVER_TOO_BUSY);
        assert_eq!(reason.len(), MAX_REASON);
        assert_eq!(failure(&mut Reader::new(&long[..4])), Ok((status, String::new())));
        assert!(failure(&mut Reader::new(&long[..3])).is_err());
    }
}
