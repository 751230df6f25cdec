//! What is judged: certificates in their roles, and what is expected of them.

use std::net::IpAddr;

use crate::cert::Certificate;
use crate::moment::Moment;
use crate::path::Path;

use super::Limits;

/// What the certificates are expected to serve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Expectation {
    /// The host name or address that a client uses to reach the leaf.
    pub host: Option<String>,
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

/// The place of a certificate in a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The end of a chain that is no CA's: a server, a client, an application.
    Leaf,
    /// A CA on the path.
    Authority,
    /// It was presented and lies on no path of the leaf.
    Stray,
}

/// One certificate under judgement.
#[derive(Clone, Debug)]
pub struct Subject {
    /// The certificate.
    pub certificate: Certificate,
    /// Its place.
    pub role: Role,
    /// Its position on the path, counted from 0 at the judged certificate; `None` for a stray.
    pub position: Option<usize>,
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
}

impl<'a> Case<'a> {
    /// Lays out a case. `role` is the judged certificate's: a leaf, or an authority that is imported for itself.
    pub fn new(
        path: &'a Path,
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
            })
            .collect();
        let presented = presented
            .iter()
            .map(|certificate| {
                let known = subjects.iter().position(|subject| subject.certificate == *certificate);
                known.unwrap_or_else(|| {
                    subjects.push(Subject { certificate: certificate.clone(), role: Role::Stray, position: None });
                    subjects.len() - 1
                })
            })
            .collect();
        Case { subjects, path, presented, expectation, moment, limits }
    }

    /// The certificate that is judged.
    pub fn leaf(&self) -> Option<&Subject> {
        self.subjects.first()
    }

    /// The issuer that the path gives a subject.
    pub fn issuer_of(&self, subject: &Subject) -> Option<&Subject> {
        let above = subject.position?.checked_add(1)?;
        self.subjects.get(above).filter(|issuer| issuer.position == Some(above))
    }
}
