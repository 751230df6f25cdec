//! Numbers that certkit has no word for: the server's own definitions of its drivers have them.

use super::super::answers::{KEPT, encoded, find_words, from_json};
use super::super::configuration::{Kind, Object};
use super::super::duties::{UA_MODE, UA_POLICY, channel_driver};
use super::{Reply, Round};

/// A property whose numbers mean something, and the numbers that are known.
struct Numbered {
    driver: &'static str,
    kind: Kind,
    key: &'static str,
    known: &'static [i64],
}

const NUMBERED: [Numbered; 6] = [
    Numbered { driver: "OPC UA Client", kind: Kind::Channel, key: UA_POLICY, known: &[0, 1, 2, 3] },
    Numbered { driver: "OPC UA Client", kind: Kind::Channel, key: UA_MODE, known: &[1, 2, 3] },
    Numbered { driver: "SNMP", kind: Kind::Device, key: "snmp.DEVICE_SNMP_VERSION", known: &[0, 1, 3] },
    Numbered { driver: "SNMP", kind: Kind::Device, key: "snmp.DEVICE_SECURITY_LEVEL", known: &[0, 1, 2] },
    Numbered { driver: "SNMP", kind: Kind::Device, key: "snmp.DEVICE_AUTHENTICATION_STYLE", known: &[0, 1] },
    Numbered { driver: "SNMP", kind: Kind::Device, key: "snmp.DEVICE_ENCRYPTION_STYLE", known: &[0, 1, 2, 3] },
];

impl Round<'_, '_> {
    /// Asks for the definitions of the drivers that have numbers which are not known, each once.
    pub(super) fn words(&mut self) -> Option<()> {
        let mut asked: Vec<(&str, Kind)> = Vec::new();
        for it in &NUMBERED {
            if asked.contains(&(it.driver, it.kind)) || !self.is_unknown(it) {
                continue;
            }
            asked.push((it.driver, it.kind));
            let of = if it.kind == Kind::Channel { "channels" } else { "devices" };
            let path = format!("/doc/drivers/{}/{of}", encoded(it.driver));
            let definition = match self.get(&path, |body| from_json::<serde_json::Value>(body, KEPT)) {
                Reply::Shown(definition) => definition,
                Reply::NotShown => continue,
                Reply::Ended => return None,
            };
            for same in NUMBERED.iter().filter(|other| other.driver == it.driver && other.kind == it.kind) {
                let mut words = Vec::new();
                find_words(&definition, same.key, 0, &mut words);
                self.facts.words.extend(words.into_iter().map(|(number, word)| (same.key.to_owned(), number, word)));
            }
        }
        Some(())
    }

    fn is_unknown(&self, it: &Numbered) -> bool {
        let is_of = |object: &&Object| it.kind != Kind::Channel || channel_driver(object) == it.driver;
        let numbers = self.facts.all(it.kind).filter(is_of).filter_map(|object| object.number(it.key));
        numbers.into_iter().any(|number| !it.known.contains(&number))
    }
}
