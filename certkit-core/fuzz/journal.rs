//! The journal and the record of changes that lie beside a store, and the notes of a run that writes files.

#![no_main]

use certkit_core::store::transaction::decode;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    decode(bytes);
    certkit_core::files::decode(bytes);
});
