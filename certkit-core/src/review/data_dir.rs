//! Looks at the Application Data folder of a host: rights, `settings.ini`, trust folders, private keys and stray files.
//!
//! Nothing is changed, and of no file more is kept than what it is.

mod projects;

use std::fs;
use std::path::{Path, PathBuf};

use super::facts::{Observation, SourceFacts, Standing, Topic};
use super::opf;
use crate::admission;
use crate::check::Severity;
use crate::check::store::AUDIT;
use crate::source::file::{self, FileError, Outcome, Visited};
use crate::store::{self, Address, Presence};
use crate::text::{Printable, plural};

/// The most files that are looked at.
const FILES: usize = 50_000;

/// As many files of one kind are named.
const NAMED: usize = 10;

/// The most bytes of `settings.ini`.
const SETTINGS: u64 = 1024 * 1024;

/// Where Kepware keeps the certificates that its OPC UA server and its client driver trust, below the folder.
const TRUSTED: [&str; 2] = ["UA/Server/cert", "UA/Client Driver/cert"];

/// The folders of the versions that are known, on Windows and of Edge.
pub const DEFAULTS: [&str; 5] = [
    r"C:\ProgramData\Kepware\KEPServerEX\V6",
    r"C:\ProgramData\PTC\ThingWorx Kepware Server\V6",
    r"C:\ProgramData\PTC\Kepware Server\V7",
    "/opt/tkedge/v1",
    "/opt/kepedge/v1",
];

/// What a walk over the folder has found.
#[derive(Default)]
struct Found {
    /// What every user may read or write.
    open: Named,
    keys: Named,
    backups: Named,
    samples: Named,
    /// Project files that everybody can read who gets them.
    projects: Named,
    /// As many of them as are looked into.
    project_files: Vec<PathBuf>,
    /// What could not be looked at, and the first reason.
    failed: Named,
    reason: Option<String>,
    settings: Vec<PathBuf>,
    count: usize,
}

impl Found {
    /// Walks over a folder, and looks at each file and folder.
    fn in_folder(folder: &Path) -> Result<Found, FileError> {
        let mut walk = file::walk_whole(folder)?;
        let mut found = Found::default();
        for step in walk.by_ref() {
            if found.count >= FILES {
                found.fail(folder, folder, format!("there are more than {FILES} files in it"));
                break;
            }
            match step {
                Ok(path) => found.file(&path, folder),
                Err(visited) => found.step(*visited, folder),
            }
        }
        // By their real paths: what a link leads to may be no part of the folder.
        let real = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let mut entered: Vec<&Path> = walk.folders().collect();
        entered.sort_unstable();
        entered.into_iter().for_each(|it| found.rights(it, &real));
        Ok(found)
    }

    fn file(&mut self, path: &Path, folder: &Path) {
        self.count = self.count.saturating_add(1);
        self.rights(path, folder);
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        if is_key(path, &name) && rights::others(path).is_ok_and(|it| it == Some(true)) {
            self.keys.note(path, folder);
        }
        let below = path.strip_prefix(folder).unwrap_or(path);
        let mut names = below.components().map(|it| it.as_os_str().to_string_lossy().to_lowercase());
        if names.clone().any(|it| is_backup(&it)) {
            self.backups.note(path, folder);
        } else if names.any(|it| is_sample(&it)) {
            self.samples.note(path, folder);
        }
        if is_readable_project(path, &name) {
            self.projects.note(path, folder);
            if self.project_files.len() < NAMED {
                self.project_files.push(path.to_owned());
            }
        }
        if name == "settings.ini" && path.parent() == Some(folder) {
            self.settings.push(path.to_owned());
        }
    }

    /// Takes over what is no file: where a link leads nowhere, there is nothing; what else failed may be anything.
    fn step(&mut self, visited: Visited, folder: &Path) {
        match visited.outcome {
            Outcome::Failed(FileError::NotFound { .. } | FileError::BrokenSymlink { .. }) if is_gone(&visited.path) => {
            }
            Outcome::Failed(error) => {
                self.rights(&visited.path, folder);
                self.fail(&visited.path, folder, error.to_string());
            }
            Outcome::Read(_) | Outcome::PassedOver(_) => {}
        }
    }

    /// Notes what every user may read or write.
    fn rights(&mut self, path: &Path, folder: &Path) {
        match rights::others(path) {
            Ok(Some(true)) => self.open.note(path, folder),
            Ok(_) => {}
            // It was taken away since it was listed.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => self.fail(path, folder, format!("{}: {error}", Printable(path.to_string_lossy()))),
        }
    }

    fn fail(&mut self, path: &Path, folder: &Path, reason: String) {
        self.failed.note(path, folder);
        self.reason.get_or_insert(reason);
    }

    /// How something stands that should not be there: what was found decides, and without a look at all nothing is good.
    fn standing(&self, found: &Named) -> Standing {
        match (found.is_empty(), self.failed.is_empty()) {
            (false, _) => Standing::Bad,
            (true, false) => Standing::Unseen,
            (true, true) => Standing::Good,
        }
    }
}

/// Says whether nothing is there.
fn is_gone(path: &Path) -> bool {
    fs::metadata(path).is_err_and(|it| it.kind() == std::io::ErrorKind::NotFound)
}

/// Looks at a folder, and writes what it shows into the facts.
///
/// Costs a look at the rights of each file, and the reading of `settings.ini` and of the trust folders.
pub fn read(folder: &Path, to: &mut SourceFacts) {
    let found = match Found::in_folder(folder) {
        Ok(found) => found,
        Err(error) => {
            to.error = Some(error.to_string());
            return;
        }
    };
    let asked = format!("the folder {}", Printable(folder.to_string_lossy()));
    to.note_asked(asked, format!("{} {}", found.count, plural(found.count, "file", "files")), true);
    if let Some(reason) = &found.reason {
        to.error = Some(format!("not all of it could be looked at: {reason}"));
        to.hints.push("run certkit as a user who may read all of the folder".to_owned());
    }
    let mut observe = |topic, standing, subject: &str, text: String| {
        to.observations.push(Observation { topic, subject: subject.to_owned(), standing, text });
    };
    let unseen = format!("could not be looked at in {}", found.failed);
    if matches!(rights::others(folder), Ok(None)) {
        let text = "has rights that this system does not tell; look at Properties | Security".to_owned();
        observe(Topic::FolderRights, Standing::Unseen, "the folder", text);
    } else {
        let standing = found.standing(&found.open);
        let text = match standing {
            Standing::Good => "is closed to all other users".to_owned(),
            Standing::Bad => format!("is open to every user: {}", found.open),
            _ => unseen.clone(),
        };
        observe(Topic::FolderRights, standing, "the folder", text);
    }
    if !found.keys.is_empty() {
        let text = format!("can be read by every user: {}", found.keys);
        observe(Topic::FolderRights, Standing::Bad, "private keys", text);
    }
    for (topic, named, word) in
        [(Topic::Backups, &found.backups, "backups"), (Topic::Samples, &found.samples, "samples and scripts")]
    {
        let standing = found.standing(named);
        let text = match standing {
            Standing::Good => "were not found in the folder".to_owned(),
            Standing::Bad => format!("are in the folder: {named}"),
            _ => unseen.clone(),
        };
        observe(topic, standing, word, text);
    }
    if !found.projects.is_empty() {
        let text = format!("are in the folder, without a password: {}", found.projects);
        observe(Topic::ProjectFiles, Standing::Bad, "project files", text);
    }
    if found.settings.is_empty() && !found.failed.is_empty() {
        observe(Topic::PlainHttp, Standing::Unseen, "settings.ini", unseen);
    }
    projects::look(&found.project_files, folder, to);
    found.settings.iter().for_each(|it| read_settings(it, to));
    TRUSTED.iter().for_each(|it| audit(&folder.join(it), it, to));
}

/// Files of one kind: the first by name, the others counted.
#[derive(Default)]
struct Named {
    names: Vec<String>,
    count: usize,
}

impl Named {
    fn note(&mut self, path: &Path, folder: &Path) {
        self.count = self.count.saturating_add(1);
        if self.names.len() < NAMED {
            let below = path.strip_prefix(folder).unwrap_or(path);
            let name = if below.as_os_str().is_empty() { "the folder itself".into() } else { below.to_string_lossy() };
            self.names.push(Printable(name).to_string());
        }
    }

    fn is_empty(&self) -> bool {
        self.count == 0
    }
}

impl std::fmt::Display for Named {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.names.join(", "))?;
        match self.count.saturating_sub(self.names.len()) {
            0 => Ok(()),
            more => write!(f, " and {more} more"),
        }
    }
}

fn is_key(path: &Path, name: &str) -> bool {
    if name.ends_with(".pfx") || name.ends_with(".p12") || name.ends_with(".key") {
        return true;
    }
    let is_pem = name.ends_with(".pem");
    is_pem && file::read_start(path, 64 * 1024).is_ok_and(|it| memchr::memmem::find(&it, b"PRIVATE KEY-----").is_some())
}

/// Says whether it is a project without a password: a binary one of V6, or a JSON export.
fn is_readable_project(path: &Path, name: &str) -> bool {
    // Copies have further endings: `line3.opf.bak`, `line3.json.old`.
    if ![".opf", ".json"].iter().any(|it| name.contains(it)) {
        return false;
    }
    file::read_start(path, 64 * 1024).is_ok_and(|start| {
        let has = |word: &[u8]| memchr::memmem::find(&start, word).is_some();
        start.starts_with(&opf::MAGIC) || (has(b"\"project\"") && (has(b"servermain.") || has(b"common.ALLTYPES_")))
    })
}

fn is_backup(name: &str) -> bool {
    let endings = [".bak", ".old", ".orig", "~", ".backup"];
    // What people and Windows call a copy: `line3_old.opf`, `Copy of line3.json`, `line3 - Kopie.json`, `line3 (2).opf`.
    let words = ["old", "copy", "kopie", "bak", "backup", "backups", "orig"];
    let is_copy = name.split(|it: char| !it.is_alphanumeric()).any(|it| words.contains(&it));
    let is_numbered =
        name.split(" (").skip(1).any(|it| it.split_once(')').is_some_and(|(it, _)| it.parse::<u8>().is_ok()));
    endings.iter().any(|it| name.ends_with(it)) || name.starts_with("backup") || is_copy || is_numbered
}

fn is_sample(name: &str) -> bool {
    let endings = [".py", ".ps1", ".bat", ".cmd", ".vbs", ".sh"];
    let words = ["simdemo", "sample", "example", "demo", "trial"];
    let is_test = name.split(|it: char| !it.is_alphanumeric()).any(|it| it == "test");
    is_test || endings.iter().any(|it| name.ends_with(it)) || words.iter().any(|it| name.contains(it))
}

/// Reads what `settings.ini` says of the Configuration API.
fn read_settings(path: &Path, to: &mut SourceFacts) {
    let text = match file::read_bytes_within(path, SETTINGS) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => {
            to.note_asked("settings.ini", error.to_string(), false);
            let (topic, standing, subject) = (Topic::PlainHttp, Standing::Unseen, "settings.ini".to_owned());
            to.observations.push(Observation { topic, subject, standing, text: "cannot be read".to_owned() });
            return;
        }
    };
    to.note_asked("settings.ini", "read", true);
    let mut is_ours = false;
    let mut is_told = false;
    for line in text.lines().map(str::trim) {
        if let Some(section) = line.strip_prefix('[') {
            is_ours = section.trim_end_matches(']').eq_ignore_ascii_case("Config API Service");
            continue;
        }
        let Some((key, value)) = line.split_once('=').filter(|_| is_ours) else { continue };
        let (key, value) = (key.trim(), value.trim());
        let (topic, standing, text) = match (key.to_ascii_lowercase().as_str(), value) {
            ("allowinsecurecommunications", "0") => (Topic::PlainHttp, Standing::Good, "allows no plain HTTP"),
            ("allowinsecurecommunications", "1") => (Topic::PlainHttp, Standing::Bad, "allows plain HTTP"),
            ("enabled", "0") => (Topic::PlainHttp, Standing::Good, "has the Configuration API switched off"),
            ("enabled", "1") => (Topic::PlainHttp, Standing::Note, "has the Configuration API switched on"),
            ("allowinsecurecommunications" | "enabled", _) => {
                (Topic::PlainHttp, Standing::Unseen, "has a value for the Configuration API that is not known")
            }
            _ => continue,
        };
        is_told |= standing != Standing::Note;
        let subject = "settings.ini".to_owned();
        to.observations.push(Observation { topic, subject, standing, text: text.to_owned() });
    }
    if !is_told {
        let (topic, standing, subject) = (Topic::PlainHttp, Standing::Unseen, "settings.ini".to_owned());
        let text = "does not say whether plain HTTP is allowed".to_owned();
        to.observations.push(Observation { topic, subject, standing, text });
    }
}

/// Looks at a folder of trusted certificates as at any store.
fn audit(folder: &Path, name: &str, to: &mut SourceFacts) {
    if is_gone(folder) {
        return;
    }
    let moment = to.begun;
    let audited = Address::parse(folder.as_os_str())
        .and_then(|address| store::open(&address, None, Presence::Needed))
        .and_then(|store| admission::audit(&*store, &AUDIT, moment));
    let judgement = match audited {
        Ok(audited) => audited.judgement,
        Err(error) => {
            to.note_asked(format!("trust folder {name}"), error.to_string(), false);
            let (topic, standing, subject) = (Topic::TrustList, Standing::Unseen, format!("trust folder {name}"));
            to.observations.push(Observation { topic, subject, standing, text: "cannot be read".to_owned() });
            return;
        }
    };
    to.note_asked(format!("trust folder {name}"), format!("{} findings", judgement.findings.len()), true);
    let mut observe = |standing, text: String| {
        let subject = format!("trust folder {name}");
        to.observations.push(Observation { topic: Topic::TrustList, subject, standing, text });
    };
    for finding in judgement.findings.iter().take(NAMED) {
        let standing = match finding.severity {
            Severity::Info => Standing::Note,
            Severity::Warning => Standing::Weak,
            Severity::Error => Standing::Bad,
        };
        observe(standing, format!("has {}: {}", finding.check.id, finding.evidence));
    }
    if judgement.findings.iter().all(|it| it.severity == Severity::Info) {
        observe(Standing::Good, "holds nothing that should go".to_owned());
    }
}

/// Whom the system lets read and write a file.
mod rights {
    use std::io;
    use std::path::Path;

    /// Says whether every user of the machine may read or write it, or what it leads to; `None` where the system does not
    /// tell.
    #[cfg(unix)]
    pub(super) fn others(path: &Path) -> io::Result<Option<bool>> {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::metadata(path).map(|found| Some(found.permissions().mode() & 0o006 != 0))
    }

    /// The rights of Windows are lists, which are not read.
    #[cfg(not(unix))]
    #[expect(clippy::unnecessary_wraps, reason = "other systems tell, and may fail to")]
    pub(super) fn others(_: &Path) -> io::Result<Option<bool>> {
        Ok(None)
    }
}
