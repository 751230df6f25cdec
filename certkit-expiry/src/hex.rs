//! Reads hexadecimal as reports have it.

use certkit_core::cert::Serial;

/// The octets that are written; `None` where it is anything but pairs of digits.
pub(crate) fn octets(hex: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = hex.chars().map(|letter| letter.to_digit(16)).collect::<Option<_>>()?;
    let octet = |pair: &[u32]| match pair {
        [high, low] => u8::try_from(high << 4 | low).ok(),
        _ => None,
    };
    digits.chunks(2).map(octet).collect()
}

/// A SHA-256; `None` where it is none in hex.
pub fn digest(hex: &str) -> Option<[u8; 32]> {
    octets(hex)?.try_into().ok()
}

/// A serial number in decimal; empty where there is none.
pub(crate) fn decimal(hex: &str) -> String {
    let (sign, magnitude) = hex.strip_prefix('-').map_or(("", hex), |magnitude| ("-", magnitude));
    match octets(magnitude) {
        Some(found) if !found.is_empty() => format!("{sign}{}", Serial(&[&[0], found.as_slice()].concat())),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_come_in_pairs_and_have_no_sign() {
        assert_eq!(octets("00ffA0"), Some(vec![0, 0xff, 0xa0]));
        assert_eq!(octets(""), Some(Vec::new()));
        for bad in ["0", "+f", "-1", "0x", "é0"] {
            assert_eq!(octets(bad), None, "{bad}");
        }
        assert_eq!(digest(&"0f".repeat(32)), Some([0x0f; 32]));
        assert_eq!(digest("0f"), None);
    }

    #[test]
    fn serial_numbers_are_decimal() {
        assert_eq!(decimal("00"), "0");
        assert_eq!(decimal("0fff"), "4095");
        assert_eq!(decimal("ffffffffffffffffffffffffffffffff"), u128::MAX.to_string());
        assert_eq!(decimal("-8000"), "-32768");
        assert_eq!(decimal(""), "");
    }
}
