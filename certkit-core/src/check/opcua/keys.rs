//! Which security policies key and signature serve (OPC 10000-7 section 6.6).

use super::super::Clause::{Opc, Rfc5280};
use super::super::Look::{Each, Whole};
use super::super::{Case, Check, Outcome, Severity, Subject};
use super::is_leaf;
use crate::cert::Certificate;
use crate::crypto::digest::Digest;
use crate::crypto::key::KeyKind;
use crate::crypto::signature::SignatureAlgorithm;
use crate::opcua::{SecurityPolicy, policies_for};
use crate::path::End;
use crate::path::process::is_root;

/// The checks of this topic.
pub static CHECKS: &[&Check] =
    &[&OPCUA_NO_CURRENT_POLICY, &OPCUA_CHAIN_POLICY_UNFIT, &OPCUA_DIGEST_BEYOND_POLICY, &OPCUA_KEY_LONGER_THAN_ISSUERS];

/// No security policy in force takes the certificate.
pub static OPCUA_NO_CURRENT_POLICY: Check = Check {
    id: "opcua-no-current-policy",
    severity: Severity::Error,
    clauses: &[Opc(7, "6.6"), Opc(4, "6.1.3")],
    title: "A current security policy allows the key and signature of an application",
    why: "Each security policy allows one key type, certain sizes and certain digests: RSA of 2048 to 4096 bits with \
          SHA-256, or one of six curves with its digest. Other certificates cannot secure an endpoint; peers answer \
          BadCertificatePolicyCheckFailed, which the other side receives as BadSecurityChecksFailed.",
    remedy: "Make a new key and certificate: every RSA policy allows RSA with 2048 bits, the current ones also 3072 \
             and 4096. `certkit generate opcua` makes RSA 2048 with SHA-256 by default.",
    look: Each { applies: is_judged, at: no_current_policy },
};

/// What other checks call weak or outdated is left to them.
fn is_judged(case: &Case, subject: &Subject) -> bool {
    is_leaf(case, subject) && !is_weak(case, &subject.certificate)
}

fn is_weak(case: &Case, certificate: &Certificate) -> bool {
    let has_weak_key = certificate.public_key().is_ok_and(|key| match key.kind {
        KeyKind::Rsa { .. } => key.size().is_some_and(|bits| bits < case.limits.rsa_bits),
        KeyKind::Ec { curve, .. } => curve.bits() < 256,
        KeyKind::Dsa { .. } | KeyKind::EcOther { curve: None } => true,
        _ => false,
    });
    let digest = certificate.signature_algorithm().ok().as_ref().and_then(SignatureAlgorithm::digest);
    has_weak_key || digest.is_some_and(|digest| !digest.is_collision_resistant())
}

fn no_current_policy(_: &Case, subject: &Subject) -> Outcome {
    let certificate = &subject.certificate;
    let (key, signature) = match (certificate.public_key(), certificate.signature_algorithm()) {
        (Ok(key), Ok(signature)) => (key, signature),
        (Err(malformed), _) | (_, Err(malformed)) => return Outcome::Undetermined(malformed.to_string()),
    };
    let is_served = policies_for(certificate).iter().any(|policy| policy.is_sound());
    Outcome::not_met_if(!is_served, || {
        format!("its key is {key} and it is signed with {signature}, a combination that no current policy allows")
    })
}

/// No policy takes the whole chain.
pub static OPCUA_CHAIN_POLICY_UNFIT: Check = Check {
    id: "opcua-chain-policy-unfit",
    severity: Severity::Error,
    clauses: &[Opc(7, "6.6"), Opc(4, "6.1.3")],
    title: "One current security policy allows every certificate of the chain",
    why: "A policy's requirements for keys and signatures also apply to the issuers. No policy allows the chain of an \
          application with an RSA key below a CA with an elliptic curve or with a short key; peers answer \
          BadCertificatePolicyCheckFailed.",
    remedy: "Have the certificate issued by a CA whose chain has keys of the same type: RSA of at least 2048 bits with \
             SHA-256 for the RSA policies, the same curve for those on curves.",
    look: Whole { applies: has_served_leaf, at: chain_policy },
};

fn has_served_leaf(case: &Case) -> bool {
    let is_served = |leaf: &Subject| policies_for(&leaf.certificate).iter().any(|policy| policy.is_sound());
    case.leaf().is_some_and(|leaf| leaf.is_leaf() && is_served(leaf))
        && case.path.certificates.len() > 1
        && !case.path.certificates.iter().any(|certificate| is_weak(case, certificate))
}

fn chain_policy(case: &Case) -> Outcome {
    let takes_all =
        |policy: &SecurityPolicy| case.path.certificates.iter().all(|certificate| policy.fits(certificate).is_ok());
    let is_served = SecurityPolicy::all().filter(|policy| policy.is_sound()).any(takes_all);
    if !is_served {
        let keys: Vec<String> = case
            .path
            .certificates
            .iter()
            .map(|certificate| match (certificate.public_key(), certificate.signature_algorithm()) {
                (Ok(key), Ok(signature)) => format!("{key} signed with {signature}"),
                _ => "one that cannot be decoded".to_owned(),
            })
            .collect();
        return Outcome::NotMet(format!("from the leaf upwards the chain has {}", keys.join(", ")));
    }
    // Above an anchor there may be a CA that is not at hand.
    let is_whole = match case.path.end {
        End::BeyondAnchor => case.path.top().is_some_and(is_root),
        _ => case.path.end.is_top(),
    };
    if is_whole { Outcome::Met } else { Outcome::Undetermined("the chain is not complete up to its root".to_owned()) }
}

/// The signature is over a longer digest than the policies name.
pub static OPCUA_DIGEST_BEYOND_POLICY: Check = Check {
    id: "opcua-digest-beyond-policy",
    severity: Severity::Info,
    clauses: &[Opc(7, "6.6")],
    title: "An RSA signature uses SHA-256, the digest that the security policies name",
    why: "The policies name SHA-256 for certificates; the text does not say clearly whether a longer digest is \
          allowed. All known stacks accept it.",
    remedy: "No action is needed. If a peer refuses the certificate, reissue it with SHA-256.",
    look: Each { applies: |_, subject| subject.is_on_path(), at: digest_beyond },
};

fn digest_beyond(_: &Case, subject: &Subject) -> Outcome {
    match subject.certificate.signature_algorithm() {
        Ok(algorithm @ SignatureAlgorithm::RsaPkcs1(Digest::Sha384 | Digest::Sha512)) => {
            Outcome::NotMet(format!("it is signed with {algorithm}"))
        }
        Ok(_) => Outcome::Met,
        Err(malformed) => Outcome::Undetermined(malformed.to_string()),
    }
}

/// The key is longer than the issuer's.
pub static OPCUA_KEY_LONGER_THAN_ISSUERS: Check = Check {
    id: "opcua-key-longer-than-issuers",
    severity: Severity::Info,
    clauses: &[Opc(6, "6.2.2"), Rfc5280("4.1.2.7")],
    title: "A key is no longer than that of its issuer",
    why: "A chain is as strong as its shortest key, and the standard mentions keys longer than their issuer's. No \
          known stack checks it.",
    remedy: "No action is needed. At its next renewal give the CA a longer key.",
    look: Each { applies: |case, subject| case.issuer_of(subject).is_some(), at: longer_than_issuers },
};

fn longer_than_issuers(case: &Case, subject: &Subject) -> Outcome {
    let Some(issuer) = case.issuer_of(subject) else { return Outcome::Met };
    let key = |subject: &Subject| subject.certificate.public_key().ok().map(|key| (key.to_string(), key.size()));
    let (Some((own, own_size)), Some((above, above_size))) = (key(subject), key(issuer)) else { return Outcome::Met };
    let same_kind = own.split(' ').next() == above.split(' ').next();
    Outcome::not_met_if(same_kind && own_size > above_size, || {
        format!("its key is {own}, that of its issuer {} is {above}", issuer.called())
    })
}
