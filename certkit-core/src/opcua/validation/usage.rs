//! Step 9: what a certificate may be used for (OPC 10000-6 sections 6.2.2 to 6.2.4).

use super::{CaFlag, Found, Kind, NoteKind, Peer, Revocation, Step, Waiver};
use crate::cert::extension::{ExtendedKeyUsage, KeyUsage};
use crate::cert::{Certificate, Known, Stated};
use crate::crypto::key::KeyKind;
use crate::oid::{self, Oid};
use crate::path::Path;

/// The usages that an application's RSA key needs.
pub(crate) const RSA_USAGE: KeyUsage = KeyUsage::DIGITAL_SIGNATURE
    .union(KeyUsage::NON_REPUDIATION)
    .union(KeyUsage::KEY_ENCIPHERMENT)
    .union(KeyUsage::DATA_ENCIPHERMENT);

/// The usages that a CA needs.
pub(crate) const AUTHORITY_USAGE: KeyUsage = KeyUsage::KEY_CERT_SIGN.union(KeyUsage::CRL_SIGN);

/// Whether a certificate is a CA's for OPC UA: the flag alone may stand on a self-signed application's.
pub(crate) fn is_authority(known: &Known<'_>) -> bool {
    known.is_ca() && known.usage().is_some_and(|usage| usage.contains(AUTHORITY_USAGE))
}

/// Whether the key is one for RSA.
pub(crate) fn has_rsa_key(certificate: &Certificate) -> bool {
    certificate.public_key().is_ok_and(|key| matches!(key.kind, KeyKind::Rsa { .. }))
}

fn waiver<T>(slot: Option<&Stated<T>>) -> Waiver {
    if slot.is_some_and(|stated| stated.critical) { Waiver::Critical } else { Waiver::AsStep }
}

/// What is asked of the certificate under test.
pub(super) fn leaf(path: &Path, known: &[Known<'_>], found: &mut Found<'_>) {
    let (Some(leaf), Some(known)) = (path.certificates.first(), known.first()) else { return };
    authority_flag(path, known, found);
    key_usage(leaf, known, found);
    purposes(leaf, known, found);
}

fn authority_flag(path: &Path, known: &Known<'_>, found: &mut Found<'_>) {
    if !known.is_ca() {
        return;
    }
    let waiver = waiver(known.basic_constraints.as_ref());
    let is_alone = path.certificates.len() == 1 && path.top().is_some_and(Certificate::is_self_issued);
    if !is_alone || is_authority(known) {
        found.object_unless_waived(Step::Usage, 0, Kind::IsAuthority, waiver);
    } else if found.question.revocation == Revocation::Off || found.question.ca_flag == CaFlag::Refused {
        found.object_unless_waived(Step::Usage, 0, Kind::CaFlagRefused, waiver);
    } else {
        found.note(0, NoteKind::CaFlagTolerated);
        let length = known.basic_constraints.as_ref().and_then(|it| it.decoded()).and_then(|it| it.path_length);
        if length != Some(0) {
            found.note(0, NoteKind::CaFlagWithoutLength);
        }
    }
}

fn key_usage(leaf: &Certificate, known: &Known<'_>, found: &mut Found<'_>) {
    let wanted = match found.question.peer {
        Peer::User => KeyUsage::DIGITAL_SIGNATURE,
        _ if has_rsa_key(leaf) => RSA_USAGE,
        _ => KeyUsage::DIGITAL_SIGNATURE,
    };
    let (missing, is_stated) = match known.key_usage.as_ref().map(|stated| stated.value) {
        Some(Ok(usage)) => (wanted.without(usage), true),
        // Step 1 has said so.
        Some(Err(_)) => return,
        // The table of user certificates has no row for keyUsage; without one, every use is allowed.
        None if found.question.peer == Peer::User => return,
        None => (wanted, false),
    };
    if !missing.is_empty() {
        let waiver = waiver(known.key_usage.as_ref());
        found.object_unless_waived(Step::Usage, 0, Kind::KeyUsageMissing { missing, is_stated }, waiver);
    }
}

fn purposes(leaf: &Certificate, known: &Known<'_>, found: &mut Found<'_>) {
    let (any_of, wanted): (&[Oid<'_>], _) = match found.question.peer {
        Peer::Server => (&[oid::SERVER_AUTH], "serverAuth"),
        Peer::Client => (&[oid::CLIENT_AUTH], "clientAuth"),
        Peer::Application => (&[oid::SERVER_AUTH, oid::CLIENT_AUTH], "serverAuth or clientAuth"),
        Peer::User => return,
    };
    let is_stated = match known.extended_key_usage.as_ref().map(Stated::decoded) {
        Some(Some(purposes)) if allows_any(purposes, any_of) => return,
        Some(Some(_)) => true,
        // Step 1 has said so.
        Some(None) => return,
        // With ECC it may be left out.
        None if !has_rsa_key(leaf) => return,
        None => false,
    };
    let waiver = waiver(known.extended_key_usage.as_ref());
    found.object_unless_waived(Step::Usage, 0, Kind::PurposeMissing { wanted, is_stated }, waiver);
}

fn allows_any(purposes: &ExtendedKeyUsage<'_>, any_of: &[Oid<'_>]) -> bool {
    any_of.iter().any(|purpose| purposes.allows(*purpose))
}

/// What is asked of the issuers.
pub(super) fn issuers(known: &[Known<'_>], found: &mut Found<'_>) {
    for (position, known) in known.iter().enumerate().skip(1) {
        if !known.is_ca() {
            let waiver = waiver(known.basic_constraints.as_ref());
            found.object_unless_waived(Step::Usage, position, Kind::NotAnAuthority, waiver);
        }
        let (missing, is_stated) = match known.key_usage.as_ref().map(|stated| stated.value) {
            Some(Ok(usage)) => (AUTHORITY_USAGE.without(usage), true),
            Some(Err(_)) => continue,
            None => (AUTHORITY_USAGE, false),
        };
        if !missing.is_empty() {
            let waiver = waiver(known.key_usage.as_ref());
            let kind = Kind::AuthorityUsageMissing { missing, is_stated };
            found.object_unless_waived(Step::Usage, position, kind, waiver);
        }
    }
}
