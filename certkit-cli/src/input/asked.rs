//! What a server wants to know of its clients: whether it asks for a certificate, and of which CAs.

use certkit_core::cert::{Certificate, Name};
use certkit_core::source::{ClientCertificate, ClientIdentity};
use certkit_core::text::{Hex, Printable};
use schemars::JsonSchema;
use serde::Serialize;

use super::Shown;

/// What a server wants to know of its clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub(crate) struct Asked {
    /// `not_asked`, `asked`, `demanded`, `refused` or `untold`.
    pub(crate) state: &'static str,
    /// The CAs whose clients the server says it accepts, RFC 4514; empty where it names none.
    pub(crate) accepted_issuers: Vec<String>,
    /// Whether one of these has issued the certificate of --client-cert; null without either.
    pub(crate) is_listed: Option<bool>,
    /// Which of several files of --client-cert this is about; null where there were not several.
    pub(crate) shown: Option<String>,
}

impl Asked {
    /// Describes what a server asked, and what it was shown.
    pub(crate) fn new(asked: &ClientCertificate, shown: &Shown) -> Asked {
        let name = |der: &Vec<u8>| Name::from_der(der).map_or_else(|_| Hex(der).to_string(), |name| name.to_string());
        Asked {
            state: match asked {
                ClientCertificate::NotAsked => "not_asked",
                ClientCertificate::Asked { .. } => "asked",
                ClientCertificate::Demanded { .. } => "demanded",
                ClientCertificate::Refused { .. } => "refused",
                ClientCertificate::Undetermined => "untold",
            },
            accepted_issuers: asked.issuers().iter().map(name).collect(),
            is_listed: shown.own.as_ref().and_then(|own| is_listed(asked, own)),
            shown: shown.name.clone(),
        }
    }

    /// Whether it asked.
    pub(crate) fn is_asked(&self) -> bool {
        !["not_asked", "untold"].contains(&self.state)
    }

    /// The CAs in lines for people, the first few of many; nothing where none is named.
    pub(crate) fn lines(&self) -> Vec<String> {
        const FEW: usize = 10;
        let shown = self.accepted_issuers.iter().take(FEW).map(|name| Printable(name).to_string());
        let more = self.accepted_issuers.len().saturating_sub(FEW);
        let more = (more > 0).then(|| format!("and {more} more (--json lists them)"));
        let fits = self.is_listed.map(|is_listed| {
            let who = if is_listed { "one" } else { "none" };
            match &self.shown {
                Some(name) => format!("{who} of them issued {}", Printable(name)),
                None => format!("{who} of them issued the certificate of --client-cert"),
            }
        });
        shown.chain(more).chain(fits).collect()
    }
}

/// Whether a CA that the server names has issued what it is shown; `None` where it names none.
pub(super) fn is_listed(asked: &ClientCertificate, own: &ClientIdentity) -> Option<bool> {
    let chain: Vec<Certificate> = own.chain.iter().filter_map(|der| Certificate::from_der(der).ok()).collect();
    asked.is_listed(&chain)
}
