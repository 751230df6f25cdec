//! A store that a command works on, and how its errors are said.

use std::ffi::OsString;
use std::path::PathBuf;

use certkit_core::container::{ContainerError, StoreProblem};
use certkit_core::files::{self, Doubt};
use certkit_core::moment::Moment;
use certkit_core::source::file::{self, FileError};
use certkit_core::store::transaction::{self, Author, Happened, Locked, Record};
use certkit_core::store::{self, Address, Change, Group, Kind, List, Member, Presence, Step, Store, StoreError};
use certkit_core::text::Printable;
use zeroize::Zeroizing;

use super::process_user;
use crate::failure::Failure;
use crate::hosted::is_standard;
use crate::input::StorePassword;
use crate::output;

/// A store that a command works on.
#[derive(Debug)]
pub(super) struct Opened {
    pub(super) store: Box<dyn Store>,
    locked: Option<Locked>,
    /// The password that a person was asked for.
    asked: Option<Zeroizing<String>>,
}

/// Whether a command changes the store, and what for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    Look,
    Change,
    Undo,
}

impl Opened {
    /// Opens a store; where it is to be changed, no other certkit changes it meanwhile.
    pub(super) fn new(
        name: &OsString,
        password: &StorePassword,
        presence: Presence,
        purpose: Purpose,
    ) -> Result<Opened, Failure> {
        let address = Address::parse(name).map_err(failed)?;
        if matches!(&address, Address::Path { path, .. } if is_standard(path)) {
            return Err(Failure::new("a store has to be a file or a folder, and - is standard input")
                .hint("`certkit inspect -` shows what is in there; a file of this name is `./-`"));
        }
        let mut store = store::open(&address, password.all(), presence).map_err(failed)?;
        let is_locked = match store.kind() {
            Kind::Pkcs12 => true,
            Kind::Jks | Kind::Jceks => purpose != Purpose::Look,
            _ => false,
        };
        let asked = if is_locked { password.asked(&address.to_string())? } else { None };
        if let Some(password) = &asked {
            store = store::open(&address, Some(password.as_bytes()), presence).map_err(failed)?;
        }
        let purpose = match purpose {
            Purpose::Look => {
                crate::input::note_unfinished(&*store);
                return Ok(Opened { store, locked: None, asked });
            }
            Purpose::Change => transaction::Purpose::Change,
            Purpose::Undo => transaction::Purpose::Undo,
        };
        let locked = store.lock(purpose).map_err(failed)?;
        if let Some(record) = locked.as_ref().and_then(Locked::finished) {
            let action = Printable(&record.action);
            let name = Printable(address.to_string());
            output::note(&format!(
                "certkit: note: a change of {name} that was interrupted ({action}) is now completed; `certkit trust \
                 undo` undoes it"
            ));
        }
        if locked.as_ref().is_some_and(|it| it.files_put_back().next().is_some()) {
            let name = Printable(address.to_string());
            output::note(&format!(
                "certkit: note: the rollback of a failed change of {name} was interrupted, and is now completed"
            ));
        }
        Ok(Opened { store, locked, asked })
    }

    /// How it is named.
    pub(super) fn name(&self) -> String {
        self.store.address().to_string()
    }

    /// Says whether it will come into being by this run.
    pub(super) fn is_new(&self) -> bool {
        matches!(self.store.address(), Address::Path { path, .. } if !path.exists())
    }

    /// Fails where a folder that has nothing to look at is not even the place of a store.
    pub(super) fn require_place(&self) -> Result<(), Failure> {
        let Address::Path { path, .. } = self.store.address() else { return Ok(()) };
        let is_empty = std::fs::read_dir(path).is_ok_and(|mut entries| entries.next().is_none());
        let (what, hint) = match self.store.kind() {
            Kind::Folder | Kind::Hashed if is_empty => {
                ("the folder is empty: there is nothing to audit", "check its name, and that it is mounted")
            }
            Kind::OpcUa if !store::has_opcua_lists(path) => (
                "the folder has no lists of an OPC UA application: there is nothing to audit",
                "name the folder above `trusted/certs`; `certkit trust --help` shows what such a folder looks like",
            ),
            _ => return Ok(()),
        };
        Err(Failure::new(format!("{}: {what}", self.name())).hint(hint))
    }

    /// Everything that stands in it.
    pub(super) fn members(&self) -> Result<Vec<Member>, Failure> {
        self.store.members().map_err(failed)
    }

    /// Why nobody can tell that what stands in it is what was put there; `None` where it is known, or there is nothing that
    /// would prove it. A store that can prove it and is opened without its password has not.
    pub(super) fn unproven(&self, password: &StorePassword) -> Option<Failure> {
        let (path, source) = self.doubt(password)?;
        Some(password.unreadable(FileError::Content { path: path.clone(), source }))
    }

    /// Says where nobody can tell whether somebody has changed the store.
    pub(super) fn note_unproven(&self, password: &StorePassword) {
        if let Some((path, why)) = self.doubt(password) {
            output::note(&format!("certkit: note: {}: {why}", path.display()));
        }
    }

    fn doubt(&self, password: &StorePassword) -> Option<(&PathBuf, ContainerError)> {
        let Address::Path { path, .. } = self.store.address() else { return None };
        let given = self.asked.as_ref().map_or_else(|| password.all(), |it| Some(it.as_bytes()).into());
        let contents = file::read_file_with(path, given).ok()?;
        Some((path, contents.unproven(given.store)?))
    }

    /// What holds the store for this run.
    pub(super) fn locked(&self) -> Option<&Locked> {
        self.locked.as_ref()
    }

    /// Makes a change, or tries it where nothing is to be written.
    pub(super) fn apply(
        &self,
        change: &Change,
        author: &Author,
        happened: Happened,
    ) -> Result<Option<Record>, Failure> {
        match &self.locked {
            Some(locked) => self.store.apply(Some(locked), change, author, happened).map_err(failed),
            None if self.is_of_system() => self.store.apply(None, change, author, happened).map_err(failed),
            None => self.try_out(change).map(|()| None),
        }
    }

    /// Finds out whether a change could be made.
    pub(super) fn try_out(&self, change: &Change) -> Result<(), Failure> {
        self.store.edits(change).map(drop).map_err(failed)
    }

    fn is_of_system(&self) -> bool {
        matches!(self.store.address(), Address::Windows { .. })
    }
}

/// Who makes a change: the user that the system knows, now.
pub(super) fn author(reason: Option<&str>) -> Author {
    let (user, called_by) = (process_user::user(), process_user::caller());
    Author { user, called_by, moment: Moment::now(), reason: reason.map(str::to_owned) }
}

/// What a change is about, for the record.
pub(super) fn happened(action: &str, steps: &[Step], accepted: &[String]) -> Happened {
    Happened { action: action.to_owned(), accepted: accepted.to_vec(), ..Happened::of(steps) }
}

/// Reads the name of a list for clap.
pub(super) fn list(name: &str) -> Result<List, String> {
    List::named(name).ok_or_else(|| format!("the lists are {}", List::ALL.map(List::name).join(", ")))
}

/// Reads the name of a group for clap.
pub(super) fn group(name: &str) -> Result<Group, String> {
    Group::named(name).ok_or_else(|| format!("the groups are {}", Group::ALL.map(Group::name).join(", ")))
}

/// Says why a store was not read or not changed, and what to do.
pub(crate) fn failed(error: StoreError) -> Failure {
    let hint = match &error {
        StoreError::File(FileError::NotFound { .. }) => {
            "check the name and its folder; `certkit trust add --create` makes a new store in a folder that is there"
        }
        StoreError::File(FileError::PermissionDenied { .. }) => "run certkit as a user who may read it",
        StoreError::File(FileError::Special { .. }) => "a store is a regular file or a folder",
        StoreError::Container { problem: StoreProblem::PasswordNeeded, .. } => {
            "give the password: --password-file FILE or --password-env VAR (that of Java's own cacerts is `changeit`)"
        }
        StoreError::Container { problem: StoreProblem::NewPasswordNeeded, .. } => {
            "give the new password: --password-file FILE or --password-env VAR"
        }
        StoreError::Container { problem: StoreProblem::UnknownCipher { .. }, .. } => {
            "the password is not the cause; let the program that wrote the file encrypt it with AES"
        }
        StoreError::Container { problem: StoreProblem::Unproven { .. }, .. } => {
            "write it again with a password and a SHA-256 MAC"
        }
        StoreError::Container { problem: StoreProblem::WrongPassword, .. } => {
            "check the password; blanks at its end count, too"
        }
        StoreError::Files(files::Error::Write { source, .. })
            if source.kind() == std::io::ErrorKind::PermissionDenied =>
        {
            "run certkit as a user who may write it; its record and copies lie beside the store, in .certkit"
        }
        StoreError::NoList { .. } => "only the PKI folder of an OPC UA application has several lists: opcua:DIR",
        StoreError::NoFolder { list: List::Issuer, group: Group::Application, .. } => {
            "applications with such folders read only one list: --list trusted trusts the CA with everything that it \
             issues"
        }
        StoreError::NoFolder { .. } => "leave --group out, or let the application create its folders first",
        StoreError::NoRoom { .. } => {
            "leave it out, or use a store that can hold it: PEM, PKCS#12, hashed:DIR, opcua:DIR"
        }
        StoreError::NameTaken { .. } => "choose another --alias, or remove the other entry first",
        StoreError::Waiting { .. } => {
            "`certkit renew --due --config FILE` with its inventory puts them to use or restores the old files; \
             `certkit trust undo` restores the old files, and the server must reload them"
        }
        StoreError::ChangedSince { .. } => "look at it with `certkit trust list`, and change it by hand",
        StoreError::Record { .. } => "move that file away; the changes it recorded cannot be undone then",
        StoreError::Journal { .. } => {
            "if certkit was not interrupted here during a change, another program made this file: check the store with \
             `certkit trust list`, then delete the file; the change in it is dropped"
        }
        StoreError::Files(files::Error::Refused { doubt: Doubt::Shared, .. }) => {
            "under its other name it would stay as it is: give it one name (`cp -p FILE NEW`, `mv NEW FILE`), or a \
             symbolic link in place of the other one"
        }
        StoreError::Files(files::Error::Refused { doubt: Doubt::Outside, .. }) => {
            "change the original file, or name its store"
        }
        StoreError::Files(files::Error::Refused { .. }) => {
            "find out who created it, and move it away; certkit creates its own folder and files again"
        }
        StoreError::Files(error) => crate::files::hint(error),
        StoreError::FileName { .. } => {
            "leave out / \\ : * ? \" < > |, control characters, and the names that Windows keeps for devices (con, nul, com1, …)"
        }
        StoreError::Windows { .. } => {
            "LocalMachine requires an administrator; CurrentUser\\Root asks for confirmation \
                                       on the screen"
        }
        _ => "",
    };
    let failure = Failure::new(error.to_string()).because(error);
    if hint.is_empty() { failure } else { failure.hint(hint) }
}
