//! Every kind of store takes what it is given, gives it back, and is as before when it is taken back.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

use super::super::transaction::{Author, Happened, Record};
use super::super::*;
use crate::cert::{Certificate, RevocationList};
use crate::container::pem;
use crate::generate::{Issuer, KeyPair, KeyType, Kind as Make, Revocations, Subject, Template, Validity};
use crate::moment::Moment;

/// A root with its revocation list, a leaf under it, and another root.
pub(super) struct Plant {
    pub(super) folder: tempfile::TempDir,
    pub(super) root: Certificate,
    pub(super) leaf: Certificate,
    pub(super) other: Certificate,
    pub(super) list: RevocationList,
}

impl Plant {
    pub(super) fn new() -> Plant {
        let now = Moment::now();
        let [key, other_key, leaf_key] = [(); 3].map(|()| KeyPair::generate(KeyType::P256).unwrap());
        let make = |kind, name: &str, key: &KeyPair, issuer: &Issuer<'_>| {
            let subject = Subject::common_name(name).unwrap();
            Template::new(kind, subject, Validity::days(now, 30)).issue(&key.public_key().unwrap(), issuer).unwrap()
        };
        let root = make(Make::Root, "Plant Root", &key, &Issuer::itself(&key));
        let other = make(Make::Root, "Other Root", &other_key, &Issuer::itself(&other_key));
        let issuer = Issuer::authority(&root, &key).unwrap();
        let leaf = make(Make::Client, "Pump", &leaf_key, &issuer);
        let list = Revocations::new(&issuer).unwrap().sign(now, Moment::from_unix(now.unix() + 86_400)).unwrap();
        Plant { folder: tempfile::tempdir().unwrap(), root, leaf, other, list }
    }

    /// A file for a word: the root's, the leaf's or the other root's.
    pub(super) fn text(&self, word: &str) -> String {
        let certificate = match word {
            "old" => &self.root,
            "new" => &self.leaf,
            _ => &self.other,
        };
        pem::encode("CERTIFICATE", certificate.der())
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(super) fn open(&self, prefix: &str, name: &str) -> Box<dyn Store> {
        let text = format!("{prefix}{}", self.path(name).display());
        let address = Address::parse(OsStr::new(&text)).unwrap();
        open(&address, Some(&b"Sesame-Sesame-1"[..]), Presence::MayBeNew).unwrap()
    }
}

pub(super) fn add(certificate: &Certificate, list: List) -> Step {
    Step::Add { certificate: certificate.clone(), list, group: Group::Application, name: None }
}

pub(super) fn apply(store: &dyn Store, steps: Vec<Step>) -> Option<Record> {
    let change = Change { steps, moment: Moment::now() };
    let locked = store.lock(Purpose::Change).unwrap();
    let happened = Happened::of(&change.steps);
    store.apply(locked.as_ref(), &change, &author(), happened).unwrap()
}

pub(super) fn author() -> Author {
    Author { user: Some("ann".to_owned()), called_by: None, moment: Moment::now(), reason: None }
}

pub(super) fn held(store: &dyn Store) -> Vec<(Vec<u8>, List)> {
    let members = store.members().unwrap();
    members.iter().filter_map(|it| Some((it.certificate()?.der().to_vec(), it.place.list))).collect()
}

fn find(store: &dyn Store, certificate: &Certificate) -> Member {
    store.members().unwrap().into_iter().find(|it| it.certificate() == Some(certificate)).unwrap()
}

#[test]
fn what_is_put_in_is_there_and_what_is_taken_out_is_not() {
    for (prefix, name, kind) in [
        ("", "bundle.pem", Kind::Pem),
        ("", "store.p12", Kind::Pkcs12),
        ("", "store.jks", Kind::Jks),
        ("jceks:", "store", Kind::Jceks),
        ("folder:", "folder", Kind::Folder),
        ("hashed:", "hashed", Kind::Hashed),
        ("opcua:", "pki", Kind::OpcUa),
    ] {
        let plant = Plant::new();
        let (root, other) = (plant.root.der().to_vec(), plant.other.der().to_vec());
        let store = plant.open(prefix, name);
        assert_eq!((store.kind(), held(&*store).len()), (kind, 0), "{name}");
        let record = apply(&*store, vec![add(&plant.root, List::Trusted), add(&plant.other, List::Trusted)]);
        assert_eq!(record.unwrap().sequence, 1, "{name}");
        // Found by its content from now on.
        let store = plant.open("", name);
        assert_eq!(store.kind(), kind, "{name}");
        let mut now: Vec<Vec<u8>> = held(&*store).into_iter().map(|(der, _)| der).collect();
        now.sort();
        let mut wanted = vec![root.clone(), other.clone()];
        wanted.sort();
        assert_eq!(now, wanted, "{name}");
        let member = find(&*store, &plant.root);
        apply(&*store, vec![Step::Remove(member.clone())]).unwrap();
        assert_eq!(held(&*store), [(other.clone(), List::Trusted)], "{name}");
        let again = store.edits(&Change { steps: vec![Step::Remove(member)], moment: Moment::now() });
        assert!(matches!(again, Err(StoreError::Gone { .. })), "{name}: {again:?}");
        let locked = store.lock(Purpose::Change).unwrap().unwrap();
        assert_eq!(locked.undo(&author()).unwrap().undoes, Some(2), "{name}");
        assert_eq!(held(&*store).len(), 2, "{name}");
        assert_eq!(locked.undo(&author()).unwrap().undoes, Some(1), "{name}");
        assert_eq!(held(&*store).len(), 0, "{name}");
        assert!(matches!(locked.undo(&author()), Err(StoreError::NothingToUndo { .. })), "{name}");
    }
}

#[test]
fn a_revocation_list_takes_the_place_of_the_one_before() {
    for (prefix, name) in
        [("", "b.pem"), ("", "s.p12"), ("folder:", "folder"), ("hashed:", "hashed"), ("opcua:", "pki")]
    {
        let plant = Plant::new();
        let store = plant.open(prefix, name);
        let step = Step::AddRevocationList {
            revocation_list: plant.list.clone(),
            authority: Some(plant.root.clone()),
            list: List::Trusted,
            group: Group::Application,
        };
        apply(&*store, vec![add(&plant.root, List::Trusted), step.clone()]).unwrap();
        let lists = || store.members().unwrap().iter().filter(|it| it.revocation_list().is_some()).count();
        // Of the stacks of OPC UA, none reads every name and encoding.
        let files = if name == "pki" { 2 } else { 1 };
        assert_eq!(lists(), files, "{name}");
        apply(&*store, vec![step]);
        assert_eq!(lists(), files, "{name}");
    }
}

#[test]
fn java_has_no_room_for_revocation_lists() {
    let plant = Plant::new();
    let step = Step::AddRevocationList {
        revocation_list: plant.list.clone(),
        authority: None,
        list: List::Trusted,
        group: Group::Application,
    };
    let edits = plant.open("", "s.jks").edits(&Change { steps: vec![step], moment: Moment::now() });
    assert!(matches!(edits, Err(StoreError::NoRoom { .. })), "{edits:?}");
}

#[test]
fn text_around_the_blocks_of_a_bundle_stays() {
    let plant = Plant::new();
    let block = |certificate: &Certificate| pem::encode("CERTIFICATE", certificate.der());
    let text = format!("# ours\n{}# theirs\n{}# the end", block(&plant.root), block(&plant.other));
    fs::write(plant.path("b.pem"), text).unwrap();
    let store = plant.open("", "b.pem");
    let member = find(&*store, &plant.root);
    apply(&*store, vec![Step::Remove(member), add(&plant.leaf, List::Trusted)]).unwrap();
    let wanted = format!("# ours\n# theirs\n{}# the end\n{}", block(&plant.other), block(&plant.leaf));
    assert_eq!(fs::read_to_string(plant.path("b.pem")).unwrap(), wanted);
}

#[test]
fn a_certificate_goes_from_list_to_list() {
    let plant = Plant::new();
    let rejected = plant.path("pki/rejected/certs");
    fs::create_dir_all(&rejected).unwrap();
    fs::create_dir_all(plant.path("pki/trusted/certs")).unwrap();
    fs::write(rejected.join("pump.der"), plant.leaf.der()).unwrap();
    let store = plant.open("", "pki");
    let on = |list| assert_eq!(held(&*store), [(plant.leaf.der().to_vec(), list)]);
    on(List::Rejected);
    apply(&*store, vec![Step::Move { member: find(&*store, &plant.leaf), to: List::Trusted }]).unwrap();
    on(List::Trusted);
    assert!(plant.path("pki/trusted/certs/pump.der").is_file());
    apply(&*store, vec![Step::Move { member: find(&*store, &plant.leaf), to: List::Rejected }]).unwrap();
    on(List::Rejected);
    apply(&*store, vec![Step::Move { member: find(&*store, &plant.leaf), to: List::Issuer }]).unwrap();
    on(List::Issuer);
    assert!(fs::read_dir(plant.path("pki/issuer/certs")).unwrap().count() == 1);
}

/// Folders to make, and the lists that are to be found with the folder of each.
type Case = (&'static [&'static str], &'static [(List, Group, &'static str)]);

#[test]
fn the_folders_of_every_stack_are_found() {
    let plant = Plant::new();
    let cases: &[Case] = &[
        (
            &[
                "own/certs",
                "own/private",
                "trusted/certs",
                "trusted/crl",
                "issuer/certs",
                "issuer/crl",
                "rejected/certs",
            ],
            &[(List::Trusted, Group::Application, "trusted/certs"), (List::Issuer, Group::Application, "issuer/certs")],
        ),
        (
            &["trusted/certs", "issuers/certs", "issuers/crl", "rejected", "own/private"],
            &[(List::Issuer, Group::Application, "issuers/certs"), (List::Rejected, Group::Application, "rejected")],
        ),
        (
            &["ApplCerts/trusted/certs", "ApplCerts/issuer/certs", "UserTokenCerts/trusted/certs"],
            &[
                (List::Trusted, Group::Application, "ApplCerts/trusted/certs"),
                (List::Issuer, Group::Application, "ApplCerts/issuer/certs"),
                (List::Trusted, Group::User, "UserTokenCerts/trusted/certs"),
            ],
        ),
        (
            &["trusted/certs", "trustedUser/certs", "issuerUser/certs", "trustedHttps/certs", "rejected/certs"],
            &[
                (List::Trusted, Group::User, "trustedUser/certs"),
                (List::Issuer, Group::User, "issuerUser/certs"),
                (List::Trusted, Group::Https, "trustedHttps/certs"),
            ],
        ),
        (
            &["PKI/Own/Certs", "PKI/Trusted/Certs", "PKI/Issuers/Certs", "PKI/Rejected"],
            &[(List::Issuer, Group::Application, "PKI/Issuers/Certs")],
        ),
        (&["PKI/CA/trusted/certs", "PKI/CA/rejected"], &[(List::Rejected, Group::Application, "PKI/CA/rejected")]),
        (
            &["ApplicationInstance_PKI/trusted/certs", "ApplicationInstance_PKI/issuers/certs"],
            &[(List::Issuer, Group::Application, "ApplicationInstance_PKI/issuers/certs")],
        ),
    ];
    for (number, (folders, wanted)) in cases.iter().enumerate() {
        let root = format!("case{number}");
        for folder in *folders {
            fs::create_dir_all(plant.path(&root).join(folder)).unwrap();
        }
        for (at, (_, _, folder)) in wanted.iter().enumerate() {
            let certificate = [&plant.root, &plant.leaf, &plant.other][at];
            fs::write(plant.path(&root).join(folder).join("x.der"), certificate.der()).unwrap();
        }
        let store = plant.open("", &root);
        assert_eq!(store.kind(), Kind::OpcUa, "{folders:?}");
        let found: Vec<(List, Group, PathBuf)> = store
            .members()
            .unwrap()
            .into_iter()
            .map(|it| (it.place.list, it.place.group, it.place.path.unwrap()))
            .collect();
        for (list, group, folder) in *wanted {
            let path = fs::canonicalize(plant.path(&root)).unwrap().join(folder).join("x.der");
            assert!(found.contains(&(*list, *group, path.clone())), "{path:?} is not among {found:?}");
        }
        assert_eq!(found.len(), wanted.len(), "{found:?}");
    }
}

#[test]
fn a_flat_folder_of_an_application_is_found_by_what_stands_beside() {
    let plant = Plant::new();
    for folder in ["pki/own", "pki/private", "pki/trusted", "pki/rejected"] {
        fs::create_dir_all(plant.path(folder)).unwrap();
    }
    fs::write(plant.path("pki/own/cert.der"), plant.root.der()).unwrap();
    fs::write(plant.path("pki/trusted/pump.der"), plant.leaf.der()).unwrap();
    let store = plant.open("", "pki");
    let wanted = [(plant.leaf.der().to_vec(), List::Trusted), (plant.root.der().to_vec(), List::Own)];
    assert_eq!(held(&*store), wanted);
    apply(&*store, vec![add(&plant.other, List::Trusted)]).unwrap();
    assert_eq!(fs::read_dir(plant.path("pki/trusted")).unwrap().count(), 2);
}

#[test]
fn addresses_are_read_as_users_write_them() {
    let parse = |text: &str| Address::parse(OsStr::new(text));
    let path = |kind, path: &str| Address::Path { kind, path: PathBuf::from(path) };
    assert_eq!(parse("system").unwrap(), Address::System);
    assert_eq!(parse("p12:a:b").unwrap(), path(Some(Kind::Pkcs12), "a:b"));
    assert_eq!(parse("opcua:C:\\pki").unwrap(), path(Some(Kind::OpcUa), "C:\\pki"));
    assert_eq!(parse("C:\\pki").unwrap(), path(None, "C:\\pki"));
    let windows = Address::Windows { location: Location::LocalMachine, name: "Root".to_owned() };
    assert_eq!(parse("windows:localmachine\\Root").unwrap(), windows);
    assert_eq!(windows.to_string(), "windows:LocalMachine\\Root");
    for bad in ["windows:Root", "windows:Somebody\\Root", "windows:CurrentUser\\", "jks:", "hashed:"] {
        assert!(matches!(parse(bad), Err(StoreError::Address { .. })), "{bad}");
    }
}

#[test]
fn what_is_built_in_is_not_changed() {
    for address in [Address::System, Address::Mozilla] {
        let store = open(&address, None, Presence::Needed).unwrap();
        assert!(matches!(store.lock(Purpose::Change), Err(StoreError::ReadOnly { .. })));
    }
    assert!(Path::new("/").exists());
}
