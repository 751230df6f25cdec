//! The gate of a trust store: what is offered is judged before it is put in.
//!
//! Joins checks of certificates, checks of stores and the report. Refuses to change anything: what
//! is done in spite of a finding is for the user to say.

use std::collections::HashMap;

use crate::cert::{Certificate, Malformed, RevocationList};
use crate::chain::Chain;
use crate::check::rfc5280::fields::VERSION_NOT_3;
use crate::check::rfc5280::revocation;
use crate::check::store::{self, ADMISSION, Inventory, Standing};
use crate::check::{self, CA, Case, Check, Expectation, HTTPS, Judgement, OPCUA, OPCUA_USER};
use crate::check::{Processed, Profile, Role, Severity};
use crate::context::{Context, Origin, Supply, Trust};
use crate::crypto::key::PublicKey;
use crate::moment::Moment;
use crate::path::Path;
use crate::path::process::{Fact, Kind as Noted};
use crate::path::revocation::{Lists, Status};
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
    lists: Lists,
    /// Whoever may have signed a list, by name.
    authorities: HashMap<Vec<u8>, Vec<&'a Certificate>>,
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
        let stored = members.iter().map(|it| (&it.content, it.place.to_string()));
        let mut lists = Lists::new();
        for (content, place) in stored.chain(offered.iter().map(|it| (&it.content, it.source.clone()))) {
            match content {
                Content::RevocationList(list) => _ = lists.add(list.clone()),
                Content::Unread(why) if is_for_lists(&place) => lists.add_unread(None, format!("{place}: {why}")),
                Content::Undecodable(error) if is_for_lists(&place) || is_of_list(error) => {
                    lists.add_unread(None, format!("{place}: {error}"));
                }
                _ => {}
            }
        }
        let mut authorities: HashMap<Vec<u8>, Vec<&Certificate>> = HashMap::new();
        for authority in members.iter().filter_map(Member::certificate).chain(new()) {
            authorities.entry(authority.subject().canonical()).or_default().push(authority);
        }
        Gate { context: Context::new(supplies), lists, authorities }
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
        for finding in &mut judgement.findings {
            let is_heavier = HEAVIER.iter().any(|check| check.id == finding.check.id) && finding.subject == Some(0);
            // Whoever is taken in now is not asked about again.
            if is_heavier || finding.check.id == revocation::REVOCATION_UNKNOWN.id {
                finding.severity = Severity::Error;
            }
        }
        report.add(&case, profile, &judgement, |it| match chain.origin_of(it) {
            Origin::Presented => Origin::Given(candidate.source.clone()),
            other => other,
        });
    }

    /// Which certificates of a path are revoked, or may be by what cannot be read; `None` where nothing speaks against
    /// them, which does not clear them.
    fn revocation(&self, path: &Path) -> Option<Processed> {
        let against = |it: &Certificate| {
            let named = self.authorities.get(&it.issuer().canonical()).into_iter().flatten();
            let keys: Vec<PublicKey<'_>> = named.filter_map(|other| other.public_key().ok()).collect();
            match self.lists.against(it, &keys)? {
                Status::Revoked { since, reason, .. } => Some(Noted::Revoked { since, reason }),
                // Nobody revokes what has issued itself, except by name.
                Status::Unknown { useless, .. } if !it.is_self_issued() => {
                    Some(Noted::RevocationUnknown { useless: useless.into_iter().map(|it| it.why).collect() })
                }
                _ => None,
            }
        };
        let spoken = path.certificates.iter().enumerate().filter_map(|(at, it)| Some((at, against(it)?)));
        let facts: Vec<Fact> = spoken.map(|(certificate, kind)| Fact { certificate, kind }).collect();
        let mut unasked = vec![&revocation::REVOCATION_LIST_WEAK, &revocation::REVOCATION_LIST_DEPARTS];
        if !facts.iter().any(|fact| matches!(fact.kind, Noted::RevocationUnknown { .. })) {
            unasked.push(&revocation::REVOCATION_UNKNOWN);
        }
        (!facts.is_empty()).then(|| Processed { facts, unasked, ..Processed::default() })
    }
}

/// Says whether a place in a store or a file is for revocation lists, by its folder or its own name.
fn is_for_lists(place: &str) -> bool {
    let place = place.to_ascii_lowercase();
    [".crl", "/crl/", "\\crl\\", "/crls/", "\\crls\\"].iter().any(|part| place.contains(part))
}

/// Says whether what cannot be decoded was to be a revocation list.
fn is_of_list(error: &Malformed) -> bool {
    ["certificateList", "tbsCertList", "thisUpdate", "nextUpdate", "revokedCertificates", "crlExtensions"]
        .contains(&error.part)
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
