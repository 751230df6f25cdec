//! Which attributes of names stop the decoder of Go (`crypto/x509`), and with it the whole certificate.

use crate::asn1::Tag;
use crate::cert::Attribute;

/// The words with which it stops, where it does.
pub(crate) fn stops_at(attribute: &Attribute<'_>) -> Option<&'static str> {
    if attribute.oid.arcs().any(|arc| arc.is_none_or(|arc| i32::try_from(arc).is_err())) {
        return Some("x509: invalid RDNSequence: invalid attribute type");
    }
    let octets = attribute.value.value;
    let is_printable = |octet: &u8| octet.is_ascii_alphanumeric() || b" '()+,-./:=?*&".contains(octet);
    let (is_taken, words) = match attribute.value.tag {
        Tag::TELETEX_STRING => return None,
        Tag::PRINTABLE_STRING => (
            octets.iter().all(is_printable),
            "x509: invalid RDNSequence: invalid attribute value: invalid PrintableString",
        ),
        Tag::IA5_STRING => (octets.is_ascii(), "x509: invalid RDNSequence: invalid attribute value: invalid IA5String"),
        Tag::NUMERIC_STRING => (
            octets.iter().all(|octet| octet.is_ascii_digit() || *octet == b' '),
            "x509: invalid RDNSequence: invalid attribute value: invalid NumericString",
        ),
        Tag::UTF8_STRING => (
            std::str::from_utf8(octets).is_ok(),
            "x509: invalid RDNSequence: invalid attribute value: invalid UTF-8 string",
        ),
        Tag::BMP_STRING => {
            (octets.len().is_multiple_of(2), "x509: invalid RDNSequence: invalid attribute value: invalid BMPString")
        }
        _ => return Some("x509: invalid RDNSequence: invalid attribute value: unsupported string"),
    };
    (!is_taken).then_some(words)
}
