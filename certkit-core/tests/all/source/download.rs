//! Downloads of what certificates point to.

use std::io::Write;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use certkit_core::source::{
    DownloadFault, Downloads, HttpFault, Limits, Network, PrivateDownloads, Proxy, download_blocking,
};
use certkit_core::text::Address;

use super::servers::{listen, some};

const LIMITS: Limits = Limits {
    bytes: 1000,
    timeout: Duration::from_millis(700),
    redirects: 2,
    private: PrivateDownloads::Beside(IpAddr::V4(Ipv4Addr::LOCALHOST)),
};

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
    let outcome = download_blocking(&Address::new(format!("http://{address}/ca.cer")), &LIMITS, None);
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
        let error = download_blocking(&Address::new(url), &LIMITS, None).unwrap_err();
        assert_eq!(error.url, Address::new(url));
        error.fault
    };
    let fault = told("ldap:///CN=Root,DC=plant?cACertificate");
    assert_eq!(fault.to_string(), "the scheme is ldap; only http is supported");
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
    let body = download_blocking(&Address::new(url), &LIMITS, Some(&proxy)).unwrap();
    assert_eq!(String::from_utf8(body).unwrap(), "GET http://pki.plant.invalid/ca.cer?x=1 HTTP/1.1");
}

fn refused(url: &str, private: PrivateDownloads) -> Option<(String, Network)> {
    let limits = Limits { private, timeout: Duration::from_millis(300), ..LIMITS };
    match download_blocking(&Address::new(url), &limits, None).map_err(|error| error.fault) {
        Err(DownloadFault::Private { host, network, .. }) => Some((host.to_string(), network)),
        _ => None,
    }
}

#[test]
fn a_stranger_does_not_send_us_into_other_networks() {
    let own = answering("HTTP/1.1 200 OK\r\n\r\nsecret");
    let port = own.port();
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "127.0.0.1.",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::1]",
        "%6cocalhost",
        "\u{ff11}27.0.0.1",
        "127\u{3002}0\u{3002}0\u{3002}1",
    ] {
        let found = refused(&format!("http://{host}:{port}/x"), PrivateDownloads::Refused);
        assert!(matches!(found, Some((_, Network::Loopback))), "{host}: {found:?}");
    }
    for (host, network) in [
        ("0.0.0.0", Network::Special),
        ("0", Network::Special),
        ("[::]", Network::Special),
        ("169.254.169.254", Network::Metadata),
        ("0xa9fea9fe", Network::Metadata),
        ("[fd00:ec2::254]", Network::Metadata),
        ("10.0.0.1", Network::Private),
        ("[fd12::1]", Network::Private),
        ("[fe80::1]", Network::LinkLocal),
        ("100.64.0.1", Network::Shared),
    ] {
        for private in [PrivateDownloads::Refused, LIMITS.private] {
            let found = refused(&format!("http://{host}:{port}/x"), private);
            assert_eq!(found.map(|(_, network)| network), Some(network), "{host}");
        }
    }
    let public = PrivateDownloads::Beside("9.9.9.9".parse().unwrap());
    assert!(refused(&format!("http://{own}/x"), public).is_some());
    let limits = Limits { private: PrivateDownloads::Allowed, ..LIMITS };
    assert_eq!(download_blocking(&Address::new(format!("http://{own}/x")), &limits, None).unwrap(), b"secret");
}

#[test]
fn a_redirect_does_not_lead_into_other_networks() {
    for location in
        ["http://169.254.169.254/latest/meta-data", "//10.0.0.1/x", "http://[::ffff:192.168.1.1]/", "http://0/"]
    {
        let hop = answering(format!("HTTP/1.1 302 Found\r\nlocation: {location}\r\n\r\n"));
        let fault = fetch(hop).unwrap_err();
        assert!(matches!(fault, DownloadFault::Private { .. }), "{location}: {fault:?}");
        assert!(fault.to_string().starts_with("not queried: "), "{fault}");
    }
}

#[test]
fn a_proxy_is_not_sent_into_other_networks() {
    let proxy = answering("HTTP/1.1 200 OK\r\n\r\nsecret").to_string();
    let proxy: Proxy = proxy.parse().unwrap();
    let limits = Limits { private: PrivateDownloads::Refused, ..LIMITS };
    for host in ["127.0.0.1", "localhost", "a.localhost.", "10.0.0.1", "0xa9fea9fe", "[::1]"] {
        let error = download_blocking(&Address::new(format!("http://{host}/x")), &limits, Some(&proxy)).unwrap_err();
        assert!(matches!(error.fault, DownloadFault::Private { .. }), "{host}: {error:?}");
    }
}

#[test]
fn the_downloads_of_a_run_share_its_time() {
    let silent = listen(|mut stream| while !some(&mut stream).is_empty() {});
    let start = Instant::now();
    let downloads = Downloads::begin(LIMITS, None);
    let url = Address::new(format!("http://{silent}/x"));
    for _ in 0..8 {
        assert!(downloads.get(&url).is_err());
    }
    assert!(start.elapsed() < LIMITS.timeout + Duration::from_millis(400));
    assert!(matches!(downloads.get(&url).unwrap_err().fault, DownloadFault::NoTimeLeft));
}

#[test]
fn no_error_repeats_a_password() {
    let hop = answering("HTTP/1.1 302 Found\r\nlocation: http://user:geheim@127.0.0.1/x\r\n\r\n");
    let redirected = download_blocking(&Address::new(format!("http://{hop}/x")), &LIMITS, None).unwrap_err();
    let named = download_blocking(&Address::new("http://user:geheim@127.0.0.1/x"), &LIMITS, None).unwrap_err();
    let mixed = download_blocking(&Address::new("http://user:geh/eim@127.0.0.1/x"), &LIMITS, None).unwrap_err();
    for error in [redirected, named, mixed] {
        let said = format!("{error} {error:?} {}", error.fault);
        assert!(!said.contains("geh"), "{said}");
        assert!(said.contains("***@127.0.0.1/x"), "{said}");
    }
}
