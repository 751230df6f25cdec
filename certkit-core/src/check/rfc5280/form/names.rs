//! Attributes of the subject and the issuer (RFC 5280 sections 4.1.2.4 and 4.1.2.6, appendix A.1).

use super::super::super::Clause::Rfc5280;
use super::super::super::case::shown;
use super::super::super::{Check, Form, Look, Outcome, Severity};
use super::{form, unless_found};
use crate::asn1::Tag;
use crate::cert::extension::SubjectAltName;
use crate::cert::{Attribute, GeneralName, Stated};
use crate::oid::{self, Oid};

/// Fewest and most characters of an attribute (appendix A.1; street as X.520 has it).
const LENGTHS: &[(Oid<'static>, usize, usize)] = &[
    (oid::COMMON_NAME, 1, 64),
    (oid::SURNAME, 1, 32_768),
    (oid::SERIAL_NUMBER, 1, 64),
    (oid::COUNTRY, 2, 2),
    (oid::LOCALITY, 1, 128),
    (oid::STATE, 1, 128),
    (oid::STREET, 1, 128),
    (oid::ORGANIZATION, 1, 64),
    (oid::ORGANIZATIONAL_UNIT, 1, 64),
    (oid::TITLE, 1, 64),
    (oid::POSTAL_CODE, 1, 16),
    (oid::GIVEN_NAME, 1, 32_768),
    (oid::INITIALS, 1, 32_768),
    (oid::GENERATION_QUALIFIER, 1, 32_768),
    (oid::PSEUDONYM, 1, 128),
    (oid::EMAIL_ADDRESS, 1, 255),
];

/// So many characters are advised, where the bound is far beyond what a card or a column holds.
const ADVISED: &[(Oid<'static>, usize)] = &[(oid::SURNAME, 64), (oid::GIVEN_NAME, 64)];

/// Attributes that have one type of text.
const TYPES: &[(Oid<'static>, Tag)] = &[
    (oid::COUNTRY, Tag::PRINTABLE_STRING),
    (oid::SERIAL_NUMBER, Tag::PRINTABLE_STRING),
    (oid::DN_QUALIFIER, Tag::PRINTABLE_STRING),
    (oid::EMAIL_ADDRESS, Tag::IA5_STRING),
];

/// The attributes of the subject, then of the issuer where that is another name, each with whose it is.
fn attributes<'a>(form: &Form<'a>) -> impl Iterator<Item = (&'static str, Attribute<'a>)> + use<'a> {
    let (subject, issuer) = (form.certificate.subject(), form.certificate.issuer());
    let is_other = subject.der() != issuer.der();
    let issuers = is_other.then(|| issuer.attributes().filter_map(Result::ok).map(|it| ("issuer", it)));
    subject.attributes().filter_map(Result::ok).map(|it| ("subject", it)).chain(issuers.into_iter().flatten())
}

/// Not met where an attribute has a fault.
fn no_attribute(form: &Form<'_>, fault: impl Fn(&Attribute<'_>) -> Option<String>) -> Option<Outcome> {
    let faults = attributes(form).filter_map(|(whose, attribute)| {
        Some(format!("{} of the {whose} {}", attribute.oid.called(), fault(&attribute)?))
    });
    Some(unless_found(faults))
}

form!(
    /// An attribute is longer or shorter than it may be.
    ATTRIBUTE_LENGTH,
    "attribute-length",
    &[Rfc5280("4.1.2.4"), Rfc5280("4.1.2.6"), Rfc5280("A.1")],
    "Name attributes have a permitted length",
    "A common name has at most 64 characters, a country exactly two, and no attribute is empty. Most programs accept \
     any length; some truncate the value, and directories and databases with fixed-width columns refuse it.",
    "Reissue it with a shorter name; put a long host name only into the subjectAltName.",
    |form| no_attribute(form, |attribute| {
        let (_, least, most) = LENGTHS.iter().find(|(oid, ..)| *oid == attribute.oid)?;
        let count = attribute.text()?.chars().count();
        let allowed = || if least == most { format!("{most}") } else { format!("{least} to {most}") };
        (!(*least..=*most).contains(&count)).then(|| format!("has {count} characters; {} are allowed", allowed()))
    })
);
form!(
    /// A person's name is longer than is advised.
    ATTRIBUTE_LONGER_THAN_ADVISED,
    "attribute-longer-than-advised",
    &[Rfc5280("A.1")],
    "Given names and surnames have at most 64 characters",
    "The standard allows far more, but programs that show or store names often do not expect it.",
    "No action is needed; at the next renewal use a shorter form.",
    |form| no_attribute(form, |attribute| {
        let (_, most) = ADVISED.iter().find(|(oid, _)| *oid == attribute.oid)?;
        let count = attribute.text()?.chars().count();
        (count > *most).then(|| format!("has {count} characters; at most {most} are recommended"))
    })
);
form!(
    /// An attribute has another type of text than its own.
    ATTRIBUTE_TYPE,
    "attribute-type",
    &[Rfc5280("4.1.2.4"), Rfc5280("A.1")],
    "Name attributes have the required string type",
    "Country and serial number are PrintableString, mail addresses IA5String. Most programs ignore the string type, \
     but those that compare byte for byte see two issuers.",
    "Reissue it with a program that follows the standard, such as openssl.",
    |form| no_attribute(form, |attribute| {
        let (_, wanted) = TYPES.iter().find(|(oid, _)| *oid == attribute.oid)?;
        (attribute.value.tag != *wanted).then(|| format!("is {} instead of {wanted}", attribute.value.tag))
    })
);

/// Says whether a type of text has this octet; `None` for types that say more than ASCII.
fn has_octet(tag: Tag, octet: u8) -> Option<bool> {
    Some(match tag {
        Tag::PRINTABLE_STRING => octet.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&octet),
        Tag::NUMERIC_STRING => octet.is_ascii_digit() || octet == b' ',
        Tag::VISIBLE_STRING => (b' '..=b'~').contains(&octet),
        Tag::IA5_STRING => octet.is_ascii(),
        _ => return None,
    })
}

form!(
    /// A text has characters that its type does not have.
    ATTRIBUTE_ALPHABET,
    "attribute-alphabet",
    &[Rfc5280("4.1.2.4"), Rfc5280("A.1")],
    "Strings contain only characters of their type",
    "PrintableString has no `*`, `@`, `&` or `_`, and IA5String is ASCII only. Strict parsers refuse the certificate.",
    "Reissue it with UTF8String for these names (openssl: `string_mask = utf8only`).",
    |form| no_attribute(form, |attribute| {
        let tag = attribute.value.tag;
        attribute.value.value.iter().find(|octet| has_octet(tag, **octet) == Some(false))?;
        let text = attribute.text()?;
        let foul = text.chars().find(|it| u8::try_from(*it).ok().and_then(|it| has_octet(tag, it)) != Some(true))?;
        Some(format!("is {tag} and has `{}`", shown(&foul.to_string())))
    })
);
form!(
    /// A name has a control character.
    ATTRIBUTE_CONTROL_CHARACTER,
    "attribute-control-character",
    &[Rfc5280("4.1.2.4")],
    "Names have no control characters",
    "A line break or a null in a name breaks logs and lists, and has been used to forge names.",
    "Reissue it with a printable name.",
    |form| no_attribute(form, |attribute| {
        let text = attribute.text()?;
        let foul = text.chars().find(|character| character.is_control())?;
        Some(format!("has the control character U+{:04X}", u32::from(foul)))
    })
);
form!(
    /// The mail address of the subject is not among the alternative names.
    EMAIL_NOT_REPEATED,
    "email-not-repeated",
    &[Rfc5280("4.1.2.6")],
    "A mail address in the subject is also in the subjectAltName",
    "Current mail programs read only the subjectAltName, and name constraints apply to it.",
    "Reissue it with `subjectAltName = email:copy`, or without the address in the subject.",
    |form| {
        let mut addresses = form.certificate.subject().all(oid::EMAIL_ADDRESS).peekable();
        addresses.peek()?;
        let names = form.known.subject_alt_name.as_ref().and_then(Stated::decoded);
        let mut named: Vec<String> = Vec::new();
        for name in names.into_iter().flat_map(SubjectAltName::names) {
            if let GeneralName::Email(text) = name {
                named.push(text.to_str().to_ascii_lowercase());
            }
        }
        named.sort_unstable();
        let missing = addresses.filter(|it| named.binary_search(&it.to_ascii_lowercase()).is_err());
        Some(unless_found(missing.map(|it| format!("`{}` is only in the subject", shown(&it)))))
    }
);
form!(
    /// There is a unique identifier.
    UNIQUE_IDENTIFIER_PRESENT,
    "unique-identifier-present",
    &[Rfc5280("4.1.2.8")],
    "The certificate has no issuerUniqueID or subjectUniqueID",
    "They were intended to distinguish two owners with the same name. CAs must not write them, and few programs show \
     them.",
    "At the next renewal omit them; give each owner a different name.",
    |form| Some(Outcome::not_met_if(form.certificate.has_unique_identifiers(), || {
        "it has a unique identifier of its issuer or subject".to_owned()
    }))
);
form!(
    /// There is a unique identifier in a version that has none.
    UNIQUE_IDENTIFIER_WITHOUT_VERSION_2,
    "unique-identifier-without-version-2",
    &[Rfc5280("4.1.2.1"), Rfc5280("4.1.2.8")],
    "Only certificates of version 2 or 3 have unique identifiers",
    "Version 1 does not have the field; strict parsers refuse the certificate as malformed.",
    "Reissue it as version 3, without unique identifiers.",
    |form| {
        let has_any = form.certificate.has_unique_identifiers();
        has_any.then(|| Outcome::not_met_if(form.certificate.version() < 2, || {
            "it is of version 1 and has a unique identifier".to_owned()
        }))
    }
);
