//! `certkit ui`: the tasks as a page, on this machine alone.

mod browser;
#[cfg(windows)]
mod console;

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use certkit_ui::{Answer, Bound, Engine, Handed, Options, Watch};

use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::hosted::{self, Waiting};
use crate::interrupt::interrupted;
use crate::output;

/// How long the server goes on when no page is open.
const IDLE: Duration = Duration::from_secs(5 * 60);

/// How long the link may be used.
const LINK_LIVES: Duration = Duration::from_secs(10 * 60);

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    /// The port. Default: any free port.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,

    /// Print the link, and do not open a browser.
    #[arg(long)]
    no_browser: bool,

    /// The folder below which the page reads and writes files. Default: the user's home folder.
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit ui
  certkit ui --folder /srv/plant-certificates
  certkit ui --no-browser --port 8787
      the link works once, in one browser, for ten minutes; reach it through a tunnel (ssh -L 8787:127.0.0.1:8787)

";

/// The command line of a double click: Windows has made a console for it, and nothing was typed.
#[cfg(windows)]
pub(crate) fn double_clicked(words: &[OsString]) -> bool {
    words.len() <= 1 && console::is_own()
}

/// Elsewhere a program has the terminal of who typed its name.
#[cfg(not(windows))]
pub(crate) fn double_clicked(_: &[OsString]) -> bool {
    false
}

/// Runs command lines as if they had been typed.
struct CommandLine;

impl Engine for CommandLine {
    fn run(&self, words: &[String], handed: Vec<Handed>, watch: Watch) -> Answer {
        let words: Vec<OsString> =
            std::iter::once("certkit").chain(words.iter().map(String::as_str)).map(OsString::from).collect();
        let handed = handed.into_iter().map(|it| hosted::Handed { name: it.name, bytes: it.bytes }).collect();
        let outcome = hosted::host(handed, Box::new(watch), || crate::run(&words));
        Answer { document: outcome.document, notes: outcome.notes, status: outcome.exit.status() }
    }
}

impl Waiting for Watch {
    fn tell(&self, line: &str) {
        Watch::tell(self, line);
    }

    fn is_stopped(&self) -> bool {
        Watch::is_stopped(self)
    }

    fn stopped(&self) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(Watch::stopped(self))
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    if hosted::current().is_some() {
        return Err(Failure::new("`certkit ui` cannot run inside the page"));
    }
    let folder =
        args.folder.clone().or_else(std::env::home_dir).ok_or_else(|| {
            Failure::new("cannot find the home folder of the user").hint("name the folder: --folder DIR")
        })?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| Failure::new("cannot start the event loop").because(error))?;
    let served = runtime.block_on(serve(args, folder));
    // What still waits for a dead host does not hold the program.
    runtime.shutdown_background();
    served.map(|()| Exit::Fine)
}

async fn serve(args: &Args, folder: PathBuf) -> Result<(), Failure> {
    let options = Options {
        port: args.port.unwrap_or(0),
        folder: folder.clone(),
        idle: IDLE,
        link_lives: LINK_LIVES,
        version: env!("CARGO_PKG_VERSION"),
        style: certkit_expiry::format::html::STYLE,
    };
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AddrInUse => Failure::new(format!("port {} is already in use", options.port))
            .at("--port")
            .because(error)
            .hint("choose another one, or leave --port out"),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory => {
            Failure::new(format!("{} is not a folder", folder.display())).at("--folder").because(error)
        }
        _ => Failure::new("cannot serve the page").because(error),
    };
    let bound = Bound::new(Arc::new(CommandLine), options.clone()).await.map_err(failed)?;
    let link = bound.link();
    output::print(&format!("{link}\n"))?;
    let opening = if args.no_browser { None } else { browser::open(&link) };
    if !args.no_browser && opening.is_none() {
        output::note("could not start a browser: open this link");
    }
    output::note("This link opens the page once, for ten minutes. Ctrl-C ends certkit.");
    bound.serve(interrupted()).await.map_err(|error| Failure::new("cannot serve the page").because(error))
}
