//! Words of ThingWorx C SDK, EMS, Kepware native interface.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{connection, thingworx};

/// What ThingWorx C SDK, EMS, Kepware native interface says.
pub(in crate::explain) static C_SDK: Program = Program {
    name: "ThingWorx C SDK, EMS, Kepware native interface",
    keys: &["thingworx", "kepware", "tw"],
    context: &["thingworx", "twapi", "tw_", "tws_", "alwayson", " ems "],
    carriers: &["{name}"],
    weak_carriers: &["error code {n}", "Err = {n}", "Error: {n}", "error {n}"],
    source: "support.ptc.com edge_sdk_c: c_csdk_error_codes_websocket.html, c_csdk_error_codes_sys_socket.html",
    entries: &[
        Entry::new("200 TW_UNKNOWN_WEBSOCKET_ERROR", &thingworx::WEBSOCKET, &[]).numbers(&[200]),
        Entry::new("201 TW_ERROR_INITIALIZING_WEBSOCKET", &thingworx::WEBSOCKET, &[]).numbers(&[201]),
        Entry::new("202 TW_TIMEOUT_INITIALIZING_WEBSOCKET", &thingworx::WEBSOCKET, &[]).numbers(&[202]),
        Entry::new("203 TW_WEBSOCKET_NOT_CONNECTED", &thingworx::WEBSOCKET, &[]).numbers(&[203]),
        Entry::new("204 TW_ERROR_PARSING_WEBSOCKET_DATA", &thingworx::WEBSOCKET, &[]).numbers(&[204]),
        Entry::new("205 TW_ERROR_READING_FROM_WEBSOCKET", &thingworx::WEBSOCKET, &[]).numbers(&[205]),
        Entry::new("209 TW_ERROR_WRITING_TO_WEBSOCKET", &thingworx::WEBSOCKET, &[]).numbers(&[209]),
        Entry::new("1000 TW_ERROR_WRITING_TO_SOCKET", &thingworx::WEBSOCKET, &[]).numbers(&[1000]),
        Entry::new("1001 TW_SOCKET_INIT_ERROR", &thingworx::SOCKET, &[]).numbers(&[1001]),
        Entry::new("1002 TW_INVALID_SSL_CERT", &thingworx::INVALID_CERTIFICATE, &[]).numbers(&[1002]),
        Entry::new("1003 TW_SOCKET_NOT_FOUND", &thingworx::WEBSOCKET, &[]).numbers(&[1003]),
        Entry::new("1004 TW_HOST_NOT_FOUND", &thingworx::HOST_NOT_FOUND, &[]).numbers(&[1004]),
        Entry::new("1005 TW_ERROR_CREATING_SSL_CTX", &thingworx::CONTEXT, &[]).numbers(&[1005]),
        Entry::new("1006 TW_ERROR_CONNECTING_TO_PROXY", &connection::PROXY, &[]).numbers(&[1006]),
        Entry::new("1007 TW_TIMEOUT_READING_FROM_SOCKET", &thingworx::WEBSOCKET, &[]).numbers(&[1007]),
        Entry::new("1008 TW_ERROR_READING_RESPONSE", &connection::PROXY, &[]).numbers(&[1008]),
        Entry::new("1009 TW_INVALID_PROXY_CREDENTIALS", &connection::PROXY, &[]).numbers(&[1009]),
        Entry::new("1010 TW_UNSUPPORTED_PROXY_AUTH_TYPE", &connection::PROXY, &[])
            .numbers(&[1010])
            .source("name read in public source; number common knowledge")
            .certainty(Certainty::Medium),
    ],
};
