//! `certkit demo`: the main job against a stand-in on this machine.

mod plant;
mod stand_in;

use std::ffi::OsString;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Parser;
use tokio::runtime::{Builder, Runtime};

use crate::cli::Cli;
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::output;
use crate::terminal::style::{self, paint};
use plant::Plant;

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP), after_long_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {}

const EXAMPLES: &str = "\
EXAMPLES
  certkit demo

";

pub(crate) fn run(_: &Args) -> Result<Exit, Failure> {
    say("A simulated ThingWorx server now runs on this machine, with a chain made for it: a root, an issuing CA and \
         a\nserver certificate. As in the field, the server does not send the root.");
    let interrupt = Interrupt::watch()?;
    let plant = Plant::start()?;
    let folder = tempfile::Builder::new()
        .prefix("certkit-demo-")
        .tempdir()
        .map_err(|error| Failure::new("cannot create a temporary folder").because(error))?;
    let file = folder.path().join("thingworx-ca.cer");

    say("1. The main job: from the address to the checked file that Kepware imports.");
    let url = format!("thingworx://{}", plant.sound.address());
    interrupt.expect(
        Exit::Fine,
        &["fetch".into(), url.into(), "--part".into(), "ca".into(), "-o".into(), file.clone().into()],
    )?;

    say("2. The check: the file is checked before anyone imports it.");
    interrupt.expect(Exit::Fine, &["check".into(), file.clone().into()])?;

    for (number, words, server) in [
        (3, "A server that signed its own certificate.", &plant.self_signed),
        (4, "A server whose certificate has expired.", &plant.expired),
        (5, "A server whose certificate is signed with SHA-1.", &plant.sha1),
    ] {
        say(&format!("{number}. {words}"));
        let url = format!("thingworx://{}", server.address());
        interrupt.expect(Exit::Errors, &["check".into(), url.into(), "--trust".into(), file.clone().into()])?;
    }
    say("Done. The servers are stopped and the files are removed.");
    Ok(Exit::Fine)
}

fn say(text: &str) {
    output::note(&format!("\n{}\n", paint(style::BOLD, text)));
}

/// Whether somebody wants the demonstration to end. What it has made must be gone then, too.
struct Interrupt {
    is_set: Arc<AtomicBool>,
    _runtime: Runtime,
}

impl Interrupt {
    /// Begins to listen for Ctrl-C.
    fn watch() -> Result<Interrupt, Failure> {
        let runtime = Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(|error| Failure::new("cannot start the event loop").because(error))?;
        let is_set = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&is_set);
        runtime.spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                flag.store(true, Ordering::Relaxed);
            }
        });
        Ok(Interrupt { is_set, _runtime: runtime })
    }

    /// Runs certkit as a user would, and makes sure that it ends as the demonstration promises.
    fn expect(&self, wanted: Exit, arguments: &[OsString]) -> Result<(), Failure> {
        let shown: Vec<_> = arguments.iter().map(|argument| argument.to_string_lossy()).collect();
        output::note(&paint(style::GOOD, format_args!("$ certkit {}", shown.join(" "))));
        let words = std::iter::once(OsString::from("certkit")).chain(arguments.iter().cloned());
        let cli = Cli::try_parse_from(words).map_err(|error| Failure::new(error.to_string()))?;
        let exit = cli.command.run()?;
        if self.is_set.load(Ordering::Relaxed) {
            return Err(Failure::new("the demonstration was stopped; its servers and files are removed"));
        }
        if exit != wanted {
            return Err(Failure::new(format!("the demonstration ended in {exit:?} instead of {wanted:?}"))
                .hint("this is a bug in certkit: please report it with the text above"));
        }
        Ok(())
    }
}
