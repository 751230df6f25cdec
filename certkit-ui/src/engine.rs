//! What the page needs of the program that serves it.

use std::fmt;

use tokio::sync::{mpsc, watch};
use zeroize::Zeroizing;

/// Runs command lines.
pub trait Engine: Send + Sync + 'static {
    /// Does what a command line asks for, the name of the program left out, and gives what it has written.
    ///
    /// Reads what was handed over under its name, and everything else where it lies. Asks nobody for anything.
    fn run(&self, words: &[String], handed: Vec<Handed>, watch: Watch) -> Answer;
}

/// A file that lies in memory alone; wiped when dropped.
#[derive(Clone)]
pub struct Handed {
    /// The name by which a command line means it.
    pub name: String,
    /// All of it.
    pub bytes: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Handed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handed").field("name", &self.name).field("bytes", &self.bytes.len()).finish()
    }
}

/// What a command line has come to.
#[derive(Clone, Debug)]
pub struct Answer {
    /// What stands on standard output.
    pub document: Vec<u8>,
    /// What stands on standard error.
    pub notes: String,
    /// The exit status.
    pub status: u8,
}

/// How a run tells how far it is, and learns that nobody waits for it any more.
#[derive(Clone, Debug)]
pub struct Watch {
    progress: mpsc::Sender<String>,
    stop: watch::Receiver<bool>,
}

/// The other end of a [`Watch`]. Who drops it does not want the run any more, unless that writes.
#[derive(Debug)]
pub(crate) struct Watcher {
    pub(crate) progress: mpsc::Receiver<String>,
    stop: watch::Sender<bool>,
    writes: bool,
}

impl Watch {
    pub(crate) fn new(writes: bool) -> (Watch, Watcher) {
        let (sender, progress) = mpsc::channel(8);
        let (stop, stopped) = watch::channel(false);
        (Watch { progress: sender, stop: stopped }, Watcher { progress, stop, writes })
    }

    /// Tells how far the run is. What comes faster than it is read is left out.
    pub fn tell(&self, line: &str) {
        let _ = self.progress.try_send(line.to_owned());
    }

    /// Says whether nobody wants the run any more.
    pub fn is_stopped(&self) -> bool {
        *self.stop.borrow()
    }

    /// Waits until nobody wants the run any more.
    pub async fn stopped(&self) {
        if self.stop.clone().wait_for(|is_stopped| *is_stopped).await.is_err() {
            // It is wanted to its end, whoever has gone away.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        if !self.writes {
            self.stop.send_replace(true);
        }
    }
}
