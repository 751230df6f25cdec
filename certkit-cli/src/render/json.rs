//! JSON documents. Their names are a promise: adding a key is fine, renaming one is a new schema.

use std::borrow::Cow;

use certkit_core::cert::extension::{
    AuthorityInfoAccess, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, CrlDistributionPoints,
    ExtendedKeyUsage, KeyUsage, SubjectAltName, SubjectKeyIdentifier,
};
use certkit_core::cert::{Certificate, GeneralName, MASKED, Name, Request, RevocationList, private_key_in};
use certkit_core::container::pem;
use certkit_core::crypto::key::PublicKey;
use certkit_core::moment::Moment;
use certkit_core::oid::{self, Oid};
use certkit_core::text::Hex;
use schemars::JsonSchema;
use serde::Serialize;

use super::meaning;

/// A distinguished name, attribute by attribute in the order of the certificate.
#[derive(Serialize, JsonSchema, Default)]
pub(crate) struct SubjectJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    common_name: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    organization: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    organizational_unit: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    country: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    province: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    locality: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    domain_component: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    email_address: Vec<String>,
}

impl SubjectJson {
    fn new(name: &Name<'_>) -> SubjectJson {
        let all = |oid: Oid<'static>| name.all(oid).map(Cow::into_owned).collect::<Vec<_>>();
        SubjectJson {
            common_name: name.first(oid::COMMON_NAME).map(Cow::into_owned),
            organization: all(oid::ORGANIZATION),
            organizational_unit: all(oid::ORGANIZATIONAL_UNIT),
            country: all(oid::COUNTRY),
            province: all(oid::STATE),
            locality: all(oid::LOCALITY),
            domain_component: all(oid::DOMAIN_COMPONENT),
            email_address: all(oid::EMAIL_ADDRESS),
        }
    }
}

/// A public key.
#[derive(Serialize, JsonSchema)]
pub(crate) struct PublicKeyJson {
    /// `RSA`, `EC`, `Ed25519`, …
    algorithm: String,
    /// Size in bits.
    #[serde(skip_serializing_if = "Option::is_none")]
    bits: Option<u32>,
    /// The curve's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    curve: Option<String>,
}

impl PublicKeyJson {
    /// Describes a public key.
    pub(crate) fn new(key: &PublicKey<'_>) -> PublicKeyJson {
        PublicKeyJson { algorithm: key.algorithm(), bits: key.size(), curve: key.curve() }
    }
}

/// basicConstraints.
#[derive(Serialize, JsonSchema)]
pub(crate) struct BasicConstraintsJson {
    is_ca: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pathlen: Option<u32>,
}

/// One extension.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ExtensionJson {
    oid: String,
    /// Its name, where certkit knows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'static str>,
    critical: bool,
    /// What it says, where it is decoded and no other key has it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    meaning: Vec<String>,
    /// The encoded value as lower-case hex.
    value_hex: String,
}

/// A certificate.
#[derive(Serialize, JsonSchema)]
pub(crate) struct CertificateJson {
    subject: SubjectJson,
    /// RFC 4514.
    subject_dn: String,
    issuer: SubjectJson,
    /// RFC 4514.
    issuer_dn: String,
    version: u8,
    /// Decimal.
    serial_number: String,
    serial_hex: String,
    /// RFC 3339 UTC; null where it cannot be decoded.
    not_before: Option<String>,
    /// RFC 3339 UTC; null where it cannot be decoded.
    not_after: Option<String>,
    /// Whole days until the end of the validity, negative after it.
    days_left: Option<i64>,
    dns_names: Vec<String>,
    ip_addresses: Vec<String>,
    uri_names: Vec<String>,
    email_addresses: Vec<String>,
    /// Alternative names of every other kind, each with its kind before it.
    other_names: Vec<String>,
    public_key: Option<PublicKeyJson>,
    signature_algorithm: String,
    key_usage: Vec<&'static str>,
    extended_key_usage: Vec<String>,
    basic_constraints: Option<BasicConstraintsJson>,
    is_ca: bool,
    is_self_signed: bool,
    subject_key_id: Option<String>,
    authority_key_id: Option<String>,
    policies: Vec<String>,
    crl_distribution_points: Vec<String>,
    ocsp_servers: Vec<String>,
    issuing_certificate_urls: Vec<String>,
    extensions: Vec<ExtensionJson>,
    fingerprint_sha1: String,
    fingerprint_sha256: String,
    pem: String,
    /// Where it was found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) origin: Option<String>,
    /// Its name in a store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) alias: Option<String>,
    /// True where its store says that it is trusted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) is_trusted: Option<bool>,
    /// `leaf`, `authority`, `aside` (on a path to another root) or `stray` (on none).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<&'static str>,
}

/// The name of an identifier, or its dotted decimals.
pub(crate) fn oid_name(oid: Oid<'_>) -> String {
    oid.name().map_or_else(|| oid.to_string(), str::to_owned)
}

fn names(certificate_names: Option<SubjectAltName<'_>>, pick: fn(&GeneralName<'_>) -> Option<String>) -> Vec<String> {
    certificate_names.iter().flat_map(SubjectAltName::names).filter_map(|name| pick(&name)).collect()
}

impl CertificateJson {
    /// Describes a certificate as seen at a moment.
    pub(crate) fn new(certificate: &Certificate, moment: Moment) -> CertificateJson {
        // What cannot be decoded is left empty here; the extensions carry its bytes.
        let alt = certificate.extension::<SubjectAltName<'_>>().ok().flatten();
        let constraints = certificate.extension::<BasicConstraints>().ok().flatten();
        let access = certificate.extension::<AuthorityInfoAccess<'_>>().ok().flatten();
        let points = certificate.extension::<CrlDistributionPoints<'_>>().ok().flatten();
        let usage = certificate.extension::<KeyUsage>().ok().flatten();
        let purposes = certificate.extension::<ExtendedKeyUsage<'_>>().ok().flatten();
        let policies = certificate.extension::<CertificatePolicies<'_>>().ok().flatten();
        let (not_before, not_after) = (certificate.not_before().ok(), certificate.not_after().ok());
        CertificateJson {
            subject: SubjectJson::new(&certificate.subject()),
            subject_dn: certificate.subject().to_string(),
            issuer: SubjectJson::new(&certificate.issuer()),
            issuer_dn: certificate.issuer().to_string(),
            version: certificate.version(),
            serial_number: certificate.serial().to_string(),
            serial_hex: certificate.serial().to_hex(),
            not_before: not_before.map(|moment| moment.to_string()),
            not_after: not_after.map(|moment| moment.to_string()),
            days_left: not_after.map(|end| end.since(moment).div_euclid(certkit_core::moment::DAY)),
            dns_names: names(alt, |name| match name {
                GeneralName::Dns(text) => Some(text.to_string()),
                _ => None,
            }),
            ip_addresses: names(alt, |name| match name {
                GeneralName::Ip(_) => Some(name.to_string().trim_start_matches("IP:").to_owned()),
                _ => None,
            }),
            uri_names: names(alt, |name| match name {
                GeneralName::Uri(text) => Some(text.to_string()),
                _ => None,
            }),
            email_addresses: names(alt, |name| match name {
                GeneralName::Email(text) => Some(text.to_string()),
                _ => None,
            }),
            other_names: names(alt, |name| match name {
                GeneralName::Dns(_) | GeneralName::Ip(_) | GeneralName::Uri(_) | GeneralName::Email(_) => None,
                other => Some(other.to_string()),
            }),
            public_key: certificate.public_key().ok().map(|key| PublicKeyJson::new(&key)),
            signature_algorithm: certificate
                .signature_algorithm()
                .map_or_else(|_| "undecodable".to_owned(), |algorithm| algorithm.to_string()),
            key_usage: usage.into_iter().flat_map(KeyUsage::names).collect(),
            extended_key_usage: purposes.iter().flat_map(ExtendedKeyUsage::purposes).map(oid_name).collect(),
            basic_constraints: constraints.map(|it| BasicConstraintsJson { is_ca: it.ca, pathlen: it.path_length }),
            is_ca: certificate.is_ca(),
            is_self_signed: certificate.is_self_signed(),
            subject_key_id: certificate
                .extension::<SubjectKeyIdentifier<'_>>()
                .ok()
                .flatten()
                .map(|id| Hex(id.0).to_string()),
            authority_key_id: certificate
                .extension::<AuthorityKeyIdentifier<'_>>()
                .ok()
                .flatten()
                .and_then(|id| id.key_id)
                .map(|id| Hex(id).to_string()),
            policies: policies.iter().flat_map(CertificatePolicies::iter).map(|it| it.policy.to_string()).collect(),
            crl_distribution_points: points
                .iter()
                .flat_map(CrlDistributionPoints::uris)
                .map(|uri| uri.to_string())
                .collect(),
            ocsp_servers: access.iter().flat_map(AuthorityInfoAccess::ocsp).map(|uri| uri.to_string()).collect(),
            issuing_certificate_urls: access
                .iter()
                .flat_map(AuthorityInfoAccess::ca_issuers)
                .map(|uri| uri.to_string())
                .collect(),
            extensions: certificate
                .extensions()
                .iter()
                .map(|extension| {
                    let is_masked = private_key_in(extension.value).is_some();
                    ExtensionJson {
                        oid: extension.oid.to_string(),
                        name: extension.oid.name(),
                        critical: extension.critical,
                        meaning: if is_masked { Vec::new() } else { meaning::lines(&extension) },
                        value_hex: if is_masked { MASKED.to_owned() } else { Hex(extension.value).to_string() },
                    }
                })
                .collect(),
            fingerprint_sha1: Hex(certificate.fingerprint_sha1()).to_string(),
            fingerprint_sha256: Hex(certificate.fingerprint_sha256()).to_string(),
            pem: masked_pem("CERTIFICATE", certificate.der()),
            origin: None,
            alias: None,
            is_trusted: None,
            role: None,
        }
    }
}

/// The PEM block of what is public, unless a private key stands in it.
pub(crate) fn masked_pem(label: &str, der: &[u8]) -> String {
    if private_key_in(der).is_some() { format!("{MASKED}\n") } else { pem::encode(label, der) }
}

/// A certification request.
#[derive(Serialize, JsonSchema)]
pub(crate) struct RequestJson {
    subject: SubjectJson,
    /// RFC 4514.
    subject_dn: String,
    public_key: Option<PublicKeyJson>,
    signature_algorithm: String,
    /// Whether the holder of the key made the request; null where certkit cannot tell.
    signature_valid: Option<bool>,
    dns_names: Vec<String>,
    ip_addresses: Vec<String>,
    uri_names: Vec<String>,
    pem: String,
}

impl RequestJson {
    /// Describes a request.
    pub(crate) fn new(request: &Request) -> RequestJson {
        let alt = request.extension::<SubjectAltName<'_>>().ok().flatten();
        RequestJson {
            subject: SubjectJson::new(&request.subject()),
            subject_dn: request.subject().to_string(),
            public_key: request.public_key().ok().map(|key| PublicKeyJson::new(&key)),
            signature_algorithm: request
                .signature_algorithm()
                .map_or_else(|_| "undecodable".to_owned(), |algorithm| algorithm.to_string()),
            signature_valid: match request.verify_signature() {
                Ok(()) => Some(true),
                Err(certkit_core::crypto::signature::Failure::Unsupported(_)) => None,
                Err(_) => Some(false),
            },
            dns_names: names(alt, |name| match name {
                GeneralName::Dns(text) => Some(text.to_string()),
                _ => None,
            }),
            ip_addresses: names(alt, |name| match name {
                GeneralName::Ip(_) => Some(name.to_string().trim_start_matches("IP:").to_owned()),
                _ => None,
            }),
            uri_names: names(alt, |name| match name {
                GeneralName::Uri(text) => Some(text.to_string()),
                _ => None,
            }),
            pem: masked_pem("CERTIFICATE REQUEST", request.der()),
        }
    }
}

/// A revocation list.
#[derive(Serialize, JsonSchema)]
pub(crate) struct RevocationListJson {
    issuer: SubjectJson,
    /// RFC 4514.
    issuer_dn: String,
    /// cRLNumber, decimal.
    number: Option<String>,
    this_update: Option<String>,
    next_update: Option<String>,
    signature_algorithm: String,
    /// How many certificates it revokes.
    revoked: usize,
}

impl RevocationListJson {
    /// Describes a list.
    pub(crate) fn new(list: &RevocationList) -> RevocationListJson {
        RevocationListJson {
            issuer: SubjectJson::new(&list.issuer()),
            issuer_dn: list.issuer().to_string(),
            number: list.number().map(|number| number.to_string()),
            this_update: list.this_update().ok().map(|moment| moment.to_string()),
            next_update: list.next_update().ok().flatten().map(|moment| moment.to_string()),
            signature_algorithm: list
                .signature_algorithm()
                .map_or_else(|_| "undecodable".to_owned(), |algorithm| algorithm.to_string()),
            revoked: list.entries().filter(Result::is_ok).count(),
        }
    }
}
