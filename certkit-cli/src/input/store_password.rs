//! Passwords of stores: of those that are read, of those of --trust, and of what is written from them.

use std::path::{Path, PathBuf};

use certkit_core::container::{self, ContainerError, Contents, Integrity, Passwords, Reason, StoreProblem};
use certkit_core::source::file::{self, FileError};
use certkit_core::text::Printable;
use zeroize::Zeroizing;

use super::secret::{Secret, all_named, as_text, ask, named, require_strong};
use crate::failure::Failure;
use crate::output;

// The password of stores that are read.
#[derive(clap::Args, Debug)]
pub(crate) struct StorePasswordArgs {
    /// The password of stores (PKCS#12, JKS) is the first line of this file. Further lines are further passwords, tried
    /// in turn on each input; the output gets the first.
    #[arg(long, value_name = "FILE", conflicts_with = "password_env")]
    password_file: Option<PathBuf>,

    /// The password of stores is in this environment variable.
    #[arg(long, value_name = "VAR")]
    password_env: Option<String>,
}

impl StorePasswordArgs {
    /// The password that was named.
    pub(crate) fn password(&self) -> Result<StorePassword, Failure> {
        let options = "--password-file FILE or --password-env VAR";
        StorePassword::read(self.password_file.as_deref(), self.password_env.as_deref(), options)
    }
}

// The password of private keys in the stores that are read.
#[derive(clap::Args, Debug)]
pub(crate) struct HeldKeyPasswordArgs {
    /// The password of private keys is the first line of this file, if it differs from that of their store.
    #[arg(long, value_name = "FILE", conflicts_with = "key_password_env")]
    key_password_file: Option<PathBuf>,

    /// The password of private keys is in this environment variable.
    #[arg(long, value_name = "VAR")]
    key_password_env: Option<String>,
}

impl HeldKeyPasswordArgs {
    /// Adds the password of private keys to that of stores.
    pub(crate) fn beside(&self, store: StorePassword) -> Result<StorePassword, Failure> {
        let keys = named(self.key_password_file.as_deref(), self.key_password_env.as_deref())?;
        Ok(StorePassword { keys, ..store })
    }
}

// The password of the stores of --trust.
#[derive(clap::Args, Debug)]
pub(crate) struct TrustPasswordArgs {
    /// The password of stores of --trust is the first line of this file. Further lines are tried in turn.
    #[arg(long, value_name = "FILE", conflicts_with = "trust_password_env")]
    trust_password_file: Option<PathBuf>,

    /// The password of stores of --trust is in this environment variable.
    #[arg(long, value_name = "VAR")]
    trust_password_env: Option<String>,
}

impl TrustPasswordArgs {
    /// The password that was named.
    pub(crate) fn password(&self) -> Result<StorePassword, Failure> {
        let options = "--trust-password-file FILE or --trust-password-env VAR";
        StorePassword::read(self.trust_password_file.as_deref(), self.trust_password_env.as_deref(), options)
    }
}

/// Passwords for stores, in the order in which they are tried, and the options that name them.
pub(crate) struct StorePassword {
    given: Vec<Secret>,
    keys: Option<Secret>,
    options: &'static str,
}

impl StorePassword {
    /// No password, for a command that takes none.
    pub(crate) const NONE: StorePassword =
        StorePassword { given: Vec::new(), keys: None, options: "this command takes no store password" };

    /// Reads them from the lines of a file, or from a variable; `options` are how they are named.
    fn read(path: Option<&Path>, variable: Option<&str>, options: &'static str) -> Result<StorePassword, Failure> {
        Ok(StorePassword { given: all_named(path, variable)?, keys: None, options })
    }

    /// Those of a source in an inventory; `None` where it names none.
    pub(crate) fn of_source(path: Option<&Path>, variable: Option<&str>) -> Result<Option<StorePassword>, Failure> {
        let password = StorePassword::read(path, variable, "password-file or password-env of its `access`")?;
        Ok(if password.given.is_empty() { None } else { Some(password) })
    }

    /// The password that opens this file; the first where none does.
    pub(crate) fn fitting(&self, path: &Path) -> Option<Secret> {
        let bytes = if self.given.len() > 1 { file::read_bytes(path).ok() } else { None };
        let store = bytes.as_ref().and_then(|bytes| container::store_in(bytes).map(|store| (bytes, store)));
        let fitting = store.and_then(|(bytes, store)| container::fitting(bytes, store, self.all()));
        fitting.or_else(|| self.bytes()).map(|it| Zeroizing::new(it.to_vec()))
    }

    /// That of one's own file, where one is named.
    pub(super) fn of_own(given: Option<Secret>) -> StorePassword {
        let given = given.into_iter().collect();
        StorePassword { given, keys: None, options: "--password-file FILE or --password-env VAR" }
    }

    /// The bytes of the first password.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        self.given.first().map(|it| it.as_slice())
    }

    /// The passwords of stores, and that of private keys.
    pub(crate) fn all(&self) -> Passwords<'_> {
        let others = self.given.get(1..).unwrap_or_default();
        Passwords { others, ..self.with(self.bytes()) }
    }

    /// Every password of stores that was named, each beside that of private keys.
    pub(crate) fn each(&self) -> Vec<Passwords<'_>> {
        match self.given.as_slice() {
            [] => vec![self.with(None)],
            given => given.iter().map(|it| self.with(Some(it))).collect(),
        }
    }

    /// A password of stores, and that of private keys.
    fn with<'p>(&'p self, store: Option<&'p [u8]>) -> Passwords<'p> {
        Passwords { store, keys: self.keys.as_ref().map(|it| it.as_slice()), ..Passwords::NONE }
    }

    /// Asks for the password of a store on a terminal, where none is named and one can be.
    pub(crate) fn asked(&self, name: &str) -> Result<Option<Zeroizing<String>>, Failure> {
        let can_be_asked = self.given.is_empty() && self.options.starts_with("--") && output::can_ask();
        if can_be_asked { ask(&format!("Password of {}: ", Printable(name))).map(Some) } else { Ok(None) }
    }

    /// The password that was named as text, where something new is to be written with it.
    pub(crate) fn text(&self) -> Result<Option<Zeroizing<String>>, Failure> {
        self.bytes().map(as_text).transpose()
    }

    /// Reads a file or stream; asks for its password on a terminal where it needs one and none is named.
    pub(crate) fn open(
        &self,
        name: &str,
        mut read: impl FnMut(Passwords<'_>) -> Result<Contents, FileError>,
    ) -> Result<Contents, Failure> {
        self.open_read(name, read(self.all()), read)
    }

    /// The same for what was read once already.
    pub(crate) fn open_read(
        &self,
        name: &str,
        contents: Result<Contents, FileError>,
        mut read: impl FnMut(Passwords<'_>) -> Result<Contents, FileError>,
    ) -> Result<Contents, Failure> {
        if is_locked(&contents)
            && let Some(password) = self.asked(name)?
        {
            return read(self.with(Some(password.as_bytes()))).map_err(|error| match &error {
                FileError::Content {
                    source: ContainerError::Store { problem: StoreProblem::WrongPassword, .. },
                    ..
                } => super::unreadable(error).hint("type it again: blanks and upper and lower case are significant"),
                _ => self.unreadable(error),
            });
        }
        contents.map_err(|error| self.unreadable(error))
    }

    /// Says why a file could not be read, and how its password is named.
    pub(crate) fn unreadable(&self, error: FileError) -> Failure {
        let hint = match &error {
            FileError::Content { source: ContainerError::Store { problem, .. }, .. } => match problem {
                StoreProblem::PasswordNeeded => Some(format!("give it with {}", self.options)),
                StoreProblem::Unproven { integrity: Integrity::NotChecked } => {
                    Some(format!("its password verifies its integrity; give it with {}", self.options))
                }
                StoreProblem::Unproven { .. } => Some(
                    "write it again with a password and a SHA-256 MAC, or name a PEM file of certificates that you \
                     have compared"
                        .to_owned(),
                ),
                StoreProblem::WrongPassword if self.given.len() > 1 => Some(format!(
                    "none of the {} passwords in the file opens it; blanks are significant",
                    self.given.len()
                )),
                StoreProblem::WrongPassword => {
                    Some("check the passwords: each line of the file is one, including blanks".to_owned())
                }
                StoreProblem::UnknownCipher { .. } => Some(
                    "the password is not the cause; let the program that wrote the file encrypt it with AES".to_owned(),
                ),
                StoreProblem::Changed => Some(
                    "give the password of the store with --password-file, and that of its private keys with \
                     --key-password-file if the command has it; if both are right, copy the file again"
                        .to_owned(),
                ),
                StoreProblem::Cut { .. } | StoreProblem::Damaged { .. } => {
                    Some("copy the file again; a transfer in text mode may have damaged it".to_owned())
                }
                _ => None,
            },
            _ => None,
        };
        let failure = super::unreadable(error);
        match hint {
            Some(hint) => failure.hint(hint),
            None => failure,
        }
    }
}

impl std::fmt::Debug for StorePassword {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StorePassword")
    }
}

/// Says whether a password would show more.
fn is_locked(contents: &Result<Contents, FileError>) -> bool {
    match contents {
        Ok(contents) => contents
            .skipped
            .iter()
            .any(|skipped| matches!(skipped.why, Reason::Store { problem: StoreProblem::PasswordNeeded, .. })),
        Err(FileError::Content { source: ContainerError::Store { problem, .. }, .. }) => {
            matches!(
                problem,
                StoreProblem::PasswordNeeded | StoreProblem::Unproven { integrity: Integrity::NotChecked }
            )
        }
        Err(_) => false,
    }
}

// The password of a store or key that is written from what was read.
#[derive(clap::Args, Debug)]
pub(crate) struct OutputPasswordArgs {
    /// The password of the output is the first line of this file. Default: for a store, that of --password-file. A
    /// separate private key file is unencrypted, unless no input needed --password-file, which then encrypts the key.
    #[arg(long, value_name = "FILE", conflicts_with = "new_password_env")]
    new_password_file: Option<PathBuf>,

    /// The password of the output is in this environment variable. Default: as for --new-password-file.
    #[arg(long, value_name = "VAR")]
    new_password_env: Option<String>,

    /// Write without a password: private keys are not encrypted.
    #[arg(long, conflicts_with_all = ["new_password_file", "new_password_env"])]
    no_password: bool,

    /// Accept a weak new password.
    #[arg(long)]
    allow_weak_password: bool,
}

/// What a password would protect in a file that is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protected {
    /// A store, which has a password unless it is insisted that it has none.
    Store,
    /// A private key in a file of its own form, which is in clear unless a password is named.
    Key,
    /// Nothing.
    Nothing,
}

/// Whether the password that was named has opened something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Opened {
    /// It has, and that may be all that it was named for.
    Something,
    /// It has not: it can only be meant for what is written.
    Nothing,
}

impl OutputPasswordArgs {
    /// The password of what is written; `None` for none.
    pub(crate) fn choose(
        &self,
        old: &StorePassword,
        opened: Opened,
        protected: Protected,
    ) -> Result<Option<Zeroizing<String>>, Failure> {
        let new = named(self.new_password_file.as_deref(), self.new_password_env.as_deref())?;
        let password = match (new, old.given.first(), protected) {
            (_, _, Protected::Nothing) => return Ok(None),
            _ if self.no_password => return Ok(None),
            (Some(new), ..) => as_text(&new)?,
            (None, Some(old), Protected::Store) => as_text(old)?,
            (None, Some(old), Protected::Key) if opened == Opened::Nothing => as_text(old)?,
            (None, _, Protected::Key) => return Ok(None),
            (None, None, Protected::Store) => ask_for_store()?,
        };
        if !self.allow_weak_password {
            require_strong(&password)?;
        }
        Ok(Some(password))
    }
}

fn ask_for_store() -> Result<Zeroizing<String>, Failure> {
    if !output::can_ask() {
        return Err(Failure::new("no password given for the new store").hint(
            "--new-password-file FILE or --new-password-env VAR; --no-password writes an unencrypted PKCS#12 store",
        ));
    }
    let password = ask("New password of the store: ")?;
    if *ask("The same again: ")? == *password { Ok(password) } else { Err(Failure::new("the two passwords differ")) }
}
