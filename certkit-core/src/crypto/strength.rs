//! How strong algorithms and keys are, as NIST counts it: against computers of today and against quantum computers.

use super::key::{Curve, KeyKind, PublicKey};
use crate::asn1::{self, Tag};
use crate::oid::{self, Oid};

/// The identifier of an AlgorithmIdentifier (RFC 5280 section 4.1.1.2).
pub fn algorithm_oid(identifier: &[u8]) -> Result<Oid<'_>, asn1::Error> {
    asn1::single(identifier, Tag::SEQUENCE)?.contents().oid().map(Oid)
}

/// The identifier of the algorithm of a public key; `None` where that cannot be decoded.
pub fn key_oid<'a>(key: &PublicKey<'a>) -> Option<Oid<'a>> {
    let mut fields = asn1::single(key.spki, Tag::SEQUENCE).ok()?.contents();
    fields.sequence().ok()?.oid().ok().map(Oid)
}

/// The security category of NIST (FIPS 203, 204, 205) that an algorithm reaches: 1 to 5, or 0 where a quantum computer
/// breaks it. `None` for an algorithm of which that is not known here, or where it depends on parameters.
pub fn quantum_category(algorithm: Oid<'_>) -> Option<u8> {
    Some(match algorithm {
        oid::ML_KEM_512
        | oid::SLH_DSA_SHA2_128S
        | oid::SLH_DSA_SHA2_128F
        | oid::SLH_DSA_SHAKE_128S
        | oid::SLH_DSA_SHAKE_128F => 1,
        oid::ML_DSA_44 | oid::HASH_ML_DSA_44 => 2,
        oid::ML_KEM_768
        | oid::ML_DSA_65
        | oid::HASH_ML_DSA_65
        | oid::SLH_DSA_SHA2_192S
        | oid::SLH_DSA_SHA2_192F
        | oid::SLH_DSA_SHAKE_192S
        | oid::SLH_DSA_SHAKE_192F => 3,
        oid::ML_KEM_1024
        | oid::ML_DSA_87
        | oid::HASH_ML_DSA_87
        | oid::SLH_DSA_SHA2_256S
        | oid::SLH_DSA_SHA2_256F
        | oid::SLH_DSA_SHAKE_256S
        | oid::SLH_DSA_SHAKE_256F => 5,
        // Factors and discrete logarithms: RFC 8017, FIPS 186, RFC 7748, RFC 8032, and the curves of others.
        oid::RSA_ENCRYPTION
        | oid::RSASSA_PSS
        | oid::MD2_RSA
        | oid::MD5_RSA
        | oid::SHA1_RSA
        | oid::SHA1_RSA_OIW
        | oid::SHA224_RSA
        | oid::SHA256_RSA
        | oid::SHA384_RSA
        | oid::SHA512_RSA
        | oid::SHA512_224_RSA
        | oid::SHA512_256_RSA
        | oid::SHAKE128_RSA_PSS
        | oid::SHAKE256_RSA_PSS
        | oid::EC_PUBLIC_KEY
        | oid::SHA1_ECDSA
        | oid::SHA224_ECDSA
        | oid::SHA256_ECDSA
        | oid::SHA384_ECDSA
        | oid::SHA512_ECDSA
        | oid::SHAKE128_ECDSA
        | oid::SHAKE256_ECDSA
        | oid::DSA
        | oid::SHA1_DSA
        | oid::SHA224_DSA
        | oid::SHA256_DSA
        | oid::ED25519
        | oid::ED448
        | oid::X25519
        | oid::X448
        | oid::SM2
        | oid::SHA256_SM2
        | oid::SM2_SM3
        | oid::GOST_2012_256
        | oid::GOST_2012_512
        | oid::GOST_2012_256_STREEBOG
        | oid::GOST_2012_512_STREEBOG => 0,
        _ => return None,
    })
}

/// The bits of security that a key has against computers of today (NIST SP 800-57 part 1, table 2), 0 below 80; `None`
/// where that is not known here.
pub fn classical_bits(key: &PublicKey<'_>) -> Option<u32> {
    let of_factors = |size: u32| match size {
        15_360.. => 256,
        7_680.. => 192,
        3_072.. => 128,
        2_048.. => 112,
        1_024.. => 80,
        _ => 0,
    };
    match key.kind {
        KeyKind::Rsa { .. } | KeyKind::Dsa { .. } => key.size().map(of_factors),
        KeyKind::Ec { curve: Curve::P521, .. } => Some(256),
        KeyKind::Ec { curve, .. } => curve.bits().checked_div(2),
        KeyKind::Ed25519 => Some(128),
        KeyKind::Ed448 => Some(224),
        KeyKind::Other(oid::X25519) => Some(128),
        KeyKind::Other(oid::X448) => Some(224),
        // FIPS 203 section 8, FIPS 204 section 4, FIPS 205 section 11: as AES of 128, 192 or 256 bits, or a digest of 256.
        KeyKind::Other(other) => match quantum_category(other)? {
            1 | 2 => Some(128),
            3 => Some(192),
            5 => Some(256),
            _ => None,
        },
        KeyKind::EcOther { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn categories_are_those_of_the_standards() {
        for (oid, wanted) in [
            (oid::ML_DSA_44, Some(2)),
            (oid::ML_DSA_65, Some(3)),
            (oid::ML_DSA_87, Some(5)),
            (oid::ML_KEM_512, Some(1)),
            (oid::SLH_DSA_SHAKE_192F, Some(3)),
            (oid::RSA_ENCRYPTION, Some(0)),
            (oid::X25519, Some(0)),
            (oid::XMSS, None),
            (Oid(&[0x2a, 0x03]), None),
        ] {
            assert_eq!(quantum_category(oid), wanted, "{oid}");
        }
    }

    #[test]
    fn sizes_of_keys_are_counted_as_nist_does() {
        fn key(kind: KeyKind<'_>) -> PublicKey<'_> {
            PublicKey { spki: &[], bits: &[], kind }
        }
        let ec = |curve| classical_bits(&key(KeyKind::Ec { curve, point: &[] }));
        assert_eq!([Curve::P224, Curve::P256, Curve::P384, Curve::P521].map(ec), [112, 128, 192, 256].map(Some));
        let rsa = |length: usize| {
            let modulus = vec![0xff; length];
            let kind = KeyKind::Rsa { modulus: &modulus, exponent: &[3], padding: super::super::key::RsaPadding::Any };
            classical_bits(&key(kind))
        };
        assert_eq!([64, 128, 256, 384, 960].map(rsa), [0, 80, 112, 128, 192].map(Some));
        assert_eq!(classical_bits(&key(KeyKind::Other(oid::ML_DSA_87))), Some(256));
        assert_eq!(classical_bits(&key(KeyKind::Other(oid::XMSS))), None);
    }
}
