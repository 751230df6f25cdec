//! In what two stores differ.

use certkit_core::store::transaction::Subject;
use certkit_core::store::{Content, Member};
use certkit_core::text::{Hex, Printable, plural};
use schemars::JsonSchema;
use serde::Serialize;

use super::PlaceJson;
use crate::terminal::style::{self, paint};

/// The document of `certkit.trust-diff/1`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct DiffJson {
    schema: &'static str,
    store: String,
    other: String,
    /// What only the first store holds.
    only_in_store: Vec<OnlyJson>,
    /// What only the second one holds.
    only_in_other: Vec<OnlyJson>,
    /// How many certificates and revocation lists both hold.
    in_both: usize,
    private_keys_in_store: usize,
    private_keys_in_other: usize,
    /// What could not be read in the first store, each with the reason: in that, they may differ.
    unread_in_store: Vec<String>,
    /// What could not be read in the second one.
    unread_in_other: Vec<String>,
}

/// A certificate or revocation list that only one store holds.
#[derive(Serialize, JsonSchema)]
struct OnlyJson {
    /// `certificate` or `revocation_list`.
    what: &'static str,
    /// Of a revocation list, its issuer.
    subject_dn: String,
    fingerprint_sha256: String,
    /// RFC 3339 UTC; of a revocation list, when the next one is due.
    not_after: Option<String>,
    #[serde(flatten)]
    place: PlaceJson,
}

impl OnlyJson {
    fn new(member: &Member) -> Option<OnlyJson> {
        let place = PlaceJson::new(member);
        match &member.content {
            Content::Certificate(it) => Some(OnlyJson {
                what: "certificate",
                subject_dn: it.subject().to_string(),
                fingerprint_sha256: Hex(it.fingerprint_sha256()).to_string(),
                not_after: it.not_after().ok().map(|it| it.to_string()),
                place,
            }),
            Content::RevocationList(it) => Some(OnlyJson {
                what: "revocation_list",
                subject_dn: it.issuer().to_string(),
                fingerprint_sha256: Subject::of_list(it, None, None, member.place.group).fingerprint_sha256,
                not_after: it.next_update().ok().flatten().map(|it| it.to_string()),
                place,
            }),
            _ => None,
        }
    }
}

/// One of two stores that are compared.
pub(crate) struct Side<'a> {
    /// How it is named.
    pub(crate) name: String,
    /// Everything that stands in it.
    pub(crate) members: &'a [Member],
    /// What the other one does not hold.
    pub(crate) only: Vec<&'a Member>,
}

impl Side<'_> {
    fn only(&self) -> Vec<OnlyJson> {
        self.only.iter().filter_map(|member| OnlyJson::new(member)).collect()
    }

    fn unread(&self) -> Vec<String> {
        let words = |member: &Member| member.content.loss().map(|why| format!("{}: {why}", member.place));
        self.members.iter().filter_map(words).collect()
    }

    fn private_keys(&self) -> usize {
        self.members.iter().filter(|it| matches!(it.content, Content::PrivateKey)).count()
    }
}

impl DiffJson {
    /// Describes in what two stores differ.
    pub(crate) fn new(one: &Side<'_>, other: &Side<'_>, in_both: usize) -> DiffJson {
        DiffJson {
            schema: "certkit.trust-diff/1",
            store: one.name.clone(),
            other: other.name.clone(),
            only_in_store: one.only(),
            only_in_other: other.only(),
            in_both,
            private_keys_in_store: one.private_keys(),
            private_keys_in_other: other.private_keys(),
            unread_in_store: one.unread(),
            unread_in_other: other.unread(),
        }
    }

    /// Says whether everything could be compared, and is the same.
    pub(crate) fn is_same(&self) -> bool {
        self.only_in_store.is_empty()
            && self.only_in_other.is_empty()
            && self.unread_in_store.is_empty()
            && self.unread_in_other.is_empty()
            && self.private_keys_in_store == self.private_keys_in_other
    }
}

/// Says in what two stores differ, a line for each certificate and revocation list.
pub(crate) fn diff(diff: &DiffJson) -> String {
    let mut text = String::new();
    for (sign, store, only) in [("-", &diff.store, &diff.only_in_store), ("+", &diff.other, &diff.only_in_other)] {
        if !only.is_empty() {
            text += &format!("{}\n", paint(style::BOLD, format_args!("only in {store}: {}", only.len())));
        }
        for it in only {
            let print: String = it.fingerprint_sha256.chars().take(16).collect();
            let what = if it.what == "certificate" { "" } else { "revocation list of " };
            text += &format!("{sign} {what}{}  {print}  {}\n", Printable(&it.subject_dn), it.place.list);
        }
    }
    let keys = [(&diff.store, diff.private_keys_in_store), (&diff.other, diff.private_keys_in_other)];
    if diff.private_keys_in_store != diff.private_keys_in_other {
        let words =
            keys.map(|(store, count)| format!("{count} {} in {store}", plural(count, "private key", "private keys")));
        text += &format!("{}\n", words.join(", "));
    }
    for (store, unread) in [(&diff.store, &diff.unread_in_store), (&diff.other, &diff.unread_in_other)] {
        for why in unread {
            let words = format_args!("not read in {store}: {}", Printable(why));
            text += &format!("{}\n", paint(style::BAD, words));
        }
    }
    text + &format!("{} in both\n", diff.in_both)
}
