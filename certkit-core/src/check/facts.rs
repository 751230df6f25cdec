//! Which check a fact of a processed path falls short of.

use super::rfc5280::{
    authority, conformance, constraints, extensions, fields, path, policies, revocation, signature, validity,
};
use super::webpki::{algorithms, baseline, chain, names, soundness, usage};
use super::{Case, Check, Outcome, Subject};
use crate::crypto::signature::Failure;
use crate::oid;
use crate::path::names::Peer;
use crate::path::process::{Fact, Kind, Need};
use crate::path::{End, Path};

/// What was noted of a path by processing it (RFC 5280 section 6.1 and beyond).
#[derive(Clone, Debug, Default)]
pub struct Processed {
    /// The facts, in the order in which they were met.
    pub facts: Vec<Fact>,
    /// Checks that are undetermined because something was not given, each with the reason in one sentence.
    pub undetermined: Vec<(&'static Check, &'static str)>,
    /// Checks that what was asked does not concern.
    pub unasked: Vec<&'static Check>,
}

/// What was noted for a check; `is_met` says what it means that nothing was.
pub(super) fn outcomes(case: &Case, check: &'static Check, is_met: fn(&Case) -> bool) -> Vec<(Option<usize>, Outcome)> {
    let noted = case.noted;
    let facts = noted.facts.iter().filter(|fact| check_for(fact, case.path).id == check.id);
    let outcomes: Vec<_> = facts.map(|fact| (subject(fact), outcome(&fact.kind))).collect();
    if !outcomes.is_empty() {
        return outcomes;
    }
    if let Some((_, reason)) = noted.undetermined.iter().find(|(undetermined, _)| undetermined.id == check.id) {
        return vec![(None, Outcome::NotGiven((*reason).to_owned()))];
    }
    let is_asked = noted.unasked.iter().all(|unasked| unasked.id != check.id);
    if is_asked && is_met(case) { vec![(None, Outcome::Met)] } else { Vec::new() }
}

/// The certificate that a fact is about; `None` for one about the path as a whole.
fn subject(fact: &Fact) -> Option<usize> {
    let is_of_whole = matches!(fact.kind, Kind::NotAnchored { .. });
    (!is_of_whole).then_some(fact.certificate)
}

/// The outcome of a fact: for most, not met; for some, undetermined.
fn outcome(kind: &Kind) -> Outcome {
    let said = kind.to_string();
    match kind {
        kind if is_undetermined(kind) => Outcome::Undetermined(said),
        Kind::RevocationUnknown { need: Need::Preferred, .. } => Outcome::NotMetByChoice(said),
        _ => Outcome::NotMet(said),
    }
}

/// Says whether a fact makes its check undetermined.
pub(crate) fn is_undetermined(kind: &Kind) -> bool {
    matches!(kind, Kind::KeyUnknown { .. } | Kind::SignedByAbsentKey)
}

/// Whatever is judged, the requirement concerns it.
pub(super) fn always(_: &Case) -> bool {
    true
}

/// Says whether a certificate of the path issued another one.
pub(super) fn has_issuer(case: &Case) -> bool {
    case.path.certificates.len() > 1
}

/// Says whether a CA is on the path: as an issuer, or because it is judged as one.
pub(super) fn has_authority(case: &Case) -> bool {
    case.subjects.iter().any(|it| it.is_on_path() && it.is_authority())
}

/// Says whether the judged certificate is an end entity's.
pub(super) fn has_leaf(case: &Case) -> bool {
    case.leaf().is_some_and(Subject::is_leaf)
}

/// Says whether the judged certificate answers TLS connections.
pub(super) fn has_server(case: &Case) -> bool {
    case.leaf().is_some_and(|leaf| usage::serves_tls(case, leaf))
}

/// The check that a fact of a path falls short of.
pub fn check_for(fact: &Fact, path: &Path) -> &'static Check {
    let is_anchor = fact.certificate > 0
        && fact.certificate.saturating_add(1) == path.certificates.len()
        && path.end == End::Anchor;
    match &fact.kind {
        Kind::SignatureFails(Failure::Unsupported(_)) | Kind::OwnSignatureFails(Failure::Unsupported(_)) => {
            &signature::SIGNATURE_NOT_VERIFIABLE
        }
        Kind::SignatureFails(_) | Kind::OwnSignatureFails(_) | Kind::SignedByAbsentKey => &signature::SIGNATURE_INVALID,
        Kind::SignatureNotTried | Kind::NamesNotCompared => &path::BUDGET_EXHAUSTED,
        Kind::NotAnchored { end: End::BudgetSpent(_) | End::TooDeep, .. } => &path::BUDGET_EXHAUSTED,
        Kind::NotAnchored { end: End::SelfSigned, .. } => &chain::ANCHOR_UNKNOWN,
        Kind::NotAnchored { .. } => &chain::CHAIN_INCOMPLETE,
        Kind::FieldUnreadable(_) => &fields::FIELD_UNDECODABLE,
        Kind::KeyUnsound { fault, .. } => soundness::check_for(*fault),
        Kind::PointCompressed => &algorithms::KEY_POINT_COMPRESSED,
        Kind::CurveExplicit => &algorithms::KEY_CURVE_EXPLICIT,
        Kind::NotYetValid { .. } => &validity::NOT_YET_VALID,
        Kind::Expired { .. } => &validity::EXPIRED,
        Kind::PeerNotNamed { peer: Peer::Mailbox(_), .. } => &constraints::EMAIL_MISMATCH,
        Kind::PeerNotNamed { .. } => &names::HOST_MISMATCH,
        Kind::CertTypeUnfitForTls { .. } => &usage::NETSCAPE_CERT_TYPE_UNFIT,
        Kind::UsageUnfitForTls { .. } => &usage::KEY_USAGE_UNFIT_FOR_TLS,
        Kind::AnchorTooOld(_) => &path::ANCHOR_TOO_OLD,
        Kind::DigestWeak { .. } => &algorithms::SIGNATURE_WEAK_HASH,
        Kind::KeyWeak { .. } | Kind::KeyUnknown { .. } => &algorithms::KEY_TOO_WEAK,
        Kind::Revoked { .. } => &revocation::REVOKED,
        Kind::RevocationUnknown { .. } => &revocation::REVOCATION_UNKNOWN,
        Kind::ListMisnamed(_) => &revocation::REVOCATION_LIST_MISNAMED,
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
        Kind::KeyCertSignMissing { .. } => &authority::CA_KEY_USAGE_UNFIT,
        Kind::TooManyIntermediates { .. } => &path::TOO_MANY_INTERMEDIATES,
        Kind::UnknownCriticalExtension { .. } => &extensions::EXTENSION_UNKNOWN_CRITICAL,
        Kind::ExtensionUnreadable { .. } => &extensions::EXTENSION_UNDECODABLE,
        Kind::PurposeNotAllowed { oid, .. } => purpose(fact.certificate, oid),

        Kind::NotDer(error) if error.is_of_integer() => &fields::INTEGER_MALFORMED,
        Kind::NotDer(_) => &fields::NOT_DER,
        Kind::VersionTooOld(_) => &fields::EXTENSIONS_WITHOUT_VERSION_3,
        Kind::VersionUnknown(_) | Kind::VersionNot3(_) => &fields::VERSION_NOT_3,
        Kind::TimeMisspelt { .. } => &conformance::TIME_MISSPELT,
        Kind::TimeOfOtherType { .. } => &conformance::TIME_OF_OTHER_TYPE,
        Kind::IssuerSpeltOtherwise { in_strings: false } => &chain::ISSUER_SPELT_OTHERWISE,
        Kind::IssuerSpeltOtherwise { in_strings: true } => &chain::ISSUER_STRING_TYPE,
        Kind::ConstraintOnEveryHost => &constraints::NAME_CONSTRAINT_ON_EVERY_HOST,
        Kind::KeyIdentifiersDiffer => &conformance::KEY_IDENTIFIERS_DIFFER,
        Kind::PurposeByAnyOnly { .. } if fact.certificate > 0 => &conformance::CA_PURPOSE_BY_ANY_ONLY,
        Kind::PurposeByAnyOnly { .. } => &conformance::PURPOSE_BY_ANY_ONLY,
        Kind::SerialNegative | Kind::SerialZero => &fields::SERIAL_NOT_POSITIVE,
        Kind::SerialTooLong { .. } => &fields::SERIAL_TOO_LONG,
        Kind::AlgorithmsDiffer { .. } => &fields::SIGNATURE_ALGORITHMS_DISAGREE,
        Kind::IssuerEmpty => &fields::ISSUER_EMPTY,
        Kind::CaSubjectEmpty => &fields::SUBJECT_EMPTY,
        Kind::NoNameAtAll => &conformance::NAME_MISSING,
        Kind::AltNameNotCritical => &conformance::SAN_NOT_CRITICAL,
        Kind::ExtensionTwice { .. } => &extensions::EXTENSION_DUPLICATE,
        Kind::NoExtensionInList => &conformance::EXTENSIONS_EMPTY,
        Kind::ShouldNotBeCritical { .. } => &conformance::EXTENSION_SHOULD_NOT_BE_CRITICAL,
        Kind::PeerWithUnderscore { .. } => &names::HOST_UNDERSCORE,
        Kind::AnchorIssuedByOther { .. } => &chain::ANCHOR_NOT_TOP,
        Kind::CaCurveUnusual { .. } => &chain::CA_CURVE_UNUSUAL,
        Kind::IssuerHasTwin { twins, .. } if !twins.mislead_openssl() && !twins.mislead_java() => {
            &chain::ISSUER_NAME_TWIN_IN_GNUTLS
        }
        Kind::IssuerHasTwin { .. } => &chain::ISSUER_NAME_TWIN,
        Kind::Distrusted { .. } => &chain::DISTRUSTED,
        Kind::LooksSelfSigned => &chain::LOOKS_SELF_SIGNED,
        Kind::TooNew { .. } => &algorithms::ALGORITHM_TOO_NEW,
        Kind::MustNotBeCritical { .. } => &conformance::EXTENSION_MUST_NOT_BE_CRITICAL,
        // Deviation: section 4.2.1.9 makes no difference. Intermediates of real CAs lack the mark and are accepted
        // everywhere; of the anchor, which somebody chose to trust, those who go by the letter demand it.
        Kind::MustBeCritical { extension: "basicConstraints" } if is_anchor => {
            &conformance::ANCHOR_CONSTRAINTS_NOT_CRITICAL
        }
        Kind::MustBeCritical { extension: "basicConstraints" } => &authority::CA_CONSTRAINTS_NOT_CRITICAL,
        Kind::MustBeCritical { extension: "nameConstraints" } => &conformance::NAME_CONSTRAINTS_NOT_CRITICAL,
        Kind::MustBeCritical { .. } => &conformance::EXTENSION_MUST_BE_CRITICAL,
        Kind::PolicyConstraintsMetButNotCritical => &policies::POLICY_CONSTRAINTS_NOT_CRITICAL,
        Kind::NoAuthorityKeyIdentifier => &conformance::AUTHORITY_KEY_ID_MISSING,
        Kind::NoKeyIdentifierOfAuthority => &conformance::AUTHORITY_KEY_ID_WITHOUT_KEY,
        Kind::HalfAuthorityName => &conformance::AUTHORITY_KEY_ID_HALF_NAMED,
        Kind::NoSubjectKeyIdentifier => &conformance::SUBJECT_KEY_ID_MISSING,
        Kind::CaWithoutKeyUsage => &authority::CA_KEY_USAGE_ABSENT,
        Kind::KeyUsageEmpty => &conformance::KEY_USAGE_EMPTY,
        Kind::CaWithoutKeyCertSign => &conformance::CA_WITHOUT_KEY_CERT_SIGN,
        Kind::KeyCertSignWithoutCa => &conformance::KEY_CERT_SIGN_WITHOUT_CA,
        Kind::PathLengthWithoutCa => &conformance::PATH_LENGTH_WITHOUT_CA,
        Kind::NameConstraintsWithoutCa => &conformance::NAME_CONSTRAINTS_WITHOUT_CA,
        Kind::NameConstraintsEmpty => &conformance::NAME_CONSTRAINTS_EMPTY,
        Kind::PolicyConstraintsEmpty => &policies::POLICY_CONSTRAINTS_EMPTY,
        Kind::PolicyTwice { .. } => &policies::POLICY_DUPLICATE,
        Kind::AltNameEmpty => &conformance::SAN_EMPTY,
        Kind::AltNameMalformed { .. } => &names::SAN_MALFORMED,
        Kind::AltNamesUnread { .. } => &names::SAN_UNREAD_BY_JAVA,
        Kind::ExtendedKeyUsageEmpty => &conformance::EXT_KEY_USAGE_EMPTY,
        Kind::AccessEmpty { .. } => &conformance::ACCESS_EMPTY,
        Kind::AuthorityNamedByIssuer => &baseline::AUTHORITY_KEY_ID_NAMES_ISSUER,
        Kind::RootNamesOtherKey => &baseline::ROOT_NAMES_OTHER_KEY,
        Kind::RootHasPurposes => &baseline::ROOT_HAS_PURPOSES,
        Kind::SubscriberIsCa => &usage::LEAF_IS_CA,
        Kind::NoPurposes => &baseline::SERVER_PURPOSES_MISSING,
        Kind::AnyPurpose => &baseline::ANY_PURPOSE_LISTED,
        Kind::NoAltName { .. } => &names::SAN_MISSING,
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
