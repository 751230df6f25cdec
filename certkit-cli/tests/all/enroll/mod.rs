//! `certkit enroll`: against a stand-in for an EST server, written from RFC 7030, whose CA is certkit's own.
//! `scripts/est-parts` does the same with OpenSSL in place of it.

mod echo;

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use certkit_core::container::{self, pem};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

/// What was asked of the server.
struct Question {
    path: String,
    head: String,
    body: Vec<u8>,
    is_client_known: bool,
}

/// A folder with a CA and the certificate of a server.
struct Plant(Arc<tempfile::TempDir>);

fn run(folder: &Path, line: &str) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_certkit"));
    command.args(line.split(' ')).current_dir(folder).stdin(Stdio::null()).output().unwrap()
}

fn done(folder: &Path, line: &str) {
    let output = run(folder, line);
    assert!(output.status.success(), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

/// Base64 in lines, as the standard has it.
fn base64(der: &[u8]) -> Vec<u8> {
    let text = pem::encode("PKCS7", der);
    text.lines()
        .filter(|line| !line.starts_with('-'))
        .map(|line| format!("{line}\r\n"))
        .collect::<String>()
        .into_bytes()
}

fn answer(status: u16, more: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status} So\r\n{more}Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

fn certs_only(body: &[u8]) -> Vec<u8> {
    answer(200, "Content-Type: application/pkcs7-mime; smime-type=certs-only\r\n", body)
}

/// What is there once a client has shown its certificate, and asked nothing then.
const STRANGER: &str = "shown-to-a-stranger";

static NUMBER: AtomicUsize = AtomicUsize::new(0);

impl Plant {
    fn new() -> Plant {
        let folder = tempfile::tempdir().unwrap();
        let at = folder.path();
        fs::write(at.join("word"), "first-Secret-417\n").unwrap();
        done(
            at,
            "generate ca --subject CN=Plant,O=Plant --issuing CN=Issuing,O=Plant --key-type ec:p256 --no-password -o plant-ca",
        );
        done(at, "generate ca --subject CN=Other,O=Plant --key-type ec:p256 --no-password -o other-ca");
        done(
            at,
            "generate https --ip 127.0.0.1 --name est --dns est.plant.example --issuer plant-ca --key-type ec:p256 --chain-out est.pem --key-out est-key.pem",
        );
        Plant(Arc::new(folder))
    }

    fn at(&self) -> &Path {
        self.0.path()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.at().join(name)
    }

    fn serve(&self, reply: impl Fn(&Question) -> Vec<u8> + Send + Sync + 'static) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_file(self.file("plant-ca/root/ca.pem")).unwrap()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
            .allow_unauthenticated()
            .build()
            .unwrap();
        let chain = CertificateDer::pem_file_iter(self.file("est.pem")).unwrap().map(Result::unwrap).collect();
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(chain, PrivateKeyDer::from_pem_file(self.file("est-key.pem")).unwrap())
            .unwrap();
        let config = Arc::new(config);
        let stranger = self.file(STRANGER);
        std::thread::spawn(move || {
            for socket in listener.incoming() {
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                let mut stream = StreamOwned::new(connection, socket.unwrap());
                let mut bytes = Vec::new();
                let mut piece = [0; 8192];
                let question = loop {
                    match stream.read(&mut piece) {
                        Ok(count) if count > 0 => bytes.extend_from_slice(&piece[..count]),
                        _ => break None,
                    }
                    let Some(end) = bytes.windows(4).position(|it| it == b"\r\n\r\n") else { continue };
                    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
                    let length = head
                        .to_ascii_lowercase()
                        .lines()
                        .find_map(|it| it.strip_prefix("content-length: ")?.parse().ok());
                    if bytes.len() >= end + 4 + length.unwrap_or(0) {
                        let path = head.split(' ').nth(1).unwrap().to_owned();
                        let is_client_known = stream.conn.peer_certificates().is_some();
                        break Some(Question { path, head, body: bytes[end + 4..].to_vec(), is_client_known });
                    }
                };
                let Some(question) = question else {
                    if stream.conn.peer_certificates().is_some() {
                        fs::write(&stranger, "").unwrap();
                    }
                    continue;
                };
                let _ = stream.write_all(&reply(&question));
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        });
        address
    }

    /// The bundle of the CA.
    fn authorities(&self, ca: &str) -> Vec<u8> {
        let name = format!("cas-{}.p7b", NUMBER.fetch_add(1, Ordering::Relaxed));
        done(self.at(), &format!("convert {ca}/chain.pem -o {name}"));
        base64(&fs::read(self.file(&name)).unwrap())
    }

    /// Signs what was sent, as the CA with these further arguments.
    fn sign(&self, body: &[u8], ca: &str, more: &str) -> Vec<u8> {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let contents = container::read(body).unwrap();
        fs::write(self.file(&format!("{number}.csr")), &contents.items[0].der[..]).unwrap();
        let line = format!("sign {number}.csr --issuer {ca} --cert-out {number}.p7b {more}");
        done(self.at(), line.trim_end());
        base64(&fs::read(self.file(&format!("{number}.p7b"))).unwrap())
    }

    /// A server as it should be: who asks has a name and a password, or a certificate.
    fn est(&self) -> SocketAddr {
        let plant = Plant(Arc::clone(&self.0));
        self.serve(move |asked| {
            // Of "twx:first-Secret-417".
            let is_logged_in = asked.head.contains("authorization: Basic dHd4OmZpcnN0LVNlY3JldC00MTc=");
            match asked.path.as_str() {
                "/.well-known/est/cacerts" => certs_only(&plant.authorities("plant-ca/issuing")),
                "/.well-known/est/simpleenroll" if is_logged_in => {
                    assert!(asked.head.contains("content-type: application/pkcs10"));
                    certs_only(&plant.sign(&asked.body, "plant-ca", "--kind https"))
                }
                "/.well-known/est/simplereenroll" if asked.is_client_known => {
                    assert!(!is_logged_in);
                    certs_only(&plant.sign(&asked.body, "plant-ca", "--kind client"))
                }
                "/.well-known/est/simplereenroll" if is_logged_in => {
                    certs_only(&plant.sign(&asked.body, "plant-ca", "--kind https"))
                }
                "/.well-known/est/simpleenroll" | "/.well-known/est/simplereenroll" => answer(
                    401,
                    "WWW-Authenticate: Basic realm=\"est\"\r\nContent-Type: text/plain\r\n",
                    b"who are you?\x1b[2J",
                ),
                _ => answer(404, "", b""),
            }
        })
    }
}

const LOG_IN: &str = "--user twx --password-file word";

#[test]
fn a_certificate_is_enrolled_and_renewed() {
    let plant = Plant::new();
    let (at, address) = (plant.at(), plant.est());
    let url = format!("est://{address}");
    let trust = "--trust plant-ca/root/ca.pem";
    done(at, &format!("enroll {url} {trust} --ca-out cas.pem"));
    let cas = fs::read_to_string(plant.file("cas.pem")).unwrap();
    assert_eq!(cas.matches("BEGIN CERTIFICATE").count(), 2);

    let line = format!(
        "enroll {url} https --name twx.plant.example --key-type ec:p256 {trust} {LOG_IN} --key-out twx-key.pem --chain-out twx.pem --json"
    );
    let output = run(at, &line);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let document: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&document["schema"], &document["command"]), (&"certkit.generate/1".into(), &"enroll".into()));
    assert_eq!(document["certificates"][0]["dns_names"][0], "twx.plant.example");
    assert_eq!(fs::read_to_string(plant.file("twx.pem")).unwrap().matches("BEGIN CERTIFICATE").count(), 2);
    let check = run(
        at,
        "check twx.pem twx-key.pem --trust plant-ca/root/ca.pem --host twx.plant.example --ignore revocation-unknown",
    );
    assert!(check.status.code() < Some(2), "{}", String::from_utf8_lossy(&check.stdout));

    let before = fs::read(plant.file("twx.pem")).unwrap();
    done(at, &format!("enroll {url} --renew twx.pem --key twx-key.pem {trust} {LOG_IN} --chain-out twx.pem --force"));
    assert_ne!(before, fs::read(plant.file("twx.pem")).unwrap());
    let key = fs::read(plant.file("twx-key.pem")).unwrap();
    done(
        at,
        &format!(
            "enroll {url} --renew twx.pem --key twx-key.pem --rekey {trust} {LOG_IN} --key-out new-key.pem --cert-out new.pem"
        ),
    );
    assert_ne!(key, fs::read(plant.file("new-key.pem")).unwrap());
    // That of a client says itself who asks again; that of a server alone does not.
    done(
        at,
        "generate client --name robot7 --issuer plant-ca --key-type ec:p256 --chain-out robot.pem --key-out robot-key.pem",
    );
    done(at, &format!("enroll {url} --renew robot.pem --key robot-key.pem {trust} --cert-out robot-new.pem"));
    let output = run(at, &format!("enroll {url} --renew twx.pem --key twx-key.pem {trust} --cert-out again.pem"));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(
        output.status.code() == Some(3) && error.contains("who are you?") && error.contains("--user NAME"),
        "{error}"
    );
    fs::write(plant.file("other-word"), "second-Secret-911\n").unwrap();
    let asked =
        format!("enroll {url} https --name twx.plant.example {trust} --user twx --password-file other-word -o made");
    let output = run(at, &asked);
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(3) && error.contains("does not take this name with this password"), "{error}");
    assert!(!plant.file("made").exists());
    done(at, &asked.replace("other-word", "word"));
    for name in ["twx.plant.example.pem", "twx.plant.example-key.pem", "twx.plant.example-chain.pem"] {
        assert!(plant.file("made").join(name).is_file(), "{name}");
    }
    let output = run(at, &format!("enroll {url} ca --name x {trust}"));
    let error = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(3) && error.contains("enrolls no CA"), "{error}");
    // A pinned server is taken whoever has signed it.
    let pin = certkit_core::Certificate::from_der(
        &container::read(&fs::read(plant.file("est.pem")).unwrap()).unwrap().items[0].der,
    );
    let pin = certkit_core::text::Hex(pin.unwrap().fingerprint_sha256()).to_string();
    done(at, &format!("enroll {url} --pin {pin}"));
    assert_eq!(run(at, &format!("enroll {url} --pin {}", "00".repeat(32))).status.code(), Some(3));
}

#[test]
fn the_certificate_of_a_client_is_shown_to_no_stranger() {
    let plant = Plant::new();
    let (at, address) = (plant.at(), plant.est());
    done(
        at,
        "generate client --name robot7 --issuer plant-ca --key-type ec:p256 --chain-out robot.pem --key-out robot-key.pem",
    );
    let line = format!("enroll est://{address} --renew robot.pem --key robot-key.pem --cert-out new.pem");
    for refused in ["--trust other-ca/ca.pem".to_owned(), format!("--pin {}", "00".repeat(32))] {
        assert_eq!(run(at, &format!("{line} {refused}")).status.code(), Some(3), "{refused}");
        // The server looks at one connection after the other.
        assert_eq!(run(at, &format!("enroll est://{address} --trust plant-ca/root/ca.pem")).status.code(), Some(0));
        assert!(!plant.file(STRANGER).exists(), "{refused}");
    }
    done(at, &format!("{line} --trust plant-ca/root/ca.pem"));
    assert!(!plant.file(STRANGER).exists());
}

#[test]
fn nothing_is_written_of_what_does_not_fit() {
    let plant = Plant::new();
    let at = plant.at().to_owned();
    type Reply = Box<dyn Fn(&Plant, &Question) -> Vec<u8> + Send + Sync>;
    let cases: Vec<(&str, Reply)> = vec![
        (
            "other key",
            Box::new(|plant, _| {
                let number = NUMBER.fetch_add(1, Ordering::Relaxed);
                done(
                    plant.at(),
                    &format!(
                        "request https --name twx.plant.example --key-type ec:p256 --key-out {number}.key --csr-out {number}.own"
                    ),
                );
                let body = fs::read(plant.file(&format!("{number}.own"))).unwrap();
                certs_only(&plant.sign(&body, "plant-ca", "--kind https"))
            }),
        ),
        (
            "additional",
            Box::new(|plant, asked| {
                certs_only(&plant.sign(&asked.body, "plant-ca", "--kind https --dns more.plant.example"))
            }),
        ),
        (
            "do not include the issuer",
            Box::new(|plant, asked| certs_only(&plant.sign(&asked.body, "other-ca", "--kind https"))),
        ),
        ("no certificates that can be read", Box::new(|_, _| certs_only(b"AAAA\r\n"))),
        ("no certificates that can be read", Box::new(|_, _| certs_only(b""))),
        ("longer than", Box::new(|_, _| certs_only(&vec![b'A'; 1_100_000]))),
        ("status 403", Box::new(|_, _| answer(403, "Content-Type: text/plain\r\n", b"not today\x1b[2J"))),
        ("which is not followed", Box::new(|_, _| answer(302, "Location: https://elsewhere.example/\r\n", b""))),
        ("status 202", Box::new(|_, _| answer(202, "", b""))),
        ("has not decided yet", Box::new(|_, _| answer(202, "Retry-After: 60\r\n", b""))),
        ("cannot be read", Box::new(|_, _| b"HTTP/1.1 200 So\r\nContent-Length: 100\r\n\r\nMII".to_vec())),
    ];
    for (said, reply) in cases {
        let shared = Plant(Arc::clone(&plant.0));
        let address = plant.serve(move |asked| {
            if asked.path.ends_with("/cacerts") {
                certs_only(&shared.authorities("plant-ca/issuing"))
            } else {
                reply(&shared, asked)
            }
        });
        let line = format!(
            "enroll est://{address}/line3 https --name twx.plant.example --key-type ec:p256 --trust plant-ca/root/ca.pem {LOG_IN} --key-out out-key.pem --cert-out out.pem"
        );
        let output = run(&at, &line);
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(3) && error.contains(said), "{said}: {error}");
        assert!(!error.contains("Secret") && !error.contains('\u{1b}'), "{error}");
        assert!(!plant.file("out-key.pem").exists() && !plant.file("out.pem").exists(), "{said}");
    }
    // What was changed is taken where that is allowed, and told.
    let shared = Plant(Arc::clone(&plant.0));
    let address = plant.serve(move |asked| match asked.path.ends_with("/cacerts") {
        true => certs_only(&shared.authorities("plant-ca/issuing")),
        false => certs_only(&shared.sign(&asked.body, "plant-ca", "--kind https --dns more.plant.example")),
    });
    let line = format!(
        "enroll est://{address} https --name twx.plant.example --key-type ec:p256 --trust plant-ca/root/ca.pem {LOG_IN} --key-out out-key.pem --cert-out out.pem --allow-changes"
    );
    let output = run(&at, &line);
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(1) && said.contains("additional name dns:more.plant.example"), "{said}");
}

#[test]
fn a_secret_goes_to_nobody_who_is_not_trusted() {
    let plant = Plant::new();
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    let address = plant.serve(move |_| {
        count.fetch_add(1, Ordering::Relaxed);
        answer(200, "", b"")
    });
    let want = "https --name twx.plant.example --key-type ec:p256 --key-out k.pem --cert-out c.pem";
    for trust in ["--trust other-ca/ca.pem", ""] {
        let line = format!("enroll est://{address} {want} {LOG_IN} {trust}");
        let output = run(plant.at(), line.trim_end());
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(3) && error.contains("not trusted") && error.contains("--pin"), "{error}");
    }
    assert_eq!(asked.load(Ordering::Relaxed), 0);
    for (bad, said) in [
        (format!("est://{address}/serverkeygen {want}"), "server-side key generation"),
        (format!("https://{address} {want}"), "does not begin with est://"),
        (format!("est://{address}/a/b {want}"), "not a CA label"),
        (format!("est://{address} ca --key-out k.pem"), "enrolls no CA"),
        (format!("est://{address} https --name twx.plant.example"), "no output given for the new private key"),
        (format!("est://{address} --cert-out c.pem"), "no purpose given"),
        (format!("est://{address} --renew est.pem"), "no private key given to sign the request"),
        (format!("est://{address} --renew est.pem --key plant-ca/issuing/ca-key.pem"), "does not belong"),
        (format!("est://{address} --pin 00"), "not a SHA-256"),
        ("est://127.0.0.1:1".to_owned(), "returned no certificate"),
    ] {
        let output = run(plant.at(), &format!("enroll {bad}"));
        let error = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.code() == Some(3) && error.contains(said), "{bad}: {error}");
    }
    assert!(!plant.file("k.pem").exists());
}

#[test]
fn a_ca_that_needs_time_is_asked_again() {
    let plant = Plant::new();
    let (shared, count) = (Plant(Arc::clone(&plant.0)), AtomicUsize::new(0));
    let address = plant.serve(move |asked| match asked.path.ends_with("/cacerts") {
        true => certs_only(&shared.authorities("plant-ca/issuing")),
        false if count.fetch_add(1, Ordering::Relaxed) < 2 => answer(202, "Retry-After: 1\r\n", b""),
        false => certs_only(&shared.sign(&asked.body, "plant-ca", "--kind client")),
    });
    done(
        plant.at(),
        &format!(
            "enroll est://{address} client --name robot7 --key-type ec:p256 --trust plant-ca/root/ca.pem --wait 20s --key-out k.pem --cert-out c.der"
        ),
    );
    assert_eq!(fs::read(plant.file("c.der")).unwrap()[0], 0x30);
}
