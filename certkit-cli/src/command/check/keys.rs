//! Private keys and stores among the inputs: whether a server can start with them.

use std::path::PathBuf;

use certkit_core::cert::Certificate;
use certkit_core::check::key_store::{self, KeyStoreCase};
use certkit_core::check::{HTTPS, Profile};
use certkit_core::container::{Encoding, Item, ItemKind};
use certkit_core::crypto::weak::KnownKeys;
use certkit_core::report::Report;
use certkit_core::source::file;

use crate::failure::Failure;
use crate::input::{Input, StorePassword, unreadable};

/// The variable that names a list of known keys where no option does.
const VARIABLE: &str = "CERTKIT_WEAK_KEYS";

/// Reads lists of keys whose private half is public; `None` where none is named.
pub(super) fn known(named: &[PathBuf]) -> Result<Option<KnownKeys>, Failure> {
    let by_variable = std::env::var_os(VARIABLE).filter(|it| named.is_empty() && !it.is_empty()).map(PathBuf::from);
    let mut known = None;
    for path in named.iter().chain(&by_variable) {
        let bytes = file::read_bytes(path).map_err(unreadable)?.to_vec();
        known.get_or_insert_with(KnownKeys::default).add(bytes).map_err(|error| {
            Failure::new(format!("{} is no list of known keys", path.display())).at(path.display()).because(error).hint(
                "--weak-keys takes a list of openssl-blacklist, the blocklist.dat of badkeys, or a SHA-256 of a public key \
                 (SPKI) on each line",
            )
        })?;
    }
    Ok(known)
}

/// Judges each file with private keys, and each store. Keys in a file without certificates are held against those of the
/// other files.
pub(super) fn judge(inputs: &[Input], named: Option<&'static Profile>, password: &StorePassword, report: &mut Report) {
    let files = || inputs.iter().filter(|input| input.endpoint.is_none());
    let others: Vec<Certificate> = files().flat_map(Input::certificates).cloned().collect();
    for input in files() {
        let suited = || {
            let certificates: Vec<Certificate> = input.certificates().cloned().collect();
            match Profile::suited(None, if certificates.is_empty() { &others } else { &certificates }) {
                // Whoever has a private key serves with it, or will.
                profile if !has_topic(profile) => &HTTPS,
                profile => profile,
            }
        };
        let profile = named.unwrap_or_else(suited);
        let has_key = input.count(|kind| matches!(kind, ItemKind::PrivateKey(_))) > 0;
        if !has_topic(profile) || (!has_key && named.is_none() && is_of_authorities(input)) {
            continue;
        }
        if let Some(case) = KeyStoreCase::of(&input.contents, &others, password.all()) {
            report.look_at(Some(&input.name));
            report.add_posture(profile, &key_store::judge(&case, profile));
        }
    }
    report.look_at(None);
}

fn has_topic(profile: &Profile) -> bool {
    profile.has(&key_store::KEY_CERTIFICATE_MISMATCH)
}

/// Whether a file holds CAs alone: it is a store of trusted certificates then.
fn is_of_authorities(input: &Input) -> bool {
    input.certificates().all(Certificate::is_ca)
}

/// The chains of the key entries of Java keystores, the certificate of each key first.
pub(super) fn entries(input: &Input) -> Vec<Vec<Certificate>> {
    let is_entry = |item: &&Item| {
        matches!(item.kind, ItemKind::PrivateKey(_)) && matches!(item.encoding, Encoding::Jks | Encoding::Jceks)
    };
    let chain_of = |item: &Item| {
        let chain = input.decoded().iter().filter(|(position, _)| *position == item.position);
        chain.map(|(_, decoded)| decoded.as_ref().ok().cloned()).collect::<Option<Vec<Certificate>>>()
    };
    input.contents.items.iter().filter(is_entry).filter_map(chain_of).collect()
}
