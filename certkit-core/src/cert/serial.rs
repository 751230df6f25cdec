//! Serial numbers.

use std::fmt;

use crate::text::Hex;

/// A serial number as the contents octets of its INTEGER, whatever they are.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Serial<'a>(pub &'a [u8]);

impl<'a> Serial<'a> {
    /// The contents octets, big endian two's complement.
    pub fn as_bytes(self) -> &'a [u8] {
        self.0
    }

    /// Says whether the number is negative, which RFC 5280 section 4.1.2.2 forbids.
    pub fn is_negative(self) -> bool {
        self.0.first().is_some_and(|first| first & 0x80 != 0)
    }

    /// Says whether the number is zero, which RFC 5280 section 4.1.2.2 forbids.
    pub fn is_zero(self) -> bool {
        self.0.iter().all(|&octet| octet == 0)
    }

    /// Lower-case hex of the magnitude without superfluous zeros, with a sign where it is negative.
    pub fn to_hex(self) -> String {
        let magnitude = self.magnitude();
        let digits = Hex(&magnitude).to_string();
        let digits = if magnitude.is_empty() { "00".to_owned() } else { digits };
        if self.is_negative() { format!("-{digits}") } else { digits }
    }

    fn magnitude(self) -> Vec<u8> {
        let mut octets = self.0.to_vec();
        if self.is_negative() {
            let mut carry = true;
            for octet in octets.iter_mut().rev() {
                (*octet, carry) = (!*octet).overflowing_add(u8::from(carry));
            }
        }
        let zeros = octets.iter().take_while(|&&octet| octet == 0).count();
        octets.split_off(zeros)
    }
}

impl fmt::Display for Serial<'_> {
    /// Writes decimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Schoolbook conversion in limbs of nine decimal digits.
        let mut limbs: Vec<u32> = vec![0];
        for octet in self.magnitude() {
            let mut carry = u64::from(octet);
            for limb in &mut limbs {
                let value = u64::from(*limb).wrapping_mul(256).wrapping_add(carry);
                *limb = u32::try_from(value % 1_000_000_000).unwrap_or(0);
                carry = value / 1_000_000_000;
            }
            if carry > 0 {
                limbs.push(u32::try_from(carry).unwrap_or(0));
            }
        }
        if self.is_negative() {
            f.write_str("-")?;
        }
        let mut from_top = limbs.iter().rev();
        write!(f, "{}", from_top.next().unwrap_or(&0))?;
        from_top.try_for_each(|limb| write!(f, "{limb:09}"))
    }
}

impl fmt::Debug for Serial<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Serial({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn serials_are_shown_in_decimal_and_hex() {
        for (octets, decimal, hex) in [
            (&b"\x00"[..], "0", "00"),
            (b"", "0", "00"),
            (b"\x7f", "127", "7f"),
            (b"\x00\xff", "255", "ff"),
            (b"\xff", "-1", "-01"),
            (b"\x80\x00", "-32768", "-8000"),
            (b"\x01\x00\x00\x00\x00\x00\x00\x00\x00", "18446744073709551616", "010000000000000000"),
            (b"\x0d\xe0\xb6\xb3\xa7\x64\x00\x00", "1000000000000000000", "0de0b6b3a7640000"),
        ] {
            let serial = Serial(octets);
            assert_eq!((serial.to_string().as_str(), serial.to_hex().as_str()), (decimal, hex));
        }
        assert!(Serial(b"\x00").is_zero() && Serial(b"").is_zero() && !Serial(b"\x01").is_zero());
    }
}
