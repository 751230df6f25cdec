//! Captures and downloads through an HTTP proxy.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use certkit_core::source::{Banner, CaptureError, Connect, Fault, Phase, Proxy, ProxyError, capture_blocking};

use super::servers::{Pki, endpoint, listen, some, within};

const SECONDS: Duration = Duration::from_secs(5);

fn through(proxy: &str, endpoint_text: &str, timeout: Duration) -> Result<(), CaptureError> {
    let connect = Connect { proxy: Some(proxy.parse().unwrap()), ..within(timeout) };
    capture_blocking(&endpoint(endpoint_text), &connect).map(drop)
}

/// Reads a request up to its empty line.
fn request(stream: &mut TcpStream) -> String {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") && stream.read(&mut byte).unwrap_or(0) == 1 {
        text.push(byte[0]);
    }
    String::from_utf8(text).unwrap()
}

/// A proxy that leads every tunnel to `target` and notes what was asked.
fn proxy_to(target: SocketAddr) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let heard = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&heard);
    let address = listen(move |mut client| {
        noted.lock().unwrap().push(request(&mut client));
        let mut server = TcpStream::connect(target).unwrap();
        client.write_all(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n").unwrap();
        let (mut up_from, mut up_to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
        thread::spawn(move || {
            let _ = std::io::copy(&mut up_from, &mut up_to);
            let _ = up_to.shutdown(std::net::Shutdown::Write);
        });
        let _ = std::io::copy(&mut server, &mut client);
    });
    (address, heard)
}

#[test]
fn a_chain_comes_through_a_proxy_that_resolves_the_name() {
    let pki = Pki::new();
    let target = pki.listen_http("HTTP/1.1 204 No Content\r\n\r\n");
    let (proxy, heard) = proxy_to(target);
    let connect = Connect { proxy: Some(format!("http://us%40er:p%3Aw@{proxy}").parse().unwrap()), ..within(SECONDS) };
    let endpoint = endpoint("https://plc7.plant.invalid:8443");
    let capture = capture_blocking(&endpoint, &connect).unwrap();
    assert_eq!(capture.presented, pki.chain);
    assert_eq!(capture.peer, proxy);
    assert_eq!(capture.server_name.as_deref(), Some("plc7.plant.invalid"));
    assert_eq!(capture.answer.unwrap().unwrap().status, 204);
    let heard = heard.lock().unwrap();
    assert_eq!(heard.len(), 1);
    let heard = heard[0].to_lowercase();
    assert!(heard.starts_with("connect plc7.plant.invalid:8443 http/1.1\r\n"), "{heard}");
    assert!(heard.contains("host: plc7.plant.invalid:8443\r\n"), "{heard}");
    // "us@er:p:w"
    assert!(heard.contains("proxy-authorization: basic dxnazxi6cdp3\r\n"), "{heard}");
}

#[test]
fn a_refusal_is_told_with_its_status() {
    let proxy = listen(|mut stream| {
        request(&mut stream);
        stream.write_all(b"HTTP/1.1 403 Verboten\x20heute\r\ncontent-length: 2\r\n\r\nno").unwrap();
        some(&mut stream);
    });
    let error = through(&proxy.to_string(), "plc7:443", SECONDS).unwrap_err();
    assert_eq!(error.phase, Phase::Proxy);
    assert_eq!(error.address, Some(proxy));
    assert_eq!(error.fault.to_string(), "the proxy refused the tunnel with status 403 Verboten heute");
}

#[test]
fn garbage_silence_and_hanging_up_are_told_apart() {
    let timeout = Duration::from_millis(500);
    let met = |proxy: SocketAddr| {
        let start = Instant::now();
        let error = through(&proxy.to_string(), "plc7:443", timeout).unwrap_err();
        assert!(start.elapsed() < timeout + Duration::from_millis(400));
        assert_eq!(error.phase, Phase::Proxy);
        *error.fault
    };
    let fault = met(listen(|mut stream| {
        request(&mut stream);
        let _ = stream.write_all(b"\x05\x00what is this\r\n\r\n");
        some(&mut stream);
    }));
    assert!(matches!(fault, Fault::ProxyAnswer(_)), "{fault:?}");
    let fault = met(listen(|mut stream| {
        request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(b"x-more: and more\r\n").is_ok() {}
    }));
    assert!(matches!(fault, Fault::ProxyAnswer(_)), "{fault:?}");
    let fault = met(listen(|mut stream| {
        request(&mut stream);
    }));
    assert!(matches!(fault, Fault::ProxyAnswer(_)), "{fault:?}");
    let fault = met(listen(|mut stream| while !some(&mut stream).is_empty() {}));
    assert!(matches!(fault, Fault::TimedOut(_)), "{fault:?}");
    let fault = met(listen(|mut stream| {
        request(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\nSSH-2.0-dropbear\r\n");
        some(&mut stream);
    }));
    assert!(matches!(&fault, Fault::NotTls(Banner::Ssh(line)) if line == "SSH-2.0-dropbear"), "{fault:?}");
}

#[test]
fn proxies_are_read_without_telling_their_passwords() {
    let proxy: Proxy = "http://user:geheim@[::1]:3128/".parse().unwrap();
    assert_eq!(proxy.to_string(), "http://[::1]:3128");
    assert!(!format!("{proxy:?}").contains("geheim"));
    let proxy: Proxy = "http://proxy".parse().unwrap();
    assert_eq!(proxy.address().to_string(), "proxy:80");
    let proxy: Proxy = "proxy:3128".parse().unwrap();
    assert_eq!(proxy.to_string(), "http://proxy:3128");
    for bad in [
        "https://user:geheim@h:1",
        "socks5://user:geheim@h:1",
        "http://user:ge/heim@h:1",
        "http://user:ge?heim@h:1",
        "http://user:geheim@h:0",
        "http://user:geheim@",
        "user:geheim@h",
        "user:geheim://@h",
        "geheim@h:1/path",
        "geheim",
        "geh:heim",
        "geh heim:1",
        "heim://h:1",
    ] {
        let error = bad.parse::<Proxy>().unwrap_err();
        assert!(!format!("{error:?} {error}").contains("heim"), "{bad}: {error:?}");
    }
    assert_eq!("h".parse::<Proxy>().unwrap_err(), ProxyError::MissingPort);
}
