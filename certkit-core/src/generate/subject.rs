//! Distinguished names to be put into a certificate (RFC 5280 section 4.1.2.4).

use std::str::FromStr;

use der::Tag;
use der::asn1::{Any, SetOfVec};

use super::Error;
use super::structure::{NameAttribute, RdnSequence};
use crate::asn1::typed::{NotWritten, encode};
use crate::cert::Name;
use crate::oid::{self, Oid};

/// A distinguished name in its encoded form. Order and repeated attributes (DC, OU) stay as they were given.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Subject {
    der: Vec<u8>,
}

/// The encoding of the empty name.
const EMPTY: [u8; 2] = [0x30, 0];

impl Subject {
    /// The empty name.
    pub fn empty() -> Subject {
        Subject { der: EMPTY.to_vec() }
    }

    /// A name of one attribute, CN.
    pub fn common_name(text: &str) -> Result<Subject, Error> {
        Subject::from_attributes([(oid::COMMON_NAME, text)])
    }

    /// A name of attributes in the order in which they are encoded: the most general one first.
    pub fn from_attributes<'a>(attributes: impl IntoIterator<Item = (Oid<'a>, &'a str)>) -> Result<Subject, Error> {
        let rdns = attributes
            .into_iter()
            .map(|(oid, text)| rdn(vec![attribute(oid, text)?]))
            .collect::<Result<RdnSequence, Error>>()?;
        Ok(Subject { der: encode(&rdns)? })
    }

    /// A name that stands elsewhere, byte for byte.
    pub fn from_name(name: &Name<'_>) -> Subject {
        Subject { der: name.der().to_vec() }
    }

    /// All bytes of the name.
    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// The name to be read.
    pub fn name(&self) -> Name<'_> {
        Name::from_part(&self.der, 0)
    }

    /// Says whether the name has no attribute at all.
    pub fn is_empty(&self) -> bool {
        self.name().is_empty()
    }
}

impl FromStr for Subject {
    type Err = Error;

    /// Reads RFC 4514, such as `CN=plc7,OU=Line 3+OU=Hall B,O=Plant,DC=plant,DC=example`.
    ///
    /// The first attribute is the most specific one and is encoded last, as [`Name`]
    /// writes it back. Blanks around `,`, `+` and `=` do not count; an attribute type is
    /// a keyword in any case or dotted decimals; `\` escapes; a value may be in quotes.
    fn from_str(text: &str) -> Result<Subject, Error> {
        let mut parser = Parser { text, rest: text };
        let mut rdns = RdnSequence::new();
        parser.skip_blanks();
        while !parser.rest.is_empty() {
            let mut members = vec![parser.attribute()?];
            while parser.takes('+') {
                members.push(parser.attribute()?);
            }
            rdns.push(rdn(members)?);
            if !parser.takes(',') {
                break;
            }
            if parser.rest.is_empty() {
                return Err(parser.error("nothing follows the last comma"));
            }
        }
        if !parser.rest.is_empty() {
            return Err(parser.error("expected a comma"));
        }
        rdns.reverse();
        Ok(Subject { der: encode(&rdns)? })
    }
}

struct Parser<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Parser<'a> {
    fn error(&self, problem: &'static str) -> Error {
        let read = self.text.len().saturating_sub(self.rest.len());
        let at = self.text.get(..read).unwrap_or_default().chars().count().saturating_add(1);
        Error::NameSyntax { text: self.text.to_owned(), at, problem }
    }

    fn skip_blanks(&mut self) {
        self.rest = self.rest.trim_start_matches(' ');
    }

    fn takes(&mut self, separator: char) -> bool {
        match self.rest.strip_prefix(separator) {
            Some(rest) => {
                self.rest = rest;
                self.skip_blanks();
                true
            }
            None => false,
        }
    }

    fn attribute(&mut self) -> Result<NameAttribute, Error> {
        self.skip_blanks();
        let Some((keyword, rest)) = self.rest.split_once('=') else {
            return Err(self.error("expected an attribute and =, such as CN="));
        };
        let dotted;
        let oid = match RULES.iter().find(|rule| rule.is_called(keyword.trim())) {
            Some(rule) => rule.oid,
            None => match oid::encode(keyword.trim()) {
                Some(octets) => {
                    dotted = octets;
                    Oid(&dotted)
                }
                None => return Err(self.error("unknown attribute; give its object identifier")),
            },
        };
        self.rest = rest;
        self.skip_blanks();
        let value = if self.rest.starts_with('"') { self.quoted()? } else { self.plain()? };
        attribute(oid, &value)
    }

    fn quoted(&mut self) -> Result<String, Error> {
        let mut value = Vec::new();
        self.rest = self.rest.strip_prefix('"').unwrap_or(self.rest);
        loop {
            match self.rest.chars().next() {
                Some('"') => {
                    self.step('"');
                    self.skip_blanks();
                    return self.decoded(value);
                }
                Some('\\') => self.escape(&mut value)?,
                Some(character) => self.keep(character, &mut value),
                None => return Err(self.error("a quotation mark is not closed")),
            }
        }
    }

    fn plain(&mut self) -> Result<String, Error> {
        let mut value = Vec::new();
        // Blanks before the separator do not count, unless they are escaped.
        let mut kept = 0;
        loop {
            match self.rest.chars().next() {
                None | Some(',' | '+') => {
                    value.truncate(kept);
                    return self.decoded(value);
                }
                Some('\\') => {
                    self.escape(&mut value)?;
                    kept = value.len();
                }
                Some('"' | ';' | '<' | '>') => return Err(self.error("this character needs a \\ before it")),
                Some('#') if value.is_empty() => return Err(self.error("hexadecimal values are not supported")),
                Some(character) => {
                    self.keep(character, &mut value);
                    if character != ' ' {
                        kept = value.len();
                    }
                }
            }
        }
    }

    fn step(&mut self, character: char) {
        self.rest = self.rest.get(character.len_utf8()..).unwrap_or_default();
    }

    fn keep(&mut self, character: char, value: &mut Vec<u8>) {
        value.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
        self.step(character);
    }

    /// Reads `\,` and the like, or `\C3` and its like: one octet of UTF-8.
    fn escape(&mut self, value: &mut Vec<u8>) -> Result<(), Error> {
        let after = self.rest.get(1..).unwrap_or_default();
        if let Some(pair) = after.get(..2)
            && pair.bytes().all(|digit| digit.is_ascii_hexdigit())
            && let Ok(octet) = u8::from_str_radix(pair, 16)
        {
            value.push(octet);
            self.rest = after.get(2..).unwrap_or_default();
            return Ok(());
        }
        match after.chars().next() {
            Some(character @ (' ' | '"' | '#' | '+' | ',' | ';' | '<' | '=' | '>' | '\\')) => {
                self.step('\\');
                self.keep(character, value);
                Ok(())
            }
            _ => Err(self.error("a \\ must be followed by a special character or two hexadecimal digits")),
        }
    }

    fn decoded(&self, value: Vec<u8>) -> Result<String, Error> {
        String::from_utf8(value).map_err(|_| self.error("the escaped octets before this are not UTF-8"))
    }
}

/// What an attribute may hold.
struct Rule {
    oid: Oid<'static>,
    /// How people write it; the first one is RFC 4514's where it has one.
    names: &'static [&'static str],
    form: StringForm,
    /// The upper bound in characters (RFC 5280 appendix A.1; X.520 for the others).
    most: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum StringForm {
    Utf8,
    Printable,
    Ia5,
}

impl Rule {
    fn is_called(&self, keyword: &str) -> bool {
        self.names.iter().any(|name| name.eq_ignore_ascii_case(keyword))
    }
}

const fn rule(oid: Oid<'static>, names: &'static [&'static str], form: StringForm, most: usize) -> Rule {
    Rule { oid, names, form, most }
}

static RULES: [Rule; 20] = [
    rule(oid::COMMON_NAME, &["CN", "commonName"], StringForm::Utf8, 64),
    rule(oid::ORGANIZATION, &["O", "organizationName"], StringForm::Utf8, 64),
    rule(oid::ORGANIZATIONAL_UNIT, &["OU", "organizationalUnitName"], StringForm::Utf8, 64),
    rule(oid::DOMAIN_COMPONENT, &["DC", "domainComponent"], StringForm::Ia5, 63),
    rule(oid::COUNTRY, &["C", "countryName"], StringForm::Printable, 2),
    rule(oid::LOCALITY, &["L", "localityName"], StringForm::Utf8, 128),
    rule(oid::STATE, &["ST", "S", "stateOrProvinceName"], StringForm::Utf8, 128),
    rule(oid::STREET, &["STREET", "streetAddress"], StringForm::Utf8, 128),
    rule(oid::POSTAL_CODE, &["postalCode"], StringForm::Utf8, 40),
    rule(oid::SERIAL_NUMBER, &["serialNumber"], StringForm::Printable, 64),
    rule(oid::SURNAME, &["SN", "surname"], StringForm::Utf8, 64),
    rule(oid::GIVEN_NAME, &["GN", "givenName"], StringForm::Utf8, 64),
    rule(oid::INITIALS, &["initials"], StringForm::Utf8, 64),
    rule(oid::PSEUDONYM, &["pseudonym"], StringForm::Utf8, 128),
    rule(oid::TITLE, &["title"], StringForm::Utf8, 64),
    rule(oid::DN_QUALIFIER, &["dnQualifier"], StringForm::Printable, 64),
    rule(oid::BUSINESS_CATEGORY, &["businessCategory"], StringForm::Utf8, 128),
    rule(oid::ORGANIZATION_IDENTIFIER, &["organizationIdentifier"], StringForm::Utf8, 256),
    rule(oid::USER_ID, &["UID", "userId"], StringForm::Utf8, 256),
    rule(oid::EMAIL_ADDRESS, &["emailAddress", "E", "email"], StringForm::Ia5, 255),
];

/// Any other attribute: text of a moderate length.
static OTHER: Rule = rule(Oid(&[]), &["attribute"], StringForm::Utf8, 256);

/// A relative distinguished name, its attributes in the order of DER; the same one does not stand in it twice.
fn rdn(attributes: Vec<NameAttribute>) -> Result<SetOfVec<NameAttribute>, Error> {
    Ok(SetOfVec::try_from(attributes).map_err(NotWritten::from)?)
}

/// Makes an AttributeTypeAndValue, as UTF8String unless its type demands another (RFC 5280 appendix A.1).
fn attribute(oid: Oid<'_>, text: &str) -> Result<NameAttribute, Error> {
    let rule = RULES.iter().find(|rule| rule.oid == oid).unwrap_or(&OTHER);
    let refuse = |problem: String| {
        let attribute = rule.names.first().copied().unwrap_or("attribute");
        Err(Error::NameValue { attribute, value: text.to_owned(), problem, clause: "RFC 5280 appendix A.1" })
    };
    let length = text.chars().count();
    if length == 0 {
        return refuse("it is empty".to_owned());
    }
    if length > rule.most {
        return refuse(format!("it has {length} characters, and at most {} are allowed", rule.most));
    }
    if text.chars().any(char::is_control) {
        return refuse("it has a control character".to_owned());
    }
    if oid == oid::COUNTRY && !(length == 2 && text.bytes().all(|letter| letter.is_ascii_uppercase())) {
        return refuse("a country must be two capital letters (ISO 3166)".to_owned());
    }
    let tag = match rule.form {
        StringForm::Utf8 => Tag::Utf8String,
        StringForm::Printable if text.bytes().all(is_printable) => Tag::PrintableString,
        StringForm::Printable => return refuse("only letters, digits, blanks and '()+,-./:=? are allowed".to_owned()),
        StringForm::Ia5 if text.is_ascii() => Tag::Ia5String,
        StringForm::Ia5 => return refuse("only ASCII is allowed".to_owned()),
    };
    let made = || -> der::Result<NameAttribute> {
        Ok(NameAttribute {
            kind: Any::new(Tag::ObjectIdentifier, oid.as_bytes())?,
            value: Any::new(tag, text.as_bytes())?,
        })
    };
    Ok(made().map_err(NotWritten::from)?)
}

/// Says whether PrintableString has this character (X.680 clause 41.4).
fn is_printable(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b" '()+,-./:=?".contains(&octet)
}
