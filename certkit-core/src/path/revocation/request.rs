//! Questions to OCSP responders (RFC 6960 section 4.1).

use crate::asn1::write;
use crate::cert::Certificate;
use crate::crypto::digest;
use crate::crypto::key::PublicKey;
use crate::oid;

/// Writes the question for the status of a certificate, to be sent to a responder of its issuer.
///
/// Issuers are named by SHA-1, which is what every responder knows (RFC 5019 section 2.1.1), and
/// there is no nonce, so that responders may answer from their store. Costs two digests.
pub fn ocsp_request(certificate: &Certificate, issuer: &PublicKey<'_>) -> Vec<u8> {
    let algorithm = write::sequence(&[&write::oid(oid::SHA1), &write::NULL]);
    let name = write::octet_string(&digest::sha1(certificate.issuer().der()));
    let key = write::octet_string(&digest::sha1(issuer.bits));
    // As it stands in the certificate: responders look for these very octets.
    let serial = write::element(crate::asn1::Tag::INTEGER, &[certificate.serial().as_bytes()]);
    let single = write::sequence(&[&write::sequence(&[&algorithm, &name, &key, &serial])]);
    write::sequence(&[&write::sequence(&[&write::sequence(&[&single])])])
}
