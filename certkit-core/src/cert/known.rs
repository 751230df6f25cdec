//! All extensions of a certificate that certkit understands, decoded in one walk.

use super::extension::{
    AuthorityInfoAccess, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, CrlDistributionPoints, Decode,
    ExtendedKeyUsage, Extension, Extensions, FreshestCrl, InhibitAnyPolicy, IssuerAltName, KeyUsage, NameConstraints,
    PolicyConstraints, PolicyMappings, SubjectAltName, SubjectKeyIdentifier,
};
use super::{Certificate, Malformed};
use crate::oid::{self, Oid};

/// An extension that is there: what it says, or why that cannot be decoded.
#[derive(Clone, Copy, Debug)]
pub struct Stated<T> {
    /// Whether it is marked critical.
    pub critical: bool,
    /// Its value.
    pub value: Result<T, Malformed>,
}

impl<T> Stated<T> {
    /// The value where it can be decoded.
    pub fn decoded(&self) -> Option<&T> {
        self.value.as_ref().ok()
    }
}

/// The extensions that certkit understands. Of a kind that occurs twice, the first counts.
#[derive(Clone, Debug, Default)]
pub struct Known<'a> {
    /// authorityKeyIdentifier.
    pub authority_key_identifier: Option<Stated<AuthorityKeyIdentifier<'a>>>,
    /// subjectKeyIdentifier.
    pub subject_key_identifier: Option<Stated<SubjectKeyIdentifier<'a>>>,
    /// keyUsage.
    pub key_usage: Option<Stated<KeyUsage>>,
    /// certificatePolicies.
    pub certificate_policies: Option<Stated<CertificatePolicies<'a>>>,
    /// policyMappings.
    pub policy_mappings: Option<Stated<PolicyMappings<'a>>>,
    /// subjectAltName.
    pub subject_alt_name: Option<Stated<SubjectAltName<'a>>>,
    /// issuerAltName.
    pub issuer_alt_name: Option<Stated<IssuerAltName<'a>>>,
    /// basicConstraints.
    pub basic_constraints: Option<Stated<BasicConstraints>>,
    /// nameConstraints.
    pub name_constraints: Option<Stated<NameConstraints<'a>>>,
    /// policyConstraints.
    pub policy_constraints: Option<Stated<PolicyConstraints>>,
    /// extKeyUsage.
    pub extended_key_usage: Option<Stated<ExtendedKeyUsage<'a>>>,
    /// cRLDistributionPoints.
    pub crl_distribution_points: Option<Stated<CrlDistributionPoints<'a>>>,
    /// inhibitAnyPolicy.
    pub inhibit_any_policy: Option<Stated<InhibitAnyPolicy>>,
    /// freshestCRL.
    pub freshest_crl: Option<Stated<FreshestCrl<'a>>>,
    /// authorityInfoAccess.
    pub authority_info_access: Option<Stated<AuthorityInfoAccess<'a>>>,
    /// Critical extensions of other kinds.
    pub unknown_critical: Vec<Oid<'a>>,
    /// A kind that occurs twice.
    pub duplicate: Option<Oid<'a>>,
}

/// Fills a slot; says whether it was filled before.
fn state<'a, T: Decode<'a>>(slot: &mut Option<Stated<T>>, extension: &Extension<'a>) -> bool {
    let is_second = slot.is_some();
    if !is_second {
        *slot = Some(Stated { critical: extension.critical, value: extension.decode() });
    }
    is_second
}

impl<'a> Known<'a> {
    /// Decodes the extensions of a certificate. Costs about 300 ns.
    pub fn of(certificate: &'a Certificate) -> Known<'a> {
        Known::from_extensions(certificate.extensions())
    }

    /// Decodes the extensions of a list.
    pub fn from_extensions(extensions: Extensions<'a>) -> Known<'a> {
        let mut known = Known::default();
        let mut others = 0usize;
        for extension in extensions.iter() {
            let it = &extension;
            let is_second = match extension.oid {
                oid::AUTHORITY_KEY_IDENTIFIER => state(&mut known.authority_key_identifier, it),
                oid::SUBJECT_KEY_IDENTIFIER => state(&mut known.subject_key_identifier, it),
                oid::KEY_USAGE => state(&mut known.key_usage, it),
                oid::CERTIFICATE_POLICIES => state(&mut known.certificate_policies, it),
                oid::POLICY_MAPPINGS => state(&mut known.policy_mappings, it),
                oid::SUBJECT_ALT_NAME => state(&mut known.subject_alt_name, it),
                oid::ISSUER_ALT_NAME => state(&mut known.issuer_alt_name, it),
                oid::BASIC_CONSTRAINTS => state(&mut known.basic_constraints, it),
                oid::NAME_CONSTRAINTS => state(&mut known.name_constraints, it),
                oid::POLICY_CONSTRAINTS => state(&mut known.policy_constraints, it),
                oid::EXTENDED_KEY_USAGE => state(&mut known.extended_key_usage, it),
                oid::CRL_DISTRIBUTION_POINTS => state(&mut known.crl_distribution_points, it),
                oid::INHIBIT_ANY_POLICY => state(&mut known.inhibit_any_policy, it),
                oid::FRESHEST_CRL => state(&mut known.freshest_crl, it),
                oid::AUTHORITY_INFO_ACCESS => state(&mut known.authority_info_access, it),
                other => {
                    others = others.saturating_add(1);
                    if extension.critical {
                        known.unknown_critical.push(other);
                    }
                    false
                }
            };
            if is_second {
                known.duplicate = Some(extension.oid);
            }
        }
        if others > 1 && known.duplicate.is_none() {
            known.duplicate = extensions.duplicate();
        }
        known
    }

    /// Says whether basicConstraints declare a CA.
    pub fn is_ca(&self) -> bool {
        self.basic_constraints.as_ref().and_then(Stated::decoded).is_some_and(|constraints| constraints.ca)
    }

    /// The key usage where it is there and can be decoded.
    pub fn usage(&self) -> Option<KeyUsage> {
        self.key_usage.as_ref().and_then(Stated::decoded).copied()
    }
}
