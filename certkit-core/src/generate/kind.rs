//! The kinds of certificates, as data.

use super::AlternativeName;
use crate::cert::extension::{ExtendedKeyUsage, Extensions, KeyUsage, SubjectAltName};
use crate::cert::{Certificate, GeneralName, Request, may_be_application_uri};
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
    /// An OPC UA application's: server, client or both.
    OpcUa,
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
    /// What the key may be used for besides, where the certificate is self-signed.
    pub usage_of_self_signed: &'static [KeyUsage],
    /// The purposes that it is limited to; none for no limit.
    pub purposes: &'static [Oid<'static>],
    /// Which attributes its subject needs.
    pub attributes: &'static [Oid<'static>],
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
    /// None; those that are given are kept.
    Unneeded,
    /// As many as are given, of every kind.
    Any,
    /// At least one host name or address.
    Host,
    /// One URI, the ApplicationUri, which stands first; a server's also has a host name or address.
    Application,
}

impl Names {
    /// Says whether a name is taken over from somebody's request.
    pub fn allows(self, name: &AlternativeName) -> bool {
        match self {
            Names::Unneeded => false,
            Names::Any => true,
            Names::Host => name.is_host(),
            Names::Application => name.is_host() || name.is_uri(),
        }
    }
}

impl Kind {
    /// Every kind.
    pub const ALL: [Kind; 5] = [Kind::Root, Kind::IssuingAuthority, Kind::Https, Kind::Client, Kind::OpcUa];

    /// What a certificate of this kind looks like.
    pub const fn form(self) -> &'static Form {
        match self {
            Kind::Root => &ROOT,
            Kind::IssuingAuthority => &ISSUING_AUTHORITY,
            Kind::Https => &HTTPS,
            Kind::Client => &CLIENT,
            Kind::OpcUa => &OPC_UA,
        }
    }

    /// What people call it.
    pub const fn name(self) -> &'static str {
        self.form().name
    }

    /// Says whether it is a CA's.
    pub const fn is_authority(self) -> bool {
        matches!(self.form().constraints, Constraints::Authority { .. })
    }

    /// Guesses the kind of a certificate from what it says.
    ///
    /// Self-signed applications of OPC UA have the CA flag by an old habit, but never cRLSign (CAs have both).
    pub fn of_certificate(certificate: &Certificate) -> Kind {
        let usage = certificate.extension::<KeyUsage>().ok().flatten();
        if !certificate.is_ca() || usage.is_some_and(|usage| !usage.contains(KeyUsage::CRL_SIGN)) {
            return Kind::of_end_entity(&certificate.extensions());
        }
        if certificate.is_self_issued() { Kind::Root } else { Kind::IssuingAuthority }
    }

    /// Guesses the kind of end entity that a request is about. A CA is never guessed: its issuer has to say so.
    pub fn of_request(request: &Request) -> Kind {
        Kind::of_end_entity(&request.extensions())
    }

    /// A URI is an ApplicationUri, unless it is of another scheme, or stands beside a host name of a key that TLS has
    /// (OPC 10000-6 section 6.2.2 has it sign and encrypt, too); a purpose or a host makes a server, the rest are clients.
    fn of_end_entity(extensions: &Extensions<'_>) -> Kind {
        let names = extensions.decode::<SubjectAltName<'_>>().ok().flatten();
        let has = |is_wanted: fn(&GeneralName<'_>) -> bool| {
            names.iter().flat_map(SubjectAltName::names).any(|name| is_wanted(&name))
        };
        let usage = extensions.decode::<KeyUsage>().ok().flatten().unwrap_or(KeyUsage::NONE);
        let of_applications = KeyUsage::NON_REPUDIATION.union(KeyUsage::DATA_ENCIPHERMENT);
        let is_key_of_tls =
            usage.contains(KeyUsage::KEY_ENCIPHERMENT) && usage.intersection(of_applications).is_empty();
        let is_host_of_tls = is_key_of_tls && has(|name| matches!(name, GeneralName::Dns(_)));
        if has(may_be_application_uri) && !is_host_of_tls {
            return Kind::OpcUa;
        }
        let purposes = extensions.decode::<ExtendedKeyUsage<'_>>().ok().flatten();
        let is_server = match purposes {
            Some(purposes) => purposes.lists(oid::SERVER_AUTH) || !purposes.lists(oid::CLIENT_AUTH),
            None => has(|name| matches!(name, GeneralName::Dns(_) | GeneralName::Ip(_))),
        };
        if is_server { Kind::Https } else { Kind::Client }
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
    ("subject", "RFC 5280 section 4.1.2.6; OPC 10000-6 section 6.2.4"),
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
    usage_of_self_signed: &[],
    purposes: &[],
    attributes: &[oid::COMMON_NAME],
    names: Names::Unneeded,
    days: 3650,
    clauses: AUTHORITY_CLAUSES,
};

static ISSUING_AUTHORITY: Form = Form {
    name: "issuing CA",
    constraints: Constraints::Authority { path_length: Some(0) },
    usage_of_rsa: AUTHORITY_USAGE,
    usage_of_others: AUTHORITY_USAGE,
    usage_of_self_signed: &[],
    purposes: &[],
    attributes: &[oid::COMMON_NAME],
    names: Names::Unneeded,
    days: 1825,
    clauses: AUTHORITY_CLAUSES,
};

static HTTPS: Form = Form {
    name: "https",
    constraints: Constraints::EndEntity,
    // Key transport of TLS 1.2 (RFC 5246 section 7.4.2) needs keyEncipherment; older Java asks for it.
    usage_of_rsa: &[KeyUsage::DIGITAL_SIGNATURE, KeyUsage::KEY_ENCIPHERMENT],
    usage_of_others: &[KeyUsage::DIGITAL_SIGNATURE],
    usage_of_self_signed: &[],
    purposes: &[oid::SERVER_AUTH],
    attributes: &[],
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
    usage_of_self_signed: &[],
    purposes: &[oid::CLIENT_AUTH],
    attributes: &[],
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

static OPC_UA: Form = Form {
    name: "opcua",
    // Editions before 1.05 had cA TRUE on self-signed ones; the current table wants FALSE for all.
    constraints: Constraints::EndEntity,
    usage_of_rsa: &[
        KeyUsage::DIGITAL_SIGNATURE,
        KeyUsage::NON_REPUDIATION,
        KeyUsage::KEY_ENCIPHERMENT,
        KeyUsage::DATA_ENCIPHERMENT,
    ],
    usage_of_others: &[KeyUsage::DIGITAL_SIGNATURE],
    // Deviation: RFC 5280 section 4.2.1.9 wants cA TRUE beside keyCertSign; OPC UA wants the bit on a
    // self-signed certificate that is no CA's, and its stacks refuse a certificate without it.
    usage_of_self_signed: &[KeyUsage::KEY_CERT_SIGN],
    // An application that is but one of the two is served as well by both, and the samples of the
    // conformance test tool have both.
    purposes: &[oid::SERVER_AUTH, oid::CLIENT_AUTH],
    attributes: &[oid::COMMON_NAME, oid::ORGANIZATION],
    names: Names::Application,
    days: 1095,
    clauses: &[
        ("subject", "OPC 10000-6 section 6.2.2"),
        ("basicConstraints", "OPC 10000-6 section 6.2.2"),
        ("keyUsage", "OPC 10000-6 section 6.2.2"),
        ("extKeyUsage", "OPC 10000-6 section 6.2.2"),
        ("subjectAltName", "OPC 10000-6 section 6.2.2"),
        ("subjectKeyIdentifier", "RFC 5280 section 4.2.1.2"),
        ("authorityKeyIdentifier", "OPC 10000-6 section 6.2.2"),
    ],
};
