//! Private keys as they stand in files.

use zeroize::Zeroizing;

use super::{Error, KeyPair};
use crate::container::{self, Contents, ItemKind, KeyForm};
use crate::crypto::key_encryption;
use crate::crypto::password_based::Budget;

/// Reads the private key of a file in PEM, DER or base64: PKCS#8, PKCS#1 or SEC 1, encrypted or not.
///
/// Other things in the file (certificates, EC parameters) are passed over. Fails
/// where there is no key, more than one, or an encrypted one without its password.
/// Costs a second or two where the key is well encrypted.
pub fn read(bytes: &[u8], password: Option<&[u8]>) -> Result<KeyPair, Error> {
    open(&container::read(bytes)?, password)
}

/// Opens the private key among things that have been read already, as [`read`] does.
pub fn open(contents: &Contents, password: Option<&[u8]>) -> Result<KeyPair, Error> {
    let mut keys = contents.items.iter().filter_map(|item| match &item.kind {
        ItemKind::PrivateKey(facts) => Some((facts, &item.der)),
        _ => None,
    });
    let (facts, der) = keys.next().ok_or(Error::NoKey)?;
    if keys.next().is_some() {
        return Err(Error::SeveralKeys);
    }
    let Some(encryption) = &facts.encryption else { return Ok(KeyPair::from_der(der)?) };
    let password = password.ok_or_else(|| Error::PasswordNeeded { scheme: encryption.scheme.clone() })?;
    let clear = match facts.form {
        KeyForm::EncryptedTraditional => {
            key_encryption::decrypt_traditional(&encryption.scheme, &encryption.vector, der, password)
        }
        _ => key_encryption::decrypt(der, password, &mut Budget::for_file()),
    };
    let clear = clear.map_err(|error| match error {
        // Its name is better than the identifier inside of it.
        key_encryption::Error::Unsupported { .. } => {
            key_encryption::Error::Unsupported { scheme: encryption.scheme.clone() }
        }
        other => other,
    })?;
    Ok(KeyPair::from_der(&clear)?)
}

/// Writes a private key in clear: PKCS#8 in PEM.
pub fn to_pem(key: &KeyPair) -> Result<Zeroizing<String>, Error> {
    Ok(Zeroizing::new(container::pem::encode("PRIVATE KEY", &key.to_pkcs8()?)))
}

/// Writes a private key encrypted with a password: PKCS#8 in PEM, PBES2 with AES-256.
///
/// Any password is taken; [`require_strong`] is for the caller to ask first.
pub fn to_encrypted_pem(key: &KeyPair, password: &[u8]) -> Result<String, Error> {
    Ok(container::pem::encode("ENCRYPTED PRIVATE KEY", &key_encryption::encrypt(&key.to_pkcs8()?, password)?))
}

/// Says whether a new password keeps the rule: 14 characters or more, of lower and upper case, digits and others; and
/// whether it withstands guessing, as zxcvbn estimates that. Costs a millisecond or two.
pub fn require_strong(password: &str) -> Result<(), Error> {
    let has = |kind: fn(char) -> bool| password.chars().any(kind);
    let missing: Vec<&str> = [
        (password.chars().count() >= 14, "14 characters"),
        (has(char::is_lowercase), "a lower-case letter"),
        (has(char::is_uppercase), "an upper-case letter"),
        (has(|character| character.is_ascii_digit()), "a digit"),
        (has(|character| !character.is_alphanumeric()), "a special character"),
    ]
    .into_iter()
    .filter_map(|(is_kept, rule)| (!is_kept).then_some(rule))
    .collect();
    if missing.is_empty() {
        require_unguessable(password)
    } else {
        Err(Error::WeakPassword { missing: missing.join(", ") })
    }
}

/// So many guesses, as a power of ten, a new password has to withstand: what its rule gives to those who roll dice for it.
pub(super) const WANTED_GUESSES: u8 = 10;

/// Words of the field, which somebody who guesses a password here tries first.
const WORDS: [&str; 12] = [
    "kepware",
    "kepserverex",
    "kepserver",
    "thingworx",
    "opcua",
    "opcuaserver",
    "uaserver",
    "uaexpert",
    "iotgateway",
    "localhost",
    "keystore",
    "truststore",
];

/// Says whether a text is one character again and again, whatever its case.
fn is_one_repeated(text: &str) -> bool {
    let mut characters = text.chars().map(|it| it.to_ascii_lowercase());
    let first = characters.next();
    characters.next().is_some_and(|second| Some(second) == first) && characters.all(|it| Some(it) == first)
}

/// Refuses common words, names, runs and repetitions with a few letters around them, which keep the rule and are found
/// at once.
fn require_unguessable(password: &str) -> Result<(), Error> {
    use zxcvbn::matching::patterns::MatchPattern;
    let estimate = zxcvbn::zxcvbn(password, &WORDS);
    if estimate.guesses_log10() >= f64::from(WANTED_GUESSES) {
        return Ok(());
    }
    let mut parts: Vec<&str> = Vec::new();
    for part in estimate.sequence() {
        let part = match part.pattern {
            MatchPattern::Repeat(_) => "a repetition",
            // Lists of passwords have such, too.
            MatchPattern::Dictionary(_) if is_one_repeated(&part.token) => "a repetition",
            MatchPattern::Dictionary(_) => "a common word, name or password",
            MatchPattern::Spatial(_) => "adjacent keys on the keyboard",
            MatchPattern::Sequence(_) => "a sequence of letters or digits",
            MatchPattern::Regex(_) | MatchPattern::Date(_) => "a date",
            MatchPattern::BruteForce => "a few other characters",
        };
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    // A power of ten between 0 and the one that is wanted.
    let exponent = (0..WANTED_GUESSES).rev().find(|it| estimate.guesses_log10() >= f64::from(*it)).unwrap_or_default();
    Err(Error::GuessablePassword { exponent, parts: parts.join(" and ") })
}
