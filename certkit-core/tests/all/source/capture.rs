//! Chains of proper TLS servers, whatever is wrong with their certificates.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::{Duration, Instant};

use certkit_core::presented::Possession;
use certkit_core::source::{
    Capture, Client, ClientCertificate, ClientIdentity, Connect, Extent, Fault, Handshake, HttpFault, IdentityError,
    Phase, capture, capture_blocking,
};
use certkit_core::text::Address;
use rcgen::{CertificateParams, KeyPair, date_time_ymd};

use super::servers::{Pki, endpoint, listen, some, tls, within};

const SECONDS: Duration = Duration::from_secs(5);

fn complete(capture: &Capture) {
    assert!(matches!(capture.handshake, Handshake::Complete));
    assert_eq!(capture.possession, Possession::Proven);
    assert_eq!(capture.client_certificate, ClientCertificate::NotAsked);
}

#[test]
fn a_chain_comes_as_it_was_sent() {
    let pki = Pki::new();
    let address = pki.listen_quietly();
    let capture = capture_blocking(&tls(address), &within(SECONDS)).unwrap();
    assert_eq!(capture.presented, pki.chain);
    assert_eq!(capture.peer, address);
    assert_eq!(capture.server_name, None);
    let negotiated = capture.negotiated.unwrap();
    assert_eq!(negotiated.version.as_str(), "TLS 1.3");
    assert_eq!(negotiated.cipher.to_string(), "TLS_AES_256_GCM_SHA384");
    assert!(capture.answer.is_none());
    assert!(capture.attempts.is_empty());
    complete(&capture);
}

#[test]
fn nothing_about_a_certificate_is_judged() {
    let expired = Pki::with(|params| params.not_after = date_time_ymd(1999, 1, 1));
    let future = Pki::with(|params| params.not_before = date_time_ymd(2999, 1, 1));
    let nameless = Pki::with(|params| params.subject_alt_names.clear());
    let mut upside_down = Pki::new();
    upside_down.chain.push(Pki::new().chain.remove(0));
    upside_down.chain.push(b"not a certificate".to_vec());
    for pki in [expired, future, nameless, upside_down] {
        let capture = capture_blocking(&tls(pki.listen_quietly()), &within(SECONDS)).unwrap();
        assert_eq!(capture.presented, pki.chain);
        complete(&capture);
    }
}

#[test]
fn a_self_signed_certificate_comes_alone() {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["plc7".to_owned()]).unwrap();
    let pki = Pki {
        chain: vec![params.self_signed(&key).unwrap().der().to_vec()],
        key: key.serialize_der(),
        root_name: Vec::new(),
    };
    let capture = capture_blocking(&tls(pki.listen_quietly()), &within(SECONDS)).unwrap();
    assert_eq!(capture.presented, pki.chain);
    complete(&capture);
}

#[test]
fn the_name_is_sent_unless_tls_does_not_allow_it() {
    let port = Pki::new()
        .listen(|mut stream| {
            some(&mut stream);
            let name = stream.conn.server_name().unwrap_or("none").to_owned();
            let answer = format!("HTTP/1.1 200 OK\r\nserver: {name}\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
        })
        .port();
    let heard = |host: &str, server_name: Option<&str>| {
        let connect = Connect {
            address: Some(format!("127.0.0.1:{port}").parse().unwrap()),
            server_name: server_name.map(|name| name.parse().unwrap()),
            ..within(SECONDS)
        };
        let endpoint = endpoint(&format!("https://{host}"));
        let capture = capture_blocking(&endpoint, &connect).unwrap();
        let heard = capture.answer.unwrap().unwrap().server.unwrap();
        let told = capture.server_name.unwrap_or_else(|| "none".to_owned());
        assert_eq!(told, heard, "{host} {server_name:?}");
        heard
    };
    assert_eq!(heard("plc7.plant.example", None), "plc7.plant.example");
    assert_eq!(heard("PLC_7", None), "plc_7");
    assert_eq!(heard("plc7.", None), "plc7");
    assert_eq!(heard("münchen.example", None), "xn--mnchen-3ya.example");
    assert_eq!(heard("-plc7", None), "none");
    assert_eq!(heard("127.0.0.1", None), "none");
    assert_eq!(heard("[::1]", None), "none");
    assert_eq!(heard("127.0.0.1", Some("plc8")), "plc8");
    assert_eq!(heard("plc7", Some("127.0.0.1")), "none");
}

#[test]
fn a_path_is_asked_for_once_and_plainly() {
    let pki = Pki::new();
    let port = pki
        .listen(|mut stream| {
            let request = String::from_utf8(some(&mut stream)).unwrap().to_lowercase();
            let plain = request.starts_with("get /thingworx/ws http/1.1\r\n")
                && request.contains("user-agent: certkit/")
                && !request.contains("upgrade");
            let status = if plain { "404 Nicht da" } else { "400 Bad" };
            let answer = format!("HTTP/1.1 {status}\r\nServer: Tomcat\r\nLocation: /x\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).unwrap();
        })
        .port();
    let endpoint = endpoint(&format!("thingworx://127.0.0.1:{port}"));
    let capture = capture_blocking(&endpoint, &within(SECONDS)).unwrap();
    let answer = capture.answer.unwrap().unwrap();
    assert_eq!(answer.status, 404);
    assert_eq!(answer.reason, "Nicht da");
    assert_eq!(answer.server.as_deref(), Some("Tomcat"));
    assert_eq!(answer.location, Some(Address::new("/x")));
}

#[test]
fn nothing_is_asked_when_certificates_are_all_that_is_wanted() {
    let port = Pki::new().listen_http("HTTP/1.1 200 OK\r\n\r\n").port();
    let connect = Connect { extent: Extent::Certificates, ..within(SECONDS) };
    let endpoint = endpoint(&format!("https://127.0.0.1:{port}"));
    let capture = capture_blocking(&endpoint, &connect).unwrap();
    assert!(capture.answer.is_none());
}

#[test]
fn a_bad_answer_does_not_cost_the_chain() {
    let pki = Pki::new();
    let ask = |address: std::net::SocketAddr| {
        let endpoint = endpoint(&format!("wss://{address}"));
        let start = Instant::now();
        let capture = capture_blocking(&endpoint, &within(Duration::from_millis(600))).unwrap();
        assert!(start.elapsed() < Duration::from_secs(2));
        assert_eq!(capture.presented, pki.chain);
        complete(&capture);
        capture.answer.unwrap().unwrap_err()
    };
    let fault = ask(pki.listen_http("this is not HTTP at all\r\n\r\n"));
    assert!(matches!(fault, HttpFault::NotHttp(_)), "{fault:?}");
    let fault = ask(pki.listen_http(""));
    assert!(matches!(fault, HttpFault::Closed), "{fault:?}");
    let fault = ask(pki.listen_quietly());
    assert!(matches!(fault, HttpFault::TimedOut(_)), "{fault:?}");
    let fault = ask(pki.listen(|mut stream| {
        some(&mut stream);
        stream.write_all(b"HTTP/1.1 200 OK\r\n").unwrap();
        while stream.write_all(b"x-more: and more and more\r\n").is_ok() {}
    }));
    assert!(matches!(fault, HttpFault::NotHttp(_)), "{fault:?}");
    let fault = ask(pki.listen(|mut stream| {
        some(&mut stream);
        while stream.write_all(b"H").is_ok() {
            std::thread::sleep(Duration::from_millis(20));
        }
    }));
    assert!(matches!(fault, HttpFault::TimedOut(_) | HttpFault::NotHttp(_)), "{fault:?}");
}

#[test]
fn a_chain_without_end_is_refused() {
    let mut pki = Pki::new();
    let root = pki.chain[1].clone();
    pki.chain.resize(129, root);
    let error = capture_blocking(&tls(pki.listen_quietly()), &within(SECONDS)).unwrap_err();
    assert_eq!(error.fault.to_string(), "the server sent more than 128 certificates");
}

#[test]
fn a_port_without_server_is_refused_by_name() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    drop(listener);
    let error = capture_blocking(&tls(address), &within(SECONDS)).unwrap_err();
    assert!(matches!(*error.fault, Fault::Refused), "{error:?}");
    assert_eq!(error.phase, Phase::Connection);
    assert_eq!(error.address, Some(address));
    assert_eq!(error.to_string(), format!("no certificate from {address} at {address}: the connection failed"));
}

#[test]
fn a_name_that_does_not_resolve_is_said_so() {
    let error = capture_blocking(&endpoint("nowhere.invalid:443"), &within(SECONDS)).unwrap_err();
    assert_eq!(error.phase, Phase::Resolution);
    assert!(matches!(*error.fault, Fault::Unresolved(_) | Fault::NoAddress), "{error:?}");
    assert_eq!(error.address, None);
}

#[test]
fn an_identity_must_be_a_pair() {
    let (one, other) = (Pki::new(), Pki::new());
    let with = |chain: Vec<Vec<u8>>, key: &[u8]| {
        Client::new(Connect {
            client_identity: Some(ClientIdentity { chain, key: key.to_vec().into() }),
            ..Connect::default()
        })
        .map(drop)
    };
    with(one.chain.clone(), &one.key).unwrap();
    let error = with(one.chain.clone(), &other.key).unwrap_err();
    assert!(matches!(error, IdentityError::Mismatch(_)), "{error:?}");
    let error = with(Vec::new(), &one.key).unwrap_err();
    assert!(matches!(error, IdentityError::NoCertificate));
    let error = with(one.chain.clone(), b"no key").unwrap_err();
    assert!(matches!(error, IdentityError::KeyForm(_)));
    let error = with(one.chain.clone(), &[0x30, 3, 2, 1, 0]).unwrap_err();
    assert!(matches!(error, IdentityError::Key(_) | IdentityError::KeyForm(_)), "{error:?}");
}

#[test]
fn the_key_of_an_identity_is_never_shown() {
    let identity = ClientIdentity { chain: vec![vec![1]], key: b"secret".to_vec().into() };
    assert_eq!(format!("{identity:?}"), "ClientIdentity { certificates: 1, .. }");
}

#[test]
fn many_captures_share_one_client_and_one_thread() {
    let pki = Pki::new();
    let address = pki.listen_quietly();
    let client = Arc::new(Client::new(within(Duration::from_secs(20))).unwrap());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let good = runtime.block_on(async {
        let captures: Vec<_> = (0..100)
            .map(|_| {
                let client = Arc::clone(&client);
                tokio::spawn(async move { client.capture(&tls(address)).await.unwrap() })
            })
            .collect();
        let mut good = 0;
        for capture in captures {
            good += usize::from(capture.await.unwrap().presented == pki.chain);
        }
        good
    });
    assert_eq!(good, 100);
}

#[test]
fn a_capture_may_move_between_threads() {
    fn movable<T: Send>(value: T) -> T {
        value
    }
    drop(movable(capture(&endpoint("plc7:443"), &Connect::default())));
}

#[test]
fn the_connection_is_made_once() {
    let count = Arc::new(std::sync::atomic::AtomicUsize::new(0));
    let pki = Pki::new();
    let config = pki.config();
    let counted = Arc::clone(&count);
    let address = listen(move |stream| {
        counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
        some(&mut rustls::StreamOwned::new(connection, stream));
    });
    capture_blocking(&tls(address), &within(SECONDS)).unwrap();
    assert_eq!(count.load(std::sync::atomic::Ordering::SeqCst), 1);
}
