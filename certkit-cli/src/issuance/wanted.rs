//! What a new key and its certificate will be, as the command line names it.

use certkit_core::generate::Kind;
use clap::ValueEnum;

use super::authority::Authority;

/// The kinds on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Wanted {
    /// An OPC UA application: server, client or both.
    Opcua,
    /// A TLS server: HTTPS, ThingWorx AlwaysOn, MQTT.
    Https,
    /// A CA: a root, or with --issuer one below another.
    Ca,
    /// A TLS client.
    Client,
}

impl Wanted {
    /// The kind, given whether there is an issuer.
    pub(crate) fn kind(self, issuer: Option<&Authority>) -> Kind {
        match (self, issuer) {
            (Wanted::Opcua, _) => Kind::OpcUa,
            (Wanted::Https, _) => Kind::Https,
            (Wanted::Client, _) => Kind::Client,
            (Wanted::Ca, None) => Kind::Root,
            (Wanted::Ca, Some(_)) => Kind::IssuingAuthority,
        }
    }
}
