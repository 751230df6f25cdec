//! How reports are written, a file for each form. No decisions are made here.

pub(crate) mod advice;
pub(crate) mod answer;
pub(crate) mod card;
pub(crate) mod compared;
pub(crate) mod converted;
pub(crate) mod discovered;
pub(crate) mod fetched;
pub(crate) mod findings;
pub(crate) mod json;
pub(crate) mod made;
mod meaning;
pub(crate) mod messages;
pub(crate) mod opcua_validation;
pub(crate) mod preflight;
pub(crate) mod source;
pub(crate) mod trust;
pub(crate) mod validated;
pub(crate) mod verified;
