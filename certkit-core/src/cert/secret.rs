//! Private keys that stand inside of what everybody may read.

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use memchr::memmem;

use crate::asn1::{Reader, Tag};

/// What stands behind a key is text of its own.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The fewest characters of base64 that can hold a key.
const TEXT: usize = 40;

/// So many places of a text are decoded at most.
const PLACES: usize = 16;

/// What stands in the place of what holds a private key.
pub const MASKED: &str = "(not shown: it holds a private key)";

/// A text as it may be shown: what stands in its place where it holds a private key. Costs what [`private_key_in`] does.
pub(super) fn shown(text: Cow<'_, str>) -> Cow<'_, str> {
    if private_key_in(text.as_bytes()).is_some() { Cow::Borrowed(MASKED) } else { text }
}

/// Says in what form a private key stands in these bytes: in PEM, be it encrypted, as a JSON Web Key, as DER, or as base64 or
/// hexadecimal digits without lines around them. Text may be of 8 or of 16 bits. `None` where there is none.
///
/// Costs a few passes over the bytes, and for text that begins like a key a decoding of at most sixteen runs.
pub fn private_key_in(bytes: &[u8]) -> Option<&'static str> {
    let zeros = memchr::memchr_iter(0, bytes).count();
    // Text of 16 bits has a zero beside each letter.
    let narrow: Option<Vec<u8>> =
        (zeros > bytes.len() / 4).then(|| bytes.iter().copied().filter(|octet| *octet != 0).collect());
    in_text(bytes).or_else(|| der(bytes)).or_else(|| in_text(&narrow?))
}

fn in_text(bytes: &[u8]) -> Option<&'static str> {
    let is_sealed = |at: usize| bytes.get(..at).is_some_and(|before| before.ends_with(b"ENCRYPTED "));
    if let Some(at) = memmem::find(bytes, b"PRIVATE KEY-----") {
        return Some(if is_sealed(at) { "encrypted PEM" } else { "PEM" });
    }
    let is_json = || has_member(bytes, b"\"kty\"") && (has_member(bytes, b"\"d\"") || has_member(bytes, b"\"k\""));
    if is_json() { Some("JWK") } else { base64(bytes).or_else(|| hexadecimal(bytes)) }
}

/// Whether a member of a JSON object has a name, which is given with its quotes.
fn has_member(bytes: &[u8], name: &[u8]) -> bool {
    memmem::find_iter(bytes, name).any(|at| {
        let after = bytes.get(at.saturating_add(name.len())..).unwrap_or_default();
        after.trim_ascii_start().starts_with(b":")
    })
}

/// Digits of a SEQUENCE, with or without signs between the octets.
fn hexadecimal(bytes: &[u8]) -> Option<&'static str> {
    let octets = |from: &[u8]| {
        let is_between = |octet: &u8| b": \r\n\t".contains(octet);
        let digits: Vec<u8> = from
            .iter()
            .filter(|it| !is_between(it))
            .map_while(|it| char::from(*it).to_digit(16))
            .filter_map(|it| u8::try_from(it).ok())
            .collect();
        digits.chunks_exact(2).map(|pair| pair.iter().fold(0u8, |octet, digit| octet << 4 | digit)).collect::<Vec<u8>>()
    };
    let long = memmem::find_iter(bytes, b"30")
        .map(|at| octets(bytes.get(at..).unwrap_or_default()))
        .filter(|it| it.len() >= TEXT / 2);
    long.take(PLACES).any(|it| key_at(&it).is_some()).then_some("hexadecimal digits")
}

fn der(bytes: &[u8]) -> Option<&'static str> {
    let versions = memmem::find_iter(bytes, &[0x02, 0x01, 0x00]).chain(memmem::find_iter(bytes, &[0x02, 0x01, 0x01]));
    for at in versions {
        // The header of the SEQUENCE has two to five bytes.
        for start in (2..=5).filter_map(|header| at.checked_sub(header)) {
            let found = bytes.get(start..).filter(|from| from.first() == Some(&0x30)).and_then(key_at);
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// The form of a key that begins here: PKCS#8, PKCS#1 or SEC 1.
fn key_at(bytes: &[u8]) -> Option<&'static str> {
    let mut fields = Reader::new(bytes).sequence().ok()?;
    let version = fields.expect(Tag::INTEGER).ok()?.value.to_vec();
    match fields.peek()? {
        Tag::SEQUENCE => {
            fields.sequence().ok()?.oid().ok()?;
            fields.expect(Tag::OCTET_STRING).ok().filter(|key| !key.value.is_empty())?;
            Some("PKCS#8")
        }
        Tag::INTEGER => (0..8).all(|_| fields.expect(Tag::INTEGER).is_ok()).then_some("PKCS#1"),
        Tag::OCTET_STRING if version == [1] => {
            let key = fields.expect(Tag::OCTET_STRING).ok()?;
            let is_key = (16..=66).contains(&key.value.len()) && matches!(fields.peek(), None | Some(Tag(0xa0 | 0xa1)));
            is_key.then_some("SEC 1")
        }
        _ => None,
    }
}

fn base64(bytes: &[u8]) -> Option<&'static str> {
    // What begins with the tag of a SEQUENCE begins with M and one of these.
    let starts = memmem::find_iter(bytes, b"M").filter(|at| {
        at.checked_add(1).and_then(|next| bytes.get(next)).is_some_and(|next| (b'A'..=b'I').contains(next))
    });
    let long = starts.map(|at| decoded(bytes.get(at..).unwrap_or_default())).filter(|it| it.len() >= TEXT / 4 * 3);
    long.take(PLACES).any(|it| key_at(&it).is_some()).then_some("base64")
}

/// What the base64 text at the start decodes to, up to where it ends.
fn decoded(text: &[u8]) -> Vec<u8> {
    // The alphabet of URLs has two other letters.
    let digit = |octet: u8| match octet {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        other => Some(other).filter(|it| it.is_ascii_alphanumeric() || b"+/".contains(it)),
    };
    let mut run: Vec<u8> = text.iter().copied().filter(|octet| !b"\r\n".contains(octet)).map_while(digit).collect();
    if run.len() % 4 == 1 {
        run.pop();
    }
    LENIENT.decode(run).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write;

    #[test]
    fn keys_of_every_form_are_found_and_what_is_public_is_not() {
        let rsa =
            write::sequence(&[&write::sequence_of(&[write::oid(crate::oid::SHA256_RSA)]), &write::octet_string(b"x")]);
        assert_eq!(private_key_in(&rsa), None);
        let eight = write::sequence(&[
            &write::small_integer(0),
            &write::sequence(&[&write::oid(crate::oid::SHA256_RSA), &write::NULL]),
            &write::octet_string(&[7; 40]),
        ]);
        let one = write::sequence_of(&(0u32..9).map(write::small_integer).collect::<Vec<_>>());
        let sec = write::sequence(&[&write::small_integer(1), &write::octet_string(&[9; 32])]);
        for (key, form) in [(&eight, "PKCS#8"), (&one, "PKCS#1"), (&sec, "SEC 1")] {
            let inside = [b"\x16\x20before".as_slice(), key, b"behind"].concat();
            assert_eq!(private_key_in(&inside), Some(form));
            assert_eq!(private_key_in(&inside[..inside.len() - 20]), None, "{form}");
        }
        let text = base64::engine::general_purpose::STANDARD.encode(&eight);
        assert_eq!(private_key_in(format!("\u{16}key: {text}").as_bytes()), Some("base64"));
        assert_eq!(private_key_in(b"-----BEGIN RSA PRIVATE KEY-----\nAA"), Some("PEM"));
        assert_eq!(private_key_in(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA"), Some("encrypted PEM"));
        let wide = |text: &str| text.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<u8>>();
        assert_eq!(private_key_in(&wide("-----BEGIN PRIVATE KEY-----\nAA")), Some("PEM"));
        assert_eq!(private_key_in(&wide(&text)), Some("base64"));
        let url = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&eight);
        assert_eq!(private_key_in(format!("{url}-----").as_bytes()), Some("base64"));
        for between in ["", ":", " "] {
            let digits: Vec<String> = eight.iter().map(|octet| format!("{octet:02x}")).collect();
            assert_eq!(private_key_in(digits.join(between).as_bytes()), Some("hexadecimal digits"));
        }
        assert_eq!(private_key_in(br#"{"kty": "EC", "crv": "P-256", "d" : "AA"}"#), Some("JWK"));
        assert_eq!(private_key_in(br#"{"kty": "EC", "crv": "P-256", "x": "AA"}"#), None);
        assert_eq!(shown(Cow::Owned(format!("key {text}"))), MASKED);
        assert_eq!(shown(Cow::Borrowed("plc7.plant.example")), "plc7.plant.example");
    }
}
