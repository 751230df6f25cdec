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
    fn revoke(mut self, serial: u64, extensions: &[Vec<u8>]) -> Recipe {
        let date = tlv(0x17, &[b"260201000000Z"]);
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
        let algorithm = tlv(0x30, &[&tlv(6, &[b"\x2a\x86\x48\xce\x3d\x04\x03\x02"])]);
        let identifier = certkit_core::crypto::digest::sha1(signer.key.public_key_raw());
        let identifier = extension(b"\x55\x1d\x23", false, &tlv(0x30, &[&tlv(0x80, &[&identifier])]));
        let number = extension(b"\x55\x1d\x14", false, &integer(self.number));
        let entries = if self.entries.is_empty() { Vec::new() } else { tlv(0x30, &[&self.entries]) };
        let (from, until) = (tlv(0x17, &[self.years.0.as_bytes()]), tlv(0x17, &[self.years.1.as_bytes()]));
        let extensions = tlv(0xa0, &[&tlv(0x30, &[&identifier, &number, &self.extensions])]);
        let tbs = tlv(0x30, &[&integer(1), &algorithm, &directory(name), &from, &until, &entries, &extensions]);
        let signature = signer.key.sign(&tbs).unwrap();
        let der = tlv(0x30, &[&tbs, &algorithm, &tlv(3, &[&[0], &signature])]);
        RevocationList::from_der(&der).unwrap()
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
        let mut pool = Pool::new();
        pool.add_anchor(self.root.certificate.clone());
        self.others.iter().for_each(|other| _ = pool.add(other.clone()));
        let path = Search::new(&pool, &self.leaf.certificate, moment(), Budget::default()).best();
        assert!(path.is_anchored());
        let mut collected = Lists::new();
        lists.iter().for_each(|list| _ = collected.add(list.clone()));
        let accepts = |_: &Path, _: &[Known<'_>]| true;
        let (lists, budget) = (&collected, Budget::default());
        let responses = &Responses::new();
        let sources = Sources { pool: &pool, lists, responses, moment: moment(), budget, accepts: &accepts };
        let known: Vec<Known<'_>> = path.certificates.iter().map(Known::of).collect();
        let mut statuses = statuses(&path, &known, &sources);
        assert_eq!(statuses.len(), path.certificates.len() - 1);
        statuses.remove(0)
    }

    fn why(&self, list: &RevocationList) -> WhyUseless {
        match self.ask(std::slice::from_ref(list)) {
            Status::Unknown { useless } if useless.len() == 1 => useless[0].why.clone(),
            other => panic!("{other:?}"),
        }
    }
}

fn good(list: usize) -> Status {
    Status::Good { by: vec![Evidence::List(list)], departures: Vec::new() }
}

fn is_revoked(status: &Status) -> bool {
    matches!(status, Status::Revoked { .. })
}

#[test]
fn a_certificate_is_good_or_revoked_or_nothing_is_known() {
    let world = world();
    assert_eq!(world.ask(&[]), Status::Unknown { useless: Vec::new() });
    assert_eq!(world.ask(&[recipe().by(&world.root)]), good(0));
    let reason = extension(b"\x55\x1d\x15", false, &[10, 1, 1]);
    let list = recipe().revoke(1, &[]).revoke(2, &[reason]).revoke(3, &[]).by(&world.root);
    let since = "2026-02-01".parse().unwrap();
    assert_eq!(world.ask(&[list]), Status::Revoked { by: Evidence::List(0), since, reason: Some(Reason(1)) });
    let foreign = Party::root("foreign");
    assert_eq!(world.ask(&[recipe().by(&foreign)]), Status::Unknown { useless: Vec::new() });
}

#[test]
fn why_a_list_does_not_tell_is_told_apart() {
    let world = world();
    let early = Recipe { years: ("260701000000Z", "270101000000Z"), ..recipe() };
    assert!(matches!(world.why(&early.by(&world.root)), WhyUseless::NotYetValid { .. }));
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
    // Too old a base does not go with it, nor one that another scope covers.
    let old = Recipe { number: 2, ..recipe() };
    assert_eq!(world.ask(&[old.by(&world.root), adds]), good(0));
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
    assert_eq!(world.why(&recipe().by(&careless)), WhyUseless::SignerMayNot);

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
    assert_eq!(world.ask(&indirect(recipe())), good(0));
    // Without a certificate issuer an entry is about what the signer of the list has issued.
    assert_eq!(world.ask(&indirect(recipe().revoke(2, &[]))), good(0));
    assert!(is_revoked(&world.ask(&indirect(recipe().revoke(2, std::slice::from_ref(&of_root))))));
    // The issuer holds for the entries after it, too.
    assert!(is_revoked(&world.ask(&indirect(recipe().revoke(1, &[of_root]).revoke(2, &[])))));
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
