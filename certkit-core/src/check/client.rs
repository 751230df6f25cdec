//! The profile of TLS clients.

use super::relying::refused_in_practice;
#[cfg(feature = "legacy-crypto")]
use super::webpki::weak_keys;
use super::{
    HTTPS, ON_EVERY_PATH, Profile, Role, Setting, Severity, Unasked, Usage, key_store, request, rfc5280, webpki,
};
use crate::cert::Certificate;
use crate::cert::extension::ExtendedKeyUsage;
use crate::oid;
use crate::path::process::Reading;

/// A TLS client (MQTT, REST, a browser) as seen by the servers that it connects to. No host name is checked.
pub static CLIENT: Profile = Profile {
    name: "client",
    title: "the certificate of a TLS client (MQTT, REST, a person)",
    role: Role::Leaf,
    tables: &[
        rfc5280::fields::CHECKS,
        rfc5280::extensions::CHECKS,
        rfc5280::conformance::REFUSED_IN_PRACTICE,
        rfc5280::form::CHECKS,
        rfc5280::signature::CHECKS,
        rfc5280::revocation::CHECKS,
        rfc5280::list::CHECKS,
        request::CHECKS,
        key_store::CHECKS,
        ON_EVERY_PATH,
        // Of a CA that leaves out clientAuth; the client's own extKeyUsage is `client-auth-missing`.
        &[&rfc5280::path::PURPOSE_NOT_ALLOWED, &rfc5280::conformance::PURPOSE_BY_ANY_ONLY],
        rfc5280::validity::CHECKS,
        rfc5280::authority::CHECKS,
        webpki::algorithms::CHECKS,
        webpki::soundness::CHECKS,
        #[cfg(feature = "legacy-crypto")]
        weak_keys::CHECKS,
        #[cfg(feature = "legacy-crypto")]
        weak_keys::OF_ALL,
        &[&webpki::names::SAN_MALFORMED, &webpki::names::SAN_UNREAD_BY_JAVA],
        webpki::usage::CHECKS,
        &[&webpki::baseline::WILDCARD_BELOW_PUBLIC_SUFFIX],
        webpki::chain::CHECKS,
        webpki::chain::AS_PROGRAMS_SEE_IT,
    ],
    overrides: refused_in_practice![
        (&rfc5280::conformance::PURPOSE_BY_ANY_ONLY, Severity::Error),
        (&rfc5280::path::ANCHOR_TOO_OLD, Severity::Warning),
        // The one server that it connects to can trust this very certificate.
        (&webpki::chain::SELF_SIGNED, Severity::Info),
    ],
    without: &[
        // Browsers set a limit to servers alone.
        &rfc5280::validity::VALIDITY_TOO_LONG,
        &webpki::usage::SERVER_AUTH_MISSING,
        &webpki::usage::SERVER_AUTH_BY_ANY_ONLY,
        &webpki::usage::CA_EXCLUDES_SERVER_AUTH,
    ],
    limits: HTTPS.limits,
    reading: Reading::BEFORE_USE,
    usage: Some(Usage::TlsClient),
    is_authority: |_| false,
    unasked: Unasked::PassedOver,
    setting: Setting::Client,
};

/// Says whether purposes are a client's and not a server's.
pub(super) fn are_purposes_of_client(purposes: &ExtendedKeyUsage<'_>) -> bool {
    purposes.allows(oid::CLIENT_AUTH) && !purposes.allows(oid::SERVER_AUTH)
}

/// Says whether those of some certificates that are no CAs' are clients' by their purposes, and that there are such.
pub(crate) fn are_clients(certificates: &[Certificate]) -> bool {
    let is_client = |it: &Certificate| {
        it.extension::<ExtendedKeyUsage<'_>>().ok().flatten().is_some_and(|it| are_purposes_of_client(&it))
    };
    let mut leaves = certificates.iter().filter(|it| !it.is_ca()).peekable();
    leaves.peek().is_some() && leaves.all(is_client)
}
