//! Alternative names (RFC 5280 section 4.2.1.6).

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::name::Name;
use super::secret::{MASKED, private_key_in, shown};
use crate::asn1::{self, Element, Reader, Tag};
use crate::oid::Oid;
use crate::text::Hex;

/// The octets of an IA5String, whatever they hold: ASCII if the issuer kept to the rules.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Text<'a>(pub &'a [u8]);

impl<'a> Text<'a> {
    /// The text; octets that are neither ASCII nor UTF-8 are taken as Latin-1.
    pub fn to_str(self) -> Cow<'a, str> {
        match std::str::from_utf8(self.0) {
            Ok(text) => Cow::Borrowed(text),
            Err(_) => Cow::Owned(self.0.iter().copied().map(char::from).collect()),
        }
    }

    /// Says whether every octet is ASCII, as IA5String demands.
    pub fn is_ascii(self) -> bool {
        self.0.is_ascii()
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&shown(self.to_str()))
    }
}

impl fmt::Debug for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_str())
    }
}

/// One name of a subject or issuer that is not a distinguished name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GeneralName<'a> {
    /// A name of a type that an identifier defines.
    Other {
        /// The type.
        oid: Oid<'a>,
        /// The encoded value.
        value: &'a [u8],
    },
    /// A mail address (rfc822Name).
    Email(Text<'a>),
    /// A host name (dNSName).
    Dns(Text<'a>),
    /// An X.400 address, as encoded.
    X400(&'a [u8]),
    /// A distinguished name.
    Directory(Name<'a>),
    /// An EDI party name, as encoded.
    EdiParty(&'a [u8]),
    /// A URI; the ApplicationUri of OPC UA stands here.
    Uri(Text<'a>),
    /// An address: 4 or 16 octets if it is sound, twice as many (with a mask) in name constraints.
    Ip(&'a [u8]),
    /// A registered identifier.
    RegisteredId(Oid<'a>),
    /// A tag that RFC 5280 does not have.
    Unknown {
        /// The tag.
        tag: Tag,
        /// The contents.
        value: &'a [u8],
    },
}

impl<'a> GeneralName<'a> {
    /// Decodes one name.
    pub fn from_element(element: &Element<'a>) -> Result<GeneralName<'a>, asn1::Error> {
        let value = element.value;
        Ok(match element.tag {
            Tag(0xa0) => {
                let mut fields = element.contents();
                let oid = Oid(fields.oid()?);
                let wrapper = fields.expect(Tag::context_constructed(0))?;
                GeneralName::Other { oid, value: wrapper.value }
            }
            Tag(0x81) => GeneralName::Email(Text(value)),
            Tag(0x82) => GeneralName::Dns(Text(value)),
            Tag(0xa3) => GeneralName::X400(value),
            Tag(0xa4) => {
                let name = element.contents().expect(Tag::SEQUENCE)?;
                GeneralName::Directory(Name::from_part(name.raw, name.offset))
            }
            Tag(0xa5) => GeneralName::EdiParty(value),
            Tag(0x86) => GeneralName::Uri(Text(value)),
            Tag(0x87) => GeneralName::Ip(value),
            Tag(0x88) => GeneralName::RegisteredId(Oid(value)),
            tag => GeneralName::Unknown { tag, value },
        })
    }
}

impl GeneralName<'_> {
    /// Whether its kind exists and has such contents.
    pub(crate) fn is_sound(&self) -> bool {
        match self {
            GeneralName::Other { oid, .. } | GeneralName::RegisteredId(oid) => oid.is_sound(),
            GeneralName::Directory(name) => name.fault().is_none(),
            GeneralName::EdiParty(value) => {
                let mut fields = Reader::new(value);
                let party = fields
                    .optional(Tag::context_constructed(0))
                    .and_then(|_| fields.expect(Tag::context_constructed(1)));
                party.is_ok() && fields.is_empty()
            }
            GeneralName::Unknown { .. } => false,
            _ => true,
        }
    }
}

/// Whether it is a URI that may be an ApplicationUri of OPC UA (OPC 10000-6 section 6.2.2), as long as nobody says so.
pub(crate) fn may_be_application_uri(name: &GeneralName<'_>) -> bool {
    let GeneralName::Uri(Text(uri)) = name else { return false };
    let has = |scheme: &&str| uri.get(..scheme.len()).is_some_and(|it| it.eq_ignore_ascii_case(scheme.as_bytes()));
    !OTHER_SCHEMES.iter().any(has)
}

/// Schemes of URIs that name web pages, workloads, directories and mailboxes, and an application of OPC UA only where
/// somebody says so.
const OTHER_SCHEMES: [&str; 6] = ["https:", "spiffe:", "ldap:", "ldaps:", "sip:", "mailto:"];

/// Gives the address that 4 or 16 octets make.
pub(crate) fn address(octets: &[u8]) -> Option<IpAddr> {
    if let Ok(four) = <[u8; 4]>::try_from(octets) {
        return Some(Ipv4Addr::from(four).into());
    }
    <[u8; 16]>::try_from(octets).ok().map(|sixteen| Ipv6Addr::from(sixteen).into())
}

/// An address with a mask, as name constraints have them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IpRange<'a> {
    /// The address's octets.
    pub address: &'a [u8],
    /// The mask's octets, as many.
    pub mask: &'a [u8],
}

impl<'a> IpRange<'a> {
    /// Splits 8 or 32 octets; `None` for any other count.
    pub fn from_octets(octets: &'a [u8]) -> Option<IpRange<'a>> {
        let half = match octets.len() {
            8 => 4,
            32 => 16,
            _ => return None,
        };
        let (address, mask) = octets.split_at_checked(half)?;
        Some(IpRange { address, mask })
    }

    /// Says whether the mask is ones followed by zeros.
    pub fn has_prefix_mask(&self) -> bool {
        let ones: u32 = self.mask.iter().map(|octet| octet.count_ones()).sum();
        let leading: u32 = self
            .mask
            .iter()
            .scan(true, |full, octet| {
                let count = if *full { octet.leading_ones() } else { 0 };
                *full &= *octet == 0xff;
                Some(count)
            })
            .sum();
        ones == leading
    }

    /// The same range of IPv4 addresses where it is one of such that are written as IPv6 (RFC 4291 section 2.5.5.2).
    pub fn unmapped(&self) -> IpRange<'a> {
        const PREFIX: [u8; 12] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff];
        let four = self.address.strip_prefix(&PREFIX).zip(self.mask.strip_prefix(&[0xff; 12]));
        four.map_or(*self, |(address, mask)| IpRange { address, mask })
    }

    /// Says whether an address of the same family lies inside.
    pub fn contains(&self, octets: &[u8]) -> bool {
        octets.len() == self.address.len()
            && octets.iter().zip(self.address).zip(self.mask).all(|((octet, base), mask)| octet & mask == base & mask)
    }
}

impl fmt::Display for GeneralName<'_> {
    /// Writes the kind and the name, such as `DNS:plc7.plant.example`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            GeneralName::Other { oid, value } => {
                let kind = oid.name().map_or_else(|| oid.to_string(), str::to_owned);
                let text = Reader::new(value)
                    .element()
                    .ok()
                    .and_then(|inner| super::name::decode_string(inner.tag, inner.value).map(Cow::into_owned));
                match text {
                    _ if private_key_in(value).is_some() => write!(f, "otherName:{kind}:{MASKED}"),
                    Some(text) => write!(f, "otherName:{kind}:{text}"),
                    None => write!(f, "otherName:{kind}:{}", Hex(value)),
                }
            }
            GeneralName::Email(text) => write!(f, "email:{text}"),
            GeneralName::Dns(text) => write!(f, "DNS:{text}"),
            GeneralName::X400(value) => write!(f, "x400:{}", Hex(value)),
            GeneralName::Directory(name) => write!(f, "dirName:{name}"),
            GeneralName::EdiParty(value) => write!(f, "ediParty:{}", Hex(value)),
            GeneralName::Uri(text) => write!(f, "URI:{text}"),
            GeneralName::Ip(octets) => match (address(octets), IpRange::from_octets(octets)) {
                (Some(address), _) => write!(f, "IP:{address}"),
                (None, Some(range)) => match (address(range.address), address(range.mask)) {
                    (Some(base), Some(mask)) => write!(f, "IP:{base}/{mask}"),
                    _ => write!(f, "IP:{}", Hex(octets)),
                },
                _ => write!(f, "IP:{}", Hex(octets)),
            },
            GeneralName::RegisteredId(oid) => write!(f, "RID:{oid}"),
            GeneralName::Unknown { tag, value } => write!(f, "{tag}:{}", Hex(value)),
        }
    }
}

/// A list of names, decoded as it is walked.
#[derive(Clone, Copy, Debug)]
pub struct GeneralNames<'a>(pub(crate) Reader<'a>);

impl<'a> GeneralNames<'a> {
    /// Checks that every name decodes.
    pub(crate) fn validated(reader: Reader<'a>) -> Result<GeneralNames<'a>, asn1::Error> {
        let mut walk = reader;
        while !walk.is_empty() {
            GeneralName::from_element(&walk.element()?)?;
        }
        Ok(GeneralNames(reader))
    }

    /// The first name that decodes here and stops strict decoders: of a kind that does not exist, or with contents that its
    /// kind does not have.
    pub(crate) fn fault(&self) -> Option<asn1::Error> {
        let mut reader = self.0;
        std::iter::from_fn(|| reader.element().ok()).find_map(|element| {
            let name = GeneralName::from_element(&element).ok()?;
            (!name.is_sound()).then(|| element.invalid("GeneralName"))
        })
    }

    /// The names in their order.
    pub fn iter(&self) -> impl Iterator<Item = GeneralName<'a>> + use<'a> {
        let mut reader = self.0;
        std::iter::from_fn(move || GeneralName::from_element(&reader.element().ok()?).ok())
    }
}
