//! The configuration of a review as rows: written and read without a copy of its place for each property.

use std::borrow::Cow;

use certkit_core::review::baseline::Configuration;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A property of the configuration.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(super) struct SettingJson<'a> {
    source: Cow<'a, str>,
    object: Cow<'a, str>,
    property: Cow<'a, str>,
    value: Cow<'a, str>,
}

pub(super) fn serialize<S: Serializer>(configuration: &Configuration, to: S) -> Result<S::Ok, S::Error> {
    let objects = configuration.iter().flat_map(|(source, it)| it.iter().map(move |it| (source, it)));
    let settings = objects.flat_map(|(source, (object, it))| it.iter().map(move |it| (source, object, it)));
    to.collect_seq(settings.flat_map(|(source, object, (property, values))| {
        values.iter().map(move |value| SettingJson {
            source: Cow::Borrowed(source),
            object: Cow::Borrowed(object),
            property: Cow::Borrowed(property),
            value: Cow::Borrowed(value),
        })
    }))
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Configuration, D::Error> {
    let mut configuration = Configuration::new();
    for it in Vec::<SettingJson<'_>>::deserialize(from)? {
        let objects = configuration.entry(it.source.into_owned()).or_default();
        let settings = objects.entry(it.object.into_owned()).or_default();
        settings.entry(it.property.into_owned()).or_default().push(it.value.into_owned());
    }
    Ok(configuration)
}
