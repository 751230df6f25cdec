//! Which members of a store a user means.

use std::path::Path;

use certkit_core::container::{Item, ItemKind};
use certkit_core::store::{Content, List, Member};
use certkit_core::text::{Hex, Printable};

use crate::failure::Failure;
use crate::hosted::{self, is_standard};
use crate::input::StorePassword;

/// The fewest digits that name a fingerprint.
const DIGITS: usize = 8;

/// Where members are looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Among<'a> {
    /// The store, as the user names it.
    pub(super) store: &'a str,
    /// On this list alone.
    pub(super) list: Option<List>,
}

impl Among<'_> {
    fn words(self) -> String {
        match self.list {
            Some(list) => format!("on the list {list} of {}", self.store),
            None => format!("in {}", self.store),
        }
    }

    /// The command that shows them.
    fn command(self) -> String {
        let list = self.list.map_or_else(String::new, |list| format!(" --list {list}"));
        format!("certkit trust list {}{list}", self.store)
    }
}

/// Finds what is meant by each of these: a file with it, a fingerprint, a name in the store, a common name.
///
/// The same certificate may stand in several places: all are given. Different ones under one name are refused.
pub(super) fn select<'m>(
    members: &'m [Member],
    meant: &[String],
    among: Among<'_>,
    password: &StorePassword,
) -> Result<Vec<&'m Member>, Failure> {
    let mut selected: Vec<&Member> = Vec::new();
    for word in meant {
        let found = one(members, word, among, password)?;
        for member in found {
            if !selected.iter().any(|known| std::ptr::eq(*known, member)) {
                selected.push(member);
            }
        }
    }
    Ok(selected)
}

fn one<'m>(
    members: &'m [Member],
    word: &str,
    among: Among<'_>,
    password: &StorePassword,
) -> Result<Vec<&'m Member>, Failure> {
    let decoded = || members.iter().filter(|it| it.certificate().is_some() || it.revocation_list().is_some());
    let path = Path::new(word);
    let is_read = is_standard(path) || path.is_file();
    let found: Vec<&Member> = if is_read {
        let contents = password.open(word, |password| hosted::read_file_with(None, path, password))?;
        decoded().filter(|member| contents.items.iter().any(|item| is_same(item, member))).collect()
    } else {
        let digits: String =
            word.chars().filter(|it| *it != ':' && *it != ' ').collect::<String>().to_ascii_lowercase();
        let is_print = digits.len() >= DIGITS && digits.chars().all(|it| it.is_ascii_hexdigit());
        let by_print: Vec<&Member> =
            if is_print { decoded().filter(|it| has_fingerprint(it, &digits)).collect() } else { Vec::new() };
        let by_name = || decoded().filter(|it| is_named(it, word)).collect::<Vec<_>>();
        let by_subject = || decoded().filter(|it| is_called(it, word)).collect::<Vec<_>>();
        [by_print, by_name(), by_subject()].into_iter().find(|found| !found.is_empty()).unwrap_or_default()
    };
    let mut different: Vec<&Member> = Vec::new();
    for member in &found {
        if different.iter().all(|other| bytes(other) != bytes(member)) {
            different.push(member);
        }
    }
    match (found.is_empty(), different.len() > 1 && !is_read) {
        (true, _) => Err(Failure::new(format!("`{}` is not {}", Printable(word), among.words()))
            .hint("name a file with the certificate, its fingerprint, its name in the store or its common name")
            .hint(format!("`{}` lists the content", among.command()))),
        (_, true) => {
            let places: Vec<String> =
                different.iter().map(|it| format!("{} ({})", it.place, short_print(it))).collect();
            Err(Failure::new(format!("`{}` is ambiguous: {}", Printable(word), places.join(", ")))
                .hint("name its fingerprint instead"))
        }
        _ => Ok(found),
    }
}

fn bytes(member: &Member) -> &[u8] {
    match &member.content {
        Content::Certificate(certificate) => certificate.der(),
        Content::RevocationList(list) => list.der(),
        _ => &[],
    }
}

fn is_same(item: &Item, member: &Member) -> bool {
    let is_kind = match member.content {
        Content::Certificate(_) => item.kind == ItemKind::Certificate,
        _ => item.kind == ItemKind::RevocationList,
    };
    is_kind && item.der.starts_with(bytes(member))
}

fn has_fingerprint(member: &Member, digits: &str) -> bool {
    let Some(certificate) = member.certificate() else { return false };
    let prints =
        [Hex(&certificate.fingerprint_sha256()[..]).to_string(), Hex(&certificate.fingerprint_sha1()[..]).to_string()];
    prints.iter().any(|print| print.starts_with(digits))
}

/// The first digits of a certificate's SHA-256.
fn short_print(member: &Member) -> String {
    let print = member.certificate().map(|it| Hex(it.fingerprint_sha256()).to_string()).unwrap_or_default();
    print.chars().take(16).collect()
}

fn is_named(member: &Member, word: &str) -> bool {
    let file = member.place.path.as_deref().and_then(Path::file_name).and_then(|name| name.to_str());
    match &member.place.name {
        Some(name) => name.eq_ignore_ascii_case(word),
        None => file == Some(word),
    }
}

fn is_called(member: &Member, word: &str) -> bool {
    let name = match &member.content {
        Content::Certificate(certificate) => certificate.subject().short(),
        _ => None,
    };
    name.as_deref() == Some(word)
}
