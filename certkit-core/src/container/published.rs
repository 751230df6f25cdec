//! Reads what servers hand out to everybody: certificates and revocation lists, in DER, PEM or PKCS#7.
//!
//! What comes from the network is read by this alone. Knows no passwords and opens no stores: a stranger who may choose
//! what is read must not choose what it costs. One pass over the bytes, and a bound on what is taken.

use memchr::memmem;

use super::base64::Decoder;
use super::foreign::{self, Foreign, Store};
use super::pkcs7::{self, Member};
use super::reason::{Base64Problem, Pkcs7Problem};
use super::shape::{self, Extent, Shape};

/// What a server handed out, in its order; each still to be decoded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Published {
    /// The certificates.
    pub certificates: Vec<Vec<u8>>,
    /// The revocation lists.
    pub revocation_lists: Vec<Vec<u8>>,
    /// Whether something else follows one of them.
    pub has_rest: bool,
}

/// Why nothing was taken of what a server handed out.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PublishedProblem {
    /// A store under a password, which is nothing to hand out to everybody.
    #[error("it is a {0}; only DER, PEM and PKCS#7 are accepted from the network")]
    Store(Store),
    /// Something else altogether.
    #[error("it is {0}")]
    Foreign(Foreign),
    /// Nothing that is known here.
    #[error("it holds no certificate and no revocation list as DER, PEM or PKCS#7")]
    Nothing,
    /// More than is taken.
    #[error("there are more than {limit} certificates and revocation lists in it")]
    TooMany {
        /// The bound.
        limit: usize,
    },
    /// A bundle that cannot be read.
    #[error("its PKCS#7 bundle cannot be read: {0}")]
    Pkcs7(#[source] Pkcs7Problem),
    /// A block that is no base64.
    #[error("a PEM block in it is not base64: {0}")]
    Base64(Base64Problem),
    /// A block without an end.
    #[error("a PEM block in it has no END line")]
    Unfinished,
}

/// Reads at most `limit` certificates and lists.
///
/// # Errors
/// For everything that holds none, for more than `limit`, and for a bundle or block that is damaged.
pub fn read(bytes: &[u8], limit: usize) -> Result<Published, PublishedProblem> {
    let mut taking = Taking { found: Published::default(), left: limit, limit };
    if let Some(store) = foreign::store(bytes) {
        return Err(PublishedProblem::Store(store));
    }
    if shape::of(bytes).is_some() {
        taking.row(bytes)?;
    } else {
        taking.blocks(bytes)?;
    }
    let Taking { found, .. } = taking;
    if found.certificates.is_empty() && found.revocation_lists.is_empty() {
        return Err(foreign::foreign(bytes).map_or(PublishedProblem::Nothing, PublishedProblem::Foreign));
    }
    Ok(found)
}

struct Taking {
    found: Published,
    left: usize,
    limit: usize,
}

impl Taking {
    fn room(&mut self) -> Result<(), PublishedProblem> {
        self.left = self.left.checked_sub(1).ok_or(PublishedProblem::TooMany { limit: self.limit })?;
        Ok(())
    }

    fn certificate(&mut self, der: Vec<u8>) -> Result<(), PublishedProblem> {
        self.room()?;
        self.found.certificates.push(der);
        Ok(())
    }

    fn list(&mut self, der: Vec<u8>) -> Result<(), PublishedProblem> {
        self.room()?;
        self.found.revocation_lists.push(der);
        Ok(())
    }

    /// Takes values that stand one after the other, up to the first that is nothing to take.
    fn row(&mut self, bytes: &[u8]) -> Result<(), PublishedProblem> {
        let mut rest = bytes;
        while let Some(shape) = shape::of(rest) {
            let length = match shape::extent(rest) {
                Extent::Whole(length) => length,
                Extent::Indefinite | Extent::Cut => rest.len(),
            };
            let (value, after) = rest.split_at_checked(length).unwrap_or((rest, &[]));
            match shape {
                Shape::Certificate => self.certificate(value.to_vec())?,
                Shape::RevocationList => self.list(value.to_vec())?,
                Shape::Pkcs7 => self.bundle(value)?,
                _ => break,
            }
            rest = after;
        }
        self.found.has_rest |= !rest.trim_ascii().is_empty();
        Ok(())
    }

    fn bundle(&mut self, der: &[u8]) -> Result<(), PublishedProblem> {
        for member in pkcs7::read(der).map_err(PublishedProblem::Pkcs7)?.members {
            match member {
                Member::Certificate(der) => self.certificate(der)?,
                Member::RevocationList(der) => self.list(der)?,
                Member::Other(_) => {}
            }
        }
        Ok(())
    }

    /// Takes the blocks of PEM text; whatever their labels say, their shape decides.
    fn blocks(&mut self, text: &[u8]) -> Result<(), PublishedProblem> {
        let (begin, end) = (memmem::Finder::new("-----BEGIN "), memmem::Finder::new("-----END "));
        let mut decoder = Decoder::new();
        let mut rest = text;
        while let Some(at) = begin.find(rest) {
            let block = rest.get(at.saturating_add(begin.needle().len())..).unwrap_or_default();
            let stop = end.find(block).ok_or(PublishedProblem::Unfinished)?;
            let (block, after) = block.split_at_checked(stop).unwrap_or((block, &[]));
            let label = memmem::find(block, b"-----").ok_or(PublishedProblem::Unfinished)?;
            let body = block.get(label.saturating_add(5)..).unwrap_or_default();
            let der = decoder.decode(body).map_err(|fault| PublishedProblem::Base64(fault.problem))?;
            self.row(&der)?;
            rest = after.get(end.needle().len()..).unwrap_or_default();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::pem;
    use super::*;

    fn certificate() -> Vec<u8> {
        let text = include_bytes!("../../../testdata/checks/address-as-dns-name/good.pem");
        super::super::read(text).unwrap().into_certificates().next().unwrap()
    }

    #[test]
    fn der_pem_and_bundles_are_read() {
        let der = certificate();
        let two = pem::encode("CERTIFICATE", &der) + "some words\n" + &pem::encode("X509 CERTIFICATE", &der);
        assert_eq!(read(&der, 9).unwrap().certificates, std::slice::from_ref(&der));
        assert_eq!(read(two.as_bytes(), 9).unwrap().certificates.len(), 2);
        assert!(!read(&[&der, &b"\r\n"[..]].concat(), 9).unwrap().has_rest);
        assert!(read(&[&der, &b"\0"[..]].concat(), 9).unwrap().has_rest);
        let bundle = pkcs7::encode(&[&der, &der, &der]);
        assert_eq!(read(&bundle, 3).unwrap().certificates.len(), 3);
        assert_eq!(read(pem::encode("PKCS7", &bundle).as_bytes(), 9).unwrap().certificates.len(), 3);
        for many in [bundle, [&*der, &der, &der].concat(), two.repeat(2).into_bytes()] {
            assert_eq!(read(&many, 2), Err(PublishedProblem::TooMany { limit: 2 }));
        }
    }

    #[test]
    fn nothing_else_is() {
        assert_eq!(read(b"<html>log in</html>", 9), Err(PublishedProblem::Foreign(Foreign::Html)));
        assert!(read(b"", 9).is_err());
        assert_eq!(read(b"-----BEGIN CERTIFICATE-----\nMII", 9), Err(PublishedProblem::Unfinished));
        assert_eq!(read(&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2], 9), Err(PublishedProblem::Store(Store::Jks)));
        // A store under the label of a certificate is no certificate.
        let store: &[u8] = &[0x30, 0x80, 2, 1, 3, 0x30, 0x80];
        for store in [store, &[0xce, 0xce, 0xce, 0xce, 0, 0, 0, 2]] {
            let text = pem::encode("CERTIFICATE", store);
            assert!(read(text.as_bytes(), 9).is_err());
        }
    }
}
