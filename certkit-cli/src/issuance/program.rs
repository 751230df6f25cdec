//! The program that a new key and its certificate are for.

use clap::ValueEnum;

use super::Wanted;
use crate::failure::Failure;

/// A program on the command line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Program {
    /// Kepware's OPC UA server (kind opcua): one PFX, keeps blanks in the ApplicationUri.
    Kepware,
    /// Kepware's Configuration API (kind https): one PFX.
    KepwareApi,
    /// The REST server of Kepware's IoT Gateway (kind https): one PFX.
    RestServer,
}

impl Program {
    /// Refuses a kind that the program does not take.
    pub(crate) fn require(self, kind: Wanted) -> Result<(), Failure> {
        let (name, wanted, word) = match self {
            Program::Kepware => ("kepware", Wanted::Opcua, "opcua"),
            Program::KepwareApi => ("kepware-api", Wanted::Https, "https"),
            Program::RestServer => ("rest-server", Wanted::Https, "https"),
        };
        match kind == wanted {
            true => Ok(()),
            false => Err(Failure::new(format!("--for {name} works only with `certkit generate {word}`")).at("--for")),
        }
    }

    /// What to do with the file.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Program::Kepware => {
                "next: in Kepware's OPC UA Configuration Manager, Instance Certificates, Import Certificate, the .pfx \
                 for the server; then Runtime, Reinitialize. Clients that trust the old certificate itself must trust \
                 the new one, or its CA, first"
            }
            Program::KepwareApi => {
                "next: Settings | Configuration API Service, Import Certificate. If it asks for certificate and key \
                 separately, write them with --cert-out and --key-out. Give the CA to the clients of the API, then \
                 switch HTTP off"
            }
            Program::RestServer => {
                "next: the chapter \u{201c}Configuring a Gateway Certificate\u{201d} of the IoT Gateway's manual says where \
                 it goes. Switch Use HTTPS on at the agent, and give the CA to its clients"
            }
        }
    }
}
