//! Admission to a trust store: candidates are judged before they are added.
//!
//! Joins checks of certificates, checks of stores and the report. Changes nothing: the user decides
//! what to do in spite of a finding.. [`audit`] judges what is in
//! already.

mod audit;

pub use audit::{Audit, audit, examine};

use crate::assess::{Request, assess};
use crate::cert::{Certificate, RevocationList};
use crate::check::client::are_clients;
use crate::check::store::{self, ADMISSION, Inventory, Standing};
use crate::check::{CA, CLIENT, Expectation, HTTPS, Judgement, OPCUA, OPCUA_USER, Profile};
use crate::container::Distrust;
use crate::context::{CertificateSet, Context, Gathering, Listening, Origin, Trust};
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
    /// The issuer of the list.
    pub group: Group,
    /// The name that it would have, where one is known.
    pub name: Option<String>,
    /// Where it came from, as the user named it.
    pub source: String,
    /// What a certificate is judged under.
    pub profile: &'static Profile,
    /// Why its source marks it as distrusted, if it does.
    pub distrust: Option<String>,
}

impl Candidate {
    /// The certificate, if that is what it is.
    pub fn certificate(&self) -> Option<&Certificate> {
        match &self.content {
            Content::Certificate(certificate) => Some(certificate),
            _ => None,
        }
    }

    /// What it would be in the store; for the file that it came from stands where it came from.
    fn member(&self) -> Member {
        let path = Some(self.source.clone().into());
        let place = Place { group: self.group, name: self.name.clone(), path, ..Place::on(self.list) };
        Member { content: self.content.clone(), place }
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
        // Peers of an application over HTTPS are servers to its client side, and clients to its server side.
        Group::Https if are_clients(std::slice::from_ref(certificate)) => &CLIENT,
        Group::Https => &HTTPS,
    }
}

/// Judges all that is offered: each certificate under its profile, then what becomes of the store.
///
/// Chains are completed from the store and from what is offered beside, and the revocation lists of both
/// are asked; nothing is asked of the network. What is wrong with the store already is not told: an
/// audit does.
pub fn judge(kind: Kind, members: &[Member], offered: &[Candidate], moment: Moment) -> Report {
    let mut report = Report::new(moment);
    // Whoever does not read the file finds nothing of what is added to it.
    let forms = members.iter().filter(|_| kind == Kind::Pem).flat_map(|it| &it.place.forms);
    forms.filter(|it| it.unread_by().contains(&"OpenSSL")).for_each(|it| report.add_store_form(*it));
    let context = context(members, offered);
    for candidate in offered {
        report.look_at(Some(&candidate.source));
        match &candidate.content {
            Content::Certificate(certificate) => judge_one(certificate, candidate, &context, &mut report),
            _ => {
                if let Some((check, evidence)) = store::content::lost(&candidate.member()) {
                    report.add_lost(check, evidence);
                }
            }
        }
    }
    report.look_at(None);
    report.add_posture(&ADMISSION, &whole(kind, members, offered, moment));
    report
}

/// What is at hand: the store is trusted, what is offered is not yet; the lists of both are listened to.
fn context(members: &[Member], offered: &[Candidate]) -> Context {
    let on = |list| members.iter().filter(move |it| it.place.list == list).filter_map(Member::certificate).cloned();
    let new = offered.iter().filter_map(Candidate::certificate).cloned();
    // What was rejected may still be the CA whose list names somebody.
    let others = on(List::Issuer).chain(on(List::Own)).chain(on(List::Rejected)).chain(new);
    let told: Vec<Member> = offered.iter().map(Candidate::member).collect();
    let mut gathering = gathered(on(List::Trusted).collect(), others.collect(), members.iter().chain(&told));
    for (candidate, certificate) in offered.iter().filter_map(|it| Some((it, it.certificate()?))) {
        if let Some(why) = &candidate.distrust {
            gathering.distrust(certificate.clone(), Distrust::entire(format!("{}: {why}", candidate.source)));
        }
    }
    in_force(gathering)
}

/// Gathers whom a store trusts and who completes chains, with what the members tell of revocation.
fn gathered<'a>(
    anchors: Vec<Certificate>,
    others: Vec<Certificate>,
    told: impl IntoIterator<Item = &'a Member>,
) -> Gathering {
    let mut gathering = Gathering::new();
    for (trust, certificates) in [(Trust::Anchors, anchors), (Trust::Candidates, others)] {
        gathering.add(CertificateSet { origin: Origin::Given("the store".to_owned()), trust, certificates });
    }
    told.into_iter().for_each(|member| _ = gathering.take_told(member, &[]));
    gathering
}

/// The context of a store: its lists are asked of those whose CAs have lists.
fn in_force(gathering: Gathering) -> Context {
    let mut context = gathering.context();
    context.listening = Listening::WhereListed;
    context
}

/// Judges one certificate that is offered.
fn judge_one(certificate: &Certificate, candidate: &Candidate, context: &Context, report: &mut Report) {
    let expectation = Expectation::default();
    let request = Request {
        leaf: certificate,
        presented: std::slice::from_ref(certificate),
        expectation: &expectation,
        profile: candidate.profile,
        moment: report.moment,
        connection: None,
    };
    report.add(candidate.profile, &assess(&request, context, None), &Origin::Given(candidate.source.clone()));
}

/// What becomes of the store: only what is offered is spoken of.
fn whole(kind: Kind, members: &[Member], offered: &[Candidate], moment: Moment) -> Judgement {
    let mut inventory = Inventory::new(kind, moment);
    members.iter().for_each(|member| inventory.add(member, Standing::Present));
    for candidate in offered {
        inventory.add(&candidate.member(), Standing::Offered);
    }
    let mut judgement = store::judge(&inventory, &ADMISSION);
    judgement.findings.retain(|finding| {
        let entry = finding.subject.and_then(|at| inventory.entries.get(at));
        entry.is_some_and(|entry| entry.standing == Standing::Offered)
    });
    judgement
}
