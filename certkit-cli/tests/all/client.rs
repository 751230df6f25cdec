//! Client certificates: how they are judged, whom servers say they accept, and whether one's own fits.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::path::Path;
use std::process::{Command, Output};
use std::sync::Arc;

use certkit_core::container::pem;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};
use serde_json::Value;

fn certkit(folder: &Path, arguments: &[&str]) -> (Output, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_certkit")).args(arguments).current_dir(folder).output().unwrap();
    let document = serde_json::from_slice(&output.stdout).unwrap_or(Value::Null);
    (output, document)
}

struct Authority {
    params: CertificateParams,
    key: KeyPair,
    der: CertificateDer<'static>,
}

impl Authority {
    fn new(name: &str) -> Authority {
        let (key, mut params) = (KeyPair::generate().unwrap(), CertificateParams::new(vec![]).unwrap());
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let der = params.self_signed(&key).unwrap().der().clone();
        Authority { params, key, der }
    }

    /// Writes a client's certificate and its key.
    fn client(&self, folder: &Path, name: &str) {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
        params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
        let made = params.signed_by(&key, &Issuer::from_params(&self.params, &self.key)).unwrap();
        std::fs::write(folder.join(format!("{name}.pem")), pem::encode("CERTIFICATE", made.der())).unwrap();
        std::fs::write(folder.join(format!("{name}.key")), key.serialize_pem()).unwrap();
    }
}

/// A server that takes clients of one CA alone, and says so.
fn server(authority: &Authority) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(authority.der.clone()).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_single_cert(
            vec![own.cert.der().clone()],
            PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap(),
        )
        .unwrap();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = StreamOwned::new(ServerConnection::new(Arc::clone(&config)).unwrap(), stream);
            if stream.read(&mut [0; 4096]).is_ok_and(|length| length > 0) {
                let _ = stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n");
            }
        }
    });
    address
}

fn ids(document: &Value) -> Vec<&str> {
    document["findings"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect()
}

#[test]
fn whom_a_server_accepts_is_told_and_held_against_ones_own() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let (plant, other) = (Authority::new("Plant Client CA"), Authority::new("Other CA"));
    plant.client(folder, "own");
    other.client(folder, "foreign");
    let url = format!("https://localhost:{}", server(&plant).port());
    let of = |name: &str| [format!("{name}.pem"), format!("{name}.key")];
    let shown = |name: &str, arguments: &[&str]| {
        let [certificate, key] = of(name);
        certkit(folder, &[arguments, &["--client-cert", &certificate, "--client-key", &key]].concat())
    };
    // Without a certificate of one's own, the names are told, and nothing is found.
    let (_, document) = certkit(folder, &["check", &url, "--json"]);
    let asked = &document["sources"][0]["client_certificate"];
    assert_eq!(
        (&asked["state"], &asked["accepted_issuers"], &asked["is_listed"]),
        (&"demanded".into(), &serde_json::json!(["CN=Plant Client CA"]), &Value::Null),
        "{document:#}"
    );
    assert!(!ids(&document).iter().any(|id| id.starts_with("client-certificate")), "{document:#}");
    let (output, _) = certkit(folder, &["check", &url]);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("asks for a client certificate of\n    CN=Plant Client CA"), "{text}");
    let (_, document) = certkit(folder, &["fetch", &url, "--offline", "--json"]);
    assert_eq!(document["accepted_issuers"], serde_json::json!(["CN=Plant Client CA"]));
    assert_eq!(document["is_client_certificate_listed"], Value::Null);
    // One of the right CA.
    for arguments in [&["check", &url, "--json"][..], &["fetch", &url, "--offline", "--json"]] {
        let (_, document) = shown("own", arguments);
        assert!(!ids(&document).iter().any(|id| id.starts_with("client-certificate")), "{document:#}");
    }
    let (_, document) = shown("own", &["check", &url, "--json"]);
    assert_eq!(document["sources"][0]["client_certificate"]["is_listed"], true);
    let (output, _) = shown("own", &["fetch", &url, "--offline"]);
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(text.contains("Accepts      CN=Plant Client CA") && text.contains("one of them issued"), "{text}");
    // A store has both, in whatever order.
    std::fs::write(folder.join("password"), "Sesame-Opens-417\n").unwrap();
    let ca = pem::encode("CERTIFICATE", &plant.der);
    std::fs::write(folder.join("ca.pem"), ca).unwrap();
    let made = Command::new("openssl")
        .args(["pkcs12", "-export", "-in", "own.pem", "-inkey", "own.key", "-certfile", "ca.pem", "-out", "own.p12"])
        .args(["-passout", "file:password"])
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(made.status.success(), "{made:?}");
    let named = ["--client-password-file", "password", "--json"];
    for more in [&["--client-cert", "own.p12"][..], &["--client-cert", "own.p12", "--client-key", "own.p12"]] {
        let (output, document) = certkit(folder, &[&["check", &url], more, &named].concat());
        let asked = &document["sources"][0]["client_certificate"];
        assert_eq!(asked["is_listed"], true, "{document:#} {}", String::from_utf8_lossy(&output.stderr));
        assert!(!ids(&document).iter().any(|id| id.starts_with("client-certificate")), "{document:#}");
    }
    let (output, _) = certkit(folder, &["check", &url, "--client-cert", "own.p12"]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(3) && errors.contains("--client-password-file"), "{errors}");
    // One of another CA is refused, and was not asked for.
    for arguments in [&["check", &url, "--json"][..], &["fetch", &url, "--offline", "--json"]] {
        let (output, document) = shown("foreign", arguments);
        assert_eq!(output.status.code(), Some(2), "{document:#}");
        let found = ids(&document);
        for id in ["client-certificate-refused", "client-certificate-unlisted"] {
            assert!(found.contains(&id), "{id}: {document:#}");
        }
    }
    // Of several those are tried first whose CA the server names.
    let several = |certificates: &[&str], arguments: &[&str]| {
        let words = certificates.iter().flat_map(|name| {
            [["--client-cert".to_owned(), format!("{name}.pem")], ["--client-key".to_owned(), format!("{name}.key")]]
        });
        let words: Vec<String> = words.flatten().collect();
        certkit(folder, &[arguments, &words.iter().map(String::as_str).collect::<Vec<_>>()].concat())
    };
    other.client(folder, "second");
    for arguments in [&["check", &url, "--json"][..], &["fetch", &url, "--offline", "--json"]] {
        let (_, document) = several(&["foreign", "own"], arguments);
        assert!(!ids(&document).iter().any(|id| id.starts_with("client-certificate")), "{document:#}");
        let (output, document) = several(&["foreign", "second"], arguments);
        assert_eq!(output.status.code(), Some(2), "{document:#}");
        let refused =
            document["findings"].as_array().unwrap().iter().find(|it| it["id"] == "client-certificate-refused");
        let said = refused.unwrap_or_else(|| panic!("{document:#}"))["message"].as_str().unwrap();
        assert!(said.contains("each client certificate (foreign.pem, second.pem)"), "{said}");
    }
    let (_, document) = several(&["foreign", "second", "own"], &["check", &url, "--json"]);
    let asked = &document["sources"][0]["client_certificate"];
    assert_eq!((&asked["is_listed"], &asked["shown"]), (&true.into(), &"own.pem".into()), "{document:#}");
    let (output, _) = certkit(
        folder,
        &["check", &url, "--client-cert", "own.pem", "--client-cert", "second.pem", "--client-key", "own.key"],
    );
    assert_eq!(output.status.code(), Some(3));
    // Half of an identity is none, and files are no servers.
    let (output, _) = certkit(folder, &["check", &url, "--client-cert", "own.pem"]);
    assert_eq!(output.status.code(), Some(3));
    let (output, _) = shown("nobody", &["check", &url]);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.code() == Some(3) && errors.contains("nobody.pem"), "{errors}");
}

/// The exit status of a command, its profiles and its findings.
fn judged(folder: &Path, line: &str) -> (Option<i32>, Value, Vec<String>) {
    let (output, document) = certkit(folder, &line.split(' ').chain(["--json"]).collect::<Vec<_>>());
    let findings = document["findings"].as_array().unwrap_or_else(|| panic!("{line}: {document:#}"));
    let told = |it: &Value| format!("{} {}", it["severity"].as_str().unwrap(), it["id"].as_str().unwrap());
    (output.status.code(), document["profiles"].clone(), findings.iter().map(told).collect())
}

fn done(folder: &Path, line: &str) {
    let (output, _) = certkit(folder, &line.split(' ').collect::<Vec<_>>());
    assert_eq!(output.status.code(), Some(0), "{line}: {}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_client_is_judged_as_a_client() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    for line in [
        "generate ca --name Root --key-type ec:p256 --no-password --cert-out root.pem --key-out root.key",
        "generate client --name op --key-type ec:p256 --cert-out own.pem --key-out own.key",
        "generate client --name op --key-type ec:p256 --issuer root.pem --issuer-key root.key --cert-out op.pem --key-out op.key",
        "generate https --name plc7 --key-type ec:p256 --issuer root.pem --issuer-key root.key --cert-out web.pem --key-out web.key",
        "request client --name op --key op.key -o op.csr",
        "sign op.csr --kind client --issuer root.pem --issuer-key root.key --cert-out signed.pem",
        "renew op.pem --key op.key --issuer root.pem --issuer-key root.key --cert-out renewed.pem",
    ] {
        done(folder, line);
    }
    let client = serde_json::json!(["client"]);
    // What is made passes, by whatever door.
    for file in ["op.pem", "signed.pem", "renewed.pem", "op.pem op.key"] {
        let line = format!("check --trust root.pem {file}");
        assert_eq!(judged(folder, &line), (Some(0), client.clone(), Vec::new()), "{line}");
    }
    assert_eq!(judged(folder, "check op.csr"), (Some(0), client.clone(), Vec::new()));
    // A server may trust this very one; what to do is a client's matter.
    let (status, profiles, findings) = judged(folder, "check own.pem");
    assert_eq!((status, profiles, findings), (Some(0), client.clone(), vec!["info self-signed".to_owned()]));
    let (_, document) = certkit(folder, &["check", "own.pem", "--json"]);
    let remedy = document["findings"][0]["remedy"].as_str().unwrap();
    assert!(remedy.contains("certkit generate client --name NAME --issuer CA"), "{remedy}");
    // A server's certificate is no client's, and the other way round.
    let (status, _, findings) = judged(folder, "check web.pem --trust root.pem --profile client");
    assert_eq!((status, findings), (Some(2), vec!["error client-auth-missing".to_owned()]));
    let (status, _, findings) = judged(folder, "check op.pem --trust root.pem --profile https");
    assert!(status == Some(2) && findings.contains(&"error server-auth-missing".to_owned()), "{findings:?}");
    // Who names a host asks about a server.
    let (status, profiles, findings) = judged(folder, "check op.pem --trust root.pem --host plc7");
    assert_eq!((status, &profiles[0]), (Some(2), &Value::from("https")), "{findings:?}");
    let (output, _) = certkit(folder, &["check", "op.pem", "--profile", "client", "--host", "plc7"]);
    assert!(String::from_utf8_lossy(&output.stderr).contains("--host has no effect under the profile client"));
    // Another CA's client is not taken for one's own.
    let (status, _, findings) = judged(folder, "check op.pem --trust web.pem");
    assert!(status == Some(2) && findings.contains(&"error anchor-not-named".to_owned()), "{findings:?}");
    // Among what will expire it is a client, too.
    let (_, document) = certkit(folder, &["expiry", "op.pem", "--findings", "--trust", "root.pem", "--json"]);
    let entry = &document["entries"][0];
    assert!(entry["source"] == "op.pem" && entry.get("findings").is_none(), "{document:#}");
}

#[test]
fn a_client_of_a_ca_for_servers_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let mut authority = Authority::new("Servers");
    authority.params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    let der = authority.params.self_signed(&authority.key).unwrap().der().clone();
    std::fs::write(folder.path().join("root.pem"), pem::encode("CERTIFICATE", &der)).unwrap();
    authority.client(folder.path(), "op");
    let (status, profiles, findings) = judged(folder.path(), "check op.pem --trust root.pem");
    assert_eq!((status, &profiles[0]), (Some(2), &Value::from("client")));
    assert!(findings.contains(&"error purpose-not-allowed".to_owned()), "{findings:?}");
}
