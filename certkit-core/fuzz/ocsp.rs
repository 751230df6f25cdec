//! An OCSP response, every answer in it, and the certificates that it brings along.

#![no_main]

use certkit_core::cert::{Known, OcspResponse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(response) = OcspResponse::from_der(bytes) else { return };
    let _ = (response.status(), response.produced_at(), response.signature_algorithm().is_ok());
    Known::from_extensions(response.extensions());
    for single in response.singles() {
        let _ = format!("{single:?}");
    }
    for certificate in response.certificates() {
        let _ = response.responder().is_some_and(|responder| responder.is(&certificate));
        if let Ok(key) = certificate.public_key() {
            let _ = response.verify_signature(&key);
        }
    }
});
