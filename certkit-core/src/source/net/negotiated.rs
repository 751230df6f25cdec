//! What client and server agreed on.

use crate::presented::{Cipher, Version};

/// Version and cipher suite of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Negotiated {
    /// The protocol version.
    pub version: Version,
    /// The cipher suite.
    pub cipher: Cipher,
}
