//! The formats of an inventory for people and spreadsheets.

use std::collections::HashMap;
use std::io::{self, Write};

use certkit_core::text::{Printable, plural};

use super::assets::{AlgorithmJson, InventoryJson, KeyJson, KeyKind, OccurrenceJson, Use};
use crate::terminal::style::{self, paint};
use certkit_expiry::format::csv::harmless;

/// The tables: algorithms with how often each is used, and what could not be looked at.
pub(super) fn text(inventory: &InventoryJson) -> String {
    let mut text = String::new();
    for (of, title) in [(Use::Key, "Keys"), (Use::Signature, "Signatures of certificates")] {
        let rows: Vec<_> = inventory.algorithms.iter().filter(|it| it.of == of).collect();
        if rows.is_empty() {
            continue;
        }
        text += &format!("{}\n", paint(style::BOLD, title));
        for it in rows {
            let quantum = match it.nist_quantum_security_level {
                Some(0) => paint(style::CARE, "no category"),
                Some(level) => paint(style::GOOD, format_args!("category {level} ")),
                None => paint(style::DIM, "not known  "),
            };
            let name = Printable(&it.name).to_string();
            let mut counts = format!("{} {}", it.certificates, plural(it.certificates, "certificate", "certificates"));
            if it.private_keys > 0 {
                counts += &format!(", {} private {}", it.private_keys, plural(it.private_keys, "key", "keys"));
            }
            text += &format!("  {name:<24} {quantum}  {counts}\n");
        }
    }
    if !inventory.connections.is_empty() {
        text += &format!("{}\n", paint(style::BOLD, "TLS"));
        for it in &inventory.connections {
            let count = it.occurrences.len();
            text += &format!("  {} {}  {count} {}\n", it.version, it.cipher_suite, plural(count, "server", "servers"));
        }
    }
    for it in &inventory.unseen {
        let words = format!("not read: {}: {}", Printable(&it.location), Printable(&it.reason));
        text += &format!("{}\n", paint(style::BAD, crate::terminal::wrap(&words, 0)));
    }
    let (certificates, keys) =
        (inventory.certificates.len(), inventory.keys.iter().filter(|it| it.kind == KeyKind::Private).count());
    let broken = inventory.algorithms.iter().filter(|it| it.nist_quantum_security_level == Some(0)).count();
    text += &format!(
        "\n{certificates} {}, {keys} private {}, {} {}; a quantum computer can break {broken} of them (no NIST \
         security category)\n",
        plural(certificates, "certificate", "certificates"),
        plural(keys, "key", "keys"),
        inventory.algorithms.len(),
        plural(inventory.algorithms.len(), "algorithm", "algorithms"),
    );
    text
}

const HEADINGS: [&str; 15] = [
    "kind",
    "name",
    "algorithm",
    "signature_algorithm",
    "bits",
    "nist_quantum_security_level",
    "not_after",
    "fingerprint_sha256",
    "key_sha256",
    "secured_by",
    "location",
    "position",
    "owner",
    "group",
    "note",
];

/// A table for spreadsheets (RFC 4180): a line for each place of each certificate, key and connection.
pub(super) fn csv(inventory: &InventoryJson, to: &mut dyn Write) -> io::Result<()> {
    let mut table = csv::Writer::from_writer(to);
    table.write_record(HEADINGS)?;
    let algorithms: HashMap<(&str, Use), &AlgorithmJson> =
        inventory.algorithms.iter().map(|it| ((it.name.as_str(), it.of), it)).collect();
    let public = inventory.keys.iter().filter(|key| key.kind == KeyKind::Public);
    let public: HashMap<&str, &KeyJson> = public.filter_map(|key| Some((key.key_sha256.as_deref()?, key))).collect();
    let level = |name: Option<&String>, of: Use| {
        let algorithm = name.and_then(|name| algorithms.get(&(name.as_str(), of)));
        algorithm.and_then(|it| it.nist_quantum_security_level).map(|it| it.to_string()).unwrap_or_default()
    };
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let mut row = |cells: [String; 10], at: &OccurrenceJson| {
        let place = [at.location.clone(), at.position.to_string(), text(&at.owner), text(&at.group), text(&at.note)];
        table.write_record(cells.iter().chain(&place).map(|cell| harmless(cell)))
    };
    let none = String::new;
    for it in &inventory.certificates {
        let key = public.get(it.key_sha256.as_str());
        let algorithm = key.and_then(|key| key.algorithm.clone());
        let bits = key.and_then(|key| key.bits).map(|bits| bits.to_string()).unwrap_or_default();
        let level = level(algorithm.as_ref(), Use::Key);
        let cells = [
            "certificate".to_owned(),
            it.subject_dn.clone(),
            text(&algorithm),
            text(&it.signature_algorithm),
            bits,
            level,
            text(&it.not_after),
            it.fingerprint_sha256.clone(),
            it.key_sha256.clone(),
            none(),
        ];
        it.occurrences.iter().try_for_each(|at| row(cells.clone(), at))?;
    }
    for it in inventory.keys.iter().filter(|it| it.kind == KeyKind::Private) {
        let bits = it.bits.map(|bits| bits.to_string()).unwrap_or_default();
        let level = level(it.algorithm.as_ref(), Use::Key);
        let cells = [
            "private key".to_owned(),
            none(),
            text(&it.algorithm),
            none(),
            bits,
            level,
            none(),
            none(),
            text(&it.key_sha256),
            text(&it.secured_by),
        ];
        it.occurrences.iter().try_for_each(|at| row(cells.clone(), at))?;
    }
    for it in &inventory.connections {
        let cells = [
            "connection".to_owned(),
            it.version.to_owned(),
            it.cipher_suite.clone(),
            none(),
            none(),
            none(),
            none(),
            none(),
            none(),
            none(),
        ];
        it.occurrences.iter().try_for_each(|at| row(cells.clone(), at))?;
    }
    table.flush()
}
