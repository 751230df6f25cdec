//! Which check a fact of a processed path falls short of.

use super::rfc5280::{
    authority, constraints, extensions, fields, letter, path, policies, revocation, signature, validity,
};
use super::webpki::{algorithms, baseline, chain, names, soundness, usage};
use super::{Case, Check, Outcome, Reading};
use crate::cert::Known;
use crate::crypto::signature::Failure;
use crate::oid;
use crate::path::End;
use crate::path::names::Peer;
use crate::path::process::{self, Fact, Inputs, Kind};

/// What was noted of a path by processing it (RFC 5280 section 6.1 and beyond).
#[derive(Clone, Debug, Default)]
pub struct Processed {
    /// The facts, in the order in which they were met.
    pub facts: Vec<Fact>,
    /// Checks that nobody could look at, since something was not given, each with the reason in one sentence.
    pub untold: Vec<(&'static Check, &'static str)>,
    /// Checks that what was asked does not concern.
    pub unasked: Vec<&'static Check>,
}

/// What processing gave for a check: nothing where the path was not processed.
pub(super) fn outcomes(case: &Case, check: &'static Check) -> Vec<(Option<usize>, Outcome)> {
    let Some(processed) = case.processed else { return Vec::new() };
    if let Some((_, reason)) = processed.untold.iter().find(|(untold, _)| untold.id == check.id) {
        return vec![(None, Outcome::NotGiven((*reason).to_owned()))];
    }
    if processed.unasked.iter().any(|unasked| unasked.id == check.id) {
        return Vec::new();
    }
    unmet(case, check, &processed.facts)
}

/// What the facts give for a check: met where none of them falls short of it.
fn unmet(case: &Case, check: &'static Check, facts: &[Fact]) -> Vec<(Option<usize>, Outcome)> {
    let length = case.path.certificates.len();
    let facts = facts.iter().filter(|fact| check_for(fact, length).id == check.id);
    let outcomes: Vec<_> = facts.map(|fact| (Some(fact.certificate), Outcome::NotMet(fact.kind.to_string()))).collect();
    if outcomes.is_empty() { vec![(None, Outcome::Met)] } else { outcomes }
}

/// Processes the path of a case that nobody has processed, asking for nothing but validity.
pub(super) fn walk(case: &Case) -> Vec<Fact> {
    let known: Vec<Known<'_>> = case.path.certificates.iter().map(Known::of).collect();
    let inputs = Inputs { leading_period: Reading::IN_PRACTICE.leading_period, ..Inputs::at(case.moment) };
    process::process(case.path, &known, &inputs)
}

/// What walking the path gave for a check: nothing where there is no CA that could limit what is below it.
pub(super) fn met_by(case: &Case, check: &'static Check, facts: &[Fact]) -> Vec<(Option<usize>, Outcome)> {
    if case.path.certificates.len() < 2 { Vec::new() } else { unmet(case, check, facts) }
}

/// The check that a fact falls short of, on a path of `length` certificates.
pub fn check_for(fact: &Fact, length: usize) -> &'static Check {
    let is_top = fact.certificate.saturating_add(1) == length;
    match &fact.kind {
        Kind::SignatureFails(Failure::Unsupported(_)) => &signature::SIGNATURE_NOT_VERIFIABLE,
        Kind::SignatureFails(_) => &signature::SIGNATURE_INVALID,
        Kind::SignatureNotTried | Kind::NamesNotCompared => &path::BUDGET_EXHAUSTED,
        Kind::NotAnchored { end: End::BudgetSpent(_) | End::TooDeep, .. } => &path::BUDGET_EXHAUSTED,
        Kind::NotAnchored { end: End::SelfSigned, .. } => &chain::ANCHOR_UNKNOWN,
        Kind::NotAnchored { .. } => &chain::CHAIN_INCOMPLETE,
        Kind::FieldUnreadable(_) => &fields::FIELD_UNDECODABLE,
        Kind::KeyUnsound { fault, .. } => soundness::check_for(*fault),
        Kind::CurveExplicit => &algorithms::KEY_CURVE_EXPLICIT,
        Kind::NotYetValid { .. } => &validity::NOT_YET_VALID,
        Kind::Expired { .. } => &validity::EXPIRED,
        Kind::PeerNotNamed { peer: Peer::Mailbox(_), .. } => &constraints::EMAIL_MISMATCH,
        Kind::PeerNotNamed { .. } => &names::HOST_MISMATCH,
        Kind::UsageUnfitForTls { .. } => &usage::KEY_USAGE_UNFIT_FOR_TLS,
        Kind::AnchorTooOld(_) => &path::ANCHOR_TOO_OLD,
        Kind::DigestWeak { .. } => &algorithms::SIGNATURE_WEAK_HASH,
        Kind::KeyWeak { .. } => &algorithms::KEY_TOO_WEAK,
        Kind::Revoked { .. } => &revocation::REVOKED,
        Kind::RevocationUnknown { .. } => &revocation::REVOCATION_UNKNOWN,
        Kind::ListWeak { .. } => &revocation::REVOCATION_LIST_WEAK,
        Kind::ListDeparts { .. } => &revocation::REVOCATION_LIST_DEPARTS,
        Kind::NameNotPermitted { .. } => &constraints::NAME_NOT_PERMITTED,
        Kind::NameExcluded { .. } => &constraints::NAME_EXCLUDED,
        Kind::NameIncomparable { .. } => &constraints::NAME_INCOMPARABLE,
        Kind::ConstraintUnsound { .. } => &constraints::NAME_CONSTRAINT_UNSOUND,
        Kind::PolicyRequired => &policies::POLICY_REQUIRED,
        Kind::MapsAnyPolicy => &policies::POLICY_MAPS_ANY,
        Kind::NoBasicConstraints | Kind::NotACa => &authority::CA_FLAG_MISSING,
        Kind::PathLengthExceeded { .. } => &authority::PATH_LENGTH_EXCEEDED,
        Kind::KeyCertSignMissing => &authority::CA_KEY_USAGE_UNFIT,
        Kind::TooManyIntermediates { .. } => &path::TOO_MANY_INTERMEDIATES,
        Kind::UnknownCriticalExtension { .. } => &extensions::EXTENSION_UNKNOWN_CRITICAL,
        Kind::ExtensionUnreadable { .. } => &extensions::EXTENSION_UNDECODABLE,
        Kind::PurposeNotAllowed { oid } => purpose(fact.certificate, oid),

        Kind::NotDer(_) => &fields::NOT_DER,
        Kind::VersionTooOld(_) => &fields::EXTENSIONS_WITHOUT_VERSION_3,
        Kind::VersionUnknown(_) | Kind::VersionNot3(_) => &fields::VERSION_NOT_3,
        Kind::TimeMisspelt { .. } => &letter::TIME_MISSPELT,
        Kind::TimeOfOtherType { .. } => &letter::TIME_OF_OTHER_TYPE,
        Kind::KeyIdentifiersDiffer => &letter::KEY_IDENTIFIERS_DIFFER,
        Kind::PurposeByAnyOnly { .. } => &letter::PURPOSE_BY_ANY_ONLY,
        Kind::SerialNegative | Kind::SerialZero => &fields::SERIAL_NOT_POSITIVE,
        Kind::SerialTooLong { .. } => &fields::SERIAL_TOO_LONG,
        Kind::AlgorithmsDiffer => &fields::SIGNATURE_ALGORITHMS_DISAGREE,
        Kind::IssuerEmpty => &fields::ISSUER_EMPTY,
        Kind::CaSubjectEmpty => &fields::SUBJECT_EMPTY,
        Kind::NoNameAtAll => &letter::NAME_MISSING,
        Kind::AltNameNotCritical => &letter::SAN_NOT_CRITICAL,
        Kind::ExtensionTwice { .. } => &extensions::EXTENSION_DUPLICATE,
        Kind::NoExtensionInList => &letter::EXTENSIONS_EMPTY,
        Kind::MustNotBeCritical { .. } => &letter::EXTENSION_MUST_NOT_BE_CRITICAL,
        // Deviation: section 4.2.1.9 makes no difference. Intermediates of real CAs lack the mark and are accepted
        // everywhere; of the anchor, which somebody chose to trust, those who go by the letter demand it.
        Kind::MustBeCritical { extension: "basicConstraints" } if is_top => &letter::ANCHOR_CONSTRAINTS_NOT_CRITICAL,
        Kind::MustBeCritical { extension: "basicConstraints" } => &authority::CA_CONSTRAINTS_NOT_CRITICAL,
        Kind::MustBeCritical { extension: "nameConstraints" } => &letter::NAME_CONSTRAINTS_NOT_CRITICAL,
        Kind::MustBeCritical { .. } => &letter::EXTENSION_MUST_BE_CRITICAL,
        Kind::PolicyConstraintsMetButNotCritical => &policies::POLICY_CONSTRAINTS_NOT_CRITICAL,
        Kind::NoAuthorityKeyIdentifier => &letter::AUTHORITY_KEY_ID_MISSING,
        Kind::NoKeyIdentifierOfAuthority => &letter::AUTHORITY_KEY_ID_WITHOUT_KEY,
        Kind::HalfAuthorityName => &letter::AUTHORITY_KEY_ID_HALF_NAMED,
        Kind::NoSubjectKeyIdentifier => &letter::SUBJECT_KEY_ID_MISSING,
        Kind::CaWithoutKeyUsage => &authority::CA_KEY_USAGE_ABSENT,
        Kind::KeyUsageEmpty => &letter::KEY_USAGE_EMPTY,
        Kind::CaWithoutKeyCertSign => &letter::CA_WITHOUT_KEY_CERT_SIGN,
        Kind::KeyCertSignWithoutCa => &letter::KEY_CERT_SIGN_WITHOUT_CA,
        Kind::PathLengthWithoutCa => &letter::PATH_LENGTH_WITHOUT_CA,
        Kind::NameConstraintsWithoutCa => &letter::NAME_CONSTRAINTS_WITHOUT_CA,
        Kind::NameConstraintsEmpty => &letter::NAME_CONSTRAINTS_EMPTY,
        Kind::PolicyConstraintsEmpty => &policies::POLICY_CONSTRAINTS_EMPTY,
        Kind::PolicyTwice { .. } => &policies::POLICY_DUPLICATE,
        Kind::AltNameEmpty => &letter::SAN_EMPTY,
        Kind::AltNameMalformed { .. } => &names::SAN_MALFORMED,
        Kind::ExtendedKeyUsageEmpty => &letter::EXT_KEY_USAGE_EMPTY,
        Kind::AccessEmpty { .. } => &letter::ACCESS_EMPTY,
        Kind::AuthorityNamedByIssuer => &baseline::AUTHORITY_KEY_ID_NAMES_ISSUER,
        Kind::RootNamesOtherKey => &baseline::ROOT_NAMES_OTHER_KEY,
        Kind::RootHasPurposes => &baseline::ROOT_HAS_PURPOSES,
        Kind::SubscriberIsCa => &usage::LEAF_IS_CA,
        Kind::NoPurposes => &baseline::SERVER_PURPOSES_MISSING,
        Kind::AnyPurpose => &baseline::ANY_PURPOSE_LISTED,
        Kind::NoAltName => &names::SAN_MISSING,
        Kind::WildcardBelowPublicSuffix { .. } => &baseline::WILDCARD_BELOW_PUBLIC_SUFFIX,
        Kind::CommonNameTwice => &baseline::COMMON_NAME_DUPLICATE,
        Kind::CommonNameForeign { .. } => &baseline::COMMON_NAME_FOREIGN,
        Kind::CommonNameNotRepeated { .. } => &baseline::COMMON_NAME_NOT_REPEATED,
        Kind::KeyForbidden { .. } => &baseline::KEY_FORBIDDEN,
        Kind::SignatureForbidden { .. } => &baseline::SIGNATURE_FORBIDDEN,
    }
}

/// The check for a purpose that is left out.
fn purpose(position: usize, dotted: &str) -> &'static Check {
    let is = |purpose: oid::Oid<'_>| oid::encode(dotted).as_deref() == Some(purpose.as_bytes());
    match position {
        0 if is(oid::SERVER_AUTH) => &usage::SERVER_AUTH_MISSING,
        0 if is(oid::CLIENT_AUTH) => &usage::CLIENT_AUTH_MISSING,
        1.. if is(oid::SERVER_AUTH) => &usage::CA_EXCLUDES_SERVER_AUTH,
        _ => &path::PURPOSE_NOT_ALLOWED,
    }
}
