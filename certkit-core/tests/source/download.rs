//! Downloads of what certificates point to.

use std::io::Write;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use certkit_core::source::{DownloadFault, HttpFault, Limits, Proxy, download_blocking};

use super::servers::{listen, some};

const LIMITS: Limits = Limits { bytes: 1000, timeout: Duration::from_millis(700), redirects: 2 };

/// A server with one answer for every request; `{me}` in it is its own address.
fn answering(answer: impl Into<Vec<u8>>) -> SocketAddr {
    let answer = answer.into();
    listen(move |mut stream| {
        some(&mut stream);
        let _ = stream.write_all(&answer);
    })
}

fn fetch(address: SocketAddr) -> Result<Vec<u8>, DownloadFault> {
    let start = Instant::now();
    let outcome = download_blocking(&format!("http://{address}/ca.cer"), &LIMITS, None);
    assert!(start.elapsed() < LIMITS.timeout + Duration::from_millis(400));
    outcome.map_err(|error| error.fault)
}

#[test]
fn a_body_comes_whole_however_it_is_framed() {
    for answer in [
        "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nbody",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nbo\r\n2\r\ndy\r\n0\r\n\r\n",
        "HTTP/1.0 200 OK\r\n\r\nbody",
    ] {
        assert_eq!(fetch(answering(answer)).unwrap(), b"body");
    }
}

#[test]
fn the_size_is_bounded() {
    let exact = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(1000));
    assert_eq!(fetch(answering(exact)).unwrap().len(), 1000);
    let more = format!("HTTP/1.1 200 OK\r\n\r\n{}", "x".repeat(1001));
    let fault = fetch(answering(more)).unwrap_err();
    assert!(matches!(fault, DownloadFault::TooLarge(1000)), "{fault:?}");
    let endless = listen(|mut stream| {
        some(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    });
    let fault = fetch(endless).unwrap_err();
    assert!(matches!(fault, DownloadFault::TooLarge(1000)), "{fault:?}");
}

#[test]
fn the_time_is_bounded() {
    let silent = listen(|mut stream| while !some(&mut stream).is_empty() {});
    let drip = listen(|mut stream| {
        some(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
        while stream.write_all(b"x").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    });
    // Interim answers, which a client has to read over.
    let interim = listen(|mut stream| {
        some(&mut stream);
        let flood = b"HTTP/1.1 102 Processing\r\n\r\n".repeat(100);
        while stream.write_all(&flood).is_ok() {}
    });
    for address in [silent, drip, interim] {
        let fault = fetch(address).unwrap_err();
        assert!(matches!(fault, DownloadFault::Http(HttpFault::TimedOut(_))), "{fault:?}");
    }
}

#[test]
fn a_body_cut_short_is_not_taken_for_whole() {
    let fault = fetch(answering("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nbody")).unwrap_err();
    assert!(matches!(fault, DownloadFault::Http(HttpFault::Closed)), "{fault:?}");
}

#[test]
fn redirects_are_followed_to_http_and_only_so_far() {
    let end = answering("HTTP/1.1 200 OK\r\n\r\nbody");
    let hop = answering(format!("HTTP/1.1 302 Found\r\nlocation: http://{end}/x\r\n\r\n"));
    assert_eq!(fetch(hop).unwrap(), b"body");
    let hop = answering(format!("HTTP/1.1 307 T\r\nlocation: //{end}/x\r\n\r\n"));
    assert_eq!(fetch(hop).unwrap(), b"body");
    let fault = fetch(answering("HTTP/1.1 301 M\r\nlocation: /again\r\n\r\n")).unwrap_err();
    assert!(matches!(fault, DownloadFault::TooManyRedirects(2)), "{fault:?}");
    for location in ["https://h/x", "ftp://h/x", "file:///etc/passwd"] {
        let hop = answering(format!("HTTP/1.1 301 M\r\nlocation: {location}\r\n\r\n"));
        let fault = fetch(hop).unwrap_err();
        assert!(matches!(fault, DownloadFault::Scheme(_)), "{fault:?}");
    }
    let fault = fetch(answering("HTTP/1.1 301 M\r\n\r\n")).unwrap_err();
    assert!(matches!(fault, DownloadFault::Redirect), "{fault:?}");
}

#[test]
fn other_answers_and_other_schemes_are_named() {
    let fault = fetch(answering("HTTP/1.1 404 Weg\r\n\r\n")).unwrap_err();
    assert_eq!(fault.to_string(), "the server answered with status 404 Weg");
    let told = |url: &str| {
        let error = download_blocking(url, &LIMITS, None).unwrap_err();
        assert_eq!(error.url, url);
        error.fault
    };
    let fault = told("ldap:///CN=Root,DC=plant?cACertificate");
    assert_eq!(fault.to_string(), "the scheme is ldap, and only http is followed");
    assert!(matches!(told("https://h/"), DownloadFault::Scheme(_)));
    assert!(matches!(told("ca.cer"), DownloadFault::Url(_)));
    assert!(matches!(told("http://u:p@h/"), DownloadFault::Authority));
    assert!(matches!(told("http://h:0/"), DownloadFault::Authority));
    assert!(matches!(told("http://127.0.0.1:1/"), DownloadFault::Unreachable(_)));
}

#[test]
fn a_proxy_is_told_the_whole_address() {
    let proxy = listen(|mut stream| {
        let request = String::from_utf8(some(&mut stream)).unwrap();
        let line = request.lines().next().unwrap_or_default();
        let answer = format!("HTTP/1.1 200 OK\r\n\r\n{line}");
        let _ = stream.write_all(answer.as_bytes());
    });
    let proxy: Proxy = proxy.to_string().parse().unwrap();
    let url = "http://pki.plant.invalid/ca.cer?x=1";
    let body = download_blocking(url, &LIMITS, Some(&proxy)).unwrap();
    assert_eq!(String::from_utf8(body).unwrap(), "GET http://pki.plant.invalid/ca.cer?x=1 HTTP/1.1");
}
