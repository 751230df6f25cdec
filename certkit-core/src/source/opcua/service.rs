//! Requests and answers of the services that discovery needs (OPC 10000-4, OPC 10000-6 section 6.7).
//!
//! Knows how they are written and read; refuses to know how they travel.

use std::time::Duration;

use crate::moment::Moment;
use crate::status::StatusCode;

use super::codec::{DecodeError, Reader, Writer};
use super::description::{self, ApplicationDescription, EndpointDescription};

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

/// What every server says when it does not do as asked.
const SERVICE_FAULT: u32 = 397;

/// What is sent to close a channel; nothing is answered.
const CLOSE_SECURE_CHANNEL: u16 = 452;

/// Begins a request: its type and a RequestHeader without a session.
fn request(number: u16, handle: u32, hint: Duration) -> Writer {
    let mut writer = Writer::default();
    writer.type_id(number);
    // AuthenticationToken: there is no session.
    writer.bytes(&[0, 0]);
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

    pub(super) fn endpoints(mut self) -> Result<Vec<EndpointDescription>, DecodeError> {
        description::endpoints(&mut self.fields)
    }

    pub(super) fn applications(mut self) -> Result<Vec<ApplicationDescription>, DecodeError> {
        description::applications(&mut self.fields)
    }
}
