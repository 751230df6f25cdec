//! What is gathered, and what profiles say of themselves.

use std::path::Path;

use certkit_core::cert::{Certificate, RevocationList};
use certkit_core::check::{ALWAYSON, HTTPS, OPCUA, PROFILES, Severity};
use certkit_core::context::{CertificateSet, Gathering, Origin, Trust};
use certkit_core::generate::{Issuer, KeyPair, KeyType, Kind, Revocations, Template, Validity};
use certkit_core::moment::{DAY, Moment};
use certkit_core::opcua::validation::{NoteKind, Peer, Revocation};
use certkit_core::opcua::{Question, validate};

/// A CA, somebody it has issued a certificate, and its list.
fn plant() -> (Certificate, Certificate, RevocationList) {
    let now = Moment::now();
    let key = KeyPair::generate(KeyType::P256).unwrap();
    let root = Template::new(Kind::Root, "CN=Plant Root".parse().unwrap(), Validity::days(now, 3650));
    let root = root.issue(&key.public_key().unwrap(), &Issuer::itself(&key)).unwrap();
    let issuer = Issuer::authority(&root, &key).unwrap();
    let list = Revocations::new(&issuer).unwrap().sign(now, now.plus(30 * DAY)).unwrap();
    let own = KeyPair::generate(KeyType::P256).unwrap();
    let leaf = Template::new(Kind::Client, "CN=operator".parse().unwrap(), Validity::days(now, 90));
    let leaf = leaf.issue(&own.public_key().unwrap(), &issuer).unwrap();
    (root, leaf, list)
}

#[test]
fn a_list_lies_beside_the_certificates_that_it_was_found_with() {
    let (root, leaf, list) = plant();
    let certificate_set =
        |trust| CertificateSet { origin: Origin::Given("here".to_owned()), trust, certificates: vec![root.clone()] };
    let (anchors, candidates) = ([Trust::Anchors], [Trust::Candidates]);
    let cases: [(&[Trust], &[Trust], bool); 4] = [
        (&anchors, &anchors, true),
        (&anchors, &candidates, false),
        // In both lists, and the revocation list beside one of them.
        (&[Trust::Anchors, Trust::Candidates], &candidates, true),
        (&[Trust::Candidates, Trust::Anchors], &anchors, true),
    ];
    for (given, beside, is_found) in cases {
        let mut gathering = Gathering::new();
        given.iter().for_each(|trust| gathering.add(certificate_set(*trust)));
        gathering.add_list(list.clone(), beside);
        let lists = gathering.context().into_trust_lists();
        let question = Question { revocation: Revocation::Required, ..Question::new(Peer::User, Moment::now()) };
        let validation = validate(&leaf, &[], &lists, &question);
        let is_elsewhere = validation.notes.iter().any(|it| it.kind == NoteKind::ListElsewhere);
        assert_eq!(is_elsewhere, !is_found, "{given:?}, {beside:?}: {:?}", validation.notes);
    }
}

#[test]
fn what_could_not_be_read_is_kept_when_lists_are_copied() {
    let (root, _, list) = plant();
    let mut gathering = Gathering::new();
    gathering.add_list(list, &[]);
    let lost = certkit_core::container::read(b"-----BEGIN X509 CRL-----\nMIIB\n-----END X509 CRL-----\n");
    if let Ok(contents) = lost {
        assert_eq!(gathering.take_list_file(&contents, "lost.crl"), 1);
    }
    let context = gathering.context();
    let copy = context.lists.clone();
    assert_eq!(copy.unread().count(), context.lists.unread().count());
    assert!(copy.has_of(&root.subject()) && !copy.is_empty());
}

#[test]
fn who_wants_the_top_of_a_chain_needs_it() {
    for profile in [&HTTPS, &ALWAYSON] {
        let top = profile.up_to_top();
        for (check, severity) in profile.checks() {
            let other = top.severity_of(check);
            assert!(other == severity || (check.id == "chain-incomplete" && other == Severity::Error), "{}", check.id);
        }
        assert_eq!((top.name, top.checks().count()), (profile.name, profile.checks().count()));
    }
    assert!(std::ptr::eq(OPCUA.up_to_top(), &OPCUA));
}

#[test]
fn no_profile_is_recognised_by_its_name() {
    fn look(folder: &Path, found: &mut Vec<String>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                look(&path, found);
            } else if path.extension().is_some_and(|it| it == "rs") {
                let text = std::fs::read_to_string(&path).unwrap();
                let names: Vec<String> =
                    PROFILES.iter().map(|it| format!("{}.name", it.name.to_uppercase().replace('-', "_"))).collect();
                let is_bad = |line: &&str| {
                    // What a user types is looked up.
                    let line = line.replace("profile.name == name)", "");
                    ["profile.name ==", "profile.name !=", "profile.name.starts_with"]
                        .iter()
                        .any(|it| line.contains(it))
                        || names.iter().any(|name| line.contains(name))
                };
                found.extend(text.lines().filter(is_bad).map(|line| format!("{}: {line}", path.display())));
            }
        }
    }
    let mut found = Vec::new();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    look(&here.join("src"), &mut found);
    look(&here.join("../certkit-cli/src"), &mut found);
    assert!(found.is_empty(), "{}", found.join("\n"));
}
