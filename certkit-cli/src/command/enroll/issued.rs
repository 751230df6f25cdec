//! What a CA has issued, held against what was asked for.

use certkit_core::cert::Certificate;
use certkit_core::cert::extension::SubjectAltName;
use certkit_core::context::{CertificateSet, Context, Origin, Trust};
use certkit_core::generate::{KeyPair, Template};
use certkit_core::moment::Moment;
use certkit_core::path::{Budget, Search};
use certkit_core::text::Printable;

use crate::failure::Failure;

/// The certificate for a key, with those above it.
pub(super) struct Issued {
    pub(super) certificate: Certificate,
    /// From its issuer to one of the CA's own certificates.
    pub(super) above: Vec<Certificate>,
    /// In what it differs from what was asked for.
    pub(super) changes: Vec<String>,
}

impl Issued {
    /// Finds the certificate of the key among those that were given, and completes its chain from the CA's.
    pub(super) fn of(
        given: &[Certificate],
        authorities: &[Certificate],
        asked: &Template,
        key: &KeyPair,
        now: Moment,
    ) -> Result<Issued, Failure> {
        let mut own = given.iter().filter(|it| it.spki() == key.spki());
        let (certificate, other) = (own.next(), own.next());
        let certificate = match (certificate, other) {
            (Some(certificate), None) => certificate.clone(),
            (None, _) => return Err(Failure::new("the CA issued a certificate for another key: not accepted")),
            (Some(_), Some(_)) => {
                return Err(Failure::new("the CA issued several certificates for the key: none accepted"));
            }
        };
        let others = given.iter().filter(|it| **it != certificate).chain(authorities).cloned().collect();
        let certificate_set =
            CertificateSet { origin: Origin::Presented, trust: Trust::Candidates, certificates: others };
        let context = Context::new([certificate_set]);
        let found = Search::new(context.pool(), &certificate, now, Budget::default()).best().certificates;
        let mut above: Vec<Certificate> = found.into_iter().skip(1).collect();
        // What stands above the last of the CA's own nobody here has vouched for.
        let last = above.iter().rposition(|it| authorities.contains(it));
        above.truncate(last.map_or(0, |at| at.saturating_add(1)));
        if above.is_empty() {
            return Err(Failure::new(format!(
                "the certificates of the CA do not include the issuer of the new one, {}: not accepted",
                Printable(certificate.issuer().to_string())
            ))
            .hint("the server returns the certificates of another CA: the URL may need a label"));
        }
        if certificate.is_ca() {
            return Err(Failure::new("the CA issued a CA certificate, which was not requested"));
        }
        let changes = changes(&certificate, asked);
        Ok(Issued { certificate, above, changes })
    }

    /// Refuses a certificate that says something else than was asked for, unless that is allowed.
    pub(super) fn require_as_asked(&self, is_allowed: bool) -> Result<(), Failure> {
        match self.changes.first() {
            Some(first) if !is_allowed => {
                let failure = Failure::new(format!("the issued certificate differs from the request: {first}"));
                let failure = self.changes.iter().skip(1).fold(failure, |it, change| it.hint(change.clone()));
                Err(failure.hint("--allow-changes accepts it anyway"))
            }
            _ => Ok(()),
        }
    }
}

/// In what a certificate differs from what was asked for.
fn changes(certificate: &Certificate, asked: &Template) -> Vec<String> {
    let mut changes = Vec::new();
    if !certificate.subject().matches(&asked.subject.name()) {
        changes.push(format!(
            "its subject is {} and not {}",
            Printable(certificate.subject().to_string()),
            Printable(asked.subject.name().to_string())
        ));
    }
    let names = certificate.extension::<SubjectAltName<'_>>().ok().flatten();
    let found: Vec<String> = names.iter().flat_map(SubjectAltName::names).map(|it| folded(&it.to_string())).collect();
    let wanted: Vec<String> = asked.alternative_names.iter().map(|it| folded(&it.to_string())).collect();
    let missing =
        wanted.iter().filter(|it| !found.contains(it)).map(|it| format!("the name {} is missing", Printable(it)));
    let added = found
        .iter()
        .filter(|it| !wanted.contains(it))
        .map(|it| format!("it has the additional name {}", Printable(it)));
    changes.extend(missing.chain(added));
    changes
}

/// A name as it is compared: hosts without regard to case.
fn folded(name: &str) -> String {
    if name.starts_with("DNS:") { name.to_ascii_lowercase() } else { name.to_owned() }
}
