//! Everything that people keep certificates and keys in, with a password and without.

#![no_main]

use certkit_core::cert::{Certificate, RevocationList};
use certkit_core::container::{ItemKind, read, read_with};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for contents in [read(bytes), read_with(bytes, Some(b"changeit"))].into_iter().flatten() {
        for item in &contents.items {
            match item.kind {
                ItemKind::Certificate => drop(Certificate::from_der(&item.der)),
                ItemKind::RevocationList => drop(RevocationList::from_der(&item.der)),
                _ => {}
            }
        }
    }
});
