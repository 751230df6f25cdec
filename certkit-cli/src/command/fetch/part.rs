//! Which part of a chain is written, and in which form.

use certkit_core::container::Form;
use clap::ValueEnum;

/// A part of a chain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Part {
    /// The server's own certificate.
    Leaf,
    /// Everything above it.
    Issuers,
    /// All of it, the server's own first.
    #[default]
    Chain,
    /// The top: what the tech note exports by hand.
    Ca,
}

/// The form of what is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum As {
    /// Base-64 X.509.
    Pem,
    /// The bare bytes; one certificate after the other.
    Der,
    /// PKCS#7.
    P7b,
}

impl From<As> for Form {
    fn from(form: As) -> Form {
        match form {
            As::Pem => Form::Pem,
            As::Der => Form::Der,
            As::P7b => Form::Pkcs7,
        }
    }
}
