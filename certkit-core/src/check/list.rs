//! A revocation list, judged for itself: who has signed it, when it holds, how it is made.
//!
//! What a list says of a certificate is noted with the path of that certificate
//! ([`path::revocation`](crate::path::revocation)); here it is the list that stands before the gate.

use super::case::shown;
use super::rfc5280::fields::{DEFAULT_ENCODED, NOT_DER};
use super::rfc5280::form;
use super::rfc5280::form::algorithms::spelt_pss_default;
use super::rfc5280::list::CRL_TIME_MISSPELT;
use super::rfc5280::revocation::{REVOCATION_LIST_DEPARTS, REVOCATION_LIST_MISNAMED, REVOCATION_LIST_WEAK};
use super::{Check, Judgement, Look, Outcome, Profile, Situation, Weight};
use crate::asn1::first_deviation;
use crate::cert::extension::{Extensions, IssuingDistributionPoint, KeyUsage};
use crate::cert::{Certificate, OcspResponse, RevocationList};
use crate::crypto::key::PublicKey;
use crate::crypto::signature::Failure;
use crate::moment::Moment;
use crate::path::revocation::{departures, may_name, weak_digest};
use crate::path::{Budget, Path, Pool, Search};

/// So many certificates of the issuer's name are tried as signers of a list.
const MAX_SIGNERS: usize = 16;

/// A certificate of the name that a list gives for its issuer.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    /// Its SubjectPublicKeyInfo.
    pub spki: &'a [u8],
    /// Whether its keyUsage lets it sign lists.
    pub may_sign_lists: bool,
    /// Whether the list's authorityKeyIdentifier is true of it.
    pub is_named: bool,
}

impl<'a> Signer<'a> {
    /// A certificate as a signer of a list.
    pub fn of(certificate: &'a Certificate, list: &RevocationList) -> Signer<'a> {
        let is_named = may_name(list, certificate);
        Signer { spki: certificate.spki(), may_sign_lists: may_sign_lists(certificate), is_named }
    }
}

/// Says whether the keyUsage of a certificate lets it sign revocation lists.
pub(super) fn may_sign_lists(certificate: &Certificate) -> bool {
    let usage = certificate.extension::<KeyUsage>();
    usage.is_ok_and(|usage| usage.is_none_or(|usage| usage.contains(KeyUsage::CRL_SIGN)))
}

/// What is known of the signature of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proof {
    /// No certificate with the issuer's name is available.
    NobodyAtHand,
    /// None of the available certificates signed it; why the first did not.
    Fails(Failure),
    /// One of them has made it.
    Verified {
        /// Whether it may.
        may_sign_lists: bool,
        /// Whether the list names it.
        is_named: bool,
    },
}

/// Who has to have signed a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Demand {
    /// A CA that may be elsewhere: a store need not hold the CA of each list.
    Any,
    /// A CA at hand: whoever gives a list alone wants to know what it is worth.
    AtHand,
    /// A CA below those whom the user trusts.
    Trusted,
}

/// A revocation list under judgement.
#[derive(Clone, Copy, Debug)]
pub struct ListCase<'a> {
    /// The list.
    pub list: &'a RevocationList,
    /// The time that is judged.
    pub moment: Moment,
    /// What is known of its signature.
    pub proof: Proof,
    /// Who has to have signed it.
    pub demand: Demand,
}

impl<'a> ListCase<'a> {
    /// Lays out a case over the available certificates with the name of the list's issuer. Costs a signature for each
    /// of them, sixteen at most.
    pub fn new(
        list: &'a RevocationList,
        signers: impl IntoIterator<Item = Signer<'a>>,
        moment: Moment,
        demand: Demand,
    ) -> ListCase<'a> {
        let mut proof = Proof::NobodyAtHand;
        for Signer { spki, may_sign_lists, is_named } in signers.into_iter().take(MAX_SIGNERS) {
            let unreadable = Failure::Unsupported("a key that cannot be decoded");
            let verified = match PublicKey::from_spki(spki) {
                _ if !list.algorithms_agree() => Err(Failure::Mismatch),
                Ok(key) => list.verify_signature(&key),
                Err(_) => Err(unreadable),
            };
            proof = match (verified, proof) {
                // Of several that bear name and key, the one that fits best counts.
                (Ok(()), Proof::Verified { may_sign_lists: may, is_named: named }) => {
                    let is_better = (may_sign_lists, is_named) > (may, named);
                    if is_better { Proof::Verified { may_sign_lists, is_named } } else { proof }
                }
                (Ok(()), _) => Proof::Verified { may_sign_lists, is_named },
                (Err(failure), Proof::NobodyAtHand) => Proof::Fails(failure),
                (Err(_), known) => known,
            };
        }
        ListCase { list, moment, proof, demand }
    }

    /// Lays out a case over the certificates of a pool; where the user has said whom to trust (`named`), over those with
    /// a path to one of them. Costs a search for each of these, sixteen at most.
    pub fn over(
        list: &'a RevocationList,
        pool: &'a Pool,
        named: Option<&[Certificate]>,
        moment: Moment,
    ) -> ListCase<'a> {
        let is_below = |signer: &&Certificate| {
            named.is_none_or(|named| {
                let mut paths = Search::new(pool, signer, moment, Budget::default()).take_while(Path::is_anchored);
                paths.any(|path| path.top().is_some_and(|top| named.contains(top)))
            })
        };
        let of_name = pool.issued_to(&list.issuer()).into_iter().take(MAX_SIGNERS);
        let signers = of_name.filter_map(|id| pool.certificate(id)).filter(is_below);
        let demand = if named.is_some() { Demand::Trusted } else { Demand::AtHand };
        ListCase::new(list, signers.map(|signer| Signer::of(signer, list)), moment, demand)
    }

    /// What people call its issuer, fit for a terminal.
    pub fn called(&self) -> String {
        self.list
            .issuer()
            .short()
            .map_or_else(|| "an issuer without a name".to_owned(), |name| format!("`{}`", shown(&name)))
    }

    /// The first default value that is spelt out.
    fn default_encoded(&self) -> Option<String> {
        let spelt_of = |all: Extensions<'_>| all.iter().find(|it| it.spells_default).map(|it| it.oid.called());
        let mut entries = self.list.entries().filter_map(Result::ok);
        let spelt = spelt_of(self.list.extensions()).or_else(|| entries.find_map(|it| spelt_of(it.extensions)));
        let point = || self.list.extension::<IssuingDistributionPoint<'_>>().ok().flatten()?.spelt_default;
        spelt
            .map(|name| format!("its {name} has an explicit `critical` FALSE"))
            .or_else(|| point().map(|field| format!("its issuingDistributionPoint has an explicit `{field}` FALSE")))
            .or_else(|| {
                let what = spelt_pss_default(self.list.signature_algorithm_der())?;
                Some(format!("its RSA-PSS algorithm has an explicit {what}"))
            })
    }

    /// What falls short of a check that is noted of lists on paths, too; `None` for every other check.
    fn noted(&self, check: &Check) -> Option<Vec<Outcome>> {
        let found = match check.id {
            id if id == REVOCATION_LIST_WEAK.id => {
                let weak = self.list.signature_algorithm().ok().and_then(weak_digest);
                weak.map(|algorithm| format!("it is signed with {algorithm}")).into_iter().collect()
            }
            id if id == REVOCATION_LIST_MISNAMED.id => match self.proof {
                Proof::Verified { is_named: false, .. } => {
                    vec!["its authorityKeyIdentifier does not match the CA that signed it".to_owned()]
                }
                _ => Vec::new(),
            },
            id if id == REVOCATION_LIST_DEPARTS.id => {
                let departures = departures(0, self.list).into_iter();
                departures.map(|it| format!("it violates section {}: {}", it.section, it.what)).collect()
            }
            id if id == NOT_DER.id => first_deviation(self.list.der()).iter().map(ToString::to_string).collect(),
            id if id == DEFAULT_ENCODED.id => self.default_encoded().into_iter().collect(),
            _ => return None,
        };
        Some(if found.is_empty() { vec![Outcome::Met] } else { found.into_iter().map(Outcome::NotMet).collect() })
    }
}

/// Holds a list against a profile. Evidence names the issuer of the list.
pub fn judge(case: &ListCase<'_>, profile: &Profile) -> Judgement {
    judge_by(case, profile, |_| true)
}

/// Looks at the form of a list alone, whatever it is worth: what it says of certificates is told with these.
pub fn judge_form(case: &ListCase<'_>, profile: &Profile) -> Judgement {
    let others: [&Check; 3] = [&CRL_TIME_MISSPELT, &NOT_DER, &DEFAULT_ENCODED];
    let ids: Vec<&str> = form::lists::CHECKS.iter().copied().chain(others).map(|check| check.id).collect();
    judge_by(case, profile, |check| ids.contains(&check.id))
}

/// Holds the dates of an OCSP response against a profile: what it says was known when it was made.
pub fn judge_response(response: &OcspResponse, profile: &Profile) -> Judgement {
    let mut judgement = Judgement::default();
    let made = response.produced_at();
    let ahead = response.singles().map(|it| it.this_update).find(|this| made.is_some_and(|made| *this > made));
    let outcome = ahead.map_or(Outcome::Met, |this| {
        let this = this.to_minute();
        Outcome::NotMet(format!("an OCSP response has a thisUpdate ({this} UTC) later than its producedAt"))
    });
    if let Some((check, not_met)) = profile.checks().find(|(check, _)| check.id == REVOCATION_LIST_DEPARTS.id) {
        let weight = Weight { not_met, undetermined: profile.weight_undetermined(check) };
        judgement.record(check, weight, |_| Situation::of(profile.setting), [(None, outcome)]);
    }
    judgement
}

fn judge_by(case: &ListCase<'_>, profile: &Profile, is_asked: impl Fn(&Check) -> bool) -> Judgement {
    let mut judgement = Judgement::default();
    let situation = |_| Situation::of(profile.setting);
    let about = |said: String| format!("the revocation list of {}: {said}", case.called());
    for (check, not_met) in profile.checks().filter(|(check, _)| is_asked(check)) {
        let weight = Weight { not_met, undetermined: profile.weight_undetermined(check) };
        let outcomes = match check.look {
            Look::List { applies, at } => applies(case).then(|| at(case)).into_iter().collect(),
            _ => match case.noted(check) {
                Some(outcomes) => outcomes,
                None => continue,
            },
        };
        judgement.record(check, weight, situation, outcomes.into_iter().map(|it| (None, it.about(about))));
    }
    judgement.sort();
    judgement
}
