//! Whether the certificates that are offered fit the endpoints that offer them (OPC 10000-4 section 7.14).

use super::super::super::Clause::{KepwareDeployment, Opc};
use super::super::super::Look::Endpoints;
use super::super::super::case::{called, shown};
use super::super::super::{Check, Outcome, Severity};
use super::{Endpoint, Posture, list, none_of};
use crate::cert::Certificate;
use crate::crypto::key::KeyKind;
use crate::opcua::{Misfit, SecurityPolicy, Standing};
use crate::presented::TokenKind;
use crate::text::Hex;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[
    &OPCUA_ENDPOINT_CERTIFICATE_MISSING,
    &OPCUA_ENDPOINT_CERTIFICATE_UNREADABLE,
    &OPCUA_ENDPOINT_KEY_UNFIT,
    &OPCUA_ENDPOINT_SIGNATURE_UNFIT,
    &OPCUA_KEY_TOO_LONG_FOR_OLD_POLICY,
    &OPCUA_ENDPOINT_CERTIFICATES_DIFFER,
    &OPCUA_SERVER_SELF_SIGNED,
];

fn has_certificate(posture: &Posture) -> bool {
    posture.endpoints.iter().any(|endpoint| endpoint.certificate().is_some())
}

/// An endpoint needs a certificate and has none.
pub static OPCUA_ENDPOINT_CERTIFICATE_MISSING: Check = Check {
    id: "opcua-endpoint-certificate-missing",
    severity: Severity::Error,
    clauses: &[Opc(4, "7.14")],
    title: "Every endpoint that needs a certificate has one",
    why: "Without the server's certificate a client cannot open a secure channel, or cannot encrypt a password. The \
          server lost its certificate, or never had one.",
    remedy: "Create a certificate for the server: `certkit generate opcua`; in Kepware: OPC UA Configuration Manager, \
             Instance Certificates, Reissue certificate; then Runtime, Reinitialize.",
    look: Endpoints { applies: |posture| posture.endpoints.iter().any(needs_certificate), at: missing },
};

fn needs_certificate(endpoint: &Endpoint) -> bool {
    let encrypts = |uri: &str| SecurityPolicy::named(uri).is_some_and(|it| it.standing != Standing::Unsecured);
    let has_secret = |kind| matches!(kind, TokenKind::UserName | TokenKind::IssuedToken);
    let description = endpoint.description;
    endpoint.is_secured()
        || description.user_tokens.iter().any(|it| has_secret(it.kind) && encrypts(&it.security_policy_uri))
}

fn missing(posture: &Posture) -> Outcome {
    let is_missing = |it: &&Endpoint| needs_certificate(it) && it.description.server_certificate.is_empty();
    match list(posture.endpoints.iter().filter(is_missing)) {
        Some(list) => Outcome::NotMet(format!("without a certificate: {list}")),
        None => Outcome::Met,
    }
}

/// The certificate field does not hold a certificate.
pub static OPCUA_ENDPOINT_CERTIFICATE_UNREADABLE: Check = Check {
    id: "opcua-endpoint-certificate-unreadable",
    severity: Severity::Error,
    clauses: &[Opc(4, "7.14"), Opc(6, "6.2.6")],
    title: "An endpoint's certificate field holds a certificate or a chain in DER",
    why: "The field must hold DER certificates, one after the other, the server's own first. Clients refuse PEM, text \
          or trailing bytes.",
    remedy: "Configure the server's certificate in DER: `certkit convert FILE -o server.der`.",
    look: Endpoints { applies: |posture| posture.endpoints.iter().any(has_field), at: unreadable },
};

fn has_field(endpoint: &Endpoint) -> bool {
    !endpoint.description.server_certificate.is_empty()
}

fn unreadable(posture: &Posture) -> Outcome {
    let broken = posture.endpoints.iter().find_map(|it| it.chain.as_ref().err().map(|error| (it, error)));
    match broken {
        Some((endpoint, error)) => Outcome::NotMet(format!("{endpoint}: {}", shown(error))),
        None => Outcome::Met,
    }
}

/// How a policy objects to the certificate of its endpoint.
fn misfit(endpoint: &Endpoint) -> Option<Misfit> {
    let policy = endpoint.policy().filter(|_| endpoint.is_secured())?;
    policy.fits(endpoint.certificate()?).err()
}

/// Whether the key is one for RSA that an old policy finds too long.
fn is_too_long(endpoint: &Endpoint) -> bool {
    let key = endpoint.certificate().and_then(|certificate| certificate.public_key().ok());
    endpoint.standing() == Some(Standing::Deprecated)
        && key.is_some_and(|key| matches!(key.kind, KeyKind::Rsa { .. }) && key.size() > Some(2048))
}

fn unfit(posture: &Posture, meant: impl Fn(&Endpoint, &Misfit) -> Option<String>) -> Outcome {
    let mut said: Vec<String> = Vec::new();
    for endpoint in &posture.endpoints {
        let sentence = misfit(endpoint).and_then(|misfit| meant(endpoint, &misfit));
        match sentence {
            Some(sentence) if !said.contains(&sentence) && said.len() < 6 => said.push(sentence),
            _ => {}
        }
    }
    Outcome::not_met_if(!said.is_empty(), || said.join("; "))
}

/// The key does not fit the policy.
pub static OPCUA_ENDPOINT_KEY_UNFIT: Check = Check {
    id: "opcua-endpoint-key-unfit",
    severity: Severity::Error,
    clauses: &[Opc(7, "6.6"), Opc(4, "6.1.3")],
    title: "The key of an endpoint's certificate is allowed by the endpoint's policy",
    why: "The endpoint cannot work: clients refuse the certificate with BadCertificatePolicyCheckFailed, or the \
          channel fails because of the key type. Usual cause: a new policy was enabled and the old certificate kept.",
    remedy: "Create a server certificate with RSA 2048, which every RSA policy accepts, or disable the policy. In \
             Kepware: OPC UA Configuration Manager, Instance Certificates, Reissue certificate; then Runtime, \
             Reinitialize.",
    look: Endpoints { applies: has_certificate, at: key_unfit },
};

fn key_unfit(posture: &Posture) -> Outcome {
    unfit(posture, |endpoint, misfit| match misfit {
        Misfit::Key { found } if !is_too_long(endpoint) => Some(format!("{endpoint} with the key {}", shown(found))),
        _ => None,
    })
}

/// The signature does not fit the policy.
pub static OPCUA_ENDPOINT_SIGNATURE_UNFIT: Check = Check {
    id: "opcua-endpoint-signature-unfit",
    severity: Severity::Error,
    clauses: &[Opc(7, "6.6"), Opc(4, "6.1.3"), KepwareDeployment("6.1.3")],
    title: "The signature of an endpoint's certificate is allowed by the endpoint's policy",
    why: "Under a current policy, clients refuse a certificate signed with SHA-1 (BadCertificatePolicyCheckFailed). \
          Old installations often keep their certificates over many updates.",
    remedy: "Recreate the certificate with SHA-256: `certkit generate opcua`; in Kepware: OPC UA Configuration \
             Manager, Instance Certificates, Reissue certificate; then Runtime, Reinitialize.",
    look: Endpoints { applies: has_certificate, at: signature_unfit },
};

fn signature_unfit(posture: &Posture) -> Outcome {
    unfit(posture, |endpoint, misfit| match misfit {
        Misfit::Signature { found } => Some(format!("{endpoint} with a certificate signed with {}", shown(found))),
        _ => None,
    })
}

/// The key is too long for an old policy.
pub static OPCUA_KEY_TOO_LONG_FOR_OLD_POLICY: Check = Check {
    id: "opcua-key-too-long-for-old-policy",
    severity: Severity::Warning,
    clauses: &[Opc(7, "6.6")],
    title: "The key does not exceed the limit of old policies",
    why: "Basic128Rsa15 and Basic256 allow at most 2048 bits. Some stacks refuse a longer key, others do not check; \
          the policies should not be offered anyway.",
    remedy: "Disable the deprecated policies; all current ones allow the longer key.",
    look: Endpoints { applies: has_certificate, at: too_long },
};

fn too_long(posture: &Posture) -> Outcome {
    unfit(posture, |endpoint, misfit| match misfit {
        Misfit::Key { found } if is_too_long(endpoint) => Some(format!("{endpoint} with the key {}", shown(found))),
        _ => None,
    })
}

/// Endpoints of one kind of key have different certificates.
pub static OPCUA_ENDPOINT_CERTIFICATES_DIFFER: Check = Check {
    id: "opcua-endpoint-certificates-differ",
    severity: Severity::Warning,
    clauses: &[Opc(4, "7.14")],
    title: "Endpoints with the same key type have the same certificate",
    why: "A server has one certificate for each key type: one for RSA, one for each curve. With two of a type, a \
          certificate update is incomplete, or two servers share one address; clients then trust one of them and fail \
          with the other.",
    remedy: "Restart the server after its certificate was replaced, and check whether several servers share the \
             address.",
    look: Endpoints { applies: has_certificate, at: differ },
};

fn differ(posture: &Posture) -> Outcome {
    let mut seen: Vec<(String, &Certificate)> = Vec::new();
    for endpoint in posture.endpoints.iter().filter(|endpoint| endpoint.is_secured()) {
        let Some(certificate) = endpoint.certificate() else { continue };
        let Ok(key) = certificate.public_key() else { continue };
        let family = match key.kind {
            KeyKind::Rsa { .. } => "RSA".to_owned(),
            _ => key.to_string(),
        };
        match seen.iter().find(|(other, _)| *other == family) {
            Some((_, first)) if *first != certificate => {
                let print = |it: &Certificate| Hex(it.fingerprint_sha1()).to_string();
                return Outcome::NotMet(format!(
                    "two certificates with {family} keys: {} ({}) and {} ({})",
                    called(&first.subject()),
                    print(first),
                    called(&certificate.subject()),
                    print(certificate)
                ));
            }
            Some(_) => {}
            None => seen.push((family, certificate)),
        }
    }
    Outcome::Met
}

/// The server's certificate is self-signed.
pub static OPCUA_SERVER_SELF_SIGNED: Check = Check {
    id: "opcua-server-self-signed",
    severity: Severity::Info,
    clauses: &[KepwareDeployment("6.1.3")],
    title: "A server's certificate is issued by a CA",
    why: "Self-signed certificates are normal in small plants: each client trusts exactly this one, and has to trust \
          each new one again. With a CA, trust in the CA is enough, and a lost key can be revoked.",
    remedy: "Compare the thumbprint on both sides before you trust the certificate. In larger plants issue \
             certificates from the plant's own CA (`certkit sign`).",
    look: Endpoints { applies: has_certificate, at: self_signed },
};

fn self_signed(posture: &Posture) -> Outcome {
    none_of(posture.endpoints.iter().filter(|it| it.certificate().is_some_and(Certificate::is_self_issued)))
}
