//! Searches over small made-up worlds of certificates.

use certkit_core::cert::Certificate;
use certkit_core::moment::Moment;
use certkit_core::path::{Agreement, Budget, End, Path, Pool, Resource, Search, Verification, WhyNot};
use proptest::prelude::*;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyIdMethod, KeyPair, PKCS_ECDSA_P256_SHA256,
    SerialNumber,
};

/// What a made-up certificate should be like.
struct Wish<'a> {
    subject: &'a str,
    key: &'a KeyPair,
    years: std::ops::Range<i32>,
    is_ca: bool,
    serial: u64,
}

fn ca<'a>(subject: &'a str, key: &'a KeyPair) -> Wish<'a> {
    Wish { subject, key, years: 2020..2030, is_ca: true, serial: 1 }
}

fn leaf<'a>(subject: &'a str, key: &'a KeyPair) -> Wish<'a> {
    Wish { is_ca: false, ..ca(subject, key) }
}

fn key() -> KeyPair {
    KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap()
}

fn identifier(key: &KeyPair) -> Vec<u8> {
    certkit_core::crypto::digest::sha1(key.public_key_raw()).to_vec()
}

impl Wish<'_> {
    fn params(&self) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, self.subject);
        params.not_before = rcgen::date_time_ymd(self.years.start, 1, 1);
        params.not_after = rcgen::date_time_ymd(self.years.end, 1, 1);
        params.serial_number = Some(SerialNumber::from(self.serial));
        params.is_ca = if self.is_ca { IsCa::Ca(BasicConstraints::Unconstrained) } else { IsCa::ExplicitNoCa };
        params.key_identifier_method = KeyIdMethod::PreSpecified(identifier(self.key));
        params
    }

    /// Issues it under a name and a key, which need not belong together.
    fn by(&self, issuer: &str, signer: &KeyPair) -> Certificate {
        let issuer = Issuer::new(ca(issuer, signer).params(), signer);
        let mut params = self.params();
        params.use_authority_key_identifier_extension = true;
        Certificate::from_der(params.signed_by(self.key, &issuer).unwrap().der()).unwrap()
    }

    fn by_itself(&self) -> Certificate {
        Certificate::from_der(self.params().self_signed(self.key).unwrap().der()).unwrap()
    }
}

fn moment() -> Moment {
    "2026-11-22".parse().unwrap()
}

fn pool(anchors: &[&Certificate], others: &[&Certificate]) -> Pool {
    let mut pool = Pool::new();
    for anchor in anchors {
        pool.add_anchor((*anchor).clone());
    }
    for other in others {
        pool.add((*other).clone());
    }
    pool
}

fn paths(pool: &Pool, leaf: &Certificate) -> Vec<Path> {
    Search::new(pool, leaf, moment(), Budget::default()).collect()
}

fn first(pool: &Pool, leaf: &Certificate) -> Path {
    Search::new(pool, leaf, moment(), Budget::default()).best()
}

#[test]
fn the_shortest_path_to_an_anchor_comes_first() {
    let (root_key, sub_key, leaf_key) = (key(), key(), key());
    let root = ca("root", &root_key).by_itself();
    let sub = ca("sub", &sub_key).by("root", &root_key);
    let leaf = leaf("leaf", &leaf_key).by("sub", &sub_key);
    let pool = pool(&[&root], &[&sub, &leaf, &root]);
    assert_eq!(pool.len(), 3);
    let path = first(&pool, &leaf);
    assert_eq!(path.certificates, [leaf.clone(), sub, root]);
    assert_eq!(path.end, End::Anchor);
    assert!(path.is_anchored());
    assert!(path.links.iter().all(|link| link.key_identifier == Agreement::Agrees));
    assert_eq!(paths(&pool, &leaf).len(), 1);
}

#[test]
fn without_an_anchor_the_path_still_reaches_the_self_signed_top() {
    let (root_key, sub_key, leaf_key) = (key(), key(), key());
    let root = ca("root", &root_key).by_itself();
    let sub = ca("sub", &sub_key).by("root", &root_key);
    let leaf = leaf("leaf", &leaf_key).by("sub", &sub_key);
    let path = first(&pool(&[], &[&root, &sub]), &leaf);
    assert_eq!((path.certificates.len(), path.end), (3, End::SelfSigned));
    let path = first(&pool(&[], &[&sub]), &leaf);
    assert_eq!((path.certificates.len(), path.end), (2, End::IssuerMissing(Vec::new())));
    let path = first(&Pool::new(), &root);
    assert_eq!((path.certificates.len(), path.end), (1, End::SelfSigned));
    let path = first(&pool(&[&root], &[]), &root);
    assert_eq!((path.certificates.len(), path.end), (1, End::Anchor));
}

#[test]
fn an_expired_twin_comes_after_the_good_one() {
    let (root_key, sub_key, leaf_key) = (key(), key(), key());
    let root = ca("root", &root_key).by_itself();
    let good = ca("sub", &sub_key).by("root", &root_key);
    let expired = Wish { years: 2010..2020, serial: 2, ..ca("sub", &sub_key) }.by("root", &root_key);
    let leaf = leaf("leaf", &leaf_key).by("sub", &sub_key);
    let found = paths(&pool(&[&root], &[&expired, &good]), &leaf);
    assert_eq!(found.len(), 2);
    assert_eq!((&found[0].certificates[1], &found[1].certificates[1]), (&good, &expired));
    // A longer way over valid certificates goes before a short one over an expired anchor.
    let old_root = Wish { years: 2010..2020, ..ca("sub", &sub_key) }.by_itself();
    let found = paths(&pool(&[&root, &old_root], &[&good]), &leaf);
    assert_eq!(found[0].certificates, [leaf.clone(), good, root]);
    assert_eq!(found[1].certificates, [leaf, old_root]);
}

#[test]
fn cross_signing_gives_several_paths_and_cycles_end() {
    let (a_key, b_key, c_key, leaf_key) = (key(), key(), key(), key());
    let a_root = ca("a", &a_key).by_itself();
    let a_by_b = ca("a", &a_key).by("b", &b_key);
    let b_by_c = ca("b", &b_key).by("c", &c_key);
    let c_by_b = ca("c", &c_key).by("b", &b_key);
    let b_by_a = ca("b", &b_key).by("a", &a_key);
    let leaf = leaf("leaf", &leaf_key).by("a", &a_key);
    let all = [&a_by_b, &b_by_c, &c_by_b, &b_by_a];
    let found = paths(&pool(&[&a_root], &all), &leaf);
    assert_eq!(found[0].certificates, [leaf.clone(), a_root]);
    assert!(found[0].is_anchored());
    let found = paths(&pool(&[], &all), &leaf);
    assert!(!found.is_empty() && found.iter().all(|path| path.end == End::Cycle), "{found:?}");
}

#[test]
fn an_issuer_that_nearly_fits_is_named() {
    let (root_key, other_key, leaf_key) = (key(), key(), key());
    let impostor = ca("root", &other_key).by_itself();
    let renamed = ca("new root", &root_key).by_itself();
    let leaf = leaf("leaf", &leaf_key).by("root", &root_key);
    let pool = pool(&[&impostor, &renamed], &[]);
    let found = paths(&pool, &leaf);
    let End::IssuerMissing(misses) = &found[0].end else { panic!("{found:?}") };
    let why =
        |wanted: &Certificate| misses.iter().find(|miss| pool.certificate(miss.id) == Some(wanted)).map(|it| it.why);
    assert!(matches!(why(&impostor), Some(WhyNot::Signature(_))));
    assert_eq!(why(&renamed), Some(WhyNot::Name));
    // What the impostor would have made of it is shown last, and as what it is.
    assert!(matches!(found[1].links[0].signature, Verification::Failed(_)));
    assert_eq!(found[1].links[0].key_identifier, Agreement::Differs);
    assert!(found.iter().all(|path| !path.is_anchored()));
}

#[test]
fn a_broken_signature_between_related_certificates_is_the_best_explanation() {
    let (root_key, leaf_key) = (key(), key());
    let root = ca("root", &root_key).by_itself();
    let good = leaf("leaf", &leaf_key).by("root", &root_key);
    let mut bytes = good.der().to_vec();
    let last = bytes.len() - 1;
    bytes[last] ^= 1;
    let broken = Certificate::from_der(&bytes).unwrap();
    let path = first(&pool(&[&root], &[]), &broken);
    assert_eq!((path.certificates.len(), &path.end), (2, &End::Anchor));
    assert!(matches!(path.links[0].signature, Verification::Failed(_)) && !path.is_anchored());
}

#[test]
fn a_renewed_twin_of_an_anchor_reaches_it() {
    let root_key = key();
    let root = ca("root", &root_key).by_itself();
    let renewed = Wish { years: 2021..2040, serial: 9, ..ca("root", &root_key) }.by_itself();
    let path = first(&pool(&[&root], &[]), &renewed);
    assert!(path.is_anchored());
    assert_eq!(path.certificates, [renewed, root]);
}

#[test]
fn a_pool_on_top_of_another_keeps_ids_and_raises_anchors() {
    let (root_key, leaf_key) = (key(), key());
    let root = ca("root", &root_key).by_itself();
    let leaf = leaf("leaf", &leaf_key).by("root", &root_key);
    let mut base = Pool::new();
    let id = base.add(root.clone());
    let base = std::sync::Arc::new(base);
    let mut top = Pool::over(base.clone());
    assert_eq!(top.add_anchor(root), id);
    assert!(top.is_anchor(id) && !base.is_anchor(id));
    assert_eq!((top.len(), top.add(leaf.clone()).index()), (1, 1));
    assert_eq!(top.issued_to(&leaf.issuer()), [id]);
    assert_eq!(first(&top, &leaf).end, End::Anchor);
    assert_eq!(first(&base, &leaf).end, End::SelfSigned);
}

#[test]
fn a_mesh_ends_soon_and_says_what_ran_out() {
    let keys: Vec<KeyPair> = (0..12).map(|_| key()).collect();
    let name = |at: usize| format!("ca {at}");
    let mut mesh = Pool::new();
    for (at, subject) in keys.iter().enumerate() {
        for (other, issuer) in keys.iter().enumerate().filter(|(other, _)| *other != at) {
            mesh.add(Wish { serial: other as u64 + 1, ..ca(&name(at), subject) }.by(&name(other), issuer));
        }
    }
    let leaf_key = key();
    let leaf = leaf("leaf", &leaf_key).by(&name(0), &keys[0]);
    let start = std::time::Instant::now();
    let mut search = Search::new(&mesh, &leaf, moment(), Budget::default());
    let found: Vec<Path> = search.by_ref().collect();
    assert!(!found.is_empty() && found.iter().all(|path| !path.is_anchored()));
    assert!(search.exhausted().is_some());
    assert!(start.elapsed().as_secs() < 2, "{:?}", start.elapsed());
    // With nothing to spend, the leaf's candidate is handed out untried, and why.
    let budget = Budget { signatures: 0, ..Budget::default() };
    let path = Search::new(&mesh, &leaf, moment(), budget).best();
    assert_eq!(path.end, End::BudgetSpent(Resource::Signatures));
    assert!(!path.is_anchored());
    let budget = Budget { depth: 3, ..Budget::default() };
    let path = Search::new(&mesh, &leaf, moment(), budget).best();
    assert_eq!((path.certificates.len(), path.end), (3, End::TooDeep));
}

/// Who is issued to whom, whether the signer is another one, and whether it has expired.
type Edge = (usize, usize, bool, bool);

/// Everything that a search says, without the ids that depend on the order.
fn facts(edges: &[Edge], keys: &[KeyPair], made: &[Certificate], anchor: usize, turn: usize) -> Vec<String> {
    let leaf = leaf("leaf", &keys[4]).by("ca 0", &keys[edges[0].0]);
    let mut pool = Pool::new();
    for at in (0..made.len()).map(|at| (at + turn) % made.len()) {
        let certificate = made[at].clone();
        if at == anchor {
            pool.add_anchor(certificate)
        } else {
            pool.add(certificate)
        };
    }
    let serials = |path: &Path| path.certificates.iter().map(|it| it.serial().to_hex()).collect::<Vec<_>>();
    Search::new(&pool, &leaf, moment(), Budget::default())
        .map(|path| format!("{:?} {:?} {}", serials(&path)[1..].join(" "), path.links, path.is_anchored()))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..ProptestConfig::default() })]

    /// Whatever world it is, no order of the pool changes what is found.
    #[test]
    fn no_order_of_the_pool_changes_the_paths(
        edges in proptest::collection::vec((0usize..4, 0usize..4, any::<bool>(), any::<bool>()), 1..12),
        turn in any::<proptest::sample::Index>(),
        anchor in any::<proptest::sample::Index>(),
    ) {
        thread_local!(static KEYS: Vec<KeyPair> = (0..5).map(|_| key()).collect());
        KEYS.with(|keys| {
            let name = |at: usize| format!("ca {}", at % 3);
            let made: Vec<Certificate> = edges.iter().enumerate().map(|(at, &(subject, issuer, lies, is_old))| {
                let years = if is_old { 2010..2020 } else { 2020..2030 };
                let signer = if lies { (issuer + 1) % 4 } else { issuer };
                Wish { serial: at as u64, years, ..ca(&name(subject), &keys[subject]) }
                    .by(&name(issuer), &keys[signer])
            }).collect();
            let (anchor, turn) = (anchor.index(made.len()), turn.index(made.len()));
            let (one, other) = (facts(&edges, keys, &made, anchor, 0), facts(&edges, keys, &made, anchor, turn));
            // The leaf is signed anew each time, but says the same.
            prop_assert_eq!(one, other);
            Ok(())
        })?;
    }
}

#[test]
fn of_two_anchors_of_one_ca_the_root_ends_the_path() {
    let [old, new, own] = [key(), key(), key()];
    let root = ca("new", &new).by_itself();
    let cross = ca("new", &new).by("old", &old);
    let leaf = leaf("leaf", &own).by("new", &new);
    for anchors in [[&root, &cross], [&cross, &root]] {
        assert_eq!(first(&pool(&anchors, &[]), &leaf).top(), Some(&root));
    }
}
