//! Words of Network.

use crate::explain::entry::{Entry, Program};
use crate::explain::reason::connection;

/// What Network says.
pub(in crate::explain) static NETWORK: Program = Program {
    name: "Network",
    keys: &["network"],
    context: &["winsock", "socket", "connect"],
    carriers: &[],
    weak_carriers: &[],
    source: "a run",
    entries: &[
        Entry::new(
            "connection-refused",
            &connection::NETWORK,
            &["Connection refused", "ECONNREFUSED", "actively refused it"],
        )
        .weak(&["10061"]),
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
        .weak(&["10060"]),
        Entry::new(
            "name-not-resolved",
            &connection::NETWORK,
            &[
                "Could not resolve host",
                "getaddrinfo ENOTFOUND",
                "Name or service not known",
                "UnknownHostException",
                "No such host is known",
                "no such host",
            ],
        )
        .weak(&["11001"]),
        Entry::new(
            "connection-reset",
            &connection::CLOSED,
            &["Connection reset by peer", "ECONNRESET", "forcibly closed by the remote host"],
        )
        .weak(&["10054"]),
        Entry::new("no-route", &connection::NETWORK, &["No route to host", "EHOSTUNREACH", "Network is unreachable"])
            .weak(&["10065", "10051"]),
    ],
};
