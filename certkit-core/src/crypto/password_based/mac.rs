//! MACs whose key is a password: that of PKCS#12 (RFC 7292 appendix B.3) and PBMAC1 (RFC 9579).

use hmac::{Hmac, Mac as _};
use zeroize::Zeroizing;

use super::derive::{self, Hash, Purpose, with_hash};
use super::scheme::{Pbkdf2, hash_of_digest, hash_of_hmac, name_of};
use super::{Budget, Error, Password, Protection, structure};
use crate::asn1::{Reader, Tag};
use crate::crypto::random;
use crate::oid::{self, Oid};

/// The MacData of a PKCS#12 store (RFC 7292 section 4).
#[derive(Clone, Copy, Debug)]
pub struct Mac<'a> {
    way: Way<'a>,
    /// What the MAC ought to be.
    digest: &'a [u8],
}

#[derive(Clone, Copy, Debug)]
enum Way<'a> {
    Pkcs12 { hash: Hash, salt: &'a [u8], iterations: u32 },
    Pbmac1 { derivation: Pbkdf2<'a>, hash: Hash },
}

/// The shortest key of PBMAC1 in octets (RFC 9579 section 9): a shorter one anybody can guess, and one of no octets needs
/// no password.
const MIN_KEY: usize = 20;

const PBMAC1: Oid<'static> = Oid(b"\x2a\x86\x48\x86\xf7\x0d\x01\x05\x0e");

impl<'a> Mac<'a> {
    /// Reads the SEQUENCE that MacData is.
    pub fn read(mut data: Reader<'a>) -> Result<Mac<'a>, Error> {
        let mut info = data.sequence()?;
        let algorithm = info.expect(Tag::SEQUENCE)?;
        let digest = info.expect(Tag::OCTET_STRING)?.value;
        let salt = data.expect(Tag::OCTET_STRING)?.value;
        let iterations = match data.optional(Tag::INTEGER)? {
            Some(count) => crate::asn1::small_integer(count.value).ok_or(count.invalid("iteration count"))?,
            None => 1,
        };
        let mut parts = algorithm.contents();
        let name = Oid(parts.oid()?);
        let unsupported = || Error::Unsupported { scheme: format!("a MAC with {}", name_of(algorithm.raw)) };
        let way = if name == PBMAC1 {
            let mut parameters = parts.sequence()?;
            let derivation = Pbkdf2::read(parameters.expect(Tag::SEQUENCE)?)?;
            let scheme = Oid(parameters.sequence()?.oid()?);
            if let Some(octets) = derivation.length.filter(|length| *length < MIN_KEY) {
                let scheme = format!("PBMAC1 with a key of {octets} octets, fewer than {MIN_KEY}");
                return Err(Error::Unsupported { scheme });
            }
            Way::Pbmac1 { derivation, hash: hash_of_hmac(scheme).ok_or_else(unsupported)? }
        } else {
            Way::Pkcs12 { hash: hash_of_digest(name).ok_or_else(unsupported)?, salt, iterations }
        };
        Ok(Mac { way, digest })
    }

    /// Says whether `content` is what was authenticated, and with this password.
    pub fn verifies(&self, content: &[u8], password: Password<'_>, budget: &mut Budget) -> Result<bool, Error> {
        let (hash, key) = match self.way {
            Way::Pkcs12 { hash, salt, iterations } => {
                budget.take(iterations, derive::pkcs12_weight(hash, hash.length()))?;
                let mut key = Zeroizing::new(vec![0; hash.length()]);
                derive::pkcs12(hash, Purpose::Mac, password, salt, iterations, &mut key);
                (hash, key)
            }
            Way::Pbmac1 { derivation, hash } => {
                (hash, derivation.derive(password, derivation.length.unwrap_or(hash.length()), budget)?)
            }
        };
        with_hash!(hash, H => {
            let mut mac = Hmac::<H>::new_from_slice(&key).map_err(|_| Error::Backend)?;
            mac.update(content);
            Ok(mac.verify_slice(self.digest).is_ok())
        })
    }

    /// Writes MacData for `content`.
    pub fn write(content: &[u8], password: Password<'_>, protection: Protection) -> Result<Vec<u8>, Error> {
        let salt = random::bytes::<16>()?;
        let (hash, name) = match protection {
            Protection::Modern => (Hash::Sha256, oid::SHA256),
            Protection::Java8 => (Hash::Sha1, oid::SHA1),
        };
        let iterations = protection.iterations();
        let mut key = Zeroizing::new(vec![0; hash.length()]);
        derive::pkcs12(hash, Purpose::Mac, password, &salt, iterations, &mut key);
        let digest = with_hash!(hash, H => {
            let mut mac = Hmac::<H>::new_from_slice(&key).map_err(|_| Error::Backend)?;
            mac.update(content);
            mac.finalize().into_bytes().to_vec()
        });
        Ok(structure::mac_data(name, &digest, &salt, iterations)?)
    }
}
