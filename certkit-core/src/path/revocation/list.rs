//! Revocation lists, indexed so that a certificate is found among many entries at once.

use std::sync::OnceLock;

use super::tried::Tried;
use crate::asn1::{self, Reader, Tag};
use crate::cert::extension::{AuthorityKeyIdentifier, IssuingDistributionPoint};
use crate::cert::{Certificate, GeneralName, GeneralNames, Name, RevocationList, Revoked};
use crate::crypto::key::PublicKey;
use crate::crypto::signature::Failure;
use crate::oid;

/// Revocation lists at hand, each once.
#[derive(Debug, Default)]
pub struct Lists {
    lists: Vec<List>,
}

impl Lists {
    /// Makes an empty collection.
    pub fn new() -> Lists {
        Lists::default()
    }

    /// Adds a list; gives its place, which is the old one where its bytes are known.
    pub fn add(&mut self, list: RevocationList) -> usize {
        if let Some(known) = self.lists.iter().position(|other| other.list.der() == list.der()) {
            return known;
        }
        self.lists.push(List::new(list));
        self.lists.len().saturating_sub(1)
    }

    /// The list at a place.
    pub fn get(&self, place: usize) -> Option<&RevocationList> {
        self.lists.get(place).map(|list| &list.list)
    }

    /// The lists in the order of their places.
    pub fn iter(&self) -> impl Iterator<Item = &RevocationList> {
        self.lists.iter().map(|list| &list.list)
    }

    /// Says whether there is no list.
    pub fn is_empty(&self) -> bool {
        self.lists.is_empty()
    }

    /// The lists of an issuer with their places.
    pub(super) fn issued_by(&self, issuer: &Name<'_>) -> Vec<(usize, &List)> {
        let hash = issuer.canonical_hash();
        let is_of_issuer = |list: &List| list.issuer == hash && list.list.issuer().matches(issuer);
        self.lists.iter().enumerate().filter(|(_, list)| is_of_issuer(list)).collect()
    }
}

/// A list with what was found out about it.
#[derive(Debug)]
pub(super) struct List {
    pub(super) list: RevocationList,
    issuer: u64,
    index: OnceLock<Index>,
    tried: Tried,
}

/// Where entries stand, by serial number.
#[derive(Debug, Default)]
struct Index {
    /// A hash of the serial number above, the offset of the entry below, sorted.
    entries: Vec<u64>,
    /// From which offset on another certificate issuer holds, and where its names stand.
    issuers: Vec<(u32, std::ops::Range<usize>)>,
    /// A critical extension of an entry that certkit does not understand, by its identifier.
    unknown_critical: Option<String>,
    error: Option<asn1::Error>,
}

/// What a list says of one certificate.
#[derive(Debug)]
pub(super) enum Lookup<'a> {
    Absent,
    Listed(Revoked<'a>),
    /// An entry has a critical extension that certkit does not understand.
    UnknownCritical(String),
    Malformed(asn1::Error),
}

impl List {
    fn new(list: RevocationList) -> List {
        let issuer = list.issuer().canonical_hash();
        List { list, issuer, index: OnceLock::new(), tried: Tried::default() }
    }

    /// What the list covers; `Err` where that cannot be decoded.
    pub(super) fn scope(&self) -> Result<Option<IssuingDistributionPoint<'_>>, crate::cert::Malformed> {
        self.list.extension()
    }

    /// The base that a delta goes with; `None` for a complete list.
    pub(super) fn delta_base(&self) -> Option<Option<&[u8]>> {
        let extension = self.list.extensions().find(oid::DELTA_CRL_INDICATOR)?;
        Some(extension.reader().expect(Tag::INTEGER).ok().and_then(|number| asn1::magnitude(number.value)))
    }

    pub(super) fn key_identifier(&self) -> Option<&[u8]> {
        self.list.extension::<AuthorityKeyIdentifier<'_>>().ok().flatten()?.key_id
    }

    /// The first critical extension that certkit does not understand.
    pub(super) fn unknown_critical(&self) -> Option<oid::Oid<'_>> {
        let is_known = |oid| {
            matches!(
                oid,
                oid::AUTHORITY_KEY_IDENTIFIER
                    | oid::ISSUER_ALT_NAME
                    | oid::CRL_NUMBER
                    | oid::DELTA_CRL_INDICATOR
                    | oid::ISSUING_DISTRIBUTION_POINT
                    | oid::FRESHEST_CRL
                    | oid::AUTHORITY_INFO_ACCESS
            )
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

    fn index(&self) -> &Index {
        self.index.get_or_init(|| {
            let mut index = Index::default();
            index.error = index.fill(&self.list).err();
            index.entries.sort_unstable();
            index
        })
    }

    /// Looks a certificate up. The first time costs a walk over the list (20 ms for 200,000 entries).
    pub(super) fn look_up(&self, certificate: &Certificate) -> Lookup<'_> {
        let index = self.index();
        if let Some(error) = index.error {
            return Lookup::Malformed(error);
        }
        if let Some(oid) = &index.unknown_critical {
            return Lookup::UnknownCritical(oid.clone());
        }
        let serial = canonical(certificate.serial().as_bytes());
        let hash = u64::from(hash(serial)) << 32;
        let start = index.entries.partition_point(|packed| *packed < hash);
        let same_hash = index.entries.iter().skip(start).take_while(|packed| **packed >> 32 == hash >> 32);
        let mut found: Option<Revoked<'_>> = None;
        for packed in same_hash {
            let Ok(offset) = usize::try_from(packed & u64::from(u32::MAX)) else { continue };
            let Some(entry) = self.list.entry_at(offset) else { continue };
            if canonical(entry.serial.as_bytes()) == serial && self.is_about(index, offset, certificate) {
                // Where an entry is repeated, the last one counts.
                found = Some(entry);
            }
        }
        found.map_or(Lookup::Absent, Lookup::Listed)
    }

    /// Says whether the entry at this offset is about certificates of this one's issuer.
    fn is_about(&self, index: &Index, offset: usize, certificate: &Certificate) -> bool {
        let after = index.issuers.partition_point(|(start, _)| *start as usize <= offset);
        let names = after.checked_sub(1).and_then(|at| index.issuers.get(at)).and_then(|(_, names)| {
            let reader = Reader::new(self.list.der().get(names.clone())?).sequence().ok()?;
            GeneralNames::validated(reader).ok()
        });
        match names {
            None => self.list.issuer().matches(&certificate.issuer()),
            Some(names) => names
                .iter()
                .any(|name| matches!(name, GeneralName::Directory(name) if name.matches(&certificate.issuer()))),
        }
    }
}

impl Index {
    fn fill(&mut self, list: &RevocationList) -> Result<(), asn1::Error> {
        let (part, offset) = list.entries_part();
        if part.is_empty() {
            return Ok(());
        }
        let mut entries = Reader::at(part, offset).sequence()?;
        self.entries.reserve(part.len().checked_div(40).unwrap_or(0));
        while !entries.is_empty() {
            let entry = entries.expect(Tag::SEQUENCE)?;
            let mut fields = entry.contents();
            let serial = fields.expect(Tag::INTEGER)?;
            fields.element()?;
            let at = u32::try_from(entry.offset).unwrap_or(u32::MAX);
            self.entries.push(u64::from(hash(canonical(serial.value))) << 32 | u64::from(at));
            if let Some(extensions) = fields.optional(Tag::SEQUENCE)? {
                self.extensions(at, extensions.contents())?;
            }
            fields.finish()?;
        }
        Ok(())
    }

    fn extensions(&mut self, entry: u32, mut list: Reader<'_>) -> Result<(), asn1::Error> {
        while !list.is_empty() {
            let mut fields = list.sequence()?;
            let name = oid::Oid(fields.oid()?);
            let critical = match fields.peek() {
                Some(Tag::BOOLEAN) => fields.boolean()?,
                _ => false,
            };
            let value = fields.expect(Tag::OCTET_STRING)?;
            match name {
                oid::REASON_CODE | oid::INVALIDITY_DATE => {}
                oid::CERTIFICATE_ISSUER => {
                    let start = value.value_offset();
                    GeneralNames::validated(asn1::single(value.value, Tag::SEQUENCE)?.contents())?;
                    self.issuers.push((entry, start..start.saturating_add(value.value.len())));
                }
                other if critical => self.unknown_critical = Some(other.to_string()),
                _ => {}
            }
        }
        Ok(())
    }
}

/// Drops octets at the front of an INTEGER's contents that say nothing.
fn canonical(mut serial: &[u8]) -> &[u8] {
    while let [0x00, 0x00..=0x7f, ..] | [0xff, 0x80..=0xff, ..] = serial {
        serial = serial.get(1..).unwrap_or_default();
    }
    serial
}

fn hash(serial: &[u8]) -> u32 {
    serial.iter().fold(0x811c_9dc5, |hash: u32, octet| (hash ^ u32::from(*octet)).wrapping_mul(0x0100_0193))
}
