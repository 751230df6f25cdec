//! Certificates in parts, so that any part can be made wrong before it is signed.

use certkit_core::asn1::{Tag, write};
use certkit_core::crypto::key_pair::{Error, KeyPair, KeyType};
use certkit_core::oid::{self, Oid};

/// What is random in a run: the same seed makes the same choices.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Dice {
        Dice(seed)
    }

    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }

    /// One of these.
    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// The keys of a run; signing costs what it costs, so there are few RSA ones.
pub(crate) fn keys() -> Result<Vec<KeyPair>, Error> {
    let kinds = [(KeyType::P256, 10), (KeyType::P384, 2), (KeyType::Rsa2048, 3), (KeyType::Ed25519, 2)];
    kinds.iter().flat_map(|(kind, count)| std::iter::repeat_n(*kind, *count)).map(KeyPair::generate).collect()
}

/// An extension in parts.
#[derive(Clone)]
pub(crate) struct Extension {
    pub(crate) oid: Oid<'static>,
    pub(crate) critical: bool,
    pub(crate) value: Vec<u8>,
}

/// A certificate in parts.
#[derive(Clone)]
pub(crate) struct Spec {
    /// Counted from 0.
    pub(crate) version: Option<u32>,
    pub(crate) serial: Vec<u8>,
    pub(crate) issuer: Vec<u8>,
    pub(crate) subject: Vec<u8>,
    pub(crate) not_before: Vec<u8>,
    pub(crate) not_after: Vec<u8>,
    pub(crate) key: usize,
    pub(crate) signer: usize,
    /// An algorithm to stand beside the signature in place of the one that is signed.
    pub(crate) outer: Option<Vec<u8>>,
    pub(crate) extensions: Vec<Extension>,
    /// Where bits of the signed part are flipped before it is signed.
    pub(crate) flips_before: Vec<(u64, u8)>,
    /// Where bits of the whole are flipped when it is done.
    pub(crate) flips_after: Vec<(u64, u8)>,
}

pub(crate) fn extension(oid: Oid<'static>, critical: bool, value: Vec<u8>) -> Extension {
    Extension { oid, critical, value }
}

/// A name of one common name.
pub(crate) fn name(text: &str) -> Vec<u8> {
    name_as(Tag::UTF8_STRING, text)
}

/// A name of one common name in this type of string.
pub(crate) fn name_as(tag: Tag, text: &str) -> Vec<u8> {
    let value = write::element(tag, &[text.as_bytes()]);
    let attribute = write::sequence(&[&write::oid(oid::COMMON_NAME), &value]);
    write::sequence(&[&write::set_of(vec![attribute])])
}

pub(crate) fn utc(text: &str) -> Vec<u8> {
    write::element(Tag::UTC_TIME, &[text.as_bytes()])
}

pub(crate) fn generalized(text: &str) -> Vec<u8> {
    write::element(Tag::GENERALIZED_TIME, &[text.as_bytes()])
}

/// basicConstraints of a CA.
pub(crate) fn authority(path_length: Option<u32>) -> Vec<u8> {
    let length = path_length.map(write::small_integer).unwrap_or_default();
    write::sequence(&[&write::TRUE, &length])
}

pub(crate) fn purposes(list: &[Oid<'static>]) -> Vec<u8> {
    write::sequence_of(&list.iter().map(|purpose| write::oid(*purpose)).collect::<Vec<_>>())
}

/// General names: pairs of a tag's number and the contents.
pub(crate) fn general_names(names: &[(u8, &[u8])]) -> Vec<u8> {
    write::sequence_of(&names.iter().map(|(number, name)| general_name(*number, name)).collect::<Vec<_>>())
}

pub(crate) fn general_name(number: u8, name: &[u8]) -> Vec<u8> {
    // A directory name is tagged around, all others in place.
    let tag = if number == 4 { Tag::context_constructed(4) } else { Tag::context(number) };
    write::element(tag, &[name])
}

/// nameConstraints: permitted and excluded names.
pub(crate) fn constraints(permitted: &[(u8, &[u8])], excluded: &[(u8, &[u8])]) -> Vec<u8> {
    let side = |number: u8, names: &[(u8, &[u8])]| {
        let subtree = |(kind, name): &(u8, &[u8])| write::sequence(&[&general_name(*kind, name)]);
        let subtrees: Vec<Vec<u8>> = names.iter().map(subtree).collect();
        match subtrees.is_empty() {
            true => Vec::new(),
            false => write::element(Tag::context_constructed(number), &[&subtrees.concat()]),
        }
    };
    write::sequence(&[&side(0, permitted), &side(1, excluded)])
}

impl Spec {
    pub(crate) fn find(&mut self, wanted: Oid<'static>) -> Option<&mut Extension> {
        self.extensions.iter_mut().find(|extension| extension.oid == wanted)
    }

    pub(crate) fn remove(&mut self, unwanted: Oid<'static>) {
        self.extensions.retain(|extension| extension.oid != unwanted);
    }

    /// Puts an extension in place of the one of its kind.
    pub(crate) fn set(&mut self, oid: Oid<'static>, critical: bool, value: Vec<u8>) {
        self.remove(oid);
        self.extensions.push(extension(oid, critical, value));
    }

    fn signed_part(&self, keys: &[KeyPair]) -> Vec<u8> {
        let algorithm = keys[self.signer].usual_algorithm().identifier().expect("every algorithm has one");
        let version =
            self.version.map(|number| write::element(Tag::context_constructed(0), &[&write::small_integer(number)]));
        let one = |it: &Extension| {
            let critical: &[u8] = if it.critical { &write::TRUE } else { &[] };
            write::sequence(&[&write::oid(it.oid), critical, &write::octet_string(&it.value)])
        };
        let list: Vec<Vec<u8>> = self.extensions.iter().map(one).collect();
        let extensions = match list.is_empty() {
            true => Vec::new(),
            false => write::element(Tag::context_constructed(3), &[&write::sequence_of(&list)]),
        };
        write::sequence(&[
            &version.unwrap_or_default(),
            &write::element(Tag::INTEGER, &[&self.serial]),
            &algorithm,
            &self.issuer,
            &write::sequence(&[&self.not_before, &self.not_after]),
            &self.subject,
            keys[self.key].spki(),
            &extensions,
        ])
    }

    /// Writes and signs it.
    pub(crate) fn make(&self, keys: &[KeyPair]) -> Result<Vec<u8>, Error> {
        let mut signed = self.signed_part(keys);
        flip(&mut signed, &self.flips_before);
        let algorithm = keys[self.signer].usual_algorithm();
        let signature = keys[self.signer].sign(algorithm, &signed)?;
        let outer = self.outer.clone().unwrap_or(algorithm.identifier().expect("every algorithm has one"));
        let mut whole = write::sequence(&[&signed, &outer, &write::bit_string(&signature)]);
        flip(&mut whole, &self.flips_after);
        Ok(whole)
    }
}

fn flip(bytes: &mut [u8], flips: &[(u64, u8)]) {
    let length = bytes.len() as u64;
    for (at, bits) in flips {
        if let Some(octet) = bytes.get_mut((at % length) as usize) {
            *octet ^= bits;
        }
    }
}
