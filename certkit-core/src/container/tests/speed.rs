//! How fast a bundle is read, beside x509-parser. Run it optimised:
//! `CARGO_PROFILE_TEST_OPT_LEVEL=3 cargo test -p certkit-core --lib speed -- --ignored --nocapture`

use std::time::{Duration, Instant};

use super::*;

const COUNT: usize = 20_000;

fn best(mut work: impl FnMut() -> usize) -> Duration {
    let time = |_| {
        let start = Instant::now();
        assert_eq!(work(), COUNT);
        start.elapsed()
    };
    (0..7).map(time).min().unwrap()
}

#[test]
#[ignore = "measures, which only means something when optimised and alone"]
#[expect(clippy::print_stderr, reason = "the figures are the purpose")]
fn bundles_are_read_faster_than_by_x509_parser() {
    let block = pem::encode("CERTIFICATE", crate::store::roots::mozilla().nth(1).unwrap());
    let file = block.repeat(COUNT);
    let stream = || std::io::BufReader::with_capacity(128 * 1024, file.as_bytes());
    let peer =
        best(|| x509_parser::pem::Pem::iter_from_buffer(file.as_bytes()).map(Result::unwrap).collect::<Vec<_>>().len());
    let whole = best(|| read(file.as_bytes()).unwrap().items.len());
    let peer_streamed = best(|| x509_parser::pem::Pem::iter_from_buffer(file.as_bytes()).map(Result::unwrap).count());
    let streamed = best(|| Blocks::new(stream()).map(Result::unwrap).count());
    let kept = peer.as_secs_f64() / whole.as_secs_f64();
    let passing = peer_streamed.as_secs_f64() / streamed.as_secs_f64();
    eprintln!("{COUNT} certificates of {} bytes of text", block.len());
    eprintln!("all kept: read {whole:?}, x509-parser {peer:?}: {kept:.1} times as fast");
    eprintln!("one by one: Blocks {streamed:?}, x509-parser {peer_streamed:?}: {passing:.1} times as fast");
    assert!(kept > 1.0 && passing > 1.0);
}
