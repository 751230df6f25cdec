//! Words of Kepware.

use crate::explain::entry::{Certainty, Entry, Program};
use crate::explain::reason::{alert, key, opcua, thingworx};

/// What Kepware says.
pub(in crate::explain) static KEPWARE: Program = Program {
    name: "Kepware",
    keys: &["kepware"],
    context: &["kep", "ua configuration"],
    carriers: &[],
    weak_carriers: &[],
    source: "common knowledge",
    entries: &[
        Entry::new("channel-failed-to-connect", &opcua::CHECKS_FAILED, &["OPC UA Client: Failed to connect", "Channel failed to connect. Use the OPC UA Configuration Manager to ensure the client certificate is valid. | Status description = '<text>', Status code = <code>"]).frame().source("UA client driver manual (contents, field notes)").certainty(Certainty::Medium),
        Entry::new("uagateway-session", &opcua::CHECKS_FAILED, &["Failure while establishing session with downstream server. | Endpoint URL = <url>, Status code = <code>, Description = <text>"]).frame().source("support.ptc.com Kepware+ UA Gateway event log page"),
        Entry::new("ua-cert-reissued", &opcua::UNTRUSTED, &[]).weak(&["certificate has been reissued", "must trust the new"]).source("OPC UA Configuration Manager manual (contents, the words unseen)").certainty(Certainty::Low),
        Entry::new("twx-connection-failed", &thingworx::INVALID_CERTIFICATE, &["Connection to ThingWorx failed. | Platform = '<host:port resource>', error = '<reason>'", "Connection to ThingWorx failed. | Platform = '<platform>', reason = '<reason>'", "Connection failed to ThingWorx. | Platform = '<platform>', error = '<reason>'"]).frame().certainty(Certainty::Low),
        Entry::new("ua-server-cert-load", &key::OPCUA_OWN, &["Unable to start the UA server due to certificate load failure", "Unable to load the server certificate", "Failed to import server instance cert", "Failed to import client instance cert"]).certainty(Certainty::Low),
        Entry::new("ua-server-cert-expired", &opcua::TIME, &["The UA server certificate is expired", "certificate is expired. Please use the OPC UA Configuration Manager to reissue"]).certainty(Certainty::Low),
        Entry::new("iot-gateway-mqtt", &alert::FRAME, &["MQTT agent '<name>' failed to connect. Reason - '<reason>'"]).frame().certainty(Certainty::Low),
        Entry::new("client-not-trusted", &opcua::UNTRUSTED, &["The certificate for client '<name>' is not trusted"]).source("an event log of Kepware as others tell it, the words unseen").certainty(Certainty::Low),
    ],
};
