//! Forms of a certificate that the decoders of single languages stop at.

use crate::asn1::Tag;
use crate::cert::extension::{BasicConstraints, SubjectAltName};
use crate::cert::{Attribute, Certificate, GeneralName, Time, TimeForm};
use crate::path::names::{go, java};

/// Why Python's cryptography does not load a certificate, or fails where it is asked for its names.
pub(super) fn stops_python(leaf: &Certificate) -> Option<&'static str> {
    const NAMES: &str = "its library (cryptography) reads none of the alternative names";
    const STORE: &str =
        "its library (cryptography) does not load the certificate; in a trust store it stops all others, too";
    let spells_default = leaf.extensions().iter().any(|it| it.spells_default);
    let has_odd_text = |it: &Attribute<'_>| {
        let octets = it.value.value;
        let is_printable = |octet: &u8| octet.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(octet);
        match it.value.tag {
            Tag::PRINTABLE_STRING => !octets.iter().all(is_printable),
            Tag::TELETEX_STRING => std::str::from_utf8(octets).is_err(),
            _ => false,
        }
    };
    if leaf.trailing() > 0
        || spells_default
        || times(leaf).any(|it| !it.is_strict)
        || attributes(leaf).any(|it| has_odd_text(&it))
    {
        return Some(STORE);
    }
    if leaf.extension::<BasicConstraints>().ok().flatten().is_some_and(|it| it.spells_default) {
        return Some("its library (cryptography) reads no basicConstraints with an explicit FALSE");
    }
    has_name(leaf, |name| {
        is_no_text(name)
            || is_no_address(name)
            || !name.is_sound()
            || matches!(name, GeneralName::X400(_) | GeneralName::EdiParty(_))
    })
    .then_some(NAMES)
}

/// Why Go does not load a certificate.
pub(super) fn stops_go(leaf: &Certificate) -> Option<&'static str> {
    if leaf.trailing() > 0 {
        return Some("Go takes no data behind a certificate");
    }
    if times(leaf).any(|it| it.has_fraction) {
        return Some("Go reads no time with a fraction of a second");
    }
    if attributes(leaf).any(|it| go::stops_at(&it).is_some()) {
        return Some("Go reads no name with this type of text, or with characters that its type does not have");
    }
    has_name(leaf, |name| is_no_text(name) || is_no_address(name)).then_some("Go reads none of the alternative names")
}

/// Whether Java does not load a certificate.
pub(super) fn stops_java(leaf: &Certificate) -> bool {
    times(leaf).any(|it| it.form == TimeForm::Utc && (it.has_fraction || (it.has_offset && !it.has_seconds)))
}

/// Whether Java reads none of the alternative names, for another reason than a URI.
pub(super) fn hides_names_from_java(leaf: &Certificate) -> bool {
    has_name(leaf, |name| !matches!(name, GeneralName::Uri(_)) && java::unread(name).is_some())
}

/// Whether its subject or issuer has a text of a type that is rare.
pub(super) fn has_rare_text(leaf: &Certificate) -> bool {
    attributes(leaf).any(|it| matches!(it.value.tag, Tag::VISIBLE_STRING | Tag::UNIVERSAL_STRING))
}

fn times(leaf: &Certificate) -> impl Iterator<Item = Time> {
    [leaf.not_before_time(), leaf.not_after_time()].into_iter().filter_map(Result::ok)
}

fn attributes(leaf: &Certificate) -> impl Iterator<Item = Attribute<'_>> {
    [leaf.subject(), leaf.issuer()].into_iter().flat_map(|it| it.attributes()).filter_map(Result::ok)
}

fn has_name(leaf: &Certificate, is_such: impl Fn(&GeneralName<'_>) -> bool) -> bool {
    let names = leaf.extension::<SubjectAltName<'_>>().ok().flatten();
    names.is_some_and(|it| it.names().any(|name| is_such(&name)))
}

/// Whether a name is to be ASCII and is not.
fn is_no_text(name: &GeneralName<'_>) -> bool {
    matches!(name, GeneralName::Dns(text) | GeneralName::Uri(text) | GeneralName::Email(text) if !text.is_ascii())
}

fn is_no_address(name: &GeneralName<'_>) -> bool {
    matches!(name, GeneralName::Ip(octets) if !matches!(octets.len(), 4 | 16))
}
