//! Quoted-printable (RFC 2045 section 6.7), in which mail programs wrap base64 and PEM of S/MIME.

use memchr::memmem;
use zeroize::Zeroizing;

/// What the header of such a part says.
const MARK: &[u8] = b"quoted-printable";

/// The most bytes of a text in which the mark is looked for.
const HEAD: usize = 1 << 20;

/// The text without this encoding, its lines where they were; `None` where no part of it says that it has it. Parts in
/// base64, which end in `=` or `==`, stay as they are.
pub(super) fn decoded(text: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let head = text.get(..HEAD).unwrap_or(text);
    let is_mark =
        |at: usize| head.get(at..at.saturating_add(MARK.len())).is_some_and(|it| it.eq_ignore_ascii_case(MARK));
    if !memchr::memchr2_iter(b'q', b'Q', head).any(is_mark) || memmem::find(text, b"=").is_none() {
        return None;
    }
    let mut clear = Zeroizing::new(Vec::with_capacity(text.len()));
    let mut rest = text;
    while let Some((octet, after)) = rest.split_first() {
        rest = after;
        let is_padding = clear.last() == Some(&b'=');
        match (octet, after) {
            (b'=', [b'\n', ..] | [b'\r', b'\n', ..]) if !is_padding => {}
            (b'=', [high, low, after @ ..]) if let Some(value) = hex(*high, *low) => {
                clear.push(value);
                rest = after;
            }
            _ => clear.push(*octet),
        }
    }
    Some(clear)
}

fn hex(high: u8, low: u8) -> Option<u8> {
    let digit = |octet: u8| char::from(octet).to_digit(16).filter(|_| !octet.is_ascii_lowercase());
    u8::try_from(digit(high)?.checked_mul(16)?.checked_add(digit(low)?)?).ok()
}
