//! A certification request (PKCS#10), judged before a CA signs it: who made it, with what key, and what it asks for.

use std::iter;

use super::Clause::{Opc, Rfc, Rfc5280};
use super::Look::{Decoding, Request as OfRequest};
use super::case::shown;
use super::client::{CLIENT, are_purposes_of_client};
use super::import::authority::NOT_A_CA;
use super::opcua::{application_uri, hosts, subject};
#[cfg(feature = "legacy-crypto")]
use super::webpki::weak_keys;
use super::webpki::{algorithms, baseline, names, soundness, usage};
use super::{
    CA, Case, Check, Expectation, HTTPS, Judgement, Look, OPCUA, Outcome, Processed, Profile, Role, Setting, Severity,
    Situation, Usage, Weight, rfc5280,
};
use crate::cert::extension::{BasicConstraints, ExtendedKeyUsage, KeyUsage, NameConstraints, SubjectAltName};
use crate::cert::{Certificate, GeneralName, Known, Malformed, Request};
use crate::crypto::signature::Failure;
use crate::moment::Moment;
use crate::oid::{self, Oid};
use crate::path::names::Peer;
use crate::path::process::Inputs;
use crate::path::{End, Path, process};

/// The checks of requests alone.
pub static CHECKS: &[&Check] =
    &[&REQUEST_UNDECODABLE, &REQUEST_SIGNATURE_INVALID, &REQUEST_ASKS_FOR_CA, &REQUEST_ASKS_TOO_MUCH];

/// The topic, as documents list it.
pub static TOPICS: &[&[&Check]] = &[CHECKS];

/// The checks of certificates that say something of a request: of its key, its names, and the extensions that it asks for.
static OF_CERTIFICATES: &[&[&Check]] = &[
    &[&rfc5280::fields::FIELD_UNDECODABLE],
    rfc5280::extensions::CHECKS,
    &[
        &algorithms::SIGNATURE_WEAK_HASH,
        &algorithms::KEY_TOO_WEAK,
        &algorithms::KEY_DSA,
        &algorithms::KEY_CURVE_EXPLICIT,
        &algorithms::KEY_CURVE_UNUSUAL,
        &algorithms::KEY_POINT_COMPRESSED,
        &algorithms::ALGORITHM_TOO_NEW,
    ],
    soundness::CHECKS,
    #[cfg(feature = "legacy-crypto")]
    weak_keys::CHECKS,
    &[
        &rfc5280::conformance::KEY_USAGE_EMPTY,
        &rfc5280::conformance::SAN_EMPTY,
        &rfc5280::conformance::EXT_KEY_USAGE_EMPTY,
        &rfc5280::conformance::EXTENSION_MUST_NOT_BE_CRITICAL,
    ],
    names::CHECKS,
    &[
        &baseline::WILDCARD_BELOW_PUBLIC_SUFFIX,
        &usage::SERVER_AUTH_MISSING,
        &usage::SERVER_AUTH_BY_ANY_ONLY,
        &usage::CLIENT_AUTH_MISSING,
        &usage::KEY_USAGE_UNFIT_FOR_TLS,
        &subject::OPCUA_COMMON_NAME_MISSING,
        &subject::OPCUA_ORGANIZATION_MISSING,
    ],
    application_uri::CHECKS,
    hosts::CHECKS,
    &[&NOT_A_CA],
];

/// What a request may leave to the CA that signs it: not to ask for it weighs as a warning at most.
static LEFT_TO_THE_CA: &[&Check] = &[
    &names::SAN_MISSING,
    &application_uri::APPLICATION_URI_MISSING,
    &hosts::OPCUA_HOST_MISSING,
    &NOT_A_CA,
    // It proves that who asks has the key; the CA signs with a digest of its own.
    &algorithms::SIGNATURE_WEAK_HASH,
    &usage::SERVER_AUTH_MISSING,
    &usage::CLIENT_AUTH_MISSING,
];

/// A request under judgement.
#[derive(Clone, Debug)]
pub struct RequestCase<'a> {
    /// The request.
    pub request: &'a Request,
    /// Whether a CA is asked for: the profile is that of CAs.
    pub is_for_ca: bool,
    /// What its signature came to.
    pub signature: Result<(), Failure>,
}

impl RequestCase<'_> {
    /// What people call its subject, fit for a terminal.
    pub fn called(&self) -> String {
        let name = self.request.subject().short();
        name.map_or_else(|| "a subject without a name".to_owned(), |name| format!("`{}`", shown(&name)))
    }

    fn constraints(&self) -> Option<BasicConstraints> {
        self.request.extension().ok().flatten()
    }
}

/// The profile that a request suggests: `opcua` where it names a URI (an ApplicationUri), `ca` where it asks for a CA and
/// names neither hosts nor purposes of TLS, `client` where its purposes are a client's alone, else `https`.
pub fn suited(request: &Request) -> &'static Profile {
    let names = request.extension::<SubjectAltName<'_>>().ok().flatten();
    let has = |is: fn(&GeneralName<'_>) -> bool| names.as_ref().is_some_and(|names| names.names().any(|it| is(&it)));
    let purposes = request.extension::<ExtendedKeyUsage<'_>>().ok().flatten();
    let is_for_tls = has(|it| matches!(it, GeneralName::Dns(_) | GeneralName::Ip(_))) || purposes.is_some();
    let is_for_ca = request.extension::<BasicConstraints>().ok().flatten().is_some_and(|it| it.ca);
    match () {
        () if has(|it| matches!(it, GeneralName::Uri(_))) => &OPCUA,
        () if is_for_ca && !is_for_tls => &CA,
        () if purposes.as_ref().is_some_and(are_purposes_of_client) => &CLIENT,
        () => &HTTPS,
    }
}

/// Holds a request against a profile: what it says of itself, and the certificate that it would come to. Evidence names the
/// subject of the request.
pub fn judge(request: &Request, expectation: &Expectation, profile: &Profile, moment: Moment) -> Judgement {
    let signature = request.verify_signature();
    let case = RequestCase { request, is_for_ca: profile.role == Role::Authority, signature };
    let about = |said: String| format!("the request for {}: {said}", case.called());
    let mut judgement = match request.as_certificate() {
        Ok(certificate) => of_certificate(certificate, request, expectation, profile, moment),
        Err(error) => unreadable(&error),
    };
    judgement.findings.iter_mut().for_each(|it| it.evidence = about(std::mem::take(&mut it.evidence)));
    judgement.undetermined.iter_mut().for_each(|it| it.reason = about(std::mem::take(&mut it.reason)));
    let situation = |_| Situation::of(Setting::Request);
    for (check, not_met) in profile.checks() {
        let Look::Request { applies, at } = check.look else { continue };
        let weight = Weight { not_met, undetermined: profile.weight_undetermined(check) };
        let looks = applies(&case).then(|| (None, at(&case).about(about)));
        judgement.record(check, weight, situation, looks);
    }
    judgement.sort();
    judgement
}

/// What is said of a request that cannot be decoded.
pub fn unreadable(error: &Malformed) -> Judgement {
    let mut judgement = Judgement::default();
    let weight = Weight { not_met: REQUEST_UNDECODABLE.severity, undetermined: REQUEST_UNDECODABLE.severity };
    let situation = |_| Situation::of(Setting::Request);
    judgement.record(&REQUEST_UNDECODABLE, weight, situation, [(None, Outcome::NotMet(error.to_string()))]);
    judgement
}

/// What is said of the certificate that a request would come to, as far as that is the request's doing.
fn of_certificate(
    certificate: Certificate,
    request: &Request,
    expectation: &Expectation,
    profile: &Profile,
    moment: Moment,
) -> Judgement {
    let purposes = request.extension::<ExtendedKeyUsage<'_>>().ok().flatten();
    // Who names a profile of servers asks about a server.
    let is_server = profile.usage == Some(Usage::TlsServer);
    let is_clients = !is_server && purposes.as_ref().is_some_and(are_purposes_of_client);
    let usage = expectation.usage.filter(|_| !is_clients).or(is_clients.then_some(Usage::TlsClient));
    let expectation = Expectation { usage, ..expectation.clone() };
    let role = if profile.role == Role::Authority { Role::Authority } else { Role::Leaf };
    let end = End::IssuerMissing(Vec::new());
    let known_as = certificate.clone();
    let path = Path { certificates: vec![certificate], ids: vec![None], links: Vec::new(), end };
    let known = [Known::of(&known_as)];
    let host = expectation.host.as_deref().filter(|_| !is_clients);
    let peers: Vec<Peer> =
        host.map(|host| Peer::from_host(host).unwrap_or_else(|_| Peer::Host(host.to_owned()))).into_iter().collect();
    let wanted: &[Oid<'_>] = match usage {
        Some(Usage::TlsClient) => &[oid::CLIENT_AUTH],
        Some(Usage::TlsServer) => &[oid::SERVER_AUTH],
        None if is_server => &[oid::SERVER_AUTH],
        None => &[],
    };
    let inputs = Inputs { peers: &peers, purposes: wanted, ..profile.inputs(&known_as, moment) };
    let facts = process::facts(&path, &known, &inputs, Certificate::verify_own_signature);
    let noted = Processed { facts, ..Processed::default() };
    let case = Case::new(&path, &noted, role, &[], &expectation, moment, &profile.limits);
    let mut judgement = super::judge(&case, profile);
    // Nobody reaches a client by a name.
    let is_asked = |check: &Check| {
        let is_of_names = check.id == names::SAN_MISSING.id;
        !(is_clients && is_of_names) && OF_CERTIFICATES.iter().copied().flatten().any(|it| it.id == check.id)
    };
    judgement.findings.retain(|it| is_asked(it.check));
    judgement.undetermined.retain(|it| is_asked(it.check));
    judgement.passed.retain(|it| is_asked(it));
    judgement.not_applicable.retain(|it| is_asked(it));
    // Purposes that are asked for are copied by many a CA.
    let is_left = |check: &Check| purposes.is_none() || check.id != usage::SERVER_AUTH_MISSING.id;
    for finding in &mut judgement.findings {
        finding.subject = None;
        finding.remedy = super::cure(finding.check, &Situation::of(Setting::Request));
        if is_left(finding.check) && LEFT_TO_THE_CA.iter().any(|it| it.id == finding.check.id) {
            finding.severity = finding.severity.min(Severity::Warning);
        }
    }
    for undetermined in &mut judgement.undetermined {
        undetermined.subject = None;
    }
    judgement
}

/// The request cannot be made out.
pub static REQUEST_UNDECODABLE: Check = Check {
    id: "request-undecodable",
    severity: Severity::Error,
    clauses: &[Rfc(2986, "4")],
    title: "A request can be decoded",
    why: "A CA cannot process a request whose structure cannot be decoded: it is truncated or damaged.",
    remedy: "Get the file again from where it was made, in binary mode, or make a new request: `certkit request`.",
    look: Decoding,
};

/// The request is not signed with the key that it names.
pub static REQUEST_SIGNATURE_INVALID: Check = Check {
    id: "request-signature-invalid",
    severity: Severity::Error,
    clauses: &[Rfc(2986, "3")],
    title: "A request is signed with its own key",
    why: "The signature proves that the requester holds the key, and that the request was not changed. CAs refuse a \
          request whose signature fails.",
    remedy: "Make a new request on the device that holds the key, and copy it in binary mode.",
    look: OfRequest { applies: |_| true, at: signature },
};

fn signature(case: &RequestCase) -> Outcome {
    match case.signature {
        Ok(()) => Outcome::Met,
        Err(Failure::Unsupported(what)) => Outcome::Undetermined(format!("certkit cannot verify {what}")),
        Err(failure) => Outcome::NotMet(failure.to_string()),
    }
}

/// The request asks for a CA where none is wanted.
pub static REQUEST_ASKS_FOR_CA: Check = Check {
    id: "request-asks-for-ca",
    severity: Severity::Error,
    clauses: &[Rfc5280("4.2.1.9"), Opc(6, "6.2.2")],
    title: "A request for a server, a client or an application does not ask for CA:TRUE",
    why: "A CA that copies the requested extensions makes the holder a CA: that key can then issue certificates for \
          any name. Recipes that copy `CA:TRUE` into everything are the usual cause.",
    remedy: "Make a new request with `basicConstraints = critical, CA:FALSE`, or have the CA set its own: `certkit \
             sign --kind` does. If the request is for a CA, check it with `--profile ca`.",
    look: OfRequest { applies: |case| !case.is_for_ca, at: asks_for_ca },
};

fn asks_for_ca(case: &RequestCase) -> Outcome {
    let is_ca = case.constraints().is_some_and(|it| it.ca);
    Outcome::not_met_if(is_ca, || "it asks for basicConstraints with CA:TRUE".to_owned())
}

/// The request asks for uses that only a CA has.
pub static REQUEST_ASKS_TOO_MUCH: Check = Check {
    id: "request-asks-too-much",
    severity: Severity::Warning,
    clauses: &[Rfc5280("4.2.1.3"), Rfc5280("4.2.1.10")],
    title: "Only a request for a CA asks for CA extensions",
    why: "Only CAs have keyCertSign, cRLSign and name constraints. OpenSSL (with `-x509_strict`) and others refuse any \
          other certificate that has them.",
    remedy: "Make a new request without them, or have the CA set its own: `certkit sign --kind` does.",
    look: OfRequest { applies: |case| !case.is_for_ca && !case.constraints().is_some_and(|it| it.ca), at: too_much },
};

fn too_much(case: &RequestCase) -> Outcome {
    let usage = case.request.extension::<KeyUsage>().ok().flatten();
    let asks = |bit| usage.is_some_and(|usage| usage.contains(bit));
    let asked: Vec<&str> = iter::empty()
        .chain(asks(KeyUsage::KEY_CERT_SIGN).then_some("keyCertSign"))
        .chain(asks(KeyUsage::CRL_SIGN).then_some("cRLSign"))
        .chain(
            case.request.extension::<NameConstraints<'_>>().is_ok_and(|it| it.is_some()).then_some("nameConstraints"),
        )
        .collect();
    Outcome::not_met_if(!asked.is_empty(), || format!("it asks for {}", asked.join(" and ")))
}
