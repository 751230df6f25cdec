//! Where well-known stacks depart from OPC 10000-4 section 6.1.3, and what they say of a certificate.
//!
//! Read in the sources of UA .NET Standard, open62541 (with OpenSSL) and node-opcua-pki as they were in
//! autumn 2026, with their default settings. A prediction, not a measurement: versions and settings differ.

use super::validation::{Elsewhere, Kind, NoteKind, Objection, Peer, Step, Validation};
use crate::cert::extension::KeyUsage;
use crate::crypto::key::KeyKind;
use crate::crypto::signature::SignatureAlgorithm;
use crate::path::revocation::WhyUseless;
use crate::status::StatusCode;

/// A stack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stack {
    /// The OPC Foundation's reference implementation for .NET.
    UaNetStandard,
    /// open62541, with OpenSSL.
    Open62541,
    /// node-opcua, with node-opcua-pki.
    NodeOpcua,
}

/// What a stack would make of a certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// The stack.
    pub stack: Stack,
    /// Its own result.
    pub status: StatusCode,
    /// What it would tell its peer.
    pub told: StatusCode,
    /// Why its result is not the standard's, and which settings would change it; a sentence each, without full stop.
    pub remarks: Vec<&'static str>,
}

/// From here on in the order come errors of the session, which are not hidden as those of the channel are.
const SESSION: u8 = 90;

/// How a stack takes an objection.
enum Take {
    /// It has the same objection; lower numbers are met first.
    Same(u8),
    /// It objects with another code.
    As(u8, StatusCode, &'static str),
    /// It does not object.
    Not(&'static str),
}

impl Stack {
    /// Every stack.
    pub const ALL: [Stack; 3] = [Stack::UaNetStandard, Stack::Open62541, Stack::NodeOpcua];

    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Stack::UaNetStandard => "UA .NET Standard",
            Stack::Open62541 => "open62541",
            Stack::NodeOpcua => "node-opcua",
        }
    }

    /// Predicts what it makes of a certificate that was validated.
    ///
    /// Knows what the validation has found; what a stack rejects and the standard does not is only told as far as
    /// its notes go.
    pub fn predict(self, validation: &Validation) -> Prediction {
        let mut remarks: Vec<&'static str> = Vec::new();
        let mut first: Option<(u8, StatusCode)> = None;
        let taken: Vec<(&Objection, Take)> =
            validation.refusals().map(|objection| (objection, self.take(objection, validation))).collect();
        let own = extra(self, validation);
        for (objection, take) in taken {
            let (place, code) = match take {
                Take::Same(place) => (place, objection.code()),
                Take::As(place, code, remark) => {
                    remarks.push(remark);
                    (place, code)
                }
                Take::Not(remark) => {
                    remarks.push(remark);
                    continue;
                }
            };
            first = first.filter(|(earlier, _)| *earlier <= place).or(Some((place, code)));
        }
        for (place, code, remark) in own {
            remarks.push(remark);
            first = first.filter(|(earlier, _)| *earlier <= place).or(Some((place, code)));
        }
        let status = first.map_or(StatusCode::GOOD, |(_, code)| code);
        let told = match first {
            Some((place, code)) if place >= SESSION && validation.peer != Peer::User => code,
            _ => self.told(validation.peer, status),
        };
        if status != validation.status() && remarks.is_empty() {
            remarks.push(self.order_remark());
        }
        let mut seen = Vec::new();
        remarks.retain(|remark| {
            let is_new = !seen.contains(remark);
            seen.push(*remark);
            is_new
        });
        Prediction { stack: self, status, told, remarks }
    }

    fn order_remark(self) -> &'static str {
        match self {
            Stack::UaNetStandard => "several errors: it tells the one that its last check found",
            Stack::Open62541 => "several errors: it looks at revocation before trust",
            Stack::NodeOpcua => "several errors: it looks at issuers and revocation first, then at time, then at trust",
        }
    }

    /// What it tells its peer in place of a result.
    pub fn told(self, peer: Peer, status: StatusCode) -> StatusCode {
        use StatusCode as S;
        if peer == Peer::User || status == S::GOOD {
            return super::told(peer, status);
        }
        if (self, status) == (Stack::Open62541, S::BAD_CERTIFICATE_URI_INVALID) {
            return S::BAD_CERTIFICATE_INVALID;
        }
        let is_hidden = match self {
            Stack::UaNetStandard => matches!(
                status,
                S::BAD_CERTIFICATE_INVALID
                    | S::BAD_CERTIFICATE_CHAIN_INCOMPLETE
                    | S::BAD_CERTIFICATE_POLICY_CHECK_FAILED
                    | S::BAD_CERTIFICATE_UNTRUSTED
                    | S::BAD_CERTIFICATE_REVOKED
            ),
            Stack::Open62541 => !matches!(
                status,
                S::BAD_CERTIFICATE_TIME_INVALID
                    | S::BAD_CERTIFICATE_ISSUER_TIME_INVALID
                    | S::BAD_CERTIFICATE_HOST_NAME_INVALID
                    | S::BAD_CERTIFICATE_URI_INVALID
                    | S::BAD_CERTIFICATE_USE_NOT_ALLOWED
            ),
            Stack::NodeOpcua => !matches!(
                status,
                S::BAD_CERTIFICATE_TIME_INVALID
                    | S::BAD_CERTIFICATE_USE_NOT_ALLOWED
                    | S::BAD_CERTIFICATE_REVOCATION_UNKNOWN
                    | S::BAD_CERTIFICATE_URI_INVALID
            ),
        };
        if is_hidden { S::BAD_SECURITY_CHECKS_FAILED } else { status }
    }

    fn take(self, objection: &Objection, validation: &Validation) -> Take {
        match self {
            Stack::UaNetStandard => net(objection, validation),
            Stack::Open62541 => open62541(objection, validation),
            Stack::NodeOpcua => node(objection),
        }
    }
}

/// What a stack objects to of itself, with its place among the others.
fn extra(stack: Stack, validation: &Validation) -> Vec<(u8, StatusCode, &'static str)> {
    let mut found = Vec::new();
    let has_note = |kind: NoteKind| validation.notes.iter().any(|note| note.kind == kind);
    match stack {
        Stack::UaNetStandard if is_weak_for_net(validation) => {
            found.push((
                1,
                StatusCode::BAD_CERTIFICATE_POLICY_CHECK_FAILED,
                "it takes no SHA-1 and no RSA key below 2048 bits, whatever the policy",
            ));
        }
        Stack::Open62541 if has_note(NoteKind::UriNotFirst) => {
            // The session is opened after the channel, so every other error comes first.
            found.push((SESSION, StatusCode::BAD_CERTIFICATE_INVALID, "it compares the first URI alone"));
        }
        Stack::NodeOpcua
            if validation.trusted.is_some_and(|position| position > 0)
                && !validation.refusals().any(|objection| objection.step == Step::Trust) =>
        {
            found.push((
                50,
                StatusCode::BAD_CERTIFICATE_UNTRUSTED,
                "a trusted CA is not enough for it unless acceptCertificateWithValidIssuerChain is set",
            ));
        }
        _ => {}
    }
    found
}

/// UA .NET Standard keeps all errors and tells the one that its last check found.
fn net(objection: &Objection, validation: &Validation) -> Take {
    let is_leaf = objection.position == 0;
    match (&objection.kind, objection.step) {
        (Kind::NotAnAuthority, _) => Take::As(
            0,
            StatusCode::BAD_CERTIFICATE_CHAIN_INCOMPLETE,
            "it takes no certificate without the CA flag for an issuer",
        ),
        (_, Step::Chain) => Take::Same(0),
        (Kind::KeyOutsidePolicy { .. } | Kind::SignatureOutsidePolicy { .. }, _) if !is_leaf => {
            Take::Not("it holds the leaf alone against the security policy")
        }
        (Kind::KeyOutsidePolicy { found, .. }, _) if is_long_rsa(found) => {
            Take::Not("it knows no longest key, only a shortest")
        }
        (_, Step::Policy) => Take::Same(1),
        (_, Step::Usage) if !is_leaf => Take::Same(2),
        (Kind::KeyUsageMissing { missing, .. }, _) if !net_misses(*missing, validation) => {
            Take::Not("of the usages it asks for dataEncipherment alone (RSA) or digitalSignature (ECDSA)")
        }
        (Kind::PurposeMissing { .. }, _) => Take::Not("it does not look at extKeyUsage"),
        (_, Step::Usage) => Take::Same(3),
        (Kind::HostNotNamed { elsewhere: Some(Elsewhere::DomainComponents), .. }, _) => {
            Take::Not("it also takes the domain components of the subject for a host name")
        }
        (Kind::HostNotNamed { elsewhere: Some(Elsewhere::FirstLabel), .. }, _) => {
            Take::Not("it also compares the first label of the host")
        }
        (_, Step::HostName) => Take::Same(4),
        (_, Step::Trust) => Take::Same(5),
        (_, Step::Structure | Step::Signature | Step::Validity) => Take::Same(6),
        (_, Step::Revocation) if is_leaf => Take::Same(7),
        (_, Step::Revocation) => Take::Same(8),
        (_, Step::RevocationList) => {
            Take::Not("it tolerates an unknown revocation unless RejectUnknownRevocationStatus is set")
        }
        (_, Step::ApplicationUri) => Take::Same(SESSION),
    }
}

/// Whether the leaf is below what UA .NET Standard takes by default, and no policy says so already.
fn is_weak_for_net(validation: &Validation) -> bool {
    let is_told = validation.refusals().any(|objection| objection.step == Step::Policy && objection.position == 0);
    let Some(leaf) = validation.path.certificates.first().filter(|_| !is_told) else { return false };
    let is_short = leaf
        .public_key()
        .is_ok_and(|key| matches!(key.kind, KeyKind::Rsa { .. }) && key.size().is_some_and(|bits| bits < 2048));
    let digest = leaf.signature_algorithm().ok().as_ref().and_then(SignatureAlgorithm::digest);
    is_short || digest.is_some_and(|digest| !digest.is_collision_resistant())
}

fn is_long_rsa(key: &str) -> bool {
    key.strip_prefix("RSA ").and_then(|bits| bits.parse::<u32>().ok()).is_some_and(|bits| bits > 2048)
}

/// Whether the one usage is missing that UA .NET Standard asks for.
fn net_misses(missing: KeyUsage, validation: &Validation) -> bool {
    let leaf = validation.path.certificates.first();
    match leaf.is_some_and(super::validation::has_rsa_key) {
        true => missing.contains(KeyUsage::DATA_ENCIPHERMENT),
        false => missing.contains(KeyUsage::DIGITAL_SIGNATURE),
    }
}

/// open62541 looks at each certificate from the leaf upwards, and at trust last.
fn open62541(objection: &Objection, validation: &Validation) -> Take {
    let up = |place: u8| {
        let above = u8::try_from(objection.position).unwrap_or(u8::MAX).min(8);
        place.saturating_add(above.saturating_mul(5))
    };
    match (&objection.kind, objection.step) {
        (_, Step::Structure | Step::Chain) => Take::Same(0),
        (_, Step::Signature) => Take::Same(1),
        (_, Step::Policy) => Take::Not("its certificate group does not look at the security policy"),
        (_, Step::HostName) => Take::Not("it does not compare host names"),
        (_, Step::ApplicationUri) => {
            Take::As(SESSION, StatusCode::BAD_CERTIFICATE_INVALID, "it answers BadCertificateInvalid to a wrong URI")
        }
        (Kind::KeyUsageMissing { .. }, _) => Take::Not("it does not look at the keyUsage of applications"),
        (Kind::PurposeMissing { .. }, _) => Take::Not("of a wrong extKeyUsage it only warns by default"),
        (_, Step::Validity) => Take::Same(up(10)),
        (_, Step::Usage) => Take::Same(up(11)),
        (Kind::RevocationUnknown { .. }, _) if validation.has_no_list => {
            Take::Not("without any revocation list it leaves the check out")
        }
        (Kind::RevocationUnknown { useless, is_listed, .. }, _) if useless.iter().any(is_used_by_name) => {
            listed(*is_listed, objection.position, up(12))
        }
        (_, Step::RevocationList | Step::Revocation) => Take::Same(up(12)),
        (_, Step::Trust) => Take::Same(80),
    }
}

/// Whether a list is used by those who compare nothing but its issuer's name.
fn is_used_by_name(why: &WhyUseless) -> bool {
    matches!(
        why,
        WhyUseless::Expired { .. }
            | WhyUseless::NotYetValid { .. }
            | WhyUseless::Signature(_)
            | WhyUseless::SignerMissing
            | WhyUseless::SignerMayNot
            | WhyUseless::SignerUnproven
    )
}

fn listed(is_listed: bool, position: usize, place: u8) -> Take {
    const REMARK: &str = "it uses a revocation list whatever its dates and signature";
    match is_listed {
        true => Take::As(place, Step::Revocation.code(position), REMARK),
        false => Take::Not(REMARK),
    }
}

/// node-opcua-pki looks at the issuers first, then at signature, revocation, time and trust; the first error counts.
fn node(objection: &Objection) -> Take {
    const HIDDEN: StatusCode = StatusCode::BAD_SECURITY_CHECKS_FAILED;
    let is_leaf = objection.position == 0;
    match (&objection.kind, objection.step) {
        (_, Step::Chain) => Take::Same(0),
        (_, Step::Policy) => Take::Not("it does not hold certificates against a security policy"),
        (_, Step::HostName) => Take::Not("it does not compare host names"),
        (Kind::KeyUsageMissing { .. } | Kind::PurposeMissing { .. } | Kind::IsAuthority | Kind::CaFlagRefused, _) => {
            Take::Not("it does not look at the usages of applications")
        }
        (Kind::AuthorityUsageMissing { .. } | Kind::PathLengthExceeded { .. } | Kind::NameConstrained { .. }, _) => {
            Take::Not("of an issuer it asks for the CA flag or keyCertSign alone")
        }
        (Kind::SignatureWrong { signer: super::validation::Signer::Itself, .. }, _) => {
            Take::As(20, HIDDEN, "it answers BadSecurityChecksFailed to a wrong signature of a self-signed certificate")
        }
        (Kind::RevocationUnknown { useless, is_listed, .. }, _) if useless.iter().any(is_used_by_name) => {
            listed(*is_listed, objection.position, if is_leaf { 30 } else { 10 })
        }
        (_, Step::Validity | Step::RevocationList) if !is_leaf => Take::Same(10),
        (_, Step::Trust) => Take::Same(50),
        _ if !is_leaf => {
            Take::As(10, HIDDEN, "it answers BadSecurityChecksFailed to an error of an issuer other than time or list")
        }
        (_, Step::Structure | Step::Signature) => Take::Same(20),
        (_, Step::RevocationList | Step::Revocation) => Take::Same(30),
        (_, Step::Validity) => Take::Same(40),
        (_, Step::ApplicationUri) => Take::Same(SESSION),
        (_, Step::Usage) => Take::Not("it does not look at the usages of applications"),
    }
}
