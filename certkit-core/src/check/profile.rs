//! Which checks apply, and how heavy each is. A profile is data.

mod applications;

use super::client::{CLIENT, are_clients};
use super::relying::{RFC5280, TLS, WEBPKI, refused_in_practice};
#[cfg(feature = "store")]
use super::store;
use super::{
    Check, Look, Role, Setting, Severity, Usage, import, kepware, key_store, opcua, posture, request, rfc5280, webpki,
};
use crate::cert::Certificate;
use crate::moment::Moment;
use crate::path::process::{Inputs, Leaf, Reading};

use applications::is_application;
#[cfg(feature = "store")]
pub(super) use applications::names_uri;
pub use applications::{OPCUA, OPCUA_ISSUED, OPCUA_USER, OPCUA_VALIDATION};

/// When a warning begins for certificates that live for less than three times the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ShortLived {
    /// When a third of their time is left: machines renew them, and a fixed limit would always warn.
    LastThird,
    /// As for all others.
    AsOthers,
}

/// The numbers that checks compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Days before the end of the validity at which a warning begins.
    pub expires_soon_days: u32,
    /// Whether that limit holds for those that live for a short time, too.
    pub short_lived: ShortLived,
    /// Smallest RSA modulus in bits.
    pub rsa_bits: u32,
    /// Longest validity of a leaf in days.
    pub leaf_validity_days: u32,
    /// Longest validity of a CA in days.
    pub authority_validity_days: u32,
}

/// What is said of revocation where it is not looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unasked {
    /// That nothing is known of it: a relying party decides, and has to know on what.
    Undetermined,
    /// Nothing: lists are looked at where they are given.
    PassedOver,
}

/// A named table of checks.
#[derive(Debug)]
pub struct Profile {
    /// Its name on the command line.
    pub name: &'static str,
    /// What it is for, in one line.
    pub title: &'static str,
    /// The place of the certificate that is judged.
    pub role: Role,
    /// The checks, a slice for each topic.
    pub tables: &'static [&'static [&'static Check]],
    /// Checks whose severity differs here from their own.
    pub overrides: &'static [(&'static Check, Severity)],
    /// Checks of the tables that do not apply here.
    pub without: &'static [&'static Check],
    /// The numbers.
    pub limits: Limits,
    /// How what the standards leave open is read.
    pub reading: Reading,
    /// What the judged key serves, unless it is said; `None` where that is neither a server nor a client of TLS.
    pub usage: Option<Usage>,
    /// Says whether a certificate that is judged is judged as a CA's.
    pub is_authority: fn(&Certificate) -> bool,
    /// What is said of revocation where it is not looked at.
    pub unasked: Unasked,
    /// Where what is judged stands or serves, for what to do about a finding.
    pub setting: Setting,
}

impl Profile {
    /// How heavy a check is under this profile, whether its tables have it or not.
    pub fn severity_of(&self, check: &Check) -> Severity {
        let changed = self.overrides.iter().find(|(other, _)| other.id == check.id);
        changed.map_or(check.severity, |(_, severity)| *severity)
    }

    /// The severity of an undetermined check under this profile: that of an unmet one,
    /// unless `UNDETERMINED` says otherwise.
    pub fn weight_undetermined(&self, check: &Check) -> Severity {
        let told = UNDETERMINED.iter().find(|(other, _)| other.id == check.id);
        told.map_or_else(|| self.severity_of(check), |(_, severity)| *severity)
    }

    /// The checks with their severity under this profile, in order.
    pub fn checks(&self) -> impl Iterator<Item = (&'static Check, Severity)> + '_ {
        let is_left_out = |check: &Check| self.without.iter().any(|other| other.id == check.id);
        self.tables
            .iter()
            .flat_map(|topic| topic.iter().copied())
            .filter(move |check| !is_left_out(check))
            .map(|check| (check, self.severity_of(check)))
    }

    /// The place of a certificate that is judged by it. Under `opcua` a CA's certificate is judged as a CA's.
    pub fn role_of(&self, certificate: &Certificate) -> Role {
        if (self.is_authority)(certificate) { Role::Authority } else { Role::Leaf }
    }

    /// What processing a path from this leaf takes from the profile, asking for nothing beyond it.
    pub(crate) fn inputs(&self, leaf: &Certificate, moment: Moment) -> Inputs<'static> {
        Inputs {
            leaf: if (self.is_authority)(leaf) { Leaf::Authority } else { Leaf::EndEntity },
            reading: self.reading,
            modulus_bits: self.limits.rsa_bits,
            ..Inputs::at(moment)
        }
    }

    /// Says whether its tables have a check.
    pub fn has(&self, check: &Check) -> bool {
        let is = |other: &&Check| other.id == check.id;
        self.tables.iter().any(|topic| topic.iter().any(is)) && !self.without.iter().any(is)
    }

    /// The same profile for a caller that needs the root: an incomplete chain is then a finding.
    pub fn up_to_top(&'static self) -> &'static Profile {
        let other = UP_TO_TOP.iter().find(|(below, _)| std::ptr::eq(*below, self));
        other.map_or(self, |(_, top)| top)
    }

    /// Says whether it asks for the ApplicationUri of an OPC UA application.
    pub fn asks_for_application_uri(&self) -> bool {
        opcua::application_uri::CHECKS.iter().any(|check| self.has(check))
    }

    /// Says whether it looks at the endpoints of an OPC UA server.
    pub fn looks_at_endpoints(&self) -> bool {
        self.checks().any(|(check, _)| matches!(check.look, Look::Endpoints { .. }))
    }

    /// Finds a profile by its name.
    pub fn named(name: &str) -> Option<&'static Profile> {
        PROFILES.iter().copied().find(|profile| profile.name == name)
    }

    /// The profile to take when none is asked for: by the scheme of the address that the
    /// certificates came from, else `opcua` where one that is no CA's names a URI (its
    /// ApplicationUri), else `ca` where all of them are CAs, `client` where all others may be used by clients alone
    /// (extKeyUsage), else `https`.
    pub fn suited(scheme: Option<&str>, certificates: &[Certificate]) -> &'static Profile {
        match scheme {
            Some("thingworx" | "wss" | "ws") => &ALWAYSON,
            Some("opc.tcp") => &OPCUA,
            Some(_) => &HTTPS,
            None if certificates.iter().any(is_application) => &OPCUA,
            None if !certificates.is_empty() && certificates.iter().all(Certificate::is_ca) => &CA,
            None if are_clients(certificates) => &CLIENT,
            None => &HTTPS,
        }
    }
}

/// Every profile.
pub static PROFILES: &[&Profile] = &[&CA, &HTTPS, &ALWAYSON, &CLIENT, &OPCUA, &OPCUA_USER, &RFC5280, &WEBPKI, &TLS];

/// The severity of an undetermined check, where it differs from that of an unmet one.
static UNDETERMINED: &[(&Check, Severity)] = &[
    (&import::authority::CA_NOT_TOP, Severity::Error),
    // Old roots and devices' own ones are of version 1 and cannot say that they are CAs; programs take them.
    (&import::authority::NOT_A_CA, Severity::Warning),
    // Partners have the CAs in their lists: what is not at hand here speaks against nobody.
    (&opcua::keys::OPCUA_CHAIN_POLICY_UNFIT, Severity::Info),
    // Who asks for a client certificate first has nothing to say to web pages of others.
    (&posture::http::CORS_ANY_ORIGIN, Severity::Warning),
    (&posture::http::CORS_ORIGIN_REFLECTED, Severity::Warning),
    (&posture::http::CORS_REFLECTED_WITH_CREDENTIALS, Severity::Warning),
    (&posture::mqtt::MQTT_ANONYMOUS, Severity::Warning),
];

/// The limits that hold unless a profile has its own.
pub(super) const LIMITS: Limits = Limits {
    expires_soon_days: 30,
    short_lived: ShortLived::LastThird,
    rsa_bits: 2048,
    leaf_validity_days: 825,
    authority_validity_days: 9132,
};

/// What CAs above allow those below, and the work that it takes to find out.
pub const ON_EVERY_PATH: &[&Check] = &[
    &rfc5280::path::BUDGET_EXHAUSTED,
    &rfc5280::path::ANCHOR_TOO_OLD,
    &rfc5280::constraints::NAME_NOT_PERMITTED,
    &rfc5280::constraints::NAME_EXCLUDED,
    &rfc5280::constraints::NAME_INCOMPARABLE,
    &rfc5280::constraints::NAME_CONSTRAINT_UNSOUND,
    &rfc5280::policies::POLICY_REQUIRED,
    &rfc5280::policies::POLICY_MAPS_ANY,
];

/// A CA that is about to be trusted.
pub static CA: Profile = Profile {
    name: "ca",
    title: "a CA certificate for a trust store",
    role: Role::Authority,
    tables: &[
        import::authority::CHECKS,
        rfc5280::fields::CHECKS,
        rfc5280::extensions::CHECKS,
        rfc5280::conformance::REFUSED_IN_PRACTICE,
        rfc5280::form::CHECKS,
        rfc5280::signature::CHECKS,
        rfc5280::revocation::CHECKS,
        rfc5280::list::CHECKS,
        request::CHECKS,
        ON_EVERY_PATH,
        rfc5280::validity::CHECKS,
        rfc5280::authority::CHECKS,
        &[&key_store::TRUSTED_ENTRIES_UNSEEN],
        &[&webpki::chain::DISTRUSTED, &webpki::chain::ANCHOR_NOT_NAMED, &webpki::chain::LOOKS_SELF_SIGNED],
        &[&webpki::names::SAN_UNREAD_BY_JAVA],
        webpki::algorithms::CHECKS,
        webpki::soundness::CHECKS,
        #[cfg(feature = "legacy-crypto")]
        webpki::weak_keys::CHECKS,
        #[cfg(feature = "legacy-crypto")]
        webpki::weak_keys::OF_ALL,
        #[cfg(feature = "store")]
        store::admission::CHECKS,
        #[cfg(feature = "store")]
        store::content::CHECKS,
        #[cfg(feature = "store")]
        store::authorities::CHECKS,
        #[cfg(feature = "store")]
        store::revoked::CHECKS,
        #[cfg(feature = "store")]
        store::files::CHECKS,
        #[cfg(feature = "store")]
        store::identity::CHECKS,
    ],
    // Who imports a root with a broken signature should know it, though nobody verifies it.
    overrides: refused_in_practice![
        (&webpki::algorithms::ROOT_WEAK_HASH, Severity::Warning),
        (&rfc5280::path::ANCHOR_TOO_OLD, Severity::Warning),
        // Once it is trusted, nobody looks again.
        (&rfc5280::fields::VERSION_NOT_3, Severity::Error),
    ],
    without: &[&rfc5280::validity::VALIDITY_TOO_LONG],
    limits: LIMITS,
    reading: Reading::BEFORE_USE,
    usage: None,
    is_authority: |_| true,
    unasked: Unasked::PassedOver,
    setting: Setting::Import,
};

/// A TLS server as its clients see it.
pub static HTTPS: Profile = Profile {
    name: "https",
    title: "the certificate of a TLS server, with its chain",
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
        rfc5280::validity::CHECKS,
        rfc5280::authority::CHECKS,
        webpki::algorithms::CHECKS,
        webpki::soundness::CHECKS,
        #[cfg(feature = "legacy-crypto")]
        webpki::weak_keys::CHECKS,
        #[cfg(feature = "legacy-crypto")]
        webpki::weak_keys::OF_ALL,
        webpki::names::CHECKS,
        webpki::usage::CHECKS,
        &[&webpki::baseline::WILDCARD_BELOW_PUBLIC_SUFFIX],
        webpki::chain::CHECKS,
        webpki::chain::AS_PROGRAMS_SEE_IT,
        webpki::connection::CHECKS,
        posture::versions::CHECKS,
        posture::suites::CHECKS,
        posture::http::CHECKS,
        posture::mqtt::CHECKS,
    ],
    overrides: refused_in_practice![
        // Whoever put an old root into a store has said that it is a CA.
        (&rfc5280::path::ANCHOR_TOO_OLD, Severity::Warning),
        (&webpki::usage::SERVER_AUTH_BY_ANY_ONLY, Severity::Error),
    ],
    without: &[],
    limits: LIMITS,
    reading: Reading::BEFORE_USE,
    usage: Some(Usage::TlsServer),
    is_authority: |_| false,
    unasked: Unasked::PassedOver,
    setting: Setting::Server,
};

/// Profiles, each with its variant for a caller that needs the root.
static UP_TO_TOP: &[(&Profile, &Profile)] = &[(&HTTPS, &HTTPS_UP_TO_TOP), (&ALWAYSON, &ALWAYSON_UP_TO_TOP)];

static HTTPS_UP_TO_TOP: Profile = Profile {
    overrides: refused_in_practice![
        (&webpki::chain::CHAIN_INCOMPLETE, Severity::Error),
        (&rfc5280::path::ANCHOR_TOO_OLD, Severity::Warning),
        (&webpki::usage::SERVER_AUTH_BY_ANY_ONLY, Severity::Error),
    ],
    ..HTTPS
};

static ALWAYSON_UP_TO_TOP: Profile = Profile {
    overrides: refused_in_practice![
        (&webpki::chain::CHAIN_INCOMPLETE, Severity::Error),
        (&webpki::chain::CHAIN_ISSUERS_NOT_SENT, Severity::Error),
        (&posture::http::HSTS_MISSING, Severity::Warning),
        (&rfc5280::path::ANCHOR_TOO_OLD, Severity::Warning),
        (&webpki::usage::SERVER_AUTH_BY_ANY_ONLY, Severity::Error),
    ],
    ..ALWAYSON
};

/// A ThingWorx server as Kepware's AlwaysOn client sees it.
pub static ALWAYSON: Profile = Profile {
    name: "alwayson",
    title: "the certificate of a ThingWorx server, with its chain, for Kepware's AlwaysOn client",
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
        rfc5280::validity::CHECKS,
        rfc5280::authority::CHECKS,
        webpki::algorithms::CHECKS,
        webpki::soundness::CHECKS,
        #[cfg(feature = "legacy-crypto")]
        webpki::weak_keys::CHECKS,
        #[cfg(feature = "legacy-crypto")]
        webpki::weak_keys::OF_ALL,
        webpki::names::CHECKS,
        webpki::usage::CHECKS,
        &[&webpki::baseline::WILDCARD_BELOW_PUBLIC_SUFFIX],
        webpki::chain::CHECKS,
        webpki::chain::AS_PROGRAMS_SEE_IT,
        webpki::connection::CHECKS,
        kepware::connection::CHECKS,
        posture::versions::CHECKS,
        posture::suites::CHECKS,
        posture::http::CHECKS,
        posture::mqtt::CHECKS,
    ],
    // PTC asks for the full chain in the server's keystore; there is no browser here that could find an issuer itself.
    overrides: refused_in_practice![
        (&webpki::chain::CHAIN_ISSUERS_NOT_SENT, Severity::Error),
        // People log in to ThingWorx with a browser.
        (&posture::http::HSTS_MISSING, Severity::Warning),
        (&rfc5280::path::ANCHOR_TOO_OLD, Severity::Warning),
        (&webpki::usage::SERVER_AUTH_BY_ANY_ONLY, Severity::Error),
    ],
    without: &[],
    limits: LIMITS,
    reading: Reading::BEFORE_USE,
    usage: Some(Usage::TlsServer),
    is_authority: |_| false,
    unasked: Unasked::PassedOver,
    setting: Setting::Server,
};
