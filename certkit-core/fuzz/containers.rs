//! Everything that people keep certificates, keys, lists and requests in, with a password and without.
//!
//! The targets pem, pkcs7, pkcs12, jks and pkcs8 are this one with seeds of one kind.

#![no_main]

use certkit_core::cert::{Certificate, Request, RevocationList};
use certkit_core::container::{Blocks, ItemKind, read, read_with};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for contents in [read(bytes), read_with(bytes, Some(b"changeit"))].into_iter().flatten() {
        for item in &contents.items {
            match item.kind {
                ItemKind::Certificate => drop(Certificate::from_der(&item.der)),
                ItemKind::RevocationList => drop(RevocationList::from_der(&item.der)),
                ItemKind::Request => drop(Request::from_der(&item.der)),
                _ => {}
            }
        }
    }
    Blocks::new(bytes).take(1000).for_each(drop);
});
