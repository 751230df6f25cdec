//! Which checks apply, and how heavy each is. A profile is data.

use super::{Check, Role, Severity, import, kepware, rfc5280, webpki};
use crate::cert::Certificate;

/// The numbers that checks compare with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Days before the end of the validity at which a warning begins.
    pub expires_soon_days: u32,
    /// Smallest RSA modulus in bits.
    pub rsa_bits: u32,
    /// Longest validity of a leaf in days.
    pub leaf_validity_days: u32,
    /// Longest validity of a CA in days.
    pub authority_validity_days: u32,
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
}

impl Profile {
    /// The checks with their severity under this profile, in order.
    pub fn checks(&self) -> impl Iterator<Item = (&'static Check, Severity)> + '_ {
        let is_left_out = |check: &Check| self.without.iter().any(|other| other.id == check.id);
        self.tables.iter().flat_map(|topic| topic.iter().copied()).filter(move |check| !is_left_out(check)).map(
            |check| {
                let changed = self.overrides.iter().find(|(other, _)| other.id == check.id);
                (check, changed.map_or(check.severity, |(_, severity)| *severity))
            },
        )
    }

    /// Finds a profile by its name.
    pub fn named(name: &str) -> Option<&'static Profile> {
        PROFILES.iter().copied().find(|profile| profile.name == name)
    }

    /// The profile to take when none is asked for: by the scheme of the address that the
    /// certificates came from, else `ca` where all of them are CAs, else `https`.
    pub fn suited(scheme: Option<&str>, certificates: &[Certificate]) -> &'static Profile {
        match scheme {
            Some("thingworx" | "wss" | "ws") => &ALWAYSON,
            Some(_) => &HTTPS,
            None if !certificates.is_empty() && certificates.iter().all(Certificate::is_ca) => &CA,
            None => &HTTPS,
        }
    }
}

/// Every profile.
pub static PROFILES: &[&Profile] = &[&CA, &HTTPS, &ALWAYSON];

/// The limits that hold unless a profile has its own.
const LIMITS: Limits =
    Limits { expires_soon_days: 30, rsa_bits: 2048, leaf_validity_days: 825, authority_validity_days: 9132 };

/// A CA that is about to be trusted.
pub static CA: Profile = Profile {
    name: "ca",
    title: "a CA certificate that is put into a trust store",
    role: Role::Authority,
    tables: &[
        import::authority::CHECKS,
        rfc5280::fields::CHECKS,
        rfc5280::extensions::CHECKS,
        rfc5280::signature::CHECKS,
        rfc5280::validity::CHECKS,
        rfc5280::authority::CHECKS,
        webpki::algorithms::CHECKS,
    ],
    overrides: &[],
    without: &[&rfc5280::validity::VALIDITY_TOO_LONG],
    limits: LIMITS,
};

/// A TLS server as its clients see it.
pub static HTTPS: Profile = Profile {
    name: "https",
    title: "the certificate of a TLS server, with its chain",
    role: Role::Leaf,
    tables: &[
        rfc5280::fields::CHECKS,
        rfc5280::extensions::CHECKS,
        rfc5280::signature::CHECKS,
        rfc5280::validity::CHECKS,
        rfc5280::authority::CHECKS,
        webpki::algorithms::CHECKS,
        webpki::names::CHECKS,
        webpki::usage::CHECKS,
        webpki::chain::CHECKS,
        webpki::connection::CHECKS,
    ],
    overrides: &[],
    without: &[],
    limits: LIMITS,
};

/// A ThingWorx server as Kepware's AlwaysOn client sees it.
pub static ALWAYSON: Profile = Profile {
    name: "alwayson",
    title: "the certificate of a ThingWorx server, with its chain, for Kepware's AlwaysOn client",
    role: Role::Leaf,
    tables: &[
        rfc5280::fields::CHECKS,
        rfc5280::extensions::CHECKS,
        rfc5280::signature::CHECKS,
        rfc5280::validity::CHECKS,
        rfc5280::authority::CHECKS,
        webpki::algorithms::CHECKS,
        webpki::names::CHECKS,
        webpki::usage::CHECKS,
        webpki::chain::CHECKS,
        webpki::connection::CHECKS,
        kepware::connection::CHECKS,
    ],
    // PTC asks for the full chain in the server's keystore; there is no browser here that could find an issuer itself.
    overrides: &[(&webpki::chain::CHAIN_ISSUERS_NOT_SENT, Severity::Error)],
    without: &[],
    limits: LIMITS,
};
