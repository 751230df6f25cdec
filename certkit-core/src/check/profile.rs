//! Which checks apply, and how heavy each is. A profile is data.

use super::{Check, Severity, import, rfc5280, webpki};

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
        self.tables.iter().flat_map(|topic| topic.iter().copied()).filter(move |check| !is_left_out(check)).map(|check| {
            let changed = self.overrides.iter().find(|(other, _)| other.id == check.id);
            (check, changed.map_or(check.severity, |(_, severity)| *severity))
        })
    }

    /// Finds a profile by its name.
    pub fn named(name: &str) -> Option<&'static Profile> {
        PROFILES.iter().find(|profile| profile.name == name)
    }
}
