//! Makes chains, right ones and wrong ones, and lets certkit and rustls-webpki judge them.
//!
//! `differential COUNT SEED` writes a line of JSON for each case: what was done to it, its certificates in
//! base64, both judgements, and what certkit says that other programs do. `scripts/differential` asks OpenSSL and the others
//! about the same ones and compares.

mod judge;
mod mutate;
mod spec;

use std::io::{self, BufWriter, Error, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use certkit_core::crypto::key_pair::KeyPair;
use judge::{Judgement, Made};
use mutate::Case;
use serde_json::json;
use spec::Dice;

fn made(case: &Case, keys: &[KeyPair]) -> Result<Made, Error> {
    let make = |spec: &spec::Spec| spec.make(keys).map_err(Error::other);
    let chain: Vec<Vec<u8>> = case.chain.iter().map(make).collect::<Result<_, _>>()?;
    let mut others: Vec<Vec<u8>> = case.presented.iter().filter_map(|at| chain.get(*at).cloned()).collect();
    for spec in &case.beside {
        others.push(make(spec)?);
    }
    let anchors = chain[chain.len().saturating_sub(case.anchors)..].to_vec();
    Ok(Made { leaf: chain[0].clone(), others, anchors })
}

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1).map(|it| it.parse::<u64>());
    let (Some(Ok(count)), Some(Ok(seed))) = (arguments.next(), arguments.next()) else {
        return Err(Error::other("usage: differential COUNT SEED"));
    };
    let keys = spec::keys().map_err(Error::other)?;
    let mut output = BufWriter::new(io::stdout().lock());
    let text = |der: &Vec<u8>| STANDARD.encode(der);
    let said = |it: &Judgement| json!({ "accepted": it.accepted, "errors": it.errors, "warnings": it.warnings, "facts": it.facts });
    for number in 0..count {
        // Each case has dice of its own, so that it can be made again alone.
        let mut dice = Dice::new(seed.wrapping_mul(0x0001_0000_0001).wrapping_add(number));
        let mut case = mutate::sound(&mut dice, &keys);
        for _ in 0..dice.below(4) {
            mutate::mutate(&mut case, &mut dice, &keys);
        }
        let made = made(&case, &keys)?;
        let certkit = judge::certkit(&made);
        let foretold: serde_json::Map<String, serde_json::Value> = certkit
            .foretold
            .iter()
            .map(|it| (it.program.name().to_owned(), json!({ "accepted": it.accepted, "why": it.why })))
            .collect();
        let line = json!({
            "number": number,
            "story": case.story,
            "leaf": text(&made.leaf),
            "others": made.others.iter().map(text).collect::<Vec<_>>(),
            "anchors": made.anchors.iter().map(text).collect::<Vec<_>>(),
            "certkit": said(&certkit.tls),
            "partial": said(&certkit.partial),
            "foretold": foretold,
            "webpki": said(&judge::rustls_webpki(&made)),
        });
        writeln!(output, "{line}")?;
    }
    output.flush()
}
