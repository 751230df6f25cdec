//! Who signed a list, and whether they may (RFC 5280 section 6.3.3 f and g).

use super::list::{List, misnomer};
use super::status::{Inquiry, MAX_NESTING, Misnomer, Status, Subject, WhyUseless};
use crate::cert::extension::KeyUsage;
use crate::cert::{Certificate, Known as Extensions};
use crate::crypto::signature::Failure;
use crate::path::Search;
use crate::path::found::Path;

/// What was found out about a signer besides those of the path.
pub(super) struct Known {
    certificate: Certificate,
    /// `None` while it is being looked at.
    is_proven: Option<bool>,
}

/// Whether a list names the one who signed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signer {
    /// It does, or names nobody.
    Named,
    /// It names another one.
    Misnamed(Misnomer),
}

/// Finds who signed a list and shows that they may.
pub(super) fn prove(inquiry: &Inquiry<'_>, subject: &Subject<'_>, list: &List) -> Result<Signer, WhyUseless> {
    let issuer = list.list.issuer();
    let above = subject.path.certificates.get(subject.index.saturating_add(1)..).unwrap_or_default();
    let pool = inquiry.sources.pool;
    let elsewhere = pool.issued_to(&issuer);
    // Those above the certificate are judged with the path itself; the issuer comes first.
    let on_path = (subject.index.saturating_add(1)..)
        .zip(above)
        .filter(|(_, certificate)| certificate.subject().matches(&issuer))
        .map(|(index, certificate)| (true, certificate, subject.path.key(index)));
    let others = elsewhere
        .iter()
        .filter_map(|id| pool.certificate(*id))
        .filter(|certificate| !above.contains(certificate))
        .map(|certificate| (false, certificate, certificate.public_key().ok()));
    let mut worst = WhyUseless::SignerMissing;
    let mut misnamed = None;
    let mut tried = 0usize;
    for (is_on_path, certificate, key) in on_path.chain(others) {
        tried = tried.saturating_add(1);
        if tried > MAX_SIGNERS {
            break;
        }
        let unreadable = Failure::Unsupported("a key that cannot be decoded");
        if let Err(failure) = key.ok_or(unreadable).and_then(|key| list.verify(&key)) {
            if worst == WhyUseless::SignerMissing {
                worst = WhyUseless::Signature(failure);
            }
            continue;
        }
        let usage = certificate.extension::<KeyUsage>();
        if !usage.is_ok_and(|usage| usage.is_none_or(|usage| usage.contains(KeyUsage::CRL_SIGN))) {
            let names_it = list.look_up(subject.certificate).0.is_some();
            worst = WhyUseless::SignerMayNot { names_it };
            continue;
        }
        if is_on_path || is_proven(inquiry, subject, certificate) {
            let Some(misnomer) = misnomer(&list.list, certificate) else { return Ok(Signer::Named) };
            misnamed = Some(Signer::Misnamed(misnomer));
            continue;
        }
        worst = WhyUseless::SignerUnproven;
    }
    misnamed.ok_or(worst)
}

/// What looking for the path of a signer costs, measured in looks at a list.
const SEARCH: u32 = 1 << 11;

/// How many certificates of a list issuer's name are tried.
const MAX_SIGNERS: usize = 16;

/// Says whether a signer has an acceptable path to the same anchor on which nothing is revoked.
fn is_proven(inquiry: &Inquiry<'_>, subject: &Subject<'_>, signer: &Certificate) -> bool {
    {
        let mut signers = inquiry.signers.borrow_mut();
        if let Some(known) = signers.iter().find(|known| known.certificate == *signer) {
            // A signer that is being looked at vouches for itself: its own list says nothing against it.
            return known.is_proven.unwrap_or(true);
        }
        if signers.iter().filter(|known| known.is_proven.is_none()).count() >= MAX_NESTING {
            return false;
        }
        if !inquiry.spend(SEARCH) {
            return false;
        }
        signers.push(Known { certificate: signer.clone(), is_proven: None });
    }
    let sources = inquiry.sources;
    let search = Search::new(sources.pool, signer, sources.moment, sources.budget);
    let is_proven = search.take_while(Path::is_anchored).any(|path| {
        let known: Vec<Extensions<'_>> = path.certificates.iter().map(Extensions::of).collect();
        let below = path.certificates.len().saturating_sub(1);
        same_anchor(&path, subject.path)
            && (sources.accepts)(&path, &known)
            && (0..below).all(|index| {
                // What stands on the path under judgement is judged there.
                let certificate = path.certificates.get(index);
                certificate.is_some_and(|it| subject.path.certificates.contains(it))
                    || matches!(inquiry.status(&path, &known, index), Status::Good { .. })
            })
    });
    let mut signers = inquiry.signers.borrow_mut();
    if let Some(known) = signers.iter_mut().find(|known| known.certificate == *signer) {
        known.is_proven = Some(is_proven);
    }
    is_proven
}

/// Says whether two paths end at the same name and key.
fn same_anchor(one: &Path, other: &Path) -> bool {
    match (one.top(), other.top()) {
        (Some(one), Some(other)) => one.spki() == other.spki() && one.subject().matches(&other.subject()),
        _ => false,
    }
}
