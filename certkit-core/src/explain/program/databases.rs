//! Words of PostgreSQL, Oracle, SQL Server, MySQL.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, connection, file, purpose, trust};

/// What PostgreSQL says.
pub(in crate::explain) static POSTGRESQL: Program = Program {
    name: "PostgreSQL",
    keys: &["postgresql", "postgres", "psql"],
    context: &["postgres", "psql", "pg_hba", "libpq"],
    carriers: &[],
    weak_carriers: &[],
    source: "the source of PostgreSQL (libpq and server)",
    entries: &[
        Entry::new(
            "server-failed",
            &alert::FRAME,
            &[
                "connection to server at \"<host>\" (<address>), port <port> failed: SSL error: <reason>",
                "connection to server at \"<host>\", port <port> failed: SSL error: <reason>",
            ],
        )
        .frame(),
        Entry::new(
            "name",
            &purpose::WRONG_HOST,
            &["server certificate for \"<name>\" does not match host name \"<host>\""],
        ),
        Entry::new(
            "root-missing",
            &file::NOT_OPENED,
            &[
                "root certificate file \"<file>\" does not exist",
                "connection to server at \"<host>\" (<address>), port <port> failed: root certificate file \"<file>\" does not exist",
                "Could not open SSL root certificate file <file>",
            ],
        ),
        Entry::new("rights", &file::OPEN_TO_ALL, &["private key file \"<file>\" has group or world access"]),
        Entry::new(
            "client-certificate",
            &purpose::CLIENT_CERTIFICATE_MISSING,
            &["connection requires a valid client certificate"],
        ),
        Entry::new(
            "not-encrypted",
            &connection::NOT_ENCRYPTED,
            &[
                "no pg_hba.conf entry for host \"<peer>\", user \"<user>\", database \"<database>\", no encryption",
                "no pg_hba.conf entry for host \"<peer>\", user \"<user>\", database \"<database>\", SSL off",
            ],
        ),
        Entry::new("server-refuses-tls", &connection::NOT_TLS, &["server does not support SSL, but SSL was required"]),
        Entry::new("not-accepted", &alert::FRAME, &["could not accept SSL connection: <reason>"]).frame(),
    ],
};

/// What Oracle database says.
pub(in crate::explain) static ORACLE: Program = Program {
    name: "Oracle database",
    keys: &["oracle"],
    context: &["oracle", "ora-"],
    carriers: &[],
    weak_carriers: &[],
    source: "the error list of Oracle",
    entries: &[
        Entry::new("ORA-28759", &file::NOT_OPENED, &["ORA-28759"]).certainty(Certainty::Medium),
        Entry::new("ORA-28860", &alert::FRAME, &["ORA-28860"]).frame().certainty(Certainty::Medium),
        Entry::new("ORA-28862", &connection::CLOSED, &["ORA-28862", "ORA-28864"]).certainty(Certainty::Medium),
        Entry::new("ORA-28791", &trust::NOT_VERIFIED, &["ORA-28791"]).frame().certainty(Certainty::Medium),
        Entry::new("ORA-29024", &trust::UNKNOWN_ISSUER, &["ORA-29024"]).certainty(Certainty::Medium),
        Entry::new("ORA-24263", &purpose::WRONG_HOST, &["ORA-24263"]).certainty(Certainty::Medium),
    ],
};

/// What SQL Server says.
pub(in crate::explain) static SQL_SERVER: Program = Program {
    name: "SQL Server",
    keys: &["sqlserver", "mssql", "odbc"],
    context: &["sql server", "odbc", "sqlclient"],
    carriers: &[],
    weak_carriers: &[],
    source: "texts of the drivers of SQL Server",
    entries: &[Entry::new(
        "0x2746",
        &connection::CLOSED,
        &["TCP Provider: Error code 0x2746", "SSL Provider: Error code 0x2746"],
    )
    .certainty(Certainty::Medium)],
};

/// What MySQL and MariaDB says.
pub(in crate::explain) static MYSQL: Program = Program {
    name: "MySQL and MariaDB",
    keys: &["mysql", "mariadb"],
    context: &["mysql", "mariadb"],
    carriers: &[],
    weak_carriers: &[],
    source: "the source of MySQL and MariaDB",
    entries: &[Entry::new("2026", &alert::FRAME, &["ERROR 2026 (HY000): <reason>"]).frame()],
};
