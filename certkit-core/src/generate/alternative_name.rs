//! Alternative names to be put into a certificate (RFC 5280 section 4.2.1.6).

use std::fmt;
use std::net::IpAddr;

use der::asn1::{Ia5StringRef, OctetString};

use super::Error;
use super::structure::GeneralName;
use crate::asn1::typed::NotWritten;

/// One alternative name of a subject.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum AlternativeName {
    /// A host name, perhaps with `*` as its first label.
    Dns(String),
    /// An address.
    Ip(IpAddr),
    /// A URI; the ApplicationUri of OPC UA is one, and may have blanks, as Kepware's own does.
    Uri(String),
    /// A mail address.
    Email(String),
}

impl AlternativeName {
    /// Takes what a client dials: an address where the text is one, else a host name.
    pub fn host(text: &str) -> AlternativeName {
        let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
        match bare.parse() {
            Ok(address) => AlternativeName::Ip(address),
            Err(_) => AlternativeName::Dns(text.to_owned()),
        }
    }

    /// Makes the usual ApplicationUri of OPC UA, `urn:HOST:ORGANIZATION:APPLICATION`.
    ///
    /// Characters that a URN does not have, blanks among them, are written as `%` and hexadecimal digits.
    pub fn application_uri(host: &str, organization: &str, application: &str) -> AlternativeName {
        AlternativeName::urn(&[host, organization, application])
    }

    /// Makes a URN of parts, escaped like those of [`application_uri`](AlternativeName::application_uri).
    pub fn urn(parts: &[&str]) -> AlternativeName {
        let mut uri = String::from("urn");
        for part in parts {
            uri.push(':');
            for octet in part.bytes() {
                match octet {
                    plain if plain.is_ascii_alphanumeric() || b"-._~".contains(&plain) => uri.push(plain.into()),
                    other => uri.push_str(&format!("%{other:02X}")),
                }
            }
        }
        AlternativeName::Uri(uri)
    }

    /// Says whether it names a host: by name or by address.
    pub fn is_host(&self) -> bool {
        matches!(self, AlternativeName::Dns(_) | AlternativeName::Ip(_))
    }

    /// Says whether it is a URI, and so can be an ApplicationUri.
    pub fn is_uri(&self) -> bool {
        matches!(self, AlternativeName::Uri(_))
    }

    /// Says whether it is well formed; the error names what is not.
    pub fn validate(&self) -> Result<(), Error> {
        let (name, wanted, fault, clause) = match self {
            AlternativeName::Dns(name) => (name, "a host name", dns_fault(name), "RFC 5280 section 4.2.1.6, dNSName"),
            AlternativeName::Ip(_) => return Ok(()),
            AlternativeName::Uri(name) => {
                (name, "a URI", uri_fault(name), "RFC 5280 section 4.2.1.6, uniformResourceIdentifier")
            }
            AlternativeName::Email(name) => {
                (name, "a mail address", email_fault(name), "RFC 5280 section 4.2.1.6, rfc822Name")
            }
        };
        match fault {
            Some(problem) => Err(Error::AlternativeName { name: name.clone(), wanted, problem, clause }),
            None => Ok(()),
        }
    }

    /// The GeneralName to be written; fails where it is not well formed.
    pub(super) fn encode(&self) -> Result<GeneralName<'_>, Error> {
        self.validate()?;
        let name = || -> der::Result<GeneralName<'_>> {
            Ok(match self {
                AlternativeName::Email(text) => GeneralName::Email(Ia5StringRef::new(text)?),
                AlternativeName::Dns(text) => GeneralName::Dns(Ia5StringRef::new(text)?),
                AlternativeName::Uri(text) => GeneralName::Uri(Ia5StringRef::new(text)?),
                AlternativeName::Ip(IpAddr::V4(address)) => GeneralName::Ip(OctetString::new(address.octets())?),
                AlternativeName::Ip(IpAddr::V6(address)) => GeneralName::Ip(OctetString::new(address.octets())?),
            })
        };
        Ok(name().map_err(NotWritten::from)?)
    }
}

impl fmt::Display for AlternativeName {
    /// Writes the kind and the name, such as `DNS:plc7.plant.example`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            AlternativeName::Dns(text) => write!(f, "DNS:{text}"),
            AlternativeName::Ip(address) => write!(f, "IP:{address}"),
            AlternativeName::Uri(text) => write!(f, "URI:{text}"),
            AlternativeName::Email(text) => write!(f, "email:{text}"),
        }
    }
}

fn dns_fault(name: &str) -> Option<&'static str> {
    if !name.is_ascii() {
        return Some("write non-ASCII letters as xn--…");
    }
    if name.is_empty() || name.len() > 253 {
        return Some("it has 1 to 253 characters");
    }
    if name.parse::<IpAddr>().is_ok() {
        return Some("an address is not a host name");
    }
    let labels = name.strip_prefix("*.").unwrap_or(name);
    for label in labels.split('.') {
        if label.is_empty() || label.len() > 63 {
            return Some("each part between dots has 1 to 63 characters");
        }
        if !label.bytes().all(|octet| octet.is_ascii_alphanumeric() || octet == b'-') {
            return Some(
                "only letters, digits and hyphens are allowed between dots, and * only as the whole first part",
            );
        }
        if label.starts_with('-') || label.ends_with('-') {
            return Some("no part begins or ends with a hyphen");
        }
    }
    let last = labels.rsplit('.').next().unwrap_or_default();
    last.bytes().all(|octet| octet.is_ascii_digit()).then_some("its last part is a number")
}

fn uri_fault(uri: &str) -> Option<&'static str> {
    let Some((scheme, rest)) = uri.split_once(':') else {
        return Some("it has no scheme, such as urn: or http:");
    };
    let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        && scheme.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet));
    if !is_scheme {
        return Some("its scheme has a character that a scheme cannot have");
    }
    if rest.is_empty() {
        return Some("nothing follows the scheme");
    }
    if rest.trim() != rest {
        return Some("it begins or ends with a blank");
    }
    // Deviation: RFC 3986 has no blank. Applications in the field have one in their ApplicationUri, and what is
    // compared with it has to have it, too; a check warns of it.
    let is_allowed = |octet: u8| octet.is_ascii_alphanumeric() || b" -._~:/?#[]@!$&'()*+,;=%".contains(&octet);
    if !rest.bytes().all(is_allowed) {
        return Some("it has a character that must be written as % and two hexadecimal digits");
    }
    let is_escape = |tail: &str| tail.len() >= 2 && tail.bytes().take(2).all(|octet| octet.is_ascii_hexdigit());
    (!rest.split('%').skip(1).all(is_escape)).then_some("a % is not followed by two hexadecimal digits")
}

fn email_fault(address: &str) -> Option<&'static str> {
    let Some((mailbox, host)) = address.rsplit_once('@') else {
        return Some("it has no @");
    };
    if mailbox.is_empty()
        || !mailbox.bytes().all(|octet| octet.is_ascii_graphic() && !b"@<>()[]\\,;:\"".contains(&octet))
    {
        return Some("the part before the @ is not a mailbox");
    }
    if host.starts_with('*') { Some("the host of a mailbox cannot begin with *") } else { dns_fault(host) }
}
