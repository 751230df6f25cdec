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

impl fmt::Display for Clause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Clause::Rfc5280(section) => write!(f, "RFC 5280 section {section}"),
            Clause::Rfc(number, section) => write!(f, "RFC {number} section {section}"),
            Clause::BaselineRequirements(section) => write!(f, "CA/B Forum Baseline Requirements section {section}"),
            Clause::Opc(part, section) => write!(f, "OPC 10000-{part} section {section}"),
            Clause::KepwareDeployment(section) => {
                write!(f, "Secure Kepware Server Deployment guide section {section}")
            }
            Clause::Document(title) => f.write_str(title),
        }
    }
}
