//! Everything that may be wrong with a chain.

use certkit_core::asn1::{Tag, write};
use certkit_core::crypto::key_pair::KeyPair;
use certkit_core::oid::{self, Oid};

use super::super::spec::{
    Dice, Spec, authority, constraints, general_names, generalized, name, name_as, purposes, utc,
};
use super::{CA_USAGE, Case, HOST};

type Mutation = (&'static str, fn(&mut Case, &mut Dice, &[KeyPair]));

pub(super) static MUTATIONS: &[Mutation] = &[
    ("bits flipped before signing", |case, dice, _| {
        let flip = (dice.next(), 1 << dice.below(8));
        any(case, dice).flips_before.push(flip);
    }),
    ("octet changed before signing", |case, dice, _| {
        let flip = (dice.next(), 1 + dice.below(255) as u8);
        any(case, dice).flips_before.push(flip);
    }),
    ("bits flipped after signing", |case, dice, _| {
        let flip = (dice.next(), 1 << dice.below(8));
        any(case, dice).flips_after.push(flip);
    }),
    ("expired", |case, dice, _| any(case, dice).not_after = utc("260101000000Z")),
    ("not yet valid", |case, dice, _| any(case, dice).not_before = utc("300101000000Z")),
    ("ends this second", |case, dice, _| any(case, dice).not_after = utc("260601000000Z")),
    ("ended a second ago", |case, dice, _| any(case, dice).not_after = utc("260531235959Z")),
    ("begins this second", |case, dice, _| any(case, dice).not_before = utc("260601000000Z")),
    ("generalized time early", |case, dice, _| any(case, dice).not_after = generalized("20350101000000Z")),
    ("far future", |case, dice, _| any(case, dice).not_after = generalized("20991231235959Z")),
    ("time without seconds", |case, dice, _| any(case, dice).not_after = utc("3501010000Z")),
    ("time with offset", |case, dice, _| any(case, dice).not_after = utc("350101000000+0100")),
    ("time with fraction", |case, dice, _| any(case, dice).not_after = generalized("20550101000000.5Z")),
    ("impossible date", |case, dice, _| any(case, dice).not_after = utc("350230000000Z")),
    ("no basic constraints", |case, dice, _| ca(case, dice).remove(oid::BASIC_CONSTRAINTS)),
    ("no CA", |case, dice, _| ca(case, dice).set(oid::BASIC_CONSTRAINTS, true, write::sequence(&[]))),
    ("basic constraints not critical", |case, dice, _| {
        ca(case, dice).set(oid::BASIC_CONSTRAINTS, false, authority(None));
    }),
    ("path length 0", |case, dice, _| ca(case, dice).set(oid::BASIC_CONSTRAINTS, true, authority(Some(0)))),
    ("path length 1", |case, dice, _| ca(case, dice).set(oid::BASIC_CONSTRAINTS, true, authority(Some(1)))),
    ("path length 200", |case, dice, _| ca(case, dice).set(oid::BASIC_CONSTRAINTS, true, authority(Some(200)))),
    ("negative path length", |case, dice, _| {
        let value = write::sequence(&[&write::TRUE, &[2, 1, 0xff]]);
        ca(case, dice).set(oid::BASIC_CONSTRAINTS, true, value);
    }),
    ("path length without CA", |case, _, _| {
        leaf(case).set(oid::BASIC_CONSTRAINTS, true, write::sequence(&[&write::small_integer(1)]));
    }),
    ("leaf is CA", |case, _, _| leaf(case).set(oid::BASIC_CONSTRAINTS, true, authority(None))),
    ("leaf says that it is no CA", |case, _, _| {
        leaf(case).set(oid::BASIC_CONSTRAINTS, true, write::sequence(&[]));
    }),
    ("no key usage", |case, dice, _| any(case, dice).remove(oid::KEY_USAGE)),
    ("key usage without certificate signing", |case, dice, _| {
        ca(case, dice).set(oid::KEY_USAGE, true, write::named_bits([true, false, false, false, false, false, true]));
    }),
    ("leaf with certificate signing", |case, _, _| leaf(case).set(oid::KEY_USAGE, true, write::named_bits(CA_USAGE))),
    ("leaf only signs codes", |case, _, _| {
        leaf(case).set(oid::KEY_USAGE, true, write::named_bits([false, true]));
    }),
    ("key usage empty", |case, dice, _| any(case, dice).set(oid::KEY_USAGE, true, vec![3, 1, 0])),
    ("key usage not critical", |case, dice, _| {
        if let Some(usage) = any(case, dice).find(oid::KEY_USAGE) {
            usage.critical = false;
        }
    }),
    ("no purposes", |case, _, _| leaf(case).remove(oid::EXTENDED_KEY_USAGE)),
    ("only for clients", |case, dice, _| {
        let critical = dice.once_in(2);
        any(case, dice).set(oid::EXTENDED_KEY_USAGE, critical, purposes(&[oid::CLIENT_AUTH]));
    }),
    ("for any purpose", |case, dice, _| {
        any(case, dice).set(oid::EXTENDED_KEY_USAGE, false, purposes(&[oid::ANY_EXTENDED_KEY_USAGE]));
    }),
    ("CA for servers", |case, dice, _| {
        ca(case, dice).set(oid::EXTENDED_KEY_USAGE, false, purposes(&[oid::SERVER_AUTH]));
    }),
    ("purposes empty", |case, dice, _| any(case, dice).set(oid::EXTENDED_KEY_USAGE, false, purposes(&[]))),
    ("for OCSP", |case, dice, _| any(case, dice).set(oid::EXTENDED_KEY_USAGE, true, purposes(&[oid::OCSP_SIGNING]))),
    ("no alternative name", |case, _, _| leaf(case).remove(oid::SUBJECT_ALT_NAME)),
    ("alternative name", |case, dice, _| {
        let names: &[&str] = &[
            "*.plant.example",
            "*.example",
            "*",
            "PLC7.Plant.Example",
            "plc7.plant.example.",
            "plc8.plant.example",
            "p*7.plant.example",
            "*.*.example",
            "plc7",
            "",
            ".plant.example",
            "plc7.plant.example ",
            "plc_7.plant.example",
            "plc7.*.example",
            "xn--plc7.plant.example",
            "plc7..plant.example",
            "*.plc7.plant.example",
            "-plc7.plant.example",
        ];
        let chosen = *dice.pick(names);
        let mut list: Vec<(u8, &[u8])> = vec![(2, chosen.as_bytes())];
        if dice.once_in(3) {
            list.push((2, HOST.as_bytes()));
        }
        leaf(case).set(oid::SUBJECT_ALT_NAME, false, general_names(&list));
    }),
    ("alternative name critical", |case, _, _| {
        leaf(case).set(oid::SUBJECT_ALT_NAME, true, general_names(&[(2, HOST.as_bytes())]));
    }),
    ("alternative name of other forms", |case, _, _| {
        let names: &[(u8, &[u8])] = &[(1, b"plc7@plant.example"), (6, b"urn:plc7:Plant"), (7, &[10, 0, 0, 7])];
        leaf(case).set(oid::SUBJECT_ALT_NAME, false, general_names(names));
    }),
    ("alternative name empty", |case, _, _| leaf(case).set(oid::SUBJECT_ALT_NAME, false, write::sequence(&[]))),
    ("address of 5 octets", |case, _, _| {
        let names: &[(u8, &[u8])] = &[(2, HOST.as_bytes()), (7, &[10, 0, 0, 7, 1])];
        leaf(case).set(oid::SUBJECT_ALT_NAME, false, general_names(names));
    }),
    ("names permitted", |case, dice, _| {
        let names: &[&[u8]] = &[
            b"plant.example",
            b".plant.example",
            b"example",
            b"other.example",
            b"",
            b"PLANT.example",
            b"lant.example",
        ];
        let chosen = *dice.pick(names);
        let critical = !dice.once_in(4);
        ca(case, dice).set(oid::NAME_CONSTRAINTS, critical, constraints(&[(2, chosen)], &[]));
    }),
    ("names excluded", |case, dice, _| {
        let names: &[&[u8]] =
            &[b"plant.example", b".plant.example", b"example", b"other.example", b"", b"lant.example"];
        let chosen = *dice.pick(names);
        ca(case, dice).set(oid::NAME_CONSTRAINTS, true, constraints(&[], &[(2, chosen)]));
    }),
    ("addresses constrained", |case, dice, _| {
        let ranges: &[&[u8]] = &[
            &[10, 0, 0, 0, 255, 0, 0, 0],
            &[11, 0, 0, 0, 255, 0, 0, 0],
            &[10, 0, 0, 0, 255, 0, 255, 0],
            &[10, 0, 0, 0],
        ];
        let chosen = *dice.pick(ranges);
        let value = match dice.below(2) {
            0 => constraints(&[(7, chosen)], &[]),
            _ => constraints(&[], &[(7, chosen)]),
        };
        ca(case, dice).set(oid::NAME_CONSTRAINTS, true, value);
    }),
    ("directory names constrained", |case, dice, _| {
        let (inside, outside) = (name(HOST), name("elsewhere"));
        let chosen = if dice.once_in(2) { inside.as_slice() } else { outside.as_slice() };
        let value = match dice.below(2) {
            0 => constraints(&[(4, chosen)], &[]),
            _ => constraints(&[], &[(4, chosen)]),
        };
        ca(case, dice).set(oid::NAME_CONSTRAINTS, true, value);
    }),
    ("other forms constrained", |case, dice, _| {
        let forms: &[(u8, &[u8])] = &[(1, b"plant.example"), (6, b"plant.example"), (8, &[0x2a, 3])];
        let chosen = *dice.pick(forms);
        ca(case, dice).set(oid::NAME_CONSTRAINTS, true, constraints(&[chosen], &[]));
    }),
    ("name constraints empty", |case, dice, _| {
        ca(case, dice).set(oid::NAME_CONSTRAINTS, true, write::sequence(&[]));
    }),
    ("name constraints on the leaf", |case, _, _| {
        leaf(case).set(oid::NAME_CONSTRAINTS, true, constraints(&[(2, b"example")], &[]));
    }),
    ("policies", |case, dice, _| {
        let policies: &[Oid<'static>] =
            &[oid::POLICY_DOMAIN_VALIDATED, oid::ANY_POLICY, oid::POLICY_EXTENDED_VALIDATION];
        let policy = write::sequence(&[&write::oid(*dice.pick(policies))]);
        any(case, dice).set(oid::CERTIFICATE_POLICIES, dice.once_in(2), write::sequence(&[&policy]));
    }),
    ("policy twice", |case, dice, _| {
        let policy = write::sequence(&[&write::oid(oid::POLICY_DOMAIN_VALIDATED)]);
        any(case, dice).set(oid::CERTIFICATE_POLICIES, false, write::sequence(&[&policy, &policy]));
    }),
    ("policy required", |case, dice, _| {
        let skip = write::element(Tag::context(0), &[&[dice.below(3) as u8]]);
        ca(case, dice).set(oid::POLICY_CONSTRAINTS, true, write::sequence(&[&skip]));
    }),
    ("any policy inhibited", |case, dice, _| {
        ca(case, dice).set(oid::INHIBIT_ANY_POLICY, true, write::small_integer(0));
    }),
    ("policies mapped", |case, dice, _| {
        let (from, to) =
            (oid::POLICY_DOMAIN_VALIDATED, *dice.pick(&[oid::ANY_POLICY, oid::POLICY_EXTENDED_VALIDATION]));
        let pair = write::sequence(&[&write::oid(from), &write::oid(to)]);
        ca(case, dice).set(oid::POLICY_MAPPINGS, true, write::sequence(&[&pair]));
    }),
    ("unknown extension", |case, dice, _| {
        let critical = dice.once_in(2);
        any(case, dice).set(Oid(b"\x2a\x03\x04"), critical, write::NULL.to_vec());
    }),
    ("extension twice", |case, dice, _| {
        let spec = any(case, dice);
        let one = dice.below(spec.extensions.len().max(1));
        let copy = spec.extensions.get(one).cloned();
        spec.extensions.extend(copy);
    }),
    ("extension cut", |case, dice, _| {
        let spec = any(case, dice);
        let one = dice.below(spec.extensions.len().max(1));
        if let Some(extension) = spec.extensions.get_mut(one) {
            extension.value.pop();
        }
    }),
    ("extension with more behind", |case, dice, _| {
        let spec = any(case, dice);
        let one = dice.below(spec.extensions.len().max(1));
        if let Some(extension) = spec.extensions.get_mut(one) {
            extension.value.extend([5, 0]);
        }
    }),
    ("no extensions", |case, dice, _| any(case, dice).extensions.clear()),
    ("version 1", |case, dice, _| any(case, dice).version = None),
    ("version 1 without extensions", |case, dice, _| {
        let spec = any(case, dice);
        spec.version = None;
        spec.extensions.clear();
    }),
    ("version 2", |case, dice, _| any(case, dice).version = Some(1)),
    ("version 4", |case, dice, _| any(case, dice).version = Some(3)),
    ("default version spelt out", |case, dice, _| any(case, dice).version = Some(0)),
    ("serial number", |case, dice, _| {
        let serials: &[&[u8]] = &[&[0], &[0xff], &[0x80, 1], &[0, 1], &[0x7f; 20], &[0x7f; 21], &[0x7f; 40], &[]];
        any(case, dice).serial = dice.pick(serials).to_vec();
    }),
    ("other algorithm beside the signature", |case, dice, keys| {
        let other = keys[dice.below(keys.len())].usual_algorithm().identifier();
        any(case, dice).outer = Some(other);
    }),
    ("signed by another key", |case, dice, keys| below(case, dice).signer = dice.below(keys.len())),
    ("issuer in other letters", |case, dice, _| below(case, dice).issuer = name("PLANT root")),
    ("issuer in another type of string", |case, dice, _| {
        let tags = [Tag::PRINTABLE_STRING, Tag::TELETEX_STRING, Tag::IA5_STRING];
        let at = dice.below(case.chain.len() - 1);
        let above = if at + 2 == case.chain.len() { "Plant Root".into() } else { format!("Plant CA {}", at + 1) };
        case.chain[at].issuer = name_as(*dice.pick(&tags), &above);
    }),
    ("issuer with more spaces", |case, dice, _| {
        let at = dice.below(case.chain.len() - 1);
        let above = if at + 2 == case.chain.len() { "Plant  Root ".into() } else { format!(" plant  CA {}", at + 1) };
        case.chain[at].issuer = name(&above);
    }),
    ("another issuer", |case, dice, _| below(case, dice).issuer = name("Somebody")),
    ("empty issuer", |case, dice, _| below(case, dice).issuer = write::sequence(&[])),
    ("empty subject", |case, dice, _| any(case, dice).subject = write::sequence(&[])),
    ("another authority key identifier", |case, dice, _| {
        let value = write::sequence(&[&write::element(Tag::context(0), &[&[7; 20]])]);
        any(case, dice).set(oid::AUTHORITY_KEY_IDENTIFIER, false, value);
    }),
    ("no authority key identifier", |case, dice, _| any(case, dice).remove(oid::AUTHORITY_KEY_IDENTIFIER)),
    ("no subject key identifier", |case, dice, _| any(case, dice).remove(oid::SUBJECT_KEY_IDENTIFIER)),
    ("another subject key identifier", |case, dice, _| {
        any(case, dice).set(oid::SUBJECT_KEY_IDENTIFIER, false, write::octet_string(&[9; 20]));
    }),
    ("identifier critical", |case, dice, _| {
        if let Some(identifier) = any(case, dice).find(oid::SUBJECT_KEY_IDENTIFIER) {
            identifier.critical = true;
        }
    }),
    ("intermediate left out", |case, dice, _| {
        if !case.presented.is_empty() {
            case.presented.remove(dice.below(case.presented.len()));
        }
    }),
    ("order turned round", |case, _, _| case.presented.reverse()),
    ("intermediate twice", |case, dice, _| {
        if !case.presented.is_empty() {
            let again = *dice.pick(&case.presented);
            case.presented.push(again);
        }
    }),
    ("root presented", |case, _, _| case.presented.insert(0, case.chain.len() - 1)),
    ("leaf presented again", |case, _, _| case.presented.push(0)),
    ("intermediates are anchors", |case, _, _| case.anchors = case.chain.len() - 1),
    ("the chain's last two are anchors", |case, _, _| case.anchors = 2.min(case.chain.len() - 1)),
    ("no anchor", |case, _, _| case.anchors = 0),
    ("the leaf is an anchor", |case, _, _| case.anchors = case.chain.len()),
    ("expired twin beside", |case, dice, _| {
        let mut twin = ca(case, dice).clone();
        twin.not_after = utc("260101000000Z");
        case.beside.push(twin);
    }),
    ("twin with another key beside", |case, dice, keys| {
        let mut twin = ca(case, dice).clone();
        twin.key = dice.below(keys.len());
        twin.remove(oid::SUBJECT_KEY_IDENTIFIER);
        case.beside.push(twin);
    }),
    ("cross certificate beside", |case, dice, _| {
        let last = case.chain.len() - 1;
        let mut cross = case.chain[last].clone();
        let by = 1 + dice.below(last);
        cross.issuer = case.chain[by].subject.clone();
        cross.signer = case.chain[by].key;
        cross.remove(oid::AUTHORITY_KEY_IDENTIFIER);
        case.beside.push(cross);
    }),
];

/// Any certificate of the chain.
fn any<'a>(case: &'a mut Case, dice: &mut Dice) -> &'a mut Spec {
    let at = dice.below(case.chain.len());
    &mut case.chain[at]
}

/// Any certificate that issues.
fn ca<'a>(case: &'a mut Case, dice: &mut Dice) -> &'a mut Spec {
    let at = 1 + dice.below(case.chain.len() - 1);
    &mut case.chain[at]
}

fn leaf(case: &mut Case) -> &mut Spec {
    &mut case.chain[0]
}

/// A certificate below the root.
fn below<'a>(case: &'a mut Case, dice: &mut Dice) -> &'a mut Spec {
    let at = dice.below(case.chain.len() - 1);
    &mut case.chain[at]
}
