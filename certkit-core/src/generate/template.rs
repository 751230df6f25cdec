//! What a certificate shall say, before anyone has signed it.

use super::{AlternativeName, Constraints, Error, Kind, Names, Subject, Validity};
use crate::cert::extension::KeyUsage;
use crate::oid::{self, Oid};

/// A certificate to be: its [`Kind`] with everything that is the subject's own.
#[derive(Clone, Debug)]
pub struct Template {
    /// What kind it is.
    pub kind: Kind,
    /// The subject's name (RFC 5280 section 4.1.2.6).
    pub subject: Subject,
    /// The subject's other names, in this order (RFC 5280 section 4.2.1.6).
    pub alternative_names: Vec<AlternativeName>,
    /// When it is valid; cut to its issuer's validity (RFC 5280 section 4.1.2.5).
    pub validity: Validity,
    /// Whether it is a CA's (RFC 5280 section 4.2.1.9).
    pub constraints: Constraints,
    /// The purposes that it is limited to (RFC 5280 section 4.2.1.12).
    pub purposes: Vec<Oid<'static>>,
    /// Where its issuer's revocation list lies (RFC 5280 section 4.2.1.13).
    pub crl_uris: Vec<String>,
    /// Where its issuer's certificate lies (RFC 5280 section 4.2.2.1, caIssuers).
    pub issuer_uris: Vec<String>,
    /// Where its issuer answers for its status (RFC 5280 section 4.2.2.1, OCSP).
    pub ocsp_uris: Vec<String>,
    /// What stays of the certificate that is renewed; nothing for a first one.
    pub(super) kept: Kept,
}

/// What a renewal keeps of the old certificate as it was.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Kept {
    /// Whether the subject is the old one, which nobody composes anew.
    pub(super) has_subject: bool,
    /// What its key might be used for, beyond what the kind says.
    pub(super) usage: Option<KeyUsage>,
    /// Extensions that are written octet by octet.
    pub(super) extensions: Vec<KeptExtension>,
}

/// An extension of an old certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct KeptExtension {
    pub(super) oid: Oid<'static>,
    pub(super) critical: bool,
    pub(super) value: Vec<u8>,
}

impl Template {
    /// Starts with what the kind says, without alternative names and addresses.
    pub fn new(kind: Kind, subject: Subject, validity: Validity) -> Template {
        let form = kind.form();
        Template {
            kind,
            subject,
            alternative_names: Vec::new(),
            validity,
            constraints: form.constraints,
            purposes: form.purposes.to_vec(),
            crl_uris: Vec::new(),
            issuer_uris: Vec::new(),
            ocsp_uris: Vec::new(),
            kept: Kept::default(),
        }
    }

    /// The extension of the old certificate that is written in place of what the template says.
    pub(super) fn kept_extension(&self, oid: Oid<'_>) -> Option<&KeptExtension> {
        self.kept.extensions.iter().find(|it| it.oid == oid)
    }

    /// Adds alternative names; one that is there already is not repeated.
    #[must_use]
    pub fn alternative_names(mut self, names: impl IntoIterator<Item = AlternativeName>) -> Template {
        for name in names {
            if !self.alternative_names.contains(&name) {
                self.alternative_names.push(name);
            }
        }
        self
    }

    /// Sets how many CAs may follow below this one. Fails for a kind that is not a CA.
    pub fn path_length(mut self, length: u32) -> Result<Template, Error> {
        match &mut self.constraints {
            Constraints::Authority { path_length } => *path_length = Some(length),
            Constraints::EndEntity => return Err(Error::PathLengthOfLeaf { kind: self.kind.name() }),
        }
        Ok(self)
    }

    /// Says whether the names suit the kind.
    pub fn validate(&self) -> Result<(), Error> {
        let (kind, form) = (self.kind.name(), self.kind.form());
        self.alternative_names.iter().try_for_each(AlternativeName::validate)?;
        let is_ca = matches!(self.constraints, Constraints::Authority { .. });
        if self.subject.is_empty() && (is_ca || self.alternative_names.is_empty()) {
            return Err(Error::EmptySubject { kind, clause: "RFC 5280 section 4.1.2.6" });
        }
        let mut attributes = form.attributes.iter().filter(|_| !self.kept.has_subject);
        if let Some(missing) = attributes.find(|wanted| self.subject.name().first(**wanted).is_none()) {
            let attribute = missing.name().unwrap_or("attribute");
            return Err(Error::MissingAttribute { kind, attribute, clause: form.clause("subject") });
        }
        let has_host = self.alternative_names.iter().any(AlternativeName::is_host);
        let uris = self.alternative_names.iter().filter(|name| name.is_uri()).count();
        let wanted = match form.names {
            Names::Host if !has_host => "at least one host name or address among its alternative names",
            Names::Application if uris != 1 => "exactly one URI, its ApplicationUri, among its alternative names",
            Names::Application if !has_host && self.purposes.contains(&oid::SERVER_AUTH) => {
                "a host name or address among its alternative names, unless it is only a client's"
            }
            _ => return Ok(()),
        };
        Err(Error::MissingNames { kind, wanted, clause: form.clause("subjectAltName") })
    }
}
