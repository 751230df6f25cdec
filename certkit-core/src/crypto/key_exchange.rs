//! A group for key exchange that rustls does not bring along: servers that know no other are read as well.

use aws_lc_rs::agreement::{self, ECDH_P521, EphemeralPrivateKey, PublicKey, UnparsedPublicKey};
use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use rustls::crypto::{ActiveKeyExchange, GetRandomFailed, SharedSecret, SupportedKxGroup};
use rustls::{Error, NamedGroup, PeerMisbehaved};

/// ECDH over the curve P-521 (RFC 8446 section 4.2.7).
pub static SECP521R1: &dyn SupportedKxGroup = &Secp521r1;

/// How an uncompressed point starts, the only form that TLS has (RFC 8446 section 4.2.8.2).
const UNCOMPRESSED: u8 = 4;

#[derive(Debug)]
struct Secp521r1;

impl SupportedKxGroup for Secp521r1 {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let failed = |_: Unspecified| Error::from(GetRandomFailed);
        let private = EphemeralPrivateKey::generate(&ECDH_P521, &SystemRandom::new()).map_err(failed)?;
        let public = private.compute_public_key().map_err(failed)?;
        Ok(Box::new(Begun { private, public }))
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }
}

/// An exchange in which the other side has not spoken yet.
struct Begun {
    private: EphemeralPrivateKey,
    public: PublicKey,
}

impl ActiveKeyExchange for Begun {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        let refused = || Error::from(PeerMisbehaved::InvalidKeyShare);
        if peer.first() != Some(&UNCOMPRESSED) {
            return Err(refused());
        }
        let peer = UnparsedPublicKey::new(&ECDH_P521, peer);
        agreement::agree_ephemeral(self.private, peer, refused(), |secret| Ok(SharedSecret::from(secret)))
    }

    fn pub_key(&self) -> &[u8] {
        self.public.as_ref()
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_agree_and_other_forms_of_points_are_refused() {
        let [one, other] = [(); 2].map(|()| SECP521R1.start().unwrap());
        let (ours, theirs) = (one.pub_key().to_vec(), other.pub_key().to_vec());
        assert_eq!(ours.len(), 133);
        let secret = one.complete(&theirs).unwrap();
        assert_eq!(secret.secret_bytes(), other.complete(&ours).unwrap().secret_bytes());
        assert_eq!(secret.secret_bytes().len(), 66);
        let compressed = [&[2 + (theirs[132] & 1)], &theirs[1..67]].concat();
        for bad in [&compressed[..], &theirs[..132], &[]] {
            assert!(SECP521R1.start().unwrap().complete(bad).is_err());
        }
    }
}
