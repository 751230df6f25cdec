//! What is done about what was offered, and what need not be.

use std::collections::{HashMap, HashSet};

use certkit_core::admission::Candidate;
use certkit_core::cert::{Certificate, RevocationList};
use certkit_core::store::{Group, List, Member, Step, is_complete, supersedes};
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
                    "`{}` only completes chains and is not trusted; --list trusted trusts everything that it issues",
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
        let offered = self.offered.iter().filter_map(Candidate::revocation_list);
        let (along, kept): (Vec<&Member>, Vec<&Member>) =
            self.stored().filter(|it| it.revocation_list().is_some()).partition(|it| goes_along(it, promoted));
        // A list stands in two files, each for stacks that do not read the other.
        let mut seen: HashSet<&[u8]> = HashSet::new();
        let all = along.iter().filter_map(|it| it.revocation_list()).chain(offered);
        let all: Vec<&RevocationList> = all.filter(|list| seen.insert(list.der())).collect();
        planned.steps.extend(along.iter().map(|member| Step::Remove((*member).clone())));
        let newest = newest(all.iter().copied());
        let newest_kept = self::newest(kept.iter().filter_map(|it| it.revocation_list()));
        let mut kept_by_der: HashMap<&[u8], Vec<&Member>> = HashMap::new();
        for (member, list) in kept.iter().filter_map(|it| Some((*it, it.revocation_list()?))) {
            kept_by_der.entry(list.der()).or_default().push(member);
        }
        let authorities = self.authorities(placed);
        for list in all {
            let issuer = list.issuer().canonical();
            let step = self.list_step(list, authorities.get(&issuer).map(Vec::as_slice).unwrap_or_default())?;
            let Step::AddRevocationList { list: beside, .. } = &step else { continue };
            if let Some(newer) = newest.get(&issuer).filter(|it| it.der() != list.der() && supersedes(it, list)) {
                planned.notes.push(superseded(list, newer, "that comes with it"));
                continue;
            }
            let same = kept_by_der.get(list.der()).map(Vec::as_slice).unwrap_or_default();
            if same.iter().any(|it| it.place.list == *beside) {
                planned.already_there += 1;
                continue;
            }
            let newer = newest_kept.get(&issuer).filter(|old| supersedes(old, list) && !supersedes(list, old));
            if let Some(newer) = newer {
                planned.notes.push(superseded(list, newer, "in the store"));
                continue;
            }
            // The same list beside another than its CA helps nobody.
            planned.steps.extend(same.iter().map(|it| Step::Remove((*it).clone())));
            planned.steps.push(step);
        }
        Ok(())
    }

    /// The certificates that may have signed lists, by their name.
    fn authorities<'a>(&'a self, placed: &[(&'a Certificate, List)]) -> HashMap<Vec<u8>, Placed<'a>> {
        let stored = self.stored().filter_map(|it| Some((it.certificate()?, it.place.list)));
        let mut named: HashMap<Vec<u8>, Placed<'a>> = HashMap::new();
        for (certificate, list) in placed.iter().copied().chain(stored) {
            if matches!(list, List::Trusted | List::Issuer) {
                named.entry(certificate.subject().canonical()).or_default().push((certificate, list));
            }
        }
        named
    }

    /// A revocation list goes beside its CA, whose signature it has to have.
    fn list_step(&self, list: &RevocationList, named: &[(&Certificate, List)]) -> Result<Step, Failure> {
        let has_signed = |it: &Certificate| it.public_key().is_ok_and(|key| list.verify_signature(&key).is_ok());
        let authority = named.iter().find(|(it, _)| has_signed(it));
        if authority.is_none() && !named.is_empty() {
            let called = list.issuer().short().unwrap_or_default();
            return Err(Failure::new(format!(
                "the revocation list of `{}` is not signed by the CA of that name that the store has",
                Printable(&called)
            ))
            .hint("get the list from the CA again"));
        }
        Ok(Step::AddRevocationList {
            revocation_list: list.clone(),
            authority: authority.map(|(it, _)| (*it).clone()),
            list: self.list.or(authority.map(|(_, place)| *place)).unwrap_or(List::Trusted),
            group: self.group,
        })
    }
}

/// The complete list of each issuer that takes the place of its others, the last one where several do.
fn newest<'a>(lists: impl Iterator<Item = &'a RevocationList>) -> HashMap<Vec<u8>, &'a RevocationList> {
    let mut newest: HashMap<Vec<u8>, &RevocationList> = HashMap::new();
    for list in lists.filter(|it| is_complete(it) && it.this_update().is_ok()) {
        newest
            .entry(list.issuer().canonical())
            .and_modify(|known| *known = if supersedes(list, known) { list } else { *known })
            .or_insert(list);
    }
    newest
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
