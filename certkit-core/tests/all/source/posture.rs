//! What ports let anybody do: servers of every posture, on loopback.

use std::io::Write;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use certkit_core::presented::{ORIGIN, Plain, Posture, Probe, Target, Version, Weakness};
use certkit_core::source::Fault;
use certkit_core::source::posture::{Ask, Found, Part, kepware_blocking, probe_blocking};
use tempfile::TempDir;

use super::servers::{OpenSsl, Pki, listen, openssl, some};

/// Quick, and with time enough for OpenSSL.
fn ask() -> Ask {
    Ask { each: Duration::from_secs(3), pace: Duration::from_millis(1), ..Ask::default() }
}

fn target(scheme: &str, address: SocketAddr) -> Target {
    format!("{scheme}://{address}").parse().unwrap()
}

fn probed(scheme: &str, address: SocketAddr) -> Posture {
    probe_blocking(&target(scheme, address), &ask()).unwrap()
}

fn answering(answer: &'static str) -> SocketAddr {
    Pki::new().listen(move |mut stream| {
        if !some(&mut stream).is_empty() {
            let _ = stream.write_all(answer.as_bytes());
        }
    })
}

#[test]
fn a_sound_server_costs_few_connections_that_are_all_told() {
    let posture = probed("https", answering("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{}"));
    assert_eq!(posture.versions, Some(vec![Version::Tls12, Version::Tls13]));
    assert_eq!((posture.suites.as_deref(), posture.aead), (Some(&[][..]), Some(true)));
    assert!(matches!(posture.plain, Some(Plain::Refused(_))), "{:?}", posture.plain);
    let web = posture.web.as_ref().unwrap();
    assert!(web.is_over_tls && !web.is_for_people && web.cors.as_ref().unwrap().allow_origin.is_none());
    assert!(posture.undetermined.is_empty() && posture.speaks_tls() && !posture.answers_plainly(), "{posture:?}");
    // Three for the versions, two for suites, one without TLS, two from elsewhere.
    let probes: Vec<&str> = posture.sent.iter().map(|it| it.probe.name()).collect();
    assert_eq!(probes, ["versions", "versions", "versions", "suites", "suites", "plain", "cors", "cors"]);
}

#[test]
fn origins_that_are_let_in_are_seen_in_the_answer_or_before_it() {
    for (answer, is_any, is_reflected, with_credentials) in [
        ("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n", true, false, false),
        ("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: https://hmi.plant\r\n\r\n", false, false, false),
        ("HTTP/1.1 401 No\r\naccess-control-allow-origin: ORIGIN\r\n\r\n", false, true, false),
        (
            "HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: ORIGIN\r\nAccess-Control-Allow-Credentials: true\r\n\r\n",
            false,
            true,
            true,
        ),
    ] {
        let sent = answer.replace("ORIGIN", ORIGIN);
        let address = Pki::new().listen(move |mut stream| {
            if !some(&mut stream).is_empty() {
                let _ = stream.write_all(sent.as_bytes());
            }
        });
        let cors = probed("https", address).web.unwrap().cors.unwrap();
        assert_eq!((cors.is_any(), cors.is_reflected()), (is_any, is_reflected), "{answer}");
        assert_eq!(cors.allows_credentials, with_credentials);
    }
    // A filter that speaks only to the question before a request.
    let address = Pki::new().listen(|mut stream| {
        let is_question = some(&mut stream).starts_with(b"OPTIONS /");
        let header = if is_question { "Access-Control-Allow-Origin: *\r\n" } else { "" };
        let _ = stream.write_all(format!("HTTP/1.1 401 Unauthorized\r\n{header}\r\n").as_bytes());
    });
    let web = probed("https", address).web.unwrap();
    assert!(web.answer.status == 401 && web.cors.unwrap().is_any());
}

#[test]
fn a_port_without_tls_is_seen_whether_it_is_named_so_or_not() {
    let address = listen(|mut stream| {
        let request = some(&mut stream);
        let answer: &[u8] = match request.first() {
            Some(b'G' | b'O') => b"HTTP/1.1 401 Unauthorized\r\nAccess-Control-Allow-Origin: *\r\n\r\n",
            _ => b"HTTP/1.1 400 Bad Request\r\n\r\n",
        };
        let _ = stream.write_all(answer);
    });
    for scheme in ["http", "https"] {
        let posture = probed(scheme, address);
        assert!(posture.answers_plainly() && !posture.speaks_tls() && posture.is_telling(), "{posture:?}");
        assert!(posture.web.unwrap().cors.unwrap().is_any());
        assert!(posture.undetermined.is_empty() && posture.suites.is_none());
    }
    // A server that hangs up at a hello, and one that demands TLS of whoever asks without.
    let hangs_up = listen(|mut stream| {
        if some(&mut stream).starts_with(b"GET") {
            let _ = stream.write_all(b"HTTP/1.0 404 Not Found\r\n\r\n");
        }
    });
    assert!(probed("https", hangs_up).answers_plainly());
    let demands = listen(|mut stream| {
        some(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 301 Moved\r\nLocation: HTTPS://plc7/\r\n\r\n");
    });
    let posture = probed("http", demands);
    assert!(!posture.answers_plainly() && posture.is_telling());
}

#[test]
fn what_is_left_out_is_not_sent() {
    let address = answering("HTTP/1.1 200 OK\r\n\r\n");
    let every = [Probe::Versions, Probe::Suites, Probe::Plain, Probe::Cors, Probe::Hsts];
    for left_out in every {
        let how = Ask { left_out: vec![left_out], ..ask() };
        let posture = probe_blocking(&target("https", address), &how).unwrap();
        assert!(posture.sent.iter().all(|it| it.probe != left_out), "{left_out}: {:?}", posture.sent);
    }
    let how = Ask { left_out: every.to_vec(), ..ask() };
    assert!(probe_blocking(&target("https", address), &how).unwrap().sent.is_empty());
}

#[test]
fn connections_come_one_after_the_other_and_not_too_often() {
    let begun = Arc::new(Mutex::new(Vec::new()));
    let (open, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let config = Pki::new().config();
    let address = {
        let (begun, open, most) = (Arc::clone(&begun), Arc::clone(&open), Arc::clone(&most));
        listen(move |mut stream| {
            begun.lock().unwrap().push(Instant::now());
            most.fetch_max(open.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            let mut connection = rustls::ServerConnection::new(Arc::clone(&config)).unwrap();
            while connection.complete_io(&mut stream).is_ok_and(|(read, _)| read > 0) {}
            open.fetch_sub(1, Ordering::SeqCst);
        })
    };
    let how = Ask { pace: Duration::from_millis(60), left_out: vec![Probe::Cors, Probe::Hsts], ..ask() };
    let posture = probe_blocking(&target("https", address), &how).unwrap();
    let begun = begun.lock().unwrap();
    assert_eq!(begun.len(), posture.sent.len());
    assert!(begun.len() >= 5);
    let gaps = begun.windows(2).map(|pair| pair[1] - pair[0]);
    assert!(gaps.min().unwrap() >= Duration::from_millis(40), "{begun:?}");
    assert!(most.load(Ordering::SeqCst) <= 2, "a closed connection may still be open at its other end");
}

#[test]
fn a_server_that_says_nothing_is_left_alone() {
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    let address = listen(move |stream| {
        count.fetch_add(1, Ordering::SeqCst);
        thread::sleep(Duration::from_secs(20));
        drop(stream);
    });
    let how = Ask { each: Duration::from_millis(200), ..ask() };
    let start = Instant::now();
    let posture = probe_blocking(&target("https", address), &how).unwrap();
    assert!(start.elapsed() < Duration::from_secs(3), "{:?}", start.elapsed());
    assert!(connections.load(Ordering::SeqCst) <= 4, "{:?}", posture.sent);
    assert!(!posture.is_telling() && posture.why_undetermined(Probe::Versions).is_some());
}

#[test]
fn hostile_answers_end_in_time_and_tell_nothing_wrong() {
    fn slowly(mut stream: TcpStream) {
        let _ = some(&mut stream);
        while stream.write_all(b"H").is_ok() {
            thread::sleep(Duration::from_millis(50));
        }
    }
    fn for_ever(mut stream: TcpStream) {
        let _ = some(&mut stream);
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n");
        while stream.write_all(&b"X-Filler: endless\r\n".repeat(100)).is_ok() {}
    }
    fn garbage(mut stream: TcpStream) {
        let _ = some(&mut stream);
        let _ = stream.write_all(&[0xff; 700]);
    }
    for serve in [slowly, for_ever, garbage] {
        let address = listen(serve);
        for scheme in ["https", "http", "mqtts", "mqtt"] {
            let how = Ask { each: Duration::from_millis(300), whole: Duration::from_secs(4), ..ask() };
            let start = Instant::now();
            let posture = probe_blocking(&target(scheme, address), &how).unwrap();
            assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
            assert!(!posture.is_telling() && posture.mqtt.is_none(), "{posture:?}");
        }
    }
    // Nobody there.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let error = probe_blocking(&target("https", closed), &ask()).unwrap_err();
    assert!(matches!(error.fault, Fault::Refused), "{error}");
}

#[test]
fn a_broker_is_asked_for_a_session_without_a_name() {
    fn broker(code: u8, stream: &mut (impl std::io::Read + Write)) {
        let packet = some(stream);
        assert!(packet.starts_with(&[0x10]) && packet[2..8] == *b"\0\x04MQTT" && packet[9] == 2, "{packet:02x?}");
        assert_eq!(usize::from(packet[1]) + 2, packet.len());
        let _ = stream.write_all(&[0x20, 2, 0, code]);
    }
    for code in [0, 5] {
        let clear = listen(move |mut stream| broker(code, &mut stream));
        let posture = probed("mqtt", clear);
        assert_eq!(posture.mqtt.unwrap().0, code);
        assert!(posture.answers_plainly() && posture.sent.len() == 1, "{posture:?}");
        let secure = Pki::new().listen(move |mut stream| {
            if stream.conn.complete_io(&mut stream.sock).is_ok() {
                broker(code, &mut stream);
            }
        });
        let posture = probed("mqtts", secure);
        assert_eq!(posture.mqtt.map(|it| it.0), Some(code), "{posture:?}");
        assert!(!posture.answers_plainly() && posture.web.is_none());
    }
}

/// A folder with a self-signed RSA certificate.
fn rsa() -> TempDir {
    let folder = TempDir::new().unwrap();
    openssl(folder.path(), "req -x509 -nodes -subj /CN=plc7 -days 9 -newkey rsa:2048 -keyout key.pem -out cert.pem");
    folder
}

#[test]
fn old_versions_and_weak_suites_of_openssl_are_seen() {
    let folder = rsa();
    let served = |arguments: &str| {
        let server = OpenSsl::serve(folder.path(), &format!("-cert cert.pem -key key.pem {arguments}"));
        probed("https", server.address)
    };
    let posture = served("-tls1 -cipher ALL:@SECLEVEL=0");
    assert_eq!(posture.versions, Some(vec![Version::Tls10]));
    assert!(posture.has(Weakness::Anonymous).is_some() && posture.aead.is_none(), "{posture:?}");
    assert!(posture.why_undetermined(Probe::Cors).is_some());

    let posture = served("-cipher DEFAULT:@SECLEVEL=0");
    let all = [Version::Tls10, Version::Tls11, Version::Tls12, Version::Tls13];
    assert_eq!(posture.versions.as_deref(), Some(&all[..]));
    assert_eq!(posture.web.as_ref().unwrap().answer.status, 200);
    assert!(posture.has(Weakness::StaticKeyExchange).is_some() && posture.has(Weakness::Null).is_none());

    let posture = served("-tls1_2 -cipher NULL-SHA256:ADH-AES128-SHA:AECDH-NULL-SHA:@SECLEVEL=0");
    assert_eq!(posture.versions, Some(vec![Version::Tls12]));
    assert!(posture.has(Weakness::Null).is_some() && posture.has(Weakness::Anonymous).is_some());
    assert_eq!(posture.aead, Some(false));
    assert!(posture.why_undetermined(Probe::Suites).is_none(), "{:?}", posture.undetermined);

    let posture = served("-tls1_2 -cipher ECDHE-RSA-AES128-SHA256");
    assert_eq!((posture.suites.as_deref(), posture.aead), (Some(&[][..]), Some(false)));
    let posture = served("-tls1_3");
    assert_eq!(posture.versions, Some(vec![Version::Tls13]));
    assert_eq!((posture.suites.as_deref(), posture.aead), (Some(&[][..]), Some(true)));
    assert!(posture.sent.iter().all(|it| it.probe != Probe::Suites));
}

#[test]
fn the_ports_of_kepware_are_asked_and_closed_ones_are_no_error() {
    // An OPC UA server is named by its port; the others are where they are by custom, and mostly closed here.
    let own = listen(|mut stream| {
        some(&mut stream);
    });
    let host = "127.0.0.1".parse().unwrap();
    let how = Ask { each: Duration::from_millis(500), ..ask() };
    let ports = kepware_blocking(&host, &[own.port(), own.port()], &how).unwrap();
    let seen: Vec<u16> = ports.iter().map(|it| it.target.endpoint.port).collect();
    for port in [49320, 49330, 57512, 57513, 39320, 57212] {
        assert_eq!(seen.iter().filter(|it| **it == port).count(), 1, "{seen:?}");
    }
    let named: Vec<_> = ports.iter().filter(|it| it.target.endpoint.port == own.port()).collect();
    assert!(named.len() == 1 && named[0].part == Part::UaServer);
    assert!(matches!(&named[0].found, Found::UaServer(told) if told.is_err()), "{:?}", named[0].found);
    let nowhere = "no-such-host.invalid".parse().unwrap();
    assert!(kepware_blocking(&nowhere, &[], &how).is_err());
}
