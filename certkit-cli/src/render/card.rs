//! The card: one certificate, request, list or key at a glance, or with all that it says.

use std::fmt::Write;

use certkit_core::cert::extension::{
    AuthorityInfoAccess, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, CrlDistributionPoints,
    ExtendedKeyUsage, Extensions, KeyUsage, NameConstraints, SubjectAltName, SubjectKeyIdentifier,
};
use certkit_core::cert::{
    Certificate, GeneralName, GeneralNames, MASKED, Malformed, Name, Request, RevocationList, private_key_in,
};
use certkit_core::container::KeyFacts;
use certkit_core::crypto::signature::{self, Failure};
use certkit_core::moment::{self, DAY, Moment};
use certkit_core::oid;
use certkit_core::text::{Hex, Printable, plural};

use super::json::oid_name;
use super::meaning;
use crate::terminal::style::{self, paint};

/// How much a card shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Detail {
    /// What one asks first.
    Glance,
    /// Everything.
    Full,
}

const LABEL: usize = 13;

/// Lines of a label and a value; empty values are left out.
#[derive(Default)]
pub(crate) struct Card(String);

impl Card {
    /// Adds a line; further lines of the value stand under its first.
    pub(crate) fn line(&mut self, label: &str, value: impl std::fmt::Display) {
        let value = value.to_string();
        if value.is_empty() {
            return;
        }
        for (at, part) in value.lines().enumerate() {
            let label = if at == 0 { label } else { "" };
            // Writing to a string cannot fail.
            let _ = writeln!(self.0, "  {}{part}", paint(style::DIM, format_args!("{label:LABEL$}")));
        }
    }

    /// Adds a line for a part that can be malformed.
    fn part<T>(&mut self, label: &str, part: Result<Option<T>, Malformed>, show: impl FnOnce(T) -> String) {
        match part {
            Ok(Some(value)) => self.line(label, show(value)),
            Ok(None) => {}
            Err(error) => self.line(label, paint(style::BAD, Printable(error.to_string()))),
        }
    }

    /// The finished lines.
    pub(crate) fn finish(self) -> String {
        self.0
    }
}

pub(super) fn name(name: &Name<'_>) -> String {
    if name.is_empty() { "(empty)".to_owned() } else { Printable(format!("{name:#}")).to_string() }
}

/// Says whether certkit cannot verify the signature with the certificate's own key.
fn is_signature_unchecked(certificate: &Certificate) -> bool {
    let checked = certificate.public_key().map(|key| certificate.verify_signature(&key));
    !matches!(checked, Ok(Ok(()) | Err(Failure::Mismatch | Failure::KeyKind)))
}

/// Shows a certificate as seen at a moment.
pub(crate) fn certificate(certificate: &Certificate, moment: Moment, detail: Detail) -> String {
    let mut card = Card::default();
    card.line("Subject", name(&certificate.subject()));
    let issuer = match (certificate.is_self_issued(), certificate.is_self_signed()) {
        (true, true) => "self-signed".to_owned(),
        (true, false) if is_signature_unchecked(certificate) => {
            format!("{} (self-issued, signature not checked)", name(&certificate.issuer()))
        }
        (true, false) => format!("{} (self-issued, but not signed by its own key)", name(&certificate.issuer())),
        (false, _) => name(&certificate.issuer()),
    };
    card.line("Issuer", issuer);
    let odd_serial = match certificate.serial() {
        serial if serial.is_zero() => " (zero)",
        serial if serial.is_negative() => " (negative)",
        _ => "",
    };
    card.line("Serial", format!("{}{odd_serial}", certificate.serial().to_hex()));
    if detail == Detail::Full {
        card.line("", format!("{} (decimal)", certificate.serial()));
    }
    card.line("Valid", validity(certificate, moment));
    names(&mut card, certificate.extension::<SubjectAltName<'_>>());
    card.line(
        "Key",
        match certificate.public_key() {
            Ok(key) => key.to_string(),
            Err(error) => paint(style::BAD, Printable(error.to_string())),
        },
    );
    card.line(
        "Signature",
        match certificate.signature_algorithm() {
            Ok(algorithm) => signature_line(&algorithm),
            Err(error) => paint(style::BAD, Printable(error.to_string())),
        },
    );
    card.part("Usage", certificate.extension::<KeyUsage>(), |usage| usage.names().collect::<Vec<_>>().join(", "));
    card.part("Purpose", certificate.extension::<ExtendedKeyUsage<'_>>(), |purposes| {
        purposes.purposes().map(oid_name).collect::<Vec<_>>().join(", ")
    });
    card.part("CA", certificate.extension::<BasicConstraints>(), constraints);
    let is_full = detail == Detail::Full;
    if is_full || certificate.version() != 3 {
        card.line("Version", certificate.version());
    }
    card.part("Subject key", certificate.extension::<SubjectKeyIdentifier<'_>>(), |id| Hex(id.0).to_string());
    card.part("Issuer key", certificate.extension::<AuthorityKeyIdentifier<'_>>(), authority_key);
    card.part("Policies", certificate.extension::<CertificatePolicies<'_>>(), |policies| policies_line(&policies));
    card.part("Names below", certificate.extension::<NameConstraints<'_>>(), |it| name_constraints(&it));
    card.part("CRL", certificate.extension::<CrlDistributionPoints<'_>>(), |points| lines(points.uris()));
    if let Ok(Some(access)) = certificate.extension::<AuthorityInfoAccess<'_>>() {
        card.line("Issuer cert.", lines(access.ca_issuers()));
        card.line("OCSP", lines(access.ocsp()));
    }
    extensions(&mut card, &certificate.extensions(), detail);
    card.line("SHA-1", Hex(certificate.fingerprint_sha1()));
    card.line("SHA-256", Hex(certificate.fingerprint_sha256()));
    if is_full {
        if let Ok(key) = certificate.public_key() {
            card.line("Key bits", wrapped(key.bits));
        }
        card.line("Signed bits", wrapped(certificate.signature()));
    }
    if certificate.trailing() > 0 {
        let count = certificate.trailing();
        card.line("Note", format!("{count} {} after its end", plural(count, "byte follows", "bytes follow")));
    }
    card.finish()
}

/// The validity with what is left of it.
pub(crate) fn validity(certificate: &Certificate, moment: Moment) -> String {
    match (certificate.not_before(), certificate.not_after()) {
        (Ok(start), Ok(end)) => {
            let left = if end < moment {
                paint(style::BAD, format_args!("expired {}", moment::distance(end, moment)))
            } else if start > moment {
                paint(style::BAD, format_args!("begins {}", moment::distance(start, moment)))
            } else if end.since(moment) < 30 * DAY {
                paint(style::CARE, format_args!("expires {}", moment::distance(end, moment)))
            } else {
                paint(style::GOOD, format_args!("expires {}", moment::distance(end, moment)))
            };
            format!("{} .. {} UTC  {left}", start.to_minute(), end.to_minute())
        }
        (start, end) => {
            let show = |part: Result<Moment, Malformed>| match part {
                Ok(moment) => moment.to_minute(),
                Err(error) => paint(style::BAD, Printable(error.to_string())),
            };
            format!("{} .. {}", show(start), show(end))
        }
    }
}

fn names(card: &mut Card, alt: Result<Option<SubjectAltName<'_>>, Malformed>) {
    let alt = match alt {
        Ok(Some(alt)) => alt,
        Ok(None) => return,
        Err(error) => return card.line("Names", paint(style::BAD, Printable(error.to_string()))),
    };
    for kind in ["DNS", "IP", "URI", "email", ""] {
        let of_kind = alt.names().filter_map(|name| {
            let text = name.to_string();
            let plain = match name {
                GeneralName::Dns(_) | GeneralName::Ip(_) | GeneralName::Uri(_) | GeneralName::Email(_) => {
                    text.split_once(':').map(|(found, rest)| (found.to_owned(), rest.to_owned()))
                }
                _ => None,
            };
            match plain {
                Some((found, rest)) if found == kind => Some(rest),
                None if kind.is_empty() => Some(text),
                _ => None,
            }
        });
        let label = if kind.is_empty() { "Other names" } else { kind };
        card.line(label, of_kind.map(|it| Printable(it).to_string()).collect::<Vec<_>>().join("\n"));
    }
}

pub(super) fn signature_line(algorithm: &signature::SignatureAlgorithm<'_>) -> String {
    match algorithm.digest() {
        Some(digest) if !digest.is_collision_resistant() => paint(style::BAD, algorithm),
        _ => algorithm.to_string(),
    }
}

fn constraints(constraints: BasicConstraints) -> String {
    match (constraints.ca, constraints.path_length) {
        (true, Some(0)) => "yes, for end entities only (path length 0)".to_owned(),
        (true, Some(length)) => format!("yes, path length {length}"),
        (true, None) => "yes".to_owned(),
        (false, _) => "no".to_owned(),
    }
}

fn authority_key(id: AuthorityKeyIdentifier<'_>) -> String {
    let mut parts = Vec::new();
    parts.extend(id.key_id.map(|id| Hex(id).to_string()));
    parts.extend(id.issuer.iter().flat_map(GeneralNames::iter).map(|name| Printable(name.to_string()).to_string()));
    parts.extend(id.serial.map(|serial| format!("serial {}", serial.to_hex())));
    parts.join(", ")
}

fn policies_line(policies: &CertificatePolicies<'_>) -> String {
    let one = |it: certkit_core::cert::extension::PolicyInformation<'_>| {
        let name = it.policy.name().map(|name| format!(" ({name})")).unwrap_or_default();
        format!("{}{name}", it.policy)
    };
    policies.iter().map(one).collect::<Vec<_>>().join(", ")
}

fn name_constraints(constraints: &NameConstraints<'_>) -> String {
    let permitted = constraints.permitted().map(|tree| format!("only {}", Printable(tree.base.to_string())));
    let excluded = constraints.excluded().map(|tree| format!("never {}", Printable(tree.base.to_string())));
    permitted.chain(excluded).collect::<Vec<_>>().join("\n")
}

fn lines(texts: impl Iterator<Item = impl std::fmt::Display>) -> String {
    texts.map(|text| Printable(text.to_string()).to_string()).collect::<Vec<_>>().join("\n")
}

fn wrapped(bytes: &[u8]) -> String {
    bytes.chunks(32).map(|row| Hex(row).to_string()).collect::<Vec<_>>().join("\n")
}

/// Extensions that have a line of their own on the card.
const SHOWN: [oid::Oid<'static>; 10] = [
    oid::SUBJECT_ALT_NAME,
    oid::KEY_USAGE,
    oid::EXTENDED_KEY_USAGE,
    oid::BASIC_CONSTRAINTS,
    oid::SUBJECT_KEY_IDENTIFIER,
    oid::AUTHORITY_KEY_IDENTIFIER,
    oid::CERTIFICATE_POLICIES,
    oid::NAME_CONSTRAINTS,
    oid::CRL_DISTRIBUTION_POINTS,
    oid::AUTHORITY_INFO_ACCESS,
];

pub(super) fn extensions(card: &mut Card, extensions: &Extensions<'_>, detail: Detail) {
    for extension in extensions.iter() {
        let criticality = if extension.critical { " (critical)" } else { "" };
        match detail {
            _ if private_key_in(extension.value).is_some() => {
                card.line("Extension", format!("{}{criticality} {MASKED}", title(extension.oid)));
            }
            Detail::Full => {
                card.line("Extension", format!("{}{criticality}", title(extension.oid)));
                meaning::lines(&extension).iter().for_each(|line| card.line("", Printable(line)));
                card.line("", wrapped(extension.value));
            }
            Detail::Glance if !SHOWN.contains(&extension.oid) => {
                let lines = meaning::lines(&extension);
                if !lines.is_empty() {
                    card.line("Extension", format!("{}{criticality}", title(extension.oid)));
                    lines.iter().for_each(|line| card.line("", Printable(line)));
                    continue;
                }
                let (shown, rest) = extension.value.split_at(extension.value.len().min(24));
                let dots = if rest.is_empty() { "" } else { "…" };
                card.line("Extension", format!("{}{criticality} {}{dots}", title(extension.oid), Hex(shown)));
            }
            Detail::Glance => {}
        }
    }
}

fn title(oid: oid::Oid<'_>) -> String {
    match oid.name() {
        Some(name) => format!("{oid} {name}"),
        None => oid.to_string(),
    }
}

/// Shows a certification request.
pub(crate) fn request(request: &Request, detail: Detail) -> String {
    let mut card = Card::default();
    card.line("Subject", name(&request.subject()));
    names(&mut card, request.extension::<SubjectAltName<'_>>());
    card.line(
        "Key",
        match request.public_key() {
            Ok(key) => key.to_string(),
            Err(error) => paint(style::BAD, Printable(error.to_string())),
        },
    );
    let proof = match request.verify_signature() {
        Ok(()) => "made by the holder of the key".to_owned(),
        Err(error) => paint(style::BAD, error),
    };
    card.line(
        "Signature",
        match request.signature_algorithm() {
            Ok(algorithm) => format!("{}, {proof}", signature_line(&algorithm)),
            Err(error) => paint(style::BAD, Printable(error.to_string())),
        },
    );
    card.part("Usage", request.extension::<KeyUsage>(), |usage| usage.names().collect::<Vec<_>>().join(", "));
    card.part("Purpose", request.extension::<ExtendedKeyUsage<'_>>(), |purposes| {
        purposes.purposes().map(oid_name).collect::<Vec<_>>().join(", ")
    });
    card.part("CA", request.extension::<BasicConstraints>(), constraints);
    extensions(&mut card, &request.extensions(), detail);
    card.finish()
}

/// Shows a revocation list; its entries only in full.
pub(crate) fn revocation_list(list: &RevocationList, moment: Moment, detail: Detail) -> String {
    let mut card = Card::default();
    card.line("Issuer", name(&list.issuer()));
    card.line("Number", list.number().map(|number| number.to_string()).unwrap_or_default());
    let this_update = match list.this_update() {
        Ok(made) => made.to_minute(),
        Err(error) => paint(style::BAD, Printable(error.to_string())),
    };
    let next_update = match list.next_update() {
        Ok(Some(next)) if next < moment => {
            let overdue = format_args!("overdue since {}", moment::distance(next, moment)).to_string();
            format!("{} UTC  {}", next.to_minute(), paint(style::BAD, overdue))
        }
        Ok(Some(next)) => format!("{} UTC  due {}", next.to_minute(), moment::distance(next, moment)),
        Ok(None) => "no next one announced".to_owned(),
        Err(error) => paint(style::BAD, Printable(error.to_string())),
    };
    card.line("Valid", format!("{this_update} .. {next_update}"));
    card.line(
        "Signature",
        match list.signature_algorithm() {
            Ok(algorithm) => signature_line(&algorithm),
            Err(error) => paint(style::BAD, Printable(error.to_string())),
        },
    );
    card.part("Issuer key", list.extension::<AuthorityKeyIdentifier<'_>>(), authority_key);
    let mut count = 0usize;
    let mut fault = None;
    for entry in list.entries() {
        match entry {
            Ok(_) => count += 1,
            Err(error) => fault = Some(error),
        }
    }
    card.line("Revokes", format!("{count} {}", plural(count, "certificate", "certificates")));
    if let Some(fault) = fault {
        card.line("", paint(style::BAD, Printable(fault.to_string())));
    }
    if detail == Detail::Full {
        for entry in list.entries().filter_map(Result::ok) {
            card.line("", format!("{}  {}", entry.date.to_minute(), entry.serial.to_hex()));
        }
    }
    extensions(&mut card, &list.extensions(), detail);
    card.finish()
}

/// Shows what may be told of a private key: kind and size.
pub(crate) fn key(facts: &KeyFacts) -> String {
    let mut card = Card::default();
    card.line("Key", facts);
    card.line("Secret", "not shown");
    card.finish()
}

/// Shows a public key that stands alone.
pub(crate) fn public_key(key: &certkit_core::crypto::key::PublicKey<'_>) -> String {
    let mut card = Card::default();
    card.line("Key", key);
    card.line("Key id", Hex(certkit_core::crypto::digest::sha1(key.bits)));
    card.finish()
}
