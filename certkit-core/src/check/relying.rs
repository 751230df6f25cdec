//! The profiles of relying parties: they judge what is noted when a path is processed.

use super::profile::LIMITS;
use super::{Check, Profile, Role, Setting, Severity, Unasked, Usage, request, rfc5280, webpki};
use crate::path::names::dns::{Suffixes, Wildcards};
use crate::path::names::{LeadingPeriod, PeerRules};
use crate::path::process::{AnchorForm, Baseline, ConstrainedNames, OldVersions, Reading, TakenLists, TlsUsage};

/// What section 4 of RFC 5280 requires of issuers, applied strictly; and other differences in severity.
macro_rules! to_the_letter {
    ($($more:expr),*) => {
        &[
            (&webpki::chain::CHAIN_INCOMPLETE, Severity::Error),
            (&webpki::chain::ANCHOR_UNKNOWN, Severity::Error),
            (&rfc5280::fields::NOT_DER, Severity::Error),
            (&rfc5280::fields::VERSION_NOT_3, Severity::Error),
            (&rfc5280::fields::SERIAL_NOT_POSITIVE, Severity::Error),
            (&rfc5280::fields::SERIAL_TOO_LONG, Severity::Error),
            (&rfc5280::conformance::TIME_MISSPELT, Severity::Error),
            (&rfc5280::conformance::EXTENSIONS_EMPTY, Severity::Error),
            (&rfc5280::conformance::EXTENSION_MUST_NOT_BE_CRITICAL, Severity::Error),
            (&rfc5280::conformance::EXTENSION_MUST_BE_CRITICAL, Severity::Error),
            (&rfc5280::conformance::AUTHORITY_KEY_ID_MISSING, Severity::Error),
            (&rfc5280::conformance::AUTHORITY_KEY_ID_WITHOUT_KEY, Severity::Error),
            (&rfc5280::conformance::AUTHORITY_KEY_ID_HALF_NAMED, Severity::Error),
            (&rfc5280::conformance::SUBJECT_KEY_ID_MISSING, Severity::Error),
            (&rfc5280::conformance::KEY_USAGE_EMPTY, Severity::Error),
            (&rfc5280::conformance::CA_WITHOUT_KEY_CERT_SIGN, Severity::Error),
            (&rfc5280::conformance::KEY_CERT_SIGN_WITHOUT_CA, Severity::Error),
            (&rfc5280::conformance::NAME_MISSING, Severity::Error),
            (&rfc5280::conformance::SAN_NOT_CRITICAL, Severity::Error),
            (&rfc5280::conformance::SAN_EMPTY, Severity::Error),
            (&rfc5280::conformance::ANCHOR_CONSTRAINTS_NOT_CRITICAL, Severity::Error),
            (&rfc5280::conformance::PATH_LENGTH_WITHOUT_CA, Severity::Error),
            (&rfc5280::conformance::NAME_CONSTRAINTS_WITHOUT_CA, Severity::Error),
            (&rfc5280::conformance::NAME_CONSTRAINTS_EMPTY, Severity::Error),
            (&rfc5280::conformance::EXT_KEY_USAGE_EMPTY, Severity::Error),
            (&rfc5280::conformance::ACCESS_EMPTY, Severity::Error),
            (&rfc5280::authority::CA_KEY_USAGE_ABSENT, Severity::Error),
            (&rfc5280::policies::POLICY_CONSTRAINTS_EMPTY, Severity::Error),
            (&rfc5280::policies::POLICY_DUPLICATE, Severity::Error),
            (&rfc5280::revocation::REVOCATION_LIST_DEPARTS, Severity::Error),
            (&webpki::names::SAN_MALFORMED, Severity::Error),
            // What a standard forbids, and no program looks at.
            (&rfc5280::form::names::ATTRIBUTE_LENGTH, Severity::Warning),
            (&rfc5280::form::names::ATTRIBUTE_TYPE, Severity::Warning),
            (&rfc5280::form::names::ATTRIBUTE_ALPHABET, Severity::Warning),
            (&rfc5280::form::names::ATTRIBUTE_CONTROL_CHARACTER, Severity::Warning),
            (&rfc5280::form::names::EMAIL_NOT_REPEATED, Severity::Warning),
            (&rfc5280::form::names::UNIQUE_IDENTIFIER_PRESENT, Severity::Warning),
            (&rfc5280::form::names::UNIQUE_IDENTIFIER_WITHOUT_VERSION_2, Severity::Warning),
            (&rfc5280::form::algorithms::KEY_PARAMETERS_UNFIT, Severity::Warning),
            (&rfc5280::form::algorithms::SIGNATURE_PARAMETERS_UNFIT, Severity::Warning),
            (&rfc5280::form::algorithms::TIMESTAMP_LIST_EMPTY, Severity::Warning),
            (&rfc5280::form::algorithms::PRECERTIFICATE_WITH_TIMESTAMPS, Severity::Warning),
            (&rfc5280::form::usage::KEY_USAGE_ENCODING, Severity::Warning),
            (&rfc5280::form::usage::KEY_USAGE_UNFIT_FOR_KEY, Severity::Warning),
            (&rfc5280::form::usage::KEY_USAGE_UNFIT_FOR_PURPOSE, Severity::Warning),
            (&rfc5280::form::policies::POLICY_QUALIFIER_UNFIT, Severity::Warning),
            (&rfc5280::form::policies::NOTICE_TYPE, Severity::Warning),
            (&rfc5280::form::policies::NOTICE_TOO_LONG, Severity::Warning),
            (&rfc5280::form::policies::POLICY_LIST_EMPTY, Severity::Warning),
            (&rfc5280::form::alternative::URI_HOST_UNFIT, Severity::Warning),
            (&rfc5280::form::alternative::INTERNATIONAL_NAME_UNFIT, Severity::Warning),
            (&rfc5280::form::alternative::ISSUER_ALT_NAME_EMPTY, Severity::Warning),
            (&rfc5280::form::alternative::ISSUER_ALT_NAME_MALFORMED, Severity::Warning),
            (&rfc5280::form::constraints::NAME_CONSTRAINT_KIND, Severity::Warning),
            (&rfc5280::form::constraints::NAME_CONSTRAINT_HOST, Severity::Warning),
            (&rfc5280::form::constraints::NAME_CONSTRAINT_LEADING_DOT, Severity::Warning),
            (&rfc5280::form::constraints::NAME_CONSTRAINT_DEPTH, Severity::Warning),
            (&rfc5280::form::places::DISTRIBUTION_POINT_INCOMPLETE, Severity::Warning),
            (&rfc5280::form::lists::CRL_SIGNATURE_PARAMETERS_UNFIT, Severity::Warning),
            (&rfc5280::form::lists::CRL_ENTRIES_EMPTY, Severity::Warning),
            (&rfc5280::form::lists::CRL_REASON_UNFIT, Severity::Warning),
            (&rfc5280::form::lists::CRL_EXTENSIONS_EMPTY, Severity::Warning),
            (&webpki::usage::KEY_USAGE_UNFIT_FOR_TLS, Severity::Warning),
            $($more),*
        ]
    };
}

/// What OpenSSL or Java refuses, by `testdata/programs.csv`, though it is a matter of form; and what else weighs
/// differently where they are asked.
macro_rules! refused_in_practice {
    ($($more:expr),* $(,)?) => {
        &[
            (&rfc5280::conformance::TIME_MISSPELT, Severity::Error),
            (&rfc5280::conformance::KEY_IDENTIFIERS_DIFFER, Severity::Error),
            (&rfc5280::conformance::EXTENSION_MUST_NOT_BE_CRITICAL, Severity::Error),
            (&rfc5280::conformance::EXTENSION_SHOULD_NOT_BE_CRITICAL, Severity::Error),
            (&rfc5280::conformance::NAME_MISSING, Severity::Error),
            (&rfc5280::conformance::SAN_NOT_CRITICAL, Severity::Error),
            (&rfc5280::conformance::CA_PURPOSE_BY_ANY_ONLY, Severity::Error),
            (&rfc5280::revocation::REVOCATION_LIST_MISNAMED, Severity::Error),
            (&webpki::algorithms::KEY_POINT_COMPRESSED, Severity::Error),
            (&rfc5280::form::places::DISTRIBUTION_POINT_INCOMPLETE, Severity::Error),
            (&rfc5280::form::names::UNIQUE_IDENTIFIER_WITHOUT_VERSION_2, Severity::Error),
            $($more),*
        ]
    };
}
pub(super) use refused_in_practice;

/// What clients do in practice: they check what matters for the decision, not the form.
const IN_PRACTICE: &[(&Check, Severity)] = refused_in_practice![
    (&rfc5280::conformance::PURPOSE_BY_ANY_ONLY, Severity::Error),
    (&webpki::chain::CHAIN_INCOMPLETE, Severity::Error),
    (&webpki::chain::ANCHOR_UNKNOWN, Severity::Error),
    (&rfc5280::authority::CA_KEY_USAGE_ABSENT, Severity::Warning),
    // GnuTLS, Go or webpki refuse these.
    (&rfc5280::form::alternative::ISSUER_ALT_NAME_MALFORMED, Severity::Warning),
    (&rfc5280::form::algorithms::KEY_PARAMETERS_UNFIT, Severity::Warning),
    (&rfc5280::form::algorithms::SIGNATURE_PARAMETERS_UNFIT, Severity::Warning),
    (&rfc5280::form::names::UNIQUE_IDENTIFIER_PRESENT, Severity::Warning),
    (&rfc5280::form::constraints::NAME_CONSTRAINT_KIND, Severity::Warning),
    // Who put an old root into the trust store has said that it is a CA.
    (&rfc5280::path::ANCHOR_TOO_OLD, Severity::Warning),
];

/// The certificate's own fields, where processing notes them.
const NOTED_FIELDS: &[&Check] = &[
    &rfc5280::fields::CERTIFICATE_UNDECODABLE,
    &rfc5280::fields::NOT_DER,
    &rfc5280::fields::INTEGER_MALFORMED,
    &rfc5280::fields::DEFAULT_ENCODED,
    &rfc5280::fields::FIELD_UNDECODABLE,
    &rfc5280::fields::SIGNATURE_ALGORITHMS_DISAGREE,
    &rfc5280::fields::VERSION_NOT_3,
    &rfc5280::fields::EXTENSIONS_WITHOUT_VERSION_3,
    &rfc5280::fields::SERIAL_NOT_POSITIVE,
    &rfc5280::fields::SERIAL_TOO_LONG,
    &rfc5280::fields::ISSUER_EMPTY,
    &rfc5280::fields::SUBJECT_EMPTY,
    &webpki::names::SAN_MALFORMED,
];

/// What processing a path can note beside these, in the order of RFC 5280 section 6.1.
const NOTED_ON_PATHS: &[&Check] = &[
    &webpki::chain::DISTRUSTED,
    &webpki::chain::CHAIN_INCOMPLETE,
    &webpki::chain::ANCHOR_UNKNOWN,
    &webpki::algorithms::SIGNATURE_WEAK_HASH,
    &webpki::algorithms::KEY_TOO_WEAK,
    &webpki::algorithms::KEY_CURVE_EXPLICIT,
    &rfc5280::validity::NOT_YET_VALID,
    &rfc5280::validity::EXPIRED,
];

/// Whether the leaf is the one that is asked for.
const NOTED_OF_LEAF: &[&Check] = &[
    &webpki::names::HOST_MISMATCH,
    &webpki::usage::SERVER_AUTH_MISSING,
    &webpki::usage::CLIENT_AUTH_MISSING,
    &webpki::usage::CA_EXCLUDES_SERVER_AUTH,
    &webpki::usage::KEY_USAGE_UNFIT_FOR_TLS,
    &webpki::usage::NETSCAPE_CERT_TYPE_UNFIT,
];

/// The checks of every relying party, in their order, and those of one alone.
macro_rules! of_paths {
    ($($more:expr),*) => {
        &[
            NOTED_FIELDS,
            rfc5280::extensions::CHECKS,
            rfc5280::conformance::CHECKS,
            rfc5280::form::CHECKS,
            rfc5280::path::CHECKS,
            rfc5280::signature::CHECKS,
            NOTED_ON_PATHS,
            webpki::soundness::CHECKS,
            rfc5280::revocation::CHECKS,
            rfc5280::list::CHECKS,
            request::CHECKS,
            rfc5280::constraints::CHECKS,
            rfc5280::policies::CHECKS,
            rfc5280::authority::CHECKS,
            NOTED_OF_LEAF,
            $($more),*
        ]
    };
}

/// A relying party that takes RFC 5280 at its word.
pub static RFC5280: Profile = Profile {
    name: "rfc5280",
    title: "a path strictly by RFC 5280",
    role: Role::Leaf,
    tables: of_paths![],
    // The letter knows no weak algorithms.
    overrides: to_the_letter![
        (&rfc5280::conformance::NAME_CONSTRAINTS_NOT_CRITICAL, Severity::Error),
        (&webpki::algorithms::SIGNATURE_WEAK_HASH, Severity::Warning),
        (&rfc5280::revocation::REVOCATION_LIST_WEAK, Severity::Warning),
        (&webpki::algorithms::KEY_TOO_WEAK, Severity::Warning)
    ],
    without: &[],
    limits: LIMITS,
    reading: Reading {
        leading_period: LeadingPeriod::Malformed,
        constrained: ConstrainedNames::Alternative,
        lists: TakenLists::ByStandard,
        peer: PeerRules { wildcards: Wildcards::WholeLabel, ..Reading::IN_PRACTICE.peer },
        ..Reading::IN_PRACTICE
    },
    // The letter speaks of no purpose unless it is asked for one.
    usage: None,
    is_authority: |_| false,
    unasked: Unasked::Undetermined,
    setting: Setting::Server,
};

/// A browser.
pub static WEBPKI: Profile = Profile {
    name: "webpki",
    title: "a public TLS server's path by the rules of browsers",
    role: Role::Leaf,
    tables: of_paths![webpki::baseline::CHECKS, &[&webpki::names::SAN_MISSING, &webpki::usage::LEAF_IS_CA]],
    overrides: to_the_letter![(&webpki::usage::LEAF_IS_CA, Severity::Error)],
    // `signature-forbidden` and `key-forbidden` say the same and more.
    without: &[
        &webpki::algorithms::SIGNATURE_WEAK_HASH,
        &webpki::algorithms::KEY_TOO_WEAK,
        &webpki::algorithms::KEY_CURVE_EXPLICIT,
    ],
    limits: LIMITS,
    reading: Reading {
        // Stricter than browsers are: who goes by the letter counts the whole list.
        peer: PeerRules {
            suffixes: Suffixes::OfCompaniesToo,
            wildcards: Wildcards::WholeLabel,
            ..Reading::IN_PRACTICE.peer
        },
        anchor: AnchorForm::Accepted,
        baseline: Baseline::Asked,
        old_versions: OldVersions::Noted,
        constrained: ConstrainedNames::Alternative,
        lists: TakenLists::ByStandard,
        ..Reading::IN_PRACTICE
    },
    usage: Some(Usage::TlsServer),
    is_authority: |_| false,
    unasked: Unasked::Undetermined,
    setting: Setting::Server,
};

/// What OpenSSL and Java cannot take, and others can.
const OF_PROGRAMS: &[&Check] = &[
    &webpki::names::HOST_UNDERSCORE,
    &webpki::names::SAN_UNREAD_BY_JAVA,
    &webpki::algorithms::KEY_POINT_COMPRESSED,
    &webpki::algorithms::ALGORITHM_TOO_NEW,
];

/// A TLS client such as those built on OpenSSL and Java.
pub static TLS: Profile = Profile {
    name: "tls",
    title: "a path as validated in practice by OpenSSL, Java and clients such as Kepware",
    role: Role::Leaf,
    tables: of_paths![webpki::chain::AS_PROGRAMS_SEE_IT, OF_PROGRAMS],
    overrides: IN_PRACTICE,
    without: &[],
    limits: LIMITS,
    // Java wants signatures of every key since TLS 1.3.
    reading: Reading { tls_usage: TlsUsage::Signatures, ..Reading::IN_PRACTICE },
    usage: Some(Usage::TlsServer),
    is_authority: |_| false,
    unasked: Unasked::Undetermined,
    setting: Setting::Server,
};
