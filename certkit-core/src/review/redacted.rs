//! Takes the secret that a server was sent out of everything that the server has shown.

use super::configuration::{Configuration, Object};
use super::facts::{Asked, Observation, Presented, Product, SourceFacts};
use super::value::Value;
use crate::redaction::Redaction;

/// Words of Kepware that every server shows, and that duties look for: one of these alone repeats no secret.
const KNOWN: [&str; 13] = [
    "Administrator",
    "Administrators",
    "Anonymous Clients",
    "Default",
    "Default User",
    "MQTT Client",
    "OPC UA Client",
    "SNMP",
    "Server Users",
    "Servermain Channel",
    "Servermain Device",
    "Servermain Project",
    "Servermain Tag",
];

/// Hides secrets, and remembers whether there were any.
struct Hiding<'a> {
    redaction: &'a Redaction,
    is_met: bool,
}

impl Hiding<'_> {
    fn text(&mut self, text: &mut String) {
        if KNOWN.contains(&text.as_str()) {
            return;
        }
        if let std::borrow::Cow::Owned(hidden) = self.redaction.hide(text) {
            *text = hidden;
            self.is_met = true;
        }
    }

    fn object(&mut self, object: &mut Object) {
        for value in object.properties.values_mut() {
            if let Value::Text(text) = value {
                self.text(text);
            }
        }
        if object.properties.keys().any(|key| self.redaction.is_in(key)) {
            let named = std::mem::take(&mut object.properties).into_iter().map(|(key, value)| {
                let mut key = key.into_string();
                self.text(&mut key);
                (key.into_boxed_str(), value)
            });
            object.properties = named.collect();
        }
    }

    fn configuration(&mut self, configuration: &mut Configuration) {
        configuration.objects_mut().iter_mut().for_each(|it| self.object(it));
    }
}

impl SourceFacts {
    /// Puts `***` in place of a secret in every text, and says whether there was one. No field is left out: a new one
    /// does not compile before it is told here what it holds.
    pub(super) fn hide(&mut self, redaction: &Redaction) -> bool {
        let mut hiding = Hiding { redaction, is_met: false };
        let SourceFacts {
            name: _,
            kind: _,
            begun: _,
            error,
            hints,
            asked,
            refusals,
            product,
            configuration,
            form: _,
            log_in: _,
            presented,
            observations,
            event_log: _,
            transaction_log: _,
            audit_log: _,
            backups: _,
            words,
        } = self;
        error.iter_mut().chain(hints).for_each(|it| hiding.text(it));
        for Asked { what, outcome, is_shown: _ } in asked {
            hiding.text(what);
            hiding.text(outcome);
        }
        refusals.iter_mut().for_each(|(_, why)| hiding.text(why));
        if let Some(Product { name, written, version: _, is_edge: _ }) = product {
            hiding.text(name);
            hiding.text(written);
        }
        hiding.configuration(configuration);
        if let Some(Presented { part: _, at: _, subject, not_after: _, signer: _, root, is_accepted: _, objections }) =
            presented
        {
            hiding.text(subject);
            root.iter_mut().for_each(|it| hiding.text(it));
            objections.iter_mut().for_each(|(_, _, text)| hiding.text(text));
        }
        for Observation { topic: _, subject, standing: _, text } in observations {
            hiding.text(subject);
            hiding.text(text);
        }
        for (property, _, word) in words {
            hiding.text(property);
            hiding.text(word);
        }
        hiding.is_met
    }
}
