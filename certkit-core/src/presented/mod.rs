//! What servers show of themselves beside single certificates: their chain, the connection, their endpoints.
//!
//! Values alone, so that a check can look at them without knowing how they came. Refuses to know the network.

mod chain;
mod connection;
mod server;

pub use chain::{ChainError, ChainProblem, split_chain};
pub use connection::{Doubt, Possession, Version};
pub use server::{
    ApplicationDescription, ApplicationType, EndpointDescription, SecurityMode, TokenKind, UserToken, policy_name,
};

/// The most certificates that are taken from one server.
pub const MAX_CERTIFICATES: usize = 128;
