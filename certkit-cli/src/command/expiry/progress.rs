//! How far a run is, on a terminal only.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::output;

/// What is done, and what is left.
#[derive(Debug, Default)]
pub(crate) struct Progress {
    /// Sources that were found so far.
    pub(crate) all: AtomicU64,
    /// Those that were looked at.
    pub(crate) done: AtomicU64,
    /// Those of them that gave nothing.
    pub(crate) failed: AtomicU64,
    /// Whether nothing is shown any more.
    is_over: Mutex<bool>,
}

impl Progress {
    /// Shows itself until [`Progress::end`]; not at all where there is no terminal.
    pub(crate) async fn show(&self) {
        if !output::is_watched() {
            return;
        }
        let start = Instant::now();
        loop {
            tokio::time::sleep(Duration::from_millis(200)).await;
            let count = |number: &AtomicU64| number.load(Ordering::Relaxed);
            let line = line(count(&self.all), count(&self.done), count(&self.failed), start.elapsed());
            let is_over = self.lock();
            if *is_over {
                return;
            }
            output::show_progress(&line);
        }
    }

    /// Takes the line away for good.
    pub(crate) fn end(&self) {
        let mut is_over = self.lock();
        if !std::mem::replace(&mut *is_over, true) && output::is_watched() {
            output::show_progress("");
        }
    }

    fn lock(&self) -> MutexGuard<'_, bool> {
        self.is_over.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn line(all: u64, done: u64, failed: u64, taken: Duration) -> String {
    let left = all.saturating_sub(done);
    let mut text = format!("{done} of {all} looked at, {failed} failed");
    if done > 0 && left > 0 {
        let seconds = (taken.as_secs_f64() * left as f64 / done as f64).round();
        // What still hangs takes its own time.
        if seconds >= 1.0 {
            text += &format!(", about {} left", span(seconds));
        }
    }
    text
}

fn span(seconds: f64) -> String {
    if seconds < 120.0 { format!("{seconds:.0} s") } else { format!("{:.0} min", seconds / 60.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_tells_what_is_left() {
        assert_eq!(line(100, 25, 2, Duration::from_secs(10)), "25 of 100 looked at, 2 failed, about 30 s left");
        assert_eq!(line(1000, 999, 0, Duration::from_secs(3)), "999 of 1000 looked at, 0 failed");
        assert_eq!(line(0, 0, 0, Duration::ZERO), "0 of 0 looked at, 0 failed");
    }
}
