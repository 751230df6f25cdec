//! Whether the signatures of a path verify (RFC 5280 section 6.1.3, step (a)(1)).

use super::super::Clause::Rfc5280;
use super::super::Look::Each;
use super::super::{Case, Check, Outcome, Severity, Subject};
use crate::cert::Certificate;
use crate::cert::extension::{AuthorityKeyIdentifier, SubjectKeyIdentifier};
use crate::crypto::signature::Failure;
use crate::path::Verification;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&SIGNATURE_INVALID, &SIGNATURE_NOT_VERIFIABLE];

/// The issuer's key did not make the signature.
pub static SIGNATURE_INVALID: Check = Check {
    id: "signature-invalid",
    severity: Severity::Error,
    clauses: &[Rfc5280("6.1.3")],
    title: "The signature was made by the issuer's key",
    why: "Either the certificate was changed after it was signed, or the issuer shown here is another one of the same \
          name, such as a CA that was set up anew. Nobody can tell a mistake from a forgery; every partner refuses \
          it.",
    remedy: "Compare the key identifiers: `certkit inspect --full FILE` shows which issuer the certificate names and \
             which one is there. If the CA was set up anew, have the certificate issued by the new one, or give the \
             old CA certificate to those who check.",
    look: Each { applies: |case, subject| signed(case, subject).is_some_and(|(it, _)| is_decided(it)), at: signature },
};

/// Nobody can tell with certkit whether the signature is the issuer's.
pub static SIGNATURE_NOT_VERIFIABLE: Check = Check {
    id: "signature-not-verifiable",
    severity: Severity::Error,
    clauses: &[Rfc5280("6.1.3")],
    title: "The signature is of an algorithm that can be verified",
    why: "Whether this certificate is genuine was not decided: anybody can write one with a signature that nobody \
          here can verify. Explicit curves, for which OpenSSL has error 94, SHA-3 and Ed448 are refused by most \
          TLS libraries and by every OPC UA stack, too.",
    remedy: "Have the certificate issued anew with an algorithm that partners know: RSA or ECDSA (P-256, P-384) with \
             SHA-256. Until then compare its fingerprint with one that you got on another way.",
    look: Each { applies: |case, subject| signed(case, subject).is_some(), at: not_verifiable },
};

/// What came of verifying a subject's signature, and by whose key; `None` where no signer is at hand.
///
/// The signer is the issuer on the path; for the top, its own key where it is self-issued. An anchor above the
/// judged certificate is trusted as it stands: it only must not lie about having signed itself.
fn signed(case: &Case, subject: &Subject) -> Option<(Verification, String)> {
    let link = subject.position.and_then(|position| case.path.links.get(position));
    if let (Some(link), Some(issuer)) = (link, case.issuer_of(subject)) {
        return Some((link.signature, format!("the key of its issuer {}", issuer.called())));
    }
    let certificate = &subject.certificate;
    if !subject.is_on_path() || !certificate.is_self_issued() {
        return None;
    }
    let is_asked = case.minds_form_of(subject);
    let own = own_signature(certificate);
    let result = match own {
        Verification::Failed(Failure::Unsupported(_)) if !is_asked => return None,
        Verification::Failed(Failure::Mismatch | Failure::KeyKind) if names_other_key(certificate) && !is_asked => {
            return None;
        }
        Verification::Failed(Failure::Mismatch | Failure::KeyKind) if names_other_key(certificate) => {
            Verification::NotTried
        }
        own => own,
    };
    Some((result, "its own key, as a self-signed certificate's should".to_owned()))
}

/// Says whether a signature of this kind can be verified; what cannot is told by [`SIGNATURE_NOT_VERIFIABLE`] alone.
fn is_decided(verification: Verification) -> bool {
    !matches!(verification, Verification::Failed(Failure::Unsupported(_)))
}

fn signature(case: &Case, subject: &Subject) -> Outcome {
    match signed(case, subject) {
        None | Some((Verification::Verified | Verification::Failed(Failure::Unsupported(_)), _)) => Outcome::Met,
        Some((Verification::Failed(Failure::Mismatch), signer)) => {
            Outcome::NotMet(format!("its signature does not verify with {signer}"))
        }
        Some((Verification::Failed(Failure::KeyKind), signer)) => {
            Outcome::NotMet(format!("its signature algorithm cannot have been used with {signer}"))
        }
        Some((Verification::Failed(Failure::UnsoundKey), signer)) => {
            Outcome::NotMet(format!("it was made with {signer}, under which anybody can sign"))
        }
        Some((Verification::NotTried, _)) if case.issuer_of(subject).is_none() => Outcome::Untold(
            "it is self-issued, but another key signed it, and the certificate of that key is not at hand".to_owned(),
        ),
        Some((Verification::NotTried, _)) => {
            Outcome::Untold("too many signatures had to be verified before this one".to_owned())
        }
    }
}

fn not_verifiable(case: &Case, subject: &Subject) -> Outcome {
    match signed(case, subject) {
        Some((Verification::Failed(failure @ Failure::Unsupported(_)), _)) => {
            let algorithm = subject.certificate.signature_algorithm();
            let algorithm = algorithm.map_or_else(|malformed| malformed.to_string(), |it| it.to_string());
            Outcome::NotMet(format!("{failure}; it is signed with {algorithm}"))
        }
        _ => Outcome::Met,
    }
}

/// Says whether it names another key than its own as the one that signed it.
fn names_other_key(certificate: &Certificate) -> bool {
    let authority = certificate.extension::<AuthorityKeyIdentifier<'_>>().ok().flatten().and_then(|it| it.key_id);
    let own = certificate.extension::<SubjectKeyIdentifier<'_>>().ok().flatten();
    authority.is_some_and(|key| own.is_some_and(|own| own.0 != key))
}

/// What came of verifying a certificate's signature with its own key.
pub(in crate::check) fn own_signature(certificate: &Certificate) -> Verification {
    match certificate.public_key() {
        Ok(key) => certificate.verify_signature(&key).map_or_else(Verification::Failed, |()| Verification::Verified),
        Err(_) => Verification::Failed(Failure::Unsupported("a key that cannot be decoded")),
    }
}
