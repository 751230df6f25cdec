//! Names: whether a certificate speaks for a host, and whether a name lies in a subtree.
//!
//! Knows the syntax of host names, addresses, mailboxes and URIs, and nothing of paths.

pub mod dns;
pub(crate) mod go;
mod host;
pub(crate) mod java;
mod subtree;

pub use host::{CommonName, Peer, PeerError, PeerRules, peer_matches};
pub use subtree::{Fit, LeadingPeriod, fit};
pub(super) use subtree::{is_mailbox, subtree_is_sound};
