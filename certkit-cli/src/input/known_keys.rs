//! Lists of keys whose private half is public.

use std::path::PathBuf;

use certkit_core::crypto::weak::KnownKeys;

use super::unreadable;
use crate::failure::Failure;
use crate::hosted;

/// The variable that names a list where no option does.
const VARIABLE: &str = "CERTKIT_WEAK_KEYS";

// Lists of keys whose private half is public.
#[derive(clap::Args, Debug)]
pub(crate) struct KnownKeysArgs {
    /// A list of public keys with a known private key: Debian's openssl-blacklist, the blocklist.dat of badkeys, or a
    /// SHA-256 of a public key (SPKI) on each line. Also from the variable CERTKIT_WEAK_KEYS.
    #[arg(long, value_name = "FILE")]
    weak_keys: Vec<PathBuf>,
}

impl KnownKeysArgs {
    /// Reads the lists; `None` where none is named.
    pub(crate) fn known(&self) -> Result<Option<KnownKeys>, Failure> {
        let named = &self.weak_keys;
        let by_variable = std::env::var_os(VARIABLE).filter(|it| named.is_empty() && !it.is_empty()).map(PathBuf::from);
        let mut known = None;
        for path in named.iter().chain(&by_variable) {
            let bytes = hosted::read_bytes(path).map_err(unreadable)?.to_vec();
            known.get_or_insert_with(KnownKeys::default).add(bytes).map_err(|error| {
                Failure::new(format!("{} is not a list of known keys", path.display())).at(path.display()).because(error).hint(
                    "--weak-keys takes a list of openssl-blacklist, the blocklist.dat of badkeys, or a SHA-256 of a public \
                     key (SPKI) on each line",
                )
            })?;
        }
        Ok(known)
    }
}
