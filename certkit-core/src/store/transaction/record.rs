//! The record of changes: who did what to a store and when, a JSON object a line.

use std::ffi::OsStr;
use std::io::{Seek as _, SeekFrom, Write as _};

use serde::{Deserialize, Serialize};

use super::super::change::Step;
use super::super::error::StoreError;
use super::super::member::{Group, List, Member};
use super::ground::Owners;
use super::journal::State;
use crate::cert::{Certificate, RevocationList};
use crate::files::{self, About, Doubt, Folder};
use crate::moment::Moment;
use crate::source::file::LIMIT;
use crate::text::{Hex, without_users};

/// Who makes a change, when and why.
#[derive(Clone, Debug)]
pub struct Author {
    /// The user's name, as far as it is known.
    pub user: Option<String>,
    /// Who has called that user's rights up, where somebody has.
    pub called_by: Option<String>,
    /// When.
    pub moment: Moment,
    /// The reason that the user gave.
    pub reason: Option<String>,
}

/// What a change does, in the words of the user.
#[derive(Clone, Debug, Default)]
pub struct Happened {
    /// The verb.
    pub action: String,
    /// Ids of findings that the user accepted.
    pub accepted: Vec<String>,
    /// The certificates that it is about.
    pub certificates: Vec<Subject>,
    /// The revocation lists that it is about.
    pub revocation_lists: Vec<Subject>,
    /// The change that it takes back.
    pub undoes: Option<u64>,
    /// Whether what uses the files has to take them: one that is interrupted waits for [`Purpose::Use`].
    pub is_used: bool,
}

impl Happened {
    /// What steps put in, take out and move. A change is taken back only where its record names that.
    pub fn of(steps: &[Step]) -> Happened {
        let mut happened = Happened::default();
        for step in steps {
            match step {
                Step::Add { certificate, list, group, .. } => {
                    happened.certificates.push(Subject::of(certificate, None, Some(*list), *group));
                }
                Step::AddRevocationList { revocation_list, list, group, .. } => {
                    happened.revocation_lists.push(Subject::of_list(revocation_list, None, Some(*list), *group));
                }
                Step::Remove(member) => happened.take(member, None),
                Step::Move { member, to } => happened.take(member, Some(*to)),
            }
        }
        happened
    }

    fn take(&mut self, member: &Member, to: Option<List>) {
        let (from, group) = (Some(member.place.list), member.place.group);
        if let Some(certificate) = member.certificate() {
            self.certificates.push(Subject::of(certificate, from, to, group));
        }
        if let Some(list) = member.revocation_list() {
            self.revocation_lists.push(Subject::of_list(list, from, to, group));
        }
    }
}

/// A certificate or revocation list that was put in, taken out or moved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Its subject (of a revocation list, its issuer), RFC 4514.
    pub subject_dn: String,
    /// SHA-256 in hex.
    pub fingerprint_sha256: String,
    /// The list that it was on; `None` where it was not there.
    pub from: Option<List>,
    /// The list that it is on now; `None` where it was taken out.
    pub to: Option<List>,
    /// Whom the list is about.
    #[serde(default)]
    pub group: Group,
}

impl Subject {
    /// Describes a certificate on its way.
    pub fn of(certificate: &Certificate, from: Option<List>, to: Option<List>, group: Group) -> Subject {
        let fingerprint_sha256 = Hex(certificate.fingerprint_sha256()).to_string();
        Subject { subject_dn: certificate.subject().to_string(), fingerprint_sha256, from, to, group }
    }

    /// Describes a revocation list on its way.
    pub fn of_list(list: &RevocationList, from: Option<List>, to: Option<List>, group: Group) -> Subject {
        let fingerprint_sha256 = super::hex_sum(list.der());
        Subject { subject_dn: list.issuer().to_string(), fingerprint_sha256, from, to, group }
    }

    /// The same, taken back.
    pub(super) fn reversed(&self) -> Subject {
        Subject { from: self.to, to: self.from, ..self.clone() }
    }
}

/// One change of a store.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// `certkit.trust-log/1`.
    pub schema: String,
    /// Counted from 1.
    pub sequence: u64,
    /// When, RFC 3339 UTC.
    pub time: String,
    /// Who: the user of the process, by name or number.
    pub user: Option<String>,
    /// Who has called that user's rights up with sudo.
    #[serde(default)]
    pub called_by: Option<String>,
    /// The verb: add, remove, reject, approve, undo.
    pub action: String,
    /// Why, as the user said.
    pub reason: Option<String>,
    /// Ids of findings that the user accepted.
    pub accepted: Vec<String>,
    /// The certificates that it was about.
    pub certificates: Vec<Subject>,
    /// The revocation lists that it was about.
    pub revocation_lists: Vec<Subject>,
    /// The number of the change that it took back.
    pub undoes: Option<u64>,
    /// The files that it changed.
    pub files: Vec<Touched>,
}

/// A file that was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touched {
    /// The file, from the store's folder on where it is in it.
    pub path: String,
    /// What it was.
    pub before: State,
    /// What it is.
    pub after: State,
    /// The permissions that it had, on Unix.
    #[serde(default)]
    pub mode: Option<u32>,
}

impl Record {
    pub(super) fn new(sequence: u64, author: &Author, happened: Happened, files: Vec<Touched>) -> Record {
        Record {
            schema: "certkit.trust-log/1".to_owned(),
            sequence,
            time: super::stamp(author.moment),
            user: author.user.clone(),
            called_by: author.called_by.clone(),
            action: happened.action,
            // Whoever reads the store reads it, too.
            reason: author.reason.as_deref().map(|reason| without_users(reason).into_owned()),
            accepted: happened.accepted,
            certificates: happened.certificates,
            revocation_lists: happened.revocation_lists,
            undoes: happened.undoes,
            files,
        }
    }
}

/// The name of the file.
pub(super) const NAME: &str = "log.jsonl";

/// Reads a record. A last line without an end was never written whole, and is no line.
pub(super) fn read(state: &Folder, owners: Owners) -> Result<Vec<Record>, StoreError> {
    let name = OsStr::new(NAME);
    let Some((text, about)) = state.read(name, LIMIT)? else { return Ok(Vec::new()) };
    refuse(state, about, owners)?;
    let lines = text.get(..whole(&text)).unwrap_or_default().split(|octet| *octet == b'\n').zip(1..);
    let lines = lines.filter(|(line, _)| !line.trim_ascii().is_empty());
    let read = |(line, number): (&[u8], usize)| {
        serde_json::from_slice(line).map_err(|_| StoreError::Record { path: state.path(name), line: number })
    };
    lines.map(read).collect()
}

/// Adds a line, and makes it last. What an earlier certkit has left of a line is cut off.
pub(super) fn append(state: &Folder, owners: Owners, record: &Record) -> Result<(), StoreError> {
    let name = OsStr::new(NAME);
    let failed = |source| files::Error::Write { path: state.path(name), source };
    let end = state.read(name, LIMIT)?.map_or(0, |(text, _)| whole(&text));
    let mut line = serde_json::to_vec(record).map_err(|error| failed(error.into()))?;
    line.push(b'\n');
    let (mut file, about) = state.open_or_create(name)?;
    refuse(state, about, owners)?;
    owners.store.give_ownership(&file).map_err(failed)?;
    file.set_len(end as u64).and_then(|()| file.seek(SeekFrom::End(0))).map_err(failed)?;
    file.write_all(&line).and_then(|()| file.sync_all()).map_err(failed)?;
    Ok(state.sync()?)
}

/// How many bytes are whole lines.
fn whole(text: &[u8]) -> usize {
    text.iter().rposition(|octet| *octet == b'\n').map_or(0, |end| end.saturating_add(1))
}

/// Refuses a record that is not of this store alone: a line added to it would change another file.
fn refuse(state: &Folder, about: About, owners: Owners) -> Result<(), StoreError> {
    let name = OsStr::new(NAME);
    match about {
        _ if !owners.include(about.rights) => Err(state.doubt(name, Doubt::Foreign).into()),
        _ if about.is_shared => Err(state.doubt(name, Doubt::Shared).into()),
        _ => Ok(()),
    }
}
