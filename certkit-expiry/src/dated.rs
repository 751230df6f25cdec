//! What certificates and revocation lists say of their time, kept small: a run may see a million.

use std::sync::Arc;

use certkit_core::cert::extension::{AuthorityKeyIdentifier, SubjectAltName};
use certkit_core::cert::{Certificate, GeneralName, Malformed, RevocationList, Serial};
use certkit_core::crypto::digest;
use certkit_core::moment::{DAY, Moment};

use crate::{Issuer, Issuers, Reason, Thresholds, Words};

/// What is watched, by its place in a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Element {
    /// The certificate of a server, client, application or person.
    Leaf,
    /// A CA's certificate that another CA has issued.
    Issuer,
    /// A CA's certificate that it has issued to itself.
    Root,
    /// A revocation list; its end is nextUpdate.
    RevocationList,
}

impl Element {
    /// Every kind.
    pub const ALL: [Element; 4] = [Element::Leaf, Element::Issuer, Element::Root, Element::RevocationList];

    /// Its name in documents.
    pub fn as_str(self) -> &'static str {
        match self {
            Element::Leaf => "leaf",
            Element::Issuer => "issuer",
            Element::Root => "root",
            Element::RevocationList => "crl",
        }
    }

    /// Finds the kind of a name.
    pub fn named(name: &str) -> Option<Element> {
        Element::ALL.into_iter().find(|element| element.as_str() == name)
    }

    /// Tells what a certificate is in a file, where nothing but itself says so.
    pub fn of(certificate: &Certificate) -> Element {
        match (certificate.is_ca(), certificate.is_self_issued()) {
            (false, _) => Element::Leaf,
            (true, false) => Element::Issuer,
            (true, true) => Element::Root,
        }
    }
}

/// A certificate or revocation list with what monitoring wants to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dated {
    /// What it is.
    pub element: Element,
    /// Subject, serial number and alternative names.
    pub words: Words,
    /// The issuer.
    pub issuer: Arc<Issuer>,
    /// notBefore or thisUpdate; `None` where it cannot be decoded.
    pub not_before: Option<Moment>,
    /// notAfter or nextUpdate; `None` where it cannot be decoded or is not given.
    pub not_after: Option<Moment>,
    /// SHA-256 over the whole.
    pub fingerprint: [u8; 32],
    /// SHA-256 over the public key; zeros for a revocation list.
    pub key: [u8; 32],
}

impl Dated {
    /// Takes down a certificate; `issuer_key` is the SHA-256 of the key that has signed it, where that is known. Costs two
    /// digests and the text of its names.
    pub fn certificate(
        certificate: &Certificate,
        element: Element,
        issuer_key: Option<[u8; 32]>,
        issuers: &mut Issuers,
    ) -> Dated {
        let subject = certificate.subject().to_string();
        // What cannot be decoded identifies nobody.
        let authority = certificate.extension::<AuthorityKeyIdentifier<'_>>().ok().flatten();
        let issuer = Issuer {
            name: certificate.issuer().to_string().into(),
            key_id: authority.and_then(|it| it.key_id).unwrap_or_default().into(),
            key: issuer_key,
        };
        Dated {
            element,
            words: Words::new(&subject, &certificate.serial().to_hex(), &names(certificate)),
            issuer: issuers.shared(issuer),
            not_before: certificate.not_before().ok(),
            not_after: certificate.not_after().ok(),
            fingerprint: certificate.fingerprint_sha256(),
            key: digest::sha256(certificate.spki()),
        }
    }

    /// Takes down a revocation list. Its entries are not looked at.
    ///
    /// # Errors
    /// When it cannot be decoded.
    pub fn revocation_list(der: &[u8], issuers: &mut Issuers) -> Result<Dated, Malformed> {
        let list = RevocationList::from_der(der)?;
        let authority = list.extension::<AuthorityKeyIdentifier<'_>>().ok().flatten();
        let key_id = authority.and_then(|it| it.key_id).unwrap_or_default().into();
        let issuer = issuers.shared(Issuer { name: list.issuer().to_string().into(), key_id, key: None });
        Ok(Dated {
            element: Element::RevocationList,
            words: Words::new(&issuer.name, &list.number().map(Serial::to_hex).unwrap_or_default(), ""),
            issuer,
            not_before: list.this_update().ok(),
            not_after: list.next_update().ok().flatten(),
            fingerprint: digest::sha256(der),
            key: [0; 32],
        })
    }

    /// The names of one kind, `DNS`, `IP`, `URI` or `email`.
    pub fn names(&self, kind: &str) -> impl Iterator<Item = &str> {
        self.words.names().lines().filter_map(move |line| line.strip_prefix(kind)?.strip_prefix(':'))
    }

    /// Whole days until the end, negative after it; `None` where the end is not known.
    pub fn days_left(&self, moment: Moment) -> Option<i64> {
        self.not_after.map(|end| end.since(moment).div_euclid(DAY))
    }

    /// Judges the dates; `None` where they are fine. The last second of the validity still belongs to it
    /// (RFC 5280 section 4.1.2.5).
    pub fn reason(&self, thresholds: &Thresholds, moment: Moment) -> Option<Reason> {
        reason_of(self.not_before, self.not_after, thresholds, moment)
    }
}

/// Judges dates that may not be known; `None` where they are fine.
pub(crate) fn reason_of(
    start: Option<Moment>,
    end: Option<Moment>,
    thresholds: &Thresholds,
    moment: Moment,
) -> Option<Reason> {
    let Some(end) = end else { return Some(Reason::NoEnd) };
    let is_reached = |threshold: crate::Threshold| threshold.is_reached(start, end, moment);
    if end < moment {
        Some(Reason::Expired)
    } else if start.is_some_and(|start| start > moment) {
        Some(Reason::NotYetValid)
    } else if is_reached(thresholds.critical) {
        Some(Reason::BelowCritical)
    } else if is_reached(thresholds.warning) {
        Some(Reason::BelowWarning)
    } else {
        None
    }
}

fn names(certificate: &Certificate) -> String {
    // What cannot be decoded names nothing; the dates are what this is about.
    let names = certificate.extension::<SubjectAltName<'_>>().ok().flatten();
    let mut text = String::new();
    for name in names.iter().flat_map(SubjectAltName::names) {
        let line = match name {
            GeneralName::Dns(name) => format!("DNS:{name}"),
            GeneralName::Uri(name) => format!("URI:{name}"),
            GeneralName::Email(name) => format!("email:{name}"),
            GeneralName::Ip(_) => name.to_string(),
            _ => continue,
        };
        if !text.is_empty() {
            text.push('\n');
        }
        // A line break inside of a name would make another one of it.
        text.extend(line.chars().map(|letter| if letter.is_control() { '\u{fffd}' } else { letter }));
    }
    text
}
