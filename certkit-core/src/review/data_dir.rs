//! Looks at the Application Data folder of a host: rights, `settings.ini`, trust folders, private keys and stray files.
//!
//! Nothing is changed, and of no file more is kept than what it is.

use std::fs;
use std::path::Path;

use super::facts::{Observation, SourceFacts, Standing, Topic};
use crate::check::Severity;
use crate::check::store::{AUDIT, Inventory, judge};
use crate::source::file;
use crate::store::{self, Address, Presence};
use crate::text::Printable;

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

/// Looks at a folder, and writes what it shows into the facts.
///
/// Costs a look at the rights of each file, and the reading of `settings.ini` and of the trust folders.
pub fn read(folder: &Path, to: &mut SourceFacts) {
    let walk = match file::walk(folder) {
        Ok(walk) => walk,
        Err(error) => {
            to.error = Some(error.to_string());
            return;
        }
    };
    let mut open = Named::default();
    let mut keys = Named::default();
    let mut backups = Named::default();
    let mut samples = Named::default();
    let mut settings = None;
    let mut count = 0_usize;
    open.look(folder, folder);
    for entry in walk.take(FILES) {
        let Ok(path) = entry else { continue };
        count = count.saturating_add(1);
        open.look(&path, folder);
        let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        if is_key(&path, &name) && rights::others(&path) == Some(true) {
            keys.note(&path, folder);
        }
        if is_backup(&name) {
            backups.note(&path, folder);
        } else if is_sample(&name) {
            samples.note(&path, folder);
        }
        if name == "settings.ini" && path.parent() == Some(folder) {
            settings = Some(path);
        }
    }
    to.note_asked(format!("the folder {}", Printable(folder.to_string_lossy())), format!("{count} files"), true);
    if count >= FILES {
        to.error = Some(format!("there are more than {FILES} files in it; the others were not looked at"));
    }
    let mut observe = |topic, standing, subject: &str, text: String| {
        to.observations.push(Observation { topic, subject: subject.to_owned(), standing, text });
    };
    match (rights::others(folder), open.is_empty()) {
        (None, _) => {
            let text = "has rights that this system does not tell; look at Properties | Security".to_owned();
            observe(Topic::FolderRights, Standing::Note, "the folder", text);
        }
        (Some(_), true) => {
            observe(Topic::FolderRights, Standing::Good, "the folder", "is closed to all other users".to_owned());
        }
        (Some(_), false) => {
            observe(Topic::FolderRights, Standing::Bad, "the folder", format!("is open to every user: {open}"));
        }
    }
    if !keys.is_empty() {
        observe(Topic::FolderRights, Standing::Bad, "private keys", format!("can be read by every user: {keys}"));
    }
    for (topic, found, word) in [(Topic::Backups, backups, "backups"), (Topic::Samples, samples, "samples and scripts")]
    {
        match found.is_empty() {
            true => observe(topic, Standing::Good, word, "were not found in the folder".to_owned()),
            false => observe(topic, Standing::Bad, word, format!("are in the folder: {found}")),
        }
    }
    if let Some(path) = settings {
        read_settings(&path, to);
    }
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

    /// Notes what every user may read or write.
    fn look(&mut self, path: &Path, folder: &Path) {
        if rights::others(path) == Some(true) {
            self.note(path, folder);
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

fn is_backup(name: &str) -> bool {
    let endings = [".bak", ".old", ".orig", "~", ".backup"];
    endings.iter().any(|it| name.ends_with(it)) || name.starts_with("backup") || name.contains("_backup")
}

fn is_sample(name: &str) -> bool {
    let endings = [".py", ".ps1", ".bat", ".cmd", ".vbs", ".sh"];
    let words = ["simdemo", "sample", "example", "demo"];
    endings.iter().any(|it| name.ends_with(it)) || words.iter().any(|it| name.contains(it))
}

/// Reads what `settings.ini` says of the Configuration API.
fn read_settings(path: &Path, to: &mut SourceFacts) {
    let text = match file::read_bytes_within(path, SETTINGS) {
        Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        Err(error) => {
            to.note_asked("settings.ini", error.to_string(), false);
            return;
        }
    };
    to.note_asked("settings.ini", "read", true);
    let mut is_ours = false;
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
            _ => continue,
        };
        let subject = "settings.ini".to_owned();
        to.observations.push(Observation { topic, subject, standing, text: text.to_owned() });
    }
}

/// Looks at a folder of trusted certificates as at any store.
fn audit(folder: &Path, name: &str, to: &mut SourceFacts) {
    if !fs::metadata(folder).is_ok_and(|it| it.is_dir()) {
        return;
    }
    let moment = to.begun;
    let audited = Address::parse(folder.as_os_str())
        .and_then(|address| store::open(&address, None, Presence::Needed))
        .and_then(|store| Inventory::audit(&*store, &AUDIT, moment));
    let inventory = match audited {
        Ok(inventory) => inventory,
        Err(error) => {
            to.note_asked(format!("trust folder {name}"), error.to_string(), false);
            return;
        }
    };
    let judgement = judge(&inventory, &AUDIT);
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
    use std::path::Path;

    /// Says whether every user of the machine may read or write it; `None` where the system does not tell.
    #[cfg(unix)]
    pub(super) fn others(path: &Path) -> Option<bool> {
        use std::os::unix::fs::PermissionsExt as _;
        let found = std::fs::symlink_metadata(path).ok()?;
        Some(!found.is_symlink() && found.permissions().mode() & 0o006 != 0)
    }

    /// The rights of Windows are lists, which are not read.
    #[cfg(not(unix))]
    pub(super) fn others(_: &Path) -> Option<bool> {
        None
    }
}
