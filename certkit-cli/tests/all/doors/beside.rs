//! What doors do and say beside their findings: words, files, and what is not shown.

use std::process::{Command, Output, Stdio};

use serde_json::Value;

use super::door::run;
use super::plant::{HOST, Holder, Plant, Situation};
use super::server::Server;

pub(crate) fn situations(names: &[&str]) -> (tempfile::TempDir, Vec<Situation>) {
    let folder = tempfile::tempdir().unwrap();
    let all = Plant::new(folder.path(), Holder::Server).situations();
    let named = |name: &&str| all.iter().position(|it| it.name == *name).unwrap();
    let places: Vec<usize> = names.iter().map(named).collect();
    let mut all: Vec<Option<Situation>> = all.into_iter().map(Some).collect();
    (folder, places.into_iter().map(|at| all[at].take().unwrap()).collect())
}

pub(crate) fn output(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_certkit")).args(words).stdin(Stdio::null()).output().unwrap()
}

pub(crate) fn document(words: &[&str]) -> (Value, i32) {
    run(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>())
}

#[test]
fn what_was_not_decided_has_one_word() {
    let (_folder, situations) = situations(&["unknown algorithm", "list damaged", "list expired", "revoked"]);
    for (at, situation) in situations.iter().enumerate() {
        let (chain, trust) = (situation.file("chain.pem"), situation.file("trust.pem"));
        let lists: Vec<String> = situation.lists.iter().map(|(name, _)| situation.file(name)).collect();
        let crl: Vec<&str> = lists.iter().flat_map(|it| ["--crl", it]).collect();
        let is_decided = at > 0;
        let line = serde_json::json!({"leaf": chain, "trust": trust, "host": HOST, "crl": lists});
        std::fs::write(situation.file("line.jsonl"), line.to_string()).unwrap();
        for (command, decided) in [("check", "errors"), ("verify", "rejected")] {
            let words = [command, "--profile", "tls", "--trust", &trust, "--host", HOST, &chain];
            let (found, status) = document(&[&words[..], &crl, &["--json"]].concat());
            let word = if is_decided { decided } else { "not-judged" };
            assert_eq!((found["verdict"].as_str(), status), (Some(word), 2), "{}, {command}", situation.name);
            let text = output(&[&words[..], &crl].concat());
            let text = String::from_utf8(text.stdout).unwrap();
            assert_eq!(text.contains("NOT JUDGED: "), !is_decided, "{}, {command}: {text}", situation.name);
        }
        let (found, status) = document(&["verify", "--batch", &situation.file("line.jsonl")]);
        let word = if is_decided { "rejected" } else { "not-judged" };
        assert_eq!((found["verdict"].as_str(), status), (Some(word), 2), "{}, a batch", situation.name);
        assert_eq!(found["accepted"], false);
    }
}

#[test]
fn a_ca_that_is_not_trusted_is_not_handed_out() {
    let (folder, situations) = situations(&["good", "anchor not trusted"]);
    let out = folder.path().join("ca.cer");
    let out = out.to_str().unwrap();
    // The server sends its root along, as some do.
    let mut sent = situations.into_iter().map(|mut it| {
        it.presented.push(it.root.der().to_vec());
        it
    });
    let (good, foreign) = (sent.next().unwrap(), sent.next().unwrap());
    let fetch = |situation: &Situation, more: &[&str]| {
        let server = Server::new(situation);
        let common = ["fetch", &server.url, "--server-name", HOST, "--offline", "--no-default-trust", "--part", "ca"];
        output(&[&common[..], more].concat())
    };
    let trust = foreign.file("trust.pem");
    let refused = fetch(&foreign, &["--trust", &trust, "-o", out]);
    let said = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(!std::path::Path::new(out).exists() && said.contains("not what --trust names"), "{said}");
    let printed = fetch(&foreign, &["--trust", &trust]);
    assert_eq!((printed.status.code(), printed.stdout.as_slice()), (Some(2), &b""[..]));
    let told = fetch(&foreign, &["--trust", &trust, "-o", out, "--json"]);
    let told: Value = serde_json::from_slice(&told.stdout).unwrap();
    assert!(told["written"].is_null() && !std::path::Path::new(out).exists(), "{told:#}");
    // Who trusts it has it, and who names nothing gets to know it: that is the command's very job.
    for more in [&["--trust", &good.file("trust.pem")][..], &[]] {
        let written = fetch(&good, &[more, &["-o", out]].concat());
        assert!(written.status.code().is_some_and(|it| it < 3), "{written:?}");
        assert!(std::fs::read_to_string(out).unwrap().contains("BEGIN CERTIFICATE"));
        std::fs::remove_file(out).unwrap();
    }
    // Nor is one handed out that a store marks as distrusted, whoever names it.
    let rejected = folder.path().join("rejected.pem");
    let rejected = rejected.to_str().unwrap();
    let reject = ["x509", "-in", &good.file("trust.pem"), "-addreject", "serverAuth", "-trustout", "-out", rejected];
    assert!(Command::new("openssl").args(reject).status().unwrap().success());
    let refused = fetch(&good, &["--trust", rejected, "-o", out]);
    let said = String::from_utf8(refused.stderr).unwrap() + &String::from_utf8(refused.stdout).unwrap();
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(said.contains("as distrusted: nothing was written") && !said.contains("in a trusted root"), "{said}");
    assert!(!std::path::Path::new(out).exists());
}

#[test]
fn one_fact_is_told_once() {
    let (_folder, situations) = situations(&["unknown algorithm"]);
    let (chain, trust) = (situations[0].file("chain.pem"), situations[0].file("trust.pem"));
    let (found, _) = document(&["check", "--profile", "https", "--trust", &trust, "--host", HOST, &chain, "--json"]);
    let ids: Vec<&str> = ["findings", "untold"]
        .iter()
        .flat_map(|key| found[key].as_array().unwrap())
        .filter_map(|it| it["id"].as_str())
        .filter(|id| id.starts_with("signature-"))
        .collect();
    assert_eq!(ids, ["signature-not-verifiable"]);
}

#[test]
fn findings_count_among_dates_and_are_never_left_out() {
    let (folder, situations) = situations(&["weak digest"]);
    let (chain, trust) = (situations[0].file("chain.pem"), situations[0].file("trust.pem"));
    let look = ["expiry", &chain, "--findings", "--trust", &trust];
    let text = output(&look);
    let said = String::from_utf8(text.stdout).unwrap();
    assert_eq!(text.status.code(), Some(2), "{said}");
    assert!(said.contains("critical") && said.contains("error signature-weak-hash: "), "{said}");
    let plugin = output(&[&look[..], &["--format", "nagios"]].concat());
    let said = String::from_utf8(plugin.stdout).unwrap();
    let first = format!("SSL_CERT CRITICAL - '{HOST}': signature-weak-hash (");
    assert!(plugin.status.code() == Some(2) && said.starts_with(&first), "{said}");
    let table = String::from_utf8(output(&[&look[..], &["--format", "csv"]].concat()).stdout).unwrap();
    assert!(table.contains("signature-weak-hash: "), "{table}");
    // The dates alone are fine.
    assert_eq!(output(&["expiry", &chain]).status.code(), Some(0));
    // Behind a hundred that are fine, too.
    let many = folder.path().join("many");
    std::fs::create_dir(&many).unwrap();
    let root = std::fs::read_to_string(&trust).unwrap();
    let weak = std::fs::read_to_string(&chain).unwrap();
    let weak = weak.split_inclusive("-----END CERTIFICATE-----").next().unwrap();
    std::fs::write(many.join("all.pem"), format!("{}{weak}\n", root.repeat(120))).unwrap();
    let many = many.to_str().unwrap();
    let (report, status) = document(&["expiry", many, "--findings", "--trust", &trust, "--json"]);
    assert_eq!((status, report["entries"][0]["state"].as_str()), (2, Some("critical")), "{}", report["summary"]);
}

#[test]
fn a_server_whose_own_certificate_is_lost_is_not_judged_by_the_next() {
    let (folder, situations) = situations(&["undecodable"]);
    let server = Server::new(&situations[0]);
    let trust = situations[0].file("trust.pem");
    let (found, status) = document(&["check", &server.url, "--trust", &trust, "--json"]);
    assert_eq!((status, found["certificates"].as_array().unwrap().len()), (2, 0), "{found:#}");
    for part in ["leaf", "issuers", "chain", "ca"] {
        let out = folder.path().join("part.pem");
        let out = out.to_str().unwrap();
        let fetched = output(&["fetch", &server.url, "--offline", "--part", part, "-o", out]);
        let said = String::from_utf8(fetched.stderr).unwrap();
        assert_eq!(fetched.status.code(), Some(2), "{part}: {said}");
        assert!(said.contains("certificate-undecodable") && !std::path::Path::new(out).exists(), "{part}: {said}");
    }
}

#[test]
fn a_store_that_nobody_vouches_for_gives_no_anchor() {
    let (_folder, situations) = situations(&["good"]);
    let (good, chain) = (&situations[0], situations[0].file("chain.pem"));
    let store = good.file("store.p12");
    std::fs::write(good.file("password"), "geheim\n").unwrap();
    let export = ["convert", &good.file("trust.pem"), "-o", &store, "--new-password-file", &good.file("password")];
    let made = output(&[&export[..], &["--allow-weak-password"]].concat());
    assert_eq!(made.status.code(), Some(0), "{made:?}");
    // Named alone, it fails the job.
    let common = ["--profile", "opcua", &chain, "--json"];
    let (failure, status) = document(&[&["verify", "--trust", &store], &common[..]].concat());
    assert_eq!((status, failure["schema"].as_str()), (3, Some("certkit.error/1")), "{failure:#}");
    // In the folder of an application it is left out, with a note: nothing is trusted for it.
    let pki = good.file("pki");
    std::fs::rename(&store, good.file("pki/trusted/certs/store.p12")).unwrap();
    std::fs::remove_file(good.file("pki/trusted/certs/0.der")).unwrap();
    let (found, status) = document(&[&["verify", "--pki", &pki], &common[..]].concat());
    assert_eq!((status, found["accepted"].as_bool()), (2, Some(false)), "{found:#}");
    let noted = output(&[&["verify", "--pki", &pki], &common[..]].concat());
    assert!(String::from_utf8(noted.stderr).unwrap().contains("certs/store.p12: "));
}

#[test]
fn a_certificate_that_is_lost_is_not_replaced_by_the_next() {
    let (_folder, situations) = situations(&["good"]);
    let (good, chain) = (&situations[0], situations[0].file("chain.pem"));
    let whole = std::fs::read_to_string(&chain).unwrap();
    let lines = whole
        .lines()
        .enumerate()
        .map(|(at, line)| if at == 1 { format!("!{}\n", &line[1..]) } else { format!("{line}\n") });
    let damaged = good.file("damaged.pem");
    std::fs::write(&damaged, lines.collect::<String>()).unwrap();
    let (trust, pki) = (good.file("trust.pem"), good.file("pki"));
    let host = ["--host", HOST, "--json"];
    for words in [
        &["verify", "--trust", &trust, &damaged][..],
        &["verify", "--profile", "opcua", "--pki", &pki, &damaged],
        &["check", "--trust", &trust, "--profile", "https", &damaged],
        &["check", "--trust", &trust, "--profile", "tls", &damaged],
    ] {
        let (found, status) = document(&[words, &host].concat());
        assert_eq!(status, 2, "{words:?}: {found:#}");
        assert!(found["certificates"].as_array().unwrap().is_empty(), "{words:?}: {found:#}");
        let ids: Vec<&str> =
            found["findings"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
        assert!(ids == ["certificate-undecodable"], "{words:?}: {ids:?}");
    }
    let line = serde_json::json!({"leaf": damaged, "trust": trust, "host": HOST});
    std::fs::write(good.file("line.jsonl"), line.to_string()).unwrap();
    let (found, status) = document(&["verify", "--batch", &good.file("line.jsonl")]);
    assert_eq!((status, found["verdict"].as_str()), (2, Some("rejected")), "{found:#}");
    let (failure, status) = document(&["preflight", &damaged, &trust, "--json"]);
    assert_eq!((status, failure["schema"].as_str()), (3, Some("certkit.error/1")), "{failure:#}");
}

#[test]
fn only_what_a_store_trusts_is_an_anchor() {
    let (_folder, situations) = situations(&["good", "anchor not trusted"]);
    let (good, foreign) = (&situations[0], &situations[1]);
    // The root only completes chains here; what is trusted is another one. And once more: it is rejected.
    let pki = foreign.file("pki");
    let root = foreign.root.der();
    for folder in ["issuer/certs", "rejected/certs"] {
        std::fs::create_dir_all(format!("{pki}/{folder}")).unwrap();
        std::fs::write(format!("{pki}/{folder}/root.der"), root).unwrap();
        let (chain, store) = (good.file("chain.pem"), format!("opcua:{pki}"));
        let peer = ["--host", HOST, "--json", &chain];
        for words in [
            &["check", "--profile", "tls", "--trust", &store][..],
            &["check", "--profile", "https", "--trust", &store],
            &["verify", "--profile", "tls", "--trust", &store],
            &["verify", "--profile", "tls", "--trust", &pki],
            &["verify", "--profile", "webpki", "--trust", &store],
            &["verify", "--profile", "opcua", "--trust", &store],
            &["verify", "--profile", "opcua", "--trust", &pki],
            &["verify", "--profile", "opcua", "--pki", &pki],
        ] {
            let (found, status) = document(&[words, &peer].concat());
            assert_eq!(status, 2, "{folder}: {words:?}: {found:#}");
            let said = found.to_string();
            let ids = ["chain-incomplete", "anchor-unknown", "anchor-not-named", "opcua-certificate-untrusted"];
            assert!(ids.iter().any(|id| said.contains(id)), "{folder}: {words:?}: {found:#}");
        }
        let (found, _) = document(&["preflight", &chain, &chain, "--trust", &pki, "--json"]);
        assert_ne!(found["sides"][0]["status_code"], "Good", "{folder}: {found:#}");
        std::fs::remove_file(format!("{pki}/{folder}/root.der")).unwrap();
    }
}

#[test]
fn certificates_beside_a_revocation_list_are_not_trusted_for_it() {
    let (_folder, situations) = situations(&["good", "anchor not trusted"]);
    let (good, trust) = (&situations[0], situations[1].file("trust.pem"));
    let list = certkit_core::container::pem::encode("X509 CRL", &good.lists[0].1);
    let both = good.file("both.pem");
    std::fs::write(&both, std::fs::read_to_string(good.file("trust.pem")).unwrap() + &list).unwrap();
    let chain = good.file("chain.pem");
    let (met, _) = document(&["preflight", &chain, &chain, "--trust", &trust, "--crl", &both, "--json"]);
    assert_eq!(met["sides"][0]["status_code"], "BadCertificateChainIncomplete", "{met:#}");
    let words = ["verify", "--profile", "opcua", "--trust", &trust, "--crl", &both, &chain, "--json"];
    assert_eq!(document(&words).0["status_code"], "BadCertificateChainIncomplete");
    let words = ["verify", "--trust", &trust, "--crl", &both, &chain, "--json"];
    assert_eq!(document(&words).0["accepted"], false);
}

#[test]
fn lists_beside_anchors_count_at_every_door() {
    let (_folder, situations) = situations(&["revoked", "list damaged", "good"]);
    for (situation, wanted) in situations.iter().zip(["revoked", "revocation-unknown", ""]) {
        let (chain, store) = (situation.file("chain.pem"), format!("opcua:{}", situation.file("pki")));
        for command in ["check", "verify"] {
            for profile in ["tls", "webpki", "rfc5280"] {
                let words = [command, "--profile", profile, "--trust", &store, "--host", HOST, &chain, "--json"];
                let (found, status) = document(&words);
                let ids: Vec<&str> =
                    found["findings"].as_array().unwrap().iter().map(|it| it["id"].as_str().unwrap()).collect();
                let is_wrong = !wanted.is_empty();
                assert_eq!(
                    (ids.contains(&wanted), status),
                    (is_wrong, if is_wrong { 2 } else { 0 }),
                    "{}, {command} {profile}: {ids:?}",
                    situation.name
                );
            }
        }
    }
}
