//! What an OPC UA server tells of itself: applications, endpoints, and the tokens that users may show
//! (OPC 10000-4, EndpointDescription and what it is made of).
//!
//! Refuses to know which of it is any good. Texts are a stranger's: they reach a terminal
//! only through [`Printable`](crate::text::Printable).

use std::fmt;

/// What the URIs of all security policies begin with.
const POLICY: &str = "http://opcfoundation.org/UA/SecurityPolicy#";

/// Gives the short name of a security policy, such as `Basic256Sha256`; a URI of another kind as it is.
pub fn policy_name(uri: &str) -> &str {
    uri.strip_prefix(POLICY).unwrap_or(uri)
}

/// Writes an enumeration of the wire, with a variant for numbers that it does not have.
macro_rules! wire_enumeration {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $number:literal, $text:literal;)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// A number that the standard does not have.
            Unknown(
                /// The number.
                u32,
            ),
        }

        impl $name {
            /// Reads the number of the wire.
            pub fn from_wire(number: u32) -> Self {
                match number {
                    $($number => Self::$variant,)*
                    other => Self::Unknown(other),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$variant => f.write_str($text),)*
                    Self::Unknown(number) => write!(f, "unknown ({number})"),
                }
            }
        }
    };
}

wire_enumeration! {
    /// What an application is.
    ApplicationType {
        /// A server.
        Server = 0, "Server";
        /// A client.
        Client = 1, "Client";
        /// Both.
        ClientAndServer = 2, "ClientAndServer";
        /// A server that does nothing but tell of others.
        DiscoveryServer = 3, "DiscoveryServer";
    }
}

wire_enumeration! {
    /// What is done to the messages of an endpoint.
    SecurityMode {
        /// Not a mode; stands where nobody has chosen one.
        Invalid = 0, "Invalid";
        /// Nothing.
        None = 1, "None";
        /// They are signed, and anyone can read them.
        Sign = 2, "Sign";
        /// They are signed and encrypted.
        SignAndEncrypt = 3, "SignAndEncrypt";
    }
}

wire_enumeration! {
    /// What a user may show to be let in.
    TokenKind {
        /// Nothing.
        Anonymous = 0, "Anonymous";
        /// A name and a password.
        UserName = 1, "UserName";
        /// A certificate.
        Certificate = 2, "Certificate";
        /// A token that somebody else issued.
        IssuedToken = 3, "IssuedToken";
    }
}

/// An application, as it describes itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApplicationDescription {
    /// The name of this instance all over the world, which its certificate must have, too.
    pub application_uri: String,
    /// The name of the product.
    pub product_uri: String,
    /// A name for people, without its locale.
    pub application_name: String,
    /// What it is.
    pub application_type: ApplicationType,
    /// The server in front of it that has its certificate, if there is one.
    pub gateway_server_uri: String,
    /// The way of discovery that its URLs speak, if not the usual one.
    pub discovery_profile_uri: String,
    /// Where it can be asked for its endpoints.
    pub discovery_urls: Vec<String>,
}

/// A way into a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointDescription {
    /// Where it is, in the words of the server.
    pub endpoint_url: String,
    /// The server that it leads to.
    pub server: ApplicationDescription,
    /// The server's certificate or chain in DER, as sent; see [`split_chain`](super::split_chain).
    pub server_certificate: Vec<u8>,
    /// What is done to messages.
    pub security_mode: SecurityMode,
    /// With which algorithms.
    pub security_policy_uri: String,
    /// What users may show.
    pub user_tokens: Vec<UserToken>,
    /// The transport and encoding.
    pub transport_profile_uri: String,
    /// Higher is more secure in the eyes of this server; 0 is not recommended.
    pub security_level: u8,
}

impl EndpointDescription {
    /// Gives the security policy of a token: its own or, where it has none, that of the endpoint.
    pub fn token_policy_uri<'a>(&'a self, token: &'a UserToken) -> &'a str {
        match token.security_policy_uri.as_str() {
            "" => &self.security_policy_uri,
            own => own,
        }
    }
}

/// A kind of token that an endpoint takes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserToken {
    /// The server's own name for it.
    pub policy_id: String,
    /// What is to be shown.
    pub kind: TokenKind,
    /// The kind of an issued token.
    pub issued_token_type: String,
    /// Where an issued token is to be had.
    pub issuer_endpoint_url: String,
    /// How it is protected on its way; empty where the endpoint's policy does that.
    pub security_policy_uri: String,
}
