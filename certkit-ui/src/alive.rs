//! Whether anybody still needs the server.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::watch;

/// How many use the server now, since when nobody does, and whether it is to end.
#[derive(Debug)]
pub(crate) struct Life {
    uses: Mutex<Uses>,
    ended: watch::Sender<bool>,
}

#[derive(Debug)]
struct Uses {
    now: usize,
    last: Instant,
    has_been: bool,
}

/// One use: a page that is open, or a run. It ends when dropped.
#[derive(Debug)]
pub(crate) struct Use(Arc<Life>);

impl Life {
    pub(crate) fn new() -> Arc<Life> {
        let uses = Uses { now: 0, last: Instant::now(), has_been: false };
        Arc::new(Life { uses: Mutex::new(uses), ended: watch::Sender::new(false) })
    }

    fn uses(&self) -> MutexGuard<'_, Uses> {
        self.uses.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a use.
    pub(crate) fn begin(self: &Arc<Life>) -> Use {
        let mut uses = self.uses();
        uses.now += 1;
        uses.has_been = true;
        Use(Arc::clone(self))
    }

    /// Ends the server.
    pub(crate) fn end(&self) {
        self.ended.send_replace(true);
    }

    /// Waits until the server is to end.
    pub(crate) async fn ended(&self) {
        // The sender lives as long as this does.
        let _ = self.ended.subscribe().wait_for(|is_ended| *is_ended).await;
    }

    /// Ends the server when nobody has used it for so long; before its first use, after the time that its link has.
    pub(crate) async fn watch(&self, idle: Duration, first: Duration) {
        loop {
            tokio::time::sleep((idle / 8).clamp(Duration::from_millis(20), Duration::from_secs(5))).await;
            let uses = self.uses();
            let patience = if uses.has_been { idle } else { first };
            if uses.now == 0 && uses.last.elapsed() >= patience {
                break;
            }
        }
        self.end();
    }
}

impl Drop for Use {
    fn drop(&mut self) {
        let mut uses = self.0.uses();
        uses.now -= 1;
        uses.last = Instant::now();
    }
}
