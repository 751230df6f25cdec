//! What no fact of a path speaks of, and single programs refuse.

use std::borrow::Cow;

use super::super::{Program, Refusal, in_words, of_check};
use super::scene::{Ranged, Scene};
use super::uris::is_taken_by_go;
use super::{attributes, gnutls, hosts, webpki};
use crate::cert::extension::{KeyUsage, SubjectAltName};
use crate::cert::{Certificate, GeneralName};
use crate::check::Check;
use crate::check::rfc5280::authority::{CA_FLAG_MISSING, CA_KEY_USAGE_UNFIT, PATH_LENGTH_EXCEEDED};
use crate::check::rfc5280::constraints::{NAME_CONSTRAINT_UNSOUND, NAME_EXCLUDED, NAME_NOT_PERMITTED};
use crate::check::rfc5280::extensions::EXTENSION_UNKNOWN_CRITICAL;
use crate::check::rfc5280::fields::TRAILING_DATA;
use crate::check::rfc5280::signature::{SIGNATURE_INVALID, SIGNATURE_NOT_VERIFIABLE};
use crate::check::webpki::algorithms::{KEY_CURVE_UNUSUAL, KEY_RSA_EXPONENT_UNUSUAL};
use crate::check::webpki::names::{HOST_MISMATCH, HOST_UNDERSCORE, SAN_MALFORMED, SAN_UNREAD_BY_JAVA};
use crate::check::webpki::usage::CA_EXCLUDES_SERVER_AUTH;
use crate::crypto::digest::Digest;
use crate::crypto::key::Curve;
use crate::crypto::signature::{Failure, SignatureAlgorithm};
use crate::oid;
use crate::path::names::{Fit, LeadingPeriod, Peer, fit};

/// A refusal.
pub(in super::super) struct Besides {
    check: &'static Check,
    position: usize,
    number: Option<u32>,
    /// The program's words, where they are others than those for the check.
    words: Option<&'static str>,
}

impl Besides {
    fn new(check: &'static Check, position: usize) -> Besides {
        Besides { check, position, number: None, words: None }
    }

    /// A refusal in these words.
    pub(super) fn said(check: &'static Check, position: usize, words: &'static str) -> Besides {
        Besides { words: Some(words), ..Besides::new(check, position) }
    }

    /// The refusal in the words of the program.
    pub(in super::super) fn refusal(self, program: Program) -> Refusal {
        let Besides { check, position, number, words } = self;
        if let Some(words) = words {
            return in_words(check, position, program, words);
        }
        match of_check(check, position, program, number) {
            Some(told) if number.is_none() || told.number == number => told,
            _ => Refusal { check, position, number, words: Cow::Borrowed("") },
        }
    }
}

/// Bytes behind a certificate, critical extensions, curves and digests that a program does not know, hosts that it does not
/// find, and what it holds against constraints in its own way.
pub(in super::super) fn besides(scene: Scene<'_>, program: Program) -> Vec<Besides> {
    let mut found = Vec::new();
    for (at, certificate) in scene.path.certificates.iter().enumerate() {
        if certificate.trailing() > 0 && !scene.is_anchor(at) && of_check(&TRAILING_DATA, at, program, None).is_some() {
            found.push(Besides::new(&TRAILING_DATA, at));
        }
        if has_unknown(at, scene, program) {
            found.push(Besides::new(&EXTENSION_UNKNOWN_CRITICAL, at));
        }
    }
    found.extend((0..scene.path.certificates.len()).filter_map(|at| {
        let (check, words) = attributes::refused(at, scene, program)?;
        Some(Besides::said(check, at, words))
    }));
    found.extend((0..scene.path.certificates.len()).filter_map(|at| unknown_curve(at, scene, program)));
    found.extend((0..scene.path.certificates.len()).filter_map(|at| long_exponent(at, scene, program)));
    found.extend(scene.peers.iter().filter_map(|peer| host(peer, scene, program)));
    match program {
        Program::OpenSsl | Program::Python => {
            found.extend(ranged(scene.ranged(program, |_| true), true));
            found.extend(common_name(scene, program, |_| true));
        }
        Program::Java => {
            found.extend(ranged(scene.ranged(program, |at| !scene.is_anchor(at)), false));
            found.extend(common_name(scene, program, |at| !scene.is_anchor(at)));
            // It reads the name of an EDI party, does not find what it is called, and fails where it looks for a host.
            let is_party = |name: &GeneralName<'_>| matches!(name, GeneralName::EdiParty(_)) && name.is_sound();
            let is_asked = scene.peers.iter().any(|it| !matches!(it, Peer::Mailbox(_)));
            if is_asked && scene.has_name(0, is_party) {
                found.push(Besides::said(&SAN_UNREAD_BY_JAVA, 0, "IOException: Cannot have null partyName"));
            }
        }
        Program::GnuTls => {
            found.extend(lone(scene));
            found.extend(own_signature(scene, "The signature in the certificate is invalid"));
            found.extend(gnutls::besides(scene));
            found.extend(path_lengths(scene));
            found.extend(common_name(scene, program, |_| true));
            found.extend(
                (1..scene.path.certificates.len())
                    .filter(|at| has_other_forms(*at, scene))
                    .map(|at| Besides::new(&NAME_CONSTRAINT_UNSOUND, at)),
            );
        }
        Program::Go => {
            found.extend(path_lengths(scene));
            found.extend((0..scene.path.certificates.len()).filter_map(|at| foreign_uri(at, scene)));
            found.extend(
                (1..scene.path.certificates.len())
                    .filter(|at| scene.is_gated_alone(*at))
                    .map(|at| Besides::new(&CA_EXCLUDES_SERVER_AUTH, at)),
            );
            let has_old = |at: &usize| is_over_sha_224(*at, scene);
            found.extend(
                (0..scene.path.links.len()).filter(has_old).map(|at| Besides::new(&SIGNATURE_NOT_VERIFIABLE, at)),
            );
        }
        Program::Webpki => {
            found.extend(own_signature(scene, "InvalidSignatureForPublicKey"));
            found.extend(webpki::besides(scene));
        }
    }
    found
}

/// That the program does not know the curve of a key; OpenSSL knows them all, and others need those of issuers alone.
fn unknown_curve(at: usize, scene: Scene<'_>, program: Program) -> Option<Besides> {
    use Curve::{P192, P224, P256, P384, P521};
    if program == Program::Go && scene.is_on_other_curve(at) {
        return Some(Besides {
            words: Some("x509: unsupported elliptic curve"),
            ..Besides::new(&KEY_CURVE_UNUSUAL, at)
        });
    }
    let curve = scene.curve(at)?;
    let (is_known, words) = match program {
        Program::Go => (matches!(curve, P224 | P256 | P384 | P521), "x509: unsupported elliptic curve"),
        // Of a shorter one it says that it is too short.
        Program::Java => {
            (at == 0 || matches!(curve, P192 | P256 | P384 | P521), "SignatureException: Curve not supported")
        }
        Program::GnuTls => (
            at == 0 || matches!(curve, P192 | P224 | P256 | P384 | P521),
            "Not verified. The certificate is NOT trusted",
        ),
        Program::OpenSsl | Program::Python | Program::Webpki => return None,
    };
    (!is_known).then(|| Besides { words: Some(words), ..Besides::new(&KEY_CURVE_UNUSUAL, at) })
}

/// That the exponent of an RSA key is too long for the program: Go decodes no certificate with more than 63 bits, webpki
/// verifies no signature with more than 33.
fn long_exponent(at: usize, scene: Scene<'_>, program: Program) -> Option<Besides> {
    let bits = scene.certificate(at)?.public_key().ok()?.exponent_bits()?;
    match program {
        Program::Go if bits > 63 => Some(Besides {
            words: Some("x509: invalid RSA public exponent"),
            ..Besides::new(&KEY_RSA_EXPONENT_UNUSUAL, at)
        }),
        Program::Webpki if bits > 33 && at > 0 => Some(Besides::new(&SIGNATURE_INVALID, at.saturating_sub(1))),
        _ => None,
    }
}

/// GnuTLS: a leaf that has signed itself has to be a CA, though it is trusted.
fn lone(scene: Scene<'_>) -> Vec<Besides> {
    if !scene.is_trusted_leaf() || !scene.is_root(0) {
        return Vec::new();
    }
    let is_none = scene.basic_constraints(0).is_some_and(|it| !it.ca);
    let may_not = scene.usage(0).is_some_and(|it| !it.contains(KeyUsage::KEY_CERT_SIGN));
    let of_flag = is_none.then(|| Besides::new(&CA_FLAG_MISSING, 0));
    let of_usage = may_not.then(|| Besides::new(&CA_KEY_USAGE_UNFIT, 0));
    of_flag.into_iter().chain(of_usage).collect()
}

/// GnuTLS and webpki: a leaf that is trusted and has signed itself has to have done so with its own key.
fn own_signature(scene: Scene<'_>, words: &'static str) -> Option<Besides> {
    let is_false = scene.is_trusted_leaf()
        && scene.is_root(0)
        && scene.certificate(0).is_some_and(|it| it.verify_own_signature() == Err(Failure::Mismatch));
    is_false.then(|| Besides::said(&SIGNATURE_INVALID, 0, words))
}

/// GnuTLS and Go: path lengths that are kept to where self-issued CAs do not count, as RFC 5280 section 6.1.4 says, and
/// that these programs count.
fn path_lengths(scene: Scene<'_>) -> Vec<Besides> {
    let is_own = |at: &usize| scene.certificate(*at).is_some_and(Certificate::is_self_issued);
    let is_exceeded = |at: &usize| {
        let allowed = scene.basic_constraints(*at).and_then(|it| it.path_length).map(|it| it as usize);
        let (below, own) = (at.saturating_sub(1), (1..*at).filter(is_own).count());
        allowed.is_some_and(|allowed| below > allowed && below.saturating_sub(own) <= allowed)
    };
    let places = (1..scene.path.certificates.len()).filter(is_exceeded);
    places.map(|at| Besides::new(&PATH_LENGTH_EXCEEDED, at)).collect()
}

/// Go: a URI among the alternative names that it cannot take apart.
fn foreign_uri(at: usize, scene: Scene<'_>) -> Option<Besides> {
    let certificate = scene.certificate(at).filter(|it| it.version() >= 3)?;
    let names = certificate.extension::<SubjectAltName<'_>>().ok().flatten()?;
    // Of what is not ASCII, a fact of the path speaks.
    let is_foreign = |name| matches!(name, GeneralName::Uri(uri) if uri.is_ascii() && !is_taken_by_go(&uri.to_str()));
    names
        .names()
        .any(is_foreign)
        .then(|| Besides { words: Some("x509: cannot parse URI"), ..Besides::new(&SAN_MALFORMED, at) })
}

/// Whether the signature is over a digest that Go does not know.
pub(super) fn is_over_sha_224(at: usize, scene: Scene<'_>) -> bool {
    match scene.certificate(at).map(Certificate::signature_algorithm) {
        Some(Ok(SignatureAlgorithm::RsaPkcs1(digest) | SignatureAlgorithm::Ecdsa(digest))) => digest == Digest::Sha224,
        _ => false,
    }
}

/// That the program does not find a host.
fn host(peer: &Peer, scene: Scene<'_>, program: Program) -> Option<Besides> {
    let is_unread = program == Program::Java && scene.is_unread_by_java();
    let host = match peer {
        Peer::Host(host) => host,
        Peer::Address(_) if is_unread => {
            return Some(unread("CertificateException: No subject alternative names present"));
        }
        Peer::Address(_) | Peer::Mailbox(_) => return None,
    };
    let is_found = hosts::finds(host, scene, program);
    if is_unread && !is_found && !host.contains('_') {
        return Some(unread("CertificateException: No name matching"));
    }
    let is_of_letter = program == Program::Java && host.contains('_');
    let check = if is_of_letter { &HOST_UNDERSCORE } else { &HOST_MISMATCH };
    (!is_found).then(|| Besides { number: Some(62).filter(|_| program.has_numbers()), ..Besides::new(check, 0) })
}

/// Java: what it does not find among names that it does not read.
fn unread(words: &'static str) -> Besides {
    Besides { words: Some(words), ..Besides::new(&SAN_UNREAD_BY_JAVA, 0) }
}

/// Whether a certificate has a critical extension that the program does not know.
fn has_unknown(at: usize, scene: Scene<'_>, program: Program) -> bool {
    let has = |wanted| scene.has_critical(at, wanted);
    match program {
        Program::OpenSsl | Program::Java | Program::Python => false,
        Program::GnuTls => has(oid::POLICY_CONSTRAINTS) || has(oid::POLICY_MAPPINGS),
        Program::Go if scene.version(at) < 3 => false,
        Program::Go => {
            let is_unknown = |base: &GeneralName<'_>| {
                !matches!(base, GeneralName::Dns(_) | GeneralName::Ip(_) | GeneralName::Email(_) | GeneralName::Uri(_))
            };
            let of_policies = [oid::POLICY_CONSTRAINTS, oid::POLICY_MAPPINGS, oid::INHIBIT_ANY_POLICY];
            let has_names = scene.subtrees(at).iter().any(|(tree, _)| is_unknown(&tree.base));
            of_policies.into_iter().any(has) || (has_names && has(oid::NAME_CONSTRAINTS))
        }
        Program::Webpki => {
            let of_policies =
                [oid::CERTIFICATE_POLICIES, oid::POLICY_CONSTRAINTS, oid::POLICY_MAPPINGS, oid::INHIBIT_ANY_POLICY];
            !scene.is_anchor(at) && of_policies.into_iter().any(has)
        }
    }
}

/// GnuTLS: forms of names that it does not compare, where they are excluded, and those that it does not know.
fn has_other_forms(at: usize, scene: Scene<'_>) -> bool {
    scene.subtrees(at).iter().any(|(tree, permitted)| match tree.base {
        GeneralName::Dns(_) | GeneralName::Email(_) | GeneralName::Ip(_) => false,
        GeneralName::Directory(_) | GeneralName::Uri(_) => !permitted,
        _ => true,
    })
}

fn ranged(found: Option<Ranged>, has_numbers: bool) -> Option<Besides> {
    let (check, number) = match found? {
        Ranged::Excluded => (&NAME_EXCLUDED, 48),
        Ranged::NotPermitted => (&NAME_NOT_PERMITTED, 47),
        Ranged::BadLength => (&NAME_CONSTRAINT_UNSOUND, 53),
    };
    Some(Besides { number: Some(number).filter(|_| has_numbers), ..Besides::new(check, 0) })
}

/// The common name of a leaf that names no host is held against constraints on hosts; `looks_at` says whose count.
fn common_name(scene: Scene<'_>, program: Program, looks_at: impl Fn(usize) -> bool) -> Option<Besides> {
    let names = scene.alternative_names(program);
    let has_hosts = names.iter().any(|it| matches!(it, GeneralName::Dns(_)));
    let common = scene.certificate(0)?.subject().first(oid::COMMON_NAME).filter(|it| !has_hosts && it.contains('.'))?;
    let name = GeneralName::Dns(crate::cert::Text(common.as_bytes()));
    let lies_in = |base: &GeneralName<'_>| fit(&name, base, LeadingPeriod::OnlyBelow) == Fit::Within;
    (1..scene.path.certificates.len()).filter(|at| looks_at(*at)).find_map(|at| {
        let subtrees: Vec<_> =
            scene.subtrees(at).into_iter().filter(|(it, _)| matches!(it.base, GeneralName::Dns(_))).collect();
        if subtrees.iter().any(|(it, permitted)| !permitted && lies_in(&it.base)) {
            return Some(Besides { number: Some(48), ..Besides::new(&NAME_EXCLUDED, 0) });
        }
        let mut permitted = subtrees.iter().filter(|(_, permitted)| *permitted).peekable();
        let is_out = permitted.peek().is_some() && !permitted.any(|(it, _)| lies_in(&it.base));
        is_out.then(|| Besides { number: Some(47), ..Besides::new(&NAME_NOT_PERMITTED, 0) })
    })
}
