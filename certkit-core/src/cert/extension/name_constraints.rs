//! nameConstraints (RFC 5280 section 4.2.1.10).

use super::super::general_name::GeneralName;
use super::Decode;
use crate::asn1::{self, Reader, Tag};
use crate::oid::{self, Oid};

/// One subtree of names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subtree<'a> {
    /// The name that all names of the subtree begin or end with.
    pub base: GeneralName<'a>,
    /// Whether minimum is 0 and maximum absent, the only values that RFC 5280 allows.
    pub is_whole: bool,
    /// Whether minimum is spelt out as 0, which DER forbids.
    pub spells_default: bool,
}

/// The names that certificates below may have.
#[derive(Clone, Copy, Debug)]
pub struct NameConstraints<'a> {
    permitted: Reader<'a>,
    excluded: Reader<'a>,
}

fn subtree<'a>(list: &mut Reader<'a>) -> Result<Subtree<'a>, asn1::Error> {
    let mut fields = list.sequence()?;
    let base = GeneralName::from_element(&fields.element()?)?;
    let minimum = fields.optional(Tag::context(0))?;
    let maximum = fields.optional(Tag::context(1))?;
    fields.finish()?;
    let is_whole = maximum.is_none() && minimum.is_none_or(|minimum| minimum.value == [0]);
    let spells_default = minimum.is_some_and(|minimum| minimum.value == [0]);
    Ok(Subtree { base, is_whole, spells_default })
}

fn walk(mut list: Reader<'_>) -> impl Iterator<Item = Subtree<'_>> {
    std::iter::from_fn(move || subtree(&mut list).ok())
}

impl<'a> NameConstraints<'a> {
    /// The subtrees that names must lie in, where there is one of their kind.
    pub fn permitted(&self) -> impl Iterator<Item = Subtree<'a>> + use<'a> {
        walk(self.permitted)
    }

    /// The subtrees that names must not lie in.
    pub fn excluded(&self) -> impl Iterator<Item = Subtree<'a>> + use<'a> {
        walk(self.excluded)
    }
}

impl<'a> Decode<'a> for NameConstraints<'a> {
    const OID: Oid<'static> = oid::NAME_CONSTRAINTS;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        let mut fields = reader.sequence()?;
        let mut list = |number| -> Result<Reader<'a>, asn1::Error> {
            let list = fields.optional(Tag::context_constructed(number))?;
            let list = list.map_or(Reader::new(&[]), |element| element.contents());
            let mut walk = list;
            while !walk.is_empty() {
                subtree(&mut walk)?;
            }
            Ok(list)
        };
        let constraints = NameConstraints { permitted: list(0)?, excluded: list(1)? };
        fields.finish()?;
        Ok(constraints)
    }
}
