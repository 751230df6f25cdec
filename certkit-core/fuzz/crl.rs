//! A revocation list, every field and entry of it.

#![no_main]

use certkit_core::cert::{Known, RevocationList};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(list) = RevocationList::from_der(bytes) else { return };
    let _ = (list.this_update(), list.next_update(), list.number(), list.algorithms_agree());
    let _ = (list.issuer().to_string(), list.signature_algorithm().is_ok());
    Known::from_extensions(list.extensions());
    for entry in list.entries() {
        let _ = format!("{entry:?}");
    }
});
