//! Status codes of OPC UA: their numbers, their names, and what they say.
//!
//! Knows the codes that certificates, security, discovery and the transport can lead to (OPC 10000-4
//! and OPC 10000-6). Refuses to know which check leads to which: that stands with the checks.

use std::fmt;
use std::str::FromStr;

/// A status code as it is sent: the upper half says what happened, the lower half holds flags.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct StatusCode(pub u32);

impl StatusCode {
    /// The codes that have a name here, in the order of their numbers.
    pub fn known() -> impl Iterator<Item = StatusCode> {
        TABLE.iter().map(|entry| entry.code)
    }

    /// Gives the name without the standard's underscore, such as `BadCertificateInvalid`.
    pub fn name(self) -> Option<&'static str> {
        self.entry().map(|entry| entry.name)
    }

    /// Gives in half a sentence what the code says.
    pub fn meaning(self) -> Option<&'static str> {
        self.entry().map(|entry| entry.meaning)
    }

    /// Says whether something failed: the two highest bits are 10, or the reserved 11.
    pub const fn is_bad(self) -> bool {
        self.0 & 0x8000_0000 != 0
    }

    /// Says whether the upper half holds a status: a number below 65,536 is some other program's, or `Good` with flags.
    pub const fn has_status(self) -> bool {
        self.0 & 0xffff_0000 != 0
    }

    /// Says whether the lower half can be the flags of a status code: the numbers of Windows look alike, and use all bits.
    pub const fn has_sound_flags(self) -> bool {
        // OPC 10000-4 section 7.39: bits 12, 13 and 11 are reserved, and bits 0 to 9 are of use with bit 10 only.
        self.0 & 0x3800 == 0 && (self.0 & 0x0400 != 0 || self.0 & 0x03ff == 0)
    }

    fn entry(self) -> Option<&'static Entry> {
        let code = StatusCode(self.0 & 0xffff_0000);
        TABLE.iter().find(|entry| entry.code == code)
    }
}

impl fmt::Display for StatusCode {
    /// Writes `BadCertificateInvalid (0x80120000)`, or the number alone.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.name() {
            Some(name) => write!(f, "{name} ({:#010x})", self.0),
            None => write!(f, "{:#010x}", self.0),
        }
    }
}

/// Says why a text is not a status code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{text}` is not a known status code: expected a name such as BadCertificateUntrusted, or a number such as 0x801a0000"
)]
pub struct StatusCodeError {
    /// What was read.
    pub text: String,
}

impl FromStr for StatusCode {
    type Err = StatusCodeError;

    /// Reads a name in any case, with or without the standard's underscore, or a number.
    fn from_str(text: &str) -> Result<StatusCode, StatusCodeError> {
        let error = || StatusCodeError { text: text.to_owned() };
        let trimmed = text.trim();
        if let Some(digits) = trimmed.strip_prefix("0x").or_else(|| trimmed.strip_prefix("0X")) {
            let plain = !digits.starts_with('+');
            return u32::from_str_radix(digits, 16).ok().filter(|_| plain).map(StatusCode).ok_or_else(error);
        }
        if trimmed.starts_with('-') {
            // Logs of programs without unsigned numbers have them like this.
            return trimmed.parse().map(|number: i32| StatusCode(number.cast_unsigned())).map_err(|_| error());
        }
        if trimmed.starts_with(|first: char| first.is_ascii_digit()) {
            return trimmed.parse().map(StatusCode).map_err(|_| error());
        }
        let name = trimmed.replace('_', "");
        let entry = TABLE.iter().find(|entry| entry.name.eq_ignore_ascii_case(&name));
        entry.map(|entry| entry.code).ok_or_else(error)
    }
}

struct Entry {
    code: StatusCode,
    name: &'static str,
    meaning: &'static str,
}

macro_rules! statuses {
    ($($constant:ident = $code:literal, $name:literal, $meaning:literal;)*) => {
        impl StatusCode {
            $(
                #[doc = concat!("`", $name, "`: ", $meaning, ".")]
                pub const $constant: StatusCode = StatusCode($code);
            )*
        }
        static TABLE: &[Entry] =
            &[$(Entry { code: StatusCode::$constant, name: $name, meaning: $meaning }),*];
    };
}

statuses! {
    GOOD = 0x0000_0000, "Good", "nothing is wrong";

    BAD_UNEXPECTED_ERROR = 0x8001_0000, "BadUnexpectedError", "something unexpected happened";
    BAD_INTERNAL_ERROR = 0x8002_0000, "BadInternalError", "the other side has a fault of its own";
    BAD_OUT_OF_MEMORY = 0x8003_0000, "BadOutOfMemory", "the other side is out of memory";
    BAD_RESOURCE_UNAVAILABLE = 0x8004_0000, "BadResourceUnavailable", "the system lacks something that is needed";
    BAD_COMMUNICATION_ERROR = 0x8005_0000, "BadCommunicationError", "the connection below failed";
    BAD_ENCODING_ERROR = 0x8006_0000, "BadEncodingError", "an answer could not be encoded";
    BAD_DECODING_ERROR = 0x8007_0000, "BadDecodingError", "a message could not be decoded";
    BAD_ENCODING_LIMITS_EXCEEDED = 0x8008_0000, "BadEncodingLimitsExceeded", "a message is larger or deeper than allowed";
    BAD_UNKNOWN_RESPONSE = 0x8009_0000, "BadUnknownResponse", "the answer is not one to the request";
    BAD_TIMEOUT = 0x800a_0000, "BadTimeout", "the time was up";
    BAD_SERVICE_UNSUPPORTED = 0x800b_0000, "BadServiceUnsupported", "the server does not have this service";
    BAD_SHUTDOWN = 0x800c_0000, "BadShutdown", "the application is shutting down";
    BAD_SERVER_NOT_CONNECTED = 0x800d_0000, "BadServerNotConnected", "there is no connection to the server";
    BAD_SERVER_HALTED = 0x800e_0000, "BadServerHalted", "the server has stopped";
    BAD_NOTHING_TO_DO = 0x800f_0000, "BadNothingToDo", "the request asked for nothing";
    BAD_TOO_MANY_OPERATIONS = 0x8010_0000, "BadTooManyOperations", "the request asked for too much at once";

    BAD_CERTIFICATE_INVALID = 0x8012_0000, "BadCertificateInvalid", "the certificate cannot be read, or a signature in its chain is wrong";
    BAD_SECURITY_CHECKS_FAILED = 0x8013_0000, "BadSecurityChecksFailed", "a security check failed, and the peer is not told which";
    BAD_CERTIFICATE_TIME_INVALID = 0x8014_0000, "BadCertificateTimeInvalid", "the certificate has expired or is not valid yet";
    BAD_CERTIFICATE_ISSUER_TIME_INVALID = 0x8015_0000, "BadCertificateIssuerTimeInvalid", "an issuer's certificate has expired or is not valid yet";
    BAD_CERTIFICATE_HOST_NAME_INVALID = 0x8016_0000, "BadCertificateHostNameInvalid", "the host that was connected to is not in the certificate";
    BAD_CERTIFICATE_URI_INVALID = 0x8017_0000, "BadCertificateUriInvalid", "the ApplicationUri is not the URI in the certificate";
    BAD_CERTIFICATE_USE_NOT_ALLOWED = 0x8018_0000, "BadCertificateUseNotAllowed", "the certificate may not be used for this";
    BAD_CERTIFICATE_ISSUER_USE_NOT_ALLOWED = 0x8019_0000, "BadCertificateIssuerUseNotAllowed", "an issuer's certificate may not be used to issue";
    BAD_CERTIFICATE_UNTRUSTED = 0x801a_0000, "BadCertificateUntrusted", "neither the certificate nor an issuer of it is trusted";
    BAD_CERTIFICATE_REVOCATION_UNKNOWN = 0x801b_0000, "BadCertificateRevocationUnknown", "there is no usable revocation list of the certificate's issuer";
    BAD_CERTIFICATE_ISSUER_REVOCATION_UNKNOWN = 0x801c_0000, "BadCertificateIssuerRevocationUnknown", "there is no usable revocation list for an issuer's certificate";
    BAD_CERTIFICATE_REVOKED = 0x801d_0000, "BadCertificateRevoked", "the certificate has been revoked";
    BAD_CERTIFICATE_ISSUER_REVOKED = 0x801e_0000, "BadCertificateIssuerRevoked", "an issuer's certificate has been revoked";
    BAD_USER_ACCESS_DENIED = 0x801f_0000, "BadUserAccessDenied", "the user may not do this";
    BAD_IDENTITY_TOKEN_INVALID = 0x8020_0000, "BadIdentityTokenInvalid", "the user's token is not valid";
    BAD_IDENTITY_TOKEN_REJECTED = 0x8021_0000, "BadIdentityTokenRejected", "the user's token is valid and refused";
    BAD_SECURE_CHANNEL_ID_INVALID = 0x8022_0000, "BadSecureChannelIdInvalid", "there is no such secure channel";
    BAD_INVALID_TIMESTAMP = 0x8023_0000, "BadInvalidTimestamp", "a time is outside what the server accepts";
    BAD_NONCE_INVALID = 0x8024_0000, "BadNonceInvalid", "the nonce is too short or was used before";
    BAD_SESSION_ID_INVALID = 0x8025_0000, "BadSessionIdInvalid", "there is no such session";
    BAD_REQUEST_HEADER_INVALID = 0x802a_0000, "BadRequestHeaderInvalid", "the header of the request is not valid";

    BAD_NOT_SUPPORTED = 0x803d_0000, "BadNotSupported", "this is not supported";
    BAD_REQUEST_TYPE_INVALID = 0x8053_0000, "BadRequestTypeInvalid", "the kind of token request is not valid";
    BAD_SECURITY_MODE_REJECTED = 0x8054_0000, "BadSecurityModeRejected", "the server does not take this security mode";
    BAD_SECURITY_POLICY_REJECTED = 0x8055_0000, "BadSecurityPolicyRejected", "the server does not take this security policy";
    BAD_TOO_MANY_SESSIONS = 0x8056_0000, "BadTooManySessions", "the server has all the sessions it can have";
    BAD_USER_SIGNATURE_INVALID = 0x8057_0000, "BadUserSignatureInvalid", "the signature of the user's token is missing or wrong";
    BAD_APPLICATION_SIGNATURE_INVALID = 0x8058_0000, "BadApplicationSignatureInvalid", "the signature made with the application's certificate is missing or wrong";
    BAD_NO_VALID_CERTIFICATES = 0x8059_0000, "BadNoValidCertificates", "the client has no certificate that this needs";

    BAD_TCP_SERVER_TOO_BUSY = 0x807d_0000, "BadTcpServerTooBusy", "the server is too busy";
    BAD_TCP_MESSAGE_TYPE_INVALID = 0x807e_0000, "BadTcpMessageTypeInvalid", "a message of this type is not allowed here";
    BAD_TCP_SECURE_CHANNEL_UNKNOWN = 0x807f_0000, "BadTcpSecureChannelUnknown", "the channel or its token is not in use";
    BAD_TCP_MESSAGE_TOO_LARGE = 0x8080_0000, "BadTcpMessageTooLarge", "a message is larger than was agreed";
    BAD_TCP_NOT_ENOUGH_RESOURCES = 0x8081_0000, "BadTcpNotEnoughResources", "there is not enough of something to go on";
    BAD_TCP_INTERNAL_ERROR = 0x8082_0000, "BadTcpInternalError", "the other side has a fault of its own";
    BAD_TCP_ENDPOINT_URL_INVALID = 0x8083_0000, "BadTcpEndpointUrlInvalid", "the server does not know the endpoint's URL";
    BAD_REQUEST_INTERRUPTED = 0x8084_0000, "BadRequestInterrupted", "the request could not be sent whole";
    BAD_REQUEST_TIMEOUT = 0x8085_0000, "BadRequestTimeout", "the request took too long";
    BAD_SECURE_CHANNEL_CLOSED = 0x8086_0000, "BadSecureChannelClosed", "the secure channel is closed";
    BAD_SECURE_CHANNEL_TOKEN_UNKNOWN = 0x8087_0000, "BadSecureChannelTokenUnknown", "the token of the channel is unknown or too old";
    BAD_SEQUENCE_NUMBER_INVALID = 0x8088_0000, "BadSequenceNumberInvalid", "a sequence number is out of order";
    BAD_CONNECTION_REJECTED = 0x80ac_0000, "BadConnectionRejected", "the connection was not accepted";
    BAD_DISCONNECT = 0x80ad_0000, "BadDisconnect", "the server ended the connection";
    BAD_CONNECTION_CLOSED = 0x80ae_0000, "BadConnectionClosed", "the connection is closed";
    BAD_INVALID_STATE = 0x80af_0000, "BadInvalidState", "this cannot be done in the present state";
    BAD_REQUEST_TOO_LARGE = 0x80b8_0000, "BadRequestTooLarge", "the request is larger than the server takes";
    BAD_RESPONSE_TOO_LARGE = 0x80b9_0000, "BadResponseTooLarge", "the answer is larger than the client takes";
    BAD_PROTOCOL_VERSION_UNSUPPORTED = 0x80be_0000, "BadProtocolVersionUnsupported", "the versions of the protocol do not fit";
    BAD_SERVER_TOO_BUSY = 0x80ee_0000, "BadServerTooBusy", "the server is too busy";
    BAD_CERTIFICATE_CHAIN_INCOMPLETE = 0x810d_0000, "BadCertificateChainIncomplete", "an issuer of the certificate cannot be found";
    BAD_CERTIFICATE_POLICY_CHECK_FAILED = 0x8114_0000, "BadCertificatePolicyCheckFailed", "key or signature do not fit the security policy";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_written_with_name_and_number() {
        assert_eq!(StatusCode(0x8012_0000).to_string(), "BadCertificateInvalid (0x80120000)");
        assert_eq!(StatusCode(0x801a_0400).to_string(), "BadCertificateUntrusted (0x801a0400)");
        assert_eq!(StatusCode(0x8fff_0000).to_string(), "0x8fff0000");
        assert_eq!(StatusCode(0).to_string(), "Good (0x00000000)");
        assert!(StatusCode::BAD_TIMEOUT.is_bad() && !StatusCode::GOOD.is_bad() && !StatusCode(0x4001_0000).is_bad());
    }

    #[test]
    fn a_code_is_read_as_people_write_it() {
        for text in [
            "BadCertificateUriInvalid",
            "Bad_CertificateUriInvalid",
            "badcertificateuriinvalid",
            "0x80170000",
            "2148990976",
            "-2145976320",
        ] {
            assert_eq!(text.parse(), Ok(StatusCode::BAD_CERTIFICATE_URI_INVALID), "{text}");
        }
        for text in ["", "Bad", "0x", "0x+1", "0x180170000", "4294967296", "-", "--1", "-2147483649"] {
            assert!(text.parse::<StatusCode>().is_err(), "{text}");
        }
    }

    #[test]
    fn codes_are_unique_in_order_and_without_flags() {
        assert!(TABLE.is_sorted_by_key(|entry| entry.code.0));
        for (at, one) in TABLE.iter().enumerate() {
            assert_eq!(one.code.0 & 0xffff, 0, "{}", one.name);
            for other in &TABLE[at + 1..] {
                assert!(one.code != other.code && one.name != other.name, "{}", one.name);
            }
            assert_eq!(one.name.parse(), Ok(one.code));
            assert_eq!(one.code.is_bad(), one.name.starts_with("Bad"));
        }
    }
}
