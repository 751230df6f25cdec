//! Reads the first flight of a server, as far as it is in the clear.
//!
//! Knows records, alerts, and of the messages ServerHello, Certificate and CertificateRequest.
//! Refuses to know all others.

use super::error::{Banner, Fault};
use super::negotiated::Negotiated;
use super::wire::Wire;
use crate::presented::{Alert, Cipher, MAX_CERTIFICATES, Version};

/// The most that is read of a flight, in bytes.
const MAX_FLIGHT: usize = 256 * 1024;

/// The longest record: 2^14 of plaintext, and what older drafts allowed on top.
const MAX_RECORD: usize = 16384 + 2048;

/// Whether the server has more to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Progress {
    More,
    Done,
}

/// The server's first flight, put together from whatever pieces arrive.
#[derive(Debug, Default)]
pub(super) struct Flight {
    received: usize,
    /// Bytes that are not a whole record yet.
    pub(super) pending: Vec<u8>,
    /// Handshake bytes that are not a whole message yet.
    message: Vec<u8>,
    pub(super) negotiated: Option<Negotiated>,
    /// The certificates, never an empty list.
    pub(super) chain: Option<Vec<Vec<u8>>>,
    /// The issuers acceptable for a client certificate, if one was asked for.
    pub(super) asked: Option<Vec<Vec<u8>>>,
}

impl Flight {
    /// Takes the next bytes of the server, wherever they are cut.
    pub(super) fn feed(&mut self, bytes: &[u8]) -> Result<Progress, Fault> {
        self.received = self.received.saturating_add(bytes.len());
        if self.received > MAX_FLIGHT {
            return Err(too_large());
        }
        self.pending.extend_from_slice(bytes);
        if let Some(banner) = Banner::read(&self.pending) {
            return Err(Fault::NotTls(banner));
        }
        let mut pending = std::mem::take(&mut self.pending);
        let mut rest = Wire(&pending);
        let mut progress = Ok(Progress::More);
        while let Ok(Progress::More) = progress {
            progress = match next_record(&mut rest) {
                Ok(Some((kind, body))) => self.record(kind, body),
                Ok(None) => break,
                Err(fault) => Err(fault),
            };
        }
        let used = pending.len().saturating_sub(rest.0.len());
        pending.drain(..used);
        self.pending = pending;
        progress
    }

    fn record(&mut self, kind: u8, body: &[u8]) -> Result<Progress, Fault> {
        match (kind, body) {
            // Warnings such as unrecognized_name do not end a handshake; close_notify does.
            (21, [1, code, ..]) if Alert(*code) != Alert::CLOSE_NOTIFY => Ok(Progress::More),
            (21, [_, code, ..]) => Err(Fault::Alert(Alert(*code))),
            (22, _) => {
                self.message.extend_from_slice(body);
                self.messages()
            }
            _ => Err(Fault::Malformed("record")),
        }
    }

    fn messages(&mut self) -> Result<Progress, Fault> {
        let mut buffer = std::mem::take(&mut self.message);
        let mut rest = Wire(&buffer);
        let mut progress = Ok(Progress::More);
        while let Ok(Progress::More) = progress {
            let mut next = rest;
            let (Some(kind), Some(length)) = (next.u8(), next.u24()) else {
                break;
            };
            if length > MAX_FLIGHT {
                return Err(too_large());
            }
            let Some(body) = next.take(length) else {
                break;
            };
            rest = next;
            progress = self.handshake(kind, Wire(body));
        }
        let used = buffer.len().saturating_sub(rest.0.len());
        buffer.drain(..used);
        self.message = buffer;
        progress
    }

    fn handshake(&mut self, kind: u8, body: Wire<'_>) -> Result<Progress, Fault> {
        match kind {
            2 => {
                self.negotiated = Some(server_hello(body).ok_or(Fault::Malformed("ServerHello message"))?);
            }
            11 => self.chain = Some(certificates(body)?),
            13 => {
                self.asked =
                    Some(issuers(self.negotiated, body).ok_or(Fault::Malformed("CertificateRequest message"))?);
            }
            14 => return Ok(Progress::Done),
            _ => {}
        }
        Ok(Progress::More)
    }
}

/// Reads a first flight that arrives in these pieces; gives its certificates. For fuzzing alone.
#[cfg(fuzzing)]
pub fn first_flight<'a>(pieces: impl Iterator<Item = &'a [u8]>) -> Result<Option<Vec<Vec<u8>>>, Fault> {
    let mut flight = Flight::default();
    for piece in pieces {
        if flight.feed(piece)? == Progress::Done {
            break;
        }
    }
    Ok(flight.chain)
}

fn too_large() -> Fault {
    Fault::TooLarge { limit: MAX_FLIGHT, unit: "bytes before its certificate" }
}

/// Takes one record, kind and body; `None` while it is not whole.
fn next_record<'a>(wire: &mut Wire<'a>) -> Result<Option<(u8, &'a [u8])>, Fault> {
    let mut next = *wire;
    let (Some(kind), Some(version), Some(length)) = (next.u8(), next.u16(), next.u16()) else {
        return Ok(None);
    };
    let length = usize::from(length);
    if version >> 8 != 3 || !(20..=24).contains(&kind) || length > MAX_RECORD {
        return Err(Fault::Malformed("record"));
    }
    let Some(body) = next.take(length) else {
        return Ok(None);
    };
    *wire = next;
    Ok(Some((kind, body)))
}

/// RFC 5246 section 7.4.1.3; for TLS 1.3 also the extension that holds the real version.
fn server_hello(mut body: Wire<'_>) -> Option<Negotiated> {
    let mut version = body.u16()?;
    body.take(32)?;
    body.block8()?;
    let cipher = Cipher(body.u16()?);
    body.u8()?;
    if let Some(mut extensions) = body.block16() {
        while !extensions.is_empty() {
            let kind = extensions.u16()?;
            let mut data = extensions.block16()?;
            if kind == 43 {
                version = data.u16()?;
            }
        }
    }
    let version = Version::from_wire(version)?;
    Some(Negotiated { version, cipher })
}

/// RFC 5246 section 7.4.2.
fn certificates(mut body: Wire<'_>) -> Result<Vec<Vec<u8>>, Fault> {
    let malformed = || Fault::Malformed("Certificate message");
    let mut list = body.block24().ok_or_else(malformed)?;
    let mut chain = Vec::new();
    while !list.is_empty() {
        if chain.len() == MAX_CERTIFICATES {
            return Err(Fault::too_many_certificates());
        }
        chain.push(list.block24().ok_or_else(malformed)?.0.to_vec());
    }
    if chain.is_empty() {
        return Err(Fault::NoCertificate);
    }
    Ok(chain)
}

/// RFC 5246 section 7.4.4; before TLS 1.2 (RFC 4346) there are no signature algorithms in it.
fn issuers(negotiated: Option<Negotiated>, mut body: Wire<'_>) -> Option<Vec<Vec<u8>>> {
    body.block8()?;
    if negotiated?.version >= Version::Tls12 {
        body.block16()?;
    }
    let mut list = body.block16()?;
    let mut names = Vec::new();
    while !list.is_empty() {
        names.push(list.block16()?.0.to_vec());
    }
    Some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len()).unwrap().to_be_bytes();
        [&[kind], &length[1..], body].concat()
    }

    fn record(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        [&[kind, 3, 1], length.as_slice(), body].concat()
    }

    fn hello(version: u16, suite: u16) -> Vec<u8> {
        let [version, suite] = [version, suite].map(u16::to_be_bytes);
        let body = [&version[..], &[7; 32], &[0], &suite, &[0]].concat();
        message(2, &body)
    }

    fn flight() -> Vec<u8> {
        let certificate = [0, 0, 7, 0, 0, 4, 1, 2, 3, 4];
        let request = [1, 1, 0, 5, 0, 3, b'a', b'b', b'c'];
        [hello(0x0301, 0x002f), message(11, &certificate), message(13, &request), message(14, &[])].concat()
    }

    #[test]
    fn a_flight_reads_the_same_however_it_is_cut() {
        // One byte a record, and the stream delivered in pieces of every size.
        let bytes: Vec<u8> = flight().iter().flat_map(|byte| record(22, &[*byte])).collect();
        for size in 1..20 {
            let mut read = Flight::default();
            let mut last = Progress::More;
            for piece in bytes.chunks(size) {
                last = read.feed(piece).unwrap();
            }
            assert_eq!(last, Progress::Done);
            assert_eq!(read.chain, Some(vec![vec![1, 2, 3, 4]]));
            assert_eq!(read.asked, Some(vec![b"abc".to_vec()]));
            let negotiated = read.negotiated.unwrap();
            assert_eq!(negotiated.version, Version::Tls10);
            assert_eq!(negotiated.cipher.to_string(), "TLS_RSA_WITH_AES_128_CBC_SHA");
        }
    }

    #[test]
    fn a_flight_cut_anywhere_is_not_done_and_not_a_panic() {
        let bytes = record(22, &flight());
        for end in 0..bytes.len() {
            let mut read = Flight::default();
            assert_eq!(read.feed(&bytes[..end]).unwrap(), Progress::More, "{end}");
        }
    }

    #[test]
    fn warnings_pass_and_fatal_alerts_are_named() {
        let mut read = Flight::default();
        assert_eq!(read.feed(&record(21, &[1, 112])).unwrap(), Progress::More);
        let fault = read.feed(&record(21, &[2, 40])).unwrap_err();
        assert_eq!(fault.to_string(), "the server ended the handshake with the TLS alert handshake_failure");
    }

    #[test]
    fn lengths_that_lie_are_named() {
        let huge = [11, 0xff, 0xff, 0xff];
        let fault = Flight::default().feed(&record(22, &huge)).unwrap_err();
        assert!(matches!(fault, Fault::TooLarge { .. }), "{fault}");
        // A list that is longer than its message.
        let list = message(11, &[0, 0, 9, 0, 0, 4, 1, 2, 3, 4]);
        let fault = Flight::default().feed(&record(22, &list)).unwrap_err();
        assert!(matches!(fault, Fault::Malformed("Certificate message")));
        // A certificate that is longer than its list.
        let list = message(11, &[0, 0, 7, 0, 0, 5, 1, 2, 3, 4]);
        let fault = Flight::default().feed(&record(22, &list)).unwrap_err();
        assert!(matches!(fault, Fault::Malformed("Certificate message")));
        let fault = Flight::default().feed(&[22, 3, 1, 0xff, 0xff]).unwrap_err();
        assert!(matches!(fault, Fault::Malformed("record")));
    }

    #[test]
    fn certificates_have_a_bound() {
        let one = [0, 0, 1, 0x30];
        let list = one.repeat(MAX_CERTIFICATES + 1);
        let length = u32::try_from(list.len()).unwrap().to_be_bytes();
        let body = [&length[1..], &list].concat();
        let fault = Flight::default().feed(&record(22, &message(11, &body))).unwrap_err();
        assert!(matches!(fault, Fault::TooLarge { limit: MAX_CERTIFICATES, .. }));
    }

    #[test]
    fn empty_records_without_end_are_cut_off() {
        let mut read = Flight::default();
        let drip = record(22, &[]).repeat(100);
        let fault = loop {
            if let Err(fault) = read.feed(&drip) {
                break fault;
            }
        };
        assert!(matches!(fault, Fault::TooLarge { .. }));
    }

    #[test]
    fn the_version_of_tls_13_stands_in_an_extension() {
        let extension = [0, 6, 0, 43, 0, 2, 3, 4];
        let body = [&[3, 3][..], &[7; 32], &[0], &0x1302_u16.to_be_bytes(), &[0], &extension].concat();
        let mut read = Flight::default();
        read.feed(&record(22, &message(2, &body))).unwrap();
        let negotiated = read.negotiated.unwrap();
        assert_eq!(negotiated.version.to_string(), "TLS 1.3");
        assert_eq!(negotiated.cipher.to_string(), "TLS_AES_256_GCM_SHA384");
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_make_the_reader_panic(bytes: Vec<u8>, tail: Vec<u8>) {
            let mut read = Flight::default();
            let _ = read.feed(&bytes);
            let _ = read.feed(&record(22, &message(11, &tail)));
            let _ = read.feed(&record(22, &message(13, &tail)));
            let _ = read.feed(&record(22, &message(2, &tail)));
        }
    }
}
