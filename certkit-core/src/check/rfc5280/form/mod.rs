//! What RFC 5280 and its companions demand of the form of a certificate, and no program in the field looks at.
//!
//! Each looks at one certificate alone ([`Look::Form`](super::super::Look::Form)), at what is already decoded of it. To
//! plant operators these are for information; the strict profiles warn of what the standards forbid.

pub mod algorithms;
pub mod alternative;
pub mod constraints;
pub mod lists;
pub mod names;
pub mod places;
pub mod policies;
pub mod usage;

use super::super::{Check, Outcome};

/// The checks of form, in the order of the document.
pub static CHECKS: &[&Check] = &[
    &names::ATTRIBUTE_LENGTH,
    &names::ATTRIBUTE_LONGER_THAN_ADVISED,
    &names::ATTRIBUTE_TYPE,
    &names::ATTRIBUTE_ALPHABET,
    &names::ATTRIBUTE_CONTROL_CHARACTER,
    &names::EMAIL_NOT_REPEATED,
    &names::UNIQUE_IDENTIFIER_PRESENT,
    &names::UNIQUE_IDENTIFIER_WITHOUT_VERSION_2,
    &algorithms::KEY_PARAMETERS_UNFIT,
    &algorithms::SIGNATURE_PARAMETERS_UNFIT,
    &algorithms::TIMESTAMP_LIST_EMPTY,
    &algorithms::PRECERTIFICATE_WITH_TIMESTAMPS,
    &usage::SUBJECT_KEY_ID_ABSENT,
    &usage::KEY_USAGE_NOT_CRITICAL,
    &usage::KEY_USAGE_ENCODING,
    &usage::KEY_USAGE_UNFIT_FOR_KEY,
    &usage::CA_KEY_ENCRYPTS,
    &usage::KEY_USAGE_WITHOUT_AGREEMENT,
    &usage::KEY_USAGE_UNFIT_FOR_PURPOSE,
    &usage::ANY_PURPOSE_CRITICAL,
    &policies::POLICY_QUALIFIER_UNFIT,
    &policies::NOTICE_REFERENCE_PRESENT,
    &policies::NOTICE_TYPE,
    &policies::NOTICE_NOT_UTF8,
    &policies::NOTICE_TOO_LONG,
    &policies::NOTICE_CONTROL_CHARACTER,
    &policies::NOTICE_NOT_NORMAL,
    &policies::POLICY_MAPPINGS_NOT_CRITICAL,
    &policies::POLICY_MAPPING_UNLISTED,
    &policies::POLICY_LIST_EMPTY,
    &alternative::SAN_CRITICAL_BESIDE_SUBJECT,
    &alternative::URI_HOST_UNFIT,
    &alternative::INTERNATIONAL_NAME_UNFIT,
    &alternative::ISSUER_ALT_NAME_EMPTY,
    &alternative::ISSUER_ALT_NAME_MALFORMED,
    &constraints::NAME_CONSTRAINT_KIND,
    &constraints::NAME_CONSTRAINT_HOST,
    &constraints::NAME_CONSTRAINT_LEADING_DOT,
    &constraints::NAME_CONSTRAINT_DEPTH,
    &places::DISTRIBUTION_POINT_INCOMPLETE,
    &places::DISTRIBUTION_POINT_NOT_FETCHABLE,
    &places::ISSUER_ADDRESS_NOT_FETCHABLE,
];

/// A check of form.
macro_rules! form {
    ($(#[doc = $doc:literal])* $name:ident, $id:literal, $sections:expr, $title:literal, $why:literal, $remedy:literal, $at:expr) => {
        $(#[doc = $doc])*
        pub static $name: Check = Check {
            id: $id,
            severity: Severity::Info,
            clauses: $sections,
            title: $title,
            why: $why,
            remedy: $remedy,
            look: Look::Form($at),
        };
    };
}
use form;

/// Not met where something was found: the first, and how many more there are.
fn unless_found(mut found: impl Iterator<Item = String>) -> Outcome {
    let Some(first) = found.next() else { return Outcome::Met };
    match found.count() {
        0 => Outcome::NotMet(first),
        more => Outcome::NotMet(format!("{first}, and {more} more like it")),
    }
}

/// Says whether a text is in Unicode's normal form C.
fn is_normal(text: &str) -> bool {
    text.is_ascii() || unicode_normalization::is_nfc(text)
}
