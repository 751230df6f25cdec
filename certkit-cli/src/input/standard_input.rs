//! Standard input, which is read once: by whoever first names it with `-`.

use std::ffi::OsStr;
use std::io::{self, Read as _, StdinLock};
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::hosted;

/// What has read it.
static READER: Mutex<Option<&'static str>> = Mutex::new(None);

/// Says whether a name stands for standard input.
pub(crate) fn is_meant(path: &Path) -> bool {
    path.as_os_str() == OsStr::new("-")
}

/// Takes it for `reader`, which a message names.
pub(crate) fn take(reader: &'static str) -> Result<StdinLock<'static>, Failure> {
    if hosted::current().is_some() {
        return Err(Failure::new("there is no standard input here").at("-"));
    }
    let mut known = READER.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(other) = *known {
        return Err(Failure::new(format!("standard input is read once: {other} and {reader} both name it"))
            .at("-")
            .hint("give one of them as a file"));
    }
    *known = Some(reader);
    Ok(io::stdin().lock())
}

/// Reads all of it, up to so many bytes.
pub(crate) fn read(reader: &'static str, limit: u64) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let mut bytes = Zeroizing::new(Vec::new());
    let read = take(reader)?.take(limit.saturating_add(1)).read_to_end(&mut bytes);
    let failed = |why: String| Failure::new(format!("cannot read standard input for {reader}: {why}")).at("-");
    match read {
        Ok(length) if length as u64 > limit => Err(failed(format!("it is longer than {} KiB", limit >> 10))),
        Ok(_) => Ok(bytes),
        Err(error) => Err(failed(error.to_string())),
    }
}
