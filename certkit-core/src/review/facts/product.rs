//! The product behind a Configuration API, and its version.

use crate::text::shown;

/// A version of Kepware: major, minor, build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(pub u32, pub u32, pub u32);

impl Version {
    /// Reads `6.18`, `V6.18.300.0` and their kind; `None` for what is no version.
    pub fn parse(text: &str) -> Option<Version> {
        let text = text.trim();
        let text = text.strip_prefix(['V', 'v']).unwrap_or(text);
        let mut parts = text.split('.').map(str::parse::<u32>);
        let major = parts.next()?.ok()?;
        let mut next = || parts.next().unwrap_or(Ok(0)).ok();
        Some(Version(major, next()?, next()?))
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.0, self.1)?;
        if self.2 > 0 { write!(f, ".{}", self.2) } else { Ok(()) }
    }
}

/// The product behind a Configuration API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    /// Its name, as it calls itself.
    pub name: String,
    /// Its version, as it writes it.
    pub written: String,
    /// The version, where it is one.
    pub version: Option<Version>,
    /// Whether it is Kepware Edge, by its number or name.
    pub is_edge: bool,
}

impl Product {
    /// How a sentence calls it.
    pub fn called(&self) -> String {
        format!("{} {}", shown(&self.name), shown(&self.written))
    }
}
