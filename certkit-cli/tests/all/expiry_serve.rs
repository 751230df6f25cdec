//! `certkit expiry serve`: metrics and health over HTTP.
#![cfg(unix)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::expiry_plant::{Plant, status, text};

/// A certkit that serves; killed when dropped.
struct Served {
    child: Child,
    address: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Served {
    fn new(plant: &Plant, arguments: &[&str]) -> Served {
        let mut child = Command::new(env!("CARGO_BIN_EXE_certkit"))
            .args(["expiry", "serve", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .current_dir(plant.folder.path())
            .stdin(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut first = String::new();
        let mut errors = BufReader::new(child.stderr.take().unwrap());
        errors.read_line(&mut first).unwrap();
        std::thread::spawn(move || std::io::copy(&mut errors, &mut std::io::sink()));
        let address = first.split("http://").nth(1).unwrap().split('/').next().unwrap().to_owned();
        Served { child, address }
    }

    /// The status and the whole answer to a request.
    fn asked(&self, request: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.write_all(format!("{request} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        (answer.split(' ').nth(1).unwrap().parse().unwrap(), answer)
    }

    /// Asks for a page until it is as it should be.
    fn until(&self, page: &str, is_right: impl Fn(u16, &str) -> bool) -> String {
        let end = Instant::now() + Duration::from_secs(30);
        loop {
            let (status, answer) = self.asked(&format!("GET {page}"));
            if is_right(status, &answer) {
                return answer;
            }
            assert!(Instant::now() < end, "{answer}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

#[test]
fn what_is_seen_is_served_and_kept_up_to_date() {
    let plant = Plant::new();
    std::fs::write(plant.file("inventory.toml"), "[[source]]\nat = \"pki\"\n").unwrap();
    let mut served = Served::new(&plant, &["--config", "inventory.toml", "--every", "1s"]);
    let metrics = served.until("/metrics", |status, _| status == 200);
    assert!(metrics.to_lowercase().contains("content-type: text/plain; version=0.0.4; charset=utf-8"), "{metrics}");
    assert!(metrics.contains("x509_cert_not_after{filename=\"fine.pem\""), "{metrics}");
    assert!(metrics.contains("\ncertkit_expiry_run_failed 0\n"), "{metrics}");
    let health = served.until("/health", |status, _| status == 200);
    let total = format!("{} entries: ", plant.json(&["pki"])["summary"]["total"]);
    assert!(health.contains("ok: the last run was at") && health.contains(&total), "{health}");
    // What is renewed, new or unreadable is seen by the next look.
    std::fs::remove_file(plant.file("pki/expired.pem")).unwrap();
    plant.leaf("new", 300);
    served.until("/metrics", |_, it| it.contains("new.plant.test") && !it.contains("expired.pem"));
    // An inventory that is broken leaves what was known, and says so.
    std::fs::write(plant.file("inventory.toml"), "[[source]]\nat = 3\n").unwrap();
    served.until("/metrics", |_, it| it.contains("\ncertkit_expiry_run_failed 1\n") && it.contains("new.plant.test"));
    let health = served.until("/health", |status, _| status == 503);
    assert!(health.contains("failing") && health.contains("inventory.toml, line"), "{health}");
    std::fs::write(plant.file("inventory.toml"), "[[source]]\nat = \"pki\"\n").unwrap();
    served.until("/health", |status, _| status == 200);
    // Other requests.
    assert!(served.asked("GET /").1.contains("href=\"/metrics\""));
    assert_eq!(served.asked("GET /etc/passwd").0, 404);
    assert_eq!(served.asked("POST /metrics").0, 405);
    assert!(!served.asked("HEAD /metrics").1.contains("x509_cert"));
    let mut stream = TcpStream::connect(&served.address).unwrap();
    stream.write_all(&[b'x'; 100_000]).ok();
    served.until("/health", |status, _| status == 200);
    // A service manager ends it.
    let id = served.child.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    assert!(served.child.wait().unwrap().success());
}

#[test]
fn many_silent_connections_hold_nobody_up() {
    let plant = Plant::new();
    let served = Served::new(&plant, &["pki"]);
    served.until("/metrics", |status, _| status == 200);
    let silent: Vec<TcpStream> = (0..70).map(|_| TcpStream::connect(&served.address).unwrap()).collect();
    let start = Instant::now();
    assert_eq!(served.asked("GET /health").0, 200);
    assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    drop(silent);
}

#[test]
fn what_is_wrong_at_the_start_ends_it() {
    let plant = Plant::new();
    std::fs::write(plant.file("bad.toml"), "[[source]]\nat = 3\n").unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string();
    let held = std::net::TcpListener::bind(&taken).unwrap();
    for (arguments, said) in [
        (&["serve", "--listen", "127.0.0.1:0", "--config", "bad.toml"][..], "bad.toml, line"),
        (&["serve", "--listen", "127.0.0.1:0"], "no input given"),
        (&["serve", "--listen", &taken, "pki"], "cannot listen on"),
        (&["serve", "--listen", "plc7", "pki"], "--listen"),
        (&["serve", "--every", "0s", "pki"], "without a pause"),
    ] {
        let output = plant.run(arguments);
        let errors = text(&output.stderr);
        assert!(status(&output) == 3 && errors.contains(said), "{arguments:?}: {errors}");
    }
    drop(held);
}
