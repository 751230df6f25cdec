//! Which source a file counts for, where several lead to it.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::sources::{Reach, Watch};

/// The sources that lead to files of others, by folders or links: a file is what it resolves to, and counts once.
pub(super) struct Owners<'a> {
    watches: &'a [Watch],
    /// The first source of each real path.
    roots: HashMap<PathBuf, usize>,
    /// Whether another source stands above, below or at the place of a source.
    is_shared: Vec<bool>,
}

impl<'a> Owners<'a> {
    /// Resolves the sources. Costs some system calls for each of them.
    pub(super) fn of(watches: &'a [Watch]) -> Owners<'a> {
        let mut owners = Owners { watches, roots: HashMap::new(), is_shared: vec![false; watches.len()] };
        let paths = watches.iter().enumerate().filter_map(|(at, watch)| match &watch.reach {
            Reach::Path(path) => Some((at, path)),
            _ => None,
        });
        let real: Vec<(usize, PathBuf)> =
            paths.filter_map(|(at, path)| Some((at, path.canonicalize().ok()?))).collect();
        for (at, path) in &real {
            owners.roots.entry(path.clone()).or_insert(*at);
        }
        for (at, path) in &real {
            for above in path.ancestors().filter_map(|above| owners.roots.get(above)).filter(|above| *above != at) {
                for both in [*at, *above] {
                    owners.is_shared.get_mut(both).into_iter().for_each(|it| *it = true);
                }
            }
        }
        owners
    }

    /// Whether a file that a source leads to counts for it: for the one that names it most closely and does not exclude it,
    /// of equals for the first.
    pub(super) fn is_owner(&self, watch: usize, path: &Path) -> bool {
        if !self.is_shared.get(watch).is_some_and(|it| *it) {
            return true;
        }
        let Ok(real) = path.canonicalize() else { return true };
        let takes = |at: &usize, below: &Path| {
            let excluded = self.watches.get(*at).is_some_and(|it| it.exclude.is_match(below));
            *at == watch || !excluded
        };
        let owner = real.ancestors().find_map(|above| {
            let below = real.strip_prefix(above).unwrap_or(&real);
            self.roots.get(above).copied().filter(|at| takes(at, below))
        });
        owner.is_none_or(|at| at == watch)
    }
}
