//! The gate of a trust store: what is offered is judged before it is put in.
//!
//! Joins checks of certificates, checks of stores and the report. Refuses to change anything: what
//! is done in spite of a finding is for the user to say.

use std::collections::HashMap;

use crate::cert::{Certificate, RevocationList};
use crate::chain::Chain;
use crate::check::rfc5280::fields::VERSION_NOT_3;
use crate::check::rfc5280::revocation;
use crate::check::store::revoked::named_by;
use crate::check::store::{self, ADMISSION, Inventory, Standing};
use crate::check::{self, CA, Case, Check, Expectation, HTTPS, Judgement, OPCUA, OPCUA_USER};
use crate::check::{Processed, Profile, Role, Severity};
use crate::context::{Context, Origin, Supply, Trust};
use crate::moment::Moment;
use crate::path::Path;
use crate::path::process::Fact;
use crate::report::Report;
use crate::store::{Content, Group, Kind, List, Member, Place};

/// What is offered to a store.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What it is; a private key stands for one that came along.
    pub content: Content,
    /// The list that it would be put on.
    pub list: List,
    /// Whom the list is about.
    pub group: Group,
    /// The name that it would have, where one is known.
    pub name: Option<String>,
    /// Where it came from, as the user named it.
    pub source: String,
    /// What a certificate is judged under.
    pub profile: &'static Profile,
}

impl Candidate {
    /// The certificate, if that is what it is.
    pub fn certificate(&self) -> Option<&Certificate> {
        match &self.content {
            Content::Certificate(certificate) => Some(certificate),
            _ => None,
        }
    }

    /// The revocation list, if that is what it is.
    pub fn revocation_list(&self) -> Option<&RevocationList> {
        match &self.content {
            Content::RevocationList(list) => Some(list),
            _ => None,
        }
    }
}

/// The profile that a certificate is judged under in a store with these lists, unless the user names one.
pub fn suited(lists: &[List], group: Group, certificate: &Certificate) -> &'static Profile {
    match group {
        _ if !lists.contains(&List::Issuer) => &CA,
        Group::Application => &OPCUA,
        Group::User => &OPCUA_USER,
        Group::Https if certificate.is_ca() => &CA,
        Group::Https => &HTTPS,
    }
}

/// Checks of certificates that weigh more here than in a report: once it is trusted, nobody looks again.
const HEAVIER: [&Check; 1] = [&VERSION_NOT_3];

/// Judges all that is offered: each certificate under its profile, then what becomes of the store.
///
/// Chains are completed from the store and from what is offered beside, and the revocation lists of both
/// are asked; nothing is asked of the network. What is wrong with the store already is not told: an
/// audit does.
pub fn judge(kind: Kind, members: &[Member], offered: &[Candidate], moment: Moment) -> Report {
    let mut report = Report::new(moment);
    let gate = Gate::new(members, offered);
    for candidate in offered {
        report.look_at(Some(&candidate.source));
        match &candidate.content {
            Content::Certificate(certificate) => gate.one(certificate, candidate, &mut report),
            Content::Undecodable(error) => report.add_undecodable(&candidate.source, error),
            Content::RevocationList(_) | Content::PrivateKey | Content::Unread(_) => {}
        }
    }
    report.look_at(None);
    report.add_posture(&ADMISSION, &whole(kind, members, offered, moment));
    report
}

/// What certificates are judged with.
struct Gate<'a> {
    context: Context,
    /// The revocation lists by their issuer's name, with whoever may have signed them.
    lists: HashMap<Vec<u8>, Listed<'a>>,
}

/// The revocation lists of one name.
#[derive(Default)]
struct Listed<'a> {
    lists: Vec<&'a RevocationList>,
    authorities: Vec<&'a Certificate>,
}

impl<'a> Gate<'a> {
    /// The store is trusted, what is offered is not yet; the lists of both are listened to.
    fn new(members: &'a [Member], offered: &'a [Candidate]) -> Gate<'a> {
        let on = |list| members.iter().filter(move |it| it.place.list == list).filter_map(Member::certificate);
        let new = || offered.iter().filter_map(Candidate::certificate);
        let supply = |name: &str, trust, certificates| {
            let origin = Origin::Given(name.to_owned());
            Supply { origin, trust, certificates }
        };
        let supplies = [
            supply("the store", Trust::Anchors, on(List::Trusted).cloned().collect()),
            supply("what is offered", Trust::Candidates, on(List::Issuer).chain(new()).cloned().collect()),
        ];
        let mut lists: HashMap<Vec<u8>, Listed<'_>> = HashMap::new();
        let all = members.iter().filter_map(Member::revocation_list);
        for list in all.chain(offered.iter().filter_map(Candidate::revocation_list)) {
            lists.entry(list.issuer().canonical()).or_default().lists.push(list);
        }
        if !lists.is_empty() {
            for authority in members.iter().filter_map(Member::certificate).chain(new()) {
                if let Some(listed) = lists.get_mut(&authority.subject().canonical()) {
                    listed.authorities.push(authority);
                }
            }
        }
        Gate { context: Context::new(supplies), lists }
    }

    fn one(&self, certificate: &Certificate, candidate: &Candidate, report: &mut Report) {
        let profile = candidate.profile;
        let role = profile.role_of(certificate);
        let mut presented = vec![certificate.clone()];
        let chain = Chain::complete(certificate, &presented, &self.context, report.moment, None);
        if role == Role::Leaf {
            presented.extend(chain.path.certificates.iter().skip(1).cloned());
        }
        let expectation = Expectation::default();
        let mut case = Case::new(&chain.path, role, &presented, &expectation, report.moment, &profile.limits);
        let processed = self.revocation(&chain.path);
        if let Some(processed) = &processed {
            case = case.processed(processed);
        }
        let mut judgement = check::judge(&case, profile);
        for finding in judgement.findings.iter_mut().filter(|it| it.subject == Some(0)) {
            if HEAVIER.iter().any(|check| check.id == finding.check.id) {
                finding.severity = Severity::Error;
            }
        }
        report.add(&case, profile, &judgement, |it| match chain.origin_of(it) {
            Origin::Presented => Origin::Given(candidate.source.clone()),
            other => other,
        });
    }

    /// Which certificates of a path are revoked; `None` where no list names one, which says nothing.
    fn revocation(&self, path: &Path) -> Option<Processed> {
        let named = |it: &Certificate| {
            let listed = self.lists.get(&it.issuer().canonical())?;
            named_by(it, listed.lists.iter().copied(), &listed.authorities)
        };
        let revoked = path.certificates.iter().enumerate().filter_map(|(at, it)| Some((at, named(it)?)));
        let facts: Vec<Fact> = revoked.map(|(certificate, kind)| Fact { certificate, kind }).collect();
        let unasked = vec![&revocation::REVOCATION_UNKNOWN, &revocation::REVOCATION_LIST_DEPARTS];
        (!facts.is_empty()).then(|| Processed { facts, unasked, ..Processed::default() })
    }
}

/// What becomes of the store: only what is offered is spoken of.
fn whole(kind: Kind, members: &[Member], offered: &[Candidate], moment: Moment) -> Judgement {
    let mut inventory = Inventory::new(kind, moment);
    members.iter().for_each(|member| inventory.add(member, Standing::Present));
    for candidate in offered {
        let path = candidate.source.clone().into();
        let place =
            Place { list: candidate.list, group: candidate.group, name: candidate.name.clone(), path: Some(path) };
        inventory.add(&Member { content: candidate.content.clone(), place }, Standing::Offered);
    }
    let mut judgement = store::judge(&inventory, &ADMISSION);
    judgement.findings.retain(|finding| {
        let entry = finding.subject.and_then(|at| inventory.entries.get(at));
        entry.is_some_and(|entry| entry.standing == Standing::Offered)
    });
    judgement
}
