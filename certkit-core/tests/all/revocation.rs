//! What made-up revocation lists say of a small chain.

use certkit_core::cert::{Certificate, Known, RevocationList};
use certkit_core::moment::Moment;
use certkit_core::path::revocation::{Evidence, Lists, Reason, Responses, Sources, Status, WhyUseless, statuses};
use certkit_core::path::{Budget, Path, Pool, Search};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose,
    PKCS_ECDSA_P256_SHA256, SerialNumber, SigningKey,
};

fn tlv(tag: u8, contents: &[&[u8]]) -> Vec<u8> {
    let value = contents.concat();
    let length = value.len();
    let mut out = match length {
        0..=0x7f => vec![tag, length as u8],
        0x80..=0xffff => vec![tag, 0x82, (length >> 8) as u8, length as u8],
        _ => vec![tag, 0x83, (length >> 16) as u8, (length >> 8) as u8, length as u8],
    };
    out.extend(value);
    out
}

fn extension(oid: &[u8], critical: bool, value: &[u8]) -> Vec<u8> {
    let flag: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
    tlv(0x30, &[&tlv(6, &[oid]), flag, &tlv(4, &[value])])
}

fn integer(number: u64) -> Vec<u8> {
    let bytes = number.to_be_bytes();
    let skip = bytes.iter().take_while(|octet| **octet == 0).count().min(7);
    let sign: &[u8] = if bytes[skip] >= 0x80 { &[0] } else { &[] };
    tlv(2, &[sign, &bytes[skip..]])
}

fn directory(name: &str) -> Vec<u8> {
    tlv(0x30, &[&tlv(0x31, &[&tlv(0x30, &[&tlv(6, &[b"\x55\x04\x03"]), &tlv(0x0c, &[name.as_bytes()])])])])
}

/// A CA, or what one has issued.
struct Party {
    name: &'static str,
    key: KeyPair,
    params: CertificateParams,
    certificate: Certificate,
}

fn params(name: &str, serial: u64, usages: &[KeyUsagePurpose], key: &KeyPair) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    params.serial_number = Some(SerialNumber::from(serial));
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = usages.to_vec();
    let digest = certkit_core::crypto::digest::sha1(key.public_key_raw());
    params.key_identifier_method = KeyIdMethod::PreSpecified(digest.to_vec());
    params.use_authority_key_identifier_extension = true;
    params
}

const CA: &[KeyUsagePurpose] = &[KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];

impl Party {
    fn root(name: &'static str) -> Party {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let params = params(name, 1, CA, &key);
        let certificate = Certificate::from_der(params.self_signed(&key).unwrap().der()).unwrap();
        Party { name, key, params, certificate }
    }

    fn issue(&self, name: &'static str, serial: u64, usages: &[KeyUsagePurpose], points: Option<Vec<u8>>) -> Party {
        let key = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
        let mut params = params(name, serial, usages, &key);
        if let Some(points) = points {
            params.custom_extensions.push(CustomExtension::from_oid_content(&[2, 5, 29, 31], points));
        }
        let issuer = Issuer::new(self.params.clone(), &self.key);
        let certificate = Certificate::from_der(params.signed_by(&key, &issuer).unwrap().der()).unwrap();
        Party { name, key, params, certificate }
    }
}

/// A list in the making; as it is, a good one of 2026 without entries.
#[derive(Clone)]
struct Recipe {
    years: (&'static str, &'static str),
    entries: Vec<u8>,
    number: u64,
    extensions: Vec<u8>,
}

fn recipe() -> Recipe {
    Recipe { years: ("260101000000Z", "270101000000Z"), entries: Vec::new(), number: 1, extensions: Vec::new() }
}

impl Recipe {
    fn revoke(self, serial: u64, extensions: &[Vec<u8>]) -> Recipe {
        self.revoke_on("260201000000Z", serial, extensions)
    }

    fn revoke_on(mut self, date: &str, serial: u64, extensions: &[Vec<u8>]) -> Recipe {
        let date = tlv(0x17, &[date.as_bytes()]);
        let list = extensions.concat();
        let list = if list.is_empty() { list } else { tlv(0x30, &[&list]) };
        self.entries.extend(tlv(0x30, &[&integer(serial), &date, &list]));
        self
    }

    fn with(mut self, extension: Vec<u8>) -> Recipe {
        self.extensions.extend(extension);
        self
    }

    /// Signs under a name with a key.
    fn sign(&self, name: &str, signer: &Party) -> RevocationList {
        self.signed(name, signer, |tbs| signer.key.sign(tbs).unwrap())
    }

    fn signed(&self, name: &str, signer: &Party, sign: impl Fn(&[u8]) -> Vec<u8>) -> RevocationList {
        let algorithm = tlv(0x30, &[&tlv(6, &[b"\x2a\x86\x48\xce\x3d\x04\x03\x02"])]);
        let identifier = certkit_core::crypto::digest::sha1(signer.key.public_key_raw());
        let identifier = extension(b"\x55\x1d\x23", false, &tlv(0x30, &[&tlv(0x80, &[&identifier])]));
        let number = extension(b"\x55\x1d\x14", false, &integer(self.number));
        let entries = if self.entries.is_empty() { Vec::new() } else { tlv(0x30, &[&self.entries]) };
        let (from, until) = (tlv(0x17, &[self.years.0.as_bytes()]), tlv(0x17, &[self.years.1.as_bytes()]));
        let extensions = tlv(0xa0, &[&tlv(0x30, &[&identifier, &number, &self.extensions])]);
        let tbs = tlv(0x30, &[&integer(1), &algorithm, &directory(name), &from, &until, &entries, &extensions]);
        let signature = sign(&tbs);
        let der = tlv(0x30, &[&tbs, &algorithm, &tlv(3, &[&[0], &signature])]);
        RevocationList::from_der(&der).unwrap()
    }

    /// With a signature that is none, which is faster to make.
    fn forged(&self, signer: &Party) -> RevocationList {
        self.signed(signer.name, signer, |_| vec![0x30, 6, 2, 1, 1, 2, 1, 1])
    }

    fn by(&self, signer: &Party) -> RevocationList {
        self.sign(signer.name, signer)
    }
}

/// root, and what it has issued under 2.
struct World {
    root: Party,
    leaf: Party,
    others: Vec<Certificate>,
}

fn world() -> World {
    let root = Party::root("root");
    let leaf = root.issue("leaf", 2, &[], None);
    World { root, leaf, others: Vec::new() }
}

fn moment() -> Moment {
    "2026-06-01".parse().unwrap()
}

impl World {
    /// Asks for the status of the leaf.
    fn ask(&self, lists: &[RevocationList]) -> Status {
        let mut collected = Lists::new();
        lists.iter().for_each(|list| _ = collected.add(list.clone()));
        self.ask_of(&collected)
    }

    /// Asks for the status of the leaf, whatever was read.
    fn ask_of(&self, lists: &Lists) -> Status {
        let mut pool = Pool::new();
        pool.add_anchor(self.root.certificate.clone());
        self.others.iter().for_each(|other| _ = pool.add(other.clone()));
        let path = Search::new(&pool, &self.leaf.certificate, moment(), Budget::default()).best();
        assert!(path.is_anchored());
        let accepts = |_: &Path, _: &[Known<'_>]| true;
        let budget = Budget::default();
        let responses = &Responses::new();
        let sources = Sources { pool: &pool, lists, responses, moment: moment(), budget, accepts: &accepts };
        let known: Vec<Known<'_>> = path.certificates.iter().map(Known::of).collect();
        let mut statuses = statuses(&path, &known, &sources);
        assert_eq!(statuses.len(), path.certificates.len() - 1);
        statuses.remove(0)
    }

    fn why(&self, list: &RevocationList) -> WhyUseless {
        match self.ask(std::slice::from_ref(list)) {
            Status::Unknown { useless, .. } if useless.len() == 1 => useless[0].why.clone(),
            other => panic!("{other:?}"),
        }
    }
}

fn good(list: usize) -> Status {
    Status::Good {
        by: vec![Evidence::List(list)],
        departures: Vec::new(),
        weak: Vec::new(),
        misnamed: None,
        untaken: None,
    }
}

fn is_in_doubt(status: &Status) -> bool {
    matches!(status, Status::Unknown { is_in_doubt: true, .. })
}

fn is_revoked(status: &Status) -> bool {
    matches!(status, Status::Revoked { .. })
}

#[test]
fn a_certificate_is_good_or_revoked_or_nothing_is_known() {
    let world = world();
    assert_eq!(world.ask(&[]), Status::Unknown { useless: Vec::new(), is_in_doubt: false });
    assert_eq!(world.ask(&[recipe().by(&world.root)]), good(0));
    let reason = extension(b"\x55\x1d\x15", false, &[10, 1, 1]);
    let list = recipe().revoke(1, &[]).revoke(2, &[reason]).revoke(3, &[]).by(&world.root);
    let since = "2026-02-01".parse().unwrap();
    assert_eq!(world.ask(&[list]), Status::Revoked { by: Evidence::List(0), since, reason: Some(Reason(1)) });
    let foreign = Party::root("foreign");
    assert_eq!(world.ask(&[recipe().by(&foreign)]), Status::Unknown { useless: Vec::new(), is_in_doubt: false });
}

#[test]
fn why_a_list_does_not_tell_is_told_apart() {
    let world = world();
    let early = Recipe { years: ("260701000000Z", "270101000000Z"), ..recipe() };
    assert!(matches!(world.why(&early.by(&world.root)), WhyUseless::NotYetValid { .. }));
    // It clears nobody. What it has revoked already is revoked, and what it will revoke or puts on hold is in doubt.
    let hold = extension(b"\x55\x1d\x15", false, &[10, 1, 6]);
    let clean = recipe().by(&world.root);
    for list in [early.clone().revoke(2, &[]), Recipe { number: 0, ..early.clone() }.revoke(2, &[])] {
        assert!(is_revoked(&world.ask(&[clean.clone(), list.by(&world.root)])));
        assert!(is_revoked(&world.ask(&[list.by(&world.root)])));
    }
    for list in [early.clone().revoke(2, &[hold]), early.clone().revoke_on("260801000000Z", 2, &[])] {
        assert!(is_in_doubt(&world.ask(&[list.by(&world.root), clean.clone()])));
        assert!(is_in_doubt(&world.ask(&[list.by(&world.root)])));
    }
    assert_eq!(world.ask(&[clean, early.by(&world.root)]), good(0));
    let late = Recipe { years: ("250101000000Z", "260101000000Z"), ..recipe() };
    assert!(matches!(world.why(&late.by(&world.root)), WhyUseless::Expired { .. }));
    // What an old list has revoked for good stays revoked; what it put on hold does not.
    assert!(is_revoked(&world.ask(&[late.clone().revoke(2, &[]).by(&world.root)])));
    let hold = extension(b"\x55\x1d\x15", false, &[10, 1, 6]);
    assert!(matches!(world.why(&late.revoke(2, &[hold]).by(&world.root)), WhyUseless::Expired { .. }));
    let foreign = Party::root("foreign");
    assert!(matches!(world.why(&recipe().sign("root", &foreign)), WhyUseless::Signature(_)));
    let unknown = extension(b"\x2a\x03", true, &[5, 0]);
    assert!(matches!(world.why(&recipe().with(unknown.clone()).by(&world.root)), WhyUseless::UnknownCritical(_)));
    let list = recipe().revoke(7, &[unknown]).by(&world.root);
    assert!(matches!(world.why(&list), WhyUseless::UnknownCritical(_)));
    let users = extension(b"\x55\x1d\x1c", true, &tlv(0x30, &[&[0x81, 1, 0xff]]));
    assert_eq!(world.why(&recipe().with(users).by(&world.root)), WhyUseless::OutOfScope);
    let some = extension(b"\x55\x1d\x1c", true, &tlv(0x30, &[&[0x83, 2, 6, 0x40]]));
    assert_eq!(world.why(&recipe().with(some.clone()).by(&world.root)), WhyUseless::SomeReasons);
    let delta = extension(b"\x55\x1d\x1b", true, &integer(1));
    assert_eq!(world.why(&recipe().with(delta).by(&world.root)), WhyUseless::DeltaAlone);
    // Two lists that cover some reasons each may cover all of them together.
    let rest = extension(b"\x55\x1d\x1c", true, &tlv(0x30, &[&[0x83, 3, 7, 0x3f, 0x80]]));
    let lists = [recipe().with(some).by(&world.root), recipe().with(rest).by(&world.root)];
    assert!(matches!(world.ask(&lists), Status::Good { .. }));
}

#[test]
fn a_delta_adds_and_removes() {
    let world = world();
    let delta = |recipe: Recipe| Recipe { number: 5, ..recipe.with(extension(b"\x55\x1d\x1b", true, &integer(3))) };
    let base = Recipe { number: 3, ..recipe() };
    let adds = delta(recipe().revoke(2, &[])).by(&world.root);
    assert!(is_revoked(&world.ask(&[base.by(&world.root), adds.clone()])));
    // Whatever goes with it: it revokes. Beside too old a base nobody else is cleared.
    let old = Recipe { number: 2, ..recipe() };
    assert!(is_revoked(&world.ask(&[old.by(&world.root), adds.clone()])));
    assert!(is_revoked(&world.ask(&[adds])));
    let other = delta(recipe().revoke(7, &[])).by(&world.root);
    assert!(is_in_doubt(&world.ask(&[old.by(&world.root), other.clone()])));
    assert_eq!(world.ask(&[base.by(&world.root), other]), good(0));
    let hold = extension(b"\x55\x1d\x15", false, &[10, 1, 6]);
    let held = base.clone().revoke(2, &[hold]);
    assert!(is_revoked(&world.ask(&[held.by(&world.root)])));
    let removes = delta(recipe().revoke(2, &[extension(b"\x55\x1d\x15", false, &[10, 1, 8])])).by(&world.root);
    assert!(matches!(world.ask(&[held.by(&world.root), removes]), Status::Good { .. }));
    // A base that is too old in years is made good by a delta that is not.
    let expired = Recipe { years: ("250101000000Z", "260101000000Z"), ..base };
    let nothing = delta(recipe()).by(&world.root);
    assert!(matches!(world.ask(&[expired.by(&world.root), nothing]), Status::Good { .. }));
}

#[test]
fn what_speaks_against_a_certificate_ends_where_a_newer_list_lifts_its_hold() {
    let world = world();
    let key = world.root.certificate.public_key().unwrap();
    let against = |given: &[RevocationList]| {
        let mut lists = Lists::new();
        given.iter().for_each(|list| _ = lists.add(list.clone()));
        lists.against(&world.leaf.certificate, std::slice::from_ref(&key))
    };
    let reason = |code| extension(b"\x55\x1d\x15", false, &[10, 1, code]);
    let delta = |recipe: Recipe| Recipe { number: 5, ..recipe.with(extension(b"\x55\x1d\x1b", true, &integer(3))) };
    let held = Recipe { number: 3, ..recipe().revoke(2, &[reason(6)]) }.by(&world.root);
    let removes = delta(recipe().revoke(2, &[reason(8)]));
    let later = Recipe { number: 4, ..recipe() };
    assert!(against(std::slice::from_ref(&held)).as_ref().is_some_and(is_revoked));
    for lifts in [removes.by(&world.root), later.by(&world.root)] {
        assert_eq!(against(&[held.clone(), lifts.clone()]), None);
        assert_eq!(against(&[lifts, held.clone()]), None);
    }
    // Not where the newer list is forged, tells nothing of it, is older, or where the revocation is for good.
    for other in [removes.forged(&world.root), delta(recipe()).by(&world.root), recipe().by(&world.root)] {
        assert!(against(&[held.clone(), other]).as_ref().is_some_and(is_revoked));
    }
    let revoked = Recipe { number: 3, ..recipe().revoke(2, &[reason(1)]) }.by(&world.root);
    assert!(against(&[revoked, later.by(&world.root)]).as_ref().is_some_and(is_revoked));
}

#[test]
fn others_may_sign_where_the_certificate_or_the_ca_says_so() {
    // A second key of the CA, only for lists.
    let mut world = world();
    let signer = world.root.issue("root", 9, &[KeyUsagePurpose::CrlSign], None);
    let main = recipe().by(&signer);
    assert_eq!(world.why(&main), WhyUseless::Signature(certkit_core::crypto::signature::Failure::Mismatch));
    world.others = vec![signer.certificate.clone()];
    // Its own status is told by the list that it has signed itself, as everything of this issuer.
    assert_eq!(world.ask(std::slice::from_ref(&main)), good(0));
    assert!(!matches!(world.ask(&[recipe().revoke(9, &[]).by(&signer)]), Status::Good { .. }));
    let careless = world.root.issue("root", 10, &[KeyUsagePurpose::DigitalSignature], None);
    world.others = vec![careless.certificate.clone()];
    assert_eq!(world.why(&recipe().by(&careless)), WhyUseless::SignerMayNot { names_it: false });

    // An indirect list, at a place that the certificate names.
    let name = |name: &str| tlv(0xa4, &[&directory(name)]);
    let point = tlv(0x30, &[&tlv(0x30, &[&tlv(0xa2, &[&name("lists")])])]);
    world.leaf = world.root.issue("leaf", 2, &[], Some(point));
    let lists = world.root.issue("lists", 11, CA, None);
    world.others = vec![lists.certificate.clone()];
    let scope = extension(b"\x55\x1d\x1c", true, &tlv(0x30, &[&[0x84, 1, 0xff]]));
    let of_root = extension(b"\x55\x1d\x1d", true, &tlv(0x30, &[&name("root")]));
    let own = recipe().by(&world.root);
    let indirect = |recipe: Recipe| [recipe.with(scope.clone()).by(&lists), own.clone()];
    // It clears, though OpenSSL does not take it.
    let clears = |status: Status| matches!(status, Status::Good { untaken: Some(WhyUseless::Indirect), .. });
    assert!(clears(world.ask(&indirect(recipe()))));
    // Without a certificate issuer an entry is about what the signer of the list has issued.
    assert!(clears(world.ask(&indirect(recipe().revoke(2, &[])))));
    assert!(is_revoked(&world.ask(&indirect(recipe().revoke(2, std::slice::from_ref(&of_root))))));
    // The issuer holds for the entries after it, too.
    assert!(is_revoked(&world.ask(&indirect(recipe().revoke(1, &[of_root]).revoke(2, &[])))));
}

/// Every order of two or three lists gives the same answer.
fn in_any_order(world: &World, lists: &[RevocationList]) -> Status {
    let mut reversed = lists.to_vec();
    reversed.reverse();
    let (one, other) = (world.ask(lists), world.ask(&reversed));
    assert_eq!(std::mem::discriminant(&one), std::mem::discriminant(&other), "{one:?} {other:?}");
    one
}

#[test]
fn the_order_of_lists_decides_nothing() {
    let world = world();
    let at = |year, number| Recipe { years: (year, "270101000000Z"), number, ..recipe() };
    let (old, new) = (at("260101000000Z", 1), at("260301000000Z", 2));
    let hold = || vec![extension(b"\x55\x1d\x15", false, &[10, 1, 6])];
    let by = |recipe: Recipe| recipe.by(&world.root);
    // A newer list revokes what an older one does not have, and the other way round.
    assert!(is_revoked(&in_any_order(&world, &[by(old.clone()), by(new.clone().revoke(2, &[]))])));
    assert!(is_revoked(&in_any_order(&world, &[by(old.clone().revoke(2, &[])), by(new.clone())])));
    // A hold is lifted by a newer list, and not by one of the same age or by an older one.
    assert!(matches!(
        in_any_order(&world, &[by(old.clone().revoke(2, &hold())), by(new.clone())]),
        Status::Good { .. }
    ));
    assert!(is_revoked(&in_any_order(&world, &[by(old.clone()), by(new.clone().revoke(2, &hold()))])));
    assert!(is_revoked(&in_any_order(&world, &[by(old.clone()), by(old.clone().revoke(2, &hold()))])));
    // A newer list that has ended and puts it on hold: nobody knows.
    let ended = Recipe { years: ("260301000000Z", "260501000000Z"), ..new.clone() };
    assert!(is_in_doubt(&in_any_order(&world, &[by(old.clone()), by(ended.revoke(2, &hold()))])));
    // Only the newest clears.
    assert_eq!(world.ask(&[by(old.clone()), by(new.clone())]), good(1));
    assert_eq!(world.ask(&[by(new), by(old)]), good(0));
}

#[test]
fn a_newer_list_that_cannot_be_relied_upon_leaves_nothing_known() {
    let world = world();
    let old = recipe().by(&world.root);
    let new = Recipe { years: ("260301000000Z", "270101000000Z"), number: 2, ..recipe() };
    let newest = Recipe { years: ("260401000000Z", "270101000000Z"), number: 3, ..recipe() }.by(&world.root);
    let unknown = || extension(b"\x2a\x03", true, &[5, 0]);
    let of_other = [extension(b"\x55\x1d\x1d", true, &tlv(0x30, &[&tlv(0xa4, &[&directory("x")])]))];
    let bad_date = Recipe { entries: tlv(0x30, &[&integer(2), &tlv(0x17, &[b"2602"])]), ..new.clone() };
    let no_entry = Recipe { entries: tlv(0x30, &[&[5, 0]]), ..new.clone() };
    let doubtful = [
        new.clone().with(unknown()),
        new.clone().revoke(7, &[unknown()]),
        new.clone().revoke(7, &of_other),
        bad_date.clone(),
        no_entry.clone(),
        new.clone().with(extension(b"\x55\x1d\x14", false, &integer(2))),
        new.clone().with(extension(b"\x55\x1d\x1c", true, &[5, 0])),
        new.clone().with(extension(b"\x55\x1d\x1b", true, &[5, 0])),
    ];
    for recipe in doubtful {
        let list = recipe.by(&world.root);
        assert!(is_in_doubt(&in_any_order(&world, &[old.clone(), list.clone()])), "{list:?}");
        let status = in_any_order(&world, &[old.clone(), list.clone(), newest.clone()]);
        assert!(matches!(status, Status::Good { .. }), "{status:?}");
    }
    // What cannot be decoded does not hide what follows it.
    for recipe in [bad_date, no_entry] {
        let list = recipe.revoke(2, &[]).by(&world.root);
        assert!(is_revoked(&in_any_order(&world, &[old.clone(), list])));
    }
    // A list of the CA's own that was damaged on the way, and one of another CA of the same name.
    let mut damaged = new.clone().revoke(2, &[]).by(&world.root).der().to_vec();
    let place = damaged.windows(13).position(|it| it == b"260201000000Z").unwrap();
    damaged[place + 1] = b'5';
    let damaged = RevocationList::from_der(&damaged).unwrap();
    assert!(is_in_doubt(&in_any_order(&world, &[old.clone(), damaged.clone()])));
    assert!(matches!(in_any_order(&world, &[newest, damaged]), Status::Good { .. }));
    // Of the same age: a damaged copy has nothing new, and what names the certificate may be the later of the two.
    let broken = |list: RevocationList| {
        let mut der = list.der().to_vec();
        *der.last_mut().unwrap() ^= 1;
        RevocationList::from_der(&der).unwrap()
    };
    let copy = broken(old.clone());
    assert!(matches!(in_any_order(&world, &[old.clone(), copy]), Status::Good { .. }));
    let naming = broken(recipe().revoke(2, &[]).by(&world.root));
    assert!(is_in_doubt(&in_any_order(&world, &[old.clone(), naming])));
    let foreign = Party::root("foreign");
    let other = new.sign("root", &foreign);
    assert!(matches!(in_any_order(&world, &[old, other]), Status::Good { .. }));
}

#[test]
fn what_cannot_be_read_concerns_its_issuer_or_everybody() {
    let world = world();
    let list = recipe().by(&world.root);
    let newer = recipe().revoke(2, &[]).by(&world.root).der().to_vec();
    let cut = &newer[..newer.len() - 20];
    let mut lists = Lists::new();
    lists.add(list.clone());
    assert!(lists.take(cut, "new.crl").is_err());
    let Status::Unknown { useless, is_in_doubt: true } = world.ask_of(&lists) else { panic!() };
    assert!(matches!(&useless[0].why, WhyUseless::Unread(reason) if reason.starts_with("new.crl: ")));
    // One of another issuer concerns nobody here; one without any concerns all.
    let mut lists = Lists::new();
    lists.add(list.clone());
    let other = recipe().sign("other", &world.root).der().to_vec();
    assert!(lists.take(&other[..other.len() - 20], "other.crl").is_err());
    assert_eq!(world.ask_of(&lists), good(0));
    for noise in [&b""[..], b"<html>", &newer[..7], &[&[0], &newer[..]].concat(), &[0x30, 0x88, 1]] {
        let mut lists = Lists::new();
        lists.add(list.clone());
        assert!(lists.take(noise, "noise").is_err());
        assert!(!lists.is_empty());
        assert!(is_in_doubt(&world.ask_of(&lists)), "{noise:?}");
        // What another list revokes is revoked all the same.
        lists.add(recipe().revoke(2, &[]).by(&world.root));
        assert!(is_revoked(&world.ask_of(&lists)));
    }
}

#[test]
fn many_lists_and_many_places_cost_what_they_are() {
    let mut world = world();
    let time = |world: &World, count: u64| {
        let list = |at| Recipe { number: at, ..recipe() }.revoke(100 + at, &[]).forged(&world.root).der().to_vec();
        let made: Vec<Vec<u8>> = (0..count).map(list).collect();
        let start = std::time::Instant::now();
        let mut lists = Lists::new();
        made.iter().for_each(|der| _ = lists.take(der, ""));
        lists.add(Recipe { years: ("260501000000Z", "270101000000Z"), ..recipe() }.by(&world.root));
        assert!(matches!(world.ask_of(&lists), Status::Good { .. }));
        start.elapsed()
    };
    let (half, whole) = (time(&world, 5_000), time(&world, 10_000));
    assert!(whole < half * 24 / 10 + std::time::Duration::from_millis(100), "{half:?} {whole:?}");

    // More places than anybody has are not looked at, and that is said.
    let place = |at: u32| {
        let uri = tlv(0x86, &[format!("http://crl.example/{at}").as_bytes()]);
        tlv(0x30, &[&tlv(0xa0, &[&tlv(0xa0, &[&uri])])])
    };
    let places: Vec<u8> = (0..2_000).flat_map(place).collect();
    world.leaf = world.root.issue("leaf", 2, &[], Some(tlv(0x30, &[&places])));
    let start = std::time::Instant::now();
    let Status::Unknown { useless, is_in_doubt: true } = world.ask(&[recipe().by(&world.root)]) else { panic!() };
    assert!(useless.iter().any(|it| it.by == Evidence::Limit && it.why == WhyUseless::TooMuch));
    assert!(start.elapsed().as_secs() < 5, "{:?}", start.elapsed());
    assert!(is_revoked(&world.ask(&[recipe().revoke(2, &[]).by(&world.root)])));
}

#[test]
fn a_long_list_is_searched_at_once() {
    let world = world();
    let mut long = recipe();
    for serial in 0..200_000u64 {
        long = long.revoke(1_000_000 + serial * 3, &[]);
    }
    let list = long.revoke(2, &[]).by(&world.root);
    let mut lists = Lists::new();
    lists.add(list);
    let mut pool = Pool::new();
    pool.add_anchor(world.root.certificate.clone());
    let path = Search::new(&pool, &world.leaf.certificate, moment(), Budget::default()).best();
    let known: Vec<Known<'_>> = path.certificates.iter().map(Known::of).collect();
    let accepts = |_: &Path, _: &[Known<'_>]| true;
    let (lists, budget) = (&lists, Budget::default());
    let responses = &Responses::new();
    let sources = Sources { pool: &pool, lists, responses, moment: moment(), budget, accepts: &accepts };
    assert!(is_revoked(&statuses(&path, &known, &sources)[0]));
    let start = std::time::Instant::now();
    for _ in 0..100 {
        assert!(is_revoked(&statuses(&path, &known, &sources)[0]));
    }
    assert!(start.elapsed().as_millis() < 500, "{:?}", start.elapsed());
}
