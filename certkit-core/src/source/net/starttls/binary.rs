//! Protocols in octets: PostgreSQL (documentation, section 54.2.11), MySQL (protocol documentation, connection phase), LDAP
//! (RFC 4511 section 4.14) and TDS (MS-TDS section 2.2.6.5).

use super::Talk;
use crate::asn1::{Reader, Tag};
use crate::source::net::error::Fault;

/// The length of the message, and the number that asks for TLS.
const SSL_REQUEST: [u8; 8] = [0, 0, 0, 8, 4, 0xd2, 0x16, 0x2f];

pub(super) async fn postgres(talk: &mut Talk<'_>) -> Result<(), Fault> {
    talk.say(&SSL_REQUEST).await?;
    match talk.octets(1).await?.first() {
        Some(b'S') => Ok(()),
        Some(b'N') => Err(talk.not_offered()),
        Some(b'E') => {
            let words = postgres_error(talk).await.unwrap_or_default();
            Err(talk.refused(words))
        }
        other => {
            let octet = other.copied().unwrap_or_default();
            Err(talk.other(char::from(octet)))
        }
    }
}

/// The words of an error: its field `M`, or all of it where the server is older than such fields.
async fn postgres_error(talk: &mut Talk<'_>) -> Result<String, Fault> {
    let length = talk.octets(4).await?;
    let length: usize = length.iter().fold(0, |sum, octet| (sum << 8) | usize::from(*octet));
    let body = talk.octets(length.saturating_sub(4)).await?;
    let fields = body.split(|octet| *octet == 0);
    let message = fields.into_iter().find_map(|field| field.strip_prefix(b"M"));
    Ok(String::from_utf8_lossy(message.unwrap_or(&body)).into_owned())
}

/// What a MySQL server and client can do: TLS, and what every server of this century speaks.
const CLIENT_SSL: u32 = 0x0800;
const CAPABILITIES: u32 = CLIENT_SSL | 0x0200 | 0x8000 | 0x0001;

pub(super) async fn mysql(talk: &mut Talk<'_>) -> Result<(), Fault> {
    let header = talk.octets(4).await?;
    let length = header.iter().take(3).rev().fold(0usize, |sum, octet| (sum << 8) | usize::from(*octet));
    let greeting = talk.octets(length).await?;
    match greeting.first() {
        Some(10) => {}
        // An error: its number, and its words behind it.
        Some(0xff) => {
            let words = greeting.get(3..).unwrap_or_default();
            return Err(talk.refused(String::from_utf8_lossy(words)));
        }
        _ => return Err(talk.other(String::from_utf8_lossy(&greeting))),
    }
    // The version ends in a zero octet; then come the connection (4), a salt (8), a zero, and what the server can do.
    let version = greeting.iter().position(|octet| *octet == 0).unwrap_or(greeting.len());
    let able = greeting.get(version.saturating_add(14)..).and_then(|rest| rest.first_chunk::<2>());
    let able = able.map(|able| u32::from(u16::from_le_bytes(*able)));
    match able {
        Some(able) if able & CLIENT_SSL != 0 => {}
        Some(_) => return Err(talk.not_offered()),
        None => return Err(talk.other(String::from_utf8_lossy(&greeting))),
    }
    let mut request = vec![32, 0, 0, 1];
    request.extend(CAPABILITIES.to_le_bytes());
    request.extend(0x0100_0000u32.to_le_bytes());
    // utf8mb4.
    request.push(45);
    request.extend([0; 23]);
    talk.say(&request).await
}

/// LDAPMessage 1 with an extended request, whose requestName asks for TLS.
const START_TLS: &[u8] = b"\x30\x1d\x02\x01\x01\x77\x18\x80\x161.3.6.1.4.1.1466.20037";
const EXTENDED_RESPONSE: Tag = Tag(0x78);

pub(super) async fn ldap(talk: &mut Talk<'_>) -> Result<(), Fault> {
    talk.say(START_TLS).await?;
    let head = talk.octets(2).await?;
    let &[tag, first] = head.as_slice() else { return Err(Fault::Closed) };
    if tag != Tag::SEQUENCE.0 {
        return Err(talk.other(String::from_utf8_lossy(&head)));
    }
    let mut message = head.clone();
    let length = if first < 0x80 {
        usize::from(first)
    } else {
        let octets = talk.octets(usize::from(first & 0x7f).min(4)).await?;
        message.extend(&octets);
        octets.iter().fold(0usize, |sum, octet| (sum << 8) | usize::from(*octet))
    };
    let body = talk.octets(length).await?;
    let (code, words) = ldap_result(&body).ok_or_else(|| talk.other(String::from_utf8_lossy(&body)))?;
    match code {
        0 => Ok(()),
        code if words.is_empty() => Err(talk.refused(format!("result code {code}"))),
        _ => Err(talk.refused(words)),
    }
}

/// The code of an extended response, and its words.
fn ldap_result(body: &[u8]) -> Option<(u32, String)> {
    let mut fields = Reader::new(body);
    fields.expect(Tag::INTEGER).ok()?;
    let mut response = fields.expect(EXTENDED_RESPONSE).ok()?.contents();
    let code =
        response.expect(Tag::ENUMERATED).ok()?.value.iter().fold(0u32, |sum, octet| (sum << 8) | u32::from(*octet));
    response.expect(Tag::OCTET_STRING).ok()?;
    let words = response.expect(Tag::OCTET_STRING).ok()?.value;
    Some((code, String::from_utf8_lossy(words).into_owned()))
}

/// A packet that announces a log-in; the type of answers; the options of an announcement.
pub(super) const PRELOGIN: u8 = 0x12;
pub(super) const ANSWER: u8 = 0x04;
const ENCRYPTION: u8 = 1;
const NOT_SUPPORTED: u8 = 2;

/// Announces a log-in of version 9 that wants encryption.
const ANNOUNCEMENT: [u8; 26] = [
    PRELOGIN, 1, 0, 26, 0, 0, 0, 0, // header
    0, 0, 11, 0, 6, // the version stands at 11 and has 6 octets
    1, 0, 17, 0, 1, // so the wish for encryption
    0xff, 9, 0, 0, 0, 0, 0, 1,
];

pub(super) async fn tds(talk: &mut Talk<'_>) -> Result<(), Fault> {
    talk.say(&ANNOUNCEMENT).await?;
    let header = talk.octets(8).await?;
    let &[kind, _, high, low, ..] = header.as_slice() else { return Err(Fault::Closed) };
    if kind != ANSWER {
        return Err(talk.other(String::from_utf8_lossy(&header)));
    }
    let body = talk.octets(usize::from(u16::from_be_bytes([high, low])).saturating_sub(8)).await?;
    let option = body.chunks(5).take_while(|it| it.first() != Some(&0xff)).find(|it| it.first() == Some(&ENCRYPTION));
    let place = option.and_then(|it| it.get(1..3)).and_then(|it| it.first_chunk::<2>());
    match place.and_then(|place| body.get(usize::from(u16::from_be_bytes(*place)))) {
        Some(&NOT_SUPPORTED) => Err(talk.not_offered()),
        Some(_) => Ok(()),
        None => Err(talk.other(String::from_utf8_lossy(&body))),
    }
}
