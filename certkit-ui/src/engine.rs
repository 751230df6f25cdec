//! What the page needs of the program that serves it.

use std::fmt;
use std::sync::Arc;

use tokio::sync::{Notify, mpsc};
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
    stop: Arc<Notify>,
}

/// The other end of a [`Watch`]. Who drops it does not want the run any more.
#[derive(Debug)]
pub(crate) struct Watcher {
    pub(crate) progress: mpsc::Receiver<String>,
    stop: Arc<Notify>,
}

impl Watch {
    pub(crate) fn new() -> (Watch, Watcher) {
        let (sender, progress) = mpsc::channel(8);
        let stop = Arc::new(Notify::new());
        (Watch { progress: sender, stop: Arc::clone(&stop) }, Watcher { progress, stop })
    }

    /// Tells how far the run is. What comes faster than it is read is left out.
    pub fn tell(&self, line: &str) {
        let _ = self.progress.try_send(line.to_owned());
    }

    /// Waits until nobody wants the run any more; that is told once.
    pub async fn stopped(&self) {
        self.stop.notified().await;
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        self.stop.notify_one();
    }
}
