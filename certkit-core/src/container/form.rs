//! The forms in which certificates are written.

use std::path::Path;

/// A form in which certificates are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// PEM, any number of certificates.
    Pem,
    /// DER, certificates one after the other; most readers take only one.
    Der,
    /// A PKCS#7 bundle in DER, any number of certificates.
    Pkcs7,
}

impl Form {
    /// Tells the form that people expect of a file of this name; `None` where they expect none.
    ///
    /// A `.cer` is PEM here ("Base-64 X.509", as the Windows export dialogue calls it).
    pub fn from_extension(path: &Path) -> Option<Form> {
        let extension = path.extension()?.to_str()?;
        let is = |known: &[&str]| known.iter().any(|known| extension.eq_ignore_ascii_case(known));
        if is(&["pem", "crt", "cer"]) {
            Some(Form::Pem)
        } else if is(&["der"]) {
            Some(Form::Der)
        } else if is(&["p7b", "p7c"]) {
            Some(Form::Pkcs7)
        } else {
            None
        }
    }
}
