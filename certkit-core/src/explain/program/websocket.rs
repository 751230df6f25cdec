//! Words of WebSocket close code.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, thingworx};

/// What WebSocket close code says.
pub(in crate::explain) static WEBSOCKET_CLOSE_CODE: Program = Program {
    name: "WebSocket close code",
    keys: &["websocket"],
    context: &["websocket", " ws ", "close"],
    carriers: &["close code {n}", "websocket closed {n}", "websocket closed: {n}"],
    weak_carriers: &["closed with code {n}", "code={n}", "code: {n}"],
    source: "RFC 6455 and public listss",
    entries: &[
        Entry::new("1002", &thingworx::WEBSOCKET, &[]).numbers(&[1002]).certainty(Certainty::Medium),
        Entry::new("1006", &thingworx::WEBSOCKET, &[]).numbers(&[1006]).certainty(Certainty::Medium),
        Entry::new("1008", &connection::NOT_AUTHORISED, &[]).numbers(&[1008]).certainty(Certainty::Medium),
        Entry::new("1015", &alert::FRAME, &[]).numbers(&[1015]).certainty(Certainty::Medium),
    ],
};
