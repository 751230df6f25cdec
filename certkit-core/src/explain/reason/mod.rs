//! What lies behind the words: each fault once, whoever tells it and however.

pub mod alert;
pub mod connection;
pub mod file;
pub mod key;
pub mod opcua;
pub mod purpose;
pub mod revocation;
pub mod sent;
pub mod store;
pub mod thingworx;
pub mod time;
pub mod trust;

/// A possible cause, and how to tell it from the others.
#[derive(Debug, PartialEq, Eq)]
pub struct Cause {
    /// What has happened.
    pub what: &'static str,
    /// What shows that it is this one.
    pub tell: &'static str,
}

/// A fault that programs tell in many ways.
///
/// In commands, `HOST:PORT`, `FILE`, `STORE` and `CA` stand for what the reader has.
#[derive(Debug, PartialEq, Eq)]
pub struct Reason {
    /// What it means.
    pub meaning: &'static str,
    /// The causes, in the order in which to ask about them.
    pub causes: &'static [Cause],
    /// What to type to find out.
    pub commands: &'static [&'static str],
    /// What to do about it.
    pub cure: &'static str,
    /// The ids of the findings that certkit has for the same fault.
    pub findings: &'static [&'static str],
}

const fn cause(what: &'static str, tell: &'static str) -> Cause {
    Cause { what, tell }
}

/// Reasons that say that something was refused or broke, and hardly why: a neighbour that says more is the better answer.
pub static GENERAL: &[&Reason] = &[
    &alert::FRAME,
    &alert::ALERT,
    &sent::ALERT,
    &sent::CERTIFICATE,
    &sent::FAULT,
    &alert::HANDSHAKE_FAILURE,
    &alert::BAD_CERTIFICATE,
    &alert::CERTIFICATE_UNKNOWN,
    &alert::INTERNAL_ERROR,
    &alert::PEER_REFUSED,
    &trust::NOT_VERIFIED,
    &connection::CLOSED,
    &connection::GARBLED,
    &opcua::CHECKS_FAILED,
    &opcua::CHANNEL_CLOSED,
    &thingworx::INVALID_CERTIFICATE,
    &thingworx::SOCKET,
    &thingworx::WEBSOCKET,
];
