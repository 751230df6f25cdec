//! OPC UA on the command line: servers on loopback, recorded and made up.

mod fetch;
mod like;
mod preflight;
mod review;
mod verify;

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::opcua_server as server;
use serde_json::Value;

fn testdata(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata").join(name)
}

/// Says what a real server said once, and waits until the client is gone.
fn replay(name: &str) -> SocketAddr {
    let said = std::fs::read(testdata("opcua").join(name)).unwrap();
    server::listen(move |mut stream| {
        server::receive(&mut stream);
        stream.write_all(&said).unwrap();
        let _ = stream.read_to_end(&mut Vec::new());
    })
}

/// What a run of certkit gave.
struct Run {
    status: i32,
    stdout: String,
    stderr: String,
}

impl Run {
    fn of(arguments: &[&str]) -> Run {
        let output: Output =
            Command::new(env!("CARGO_BIN_EXE_certkit")).args(arguments).stdin(Stdio::null()).output().unwrap();
        Run {
            status: output.status.code().unwrap(),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {} {}", self.stdout, self.stderr))
    }
}

/// The ids of the findings in a document that are no notes.
fn ids(document: &Value) -> Vec<&str> {
    let findings = document["findings"].as_array().unwrap().iter();
    findings.filter(|it| it["severity"] != "info").map(|it| it["id"].as_str().unwrap()).collect()
}

/// Holds a document against its schema: every key is described, what is required is there.
fn holds(document: &Value, name: &str) {
    let schema = Run::of(&["schema", name]).json();
    let properties = schema["properties"].as_object().unwrap();
    for key in document.as_object().unwrap().keys() {
        assert!(properties.contains_key(key), "{name}: {key}");
    }
    for key in schema["required"].as_array().unwrap() {
        assert!(document.get(key.as_str().unwrap()).is_some(), "{name}: {key}");
    }
}
