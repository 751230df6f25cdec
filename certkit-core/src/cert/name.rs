//! Distinguished names (RFC 5280 section 4.1.2.4).

mod canonical;

use std::borrow::Cow;
use std::fmt;

use super::secret::{MASKED, private_key_in, shown};
use crate::asn1::{self, Element, Reader, Tag};
use crate::oid::{self, Oid};
use crate::text::Hex;
use canonical::folded;

/// A distinguished name as it is encoded.
#[derive(Clone, Copy)]
pub struct Name<'a> {
    der: &'a [u8],
    offset: usize,
}

/// One attribute of a name, such as `CN=plc7`.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'a> {
    /// Which relative distinguished name it belongs to, counted from 0 as encoded.
    pub rdn: usize,
    /// The type.
    pub oid: Oid<'a>,
    /// The value as it is encoded.
    pub value: Element<'a>,
}

impl<'a> Attribute<'a> {
    /// The value as text; `None` where it is no string, or not one of its own type.
    pub fn text(&self) -> Option<Cow<'a, str>> {
        decode_string(self.value.tag, self.value.value)
    }

    /// What is wrong with a value of a type that names are not made of, or whose octets do not fit its type for text;
    /// `None` where nothing is.
    ///
    /// Of such a value [`text`](Attribute::text) can be a guess, fit for the eye alone: another reader sees another text,
    /// or refuses the whole. Types that are not ASCII in practice, such as PrintableString, take any octets.
    pub fn fault(&self) -> Option<asn1::Error> {
        let what = match self.value.tag {
            Tag::UTF8_STRING if std::str::from_utf8(self.value.value).is_err() => "UTF8String",
            Tag::BMP_STRING if self.text().is_none() || self.has_surrogates() => "BMPString",
            Tag::UNIVERSAL_STRING if self.text().is_none() => "UniversalString",
            tag if !may_be_value(tag) => "attribute of a name: programs read no value of this type",
            _ => return None,
        };
        Some(self.value.invalid(what))
    }

    /// Whether it is a BMPString with a character that takes two units, which the type does not have.
    pub(crate) fn has_surrogates(&self) -> bool {
        self.value.tag == Tag::BMP_STRING
            && self.text().is_some_and(|text| text.chars().any(|character| character > '\u{ffff}'))
    }
}

impl Attribute<'_> {
    /// Compares values: texts by what they say, others byte for byte.
    fn agrees_with(&self, other: &Attribute<'_>) -> bool {
        if self.value.raw == other.value.raw {
            return true;
        }
        if let (Some(one), Some(other)) = (self.plain(), other.plain()) {
            return one.eq_ignore_ascii_case(other);
        }
        match (self.text(), other.text()) {
            (Some(one), Some(other)) => one == other || folded(&one).eq(folded(&other)),
            (None, None) => self.value.raw == other.value.raw,
            _ => false,
        }
    }
}

impl<'a> Attribute<'a> {
    /// The octets of a text in ASCII whose blanks stand alone and inside, as nearly all do; folding changes its case alone.
    fn plain(&self) -> Option<&'a [u8]> {
        let octets = self.value.value;
        let is_text = matches!(self.value.tag, Tag::UTF8_STRING | Tag::PRINTABLE_STRING | Tag::IA5_STRING);
        let mut was_blank = true;
        let is_plain = octets.iter().all(|octet| {
            let is_blank = *octet == b' ';
            let goes_on = matches!(octet, b' '..=b'~') && !(is_blank && was_blank);
            was_blank = is_blank;
            goes_on
        });
        (is_text && is_plain && !was_blank).then_some(octets)
    }
}

/// Whether a value of this type stops no decoder that is in wide use: OpenSSL's takes these (`ASN1_PRINTABLE`) and no others.
fn may_be_value(tag: Tag) -> bool {
    matches!(tag.0 & 0xdf, 3 | 7..=9 | 11..=16 | 18..=20 | 22 | 28..=30)
}

/// Decodes the string types that names are made of; `None` where the octets do not fit the type.
pub(crate) fn decode_string(tag: Tag, value: &[u8]) -> Option<Cow<'_, str>> {
    match tag {
        Tag::UTF8_STRING | Tag::PRINTABLE_STRING | Tag::IA5_STRING | Tag::NUMERIC_STRING | Tag::VISIBLE_STRING => {
            std::str::from_utf8(value).ok().map(Cow::Borrowed).or_else(|| Some(latin1(value)))
        }
        // T.61 in theory; in practice Latin-1, or UTF-8 put there by mistake.
        Tag::TELETEX_STRING => Some(std::str::from_utf8(value).map_or_else(|_| latin1(value), Cow::Borrowed)),
        Tag::BMP_STRING => {
            let (units, []) = value.as_chunks::<2>() else { return None };
            char::decode_utf16(units.iter().map(|unit| u16::from_be_bytes(*unit)))
                .collect::<Result<String, _>>()
                .ok()
                .map(Cow::Owned)
        }
        Tag::UNIVERSAL_STRING => {
            let (units, []) = value.as_chunks::<4>() else { return None };
            units
                .iter()
                .map(|unit| char::from_u32(u32::from_be_bytes(*unit)))
                .collect::<Option<String>>()
                .map(Cow::Owned)
        }
        _ => None,
    }
}

fn latin1(value: &[u8]) -> Cow<'_, str> {
    Cow::Owned(value.iter().copied().map(char::from).collect())
}

impl<'a> Name<'a> {
    /// Reads a name. Its attributes are decoded when they are asked for.
    pub fn from_der(der: &'a [u8]) -> Result<Name<'a>, asn1::Error> {
        asn1::single(der, Tag::SEQUENCE)?;
        Ok(Name { der, offset: 0 })
    }

    pub(crate) fn from_part(der: &'a [u8], offset: usize) -> Name<'a> {
        Name { der, offset }
    }

    /// All bytes of the name.
    pub fn der(&self) -> &'a [u8] {
        self.der
    }

    /// Says whether the name has no attribute at all.
    pub fn is_empty(&self) -> bool {
        matches!(self.der, [] | [_, 0]) || self.walk().next().is_none()
    }

    /// The attributes in their order; the first one that cannot be decoded ends it with its error.
    pub fn attributes(&self) -> impl Iterator<Item = Result<Attribute<'a>, asn1::Error>> + use<'a> {
        self.walk()
    }

    fn walk(&self) -> Attributes<'a> {
        Attributes {
            names: Reader::at(self.der, self.offset).sequence().unwrap_or(Reader::new(&[])),
            set: Reader::new(&[]),
            rdn: 0,
        }
    }

    /// Why the name says nothing for certain: the first attribute that cannot be decoded, or whose octets do not fit its type.
    pub fn fault(&self) -> Option<asn1::Error> {
        self.walk().find_map(|attribute| attribute.map_or_else(Some, |it| it.fault()))
    }

    /// The text of the first attribute of this type, without private keys.
    pub fn first(&self, oid: Oid<'_>) -> Option<Cow<'a, str>> {
        self.attributes().filter_map(Result::ok).find(|attribute| attribute.oid == oid)?.text().map(shown)
    }

    /// The texts of all attributes of this type, in their order and without private keys.
    pub fn all(&self, oid: Oid<'static>) -> impl Iterator<Item = Cow<'a, str>> + use<'a> {
        self.attributes()
            .filter_map(Result::ok)
            .filter(move |attribute| attribute.oid == oid)
            .filter_map(|it| it.text().map(shown))
    }

    /// The common name, or whatever else names the subject best; `None` for an empty name.
    pub fn short(&self) -> Option<String> {
        self.first(oid::COMMON_NAME)
            .or_else(|| self.first(oid::ORGANIZATIONAL_UNIT))
            .or_else(|| self.first(oid::ORGANIZATION))
            .map(Cow::into_owned)
            .or_else(|| (!self.is_empty()).then(|| self.to_string()))
    }

    /// Compares as RFC 5280 section 7.1 says: case and runs of blanks do not count, string types neither.
    pub fn matches(&self, other: &Name<'_>) -> bool {
        // Most names are spelt the same, or differ in their first attributes.
        self.der == other.der || self.agrees_in_order(other).unwrap_or_else(|| self.canonical() == other.canonical())
    }

    /// Says whether this name, which matches the other, is alike to readers that compare texts in PrintableString and
    /// UTF8String alone, of attributes with a name in RFC 2253, and all else octet by octet, as Java's X500Name does.
    pub(crate) fn is_alike_in_strings(&self, other: &Name<'_>) -> bool {
        let is_text = |it: &Attribute<'_>| {
            matches!(it.value.tag, Tag::PRINTABLE_STRING | Tag::UTF8_STRING) && oid::IN_RFC_2253.contains(&it.oid)
        };
        self.walk().zip(other.walk()).all(|pair| match pair {
            (Ok(one), Ok(other)) => one.value.raw == other.value.raw || (is_text(&one) && is_text(&other)),
            _ => self.der == other.der,
        })
    }

    /// Compares attribute by attribute; `None` where that cannot tell.
    fn agrees_in_order(&self, other: &Name<'_>) -> Option<bool> {
        let (mut own, mut others) = (self.walk(), other.walk());
        let mut rdn = None;
        loop {
            let (one, other) = match (own.next(), others.next()) {
                (None, None) => return Some(true),
                (Some(Ok(one)), Some(Ok(other))) => (one, other),
                (Some(Err(_)), _) | (_, Some(Err(_))) => return None,
                (None, Some(Ok(_))) | (Some(Ok(_)), None) => return Some(false),
            };
            // The attributes of one relative name are a set: their order may differ.
            if rdn == Some(one.rdn) || one.rdn != other.rdn {
                return None;
            }
            rdn = Some(one.rdn);
            if one.oid == other.oid && one.agrees_with(&other) {
                continue;
            }
            let is_alone = |mut rest: Attributes<'_>| !matches!(rest.next(), Some(Ok(next)) if next.rdn == one.rdn);
            return (is_alone(own) && is_alone(others)).then_some(false);
        }
    }

    /// Says whether this name begins with all of `base` (RFC 5280 section 4.2.1.10, directoryName).
    pub fn is_within(&self, base: &Name<'_>) -> bool {
        self.canonical().starts_with(&base.canonical())
    }
}

#[derive(Clone, Copy)]
struct Attributes<'a> {
    names: Reader<'a>,
    set: Reader<'a>,
    rdn: usize,
}

impl<'a> Attributes<'a> {
    fn step(&mut self) -> Result<Option<Attribute<'a>>, asn1::Error> {
        while self.set.is_empty() {
            if self.names.is_empty() {
                return Ok(None);
            }
            self.set = self.names.expect(Tag::SET)?.contents();
            self.rdn = self.rdn.saturating_add(1);
        }
        let mut pair = self.set.sequence()?;
        let oid = Oid(pair.oid()?);
        let value = pair.element()?;
        pair.finish()?;
        Ok(Some(Attribute { rdn: self.rdn.saturating_sub(1), oid, value }))
    }
}

impl<'a> Iterator for Attributes<'a> {
    type Item = Result<Attribute<'a>, asn1::Error>;

    fn next(&mut self) -> Option<Self::Item> {
        let step = self.step();
        if step.is_err() {
            self.names = Reader::new(&[]);
            self.set = Reader::new(&[]);
        }
        step.transpose()
    }
}

impl PartialEq for Name<'_> {
    /// Byte for byte; see [`Name::matches`] for the comparison of RFC 5280.
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for Name<'_> {}

impl fmt::Debug for Name<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Name({self})")
    }
}

impl fmt::Display for Name<'_> {
    /// Writes RFC 4514, most specific part first; `{:#}` puts a blank after each comma.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let attributes: Vec<_> = match self.attributes().collect::<Result<_, _>>() {
            Ok(attributes) => attributes,
            Err(_) if private_key_in(self.der).is_some() => return f.write_str(MASKED),
            Err(_) => return write!(f, "#{}", Hex(self.der)),
        };
        let mut previous: Option<usize> = None;
        // Within one RDN the encoded order stays; the RDNs themselves are turned round.
        let mut rdns: Vec<&[Attribute<'_>]> = attributes.chunk_by(|a, b| a.rdn == b.rdn).collect();
        rdns.reverse();
        for attribute in rdns.into_iter().flatten() {
            match previous {
                Some(rdn) if rdn == attribute.rdn => f.write_str("+")?,
                Some(_) if f.alternate() => f.write_str(", ")?,
                Some(_) => f.write_str(",")?,
                None => {}
            }
            previous = Some(attribute.rdn);
            match attribute.oid.name() {
                Some(name) => write!(f, "{name}=")?,
                None => write!(f, "{}=", attribute.oid)?,
            }
            match attribute.text() {
                Some(text) => write_escaped(f, &shown(text))?,
                None if private_key_in(attribute.value.raw).is_some() => f.write_str(MASKED)?,
                None => write!(f, "#{}", Hex(attribute.value.raw))?,
            }
        }
        Ok(())
    }
}

fn write_escaped(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let last = text.chars().count().saturating_sub(1);
    for (at, character) in text.chars().enumerate() {
        match character {
            ',' | '+' | '"' | '\\' | '<' | '>' | ';' => write!(f, "\\{character}")?,
            '#' | ' ' if at == 0 => write!(f, "\\{character}")?,
            ' ' if at == last => f.write_str("\\ ")?,
            control if control.is_control() => {
                let mut buffer = [0; 4];
                for octet in control.encode_utf8(&mut buffer).bytes() {
                    write!(f, "\\{octet:02X}")?;
                }
            }
            plain => write!(f, "{plain}")?,
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Attribute types, string types and texts.
    type Rdn<'a> = &'a [(&'a [u8], u8, &'a str)];

    fn der(rdns: &[Rdn<'_>]) -> Vec<u8> {
        let tlv = |tag: u8, value: Vec<u8>| [vec![tag, u8::try_from(value.len()).unwrap()], value].concat();
        let attribute = |(oid, tag, text): &(&[u8], u8, &str)| {
            tlv(0x30, [tlv(6, oid.to_vec()), tlv(*tag, text.as_bytes().to_vec())].concat())
        };
        let set = |attributes: &Rdn<'_>| tlv(0x31, attributes.iter().flat_map(attribute).collect());
        tlv(0x30, rdns.iter().flat_map(set).collect())
    }

    #[test]
    fn names_match_as_section_7_1_says_and_hashes_agree() {
        const CN: &[u8] = b"\x55\x04\x03";
        const O: &[u8] = b"\x55\x04\x0a";
        let plain = der(&[&[(O, 0x13, "Plant")], &[(CN, 0x13, "Root CA")]]);
        for (other, expected) in [
            (der(&[&[(O, 0x0c, "PLANT")], &[(CN, 0x0c, "  root   ca ")]]), true),
            (der(&[&[(O, 0x13, "Plant")], &[(CN, 0x13, "RootCA")]]), false),
            (der(&[&[(CN, 0x13, "Root CA")], &[(O, 0x13, "Plant")]]), false),
            (der(&[&[(O, 0x13, "Plant")]]), false),
            (der(&[&[(O, 0x13, "Plant"), (CN, 0x13, "Root CA")]]), false),
        ] {
            let (one, other) = (Name::from_der(&plain).unwrap(), Name::from_der(&other).unwrap());
            assert_eq!((one.matches(&other), other.matches(&one)), (expected, expected), "{one} {other}");
            assert_eq!(one.canonical() == other.canonical(), expected, "{one} {other}");
            assert_eq!(one.canonical_hash() == other.canonical_hash(), expected, "{one} {other}");
        }
        let one = der(&[&[(O, 0x13, "Plant"), (CN, 0x13, "x")], &[(CN, 0x0c, "Straße")]]);
        let other = der(&[&[(CN, 0x13, "X"), (O, 0x13, "Plant")], &[(CN, 0x0c, "STRASSE")]]);
        let (one, other) = (Name::from_der(&one).unwrap(), Name::from_der(&other).unwrap());
        assert!(one.matches(&other) && one.canonical_hash() == other.canonical_hash());
    }
}
