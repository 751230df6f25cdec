//! DSA keys that leave their parameters to their issuer's (RFC 5280 section 6.1.4 d to f).

use std::path::Path;

use certkit_core::cert::Certificate;
use certkit_core::moment::Moment;
use certkit_core::path::{Budget, End, Pool, Search, Verification};

fn read(name: &str) -> Certificate {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/paths/dsa-inherited");
    let block = pem::parse(std::fs::read(folder.join(format!("{name}.pem"))).unwrap()).unwrap();
    Certificate::from_der(block.contents()).unwrap()
}

fn moment() -> Moment {
    "2026-06-01".parse().unwrap()
}

fn pool(anchors: &[&str], others: &[&str]) -> Pool {
    let mut pool = Pool::new();
    anchors.iter().for_each(|name| _ = pool.add_anchor(read(name)));
    others.iter().for_each(|name| _ = pool.add(read(name)));
    pool
}

#[test]
fn parameters_come_from_the_next_key_above_that_has_them() {
    for others in [["upper", "low", "sub", "twin"], ["twin", "sub", "low", "upper"]] {
        let pool = pool(&["root"], &others);
        let paths: Vec<_> = Search::new(&pool, &read("leaf"), moment(), Budget::default()).collect();
        assert!(paths[0].is_anchored(), "{:?}", paths[0].links);
        assert_eq!(paths[0].certificates.len(), 5);
        assert_eq!(paths[0].certificates[3], read("upper"));
        assert!(paths.iter().skip(1).all(|path| !path.is_anchored()));
        let key = paths[0].key(1).unwrap();
        assert_eq!(key.size(), Some(2048));
    }
}

#[test]
fn other_parameters_do_not_do() {
    let pool = pool(&["root"], &["twin", "low", "sub"]);
    for path in Search::new(&pool, &read("leaf"), moment(), Budget::default()) {
        assert!(!path.is_anchored(), "{path:?}");
    }
}

#[test]
fn without_parameters_nothing_is_known() {
    let pool = pool(&[], &["low", "sub"]);
    let path = Search::new(&pool, &read("leaf"), moment(), Budget::default()).best();
    assert!(matches!(path.end, End::IssuerMissing(_)));
    assert!(path.links.iter().all(|link| link.signature == Verification::NotTried), "{:?}", path.links);
    // An anchor has nobody above it to have them from.
    let pool = self::pool(&["low"], &["sub"]);
    let path = Search::new(&pool, &read("leaf"), moment(), Budget::default()).best();
    assert!(!path.is_anchored(), "{path:?}");
}
