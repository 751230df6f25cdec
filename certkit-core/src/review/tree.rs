//! The tree of a JSON project as it is read from a stream: which collections hold what, and which properties are kept.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::configuration::{Configuration, Kind};
use super::value::{self, Value};

/// How deep collections may stand in each other; a project has five.
const DEPTH: usize = 16;

/// What came of reading a collection of the Configuration API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// How many elements have a name or a time.
    pub elements: usize,
    /// Whether there was one without either: what a paged answer ends with.
    pub is_paged: bool,
    /// Whether each element with properties has a name.
    pub is_named: bool,
}

/// How a tree is formed: whether it is a whole project, or properties alone.
#[derive(Default)]
pub(super) struct Shape {
    /// Whether all stands in `project`, as in exports.
    pub(super) is_wrapped: bool,
    /// Whether there are collections in it; the answer of `GET /project` has none.
    pub(super) has_collections: bool,
    /// Whether a collection is null in place of a list.
    pub(super) is_short: bool,
}

/// The kind of the elements of a collection, by its name in the tree.
fn collection(name: &str) -> Option<Kind> {
    Some(match name {
        "channels" => Kind::Channel,
        "devices" => Kind::Device,
        "mqtt_clients" => Kind::MqttClient,
        "rest_clients" => Kind::RestClient,
        "rest_servers" => Kind::RestServer,
        "thingworx_clients" => Kind::ThingWorxClient,
        "ua_server_interfaces" => Kind::UaServerInterface,
        "ua_server_endpoints" => Kind::UaServerEndpoint,
        "ua_client_connections" => Kind::UaClientConnection,
        "log_groups" => Kind::LogGroup,
        _ => return None,
    })
}

/// Collections that only hold others, or properties of the project.
fn is_wrapping(name: &str) -> bool {
    matches!(
        name,
        "project" | "client_interfaces" | "_iot_gateway" | "_ua_gateway" | "ua_client_interfaces" | "_datalogger"
    )
}

/// Namespaces of devices whose properties are looked at; of all others the driver and the address are enough.
const DEVICES: [&str; 6] =
    ["servermain.", "snmp.", "a-b_bulletin_1609.", "iec_61850_mms_client.", "siemens_s7_plus_ethernet.", "yokogawa"];

fn is_kept(kind: Kind, key: &str) -> bool {
    match kind {
        Kind::Device => {
            key == "common.ALLTYPES_NAME"
                || matches!(key, "servermain.MULTIPLE_TYPES_DEVICE_DRIVER" | "servermain.DEVICE_ID_STRING")
                || (!key.starts_with("servermain.") && DEVICES.iter().any(|it| key.starts_with(it)))
                || value::is_secret(key)
        }
        _ => key != "PROJECT_ID" && key != "common.ALLTYPES_DESCRIPTION",
    }
}

/// An object of the tree: a new one, or one that this only adds to.
pub(super) struct Tree<'a> {
    to: &'a mut Configuration,
    shape: &'a mut Shape,
    kind: Kind,
    spot: Spot,
    depth: usize,
}

impl<'a> Tree<'a> {
    /// A new object that stands below no other.
    pub(super) fn new(to: &'a mut Configuration, shape: &'a mut Shape, kind: Kind) -> Tree<'a> {
        Tree { to, shape, kind, spot: Spot::Below(None), depth: 0 }
    }
}

/// Where the properties of an object go.
#[derive(Clone, Copy)]
enum Spot {
    /// To a new object below this one.
    Below(Option<usize>),
    /// To this object; nowhere if there is none.
    At(Option<usize>),
}

impl<'de> DeserializeSeed<'de> for Tree<'_> {
    type Value = Option<usize>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Option<usize>, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Tree<'_> {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object of a project")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Option<usize>, A::Error> {
        let depth = self.depth.saturating_add(1);
        if depth > DEPTH {
            return Err(A::Error::custom("too many collections inside each other"));
        }
        let place = match self.spot {
            Spot::Below(parent) => self.to.add(self.kind, parent),
            Spot::At(place) => place,
        };
        while let Some(key) = map.next_key::<String>()? {
            let inner = match collection(&key) {
                Some(kind) => Some((kind, Spot::Below(place))),
                None => is_wrapping(&key).then_some((self.kind, Spot::At(place))),
            };
            match inner {
                Some((kind, spot)) => {
                    match key.as_str() {
                        "project" => self.shape.is_wrapped = true,
                        _ => self.shape.has_collections = true,
                    }
                    let (to, shape) = (&mut *self.to, &mut *self.shape);
                    map.next_value_seed(Branches { to, shape, kind, spot, depth })?;
                }
                None if key.contains('.') && is_kept(self.kind, &key) => {
                    let value = map.next_value_seed(Property(&key))?;
                    // The name of an interface is none of the project's.
                    if self.kind != Kind::Project || key != "common.ALLTYPES_NAME" {
                        self.to.keep(place, &key, value);
                    }
                }
                None => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(place)
    }
}

/// A collection of the tree: its elements, or one that stands alone.
struct Branches<'a> {
    to: &'a mut Configuration,
    shape: &'a mut Shape,
    kind: Kind,
    spot: Spot,
    depth: usize,
}

impl Branches<'_> {
    fn element(&mut self) -> Tree<'_> {
        Tree { to: &mut *self.to, shape: &mut *self.shape, kind: self.kind, spot: self.spot, depth: self.depth }
    }
}

impl<'de> DeserializeSeed<'de> for Branches<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Branches<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a collection of a project")
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        self.shape.is_short = true;
        Ok(())
    }

    fn visit_map<A: MapAccess<'de>>(mut self, map: A) -> Result<(), A::Error> {
        self.element().visit_map(map).map(|_| ())
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while list.next_element_seed(self.element())?.is_some() {}
        Ok(())
    }
}

/// The value of a property.
pub(super) struct Property<'a>(pub(super) &'a str);

impl Property<'_> {
    /// A number; one that may be a secret is not kept.
    fn number(&self, number: Option<i64>) -> Value {
        number.filter(|_| !value::is_secret(self.0)).map_or(Value::Other, Value::Number)
    }
}

impl<'de> DeserializeSeed<'de> for Property<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Property<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value, E> {
        Ok(Value::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(self.number(Some(number)))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(self.number(i64::try_from(number).ok()))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        #[expect(clippy::cast_possible_truncation, reason = "fractions are told apart, and the range is looked at")]
        let whole = number.trunc() as i64;
        // A fraction is none of the numbers that properties have, and stands for none of them.
        let is_whole = number.abs() < 9e15 && number.fract() == 0.0;
        Ok(self.number(is_whole.then_some(whole)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(Value::of_text(self.0, text))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Value::Other)
    }
}

/// The elements of an answer of the API.
pub(super) struct Elements<'a> {
    pub(super) to: &'a mut Configuration,
    pub(super) shape: &'a mut Shape,
    pub(super) parent: Option<usize>,
    pub(super) kind: Kind,
}

impl Elements<'_> {
    fn element(&mut self) -> Tree<'_> {
        let (to, shape) = (&mut *self.to, &mut *self.shape);
        Tree { to, shape, kind: self.kind, spot: Spot::Below(self.parent), depth: 0 }
    }
}

impl<'de> DeserializeSeed<'de> for Elements<'_> {
    type Value = Page;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Page, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = Page;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Page, A::Error> {
        let mut page = Page { is_named: true, ..Page::default() };
        while let Some(place) = list.next_element_seed(self.element())? {
            match place {
                // The element that a paged answer ends with.
                Some(place) if self.to.at(place).is_none_or(|it| it.name().is_empty()) => {
                    page.is_named &= self.to.at(place).is_none_or(|it| it.properties.is_empty());
                    self.to.truncate(place);
                    page.is_paged = true;
                }
                _ => page.elements = page.elements.saturating_add(1),
            }
        }
        Ok(page)
    }
}
