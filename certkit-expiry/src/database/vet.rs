//! Looks at a state before SQLite opens it, and lets SQLite run nothing that stands in it.
//!
//! The file, and those that SQLite opens beside it of its own accord, may have come from somebody else.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use certkit_core::files;
use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::DatabaseError;

/// The most bytes that a state has: some millions of certificates.
const LARGEST: u64 = 1 << 30;

/// Looks at the file, and at those that SQLite would open beside it; gives its full path, and whether it is there.
pub(super) fn path(file: &Path) -> Result<(PathBuf, bool), DatabaseError> {
    let unread = |source| DatabaseError::Unreadable { file: file.to_owned(), source };
    let strange = |file: PathBuf, what, remedy| DatabaseError::Strange { file, what, remedy };
    let (path, found) = files::vet(file, LARGEST)?;
    let is_there = found.is_some();
    if let Some(found) = found
        && is_logged(found).map_err(unread)?
    {
        let what = "changed by another program than certkit (it has a write-ahead log)";
        return Err(strange(file.to_owned(), what, "start over with another file"));
    }
    let beside = |end: &str| {
        let mut name = OsString::from(&path);
        name.push(end);
        PathBuf::from(name)
    };
    let remedy = "look at where it came from, and move it away";
    for end in ["-wal", "-shm"] {
        let beside = beside(end);
        if beside.symlink_metadata().is_ok() {
            return Err(strange(beside, "made by another program than certkit", remedy));
        }
    }
    // What a run that was killed has left to be taken back.
    let (_, journal) = files::vet(&beside("-journal"), LARGEST)?;
    if let Some(journal) = journal
        && !is_sound_journal(journal).map_err(unread)?
    {
        return Err(strange(beside("-journal"), "no journal of certkit", remedy));
    }
    Ok((path, is_there))
}

/// Whether a database keeps changes in a log of its own (sqlite.org/fileformat.html, bytes 18 and 19): certkit's does not.
fn is_logged(file: File) -> io::Result<bool> {
    let mut head = Vec::new();
    file.take(20).read_to_end(&mut head)?;
    Ok(head.starts_with(b"SQLite format 3\0") && head.get(18..20) != Some(&[1, 1]))
}

/// Whether a journal takes nothing back but what is in its database (sqlite.org/fileformat.html, section 3): it names
/// no other journal, which would be opened and may be removed, and the database was of a bearable size.
fn is_sound_journal(mut file: File) -> io::Result<bool> {
    const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
    let mut head = Vec::new();
    file.by_ref().take(28).read_to_end(&mut head)?;
    let number =
        |at: usize| head.get(at..).and_then(|it| it.first_chunk()).map(|it| u64::from(u32::from_be_bytes(*it)));
    let size = number(16).zip(number(24)).map_or(0, |(pages, size)| pages.saturating_mul(size));
    let end = file.metadata()?.len().saturating_sub(MAGIC.len() as u64);
    file.seek(SeekFrom::Start(end))?;
    let mut tail = Vec::new();
    file.take(MAGIC.len() as u64).read_to_end(&mut tail)?;
    Ok(tail != MAGIC && size <= LARGEST)
}

/// Lets nothing that stands in the file be run, and nothing be opened beside it.
pub(super) fn trust_nothing(connection: &Connection) -> rusqlite::Result<()> {
    for (config, value) in [
        (DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true),
        (DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_CREATE, false),
        (DbConfig::SQLITE_DBCONFIG_ENABLE_ATTACH_WRITE, false),
    ] {
        connection.set_db_config(config, value)?;
    }
    connection.execute_batch("PRAGMA cell_size_check = ON; PRAGMA temp_store = MEMORY; PRAGMA mmap_size = 0;")
}

/// Everything that the file says it has, of which ours is no more than a few lines.
pub(super) fn schema(connection: &Connection) -> rusqlite::Result<Vec<[Option<String>; 4]>> {
    let mut statement =
        connection.prepare("SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name, type LIMIT 32")?;
    let rows = statement.query_map([], |row| Ok([row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?]))?;
    rows.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A journal whose head says how many pages of which size the database had.
    fn journal(pages: u32, size: u32, end: &[u8]) -> File {
        let mut bytes = vec![0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
        bytes.extend([0; 8]);
        bytes.extend(pages.to_be_bytes());
        bytes.extend(512u32.to_be_bytes());
        bytes.extend(size.to_be_bytes());
        bytes.resize(512, 0);
        bytes.extend(end);
        opened(&bytes)
    }

    fn opened(bytes: &[u8]) -> File {
        let mut file = tempfile::tempfile().unwrap();
        io::Write::write_all(&mut file, bytes).unwrap();
        file.rewind().unwrap();
        file
    }

    #[test]
    fn a_journal_names_no_other_and_no_monstrous_database() {
        const MAGIC: &[u8] = &[0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
        for (file, is_sound) in [
            (journal(4, 4096, b""), true),
            (journal(4, 4096, &[7; 4104]), true),
            (journal(4, 4096, MAGIC), false),
            (journal(4, 4096, &[b"/home/x/.bashrc".as_slice(), &[0; 8], MAGIC].concat()), false),
            (journal(u32::MAX, 65536, b""), false),
            (opened(b""), true),
            (opened(b"short"), true),
        ] {
            assert_eq!(is_sound_journal(file).unwrap(), is_sound);
        }
    }

    #[test]
    fn a_database_with_a_log_is_none_of_ours() {
        let head = |write: u8, read: u8| [b"SQLite format 3\0\x10\0".as_slice(), &[write, read], &[0; 80]].concat();
        for (bytes, expected) in [
            (head(1, 1), false),
            (head(2, 2), true),
            (head(1, 2), true),
            (Vec::new(), false),
            (b"SQLite format 3\0".to_vec(), true),
        ] {
            assert_eq!(is_logged(opened(&bytes)).unwrap(), expected);
        }
    }
}
