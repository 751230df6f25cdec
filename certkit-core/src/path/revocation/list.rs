//! Revocation lists, indexed so that a certificate is found among many entries at once, and what could not be read.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::OnceLock;

use super::index::{Index, Trouble, is_final};
use super::scope::is_elsewhere;
use super::status::{Evidence, Misnomer, Reason, Status, Useless, WhyUseless, reason_of};
use super::tried::Tried;
use crate::asn1::{self, Tag};
use crate::cert::extension::{AuthorityKeyIdentifier, IssuingDistributionPoint, SubjectKeyIdentifier};
use crate::cert::{Certificate, GeneralName, Malformed, Name, RevocationList, Revoked, issuer_of_damaged_list};
use crate::crypto::key::PublicKey;
use crate::crypto::signature::Failure;
use crate::moment::Moment;
use crate::oid;

/// The available revocation lists, each once, and inputs that could not be read as lists.
///
/// An unreadable list may revoke any certificate of its issuer: while it is present, none of them counts as good.
#[derive(Debug, Default)]
pub struct Lists {
    lists: Vec<List>,
    /// The places of the lists, by an unpredictable hash of their bytes.
    by_bytes: HashMap<u64, Vec<usize>>,
    /// The places of the lists, by the hash of their issuer's name.
    by_issuer: HashMap<u64, Vec<usize>>,
    unread: Vec<Unread>,
    hasher: RandomState,
}

/// Something that was to be a revocation list and could not be read.
#[derive(Clone, Debug)]
pub struct Unread {
    /// Its issuer's name as it is encoded; `None` where that cannot be decoded either.
    issuer: Option<Box<[u8]>>,
    /// Where it is and why it cannot be read.
    pub reason: String,
}

impl Unread {
    /// Says whether it may have revoked certificates of this issuer: one without an issuer may of every issuer.
    pub fn concerns(&self, issuer: &Name<'_>) -> bool {
        let own = self.issuer.as_deref().and_then(|der| Name::from_der(der).ok());
        own.is_none_or(|own| own.matches(issuer))
    }
}

/// The same lists at the same places, with what could not be read; what was found out about them is found out anew.
impl Clone for Lists {
    fn clone(&self) -> Lists {
        let mut lists = Lists { unread: self.unread.clone(), ..Lists::default() };
        self.iter().for_each(|list| _ = lists.add(list.clone()));
        lists
    }
}

impl Lists {
    /// Makes an empty collection.
    pub fn new() -> Lists {
        Lists::default()
    }

    /// Adds a list; gives its place, which is the old one where its bytes are known.
    pub fn add(&mut self, list: RevocationList) -> usize {
        let same_hash = self.by_bytes.entry(self.hasher.hash_one(list.der())).or_default();
        let is_same = |place: &&usize| self.lists.get(**place).is_some_and(|other| other.list.der() == list.der());
        if let Some(known) = same_hash.iter().find(is_same) {
            return *known;
        }
        let place = self.lists.len();
        same_hash.push(place);
        self.by_issuer.entry(list.issuer().canonical_hash()).or_default().push(place);
        self.lists.push(List::new(list));
        place
    }

    /// Decodes a list and adds it; one that cannot be decoded is kept as unread. `origin` says where it is.
    ///
    /// Gives the place of the list, or why it cannot be decoded.
    pub fn take(&mut self, der: &[u8], origin: &str) -> Result<usize, Malformed> {
        match RevocationList::from_der(der) {
            Ok(list) => Ok(self.add(list)),
            Err(error) => {
                self.add_unread(issuer_of_damaged_list(der).as_ref(), format!("{origin}: {error}"));
                Err(error)
            }
        }
    }

    /// Adds what was to be a list and cannot be read, with its issuer where that is known, and the reason.
    pub fn add_unread(&mut self, issuer: Option<&Name<'_>>, reason: impl Into<String>) {
        self.unread.push(Unread { issuer: issuer.map(|name| name.der().into()), reason: reason.into() });
    }

    /// The list at a place.
    pub fn get(&self, place: usize) -> Option<&RevocationList> {
        self.lists.get(place).map(|list| &list.list)
    }

    /// The lists in the order of their places.
    pub fn iter(&self) -> impl Iterator<Item = &RevocationList> {
        self.lists.iter().map(|list| &list.list)
    }

    /// What could not be read, in the order of its places.
    pub fn unread(&self) -> impl Iterator<Item = &Unread> {
        self.unread.iter()
    }

    /// Says whether there is neither a list nor anything that was to be one.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty() && self.unread.is_empty()
    }

    /// Whether lists revoke a certificate, regardless of their dates: `Revoked` if a list signed with one of these keys
    /// names it (on hold: unless a newer one of the same holder lifts it), `Unknown` if something that cannot be read or verified may name it (such as a list that does, without a
    /// key to verify it), and `None` if no list names it, which does not prove good status.
    ///
    /// Costs a walk over each list of its issuer once, and a signature for each that says something.
    pub fn against(&self, certificate: &Certificate, issuers: &[PublicKey<'_>]) -> Option<Status> {
        let issuer = certificate.issuer();
        let mut useless = Vec::new();
        for (at, list) in self.issued_by(&issuer) {
            let (entry, trouble) = list.look_up(certificate);
            let is_lifted = |entry: &Revoked<'_>| {
                let lift = |(_, other): (usize, &List)| other.lifts(list, certificate, issuers);
                reason_of(entry) == Some(Reason::REMOVED) || (!is_final(entry) && self.issued_by(&issuer).any(lift))
            };
            let entry = entry.filter(|entry| !is_lifted(entry));
            let has_word = entry.is_some() || trouble.is_some();
            if has_word && issuers.is_empty() {
                let why = trouble.filter(|_| entry.is_none()).unwrap_or(WhyUseless::SignerMissing);
                useless.push(Useless { by: Evidence::List(at), why });
                continue;
            }
            if !has_word || !issuers.iter().any(|key| list.verify(key).is_ok()) || is_elsewhere(list, certificate) {
                continue;
            }
            let by = Evidence::List(at);
            if let Some(entry) = entry {
                return Some(Status::Revoked { by, since: entry.date, reason: reason_of(&entry) });
            }
            useless.extend(trouble.map(|why| Useless { by, why }));
        }
        let unread = self.unread.iter().enumerate().filter(|(_, it)| it.concerns(&issuer));
        useless.extend(
            unread.map(|(at, it)| Useless { by: Evidence::Unread(at), why: WhyUseless::Unread(it.reason.clone()) }),
        );
        (!useless.is_empty()).then_some(Status::Unknown { useless, is_in_doubt: true })
    }

    /// Says whether there is a list of an issuer, regardless of its signer.
    pub fn has_of(&self, issuer: &Name<'_>) -> bool {
        self.issued_by(issuer).next().is_some()
    }

    /// The lists of an issuer with their places.
    pub(super) fn issued_by<'a, 'n>(
        &'a self,
        issuer: &'n Name<'n>,
    ) -> impl Iterator<Item = (usize, &'a List)> + use<'a, 'n> {
        let places = self.by_issuer.get(&issuer.canonical_hash()).map(Vec::as_slice).unwrap_or_default();
        let lists = places.iter().filter_map(move |place| Some((*place, self.lists.get(*place)?)));
        lists.filter(move |(_, list)| list.list.issuer().matches(issuer))
    }
}

/// What makes a list unusable as proof of good status, regardless of its signer and dates: something in it that certkit
/// cannot decode or does not support. Costs a walk over its entries.
pub fn unfit_to_clear(list: &RevocationList) -> Option<WhyUseless> {
    let list = List::new(list.clone());
    list.find_trouble(list.index())
}

/// Says whether what the authorityKeyIdentifier of a list says of its signer is true of a certificate.
pub fn may_name(list: &RevocationList, signer: &Certificate) -> bool {
    misnomer(list, signer).is_none()
}

/// What the authorityKeyIdentifier of a list says of its signer that is not true of a certificate.
pub(super) fn misnomer(list: &RevocationList, signer: &Certificate) -> Option<Misnomer> {
    let named = list.extension::<AuthorityKeyIdentifier<'_>>().ok().flatten()?;
    let own = signer.extension::<SubjectKeyIdentifier<'_>>().ok().flatten();
    let issuer = |name: GeneralName<'_>| match name {
        GeneralName::Directory(name) => Some(name.matches(&signer.issuer())),
        _ => None,
    };
    let is_same = named.serial.is_none_or(|serial| serial.as_bytes() == signer.serial().as_bytes())
        && named.issuer.is_none_or(|names| names.iter().find_map(issuer).unwrap_or(true));
    match named.key_id.zip(own) {
        Some((key, own)) if key != own.0 => Some(Misnomer::Key),
        _ => (!is_same).then_some(Misnomer::Certificate),
    }
}

/// How new a list is: by its date, then by its number. One whose date cannot be decoded may be newer than all.
pub(super) type Age<'a> = (Option<Moment>, usize, &'a [u8]);

/// A list with what was found out about it.
#[derive(Debug)]
pub(super) struct List {
    pub(super) list: RevocationList,
    index: OnceLock<Index>,
    trouble: OnceLock<Option<WhyUseless>>,
    tried: Tried,
}

impl List {
    fn new(list: RevocationList) -> List {
        List { list, index: OnceLock::new(), trouble: OnceLock::new(), tried: Tried::default() }
    }

    /// What the list covers; `Err` where that cannot be decoded.
    pub(super) fn scope(&self) -> Result<Option<IssuingDistributionPoint<'_>>, Malformed> {
        self.list.extension()
    }

    /// The digits of its number, where it has one.
    pub(super) fn number(&self) -> Option<&[u8]> {
        let extension = self.list.extensions().find(oid::CRL_NUMBER)?;
        asn1::magnitude(asn1::single(extension.value, Tag::INTEGER).ok()?.value)
    }

    /// How new it is.
    pub(super) fn age(&self) -> Age<'_> {
        let number = self.number().unwrap_or_default();
        (self.list.this_update().ok(), number.len(), number)
    }

    /// The base that a delta goes with; `None` for a complete list.
    pub(super) fn delta_base(&self) -> Option<Option<&[u8]>> {
        let extension = self.list.extensions().find(oid::DELTA_CRL_INDICATOR)?;
        Some(extension.reader().expect(Tag::INTEGER).ok().and_then(|number| asn1::magnitude(number.value)))
    }

    pub(super) fn key_identifier(&self) -> Option<&[u8]> {
        self.list.extension::<AuthorityKeyIdentifier<'_>>().ok().flatten()?.key_id
    }

    /// The first critical extension that programs do not take for understood; those that never should be critical are
    /// among them.
    fn unknown_critical(&self) -> Option<oid::Oid<'_>> {
        let is_known = |oid| {
            matches!(oid, oid::AUTHORITY_KEY_IDENTIFIER | oid::DELTA_CRL_INDICATOR | oid::ISSUING_DISTRIBUTION_POINT)
        };
        self.list.extensions().iter().find(|it| it.critical && !is_known(it.oid)).map(|it| it.oid)
    }

    /// Verifies the list's signature with a key, once for each.
    pub(super) fn verify(&self, key: &PublicKey<'_>) -> Result<(), Failure> {
        self.tried.verify(key, || {
            let agree = self.list.algorithms_agree();
            if agree { self.list.verify_signature(key) } else { Err(Failure::Mismatch) }
        })
    }

    /// Why a widely used program does not take it, though it is sound.
    pub(super) fn untaken(&self) -> Option<WhyUseless> {
        if self.list.next_update() == Ok(None) {
            return Some(WhyUseless::NoNextUpdate);
        }
        self.is_indirect().then_some(WhyUseless::Indirect)
    }

    fn is_indirect(&self) -> bool {
        matches!(self.scope(), Ok(Some(scope)) if scope.is_indirect)
    }

    fn index(&self) -> &Index {
        self.index.get_or_init(|| Index::new(&self.list, self.is_indirect()))
    }

    /// Says whether this is a newer list than another one, and lifts a hold there: by saying so, or, where it covers all
    /// that the other one does, by naming the certificate no more.
    fn lifts(&self, held: &List, certificate: &Certificate, issuers: &[PublicKey<'_>]) -> bool {
        let is_newer = self.age().0.is_some() && self.age() > held.age();
        let is_complete = || self.delta_base().is_none() && matches!(self.scope(), Ok(None));
        let says_so = || match self.look_up(certificate) {
            (_, Some(_)) => false,
            (Some(entry), None) => reason_of(&entry) == Some(Reason::REMOVED) && self.delta_base().is_some(),
            (None, None) => is_complete(),
        };
        is_newer && says_so() && issuers.iter().any(|key| self.verify(key).is_ok())
    }

    /// Looks a certificate up, and says what keeps the list from clearing anybody.
    pub(super) fn look_up(&self, certificate: &Certificate) -> (Option<Revoked<'_>>, Option<WhyUseless>) {
        let index = self.index();
        let trouble = self.trouble.get_or_init(|| self.find_trouble(index)).clone();
        (index.look_up(&self.list, certificate), trouble)
    }

    /// What makes the list unfit to clear: extensions or entries that certkit cannot decode or does not understand.
    fn find_trouble(&self, index: &Index) -> Option<WhyUseless> {
        let list = &self.list;
        if let Some(oid) = self.unknown_critical() {
            return Some(WhyUseless::UnknownCritical(oid.to_string()));
        }
        if let Some(oid) = list.extensions().duplicate() {
            return Some(WhyUseless::ExtensionTwice(oid.to_string()));
        }
        if list.version() > 2 {
            return Some(WhyUseless::VersionUnknown(list.version()));
        }
        let malformed = [self.scope().err(), list.this_update().err(), list.next_update().err()];
        if let Some(malformed) = malformed.into_iter().flatten().next() {
            return Some(WhyUseless::Malformed(malformed));
        }
        if let Some((part, time)) = list.dates().find(|(_, time)| !time.is_strict) {
            return Some(WhyUseless::TimeMisspelt { part, time });
        }
        for (oid, part) in [(oid::CRL_NUMBER, "cRLNumber"), (oid::DELTA_CRL_INDICATOR, "deltaCRLIndicator")] {
            let Some(extension) = list.extensions().find(oid) else { continue };
            if let Err(source) = asn1::single(extension.value, Tag::INTEGER) {
                return Some(WhyUseless::Malformed(Malformed { part, source }));
            }
        }
        index.trouble.clone().map(|trouble| match trouble {
            Trouble::UnknownCritical(oid) => WhyUseless::UnknownCritical(oid),
            Trouble::ForeignEntry => WhyUseless::ForeignEntry,
            Trouble::Malformed(source) => WhyUseless::Malformed(Malformed { part: "revokedCertificates", source }),
        })
    }
}
