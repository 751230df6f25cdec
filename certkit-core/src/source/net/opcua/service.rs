//! Requests and answers of the services that discovery needs (OPC 10000-4, OPC 10000-6 section 6.7).
//!
//! Knows how they are written and read; refuses to know how they travel.

use std::time::Duration;

use crate::moment::Moment;
use crate::status::StatusCode;

use super::codec::{DecodeError, Reader, Writer};
use super::description::{self};
use crate::presented::{ApplicationDescription, EndpointDescription};

/// The policy of a channel without security.
pub(super) const NONE: &str = "http://opcfoundation.org/UA/SecurityPolicy#None";

/// How long the channel is wanted: longer than any question takes.
const LIFETIME: Duration = Duration::from_secs(60);

/// A service, by the numbers of its binary encodings.
#[derive(Clone, Copy, Debug)]
pub(super) struct Service {
    request: u16,
    response: u32,
    /// The name of the answer.
    pub(super) answer: &'static str,
}

pub(super) const OPEN_SECURE_CHANNEL: Service =
    Service { request: 446, response: 449, answer: "OpenSecureChannelResponse" };
pub(super) const GET_ENDPOINTS: Service = Service { request: 428, response: 431, answer: "GetEndpointsResponse" };
pub(super) const FIND_SERVERS: Service = Service { request: 422, response: 425, answer: "FindServersResponse" };

pub(super) const CREATE_SESSION: Service = Service { request: 461, response: 464, answer: "CreateSessionResponse" };
pub(super) const ACTIVATE_SESSION: Service = Service { request: 467, response: 470, answer: "ActivateSessionResponse" };
pub(super) const CLOSE_SESSION: Service = Service { request: 473, response: 476, answer: "CloseSessionResponse" };

/// The binary encoding of an AnonymousIdentityToken.
const ANONYMOUS: u16 = 321;

/// What every server says when it does not do as asked.
const SERVICE_FAULT: u32 = 397;

/// What is sent to close a channel; nothing is answered.
const CLOSE_SECURE_CHANNEL: u16 = 452;

/// Begins a request: its type and a RequestHeader without a session.
fn request(number: u16, handle: u32, hint: Duration) -> Writer {
    request_in(number, handle, hint, &[0, 0])
}

/// Begins a request in a session: its AuthenticationToken is a NodeId as the server has written it.
fn request_in(number: u16, handle: u32, hint: Duration, session: &[u8]) -> Writer {
    let mut writer = Writer::default();
    writer.type_id(number);
    writer.bytes(session);
    writer.moment(Moment::now());
    writer.u32(handle);
    // ReturnDiagnostics: none. AuditEntryId: null.
    writer.u32(0);
    writer.null();
    writer.u32(millis(hint));
    // AdditionalHeader: no type, no body.
    writer.bytes(&[0, 0, 0]);
    writer
}

fn millis(time: Duration) -> u32 {
    u32::try_from(time.as_millis()).unwrap_or(u32::MAX)
}

/// Writes the request to issue a channel without security.
pub(super) fn open_secure_channel(handle: u32, hint: Duration) -> Vec<u8> {
    let mut writer = request(OPEN_SECURE_CHANNEL.request, handle, hint);
    // ClientProtocolVersion 0, RequestType Issue, SecurityMode None, no nonce.
    writer.u32(0);
    writer.u32(0);
    writer.u32(1);
    writer.null();
    writer.u32(millis(LIFETIME));
    writer.into_bytes()
}

/// Writes the request to issue a channel in mode Sign (2) or SignAndEncrypt (3).
pub(super) fn open_secured_channel(handle: u32, hint: Duration, mode: u32, nonce: &[u8]) -> Vec<u8> {
    let mut writer = request(OPEN_SECURE_CHANNEL.request, handle, hint);
    // ClientProtocolVersion 0, RequestType Issue.
    writer.u32(0);
    writer.u32(0);
    writer.u32(mode);
    writer.byte_string(nonce);
    writer.u32(millis(LIFETIME));
    writer.into_bytes()
}

/// Who asks for a session.
pub(super) struct SessionClient<'a> {
    pub(super) application_uri: &'a str,
    /// Of the server, where another one stands in front of it.
    pub(super) server_uri: &'a str,
    pub(super) endpoint_url: &'a str,
    pub(super) nonce: &'a [u8],
    pub(super) certificate: &'a [u8],
}

/// Writes CreateSession.
pub(super) fn create_session(handle: u32, hint: Duration, client: &SessionClient<'_>) -> Vec<u8> {
    let mut writer = request(CREATE_SESSION.request, handle, hint);
    writer.string(client.application_uri);
    writer.null();
    // ApplicationName: a text without a locale.
    writer.bytes(&[2]);
    writer.string("certkit");
    // ApplicationType Client; neither gateway nor discovery.
    writer.u32(1);
    writer.null();
    writer.null();
    writer.null();
    match client.server_uri {
        "" => writer.null(),
        uri => writer.string(uri),
    }
    writer.string(client.endpoint_url);
    writer.string("certkit preflight");
    writer.byte_string(client.nonce);
    writer.byte_string(client.certificate);
    writer.bytes(&(LIFETIME.as_secs_f64() * 1000.0).to_le_bytes());
    // MaxResponseMessageSize: as the hello said.
    writer.u32(0);
    writer.into_bytes()
}

/// Writes ActivateSession for an anonymous user; `signature` has the URI of its algorithm.
pub(super) fn activate_session(
    handle: u32,
    hint: Duration,
    session: &[u8],
    signature: (&str, &[u8]),
    policy_id: &str,
) -> Vec<u8> {
    let mut writer = request_in(ACTIVATE_SESSION.request, handle, hint, session);
    writer.string(signature.0);
    writer.byte_string(signature.1);
    // Neither software certificates nor locales.
    writer.null();
    writer.null();
    writer.type_id(ANONYMOUS);
    let mut token = Writer::default();
    token.string(policy_id);
    writer.bytes(&[1]);
    writer.byte_string(&token.into_bytes());
    // Nothing is signed for an anonymous user.
    writer.null();
    writer.null();
    writer.into_bytes()
}

/// Writes CloseSession.
pub(super) fn close_session(handle: u32, hint: Duration, session: &[u8]) -> Vec<u8> {
    let mut writer = request_in(CLOSE_SESSION.request, handle, hint, session);
    // DeleteSubscriptions.
    writer.bytes(&[1]);
    writer.into_bytes()
}

/// Writes GetEndpoints or FindServers, which are alike: for this URL, in any language, of any kind.
pub(super) fn discovery(service: Service, handle: u32, hint: Duration, url: &str) -> Vec<u8> {
    let mut writer = request(service.request, handle, hint);
    writer.string(url);
    writer.null();
    writer.null();
    writer.into_bytes()
}

/// Writes the request to close the channel.
pub(super) fn close_secure_channel(handle: u32) -> Vec<u8> {
    request(CLOSE_SECURE_CHANNEL, handle, Duration::ZERO).into_bytes()
}

/// The channel that a server gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ChannelToken {
    pub(super) channel: u32,
    pub(super) token: u32,
}

/// A session that a server gave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Session<'a> {
    /// Its AuthenticationToken, a NodeId as it is written.
    pub(super) token: &'a [u8],
    pub(super) nonce: &'a [u8],
    /// The server's certificate, as it is shown once more.
    pub(super) certificate: &'a [u8],
}

/// Why an answer is not the one that was wanted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Declined {
    /// It cannot be decoded.
    Malformed(DecodeError),
    /// The service failed.
    Failed(StatusCode),
    /// It is another service's answer; its number, if it is one of OPC UA's own.
    Other(Option<u32>),
}

impl From<DecodeError> for Declined {
    fn from(error: DecodeError) -> Self {
        Self::Malformed(error)
    }
}

/// An answer's own fields, and the server's time when it wrote them.
#[derive(Debug)]
pub(super) struct Answer<'a> {
    fields: Reader<'a>,
    pub(super) time: Option<Moment>,
}

impl<'a> Answer<'a> {
    /// Reads the type and the ResponseHeader.
    pub(super) fn read(service: Service, body: &'a [u8]) -> Result<Self, Declined> {
        let mut reader = Reader::new(body);
        let number = reader.type_id("the type of the answer")?;
        if number != Some(service.response) && number != Some(SERVICE_FAULT) {
            return Err(Declined::Other(number));
        }
        let time = reader.moment("timestamp")?;
        reader.u32("requestHandle")?;
        let status = reader.status("serviceResult")?;
        if status.is_bad() || number == Some(SERVICE_FAULT) {
            return Err(Declined::Failed(status));
        }
        reader.skip_diagnostic_info("serviceDiagnostics")?;
        reader.skip_strings("stringTable")?;
        reader.skip_extension_object("additionalHeader")?;
        Ok(Self { fields: reader, time })
    }

    pub(super) fn channel_token(mut self) -> Result<ChannelToken, DecodeError> {
        self.fields.u32("serverProtocolVersion")?;
        let channel = self.fields.u32("channelId")?;
        let token = self.fields.u32("tokenId")?;
        // Its age and its nonce are of no use without security.
        Ok(ChannelToken { channel, token })
    }

    /// The channel and the server's nonce.
    pub(super) fn channel_token_and_nonce(mut self) -> Result<(ChannelToken, &'a [u8]), DecodeError> {
        self.fields.u32("serverProtocolVersion")?;
        let channel = self.fields.u32("channelId")?;
        let token = self.fields.u32("tokenId")?;
        self.fields.moment("createdAt")?;
        self.fields.u32("revisedLifetime")?;
        Ok((ChannelToken { channel, token }, self.fields.bytes("serverNonce")?))
    }

    /// A session; what the server tells of its endpoints once more is not read.
    pub(super) fn session(mut self) -> Result<Session<'a>, DecodeError> {
        self.fields.node_id("sessionId")?;
        let token = self.fields.node_id("authenticationToken")?;
        self.fields.u32("revisedSessionTimeout")?;
        self.fields.u32("revisedSessionTimeout")?;
        let nonce = self.fields.bytes("serverNonce")?;
        Ok(Session { token, nonce, certificate: self.fields.bytes("serverCertificate")? })
    }

    pub(super) fn endpoints(mut self) -> Result<Vec<EndpointDescription>, DecodeError> {
        description::endpoints(&mut self.fields)
    }

    pub(super) fn applications(mut self) -> Result<Vec<ApplicationDescription>, DecodeError> {
        description::applications(&mut self.fields)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The body of the recorded answer to GetEndpoints: one chunk of asyncua's, which is the third
    /// message on its connection.
    fn recorded() -> Vec<u8> {
        let mut rest = include_bytes!("../../../../../testdata/opcua/asyncua.bin").as_slice();
        for _ in 0..2 {
            let size = u32::from_le_bytes(rest[4..8].try_into().unwrap());
            rest = &rest[size as usize..];
        }
        let size = u32::from_le_bytes(rest[4..8].try_into().unwrap());
        rest[24..size as usize].to_vec()
    }

    /// Reads a body as every answer there is.
    fn survives(body: &[u8]) {
        for service in [OPEN_SECURE_CHANNEL, GET_ENDPOINTS, FIND_SERVERS] {
            if let Ok(answer) = Answer::read(service, body) {
                let _ = match service.response {
                    449 => answer.channel_token().map(drop),
                    431 => answer.endpoints().map(drop),
                    _ => answer.applications().map(drop),
                };
            }
        }
    }

    #[test]
    fn an_answer_that_ends_anywhere_is_told_as_cut() {
        let body = recorded();
        let whole = Answer::read(GET_ENDPOINTS, &body).unwrap();
        assert_eq!(whole.endpoints().unwrap().len(), 3);
        for length in 0..body.len() {
            let read = Answer::read(GET_ENDPOINTS, &body[..length]);
            let error = match read {
                Ok(answer) => answer.endpoints().unwrap_err(),
                Err(Declined::Malformed(error)) => error,
                Err(other) => panic!("{other:?}"),
            };
            assert!(matches!(error, DecodeError::Truncated { .. } | DecodeError::Length { .. }), "{error:?}");
        }
    }

    #[test]
    fn a_request_is_written_as_the_standard_has_it() {
        let body = discovery(GET_ENDPOINTS, 2, Duration::from_secs(5), "opc.tcp://plc:4840");
        let (head, rest) = body.split_at(6);
        assert_eq!(head, [1, 0, 0xac, 1, 0, 0]);
        let (_, rest) = rest.split_at(8);
        let expected = [
            &[2, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0x88, 0x13, 0, 0, 0, 0, 0, 18, 0, 0, 0][..],
            b"opc.tcp://plc:4840",
            &[0xff; 8],
        ]
        .concat();
        assert_eq!(rest, expected);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn any_bytes_are_survived(body in prop::collection::vec(any::<u8>(), 0..256)) {
            survives(&body);
        }

        #[test]
        fn any_fields_are_survived(number in prop::sample::select(&[397u16, 425, 431, 449][..]),
                                   fields in prop::collection::vec(prop_oneof![Just(0u8), Just(0xff), 0u8..4, any::<u8>()], 0..400)) {
            survives(&[&[1, 0][..], &number.to_le_bytes(), &fields].concat());
        }

        #[test]
        fn a_damaged_answer_is_survived(damage in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8)) {
            let mut body = recorded();
            for (at, byte) in damage {
                *at.get_mut(&mut body) = byte;
            }
            survives(&body);
        }
    }
}
