//! RSA keys whose private key can be computed or is public.

use std::collections::HashMap;

use super::super::Clause::{BaselineRequirements, Document};
use super::super::Look::{Each, Together};
use super::super::together::{Keys, modulus_of};
use super::super::{Case, Check, Outcome, Severity, Subject};
use super::algorithms::{CURVE_BITS, KEY_TOO_WEAK};
use super::soundness;
use crate::crypto::key::{KeyKind, PublicKey};
use crate::crypto::weak::{self, Weakness};

/// The checks of this topic that look at one key by itself.
pub static CHECKS: &[&Check] = &[&KEY_ROCA, &KEY_FERMAT];

/// Those that look at all keys of a run.
pub static OF_ALL: &[&Check] = &[&KEY_SHARED_FACTOR, &KEY_KNOWN];

const NEW_KEY: &str = "Make a new key with another program, `certkit request --key-type rsa:3072`, and have a \
                       certificate issued for it. Have this certificate revoked, and do not trust anything signed with \
                       its key.";

/// The key was made by the library of Infineon's chips.
pub static KEY_ROCA: Check = Check {
    id: "key-roca",
    severity: Severity::Error,
    clauses: &[BaselineRequirements("6.1.1.3"), Document("CVE-2017-15361 (ROCA)")],
    title: "The RSA key was not made by the faulty library of Infineon's chips",
    why: "TPMs, smart cards and USB tokens with chips of Infineon made RSA keys until 2017 whose primes have a \
          structure that is visible in the public key. From it a private key of 2048 bits can be computed for some \
          thousand euros.",
    remedy: "Update the firmware of the TPM or card, or make the key outside it (`certkit request --key-type \
             rsa:3072`), and have a certificate issued for the new key. Have this one revoked.",
    look: Each { applies: is_rsa, at: |_, subject| at(subject, Weakness::Roca) },
};

/// The primes are found at once.
pub static KEY_FERMAT: Check = Check {
    id: "key-fermat",
    severity: Severity::Error,
    clauses: &[BaselineRequirements("6.1.1.3"), BaselineRequirements("6.1.6"), Document("CVE-2022-26320")],
    title: "The primes of an RSA key are not found in a few steps",
    why: "With the primes of the modulus anyone has the private key. A hundred steps of Fermat's factorization find two \
          that are close together: printers and other devices with a certain cryptographic module made such keys. \
          Division finds one below 65536, and one power tells a modulus that is a prime or a power of one.",
    remedy: NEW_KEY,
    look: Each { applies: is_rsa, at: |_, subject| at(subject, Weakness::ClosePrimes) },
};

fn is_rsa(_: &Case, subject: &Subject) -> bool {
    subject.is_on_path() && subject.certificate.public_key().is_ok_and(|key| modulus_of(&key).is_some())
}

/// Says whether a key is weak in this way.
fn at(subject: &Subject, wanted: Weakness) -> Outcome {
    let key = subject.certificate.public_key();
    key.ok().and_then(|key| modulus_of(&key)).map_or(Outcome::Met, |modulus| of_modulus(modulus, wanted))
}

/// Looks at keys without a certificate, each with what it is called and its public key. Nothing where the check is
/// none of one key by itself.
pub(in crate::check) fn alone<'k>(
    check: &Check,
    keys: impl Iterator<Item = (String, &'k [u8])>,
    modulus_bits: u32,
) -> Vec<Outcome> {
    let of = |key: &PublicKey<'_>| match check.id {
        id if id == KEY_ROCA.id => Some(of_modulus(modulus_of(key)?, Weakness::Roca)),
        id if id == KEY_FERMAT.id => Some(of_modulus(modulus_of(key)?, Weakness::ClosePrimes)),
        id if id == KEY_TOO_WEAK.id => size(key, modulus_bits),
        id => {
            let fault = key.fault().filter(|fault| soundness::check_for(*fault).id == id);
            let is_rsa = || id == soundness::KEY_SMALL_FACTOR.id && modulus_of(key).is_some();
            match fault {
                Some(fault) => Some(Outcome::NotMet(format!("{key}: {fault}"))),
                None => is_rsa().then_some(Outcome::Met),
            }
        }
    };
    let looked = keys.filter_map(|(name, spki)| {
        let outcome = of(&PublicKey::from_spki(spki).ok()?)?;
        Some(outcome.about(|said| format!("{name}: {said}")))
    });
    looked.collect()
}

/// Says whether a key is long enough, of the kinds of which that is known.
fn size(key: &PublicKey<'_>, modulus_bits: u32) -> Option<Outcome> {
    let least = match key.kind {
        KeyKind::Rsa { .. } | KeyKind::Dsa { .. } => modulus_bits,
        KeyKind::Ec { .. } => CURVE_BITS,
        _ => return None,
    };
    let is_weak = key.size().is_none_or(|bits| bits < least);
    Some(Outcome::not_met_if(is_weak, || format!("the key is {key}; the minimum is {least} bits")))
}

fn of_modulus(modulus: &[u8], wanted: Weakness) -> Outcome {
    match (weak::weakness(modulus), wanted) {
        (Some(Weakness::Roca), Weakness::Roca) => Outcome::NotMet(
            "its modulus is a power of 65537 modulo every small prime, as only this library makes it".to_owned(),
        ),
        (Some(Weakness::ClosePrimes), Weakness::ClosePrimes) => {
            Outcome::NotMet("its two primes were found in no more than a hundred steps".to_owned())
        }
        (Some(Weakness::SmallFactor(factor)), Weakness::ClosePrimes) => {
            Outcome::NotMet(format!("its modulus is a multiple of {factor}"))
        }
        (Some(Weakness::FewPrimes), Weakness::ClosePrimes) => {
            Outcome::NotMet("its modulus is a prime, or a power of one, and not the product of two primes".to_owned())
        }
        _ => Outcome::Met,
    }
}

/// The key shares a prime with another one.
pub static KEY_SHARED_FACTOR: Check = Check {
    id: "key-shared-factor",
    severity: Severity::Error,
    clauses: &[BaselineRequirements("6.1.1.3"), Document("Mining Your Ps and Qs (USENIX Security 2012)")],
    title: "No RSA key shares a prime with another key of the run",
    why: "Devices that make their key at the first start, before they have any randomness, make the same primes as \
          others of the same model. From two such certificates both private keys can be computed with one division; \
          programs that do so with all certificates of the Internet are public.",
    remedy: "Make new keys for both, with another program or after an update of the firmware: `certkit request \
             --key-type rsa:3072`. Check the other devices of the same model, too: pass all their certificates to one \
             `certkit check`.",
    look: Together(shared),
};

fn shared(keys: &Keys<'_>) -> Vec<(usize, Outcome)> {
    let moduli: Vec<(usize, &[u8])> = keys.each().filter_map(|(at, key)| Some((at, modulus_of(&key)?))).collect();
    if moduli.len() < 2 {
        return Vec::new();
    }
    let mut outcomes = other_exponents(keys);
    let found = weak::shared(&moduli.iter().map(|(_, modulus)| *modulus).collect::<Vec<_>>());
    let place = |number: usize| moduli.get(number).map_or(0, |(at, _)| *at);
    outcomes.extend(found.sharing.iter().map(|sharing| {
        let other = sharing.with.map(|with| format!("that of {}", keys.holder(place(with))));
        let other = other.unwrap_or_else(|| "another one".to_owned());
        let said = format!("its modulus has a prime in common with {other}: both private keys can be computed");
        (place(sharing.at), Outcome::NotMet(said))
    }));
    if found.left_out > 0 {
        let said = format!("{} keys were not compared: together they are longer than 64 MiB", found.left_out);
        outcomes.push((place(0), Outcome::Undetermined(said)));
    }
    if outcomes.is_empty() {
        outcomes.push((place(0), Outcome::Met));
    }
    outcomes
}

/// Finds keys that have the modulus of another one, with another exponent.
fn other_exponents(keys: &Keys<'_>) -> Vec<(usize, Outcome)> {
    let mut of_moduli: HashMap<&[u8], Vec<(usize, &[u8])>> = HashMap::new();
    for (at, key) in keys.each() {
        if let (Some(modulus), KeyKind::Rsa { exponent, .. }) = (modulus_of(&key), key.kind) {
            of_moduli.entry(modulus).or_default().push((at, exponent));
        }
    }
    let mut outcomes: Vec<(usize, Outcome)> = Vec::new();
    for same in of_moduli.into_values() {
        let Some((first, exponent)) = same.first().copied() else { continue };
        let Some((second, _)) = same.iter().copied().find(|(_, other)| *other != exponent) else { continue };
        outcomes.extend(same.into_iter().map(|(at, own)| {
            let other = keys.holder(if own == exponent { second } else { first });
            let said = format!(
                "it has the modulus of that of {other}, with another exponent: whoever has one private key can compute \
                 the other"
            );
            (at, Outcome::NotMet(said))
        }));
    }
    outcomes.sort_by_key(|(at, _)| *at);
    outcomes
}

/// The private key is public.
pub static KEY_KNOWN: Check = Check {
    id: "key-known",
    severity: Severity::Error,
    clauses: &[BaselineRequirements("6.1.1.3"), BaselineRequirements("4.9.1.1"), Document("CVE-2008-0166")],
    title: "The key is not in a list of publicly known private keys",
    why: "Debian's OpenSSL made only some hundred thousand keys between 2006 and 2008; firmware, examples and tests of \
          public software contain private keys that devices then use. These keys are public.",
    remedy: NEW_KEY,
    look: Together(known),
};

fn known(keys: &Keys<'_>) -> Vec<(usize, Outcome)> {
    let Some(lists) = keys.known else { return Vec::new() };
    let looked = keys.each().map(|(at, key)| {
        (at, Outcome::not_met_if(lists.has(&key), || "its key is in the given list of known keys".to_owned()))
    });
    looked.collect()
}
