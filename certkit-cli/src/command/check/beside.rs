//! What stands in a file beside a certificate, as its holder would send it along.

use std::collections::{BTreeSet, HashMap, HashSet};

use certkit_core::cert::Certificate;

use crate::input::Input;

/// So many CAs are looked at beside each of several certificates of one file.
pub(super) const LIMIT: usize = 64;

/// The certificates of a file, and which of them are judged.
#[derive(Debug)]
pub(super) struct Beside {
    all: Vec<Certificate>,
    judged: Vec<Certificate>,
    copies: HashMap<Certificate, Vec<usize>>,
    /// The CAs that may be sent along, by their names.
    authorities: HashMap<Vec<u8>, Vec<usize>>,
    /// Those of them that lead up from nothing that is judged.
    unrelated: BTreeSet<usize>,
    /// The chains of key entries of a Java keystore, which presents nothing else.
    entries: Vec<Vec<Certificate>>,
    /// Whether they are sent in the order of the file.
    is_in_order: bool,
}

/// What counts as presented with a certificate.
#[derive(Debug)]
pub(super) struct Presented {
    /// Certificates, in the order of the file.
    pub(super) certificates: Vec<Certificate>,
    /// Whether there were more than are looked at.
    pub(super) is_cut: bool,
}

/// The names of those who have issued others of these.
pub(super) fn issuers(certificates: &[Certificate]) -> HashSet<Vec<u8>> {
    let issued = certificates.iter().filter(|it| !it.is_self_issued());
    issued.map(|it| it.issuer().canonical()).collect()
}

/// The inputs that are called `NAME-chain.pem`, each by its NAME.
pub(super) fn chains(inputs: &[Input]) -> HashMap<&str, &Input> {
    let files = inputs.iter().filter(|it| it.endpoint.is_none());
    files.filter_map(|it| Some((it.name.strip_suffix("-chain.pem")?, it))).collect()
}

/// The certificates of `NAME-chain.pem` where an input is `NAME.pem` beside it, with its first certificate alone: a server
/// is given the chain.
pub(super) fn chain_of(input: &Input, chains: &HashMap<&str, &Input>) -> Option<Vec<Certificate>> {
    let stem = input.name.strip_suffix(".pem").filter(|_| input.endpoint.is_none())?;
    let [(_, Ok(own))] = input.decoded() else { return None };
    let chain: Vec<Certificate> = chains.get(stem)?.certificates().cloned().collect();
    (chain.len() > 1 && chain.first() == Some(own)).then_some(chain)
}

impl Beside {
    /// Lays a file out. An import is judged alone; with the certificate of a key entry comes the chain of that entry, with
    /// all else the CAs of its file; those that lead up, where the file has no order. `issuers` are the names of who has issued
    /// others of it.
    pub(super) fn new(
        all: Vec<Certificate>,
        judged: &[usize],
        issuers: &HashSet<Vec<u8>>,
        is_import: bool,
        entries: Vec<Vec<Certificate>>,
        is_in_order: bool,
    ) -> Beside {
        let mut copies: HashMap<Certificate, Vec<usize>> = HashMap::new();
        let mut authorities: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for (at, certificate) in all.iter().enumerate() {
            copies.entry(certificate.clone()).or_default().push(at);
            let name = certificate.subject().canonical();
            if !is_import && (certificate.is_ca() || issuers.contains(&name)) {
                authorities.entry(name).or_default().push(at);
            }
        }
        // Each once, however often it stands there.
        let mut seen = HashSet::new();
        let judged = judged.iter().filter_map(|at| all.get(*at)).filter(|it| seen.insert(*it)).cloned().collect();
        let mut beside = Beside { all, judged, copies, authorities, unrelated: BTreeSet::new(), entries, is_in_order };
        let alone: Vec<Certificate> =
            beside.judged.iter().filter(|it| beside.entry_of(it).is_none()).cloned().collect();
        if alone.is_empty() {
            return beside;
        }
        let related: HashSet<usize> = beside.upwards(&alone, usize::MAX).into_iter().collect();
        let is_judged: HashSet<&Certificate> = beside.judged.iter().collect();
        let is_apart = |at: &&usize| {
            !related.contains(at) && beside.all.get(**at).is_some_and(|certificate| !is_judged.contains(certificate))
        };
        beside.unrelated = beside.authorities.values().flatten().filter(is_apart).copied().collect();
        beside
    }

    /// The chain of the key entry whose certificate this is.
    fn entry_of(&self, certificate: &Certificate) -> Option<&Vec<Certificate>> {
        self.entries.iter().find(|chain| chain.first() == Some(certificate))
    }

    /// What is judged, in the order of the file.
    pub(super) fn judged(&self) -> &[Certificate] {
        &self.judged
    }

    /// The CAs that lead up from nothing that is judged, each once.
    pub(super) fn unrelated(&self) -> impl Iterator<Item = &Certificate> {
        let is_first = |at: usize, it: &Certificate| self.copies.get(it).and_then(|copies| copies.first()) == Some(&at);
        let all = self.unrelated.iter().filter_map(|at| Some((*at, self.all.get(*at)?)));
        all.filter(move |(at, it)| is_first(*at, it)).map(|(_, it)| it)
    }

    /// Says whether a certificate is one of those.
    pub(super) fn is_unrelated(&self, certificate: &Certificate) -> bool {
        let places = self.copies.get(certificate);
        places.is_some_and(|places| places.iter().any(|at| self.unrelated.contains(at)))
    }

    /// The CAs that lead up from certificates by their names, one more than `limit` at most.
    fn upwards(&self, from: &[Certificate], limit: usize) -> Vec<usize> {
        let mut found = Vec::new();
        let mut names: HashSet<Vec<u8>> = HashSet::new();
        let mut wanted: Vec<Vec<u8>> = from.iter().map(|it| it.issuer().canonical()).collect();
        while let Some(name) = wanted.pop() {
            let Some(named) = self.authorities.get(&name).filter(|_| !names.contains(&name)) else { continue };
            for at in named {
                if found.len() > limit {
                    return found;
                }
                found.push(*at);
                wanted.extend(self.all.get(*at).map(|it| it.issuer().canonical()));
            }
            names.insert(name);
        }
        found
    }

    /// What counts as presented with one of those that are judged: itself, and the CAs that lead up from it.
    ///
    /// CAs that lead up from none are told once, with the first.
    pub(super) fn of(&self, certificate: &Certificate) -> Presented {
        if self.is_unrelated(certificate) {
            return Presented { certificates: vec![certificate.clone()], is_cut: false };
        }
        if let Some(chain) = self.entry_of(certificate) {
            return Presented { certificates: chain.clone(), is_cut: false };
        }
        let limit = if self.judged.len() == 1 { usize::MAX } else { LIMIT };
        let mut places = self.upwards(std::slice::from_ref(certificate), limit);
        let is_cut = places.len() > limit;
        places.truncate(limit);
        if !self.is_in_order {
            let mut seen = HashSet::from([certificate]);
            let above = places.iter().filter_map(|at| self.all.get(*at)).filter(|it| seen.insert(*it));
            return Presented { certificates: std::iter::once(certificate).chain(above).cloned().collect(), is_cut };
        }
        places.extend(self.copies.get(certificate).into_iter().flatten());
        let first = self.judged.iter().find(|it| self.entry_of(it).is_none());
        if first == Some(certificate) {
            places.extend(&self.unrelated);
        }
        places.sort_unstable();
        places.dedup();
        Presented { certificates: places.iter().filter_map(|at| self.all.get(*at)).cloned().collect(), is_cut }
    }

    /// Says whether a certificate stands in the file.
    pub(super) fn has(&self, certificate: &Certificate) -> bool {
        self.copies.contains_key(certificate)
    }
}
