//! The TOML of an inventory, with all that its values become, and the suggestions for what is misspelt.
//!
//! The command is no library: its modules are built into this target, and the little that they ask of others is here.

#![no_main]
#![allow(dead_code, reason = "of the command's modules only what reads an inventory is called")]

#[path = "../../certkit-cli/src/command/expiry/config/mod.rs"]
mod config;
#[path = "../../certkit-cli/src/command/expiry/sources.rs"]
mod sources;

mod failure {
    use std::error::Error;

    /// Says why an inventory cannot be used.
    #[derive(Debug)]
    pub(crate) struct Failure(String);

    impl Failure {
        pub(crate) fn new(message: impl Into<String>) -> Failure {
            Failure(message.into())
        }

        pub(crate) fn because(self, error: impl Error) -> Failure {
            Failure(format!("{}: {error}", self.0))
        }

        pub(crate) fn in_one_line(&self) -> String {
            self.0.clone()
        }

        pub(crate) fn hint(self, hint: impl Into<String>) -> Failure {
            Failure(self.0 + &hint.into())
        }
    }
}

mod input {
    use std::path::Path;

    use certkit_core::source::ClientIdentity;
    use zeroize::Zeroizing;

    use crate::failure::Failure;

    pub(crate) type Secret = Zeroizing<Vec<u8>>;

    pub(crate) fn bad_endpoint(text: &str, error: impl std::error::Error) -> Failure {
        Failure::new(text).because(error)
    }

    pub(crate) fn without_prefix(path: &Path) -> &Path {
        path
    }

    /// No file and no variable is read here.
    pub(crate) fn named(_: Option<&Path>, _: Option<&str>) -> Result<Option<Secret>, Failure> {
        Ok(None)
    }

    /// There is no certificate, either.
    pub(crate) fn client_identity(
        certificate: &Path,
        _: &Path,
        _: Option<&Secret>,
        _: &str,
    ) -> Result<ClientIdentity, Failure> {
        Err(Failure::new(certificate.display().to_string()))
    }
}

use std::path::Path;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(read) = config::parse(Path::new("nowhere/plant.toml"), text) else { return };
    let _ = sources::watches(&[], Some(&read), sources::Given::default(), None).is_ok();
});
