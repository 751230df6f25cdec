//! OPC UA servers for these tests, put together by hand: what they say need not make sense.

use std::error::Error;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use certkit_core::presented::Endpoint;
use certkit_core::source::{Discover, DiscoveryExtent};

pub(crate) const NONE: &str = "http://opcfoundation.org/UA/SecurityPolicy#None";

/// Gives every connection to `serve`, each in its thread, for as long as the test process lives.
pub(crate) fn listen<F>(serve: F) -> SocketAddr
where
    F: Fn(TcpStream) + Send + Sync + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            thread::spawn(move || serve(stream));
        }
    });
    address
}

pub(crate) fn endpoint(address: SocketAddr) -> Endpoint {
    format!("opc.tcp://{address}/plant").parse().unwrap()
}

pub(crate) fn within(timeout: Duration) -> Discover {
    Discover { timeout, ..Discover::default() }
}

pub(crate) fn with_servers(timeout: Duration) -> Discover {
    Discover { extent: DiscoveryExtent::EndpointsAndServers, ..within(timeout) }
}

/// An error with all its causes.
pub(crate) fn whole(error: &dyn Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    words
}

pub(crate) fn string(text: &str) -> Vec<u8> {
    [&u32::try_from(text.len()).unwrap().to_le_bytes(), text.as_bytes()].concat()
}

pub(crate) fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_le_bytes()).collect()
}

/// A message or chunk: its type with the chunk's, then its size, then this.
pub(crate) fn message(kind: &str, body: &[u8]) -> Vec<u8> {
    let size = u32::try_from(body.len() + 8).unwrap();
    [kind.as_bytes(), &size.to_le_bytes(), body].concat()
}

pub(crate) fn acknowledge() -> Vec<u8> {
    message("ACKF", &numbers(&[0, 65536, 65536, 0, 0]))
}

pub(crate) fn error(status: u32, reason: &str) -> Vec<u8> {
    message("ERRF", &[numbers(&[status]), string(reason)].concat())
}

/// The type of an answer and its header, without diagnostics.
pub(crate) fn header(answer: u16, status: u32) -> Vec<u8> {
    let mut header = vec![1, 0];
    header.extend(answer.to_le_bytes());
    // 2026-11-22 08:00:00, in ticks since 1601.
    header.extend(134_398_080_000_000_000u64.to_le_bytes());
    header.extend(numbers(&[1, status]));
    header.push(0);
    header.extend([0xff; 4]);
    header.extend([0, 0, 0]);
    header
}

pub(crate) fn open(number: u32, policy: &str, body: &[u8]) -> Vec<u8> {
    let security = [&[0; 4][..], &string(policy), &[0xff; 8], &numbers(&[number, number])].concat();
    message("OPNF", &[&security, body].concat())
}

pub(crate) fn opened() -> Vec<u8> {
    let token = [numbers(&[0, 77, 5]), vec![0; 8], numbers(&[60_000]), vec![0xff; 4]].concat();
    open(1, NONE, &[header(449, 0), token].concat())
}

/// A chunk of the answer to request 2 (GetEndpoints) or 3 (FindServers).
pub(crate) fn chunk(part: char, number: u32, body: &[u8]) -> Vec<u8> {
    message(&format!("MSG{part}"), &[&numbers(&[77, 5, number, number]), body].concat())
}

/// An application as it stands on the wire.
pub(crate) fn application(uri: &str) -> Vec<u8> {
    let name = [vec![2], string("Anlage S\u{fc}d")].concat();
    [string(uri), string("urn:plant"), name, numbers(&[0]), vec![0xff; 8], numbers(&[0])].concat()
}

/// An endpoint as it stands on the wire, with Basic256Sha256 and one anonymous token.
pub(crate) fn endpoint_bytes(certificate: &[u8]) -> Vec<u8> {
    endpoint_of("urn:plc7:plant", certificate)
}

/// The same of an application with this ApplicationUri.
pub(crate) fn endpoint_of(uri: &str, certificate: &[u8]) -> Vec<u8> {
    let token = [string("anonymous"), numbers(&[0]), vec![0xff; 12]].concat();
    [
        string("opc.tcp://plc7:4840/plant"),
        application(uri),
        numbers(&[u32::try_from(certificate.len()).unwrap()]),
        certificate.to_vec(),
        numbers(&[3]),
        string("http://opcfoundation.org/UA/SecurityPolicy#Basic256Sha256"),
        numbers(&[1]),
        token,
        vec![0xff; 4],
        vec![110],
    ]
    .concat()
}

pub(crate) fn endpoints(certificates: &[&[u8]]) -> Vec<u8> {
    let count = numbers(&[u32::try_from(certificates.len()).unwrap()]);
    let list = certificates.iter().flat_map(|certificate| endpoint_bytes(certificate));
    header(431, 0).into_iter().chain(count).chain(list).collect()
}

/// Reads one message; `None` when there is none any more.
pub(crate) fn receive(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut head = [0; 8];
    stream.read_exact(&mut head).ok()?;
    let size = u32::from_le_bytes(head[4..].try_into().unwrap());
    let mut rest = vec![0; usize::try_from(size).unwrap() - 8];
    stream.read_exact(&mut rest).ok()?;
    Some([&head[..], &rest].concat())
}

/// Answers each message with the next of these, and waits until the client is gone.
pub(crate) fn answering(answers: Vec<Vec<u8>>) -> SocketAddr {
    listen(move |mut stream| {
        for answer in &answers {
            receive(&mut stream);
            let _ = stream.write_all(answer);
        }
        while receive(&mut stream).is_some() {}
    })
}

/// Goes as far as the question for the endpoints, and leaves the rest to `serve`.
pub(crate) fn asked<F>(serve: F) -> SocketAddr
where
    F: Fn(TcpStream) + Send + Sync + 'static,
{
    listen(move |mut stream| {
        for answer in [acknowledge(), opened()] {
            receive(&mut stream);
            let _ = stream.write_all(&answer);
        }
        receive(&mut stream);
        serve(stream);
    })
}

/// The most memory that this process has had, in kilobytes.
#[cfg(target_os = "linux")]
pub(crate) fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}
