//! What certkit needs of the machine: a clock, a place for files on their way, a terminal where a person looks.

use std::io::{Read as _, Seek as _, Write as _};
use std::path::Path;

use certkit_core::moment::{DAY, Moment};
use certkit_core::store::roots;
use certkit_core::text::{Printable, with_causes};

use super::Test;
use crate::output;

/// Nobody uses a program for longer.
const YEARS: i64 = 40;

pub(super) fn tests(now: Moment) -> Vec<Test> {
    let folder = std::env::temp_dir();
    vec![
        system_roots(),
        Test::of("clock", clock(now, made()), "set the clock of this machine, or let NTP set it"),
        Test::of(
            "temporary",
            writable(&folder),
            "make the folder writable, or name another one: TMPDIR, on Windows TEMP",
        ),
        Test::told("terminal", terminal()),
    ]
}

/// What the operating system trusts; a container may trust nobody.
fn system_roots() -> Test {
    Test::told(
        "system",
        match roots::system() {
            Ok(found) => format!("{} roots that this machine trusts", found.certificates.len()),
            Err(error) => format!("no roots of this machine: {}", with_causes(&error)),
        },
    )
}

/// When the source of this certkit was committed; `None` where it was built of a package without history.
fn made() -> Option<Moment> {
    option_env!("CERTKIT_MADE")?.parse().ok().map(Moment::from_unix)
}

/// A clock shows no time before this certkit was made, and none when nobody uses it any more.
fn clock(now: Moment, made: Option<Moment>) -> Result<String, String> {
    let Some(made) = made else { return Ok(format!("{now}; when this certkit was made is not known")) };
    let age = now.since(made);
    if age < -DAY {
        return Err(format!("{now}, before this certkit was made ({})", made.date()));
    }
    if age > YEARS * 365 * DAY {
        return Err(format!("{now}, more than {YEARS} years after this certkit was made ({})", made.date()));
    }
    Ok(format!("{now}; this certkit was made on {}", made.date()))
}

/// Writes a file and reads it back.
fn writable(folder: &Path) -> Result<String, String> {
    let shown = Printable(folder.display().to_string());
    let failed = |error: std::io::Error| format!("{shown} cannot be written: {error}");
    let mut file = tempfile::tempfile_in(folder).map_err(failed)?;
    let mut back = Vec::new();
    file.write_all(b"certkit").map_err(failed)?;
    file.rewind().map_err(failed)?;
    file.read_to_end(&mut back).map_err(failed)?;
    if back != b"certkit" {
        return Err(format!("{shown} gives back other bytes than were written"));
    }
    Ok(format!("{shown} can be written"))
}

fn terminal() -> String {
    match (output::is_terminal(), output::columns(), output::is_colored()) {
        (true, Some(columns), true) => format!("{columns} columns, with colours"),
        (true, Some(columns), false) => format!("{columns} columns, without colours"),
        _ => "standard output is no terminal".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_is_neither_before_its_program_nor_far_behind() {
        let made = Moment::from_utc(2026, 11, 1, 0, 0, 0).unwrap();
        let at = |year, month| clock(Moment::from_utc(year, month, 1, 0, 0, 0).unwrap(), Some(made));
        assert!(at(2026, 12).is_ok() && at(2046, 1).is_ok());
        assert_eq!(at(1970, 1).unwrap_err(), "1970-01-01T00:00:00Z, before this certkit was made (2026-11-01)");
        assert!(at(2090, 1).unwrap_err().contains("more than 40 years"));
        assert!(clock(made, None).is_ok());
    }

    #[test]
    fn a_folder_that_is_not_there_cannot_be_written() {
        assert!(writable(Path::new("/no/such/folder")).unwrap_err().contains("cannot be written"));
        assert!(writable(&std::env::temp_dir()).is_ok());
    }
}
