//! What the commands that make something share: whose it is, who signs, what is thought of it, where it goes.

mod authority;
mod delivery;
mod folder;
mod judgement;
mod key_store;
mod like;
mod outputs;
mod pki;
mod program;
mod subject;
mod wanted;

pub(crate) use authority::{Authority, IssuerArgs};
pub(crate) use delivery::Delivery;
pub(crate) use folder::{Folder, ISSUING, NewAuthority, PATIENCE, ROOT, find_list};
pub(crate) use judgement::{AcceptArgs, Judgements};
pub(crate) use key_store::KeyStoreArgs;
pub(crate) use like::{LikeArgs, Model};
pub(crate) use outputs::{Output, OutputArgs, chain, encode, encode_request, key_and_certificate, stem};
pub(crate) use pki::{LayoutArgs, OwnFiles};
pub(crate) use program::Program;
pub(crate) use subject::{SubjectArgs, Whose};
pub(crate) use wanted::Wanted;

use certkit_core::generate::{Error, KeyPair, KeyType, Kind, key_file};
use zeroize::Zeroizing;

use crate::failure::Failure;

/// Says why something was not made, and what to do.
pub(crate) fn not_made(what: &str, error: Error) -> Failure {
    let hint = match &error {
        Error::MissingNames { .. } => "name them: --application-uri URI, --dns NAME, --ip ADDRESS",
        Error::MissingAttribute { .. } | Error::EmptySubject { .. } => "give the whole name: --subject \"CN=…,O=…\"",
        Error::AlternativeName { wanted: "a host name", .. } => "addresses are given with --ip, names with --dns",
        Error::NotAuthority { .. } => "--issuer needs a CA certificate; `certkit generate ca` makes one",
        Error::KeyMismatch { .. } => "name the private key of this certificate",
        Error::RequestOfAuthority { .. } => "to sign a CA request, add --kind ca",
        Error::PathLength { .. } => "issue from a CA that allows a longer path: `certkit generate ca --path-length N`",
        Error::NotSignedByIssuer { .. } => {
            "if the CA had another key then, name the certificate by its serial number from the index in the CA's \
             folder"
        }
        Error::OutsideIssuer { .. } => "renew the issuer first: `certkit renew`",
        _ => "",
    };
    let failure = Failure::new(format!("{what} was not made")).because(error);
    if hint.is_empty() { failure } else { failure.hint(hint) }
}

/// Writes a private key as PEM: encrypted where there is a password.
pub(crate) fn key_pem(key: &KeyPair, password: Option<&Zeroizing<String>>) -> Result<Zeroizing<String>, Failure> {
    match password {
        Some(password) => key_file::to_encrypted_pem(key, password.as_bytes()).map(Zeroizing::new),
        None => key_file::to_pem(key),
    }
    .map_err(|error| not_made("the private key", error))
}

/// Makes a key.
pub(crate) fn generate_key(kind: KeyType) -> Result<KeyPair, Failure> {
    KeyPair::generate(kind).map_err(|error| not_made("the private key", error.into()))
}

/// The kind of key that is made unless another is asked for.
///
/// RSA 2048 suits every RSA policy of OPC UA and every TLS client; an issuer's key must not be shorter than those below.
pub(crate) fn usual_key(kind: Kind, issuer: Option<&KeyPair>) -> KeyType {
    let of_issuer = issuer.and_then(|key| KeyType::of(&key.public_key().ok()?));
    match (kind, of_issuer) {
        // A policy of OPC UA holds for the whole chain, so that one of another family would fit none.
        (Kind::OpcUa, Some(curve @ (KeyType::P256 | KeyType::P384 | KeyType::Ed25519))) => curve,
        (Kind::Root | Kind::IssuingAuthority, _) => KeyType::Rsa4096,
        _ => KeyType::Rsa2048,
    }
}
