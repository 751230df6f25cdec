//! Points of small order on the curves of Bernstein (RFC 7748, RFC 8032).
//!
//! With one of them as the key, a signature over one message fits others, and a shared secret is known to everybody. The
//! backend does not look.

/// The prime `2^255 - 19` and its neighbours, little endian, by their first octet: 0 and 1 stand for both spellings.
pub(super) const fn near_prime(first: u8) -> [u8; 32] {
    let mut octets = [0xff; 32];
    octets[0] = first;
    octets[31] = 0x7f;
    octets
}

pub(super) const fn small(first: u8) -> [u8; 32] {
    let mut octets = [0; 32];
    octets[0] = first;
    octets
}

/// The `y` of the points whose order divides 8, in every spelling, without the bit for the sign of `x`.
pub(super) const EDWARDS: [[u8; 32]; 7] = [
    small(0),
    small(1),
    near_prime(0xec),
    near_prime(0xed),
    near_prime(0xee),
    [
        0x26, 0xe8, 0x95, 0x8f, 0xc2, 0xb2, 0x27, 0xb0, 0x45, 0xc3, 0xf4, 0x89, 0xf2, 0xef, 0x98, 0xf0, 0xd5, 0xdf,
        0xac, 0x05, 0xd3, 0xc6, 0x33, 0x39, 0xb1, 0x38, 0x02, 0x88, 0x6d, 0x53, 0xfc, 0x05,
    ],
    [
        0xc7, 0x17, 0x6a, 0x70, 0x3d, 0x4d, 0xd8, 0x4f, 0xba, 0x3c, 0x0b, 0x76, 0x0d, 0x10, 0x67, 0x0f, 0x2a, 0x20,
        0x53, 0xfa, 0x2c, 0x39, 0xcc, 0xc6, 0x4e, 0xc7, 0xfd, 0x77, 0x92, 0xac, 0x03, 0x7a,
    ],
];

/// The `u` of the points whose order divides 8, on the curve or its twist, in every spelling.
pub(super) const MONTGOMERY: [[u8; 32]; 7] = [
    small(0),
    small(1),
    near_prime(0xec),
    near_prime(0xed),
    near_prime(0xee),
    [
        0xe0, 0xeb, 0x7a, 0x7c, 0x3b, 0x41, 0xb8, 0xae, 0x16, 0x56, 0xe3, 0xfa, 0xf1, 0x9f, 0xc4, 0x6a, 0xda, 0x09,
        0x8d, 0xeb, 0x9c, 0x32, 0xb1, 0xfd, 0x86, 0x62, 0x05, 0x16, 0x5f, 0x49, 0xb8, 0x00,
    ],
    [
        0x5f, 0x9c, 0x95, 0xbc, 0xa3, 0x50, 0x8c, 0x24, 0xb1, 0xd0, 0xb1, 0x55, 0x9c, 0x83, 0xef, 0x5b, 0x04, 0x44,
        0x5c, 0xc4, 0x58, 0x1c, 0x8e, 0x86, 0xd8, 0x22, 0x4e, 0xdd, 0xd0, 0x9f, 0x11, 0x57,
    ],
];

fn is_among(points: &[[u8; 32]; 7], octets: &[u8]) -> bool {
    let Ok(mut point) = <[u8; 32]>::try_from(octets) else { return false };
    point[31] &= 0x7f;
    points.contains(&point)
}

/// Says whether these are the 32 octets of an Ed25519 key of small order.
pub(super) fn is_small_25519(octets: &[u8]) -> bool {
    is_among(&EDWARDS, octets)
}

/// Says whether these are the 32 octets of an X25519 key of small order.
pub(super) fn is_small_x25519(octets: &[u8]) -> bool {
    is_among(&MONTGOMERY, octets)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_are_made_are_not_among_them() {
        let mut base = [0x66; 32];
        base[0] = 0x58;
        assert!(!is_small_25519(&base) && !is_small_x25519(&base));
        assert!(!is_small_25519(&[0; 31]));
        let mut signed = small(1);
        signed[31] |= 0x80;
        assert!(is_small_25519(&signed));
    }
}
