//! What must not stand on a command line: read from the environment or a file instead.

use std::path::{Path, PathBuf};

use certkit_core::container::{Contents, Passwords};
use certkit_core::generate::{Error, KeyPair, key_file};
use certkit_core::source::Proxy;
use certkit_core::source::file;
use certkit_core::text::Printable;
use zeroize::Zeroizing;

use crate::failure::Failure;
use crate::{hosted, output};

/// The most bytes of a file that holds a password or a proxy's URL.
const LIMIT: u64 = 64 * 1024;

/// Reads the proxy that was named: `http://HOST:PORT`, `env:NAME` or `file:PATH`.
///
/// Everyone on the machine can read a command line, so one with a password is refused.
pub(crate) fn proxy(named: &str) -> Result<Proxy, Failure> {
    let (text, place) = if let Some(variable) = named.strip_prefix("env:") {
        let unread = |why: &str| Failure::new(format!("cannot read the proxy from {variable}: {why}"));
        let value = std::env::var_os(variable).ok_or_else(|| unread("the variable is not set"))?;
        // What stands in it is not repeated.
        (value.into_string().map_err(|_| unread("it is not UTF-8"))?, variable.to_owned())
    } else if let Some(path) = named.strip_prefix("file:") {
        let value = file::read_text(Path::new(path), LIMIT)
            .map_err(|error| Failure::new(format!("cannot read the proxy from {path}")).because(error))?;
        (value.to_string(), path.to_owned())
    } else if named.contains('@') {
        return Err(Failure::new("a password must not stand on the command line")
            .hint("put the proxy's URL in an environment variable and name it: --proxy env:PROXY_URL"));
    } else {
        (named.to_owned(), "--proxy".to_owned())
    };
    text.trim().parse().map_err(|error: certkit_core::source::ProxyError| {
        Failure::new(format!("{place} has no proxy URL")).because(error)
    })
}

// The password of a private key that is written.
#[derive(clap::Args, Debug)]
pub(crate) struct NewPasswordArgs {
    /// Encrypt the private key that is written with the password in the first line of this file.
    #[arg(long, value_name = "FILE", conflicts_with = "password_env")]
    password_file: Option<PathBuf>,

    /// The same, with the password in this environment variable.
    #[arg(long, value_name = "VAR")]
    password_env: Option<String>,

    /// Write the private key of a CA unencrypted, and a PKCS#12 store with an empty password.
    #[arg(long, conflicts_with_all = ["password_file", "password_env"])]
    no_password: bool,

    /// Accept a weak new password.
    #[arg(long)]
    allow_weak_password: bool,
}

/// Whether a private key is written in clear where no password is named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum InClear {
    /// It is.
    Allowed,
    /// A password is asked for.
    OnlyIfInsisted,
}

impl NewPasswordArgs {
    /// The password to encrypt a new private key with; `None` for a key in clear.
    pub(crate) fn for_new_key(&self, in_clear: InClear) -> Result<Option<Zeroizing<String>>, Failure> {
        let password = match named(self.password_file.as_deref(), self.password_env.as_deref())? {
            Some(password) => as_text(&password)?,
            None if self.no_password || in_clear == InClear::Allowed => return Ok(None),
            None => ask_twice()?,
        };
        if !self.allow_weak_password {
            require_strong(&password)?;
        }
        Ok(Some(password))
    }

    /// The same password for a key that is read, where no other one is named.
    fn for_old_key(&self) -> Result<Option<Secret>, Failure> {
        named(self.password_file.as_deref(), self.password_env.as_deref())
    }
}

// The password of a log-in.
#[derive(clap::Args, Debug)]
pub(crate) struct LogInArgs {
    /// The password of --user is the first line of this file; it may be empty.
    #[arg(long, value_name = "FILE", requires = "user", conflicts_with_all = ["password_env", "password_prompt"])]
    password_file: Option<PathBuf>,

    /// The password of --user is in this environment variable.
    #[arg(long, value_name = "VAR", requires = "user", conflicts_with = "password_prompt")]
    password_env: Option<String>,

    /// Ask for the password of --user at the terminal.
    #[arg(long, requires = "user")]
    password_prompt: bool,
}

impl LogInArgs {
    /// The password for a user; asked for on a terminal where none is named.
    pub(crate) fn password(&self, user: &str) -> Result<Secret, Failure> {
        log_in(user, self.password_file.as_deref(), self.password_env.as_deref(), self.password_prompt)
    }
}

/// The password for a user from the place that is named; it may be empty.
pub(crate) fn log_in(
    user: &str,
    path: Option<&Path>,
    variable: Option<&str>,
    is_asked_for: bool,
) -> Result<Secret, Failure> {
    let line = match (path, variable) {
        (Some(path), _) => first_line(&read_password_file(path)?),
        (None, Some(variable)) => first_line(&of_variable(variable)?),
        (None, None) if is_asked_for || output::can_ask() => {
            let answer = ask(&format!("Password of {}: ", Printable(user)))?;
            Zeroizing::new(answer.as_bytes().to_vec())
        }
        (None, None) => {
            return Err(Failure::new(format!("no password given for {}", Printable(user)))
                .hint("--password-file FILE, --password-env VAR or --password-prompt"));
        }
    };
    Ok(line)
}

fn read_password_file(path: &Path) -> Result<Secret, Failure> {
    if let Some(secret) = hosted::current().and_then(|run| run.file(path).map(<[u8]>::to_vec)) {
        return Ok(Zeroizing::new(secret));
    }
    let named = hosted::called(path).display();
    hosted::read_bytes_within(path, LIMIT)
        .map_err(|error| Failure::new(format!("cannot read the password file {named}")).because(error))
}

fn first_line(bytes: &[u8]) -> Secret {
    let line = bytes.split(|octet| *octet == b'\n').next().unwrap_or_default();
    Zeroizing::new(line.strip_suffix(b"\r").unwrap_or(line).to_vec())
}

/// Refuses a new password that does not keep the rule.
pub(crate) fn require_strong(password: &str) -> Result<(), Failure> {
    key_file::require_strong(password).map_err(|error| {
        Failure::new("the new password is too weak").because(error).hint(
            "choose 14 characters or more, with lower and upper case, a digit and a special character, and not a \
             common word with additions, for example three or four unrelated words; --allow-weak-password accepts it \
             anyway",
        )
    })
}

// The password of a private key that is read.
#[derive(clap::Args, Debug)]
pub(crate) struct KeyPasswordArgs {
    /// The password of the key of --key is the first line of this file.
    #[arg(long, value_name = "FILE", conflicts_with = "key_password_env")]
    key_password_file: Option<PathBuf>,

    /// The password of the key of --key is in this environment variable.
    #[arg(long, value_name = "VAR")]
    key_password_env: Option<String>,
}

impl KeyPasswordArgs {
    /// Reads a private key with its password, or with that of a new key where only that is named.
    pub(crate) fn open(&self, path: &Path, other: &NewPasswordArgs) -> Result<KeyPair, Failure> {
        let password = match named(self.key_password_file.as_deref(), self.key_password_env.as_deref())? {
            Some(password) => Some(password),
            None => other.for_old_key()?,
        };
        open_key(path, password.as_ref(), "--key-password-file or --key-password-env")
    }

    /// Reads a private key with its password.
    pub(crate) fn open_alone(&self, path: &Path) -> Result<KeyPair, Failure> {
        let password = named(self.key_password_file.as_deref(), self.key_password_env.as_deref())?;
        open_key(path, password.as_ref(), "--key-password-file or --key-password-env")
    }

    /// The same password for a new key; `None` for one in clear.
    pub(crate) fn for_new_key(&self) -> Result<Option<Zeroizing<String>>, Failure> {
        let password = named(self.key_password_file.as_deref(), self.key_password_env.as_deref())?;
        let password = password.map(|it| as_text(&it)).transpose()?;
        password.iter().try_for_each(|it| require_strong(it))?;
        Ok(password)
    }
}

// The password of an issuer's private key.
#[derive(clap::Args, Debug)]
pub(crate) struct IssuerPasswordArgs {
    /// The password of the issuer's key is the first line of this file.
    #[arg(long, value_name = "FILE", conflicts_with = "issuer_password_env")]
    issuer_password_file: Option<PathBuf>,

    /// The password of the issuer's key is in this environment variable.
    #[arg(long, value_name = "VAR")]
    issuer_password_env: Option<String>,
}

impl IssuerPasswordArgs {
    /// Reads the issuer's private key.
    pub(crate) fn open(&self, path: &Path) -> Result<KeyPair, Failure> {
        let password = named(self.issuer_password_file.as_deref(), self.issuer_password_env.as_deref())?;
        open_key(path, password.as_ref(), "--issuer-password-file or --issuer-password-env")
    }
}

/// Reads a private key; asks for its password on a terminal where it needs one and none is named.
pub(crate) fn open_key(path: &Path, password: Option<&Secret>, options: &str) -> Result<KeyPair, Failure> {
    if path.components().any(|it| it.as_os_str().as_encoded_bytes().starts_with(b"pkcs11:")) {
        return Err(Failure::new(format!("{}: certkit cannot use private keys of PKCS#11 tokens", path.display()))
            .hint("name a file with the private key, or sign with the tools of the token"));
    }
    let contents =
        hosted::read_file_with(hosted::current().as_deref(), path, Passwords::NONE).map_err(super::unreadable)?;
    open_key_of(path, &contents, password, options)
}

/// The same for a file that was read already.
pub(super) fn open_key_of(
    path: &Path,
    contents: &Contents,
    password: Option<&Secret>,
    options: &str,
) -> Result<KeyPair, Failure> {
    let unusable = || Failure::new(format!("{}: the private key cannot be used", path.display()));
    match key_file::open(contents, password.map(|it| it.as_slice())) {
        Err(Error::PasswordNeeded { .. }) if output::can_ask() => {
            let password = ask(&format!("Password of {}: ", Printable(path.display().to_string())))?;
            key_file::open(contents, Some(password.as_bytes())).map_err(|error| unusable().because(error))
        }
        Err(error @ Error::PasswordNeeded { .. }) => {
            Err(unusable().because(error).hint(format!("give it with {options}")))
        }
        Err(error) => Err(unusable().because(error)),
        Ok(key) => Ok(key),
    }
}

/// A password as its holder gives it: most schemes take whatever bytes there are. Wiped when dropped.
pub(crate) type Secret = Zeroizing<Vec<u8>>;

/// Reads a password from the file or variable that was named.
pub(crate) fn named(path: Option<&Path>, variable: Option<&str>) -> Result<Option<Secret>, Failure> {
    Ok(all_named(path, variable)?.into_iter().next())
}

/// How many lines of a file are taken as passwords at most.
const PASSWORDS: usize = 16;

/// Reads the passwords from the lines of the file that was named, or from the variable.
pub(super) fn all_named(path: Option<&Path>, variable: Option<&str>) -> Result<Vec<Secret>, Failure> {
    let (bytes, place) = match (path, variable) {
        (Some(path), _) => (read_password_file(path)?, path.display().to_string()),
        (None, Some(variable)) => (of_variable(variable)?, variable.to_owned()),
        (None, None) => return Ok(Vec::new()),
    };
    let lines = bytes.split(|octet| *octet == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    let mut lines = lines.take(PASSWORDS);
    let line = lines.next().unwrap_or_default();
    if line.is_empty() {
        return Err(Failure::new(format!("{place} holds no password: its first line is empty")));
    }
    if line.contains(&0) || line.starts_with(b"\xff\xfe") || line.starts_with(b"\xfe\xff") {
        return Err(Failure::new(format!("{place} holds no password: its first line is not UTF-8 text"))
            .hint("save the file as UTF-8; in PowerShell: Set-Content -Encoding utf8NoBOM"));
    }
    let others = lines.filter(|line| !line.is_empty() && !line.contains(&0));
    Ok(std::iter::once(line).chain(others).map(|line| Zeroizing::new(line.to_vec())).collect())
}

/// Reads a variable; nothing of its value stands in an error.
fn of_variable(variable: &str) -> Result<Secret, Failure> {
    let value = std::env::var_os(variable).ok_or_else(|| {
        // What does not look like a name may be the password itself, and is not repeated.
        let is_name = variable.contains('_') && variable.bytes().all(|it| it.is_ascii_uppercase() || it == b'_' || it.is_ascii_digit());
        let name = if is_name { variable } else { "the environment variable that was named" };
        Failure::new(format!("cannot read a password from {name}: the variable is not set")).hint(
            "name the variable, never the password: a secret does not stand on the command line; or put it into a file: \
             --password-file FILE",
        )
    })?;
    #[cfg(unix)]
    let bytes = std::os::unix::ffi::OsStringExt::into_vec(value);
    #[cfg(not(unix))]
    let bytes = value
        .into_string()
        .map_err(|_| Failure::new(format!("cannot read a password from {}: it is not Unicode", Printable(variable))))?
        .into_bytes();
    Ok(Zeroizing::new(bytes))
}

/// Requires a password for what is written to be UTF-8, which every program reads in the same way.
pub(crate) fn as_text(password: &[u8]) -> Result<Zeroizing<String>, Failure> {
    std::str::from_utf8(password).map(|text| Zeroizing::new(text.to_owned())).map_err(|_| {
        Failure::new("the password for the output is not UTF-8")
            .hint("programs interpret other encodings differently; save its file as UTF-8, or choose another password")
    })
}

fn ask_twice() -> Result<Zeroizing<String>, Failure> {
    if !output::can_ask() {
        return Err(Failure::new("no password given to encrypt the private key")
            .hint("--password-file FILE or --password-env VAR; --no-password writes the key unencrypted"));
    }
    let password = ask("New password of the private key: ")?;
    if *ask("The same again: ")? == *password { Ok(password) } else { Err(Failure::new("the two passwords differ")) }
}

pub(super) fn ask(prompt: &str) -> Result<Zeroizing<String>, Failure> {
    let answer = rpassword::prompt_password(prompt);
    answer.map(Zeroizing::new).map_err(|error| Failure::new("cannot read a password from the terminal").because(error))
}
