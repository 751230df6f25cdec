//! Situations of what stands above a holder: CAs that have expired, and what stands above those that are trusted.

use certkit_core::cert::Certificate;
use certkit_core::generate::Kind;
use certkit_core::moment::DAY;

use super::{HOST, Holder, Plant, Situation, authority, certified, template};

impl Plant {
    /// A holder below an issuing CA that has expired, and below a root that has.
    pub(super) fn above_expired(&self) -> Vec<Situation> {
        if self.holder == Holder::Authority {
            return Vec::new();
        }
        let (from, older) = (self.now.plus(-400 * DAY), self.now.plus(-5 * DAY));
        let root = authority(Kind::Root, "Late Root", from, None);
        let issuing = authority(Kind::IssuingAuthority, "Late CA", from, Some(&root));
        // The same keys and names, in certificates that have ended.
        let ended = |kind, name: &str, key, above| {
            certified(key, &template(kind, &format!("CN={name},O=Plant"), from, 390), above)
        };
        let ended_issuing = ended(Kind::IssuingAuthority, "Late CA", &issuing.key, Some(&root));
        let ended_root = ended(Kind::Root, "Late Root", &root.key, None);
        let rows = [
            ("issuer expired", &root.certificate, &ended_issuing),
            ("root expired", &ended_root, &issuing.certificate),
        ];
        let situation = |(name, above, below): (&'static str, &Certificate, &Certificate)| {
            let (leaf, key) = self.leaf_of(&issuing, -1, &[HOST, "127.0.0.1"]);
            Situation {
                name,
                root: above.clone(),
                folder: self.folder.join(name),
                presented: vec![leaf.der().to_vec(), below.der().to_vec()],
                key,
                trust: vec![above.clone()],
                issuers: vec![below.clone()],
                policy: "ECC_nistP256",
                lists: vec![("root.crl", root.list(&[], older, 30)), ("issuing.crl", issuing.list(&[], older, 30))],
            }
        };
        rows.into_iter().map(situation).collect()
    }

    /// Applications that are trusted themselves, or whose issuing CA is: what is above those counts, too.
    pub(super) fn above_trusted(&self) -> Vec<Situation> {
        if self.holder != Holder::Application {
            return Vec::new();
        }
        let (from, older) = (self.now.plus(-400 * DAY), self.now.plus(-5 * DAY));
        let root = authority(Kind::Root, "High Root", from, None);
        let issuing = authority(Kind::IssuingAuthority, "High CA", from, Some(&root));
        let ended = |kind, name: &str, key, above| {
            certified(key, &template(kind, &format!("CN={name},O=Plant"), from, 390), above)
        };
        let ended_issuing = ended(Kind::IssuingAuthority, "High CA", &issuing.key, Some(&root));
        let ended_root = ended(Kind::Root, "High Root", &root.key, None);
        let (leaf, key) = self.leaf_of(&issuing, -1, &[HOST, "127.0.0.1"]);
        let clean = root.list(&[], older, 30);
        let revoking = root.list(&[&issuing.certificate], older, 30);
        let (own, middle, top) = (&leaf, &issuing.certificate, &root.certificate);
        let rows: [(&'static str, &Certificate, &[&Certificate], &Vec<u8>); 9] = [
            ("leaf trusted", own, &[middle, top], &clean),
            ("leaf trusted, issuer expired", own, &[&ended_issuing, top], &clean),
            ("leaf trusted, root expired", own, &[middle, &ended_root], &clean),
            ("leaf trusted, issuer revoked", own, &[middle, top], &revoking),
            ("leaf trusted, issuer missing", own, &[], &clean),
            ("CA trusted", middle, &[top], &clean),
            ("CA trusted, root expired", middle, &[&ended_root], &clean),
            ("CA trusted and revoked", middle, &[top], &revoking),
            ("CA trusted, root missing", middle, &[], &clean),
        ];
        let situation =
            |(name, trusted, above, list): (&'static str, &Certificate, &[&Certificate], &Vec<u8>)| Situation {
                name,
                root: root.certificate.clone(),
                folder: self.folder.join(name),
                presented: vec![leaf.der().to_vec()],
                key: key.clone(),
                trust: vec![trusted.clone()],
                issuers: above.iter().map(|it| (*it).clone()).collect(),
                policy: "ECC_nistP256",
                lists: vec![("root.crl", list.clone()), ("issuing.crl", issuing.list(&[], older, 30))],
            };
        rows.into_iter().map(situation).collect()
    }
}
