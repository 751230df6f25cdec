//! Whether the signatures of a path verify (RFC 5280 section 6.1.3, step (a)(1)).

use super::super::Clause::Rfc5280;
use super::super::Look::Each;
use super::super::{Case, Check, Outcome, Severity, Subject};
use crate::cert::Certificate;
use crate::cert::extension::{AuthorityKeyIdentifier, SubjectKeyIdentifier};
use crate::crypto::signature::Failure;
use crate::path::Verification;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&SIGNATURE_INVALID];

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
    look: Each { applies: has_signer, at: signature },
};

/// The signer is the issuer on the path; for the top, its own key where it says so.
fn has_signer(case: &Case, subject: &Subject) -> bool {
    case.issuer_of(subject).is_some() || (subject.is_on_path() && claims_own_signature(&subject.certificate))
}

fn signature(case: &Case, subject: &Subject) -> Outcome {
    let link = subject.position.and_then(|position| case.path.links.get(position));
    let (verification, signer) = match (link, case.issuer_of(subject)) {
        (Some(link), Some(issuer)) => (link.signature, format!("the key of its issuer {}", issuer.called())),
        _ => (own_signature(&subject.certificate), "its own key, as a self-signed certificate's should".to_owned()),
    };
    match verification {
        Verification::Verified => Outcome::Met,
        Verification::Failed(Failure::Mismatch) => {
            Outcome::NotMet(format!("its signature does not verify with {signer}"))
        }
        Verification::Failed(Failure::KeyKind) => {
            Outcome::NotMet(format!("its signature algorithm cannot have been used with {signer}"))
        }
        Verification::Failed(Failure::UnsoundKey) => {
            Outcome::NotMet(format!("it was made with {signer}, under which anybody can sign"))
        }
        Verification::Failed(failure @ Failure::Unsupported(_)) => Outcome::Untold(failure.to_string()),
        Verification::NotTried => Outcome::Untold("too many signatures had to be verified before this one".to_owned()),
    }
}

/// Says whether it is self-issued and names no other key than its own: a root, sound or not.
fn claims_own_signature(certificate: &Certificate) -> bool {
    let authority = certificate.extension::<AuthorityKeyIdentifier<'_>>().ok().flatten().and_then(|it| it.key_id);
    let own = certificate.extension::<SubjectKeyIdentifier<'_>>().ok().flatten();
    certificate.is_self_issued() && authority.is_none_or(|key| own.is_none_or(|own| own.0 == key))
}

fn own_signature(certificate: &Certificate) -> Verification {
    match certificate.public_key() {
        Ok(key) => certificate.verify_signature(&key).map_or_else(Verification::Failed, |()| Verification::Verified),
        Err(_) => Verification::Failed(Failure::Unsupported("a key that cannot be decoded")),
    }
}
