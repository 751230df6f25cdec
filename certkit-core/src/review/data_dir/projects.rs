//! Project files that lie about on a host: which secrets stand in clear in them.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::super::facts::{Observation, SourceFacts, Standing, Topic};
use super::super::project_file;
use crate::source::file;
use crate::text::{Printable, shown};

/// The most bytes that are read of one file.
const LIMIT: u64 = 256 * 1024 * 1024;

/// Looks into each file, and tells the names of the properties, never a value.
pub(super) fn look(files: &[PathBuf], folder: &Path, to: &mut SourceFacts) {
    for path in files {
        let below = path.strip_prefix(folder).unwrap_or(path);
        let subject = format!("project file {}", Printable(below.to_string_lossy()));
        let mut project = SourceFacts::new("", to.kind, to.begun);
        match file::open(path) {
            Ok(stream) => project_file::read(stream.take(LIMIT), path, &mut project),
            Err(error) => project.error = Some(error.to_string()),
        }
        let names: BTreeSet<&str> = project.configuration.objects().iter().flat_map(|it| it.clear_secrets()).collect();
        let names: Vec<String> = names.into_iter().map(shown).collect();
        let (standing, text) = match &project.error {
            Some(error) => (Standing::Note, format!("cannot be read: {error}")),
            None if names.is_empty() => continue,
            None => (Standing::Bad, format!("holds {} in clear text", names.join(", "))),
        };
        to.observations.push(Observation { topic: Topic::ProjectSecrets, subject, standing, text });
    }
}
