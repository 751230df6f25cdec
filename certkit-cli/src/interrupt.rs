//! The wish that the program may end, or the run that it hosts.

use crate::hosted;

/// Waits for Ctrl-C or, from a service manager, SIGTERM.
pub(crate) async fn interrupted() {
    if let Some(run) = hosted::current() {
        return run.stopped().await;
    }
    let by_hand = async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Where nobody can interrupt us, nobody does.
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        () = by_hand => {}
        () = terminated() => {}
    }
}

#[cfg(unix)]
async fn terminated() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut signal) => {
            signal.recv().await;
        }
        Err(_) => std::future::pending().await,
    }
}

#[cfg(not(unix))]
async fn terminated() {
    std::future::pending().await
}
