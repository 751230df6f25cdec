//! Opens the link in the browser of the user.

use std::io;
use std::process::{Command, Stdio};

/// A browser that was asked to open the page.
pub(super) struct Opening {
    /// Where the link lies for it; gone when dropped.
    #[cfg(not(windows))]
    _page: tempfile::TempDir,
}

/// Opens a link; `None` where no browser can be started.
pub(super) fn open(link: &str) -> Option<Opening> {
    start(link).ok()
}

fn started(command: &mut Command) -> io::Result<()> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop)
}

/// Windows does not show the command line of a program to other users.
#[cfg(windows)]
fn start(link: &str) -> io::Result<Opening> {
    started(Command::new("rundll32").args(["url.dll,FileProtocolHandler", link]))?;
    Ok(Opening {})
}

/// Elsewhere everybody sees the command line of a program: the link stands in a page that only the user can read.
#[cfg(not(windows))]
fn start(link: &str) -> io::Result<Opening> {
    let page = tempfile::Builder::new().prefix("certkit-ui-").tempdir()?;
    let file = page.path().join("open.html");
    let html = format!(
        "<!doctype html><meta charset=\"utf-8\"><meta name=\"referrer\" content=\"no-referrer\">\
         <meta http-equiv=\"refresh\" content=\"0; url={link}\"><title>certkit</title><a href=\"{link}\">certkit</a>\n"
    );
    std::fs::write(&file, html)?;
    let program = if cfg!(target_os = "macos") { "open" } else { "xdg-open" };
    started(Command::new(program).arg(&file))?;
    Ok(Opening { _page: page })
}
