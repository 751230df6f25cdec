//! Opens files: the one place where the library and the command do so to read.
//!
//! Knows what is a file. A pipe, a socket or a device may wait for ever, have no end, or act when it is opened, so that
//! none is: whoever owns a folder can put one there. Only what the caller has handed over open is a stream.

use std::fs::{self, File, Metadata, OpenOptions};
use std::path::Path;

use super::FileError;
use crate::files::names::is_device;

/// Opens a regular file and tells its size, or a stream that was handed over, whose size is 0.
#[expect(clippy::disallowed_methods, reason = "this is the place")]
pub(super) fn open(path: &Path) -> Result<(File, u64), FileError> {
    let failed = |error| FileError::read(path, error);
    let is_stream = is_handed_over(path);
    // Before, since opening alone acts on some devices; after, since another may have taken its place.
    refuse_other(path, &fs::metadata(path).map_err(failed)?, is_stream)?;
    let file = options(is_stream).open(path).map_err(failed)?;
    let found = file.metadata().map_err(failed)?;
    refuse_other(path, &found, is_stream)?;
    Ok((file, if found.is_file() { found.len() } else { 0 }))
}

/// Refuses what is no regular file.
fn refuse_other(path: &Path, found: &Metadata, is_stream: bool) -> Result<(), FileError> {
    if found.is_dir() {
        Err(FileError::Folder { path: path.to_owned() })
    } else if is_stream || (found.is_file() && !(cfg!(windows) && leads_to_device(path))) {
        Ok(())
    } else {
        Err(FileError::Special { path: path.to_owned() })
    }
}

/// Says whether a name stands for what the caller's shell has opened for this process, as it does for `<(command)`.
///
/// The name itself counts, not what it leads to: a link in somebody's folder hands nothing over.
fn is_handed_over(path: &Path) -> bool {
    let is_number =
        |rest: &Path| rest.to_str().is_some_and(|it| !it.is_empty() && it.bytes().all(|it| it.is_ascii_digit()));
    let is_in = |folder: &str| path.strip_prefix(folder).is_ok_and(is_number);
    cfg!(unix) && (path == Path::new("/dev/stdin") || is_in("/dev/fd") || is_in("/proc/self/fd"))
}

/// Says whether a path leads to a device of Windows: by its last name, or since it names one outright.
fn leads_to_device(path: &Path) -> bool {
    path.file_name().is_some_and(|name| is_device(&name.to_string_lossy()))
        || path.as_os_str().as_encoded_bytes().starts_with(br"\\.\")
}

#[cfg(unix)]
fn options(is_stream: bool) -> OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt as _;
    // A pipe that has taken the file's place does not wait for a writer, and a terminal takes no hold of us; nor do
    // those files of the kernel wait that have something to read only now and then.
    let flags = if is_stream { OFlags::NOCTTY } else { OFlags::NOCTTY | OFlags::NONBLOCK };
    let mut options = File::options();
    options.read(true).custom_flags(flags.bits().cast_signed());
    options
}

#[cfg(not(unix))]
fn options(_: bool) -> OpenOptions {
    let mut options = File::options();
    options.read(true);
    options
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_handed_over_is_known_by_its_name_alone() {
        for name in ["/dev/stdin", "/dev/fd/0", "/dev/fd/63", "/proc/self/fd/3"] {
            assert_eq!(is_handed_over(Path::new(name)), cfg!(unix), "{name}");
        }
        for name in [
            "/dev/zero",
            "/dev/fd",
            "/dev/fd/",
            "/dev/fd/../zero",
            "/dev/fd/x",
            "/proc/1/fd/3",
            "dev/fd/3",
            "stdin",
            "-",
        ] {
            assert!(!is_handed_over(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn devices_of_windows_are_known_by_name() {
        for name in
            ["nul", "NUL.pem", "con", "Con .txt", "com1", "COM9.crl", "lpt²", "aux:x", "CONIN$", r"\\.\PhysicalDrive0"]
        {
            assert!(leads_to_device(Path::new(name)), "{name}");
        }
        for name in ["null.pem", "com.pem", "com10", "console.pem", "plc.nul", "", "lpt"] {
            assert!(!leads_to_device(Path::new(name)), "{name}");
        }
    }
}
