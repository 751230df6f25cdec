//! Servers that are not what they should be: each gets a named error, in time and in bounds.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::sleep;
use std::time::{Duration, Instant};

use certkit_core::source::{
    Banner, CaptureError, Connect, DecodeError, DiscoveryError, DiscoveryFault, DiscoveryStep, Fault, capture_blocking,
    discover_blocking,
};
use certkit_core::status::StatusCode;

use super::server::{
    acknowledge, answering, application, asked, chunk, endpoint, endpoints, error, header, listen, message, numbers,
    open, opened, receive, string, whole, with_servers, within,
};

const TIMEOUT: Duration = Duration::from_millis(700);

const BASIC256: &str = "http://opcfoundation.org/UA/SecurityPolicy#Basic256";

/// Gives the error of a server, which must come in time and at this step.
fn met(address: SocketAddr, step: DiscoveryStep) -> DiscoveryError {
    let start = Instant::now();
    let error = discover_blocking(&endpoint(address), &within(TIMEOUT)).unwrap_err();
    let took = start.elapsed();
    assert!(took < TIMEOUT + Duration::from_millis(400), "{took:?}");
    assert_eq!(error.step, step, "{error:?}");
    assert_eq!(error.address, Some(address));
    error
}

/// As [`met`], for a fault that is known long before the time is up.
fn met_at_once(address: SocketAddr, step: DiscoveryStep) -> DiscoveryError {
    let start = Instant::now();
    let error = met(address, step);
    let took = start.elapsed();
    assert!(took < TIMEOUT / 2, "{took:?}");
    error
}

/// Writes without end.
fn forever(mut stream: TcpStream, bytes: &[u8], pause: Duration) {
    while stream.write_all(bytes).is_ok() {
        sleep(pause);
    }
}

fn wait(mut stream: TcpStream) {
    let _ = stream.read_to_end(&mut Vec::new());
}

/// Answers the hello with this, whatever it is.
fn greeting(bytes: &'static [u8]) -> SocketAddr {
    listen(move |mut stream| {
        receive(&mut stream);
        let _ = stream.write_all(bytes);
        wait(stream);
    })
}

/// Answers the question for the endpoints with this.
fn telling(answer: Vec<u8>) -> SocketAddr {
    answering(vec![acknowledge(), opened(), answer])
}

fn decode_error(error: &DiscoveryError) -> &DecodeError {
    match &*error.fault {
        DiscoveryFault::Malformed { message: "GetEndpointsResponse", source } => source,
        other => panic!("{other:?}"),
    }
}

#[test]
fn silence_is_waited_out() {
    let error = met(listen(wait), DiscoveryStep::Hello);
    assert!(matches!(*error.fault, DiscoveryFault::TimedOut(_)), "{error:?}");
    let error = met(answering(vec![acknowledge()]), DiscoveryStep::SecureChannel);
    assert!(matches!(*error.fault, DiscoveryFault::TimedOut(_)), "{error:?}");
    let error = met(answering(vec![acknowledge(), opened()]), DiscoveryStep::GetEndpoints);
    assert!(matches!(*error.fault, DiscoveryFault::TimedOut(_)), "{error:?}");
}

#[test]
fn a_drip_is_waited_out() {
    let address = asked(|mut stream| {
        let answer = chunk('F', 2, &[7; 60_000]);
        let _ = stream.write_all(&answer[..8]);
        forever(stream, &[7], Duration::from_millis(10));
    });
    let error = met(address, DiscoveryStep::GetEndpoints);
    assert!(matches!(*error.fault, DiscoveryFault::TimedOut(_)), "{error:?}");
}

#[test]
fn other_protocols_are_known_by_their_first_words() {
    let error = met_at_once(greeting(b"HTTP/1.1 400 Bad Request\r\n\r\n"), DiscoveryStep::Hello);
    assert!(whole(&error).ends_with("does not speak OPC UA: it answered in plain HTTP: HTTP/1.1 400 Bad Request"));
    let error = met_at_once(greeting(b"SSH-2.0-OpenSSH_9.6\r\n"), DiscoveryStep::Hello);
    assert!(matches!(&*error.fault, DiscoveryFault::NotOpcUa(Banner::Ssh(_))), "{error:?}");
    let error = met_at_once(greeting(b"\x15\x03\x01\0\x02\x02\x46"), DiscoveryStep::Hello);
    assert!(matches!(*error.fault, DiscoveryFault::SpeaksTls), "{error:?}");
    let error = met_at_once(greeting(b"\0\x01\x02\xff"), DiscoveryStep::Hello);
    assert!(matches!(&*error.fault, DiscoveryFault::NotOpcUa(Banner::Binary(_))), "{error:?}");
    // Begins like a message, and is none.
    let error = met_at_once(greeting(b"MS-DOS ready"), DiscoveryStep::Hello);
    assert!(
        matches!(&*error.fault, DiscoveryFault::NotOpcUa(Banner::Text(text)) if text == "MS-DOS ready"),
        "{error:?}"
    );
    // A letter at a time.
    let drip = listen(|stream| forever(stream, b"S", Duration::from_millis(20)));
    let error = met_at_once(drip, DiscoveryStep::Hello);
    assert!(matches!(&*error.fault, DiscoveryFault::NotOpcUa(Banner::Text(_))), "{error:?}");
}

#[test]
fn a_server_that_hangs_up_is_named() {
    let error = met_at_once(listen(drop), DiscoveryStep::Hello);
    assert!(matches!(*error.fault, DiscoveryFault::Closed), "{error:?}");
    let error = met_at_once(asked(drop), DiscoveryStep::GetEndpoints);
    assert!(matches!(*error.fault, DiscoveryFault::Closed), "{error:?}");
    let cut = asked(|mut stream| {
        let _ = stream.write_all(&chunk('F', 2, &[0; 100])[..50]);
    });
    let error = met_at_once(cut, DiscoveryStep::GetEndpoints);
    assert!(matches!(*error.fault, DiscoveryFault::Closed), "{error:?}");
}

#[test]
fn a_server_that_wants_security_is_named() {
    let by_closing = listen(|mut stream| {
        receive(&mut stream);
        let _ = stream.write_all(&acknowledge());
        receive(&mut stream);
    });
    let by_error = answering(vec![acknowledge(), error(0x8055_0000, "no")]);
    let by_fault = answering(vec![acknowledge(), open(1, super::server::NONE, &header(397, 0x8013_0000))]);
    for address in [by_closing, by_error, by_fault] {
        let error = met_at_once(address, DiscoveryStep::SecureChannel);
        assert!(matches!(*error.fault, DiscoveryFault::NoneRefused(_)), "{error:?}");
        assert!(whole(&error).contains("does not open a channel without security"), "{error}");
    }
    // Nothing to do with security.
    let busy = answering(vec![acknowledge(), error(0x807d_0000, "")]);
    let error = met_at_once(busy, DiscoveryStep::SecureChannel);
    assert!(matches!(*error.fault, DiscoveryFault::ServerError { .. }), "{error:?}");
}

#[test]
fn an_error_message_is_told_with_its_reason() {
    let error = met_at_once(answering(vec![error(0x8083_0000, "unknown\x1b[31m")]), DiscoveryStep::Hello);
    assert_eq!(
        error.fault.to_string(),
        "the server ended the connection with BadTcpEndpointUrlInvalid (0x80830000), the server does not know the \
         endpoint's URL; its message: unknown\\u{1b}[31m"
    );
    let error = met_at_once(telling(super::server::error(0x8123_0000, "")), DiscoveryStep::GetEndpoints);
    assert_eq!(error.fault.to_string(), "the server ended the connection with 0x81230000");
}

#[test]
fn an_error_is_heard_though_the_server_hung_up_at_once() {
    let address = listen(|mut stream| {
        let _ = stream.write_all(&error(0x807d_0000, "busy"));
    });
    for _ in 0..20 {
        let error = met_at_once(address, DiscoveryStep::Hello);
        let heard =
            matches!(*error.fault, DiscoveryFault::ServerError { status: StatusCode::BAD_TCP_SERVER_TOO_BUSY, .. });
        assert!(heard, "{error:?}");
    }
}

#[test]
fn refused_requests_are_named() {
    for answer in [header(397, 0x800b_0000), header(431, 0x800b_0000)] {
        let error = met_at_once(telling(chunk('F', 2, &answer)), DiscoveryStep::GetEndpoints);
        let DiscoveryFault::Refused(status) = *error.fault else { panic!("{error:?}") };
        assert_eq!(status, StatusCode::BAD_SERVICE_UNSUPPORTED);
    }
    let broken_off = [numbers(&[0x80b9_0000]), string("too much")].concat();
    let answer = [chunk('C', 2, &endpoints(&[])), chunk('A', 2, &broken_off)].concat();
    let error = met_at_once(telling(answer), DiscoveryStep::GetEndpoints);
    assert_eq!(
        error.fault.to_string(),
        "the server aborted its answer with BadResponseTooLarge (0x80b90000), the answer is larger than the client \
         takes; its message: too much"
    );
}

#[test]
fn answers_to_something_else_are_named() {
    let said = |answer| met_at_once(telling(answer), DiscoveryStep::GetEndpoints).fault.to_string();
    assert_eq!(said(acknowledge()), "the server sent a message of type ACK; expected MSG");
    assert_eq!(said(opened()), "the server sent a message of type OPN; expected MSG");
    assert_eq!(said(chunk('F', 2, &header(425, 0))), "the server sent the answer i=425; expected GetEndpointsResponse");
    assert_eq!(
        said(chunk('F', 2, &[3, 1, 0, 1, 0, 0, 0, b'x'])),
        "the server sent the answer of a type that is not OPC UA's own; expected GetEndpointsResponse"
    );
    assert_eq!(said(chunk('F', 9, &endpoints(&[]))), "the server answered request 9; expected an answer to request 2");
    assert_eq!(said(vec![0xa5; 64]), "the server sent the bytes a5a5a5a5a5a5a5a5 where a message begins");
    assert_eq!(said(message("MSGF", &[])), "the server sent a malformed GetEndpointsResponse");

    let error = met_at_once(answering(vec![message("ACKF", &[0; 19])]), DiscoveryStep::Hello);
    assert_eq!(
        whole(error.fault.as_ref()),
        "the server sent a malformed ACK: it ends at byte 16, within maxChunkCount"
    );
    let error = met_at_once(answering(vec![acknowledge(), open(1, BASIC256, &[])]), DiscoveryStep::SecureChannel);
    assert!(matches!(&*error.fault, DiscoveryFault::UnexpectedPolicy(policy) if policy == BASIC256), "{error:?}");
}

#[test]
fn sizes_that_cannot_be_are_named_before_anything_is_read() {
    for kind in ["ACKF", "MSGF", "ERRF"] {
        let announced = [kind.as_bytes(), &[0xff; 4]].concat();
        let error = met_at_once(answering(vec![announced]), DiscoveryStep::Hello);
        assert!(matches!(*error.fault, DiscoveryFault::TooLarge { limit: 0x20_0000, .. }), "{error:?}");
    }
    let announced = [&b"MSGF"[..], &[0xff; 4]].concat();
    let error = met_at_once(telling(announced), DiscoveryStep::GetEndpoints);
    assert!(matches!(*error.fault, DiscoveryFault::TooLarge { .. }), "{error:?}");
    // Smaller than its own header.
    let error = met_at_once(telling(b"MSGF\x03\0\0\0".to_vec()), DiscoveryStep::GetEndpoints);
    assert!(matches!(*error.fault, DiscoveryFault::Malformed { .. }), "{error:?}");
}

#[test]
fn lengths_and_counts_that_cannot_be_are_named() {
    for count in [0x7fff_ffff, 0xffff_fff0, 1025] {
        let answer = [header(431, 0), numbers(&[count]), vec![0; 64]].concat();
        let error = met_at_once(telling(chunk('F', 2, &answer)), DiscoveryStep::GetEndpoints);
        assert!(matches!(decode_error(&error), DecodeError::Count { field: "endpoints", .. }), "{error:?}");
    }
    let answer = [header(431, 0), numbers(&[1, 0x7fff_ffff]), vec![b'x'; 64]].concat();
    let error = met_at_once(telling(chunk('F', 2, &answer)), DiscoveryStep::GetEndpoints);
    assert_eq!(
        whole(error.fault.as_ref()),
        "the server sent a malformed GetEndpointsResponse: endpointUrl at byte 32 claims 2147483647 bytes, \
         but 64 are left"
    );
    // As many as are said, and each of them of nothing but emptiness.
    let answer = [header(431, 0), numbers(&[1000]), vec![0xff; 500]].concat();
    let error = met_at_once(telling(chunk('F', 2, &answer)), DiscoveryStep::GetEndpoints);
    assert!(matches!(*error.fault, DiscoveryFault::Malformed { .. }), "{error:?}");
}

#[test]
fn nesting_without_end_is_named() {
    let mut answer = header(431, 0);
    answer.truncate(20);
    answer.extend([0x40; 60_000]);
    let error = met_at_once(telling(chunk('F', 2, &answer)), DiscoveryStep::GetEndpoints);
    assert_eq!(*decode_error(&error), DecodeError::Nesting);
}

/// Measured, too: what comes is not kept beyond the bound.
#[cfg(target_os = "linux")]
#[test]
fn chunks_without_end_are_cut_off_within_bounds() {
    let before = super::server::peak();
    for (body, limit) in [(vec![7; 60_000], 0x20_0000), (vec![7; 1], 512), (Vec::new(), 512)] {
        let address = asked(move |stream| forever(stream, &chunk('C', 2, &body), Duration::ZERO));
        let error = met_at_once(address, DiscoveryStep::GetEndpoints);
        assert!(matches!(*error.fault, DiscoveryFault::TooLarge { limit: met, .. } if met == limit), "{error:?}");
    }
    let grown = super::server::peak() - before;
    assert!(grown < 16_000, "{grown} kB");
}

#[test]
fn endpoints_are_kept_though_the_servers_are_not_told() {
    let told = chunk('F', 2, &endpoints(&[b"\x30\x01\x07"]));
    let silent = answering(vec![acknowledge(), opened(), told.clone()]);
    let found = discover_blocking(&endpoint(silent), &with_servers(TIMEOUT)).unwrap();
    assert_eq!(found.endpoints.len(), 1);
    assert!(matches!(found.servers, Some(Err(DiscoveryFault::TimedOut(_)))), "{:?}", found.servers);

    let refusing = answering(vec![acknowledge(), opened(), told, chunk('F', 3, &header(397, 0x800b_0000))]);
    let found = discover_blocking(&endpoint(refusing), &with_servers(TIMEOUT)).unwrap();
    assert_eq!(found.endpoints[0].server.application_name, "Anlage S\u{fc}d");
    let refused = DiscoveryFault::Refused(StatusCode::BAD_SERVICE_UNSUPPORTED).to_string();
    assert_eq!(found.servers.unwrap().unwrap_err().to_string(), refused);
}

#[test]
fn no_endpoints_are_an_answer_as_well() {
    let servers = [header(425, 0), numbers(&[1]), application("urn:a")].concat();
    let address = answering(vec![acknowledge(), opened(), chunk('F', 2, &endpoints(&[])), chunk('F', 3, &servers)]);
    let found = discover_blocking(&endpoint(address), &with_servers(TIMEOUT)).unwrap();
    assert!(found.endpoints.is_empty() && found.certificates().is_empty());
    assert_eq!(found.servers.unwrap().unwrap()[0].application_uri, "urn:a");
    assert_eq!(found.clock.unwrap().server.to_string(), "2026-11-22T08:00:00Z");
}

#[test]
fn certificates_of_several_kinds_are_kept_apart() {
    let (rsa, ecc) = (&b"\x30\x01\x01"[..], &b"\x30\x01\x02\x30\x01\x03"[..]);
    let address = answering(vec![acknowledge(), opened(), chunk('F', 2, &endpoints(&[rsa, b"", ecc, rsa]))]);
    let found = discover_blocking(&endpoint(address), &within(TIMEOUT)).unwrap();
    let offered = found.certificates();
    let seen: Vec<_> = offered.iter().map(|it| (it.field, it.endpoints.len(), it.chain().unwrap().len())).collect();
    assert_eq!(seen, [(rsa, 2, 1), (ecc, 1, 2)]);
}

#[test]
fn each_scheme_has_its_own_question() {
    let opc: certkit_core::presented::Endpoint = "opc.tcp://plc7".parse().unwrap();
    let CaptureError { fault, .. } = capture_blocking(&opc, &Connect::default()).unwrap_err();
    assert!(matches!(*fault, Fault::WithoutTls(_)), "{fault:?}");
    let error = discover_blocking(&"https://plc7".parse().unwrap(), &within(TIMEOUT)).unwrap_err();
    assert_eq!(
        whole(&error),
        "no endpoints from plc7:443: the preparation failed: https:// does not support GetEndpoints; \
         expected opc.tcp://HOST[:PORT]"
    );
}

#[test]
fn an_unreachable_server_is_named() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = met_at_once(gone, DiscoveryStep::Connection);
    assert!(matches!(*error.fault, DiscoveryFault::Unreached(Fault::Refused)), "{error:?}");
}
