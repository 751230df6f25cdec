//! Steps 1 to 5: what concerns the chain as a whole.

use super::{Found, Kind, NoteKind, Signer, Step, TrustLists};
use crate::cert::Certificate;
use crate::cert::extension::{AuthorityKeyIdentifier, SubjectKeyIdentifier};
use crate::crypto::signature::Failure;
use crate::opcua::{Leniency, Misfit, SecurityPolicy};
use crate::path::{End, NearMiss, Path, Verification, WhyNot};

/// Step 1, as far as processing does not note it: OPC UA wants a subject in every certificate.
pub(super) fn structure(path: &Path, found: &mut Found<'_>) {
    for (position, certificate) in path.certificates.iter().enumerate() {
        if certificate.issuer().is_empty() {
            found.object(Step::Structure, position, Kind::NameEmpty { field: "issuer" });
        }
        if certificate.subject().is_empty() {
            found.object(Step::Structure, position, Kind::NameEmpty { field: "subject" });
        }
    }
}

/// Says whether a certificate claims to have signed itself: issuer and subject are one name, and no other key is
/// named.
fn claims_own_signature(certificate: &Certificate) -> bool {
    let authority = certificate.extension::<AuthorityKeyIdentifier<'_>>().ok().flatten().and_then(|it| it.key_id);
    let own = certificate.extension::<SubjectKeyIdentifier<'_>>().ok().flatten();
    certificate.is_self_issued() && authority.is_none_or(|key| own.is_none_or(|own| own.0 == key))
}

/// Step 2. A chain is whole when its top has signed itself, whoever is trusted on the way.
pub(super) fn build(path: &Path, found: &mut Found<'_>) {
    let Some(top) = path.top() else { return };
    let position = path.certificates.len().saturating_sub(1);
    let kind = match &path.end {
        End::SelfSigned | End::Anchor | End::BeyondAnchor => return,
        // That its own signature is wrong is for the next step to say.
        End::IssuerMissing(_) | End::Cycle if claims_own_signature(top) => return,
        End::IssuerMissing(misses) => {
            let has_name = |miss: &&NearMiss| matches!(miss.why, WhyNot::Signature(_));
            let namesakes = misses.iter().filter(has_name).count();
            Kind::IssuerMissing { issuer: format!("{:#}", top.issuer()), namesakes }
        }
        End::Cycle => Kind::Cycle,
        End::TooDeep => Kind::TooDeep { followed: path.certificates.len() },
        End::BudgetSpent(_) => Kind::Unsearched,
    };
    found.object(Step::Chain, position, kind);
}

/// Step 3.
pub(super) fn signatures(path: &Path, found: &mut Found<'_>) {
    for (position, link) in path.links.iter().enumerate() {
        if let Verification::Failed(failure) = link.signature {
            found.object(Step::Signature, position, Kind::SignatureWrong { failure, signer: Signer::Issuer });
        }
    }
    let Some(top) = path.top().filter(|top| claims_own_signature(top)) else { return };
    if path.end.is_top() {
        return;
    }
    let failure = match top.public_key() {
        Ok(key) => top.verify_signature(&key).err(),
        Err(_) => Some(Failure::Unsupported("a key that cannot be decoded")),
    };
    if let Some(failure) = failure {
        let position = path.certificates.len().saturating_sub(1);
        found.object(Step::Signature, position, Kind::SignatureWrong { failure, signer: Signer::Itself });
    }
}

/// Step 4. The policy holds for every certificate of the chain; where none was named, the key of the leaf has to fit one.
pub(super) fn policy(path: &Path, found: &mut Found<'_>) {
    let Some(policy) = found.question.policy else {
        let key = path.certificates.first().and_then(|leaf| leaf.public_key().ok());
        if let Some(key) = key.filter(|key| !SecurityPolicy::all().any(|policy| policy.takes(key))) {
            found.object(Step::Policy, 0, Kind::KeyOutsideEveryPolicy { found: key.to_string() });
        }
        return;
    };
    for (position, certificate) in path.certificates.iter().enumerate() {
        match policy.fits(certificate) {
            Ok(leniencies) => {
                for leniency in leniencies {
                    found.note(
                        position,
                        match leniency {
                            Leniency::StrongerDigest => NoteKind::StrongerDigest,
                            Leniency::LargerCurve => NoteKind::LargerCurve,
                        },
                    );
                }
            }
            // Step 1 has said so.
            Err(Misfit::Undecodable) => {}
            Err(Misfit::Key { found: key }) => {
                found.object(Step::Policy, position, Kind::KeyOutsidePolicy { found: key, policy });
            }
            Err(Misfit::Signature { found: algorithm }) => {
                found.object(Step::Policy, position, Kind::SignatureOutsidePolicy { found: algorithm, policy });
            }
        }
    }
    for (position, pair) in path.certificates.windows(2).enumerate() {
        let size = |certificate: Option<&Certificate>| certificate?.public_key().ok()?.size();
        if let (Some(own), Some(above)) = (size(pair.first()), size(pair.last()))
            && own > above
        {
            found.note(position, NoteKind::LongerThanIssuer);
        }
    }
}

/// Step 5. Gives the lowest certificate of the path that is trusted.
pub(super) fn trust(path: &Path, lists: &TrustLists, found: &mut Found<'_>) -> Option<usize> {
    let trusted = path.certificates.iter().position(|certificate| lists.trusts(certificate));
    if trusted.is_none() {
        found.object(Step::Trust, 0, Kind::Untrusted { issuers: path.links.len() });
    }
    trusted
}
