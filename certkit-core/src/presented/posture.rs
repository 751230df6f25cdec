//! What a port lets anybody do who knows no password: which TLS it accepts, what it says in the clear, whom it
//! lets read its answers.
//!
//! Facts alone, which the probes of `source` gather; [`check::posture`](crate::check::posture) judges them.

use std::fmt;
use std::net::SocketAddr;

use super::{Cipher, HostPort, MqttAnswer, Plain, Target, Version, Weakness, Web};

/// A probe, which can be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Probe {
    /// One hello for each protocol version that may be accepted: 2 to 5 connections.
    Versions,
    /// Hellos that offer weak cipher suites alone: 2 to 10 connections.
    Suites,
    /// A request without TLS on the port itself: 1 connection.
    Plain,
    /// The same on the port where servers of this kind speak without TLS (443 and 80, 57512 and 57412, …): 1 connection.
    PlainPort,
    /// A request from a web page elsewhere, and the question before one: 1 or 2 connections.
    Cors,
    /// Whether browsers are told to come back over TLS only: answered by the request of [`Probe::Cors`], else 1 connection.
    Hsts,
    /// An MQTT session without a user name: 1 connection.
    Mqtt,
    /// GetEndpoints of the OPC UA servers of a host of Kepware: 2 connections to each.
    Ua,
    /// The certificates of the other ports of a host of Kepware: 1 connection to each.
    Certificate,
}

impl Probe {
    /// All of them, in the order in which they are done.
    pub const ALL: [Probe; 9] = [
        Probe::Versions,
        Probe::Suites,
        Probe::Plain,
        Probe::PlainPort,
        Probe::Cors,
        Probe::Hsts,
        Probe::Mqtt,
        Probe::Ua,
        Probe::Certificate,
    ];

    /// Its word.
    pub fn name(self) -> &'static str {
        match self {
            Probe::Versions => "versions",
            Probe::Suites => "suites",
            Probe::Plain => "plain",
            Probe::PlainPort => "plain-port",
            Probe::Cors => "cors",
            Probe::Hsts => "hsts",
            Probe::Mqtt => "mqtt",
            Probe::Ua => "ua",
            Probe::Certificate => "certificate",
        }
    }
}

impl fmt::Display for Probe {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a probe could not find out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undetermined {
    /// The probe.
    pub probe: Probe,
    /// Why not, in one sentence. Strangers' text in it is escaped.
    pub reason: String,
}

/// What was sent in one connection, and what came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// What it was for.
    pub probe: Probe,
    /// The host and port that it was sent to.
    pub to: HostPort,
    /// What was sent, in words.
    pub what: String,
    /// What came back, in words. Strangers' text in it is escaped.
    pub answer: String,
}

/// What a port showed of itself. What is `None` was not asked, means nothing there, or stands in `untold`.
#[derive(Clone, Debug)]
pub struct Posture {
    /// What was asked.
    pub target: Target,
    /// The address that was connected to.
    pub peer: SocketAddr,
    /// The protocol versions that it accepts, oldest first; none where it does not speak TLS.
    pub versions: Option<Vec<Version>>,
    /// Suites that it chose where nothing else was offered: at least one for each [`Weakness`] that it has.
    pub suites: Option<Vec<Cipher>>,
    /// Whether it accepts a suite with authenticated encryption (AES-GCM, ChaCha20-Poly1305, AES-CCM) in any version.
    pub aead: Option<bool>,
    /// What it answers without TLS.
    pub plain: Option<Plain>,
    /// What the port beside it answers without TLS.
    pub plain_port: Option<(HostPort, Plain)>,
    /// What a page of it says to browsers.
    pub web: Option<Web>,
    /// What it answers to an MQTT session without a user name.
    pub mqtt: Option<MqttAnswer>,
    /// What could not be found out, though it was asked.
    pub undetermined: Vec<Undetermined>,
    /// Everything that was sent, in order.
    pub sent: Vec<Sent>,
    /// What was not to be asked.
    pub left_out: Vec<Probe>,
}

impl Posture {
    /// Whether the port speaks TLS, as far as it was seen.
    pub fn speaks_tls(&self) -> bool {
        let accepts = self.versions.as_ref().is_some_and(|it| !it.is_empty());
        let is_suited = self.suites.as_ref().is_some_and(|it| !it.is_empty()) || self.aead == Some(true);
        accepts || is_suited || self.web.as_ref().is_some_and(|it| it.is_over_tls)
    }

    /// Whether the port answers without TLS what it would with it: not that TLS is missing, and not the way there.
    pub fn answers_plainly(&self) -> bool {
        self.plain.as_ref().is_some_and(|it| it.is_served(self.speaks_tls()))
    }

    /// Whether anything was learned of the port itself.
    pub fn is_telling(&self) -> bool {
        self.speaks_tls() || matches!(self.plain, Some(Plain::Http(_) | Plain::Mqtt(_)))
    }

    /// The suite by which a weakness was seen.
    pub fn has(&self, weakness: Weakness) -> Option<Cipher> {
        self.suites.as_ref()?.iter().copied().find(|cipher| weakness.is_of(*cipher))
    }

    /// Why a probe found nothing out.
    pub fn why_undetermined(&self, probe: Probe) -> Option<&str> {
        self.undetermined.iter().find(|it| it.probe == probe).map(|it| it.reason.as_str())
    }
}
