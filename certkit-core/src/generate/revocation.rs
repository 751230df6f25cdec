//! Revocation lists to be made (RFC 5280 section 5).

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::str::FromStr;

use der::asn1::OctetString;

use super::read_back::{self, WantedList};
use super::structure::{Extension, RevokedCertificate, TbsCertList};
use super::validity::{Time, time};
use super::{Error, Issuer, extension};
use crate::asn1::typed::{NotWritten, element, encode, raw};
use crate::cert::extension::KeyUsage;
use crate::cert::{Certificate, RevocationList, Serial};
use crate::moment::Moment;
use crate::oid::Oid;
use crate::text::Hex;

/// Why a certificate was revoked (RFC 5280 section 5.3.1).
///
/// `removeFromCRL` is missing: it stands in delta lists only, which certkit does not make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Reason {
    /// Nothing is said; the list has no reasonCode then.
    Unspecified,
    /// The private key is known to others, or may be.
    KeyCompromise,
    /// The private key of the CA is.
    CaCompromise,
    /// The subject's name or belonging has changed.
    AffiliationChanged,
    /// Another certificate has taken its place.
    Superseded,
    /// It is not needed any more.
    CessationOfOperation,
    /// For the time being.
    CertificateHold,
    /// A right that it gives was taken back.
    PrivilegeWithdrawn,
    /// The private key of an attribute authority is known to others.
    AaCompromise,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Reason; 9] = [
        Reason::Unspecified,
        Reason::KeyCompromise,
        Reason::CaCompromise,
        Reason::AffiliationChanged,
        Reason::Superseded,
        Reason::CessationOfOperation,
        Reason::CertificateHold,
        Reason::PrivilegeWithdrawn,
        Reason::AaCompromise,
    ];

    /// The name in RFC 5280.
    pub const fn name(self) -> &'static str {
        match self {
            Reason::Unspecified => "unspecified",
            Reason::KeyCompromise => "keyCompromise",
            Reason::CaCompromise => "cACompromise",
            Reason::AffiliationChanged => "affiliationChanged",
            Reason::Superseded => "superseded",
            Reason::CessationOfOperation => "cessationOfOperation",
            Reason::CertificateHold => "certificateHold",
            Reason::PrivilegeWithdrawn => "privilegeWithdrawn",
            Reason::AaCompromise => "aACompromise",
        }
    }

    fn code(self) -> Option<u8> {
        Some(match self {
            // RFC 5280 section 5.3.1: it should be absent rather than unspecified.
            Reason::Unspecified => return None,
            Reason::KeyCompromise => 1,
            Reason::CaCompromise => 2,
            Reason::AffiliationChanged => 3,
            Reason::Superseded => 4,
            Reason::CessationOfOperation => 5,
            Reason::CertificateHold => 6,
            Reason::PrivilegeWithdrawn => 9,
            Reason::AaCompromise => 10,
        })
    }
}

impl FromStr for Reason {
    type Err = Error;

    /// Reads a name in any case, with or without hyphens between its words.
    fn from_str(text: &str) -> Result<Reason, Error> {
        let wanted = text.replace(['-', '_'], "");
        Reason::ALL.into_iter().find(|reason| reason.name().eq_ignore_ascii_case(&wanted)).ok_or_else(|| {
            let expected = Reason::ALL.map(Reason::name).join(", ");
            Error::UnknownReason { text: text.to_owned(), expected }
        })
    }
}

/// A certificate that is revoked.
#[derive(Debug)]
pub(super) struct Entry {
    /// The contents octets of its serial number.
    pub(super) serial: Vec<u8>,
    pub(super) date: Moment,
    /// The reasonCode of a certificate that is revoked now.
    pub(super) reason: Option<u8>,
    /// What the list that is followed says of it besides: identifiers and values of its extensions.
    pub(super) kept: Vec<(Vec<u8>, Vec<u8>)>,
}

/// What a CA has revoked so far: a list to be, or to be followed by the next one.
#[derive(Debug)]
pub struct Revocations<'a> {
    issuer: &'a Issuer<'a>,
    authority: &'a Certificate,
    /// The number of the list that is followed, big endian; empty before the first one.
    number: Vec<u8>,
    /// When the list that is followed was made.
    previous: Option<Moment>,
    /// The entries in the order in which they came.
    entries: Vec<Entry>,
    /// When each serial number was revoked.
    revoked: HashMap<Vec<u8>, Moment>,
}

impl<'a> Revocations<'a> {
    /// Starts with nothing revoked. Fails where the issuer is no CA or may not sign lists.
    pub fn new(issuer: &'a Issuer<'a>) -> Result<Revocations<'a>, Error> {
        let Some(authority) = issuer.certificate() else {
            let key = issuer.key().public_key()?.to_string();
            return Err(Error::NotAuthority { issuer: key });
        };
        let usage = authority.extension::<KeyUsage>()?;
        if usage.is_some_and(|usage| !usage.contains(KeyUsage::CRL_SIGN)) {
            return Err(Error::IssuerUsage { issuer: authority.subject().to_string(), usage: "cRLSign" });
        }
        let (number, entries, revoked) = (Vec::new(), Vec::new(), HashMap::new());
        Ok(Revocations { issuer, authority, number, previous: None, entries, revoked })
    }

    /// Starts with what a list of the same issuer says, entry by entry.
    ///
    /// Fails where the list is not signed by the issuer, or is for a part of its
    /// certificates only. Costs one verification, and about 1 µs an entry.
    pub fn extending(issuer: &'a Issuer<'a>, list: &RevocationList) -> Result<Revocations<'a>, Error> {
        let mut revocations = Revocations::new(issuer)?;
        revocations.take(list)?;
        Ok(revocations)
    }

    /// Takes in what another list of the same issuer says that those before it do not: a copy that went its own way. The
    /// next list follows the one with the highest number.
    ///
    /// Fails and costs as [`Revocations::extending`].
    pub fn take(&mut self, list: &RevocationList) -> Result<(), Error> {
        let subject = self.authority.subject();
        let foreign = |problem| Error::ForeignList { issuer: subject.to_string(), problem };
        if !list.issuer().matches(&subject) {
            return Err(foreign("it is from another issuer"));
        }
        if list.verify_signature(&self.issuer.key().public_key()?).is_err() {
            return Err(foreign("its signature is not by the issuer's key"));
        }
        if list.extensions().iter().any(|extension| extension.critical) {
            return Err(foreign("it covers only some of the certificates, or is a delta list"));
        }
        let number = match list.number() {
            Some(number) if number.is_negative() => return Err(foreign("its number is negative")),
            Some(number) => number.as_bytes().to_vec(),
            None => Vec::new(),
        };
        let known: HashSet<Vec<u8>> = self.revoked.keys().cloned().collect();
        for entry in list.entries() {
            let entry = entry?;
            if entry.extensions.iter().any(|extension| extension.critical) {
                return Err(foreign("an entry has a critical extension, as in lists of several issuers"));
            }
            let serial = entry.serial.as_bytes().to_vec();
            if !known.contains(&serial) {
                let kept = entry.extensions.iter().map(|it| (it.oid.as_bytes().to_vec(), it.value.to_vec())).collect();
                self.push(Entry { serial, date: entry.date, reason: None, kept })?;
            }
        }
        self.number = higher(std::mem::take(&mut self.number), number);
        self.previous = self.previous.max(Some(list.this_update()?));
        Ok(())
    }

    /// Revokes a certificate of this issuer from `date` on.
    ///
    /// Fails where the issuer's key has not signed it: whoever writes a certificate chooses its serial number, and so whom
    /// the list would hit. Costs one verification.
    pub fn revoke(&mut self, certificate: &Certificate, date: Moment, reason: Reason) -> Result<(), Error> {
        if !certificate.issuer().matches(&self.authority.subject()) {
            return Err(Error::ForeignCertificate {
                subject: certificate.subject().to_string(),
                found: certificate.issuer().to_string(),
                issuer: self.authority.subject().to_string(),
            });
        }
        let key = self.issuer.key().public_key()?;
        certificate.verify_signature(&key).map_err(|source| Error::NotSignedByIssuer {
            subject: certificate.subject().to_string(),
            issuer: self.authority.subject().to_string(),
            source,
        })?;
        self.revoke_serial(certificate.serial(), date, reason)
    }

    /// Revokes the certificate with this serial number, which is not looked at.
    pub fn revoke_serial(&mut self, serial: Serial<'_>, date: Moment, reason: Reason) -> Result<(), Error> {
        if let Some(date) = self.revoked.get(serial.as_bytes()) {
            return Err(Error::AlreadyRevoked { serial: serial.to_hex(), date: *date });
        }
        self.push(Entry { serial: serial.as_bytes().to_vec(), date, reason: reason.code(), kept: Vec::new() })
    }

    /// How many certificates are revoked.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Says whether none is revoked.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn push(&mut self, entry: Entry) -> Result<(), Error> {
        let date = entry.date;
        time(date).ok_or(Error::UpdateTimes { this_update: date, next_update: date })?;
        self.revoked.insert(entry.serial.clone(), date);
        self.entries.push(entry);
        Ok(())
    }

    /// Signs the next list, its number one above that of the one it follows, and reads it back.
    ///
    /// Costs one signature, one verification and a second reading by other code, which has to find what was asked.
    /// The list is version 2 with cRLNumber and authorityKeyIdentifier; without an entry there is no list of entries
    /// (section 5.1.2.6).
    pub fn sign(&self, this_update: Moment, next_update: Moment) -> Result<RevocationList, Error> {
        let error = || Error::UpdateTimes { this_update, next_update };
        if this_update >= next_update || self.previous.is_some_and(|previous| previous > this_update) {
            return Err(error());
        }
        let dates = self.entries.iter().map(|entry| time(entry.date)).collect::<Option<Vec<_>>>().ok_or_else(error)?;
        let entries = self.entries.iter().zip(&dates).map(|(entry, date)| entry.structure(date));
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        let (number, authority_key_id) = (successor(&self.number), self.issuer.key_identifier()?);
        let (this, next) = (time(this_update).ok_or_else(error)?, time(next_update).ok_or_else(error)?);
        let signed = encode(&TbsCertList {
            version: 1,
            signature: self.issuer.algorithm().structure(),
            issuer: raw(self.authority.subject().der())?,
            this_update: this.element()?,
            next_update: next.element()?,
            revoked: Some(entries).filter(|entries| !entries.is_empty()),
            extensions: vec![extension::authority_key_identifier(&authority_key_id)?, extension::crl_number(&number)?],
        })?;
        let list = RevocationList::from_der(&self.issuer.seal(&signed)?)?;
        list.verify_signature(&self.issuer.key().public_key()?).map_err(Error::NotVerified)?;
        let wanted = WantedList {
            algorithm: self.issuer.algorithm(),
            issuer: self.authority.subject().der(),
            this_update,
            next_update,
            number: &number,
            authority_key_id: &authority_key_id,
            entries: &self.entries,
        };
        read_back::revocation_list(list.der(), &wanted)?;
        Ok(list)
    }
}

impl Entry {
    fn structure<'a>(&'a self, date: &'a Time) -> Result<RevokedCertificate<'a>, NotWritten> {
        let kept = self.kept.iter().map(|(oid, value)| {
            Ok(Extension { id: Oid(oid), critical: false, value: OctetString::new(value.as_slice())? })
        });
        let extensions =
            self.reason.map(extension::reason_code).into_iter().chain(kept).collect::<Result<Vec<_>, NotWritten>>()?;
        Ok(RevokedCertificate {
            serial: element(der::Tag::Integer, &self.serial)?,
            date: date.element()?,
            extensions: Some(extensions).filter(|extensions| !extensions.is_empty()),
        })
    }
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", Hex(&self.serial), self.date)?;
        if let Some(reason) = self.reason {
            write!(f, ", reason {reason}")?;
        }
        write!(f, ", extensions: {}", self.kept.len().saturating_add(usize::from(self.reason.is_some())))
    }
}

/// The higher of two big-endian numbers.
fn higher(one: Vec<u8>, other: Vec<u8>) -> Vec<u8> {
    let digits = |number: &[u8]| number.iter().copied().skip_while(|octet| *octet == 0).collect::<Vec<u8>>();
    let order = |number: &[u8]| {
        let digits = digits(number);
        (digits.len(), digits)
    };
    if order(&one) > order(&other) { one } else { other }
}

/// Adds one to a big-endian number.
fn successor(number: &[u8]) -> Vec<u8> {
    let mut octets = number.to_vec();
    for octet in octets.iter_mut().rev() {
        let (sum, overflows) = octet.overflowing_add(1);
        *octet = sum;
        if !overflows {
            return octets;
        }
    }
    octets.insert(0, 1);
    octets
}
