//! Which candidates are likely to lead to a good path.

use super::Search;
use crate::crypto::signature::SignatureAlgorithm;
use crate::path::found::Agreement;
use crate::path::pool::Id;

impl Search<'_> {
    /// Judges how unlikely it is that a path through this certificate will do.
    pub(super) fn penalty(&self, id: Option<Id>) -> u32 {
        let entry = self.entry(id);
        let traits = entry.traits();
        let mut penalty = 0u32;
        let mut add = |amount: u32| penalty = penalty.saturating_add(amount);
        if traits.not_before.is_none_or(|start| start > self.moment)
            || traits.not_after.is_none_or(|end| end < self.moment)
        {
            add(100);
        }
        let is_anchor = self.is_anchor(id);
        if id.is_some() && !is_anchor && !traits.may_sign_certificates {
            add(100);
        }
        let digest = entry.certificate.signature_algorithm().ok().as_ref().and_then(SignatureAlgorithm::digest);
        if !is_anchor && digest.is_some_and(|digest| !digest.is_collision_resistant()) {
            add(20);
        }
        // Of two certificates of one trusted CA, the one that is a root is the end that others see, too.
        if is_anchor && !entry.certificate.is_self_issued() {
            add(1);
        }
        penalty
    }

    pub(super) fn agreement(&self, child: Option<Id>, issuer: Id) -> (Agreement, Agreement) {
        let (child, issuer) = (self.entry(child), self.entry(Some(issuer)));
        let (lower, upper) = (child.traits(), issuer.traits());
        let judge = |same: bool| if same { Agreement::Agrees } else { Agreement::Differs };
        let key_identifier = match (&lower.authority_key_identifier, &upper.key_identifier) {
            (Some(wanted), Some(found)) => judge(wanted == found),
            _ => Agreement::Unstated,
        };
        let issuer_and_serial = match &lower.authority_serial {
            Some(serial) => match child.names_issuer_of(&issuer.certificate) {
                Some(same) => judge(same && **serial == *issuer.certificate.serial().as_bytes()),
                None => judge(**serial == *issuer.certificate.serial().as_bytes()),
            },
            None if lower.names_issuer => child.names_issuer_of(&issuer.certificate).map_or(Agreement::Unstated, judge),
            None => Agreement::Unstated,
        };
        (key_identifier, issuer_and_serial)
    }
}
