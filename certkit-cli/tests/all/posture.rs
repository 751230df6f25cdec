//! `certkit check --posture`, and what is said of ports without TLS.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::process::{Command, Output};
use std::sync::Arc;
use std::thread;

use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

fn certkit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certkit")).args(arguments).output().unwrap()
}

fn document(output: &Output) -> serde_json::Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("{error}: {output:?}"))
}

fn ids(document: &serde_json::Value) -> Vec<&str> {
    document["findings"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect()
}

/// A server without TLS that gives one answer to every request in HTTP.
fn plain(answer: &'static str) -> SocketAddr {
    serve(move |mut stream| {
        let mut bytes = [0; 4096];
        let length = stream.read(&mut bytes).unwrap_or(0);
        if bytes[..length].starts_with(b"GET") || bytes[..length].starts_with(b"OPTIONS") {
            let _ = stream.write_all(answer.as_bytes());
        }
    })
}

/// The same over TLS.
fn secure(answer: &'static str) -> SocketAddr {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![own.cert.der().clone()], key)
        .unwrap();
    let config = Arc::new(config);
    serve(move |stream| {
        let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
        if stream.read(&mut [0; 4096]).is_ok_and(|length| length > 0) {
            let _ = stream.write_all(answer.as_bytes());
        }
    })
}

fn serve(one: impl Fn(std::net::TcpStream) + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let one = Arc::new(one);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let one = Arc::clone(&one);
            thread::spawn(move || one(stream));
        }
    });
    address
}

#[test]
fn a_rest_server_with_an_asterisk_is_not_fine() {
    let port = secure("HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\n\r\n").port();
    let url = format!("https://localhost:{port}/iotgateway/");
    let output = certkit(&["check", "--posture", "--pace", "1s", &url, "--json", "--no-probe", "suites,versions"]);
    assert_eq!(output.status.code(), Some(2));
    let document = document(&output);
    assert!(ids(&document).contains(&"cors-any-origin"), "{document:#}");
    let posture = &document["posture"][0];
    assert_eq!(posture["cors"]["allow_origin"], "*");
    assert_eq!(posture["left_out"], serde_json::json!(["suites", "versions"]));
    let sent: Vec<&str> = posture["sent"].as_array().unwrap().iter().map(|it| it["probe"].as_str().unwrap()).collect();
    assert_eq!(sent, ["plain", "cors"]);
    let finding = document["findings"].as_array().unwrap().iter().find(|it| it["id"] == "cors-any-origin").unwrap();
    assert_eq!(finding["source"], url.as_str());
    assert!(finding["clauses"].to_string().contains("guide section 6.4.2"));

    let text = certkit(&["check", "--posture", &url]);
    let text = String::from_utf8_lossy(&text.stdout).into_owned();
    assert!(text.contains("accepts TLS 1.2, TLS 1.3") && text.contains("TLS hello for TLS 1.3"), "{text}");
    assert!(text.contains("x error  cors-any-origin"), "{text}");
    // Without the option nothing of it is sent or said.
    let without = certkit(&["check", &url, "--json"]);
    let without: serde_json::Value = serde_json::from_slice(&without.stdout).unwrap();
    assert!(without.get("posture").is_none() && !ids(&without).contains(&"cors-any-origin"));
}

#[test]
fn plain_http_is_a_finding_however_it_is_named() {
    let address = plain("HTTP/1.1 401 Unauthorized\r\n\r\n");
    for arguments in [
        vec!["check".to_owned(), format!("http://{address}/config/v1/about"), "--json".to_owned()],
        vec!["check".to_owned(), "--posture".to_owned(), format!("http://{address}"), "--json".to_owned()],
        vec!["check".to_owned(), "--posture".to_owned(), format!("https://{address}"), "--json".to_owned()],
    ] {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let output = certkit(&arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {output:?}");
        let document = document(&output);
        assert_eq!(ids(&document), ["http-plain"], "{arguments:?}");
        assert_eq!(document["verdict"], "errors");
        let expected = if arguments.len() == 3 { 1 } else { 2 };
        assert!(document["posture"][0]["sent"].as_array().unwrap().len() >= expected);
    }
    let output = certkit(&["check", &format!("http://{address}")]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("answers without TLS: HTTP 401 Unauthorized") && text.contains("7.1.2"), "{text}");
}

#[test]
fn a_redirect_to_tls_is_fine_and_nobody_there_is_no_finding() {
    let address = plain("HTTP/1.1 301 \r\nLocation: https://plc7/\r\n\r\n");
    let output = certkit(&["check", &format!("http://{address}")]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    // A server that sends no words after its status gets the standard's, and no blank stands at an end of a line.
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("HTTP 301 Moved Permanently") && text.lines().all(|line| line.trim_end() == line), "{text}");

    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for url in [format!("http://{closed}"), format!("https://{closed}")] {
        let output = certkit(&["check", "--posture", &url]);
        assert_eq!((output.status.code(), output.stdout.len()), (Some(3), 0), "{output:?}");
    }
    // Both a dead one and a living one: the dead one is told, and hides nothing.
    let output = certkit(&["check", &format!("http://{closed}"), &format!("http://{address}"), "--json"]);
    assert_eq!((output.status.code(), ids(&document(&output))), (Some(2), vec!["input-not-read"]));
}

#[test]
fn probes_need_an_endpoint_and_their_names() {
    let output = certkit(&["check", "--posture", "Cargo.toml"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(3) && errors.contains("--posture needs an endpoint"), "{errors}");
    let output = certkit(&["check", "--posture", "--no-probe", "everything", "https://127.0.0.1:1"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(3) && errors.contains("plain-port"), "{errors}");
    // Elsewhere a URL without TLS is no endpoint, and the message says where it is one.
    let output = certkit(&["fetch", "http://127.0.0.1:1"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(3) && errors.contains("certkit check URL"), "{errors}");
}

#[test]
fn an_address_in_the_place_of_a_command_is_understood() {
    for (word, tip) in [
        ("plc7.plant.example", "certkit fetch https://plc7.plant.example"),
        ("plc7.plant.example", "certkit check opc.tcp://plc7.plant.example:49320"),
        ("localhost:8443/Thingworx/WS", "certkit fetch localhost:8443/Thingworx/WS"),
        ("opc.tcp://plc7:49320", "certkit check --posture opc.tcp://plc7:49320"),
        ("http://plc7:57412", "certkit check http://plc7:57412"),
        ("Cargo.toml", "certkit inspect Cargo.toml"),
        ("https://user:secret@plc7", "error"),
    ] {
        let output = certkit(&[word]);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(3) && errors.contains(tip), "{word}: {errors}");
        assert!(!errors.contains("secret"), "{errors}");
        let output = certkit(&[word, "--json"]);
        assert!(String::from_utf8_lossy(&output.stdout).contains(tip), "{output:?}");
    }
    let slip = String::from_utf8_lossy(&certkit(&["fetc"]).stderr).into_owned();
    assert!(slip.contains("fetch") && !slip.contains("https://"), "{slip}");
    // PTC's own spelling reaches the server.
    let port = secure("HTTP/1.1 404 \r\n\r\n").port();
    let output = certkit(&["fetch", &format!("localhost:{port}/Thingworx/WS"), "--offline"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(errors.contains("404 Not Found"), "{errors}");
    let output = certkit(&["check", &format!("localhost:{port}/Thingworx/WS"), "--json"]);
    assert_eq!(document(&output)["profiles"], serde_json::json!(["alwayson"]));
}

#[test]
fn a_host_of_kepware_is_asked_as_a_whole() {
    // Nothing of it is here but a port that says nothing.
    let silent = serve(|mut stream| {
        let _ = stream.read(&mut [0; 64]);
    });
    let url = format!("kepware://127.0.0.1:{}", silent.port());
    let output = certkit(&["check", &url, "--json"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(3), "{errors}");
    assert!(
        errors.contains(&format!("opc.tcp://127.0.0.1:{}", silent.port())) || errors.contains("127.0.0.1"),
        "{errors}"
    );
    let output = certkit(&["check", "kepware://user:secret@plc7"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(3) && !errors.contains("secret"), "{errors}");
}

#[test]
fn a_key_beside_a_server_is_held_against_what_it_shows() {
    let address = secure("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("other.key");
    let key = certkit_core::generate::KeyPair::generate(certkit_core::generate::KeyType::P256).unwrap();
    std::fs::write(&path, certkit_core::container::pem::encode("PRIVATE KEY", &key.to_pkcs8().unwrap())).unwrap();
    let output = certkit(&["check", "--json", &format!("https://{address}"), path.to_str().unwrap()]);
    let document = document(&output);
    assert!(ids(&document).contains(&"key-certificate-mismatch"), "{document:#}");
}

#[test]
fn what_begins_in_clear_is_refused_by_posture() {
    for url in ["smtp://127.0.0.1:1", "postgres://127.0.0.1:1", "ldap://127.0.0.1:1", "mssql://127.0.0.1:1"] {
        let output = certkit(&["check", "--posture", url, "https://127.0.0.1:1"]);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(3), "{errors}");
        assert!(errors.contains("begins in clear") && errors.contains("tls://HOST:PORT"), "{errors}");
        assert!(!errors.contains("refused: nothing listens"), "nothing is asked: {errors}");
    }
}

#[test]
fn a_server_that_does_not_go_over_to_tls_gets_the_hint_of_its_fault() {
    let saying = |words: &'static str| {
        serve(move |mut stream| {
            let _ = stream.write_all(words.as_bytes());
            let _ = stream.read(&mut [0; 64]);
            let _ = stream.write_all(b"250 plain.plant.test\r\n");
            let _ = stream.read(&mut [0; 64]);
        })
    };
    for (greeting, hint) in [
        ("220 plain.plant.test\r\n", "switch the server's TLS on"),
        ("554 5.7.1 not from there\r\n", "see also its log"),
        ("SSH-2.0-OpenSSH_9.2\r\n", "check the port and the scheme before"),
        ("", "gives no plain-text answer"),
    ] {
        let url = format!("smtp://{}", saying(greeting));
        let output = certkit(&["fetch", &url, "--timeout", "1s"]);
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.code() == Some(3) && errors.contains(hint), "{greeting}: {errors}");
    }
}
