//! Bounds on the work that strangers' certificates can cause.

/// How much a search may do before it gives up and says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Signatures that are verified; a large key counts for several.
    pub signatures: u32,
    /// Pairs of names that are compared.
    pub names_compared: u32,
    /// Certificates in one path, leaf and anchor included.
    pub depth: u16,
    /// Paths that are handed out.
    pub paths: u32,
}

impl Default for Budget {
    /// Room for every chain that was ever met; the worst one still ends in milliseconds.
    fn default() -> Budget {
        Budget { signatures: 128, names_compared: 250_000, depth: 32, paths: 256 }
    }
}

/// What can run out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Resource {
    /// [`Budget::signatures`].
    Signatures,
    /// [`Budget::names_compared`].
    NamesCompared,
    /// [`Budget::paths`].
    Paths,
}

impl std::fmt::Display for Resource {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Resource::Signatures => "signatures to verify",
            Resource::NamesCompared => "names to compare",
            Resource::Paths => "paths to try",
        })
    }
}

/// What has been used of a [`Budget`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    /// Signatures that were verified, weighted as in the budget.
    pub signatures: u32,
    /// Pairs of names that were compared.
    pub names_compared: u32,
    /// Paths that were handed out.
    pub paths: u32,
}
