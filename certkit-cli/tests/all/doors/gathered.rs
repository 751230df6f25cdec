//! What is gathered to judge by is the same at every door.

use serde_json::Value;

use super::beside::{document, output, situations};
use super::plant::{HOST, Situation};
use super::server::Server;

fn ids(found: &Value) -> Vec<&str> {
    found["findings"].as_array().into_iter().flatten().filter_map(|it| it["id"].as_str()).collect()
}

fn block(der: &[u8]) -> String {
    certkit_core::container::pem::encode("CERTIFICATE", der)
}

#[test]
fn the_first_certificate_of_a_file_is_the_one_that_is_verified() {
    let (_folder, situations) = situations(&["good"]);
    let (good, trust) = (&situations[0], situations[0].file("trust.pem"));
    let [leaf, issuing] = &good.presented[..2] else { panic!("a leaf and its CA") };
    let upside_down = good.file("upside-down.pem");
    std::fs::write(&upside_down, block(issuing) + &block(leaf)).unwrap();
    let words = ["verify", "--trust", &trust, "--host", HOST, "--json", &upside_down];
    let (found, status) = document(&words);
    assert_eq!(found["certificates"][0]["subject"]["common_name"], "Plant CA", "{found:#}");
    assert!(status == 2 && ids(&found).contains(&"host-mismatch"), "{found:#}");
    // What cannot be decoded is not replaced by what follows it, and nothing is known of it.
    let broken = good.file("broken.pem");
    std::fs::write(&broken, block(&leaf[..leaf.len() - 9]) + &block(issuing)).unwrap();
    let (found, status) = document(&["verify", "--trust", &trust, "--json", &broken]);
    assert_eq!((found["verdict"].as_str(), status), (Some("rejected"), 2), "{found:#}");
    assert_eq!(ids(&found), ["certificate-undecodable"]);
    // An application of OPC UA has a code for it.
    let (found, status) = document(&["verify", "--profile", "opcua", "--trust", &trust, "--json", &broken]);
    assert_eq!((found["verdict"].as_str(), status), (Some("rejected"), 2), "{found:#}");
    assert_eq!(found["status_code"], "BadCertificateInvalid");
}

/// Puts a root that is marked as rejected in the place of the one that is trusted.
fn reject(situation: &Situation, file: &str) {
    let arguments = ["x509", "-in", "trust.pem", "-addreject", "anyExtendedKeyUsage", "-trustout", "-out", file];
    let made = std::process::Command::new("openssl").args(arguments).current_dir(&situation.folder).output().unwrap();
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
}

#[test]
fn a_root_that_its_file_rejects_is_an_anchor_at_no_door() {
    let (_folder, situations) = situations(&["good"]);
    let (good, chain, pki) = (&situations[0], situations[0].file("chain.pem"), situations[0].file("pki"));
    std::fs::remove_dir_all(format!("{pki}/trusted/certs")).unwrap();
    std::fs::create_dir(format!("{pki}/trusted/certs")).unwrap();
    reject(good, "pki/trusted/certs/root.pem");
    for words in [
        &["verify", "--profile", "opcua", "--pki", &pki][..],
        &["verify", "--profile", "opcua", "--trust", &format!("opcua:{pki}"), "--untrusted", &chain],
        &["verify", "--profile", "tls", "--trust", &format!("opcua:{pki}"), "--untrusted", &chain],
    ] {
        let (found, status) = document(&[words, &["--json", &chain]].concat());
        assert_ne!(status, 0, "{words:?}: {found:#}");
        assert_ne!(found["accepted"], true, "{words:?}: {found:#}");
    }
    let (met, _) = document(&["preflight", &chain, &chain, "--pki", &pki, "--json"]);
    assert_ne!(met["sides"][0]["status_code"], "Good", "{met:#}");
}

#[test]
fn lists_beside_anchors_count_where_no_list_can_be_named() {
    let (_folder, situations) = situations(&["revoked", "list damaged", "good"]);
    for (situation, wanted) in situations.iter().zip(["revoked", "revocation-unknown", ""]) {
        let (chain, store) = (situation.file("chain.pem"), format!("opcua:{}", situation.file("pki")));
        let server = Server::new(situation);
        let (found, _) =
            document(&["fetch", &server.url, "--server-name", HOST, "--offline", "--trust", &store, "--json"]);
        assert_eq!(ids(&found).contains(&wanted), !wanted.is_empty(), "{}: {found:#}", situation.name);
        let (found, _) = document(&["expiry", &chain, "--findings", "--trust", &store, "--json"]);
        let own = found["entries"].as_array().unwrap().iter().find(|it| it["position"] == 1).unwrap();
        assert_eq!(ids(own).contains(&wanted), !wanted.is_empty(), "{}: {own:#}", situation.name);
    }
}

#[test]
fn a_note_that_a_program_keeps_beside_lists_is_no_list() {
    let (_folder, situations) = situations(&["good"]);
    let (good, chain, pki) = (&situations[0], situations[0].file("chain.pem"), situations[0].file("pki"));
    std::fs::write(good.file("pki/trusted/crl/.keep"), "").unwrap();
    let words = ["verify", "--trust", &format!("opcua:{pki}"), "--host", HOST, &chain];
    let told = output(&words);
    assert_eq!((told.status.code(), told.stderr.as_slice()), (Some(0), &b""[..]), "{told:?}");
    // Any other file there that cannot be read may have been one.
    std::fs::write(good.file("pki/trusted/crl/newer.crl"), "lost").unwrap();
    let told = output(&words);
    let said = String::from_utf8(told.stderr).unwrap();
    assert!(
        told.status.code() == Some(2) && said.contains("the revocation status of its issuer's certificates is unknown"),
        "{said}"
    );
}

#[test]
fn notes_of_the_system_in_a_folder_of_lists_are_lists_at_no_door() {
    let (_folder, situations) = situations(&["good"]);
    let (good, chain, trust) = (&situations[0], situations[0].file("chain.pem"), situations[0].file("trust.pem"));
    let lists = good.file("lists");
    std::fs::create_dir(&lists).unwrap();
    for (name, list) in &good.lists {
        std::fs::write(format!("{lists}/{name}"), list).unwrap();
    }
    let store = format!("pem:{trust}");
    let (check, verify) = (["check", &chain, "--trust", &trust], ["verify", &chain, "--trust", &trust]);
    let doors = [
        &check[..],
        &verify[..],
        &["trust", "add", &store, &chain, "--dry-run", "--accept", "not-a-ca", "--reason", "x"],
    ];
    let is_unknown = |words: &[&str]| {
        let (told, _) = document(&[words, &["--crl", &lists, "--json"]].concat());
        told["findings"].as_array().unwrap().iter().any(|it| it["id"] == "revocation-unknown")
    };
    for (name, is_told) in [("Thumbs.db", false), ("desktop.ini", false), (".DS_Store", false), ("newer", true)] {
        std::fs::write(format!("{lists}/{name}"), "no list").unwrap();
        for words in doors {
            assert_eq!(is_unknown(words), is_told, "{name}: {words:?}");
        }
    }
}

#[test]
fn files_that_are_watched_complete_the_chains_of_each_other() {
    let (_folder, situations) = situations(&["good"]);
    let (good, trust) = (&situations[0], situations[0].file("trust.pem"));
    let [leaf, issuing] = &good.presented[..2] else { panic!("a leaf and its CA") };
    let folder = good.file("watched");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(format!("{folder}/issuing.pem"), block(issuing)).unwrap();
    let errors = |leaf: &[u8]| {
        std::fs::write(format!("{folder}/leaf.pem"), block(leaf)).unwrap();
        let (report, _) = document(&["expiry", &folder, "--findings", "--trust", &trust, "--json"]);
        let entries = report["entries"].as_array().unwrap().iter();
        let findings = entries.flat_map(|it| it["findings"].as_array().into_iter().flatten().cloned());
        let errors = findings.filter(|it| it["severity"] == "error");
        errors.map(|it| it["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(errors(leaf), [""; 0]);
    // The last octet belongs to the signature.
    let forged = [&leaf[..leaf.len() - 1], &[leaf[leaf.len() - 1] ^ 1]].concat();
    assert!(errors(&forged).contains(&"signature-invalid".to_owned()), "{:?}", errors(&forged));
}

#[test]
fn a_list_that_names_a_trusted_certificate_counts_where_its_signer_is_not_at_hand() {
    let (_folder, situations) = situations(&["revoked"]);
    let revoked = &situations[0];
    let leaf = revoked.file("leaf-alone.pem");
    std::fs::write(&leaf, block(&revoked.presented[0])).unwrap();
    let list = revoked.file("issuing.crl");
    let (found, status) = document(&["check", &leaf, "--trust", &leaf, "--crl", &list, "--json"]);
    assert!(status == 2 && ids(&found).contains(&"revocation-unknown"), "{found:#}");
}
