//! Errors that an administrator has switched off (OPC 10000-4 section 6.1.3, OPC 10000-12 TrustListValidationOptions).

use super::Step;
use crate::status::StatusCode;

/// Status codes that do not lead to a refusal. They are told all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Suppressions {
    codes: Vec<StatusCode>,
}

/// Says why a status code cannot be suppressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SuppressionError {
    /// It is a result that nobody may waive.
    #[error("{0} cannot be suppressed: OPC 10000-4 section 6.1.3 does not allow it")]
    Mandatory(StatusCode),
    /// It is no result of a certificate's validation.
    #[error("{0} is not a result of certificate validation")]
    Foreign(StatusCode),
}

/// The bits of TrustListValidationOptions that suppress errors, in their order, with what each suppresses.
const OPTIONS: [(u32, &[StatusCode]); 5] = [
    (1 << 0, &[StatusCode::BAD_CERTIFICATE_TIME_INVALID]),
    (1 << 1, &[StatusCode::BAD_CERTIFICATE_HOST_NAME_INVALID, StatusCode::BAD_CERTIFICATE_URI_INVALID]),
    (1 << 2, &[StatusCode::BAD_CERTIFICATE_REVOCATION_UNKNOWN]),
    (1 << 3, &[StatusCode::BAD_CERTIFICATE_ISSUER_TIME_INVALID]),
    (1 << 4, &[StatusCode::BAD_CERTIFICATE_ISSUER_REVOCATION_UNKNOWN]),
];

impl Suppressions {
    /// Takes status codes.
    ///
    /// # Errors
    /// At the first code that nobody may waive, and at the first that is no result of a validation.
    pub fn of(codes: &[StatusCode]) -> Result<Suppressions, SuppressionError> {
        for code in codes {
            match Step::of(*code) {
                Some(step) if step.is_suppressible() => {}
                Some(_) => return Err(SuppressionError::Mandatory(*code)),
                None => return Err(SuppressionError::Foreign(*code)),
            }
        }
        Ok(Suppressions { codes: codes.to_vec() })
    }

    /// Takes the bits of TrustListValidationOptions (OPC 10000-12); those that do not suppress anything are left out.
    pub fn from_options(bits: u32) -> Suppressions {
        let codes = OPTIONS.iter().filter(|(bit, _)| bits & bit != 0).flat_map(|(_, codes)| codes.iter().copied());
        Suppressions { codes: codes.collect() }
    }

    /// Says whether a code is suppressed.
    pub fn contain(&self, code: StatusCode) -> bool {
        self.codes.contains(&code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_standard_allows_is_suppressed() {
        let of = |code| Suppressions::of(&[code]);
        for code in [
            StatusCode::BAD_CERTIFICATE_INVALID,
            StatusCode::BAD_CERTIFICATE_CHAIN_INCOMPLETE,
            StatusCode::BAD_CERTIFICATE_UNTRUSTED,
            StatusCode::BAD_CERTIFICATE_REVOKED,
            StatusCode::BAD_CERTIFICATE_ISSUER_REVOKED,
        ] {
            assert_eq!(of(code), Err(SuppressionError::Mandatory(code)));
        }
        assert_eq!(of(StatusCode::BAD_TIMEOUT), Err(SuppressionError::Foreign(StatusCode::BAD_TIMEOUT)));
        assert!(of(StatusCode::BAD_CERTIFICATE_ISSUER_USE_NOT_ALLOWED).is_ok());
    }

    #[test]
    fn the_options_of_a_trust_list_stand_for_codes() {
        assert_eq!(Suppressions::from_options(0b110_0000), Suppressions::default());
        let both = Suppressions::from_options(0b1_0010);
        assert!(both.contain(StatusCode::BAD_CERTIFICATE_URI_INVALID));
        assert!(both.contain(StatusCode::BAD_CERTIFICATE_ISSUER_REVOCATION_UNKNOWN));
        assert!(!both.contain(StatusCode::BAD_CERTIFICATE_REVOCATION_UNKNOWN));
    }
}
