//! Private keys as a file holds them: which certificate each belongs to, as far as that can be told.

use zeroize::Zeroizing;

use super::pair::{self, PublicHalf};
use super::{EntryError, open};
use crate::cert::Certificate;
use crate::container::item::{Encoding, Item, ItemKind, Position};
use crate::container::passwords::Passwords;
use crate::crypto::password_based::Budget;

/// A private key, without its secret part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldKey {
    /// Its name, where it has one.
    pub alias: Option<String>,
    /// Where it stands.
    pub position: Position,
    /// Its kind and form, such as `RSA 2048 (PKCS#8)`.
    pub kind: String,
    /// Which certificate it belongs to.
    pub fit: Fit,
    /// How many certificates its own entry has, the first of them its own; `None` where the file has no such entries.
    pub chain: Option<Vec<usize>>,
    /// Whether another password than that of its store has opened it, or would have to.
    pub has_own_password: bool,
}

/// Which certificate a private key belongs to, as an index into those it was held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// This one has its public half.
    Of(usize),
    /// Nobody can compute the public half of such a key here, and this is the only certificate with a key of its kind.
    OnlyOne(usize),
    /// None of them: that of its entry, or each at hand, has another key.
    OfNone,
    /// There is no certificate.
    Alone,
    /// Nobody can compute the public half of such a key here, and several certificates have one of its kind.
    NotTold,
    /// It stays encrypted.
    Locked {
        /// Whether a password was tried.
        is_tried: bool,
    },
}

impl Fit {
    /// The certificate that it belongs to.
    pub fn certificate(self) -> Option<usize> {
        match self {
            Fit::Of(at) | Fit::OnlyOne(at) => Some(at),
            Fit::OfNone | Fit::Alone | Fit::NotTold | Fit::Locked { .. } => None,
        }
    }
}

/// What is known of the public half of a private key.
pub(super) enum Half {
    /// It is known.
    Known(PublicHalf),
    /// Nothing but the identifier of its algorithm.
    OfFamily(Vec<u8>),
}

impl Half {
    /// Reads what a key in clear tells; `None` where the bytes are no private key.
    pub(super) fn of(clear: &[u8]) -> Option<Half> {
        match pair::public_half(clear) {
            Some(half) => Some(Half::Known(half)),
            None => pair::family(clear).map(Half::OfFamily),
        }
    }

    /// Finds the certificate of the key among these, by their indices.
    pub(super) fn among<'c>(&self, certificates: impl Iterator<Item = (usize, &'c Certificate)>) -> Fit {
        let mut is_any = false;
        let mut fitting = Vec::new();
        for (at, certificate) in certificates {
            is_any = true;
            let is_fit = match self {
                Half::Known(half) => half.is_of(certificate),
                Half::OfFamily(family) => pair::is_of_family(certificate, family),
            };
            if is_fit {
                fitting.push((at, certificate));
            }
        }
        match (self, fitting.as_slice()) {
            (_, []) if is_any => Fit::OfNone,
            (_, []) => Fit::Alone,
            (Half::Known(_), [first, ..]) => Fit::Of(first.0),
            (Half::OfFamily(_), [only]) => Fit::OnlyOne(only.0),
            // The same certificate twice is one.
            (Half::OfFamily(_), [first, rest @ ..]) if rest.iter().all(|it| it.1 == first.1) => Fit::OnlyOne(first.0),
            (Half::OfFamily(_), _) => Fit::NotTold,
        }
    }
}

/// Finds for each private key among the items which of the certificates it belongs to.
///
/// An entry of a Java keystore has its own certificates, and its key is held against the first of them alone. Costs what
/// encrypted keys ask for, within what one file may cost.
pub fn held(
    items: &[Item],
    certificates: &[(Option<Position>, &Certificate)],
    passwords: Passwords<'_>,
) -> Vec<HeldKey> {
    let mut budget = Budget::for_file();
    let keys = items.iter().filter_map(|item| match &item.kind {
        ItemKind::PrivateKey(facts) => Some((item, facts)),
        _ => None,
    });
    let held = keys.map(|(item, facts)| {
        let has_entry = matches!(item.encoding, Encoding::Jks | Encoding::Jceks);
        let of_entry = certificates.iter().enumerate().filter(|(_, (position, _))| *position == Some(item.position));
        let chain: Option<Vec<usize>> = has_entry.then(|| of_entry.map(|(at, _)| at).collect());
        let clear = clear(item, passwords, &mut budget);
        let fit = match (&clear, &chain) {
            (Err(is_tried), _) => Fit::Locked { is_tried: *is_tried },
            (Ok(clear), chain) => match (Half::of(clear), chain) {
                (None, _) => Fit::NotTold,
                (Some(half), Some(chain)) => {
                    half.among(chain.first().and_then(|at| at_index(certificates, *at)).into_iter())
                }
                (Some(half), None) => half.among(certificates.iter().enumerate().map(|(at, (_, it))| (at, *it))),
            },
        };
        let is_in_store = matches!(item.encoding, Encoding::Pkcs12 | Encoding::Jks | Encoding::Jceks);
        let is_shut = passwords.store.is_some() && matches!(fit, Fit::Locked { .. });
        HeldKey {
            alias: item.alias.clone(),
            position: item.position,
            kind: facts.to_string(),
            fit,
            chain,
            has_own_password: facts.has_own_password || (is_in_store && is_shut),
        }
    });
    held.collect()
}

fn at_index<'c>(certificates: &[(Option<Position>, &'c Certificate)], at: usize) -> Option<(usize, &'c Certificate)> {
    certificates.get(at).map(|(_, certificate)| (at, *certificate))
}

/// Gives a key in clear; else says whether a password was tried.
fn clear(item: &Item, passwords: Passwords<'_>, budget: &mut Budget) -> Result<Zeroizing<Vec<u8>>, bool> {
    let ItemKind::PrivateKey(facts) = &item.kind else { return Err(false) };
    let mut is_tried = false;
    for password in [passwords.keys, passwords.store] {
        match open(item, facts, password, budget) {
            Ok(clear) => return Ok(clear),
            // Its form is that of no store, and it may be read all the same.
            Err(EntryError::Form { .. }) if facts.encryption.is_none() => return Ok(Zeroizing::new(item.der.to_vec())),
            Err(_) => is_tried |= password.is_some(),
        }
    }
    Err(is_tried)
}
