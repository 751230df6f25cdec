//! `certkit expiry --config`: what sources are opened with, which files are left out, and thresholds of public roots.

use std::io::Read as _;
use std::net::{SocketAddr, TcpListener};
use std::process::Command;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};

use super::expiry_plant::{AT, Plant, status, text};
use certkit_core::store::roots;
use rcgen::{CertificateParams, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert, WebPkiClientVerifier};
use rustls::sign::CertifiedKey;
use rustls::{RootCertStore, ServerConfig, ServerConnection, StreamOwned};

fn inventory(plant: &Plant, text: &str) -> std::process::Output {
    std::fs::write(plant.file("inventory.toml"), text).unwrap();
    plant.run(&["--config", "inventory.toml", "--at", AT])
}

fn errors(output: &std::process::Output) -> String {
    assert_eq!(status(output), 3, "{output:?}");
    text(&output.stderr)
}

#[test]
fn stores_have_passwords_of_their_own() {
    let plant = Plant::new();
    for (name, word) in [("one", "first-Secret-417"), ("two", "other-Secret-911")] {
        std::fs::write(plant.file(&format!("{name}.password")), format!("{word}\n")).unwrap();
        let made = Command::new(env!("CARGO_BIN_EXE_certkit"))
            .args(["convert", "pki/fine.pem", "-o", &format!("{name}.p12"), "--new-password-file"])
            .arg(format!("{name}.password"))
            .current_dir(plant.folder.path())
            .output()
            .unwrap();
        assert!(made.status.success(), "{made:?}");
    }
    let output = inventory(
        &plant,
        "[defaults]\naccess = { password-file = \"one.password\" }\n[[source]]\nat = \"one.p12\"\n[[source]]\nat = \
         \"two.p12\"\naccess = { password-file = \"two.password\" }\n",
    );
    assert_eq!((status(&output), text(&output.stdout).matches("fine.plant.test").count()), (0, 2), "{output:?}");
    let output = inventory(&plant, "[[source]]\nat = \"two.p12\"\naccess = { password-file = \"one.password\" }\n");
    assert_eq!(status(&output), 2);
    assert!(text(&output.stdout).contains("bad_passphrase") && !text(&output.stdout).contains("Secret"), "{output:?}");
    for (bad, said) in [
        ("at = \"one.p12\"\naccess = { password-file = \"a\", password-env = \"B\" }", "given twice"),
        ("at = \"https://plc7\"\naccess = { password-env = \"X\" }", "for files and stores"),
        ("at = \"one.p12\"\naccess = { server-name = \"plc7\" }", "for endpoints"),
        ("at = \"opc.tcp://plc7\"\naccess = { server-name = \"plc7\" }", "without security"),
        ("at = \"https://plc7\"\naccess = { server-name = \"plc 7\" }", "not a valid server name"),
        ("at = \"https://plc7\"\naccess = { client-key = \"pki/fine.key\" }", "needs its certificate"),
        ("at = \"https://plc7\"\naccess = { client-certificate = \"x\" }", "did you mean"),
        ("at = \"pki\"\nexclude = [\"[\"]", "pattern"),
    ] {
        let said_of = errors(&inventory(&plant, &format!("[[source]]\n{bad}\n")));
        assert!(said_of.contains(said), "{bad}: {said_of}");
    }
}

#[test]
fn what_is_wrong_with_one_source_is_told_of_it_alone() {
    let plant = Plant::new();
    for (bad, said) in [
        ("at = \"pki/root.pem\"\naccess = { password-file = \"none\" }", "password file"),
        ("at = \"pki/root.pem\"\naccess = { password-env = \"CERTKIT_NONE\" }", "CERTKIT_NONE"),
        ("at = \"https://127.0.0.1:9\"\nrenew = { }", "`renew` is for files"),
        ("at = \"https://127.0.0.1:9\"\naccess = { client-cert = \"no.pem\", client-key = \"no.key\" }", "no.pem"),
        ("at = \"https://127.0.0.1:9\"\naccess = { client-cert = \"pki/fine.pem\" }", "holds no private key"),
    ] {
        let sources =
            format!("[[source]]\n{bad}\n[[source]]\nat = \"pki/warning.pem\"\nrenew = {{ issuer = \"none\" }}\n");
        let output = inventory(&plant, &sources);
        let shown = text(&output.stdout);
        assert_eq!(status(&output), 2, "{bad}: {output:?}");
        assert!(shown.contains("not_opened") && shown.contains(said), "{bad}: {shown}");
        assert!(shown.contains("warning.plant.test"), "the others are looked at: {shown}");
        let listed = plant.certkit(&["inventory", "--config", "inventory.toml", "--format", "json"]);
        let shown = text(&listed.stdout);
        assert_eq!(status(&listed), 2, "{bad}: {listed:?}");
        assert!(shown.contains(said) && shown.contains("warning.plant.test"), "{bad}: {shown}");
        let renewed = plant.certkit(&["renew", "--due", "--config", "inventory.toml", "--dry-run"]);
        assert!(text(&renewed.stdout).contains("pki/warning.pem"), "{bad}: {renewed:?}");
    }
}

#[test]
fn files_are_left_out_by_their_paths_and_counted() {
    let plant = Plant::new();
    std::fs::create_dir_all(plant.file("pki/old/deep")).unwrap();
    std::fs::copy(plant.file("pki/expired.pem"), plant.file("pki/old/deep/expired.pem")).unwrap();
    let output = inventory(&plant, "[[source]]\nat = \"pki\"\nexclude = [\"exp*.pem\", \"critical.*\", \"warn*\"]\n");
    let shown = text(&output.stdout);
    assert_eq!(status(&output), 0, "{shown}");
    assert!(shown.contains("4 files are left out by the inventory"), "{shown}");
    let output = inventory(&plant, "[[source]]\nat = \"pki\"\nexclude = [\"old/**\", \"*/fine.pem\"]\n");
    let shown = text(&output.stdout);
    assert!(status(&output) == 2 && shown.contains("1 file is left out"), "{shown}");
    assert!(shown.contains("pki/expired.pem") && !shown.contains("old/deep"), "{shown}");
    // A folder of which nothing is left is not fine.
    let output = inventory(&plant, "[[source]]\nat = \"pki\"\nexclude = [\"**\"]\n");
    assert!(status(&output) == 2 && text(&output.stdout).contains("no_certificate_found"), "{output:?}");
    std::fs::write(plant.file("inventory.toml"), "[[source]]\nat = \"pki\"\nexclude = [\"fine.pem\"]\n").unwrap();
    let mut excluded = 0;
    for shard in ["0/2", "1/2"] {
        excluded += plant.json(&["--config", "inventory.toml", "--shard", shard])["excluded"].as_u64().unwrap();
    }
    assert_eq!(excluded, 1);
}

#[test]
fn public_roots_have_thresholds_of_their_own() {
    let plant = Plant::new();
    let public = certkit_core::Certificate::from_der(roots::mozilla().next().unwrap()).unwrap();
    let text_of = certkit_core::container::pem::encode("CERTIFICATE", public.der());
    std::fs::write(plant.file("pki/public.pem"), text_of).unwrap();
    let at = public.not_after().unwrap().plus(-20 * certkit_core::moment::DAY).to_string();
    let run = |more: &str| {
        let text = format!("[[source]]\nat = \"pki/public.pem\"\n{more}\n");
        std::fs::write(plant.file("inventory.toml"), text).unwrap();
        status(&plant.run(&["--config", "inventory.toml", "--at", &at]))
    };
    assert_eq!(run(""), 1);
    assert_eq!(run("public-roots = { warn = \"10d\" }"), 0);
    assert_eq!(run("public-roots = { warn = \"40d\", critical = 30 }"), 2);
    // Another root is none of them.
    std::fs::write(
        plant.file("inventory.toml"),
        "[defaults]\npublic-roots = { warn = \"1d\", critical = \"1d\" }\n[[source]]\nat = \"pki/root.pem\"\nwarn = \
         \"4000d\"\n",
    )
    .unwrap();
    assert_eq!(status(&plant.run(&["--config", "inventory.toml", "--at", AT])), 1);
}

/// Shows one certificate to whoever asks for its name, and another one to all others.
#[derive(Debug)]
struct Named(Arc<CertifiedKey>, Arc<CertifiedKey>);

impl ResolvesServerCert for Named {
    fn resolve(&self, hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(if hello.server_name() == Some("plc7.plant.test") { &self.0 } else { &self.1 }))
    }
}

fn own(name: &str, end: i32) -> (KeyPair, CertificateDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    params.not_after = rcgen::date_time_ymd(end, 5, 1);
    let der = params.self_signed(&key).unwrap().der().clone();
    (key, der)
}

/// A certificate of a CA, which is written to `ca.pem`.
fn issued(name: &str, plant: &Plant) -> (KeyPair, CertificateDer<'static>) {
    let (key, ca_key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
    let mut authority = CertificateParams::default();
    authority.distinguished_name.push(rcgen::DnType::CommonName, "Server CA");
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    authority.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign, rcgen::KeyUsagePurpose::CrlSign];
    let ca = authority.self_signed(&ca_key).unwrap();
    let text = certkit_core::container::pem::encode("CERTIFICATE", ca.der());
    std::fs::write(plant.file("ca.pem"), text).unwrap();
    let mut params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    params.not_after = rcgen::date_time_ymd(2030, 5, 1);
    params.use_authority_key_identifier_extension = true;
    let der = params.signed_by(&key, &rcgen::Issuer::new(authority, ca_key)).unwrap().der().clone();
    (key, der)
}

/// A server that takes clients with this certificate alone; tells of each connection whether one was shown.
fn server(client: &CertificateDer<'static>, plant: &Plant) -> (SocketAddr, Receiver<bool>) {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let certified = |(key, der): (KeyPair, CertificateDer<'static>)| {
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        Arc::new(CertifiedKey::new(vec![der], provider.key_provider.load_private_key(key).unwrap()))
    };
    let named = issued("plc7.plant.test", plant);
    let mut roots = RootCertStore::empty();
    roots.add(client.clone()).unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider)).build().unwrap();
    let config = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(&[&rustls::version::TLS12])
        .unwrap()
        .with_client_cert_verifier(verifier)
        .with_cert_resolver(Arc::new(Named(certified(named), certified(own("other", 2026)))));
    let (sender, received) = channel();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream);
            let _ = stream.read(&mut [0; 64]);
            let _ = sender.send(stream.conn.peer_certificates().is_some());
        }
    });
    (address, received)
}

#[test]
fn servers_are_asked_by_a_name_and_shown_a_certificate() {
    let plant = Plant::new();
    let (key, client) = own("monitor", 2030);
    let (other_key, other) = own("stranger", 2030);
    for (name, key, certificate) in [("monitor", &key, &client), ("stranger", &other_key, &other)] {
        std::fs::write(plant.file(&format!("{name}.key")), key.serialize_pem()).unwrap();
        let text = certkit_core::container::pem::encode("CERTIFICATE", certificate);
        std::fs::write(plant.file(&format!("{name}.pem")), text).unwrap();
    }
    let (address, received) = server(&client, &plant);
    let at = format!("[[source]]\nat = \"https://{address}\"\n");
    let run = |access: &str| inventory(&plant, &format!("{at}{access}\n"));
    assert_eq!(status(&run("")), 2, "the other certificate has expired");
    let named = run("access = { server-name = \"plc7.plant.test\" }");
    assert_eq!(status(&named), 0, "{named:?}");
    let shown = |name: &str| {
        format!(
            "access = {{ server-name = \"plc7.plant.test\", client-cert = \"{name}.pem\", client-key = \"{name}.key\" }}"
        )
    };
    let known = run(&shown("monitor"));
    assert_eq!(status(&known), 0, "{known:?}");
    let has_shown = || {
        std::thread::sleep(std::time::Duration::from_millis(300));
        received.try_iter().any(|is_shown| is_shown)
    };
    assert!(!has_shown(), "nobody has verified the server");
    let trusting = ["--config", "inventory.toml", "--trust", "ca.pem"];
    let known = plant.run(&[&trusting[..], &["--at", AT]].concat());
    assert_eq!((status(&known), has_shown()), (0, true), "{known:?}");
    let listed = plant.certkit(&["inventory", "--config", "inventory.toml"]);
    assert_eq!((status(&listed), has_shown()), (0, false), "{listed:?}");
    let listed = plant.certkit(&[&["inventory"], &trusting[..]].concat());
    assert_eq!((status(&listed), has_shown()), (0, true), "{listed:?}");
    // Dates are seen before the server says whom it takes.
    assert_eq!(status(&run(&shown("stranger"))), 0);
    let mixed = shown("monitor").replace("monitor.key", "stranger.key");
    assert!(errors(&run(&mixed)).contains("does not belong to the client key"));
}
