//! The first flight of a TLS server, in one piece and cut into small ones: what both read is the same.

#![no_main]

use certkit_core::source::first_flight;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let whole = first_flight(bytes.chunks(bytes.len().max(1)));
    let pieces = first_flight(bytes.chunks(7));
    if let (Ok(whole), Ok(pieces)) = (whole, pieces) {
        assert_eq!(whole, pieces, "where the bytes are cut changes what is read");
    }
});
