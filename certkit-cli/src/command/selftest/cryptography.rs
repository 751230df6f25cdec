//! Known answers of the cryptography: what others have made verifies, what was changed does not.

use certkit_core::cert::Certificate;
use certkit_core::container;
use certkit_core::crypto::digest::Digest;
use certkit_core::crypto::key::PublicKey;
use certkit_core::crypto::key_encryption;
use certkit_core::crypto::key_pair::{KeyPair, KeyType};
use certkit_core::crypto::password_based::Budget;
use certkit_core::crypto::{random, signature};
use certkit_core::store::roots;
use certkit_core::text::Hex;

use super::Test;

/// The digests of `abc`, as RFC 1321, FIPS 180-4 and RFC 3874 give them.
const OF_ABC: [(Digest, &str); 6] = [
    (Digest::Md5, "900150983cd24fb0d6963f7d28e17f72"),
    (Digest::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
    (Digest::Sha224, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"),
    (Digest::Sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
        Digest::Sha384,
        "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
    ),
    (
        Digest::Sha512,
        "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
         2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ),
];

/// Certificates that openssl has signed with their own keys: one for each algorithm and kind of key.
const SIGNATURES: &[u8] = include_bytes!("signatures.pem");

/// A key that openssl has encrypted (PBES2, PBKDF2 with HMAC-SHA256, AES-256-CBC), its password, and the SHA-256 of the
/// key in clear. It was made for this test and opens nothing.
const ENCRYPTED: &[u8] = include_bytes!("key.p8");
const PASSWORD: &[u8] = b"Open-Sesame-1001";
const IN_CLEAR: &str = "b1422c5fdd8bdffc4af5c6cd2359aa7ca6ae1599c4c3262c5f4e5f4327d2307d";

const REMEDY: &str = "do not use this certkit: its file or this machine is damaged; install it afresh and compare the \
                      SHA-256 of what was downloaded with SHA256SUMS";

pub(super) fn tests() -> Vec<Test> {
    vec![
        Test::of("digests", digests(&OF_ABC), REMEDY),
        Test::of("signatures", signatures(SIGNATURES), REMEDY),
        Test::of("signing", signing(), REMEDY),
        Test::of("encryption", encryption(ENCRYPTED), REMEDY),
        Test::of("random", randomness(), "look at the random number generator of the operating system"),
        Test::of("roots", embedded_roots(roots::mozilla()), REMEDY),
    ]
}

fn digests(known: &[(Digest, &str)]) -> Result<String, String> {
    let mut names = Vec::new();
    for (digest, wanted) in known {
        if Hex(digest.of(b"abc")).to_string() != *wanted {
            return Err(format!("{} gives another digest than the standard", digest.name()));
        }
        names.push(digest.name());
    }
    Ok(names.join(", "))
}

/// Verifies the certificates' own signatures, and that none verifies over other bytes.
fn signatures(pem: &[u8]) -> Result<String, String> {
    let contents = container::read(pem).map_err(|error| error.to_string())?;
    let mut names = Vec::new();
    for der in contents.into_certificates() {
        let certificate = Certificate::from_der(&der).map_err(|error| error.to_string())?;
        let key = certificate.public_key().map_err(|error| error.to_string())?;
        let algorithm = certificate.signature_algorithm().map_err(|error| error.to_string())?;
        let name = format!("{algorithm} with {key}");
        certificate.verify_own_signature().map_err(|error| format!("{name}: {error}"))?;
        let mut other = certificate.signed_part().to_vec();
        if let Some(last) = other.last_mut() {
            *last ^= 1;
        }
        if signature::verify(algorithm, &key, &other, certificate.signature()) != Err(signature::Failure::Mismatch) {
            return Err(format!("{name}: verifies over bytes that were not signed"));
        }
        names.push(name);
    }
    if names.is_empty() {
        return Err("there is no signature to verify".to_owned());
    }
    Ok(format!("{} kinds verify, and none of them over other bytes", names.len()))
}

/// Makes a key of each kind, signs and verifies.
fn signing() -> Result<String, String> {
    let mut names = Vec::new();
    for kind in [KeyType::Rsa2048, KeyType::P256, KeyType::P384, KeyType::Ed25519] {
        let failed = |error: &dyn std::fmt::Display| format!("{kind}: {error}");
        let pair = KeyPair::generate(kind).map_err(|error| failed(&error))?;
        let algorithm = pair.usual_algorithm();
        let made = pair.sign(algorithm, b"abc").map_err(|error| failed(&error))?;
        let key = PublicKey::from_spki(pair.spki()).map_err(|error| failed(&error))?;
        signature::verify(algorithm.as_verified(), &key, b"abc", &made).map_err(|error| failed(&error))?;
        names.push(kind.name());
    }
    Ok(format!("keys made, signed with and verified: {}", names.join(", ")))
}

fn encryption(encrypted: &[u8]) -> Result<String, String> {
    let open = |password: &[u8]| key_encryption::decrypt(encrypted, password, &mut Budget::for_file());
    let clear = open(PASSWORD).map_err(|error| format!("a key that openssl has encrypted: {error}"))?;
    if Hex(Digest::Sha256.of(&clear)).to_string() != IN_CLEAR {
        return Err("a key that openssl has encrypted comes out as another one".to_owned());
    }
    if open(b"another password").is_ok() {
        return Err("an encrypted key opens with another password".to_owned());
    }
    Ok("a key that openssl has encrypted opens with its password and with no other".to_owned())
}

fn randomness() -> Result<String, String> {
    let draw = || random::bytes::<32>().map_err(|error| error.to_string());
    if draw()? == draw()? {
        return Err("the random number generator gives the same bytes twice".to_owned());
    }
    Ok("the random number generator answers".to_owned())
}

fn embedded_roots<'a>(roots: impl ExactSizeIterator<Item = &'a [u8]>) -> Result<String, String> {
    let count = roots.len();
    for (at, der) in roots.enumerate() {
        let root = Certificate::from_der(der).map_err(|error| format!("root {at} of Mozilla's: {error}"))?;
        root.public_key().map_err(|error| format!("root {at} of Mozilla's: {error}"))?;
    }
    if count == 0 {
        return Err("there are no roots in this certkit".to_owned());
    }
    Ok(format!("{count} roots of Mozilla's in this certkit, all readable"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_damaged_is_told() {
        assert!(digests(&[(Digest::Sha256, "00")]).unwrap_err().starts_with("SHA-256 gives"));
        assert!(signatures(b"nothing").is_err());
        let mut contents = container::read(SIGNATURES).unwrap().into_certificates();
        let mut first = contents.next().unwrap();
        *first.last_mut().unwrap() ^= 1;
        let told = signatures(&first).unwrap_err();
        assert_eq!(told, "MD5-RSA with RSA 2048: the signature does not verify");
        let mut encrypted = ENCRYPTED.to_vec();
        *encrypted.last_mut().unwrap() ^= 1;
        assert!(encryption(&encrypted).is_err());
        assert!(embedded_roots([&b"\x30\x00"[..]].into_iter()).unwrap_err().starts_with("root 0 of Mozilla's"));
        assert!(embedded_roots([].into_iter()).is_err());
    }

    #[test]
    fn the_signatures_are_those_of_the_test_data() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../testdata/signatures");
        let read = |entry: std::fs::DirEntry| std::fs::read(entry.path()).unwrap();
        let all: Vec<Vec<u8>> = std::fs::read_dir(folder).unwrap().map(|entry| read(entry.unwrap())).collect();
        let known: Vec<Vec<u8>> =
            all.iter().flat_map(|pem| container::read(pem).unwrap().into_certificates().collect::<Vec<_>>()).collect();
        let ours: Vec<Vec<u8>> = container::read(SIGNATURES).unwrap().into_certificates().collect();
        assert_eq!(ours.len(), 20);
        assert!(ours.iter().all(|der| known.contains(der)));
    }
}
