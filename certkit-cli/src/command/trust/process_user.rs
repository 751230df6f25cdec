//! Who runs certkit, as the system knows it.

#[cfg(unix)]
use std::path::Path;

#[cfg(unix)]
use certkit_core::source::file;

/// The user of this process: by name where /etc/passwd has one, else by number. What the environment says is not asked.
#[cfg(unix)]
pub(crate) fn user() -> Option<String> {
    let id = rustix::process::getuid().as_raw().to_string();
    let accounts = file::read_bytes(Path::new("/etc/passwd")).ok();
    let name = accounts.and_then(|accounts| named(&String::from_utf8_lossy(&accounts), &id));
    Some(name.unwrap_or(format!("uid {id}")))
}

/// Finds the name of an account by its number (passwd(5)).
#[cfg(unix)]
fn named(accounts: &str, id: &str) -> Option<String> {
    accounts.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next().filter(|name| !name.is_empty() && !name.starts_with('#'))?;
        (fields.nth(1) == Some(id)).then(|| name.to_owned())
    })
}

/// Elsewhere, no safe call tells.
#[cfg(not(unix))]
pub(crate) fn user() -> Option<String> {
    std::env::var("USERNAME").ok().filter(|name| !name.is_empty())
}

/// Who has called this user's rights up with sudo, as sudo says.
pub(crate) fn caller() -> Option<String> {
    std::env::var("SUDO_USER").ok().filter(|name| !name.is_empty())
}

#[cfg(all(test, unix))]
mod tests {
    #[test]
    fn accounts_are_found_by_their_number() {
        let accounts =
            "# local\nroot:x:0:0:root:/root:/bin/sh\n\nann:x:1000:1000:Ann,,,:/home/ann:/bin/sh\n:x:7:7::/:\n";
        let found = |id| super::named(accounts, id);
        assert_eq!((found("0").as_deref(), found("1000").as_deref()), (Some("root"), Some("ann")));
        assert_eq!((found("1"), found("7"), found("x")), (None, None, None));
    }
}
