//! The profiles of OPC UA.

use super::super::{Check, Role, Setting, Severity, import, key_store, opcua, request, rfc5280, webpki};
use super::{LIMITS, ON_EVERY_PATH, Profile, Unasked};
use crate::cert::extension::SubjectAltName;
use crate::cert::{Certificate, GeneralName, Known, may_be_application_uri};
use crate::opcua::validation::is_authority;
use crate::path::process::{Above, Reading, TakenLists, Uris};

/// What OPC UA does not ask for: RFC 5280 applies, but for what plants do otherwise for good reason.
macro_rules! opcua_without {
    ($($more:expr),* $(,)?) => {
        &[

            // The standard knows no longest validity; applications live as long as their machines.
            &rfc5280::validity::VALIDITY_TOO_LONG,
            &rfc5280::validity::CA_VALIDITY_TOO_LONG,
            // OPC UA has its own demands on the usages of CAs, and curves that web clients do not know.
            &rfc5280::authority::CA_KEY_USAGE_UNFIT,
            &rfc5280::authority::CA_KEY_USAGE_ABSENT,
            &webpki::algorithms::KEY_CURVE_UNUSUAL,
            // `opcua-own-key-unnamed` says it.
            &rfc5280::form::usage::SUBJECT_KEY_ID_ABSENT,
            // OPC UA uses one key for everything, and a self-signed application is its own CA.
            &rfc5280::form::usage::CA_KEY_ENCRYPTS,
            $($more),*
        ]
    };
}

/// How OPC UA reads what the standards leave open: no stack is known to mind the form of a list.
const READING: Reading = Reading { above: Above::Known, lists: TakenLists::ByStandard, ..Reading::BEFORE_USE };

/// Where a chain has to end.
const ENDS: &[&Check] = &[
    &webpki::chain::DISTRUSTED,
    &webpki::chain::CHAIN_INCOMPLETE,
    &webpki::chain::ANCHOR_NOT_NAMED,
    &webpki::chain::ANCHOR_NOT_TOP,
];

/// What weighs differently in OPC UA, and for one kind of certificate alone.
macro_rules! in_opcua {
    ($($more:expr),* $(,)?) => {
        &[
            // Without extensions there is no ApplicationUri, and a CA cannot be told.
            (&rfc5280::fields::VERSION_NOT_3, Severity::Error),
            (&rfc5280::path::ANCHOR_TOO_OLD, Severity::Warning),
            // Partners have the CAs in their lists; nothing need be sent.
            (&webpki::chain::CHAIN_INCOMPLETE, Severity::Info),
            // But to trust a certificate does not waive its chain.
            (&webpki::chain::ANCHOR_NOT_TOP, Severity::Error),
            // A policy's demands on signatures hold for the whole chain, the root included.
            (&webpki::algorithms::ROOT_WEAK_HASH, Severity::Warning),
            // Nothing critical is as common as everything, and no stack minds.
            (&rfc5280::authority::CA_CONSTRAINTS_NOT_CRITICAL, Severity::Info),
            $($more),*
        ]
    };
}

/// An OPC UA application's certificate.
pub static OPCUA: Profile = Profile {
    name: "opcua",
    title: "the certificate of an OPC UA application, with its chain",
    role: Role::Leaf,
    tables: &[
        rfc5280::fields::CHECKS,
        opcua::subject::CHECKS,
        rfc5280::validity::CHECKS,
        webpki::algorithms::CHECKS,
        webpki::soundness::CHECKS,
        #[cfg(feature = "legacy-crypto")]
        webpki::weak_keys::CHECKS,
        #[cfg(feature = "legacy-crypto")]
        webpki::weak_keys::OF_ALL,
        opcua::keys::CHECKS,
        rfc5280::extensions::CHECKS,
        rfc5280::form::CHECKS,
        opcua::usage::CHECKS,
        opcua::application_uri::CHECKS,
        opcua::hosts::CHECKS,
        &[
            &webpki::names::ADDRESS_AS_DNS_NAME,
            &webpki::names::SAN_UNREAD_BY_JAVA,
            &webpki::baseline::WILDCARD_BELOW_PUBLIC_SUFFIX,
        ],
        rfc5280::signature::CHECKS,
        rfc5280::revocation::CHECKS,
        rfc5280::list::CHECKS,
        request::CHECKS,
        key_store::CHECKS,
        ON_EVERY_PATH,
        rfc5280::authority::CHECKS,
        opcua::authority::CHECKS,
        ENDS,
        opcua::validation::CHECKS,
        opcua::posture::modes::CHECKS,
        opcua::posture::tokens::CHECKS,
        opcua::posture::certificates::CHECKS,
        opcua::posture::addresses::CHECKS,
    ],
    overrides: in_opcua![
        // Milo reads the names a second time by other means, and stacks of other languages take them.
        (&webpki::names::SAN_UNREAD_BY_JAVA, Severity::Warning)
    ],
    without: opcua_without![],
    limits: LIMITS,
    // `application-uri-malformed` and `application-uri-blank` look at URIs.
    reading: Reading { uris: Uris::Apart, ..READING },
    usage: None,
    is_authority: is_opcua_authority,
    unasked: Unasked::PassedOver,
    setting: Setting::Application,
};

/// The same before anybody trusts it: whoever issues it need not be the top of a chain.
pub static OPCUA_ISSUED: Profile = Profile { without: opcua_without![&webpki::chain::ANCHOR_NOT_TOP], ..OPCUA };

/// A user's certificate for OPC UA sessions.
pub static OPCUA_USER: Profile = Profile {
    name: "opcua-user",
    title: "the certificate of a user who opens OPC UA sessions, with its chain",
    role: Role::Leaf,
    tables: &[
        rfc5280::fields::CHECKS,
        opcua::subject::CHECKS,
        rfc5280::validity::CHECKS,
        webpki::algorithms::CHECKS,
        webpki::soundness::CHECKS,
        #[cfg(feature = "legacy-crypto")]
        webpki::weak_keys::CHECKS,
        #[cfg(feature = "legacy-crypto")]
        webpki::weak_keys::OF_ALL,
        opcua::keys::CHECKS,
        rfc5280::extensions::CHECKS,
        rfc5280::form::CHECKS,
        &[
            &opcua::usage::OPCUA_CONSTRAINTS_MISSING,
            &opcua::usage::OPCUA_CA_FLAG_ON_LEAF,
            &opcua::usage::OPCUA_LEAF_IS_CA,
        ],
        opcua::user::CHECKS,
        rfc5280::signature::CHECKS,
        rfc5280::revocation::CHECKS,
        rfc5280::list::CHECKS,
        request::CHECKS,
        key_store::CHECKS,
        ON_EVERY_PATH,
        rfc5280::authority::CHECKS,
        opcua::authority::CHECKS,
        ENDS,
        opcua::validation::CHECKS,
    ],
    overrides: in_opcua![],
    without: opcua_without![],
    limits: LIMITS,
    reading: READING,
    usage: None,
    is_authority: |it| is_authority(&Known::of(it)),
    unasked: Unasked::PassedOver,
    setting: Setting::Application,
};

/// The validation of OPC 10000-4 section 6.1.3 alone: what `verify` looks at under `opcua` and `opcua-user`.
pub static OPCUA_VALIDATION: Profile = Profile {
    name: "opcua",
    title: "the validation of an OPC UA certificate against lists",
    role: Role::Leaf,
    tables: &[opcua::validation::CHECKS],
    overrides: &[],
    without: &[],
    limits: LIMITS,
    reading: Reading::BEFORE_USE,
    usage: None,
    is_authority: |_| false,
    unasked: Unasked::PassedOver,
    setting: Setting::Application,
};

/// Whether a certificate is a CA's among OPC UA's. A self-signed application may have the CA flag; its ApplicationUri
/// tells it from a CA, or that it has no usage of a CA.
fn is_opcua_authority(certificate: &Certificate) -> bool {
    let is_flagged = || certificate.is_ca() && !names_uri(certificate);
    is_authority(&Known::of(certificate)) || (is_flagged() && !import::authority::is_flagged_alone(certificate))
}

/// Whether it has a URI, as applications of OPC UA have their ApplicationUri (OPC 10000-6 section 6.2.2).
pub(in super::super) fn names_uri(certificate: &Certificate) -> bool {
    has_name(certificate, |name| matches!(name, GeneralName::Uri(_)))
}

fn has_name(certificate: &Certificate, is_meant: impl Fn(&GeneralName<'_>) -> bool) -> bool {
    let names = certificate.extension::<SubjectAltName<'_>>().ok().flatten();
    names.is_some_and(|names| names.names().any(|name| is_meant(&name)))
}

/// Whether a certificate looks like an OPC UA application's: it has a URI that may be an ApplicationUri, and is not a CA
/// certificate.
pub(super) fn is_application(certificate: &Certificate) -> bool {
    has_name(certificate, may_be_application_uri) && !is_authority(&Known::of(certificate))
}
