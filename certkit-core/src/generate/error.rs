//! Why a certificate, request or list could not be made.

use crate::asn1;
use crate::asn1::typed::NotWritten;
use crate::cert::Malformed;
use crate::container::ContainerError;
use crate::crypto::{key_encryption, key_pair, random, signature};
use crate::moment::Moment;

/// Says why something could not be made. Where a rule forbids it, the clause is named.
#[derive(Clone, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A distinguished name is not written as RFC 4514 says.
    #[error("`{text}` is not a distinguished name: {problem} (at character {at}); expected such as CN=plc7,O=Plant")]
    NameSyntax {
        /// What was read.
        text: String,
        /// Which character, counted from 1.
        at: usize,
        /// What is wrong there.
        problem: &'static str,
    },
    /// An attribute of a distinguished name has a value that its type does not allow.
    #[error("{attribute}={value}: {problem} ({clause})")]
    NameValue {
        /// The attribute's keyword.
        attribute: &'static str,
        /// The value that was asked for.
        value: String,
        /// What is wrong with it.
        problem: String,
        /// Where that stands.
        clause: &'static str,
    },
    /// The kind of certificate needs a subject, and there is none.
    #[error("a certificate of kind {kind} needs a subject ({clause})")]
    EmptySubject {
        /// The kind that was asked for.
        kind: &'static str,
        /// Where that stands.
        clause: &'static str,
    },
    /// The kind of certificate needs an attribute in its subject.
    #[error("a certificate of kind {kind} needs {attribute}= in its subject ({clause})")]
    MissingAttribute {
        /// The kind that was asked for.
        kind: &'static str,
        /// The attribute's keyword.
        attribute: &'static str,
        /// Where that stands.
        clause: &'static str,
    },
    /// An alternative name or address is not well formed.
    #[error("`{name}` is not {wanted}: {problem} ({clause})")]
    AlternativeName {
        /// The name that was asked for.
        name: String,
        /// What it should be, such as `a host name`.
        wanted: &'static str,
        /// What is wrong with it.
        problem: &'static str,
        /// Where that stands.
        clause: &'static str,
    },
    /// The kind of certificate needs other alternative names than those given.
    #[error("a certificate of kind {kind} needs {wanted} ({clause})")]
    MissingNames {
        /// The kind that was asked for.
        kind: &'static str,
        /// What is missing or too much.
        wanted: &'static str,
        /// Where that stands.
        clause: &'static str,
    },
    /// The validity ends before it starts, or is no time that a certificate can hold.
    #[error("invalid validity from {not_before} to {not_after} (RFC 5280 section 4.1.2.5)")]
    Validity {
        /// The start that was asked for.
        not_before: Moment,
        /// The end that was asked for.
        not_after: Moment,
    },
    /// Nothing of the validity lies inside the issuer's.
    #[error(
        "the issuer {issuer} is valid from {not_before} to {not_after}, which does not overlap with the requested \
         validity"
    )]
    OutsideIssuer {
        /// The issuer's name.
        issuer: String,
        /// The start of the issuer's validity.
        not_before: Moment,
        /// The end of the issuer's validity.
        not_after: Moment,
    },
    /// The issuer's certificate is not that of a CA.
    #[error("{issuer} is not a CA: its basicConstraints do not say so (RFC 5280 section 4.2.1.9)")]
    NotAuthority {
        /// The issuer's name.
        issuer: String,
    },
    /// The issuer's key may not be used for this.
    #[error("the key usage of {issuer} lacks {usage} (RFC 5280 section 4.2.1.3)")]
    IssuerUsage {
        /// The issuer's name.
        issuer: String,
        /// The missing bit.
        usage: &'static str,
    },
    /// The issuer's path length forbids a CA below it, or one with so long a path.
    #[error("the path length of {issuer} allows at most {allowed} further CAs below it (RFC 5280 section 4.2.1.9)")]
    PathLength {
        /// The issuer's name.
        issuer: String,
        /// How many CAs may follow.
        allowed: u32,
    },
    /// A path length for a certificate that is not a CA's.
    #[error("a certificate of kind {kind} is not a CA and has no path length (RFC 5280 section 4.2.1.9)")]
    PathLengthOfLeaf {
        /// The kind that was asked for.
        kind: &'static str,
    },
    /// The subject of a certificate that is not a CA's is its issuer's.
    #[error(
        "the subject {subject} is the issuer's own name: the certificate would look self-issued (RFC 5280 section 3.2)"
    )]
    SubjectIsIssuer {
        /// The name.
        subject: String,
    },
    /// The issuer's private key is not that of its certificate.
    #[error("the private key ({key}) does not belong to the certificate of {issuer}")]
    KeyMismatch {
        /// The key that was given.
        key: String,
        /// The issuer's name.
        issuer: String,
    },
    /// The subject's public key is too weak, or of a kind that is not certified.
    #[error("unsupported public key {key}: expected RSA from 2048 to 8192 bits, P-256, P-384, P-521 or Ed25519")]
    UnfitKey {
        /// The key.
        key: String,
    },
    /// The file holds no private key.
    #[error("it holds no private key")]
    NoKey,
    /// The file holds several private keys, and none is preferred.
    #[error("it holds several private keys")]
    SeveralKeys,
    /// The private key is encrypted, and no password was given.
    #[error("the private key is encrypted ({scheme}): its password is needed")]
    PasswordNeeded {
        /// What encrypts it.
        scheme: String,
    },
    /// A new password that does not keep the rule.
    #[error("the password is too weak: it lacks {missing}")]
    WeakPassword {
        /// What is missing.
        missing: String,
    },
    /// A new password that is long enough and yet found by guessing.
    #[error(
        "the password can be guessed: it is made of {parts}, which takes about 10^{exponent} guesses; it should take \
         10^{wanted}",
        wanted = super::key_file::WANTED_GUESSES
    )]
    GuessablePassword {
        /// How many guesses find it, as a power of ten.
        exponent: u8,
        /// What it is made of; nothing of the password itself.
        parts: String,
    },
    /// A private key could not be encrypted or decrypted.
    #[error(transparent)]
    Encryption(#[from] key_encryption::Error),
    /// A key file could not be read.
    #[error(transparent)]
    Container(#[from] ContainerError),
    /// A request is not signed by the key that it asks for.
    #[error("{}", request_signature(subject, source))]
    RequestSignature {
        /// The name that is asked for.
        subject: String,
        /// What the signature lacks.
        #[source]
        source: signature::Failure,
    },
    /// A request asks for a CA where none is to be made.
    #[error(
        "{subject} asks for a CA certificate, but a certificate of kind {kind} is not one (RFC 5280 section \
             4.2.1.9)"
    )]
    RequestOfAuthority {
        /// The name that is asked for.
        subject: String,
        /// The kind that is to be made.
        kind: &'static str,
    },
    /// A part of a request that would be copied is not DER.
    #[error("the {part} of the request is not DER, so it cannot be certified")]
    RequestNotDer {
        /// The part.
        part: &'static str,
        /// Where it departs from DER, from the part's start.
        #[source]
        source: asn1::Error,
    },
    /// The certificate to be revoked is not of this issuer.
    #[error("{subject} was issued by {found}, so {issuer} cannot revoke it")]
    ForeignCertificate {
        /// The certificate's subject.
        subject: String,
        /// The certificate's issuer.
        found: String,
        /// Who was to revoke it.
        issuer: String,
    },
    /// A certificate that bears the issuer's name, and not its signature.
    #[error("{subject} names {issuer} as its issuer, but is not signed by its key")]
    NotSignedByIssuer {
        /// The certificate's subject.
        subject: String,
        /// The issuer.
        issuer: String,
        /// What verifying the signature came to.
        source: signature::Failure,
    },
    /// The revocation list to be extended is not this issuer's own, plain and complete list.
    #[error("the revocation list cannot be extended by {issuer}: {problem}")]
    ForeignList {
        /// Who was to extend it.
        issuer: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The certificate is revoked already.
    #[error("the certificate with serial number {serial} was already revoked on {date}")]
    AlreadyRevoked {
        /// The serial number in hex.
        serial: String,
        /// When.
        date: Moment,
    },
    /// No reason for a revocation goes by this name.
    #[error("`{text}` is not a revocation reason: expected one of {expected} (RFC 5280 section 5.3.1)")]
    UnknownReason {
        /// What was read.
        text: String,
        /// The names that there are.
        expected: String,
    },
    /// A revocation list would be over before it starts, or older than the one that it follows.
    #[error(
        "a revocation list from {this_update} to {next_update} is invalid, or older than the one it replaces (RFC 5280 \
         section 5.1.2)"
    )]
    UpdateTimes {
        /// When it is made.
        this_update: Moment,
        /// When the next one will be out.
        next_update: Moment,
    },
    /// A private key could not be made, read or used.
    #[error(transparent)]
    Key(#[from] key_pair::Error),
    /// No random serial number.
    #[error(transparent)]
    Randomness(#[from] random::NoRandomness),
    /// What is asked has no form in DER.
    #[error(transparent)]
    NotWritten(#[from] NotWritten),
    /// A certificate or request that was given cannot be decoded.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// What was made does not say what was asked: a fault of certkit, found by another reader before anything was handed out.
    #[error(
        "the new {document} differs from the request: its {field} is `{found}` instead of `{wanted}`; this is a bug in \
         certkit, please report it"
    )]
    NotAsAsked {
        /// What was made.
        document: &'static str,
        /// The field or extension.
        field: String,
        /// What it should say.
        wanted: String,
        /// What another reader finds in it.
        found: String,
    },
    /// Another reader cannot read what was made: a fault of certkit, found before anything was handed out.
    #[error("another reader cannot read the new {document}: {problem}; this is a bug in certkit, please report it")]
    Unreadable {
        /// What was made.
        document: &'static str,
        /// What that reader says.
        problem: String,
    },
    /// What was made is not DER: a fault of certkit, found before anything was handed out.
    #[error("the result is not DER")]
    NotDer(#[source] asn1::Error),
    /// The signature of what was made does not verify: a fault of certkit, found before anything was handed out.
    #[error("the signature of the result does not verify")]
    NotVerified(#[source] signature::Failure),
}

/// Says that a request is not signed by its own key, or that nobody can tell.
fn request_signature(subject: &str, failure: &signature::Failure) -> String {
    match failure {
        signature::Failure::Unsupported(_) => {
            format!("whether the request of {subject} is signed by its own key cannot be told (RFC 2986 section 4.2)")
        }
        _ => format!("the request of {subject} is not signed by its own key (RFC 2986 section 4.2)"),
    }
}
