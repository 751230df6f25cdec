//! Words of ThingWorx Java SDK, Connection Server, Platform.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, file, trust};

/// What ThingWorx Java SDK, Connection Server, Platform says.
pub(in crate::explain) static JAVA_SDK: Program = Program {
    name: "ThingWorx Java SDK, Connection Server, Platform",
    keys: &["thingworx"],
    context: &[],
    carriers: &[],
    weak_carriers: &[],
    source: "PTC help, eMessage smoke test exception 1,",
    entries: &[
        Entry::new(
            "websocket-not-created",
            &trust::UNKNOWN_ISSUER,
            &["SSLHandshake Exception, websocket not created", "timeout waiting for websocket handshake to complete"],
        )
        .frame(),
        Entry::new(
            "establishing-websocket",
            &alert::FRAME,
            &["Error while establishing websocket connection on channel"],
        )
        .source("PTC help, connector exception 4,"),
        Entry::new("cx-keystore", &file::PASSWORD, &["Keystore was tampered with, or password was incorrect"])
            .source("PTC help, Connection Server troubleshooting,"),
        Entry::new(
            "contentloader",
            &trust::UNKNOWN_ISSUER,
            &["Unable to Invoke Service <s> on ContentLoaderFunctions : <reason>"],
        )
        .source("common knowledge")
        .certainty(Certainty::Low),
    ],
};
