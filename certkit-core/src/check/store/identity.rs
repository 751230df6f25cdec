//! What an OPC UA application shows of itself: whether its private key is there, opens and fits its certificate.

use std::path::{Path, PathBuf};

use super::super::Clause::Opc;
use super::super::case::shown;
use super::super::{Check, Look, Severity, Undetermined};
use super::{Inventory, Sightings};
use crate::cert::Certificate;
use crate::store::reader::name_of;
use crate::store::{Identity, KeyState};
use crate::text::Printable;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&OWN_KEY_MISMATCH, &OWN_KEY_MISSING, &OWN_NAME_TWIN];

/// The private key is not that of the certificate.
pub static OWN_KEY_MISMATCH: Check = Check {
    id: "own-key-mismatch",
    severity: Severity::Error,
    clauses: &[Opc(12, "F.1"), Opc(6, "6.2.2")],
    title: "The private key of an application matches its certificate and can be read",
    why: "The application signs with a key that does not match its certificate: every peer refuses its messages, \
          usually with BadSecurityChecksFailed, which looks like a trust list problem.",
    remedy: "Put the matching key into `own/private` again, or recreate both: `certkit generate opcua -o PKI`. Peers \
             have to trust the new certificate.",
    look: Look::Store { applies: has_certificate, at: mismatches },
};

/// There is no private key for the certificate.
pub static OWN_KEY_MISSING: Check = Check {
    id: "own-key-missing",
    severity: Severity::Warning,
    clauses: &[Opc(12, "F.1")],
    title: "The private key of an application is where its stack looks for it",
    why: "Without its key an application cannot use its certificate: it offers no endpoint with security, or creates a \
          new certificate that no peer trusts.",
    remedy: "Put the key into `own/private` under the name of its certificate (`NAME.pem` for `NAME.der`; node-opcua: \
             `private_key.pem`). If the key is in a Windows store or on a chip, no action is needed.",
    look: Look::Store { applies: has_certificate, at: missing },
};

/// Two certificates of the application bear one name.
pub static OWN_NAME_TWIN: Check = Check {
    id: "own-name-twin",
    severity: Severity::Warning,
    clauses: &[Opc(12, "F.1")],
    title: "An application has one certificate for each name and key type",
    why: "Stacks find their own certificate by its name and take the first match: after a renewal that may be the old \
          one.",
    remedy: "Move the certificate that is no longer used, and its key, out of `own`.",
    look: Look::Store { applies: has_certificate, at: twins },
};

fn has_certificate(inventory: &Inventory) -> bool {
    inventory.identity.as_ref().is_some_and(|it| !it.certificates.is_empty())
}

/// What is the same for certificates of one key, and what is said of one.
fn called(path: &Path, certificate: &Certificate) -> String {
    let name = certificate.subject().short().unwrap_or_default();
    format!("`{}` ({})", shown(&name), Printable(path.to_string_lossy()))
}

fn place(path: &Path) -> Printable<String> {
    Printable(path.to_string_lossy().into_owned())
}

fn fits(state: &KeyState, certificate: &Certificate) -> bool {
    matches!(state, KeyState::Opened(spki) if is_key_of(spki, certificate))
}

/// Whether two SubjectPublicKeyInfo hold one key; RSA and RSA-PSS name the algorithm otherwise.
fn is_key_of(spki: &[u8], certificate: &Certificate) -> bool {
    let Ok(own) = crate::crypto::key::PublicKey::from_spki(spki) else { return false };
    spki == certificate.spki() || certificate.public_key().is_ok_and(|key| key.bits == own.bits)
}

/// The key files of an identity whose names its stack takes for that of a certificate.
fn named<'a>(identity: &'a Identity, certificate: &Path) -> Vec<&'a (PathBuf, KeyState)> {
    let names = identity.key_names(certificate);
    identity.keys.iter().filter(|(path, _)| names.contains(&name_of(path))).collect()
}

fn mismatches(inventory: &Inventory) -> Sightings {
    let Some(identity) = &inventory.identity else { return Vec::new() };
    let mut found: Vec<String> = Vec::new();
    for (path, certificate) in &identity.certificates {
        let named = named(identity, path);
        if named.iter().any(|(_, state)| fits(state, certificate)) {
            continue;
        }
        for (key, state) in named {
            match state {
                KeyState::Opened(_) => found.push(format!(
                    "the key {} does not match the certificate {}",
                    place(key),
                    called(path, certificate)
                )),
                KeyState::Damaged(why) => found.push(format!("{} is not a private key: {why}", place(key))),
                KeyState::Closed(_) => {}
            }
        }
    }
    let is_any = |test: &dyn Fn(&KeyState) -> bool| identity.keys.iter().any(|(_, state)| test(state));
    let fits_any = |state: &KeyState| identity.certificates.iter().any(|(_, it)| fits(state, it));
    let is_open = |state: &KeyState| matches!(state, KeyState::Opened(_));
    let is_closed = |state: &KeyState| matches!(state, KeyState::Closed(_));
    if found.is_empty()
        && is_any(&is_open)
        && !is_any(&fits_any)
        && !is_any(&is_closed)
        && let (Some((path, certificate)), Some((key, _))) = (identity.certificates.first(), identity.keys.first())
    {
        found.push(format!(
            "no private key in {} matches the certificate {}",
            place(key.parent().unwrap_or(key)),
            called(path, certificate)
        ));
    }
    found.dedup();
    found.into_iter().map(|evidence| (0, evidence)).collect()
}

fn missing(inventory: &Inventory) -> Sightings {
    let Some(identity) = &inventory.identity else { return Vec::new() };
    let look = |(path, certificate): &(PathBuf, Certificate)| {
        let names = identity.key_names(path);
        let fitting: Vec<&PathBuf> =
            identity.keys.iter().filter(|(_, state)| fits(state, certificate)).map(|(key, _)| key).collect();
        let wanted = names.iter().map(|name| format!("`{}`", Printable(name))).collect::<Vec<_>>().join(" or ");
        if let Some(key) = fitting.first() {
            let is_named = names.is_empty() || fitting.iter().any(|key| names.contains(&name_of(key)));
            return (!is_named).then(|| {
                format!(
                    "the key of {} is {}, but a stack that uses file names looks for {wanted}",
                    called(path, certificate),
                    place(key)
                )
            });
        }
        // One that cannot be opened here may be it, and of one that is none under its name `own-key-mismatch` tells.
        let is_closed = |(_, state): &(PathBuf, KeyState)| matches!(state, KeyState::Closed(_));
        let is_mismatch = identity.keys.iter().any(|(key, _)| names.contains(&name_of(key)));
        (!is_mismatch && !identity.keys.iter().any(is_closed)).then(|| {
            let wanted = if wanted.is_empty() { String::new() } else { format!(", such as {wanted}") };
            let damaged = identity.keys.iter().find_map(|(key, state)| match state {
                KeyState::Damaged(why) => Some(format!("; {} is none: {why}", place(key))),
                _ => None,
            });
            let damaged = damaged.unwrap_or_default();
            format!("`own/private` has no private key for {}{wanted}{damaged}", called(path, certificate))
        })
    };
    identity.certificates.iter().filter_map(look).map(|evidence| (0, evidence)).collect()
}

fn twins(inventory: &Inventory) -> Sightings {
    let Some(identity) = &inventory.identity else { return Vec::new() };
    let family = |it: &Certificate| it.public_key().map(|key| (key.algorithm(), key.curve())).ok();
    let mut found = Vec::new();
    for (at, (path, one)) in identity.certificates.iter().enumerate() {
        let before = identity.certificates.iter().take(at);
        let twin = before
            .filter(|(_, other)| other != one)
            .find(|(_, other)| other.subject().matches(&one.subject()) && family(other) == family(one));
        if let Some((first, _)) = twin {
            found.push((0, format!("{} has the same name as {}", called(path, one), place(first))));
        }
    }
    found
}

/// What is undetermined about an application's keys.
pub(super) fn undetermined(identity: &Identity) -> Vec<Undetermined> {
    let closed = |(path, state): &(PathBuf, KeyState)| match state {
        KeyState::Closed(why) => Some(Undetermined {
            check: &OWN_KEY_MISMATCH,
            severity: Severity::Info,
            subject: None,
            reason: format!("cannot open the private key {}: {why}", place(path)),
            remedy: Some("Give its password: `--password-file FILE` or `--password-env VAR`."),
            source: None,
        }),
        _ => None,
    };
    identity.keys.iter().filter_map(closed).collect()
}
