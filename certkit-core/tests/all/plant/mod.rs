//! A small plant: a root, an issuing CA, an application below it, and lists that a test fills.

use certkit_core::cert::{Certificate, RevocationList};
use certkit_core::generate::{
    AlternativeName, Issuer, KeyPair, KeyType, Kind, Reason, Revocations, Template, Validity,
};
use certkit_core::moment::{DAY, Moment};
use certkit_core::opcua::TrustLists;
use certkit_core::opcua::validation::ListRole;

pub(crate) struct Plant {
    pub(crate) now: Moment,
    pub(crate) root: Certificate,
    pub(crate) issuing: Certificate,
    pub(crate) leaf: Certificate,
    root_list: RevocationList,
    issuing_list: RevocationList,
    revoking_list: RevocationList,
    pub(crate) lists: TrustLists,
}

impl Plant {
    pub(crate) fn new() -> Plant {
        Plant::with_leaf_key(KeyType::P256)
    }

    /// The CAs have keys on P-256 all the same.
    pub(crate) fn with_leaf_key(kind: KeyType) -> Plant {
        let now = Moment::now();
        let keys = [KeyType::P256, KeyType::P256, kind].map(|kind| KeyPair::generate(kind).unwrap());
        let [root_key, issuing_key, leaf_key] = &keys;
        let template = |kind, subject: &str, days| {
            Template::new(kind, subject.parse().unwrap(), Validity::days(now.plus(-DAY), days))
        };
        let root = template(Kind::Root, "CN=Plant Root,O=Plant", 3650)
            .issue(&root_key.public_key().unwrap(), &Issuer::itself(root_key))
            .unwrap();
        let by_root = Issuer::authority(&root, root_key).unwrap();
        let issuing = template(Kind::IssuingAuthority, "CN=Plant OPC UA CA,O=Plant", 1825)
            .issue(&issuing_key.public_key().unwrap(), &by_root)
            .unwrap();
        let by_issuing = Issuer::authority(&issuing, issuing_key).unwrap();
        let leaf = template(Kind::OpcUa, "CN=Pump,O=Plant", 365)
            .alternative_names([AlternativeName::Uri("urn:plc7:Plant:Pump".to_owned()), AlternativeName::host("plc7")])
            .issue(&leaf_key.public_key().unwrap(), &by_issuing)
            .unwrap();
        let until = now.plus(30 * DAY);
        let root_list = Revocations::new(&by_root).unwrap().sign(now, until).unwrap();
        let mut revocations = Revocations::new(&by_issuing).unwrap();
        let issuing_list = revocations.sign(now, until).unwrap();
        revocations.revoke(&leaf, now, Reason::Superseded).unwrap();
        let revoking_list = revocations.sign(now, until).unwrap();
        let lists = TrustLists::new();
        Plant { now, root, issuing, leaf, root_list, issuing_list, revoking_list, lists }
    }

    /// The same certificates with lists of their own.
    pub(crate) fn clone_with(&self, fill: impl FnOnce(&mut Plant)) -> Plant {
        let mut plant = Plant {
            now: self.now,
            root: self.root.clone(),
            issuing: self.issuing.clone(),
            leaf: self.leaf.clone(),
            root_list: self.root_list.clone(),
            issuing_list: self.issuing_list.clone(),
            revoking_list: self.revoking_list.clone(),
            lists: TrustLists::new(),
        };
        fill(&mut plant);
        plant
    }

    /// Both CAs are issuers, without lists.
    pub(crate) fn know_ca(&mut self) {
        self.lists.add(ListRole::Issuers, self.root.clone());
        self.lists.add(ListRole::Issuers, self.issuing.clone());
    }

    /// The root's list lies with the issuers.
    pub(crate) fn list_root(&mut self) {
        self.lists.add_revocation_list(ListRole::Issuers, self.root_list.clone());
    }

    /// The lists of both CAs lie with the issuers; nothing is revoked.
    pub(crate) fn list_both(&mut self) {
        self.list_root();
        self.lists.add_revocation_list(ListRole::Issuers, self.issuing_list.clone());
    }

    /// The list of the issuing CA has the leaf.
    pub(crate) fn revoke_leaf(&mut self) {
        self.lists.add_revocation_list(ListRole::Issuers, self.revoking_list.clone());
    }

    /// The issuing CA is trusted, the root is known, both have lists.
    pub(crate) fn trust_ca(&mut self) {
        self.lists.add(ListRole::Trusted, self.issuing.clone());
        self.lists.add(ListRole::Issuers, self.root.clone());
        self.lists.add_revocation_list(ListRole::Trusted, self.issuing_list.clone());
        self.list_root();
    }

    /// The leaf is trusted, both CAs are known, without lists.
    pub(crate) fn trust_leaf_and_know_ca(&mut self) {
        self.know_ca();
        self.lists.add(ListRole::Trusted, self.leaf.clone());
    }

    /// The leaf is trusted, both CAs are known and have lists.
    pub(crate) fn trust_leaf(&mut self) {
        self.trust_leaf_and_know_ca();
        self.list_both();
    }
}
