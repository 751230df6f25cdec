//! A whole conversation with an OPC UA server that says these bytes.

#![no_main]

use certkit_core::presented::{split_chain};
use certkit_core::source::{converse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    for endpoint in converse(bytes).into_iter().flatten() {
        let _ = split_chain(&endpoint.server_certificate);
    }
});
