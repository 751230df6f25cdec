//! Takes apart the certificates that OPC UA puts one after the other into one field (OPC 10000-6
//! section 6.2.6). Knows their lengths, nothing of what they say.

use crate::asn1::{self, Problem, Reader, Tag};

use super::MAX_CERTIFICATES;

/// Splits a certificate field into its certificates, the server's own first.
///
/// An empty field has none. What is inside the certificates is not looked at.
///
/// # Errors
/// When something else than a certificate stands in the field, or a certificate is cut short; the
/// certificates before it are in the error.
pub fn split_chain(field: &[u8]) -> Result<Vec<Vec<u8>>, ChainError> {
    let mut reader = Reader::new(field);
    let mut certificates = Vec::new();
    while !reader.is_empty() {
        let offset = reader.offset();
        let next = match reader.expect(Tag::SEQUENCE) {
            Ok(_) if certificates.len() >= MAX_CERTIFICATES => Err(ChainProblem::TooMany),
            Ok(element) => Ok(element.raw.to_vec()),
            Err(_) if reader.rest().iter().all(|&byte| byte == 0) => Err(ChainProblem::Padding(reader.rest().len())),
            Err(asn1::Error { problem: Problem::Truncated, .. }) => Err(ChainProblem::Truncated),
            Err(asn1::Error { problem: Problem::Unexpected { found, .. }, .. }) => {
                Err(ChainProblem::NotACertificate(found))
            }
            Err(error) => Err(ChainProblem::Length(error.problem)),
        };
        match next {
            Ok(certificate) => certificates.push(certificate),
            Err(problem) => return Err(ChainError { certificates, offset, problem }),
        }
    }
    Ok(certificates)
}

/// A certificate field that does not consist of certificates alone.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("after {} certificates, at byte {offset} of the field: {problem}", certificates.len())]
pub struct ChainError {
    /// The certificates that were whole, in their order.
    pub certificates: Vec<Vec<u8>>,
    /// Where the rest begins.
    pub offset: usize,
    /// What is wrong there.
    pub problem: ChainProblem,
}

/// What can be wrong with a certificate field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChainProblem {
    /// Nothing but zeros follow.
    #[error("{0} bytes of zero follow")]
    Padding(
        /// How many.
        usize,
    ),
    /// Something else than a certificate begins here.
    #[error("expected a certificate (SEQUENCE), found {0}")]
    NotACertificate(
        /// The tag that is there.
        Tag,
    ),
    /// The field ends before the certificate does.
    #[error("the certificate is cut short")]
    Truncated,
    /// The length is of a form that DER does not have.
    #[error("the certificate has no readable length: {0}")]
    Length(
        /// What is wrong with it.
        Problem,
    ),
    /// More certificates than are read.
    #[error("there are more than {MAX_CERTIFICATES} certificates")]
    TooMany,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SMALL: [u8; 5] = [0x30, 3, 2, 1, 7];

    /// A SEQUENCE of 300 bytes of contents, with a length as certificates have it.
    fn large() -> Vec<u8> {
        [&[0x30, 0x82, 0x01, 0x2c][..], &[5; 300]].concat()
    }

    fn problem(field: &[u8]) -> (usize, usize, ChainProblem) {
        let error = split_chain(field).unwrap_err();
        (error.certificates.len(), error.offset, error.problem)
    }

    #[test]
    fn a_field_may_hold_none_one_or_several() {
        assert_eq!(split_chain(&[]), Ok(vec![]));
        assert_eq!(split_chain(&large()), Ok(vec![large()]));
        assert_eq!(split_chain(&[&large()[..], &SMALL].concat()), Ok(vec![large(), SMALL.to_vec()]));
    }

    #[test]
    fn what_follows_is_named_and_what_came_before_is_kept() {
        assert_eq!(problem(&[&SMALL[..], &[0, 0]].concat()), (1, 5, ChainProblem::Padding(2)));
        assert_eq!(problem(&[&SMALL[..], b"x"].concat()), (1, 5, ChainProblem::NotACertificate(Tag(b'x'))));
        assert_eq!(problem(&[&SMALL[..], &large()[..200]].concat()), (1, 5, ChainProblem::Truncated));
        assert_eq!(problem(&[0x30]), (0, 0, ChainProblem::Truncated));
        assert_eq!(problem(&[0x30, 0x80, 0, 0]), (0, 0, ChainProblem::Length(Problem::Indefinite)));
        assert_eq!(problem(&SMALL.repeat(200)), (128, 640, ChainProblem::TooMany));
        let error = split_chain(&[&SMALL[..], b"x"].concat()).unwrap_err();
        assert_eq!(error.certificates, [SMALL]);
    }

    proptest! {
        #[test]
        fn nothing_is_lost_or_added(field in prop::collection::vec(any::<u8>(), 0..64)) {
            let (certificates, offset) = match split_chain(&field) {
                Ok(certificates) => (certificates, field.len()),
                Err(error) => (error.certificates, error.offset),
            };
            prop_assert_eq!(certificates.concat(), &field[..offset]);
        }
    }
}
