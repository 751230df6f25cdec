//! Servers that are not what they should be: each gets a named error, in time.

use std::io::Write;
use std::net::TcpStream;
use std::thread::sleep;
use std::time::{Duration, Instant};

use certkit_core::presented::Alert;
use certkit_core::source::{Banner, CaptureError, Fault, Phase, capture_blocking};

use super::servers::{listen, some, tls, within};

const TIMEOUT: Duration = Duration::from_millis(700);

/// Gives the error of a server, which must come in time.
fn met<F>(serve: F) -> CaptureError
where
    F: Fn(TcpStream) + Send + Sync + 'static,
{
    let address = listen(serve);
    let start = Instant::now();
    let error = capture_blocking(&tls(address), &within(TIMEOUT)).unwrap_err();
    let took = start.elapsed();
    assert!(took < TIMEOUT + Duration::from_millis(400), "{took:?}");
    assert_eq!(error.phase, Phase::Handshake);
    assert_eq!(error.address, Some(address));
    error
}

fn after_hello(mut stream: TcpStream) -> TcpStream {
    some(&mut stream);
    stream
}

/// Writes without end.
fn forever(mut stream: TcpStream, bytes: &[u8], pause: Duration) {
    while stream.write_all(bytes).is_ok() {
        sleep(pause);
    }
}

fn once(mut stream: TcpStream, bytes: &[u8]) {
    some(&mut stream);
    let _ = stream.write_all(bytes);
    some(&mut stream);
}

#[test]
fn silence_is_waited_out() {
    let error = met(|mut stream| while !some(&mut stream).is_empty() {});
    assert!(matches!(*error.fault, Fault::TimedOut(_)), "{error:?}");
}

#[test]
fn a_drip_is_waited_out() {
    let pause = Duration::from_millis(10);
    // The beginning of a long handshake record, then a byte at a time.
    let error = met(move |mut stream| {
        some(&mut stream);
        let _ = stream.write_all(&[22, 3, 3, 0x3f, 0xff, 2, 0, 0x3f, 0xf0]);
        forever(stream, &[3], pause);
    });
    assert!(matches!(*error.fault, Fault::TimedOut(_)), "{error:?}");
}

#[test]
fn a_drip_of_text_is_known_as_text() {
    let error = met(|stream| forever(after_hello(stream), b"S", Duration::from_millis(20)));
    assert!(matches!(*error.fault, Fault::NotTls(Banner::Text(_))), "{error:?}");
}

#[test]
fn endless_garbage_is_cut_off() {
    let error = met(|stream| forever(after_hello(stream), &[0xa5; 4096], Duration::ZERO));
    let bytes = vec![0xa5; 16];
    assert!(matches!(&*error.fault, Fault::NotTls(Banner::Binary(seen)) if *seen == bytes), "{error:?}");
}

#[test]
fn endless_records_are_cut_off() {
    // Empty handshake records, and warnings: neither ever amounts to a message.
    for record in [vec![22, 3, 3, 0, 0], vec![21, 3, 3, 0, 2, 1, 112]] {
        let error = met(move |stream| forever(after_hello(stream), &record.repeat(500), Duration::ZERO));
        assert!(
            matches!(&*error.fault, Fault::Twice { plain, .. }
                if matches!(**plain, Fault::TooLarge { .. } | Fault::TimedOut(_))),
            "{error:?}"
        );
    }
}

#[test]
fn http_and_ssh_are_known_by_their_banners() {
    let error = met(|stream| {
        once(stream, b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n");
    });
    assert_eq!(
        error.fault.to_string(),
        "the port does not speak TLS: it answered in plain HTTP: HTTP/1.1 400 Bad Request"
    );
    let error = met(|mut stream| {
        let _ = stream.write_all(b"SSH-2.0-OpenSSH_9.6\r\n");
        some(&mut stream);
        some(&mut stream);
    });
    assert_eq!(
        error.fault.to_string(),
        "the port does not speak TLS: it answered as an SSH server: SSH-2.0-OpenSSH_9.6"
    );
    let error = met(|mut stream| {
        let _ = stream.write_all(b"220\x1b[31m red\r\n");
        some(&mut stream);
        some(&mut stream);
    });
    assert!(!error.fault.to_string().contains('\x1b'), "{}", error.fault);
}

#[test]
fn a_banner_before_the_end_is_still_known() {
    let error = met(|mut stream| {
        let _ = stream.write_all(b"no\n");
        some(&mut stream);
    });
    assert!(matches!(&*error.fault, Fault::NotTls(Banner::Text(text)) if text == "no"), "{error:?}");
}

#[test]
fn a_huge_message_is_named() {
    // A Certificate message of 16 MB is announced.
    let hello = [&[22, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3][..], &[7; 32], &[0, 0, 0x2f, 0]].concat();
    let error = met(move |mut stream| {
        some(&mut stream);
        let _ = stream.write_all(&hello);
        forever(stream, &[22, 3, 3, 0, 4, 11, 0xff, 0xff, 0xff], Duration::ZERO);
    });
    assert!(
        matches!(&*error.fault, Fault::Twice { plain, .. }
            if matches!(**plain, Fault::TooLarge { .. })),
        "{error:?}"
    );
}

#[test]
fn an_alert_is_named() {
    let error = met(|stream| once(stream, &[21, 3, 3, 0, 2, 2, 40]));
    assert!(matches!(*error.fault, Fault::Alert(Alert(40))), "{error:?}");
    assert_eq!(error.fault.to_string(), "the server ended the handshake with the TLS alert handshake_failure");
}

#[test]
fn a_server_that_hangs_up_is_named() {
    let error = met(drop);
    assert!(matches!(*error.fault, Fault::Closed), "{error:?}");
    let error = met(|mut stream| {
        some(&mut stream);
    });
    assert!(matches!(*error.fault, Fault::Closed), "{error:?}");
}

#[test]
fn an_empty_list_of_certificates_is_named() {
    let flight = [
        &[22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1][..],
        &[7; 32],
        &[0, 0, 0x2f, 0],
        &[22, 3, 1, 0, 7, 11, 0, 0, 3, 0, 0, 0],
        &[22, 3, 1, 0, 4, 14, 0, 0, 0],
    ]
    .concat();
    let error = met(move |stream| once(stream, &flight));
    assert!(
        matches!(&*error.fault, Fault::Twice { plain, .. }
            if matches!(**plain, Fault::NoCertificate)),
        "{error:?}"
    );
}

#[test]
fn a_flight_that_never_ends_after_the_certificates_still_gives_them() {
    let flight = [
        &[22, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1][..],
        &[7; 32],
        &[0, 0, 0x2f, 0],
        &[22, 3, 1, 0, 11, 11, 0, 0, 7, 0, 0, 4, 0, 0, 1, 0x30],
    ]
    .concat();
    let address = listen(move |stream| once(stream, &flight));
    let capture = capture_blocking(&tls(address), &within(Duration::from_secs(5))).unwrap();
    assert_eq!(capture.presented, [[0x30]]);
    assert_eq!(capture.client_certificate, certkit_core::source::ClientCertificate::Undetermined);
    assert_eq!(capture.negotiated.unwrap().version.as_str(), "TLS 1.0");
}
