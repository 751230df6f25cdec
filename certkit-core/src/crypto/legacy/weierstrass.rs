//! ECDSA on curves, and with digests, that the backend does not know (SEC 1 section 4.1.4).
//!
//! Old NIST curves and brainpool must be judged as what they are, not as
//! "unsupported". Only verification, so nothing here is secret. And whether a point is
//! one of its curve, whoever verifies with it.

// Big numbers do not overflow; a subtraction below zero would panic, and each has its larger side first.
#![allow(clippy::arithmetic_side_effects)]

use rsa::BigUint;

use super::super::key::Curve;
use super::super::signature::Failure;
use super::dsa::{invert, leftmost_bits, numbers};

/// The domain parameters of a curve `y² = x³ + ax + b` with cofactor 1.
struct Domain {
    p: BigUint,
    a: BigUint,
    b: BigUint,
    order: BigUint,
    base: (BigUint, BigUint),
}

/// A point in Jacobian coordinates; `z` is zero for the point at infinity.
#[derive(Clone)]
struct Point {
    x: BigUint,
    y: BigUint,
    z: BigUint,
}

fn hex(digits: &str) -> BigUint {
    BigUint::parse_bytes(digits.as_bytes(), 16).unwrap_or_default()
}

impl Domain {
    fn of(curve: Curve) -> Domain {
        let [p, a, b, order, x, y] = parameters(curve).map(hex);
        Domain { p, a, b, order, base: (x, y) }
    }

    fn times(&self, one: &BigUint, other: &BigUint) -> BigUint {
        one * other % &self.p
    }

    fn plus(&self, one: &BigUint, other: &BigUint) -> BigUint {
        (one + other) % &self.p
    }

    fn minus(&self, one: &BigUint, other: &BigUint) -> BigUint {
        (one + &self.p - other) % &self.p
    }

    fn affine(x: BigUint, y: BigUint) -> Point {
        Point { x, y, z: BigUint::from(1u8) }
    }

    fn infinity() -> Point {
        Point { x: BigUint::from(1u8), y: BigUint::from(1u8), z: BigUint::from(0u8) }
    }

    /// Reads the coordinates of an uncompressed point, or the first one of a compressed point (SEC 1 section 2.3.4).
    fn coordinates(&self, octets: &[u8]) -> Option<(BigUint, Option<BigUint>)> {
        let (form, rest) = octets.split_first()?;
        let (x, y) = rest.split_at_checked(self.p.bits().div_ceil(8))?;
        let y = match form {
            4 if y.len() == x.len() => Some(BigUint::from_bytes_be(y)),
            2 | 3 if y.is_empty() => None,
            _ => return None,
        };
        let x = BigUint::from_bytes_be(x);
        (x < self.p && y.as_ref().is_none_or(|y| *y < self.p)).then_some((x, y))
    }

    /// The square of the second coordinate of a point with this first one.
    fn square_at(&self, x: &BigUint) -> BigUint {
        let square = self.times(x, x);
        self.plus(&self.times(&self.plus(&square, &self.a), x), &self.b)
    }

    /// Says whether these are the octets of a point on the curve that is not at infinity.
    fn holds(&self, octets: &[u8]) -> bool {
        self.coordinates(octets).is_some_and(|(x, y)| match y {
            Some(y) => self.times(&y, &y) == self.square_at(&x),
            None => is_square(&self.square_at(&x), &self.p),
        })
    }

    /// Reads an uncompressed or compressed point that lies on the curve.
    fn point(&self, octets: &[u8]) -> Option<Point> {
        let (x, y) = self.coordinates(octets)?;
        let square = self.square_at(&x);
        let y = match y {
            Some(y) => y,
            None => self.square_root(&square, octets.first()? & 1)?,
        };
        (self.times(&y, &y) == square).then(|| Domain::affine(x, y))
    }

    /// Finds the square root with this last bit, for primes that leave 3 when divided by 4.
    fn square_root(&self, square: &BigUint, parity: u8) -> Option<BigUint> {
        let last_bits = self.p.to_bytes_le().first().copied().unwrap_or(0) & 3;
        let exponent = (&self.p + BigUint::from(1u8)) >> 2;
        let root = (last_bits == 3).then(|| square.modpow(&exponent, &self.p))?;
        let is_odd = root.to_bytes_le().first().is_some_and(|first| first & 1 == 1);
        Some(if is_odd == (parity == 1) { root } else { &self.p - root })
    }

    fn double(&self, point: &Point) -> Point {
        if point.z == BigUint::default() || point.y == BigUint::default() {
            return Domain::infinity();
        }
        let yy = self.times(&point.y, &point.y);
        let s = self.times(&(self.times(&point.x, &yy)), &BigUint::from(4u8));
        let zz = self.times(&point.z, &point.z);
        let m = {
            let three_xx = self.times(&self.times(&point.x, &point.x), &BigUint::from(3u8));
            self.plus(&three_xx, &self.times(&self.a, &self.times(&zz, &zz)))
        };
        let x = self.minus(&self.times(&m, &m), &self.plus(&s, &s));
        let eight_yyyy = self.times(&self.times(&yy, &yy), &BigUint::from(8u8));
        let y = self.minus(&self.times(&m, &self.minus(&s, &x)), &eight_yyyy);
        let z = self.times(&self.plus(&point.y, &point.y), &point.z);
        Point { x, y, z }
    }

    fn add(&self, one: &Point, other: &Point) -> Point {
        if one.z == BigUint::default() {
            return other.clone();
        }
        if other.z == BigUint::default() {
            return one.clone();
        }
        let (zz1, zz2) = (self.times(&one.z, &one.z), self.times(&other.z, &other.z));
        let (u1, u2) = (self.times(&one.x, &zz2), self.times(&other.x, &zz1));
        let s1 = self.times(&one.y, &self.times(&zz2, &other.z));
        let s2 = self.times(&other.y, &self.times(&zz1, &one.z));
        if u1 == u2 {
            return if s1 == s2 { self.double(one) } else { Domain::infinity() };
        }
        let (h, r) = (self.minus(&u2, &u1), self.minus(&s2, &s1));
        let hh = self.times(&h, &h);
        let (hhh, v) = (self.times(&hh, &h), self.times(&u1, &hh));
        let x = self.minus(&self.minus(&self.times(&r, &r), &hhh), &self.plus(&v, &v));
        let y = self.minus(&self.times(&r, &self.minus(&v, &x)), &self.times(&s1, &hhh));
        let z = self.times(&h, &self.times(&one.z, &other.z));
        Point { x, y, z }
    }

    /// Gives the first coordinate of `u1·base + u2·point`; `None` at infinity.
    fn combine(&self, u1: &BigUint, u2: &BigUint, point: &Point) -> Option<BigUint> {
        let base = Domain::affine(self.base.0.clone(), self.base.1.clone());
        let both = self.add(&base, point);
        let bit = |number: &BigUint, at: usize| ((number >> at) & BigUint::from(1u8)) == BigUint::from(1u8);
        let mut sum = Domain::infinity();
        for at in (0..u1.bits().max(u2.bits())).rev() {
            sum = self.double(&sum);
            match (bit(u1, at), bit(u2, at)) {
                (true, true) => sum = self.add(&sum, &both),
                (true, false) => sum = self.add(&sum, &base),
                (false, true) => sum = self.add(&sum, point),
                (false, false) => {}
            }
        }
        let inverse = invert(&sum.z, &self.p)?;
        Some(self.times(&sum.x, &self.times(&inverse, &inverse)))
    }
}

/// Says whether a number below an odd prime is a square (Euler's criterion).
pub(super) fn is_square(number: &BigUint, prime: &BigUint) -> bool {
    *number == BigUint::default() || number.modpow(&(prime >> 1), prime) == BigUint::from(1u8)
}

/// Says whether these are the octets of a point on the curve that is not at infinity (SEC 1 section 3.2.2). Costs up to
/// 0.1 ms, for compressed points up to 1 ms.
pub(in crate::crypto) fn is_point(curve: Curve, octets: &[u8]) -> bool {
    Domain::of(curve).holds(octets)
}

/// Verifies a signature over a digest. Costs 2 to 10 ms.
pub(in crate::crypto) fn verify(curve: Curve, point: &[u8], digest: &[u8], signature: &[u8]) -> Result<(), Failure> {
    let domain = Domain::of(curve);
    let point = domain.point(point).ok_or(Failure::Unsupported("a point that is not on its curve"))?;
    let (r, s) = numbers(signature).ok_or(Failure::Mismatch)?;
    let in_range = |number: &BigUint| *number != BigUint::default() && *number < domain.order;
    if !in_range(&r) || !in_range(&s) {
        return Err(Failure::Mismatch);
    }
    let w = invert(&s, &domain.order).ok_or(Failure::Mismatch)?;
    let z = leftmost_bits(digest, domain.order.bits());
    let (u1, u2) = (z * &w % &domain.order, &r * &w % &domain.order);
    match domain.combine(&u1, &u2, &point) {
        Some(x) if &x % &domain.order == r => Ok(()),
        _ => Err(Failure::Mismatch),
    }
}

/// `p`, `a`, `b`, the order, and the base point (FIPS 186-4 appendix D.1.2, SEC 2, RFC 5639).
fn parameters(curve: Curve) -> [&'static str; 6] {
    match curve {
        Curve::P192 => [
            "fffffffffffffffffffffffffffffffeffffffffffffffff",
            "fffffffffffffffffffffffffffffffefffffffffffffffc",
            "64210519e59c80e70fa7e9ab72243049feb8deecc146b9b1",
            "ffffffffffffffffffffffff99def836146bc9b1b4d22831",
            "188da80eb03090f67cbf20eb43a18800f4ff0afd82ff1012",
            "07192b95ffc8da78631011ed6b24cdd573f977a11e794811",
        ],
        Curve::P224 => [
            "ffffffffffffffffffffffffffffffff000000000000000000000001",
            "fffffffffffffffffffffffffffffffefffffffffffffffffffffffe",
            "b4050a850c04b3abf54132565044b0b7d7bfd8ba270b39432355ffb4",
            "ffffffffffffffffffffffffffff16a2e0b8f03e13dd29455c5c2a3d",
            "b70e0cbd6bb4bf7f321390b94a03c1d356c21122343280d6115c1d21",
            "bd376388b5f723fb4c22dfe6cd4375a05a07476444d5819985007e34",
        ],
        Curve::P256 => [
            "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
            "ffffffff00000001000000000000000000000000fffffffffffffffffffffffc",
            "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
            "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
            "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
            "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
        ],
        Curve::P384 => [
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000fffffffc",
            "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
            "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
            "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
            "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        ],
        Curve::P521 => [
            "1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
             ffffffffffffffffffffffffffffffff",
            "1ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff\
             fffffffffffffffffffffffffffffffc",
            "51953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073\
             573df883d2c34f1ef451fd46b503f00",
            "1fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03\
             bb5c9b8899c47aebb6fb71e91386409",
            "c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de33\
             48b3c1856a429bf97e7e31c2e5bd66",
            "11839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761\
             353c7086a272c24088be94769fd16650",
        ],
        Curve::Secp256k1 => [
            "fffffffffffffffffffffffffffffffffffffffffffffffffffffffefffffc2f",
            "0",
            "7",
            "fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141",
            "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798",
            "483ada7726a3c4655da4fbfc0e1108a8fd17b448a68554199c47d08ffb10d4b8",
        ],
        Curve::BrainpoolP256r1 => [
            "a9fb57dba1eea9bc3e660a909d838d726e3bf623d52620282013481d1f6e5377",
            "7d5a0975fc2c3057eef67530417affe7fb8055c126dc5c6ce94a4b44f330b5d9",
            "26dc5c6ce94a4b44f330b5d9bbd77cbf958416295cf7e1ce6bccdc18ff8c07b6",
            "a9fb57dba1eea9bc3e660a909d838d718c397aa3b561a6f7901e0e82974856a7",
            "8bd2aeb9cb7e57cb2c4b482ffc81b7afb9de27e1e3bd23c23a4453bd9ace3262",
            "547ef835c3dac4fd97f8461a14611dc9c27745132ded8e545c1d54c72f046997",
        ],
        Curve::BrainpoolP384r1 => [
            "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b412b1da197fb71123acd3a729901d1a71874700133107ec53",
            "7bc382c63d8c150c3c72080ace05afa0c2bea28e4fb22787139165efba91f90f8aa5814a503ad4eb04a8c7dd22ce2826",
            "04a8c7dd22ce28268b39b55416f0447c2fb77de107dcd2a62e880ea53eeb62d57cb4390295dbc9943ab78696fa504c11",
            "8cb91e82a3386d280f5d6f7e50e641df152f7109ed5456b31f166e6cac0425a7cf3ab6af6b7fc3103b883202e9046565",
            "1d1c64f068cf45ffa2a63a81b7c13f6b8847a3e77ef14fe3db7fcafe0cbd10e8e826e03436d646aaef87b2e247d4af1e",
            "8abe1d7520f9c2a45cb1eb8e95cfd55262b70b29feec5864e19c054ff99129280e4646217791811142820341263c5315",
        ],
        Curve::BrainpoolP512r1 => [
            "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca703308717d4d9b009bc66842aecda12ae6a380e6288\
             1ff2f2d82c68528aa6056583a48f3",
            "7830a3318b603b89e2327145ac234cc594cbdd8d3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1\
             117a72bf2c7b9e7c1ac4d77fc94ca",
            "3df91610a83441caea9863bc2ded5d5aa8253aa10a2ef1c98b9ac8b57f1117a72bf2c7b9e7c1ac4d77fc94cadc083e67984\
             050b75ebae5dd2809bd638016f723",
            "aadd9db8dbe9c48b3fd4e6ae33c9fc07cb308db3b3c9d20ed6639cca70330870553e5c414ca92619418661197fac10471db\
             1d381085ddaddb58796829ca90069",
            "81aee4bdd82ed9645a21322e9c4c6a9385ed9f70b5d916c1b43b62eef4d0098eff3b1f78e2d0d48d50d1687b93b97d5f7c6\
             d5047406a5e688b352209bcb9f822",
            "7dde385d566332ecc0eabfa9cf7822fdf209f70024a57b1aa000c55b881f8111b2dcde494a5f485e5bca4bd88a2763aed1c\
             a2b2fa8f0540678cd1e0f3ad80892",
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_points_lie_on_their_curves_and_have_the_order() {
        for curve in [
            Curve::P192,
            Curve::P224,
            Curve::P256,
            Curve::P384,
            Curve::P521,
            Curve::Secp256k1,
            Curve::BrainpoolP256r1,
            Curve::BrainpoolP384r1,
            Curve::BrainpoolP512r1,
        ] {
            let domain = Domain::of(curve);
            let pad = |number: &BigUint| {
                let octets = number.to_bytes_be();
                [vec![0; domain.p.bits().div_ceil(8) - octets.len()], octets].concat()
            };
            let octets = [vec![4], pad(&domain.base.0), pad(&domain.base.1)].concat();
            let base = domain.point(&octets).unwrap_or_else(|| panic!("{curve:?}"));
            let one = BigUint::from(1u8);
            // (order - 1)·base has the same first coordinate as the base, and one more is infinity.
            let last = domain.combine(&(&domain.order - &one), &BigUint::default(), &base);
            assert_eq!(last.as_ref(), Some(&domain.base.0), "{curve:?}");
            assert_eq!(domain.combine(&(&domain.order - &one), &one, &base), None, "{curve:?}");
            if curve != Curve::P224 {
                let parity = domain.base.1.to_bytes_le()[0] & 1;
                let compressed = [vec![2 | parity], pad(&domain.base.0)].concat();
                assert_eq!(domain.point(&compressed).map(|it| it.y), Some(domain.base.1.clone()), "{curve:?}");
            }
        }
    }
}
