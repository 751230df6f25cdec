//! Stands in for old cryptography in a build without the feature `legacy-crypto`: nothing of it can be verified.

/// Old block ciphers.
pub(super) mod ciphers {
    use super::super::password_based::Cipher;

    pub(in crate::crypto) const AVAILABLE: bool = false;

    pub(in crate::crypto) fn decrypt(_: Cipher, _: &[u8], _: &[u8], _: &mut [u8]) -> Option<usize> {
        None
    }

    pub(in crate::crypto) fn encrypt_triple_des(_: &[u8], _: &[u8], _: &mut Vec<u8>) -> Option<()> {
        None
    }
}

/// DSA.
pub(super) mod dsa {
    use super::super::signature::Failure;

    /// Nobody looked, so no fault is known; under such a key nothing verifies.
    pub(in crate::crypto) fn is_sound(_: Option<[&[u8]; 3]>, _: &[u8]) -> bool {
        true
    }

    pub(in crate::crypto) fn verify(_: [&[u8]; 3], _: &[u8], _: &[u8], _: &[u8]) -> Result<(), Failure> {
        Err(Failure::Unsupported("DSA signatures in a build without old cryptography"))
    }
}

/// Points on Edwards curves.
pub(super) mod edwards {
    /// Nobody looked, so no fault is known; under no point nothing verifies.
    pub(in crate::crypto) fn is_ed25519(_: &[u8]) -> bool {
        true
    }

    /// Nobody looked; the backend does not verify with this curve.
    pub(in crate::crypto) fn is_ed448(_: &[u8]) -> bool {
        true
    }

    /// Nobody looked; the backend does not verify with this curve.
    pub(in crate::crypto) fn is_small_448(_: &[u8]) -> bool {
        false
    }
}

/// RSA outside the limits of the backend.
pub(super) mod rsa {
    use super::super::digest::Digest;
    use super::super::signature::Failure;

    const ABSENT: Failure = Failure::Unsupported("RSA with this size or digest in a build without old cryptography");

    pub(in crate::crypto) fn verify_pkcs1(_: &[u8], _: &[u8], _: Digest, _: &[u8], _: &[u8]) -> Result<(), Failure> {
        Err(ABSENT)
    }

    pub(in crate::crypto) fn verify_pss(
        _: &[u8],
        _: &[u8],
        _: Digest,
        _: usize,
        _: &[u8],
        _: &[u8],
    ) -> Result<(), Failure> {
        Err(ABSENT)
    }

    pub(in crate::crypto) fn sign_sha1(_: &[u8], _: &[u8]) -> Option<Vec<u8>> {
        None
    }
}

/// scrypt.
pub(super) mod scrypt {
    pub(in crate::crypto) const AVAILABLE: bool = false;

    #[derive(Clone, Copy, Debug)]
    pub(in crate::crypto) struct Parameters;

    impl Parameters {
        pub(in crate::crypto) fn new(_: u8, _: u32, _: u32) -> Option<Parameters> {
            None
        }

        pub(in crate::crypto) fn derive(&self, _: &[u8], _: &[u8], _: &mut [u8]) -> Option<()> {
            None
        }
    }
}

/// Old curves and those of brainpool.
pub(super) mod weierstrass {
    use super::super::key::Curve;
    use super::super::signature::Failure;

    /// Nobody looked, so no fault is known; under such a key nothing verifies.
    pub(in crate::crypto) fn is_point(_: Curve, _: &[u8]) -> bool {
        true
    }

    pub(in crate::crypto) fn verify(_: Curve, _: &[u8], _: &[u8], _: &[u8]) -> Result<(), Failure> {
        Err(Failure::Unsupported("signatures on this curve in a build without old cryptography"))
    }
}
