//! The duties of the guides, in their order: a file for each section.

mod address;
mod agents;
mod api;
mod channels;
mod data_folder;
mod host;
mod installation;
mod interfaces;
mod maintenance;
mod opcua;
mod thingworx;
mod users;

use super::duty::{Deviation, Duty};

pub(super) use address::is_over_tls;
pub(super) use channels::{UA_MODE, UA_POLICY, driver as channel_driver};
pub(super) use interfaces::NET_SWITCH;
pub use maintenance::OWN_REVIEW;
pub(super) use thingworx::server as thingworx_server;

/// The duties, in the order of the guides; the note on ThingWorx comes last.
pub static DUTIES: &[&[&Duty]] = &[
    host::DUTIES,
    installation::DUTIES,
    data_folder::DUTIES,
    interfaces::DUTIES,
    users::DUTIES,
    channels::DUTIES,
    opcua::DUTIES,
    agents::DUTIES,
    api::DUTIES,
    maintenance::DUTIES,
    thingworx::DUTIES,
];

/// All duties in the order of the guides.
pub fn all() -> impl Iterator<Item = &'static Duty> {
    DUTIES.iter().flat_map(|it| it.iter().copied())
}

/// The deviation with an id.
pub fn deviation(id: &str) -> Option<&'static Deviation> {
    all().flat_map(|it| it.deviations.iter().copied()).find(|it| it.id == id)
}
