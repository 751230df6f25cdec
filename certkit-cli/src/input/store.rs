//! Stores that a chain is completed from.

use std::path::Path;

use certkit_core::cert::Certificate;
use certkit_core::chain::{Origin, Supply, Trust};
use certkit_core::source::file::{self, Outcome};
use certkit_core::source::roots;
use certkit_core::text::Printable;

use super::unreadable;
use crate::failure::Failure;

/// Whether the system's and Mozilla's roots are looked at unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefaultTrust {
    /// They are.
    Included,
    /// They are only when they are named.
    Excluded,
}

/// Prefixes of stores that certkit knows by name and does not read.
const UNREAD: &[(&str, &str)] = &[
    ("jks:", "keytool -exportcert -rfc -keystore FILE -alias NAME -file ca.pem"),
    ("p12:", "openssl pkcs12 -in FILE -nokeys -out ca.pem"),
    ("windows:", "certutil -store Root NAME ca.cer"),
];

/// Reads the stores that were named, then those that are looked at unasked.
pub(crate) fn supplies(named: &[String], trust: Trust, default: DefaultTrust) -> Result<Vec<Supply>, Failure> {
    let mut supplies = Vec::new();
    for name in named {
        supplies.push(read(name, trust)?);
    }
    if default == DefaultTrust::Included {
        for origin in [Origin::System, Origin::Mozilla] {
            if supplies.iter().all(|supply| supply.origin != origin) {
                supplies.push(builtin(origin).unwrap_or_else(|(origin, _)| empty(origin)));
            }
        }
    }
    Ok(supplies)
}

fn empty(origin: Origin) -> Supply {
    Supply { origin, trust: Trust::Anchors, certificates: Vec::new() }
}

/// The roots of the system or of Mozilla. A system without roots is no reason to fail unless they were asked for.
fn builtin(origin: Origin) -> Result<Supply, (Origin, roots::RootsError)> {
    let certificates = match origin {
        Origin::System => match roots::system() {
            Ok(found) => decode(found.certificates.iter().map(Vec::as_slice)),
            Err(error) => return Err((origin, error)),
        },
        _ => decode(roots::mozilla()),
    };
    Ok(Supply { origin, trust: Trust::Anchors, certificates })
}

/// Decodes what can be decoded; a store is no place to complain about one member.
fn decode<'a>(ders: impl Iterator<Item = &'a [u8]>) -> Vec<Certificate> {
    ders.filter_map(|der| Certificate::from_der(der).ok()).collect()
}

fn read(name: &str, trust: Trust) -> Result<Supply, Failure> {
    let origin = match name {
        "system" => Some(Origin::System),
        "mozilla" => Some(Origin::Mozilla),
        _ => None,
    };
    if let Some(origin) = origin {
        return builtin(origin).map_err(|(_, error)| Failure::new("the system's roots cannot be read").because(error));
    }
    if let Some((prefix, export)) = UNREAD.iter().find(|(prefix, _)| name.starts_with(prefix)) {
        return Err(Failure::new(format!("`{}`: a store of the kind {prefix} is not read", Printable(name)))
            .hint(format!("export its certificates as PEM and name that file: {export}")));
    }
    let path = Path::new(name.strip_prefix("pem:").unwrap_or(name));
    let mut certificates = Vec::new();
    if path.is_dir() {
        for visited in file::read_folder(path).map_err(unreadable)? {
            match visited.outcome {
                Outcome::Read(contents) => {
                    certificates.extend(decode(contents.certificates().map(|it| it.der.as_ref())));
                }
                Outcome::PassedOver(_) => {}
                Outcome::Failed(error) => return Err(unreadable(error)),
            }
        }
    } else {
        let contents = file::read_file(path).map_err(unreadable)?;
        certificates.extend(decode(contents.certificates().map(|it| it.der.as_ref())));
    }
    if certificates.is_empty() {
        return Err(Failure::new(format!("{} holds no certificate", path.display()))
            .hint("--trust wants a file or folder of certificates, `system` or `mozilla`"));
    }
    Ok(Supply { origin: Origin::Given(name.to_owned()), trust, certificates })
}
