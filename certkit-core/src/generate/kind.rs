//! The kinds of certificates, as data.

use crate::cert::extension::KeyUsage;
use crate::oid::{self, Oid};

/// A kind of certificate that certkit makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// A CA that signs itself: the anchor of a plant.
    Root,
    /// A CA below another one, which issues to end entities.
    IssuingAuthority,
    /// A server's, for HTTPS, ThingWorx AlwaysOn, MQTT and other TLS.
    Https,
    /// A client's, for TLS.
    Client,
}

/// Everything of a kind that does not depend on who the subject is.
#[derive(Debug)]
pub struct Form {
    /// What people call it.
    pub name: &'static str,
    /// Whether it is a CA's, and how long the path below may be unless another length is asked for.
    pub constraints: Constraints,
    /// What an RSA key may be used for.
    pub usage_of_rsa: &'static [KeyUsage],
    /// What an EC or Ed25519 key may be used for: it signs and never encrypts (RFC 5480 section 3, RFC 8410 section 5).
    pub usage_of_others: &'static [KeyUsage],
    /// The purposes that it is limited to; none for no limit.
    pub purposes: &'static [Oid<'static>],
    /// Which alternative names it needs.
    pub names: Names,
    /// For how many days it is valid unless another span is asked for.
    pub days: u32,
    /// Which clause each field comes from: the field's name and the clause.
    pub clauses: &'static [(&'static str, &'static str)],
}

/// What basicConstraints say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constraints {
    /// cA is FALSE.
    EndEntity,
    /// cA is TRUE.
    Authority {
        /// How many CAs may follow below; `None` for any number.
        path_length: Option<u32>,
    },
}

/// Which alternative names a kind needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Names {
    /// As many as are given.
    Any,
    /// At least one host name or address.
    Host,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 4] = [Kind::Root, Kind::IssuingAuthority, Kind::Https, Kind::Client];

    /// What a certificate of this kind looks like.
    pub const fn form(self) -> &'static Form {
        match self {
            Kind::Root => &ROOT,
            Kind::IssuingAuthority => &ISSUING_AUTHORITY,
            Kind::Https => &HTTPS,
            Kind::Client => &CLIENT,
        }
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        self.form().name
    }
}

impl Form {
    /// The clause that a field comes from.
    pub fn clause(&self, field: &str) -> &'static str {
        self.clauses.iter().find(|(name, _)| *name == field).map_or("RFC 5280 section 4", |(_, clause)| clause)
    }
}

const AUTHORITY_USAGE: &[KeyUsage] = &[KeyUsage::DIGITAL_SIGNATURE, KeyUsage::KEY_CERT_SIGN, KeyUsage::CRL_SIGN];

const AUTHORITY_CLAUSES: &[(&str, &str)] = &[
    ("subject", "RFC 5280 section 4.1.2.6"),
    ("basicConstraints", "RFC 5280 section 4.2.1.9"),
    ("keyUsage", "RFC 5280 section 4.2.1.3; OPC 10000-6 section 6.2.4"),
    ("subjectKeyIdentifier", "RFC 5280 section 4.2.1.2"),
    ("authorityKeyIdentifier", "RFC 5280 section 4.2.1.1; OPC 10000-6 section 6.2.4"),
];

static ROOT: Form = Form {
    name: "root CA",
    constraints: Constraints::Authority { path_length: None },
    usage_of_rsa: AUTHORITY_USAGE,
    usage_of_others: AUTHORITY_USAGE,
    purposes: &[],
    names: Names::Any,
    days: 3650,
    clauses: AUTHORITY_CLAUSES,
};

static ISSUING_AUTHORITY: Form = Form {
    name: "issuing CA",
    constraints: Constraints::Authority { path_length: Some(0) },
    usage_of_rsa: AUTHORITY_USAGE,
    usage_of_others: AUTHORITY_USAGE,
    purposes: &[],
    names: Names::Any,
    days: 1825,
    clauses: AUTHORITY_CLAUSES,
};

static HTTPS: Form = Form {
    name: "https",
    constraints: Constraints::EndEntity,
    // Key transport of TLS 1.2 (RFC 5246 section 7.4.2) needs keyEncipherment; older Java asks for it.
    usage_of_rsa: &[KeyUsage::DIGITAL_SIGNATURE, KeyUsage::KEY_ENCIPHERMENT],
    usage_of_others: &[KeyUsage::DIGITAL_SIGNATURE],
    purposes: &[oid::SERVER_AUTH],
    names: Names::Host,
    days: 397,
    clauses: &[
        ("basicConstraints", "RFC 5280 section 4.2.1.9"),
        ("keyUsage", "RFC 5280 section 4.2.1.3; RFC 8446 section 4.4.2.2"),
        ("extKeyUsage", "RFC 5280 section 4.2.1.12"),
        ("subjectAltName", "RFC 9525 section 3"),
        ("subjectKeyIdentifier", "RFC 5280 section 4.2.1.2"),
        ("authorityKeyIdentifier", "RFC 5280 section 4.2.1.1"),
    ],
};

static CLIENT: Form = Form {
    name: "client",
    constraints: Constraints::EndEntity,
    usage_of_rsa: &[KeyUsage::DIGITAL_SIGNATURE],
    usage_of_others: &[KeyUsage::DIGITAL_SIGNATURE],
    purposes: &[oid::CLIENT_AUTH],
    names: Names::Any,
    days: 730,
    clauses: &[
        ("subject", "RFC 5280 section 4.1.2.6"),
        ("basicConstraints", "RFC 5280 section 4.2.1.9"),
        ("keyUsage", "RFC 5280 section 4.2.1.3; RFC 8446 section 4.4.2.2"),
        ("extKeyUsage", "RFC 5280 section 4.2.1.12"),
        ("subjectKeyIdentifier", "RFC 5280 section 4.2.1.2"),
        ("authorityKeyIdentifier", "RFC 5280 section 4.2.1.1"),
    ],
};
