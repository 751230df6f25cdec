//! Where the entries of a list stand, by serial number.

use super::status::{Reason, reason_of};
use crate::asn1::{self, Problem, Reader, Tag};
use crate::cert::extension::Extensions;
use crate::cert::{Certificate, GeneralName, GeneralNames, RevocationList, Revoked};
use crate::oid;

/// The places of entries by serial number, and what makes the list unusable as proof of good status.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// A hash of the serial number above, the offset of the entry below, sorted.
    entries: Vec<u64>,
    /// From which offset on another certificate issuer holds, and where its names stand.
    issuers: Vec<(u32, std::ops::Range<usize>)>,
    /// The first entry that cannot be relied upon.
    pub(super) trouble: Option<Trouble>,
}

/// Why an entry of a list cannot be relied upon, and with it the whole list.
#[derive(Clone, Debug)]
pub(super) enum Trouble {
    /// It has a critical extension that certkit does not understand, by its identifier.
    UnknownCritical(String),
    /// It names another certificate issuer, and the list does not say that it is indirect.
    ForeignEntry,
    /// It cannot be decoded.
    Malformed(asn1::Error),
}

impl Index {
    /// Walks over the entries (20 ms for 200,000 of them). What cannot be decoded does not hide what follows it.
    pub(super) fn new(list: &RevocationList, is_indirect: bool) -> Index {
        let mut index = Index::default();
        let (part, offset) = list.entries_part();
        if !part.is_empty() {
            index.fill(part, offset, is_indirect).unwrap_or_else(|error| index.note(Trouble::Malformed(error)));
        }
        index.entries.sort_unstable();
        index
    }

    fn note(&mut self, trouble: Trouble) {
        self.trouble.get_or_insert(trouble);
    }

    fn fill(&mut self, part: &[u8], offset: usize, is_indirect: bool) -> Result<(), asn1::Error> {
        let mut entries = Reader::at(part, offset).sequence()?;
        self.entries.reserve(part.len().checked_div(40).unwrap_or(0));
        while !entries.is_empty() {
            let start = entries.offset();
            let element = entries.element()?;
            let at = u32::try_from(start).unwrap_or(u32::MAX);
            let read = Revoked::read(&mut Reader::at(element.raw, start)).and_then(|revoked| {
                let serial = canonical(revoked.serial.as_bytes());
                self.entries.push(u64::from(hash(serial)) << 32 | u64::from(at));
                self.extensions(at, &revoked.extensions, is_indirect)
            });
            if let Err(error) = read {
                self.note(Trouble::Malformed(error));
            }
        }
        Ok(())
    }

    fn extensions(&mut self, entry: u32, list: &Extensions<'_>, is_indirect: bool) -> Result<(), asn1::Error> {
        list.validate().map_err(|malformed| malformed.source)?;
        let (mut reasons, mut issuers) = (0u32, 0u32);
        for extension in list.iter() {
            let inside = extension.reader();
            match extension.oid {
                oid::REASON_CODE => {
                    reasons = reasons.saturating_add(1);
                    asn1::single(extension.value, Tag::ENUMERATED)?;
                }
                oid::CERTIFICATE_ISSUER => {
                    issuers = issuers.saturating_add(1);
                    let start = inside.offset();
                    GeneralNames::validated(asn1::single(extension.value, Tag::SEQUENCE)?.contents())?;
                    self.issuers.push((entry, start..start.saturating_add(extension.value.len())));
                    if !is_indirect {
                        self.note(Trouble::ForeignEntry);
                    }
                }
                oid::INVALIDITY_DATE => {}
                other if extension.critical => self.note(Trouble::UnknownCritical(other.to_string())),
                _ => {}
            }
            if reasons > 1 || issuers > 1 {
                return Err(asn1::Error {
                    offset: inside.offset(),
                    problem: Problem::Value("single extension of its kind"),
                });
            }
        }
        Ok(())
    }

    /// Looks up what a list says of a certificate.
    pub(super) fn look_up<'a>(&self, list: &'a RevocationList, certificate: &Certificate) -> Option<Revoked<'a>> {
        let serial = canonical(certificate.serial().as_bytes());
        let hash = u64::from(hash(serial)) << 32;
        let start = self.entries.partition_point(|packed| *packed < hash);
        let same_hash = self.entries.iter().skip(start).take_while(|packed| **packed >> 32 == hash >> 32);
        let mut found: Option<Revoked<'_>> = None;
        for packed in same_hash {
            let Ok(offset) = usize::try_from(packed & u64::from(u32::MAX)) else { continue };
            let Some(entry) = list.entry_at(offset) else { continue };
            if canonical(entry.serial.as_bytes()) == serial && self.is_about(list, offset, certificate) {
                // Where an entry is repeated, the one that says the worst counts; of two that say the same the last one.
                found = Some(found.filter(|known| weight(known) > weight(&entry)).unwrap_or(entry));
            }
        }
        found
    }

    /// Says whether the entry at this offset is about certificates of this one's issuer.
    fn is_about(&self, list: &RevocationList, offset: usize, certificate: &Certificate) -> bool {
        let after = self.issuers.partition_point(|(start, _)| *start as usize <= offset);
        let names = after.checked_sub(1).and_then(|at| self.issuers.get(at)).and_then(|(_, names)| {
            let reader = Reader::new(list.der().get(names.clone())?).sequence().ok()?;
            GeneralNames::validated(reader).ok()
        });
        match names {
            None => list.issuer().matches(&certificate.issuer()),
            Some(names) => names
                .iter()
                .any(|name| matches!(name, GeneralName::Directory(name) if name.matches(&certificate.issuer()))),
        }
    }
}

/// How much an entry says against a certificate: that it is revoked for good, on hold, or on hold no more.
fn weight(entry: &Revoked<'_>) -> u8 {
    match reason_of(entry) {
        Some(Reason::REMOVED) => 0,
        _ if !is_final(entry) => 1,
        _ => 2,
    }
}

/// Says whether an entry is never taken back.
pub(super) fn is_final(entry: &Revoked<'_>) -> bool {
    reason_of(entry).is_none_or(Reason::is_final)
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
