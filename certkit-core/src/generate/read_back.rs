//! Reads back what was made with a reader that is not certkit's own (x509-parser), and compares it with what was asked.
//!
//! A writer and a reader of one house share their mistakes. Here neither the writer nor
//! certkit's reader has a say: what another reader understands of the bytes is held, field
//! by field, against the template or the list of revocations that they were made from.

use std::fmt::Display;
use std::net::IpAddr;

use x509_parser::asn1_rs::{Any, FromDer as _, Oid as Other};
use x509_parser::certification_request::X509CertificationRequest;
use x509_parser::cri_attributes::ParsedCriAttribute;
use x509_parser::extensions::{
    BasicConstraints, DistributionPointName, GeneralName, KeyUsage as Bits, ParsedExtension, X509Extension,
};
use x509_parser::x509::{AlgorithmIdentifier, X509Name};

use super::issue::OF_SUBJECT;
use super::template::KeptExtension;
use super::{AlternativeName, Constraints, Error, SigningAlgorithm, Template, Validity};
use crate::cert::Name;
use crate::cert::extension::KeyUsage;
use crate::crypto::signature::SignatureAlgorithm;
use crate::oid::{self, Oid};
use crate::text::{Hex, Printable};

mod list;

pub(super) use list::{WantedList, revocation_list};

/// What a certificate or a request shall say of its subject.
pub(super) struct Wanted<'a> {
    pub(super) template: &'a Template,
    /// The SubjectPublicKeyInfo.
    pub(super) spki: &'a [u8],
    /// What the key may be used for.
    pub(super) usage: Option<KeyUsage>,
    pub(super) algorithm: SigningAlgorithm,
}

/// What a certificate shall say besides.
pub(super) struct WantedByIssuer<'a> {
    /// The serial number, big endian.
    pub(super) serial: &'a [u8],
    /// The issuer's encoded name.
    pub(super) issuer: &'a [u8],
    pub(super) validity: Validity,
    pub(super) subject_key_id: &'a [u8],
    pub(super) authority_key_id: &'a [u8],
}

/// Reads a certificate, and fails where it does not say what was asked.
pub(super) fn certificate(der: &[u8], wanted: &Wanted<'_>, by_issuer: &WantedByIssuer<'_>) -> Result<(), Error> {
    let read = x509_parser::parse_x509_certificate(der).map_err(|error| unread("certificate", &error))?;
    let ([], found) = read else { return Err(trailing("certificate")) };
    let mut fields = Comparison::of("certificate");
    fields.number("version", 2, found.version.0);
    fields.octets("serial number", by_issuer.serial, found.raw_serial());
    fields.algorithm("inner signature algorithm", wanted.algorithm, &found.signature);
    fields.algorithm("signature algorithm", wanted.algorithm, &found.signature_algorithm);
    fields.name("issuer", by_issuer.issuer, &found.issuer);
    fields.number("notBefore", by_issuer.validity.not_before.unix(), found.validity.not_before.timestamp());
    fields.number("notAfter", by_issuer.validity.not_after.unix(), found.validity.not_after.timestamp());
    fields.name("subject", wanted.template.subject.der(), &found.subject);
    fields.octets("public key", wanted.spki, found.subject_pki.raw);
    let no_identifiers = found.issuer_uid.is_none() && found.subject_uid.is_none();
    fields.field("unique identifiers", "none", if no_identifiers { "none" } else { "some" });
    let mut extensions = wanted.extensions();
    extensions.extend(by_issuer.extensions(wanted.template));
    fields.extensions(&extensions, found.extensions());
    fields.outcome()
}

/// Reads a request, and fails where it does not say what was asked.
pub(super) fn request(der: &[u8], wanted: &Wanted<'_>) -> Result<(), Error> {
    let read = X509CertificationRequest::from_der(der).map_err(|error| unread("request", &error))?;
    let ([], found) = read else { return Err(trailing("request")) };
    let asked = &found.certification_request_info;
    let mut fields = Comparison::of("request");
    fields.number("version", 0, asked.version.0);
    fields.algorithm("signature algorithm", wanted.algorithm, &found.signature_algorithm);
    fields.name("subject", wanted.template.subject.der(), &asked.subject);
    fields.octets("public key", wanted.spki, asked.subject_pki.raw);
    fields.number("number of attributes", 1, asked.attributes().len());
    let extensions = asked.iter_attributes().find_map(|attribute| match attribute.parsed_attribute() {
        ParsedCriAttribute::ExtensionRequest(request) => Some(request.extensions.as_slice()),
        _ => None,
    });
    fields.extensions(&wanted.extensions(), extensions.unwrap_or_default());
    fields.outcome()
}

/// An extension as text: its identifier, whether it is critical, and what it means.
struct Meaning {
    oid: Oid<'static>,
    is_critical: bool,
    says: String,
    /// Whether the octets are those of an old certificate, whatever they mean.
    is_kept: bool,
}

impl Meaning {
    fn new(oid: Oid<'static>, is_critical: bool, says: impl Into<String>) -> Meaning {
        Meaning { oid, is_critical, says: says.into(), is_kept: false }
    }

    fn of_kept(old: &KeptExtension) -> Meaning {
        Meaning { oid: old.oid, is_critical: old.critical, says: Hex(&old.value).to_string(), is_kept: true }
    }
}

impl Wanted<'_> {
    fn extensions(&self) -> Vec<Meaning> {
        let template = self.template;
        let constraints = match template.constraints {
            Constraints::EndEntity => says_constraints(false, None),
            Constraints::Authority { path_length } => says_constraints(true, path_length),
        };
        let mut list = vec![Meaning::new(oid::BASIC_CONSTRAINTS, true, constraints)];
        if let Some(usage) = self.usage {
            list.push(Meaning::new(oid::KEY_USAGE, true, usage.names().collect::<Vec<_>>().join(", ")));
        }
        if let Some(old) = template.kept_extension(oid::EXTENDED_KEY_USAGE) {
            list.push(Meaning::of_kept(old));
        } else if !template.purposes.is_empty() {
            list.push(Meaning::new(oid::EXTENDED_KEY_USAGE, false, joined(&template.purposes)));
        }
        if let Some(old) = template.kept_extension(oid::SUBJECT_ALT_NAME) {
            list.push(Meaning::of_kept(old));
        } else if !template.alternative_names.is_empty() {
            let names = joined(&template.ordered_names());
            list.push(Meaning::new(oid::SUBJECT_ALT_NAME, template.subject.is_empty(), names));
        }
        list
    }
}

impl WantedByIssuer<'_> {
    fn extensions(&self, template: &Template) -> Vec<Meaning> {
        let mut list = vec![
            Meaning::new(oid::SUBJECT_KEY_IDENTIFIER, false, Hex(self.subject_key_id).to_string()),
            Meaning::new(oid::AUTHORITY_KEY_IDENTIFIER, false, says_authority(Some(self.authority_key_id), false)),
        ];
        if !template.crl_uris.is_empty() {
            let points: Vec<String> = template.crl_uris.iter().map(|uri| format!("URI:{uri}")).collect();
            list.push(Meaning::new(oid::CRL_DISTRIBUTION_POINTS, false, points.join("; ")));
        }
        let ocsp = template.ocsp_uris.iter().map(|uri| says_access(oid::AD_OCSP, &format!("URI:{uri}")));
        let issuers = template.issuer_uris.iter().map(|uri| says_access(oid::AD_CA_ISSUERS, &format!("URI:{uri}")));
        let access: Vec<String> = ocsp.chain(issuers).collect();
        if !access.is_empty() {
            list.push(Meaning::new(oid::AUTHORITY_INFO_ACCESS, false, access.join("; ")));
        }
        let of_issuer = |it: &&KeptExtension| !OF_SUBJECT.contains(&it.oid);
        list.extend(template.kept.extensions.iter().filter(of_issuer).map(Meaning::of_kept));
        list
    }
}

/// What the other reader understands of an extension.
fn understood(extension: &X509Extension<'_>) -> String {
    match extension.parsed_extension() {
        ParsedExtension::BasicConstraints(BasicConstraints { ca, path_len_constraint }) => {
            says_constraints(*ca, *path_len_constraint)
        }
        ParsedExtension::KeyUsage(bits) => usage(*bits).join(", "),
        // The other reader sorts the purposes into flags; their order and number are in the list itself.
        ParsedExtension::ExtendedKeyUsage(_) => says_purposes(extension.value),
        ParsedExtension::SubjectAlternativeName(names) => says_names(&names.general_names),
        ParsedExtension::SubjectKeyIdentifier(identifier) => Hex(identifier.0).to_string(),
        ParsedExtension::AuthorityKeyIdentifier(authority) => {
            let has_more = authority.authority_cert_issuer.is_some() || authority.authority_cert_serial.is_some();
            says_authority(authority.key_identifier.as_ref().map(|it| it.0), has_more)
        }
        ParsedExtension::CRLDistributionPoints(points) => {
            let one = |point: &x509_parser::extensions::CRLDistributionPoint<'_>| match &point.distribution_point {
                Some(DistributionPointName::FullName(names))
                    if point.reasons.is_none() && point.crl_issuer.is_none() =>
                {
                    says_names(names)
                }
                _ => "a point of another form".to_owned(),
            };
            points.iter().map(one).collect::<Vec<_>>().join("; ")
        }
        ParsedExtension::AuthorityInfoAccess(access) => access
            .iter()
            .map(|it| says_access(Oid(it.access_method.as_bytes()), &says_name(&it.access_location)))
            .collect::<Vec<_>>()
            .join("; "),
        ParsedExtension::CRLNumber(number) => number.to_string(),
        ParsedExtension::ParseError { error } => format!("what cannot be decoded ({error})"),
        _ => format!("what was not asked ({})", Hex(extension.value)),
    }
}

fn says_purposes(value: &[u8]) -> String {
    match <Vec<Other<'_>>>::from_der(value) {
        Ok(([], purposes)) => joined(&purposes.iter().map(|it| Oid(it.as_bytes())).collect::<Vec<_>>()),
        _ => "what is no list of purposes".to_owned(),
    }
}

fn says_constraints(ca: bool, path_length: Option<u32>) -> String {
    match path_length {
        Some(length) => format!("CA:{ca}, path length {length}"),
        None => format!("CA:{ca}"),
    }
}

fn says_authority(key: Option<&[u8]>, has_more: bool) -> String {
    let key = key.map_or_else(|| "no key identifier".to_owned(), |key| Hex(key).to_string());
    if has_more { format!("{key} with issuer or serial number") } else { key }
}

fn says_access(method: Oid<'_>, location: &str) -> String {
    format!("{method} at {location}")
}

fn says_names(names: &[GeneralName<'_>]) -> String {
    names.iter().map(says_name).collect::<Vec<_>>().join(", ")
}

fn says_name(name: &GeneralName<'_>) -> String {
    match name {
        GeneralName::DNSName(name) => AlternativeName::Dns((*name).to_owned()).to_string(),
        GeneralName::URI(name) => AlternativeName::Uri((*name).to_owned()).to_string(),
        GeneralName::RFC822Name(name) => AlternativeName::Email((*name).to_owned()).to_string(),
        GeneralName::IPAddress(octets) => {
            let four = <[u8; 4]>::try_from(*octets).map(IpAddr::from);
            let address = four.or_else(|_| <[u8; 16]>::try_from(*octets).map(IpAddr::from));
            address.map_or_else(|_| name.to_string(), |address| AlternativeName::Ip(address).to_string())
        }
        other => other.to_string(),
    }
}

fn usage(bits: Bits) -> Vec<&'static str> {
    [
        (bits.digital_signature(), "digitalSignature"),
        (bits.non_repudiation(), "nonRepudiation"),
        (bits.key_encipherment(), "keyEncipherment"),
        (bits.data_encipherment(), "dataEncipherment"),
        (bits.key_agreement(), "keyAgreement"),
        (bits.key_cert_sign(), "keyCertSign"),
        (bits.crl_sign(), "cRLSign"),
        (bits.encipher_only(), "encipherOnly"),
        (bits.decipher_only(), "decipherOnly"),
    ]
    .into_iter()
    .filter_map(|(is_set, name)| is_set.then_some(name))
    .collect()
}

fn joined(items: &[impl Display]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn unread(document: &'static str, problem: &dyn Display) -> Error {
    Error::Unreadable { document, problem: Printable(problem.to_string()).to_string() }
}

fn trailing(document: &'static str) -> Error {
    unread(document, &"something follows its end")
}

/// Two readings of one document; keeps the first field in which they differ.
struct Comparison {
    document: &'static str,
    difference: Option<Error>,
}

impl Comparison {
    fn of(document: &'static str) -> Comparison {
        Comparison { document, difference: None }
    }

    fn outcome(self) -> Result<(), Error> {
        self.difference.map_or(Ok(()), Err)
    }

    fn field(&mut self, field: impl Into<String>, wanted: &str, found: &str) {
        if wanted != found && self.difference.is_none() {
            self.difference = Some(Error::NotAsAsked {
                document: self.document,
                field: field.into(),
                wanted: Printable(wanted).to_string(),
                found: Printable(found).to_string(),
            });
        }
    }

    fn number<W: Display, F: Display>(&mut self, field: &'static str, wanted: W, found: F) {
        self.field(field, &wanted.to_string(), &found.to_string());
    }

    fn octets(&mut self, field: &'static str, wanted: &[u8], found: &[u8]) {
        if wanted != found {
            self.field(field, &Hex(wanted).to_string(), &Hex(found).to_string());
        }
    }

    /// Parameters are NULL with RSA, and missing with all others (RFC 4055 section 5, RFC 5758 section 3.2, RFC 8410 section 3).
    fn algorithm(&mut self, field: &'static str, wanted: SigningAlgorithm, found: &AlgorithmIdentifier<'_>) {
        let parameters = match wanted.as_verified() {
            SignatureAlgorithm::RsaPkcs1(_) => "NULL",
            _ => "none",
        };
        let found_parameters = match &found.parameters {
            None => "none",
            Some(any) if any.as_null().is_ok() => "NULL",
            Some(_) => "others",
        };
        let found = Oid(found.algorithm.as_bytes());
        self.field(
            field,
            &format!("{} with parameters: {parameters}", wanted.oid()),
            &format!("{found} with parameters: {found_parameters}"),
        );
    }

    /// The attributes as both readers understand them, then the bytes: an issuer's name has to stay as it is.
    fn name(&mut self, field: &'static str, wanted: &[u8], found: &X509Name<'_>) {
        let attribute = |rdn: usize, oid: Oid<'_>, tag: u32, value: &[u8]| {
            format!("{rdn}:{oid}={tag}:{}", String::from_utf8_lossy(value))
        };
        let own = Name::from_part(wanted, 0);
        let ours = own.attributes().map(|it| match it {
            Ok(it) => attribute(it.rdn, it.oid, u32::from(it.value.tag.0), it.value.value),
            Err(error) => error.to_string(),
        });
        let theirs = found.iter_rdn().enumerate().flat_map(|(rdn, set)| {
            set.iter().map(move |it| {
                let value: &Any<'_> = it.attr_value();
                attribute(rdn, Oid(it.attr_type().as_bytes()), value.tag().0, value.data)
            })
        });
        self.field(field, &ours.collect::<Vec<_>>().join(", "), &theirs.collect::<Vec<_>>().join(", "));
        self.octets(field, wanted, found.as_raw());
    }

    fn extensions(&mut self, wanted: &[Meaning], found: &[X509Extension<'_>]) {
        let identifiers = |list: Vec<Oid<'_>>| list.into_iter().map(Oid::called).collect::<Vec<_>>().join(", ");
        self.field(
            "list of extensions",
            &identifiers(wanted.iter().map(|it| it.oid).collect()),
            &identifiers(found.iter().map(|it| Oid(it.oid.as_bytes())).collect()),
        );
        let text =
            |is_critical: bool, says: &str| if is_critical { format!("critical, {says}") } else { says.to_owned() };
        for (wanted, found) in wanted.iter().zip(found) {
            let says = if wanted.is_kept { Hex(found.value).to_string() } else { understood(found) };
            let said = text(found.critical, &says);
            self.field(wanted.oid.called(), &text(wanted.is_critical, &wanted.says), &said);
        }
    }
}
