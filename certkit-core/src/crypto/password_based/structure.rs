//! What is written of encryption and authentication with passwords, as types of `der`.

use der::asn1::{AnyRef, OctetStringRef};
use der::{Encode as _, Sequence};

use crate::asn1::typed::{AlgorithmIdentifier, NotWritten, encode, raw};
use crate::oid::Oid;

/// PBES2-params (RFC 8018 appendix A.4).
#[derive(Sequence)]
struct Pbes2<'a> {
    derivation: AlgorithmIdentifier<'a>,
    cipher: AlgorithmIdentifier<'a>,
}

/// PBKDF2-params (RFC 8018 appendix A.2).
#[derive(Sequence)]
struct Pbkdf2<'a> {
    salt: OctetStringRef<'a>,
    iterations: u32,
    function: AlgorithmIdentifier<'a>,
}

/// PBEParameter (RFC 8018 appendix A.3), which PKCS#12 and Java have, too.
#[derive(Sequence)]
struct Salted<'a> {
    salt: OctetStringRef<'a>,
    iterations: u32,
}

/// EncryptedPrivateKeyInfo (RFC 5958 section 3).
#[derive(Sequence)]
struct EncryptedPrivateKeyInfo<'a> {
    algorithm: AnyRef<'a>,
    encrypted: OctetStringRef<'a>,
}

/// MacData (RFC 7292 section 4).
#[derive(Sequence)]
struct MacData<'a> {
    digest: DigestInfo<'a>,
    salt: OctetStringRef<'a>,
    iterations: u32,
}

/// DigestInfo (RFC 8017 section 9.2).
#[derive(Sequence)]
struct DigestInfo<'a> {
    algorithm: AlgorithmIdentifier<'a>,
    digest: OctetStringRef<'a>,
}

/// The identifiers of PBES2 and of what it is made of.
pub(super) struct Pbes2Oids {
    pub(super) scheme: Oid<'static>,
    pub(super) derivation: Oid<'static>,
    pub(super) function: Oid<'static>,
    pub(super) cipher: Oid<'static>,
}

/// Writes the AlgorithmIdentifier of PBES2 with PBKDF2.
pub(super) fn pbes2(oids: &Pbes2Oids, salt: &[u8], iterations: u32, vector: &[u8]) -> Result<Vec<u8>, NotWritten> {
    let function = AlgorithmIdentifier { algorithm: oids.function, parameters: Some(AnyRef::NULL) };
    let derivation = encode(&Pbkdf2 { salt: OctetStringRef::new(salt)?, iterations, function })?;
    let vector = OctetStringRef::new(vector)?;
    let parameters = encode(&Pbes2 {
        derivation: AlgorithmIdentifier { algorithm: oids.derivation, parameters: Some(raw(&derivation)?) },
        cipher: AlgorithmIdentifier { algorithm: oids.cipher, parameters: Some(vector.into()) },
    })?;
    encode(&AlgorithmIdentifier { algorithm: oids.scheme, parameters: Some(raw(&parameters)?) })
}

/// Writes the AlgorithmIdentifier of a scheme that takes a salt and a number of iterations.
pub(super) fn salted(scheme: Oid<'_>, salt: &[u8], iterations: u32) -> Result<Vec<u8>, NotWritten> {
    let parameters = Salted { salt: OctetStringRef::new(salt)?, iterations }.to_der()?;
    encode(&AlgorithmIdentifier { algorithm: scheme, parameters: Some(raw(&parameters)?) })
}

/// Writes the AlgorithmIdentifier of a scheme without parameters.
pub(super) fn plain(scheme: Oid<'_>) -> Result<Vec<u8>, NotWritten> {
    encode(&AlgorithmIdentifier { algorithm: scheme, parameters: Some(AnyRef::NULL) })
}

/// Writes an EncryptedPrivateKeyInfo.
pub(super) fn encrypted_key(algorithm: &[u8], encrypted: &[u8]) -> Result<Vec<u8>, NotWritten> {
    encode(&EncryptedPrivateKeyInfo { algorithm: raw(algorithm)?, encrypted: OctetStringRef::new(encrypted)? })
}

/// Writes MacData.
pub(super) fn mac_data(hash: Oid<'_>, digest: &[u8], salt: &[u8], iterations: u32) -> Result<Vec<u8>, NotWritten> {
    let algorithm = AlgorithmIdentifier { algorithm: hash, parameters: Some(AnyRef::NULL) };
    let digest = DigestInfo { algorithm, digest: OctetStringRef::new(digest)? };
    encode(&MacData { digest, salt: OctetStringRef::new(salt)?, iterations })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::asn1::write;
    use crate::oid;

    /// The same, put together element by element.
    #[test]
    fn structures_are_written_as_their_elements_are() {
        let (salt, vector) = ([7; 16], [9; 16]);
        let (octets, number) = (write::octet_string(&salt), write::small_integer(600_000));
        let oids =
            Pbes2Oids { scheme: oid::SHA1, derivation: oid::SHA256, function: oid::RSA_ENCRYPTION, cipher: oid::DSA };
        let function = write::sequence(&[&write::oid(oids.function), &write::NULL]);
        let parameters = write::sequence(&[&octets, &number, &function]);
        let derivation = write::sequence(&[&write::oid(oids.derivation), &parameters]);
        let cipher = write::sequence(&[&write::oid(oids.cipher), &write::octet_string(&vector)]);
        let whole = write::sequence(&[&write::oid(oids.scheme), &write::sequence(&[&derivation, &cipher])]);
        assert_eq!(pbes2(&oids, &salt, 600_000, &vector).unwrap(), whole);

        let old = write::sequence(&[&write::oid(oid::SHA1), &write::sequence(&[&octets, &number])]);
        assert_eq!(salted(oid::SHA1, &salt, 600_000).unwrap(), old);
        let hash = write::sequence(&[&write::oid(oid::SHA1), &write::NULL]);
        assert_eq!(plain(oid::SHA1).unwrap(), hash);
        let key = write::sequence(&[&old, &write::octet_string(&[5; 200])]);
        assert_eq!(encrypted_key(&old, &[5; 200]).unwrap(), key);
        let info = write::sequence(&[&hash, &write::octet_string(&[3; 20])]);
        let mac = write::sequence(&[&info, &octets, &write::small_integer(128)]);
        assert_eq!(mac_data(oid::SHA1, &[3; 20], &salt, 128).unwrap(), mac);
    }
}
