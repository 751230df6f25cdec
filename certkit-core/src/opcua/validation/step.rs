//! The steps of OPC 10000-4 section 6.1.3 and their status codes.

use crate::status::StatusCode;

/// A step of the validation, in the order of the standard's table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// The structure of the certificate.
    Structure = 1,
    /// A chain up to a root can be built.
    Chain,
    /// Every signature of the chain verifies.
    Signature,
    /// Key and signature fit the security policy.
    Policy,
    /// Something in the chain is trusted.
    Trust,
    /// The moment lies inside the validity.
    Validity,
    /// The host of the URL is in the certificate.
    HostName,
    /// The ApplicationUri is in the certificate.
    ApplicationUri,
    /// The certificate may be used for this.
    Usage,
    /// A revocation list is at hand.
    RevocationList,
    /// It is not on the list.
    Revocation,
}

impl Step {
    /// Every step in its order.
    pub const ALL: [Step; 11] = [
        Step::Structure,
        Step::Chain,
        Step::Signature,
        Step::Policy,
        Step::Trust,
        Step::Validity,
        Step::HostName,
        Step::ApplicationUri,
        Step::Usage,
        Step::RevocationList,
        Step::Revocation,
    ];

    /// Its number in the standard's table.
    pub const fn number(self) -> u8 {
        self as u8
    }

    /// What it looks at, in a few words.
    pub const fn title(self) -> &'static str {
        match self {
            Step::Structure => "structure",
            Step::Chain => "building the chain",
            Step::Signature => "signatures",
            Step::Policy => "security policy",
            Step::Trust => "trust list",
            Step::Validity => "validity",
            Step::HostName => "host name",
            Step::ApplicationUri => "ApplicationUri",
            Step::Usage => "usage",
            Step::RevocationList => "finding the revocation list",
            Step::Revocation => "revocation",
        }
    }

    /// The status code for the certificate under test.
    pub const fn leaf_code(self) -> StatusCode {
        match self {
            Step::Structure | Step::Signature => StatusCode::BAD_CERTIFICATE_INVALID,
            Step::Chain => StatusCode::BAD_CERTIFICATE_CHAIN_INCOMPLETE,
            Step::Policy => StatusCode::BAD_CERTIFICATE_POLICY_CHECK_FAILED,
            Step::Trust => StatusCode::BAD_CERTIFICATE_UNTRUSTED,
            Step::Validity => StatusCode::BAD_CERTIFICATE_TIME_INVALID,
            Step::HostName => StatusCode::BAD_CERTIFICATE_HOST_NAME_INVALID,
            Step::ApplicationUri => StatusCode::BAD_CERTIFICATE_URI_INVALID,
            Step::Usage => StatusCode::BAD_CERTIFICATE_USE_NOT_ALLOWED,
            Step::RevocationList => StatusCode::BAD_CERTIFICATE_REVOCATION_UNKNOWN,
            Step::Revocation => StatusCode::BAD_CERTIFICATE_REVOKED,
        }
    }

    /// The status code for a certificate at a position of its path: the leaf is at 0, issuers stand above.
    pub const fn code(self, position: usize) -> StatusCode {
        match self {
            Step::Validity if position > 0 => StatusCode::BAD_CERTIFICATE_ISSUER_TIME_INVALID,
            Step::Usage if position > 0 => StatusCode::BAD_CERTIFICATE_ISSUER_USE_NOT_ALLOWED,
            Step::RevocationList if position > 0 => StatusCode::BAD_CERTIFICATE_ISSUER_REVOCATION_UNKNOWN,
            Step::Revocation if position > 0 => StatusCode::BAD_CERTIFICATE_ISSUER_REVOKED,
            step => step.leaf_code(),
        }
    }

    /// The first step that gives this code.
    pub fn of(code: StatusCode) -> Option<Step> {
        Step::ALL.into_iter().find(|step| step.code(0) == code || step.code(1) == code)
    }

    /// Says whether an administrator may switch off the errors of this step.
    ///
    /// Deviation: OPC 10000-4 lets nobody waive a wrong ApplicationUri; an option of OPC 10000-12
    /// (SuppressHostNameInvalid) waives it together with the host name. The option is followed.
    pub const fn is_suppressible(self) -> bool {
        matches!(
            self,
            Step::Policy | Step::Validity | Step::HostName | Step::ApplicationUri | Step::Usage | Step::RevocationList
        )
    }
}
