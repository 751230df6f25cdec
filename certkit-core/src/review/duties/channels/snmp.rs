//! Devices that are asked over SNMP.

use super::super::interfaces::BY_PROJECT;
use super::{devices, no_channel};
use crate::check::Severity;
use crate::review::configuration::Object;
use crate::review::duty::{Deviation, Duty, Part, View};
use crate::review::facts::{Facts, SourceFacts};

/// The driver that leaves a choice of version.
pub(super) const DRIVER: &str = "SNMP";

/// The driver for power supplies, which has version 1 alone.
pub(super) const BULLETIN_1609: &str = "Allen-Bradley Bulletin 1609";

static SNMP_OLD: Deviation = Deviation {
    id: "kepware-channel-snmp-old",
    severity: Severity::Error,
    title: "a device is asked with SNMP v1 or v2c: the community goes over the wire in clear",
    cure: "the device | Properties | SNMP: Version V3, Security Level authPriv with SHA-1 and AES",
};

static SNMP_WEAK: Deviation = Deviation {
    id: "kepware-channel-snmp-weak",
    severity: Severity::Warning,
    title: "a device is asked with SNMP v3 without encryption, or with MD5 or DES",
    cure: "the device | Properties | SNMP V3: Security Level authPriv, SHA-1, AES-128 or more",
};

pub(super) static SNMP: Duty = Duty {
    id: "6-snmp",
    section: "6",
    part: Part::Extra,
    title: "SNMP devices are asked with version 3, signed and encrypted",
    unneeded: |facts| {
        no_channel(facts, |it| it == DRIVER || it == BULLETIN_1609, "no channel has the driver SNMP or Bulletin 1609")
    },
    look: snmp,
    visible_by: BY_PROJECT,
    cure: "the device | Properties | SNMP: Version V3, Security Level authPriv",
    deviations: &[&SNMP_OLD, &SNMP_WEAK],
    ..Duty::OF_A_PERSON
};

fn snmp(facts: &Facts, view: &mut View) {
    for (source, device) in devices(facts, view, DRIVER) {
        snmp_device(source, device, view);
    }
    for (source, device) in devices(facts, view, BULLETIN_1609) {
        let text = match device.number("a-b_bulletin_1609.DEVICE_COMMUNITY") {
            Some(0) => "is asked over SNMP in clear, with the community `private`",
            Some(1) => "is asked over SNMP in clear, with the community `public`",
            _ => "is asked over SNMP in clear",
        };
        view.bad(source, source.place(device), &SNMP_OLD, text);
    }
}

/// The community of a device, where everybody knows it.
fn community(device: &Object) -> &'static str {
    match device.number("snmp.DEVICE_COMMUNITY") {
        Some(0) => " with the community `public`",
        Some(1) => " with the community `private`",
        _ => "",
    }
}

fn snmp_device(source: &SourceFacts, device: &Object, view: &mut View) {
    let subject = source.place(device);
    match device.number("snmp.DEVICE_SNMP_VERSION") {
        Some(0) => view.bad(source, subject, &SNMP_OLD, format!("uses SNMP v1{}", community(device))),
        Some(1) => view.bad(source, subject, &SNMP_OLD, format!("uses SNMP v2c{}", community(device))),
        Some(3) => {
            match device.number("snmp.DEVICE_SECURITY_LEVEL") {
                Some(0) => view.bad(source, subject.clone(), &SNMP_WEAK, "is neither signed nor encrypted"),
                Some(1) => view.weak(source, subject.clone(), &SNMP_WEAK, "is not encrypted"),
                Some(2) => view.good(source, subject.clone(), "is signed and encrypted"),
                _ => view.unclear(source, device, subject.clone(), "snmp.DEVICE_SECURITY_LEVEL"),
            }
            for (key, best, old) in
                [("snmp.DEVICE_AUTHENTICATION_STYLE", 1, "uses MD5"), ("snmp.DEVICE_ENCRYPTION_STYLE", 3, "uses DES")]
            {
                match device.number(key) {
                    Some(0) => view.weak(source, subject.clone(), &SNMP_WEAK, old),
                    Some(known) if (1..=best).contains(&known) => {}
                    _ => view.unclear(source, device, subject.clone(), key),
                }
            }
        }
        _ => view.unclear(source, device, subject, "snmp.DEVICE_SNMP_VERSION"),
    }
}
