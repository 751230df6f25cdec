//! Private keys as a file holds them: which public key each belongs to, as far as that can be told.

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::pair::{self, Half, KeyFlaw, Match};
use super::{EntryError, open_with};
use crate::container::item::{Item, ItemKind, Position};
use crate::container::passwords::Passwords;
use crate::crypto::key_encryption;
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
    /// Which public key it belongs to.
    pub fit: Fit,
    /// How many certificates its own entry has, the first of them its own; `None` where the file has no such entries.
    pub chain: Option<Vec<usize>>,
    /// Whether another password than that of its store has opened it, or would have to.
    pub has_own_password: bool,
    /// Its public key (SubjectPublicKeyInfo), where it belongs to none of the candidates and that can be computed.
    pub spki: Option<Vec<u8>>,
}

/// Which public key a private one belongs to, as an index into [`Candidates`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fit {
    /// This one.
    Of(usize),
    /// Nobody can compute the public half of such a key here, and this is the only one of its kind.
    OnlyOne(usize),
    /// None of them: that of its entry, or each at hand, is another one.
    OfNone,
    /// There is none.
    Alone,
    /// Nobody can compute the public half of such a key here, and several are of its kind.
    NotTold,
    /// It is no key that anybody could use.
    Flawed(KeyFlaw),
    /// It stays encrypted, and no password was given.
    Locked,
    /// It stays encrypted, for this reason.
    Sealed(key_encryption::Error),
}

impl Fit {
    /// The public key that it belongs to, as far as is known.
    pub fn candidate(&self) -> Option<usize> {
        match self {
            Fit::Of(at) | Fit::OnlyOne(at) => Some(*at),
            _ => None,
        }
    }

    /// Says whether nobody has seen the key in clear.
    pub fn is_encrypted(&self) -> bool {
        matches!(self, Fit::Locked | Fit::Sealed(_))
    }
}

/// Public keys (SubjectPublicKeyInfo) that private keys may belong to. Each private key finds its own at once, however many
/// there are.
#[derive(Clone, Debug, Default)]
pub struct Candidates {
    spkis: Vec<Vec<u8>>,
    by_trace: HashMap<Vec<u8>, Vec<usize>>,
}

impl Candidates {
    /// Lays out these, which are known by their indices from here on.
    pub fn new<'k>(spkis: impl IntoIterator<Item = &'k [u8]>) -> Candidates {
        let spkis: Vec<Vec<u8>> = spkis.into_iter().map(<[u8]>::to_vec).collect();
        let mut by_trace: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for (at, spki) in spkis.iter().enumerate() {
            for trace in pair::traces(spki).into_iter().flatten() {
                by_trace.entry(trace).or_default().push(at);
            }
        }
        Candidates { spkis, by_trace }
    }

    /// Those that belong to a private key for sure, or else those that may.
    pub(super) fn of(&self, half: &Half) -> (Match, Vec<usize>) {
        let traced = self.by_trace.get(&half.trace()).map(Vec::as_slice).unwrap_or_default();
        let with = |wanted| {
            let is_so = |at: &&usize| self.spkis.get(**at).is_some_and(|spki| half.is_of(spki) == wanted);
            traced.iter().filter(is_so).copied().collect::<Vec<usize>>()
        };
        let sure = with(Match::Yes);
        if sure.is_empty() { (Match::Maybe, with(Match::Maybe)) } else { (Match::Yes, sure) }
    }

    /// Finds the one that belongs to a private key.
    pub(super) fn fit(&self, half: &Half) -> Fit {
        let (how, found) = self.of(half);
        match (how, found.split_first()) {
            (_, None) if self.spkis.is_empty() => Fit::Alone,
            (_, None) => Fit::OfNone,
            (Match::Yes, Some((first, _))) => Fit::Of(*first),
            // The same key twice is one.
            (_, Some((first, rest))) if rest.iter().all(|at| self.spkis.get(*at) == self.spkis.get(*first)) => {
                Fit::OnlyOne(*first)
            }
            _ => Fit::NotTold,
        }
    }

    /// The same, where only one comes into question.
    fn fit_of(&self, half: &Half, at: usize) -> Fit {
        match self.spkis.get(at).map(|spki| half.is_of(spki)) {
            None => Fit::Alone,
            Some(Match::Yes) => Fit::Of(at),
            Some(Match::Maybe) => Fit::OnlyOne(at),
            Some(Match::No) => Fit::OfNone,
        }
    }
}

/// Finds for each private key among the items which of the candidates it belongs to. `places` are those of the candidates
/// that stand in the same file.
///
/// An entry of a Java keystore has its own certificates, and its key is held against the first of them alone. Costs what
/// encrypted keys ask for, within what one file may cost.
pub fn held(
    items: &[Item],
    candidates: &Candidates,
    places: &[(usize, Position)],
    passwords: &[Passwords<'_>],
) -> Vec<HeldKey> {
    let mut budget = Budget::for_file();
    let mut by_place: HashMap<Position, Vec<usize>> = HashMap::new();
    places.iter().for_each(|(at, place)| by_place.entry(*place).or_default().push(*at));
    let keys = items.iter().filter_map(|item| match &item.kind {
        ItemKind::PrivateKey(facts) => Some((item, facts)),
        _ => None,
    });
    let held = keys.map(|(item, facts)| {
        let chain: Option<Vec<usize>> =
            item.encoding.has_entries().then(|| by_place.get(&item.position).cloned().unwrap_or_default());
        let opened = clear(item, passwords, &mut budget);
        let fit = match &opened {
            Err(fit) => fit.clone(),
            Ok(clear) => match (Half::of(clear), &chain) {
                (Err(flaw), _) => Fit::Flawed(flaw),
                (Ok(half), Some(chain)) => chain.first().map_or(Fit::Alone, |first| candidates.fit_of(&half, *first)),
                (Ok(half), None) => candidates.fit(&half),
            },
        };
        let is_shut = item.encoding.is_store() && matches!(fit, Fit::Sealed(key_encryption::Error::WrongPassword));
        // That of its store opened the rest, and of the key's own nothing was said.
        let fit = if is_shut && passwords.iter().all(|it| it.keys.is_none()) { Fit::Locked } else { fit };
        let is_alone = fit.candidate().is_none();
        let spki = opened.ok().filter(|_| is_alone).and_then(|clear| pair::public_of(&clear));
        HeldKey {
            alias: item.alias.clone(),
            position: item.position,
            kind: facts.to_string(),
            fit,
            chain,
            has_own_password: facts.has_own_password || is_shut,
            spki,
        }
    });
    held.collect()
}

/// Gives a key in clear; else says why it is not.
fn clear(item: &Item, passwords: &[Passwords<'_>], budget: &mut Budget) -> Result<Zeroizing<Vec<u8>>, Fit> {
    let ItemKind::PrivateKey(facts) = &item.kind else { return Err(Fit::NotTold) };
    match open_with(item, facts, passwords, budget) {
        Ok(clear) => Ok(clear),
        // Its form is that of no store, and it may be read all the same.
        Err(EntryError::Form { .. }) if facts.encryption.is_none() => Ok(Zeroizing::new(item.der.to_vec())),
        Err(EntryError::Sealed { source, .. }) => Err(Fit::Sealed(source)),
        Err(_) => Err(Fit::Locked),
    }
}
