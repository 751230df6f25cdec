//! Chains that are right, and what can be wrong with them.

mod mutations;

use mutations::MUTATIONS;

use certkit_core::asn1::{Tag, write};
use certkit_core::crypto::key_pair::KeyPair;
use certkit_core::oid::{self};

use super::spec::{Dice, Spec, authority, extension, general_names, name, purposes, utc};

/// The name that every leaf is asked for.
pub(crate) const HOST: &str = "plc7.plant.example";

/// What is given to the judges.
pub(crate) struct Case {
    /// Leaf first, root last.
    pub(crate) chain: Vec<Spec>,
    /// Certificates that stand beside the chain.
    pub(crate) beside: Vec<Spec>,
    /// How many of the chain, from its end, are anchors.
    pub(crate) anchors: usize,
    /// The places in the chain of what is presented after the leaf; some may be left out.
    pub(crate) presented: Vec<usize>,
    /// What was done, for people.
    pub(crate) story: Vec<&'static str>,
}

const CA_USAGE: [bool; 7] = [false, false, false, false, false, true, true];

fn identifiers(spec: &mut Spec, keys: &[KeyPair]) {
    let own = keys[spec.key].key_identifier().unwrap_or_default();
    let above = keys[spec.signer].key_identifier().unwrap_or_default();
    let authority = write::sequence(&[&write::element(Tag::context(0), &[&above])]);
    spec.extensions.push(extension(oid::SUBJECT_KEY_IDENTIFIER, false, write::octet_string(&own)));
    spec.extensions.push(extension(oid::AUTHORITY_KEY_IDENTIFIER, false, authority));
}

/// A chain without a fault: a leaf, up to three intermediates, a root.
pub(crate) fn sound(dice: &mut Dice, keys: &[KeyPair]) -> Case {
    let length = 2 + dice.below(4);
    let mut own: Vec<usize> = Vec::new();
    while own.len() < length {
        let key = dice.below(keys.len());
        if !own.contains(&key) {
            own.push(key);
        }
    }
    let mut chain = Vec::new();
    for at in 0..length {
        let is_root = at + 1 == length;
        let signer = if is_root { at } else { at + 1 };
        let title = |at: usize| match at {
            0 => name(HOST),
            at if at + 1 == length => name("Plant Root"),
            at => name(&format!("Plant CA {at}")),
        };
        let mut spec = Spec {
            version: Some(2),
            serial: vec![1 + at as u8, dice.below(256) as u8, 7],
            issuer: title(signer),
            subject: title(at),
            not_before: utc("250101000000Z"),
            not_after: utc("350101000000Z"),
            key: own[at],
            signer: own[signer],
            outer: None,
            extensions: Vec::new(),
            flips_before: Vec::new(),
            flips_after: Vec::new(),
        };
        if at == 0 {
            spec.set(oid::KEY_USAGE, true, write::named_bits([true, false, true]));
            spec.set(oid::EXTENDED_KEY_USAGE, false, purposes(&[oid::SERVER_AUTH, oid::CLIENT_AUTH]));
            spec.set(oid::SUBJECT_ALT_NAME, false, general_names(&[(2, HOST.as_bytes()), (7, &[10, 0, 0, 7])]));
        } else {
            spec.set(oid::BASIC_CONSTRAINTS, true, authority(None));
            spec.set(oid::KEY_USAGE, true, write::named_bits(CA_USAGE));
        }
        identifiers(&mut spec, keys);
        chain.push(spec);
    }
    let presented = (1..length - 1).collect();
    Case { chain, beside: Vec::new(), anchors: 1, presented, story: Vec::new() }
}

/// Makes one thing wrong, or only unusual.
pub(crate) fn mutate(case: &mut Case, dice: &mut Dice, keys: &[KeyPair]) {
    let (story, change) = *dice.pick(MUTATIONS);
    change(case, dice, keys);
    case.story.push(story);
}
