//! What is demanded of users' certificates besides (OPC 10000-6 section 6.2.3).

use super::super::Clause::{Opc, Rfc5280};
use super::super::Look::Each;
use super::super::rfc5280::authority::listed;
use super::super::{Case, Check, Outcome, Severity, Subject};
use super::is_leaf;
use crate::cert::extension::KeyUsage;

/// The checks of this topic.
pub static CHECKS: &[&Check] = &[&OPCUA_USER_KEY_USAGE];

/// The key of a user may not sign.
pub static OPCUA_USER_KEY_USAGE: Check = Check {
    id: "opcua-user-key-usage",
    severity: Severity::Error,
    clauses: &[Opc(4, "5.7.3"), Opc(6, "6.2.3"), Rfc5280("4.2.1.3")],
    title: "The keyUsage of a user, if present, allows digitalSignature",
    why: "A user proves possession of the key with a signature. Servers refuse a key that may not sign with \
          BadIdentityTokenInvalid or BadIdentityTokenRejected.",
    remedy: "Reissue the user's certificate with `keyUsage = critical, digitalSignature`.",
    look: Each { applies: is_leaf, at: user_key_usage },
};

fn user_key_usage(_: &Case, subject: &Subject) -> Outcome {
    match subject.certificate.extension::<KeyUsage>() {
        Ok(Some(usage)) => Outcome::not_met_if(!usage.contains(KeyUsage::DIGITAL_SIGNATURE), || {
            format!("its keyUsage is {} without digitalSignature", listed(usage))
        }),
        Ok(None) => Outcome::Met,
        Err(malformed) => Outcome::Undetermined(malformed.to_string()),
    }
}
