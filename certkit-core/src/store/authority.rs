//! The names in the folder of a small CA, as `certkit generate ca` makes it.

use std::path::Path;

/// The certificate of the CA.
pub const CERTIFICATE: &str = "ca.pem";
/// Its private key.
pub const KEY: &str = "ca-key.pem";
/// Everything that it has issued.
pub const INDEX: &str = "index.pem";

/// Says whether a file is the index of a CA: what that has issued is trusted by its word, which it may have taken back, and is
/// no anchor.
pub fn is_index(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name == INDEX) && path.with_file_name(CERTIFICATE).is_file()
}
