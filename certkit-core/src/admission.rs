//! The gate of a trust store: what is offered is judged before it is put in.
//!
//! Joins checks of certificates, checks of stores and the report. Refuses to change anything: what
//! is done in spite of a finding is for the user to say.

use crate::cert::{Certificate, RevocationList};
use crate::chain::{Chain, Origin, Supply, Trust};
use crate::check::store::{self, AUDIT, Inventory, Standing};
use crate::check::{self, Case, Expectation, Judgement, Profile, Role};
use crate::moment::Moment;
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

/// Judges all that is offered: each certificate under `profile`, then what becomes of the store.
///
/// Chains are completed from the store and from what is offered beside; nothing is asked of the
/// network. What is wrong with the store already is not told: an audit does.
pub fn judge(
    kind: Kind,
    members: &[Member],
    offered: &[Candidate],
    profile: &'static Profile,
    moment: Moment,
) -> Report {
    let mut report = Report::new(moment);
    let supplies = supplies(members, offered);
    for candidate in offered {
        match &candidate.content {
            Content::Certificate(certificate) => {
                one(certificate, &candidate.source, &supplies, profile, &mut report);
            }
            Content::Undecodable(error) => report.add_undecodable(&candidate.source, error),
            Content::RevocationList(_) | Content::PrivateKey | Content::Unread(_) => {}
        }
    }
    report.add_posture(&AUDIT, &whole(kind, members, offered, moment));
    report
}

/// What chains are completed from: the store is trusted, what is offered is not yet.
fn supplies(members: &[Member], offered: &[Candidate]) -> [Supply; 2] {
    let is_trusted = |member: &&Member| member.place.list == List::Trusted;
    let trusted = members.iter().filter(is_trusted).filter_map(Member::certificate).cloned().collect();
    let others = members.iter().filter(|it| it.place.list == List::Issuer).filter_map(Member::certificate);
    let others = others.chain(offered.iter().filter_map(Candidate::certificate)).cloned().collect();
    let supply =
        |name: &str, trust, certificates| Supply { origin: Origin::Given(name.to_owned()), trust, certificates };
    [supply("the store", Trust::Anchors, trusted), supply("what is offered", Trust::Candidates, others)]
}

fn one(certificate: &Certificate, source: &str, supplies: &[Supply], profile: &'static Profile, report: &mut Report) {
    let role = profile.role_of(certificate);
    let mut presented = vec![certificate.clone()];
    let chain = Chain::complete(certificate, &presented, supplies, report.moment, None);
    if role == Role::Leaf {
        presented.extend(chain.path.certificates.iter().skip(1).cloned());
    }
    let expectation = Expectation::default();
    let case = Case::new(&chain.path, role, &presented, &expectation, report.moment, &profile.limits);
    let judgement = check::judge(&case, profile);
    report.add(&case, profile, &judgement, |it| match chain.origin_of(it) {
        Origin::Presented => Origin::Given(source.to_owned()),
        other => other,
    });
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
    let mut judgement = store::judge(&inventory, &AUDIT);
    judgement.findings.retain(|finding| {
        let entry = finding.subject.and_then(|at| inventory.entries.get(at));
        entry.is_some_and(|entry| entry.standing == Standing::Offered)
    });
    judgement
}
