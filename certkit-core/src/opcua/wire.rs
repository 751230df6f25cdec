//! What a server tells its client in place of a validation's result (OPC 10000-4 sections 5.5.2 and 6.1.3).

use super::validation::Peer;
use crate::status::StatusCode;

/// What the standard lets a server tell: the results of steps 1 to 5 and of the last are hidden, so that a stranger
/// learns nothing of the lists.
///
/// For a user's certificate the answer is one about the identity token.
pub fn reported(peer: Peer, status: StatusCode) -> StatusCode {
    match (peer, status) {
        (_, StatusCode::GOOD) => StatusCode::GOOD,
        (Peer::User, StatusCode::BAD_CERTIFICATE_USE_NOT_ALLOWED) => StatusCode::BAD_IDENTITY_TOKEN_INVALID,
        (Peer::User, _) => StatusCode::BAD_IDENTITY_TOKEN_REJECTED,
        (
            _,
            StatusCode::BAD_CERTIFICATE_INVALID
            | StatusCode::BAD_CERTIFICATE_CHAIN_INCOMPLETE
            | StatusCode::BAD_CERTIFICATE_POLICY_CHECK_FAILED
            | StatusCode::BAD_CERTIFICATE_UNTRUSTED
            | StatusCode::BAD_CERTIFICATE_REVOKED
            | StatusCode::BAD_CERTIFICATE_ISSUER_REVOKED,
        ) => StatusCode::BAD_SECURITY_CHECKS_FAILED,
        (_, status) => status,
    }
}
