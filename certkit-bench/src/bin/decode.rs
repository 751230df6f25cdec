//! Decodes every field of the certificates in a PEM bundle and prints one JSON line: what that cost.
//!
//! `decode certkit BUNDLE` reads with this crate, `decode x509-parser BUNDLE` with x509-parser; both
//! stream. What is read goes into a tally: where both print the same one, both have read the same
//! fields. Knows nothing of how fast either should be; `scripts/bench` does.

use std::fs::{self, File};
use std::io::{BufReader, Error, Write as _};
use std::time::Instant;

use certkit_core::crypto::digest::Digest;

fn main() -> Result<(), Error> {
    let usage = || Error::other("usage: decode certkit|x509-parser BUNDLE");
    let mut arguments = std::env::args().skip(1);
    let (reader, path) = arguments.next().zip(arguments.next()).ok_or_else(usage)?;
    let read = match reader.as_str() {
        "certkit" => with_certkit::read,
        "x509-parser" => with_x509_parser::read,
        _ => return Err(usage()),
    };
    let bundle = BufReader::with_capacity(128 * 1024, File::open(path)?);
    let start = Instant::now();
    let mut tally = Tally::default();
    let n = read(bundle, &mut tally)?;
    let wall_s = start.elapsed().as_secs_f64();
    let (cpu_s, max_rss_kb) = used()?;
    let sum = tally.0;
    writeln!(
        std::io::stdout(),
        r#"{{"n":{n},"wall_s":{wall_s:.6},"cpu_s":{cpu_s:.6},"max_rss_kb":{max_rss_kb},"tally":"{sum:016x}"}}"#
    )
}

/// Gives the processor time of this process in seconds, and the most memory it had in KiB.
fn used() -> Result<(f64, u64), Error> {
    let status = fs::read_to_string("/proc/self/status")?;
    let most = status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB"));
    // The first of its numbers is the time on a processor, in nanoseconds.
    let schedule = fs::read_to_string("/proc/self/schedstat")?;
    let nanoseconds = schedule.split_whitespace().next().and_then(|number| number.parse::<f64>().ok());
    let most = most.and_then(|number| number.trim().parse().ok());
    nanoseconds.map(|it| it / 1e9).zip(most).ok_or_else(|| Error::other("the kernel does not tell what was used"))
}

/// Sums up fields; cheap beside reading them.
#[derive(Default)]
struct Tally(u64);

impl Tally {
    fn number(&mut self, value: u64) {
        self.0 = (self.0.rotate_left(5) ^ value).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        words.iter().for_each(|word| self.number(u64::from_le_bytes(*word)));
        let last = rest.iter().fold(0, |sum, octet| sum << 8 | u64::from(*octet));
        self.number(last);
        self.number(bytes.len() as u64);
    }

    /// A number that may begin with zeros, as INTEGERs do.
    fn magnitude(&mut self, bytes: &[u8]) {
        let zeros = bytes.iter().take_while(|octet| **octet == 0).count();
        self.bytes(bytes.get(zeros..).unwrap_or_default());
    }
}

/// Gives a digest the same number on both sides.
fn digest_number(digest: Digest) -> u64 {
    match digest {
        Digest::Md5 => 5,
        Digest::Sha1 => 1,
        Digest::Sha224 => 224,
        Digest::Sha256 => 256,
        Digest::Sha384 => 384,
        Digest::Sha512 => 512,
    }
}

mod with_certkit {
    use std::fs::File;
    use std::io::{BufReader, Error};

    use certkit_core::cert::extension::{
        AuthorityInfoAccess, AuthorityKeyIdentifier, BasicConstraints, CertificatePolicies, CrlDistributionPoints,
        DistributionPointName, ExtendedKeyUsage, Extension, KeyUsage, SubjectAltName, SubjectKeyIdentifier,
    };
    use certkit_core::cert::{Certificate, GeneralName, Malformed, Name};
    use certkit_core::container::{Block, Blocks};
    use certkit_core::crypto::key::KeyKind;
    use certkit_core::oid::{self, Oid};

    use super::Tally;

    const USAGES: [KeyUsage; 9] = [
        KeyUsage::DIGITAL_SIGNATURE,
        KeyUsage::NON_REPUDIATION,
        KeyUsage::KEY_ENCIPHERMENT,
        KeyUsage::DATA_ENCIPHERMENT,
        KeyUsage::KEY_AGREEMENT,
        KeyUsage::KEY_CERT_SIGN,
        KeyUsage::CRL_SIGN,
        KeyUsage::ENCIPHER_ONLY,
        KeyUsage::DECIPHER_ONLY,
    ];

    const PURPOSES: [Oid<'static>; 7] = [
        oid::ANY_EXTENDED_KEY_USAGE,
        oid::SERVER_AUTH,
        oid::CLIENT_AUTH,
        oid::CODE_SIGNING,
        oid::EMAIL_PROTECTION,
        oid::TIME_STAMPING,
        oid::OCSP_SIGNING,
    ];

    pub(super) fn read(bundle: BufReader<File>, tally: &mut Tally) -> Result<u64, Error> {
        let mut count = 0;
        for block in Blocks::new(bundle) {
            match block? {
                Block::Item(item) => certificate(&item.der, tally).map_err(Error::other)?,
                Block::Skipped(skipped) => return Err(Error::other(skipped.to_string())),
            }
            count += 1;
        }
        Ok(count)
    }

    fn certificate(der: &[u8], tally: &mut Tally) -> Result<(), Malformed> {
        let it = Certificate::from_der(der)?;
        tally.number(it.version().into());
        tally.magnitude(it.serial().as_bytes());
        name(it.issuer(), tally);
        name(it.subject(), tally);
        tally.number(it.not_before()?.unix().cast_unsigned());
        tally.number(it.not_after()?.unix().cast_unsigned());
        let key = it.public_key()?;
        match key.kind {
            KeyKind::Rsa { modulus, exponent, .. } => {
                tally.bytes(modulus);
                tally.bytes(exponent);
            }
            KeyKind::Ec { point, .. } => tally.bytes(point),
            _ => {}
        }
        tally.number(key.size().unwrap_or(0).into());
        tally.number(it.signature_algorithm()?.digest().map_or(0, super::digest_number));
        tally.bytes(it.signature());
        it.extensions().iter().try_for_each(|one| extension(&one, tally))?;
        tally.bytes(&it.fingerprint_sha256());
        Ok(())
    }

    fn name(name: Name<'_>, tally: &mut Tally) {
        for attribute in name.attributes().flatten() {
            tally.bytes(attribute.oid.as_bytes());
            tally.bytes(attribute.text().unwrap_or_default().as_bytes());
        }
    }

    fn extension(it: &Extension<'_>, tally: &mut Tally) -> Result<(), Malformed> {
        tally.bytes(it.oid.as_bytes());
        tally.number(it.critical.into());
        match it.oid {
            oid::SUBJECT_ALT_NAME => it.decode::<SubjectAltName<'_>>()?.names().for_each(|one| general(&one, tally)),
            oid::KEY_USAGE => {
                let usage: KeyUsage = it.decode()?;
                USAGES.iter().for_each(|one| tally.number(usage.contains(*one).into()));
            }
            oid::EXTENDED_KEY_USAGE => {
                let purposes: ExtendedKeyUsage<'_> = it.decode()?;
                PURPOSES.iter().for_each(|one| tally.number(purposes.lists(*one).into()));
                let others = purposes.purposes().filter(|one| !PURPOSES.contains(one));
                others.for_each(|one| tally.bytes(one.as_bytes()));
            }
            oid::BASIC_CONSTRAINTS => {
                let constraints: BasicConstraints = it.decode()?;
                tally.number(constraints.ca.into());
                tally.number(constraints.path_length.map_or(u64::MAX, u64::from));
            }
            oid::SUBJECT_KEY_IDENTIFIER => tally.bytes(it.decode::<SubjectKeyIdentifier<'_>>()?.0),
            oid::AUTHORITY_KEY_IDENTIFIER => {
                let id: AuthorityKeyIdentifier<'_> = it.decode()?;
                tally.bytes(id.key_id.unwrap_or_default());
                id.issuer.iter().flat_map(certkit_core::cert::GeneralNames::iter).for_each(|one| general(&one, tally));
                tally.bytes(id.serial.map(certkit_core::cert::Serial::as_bytes).unwrap_or_default());
            }
            oid::CERTIFICATE_POLICIES => {
                it.decode::<CertificatePolicies<'_>>()?.iter().for_each(|one| tally.bytes(one.policy.as_bytes()));
            }
            oid::CRL_DISTRIBUTION_POINTS => {
                for point in it.decode::<CrlDistributionPoints<'_>>()?.iter() {
                    if let Some(DistributionPointName::Full(names)) = point.name {
                        names.iter().for_each(|one| general(&one, tally));
                    }
                }
            }
            oid::AUTHORITY_INFO_ACCESS => {
                for (method, location) in it.decode::<AuthorityInfoAccess<'_>>()?.iter() {
                    tally.bytes(method.as_bytes());
                    general(&location, tally);
                }
            }
            _ => tally.bytes(it.value),
        }
        Ok(())
    }

    fn general(name: &GeneralName<'_>, tally: &mut Tally) {
        match name {
            GeneralName::Dns(text) | GeneralName::Uri(text) | GeneralName::Email(text) => {
                tally.bytes(text.to_str().as_bytes());
            }
            GeneralName::Ip(octets) => tally.bytes(octets),
            _ => {}
        }
    }
}

mod with_x509_parser {
    use std::fs::File;
    use std::io::{BufReader, Error};

    use certkit_core::crypto::digest::{self, Digest};
    use x509_parser::der_parser::Oid;
    use x509_parser::error::X509Error;
    use x509_parser::extensions::{
        AuthorityKeyIdentifier, DistributionPointName, ExtendedKeyUsage, GeneralName, ParsedExtension, X509Extension,
    };
    use x509_parser::oid_registry as oids;
    use x509_parser::pem::Pem;
    use x509_parser::public_key::PublicKey;
    use x509_parser::x509::X509Name;

    use super::{Tally, digest_number};

    pub(super) fn read(bundle: BufReader<File>, tally: &mut Tally) -> Result<u64, Error> {
        let mut count = 0;
        for block in Pem::iter_from_reader(bundle) {
            certificate(&block.map_err(Error::other)?, tally)?;
            count += 1;
        }
        Ok(count)
    }

    fn certificate(block: &Pem, tally: &mut Tally) -> Result<(), Error> {
        let it = block.parse_x509().map_err(Error::other)?;
        tally.number(u64::from(it.version().0) + 1);
        tally.magnitude(it.raw_serial());
        name(it.issuer(), tally);
        name(it.subject(), tally);
        tally.number(it.validity().not_before.timestamp().cast_unsigned());
        tally.number(it.validity().not_after.timestamp().cast_unsigned());
        let key = it.public_key().parsed().map_err(Error::other)?;
        match &key {
            PublicKey::RSA(key) => {
                tally.magnitude(key.modulus);
                tally.magnitude(key.exponent);
            }
            PublicKey::EC(point) => tally.bytes(point.data()),
            _ => {}
        }
        tally.number(key.key_size() as u64);
        tally.number(digest_of(&it.signature_algorithm.algorithm).map_or(0, digest_number));
        tally.bytes(&it.signature_value.data);
        it.extensions().iter().try_for_each(|one| extension(one, tally)).map_err(Error::other)?;
        tally.bytes(&digest::sha256(&block.contents));
        Ok(())
    }

    fn digest_of(algorithm: &Oid<'_>) -> Option<Digest> {
        let known = [
            (oids::OID_PKCS1_SHA256WITHRSA, Digest::Sha256),
            (oids::OID_SIG_ECDSA_WITH_SHA256, Digest::Sha256),
            (oids::OID_PKCS1_SHA384WITHRSA, Digest::Sha384),
            (oids::OID_PKCS1_SHA512WITHRSA, Digest::Sha512),
            (oids::OID_SIG_ECDSA_WITH_SHA384, Digest::Sha384),
            (oids::OID_PKCS1_SHA1WITHRSA, Digest::Sha1),
        ];
        known.into_iter().find(|(oid, _)| oid == algorithm).map(|(_, digest)| digest)
    }

    fn name(name: &X509Name<'_>, tally: &mut Tally) {
        for attribute in name.iter_attributes() {
            tally.bytes(attribute.attr_type().as_bytes());
            tally.bytes(attribute.as_str().unwrap_or_default().as_bytes());
        }
    }

    fn extension(it: &X509Extension<'_>, tally: &mut Tally) -> Result<(), X509Error> {
        tally.bytes(it.oid.as_bytes());
        tally.number(it.critical.into());
        match it.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => general_all(&names.general_names, tally),
            ParsedExtension::KeyUsage(usage) => (0..9).for_each(|bit| tally.number((usage.flags >> bit & 1).into())),
            ParsedExtension::ExtendedKeyUsage(purposes) => extended_key_usage(purposes, tally),
            ParsedExtension::BasicConstraints(constraints) => {
                tally.number(constraints.ca.into());
                tally.number(constraints.path_len_constraint.map_or(u64::MAX, u64::from));
            }
            ParsedExtension::SubjectKeyIdentifier(id) => tally.bytes(id.0),
            ParsedExtension::AuthorityKeyIdentifier(id) => authority_key_identifier(id, tally),
            ParsedExtension::CertificatePolicies(policies) => {
                policies.iter().for_each(|one| tally.bytes(one.policy_id.as_bytes()));
            }
            ParsedExtension::CRLDistributionPoints(list) => {
                for point in list.iter() {
                    if let Some(DistributionPointName::FullName(names)) = &point.distribution_point {
                        general_all(names, tally);
                    }
                }
            }
            ParsedExtension::AuthorityInfoAccess(access) => {
                for one in access.iter() {
                    tally.bytes(one.access_method.as_bytes());
                    general(&one.access_location, tally);
                }
            }
            ParsedExtension::ParseError { .. } => return Err(X509Error::InvalidExtensions),
            _ => tally.bytes(it.value),
        }
        Ok(())
    }

    fn extended_key_usage(it: &ExtendedKeyUsage<'_>, tally: &mut Tally) {
        let known = [
            it.any,
            it.server_auth,
            it.client_auth,
            it.code_signing,
            it.email_protection,
            it.time_stamping,
            it.ocsp_signing,
        ];
        known.into_iter().for_each(|is_listed| tally.number(is_listed.into()));
        it.other.iter().for_each(|one| tally.bytes(one.as_bytes()));
    }

    fn authority_key_identifier(id: &AuthorityKeyIdentifier<'_>, tally: &mut Tally) {
        tally.bytes(id.key_identifier.as_ref().map(|id| id.0).unwrap_or_default());
        id.authority_cert_issuer.iter().for_each(|names| general_all(names, tally));
        tally.bytes(id.authority_cert_serial.unwrap_or_default());
    }

    fn general_all(names: &[GeneralName<'_>], tally: &mut Tally) {
        names.iter().for_each(|one| general(one, tally));
    }

    fn general(name: &GeneralName<'_>, tally: &mut Tally) {
        match name {
            GeneralName::DNSName(text) | GeneralName::URI(text) | GeneralName::RFC822Name(text) => {
                tally.bytes(text.as_bytes());
            }
            GeneralName::IPAddress(octets) => tally.bytes(octets),
            _ => {}
        }
    }
}
