//! What a context is made of, while it is gathered: whoever reads files and stores hands what he has read in here.
//!
//! Knows what of a file or store is an anchor, what only completes chains, and what tells of revocation. What was to
//! tell of revocation and could not be read is kept as such, since it may revoke anybody: nothing is passed over in
//! silence.

use std::path::Path;

use super::{AnchorText, CertificateSet, Context, Listening, Origin, Trust};
use crate::cert::{Certificate, OcspResponse, RevocationList, issuer_of_damaged_list};
use crate::container::{Contents, Distrust, Encoding, Item, ItemKind};
use crate::files::is_unfinished;
use crate::path::revocation::{Lists, Responses};
use crate::source::file::{self, Outcome, PassedOver, Visited};
use crate::store::{Content, Kind, List, Member, is_note};
use crate::text::{Printable, with_causes};

/// Beside which certificates a revocation list lies.
type Beside = Vec<Trust>;

/// Nobody can say of the file of a revocation list whose list it lies on.
const ANYWHERE: [Trust; 2] = [Trust::Anchors, Trust::Candidates];

/// How much of a file is read to learn whose list it was to be.
const START: u64 = 64 * 1024;

/// Certificates, revocation lists and responses that are gathered for a [`Context`].
#[derive(Debug, Default)]
pub struct Gathering {
    certificate_sets: Vec<CertificateSet>,
    is_trust_named: bool,
    lists: Lists,
    beside: Vec<Beside>,
    responses: Responses,
    distrusted: Vec<(Certificate, Distrust)>,
    listening: Listening,
    listed_in: Vec<String>,
    unread: Vec<String>,
    texts: Vec<AnchorText>,
}

/// How much was taken from a file or store.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Taken {
    /// Certificates; of a file, those that could not be decoded as well.
    pub certificates: usize,
    /// Revocation lists, and what was to be one and could not be read.
    pub lists: usize,
}

/// Why a file of a folder for revocation lists tells nothing, where it was to tell something.
pub fn lost_list(visited: &Visited) -> Option<String> {
    match &visited.outcome {
        Outcome::Read(_) | Outcome::PassedOver(PassedOver::Again | PassedOver::Unfinished) => None,
        // Programs and the system keep notes of their own there, and no lists.
        _ if is_note(&visited.path) => None,
        Outcome::PassedOver(reason) => Some(format!("{}: {reason}", visited.path.display())),
        Outcome::Failed(error) => Some(with_causes(error)),
    }
}

impl Gathering {
    /// Nothing yet.
    pub fn new() -> Gathering {
        Gathering::default()
    }

    /// What was taken so far, in its order.
    pub fn certificate_sets(&self) -> &[CertificateSet] {
        &self.certificate_sets
    }

    /// Adds certificates that were found in one place.
    pub fn add(&mut self, certificate_set: CertificateSet) {
        self.certificate_sets.push(certificate_set);
    }

    /// Says that the user has named whom to trust: the anchors that are taken are the only ones.
    pub fn trust_is_named(&mut self) {
        self.is_trust_named = true;
    }

    /// Takes what a file gives, and what lies in it beside and tells of revocation.
    ///
    /// Of a Java store, and of a PKCS#12 store with private keys, anchors are only those that it says it trusts: the others are
    /// the chains of its own keys. A PKCS#12 store without keys may say of none that it is trusted, and then all are. What
    /// is marked as rejected is no anchor.
    pub fn take_file(&mut self, contents: &Contents, name: &Path, shown: &str, trust: Trust) -> Taken {
        for skipped in contents.skipped.iter().filter(|skipped| !skipped.is_harmless()) {
            let loss = format!("{shown}: {skipped}");
            if skipped.claims_list() { self.miss_list(&[], &loss) } else { self.miss(loss) }
        }
        let is_anchored = trust == Trust::Anchors;
        let says = contents.items.iter().any(|it| match it.kind {
            ItemKind::Certificate => it.is_trusted || matches!(it.encoding, Encoding::Jks | Encoding::Jceks),
            ItemKind::PrivateKey(_) => it.encoding == Encoding::Pkcs12,
            _ => false,
        });
        let mut taken = Taken { certificates: 0, lists: self.take_lists(contents, shown) };
        self.note_listed(taken, shown);
        let mut certificates = Vec::new();
        for item in contents.certificates() {
            self.take_distrust(item, shown);
            // What is distrusted ends paths as an anchor that nobody should trust.
            if let Some(within) = item.rejected.as_ref().filter(|_| is_anchored && item.distrust().is_none()) {
                self.miss(format!("{shown}: {}: {}: not used as an anchor", item.position, within.why));
            } else if !is_anchored || !says || item.is_trusted {
                taken.certificates = taken.certificates.saturating_add(1);
                certificates.extend(self.decode(item, shown));
            }
        }
        if is_anchored && contents.items.iter().any(|it| matches!(it.encoding, Encoding::Pem | Encoding::Base64)) {
            let is_lost = |item: &Item| Certificate::from_der(&item.der).is_err();
            let is_damaged = contents.skipped.iter().any(|it| it.claims_certificate() || it.claims_list())
                || contents.certificates().any(is_lost);
            self.texts.push(AnchorText {
                name: shown.to_owned(),
                oddities: contents.oddities.clone(),
                is_damaged,
                certificates: certificates.clone(),
            });
        }
        self.certificate_sets.push(CertificateSet {
            origin: Origin::Given(name.display().to_string()),
            trust,
            certificates,
        });
        taken
    }

    /// Takes what a store trusts as `trust`, its CAs that complete chains, and the revocation lists beside both.
    /// Nothing of what it has rejected. Of a file that should hold a list and cannot be read, reads the start.
    pub fn take_store(&mut self, kind: Kind, members: &[Member], name: &Path, trust: Trust) -> Taken {
        let (mut trusted, mut issuers, mut taken) = (Vec::new(), Vec::new(), Taken::default());
        for member in members {
            let (list, found) = match member.place.list {
                List::Trusted => (trust, &mut trusted),
                List::Issuer => (Trust::Candidates, &mut issuers),
                // What an application has rejected was only not accepted yet.
                List::Rejected if kind != Kind::OpcUa => {
                    if let Some(certificate) = member.certificate() {
                        let why = || format!("{} marks it as rejected", Printable(name.to_string_lossy()));
                        let marked = member.place.distrust.as_deref().cloned();
                        self.distrust(certificate.clone(), marked.unwrap_or_else(|| Distrust::entire(why())));
                        if member.place.distrust.is_some() {
                            trusted.push(certificate.clone());
                        }
                    }
                    continue;
                }
                List::Own | List::Rejected => continue,
            };
            // Only an application's lists lie each beside certificates of their own.
            let beside: &[Trust] = if kind == Kind::OpcUa { &[list] } else { &ANYWHERE };
            match &member.content {
                Content::Certificate(certificate) => found.push(certificate.clone()),
                _ if self.take_told(member, beside) => taken.lists = taken.lists.saturating_add(1),
                // Programs and the system keep notes of their own there.
                other if !member.place.lies_below() && !member.place.path.as_deref().is_some_and(is_note) => {
                    if let Some(why) = other.loss() {
                        let (name, place) = (Printable(name.to_string_lossy()), &member.place);
                        self.miss(format!("{name}: {place}: {why}"));
                    }
                }
                _ => {}
            }
        }
        taken.certificates = trusted.len().saturating_add(issuers.len());
        self.note_listed(taken, &Printable(name.to_string_lossy()).to_string());
        for (trust, certificates) in [(trust, trusted), (Trust::Candidates, issuers)] {
            self.certificate_sets.push(CertificateSet {
                origin: Origin::Given(name.display().to_string()),
                trust,
                certificates,
            });
        }
        taken
    }

    /// Notes where lists lie that nobody has named as such.
    fn note_listed(&mut self, taken: Taken, shown: &str) {
        if taken.lists > 0 {
            self.listed_in.push(shown.to_owned());
        }
    }

    /// Takes what a member of a store tells of revocation, or was to tell; says whether it is that.
    pub fn take_told(&mut self, member: &Member, beside: &[Trust]) -> bool {
        let place = &member.place;
        match &member.content {
            Content::RevocationList(list) => self.add_list(list.clone(), beside),
            Content::DamagedList(list) => self.miss_list(list.der(), &format!("{place}: {}", list.error)),
            Content::UnreadList(why) if !place.is_for_lists() => self.miss_list(&[], &format!("{place}: {why}")),
            lost @ (Content::Undecodable(_) | Content::Unread(_) | Content::UnreadList(_)) if place.is_for_lists() => {
                let start = place.path.as_deref().and_then(|path| file::read_start(path, START).ok());
                let why = lost.loss().unwrap_or_default();
                self.miss_list(&start.unwrap_or_default(), &format!("{place}: {why}"));
            }
            _ => return false,
        }
        true
    }

    /// The revocation lists so far, in their order.
    pub fn list_count(&self) -> usize {
        self.lists.iter().count()
    }

    /// Takes what a file for revocation lists holds, what could not be read of it included; gives how many there are.
    pub fn take_list_file(&mut self, contents: &Contents, shown: &str) -> usize {
        let mut count = self.take_lists(contents, shown);
        for loss in contents.skipped.iter().filter(|skipped| !skipped.is_harmless()) {
            count = count.saturating_add(1);
            self.miss_list(&[], &format!("{shown}: {loss}"));
        }
        count
    }

    /// Takes what a file that is judged tells of its own certificates and of others: whom nobody should trust, revocation
    /// lists, what claims to be one and cannot be read, and OCSP responses. Comes after everything that was named to judge
    /// by: where that tells nothing of revocation, these have to clear nobody that they do not speak of.
    pub fn take_beside(&mut self, contents: &Contents, shown: &str) {
        if self.lists.is_empty() && self.responses.is_empty() {
            self.listening = Listening::WhereListed;
        }
        contents.certificates().for_each(|item| self.take_distrust(item, shown));
        self.take_lists(contents, shown);
        for skipped in contents.skipped.iter().filter(|skipped| skipped.claims_list()) {
            self.miss_list(&[], &format!("{shown}: {skipped}"));
        }
    }

    /// Takes a file of a folder for revocation lists; gives how many there are in it.
    pub fn take_list_visit(&mut self, visited: &Visited) -> usize {
        let is_left_behind = visited.path.file_name().is_some_and(is_unfinished);
        match &visited.outcome {
            // What was left behind half written revokes nobody else than what it is whole of.
            Outcome::Read(contents) if is_left_behind => {
                return self.take_lists(contents, &visited.path.display().to_string());
            }
            _ if is_left_behind => return 0,
            Outcome::Read(contents) => return self.take_list_file(contents, &visited.path.display().to_string()),
            _ => {}
        }
        let Some(reason) = lost_list(visited) else { return 0 };
        // Where not even its start can be read, nothing tells whose list it was to be.
        self.miss_list(&file::read_start(&visited.path, START).unwrap_or_default(), &reason);
        1
    }

    /// Adds a revocation list.
    pub fn add_list(&mut self, list: RevocationList, beside: &[Trust]) {
        let place = self.lists.add(list);
        self.lay(place, beside);
    }

    /// Notes that nobody should trust a certificate, and why.
    pub fn distrust(&mut self, certificate: Certificate, distrust: Distrust) {
        self.distrusted.push((certificate, distrust));
    }

    /// Notes what stands beside a certificate of a file and says that nobody should trust it.
    fn take_distrust(&mut self, item: &Item, shown: &str) {
        if let Some((distrust, certificate)) = item.distrust().zip(Certificate::from_der(&item.der).ok()) {
            self.distrust(certificate, Distrust { why: format!("{shown}: {}", distrust.why), ..distrust.clone() });
        }
    }

    /// Adds an OCSP response.
    pub fn add_response(&mut self, response: OcspResponse) {
        self.responses.add(response);
    }

    /// Makes the context of what was gathered.
    pub fn context(self) -> Context {
        let anchors = self.certificate_sets.iter().filter(|certificate_set| certificate_set.trust == Trust::Anchors);
        let named = self.is_trust_named.then(|| anchors.flat_map(|it| it.certificates.iter().cloned()).collect());
        let mut context =
            Context::new(self.certificate_sets).trusting(named).listening_to(self.lists).distrusting(self.distrusted);
        context.responses = self.responses;
        context.beside = self.beside;
        context.listening = self.listening;
        context.listed_in = self.listed_in;
        context.unread = self.unread;
        context.texts = self.texts;
        context
    }

    /// Takes the revocation lists of any file, and the OCSP responses; gives how many lists there are, those that cannot be
    /// decoded included.
    fn take_lists(&mut self, contents: &Contents, shown: &str) -> usize {
        let mut count = 0usize;
        for item in contents.items.iter().filter(|item| item.kind == ItemKind::OcspResponse) {
            match OcspResponse::from_der(&item.der) {
                Ok(response) => self.add_response(response),
                Err(error) => {
                    self.miss(format!("{shown}: {}: an OCSP response cannot be read: {error}", item.position));
                }
            }
        }
        for item in contents.items.iter().filter(|item| item.kind == ItemKind::RevocationList) {
            count = count.saturating_add(1);
            match self.lists.take(&item.der, shown) {
                Ok(place) => self.lay(place, &ANYWHERE),
                Err(error) => self.doubt(&format!("{shown}: a revocation list cannot be decoded: {error}")),
            }
        }
        count
    }

    /// What cannot be decoded completes nothing and ends nothing; that is no reason to refuse the others.
    fn decode(&mut self, item: &Item, shown: &str) -> Option<Certificate> {
        let decoded = Certificate::from_der(&item.der);
        decoded.map_err(|error| self.miss(format!("{shown}: {}: {error}", item.position))).ok()
    }

    fn lay(&mut self, place: usize, beside: &[Trust]) {
        if place >= self.beside.len() {
            self.beside.resize(place.saturating_add(1), Beside::new());
        }
        if let Some(known) = self.beside.get_mut(place) {
            known.extend(beside);
        }
    }

    fn miss(&mut self, sentence: String) {
        self.unread.push(sentence);
    }

    /// Notes something that was to be a revocation list and cannot be read; its start may tell whose.
    fn miss_list(&mut self, start: &[u8], reason: &str) {
        self.lists.add_unread(issuer_of_damaged_list(start).as_ref(), reason);
        self.doubt(reason);
    }

    fn doubt(&mut self, reason: &str) {
        self.miss(format!("{}; the revocation status of its issuer's certificates is unknown", Printable(reason)));
    }
}
