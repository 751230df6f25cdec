//! Requests for a certificate: made for others to sign, taken from others, or read off an old certificate.

use std::fmt;
use std::net::IpAddr;

use der::asn1::SetOfVec;

use super::issue::{Issuer, require_fit, without_unfit};
use super::read_back;
use super::structure::{CertificationRequestInfo, RequestAttribute};
use super::template::KeptExtension;
use super::{AlternativeName, Constraints, Error, KeyPair, Kind, Subject, Template, Validity};
use crate::asn1;
use crate::asn1::typed::{NotWritten, element, encode, raw};
use crate::cert::extension::{
    AuthorityInfoAccess, BasicConstraints, CertificatePolicies, CrlDistributionPoints, ExtendedKeyUsage, Extension,
    Extensions, InhibitAnyPolicy, KeyUsage, NameConstraints, PolicyConstraints, PolicyMappings, SubjectAltName,
};
use crate::cert::{Certificate, GeneralName, Name, Request, in_part};
use crate::crypto::key::PublicKey;
use crate::oid::{self, Oid};

impl Template {
    /// Makes a request for this certificate (PKCS#10, RFC 2986), signed by the key that it asks for.
    ///
    /// Says everything but the validity, the addresses and the key identifiers, which
    /// are the issuer's to say. The result has been read back, by another reader too, and verified.
    pub fn request(&self, key: &KeyPair) -> Result<Request, Error> {
        self.validate()?;
        let public_key = key.public_key()?;
        let wanted = self.wanted(&public_key, &[], key.usual_algorithm());
        let extensions = encode(&self.subject_extensions(wanted.usage)?)?;
        let attribute = RequestAttribute {
            kind: element(der::Tag::ObjectIdentifier, oid::EXTENSION_REQUEST.as_bytes())?,
            values: SetOfVec::try_from([raw(&extensions)?]).map_err(NotWritten::from)?,
        };
        let signed = encode(&CertificationRequestInfo {
            version: 0,
            subject: raw(self.subject.der())?,
            public_key: raw(public_key.spki)?,
            attributes: SetOfVec::try_from([attribute]).map_err(NotWritten::from)?,
        })?;
        let request = Request::from_der(&Issuer::itself(key).seal(&signed)?)?;
        request.verify_signature().map_err(Error::NotVerified)?;
        read_back::request(request.der(), &wanted)?;
        Ok(request)
    }

    /// Takes from somebody's request what the kind allows, and tells what it does not.
    ///
    /// The subject is taken byte for byte, alternative names as far as the kind has
    /// them, purposes as far as they are the kind's own; key usage and constraints are
    /// the kind's in any case. Fails where the request is not signed by its own key,
    /// asks for a CA that is not to be made, or for a key that is not certified. Names
    /// that the kind needs and the request lacks are found missing by
    /// [`Template::issue`], so that they can be added before.
    pub fn from_request(kind: Kind, request: &Request, validity: Validity) -> Result<Granted, Error> {
        let name = || request.subject().to_string();
        request.verify_signature().map_err(|source| Error::RequestSignature { subject: name(), source })?;
        let key = request.public_key()?;
        require_fit(&key)?;
        require_der("subject", request.subject().der())?;
        require_der("public key", key.spki)?;
        Template::grant(kind, &Asked { by: By::Request, name: request.subject(), key }, &request.extensions(), validity)
    }

    /// Takes what an old certificate says, with new dates: nothing that uses it shall miss anything.
    ///
    /// The subject is taken byte for byte; alternative names of every form, purposes, key usage, the path length, name
    /// constraints, policies and the addresses of list, issuer and OCSP are kept. What the kind says is added to the key
    /// usage, and to an OPC UA application without purposes. Dropped and told are what no key of this family can do, a CA's
    /// rights of an end entity, the purposes of another kind than the old one's, and extensions that certkit does not
    /// write. Fails where the key is not certified any more.
    pub fn from_certificate(kind: Kind, certificate: &Certificate, validity: Validity) -> Result<Granted, Error> {
        let key = certificate.public_key()?;
        let by = By::Certificate { is_same_kind: kind == Kind::of_certificate(certificate) };
        let asked = Asked { by, name: certificate.subject(), key };
        Template::grant(kind, &asked, &certificate.extensions(), validity)
    }

    fn grant(kind: Kind, asked: &Asked<'_>, extensions: &Extensions<'_>, validity: Validity) -> Result<Granted, Error> {
        for attribute in asked.name.attributes() {
            attribute.map_err(in_part("subject"))?;
        }
        let mut template = Template::new(kind, Subject::from_name(&asked.name), validity);
        template.kept.has_subject = asked.by != By::Request;
        if let (By::Certificate { is_same_kind: true }, Kind::Https | Kind::Client) = (asked.by, kind)
            && !extensions.iter().any(|it| it.oid == oid::EXTENDED_KEY_USAGE)
        {
            // It is good for every purpose, and may serve for another one than its kind's.
            template.purposes.clear();
        }
        let mut dropped = Vec::new();
        for (at, extension) in extensions.iter().enumerate() {
            let is_repeated = extensions.iter().take(at).any(|earlier| earlier.oid == extension.oid);
            if is_repeated {
                dropped.push(Dropped::of(extension.oid, "it occurs twice"));
            } else if asked.by == By::Request || !template.keep(&extension, asked, &mut dropped)? {
                template.take(&extension, asked, &mut dropped)?;
            }
        }
        Ok(Granted { template, dropped })
    }

    /// Keeps what an issuer once said; tells whether the extension is one of those.
    fn keep(
        &mut self,
        extension: &Extension<'_>,
        asked: &Asked<'_>,
        dropped: &mut Vec<Dropped>,
    ) -> Result<bool, Error> {
        match extension.oid {
            // Made anew from the keys, and the same where they are.
            oid::SUBJECT_KEY_IDENTIFIER | oid::AUTHORITY_KEY_IDENTIFIER => {}
            oid::BASIC_CONSTRAINTS => {
                let old: BasicConstraints = extension.decode()?;
                match &mut self.constraints {
                    Constraints::Authority { path_length } if old.ca => *path_length = old.path_length,
                    Constraints::EndEntity if old.ca => {
                        dropped.push(Dropped { what: "basicConstraints cA".to_owned(), why: FOREIGN });
                    }
                    _ => {}
                }
            }
            oid::CRL_DISTRIBUTION_POINTS => {
                let points: CrlDistributionPoints<'_> = extension.decode()?;
                self.crl_uris = points.uris().map(|uri| uri.to_string()).collect();
            }
            oid::AUTHORITY_INFO_ACCESS => {
                let access: AuthorityInfoAccess<'_> = extension.decode()?;
                self.issuer_uris = access.ca_issuers().map(|uri| uri.to_string()).collect();
                self.ocsp_uris = access.ocsp().map(|uri| uri.to_string()).collect();
            }
            oid::NAME_CONSTRAINTS => _ = extension.decode::<NameConstraints<'_>>()?,
            oid::CERTIFICATE_POLICIES => _ = extension.decode::<CertificatePolicies<'_>>()?,
            oid::POLICY_MAPPINGS => _ = extension.decode::<PolicyMappings<'_>>()?,
            oid::POLICY_CONSTRAINTS => _ = extension.decode::<PolicyConstraints>()?,
            oid::INHIBIT_ANY_POLICY => _ = extension.decode::<InhibitAnyPolicy>()?,
            // To many programs the purposes of a CA are a limit on those below it.
            oid::EXTENDED_KEY_USAGE if matches!(self.constraints, Constraints::Authority { .. }) => {
                _ = extension.decode::<ExtendedKeyUsage<'_>>()?;
            }
            oid::EXTENDED_KEY_USAGE => {
                let purposes: ExtendedKeyUsage<'_> = extension.decode()?;
                let is_of_kind = self.purposes.iter().any(|purpose| purposes.lists(*purpose));
                if !is_of_kind && asked.by != (By::Certificate { is_same_kind: true }) {
                    return Ok(false);
                }
                self.purposes.retain(|purpose| purposes.lists(*purpose));
            }
            oid::SUBJECT_ALT_NAME => {
                let names: SubjectAltName<'_> = extension.decode()?;
                let written: Vec<_> = names.names().filter_map(|name| written(&name).ok()).collect();
                let is_written = written.len() == names.names().count();
                self.alternative_names = written;
                if is_written {
                    return Ok(true);
                }
            }
            oid::KEY_USAGE => {
                let old: KeyUsage = extension.decode()?;
                let of_authority = KeyUsage::KEY_CERT_SIGN.union(KeyUsage::CRL_SIGN);
                let is_authority = matches!(self.constraints, Constraints::Authority { .. });
                let kept = if is_authority { old } else { old.without(of_authority) };
                self.kept.usage = Some(without_unfit(kept, &asked.key));
                return Ok(false);
            }
            _ => return Ok(false),
        }
        if let Some(oid) = KEPT.into_iter().find(|it| *it == extension.oid) {
            let kept = KeptExtension { oid, critical: extension.critical, value: extension.value.to_vec() };
            self.kept.extensions.push(kept);
        }
        Ok(true)
    }

    /// Takes one extension of what was asked, or part of it.
    fn take(&mut self, extension: &Extension<'_>, asked: &Asked<'_>, dropped: &mut Vec<Dropped>) -> Result<(), Error> {
        match extension.oid {
            oid::BASIC_CONSTRAINTS => {
                let wish: BasicConstraints = extension.decode()?;
                match self.constraints {
                    Constraints::EndEntity if wish.ca => {
                        let subject = asked.name.to_string();
                        return Err(Error::RequestOfAuthority { subject, kind: self.kind.name() });
                    }
                    Constraints::Authority { path_length } if wish.path_length != path_length => {
                        dropped.push(Dropped::of(extension.oid, "only the issuer sets the path length"));
                    }
                    _ => {}
                }
            }
            oid::SUBJECT_ALT_NAME => {
                let wish: SubjectAltName<'_> = extension.decode()?;
                for name in wish.names() {
                    match self.allowed(&name) {
                        Ok(allowed) if self.alternative_names.contains(&allowed) => {}
                        Ok(allowed) => self.alternative_names.push(allowed),
                        Err(why) => dropped.push(Dropped { what: format!("subjectAltName {name}"), why }),
                    }
                }
            }
            oid::KEY_USAGE => {
                let wish: KeyUsage = extension.decode()?;
                let own = self.key_usage(&asked.key).iter();
                // A self-signed certificate's bits come back by themselves where the new one is self-signed, too.
                let further = asked.further(self.kind).iter().chain(&self.kept.usage);
                let beyond = own.chain(further).fold(wish, |rest, bit| rest.without(*bit));
                for bit in beyond.names() {
                    dropped.push(Dropped { what: format!("keyUsage {bit}"), why: FOREIGN });
                }
            }
            oid::EXTENDED_KEY_USAGE => {
                let wish: ExtendedKeyUsage<'_> = extension.decode()?;
                for purpose in wish.purposes().filter(|purpose| !self.purposes.contains(purpose)) {
                    dropped.push(Dropped { what: format!("extKeyUsage {}", called(purpose)), why: FOREIGN });
                }
                if self.purposes.iter().any(|purpose| wish.lists(*purpose)) {
                    self.purposes.retain(|purpose| wish.lists(*purpose));
                }
            }
            other => dropped.push(Dropped::of(other, asked.by.silence())),
        }
        Ok(())
    }

    /// Gives the name as it would be written; the error says why it is not taken.
    fn allowed(&self, name: &GeneralName<'_>) -> Result<AlternativeName, &'static str> {
        let name = written(name)?;
        if self.kind.form().names.allows(&name) { Ok(name) } else { Err(FOREIGN) }
    }
}

/// Gives a name as it would be written; the error says why it cannot be.
fn written(name: &GeneralName<'_>) -> Result<AlternativeName, &'static str> {
    let text = |text: &[u8]| str::from_utf8(text).map(str::to_owned).map_err(|_| "it is not ASCII");
    let name = match name {
        GeneralName::Dns(name) => AlternativeName::Dns(text(name.0)?),
        GeneralName::Uri(name) => AlternativeName::Uri(text(name.0)?),
        GeneralName::Email(name) => AlternativeName::Email(text(name.0)?),
        GeneralName::Ip(octets) => AlternativeName::Ip(address(octets).ok_or("it is not an address")?),
        _ => return Err(FOREIGN),
    };
    match name.validate() {
        Err(Error::AlternativeName { problem, .. }) => Err(problem),
        Err(_) => Err("it is not well formed"),
        Ok(()) => Ok(name),
    }
}

/// Who asks for a certificate, and in what form.
struct Asked<'a> {
    by: By,
    name: Name<'a>,
    key: PublicKey<'a>,
}

/// The form in which somebody asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum By {
    /// A request, made by a stranger.
    Request,
    /// An old certificate, made by an issuer.
    Certificate {
        /// Whether the new one is of the kind that the old one seems to be.
        is_same_kind: bool,
    },
}

impl By {
    /// Why an extension is dropped that nobody looks at.
    fn silence(self) -> &'static str {
        match self {
            By::Request => "it is not taken from a request",
            By::Certificate { .. } => "certkit does not write it",
        }
    }
}

impl Asked<'_> {
    fn further(&self, kind: Kind) -> &'static [KeyUsage] {
        match self.by {
            By::Request => &[],
            By::Certificate { .. } => kind.form().usage_of_self_signed,
        }
    }
}

/// The extensions of an old certificate that are kept as they are.
const KEPT: [Oid<'static>; 7] = [
    oid::EXTENDED_KEY_USAGE,
    oid::SUBJECT_ALT_NAME,
    oid::NAME_CONSTRAINTS,
    oid::CERTIFICATE_POLICIES,
    oid::POLICY_MAPPINGS,
    oid::POLICY_CONSTRAINTS,
    oid::INHIBIT_ANY_POLICY,
];

/// Why most things are dropped.
const FOREIGN: &str = "a certificate of this kind has none";

/// What a request or an old certificate was granted.
#[derive(Clone, Debug)]
pub struct Granted {
    /// What will be issued.
    pub template: Template,
    /// What was asked for and will not be.
    pub dropped: Vec<Dropped>,
}

/// Something that was asked for and not granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// What it was: an extension or a part of one. Strangers' text.
    pub what: String,
    /// Why it was not taken.
    pub why: &'static str,
}

impl Dropped {
    fn of(extension: Oid<'_>, why: &'static str) -> Dropped {
        Dropped { what: called(extension), why }
    }
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", crate::text::Printable(&self.what), self.why)
    }
}

fn called(oid: Oid<'_>) -> String {
    oid.name().map_or_else(|| oid.to_string(), str::to_owned)
}

fn address(octets: &[u8]) -> Option<IpAddr> {
    match octets.len() {
        4 => <[u8; 4]>::try_from(octets).ok().map(IpAddr::from),
        16 => <[u8; 16]>::try_from(octets).ok().map(IpAddr::from),
        _ => None,
    }
}

fn require_der(part: &'static str, der: &[u8]) -> Result<(), Error> {
    match asn1::first_deviation(der) {
        Some(source) => Err(Error::RequestNotDer { part, source }),
        None => Ok(()),
    }
}
