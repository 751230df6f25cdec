//! Keys and stores among the inputs: whether a server can start with them.

use std::sync::{Arc, LazyLock};

use certkit_core::cert::{Certificate, Request};
use certkit_core::check::key_store::{self, Beside, Holder, KeyStoreCase, PublicKeys};
use certkit_core::check::{CA, HTTPS, Profile, Role};
use certkit_core::container::{Encoding, Item, ItemKind};
use certkit_core::path::Pool;
use certkit_core::report::Report;
use certkit_core::text::Printable;

use crate::input::{Input, Seen, StorePassword};

/// A file with private keys, or a store, and what it is held against.
pub(super) struct Held<'a> {
    name: &'a str,
    profile: &'static Profile,
    case: KeyStoreCase,
}

/// Reads each file with private keys, and each store. Keys in a file without certificates are held against what the other
/// files have, and what servers showed; issuers that a store lacks are looked for in `pool`. Under a profile that says nothing of private keys they are judged as a server's.
pub(super) fn held<'a>(
    inputs: &'a [Input],
    named: Option<&'static Profile>,
    password: &StorePassword,
    pool: &Arc<Pool>,
) -> Vec<Held<'a>> {
    let files = || inputs.iter().filter(|input| input.endpoint.is_none());
    let has_keys = |input: &Input| input.count(|kind| matches!(kind, ItemKind::PrivateKey(_))) > 0;
    let others = if files().any(has_keys) { others(inputs) } else { Vec::new() };
    let of_others = LazyLock::new(|| {
        let certificates = files().flat_map(Input::certificates).cloned();
        Profile::suited(None, &certificates.collect::<Vec<Certificate>>())
    });
    let others = Arc::new(PublicKeys::new(others));
    // Who asks for what a server serves with means no store of trusted certificates.
    let is_servers = named.is_some_and(|profile| profile.role == Role::Leaf && has_topic(profile));
    let of = |input: &'a Input| {
        let suited = || match input.certificates().cloned().collect::<Vec<Certificate>>() {
            none if none.is_empty() => *of_others,
            own => Profile::suited(None, &own),
        };
        let has_key = has_keys(input) || input.contents.items.iter().all(|it| it.kind == ItemKind::PublicKey);
        let profile = match named.unwrap_or_else(suited) {
            // A store of trusted certificates.
            _ if !has_key && is_of_authorities(input) && !is_servers => &CA,
            profile if has_topic(profile) => profile,
            // Whoever has a private key serves with it, or will.
            _ if has_key => &HTTPS,
            _ => return None,
        };
        let case = KeyStoreCase::of(&input.contents, &others, &password.each(), is_servers)?;
        Some(Held { name: &input.name, profile, case: KeyStoreCase { pool: Some(Arc::clone(pool)), ..case } })
    };
    files().filter_map(of).collect()
}

/// The keys that belong to nothing at hand, each with what it is called and its public key.
pub(super) fn alone(held: &[Held<'_>]) -> Vec<(String, Vec<u8>)> {
    let of = |it: &Held<'_>| {
        let keys = it.case.alone().map(|(key, spki)| (format!("{key} of {}", Printable(it.name)), spki.to_vec()));
        keys.collect::<Vec<_>>()
    };
    held.iter().flat_map(of).collect()
}

/// Judges them.
pub(super) fn judge(held: &[Held<'_>], report: &mut Report) {
    for Held { name, profile, case } in held {
        report.look_at(Some(name));
        report.add_posture(profile, &key_store::judge(case, profile));
    }
    report.look_at(None);
}

/// What the keys of a file without certificates may belong to.
fn others(inputs: &[Input]) -> Vec<Beside> {
    let of = |(source, input): (usize, &Input)| match &input.endpoint {
        None => PublicKeys::in_file(&input.contents, source),
        Some((_, seen)) => {
            // Over TLS a server shows its own certificate first, in OPC UA nothing but its own.
            let count = if matches!(seen, Seen::Tls(..)) { 1 } else { usize::MAX };
            let own = input.certificates().take(count).cloned();
            own.map(|it| Beside { holder: Holder::Certificate(it), position: None, source, is_trusted: false })
                .collect()
        }
    };
    inputs.iter().enumerate().flat_map(of).collect()
}

/// The requests among the inputs, each with the name of its file.
pub(super) fn requests(inputs: &[Input]) -> Vec<(&str, Request)> {
    let of = |input: &'_ Input| {
        let requests = input.contents.items.iter().filter(|item| item.kind == ItemKind::Request);
        requests.filter_map(|item| Request::from_der(&item.der).ok()).collect::<Vec<Request>>()
    };
    inputs.iter().flat_map(|input| of(input).into_iter().map(|it| (input.name.as_str(), it))).collect()
}

fn has_topic(profile: &Profile) -> bool {
    profile.has(&key_store::KEY_CERTIFICATE_MISMATCH)
}

/// Whether a file holds CAs alone: it is a store of trusted certificates then.
fn is_of_authorities(input: &Input) -> bool {
    input.certificates().all(Certificate::is_ca)
}

/// Whether the order of its certificates is the one in which they are sent: what a store or a bundle holds has none, nor
/// have values of one text.
pub(super) fn is_in_order(input: &Input) -> bool {
    let mut places = input.contents.certificates().map(|it| it.position.offset);
    let first = places.next();
    if input.contents.is_manifest && !places.all(|place| Some(place) == first) {
        return false;
    }
    input.contents.certificates().all(|it| matches!(it.encoding, Encoding::Pem | Encoding::Der | Encoding::Base64))
}

/// The chains of the key entries of Java keystores, the certificate of each key first.
pub(super) fn entries(input: &Input) -> Vec<Vec<Certificate>> {
    let is_entry = |item: &&Item| matches!(item.kind, ItemKind::PrivateKey(_)) && item.encoding.has_entries();
    let chain_of = |item: &Item| {
        let chain = input.decoded().iter().filter(|(position, _)| *position == item.position);
        chain.map(|(_, decoded)| decoded.as_ref().ok().cloned()).collect::<Option<Vec<Certificate>>>()
    };
    input.contents.items.iter().filter(is_entry).filter_map(chain_of).collect()
}
