//! What is judged: certificates in their roles, and what is expected of them.

use std::collections::HashMap;
use std::net::IpAddr;

use crate::cert::{Certificate, Known};
use crate::moment::Moment;
use crate::oid::{self, Oid};
use crate::opcua::Validation;
pub(super) use crate::path::process::called;
use crate::path::{End, Path};
use crate::presented::{Alert, Possession, Version};
pub(super) use crate::text::shown;

use super::{Limits, Processed};

/// What the certificates are expected to serve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// The host name or address that a client uses to reach the leaf.
    pub host: Option<String>,
    /// The port at which a client reaches it.
    pub port: Option<u16>,
    /// The ApplicationUri that the leaf should name.
    pub application_uri: Option<String>,
    /// What the leaf's key is for.
    pub usage: Option<Usage>,
}

impl Expectation {
    /// The expected host as an address, where it is one (an IPv6 address may stand in brackets).
    pub fn address(&self) -> Option<IpAddr> {
        let host = self.host.as_deref()?;
        host.trim_start_matches('[').trim_end_matches(']').parse().ok()
    }
}

/// What a key is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Usage {
    /// It answers TLS connections.
    TlsServer,
    /// It opens TLS connections.
    TlsClient,
}

impl Usage {
    /// The purposes of extKeyUsage that it needs.
    pub const fn purposes(self) -> &'static [Oid<'static>] {
        match self {
            Usage::TlsServer => &[oid::SERVER_AUTH],
            Usage::TlsClient => &[oid::CLIENT_AUTH],
        }
    }
}

/// The place of a certificate in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// An end-entity certificate: of a server, a client or an application.
    Leaf,
    /// A CA on the path.
    Authority,
    /// It was presented and, by its name, leads up from the leaf on another path than the one taken.
    Aside,
    /// It was presented and leads up from none of the others.
    Stray,
}

/// One certificate under judgement.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The certificate.
    pub certificate: Certificate,
    /// Its place.
    pub role: Role,
    /// Its position on the path, counted from 0 at the judged certificate; `None` beside the path.
    pub position: Option<usize>,
    /// How often it was presented.
    pub times_presented: u32,
}

impl Subject {
    /// Says whether it stands on the path; what was presented beside it is only judged for being there.
    pub fn is_on_path(&self) -> bool {
        self.position.is_some()
    }

    /// Says whether it is the leaf.
    pub fn is_leaf(&self) -> bool {
        self.role == Role::Leaf
    }

    /// Says whether it is a CA: one on the path above the leaf, or the one that is imported.
    pub fn is_authority(&self) -> bool {
        self.role == Role::Authority
    }

    /// Says whether the path has it as the issuer of another certificate.
    pub fn is_issuer(&self) -> bool {
        self.position.is_some_and(|position| position > 0)
    }

    /// What people call it, fit for a terminal and for evidence.
    pub fn called(&self) -> String {
        called(&self.certificate.subject())
    }
}

/// A certificate as those see it who look at its form alone.
#[derive(Clone, Debug)]
pub struct Form<'a> {
    /// The certificate.
    pub certificate: &'a Certificate,
    /// Its extensions.
    pub known: Known<'a>,
}

impl<'a> Form<'a> {
    /// Decodes the extensions of a certificate.
    pub fn of(certificate: &'a Certificate) -> Form<'a> {
        Form { certificate, known: Known::of(certificate) }
    }
}

/// Finds the one of several certificates that the others lead up from: what to judge in a file.
///
/// Takes the first that has issued none of the others, a leaf rather than a CA. What a TLS
/// server presents needs no such search: there the first is the one whose key it has.
pub fn leaf_among(certificates: &[Certificate]) -> Option<usize> {
    let issued_any = issuers_among(certificates);
    let issued_none = || certificates.iter().zip(&issued_any).enumerate().filter(|(_, (_, has_issued))| !**has_issued);
    let leaf = issued_none().find(|(_, (certificate, _))| !certificate.is_ca()).or_else(|| issued_none().next());
    leaf.map(|(index, _)| index).or((!certificates.is_empty()).then_some(0))
}

/// Says of each of several certificates whether it is, by its name, the issuer of another one among them.
pub fn issuers_among(certificates: &[Certificate]) -> Vec<bool> {
    // By the name of its issuer, a certificate; and whether there is another one that it is the issuer of.
    let mut issued: HashMap<Vec<u8>, (&Certificate, bool)> = HashMap::new();
    for lower in certificates {
        let (first, has_others) = issued.entry(lower.issuer().canonical()).or_insert((lower, false));
        *has_others |= *first != lower;
    }
    let has_issued = |upper: &Certificate| match issued.get(&upper.subject().canonical()) {
        Some((first, has_others)) => *has_others || *first != upper,
        None => false,
    };
    certificates.iter().map(has_issued).collect()
}

/// Certificates under judgement, and what is expected of them.
///
/// `subjects` holds the path from the judged certificate upwards, then what was
/// presented beside it.
#[derive(Clone, Debug)]
pub struct Case<'a> {
    /// The certificates.
    pub subjects: Vec<Subject>,
    /// The best path from the judged certificate upwards.
    pub path: &'a Path,
    /// What was presented, in its order, as indices into `subjects`; a duplicate stands twice.
    pub presented: Vec<usize>,
    /// What the judged certificate is expected to serve.
    pub expectation: &'a Expectation,
    /// The time that is judged.
    pub moment: Moment,
    /// The profile's limits.
    pub limits: &'a Limits,
    /// The connection that the certificates were presented over; `None` where they came from elsewhere.
    pub connection: Option<&'a Connection>,
    /// What a validation of OPC 10000-4 found on the same path; `None` where none was made.
    pub validation: Option<&'a Validation>,
    /// The given trust anchors; `None` if none were given.
    pub anchors: Option<&'a [Certificate]>,
    /// What is noted of the path.
    pub noted: &'a Processed,
}

/// What of a connection is looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Connection {
    /// The protocol version; `None` where a broken handshake hid it.
    pub version: Option<Version>,
    /// Whether the certificates could only be read in the clear, since no handshake was possible.
    pub is_obsolete: bool,
    /// Whether the server showed that it holds the key.
    pub possession: Possession,
    /// How it refused the certificate that was shown to it, where it did.
    pub refusal: Option<Alert>,
    /// The names of the certificates that were shown to it, where it was several, one after another.
    pub refused: Vec<String>,
    /// Whether it names CAs that it accepts, and none of them has issued the certificate that was shown to it.
    pub is_client_unlisted: bool,
}

impl<'a> Case<'a> {
    /// Lays out a case. `noted` is what processing the path gave ([`process::facts`](crate::path::process::facts));
    /// `role` is the judged certificate's: a leaf, or an authority that is imported for itself.
    pub fn new(
        path: &'a Path,
        noted: &'a Processed,
        role: Role,
        presented: &[Certificate],
        expectation: &'a Expectation,
        moment: Moment,
        limits: &'a Limits,
    ) -> Case<'a> {
        let mut subjects: Vec<Subject> = path
            .certificates
            .iter()
            .enumerate()
            .map(|(position, certificate)| Subject {
                certificate: certificate.clone(),
                role: if position == 0 { role } else { Role::Authority },
                position: Some(position),
                times_presented: 0,
            })
            .collect();
        let mut known: HashMap<&Certificate, usize> = path.certificates.iter().zip(0..).collect();
        let presented: Vec<usize> = presented
            .iter()
            .map(|certificate| {
                let index = *known.entry(certificate).or_insert(subjects.len());
                if index == subjects.len() {
                    let certificate = certificate.clone();
                    subjects.push(Subject { certificate, role: Role::Stray, position: None, times_presented: 0 });
                }
                if let Some(subject) = subjects.get_mut(index) {
                    subject.times_presented = subject.times_presented.saturating_add(1);
                }
                index
            })
            .collect();
        set_aside(&mut subjects);
        let (connection, validation, anchors) = (None, None, None);
        Case { subjects, path, presented, expectation, moment, limits, connection, validation, anchors, noted }
    }

    /// Adds the anchors that were named as the ones to trust; the path has to be found with no others.
    #[must_use]
    pub fn trusting(mut self, anchors: Option<&'a [Certificate]>) -> Case<'a> {
        self.anchors = anchors;
        self
    }

    /// Adds the connection that the certificates were presented over.
    #[must_use]
    pub fn over(mut self, connection: &'a Connection) -> Case<'a> {
        self.connection = Some(connection);
        self
    }

    /// Adds a validation of OPC 10000-4 whose path is that of the case.
    #[must_use]
    pub fn validated(mut self, validation: &'a Validation) -> Case<'a> {
        self.validation = Some(validation);
        self
    }

    /// The certificate that is judged.
    pub fn leaf(&self) -> Option<&Subject> {
        self.subjects.first()
    }

    /// Says whether the form of a subject matters: it does, but for an anchor above the judged certificate.
    ///
    /// That one is trusted as it stands, RFC 5280 section 6.1 takes no more than name and key from it, and old
    /// roots that everybody trusts are odd in many ways. Whether it is weak or out of date is another question.
    pub fn minds_form_of(&self, subject: &Subject) -> bool {
        let is_top =
            subject.position.is_some_and(|position| position.saturating_add(1) == self.path.certificates.len());
        subject.is_on_path() && !(is_top && subject.is_issuer() && self.path.end == End::Anchor)
    }

    /// The certificates whose form matters, each with its index among the subjects.
    pub(super) fn forms(&self) -> Vec<(usize, Form<'_>)> {
        let subjects = self.subjects.iter().enumerate().filter(|(_, subject)| self.minds_form_of(subject));
        subjects.map(|(index, subject)| (index, Form::of(&subject.certificate))).collect()
    }

    /// The issuer that the path gives a subject.
    pub fn issuer_of(&self, subject: &Subject) -> Option<&Subject> {
        let above = subject.position?.checked_add(1)?;
        let issuer = self.subjects.get(above).filter(|issuer| issuer.position == Some(above))?;
        // A root and its renewal, which have one name and one key, are no issuers of each other.
        let (own, other) = (&subject.certificate, &issuer.certificate);
        (!own.is_self_issued() || own.spki() != other.spki()).then_some(issuer)
    }
}

/// Finds who beside the path leads up from it by name: a server may present a second way to another root.
fn set_aside(subjects: &mut [Subject]) {
    if subjects.iter().all(Subject::is_on_path) {
        return;
    }
    let mut by_name: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
    for (index, subject) in subjects.iter().enumerate().filter(|(_, subject)| !subject.is_on_path()) {
        by_name.entry(subject.certificate.subject().canonical()).or_default().push(index);
    }
    let mut wanted: Vec<Vec<u8>> = subjects
        .iter()
        .filter(|subject| subject.is_on_path())
        .map(|subject| subject.certificate.issuer().canonical())
        .collect();
    while let Some(name) = wanted.pop() {
        for index in by_name.remove(&name).into_iter().flatten() {
            if let Some(subject) = subjects.get_mut(index) {
                subject.role = Role::Aside;
                wanted.push(subject.certificate.issuer().canonical());
            }
        }
    }
}
