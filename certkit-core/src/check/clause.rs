//! Where a requirement comes from.

use std::fmt;

/// A place in a document that demands something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clause {
    /// A section of RFC 5280, the Internet profile of X.509.
    Rfc5280(&'static str),
    /// A section of another RFC.
    Rfc(u16, &'static str),
    /// A section of the CA/Browser Forum's Baseline Requirements for TLS server certificates.
    BaselineRequirements(&'static str),
    /// A section of a part of OPC 10000.
    Opc(u8, &'static str),
    /// A section of PTC's guide "Secure Kepware Server Deployment".
    KepwareDeployment(&'static str),
    /// A document without sections, by its title.
    Document(&'static str),
}

impl Clause {
    /// PTC's technical note on certificates of AlwaysOn: which CA is imported, and that a private key is nobody else's.
    pub const ALWAYSON_NOTE: Clause =
        Clause::Document("PTC technical note: Secure AlwaysOn Connections between Kepware and ThingWorx");

    /// The document, as it is cited.
    pub fn document(&self) -> String {
        match self {
            Clause::Rfc5280(_) => "RFC 5280".to_owned(),
            Clause::Rfc(number, _) => format!("RFC {number}"),
            Clause::BaselineRequirements(_) => "CA/B Forum Baseline Requirements".to_owned(),
            Clause::Opc(part, _) => format!("OPC 10000-{part}"),
            Clause::KepwareDeployment(_) => "Secure Kepware Server Deployment guide".to_owned(),
            Clause::Document(title) => (*title).to_owned(),
        }
    }

    /// The section; `None` for a document that has none.
    pub fn section(&self) -> Option<&'static str> {
        match self {
            Clause::Rfc5280(section)
            | Clause::Rfc(_, section)
            | Clause::BaselineRequirements(section)
            | Clause::Opc(_, section)
            | Clause::KepwareDeployment(section) => Some(section),
            Clause::Document(_) => None,
        }
    }
}

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.document())?;
        self.section().map_or(Ok(()), |section| write!(f, " section {section}"))
    }
}
