//! What servers show of themselves beside single certificates: their chain, the connection, their endpoints.
//!
//! Values alone, so that a check can look at them without knowing how they came. Refuses to know the network.

mod alert;
mod answer;
mod chain;
mod cipher;
mod connection;
mod endpoint;
mod host;
mod posture;
mod server;
mod suites;
mod target;

pub use alert::Alert;
pub use answer::{Cors, HttpAnswer, MqttAnswer, ORIGIN, Plain, Web};
pub use chain::{ChainError, ChainProblem, split_chain};
pub use cipher::Cipher;
pub use connection::{Doubt, Possession, Version};
pub use endpoint::{Endpoint, EndpointError, Scheme};
#[cfg(feature = "net")]
pub(crate) use host::split_authority;
pub use host::{AuthorityError, Host, HostPort};
pub use posture::{Posture, Probe, Sent, Undetermined};
pub use server::{
    ApplicationDescription, ApplicationType, EndpointDescription, SecurityMode, TokenKind, UserToken, policy_name,
};
#[cfg(feature = "net")]
pub(crate) use suites::AEAD;
pub use suites::Weakness;
pub use target::{Target, TargetError};

/// The most certificates that are taken from one server.
pub const MAX_CERTIFICATES: usize = 128;
