//! Against real servers: Tomcat, nginx, openssl s_server, proxies. `scripts/parts` starts them.

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The servers' ports and files, from the folder that `CERTKIT_PARTS` names.
struct Parts(HashMap<String, String>);

impl Parts {
    fn new() -> Parts {
        let folder = std::env::var_os("CERTKIT_PARTS").expect("CERTKIT_PARTS names the folder of scripts/parts");
        let text = std::fs::read_to_string(PathBuf::from(folder).join("parts.env")).expect("parts.env");
        let pairs = text.lines().filter_map(|line| line.split_once('='));
        Parts(pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect())
    }

    fn get(&self, key: &str) -> &str {
        self.0.get(key).unwrap_or_else(|| panic!("{key} is not in parts.env"))
    }

    fn url(&self, scheme: &str, port: &str) -> String {
        format!("{scheme}://127.0.0.1:{}", self.get(port))
    }
}

/// What a run of certkit gave.
struct Run {
    status: i32,
    json: Value,
    stderr: String,
}

impl Run {
    fn ids(&self) -> Vec<&str> {
        let findings = self.json["findings"].as_array().map(Vec::as_slice).unwrap_or_default();
        findings.iter().filter(|it| it["severity"] != "info").map(|it| it["id"].as_str().unwrap()).collect()
    }

    fn subjects(&self) -> Vec<&str> {
        let certificates = self.json["certificates"].as_array().unwrap();
        self.json["chain"]["path"]
            .as_array()
            .unwrap()
            .iter()
            .map(|at| certificates[at.as_u64().unwrap() as usize]["subject"]["common_name"].as_str().unwrap())
            .collect()
    }

    fn origins(&self) -> Vec<&str> {
        let certificates = self.json["certificates"].as_array().unwrap();
        certificates.iter().map(|it| it["origin"].as_str().unwrap()).collect()
    }
}

fn certkit(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certkit")).args(arguments).output().unwrap()
}

fn fetch(url: &str, more: &[&str]) -> Run {
    let mut arguments = vec!["fetch", url, "--json"];
    arguments.extend(more);
    let output = certkit(&arguments);
    Run {
        status: output.status.code().unwrap(),
        json: serde_json::from_slice(&output.stdout).unwrap_or(Value::Null),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

fn tool(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{program} {arguments:?}: {text}");
    text
}

#[test]
#[ignore = "needs the servers of scripts/parts"]
fn the_ca_of_a_tomcat_is_written_and_read_back() {
    let parts = Parts::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("thingworx-ca.cer");
    let (url, file_name) = (parts.url("thingworx", "TOMCAT_PORT"), file.to_str().unwrap());
    let run = fetch(&url, &["--trust", parts.get("ROOT_PEM"), "--part", "ca", "-o", file_name]);
    assert_eq!((run.status, run.ids()), (0, vec![]), "{}", run.json);
    assert_eq!(run.json["answer"]["status"], 404);
    assert_eq!(run.json["presented"], 2);
    assert_eq!(run.subjects().last(), Some(&"Plant Root CA"));
    assert_eq!(run.json["key_possession_proven"], true);
    assert_eq!(run.json["kepware"]["resource"], "/Thingworx/WS");
    assert_eq!(run.json["kepware"]["trust_self_signed_certificates"], false);

    let subject = tool("openssl", &["x509", "-in", file_name, "-noout", "-subject"]);
    assert!(subject.contains("Plant Root CA"), "{subject}");
    let store = folder.path().join("trust.p12");
    let import =
        ["-importcert", "-noprompt", "-alias", "plant", "-storepass", "changeit", "-file", file_name, "-keystore"];
    let mut arguments = import.to_vec();
    arguments.push(store.to_str().unwrap());
    tool("keytool", &arguments);
    assert_eq!(certkit(&["check", file_name]).status.code(), Some(0));

    // The file is kept, and the server is not even asked.
    let again = fetch(&url, &["--trust", parts.get("ROOT_PEM"), "--part", "ca", "-o", file_name]);
    assert_eq!(again.status, 3);
    assert!(again.stderr.contains("--force"), "{}", again.stderr);
}

#[test]
#[ignore = "needs the servers of scripts/parts"]
fn a_root_that_nobody_has_is_named_and_nothing_is_written() {
    let parts = Parts::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("ca.cer");
    let run = fetch(&parts.url("thingworx", "TOMCAT_PORT"), &["--part", "ca", "-o", file.to_str().unwrap()]);
    assert_eq!(run.status, 2);
    assert!(!file.exists());
    assert!(run.json["chain"]["missing"]["subject_dn"].as_str().unwrap().contains("Plant Root CA"), "{}", run.json);
    assert!(run.json["chain"]["missing"]["key_id"].is_string());
    assert!(run.ids().contains(&"chain-incomplete"), "{:?}", run.ids());
    // What scripts read agrees with the status, and people are told.
    assert_eq!(run.json["verdict"], "errors");
    assert!(run.stderr.contains("nothing was written"), "{}", run.stderr);
}

#[test]
#[ignore = "needs the servers of scripts/parts"]
fn a_hyphen_is_standard_output_and_other_kinds_of_files_are_refused() {
    let parts = Parts::new();
    let folder = tempfile::tempdir().unwrap();
    let url = parts.url("thingworx", "TOMCAT_PORT");
    let fetch = |output: &str| {
        let words = ["fetch", &url, "--part", "leaf", "-o", output];
        Command::new(env!("CARGO_BIN_EXE_certkit")).args(words).current_dir(folder.path()).output().unwrap()
    };
    assert!(fetch("-").stdout.starts_with(b"-----BEGIN CERTIFICATE-----"));
    let refused = fetch("chain.p12");
    assert_eq!(refused.status.code(), Some(3));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("certkit convert"), "{refused:?}");
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
#[ignore = "needs the servers of scripts/parts"]
fn a_self_signed_tomcat_gives_its_own_certificate_and_a_warning() {
    let parts = Parts::new();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("own.cer");
    let url = parts.url("thingworx", "TOMCAT_SELF_SIGNED_PORT");
    let run = fetch(&url, &["--part", "ca", "-o", file.to_str().unwrap()]);
    assert_eq!(run.status, 2);
    assert!(run.ids().contains(&"self-signed"), "{:?}", run.ids());
    assert_eq!(run.json["kepware"]["trust_self_signed_certificates"], false);
    assert_eq!(run.json["kepware"]["needs_trust_in_self_signed_certificates"], true);
    let fingerprint = |path: &str| tool("openssl", &["x509", "-in", path, "-noout", "-fingerprint", "-sha256"]);
    assert_eq!(fingerprint(file.to_str().unwrap()), fingerprint(parts.get("TOMCAT_SELF_SIGNED_PEM")));
}

#[test]
#[ignore = "needs the servers of scripts/parts"]
fn every_version_and_key_exchange_gives_the_chain() {
    let parts = Parts::new();
    for (port, version, handshake) in [
        ("TLS13_PORT", "tls_1_3", "complete"),
        ("TLS13_P521_PORT", "tls_1_3", "complete"),
        ("TLS12_PORT", "tls_1_2", "complete"),
        ("TLS11_PORT", "tls_1_1", "clear"),
        ("TLS10_PORT", "tls_1_0", "clear"),
        ("STATIC_RSA_PORT", "tls_1_2", "clear"),
        ("MQTTS_PORT", "tls_1_3", "complete"),
    ] {
        let run = fetch(&parts.url("tls", port), &["--trust", parts.get("ROOT_PEM")]);
        assert_eq!(run.json["tls_connection"]["version"], version, "{port}: {}", run.stderr);
        assert_eq!(run.json["handshake"], handshake, "{port}");
        assert_eq!(run.json["key_possession_proven"], handshake == "complete", "{port}");
        assert_eq!(run.subjects().last(), Some(&"Plant Root CA"), "{port}");
    }
}

#[test]
#[ignore = "needs the servers of scripts/parts"]
fn what_is_wrong_with_a_server_is_said() {
    let parts = Parts::new();
    for (port, wanted) in [
        ("SELF_SIGNED_PORT", "self-signed"),
        ("EXPIRED_PORT", "expired"),
        ("NOT_YET_VALID_PORT", "not-yet-valid"),
        ("SHA1_PORT", "signature-weak-hash"),
        ("RSA1024_PORT", "key-too-weak"),
        ("WRONG_HOST_PORT", "host-mismatch"),
        ("NO_SAN_PORT", "san-missing"),
        ("CLIENT_EKU_PORT", "server-auth-missing"),
        ("V1_PORT", "version-not-3"),
        ("WRONG_ORDER_PORT", "chain-order"),
        ("EXTRA_CERTIFICATES_PORT", "chain-unrelated"),
        ("EXTRA_CERTIFICATES_PORT", "chain-duplicate"),
    ] {
        let run = fetch(&parts.url("https", port), &["--trust", parts.get("ROOT_PEM")]);
        assert!(run.ids().contains(&wanted), "{port}: {wanted} is not among {:?}; {}", run.ids(), run.stderr);
    }
    for port in ["TLS_PORT", "P384_PORT", "ED25519_PORT"] {
        let root = if port == "P384_PORT" { "P384_ROOT_PEM" } else { "ROOT_PEM" };
        let run = fetch(&parts.url("https", port), &["--trust", parts.get(root)]);
        assert_eq!(run.status, 0, "{port}: {:?} {}", run.ids(), run.stderr);
    }
}

#[test]
#[ignore = "needs the servers of scripts/parts"]
fn a_cross_signed_root_ends_in_the_root_that_is_trusted() {
    let parts = Parts::new();
    let url = parts.url("https", "CROSS_SIGNED_PORT");
    let new = fetch(&url, &["--trust", parts.get("ROOT_PEM")]);
    assert_eq!(new.subjects().last(), Some(&"Plant Root CA"));
    assert_eq!(new.json["chain"]["path"].as_array().unwrap().len(), 3, "the cross certificate is not needed");
    let old = fetch(&url, &["--trust", parts.get("OLD_ROOT_PEM")]);
    assert_eq!(old.json["chain"]["end"], "anchor");
    assert_eq!(old.json["chain"]["path"].as_array().unwrap().len(), 4);
}

#[test]
#[ignore = "needs the servers of scripts/parts"]
fn issuers_are_downloaded_from_where_certificates_say() {
    let parts = Parts::new();
    for port in ["AIA_CER_PORT", "AIA_P7C_PORT", "AIA_TWO_PORT"] {
        let run = fetch(&parts.url("https", port), &["--trust", parts.get("ROOT_PEM")]);
        assert_eq!(run.json["chain"]["complete"], true, "{port}: {}", run.json["chain"]);
        assert!(run.origins().iter().any(|origin| origin.starts_with("downloaded from http://")), "{port}");
        assert!(run.ids().contains(&"chain-issuers-not-sent"), "{port}: {:?}", run.ids());
        let offline = fetch(&parts.url("https", port), &["--trust", parts.get("ROOT_PEM"), "--offline"]);
        assert_eq!(offline.json["chain"]["complete"], false, "{port}");
        assert!(!offline.json["chain"]["missing"]["issuing_certificate_urls"].as_array().unwrap().is_empty());
    }
    for port in ["AIA_SILENT_PORT", "AIA_ENDLESS_PORT", "AIA_MISSING_PORT"] {
        let start = Instant::now();
        let run = fetch(&parts.url("https", port), &["--trust", parts.get("ROOT_PEM"), "--timeout", "2s"]);
        assert!(start.elapsed() < Duration::from_secs(6), "{port}");
        assert_eq!(run.json["chain"]["complete"], false, "{port}");
        assert!(run.json["chain"]["downloads"][0]["error"].is_string(), "{port}: {}", run.json["chain"]);
    }
}

#[test]
#[ignore = "needs the servers of scripts/parts"]
fn client_certificates_are_asked_for_and_shown() {
    let parts = Parts::new();
    let trust = ["--trust", parts.get("ROOT_PEM")];
    for (port, wanted) in [
        ("TLS12_CLIENT_OPTIONAL_PORT", "asked"),
        ("TLS12_CLIENT_DEMANDED_PORT", "demanded"),
        ("TLS13_CLIENT_DEMANDED_PORT", "demanded"),
    ] {
        let run = fetch(&parts.url("https", port), &trust);
        assert_eq!(run.json["client_certificate"], wanted, "{port}: {}", run.stderr);
        assert_eq!(run.subjects().last(), Some(&"Plant Root CA"), "{port}");
    }
    let identity = ["--client-cert", parts.get("CLIENT_CERT_PEM"), "--client-key", parts.get("CLIENT_KEY_PEM")];
    for port in ["TLS12_CLIENT_DEMANDED_PORT", "TLS13_CLIENT_DEMANDED_PORT"] {
        let run = fetch(&parts.url("https", port), &[&trust[..], &identity[..]].concat());
        assert_eq!(run.json["client_certificate"], "asked", "{port}: {}", run.stderr);
        assert_eq!(run.json["handshake"], "complete");
    }
    let folder = tempfile::tempdir().unwrap();
    let [key, right, wrong] = ["key.pem", "right.txt", "wrong.txt"].map(|name| folder.path().join(name));
    std::fs::write(&right, "Plant-Secret-2026!\n").unwrap();
    std::fs::write(&wrong, "Plant-Secret-2025!\n").unwrap();
    let encrypted = Command::new("openssl")
        .args(["pkcs8", "-topk8", "-in", parts.get("CLIENT_KEY_PEM"), "-passout"])
        .arg(format!("file:{}", right.display()))
        .arg("-out")
        .arg(&key)
        .status();
    assert!(encrypted.unwrap().success());
    for (password, status) in [(&right, 0), (&wrong, 3)] {
        let identity = ["--client-cert", parts.get("CLIENT_CERT_PEM"), "--client-key", key.to_str().unwrap()];
        let password = ["--client-password-file", password.to_str().unwrap()];
        let url = parts.url("https", "TLS13_CLIENT_DEMANDED_PORT");
        let run = fetch(&url, &[&trust[..], &identity[..], &password[..]].concat());
        assert_eq!(run.status, status, "{}", run.stderr);
    }
}

#[test]
#[ignore = "needs the servers of scripts/parts"]
fn names_choose_the_certificate() {
    let parts = Parts::new();
    let url = parts.url("https", "NGINX_SNI_PORT");
    for (name, fits) in [("thingworx.plant.test", "thingworx"), ("kepware.plant.test", "kepware")] {
        let run = fetch(&url, &["--server-name", name, "--trust", parts.get("ROOT_PEM")]);
        assert_eq!(run.json["server_name"], name);
        assert!(!run.ids().contains(&"host-mismatch"), "{fits}: {:?}", run.ids());
    }
    let demanded = parts.url("https", "NGINX_SNI_DEMANDED_PORT");
    let refused = fetch(&demanded, &[]);
    assert_eq!(refused.status, 3);
    let run = fetch(&demanded, &["--server-name", "thingworx.plant.test", "--trust", parts.get("ROOT_PEM")]);
    assert_eq!(run.status, 0, "{:?} {}", run.ids(), run.stderr);
    assert_eq!(fetch(&parts.url("https", "NGINX_REJECT_PORT"), &[]).status, 3);
    let elsewhere = format!("127.0.0.1:{}", parts.get("NGINX_SNI_PORT"));
    let run = fetch("https://kepware.plant.test", &["--connect", &elsewhere, "--trust", parts.get("ROOT_PEM")]);
    assert_eq!(run.status, 0, "{:?} {}", run.ids(), run.stderr);
}

#[test]
#[ignore = "needs the servers of scripts/parts"]
fn proxies_are_passed_and_their_refusals_told() {
    let parts = Parts::new();
    let url = format!("https://thingworx.plant.test:{}", parts.get("NGINX_SNI_PORT"));
    let open = parts.url("http", "PROXY_PORT");
    let run = fetch(&url, &["--proxy", &open, "--trust", parts.get("ROOT_PEM")]);
    assert_eq!(run.status, 0, "{:?} {}", run.ids(), run.stderr);
    assert_eq!(run.json["through_proxy"], true);
    for (port, status) in [("PROXY_AUTH_PORT", "407"), ("PROXY_DENY_PORT", "403")] {
        let refused = fetch(&url, &["--proxy", &parts.url("http", port)]);
        assert_eq!(refused.status, 3);
        assert!(refused.stderr.contains(status), "{}", refused.stderr);
    }
    let (user, password) = (parts.get("PROXY_USER"), parts.get("PROXY_PASSWORD"));
    let secret = format!("http://{user}:{password}@127.0.0.1:{}", parts.get("PROXY_AUTH_PORT"));
    let told = fetch(&url, &["--proxy", &secret]);
    assert_eq!(told.status, 3, "a password on the command line is refused");
    let output = Command::new(env!("CARGO_BIN_EXE_certkit"))
        .args(["fetch", &url, "--proxy", "env:PLANT_PROXY", "--trust", parts.get("ROOT_PEM"), "--json"])
        .env("PLANT_PROXY", &secret)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{text}");
    assert!(!text.contains(password));
}

#[test]
#[ignore = "needs the servers of scripts/parts"]
fn hostile_servers_end_in_one_clear_error_in_time() {
    let parts = Parts::new();
    for port in ["SILENT", "DRIP", "GARBAGE", "PLAIN_HTTP", "SSH", "CLOSE", "RESET", "REFUSED"] {
        let start = Instant::now();
        let run = fetch(&parts.url("https", &format!("{port}_PORT")), &["--timeout", "2s"]);
        assert_eq!(run.status, 3, "{port}");
        assert!(start.elapsed() < Duration::from_secs(4), "{port} took {:?}", start.elapsed());
        assert_eq!(run.stderr.matches("certkit: error:").count(), 1, "{port}: {}", run.stderr);
        assert!(run.stderr.contains("hint:"), "{port}: {}", run.stderr);
    }
}

#[test]
#[ignore = "needs the servers of scripts/parts"]
fn an_ipv6_address_is_an_address() {
    let parts = Parts::new();
    // Some machines have no IPv6 loopback; scripts/parts says so and leaves the server out.
    let Some(port) = parts.0.get("IPV6_PORT") else { return };
    let run = fetch(&format!("https://[::1]:{port}"), &["--trust", parts.get("ROOT_PEM")]);
    assert!(!run.ids().contains(&"host-mismatch"), "{:?} {}", run.ids(), run.stderr);
    assert_eq!(run.json["host"], "[::1]");
}
