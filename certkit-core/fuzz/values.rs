//! The values of inventories and options: thresholds, spans, times, endpoints, hosts, proxies, names of stores.
//!
//! The inventory's TOML is read in the command, which is no library: what its values become is read here.

#![no_main]

use certkit_core::generate::Subject;
use certkit_core::moment::{Moment, parse_span};
use certkit_core::source::Proxy;
use certkit_core::presented::{Endpoint, Host, HostPort};
use certkit_core::store::Address;
use certkit_expiry::{Shard, Threshold};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let _ = (text.parse::<Threshold>().is_ok(), text.parse::<Shard>().is_ok(), parse_span(text).is_ok());
    let _ = (text.parse::<Host>().is_ok(), text.parse::<HostPort>().is_ok(), text.parse::<Proxy>().is_ok());
    let _ = text.parse::<Subject>().is_ok();
    if let Ok(moment) = text.parse::<Moment>() {
        assert_eq!(moment.to_string().parse::<Moment>().ok(), Some(moment), "a time that is not read back");
    }
    if let Ok(endpoint) = text.parse::<Endpoint>() {
        assert!(endpoint.to_string().parse::<Endpoint>().is_ok(), "an endpoint that is not read back");
    }
    let _ = Address::parse(std::ffi::OsStr::new(text));
});
