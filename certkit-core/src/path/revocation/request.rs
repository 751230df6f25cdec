//! Questions to OCSP responders (RFC 6960 section 4.1).

use der::asn1::{AnyRef, OctetStringRef};
use der::{Sequence, Tag};

use crate::asn1::typed::{AlgorithmIdentifier, NotWritten, element, encode};
use crate::cert::Certificate;
use crate::crypto::digest;
use crate::crypto::key::PublicKey;
use crate::oid;

/// OCSPRequest without a signature.
#[derive(Sequence)]
struct OcspRequest<'a> {
    content: TbsRequest<'a>,
}

/// TBSRequest of version 1.
#[derive(Sequence)]
struct TbsRequest<'a> {
    list: [SingleRequest<'a>; 1],
}

/// Request.
#[derive(Sequence)]
struct SingleRequest<'a> {
    certificate: CertId<'a>,
}

/// CertID.
#[derive(Sequence)]
struct CertId<'a> {
    algorithm: AlgorithmIdentifier<'a>,
    issuer_name: OctetStringRef<'a>,
    issuer_key: OctetStringRef<'a>,
    serial: AnyRef<'a>,
}

/// Writes the question for the status of a certificate, to be sent to a responder of its issuer.
///
/// Issuers are named by SHA-1, which is what every responder knows (RFC 5019 section 2.1.1), and
/// there is no nonce, so that responders may answer from their store. Costs two digests.
pub fn ocsp_request(certificate: &Certificate, issuer: &PublicKey<'_>) -> Result<Vec<u8>, NotWritten> {
    let (name, key) = (digest::sha1(certificate.issuer().der()), digest::sha1(issuer.bits));
    let certificate = CertId {
        algorithm: AlgorithmIdentifier { algorithm: oid::SHA1, parameters: Some(AnyRef::NULL) },
        issuer_name: OctetStringRef::new(&name)?,
        issuer_key: OctetStringRef::new(&key)?,
        // As it stands in the certificate: responders look for these very octets.
        serial: element(Tag::Integer, certificate.serial().as_bytes())?,
    };
    encode(&OcspRequest { content: TbsRequest { list: [SingleRequest { certificate }] } })
}
