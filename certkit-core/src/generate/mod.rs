//! Makes keys, certificates, requests and revocation lists.
//!
//! Knows what a certificate of each [`Kind`] looks like and by which clause, and
//! writes it so that names stay as they were given, byte for byte where they come
//! from an issuer. Everything that is made is read back, its signature verified, and what
//! another reader (x509-parser) understands of it held against what was asked, before it is handed out. Refuses to know where files go and who asks; what the
//! rules forbid is an [`Error`] that names its clause, not a weaker certificate.
//!
//! A root, an issuing CA and a server's certificate:
//!
//! ```
//! use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
//! use certkit_core::moment::Moment;
//!
//! # fn main() -> Result<(), certkit_core::generate::Error> {
//! let now = Moment::now();
//!
//! let root_key = KeyPair::generate(KeyType::P384)?;
//! let root = Template::new(Kind::Root, "CN=Plant Root,O=Plant,DC=plant,DC=example".parse()?, Validity::days(now, 3650))
//!     .issue(&root_key.public_key()?, &Issuer::itself(&root_key))?;
//!
//! let issuing_key = KeyPair::generate(KeyType::P256)?;
//! let issuing = Template::new(Kind::IssuingAuthority, "CN=Plant Issuing CA,O=Plant".parse()?, Validity::days(now, 1825))
//!     .issue(&issuing_key.public_key()?, &Issuer::authority(&root, &root_key)?)?;
//!
//! let server_key = KeyPair::generate(KeyType::P256)?;
//! let server = Template::new(Kind::Https, "CN=twx.plant.example".parse()?, Validity::days(now, 397))
//!     .alternative_names([AlternativeName::host("twx.plant.example"), AlternativeName::host("10.0.0.7")])
//!     .issue(&server_key.public_key()?, &Issuer::authority(&issuing, &issuing_key)?)?;
//!
//! assert!(server.verify_signature(&issuing.public_key().unwrap()).is_ok());
//! # Ok(())
//! # }
//! ```
//!
//! For a certificate that has expired, give a past [`Validity`] (its issuer must have
//! been valid then); for one that is signed with SHA-1, say
//! [`Issuer::signing_with`]`(SigningAlgorithm::RsaSha1ForDemonstration)`.

mod alternative_name;
mod error;
mod extension;
mod issue;
pub mod key_file;
mod kind;
mod read_back;
mod request;
mod revocation;
mod structure;
mod subject;
mod template;
mod validity;

#[cfg(test)]
mod tests;

pub use crate::crypto::key_pair::{self, KeyPair, KeyType};
pub use crate::crypto::signing::SigningAlgorithm;
pub use alternative_name::AlternativeName;
pub use error::Error;
pub use issue::Issuer;
pub use kind::{Constraints, Form, Kind, Names};
pub use request::{Dropped, Granted};
pub use revocation::{Reason, Revocations};
pub use subject::Subject;
pub use template::Template;
pub use validity::Validity;
