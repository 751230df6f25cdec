//! extKeyUsage (RFC 5280 section 4.2.1.12).

use super::Decode;
use crate::asn1::{self, Reader};
use crate::oid::{self, Oid};

/// The purposes that the key is limited to.
#[derive(Clone, Copy, Debug)]
pub struct ExtendedKeyUsage<'a>(Reader<'a>);

impl<'a> ExtendedKeyUsage<'a> {
    /// The purposes in their order.
    pub fn purposes(&self) -> impl Iterator<Item = Oid<'a>> + use<'a> {
        let mut reader = self.0;
        std::iter::from_fn(move || reader.oid().ok().map(Oid))
    }

    /// Says whether this very purpose is listed.
    pub fn lists(&self, purpose: Oid<'_>) -> bool {
        self.purposes().any(|listed| listed == purpose)
    }

    /// Says whether the purpose is listed, or every purpose is (anyExtendedKeyUsage).
    pub fn allows(&self, purpose: Oid<'_>) -> bool {
        self.purposes().any(|listed| listed == purpose || listed == oid::ANY_EXTENDED_KEY_USAGE)
    }
}

impl<'a> Decode<'a> for ExtendedKeyUsage<'a> {
    const OID: Oid<'static> = oid::EXTENDED_KEY_USAGE;

    fn decode(reader: &mut Reader<'a>) -> Result<Self, asn1::Error> {
        let list = reader.sequence()?;
        let mut walk = list;
        while !walk.is_empty() {
            walk.oid()?;
        }
        Ok(ExtendedKeyUsage(list))
    }
}
