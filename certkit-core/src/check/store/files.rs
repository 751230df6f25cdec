//! What the stacks that go by an OPC UA folder do not read of it.

use std::collections::HashMap;
use std::path::Path;

use super::super::Clause::{Document, Opc};
use super::super::rfc5280::fields::form_unread;
use super::super::{Check, Look, Severity};
use super::{Entry, EntryKind, Inventory, Sightings, is_in_force, short};
use crate::container::Encoding;
use crate::store::reader::{Folder, Lying, OTHER_ISSUER, OTHER_ISSUERS, Unread, name_of};
use crate::store::{Group, List};
use crate::text::Printable;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&STORE_FILE_NOT_READ];

/// A stack does not read a file of a PKI folder.
pub static STORE_FILE_NOT_READ: Check = Check {
    id: "store-file-not-read",
    severity: Severity::Warning,
    clauses: &[
        Opc(12, "F.1"),
        Document("runs of asyncua and node-opcua; sources of UA .NET Standard, open62541 and Eclipse Milo"),
    ],
    title: "Every stack reads the files of a PKI folder",
    why: "Each stack expects certain file names and encodings and silently ignores other files: an ignored certificate \
          is not trusted, and with an ignored revocation list a revoked certificate is accepted. One file that asyncua \
          or open62541 cannot read keeps it from reading the whole folder.",
    remedy: "Rename or convert the file as the finding says. All stacks read a certificate in DER in `NAME.der`, and a \
             revocation list in DER in `NAME.crl` plus PEM in `NAME.crl.pem`. `certkit trust add` writes these.",
    look: Look::Store { applies: |it| it.entries.iter().any(|entry| entry.lying.is_some()), at: not_read },
};

/// What is in a file, by its bytes; what cannot be read is like nothing else.
fn content(at: usize, entry: &Entry) -> (u64, List, Group) {
    let key = match &entry.kind {
        EntryKind::Certificate(facts) => short(&facts.fingerprint),
        EntryKind::RevocationList { list, .. } => short(list.der()),
        EntryKind::PrivateKey | EntryKind::SecretKey | EntryKind::Unread { .. } => short(&at.to_le_bytes()),
    };
    (key, entry.list, entry.group)
}

fn not_read(inventory: &Inventory) -> Sightings {
    let lying = || inventory.entries.iter().enumerate().filter(|(_, it)| it.lying.is_some() && is_in_force(it));
    let mut same: HashMap<_, Vec<&Entry>> = HashMap::new();
    if lying().any(|(_, entry)| !entry.unread.is_empty()) {
        lying().for_each(|(at, entry)| same.entry(content(at, entry)).or_default().push(entry));
    }
    let sighting = |(at, entry): (usize, &Entry)| {
        let (lying, path) = (entry.lying.as_deref()?, entry.path.as_deref()?);
        let others = same.get(&content(at, entry)).map(Vec::as_slice).unwrap_or_default();
        // What one file keeps from a stack, another may give it.
        let has_other = |it: &Unread| others.iter().any(|other| other.unread.iter().all(|own| own.stack != it.stack));
        // What is no certificate and no list may be passed over.
        let is_other = lying.folder != Folder::Below
            && matches!(entry.kind, EntryKind::Unread { .. } | EntryKind::PrivateKey | EntryKind::SecretKey);
        let is_told = |it: &&Unread| it.is_breaking || !(is_other || has_other(it));
        let unread: Vec<&Unread> = entry.unread.iter().filter(is_told).collect();
        let (breaking, passing): (Vec<&Unread>, Vec<&Unread>) = unread.iter().copied().partition(|it| it.is_breaking);
        let told: Vec<String> =
            [("keeps", " from reading anything in its folder", breaking), ("is not read by", "", passing)]
                .into_iter()
                .filter(|(.., stacks)| !stacks.is_empty())
                .map(|(verb, rest, stacks)| format!("{verb} {}{rest}", named(&stacks)))
                .collect();
        let form = lying.encoding.map_or_else(String::new, |it| format!(" ({it})"));
        let cure = cure(path, &entry.kind, lying, &unread);
        let evidence = || format!("{}{form} {}; {cure}", entry.place, told.join(", and "));
        (!told.is_empty()).then(|| (at, evidence()))
    };
    lying().filter_map(sighting).collect()
}

/// What is said of files in forms that programs do not read.
pub(super) fn odd_forms(inventory: &Inventory) -> Sightings {
    let forms =
        inventory.entries.iter().enumerate().flat_map(|(at, entry)| entry.forms.iter().map(move |it| (at, entry, it)));
    forms.map(|(at, entry, form)| (at, format!("{}: {}", entry.place, form_unread(*form)))).collect()
}

/// The stacks, those together that have the same reason.
fn named(unread: &[&Unread]) -> String {
    let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
    for it in unread {
        match groups.iter_mut().find(|(why, _)| *why == it.why) {
            Some((_, stacks)) => stacks.push(it.stack),
            None => groups.push((it.why, vec![it.stack])),
        }
    }
    groups.iter().map(|(why, stacks)| format!("{} (it {why})", stacks.join(", "))).collect::<Vec<_>>().join(", ")
}

/// What makes it readable, with the names of this case.
fn cure(path: &Path, kind: &EntryKind, lying: &Lying, unread: &[&Unread]) -> String {
    let name = name_of(path);
    let quoted = |name: &str| {
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || "._-+".contains(letter);
        let text =
            if name.chars().all(is_plain) { name.to_owned() } else { format!("'{}'", name.replace('\'', "'\\''")) };
        Printable(text).to_string()
    };
    let base = base_of(&name);
    let file = quoted(&name);
    let (der, list) = (quoted(&format!("{base}.der")), quoted(&format!("{name}.pem")));
    let other = if lying.twin == Some("issuer") { "issuers" } else { "issuer" };
    match (kind, lying.folder, lying.encoding) {
        (_, Folder::Below, _) => "move it into the folder above".to_owned(),
        _ if unread.iter().all(|it| [OTHER_ISSUER, OTHER_ISSUERS].contains(&it.why)) => {
            format!("copy it into `{other}` as well, or keep one of the two folders")
        }
        (EntryKind::PrivateKey | EntryKind::SecretKey | EntryKind::Unread { .. }, ..) => {
            format!("move `{file}` out of the folder")
        }
        (EntryKind::Certificate(_), Folder::RevocationLists, _) => "move it into `certs` beside".to_owned(),
        (EntryKind::RevocationList { .. }, Folder::Certificates, _) => "move it into `crl` beside".to_owned(),
        _ if lying.count > 1 => {
            format!("move `{file}` out of the folder, and `certkit trust add STORE {file}` writes a file for each")
        }
        (EntryKind::Certificate(_), _, Some(Encoding::Der)) => format!("`mv {file} {der}`"),
        (EntryKind::Certificate(_), ..) if file == der => format!("`certkit convert {file} -o {der} --as der --force`"),
        (EntryKind::Certificate(_), ..) => {
            format!("`certkit convert {file} -o {der} --as der`, and delete `{file}`")
        }
        (EntryKind::RevocationList { .. }, _, Some(Encoding::Der)) if is_plain_list(&name) => {
            format!("`certkit convert {file} -o {list} --as pem` writes the second file")
        }
        (EntryKind::RevocationList { .. }, _, Some(Encoding::Pem)) if is_plain_list(twin(&name)) => {
            format!("`certkit convert {file} -o {} --as der` writes the second file", quoted(twin(&name)))
        }
        (EntryKind::RevocationList { .. }, ..) => {
            format!(
                "`certkit convert {file} -o list.crl --as der` and `certkit convert {file} -o list.crl.pem --as pem`, \
                 and delete `{file}`"
            )
        }
    }
}

/// A name without the ending that tells people what it is, and without dots at its start.
fn base_of(name: &str) -> &str {
    let name = name.trim_start_matches('.');
    let known = |end: &str| {
        ["der", "pem", "crt", "cer", "crl", "pfx", "p7b", "txt"].iter().any(|it| end.eq_ignore_ascii_case(it))
    };
    name.rsplit_once('.').filter(|(base, end)| known(end) && !base.is_empty()).map_or(name, |(base, _)| base)
}

/// The name of the file in DER that stands beside one of `NAME.crl.pem`.
fn twin(name: &str) -> &str {
    name.strip_suffix(".pem").unwrap_or_default()
}

/// Whether a list's name ends in `.crl` without a sign that it is PEM.
fn is_plain_list(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    lower.ends_with(".crl") && !lower.contains("der") && !lower.contains("pem") && !lower.starts_with('.')
}
