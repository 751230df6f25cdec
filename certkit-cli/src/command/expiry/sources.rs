//! What is watched: the arguments and the inventory, as one list of sources.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certkit_core::moment::{DAY, Moment};
use certkit_core::presented::Endpoint;
use certkit_core::store::Address;
use certkit_expiry::{Shard, Source, Threshold, Thresholds, Way};
use globset::GlobSet;

use super::config::{self, Access, Inventory, RenewalToml};
use crate::failure::Failure;
use crate::hosted;
use crate::input;

/// How to get at a source.
#[derive(Clone, Debug)]
pub(crate) enum Reach {
    /// Ask it over the network.
    Endpoint(Endpoint),
    /// Read a file, or a folder with all below it.
    Path(PathBuf),
    /// Read standard input.
    Stdin,
    /// The roots that the operating system trusts.
    System,
    /// The roots that Mozilla trusts.
    Mozilla,
    /// A store that is more than its files, such as one of Windows.
    Store(Address),
    /// Not at all, for this reason: what the inventory names for it is missing, or has no meaning for it.
    Closed(Arc<str>),
}

/// A source with the way to it.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    pub(crate) source: Arc<Source>,
    pub(crate) reach: Reach,
    /// What it is opened with, where that is its own.
    pub(crate) access: Arc<Access>,
    /// Which files of a folder are left out, by their paths below it.
    pub(crate) exclude: GlobSet,
    /// How it is renewed, where the inventory says so.
    pub(crate) renewal: Option<RenewalToml>,
}

impl Watch {
    /// Says whether it is one place, which belongs to a shard or not as a whole.
    fn is_one_place(&self) -> bool {
        !matches!(&self.reach, Reach::Path(path) if path.is_dir())
    }
}

/// Thresholds from the command line; what is not given there comes from the inventory or the standard.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Given {
    pub(crate) warn: Option<Threshold>,
    pub(crate) critical: Option<Threshold>,
    pub(crate) crl_warn: Option<Threshold>,
    pub(crate) crl_critical: Option<Threshold>,
}

impl Given {
    /// Fills what is missing from `others`.
    pub(crate) fn or(self, others: Given) -> Given {
        Given {
            warn: self.warn.or(others.warn),
            critical: self.critical.or(others.critical),
            crl_warn: self.crl_warn.or(others.crl_warn),
            crl_critical: self.crl_critical.or(others.crl_critical),
        }
    }

    /// Fills what is still missing from the standard.
    pub(crate) fn settle(self) -> (Thresholds, Thresholds) {
        let settle = |warn: Option<Threshold>, critical: Option<Threshold>, standard: Thresholds| Thresholds {
            warning: warn.unwrap_or(standard.warning),
            critical: critical.unwrap_or(standard.critical),
        };
        (
            settle(self.warn, self.critical, Thresholds::CERTIFICATE),
            settle(self.crl_warn, self.crl_critical, Thresholds::REVOCATION_LIST),
        )
    }
}

/// Prefixes of stores that are folders.
const FOLDERS: [&str; 2] = ["hashed:", "opcua:"];

/// Reads what the user named as a source; `base` is where relative paths start.
pub(crate) fn reach(text: &str, base: Option<&Path>) -> Result<(Reach, Way), Failure> {
    let path = |path: &Path| base.map_or_else(|| path.to_owned(), |base| base.join(path));
    match text {
        "-" => return Ok((Reach::Stdin, Way::File)),
        "system" if !Path::new(text).exists() => return Ok((Reach::System, Way::File)),
        "mozilla" if !Path::new(text).exists() => return Ok((Reach::Mozilla, Way::File)),
        _ => {}
    }
    if Endpoint::resembles(text) && !path(Path::new(text)).exists() {
        let endpoint: Endpoint = text.parse().map_err(|error| input::bad_endpoint(text, error))?;
        return Ok((Reach::Endpoint(endpoint), Way::Endpoint));
    }
    if text.starts_with("windows:") {
        let address = Address::parse(OsStr::new(text))
            .map_err(|error| Failure::new(format!("`{text}` is not a store")).because(error))?;
        return Ok((Reach::Store(address), Way::File));
    }
    let whole = path(Path::new(text));
    // Of these, too, every file is read; what kind each is, its content says.
    let folder = FOLDERS.iter().find_map(|prefix| text.strip_prefix(prefix));
    let bare = folder.map_or_else(|| input::without_prefix(Path::new(text)), Path::new);
    Ok((Reach::Path(if whole.exists() { whole } else { path(bare) }), Way::File))
}

/// Joins the arguments and the inventory.
pub(crate) fn watches(
    arguments: &[PathBuf],
    inventory: Option<&Inventory>,
    given: Given,
    shard: Option<Shard>,
) -> Result<Vec<Watch>, Failure> {
    let mut watches = Vec::new();
    let pairs = [(given.warn, given.critical, "--"), (given.crl_warn, given.crl_critical, "--crl-")];
    for (warn, critical, option) in pairs {
        if let (Some(Threshold::Seconds(warn)), Some(Threshold::Seconds(critical))) = (warn, critical)
            && warn < critical
        {
            return Err(Failure::new(format!(
                "{option}warn is less than {option}critical: nothing would ever be a warning"
            ))
            .hint(format!("{option}warn must be the longer time: {option}warn 30d {option}critical 7d")));
        }
    }
    let (thresholds, list_thresholds) = given.or(inventory.map(Inventory::defaults).unwrap_or_default()).settle();
    let none = Arc::new(Access::default());
    for argument in arguments {
        let name = argument.to_string_lossy().into_owned();
        let (mut reach, way) = reach(&name, None)?;
        if let Reach::Path(path) = &mut reach {
            // A name that is no UTF-8 stays what it is.
            if argument.to_str().is_none() {
                path.clone_from(argument);
            }
            let is_handed = hosted::current().is_some_and(|run| run.has(path));
            if let Err(error) = path.symlink_metadata()
                && !is_handed
            {
                return Err(absent(path, &error));
            }
        }
        let source = Source {
            name,
            way,
            thresholds,
            list_thresholds,
            public_roots: None,
            group: None,
            owner: None,
            note: None,
            waivers: Vec::new(),
        };
        let access = Arc::clone(&none);
        watches.push(Watch { source: Arc::new(source), reach, access, exclude: GlobSet::empty(), renewal: None });
    }
    if let Some(inventory) = inventory {
        watches.extend(config::watches(inventory, given)?);
    }
    if watches.is_empty() {
        return Err(nothing(inventory));
    }
    if let Some(shard) = shard {
        watches.retain(|watch| !watch.is_one_place() || shard.has(&watch.source.name));
    }
    Ok(watches)
}

/// Says why there is nothing of this name to look at.
fn absent(path: &Path, error: &std::io::Error) -> Failure {
    match error.kind() {
        std::io::ErrorKind::PermissionDenied => Failure::new(format!("{}: permission denied", path.display()))
            .hint("run it as a user who may enter the parent folders"),
        _ => Failure::new(format!("{}: there is no such file or folder", path.display()))
            .hint("check the name; endpoints are written HOST:PORT or https://HOST; - reads standard input"),
    }
}

/// Says that nothing was named, which must not pass for fine.
fn nothing(inventory: Option<&Inventory>) -> Failure {
    let failure = Failure::new("no input given");
    match inventory {
        None => failure.hint("name files, folders or endpoints, or an inventory: --config FILE"),
        Some(inventory) => failure.hint(format!(
            "{} names no source: add [[source]] with at = \"FILE, FOLDER or URL\"",
            inventory.file().display()
        )),
    }
}

/// Reads the end of a waiver: a date counts to its end.
pub(crate) fn until(text: &str) -> Option<Moment> {
    let moment: Moment = text.parse().ok()?;
    let is_date = text.len() <= "2026-11-22".len();
    // The last day that there is has no day after it.
    Some(if is_date { moment.plus(DAY).min(LAST) } else { moment })
}

/// The last second that can be written: 9999-12-31T23:59:59Z.
const LAST: Moment = Moment::from_unix(253_402_300_799);

/// Writes the end of a waiver as people write it: a whole day as its date.
pub(crate) fn end_text(until: Moment) -> String {
    let is_whole = until == LAST || until.unix().rem_euclid(DAY) == 0;
    if is_whole { until.plus(-1).date() } else { until.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_counts_to_its_end_and_is_written_as_a_date() {
        for (written, end, run) in [
            ("2026-06-01", "2026-06-02T00:00:00Z", "2026-06-01"),
            ("9999-12-31", "9999-12-31T23:59:59Z", "9999-12-31"),
            ("2026-06-01T12:00:00Z", "2026-06-01T12:00:00Z", "2026-06-01T12:00:00Z"),
        ] {
            let end_found = until(written).unwrap();
            assert_eq!((end_found.to_string().as_str(), end_text(end_found).as_str()), (end, run));
        }
        // In UTC that is after the last day.
        assert_eq!(until("9999-12-31T23:59:59-23:59"), None);
    }
}
