//! Words of Network.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::connection;

/// What Network says.
pub(in crate::explain) static NETWORK: Program = Program {
    name: "Network",
    keys: &["network"],
    context: &["winsock", "socket", "connect"],
    carriers: &[],
    weak_carriers: &[
        "error {n}",
        "error: {n}",
        "error={n}",
        "error code {n}",
        "error code: {n}",
        "code {n}",
        "code: {n}",
        "code={n}",
        "errno {n}",
        "errno: {n}",
        "errno={n}",
        "wsa{n}",
        "({n})",
        "[{n}]",
    ],
    source: "a run",
    entries: &[
        Entry::new(
            "connection-refused",
            &connection::NETWORK,
            &["Connection refused<end>", "ECONNREFUSED", "actively refused it"],
        )
        .numbers(&[10061]),
        Entry::new(
            "timed-out",
            &connection::NETWORK,
            &[
                "Connection timed out",
                "Read timed out",
                "ETIMEDOUT",
                "did not properly respond after a period of time",
                "context deadline exceeded",
            ],
        )
        .numbers(&[10060]),
        Entry::new(
            "name-not-resolved",
            &connection::NETWORK,
            &[
                "Could not resolve host",
                "getaddrinfo ENOTFOUND",
                "Name or service not known",
                "UnknownHostException",
                "UnknownHostException: <host>",
                "lookup <host> on <resolver>: no such host",
                "lookup <host>: no such host",
                "lookup <host> on <resolver>: server misbehaving",
                "getaddrinfo ENOTFOUND <host>",
                "No such host is known",
                "no such host",
            ],
        )
        .numbers(&[11001]),
        Entry::new(
            "connection-reset",
            &connection::CLOSED,
            &["Connection reset by peer", "ECONNRESET", "forcibly closed by the remote host"],
        )
        .numbers(&[10054]),
        Entry::new("no-route", &connection::NETWORK, &["No route to host", "EHOSTUNREACH", "Network is unreachable"])
            .weak(&["error 10051", "error: 10051", "code 10051", "(10051)"])
            .numbers(&[10065, 10051]),
    ],
};
