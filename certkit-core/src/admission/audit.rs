//! The audit of a trust store: each certificate in it is judged as if it were offered, then the store as a whole.

use super::{gathered, in_force, suited};
use crate::assess::{Request, assess};
use crate::cert::Certificate;
#[cfg(feature = "legacy-crypto")]
use crate::check::HTTPS;
use crate::check::rfc5280::authority::PATH_LENGTH_EXCEEDED;
use crate::check::store::{Inventory, Standing, content, judge};
#[cfg(feature = "legacy-crypto")]
use crate::check::together::{self, Keys};
#[cfg(feature = "legacy-crypto")]
use crate::check::webpki::weak_keys::KEY_KNOWN;
use crate::check::{Expectation, Finding, Judgement, Profile, Situation, Subject, Undetermined, cure};
use crate::context::Context;
#[cfg(feature = "legacy-crypto")]
use crate::crypto::weak::KnownKeys;
use crate::moment::Moment;
use crate::path::process::{Kind, called};
use crate::store::{Kind as StoreKind, List, Member, Store, StoreError};
use crate::verify::across_cores;

/// What stands in a store, and what came of judging it.
#[derive(Debug)]
pub struct Audit {
    /// What stands in it.
    pub inventory: Inventory,
    /// What is wrong with it: each about an entry of the inventory, or about the store.
    pub judgement: Judgement,
    #[cfg(feature = "legacy-crypto")]
    members: Vec<Member>,
}

#[cfg(feature = "legacy-crypto")]
impl Audit {
    /// Looks the keys of the store up in lists of keys whose private half is public, as it weighs for a server.
    pub fn look_up(&mut self, known: &KnownKeys) {
        let told = of_all_keys(&self.members, &HTTPS, Some(known));
        let is_known = |id: &str| id == KEY_KNOWN.id;
        self.judgement.findings.extend(told.findings.into_iter().filter(|it| is_known(it.check.id)));
        self.judgement.undetermined.extend(told.undetermined.into_iter().filter(|it| is_known(it.check.id)));
        self.judgement.passed.extend(told.passed.into_iter().filter(|it| is_known(it.id)));
        self.judgement.sort();
    }
}

/// Judges everything that stands in a store: each certificate over the others, with the revocation lists beside them, then
/// the store as a whole.
///
/// What was rejected is not looked at. Works on all processors, and keeps all members in memory. Costs what [`assess`]
/// does for each certificate, and n log² n for the RSA keys together.
pub fn audit(store: &dyn Store, profile: &Profile, moment: Moment) -> Result<Audit, StoreError> {
    let members = store.members()?;
    let mut inventory = Inventory::new(store.kind(), moment);
    members.iter().for_each(|member| inventory.add(member, Standing::Present));
    inventory.identity = store.identity();
    let single = examine(&mut inventory, &members, profile);
    let mut judgement = judge(&inventory, profile);
    judgement.findings.extend(single.findings);
    judgement.undetermined.extend(single.undetermined);
    judgement.sort();
    Ok(Audit {
        inventory,
        judgement,
        #[cfg(feature = "legacy-crypto")]
        members,
    })
}

/// Judges each member of a store, which are the entries of the inventory in their order, and notes there which of them are
/// revoked.
pub fn examine(inventory: &mut Inventory, members: &[Member], profile: &Profile) -> Judgement {
    let (context, moment) = (standing(members), inventory.moment);
    let is_opcua = inventory.kind == StoreKind::OpcUa;
    let singles = across_cores(members, |member| {
        // Who is a CA among OPC UA's, their profiles know.
        let suited = member.certificate().filter(|_| is_opcua).map(|it| suited(&List::ALL, member.place.group, it));
        let is_authority = suited.map_or(profile.is_authority, |suited| suited.is_authority);
        Single::of(member, &context, &Profile { is_authority, ..*profile }, moment)
    });
    let mut judgement = Judgement::default();
    for (at, single) in singles.into_iter().enumerate() {
        let subject = Some(at);
        judgement.findings.extend(single.findings.into_iter().map(|it| Finding { subject, ..it }));
        judgement.undetermined.extend(single.undetermined.into_iter().map(|it| Undetermined { subject, ..it }));
        inventory.revoked.extend(single.revoked.map(|said| (at, said)));
    }
    #[cfg(feature = "legacy-crypto")]
    {
        let told = of_all_keys(members, profile, None);
        judgement.findings.extend(told.findings);
        judgement.undetermined.extend(told.undetermined);
    }
    judgement
}

/// Looks at what shows only among all keys of the store.
#[cfg(feature = "legacy-crypto")]
fn of_all_keys(members: &[Member], profile: &Profile, known: Option<&KnownKeys>) -> Judgement {
    let judged = members.iter().enumerate().filter_map(|(at, member)| Some((at, judged(member)?.clone())));
    let (places, certificates): (Vec<usize>, Vec<Certificate>) = judged.unzip();
    let place = |subject: Option<usize>| subject.and_then(|at| places.get(at).copied());
    let mut told = together::judge(&Keys { certificates: &certificates, requests: &[], alone: &[], known }, profile);
    told.findings.iter_mut().for_each(|it| it.subject = place(it.subject));
    told.undetermined.iter_mut().for_each(|it| it.subject = place(it.subject));
    told
}

/// The certificate that a member is, unless it was rejected.
fn judged(member: &Member) -> Option<&Certificate> {
    member.certificate().filter(|_| member.place.list != List::Rejected)
}

/// What is at hand: roots that are trusted are anchors; whoever is trusted and was issued by another is judged as that
/// one's, and only completes the paths of those below.
fn standing(members: &[Member]) -> Context {
    let certificates = || members.iter().filter_map(|it| Some((it.place.list, it.certificate()?)));
    let is_anchor = |(list, it): &(List, &Certificate)| *list == List::Trusted && it.is_self_issued();
    // Nobody else issues, and a store may hold very many of them.
    let may_issue = |it: &Certificate| it.is_ca() || it.version() < 3;
    let anchors = certificates().filter(|it| is_anchor(it) && may_issue(it.1)).map(|(_, it)| it.clone());
    let others = certificates().filter(|it| !is_anchor(it) && may_issue(it.1)).map(|(_, it)| it.clone());
    in_force(gathered(anchors.collect(), others.collect(), members))
}

/// What came of judging one member.
#[derive(Debug, Default)]
struct Single {
    findings: Vec<Finding>,
    undetermined: Vec<Undetermined>,
    /// What says that it is revoked.
    revoked: Option<String>,
}

impl Single {
    fn of(member: &Member, context: &Context, profile: &Profile, moment: Moment) -> Single {
        if let Some((check, evidence)) = content::lost(member) {
            let remedy = cure(check, &Situation::of(profile.setting));
            let finding = Finding::new(check, profile.severity_of(check), None, evidence, remedy);
            return Single { findings: vec![finding], ..Single::default() };
        }
        let Some(certificate) = judged(member) else { return Single::default() };
        let (expectation, presented) = (Expectation::default(), std::slice::from_ref(certificate));
        let request =
            Request { leaf: certificate, presented, expectation: &expectation, profile, moment, connection: None };
        let assessment = assess(&request, context, None);
        // What is wrong with those above is said of them, where they stand in the store; but what they do not let those below
        // do, of these.
        let subject = |at: Option<usize>| at.and_then(|at| assessment.subjects.get(at));
        let is_own = |at: Option<usize>| subject(at).is_none_or(|it: &Subject| it.position == Some(0));
        let mut single = Single::default();
        single.findings.extend(assessment.judgement.findings.into_iter().filter_map(|it| {
            let above = subject(it.subject).filter(|_| !is_own(it.subject)).map(|it| called(&it.certificate.subject()));
            match above {
                Some(above) if it.check.id == PATH_LENGTH_EXCEEDED.id => {
                    Some(Finding { evidence: format!("its issuer {above}: {}", it.evidence), ..it })
                }
                Some(_) => None,
                None => Some(it),
            }
        }));
        single.undetermined.extend(assessment.judgement.undetermined.into_iter().filter(|it| is_own(it.subject)));
        let facts = assessment.verdict.processed.facts.iter().filter(|it| it.certificate == 0);
        let revoked = facts.map(|it| &it.kind).find(|it| matches!(it, Kind::Revoked { .. }));
        single.revoked = revoked.map(|kind| format!("{} ({}): {kind}", called(&certificate.subject()), member.place));
        single
    }
}
