//! What only OpenSSL serves: obsolete versions, suites and keys, and client certificates.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use certkit_core::presented::{Alert, Doubt, Possession};
use certkit_core::source::{
    Capture, ClientCertificate, ClientIdentity, Connect, Extent, Handshake, HttpFault, capture_blocking,
};
use tempfile::TempDir;

use super::servers::{OpenSsl, Pki, endpoint, openssl, tls, within};

const SECONDS: Duration = Duration::from_secs(5);

fn der(folder: &Path, name: &str) -> Vec<u8> {
    let pem = fs::read(folder.join(name)).unwrap();
    ::pem::parse(pem).unwrap().into_contents()
}

/// A folder with `cert.pem` and `key.pem`, self-signed with the arguments of `openssl req`.
fn self_signed(arguments: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    openssl(
        folder.path(),
        &format!("req -x509 -nodes -subj /CN=plc7 -days 9 -keyout key.pem -out cert.pem {arguments}"),
    );
    folder
}

fn captured(folder: &TempDir, arguments: &str) -> Capture {
    let arguments = format!("-cert cert.pem -key key.pem {arguments}");
    let server = OpenSsl::serve(folder.path(), &arguments);
    let capture = capture_blocking(&tls(server.address), &within(SECONDS)).unwrap();
    assert_eq!(capture.presented, [der(folder.path(), "cert.pem")]);
    capture
}

fn in_the_clear(capture: &Capture, version: &str, cipher: &str) {
    assert!(matches!(capture.handshake, Handshake::Clear(_)), "{capture:?}");
    assert_eq!(capture.possession, Possession::Unproven(Doubt::InTheClear));
    assert_eq!(capture.client_certificate, ClientCertificate::NotAsked);
    let negotiated = capture.negotiated.unwrap();
    assert_eq!(negotiated.version.as_str(), version);
    assert_eq!(negotiated.cipher.to_string(), cipher);
}

#[test]
fn obsolete_handshakes_are_read_in_the_clear() {
    let rsa = self_signed("-newkey rsa:2048");
    let capture = captured(&rsa, "-tls1 -cipher ALL:@SECLEVEL=0");
    in_the_clear(&capture, "TLS 1.0", "TLS_ECDHE_RSA_WITH_AES_256_CBC_SHA");
    let capture = captured(&rsa, "-tls1_1 -cipher AES128-SHA@SECLEVEL=0");
    in_the_clear(&capture, "TLS 1.1", "TLS_RSA_WITH_AES_128_CBC_SHA");
    let capture = captured(&rsa, "-tls1_2 -cipher AES128-SHA@SECLEVEL=0");
    in_the_clear(&capture, "TLS 1.2", "TLS_RSA_WITH_AES_128_CBC_SHA");
    let capture = captured(&rsa, "-tls1_2 -cipher DHE-RSA-AES128-SHA256");
    in_the_clear(&capture, "TLS 1.2", "TLS_DHE_RSA_WITH_AES_128_CBC_SHA256");
    let capture = captured(&rsa, "-tls1_2 -cipher NULL-SHA256:@SECLEVEL=0");
    in_the_clear(&capture, "TLS 1.2", "TLS_RSA_WITH_NULL_SHA256");
    let capture = captured(&rsa, "-tls1_2 -curves brainpoolP256r1");
    in_the_clear(&capture, "TLS 1.2", "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384");
}

#[test]
fn a_chain_alone_is_the_one_that_a_handshake_shows() {
    let folder = self_signed("-newkey ec -pkeyopt ec_paramgen_curve:prime256v1");
    openssl(folder.path(), "req -x509 -nodes -subj /CN=plc7 -days 9 -keyout rsa.key -out rsa.pem -newkey rsa:2048");
    let both = "-cert cert.pem -key key.pem -dcert rsa.pem -dkey rsa.key";
    // Whoever takes TLS 1.2 shows it at once; TLS 1.3 takes the beginning of a handshake, older versions the old hello.
    for (arguments, version) in [
        (both, "TLS 1.2"),
        ("-cert rsa.pem -key rsa.key -tls1_2", "TLS 1.2"),
        ("-cert cert.pem -key key.pem -tls1_3", "TLS 1.3"),
        ("-cert rsa.pem -key rsa.key -tls1_3", "TLS 1.3"),
        ("-cert rsa.pem -key rsa.key -tls1 -cipher ALL:@SECLEVEL=0", "TLS 1.0"),
    ] {
        let server = OpenSsl::serve(folder.path(), arguments);
        let whole = capture_blocking(&tls(server.address), &within(SECONDS)).unwrap();
        let alone = Connect { extent: Extent::Chain, ..within(SECONDS) };
        let alone = capture_blocking(&tls(server.address), &alone).unwrap();
        assert_eq!(alone.presented, whole.presented, "{arguments}");
        assert_eq!(alone.negotiated.unwrap().version.as_str(), version, "{arguments}");
        let is_cut = matches!(alone.handshake, Handshake::Cut);
        assert!(is_cut || version == "TLS 1.0", "{arguments}: {alone:?}");
        assert!(matches!(alone.possession, Possession::Unproven(_)), "{arguments}: {alone:?}");
    }
}

#[test]
fn obsolete_keys_are_read_in_the_clear() {
    let folder = TempDir::new().unwrap();
    openssl(folder.path(), "dsaparam -out params.pem 1024");
    openssl(folder.path(), "req -x509 -nodes -subj /CN=plc7 -keyout key.pem -out cert.pem -newkey dsa:params.pem");
    let capture = captured(&folder, "-tls1_2 -cipher ALL:@SECLEVEL=0");
    in_the_clear(&capture, "TLS 1.2", "TLS_DHE_DSS_WITH_AES_256_GCM_SHA384");

    let curve = self_signed("-newkey ec -pkeyopt ec_paramgen_curve:brainpoolP256r1");
    let capture = captured(&curve, "-tls1_2");
    in_the_clear(&capture, "TLS 1.2", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384");
}

#[test]
fn weak_certificates_come_from_a_proper_handshake() {
    let weak = self_signed("-newkey rsa:1024 -sha1");
    for version in ["-tls1_2", "-tls1_3"] {
        let capture = captured(&weak, &format!("{version} -cipher DEFAULT:@SECLEVEL=0"));
        assert!(matches!(capture.handshake, Handshake::Complete));
        assert_eq!(capture.possession, Possession::Unproven(Doubt::BadSignature));
    }
    let p521 = self_signed("-newkey ec -pkeyopt ec_paramgen_curve:P-521");
    let capture = captured(&p521, "-tls1_3");
    assert_eq!(capture.possession, Possession::Proven);
    let ed448 = self_signed("-newkey ed448");
    let capture = captured(&ed448, "-tls1_3");
    assert!(matches!(capture.handshake, Handshake::Complete));
    assert_eq!(capture.possession, Possession::Unproven(Doubt::Unsupported));
}

#[test]
fn a_certificate_of_version_1_is_taken() {
    let folder = TempDir::new().unwrap();
    let path = folder.path();
    openssl(path, "req -nodes -newkey rsa:2048 -subj /CN=plc7 -keyout key.pem -out csr.pem");
    openssl(path, "x509 -req -in csr.pem -signkey key.pem -days 9 -out cert.pem");
    let capture = captured(&folder, "-tls1_2");
    assert!(matches!(capture.handshake, Handshake::Complete));
    assert_eq!(capture.possession, Possession::Unproven(Doubt::Unreadable));
}

/// A server that asks for client certificates issued by the root of `pki`.
fn asking(pki: &Pki, arguments: &str) -> (TempDir, OpenSsl) {
    let folder = self_signed("-newkey rsa:2048");
    let root = ::pem::encode(&::pem::Pem::new("CERTIFICATE", pki.chain[1].clone()));
    fs::write(folder.path().join("ca.pem"), root).unwrap();
    let arguments = format!("-cert cert.pem -key key.pem -CAfile ca.pem -verify_return_error {arguments}");
    let server = OpenSsl::serve(folder.path(), &arguments);
    (folder, server)
}

fn identity(pki: &Pki) -> Connect {
    Connect {
        client_identity: Some(ClientIdentity { chain: pki.chain.clone(), key: pki.key.clone().into() }),
        ..within(SECONDS)
    }
}

#[test]
fn a_demanded_client_certificate_is_noted() {
    let pki = Pki::new();
    for (version, words) in [("-tls1_2", 40), ("-tls1_3", 116)] {
        let (folder, server) = asking(&pki, &format!("-Verify 1 {version}"));
        for text in [server.address.to_string(), format!("https://{}", server.address)] {
            let capture = capture_blocking(&endpoint(&text), &within(SECONDS)).unwrap();
            assert_eq!(capture.presented, [der(folder.path(), "cert.pem")]);
            assert_eq!(
                capture.client_certificate,
                ClientCertificate::Demanded { issuers: vec![pki.root_name.clone()], alert: Alert(words) },
                "{text}"
            );
            assert_eq!(capture.possession, Possession::Proven);
            let broken = matches!(capture.handshake, Handshake::Broken(_));
            assert_eq!(broken, version == "-tls1_2");
            let seen = capture.negotiated.unwrap().version.as_str();
            assert_eq!(seen == "TLS 1.2", broken);
            if let Some(answer) = capture.answer {
                assert!(matches!(answer, Err(HttpFault::Alert(Alert(116)))));
            }
        }
    }
}

#[test]
fn a_demand_of_an_obsolete_server_is_noted_too() {
    let pki = Pki::new();
    let (_folder, server) = asking(&pki, "-Verify 1 -tls1 -cipher ALL:@SECLEVEL=0");
    let capture = capture_blocking(&tls(server.address), &within(SECONDS)).unwrap();
    assert_eq!(capture.client_certificate, ClientCertificate::Asked { issuers: vec![pki.root_name.clone()] });
}

#[test]
fn a_request_that_is_not_insisted_on_is_noted() {
    let pki = Pki::new();
    for version in ["-tls1_2", "-tls1_3"] {
        let (_folder, server) = asking(&pki, &format!("-verify 1 {version}"));
        let endpoint = endpoint(&format!("https://{}", server.address));
        let capture = capture_blocking(&endpoint, &within(SECONDS)).unwrap();
        let issuers = vec![pki.root_name.clone()];
        assert_eq!(capture.client_certificate, ClientCertificate::Asked { issuers });
        assert!(matches!(capture.handshake, Handshake::Complete));
        assert_eq!(capture.answer.unwrap().unwrap().status, 200);
    }
}

#[test]
fn a_client_certificate_is_shown_and_its_refusal_noted() {
    let (pki, stranger) = (Pki::new(), Pki::new());
    for version in ["-tls1_2", "-tls1_3"] {
        let (_folder, server) = asking(&pki, &format!("-Verify 1 {version}"));
        let endpoint = endpoint(&format!("https://{}", server.address));
        let capture = capture_blocking(&endpoint, &identity(&pki)).unwrap();
        assert_eq!(capture.answer.unwrap().unwrap().status, 200, "{version}");
        let asked = matches!(capture.client_certificate, ClientCertificate::Asked { .. });
        assert!(asked, "{:?}", capture.client_certificate);

        let capture = capture_blocking(&endpoint, &identity(&stranger)).unwrap();
        assert!(
            matches!(capture.client_certificate, ClientCertificate::Refused { alert: Alert(48), .. }),
            "{version}: {:?}",
            capture.client_certificate
        );
    }
}

#[test]
fn a_fetch_is_quick() {
    let rsa = self_signed("-newkey rsa:2048");
    let server = OpenSsl::serve(rsa.path(), "-cert cert.pem -key key.pem");
    let start = Instant::now();
    capture_blocking(&tls(server.address), &within(SECONDS)).unwrap();
    // Some 10 ms; the bound leaves room for a busy machine, but none for a wait of ours.
    assert!(start.elapsed() < Duration::from_millis(400));
}
