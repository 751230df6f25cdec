//! What is remembered between runs, in one SQLite file.
//!
//! A run is one transaction: killed in the middle, it has not taken place; two at once follow
//! one another. The file may come from somebody else: it is looked at before SQLite opens it, and SQLite is told to
//! run nothing that stands in it.

mod error;
mod vet;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use certkit_core::files::{self, Existing};
use certkit_core::moment::Moment;
use rusqlite::{Connection, OpenFlags, Transaction, TransactionBehavior, params};

pub use self::error::DatabaseError;
use crate::document::ChangeJson;
use crate::run_report::Since;
use crate::{Change, Known, Report, Seen, Shard, Source, Unseen, changes};

/// What the file calls itself, so that no other program's data are taken for ours: `ckit`.
const APPLICATION: i64 = 0x636b_6974;

/// The version of the tables.
const VERSION: i64 = 2;

/// How long another run is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

const RUNS: &str = "
CREATE TABLE run (id INTEGER PRIMARY KEY, moment INTEGER NOT NULL);
CREATE TABLE change (
  id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run (id), source TEXT NOT NULL, document TEXT NOT NULL
);
CREATE INDEX change_of_source ON change (source);
";

const KNOWN: &str = "
CREATE TABLE known (
  source TEXT NOT NULL, place TEXT NOT NULL, position INTEGER NOT NULL, fingerprint BLOB NOT NULL, key BLOB NOT NULL,
  subject TEXT NOT NULL, issuer TEXT NOT NULL, not_after INTEGER, issuer_key_id BLOB, issuer_key BLOB,
  PRIMARY KEY (source, place, position)
) WITHOUT ROWID;
";

/// That table as version 1 has it: of issuers it knows names alone.
const KNOWN_BEFORE: &str = "
CREATE TABLE known (
  source TEXT NOT NULL, place TEXT NOT NULL, position INTEGER NOT NULL, fingerprint BLOB NOT NULL, key BLOB NOT NULL,
  subject TEXT NOT NULL, issuer TEXT NOT NULL, not_after INTEGER,
  PRIMARY KEY (source, place, position)
) WITHOUT ROWID;
";

/// What is remembered of runs, in an open file.
pub struct Database {
    connection: Connection,
    file: PathBuf,
    /// Its full path, where this run has made it and nothing is remembered in it yet.
    made: Option<PathBuf>,
}

/// Where nothing could be written into a new file (a full disk), it is gone again.
impl Drop for Database {
    fn drop(&mut self) {
        let runs = || self.connection.query_row("SELECT count(*) FROM run", [], |row| row.get::<_, i64>(0));
        let Some(made) = self.made.take().filter(|_| runs().map_or(true, |count| count == 0)) else { return };
        let mut journal = made.clone().into_os_string();
        journal.push("-journal");
        for path in [made, journal.into()] {
            // What failed before is told.
            let _ = std::fs::remove_file(path);
        }
    }
}

/// A run that is compared and not yet remembered.
pub struct Compared<'a> {
    database: &'a mut Database,
    looked: Looked,
    after: Vec<Known>,
    moment: Moment,
    difference: Difference,
}

/// What has become of what was remembered.
struct Difference {
    before: Vec<Known>,
    /// What is different; empty in the first run, which has nothing to compare with.
    changes: Vec<Change>,
    is_first: bool,
}

impl Difference {
    fn of(transaction: &Transaction<'_>, looked: &Looked, after: &[Known]) -> rusqlite::Result<Difference> {
        let mut before = Vec::new();
        for source in &looked.sources {
            before.extend(stored(transaction, source)?);
        }
        let runs: i64 = transaction.query_row("SELECT count(*) FROM run", [], |row| row.get(0))?;
        let is_first = runs == 0;
        let found = changes(&before, after, |source, place| looked.at(source, place));
        Ok(Difference { before, changes: if is_first { Vec::new() } else { found }, is_first })
    }
}

impl fmt::Debug for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Database").field("file", &self.file).finish_non_exhaustive()
    }
}

impl fmt::Debug for Compared<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Compared").field("database", &self.database).finish_non_exhaustive()
    }
}

impl Database {
    /// Opens the file, and makes it where there is none. Costs a look at the file, and waits up to 30 s for another run.
    ///
    /// # Errors
    /// When the file cannot be opened, or is not one that certkit makes.
    pub fn open(file: &Path) -> Result<Database, DatabaseError> {
        Database::open_with(file, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE)
    }

    /// Opens a file that is there, as [`Database::open`] does.
    ///
    /// # Errors
    /// When there is none, it cannot be opened, or it is not one that certkit makes.
    pub fn open_existing(file: &Path) -> Result<Database, DatabaseError> {
        match file.try_exists() {
            Ok(true) => Database::open_with(file, OpenFlags::SQLITE_OPEN_READ_WRITE),
            Ok(false) => Err(DatabaseError::Absent { file: file.to_owned() }),
            Err(source) => Err(DatabaseError::Unreadable { file: file.to_owned(), source }),
        }
    }

    fn open_with(file: &Path, flags: OpenFlags) -> Result<Database, DatabaseError> {
        files::refuse(file, Existing::Replace)?;
        let error = |error| DatabaseError::of(file, error);
        let strange = |what, remedy| DatabaseError::Strange { file: file.to_owned(), what, remedy };
        let (path, is_there) = vet::path(file)?;
        let made_now = (!is_there).then(|| path.clone());
        let flags = flags | OpenFlags::SQLITE_OPEN_NOFOLLOW | OpenFlags::SQLITE_OPEN_PRIVATE_CACHE;
        let connection = Connection::open_with_flags(path, flags).map_err(error)?;
        let mut database = Database { connection, file: file.to_owned(), made: made_now };
        let connection = &mut database.connection;
        connection.busy_timeout(PATIENCE).map_err(error)?;
        vet::trust_nothing(connection).map_err(error)?;
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(error)?;
        let number = |name: &str| transaction.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        let (application, version) = (number("application_id").map_err(error)?, number("user_version").map_err(error)?);
        let tables = vet::schema(&transaction).map_err(error)?;
        match (application, version, tables.as_slice()) {
            (APPLICATION, version @ (1 | VERSION), tables) => {
                let known = if version == VERSION { KNOWN } else { KNOWN_BEFORE };
                if made(known).map_err(error)? != tables {
                    return Err(strange(
                        "its tables are not those that certkit makes",
                        "somebody else has changed it: start over with another file",
                    ));
                }
                if version != VERSION {
                    widen(&transaction).map_err(error)?;
                }
            }
            (0, 0, []) => {
                transaction.execute_batch(RUNS).and_then(|()| transaction.execute_batch(KNOWN)).map_err(error)?;
                transaction.pragma_update(None, "application_id", APPLICATION).map_err(error)?;
                transaction.pragma_update(None, "user_version", VERSION).map_err(error)?;
            }
            (APPLICATION, ..) => {
                return Err(strange(
                    "written by another version of certkit",
                    "use that version, or start over with another file",
                ));
            }
            _ => return Err(strange("a database of another program", "name a file of your own")),
        }
        transaction.commit().map_err(error)?;
        Ok(database)
    }

    /// Compares a report of these sources with the last run. The file is not held until [`Compared::remember`]: whoever
    /// is told in between may keep us waiting.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn compare(
        &mut self,
        report: &Report,
        sources: &[Arc<Source>],
        moment: Moment,
        shard: Option<Shard>,
    ) -> Result<Compared<'_>, DatabaseError> {
        let (looked, after) = (Looked::new(report, sources, shard), known(report));
        let transaction = self.connection.transaction();
        let difference = transaction.and_then(|it| Difference::of(&it, &looked, &after));
        let difference = difference.map_err(|error| DatabaseError::of(&self.file, error))?;
        Ok(Compared { database: self, looked, after, moment, difference })
    }

    /// The changes of the past, newest first, of one source or of all, at most `limit`: when, and what.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn history(&self, source: Option<&str>, limit: u32) -> Result<Vec<(Moment, ChangeJson)>, DatabaseError> {
        let error = |error| DatabaseError::of(&self.file, error);
        let mut statement = self
            .connection
            .prepare(
                "SELECT run.moment, change.document FROM change JOIN run ON run.id = change.run
                 WHERE ?1 IS NULL OR change.source = ?1 ORDER BY change.id DESC LIMIT ?2",
            )
            .map_err(error)?;
        let rows = statement
            .query_map(params![source, limit], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, String>(1)?)))
            .map_err(error)?;
        let mut history = Vec::new();
        for row in rows {
            let (moment, document) = row.map_err(error)?;
            let change = serde_json::from_str(&document)
                .map_err(|source| DatabaseError::Damaged { file: self.file.clone(), source })?;
            history.push((Moment::from_unix(moment), change));
        }
        Ok(history)
    }
}

/// What a file with these tables says it has.
fn made(known: &str) -> rusqlite::Result<Vec<[Option<String>; 4]>> {
    let own = Connection::open_in_memory()?;
    own.execute_batch(RUNS)?;
    own.execute_batch(known)?;
    vet::schema(&own)
}

/// Makes the tables of version 1 those of this one.
fn widen(transaction: &Transaction<'_>) -> rusqlite::Result<()> {
    transaction.execute_batch("CREATE TEMP TABLE earlier AS SELECT * FROM known; DROP TABLE known;")?;
    transaction.execute_batch(KNOWN)?;
    transaction.execute_batch("INSERT INTO known SELECT *, NULL, NULL FROM earlier; DROP TABLE earlier;")?;
    transaction.pragma_update(None, "user_version", VERSION)
}

impl Compared<'_> {
    /// What there is to tell of it.
    pub fn since(&self) -> Since<'_> {
        let Difference { changes, is_first, .. } = &self.difference;
        if *is_first { Since::Never { remembered: self.after.len() } } else { Since::LastRun(changes) }
    }

    /// Makes the run the last one. Another may have ended meanwhile: what is noted is what is different since then.
    ///
    /// # Errors
    /// When the file cannot be written, or another run has held it for 30 s.
    pub fn remember(self) -> Result<(), DatabaseError> {
        let Compared { database: Database { connection, file, made }, looked, after, moment, .. } = self;
        let noted = connection.transaction_with_behavior(TransactionBehavior::Immediate).and_then(|transaction| {
            let Difference { before, changes, .. } = Difference::of(&transaction, &looked, &after)?;
            update(&transaction, &before, &after, &looked, &changes, moment)?;
            transaction.commit()
        });
        noted.map_err(|error| DatabaseError::of(file, error))?;
        *made = None;
        Ok(())
    }
}

/// What of the sources was looked at, so that silence means something.
struct Looked {
    sources: BTreeSet<String>,
    /// Places of each source.
    unseen: HashMap<String, HashSet<String>>,
    shard: Option<Shard>,
}

impl Looked {
    fn new(report: &Report, sources: &[Arc<Source>], shard: Option<Shard>) -> Looked {
        let is_unseen = |seen: &Seen| matches!(seen, Seen::Unseen(it) if &*it.word != Unseen::NOTHING_THERE);
        let entries = report.entries.iter().filter(|entry| is_unseen(&entry.seen));
        let entries = entries.map(|entry| (&entry.source.name, &*entry.place));
        let closed = report.closed.iter().map(|(source, place)| (&source.name, &**place));
        let mut unseen: HashMap<String, HashSet<String>> = HashMap::new();
        for (source, place) in entries.chain(closed) {
            unseen.entry(source.clone()).or_default().insert(place.to_owned());
        }
        Looked { sources: sources.iter().map(|source| source.name.clone()).collect(), unseen, shard }
    }

    /// Says whether a place was looked at to its end. What failed at a place, in a folder above it, or at its source
    /// as a whole, was not.
    fn at(&self, source: &str, place: &str) -> bool {
        let name = if place.is_empty() { source.to_owned() } else { format!("{source}/{place}") };
        let above = place.match_indices('/').filter_map(|(at, _)| place.get(..at));
        let mut places = above.chain([place, ""]);
        self.sources.contains(source)
            && !self.unseen.get(source).is_some_and(|unseen| places.any(|place| unseen.contains(place)))
            && self.shard.is_none_or(|shard| shard.has(&name))
    }
}

/// What a report has to be remembered of.
fn known(report: &Report) -> Vec<Known> {
    let entries = report.entries.iter().filter_map(|entry| entry.dated().map(|dated| (entry, dated)));
    let known = entries.map(|(entry, dated)| Known {
        source: entry.source.name.clone(),
        place: entry.place.to_string(),
        position: entry.position,
        fingerprint: dated.fingerprint,
        key: dated.key,
        subject: dated.words.subject().to_owned(),
        issuer: dated.issuer.name.to_string(),
        issuer_key_id: Some(dated.issuer.key_id.to_vec()),
        issuer_key: dated.issuer.key,
        not_after: dated.not_after,
    });
    // A source that is named twice is remembered once.
    let known: BTreeMap<_, _> = known.map(|it| ((it.source.clone(), it.place.clone(), it.position), it)).collect();
    known.into_values().collect()
}

fn stored(transaction: &Transaction<'_>, source: &str) -> rusqlite::Result<Vec<Known>> {
    let mut statement = transaction.prepare_cached(
        "SELECT place, position, fingerprint, key, subject, issuer, not_after, issuer_key_id, issuer_key
         FROM known WHERE source = ?1",
    )?;
    let rows = statement.query_map([source], |row| {
        Ok(Known {
            source: source.to_owned(),
            place: row.get(0)?,
            position: row.get(1)?,
            fingerprint: row.get(2)?,
            key: row.get(3)?,
            subject: row.get(4)?,
            issuer: row.get(5)?,
            not_after: row.get::<_, Option<i64>>(6)?.map(Moment::from_unix),
            issuer_key_id: row.get(7)?,
            issuer_key: row.get(8)?,
        })
    })?;
    rows.collect()
}

fn update(
    transaction: &Transaction<'_>,
    before: &[Known],
    after: &[Known],
    looked: &Looked,
    changes: &[Change],
    moment: Moment,
) -> rusqlite::Result<()> {
    let now: HashMap<_, &Known> =
        after.iter().map(|it| ((it.source.as_str(), it.place.as_str(), it.position), it)).collect();
    let mut forget =
        transaction.prepare_cached("DELETE FROM known WHERE source = ?1 AND place = ?2 AND position = ?3")?;
    for old in before {
        let is_there = now.contains_key(&(old.source.as_str(), old.place.as_str(), old.position));
        if !is_there && looked.at(&old.source, &old.place) {
            forget.execute(params![old.source, old.place, old.position])?;
        }
    }
    let mut store = transaction.prepare_cached(
        "INSERT OR REPLACE INTO known
         (source, place, position, fingerprint, key, subject, issuer, not_after, issuer_key_id, issuer_key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    )?;
    for it in after {
        let end = it.not_after.map(Moment::unix);
        let (key_id, key) = (&it.issuer_key_id, it.issuer_key);
        store.execute(params![
            it.source,
            it.place,
            it.position,
            it.fingerprint,
            it.key,
            it.subject,
            it.issuer,
            end,
            key_id,
            key
        ])?;
    }
    transaction.execute("INSERT INTO run (moment) VALUES (?1)", [moment.unix()])?;
    let run = transaction.last_insert_rowid();
    let mut note = transaction.prepare_cached("INSERT INTO change (run, source, document) VALUES (?1, ?2, ?3)")?;
    for change in changes {
        let change = ChangeJson::new(change);
        // Maps with keys that are no strings are the only thing that can fail, and there is none.
        note.execute(params![run, change.source, serde_json::to_string(&change).unwrap_or_default()])?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
