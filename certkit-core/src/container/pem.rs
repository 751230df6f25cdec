//! Writes PEM; [`read`](super::read) and [`Blocks`](super::Blocks) read it.

use ::pem::{EncodeConfig, LineEnding, Pem};

/// Writes one block (RFC 7468 section 2): lines of 64 characters, each ended by LF.
///
/// The text of a private key is as secret as the key; whoever asks for it wipes it.
pub fn encode(label: &str, der: &[u8]) -> String {
    ::pem::encode_config(&Pem::new(label, der), EncodeConfig::new().set_line_ending(LineEnding::LF))
}
