//! Turns what a source yielded into entries of a report.

use std::sync::Arc;

use certkit_core::cert::{Certificate, RevocationList};
use certkit_core::container::{Contents, Item, ItemKind, Reason, Skipped, StoreProblem};
use certkit_core::crypto::digest;
use certkit_core::moment::Moment;

use crate::dated::reason_of;
use crate::route::Route;
use crate::{Beside, Dated, Element, Entry, Finding, Judge, Report, Routes, Seen, Shown, Source, State, Thresholds};

/// Which entries are worth their memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keep {
    /// All of them.
    All,
    /// Those that want attention, and the first so many that are fine; of the others, the one that ends
    /// next, while all are counted.
    Urgent {
        /// How many that are fine are kept, too.
        fine: u64,
    },
}

/// Looks at one place of a source.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// The source.
    pub source: &'a Arc<Source>,
    /// The place in it.
    pub place: &'a str,
    /// The time that is judged.
    pub moment: Moment,
    /// What is kept.
    pub keep: Keep,
    /// Judges what is kept; `None` where dates are enough.
    pub judge: Option<&'a Judge>,
    /// Finds out what of a server's chain its clients need; `None` where all counts.
    pub routes: Option<&'a Routes>,
    /// Whether the key of an issuer that stands beside is looked up, at the price of a signature.
    pub issuer_keys: bool,
}

/// What is known of a certificate by where it was found.
#[derive(Clone, Copy)]
struct Place<'a> {
    element: Option<Element>,
    beside: &'a Beside,
    shown: Option<Shown<'a>>,
    route: Option<&'a Route>,
}

impl Look<'_> {
    /// Adds everything of a container that has dates, and what was damaged in it. Says whether there was anything.
    pub fn contents(&self, contents: &Contents, report: &mut Report) -> bool {
        let mut position: u32 = 0;
        let beside = Beside::new(self.decoded(contents.certificates().map(|item| &*item.der)));
        for item in &contents.items {
            let next = position.saturating_add(1);
            position = position.saturating_add(u32::from(self.item_beside(item, next, &beside, report)));
        }
        report.secret_keys = report.secret_keys.saturating_add(contents.secrets() as u64);
        for skipped in &contents.skipped {
            position = position.saturating_add(u32::from(self.skipped(skipped, position.saturating_add(1), report)));
        }
        position > 0
    }

    /// Adds an item that has dates; says whether it was one.
    pub fn item(&self, item: &Item, position: u32, report: &mut Report) -> bool {
        self.item_beside(item, position, &Beside::default(), report)
    }

    fn item_beside(&self, item: &Item, position: u32, beside: &Beside, report: &mut Report) -> bool {
        match item.kind {
            ItemKind::Certificate => {
                self.take(&item.der, position, Place { element: None, beside, shown: None, route: None }, report);
            }
            ItemKind::RevocationList => self.list(&item.der, position, beside, report),
            ItemKind::Request | ItemKind::PrivateKey(_) | ItemKind::PublicKey | ItemKind::OcspResponse => return false,
        }
        true
    }

    /// Adds what was damaged or locked, so that it is not taken for fine; says whether it was worth that.
    pub fn skipped(&self, skipped: &Skipped, position: u32, report: &mut Report) -> bool {
        if skipped.is_harmless() {
            return false;
        }
        let word = match &skipped.why {
            Reason::Store { problem: StoreProblem::PasswordNeeded | StoreProblem::WrongPassword, .. } => {
                "bad_passphrase"
            }
            _ => "decode_failed",
        };
        self.unseen(position, word, &skipped.to_string(), report);
        true
    }

    /// Adds a chain as an endpoint presented it, its own certificate first. What stands beside the path that its clients
    /// take is marked where it would alarm.
    pub fn chain(&self, chain: &[Vec<u8>], shown: Shown<'_>, report: &mut Report) {
        let beside = Beside::presented(self.decoded(chain.iter().map(Vec::as_slice)));
        let is_alarming = |it: &Certificate| {
            let (start, end) = (it.not_before().ok(), it.not_after().ok());
            self.judge.is_some() || reason_of(start, end, self.thresholds(it), self.moment).is_some()
        };
        let route = self.routes.and_then(|routes| routes.taken(chain, is_alarming, self.moment));
        for (position, der) in (1..).zip(chain) {
            let is_own = position == 1;
            let (element, shown) = (is_own.then_some(Element::Leaf), is_own.then_some(shown));
            let route = route.as_ref().filter(|_| !is_own);
            self.take(der, position, Place { element, beside: &beside, shown, route }, report);
        }
    }

    /// Adds a certificate that stands alone.
    pub fn certificate(&self, der: &[u8], position: u32, report: &mut Report) {
        self.take(der, position, Place { element: None, beside: &Beside::default(), shown: None, route: None }, report);
    }

    /// Adds a revocation list.
    pub fn revocation_list(&self, der: &[u8], position: u32, report: &mut Report) {
        self.list(der, position, &Beside::default(), report);
    }

    fn list(&self, der: &[u8], position: u32, beside: &Beside, report: &mut Report) {
        let judged = self.judge.map(|it| {
            let list = RevocationList::from_der(der).ok();
            list.map(|list| it.findings_of_list(&list, beside, self.moment)).unwrap_or_default()
        });
        match Dated::revocation_list(der, &mut report.issuers) {
            Ok(list) => self.dated(list, position, judged.unwrap_or_default(), None, report),
            Err(error) => self.unseen(position, "decode_failed", &error.to_string(), report),
        }
    }

    /// Decodes what certificates are judged with or issued by, where that is looked at.
    fn decoded<'b>(&self, ders: impl Iterator<Item = &'b [u8]>) -> Vec<Certificate> {
        if self.judge.is_none() && !self.issuer_keys {
            return Vec::new();
        }
        ders.filter_map(|der| Certificate::from_der(der).ok()).collect()
    }

    fn take(&self, der: &[u8], position: u32, place: Place<'_>, report: &mut Report) {
        let certificate = match Certificate::from_der(der) {
            Ok(certificate) => certificate,
            Err(error) => return self.unseen(position, "decode_failed", &error.to_string(), report),
        };
        // What is to be judged by more than its dates is not passed over for them.
        if self.judge.is_none() && !self.has_room(report) {
            let (start, end) = (certificate.not_before().ok(), certificate.not_after().ok());
            let is_fine = reason_of(start, end, self.thresholds(&certificate), self.moment).is_none();
            if is_fine && !report.ends_next(end, &self.source.name, self.place, position) {
                report.count_fine();
                return;
            }
        }
        let element = place.element.unwrap_or_else(|| Element::of(&certificate));
        let judged = self.judge.map(|it| it.findings(&certificate, place.beside, place.shown, self.moment));
        let issuer_key = if self.issuer_keys { place.beside.issuer_key(&certificate) } else { None };
        let dated = Dated::certificate(&certificate, element, issuer_key, &mut report.issuers);
        let beside_path = place.route.and_then(|route| route.without(&certificate));
        self.dated(dated, position, judged.unwrap_or_default(), beside_path, report);
    }

    /// What a certificate is held to.
    fn thresholds(&self, certificate: &Certificate) -> &Thresholds {
        match self.source.public_roots {
            None => &self.source.thresholds,
            Some(_) => self.source.thresholds_of(Element::of(certificate), &digest::sha256(certificate.der())),
        }
    }

    /// Says whether one that is fine would be kept.
    fn has_room(&self, report: &Report) -> bool {
        match self.keep {
            Keep::All => true,
            Keep::Urgent { fine } => report.tally.ok < fine,
        }
    }

    fn dated(
        &self,
        dated: Dated,
        position: u32,
        findings: Vec<Finding>,
        beside_path: Option<Arc<str>>,
        report: &mut Report,
    ) {
        let has_room = self.has_room(report);
        let entry = Entry::new(self.source, self.place, position, Seen::Dated(Box::new(dated)), self.moment)
            .with_findings(findings, self.moment)
            .beside_path(beside_path);
        if has_room || entry.state != State::Ok {
            report.add(entry);
        } else {
            report.count_fine();
            report.offer_next(entry);
        }
    }

    /// Adds a place that could not be looked at.
    pub fn unseen(&self, position: u32, word: &str, reason: &str, report: &mut Report) {
        report.add(Entry::new(self.source, self.place, position, Seen::unseen(word, reason), self.moment));
    }
}
