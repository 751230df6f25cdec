//! Private keys that stand inside of what everybody may read.

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

/// Says in what form a private key stands in these bytes: in PEM, as DER, or as base64 without lines around it. `None` where
/// there is none, or only an encrypted one.
///
/// Costs one pass over the bytes, and for text that begins like a key a decoding of at most sixteen runs.
pub fn private_key_in(bytes: &[u8]) -> Option<&'static str> {
    let is_clear = |at: usize| !bytes.get(..at).is_some_and(|before| before.ends_with(b"ENCRYPTED "));
    if memmem::find_iter(bytes, b"PRIVATE KEY-----").any(is_clear) {
        return Some("PEM");
    }
    der(bytes).or_else(|| base64(bytes))
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
    let is_digit = |octet: &u8| octet.is_ascii_alphanumeric() || b"+/".contains(octet);
    let mut run: Vec<u8> = text.iter().copied().filter(|octet| !b"\r\n".contains(octet)).take_while(is_digit).collect();
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
        assert_eq!(private_key_in(b"-----BEGIN ENCRYPTED PRIVATE KEY-----\nAA"), None);
    }
}
