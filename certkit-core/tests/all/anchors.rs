//! Roots that the world trusts are no reason against a path: each stands above a leaf made for the test.

use certkit_core::cert::Certificate;
use certkit_core::check::{Profile, TLS, WEBPKI};
use certkit_core::crypto::key_pair::{KeyPair, KeyType};
use certkit_core::generate::{AlternativeName, Issuer, Kind, Template, Validity};
use certkit_core::moment::Moment;
use certkit_core::oid;
use certkit_core::path::Pool;
use certkit_core::path::names::Peer;
use certkit_core::path::revocation::{Lists, Responses};
use certkit_core::verify::{Question, Revocation, TrustMaterial, verify};

const HOST: &str = "plc7.plant.example";

fn element(tag: u8, contents: &[u8]) -> Vec<u8> {
    let length = contents.len();
    let octets: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect();
    let head =
        if length < 0x80 { vec![tag, length as u8] } else { [&[tag, 0x80 | octets.len() as u8], &octets[..]].concat() };
    [&head, contents].concat()
}

/// Replaces the only occurrence of a part.
fn replaced(whole: &[u8], part: &[u8], by: &[u8]) -> Vec<u8> {
    let at = whole.windows(part.len()).position(|window| window == part).expect("the part");
    [&whole[..at], by, &whole[at + part.len()..]].concat()
}

/// The same name and fields with another key.
fn with_key(root: &Certificate, key: &KeyPair) -> Certificate {
    let algorithm = key.usual_algorithm();
    let tbs = root.signed_part();
    let contents = &tbs[tbs.len() - length(tbs)..];
    let contents = replaced(contents, root.signed_algorithm_der(), &algorithm.identifier().unwrap());
    let tbs = element(0x30, &replaced(&contents, root.spki(), key.spki()));
    let signature = [&[0], &key.sign(algorithm, &tbs).unwrap()[..]].concat();
    let der = [tbs, algorithm.identifier().unwrap(), element(0x03, &signature)].concat();
    Certificate::from_der(&element(0x30, &der)).unwrap()
}

/// Length of the contents of an element.
fn length(der: &[u8]) -> usize {
    match der[1] {
        short @ ..0x80 => short.into(),
        long => der[2..2 + usize::from(long & 0x7f)].iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet)),
    }
}

/// What speaks against an anchor under a profile, with all that is said of it.
fn reasons(anchor: &Certificate, leaf: &Certificate, moment: Moment, profile: &'static Profile) -> Vec<String> {
    let mut pool = Pool::new();
    pool.add_anchor(anchor.clone());
    let peers = [Peer::from_host(HOST).unwrap()];
    let question = Question {
        purposes: &[oid::SERVER_AUTH],
        peers: &peers,
        revocation: Revocation::Off,
        ..Question::new(profile, moment)
    };
    let (lists, responses) = (Lists::new(), Responses::new());
    let verdict = verify(leaf, &TrustMaterial { pool: &pool, lists: &lists, responses: &responses }, &question);
    assert!(verdict.path.is_anchored(), "{}", anchor.subject());
    let of_anchor = verdict.errors().filter(|reason| reason.subject == Some(1));
    of_anchor.map(|it| format!("{} {}: {}: {}", profile.name, anchor.subject(), it.check.id, it.evidence)).collect()
}

/// Roots of Mozilla, and those that this system has besides.
fn roots() -> Vec<Certificate> {
    let mozilla = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().map(|der| Certificate::from_der(der).unwrap());
    let mut roots: Vec<Certificate> = mozilla.collect();
    let text = std::fs::read("/etc/ssl/certs/ca-certificates.crt").unwrap_or_default();
    let system = pem_certificates(&text);
    for root in system {
        if !roots.contains(&root) {
            roots.push(root);
        }
    }
    roots
}

fn pem_certificates(text: &[u8]) -> Vec<Certificate> {
    let blocks = pem::parse_many(text).unwrap_or_default();
    blocks.iter().filter_map(|block| Certificate::from_der(block.contents()).ok()).collect()
}

#[test]
fn the_form_of_a_root_that_is_trusted_is_no_reason_against_a_path() {
    let (authority, server) = (KeyPair::generate(KeyType::P256).unwrap(), KeyPair::generate(KeyType::P256).unwrap());
    let mut found = Vec::new();
    let mut judged = 0;
    for root in roots() {
        let anchor = with_key(&root, &authority);
        let usual: Moment = "2026-06-01".parse().unwrap();
        let is_current = root.not_after().unwrap() > usual && root.not_before().unwrap() < usual;
        let start = if is_current { usual } else { root.not_before().unwrap() };
        let template = Template::new(Kind::Https, format!("CN={HOST}").parse().unwrap(), Validity::days(start, 9))
            .alternative_names([AlternativeName::host(HOST)]);
        let leaf =
            template.issue(&server.public_key().unwrap(), &Issuer::authority(&anchor, &authority).unwrap()).unwrap();
        for profile in [&WEBPKI, &TLS] {
            found.extend(reasons(&anchor, &leaf, start, profile));
        }
        judged += 1;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    assert!(judged > 100, "{judged}");
}

/// An anchor's number may be 0; that of a CA below it may not.
#[test]
fn only_an_anchor_may_have_the_serial_number_zero() {
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let with_zero = roots().into_iter().filter(|root| root.serial().is_zero()).count();
    assert!(with_zero > 0, "none of these roots has it any more");
    let moment: Moment = "2026-06-01".parse().unwrap();
    let template = Template::new(Kind::Https, format!("CN={HOST}").parse().unwrap(), Validity::days(moment, 9))
        .alternative_names([AlternativeName::host(HOST)]);
    let own = template.issue(&key.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
    let serial = element(0x02, own.serial().as_bytes());
    let tbs = own.signed_part();
    let tbs = element(0x30, &replaced(&tbs[tbs.len() - length(tbs)..], &serial, &[2, 1, 0]));
    let signature = [&[0], &key.sign(key.usual_algorithm(), &tbs).unwrap()[..]].concat();
    let der = [tbs, key.usual_algorithm().identifier().unwrap(), element(0x03, &signature)].concat();
    let leaf = Certificate::from_der(&element(0x30, &der)).unwrap();
    let mut pool = Pool::new();
    pool.add_anchor(leaf.clone());
    let (lists, responses) = (Lists::new(), Responses::new());
    let question = Question { revocation: Revocation::Off, ..Question::new(&WEBPKI, moment) };
    let verdict = verify(&leaf, &TrustMaterial { pool: &pool, lists: &lists, responses: &responses }, &question);
    assert!(verdict.errors().any(|reason| reason.check.id == "serial-not-positive"), "{:?}", verdict.reasons);
}
