//! The certificates of the demonstration, and the servers that present them.
//!
//! rcgen makes them: what certkit shows here is another's work, as in the field.

use std::time::Duration;

use certkit_core::cert::Certificate;
use certkit_core::crypto::random;
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, Kind, SigningAlgorithm, Template, Validity};
use certkit_core::moment::{DAY, Moment};
use der::asn1::{Ia5StringRef, ObjectIdentifier};
use der::{Encode, Sequence};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, CustomExtension, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyUsagePurpose, SerialNumber,
};

use super::stand_in::StandIn;
use crate::failure::Failure;

/// Four servers, and the place where the root can be had.
pub(super) struct Plant {
    /// Nothing is wrong with it; the root is not sent.
    pub(super) sound: StandIn,
    /// It signed its own certificate.
    pub(super) self_signed: StandIn,
    /// Its certificate has expired.
    pub(super) expired: StandIn,
    /// Its certificate is signed with SHA-1.
    pub(super) sha1: StandIn,
    _root: StandIn,
}

/// The server's names.
const HOSTS: [&str; 3] = ["thingworx.demo.example", "localhost", "127.0.0.1"];

/// authorityInfoAccess (RFC 5280 section 4.2.2.1), which rcgen does not write.
const AUTHORITY_INFO_ACCESS: &[u64] = &[1, 3, 6, 1, 5, 5, 7, 1, 1];
const CA_ISSUERS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.48.2");

/// One of its addresses.
#[derive(Sequence)]
struct AccessDescription<'a> {
    method: ObjectIdentifier,
    #[asn1(context_specific = "6", tag_mode = "IMPLICIT")]
    location: Ia5StringRef<'a>,
}

fn failed(error: impl std::error::Error + 'static) -> Failure {
    Failure::new("the certificates of the demonstration cannot be made").because(error)
}

/// A certificate to be, valid for so many days from `start` on.
fn params(common_name: &str, start: Moment, days: i64) -> Result<CertificateParams, Failure> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::OrganizationName, "Demo Plant");
    params.distinguished_name.push(DnType::CommonName, common_name);
    let point = |moment: Moment| {
        let since = Duration::from_secs(u64::try_from(moment.unix()).unwrap_or_default());
        rcgen::date_time_ymd(1970, 1, 1) + since
    };
    params.not_before = point(start);
    params.not_after = point(start.plus(days.saturating_mul(DAY)));
    params.serial_number = Some(SerialNumber::from_slice(&random::bytes::<16>().map_err(failed)?));
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// A CA to be.
fn authority(common_name: &str, now: Moment, days: i64, path: BasicConstraints) -> Result<CertificateParams, Failure> {
    let mut params = params(common_name, now.plus(-400 * DAY), days)?;
    params.is_ca = IsCa::Ca(path);
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(params)
}

/// A server's certificate to be, for this machine's loopback address.
fn server(start: Moment) -> Result<CertificateParams, Failure> {
    let mut params = params(HOSTS[0], start, 365)?;
    params.subject_alt_names = CertificateParams::new(HOSTS.map(str::to_owned)).map_err(failed)?.subject_alt_names;
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    Ok(params)
}

/// Names the address of the issuer's certificate.
fn issuer_at(address: &str) -> Result<CustomExtension, Failure> {
    let location = Ia5StringRef::new(address).map_err(failed)?;
    let content = [AccessDescription { method: CA_ISSUERS, location }].to_der().map_err(failed)?;
    Ok(CustomExtension::from_oid_content(AUTHORITY_INFO_ACCESS, content))
}

/// The server's certificate once more, signed with SHA-1, which rcgen does not do.
fn signed_with_sha1(
    issuing: &CertifiedIssuer<'_, rcgen::KeyPair>,
    key: &rcgen::KeyPair,
    start: Moment,
) -> Result<Certificate, Failure> {
    let own = |key: &rcgen::KeyPair| KeyPair::from_der(key.serialized_der()).map_err(failed);
    let (authority_key, key) = (own(issuing.key())?, own(key)?);
    let authority = Certificate::from_der(issuing.der()).map_err(failed)?;
    let issuer = Issuer::authority(&authority, &authority_key)
        .map_err(failed)?
        .signing_with(SigningAlgorithm::RsaSha1ForDemonstration);
    let subject = format!("CN={},O=Demo Plant", HOSTS[0]).parse().map_err(failed)?;
    Template::new(Kind::Https, subject, Validity::days(start, 365))
        .alternative_names(HOSTS.map(AlternativeName::host))
        .issue(&key.public_key().map_err(failed)?, &issuer)
        .map_err(failed)
}

impl Plant {
    /// Makes the certificates and starts the servers. Costs a few key generations, well below a second.
    pub(super) fn start() -> Result<Plant, Failure> {
        let now = Moment::now();
        let root = authority("Demo Plant Root CA", now, 3650, BasicConstraints::Unconstrained)?;
        let root = CertifiedIssuer::self_signed(root, rcgen::KeyPair::generate().map_err(failed)?).map_err(failed)?;
        let download = StandIn::file(root.der().to_vec())?;

        let mut issuing = authority("Demo Plant Issuing CA", now, 1825, BasicConstraints::Constrained(0))?;
        issuing.custom_extensions.push(issuer_at(&format!("http://{}/plant-root.cer", download.address()))?);
        // An RSA key, because only those sign with SHA-1 here.
        let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_RSA_SHA256).map_err(failed)?;
        let issuing = CertifiedIssuer::signed_by(issuing, key, &root).map_err(failed)?;

        let key = rcgen::KeyPair::generate().map_err(failed)?;
        let (yesterday, past) = (now.plus(-DAY), now.plus(-380 * DAY));
        let sound = server(yesterday)?.signed_by(&key, &issuing).map_err(failed)?;
        let expired = server(past)?.signed_by(&key, &issuing).map_err(failed)?;
        let self_signed = server(yesterday)?.self_signed(&key).map_err(failed)?;
        let sha1 = signed_with_sha1(&issuing, &key, yesterday)?;
        let chain = |leaf: &[u8]| StandIn::tls(&[leaf, issuing.der()], &key);
        Ok(Plant {
            sound: chain(sound.der())?,
            self_signed: StandIn::tls(&[self_signed.der()], &key)?,
            expired: chain(expired.der())?,
            sha1: chain(sha1.der())?,
            _root: download,
        })
    }
}
