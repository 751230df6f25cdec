//! Words of Beckhoff TwinCAT IoT.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{connection, file, time, trust};

/// What Beckhoff TwinCAT IoT says.
pub(in crate::explain) static BECKHOFF_TWINCAT_IOT: Program = Program {
    name: "Beckhoff TwinCAT IoT",
    keys: &["beckhoff", "twincat"],
    context: &["twincat", "beckhoff", "tf670", "tf677", "iotmqtt"],
    carriers: &["WS_STATUS_{name}"],
    weak_carriers: &[
        "error {n}",
        "error: {n}",
        "error={n}",
        "error = {n}",
        "code {n}",
        "code: {n}",
        "code={n}",
        "code = {n}",
        "status {n}",
        "status: {n}",
        "status={n}",
        "status = {n}",
        "state {n}",
        "state: {n}",
        "state={n}",
        "state = {n}",
        "({n})",
        "[{n}]",
    ],
    source: "Beckhoff Infosys (ETcIotWebSocketStatus)",
    entries: &[
        Entry::new("17 TLS_CA_NOTFOUND", &file::NOT_OPENED, &[]).numbers(&[17]).certainty(Certainty::Medium),
        Entry::new("18 TLS_CERT_NOTFOUND", &file::NOT_OPENED, &[]).numbers(&[18]).certainty(Certainty::Medium),
        Entry::new("19 TLS_KEY_NOTFOUND", &file::NOT_OPENED, &[]).numbers(&[19]).certainty(Certainty::Medium),
        Entry::new("20 TLS_CA_INVALID", &file::NOT_READABLE, &[]).numbers(&[20]).certainty(Certainty::Medium),
        Entry::new("21 TLS_CERT_INVALID", &file::NOT_READABLE, &[]).numbers(&[21]).certainty(Certainty::Medium),
        Entry::new("22 TLS_KEY_INVALID", &file::NOT_READABLE, &[]).numbers(&[22]).certainty(Certainty::Medium),
        Entry::new("23 TLS_VERIFY_FAIL", &trust::UNKNOWN_ISSUER, &[]).numbers(&[23]).certainty(Certainty::Medium),
        Entry::new("25 TLS_HANDSHAKE_FAIL", &connection::NOTHING_IN_COMMON, &[])
            .numbers(&[25])
            .certainty(Certainty::Medium),
        Entry::new("27 TLS_VERSION_INVALID", &connection::VERSION_OLD, &[]).numbers(&[27]).certainty(Certainty::Medium),
        Entry::new("40 TLS_CERT_EXPIRED", &time::EXPIRED, &[]).numbers(&[40]).certainty(Certainty::Medium),
    ],
};
