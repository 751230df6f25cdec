//! What is done about what was offered, and what need not be.

use std::collections::HashMap;

use certkit_core::admission::Candidate;
use certkit_core::cert::{Certificate, RevocationList};
use certkit_core::store::{Group, List, Member, Step, supersedes};
use certkit_core::text::Printable;

use crate::failure::Failure;

/// What is offered, and the store that it is for.
pub(super) struct Offer<'a> {
    /// The list that the user named.
    pub(super) list: Option<List>,
    pub(super) group: Group,
    pub(super) offered: &'a [Candidate],
    pub(super) members: &'a [Member],
}

/// What is to be done, and what need not be.
#[derive(Debug, Default)]
pub(super) struct Planned {
    pub(super) steps: Vec<Step>,
    pub(super) already_there: usize,
    pub(super) notes: Vec<String>,
}

/// Certificates with the lists that they are going to be on.
type Placed<'a> = Vec<(&'a Certificate, List)>;

impl Offer<'_> {
    pub(super) fn plan(&self) -> Result<Planned, Failure> {
        let mut planned = Planned::default();
        let (mut authorities, mut leaves) = (Vec::new(), Vec::new());
        let (mut placed, mut promoted): (Placed<'_>, Vec<&Certificate>) = Default::default();
        let mut stored: HashMap<&Certificate, Vec<&Member>> = HashMap::new();
        for (certificate, member) in self.stored().filter_map(|it| Some((it.certificate()?, it))) {
            stored.entry(certificate).or_default().push(member);
        }
        let is_trusted = |it: &Candidate| it.list == List::Trusted && it.certificate().is_some();
        let is_any_trusted = self.list.is_some() || self.offered.iter().any(is_trusted);
        for candidate in self.offered {
            let Some(certificate) = candidate.certificate() else { continue };
            let there = stored.get(certificate).map(Vec::as_slice).unwrap_or_default();
            let is_on = |list| there.iter().any(|it| it.place.list == list);
            let elsewhere =
                there.iter().filter(|it| it.place.list == List::Rejected && candidate.list != List::Rejected);
            // Who is trusted completes chains as well.
            let known = [candidate.list, List::Trusted].into_iter().find(|list| is_on(*list));
            if let Some(list) = known.filter(|list| *list == candidate.list || candidate.list == List::Issuer) {
                placed.push((certificate, list));
                planned.already_there += 1;
                leaves.extend(elsewhere.map(|member| Step::Remove((*member).clone())));
                continue;
            }
            placed.push((certificate, candidate.list));
            let add = Step::Add {
                certificate: certificate.clone(),
                list: candidate.list,
                group: candidate.group,
                name: candidate.name.clone(),
            };
            let steps = if candidate.list == List::Issuer { &mut authorities } else { &mut leaves };
            steps.push(add);
            steps.extend(elsewhere.map(|member| Step::Remove((*member).clone())));
            if candidate.list == List::Trusted && is_on(List::Issuer) {
                promoted.push(certificate);
                let old = there.iter().filter(|it| it.place.list == List::Issuer);
                steps.extend(old.map(|member| Step::Remove((*member).clone())));
            }
            // A CA among those that complete chains, and nothing comes with it that would be trusted.
            let is_alone = candidate.list == List::Issuer && !is_any_trusted;
            planned.notes.extend(is_alone.then(|| {
                let name = certificate.subject().short().unwrap_or_default();
                format!(
                    "`{}` completes chains, and nobody is trusted for it; --list trusted trusts all that it issues",
                    Printable(&name)
                )
            }));
        }
        // Whoever is trusted is so only when all that is needed is there.
        planned.steps = authorities;
        self.plan_lists(&placed, &promoted, &mut planned)?;
        planned.steps.append(&mut leaves);
        Ok(planned)
    }

    fn stored(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|it| it.place.group == self.group)
    }

    /// Revocation lists go beside their CAs; of several of one CA, the newest counts.
    fn plan_lists(
        &self,
        placed: &[(&Certificate, List)],
        promoted: &[&Certificate],
        planned: &mut Planned,
    ) -> Result<(), Failure> {
        let offered: Vec<&RevocationList> = self.offered.iter().filter_map(Candidate::revocation_list).collect();
        let along: Vec<&Member> = self.stored().filter(|it| goes_along(it, promoted)).collect();
        // A list stands in two files, each for stacks that do not read the other.
        let mut all: Vec<&RevocationList> = Vec::new();
        for list in along.iter().filter_map(|it| it.revocation_list()).chain(offered.iter().copied()) {
            if all.iter().all(|other| other.der() != list.der()) {
                all.push(list);
            }
        }
        planned.steps.extend(along.iter().map(|member| Step::Remove((*member).clone())));
        for (at, list) in all.iter().enumerate() {
            let step = self.list_step(list, placed)?;
            let Step::AddRevocationList { list: beside, .. } = &step else { continue };
            let others = all.iter().enumerate().filter(|(other, _)| *other != at);
            let newer = others.filter(|(other, it)| supersedes(it, list) && (*other > at || !supersedes(list, it)));
            if let Some((_, newer)) = newer.map(|(at, it)| (at, *it)).next() {
                planned.notes.push(superseded(list, newer, "that comes with it"));
                continue;
            }
            let kept = || self.stored().filter(|it| along.iter().all(|other| !std::ptr::eq(*other, *it)));
            let kept = || kept().filter_map(|it| Some((it, it.revocation_list()?)));
            if kept().any(|(it, old)| old.der() == list.der() && it.place.list == *beside) {
                planned.already_there += 1;
                continue;
            }
            if let Some((_, newer)) = kept().find(|(_, old)| supersedes(old, list) && !supersedes(list, old)) {
                planned.notes.push(superseded(list, newer, "in the store"));
                continue;
            }
            // The same list beside another than its CA helps nobody.
            let astray = kept().filter(|(_, old)| old.der() == list.der());
            planned.steps.extend(astray.map(|(it, _)| Step::Remove(it.clone())));
            planned.steps.push(step);
        }
        Ok(())
    }

    /// A revocation list goes beside its CA, whose signature it has to have.
    fn list_step(&self, list: &RevocationList, placed: &[(&Certificate, List)]) -> Result<Step, Failure> {
        let stored = self.stored().filter_map(|it| Some((it.certificate()?, it.place.list)));
        let named: Vec<(&Certificate, List)> = placed
            .iter()
            .copied()
            .chain(stored)
            .filter(|(it, place)| it.subject().matches(&list.issuer()) && matches!(place, List::Trusted | List::Issuer))
            .collect();
        let has_signed = |it: &Certificate| it.public_key().is_ok_and(|key| list.verify_signature(&key).is_ok());
        let authority = named.iter().find(|(it, _)| has_signed(it));
        if authority.is_none() && !named.is_empty() {
            let called = list.issuer().short().unwrap_or_default();
            return Err(Failure::new(format!(
                "the revocation list of `{}` is not signed by the CA of that name that the store has",
                Printable(&called)
            ))
            .hint("get the list from the CA anew"));
        }
        Ok(Step::AddRevocationList {
            revocation_list: list.clone(),
            authority: authority.map(|(it, _)| (*it).clone()),
            list: self.list.or(authority.map(|(_, place)| *place)).unwrap_or(List::Trusted),
            group: self.group,
        })
    }
}

/// Says whether a member is the revocation list of a CA that leaves the list of issuers.
fn goes_along(member: &Member, promoted: &[&Certificate]) -> bool {
    let Some(list) = member.revocation_list().filter(|_| member.place.list == List::Issuer) else { return false };
    let has_signed = |it: &Certificate| it.public_key().is_ok_and(|key| list.verify_signature(&key).is_ok());
    promoted.iter().any(|it| it.subject().matches(&list.issuer()) && has_signed(it))
}

fn superseded(old: &RevocationList, new: &RevocationList, place: &str) -> String {
    let date = |list: &RevocationList| {
        let number = list.number().map_or_else(String::new, |number| format!(" (number {number})"));
        format!(
            "{}{number}",
            list.this_update().map_or_else(|_| "an unknown date".to_owned(), certkit_core::moment::Moment::to_minute)
        )
    };
    let called = old.issuer().short().unwrap_or_default();
    let (called, old, new) = (Printable(&called), date(old), date(new));
    format!("the revocation list of `{called}` of {old} is left out: the one {place} is newer, of {new}")
}
