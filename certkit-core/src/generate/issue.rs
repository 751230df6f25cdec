//! Signs a template: the step from what shall be said to a certificate.

use der::asn1::{BitStringRef, UintRef};

use super::extension;
use super::read_back::{self, Wanted, WantedByIssuer};
use super::structure::{Extension, Signed, TbsCertificate, ValidityTimes};
use super::{AlternativeName, Constraints, Error, KeyPair, Names, SigningAlgorithm, Template};
use crate::asn1;
use crate::asn1::typed::{NotWritten, encode, raw};
use crate::cert::Certificate;
use crate::cert::extension::{BasicConstraints, KeyUsage, SubjectKeyIdentifier};
use crate::crypto::key::{Curve, KeyKind, PublicKey, RsaPadding};
use crate::crypto::{digest, random};
use crate::oid::{self, Oid};

/// Who signs: a CA with its certificate, or the subject itself.
#[derive(Debug)]
pub struct Issuer<'a> {
    certificate: Option<&'a Certificate>,
    key: &'a KeyPair,
    algorithm: SigningAlgorithm,
}

impl<'a> Issuer<'a> {
    /// The subject itself, for a certificate that is self-signed.
    pub fn itself(key: &'a KeyPair) -> Issuer<'a> {
        Issuer { certificate: None, key, algorithm: key.usual_algorithm() }
    }

    /// A CA. Fails where the certificate is no CA's, may not sign certificates or has another key.
    pub fn authority(certificate: &'a Certificate, key: &'a KeyPair) -> Result<Issuer<'a>, Error> {
        let name = || certificate.subject().to_string();
        if !certificate.is_ca() {
            return Err(Error::NotAuthority { issuer: name() });
        }
        let usage = certificate.extension::<KeyUsage>()?;
        if usage.is_some_and(|usage| !usage.contains(KeyUsage::KEY_CERT_SIGN)) {
            return Err(Error::IssuerUsage { issuer: name(), usage: "keyCertSign" });
        }
        let (own, certified) = (key.public_key()?, certificate.public_key()?);
        if own.kind != certified.kind || own.bits != certified.bits {
            return Err(Error::KeyMismatch { key: own.to_string(), issuer: name() });
        }
        Ok(Issuer { certificate: Some(certificate), key, algorithm: key.usual_algorithm() })
    }

    /// The CA's certificate; none where the subject signs itself.
    pub fn certificate(&self) -> Option<&'a Certificate> {
        self.certificate
    }

    /// The key that signs.
    pub fn key(&self) -> &'a KeyPair {
        self.key
    }

    /// The algorithm that it signs with.
    pub fn algorithm(&self) -> SigningAlgorithm {
        self.algorithm
    }

    /// Signs with this algorithm and not with the one that is usual for the key.
    #[must_use]
    pub fn signing_with(self, algorithm: SigningAlgorithm) -> Issuer<'a> {
        Issuer { algorithm, ..self }
    }

    /// The identifier of the issuer's key as its own certificate gives it, else a digest of the key.
    pub(super) fn key_identifier(&self) -> Result<Vec<u8>, Error> {
        if let Some(certificate) = self.certificate
            && let Some(SubjectKeyIdentifier(identifier)) = certificate.extension()?
        {
            return Ok(identifier.to_vec());
        }
        Ok(self.key.key_identifier()?.to_vec())
    }

    /// Signs `signed` and puts algorithm and signature beside it; what comes out is DER.
    pub(super) fn seal(&self, signed: &[u8]) -> Result<Vec<u8>, Error> {
        let signature = self.key.sign(self.algorithm, signed)?;
        let signature = BitStringRef::from_bytes(&signature).map_err(NotWritten::from)?;
        let sealed = encode(&Signed { content: raw(signed)?, algorithm: self.algorithm.structure(), signature })?;
        match asn1::first_deviation(&sealed) {
            Some(deviation) => Err(Error::NotDer(deviation)),
            None => Ok(sealed),
        }
    }
}

impl Template {
    /// Makes the certificate of `subject_key`, with a random serial number of 16 bytes.
    ///
    /// The validity is cut to the issuer's; everything else is as the template says, or
    /// an error. The result has been read back: it is DER, its signature verifies, and another
    /// reader finds in every field what was asked. Costs one signature and one verification.
    pub fn issue(&self, subject_key: &PublicKey<'_>, issuer: &Issuer<'_>) -> Result<Certificate, Error> {
        self.validate()?;
        require_fit(subject_key)?;
        let own = issuer.key.public_key()?;
        let (issuer_name, validity) = match issuer.certificate {
            Some(certificate) => {
                self.require_below(certificate)?;
                (certificate.subject().der(), self.validity.within(certificate)?)
            }
            None if own.bits == subject_key.bits && own.kind == subject_key.kind => (self.subject.der(), self.validity),
            None => {
                return Err(Error::KeyMismatch { key: own.to_string(), issuer: self.subject.name().to_string() });
            }
        };
        let further = match issuer.certificate {
            Some(_) => &[],
            None => self.kind.form().usage_of_self_signed,
        };
        let wanted = self.wanted(subject_key, further, issuer.algorithm);
        let by_issuer = WantedByIssuer {
            serial: &serial()?,
            issuer: issuer_name,
            validity,
            subject_key_id: &digest::sha1(subject_key.bits),
            authority_key_id: &issuer.key_identifier()?,
        };
        let der = issuer.seal(&self.signed_part(&wanted, &by_issuer)?)?;
        let certificate = Certificate::from_der(&der)?;
        certificate.verify_signature(&own).map_err(Error::NotVerified)?;
        read_back::certificate(&der, &wanted, &by_issuer)?;
        Ok(certificate)
    }

    /// Writes the TBSCertificate.
    pub(super) fn signed_part(&self, wanted: &Wanted<'_>, by_issuer: &WantedByIssuer<'_>) -> Result<Vec<u8>, Error> {
        let (first, last) = by_issuer.validity.times()?;
        Ok(encode(&TbsCertificate {
            version: 2,
            serial: UintRef::new(by_issuer.serial).map_err(NotWritten::from)?,
            signature: wanted.algorithm.structure(),
            issuer: raw(by_issuer.issuer)?,
            validity: ValidityTimes { not_before: first.element()?, not_after: last.element()? },
            subject: raw(self.subject.der())?,
            public_key: raw(wanted.spki)?,
            extensions: self.extensions(wanted, by_issuer)?,
        })?)
    }

    /// Says whether the issuer may have such a certificate below it.
    fn require_below(&self, issuer: &Certificate) -> Result<(), Error> {
        let Constraints::Authority { path_length } = self.constraints else {
            if self.subject.name().matches(&issuer.subject()) {
                return Err(Error::SubjectIsIssuer { subject: self.subject.name().to_string() });
            }
            return Ok(());
        };
        let limit = issuer.extension::<BasicConstraints>()?.and_then(|constraints| constraints.path_length);
        match limit {
            Some(allowed) if path_length.unwrap_or(0) >= allowed => {
                Err(Error::PathLength { issuer: issuer.subject().to_string(), allowed })
            }
            _ => Ok(()),
        }
    }

    /// What is to be said of a key, and by which algorithm; `further` is what it may be used for besides.
    pub(super) fn wanted<'a>(
        &'a self,
        key: &PublicKey<'a>,
        further: &[KeyUsage],
        algorithm: SigningAlgorithm,
    ) -> Wanted<'a> {
        let kept = self.kept.usage.map(|usage| without_unfit(usage, key));
        let usage = self.key_usage(key).iter().chain(further).chain(&kept).copied().reduce(KeyUsage::union);
        Wanted { template: self, spki: key.spki, usage, algorithm }
    }

    fn extensions(
        &self,
        wanted: &Wanted<'_>,
        by_issuer: &WantedByIssuer<'_>,
    ) -> Result<Vec<Extension<'static>>, Error> {
        let mut list = self.subject_extensions(wanted.usage)?;
        list.push(extension::subject_key_identifier(by_issuer.subject_key_id)?);
        list.push(extension::authority_key_identifier(by_issuer.authority_key_id)?);
        if !self.crl_uris.is_empty() {
            list.push(extension::crl_distribution_points(&self.crl_uris)?);
        }
        if !self.ocsp_uris.is_empty() || !self.issuer_uris.is_empty() {
            list.push(extension::authority_info_access(&self.ocsp_uris, &self.issuer_uris)?);
        }
        for old in self.kept.extensions.iter().filter(|it| !OF_SUBJECT.contains(&it.oid)) {
            list.push(extension::kept(old)?);
        }
        Ok(list)
    }

    /// The extensions that do not depend on who signs: those that a request asks for, too.
    pub(super) fn subject_extensions(&self, usage: Option<KeyUsage>) -> Result<Vec<Extension<'static>>, Error> {
        let mut list = vec![extension::basic_constraints(self.constraints)?];
        if let Some(usage) = usage {
            list.push(extension::key_usage(usage)?);
        }
        if let Some(old) = self.kept_extension(oid::EXTENDED_KEY_USAGE) {
            list.push(extension::kept(old)?);
        } else if !self.purposes.is_empty() {
            list.push(extension::extended_key_usage(&self.purposes)?);
        }
        if let Some(old) = self.kept_extension(oid::SUBJECT_ALT_NAME) {
            list.push(extension::kept(old)?);
        } else if !self.alternative_names.is_empty() {
            // RFC 5280 section 4.1.2.6: without a subject the alternative names are all there is.
            list.push(extension::subject_alt_name(&self.ordered_names(), self.subject.is_empty())?);
        }
        Ok(list)
    }

    /// The alternative names in the order in which they are written.
    pub(super) fn ordered_names(&self) -> Vec<&AlternativeName> {
        let mut names: Vec<&AlternativeName> = self.alternative_names.iter().collect();
        if self.kind.form().names == Names::Application {
            // Some stacks compare the first URI only, and look for it first.
            names.sort_by_key(|name| !name.is_uri());
        }
        names
    }

    /// What a key of this family may be used for.
    pub(super) fn key_usage(&self, subject_key: &PublicKey<'_>) -> &'static [KeyUsage] {
        match subject_key.kind {
            KeyKind::Rsa { .. } => self.kind.form().usage_of_rsa,
            _ => self.kind.form().usage_of_others,
        }
    }
}

/// The extensions that are kept where the subject's own stand, which a request asks for, too.
pub(super) const OF_SUBJECT: [Oid<'static>; 2] = [oid::EXTENDED_KEY_USAGE, oid::SUBJECT_ALT_NAME];

/// Takes from a usage what a key of this family cannot do (RFC 8813 section 3, RFC 8410 section 5).
pub(super) fn without_unfit(usage: KeyUsage, key: &PublicKey<'_>) -> KeyUsage {
    let encryption = [KeyUsage::KEY_ENCIPHERMENT, KeyUsage::DATA_ENCIPHERMENT];
    let agreement = [KeyUsage::KEY_AGREEMENT, KeyUsage::ENCIPHER_ONLY, KeyUsage::DECIPHER_ONLY];
    let unfit = match key.kind {
        KeyKind::Rsa { .. } => &agreement[..],
        KeyKind::Ec { .. } => &encryption,
        _ => &[encryption[0], encryption[1], agreement[0], agreement[1], agreement[2]],
    };
    unfit.iter().fold(usage, |rest, bit| rest.without(*bit))
}

/// Gives 16 random bytes that make a positive number of exactly that length (RFC 5280 section 4.1.2.2).
fn serial() -> Result<[u8; 16], Error> {
    let mut octets = random::bytes::<16>()?;
    let [first, ..] = &mut octets;
    // The top bit would make it negative; the next one keeps its length whatever the rest is.
    *first = *first & 0x7f | 0x40;
    Ok(octets)
}

/// Says whether a key is strong enough, and of a kind that relying parties know.
pub(super) fn require_fit(key: &PublicKey<'_>) -> Result<(), Error> {
    let is_fit = match key.kind {
        KeyKind::Rsa { padding: RsaPadding::Any, .. } => key.size().is_some_and(|bits| (2048..=8192).contains(&bits)),
        KeyKind::Ec { curve, .. } => matches!(curve, Curve::P256 | Curve::P384 | Curve::P521),
        KeyKind::Ed25519 => true,
        _ => false,
    };
    if is_fit && key.fault().is_none() { Ok(()) } else { Err(Error::UnfitKey { key: key.to_string() }) }
}
