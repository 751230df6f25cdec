//! Any project, with properties taken out or of another type: no duty is found to be better for it.

use std::collections::BTreeMap;

use certkit_core::review::duty::State;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Value, json};

use super::unseen::{judged, project};

/// A project that follows the guide.
fn guide() -> Value {
    json!({"project": {
        "servermain.PROJECT_TITLE": "x",
        "client_interfaces": [
            {"common.ALLTYPES_NAME": "opcdaserver", "opcdaserver.PROJECT_OPC_DA_1_ENABLED": false,
                "opcdaserver.PROJECT_OPC_DA_2_ENABLED": false, "opcdaserver.PROJECT_OPC_DA_3_ENABLED": false,
                "opcdaserver.PROJECT_OPC_ENABLE_DIAGS": false},
            {"ddeserver.ENABLE": false, "wwtoolkitinterface.ENABLED": false,
                "aeserverinterface.ENABLE_AE_SERVER": false, "hdaserver.ENABLE": false,
                "hdaserver.ENABLE_DIAGNOSTICS": false},
            {"uaserverinterface.PROJECT_OPC_UA_ENABLE": true, "uaserverinterface.PROJECT_OPC_UA_DIAGNOSTICS": false,
                "uaserverinterface.PROJECT_OPC_UA_ANONYMOUS_LOGIN": false},
            {"thingworxinterface.ENABLED": true, "thingworxinterface.HOSTNAME": "twx.test",
                "thingworxinterface.PORT": 443, "thingworxinterface.TRUST_ALL_CERTIFICATES": false,
                "thingworxinterface.ALLOW_SELF_SIGNED_CERTIFICATE": false,
                "thingworxinterface.DISABLE_ENCRYPTION": false, "thingworxinterface.LOGGING_ENABLED": false,
                "thingworxinterface.VERBOSE": false},
        ],
        "_iot_gateway": [{
            "mqtt_clients": [{"common.ALLTYPES_NAME": "m", "iot_gateway.AGENTTYPES_ENABLED": true,
                "iot_gateway.MQTT_CLIENT_URL": "ssl://broker.test:8883", "iot_gateway.MQTT_TLS_VERSION": 3,
                "iot_gateway.MQTT_CLIENT_USERNAME": "line", "iot_gateway.MQTT_CLIENT_CERTIFICATE": false,
                "iot_gateway.MQTT_CLIENT_ENABLE_WRITE_TOPIC": false}],
            "rest_clients": [{"common.ALLTYPES_NAME": "r", "iot_gateway.AGENTTYPES_ENABLED": false,
                "iot_gateway.REST_CLIENT_URL": "https://mes.test/", "iot_gateway.REST_CLIENT_USERNAME": "line"}],
            "rest_servers": [{"common.ALLTYPES_NAME": "s", "iot_gateway.AGENTTYPES_ENABLED": true,
                "iot_gateway.REST_SERVER_USE_HTTPS": true, "iot_gateway.REST_SERVER_CORS_ALLOWED_ORIGINS": "",
                "iot_gateway.REST_SERVER_ALLOW_ANONYMOUS_LOGIN": false,
                "iot_gateway.REST_SERVER_ENABLE_WRITE_ENDPOINT": false}],
        }],
        "_ua_gateway": [{"ua_server_interfaces": [{"common.ALLTYPES_NAME": "u",
            "ua_gateway.UA_SERVER_INTERFACE_USER_IDENTITY_POLICY_ANONYMOUS": false,
            "ua_gateway.UA_SERVER_INTERFACE_SECURITY_POLICIES_NONE": false,
            "ua_gateway.UA_SERVER_INTERFACE_SECURITY_POLICIES_BASIC256SHA256": 2,
            "ua_gateway.UA_SERVER_INTERFACE_SECURITY_POLICIES_AES128_SHA256_RSAOAEP": 0,
            "ua_gateway.UA_SERVER_INTERFACE_SECURITY_POLICIES_AES256_SHA256_RSAPSS": 0}]}],
        "channels": [
            {"common.ALLTYPES_NAME": "ua", "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "OPC UA Client",
                "servermain.CHANNEL_DIAGNOSTICS_CAPTURE": false,
                "opcuaclient.CHANNEL_UA_SERVER_SECURITY_POLICY": 3, "opcuaclient.CHANNEL_UA_SERVER_MESSAGE_MODE": 3,
                "opcuaclient.CHANNEL_AUTHENTICATION_USERNAME": "reader"},
            {"common.ALLTYPES_NAME": "mqtt", "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "MQTT Client",
                "servermain.CHANNEL_DIAGNOSTICS_CAPTURE": false, "mqtt_client.CHANNEL_SSL_TLS": true,
                "mqtt_client.CHANNEL_USERNAME": "meter", "mqtt_client.CHANNEL_CLIENT_CERTIFICATE": true},
            {"common.ALLTYPES_NAME": "snmp", "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "SNMP",
                "servermain.CHANNEL_DIAGNOSTICS_CAPTURE": false, "devices": [
                    {"common.ALLTYPES_NAME": "a", "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "SNMP",
                        "snmp.DEVICE_SNMP_VERSION": 3, "snmp.DEVICE_SECURITY_LEVEL": 2,
                        "snmp.DEVICE_AUTHENTICATION_STYLE": 1, "snmp.DEVICE_ENCRYPTION_STYLE": 3},
                    {"common.ALLTYPES_NAME": "b", "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "SNMP",
                        "snmp.DEVICE_SNMP_VERSION": 3, "snmp.DEVICE_SECURITY_LEVEL": 2,
                        "snmp.DEVICE_AUTHENTICATION_STYLE": 1, "snmp.DEVICE_ENCRYPTION_STYLE": 1}]},
        ],
    }})
}

/// Where the properties of a project stand.
fn properties(value: &Value, path: &str, to: &mut Vec<String>) {
    let children: Vec<(String, &Value)> = match value {
        Value::Object(map) => map.iter().map(|(key, it)| (key.clone(), it)).collect(),
        Value::Array(list) => list.iter().enumerate().map(|(at, it)| (at.to_string(), it)).collect(),
        _ => Vec::new(),
    };
    for (key, child) in children {
        let path = format!("{path}/{key}");
        if key.contains('.') {
            to.push(path);
        } else {
            properties(child, &path, to);
        }
    }
}

/// Deletes the property at a path, or gives it a value of another type.
fn change(project: &mut Value, path: &str, change: usize) {
    let (object, key) = path.rsplit_once('/').unwrap();
    let Some(object) = project.pointer_mut(object).and_then(Value::as_object_mut) else { return };
    let Some(old) = object.get(key).cloned() else { return };
    let others =
        [json!("true"), json!("0"), json!(1), json!(false), json!(true), json!(null), json!([]), json!({"a": 1})];
    let is_other = |it: &&Value| std::mem::discriminant(*it) != std::mem::discriminant(&old);
    match others.iter().filter(is_other).nth(change) {
        Some(other) => object.insert(key.to_owned(), other.clone()),
        None => object.remove(key),
    };
}

/// The duties that are settled: met, or about nothing that is in use.
fn settled(projects: &[&Value]) -> BTreeMap<&'static str, State> {
    let review = judged(projects.iter().map(|it| project(&it.to_string())).collect());
    // 8.5.2 tells of the deviations that were found: where one is no longer seen, it is none of them.
    let rows = review.rows.iter().filter(|it| matches!(it.state, State::Met | State::NotApplicable));
    rows.filter(|it| it.duty.id != "8.5.2").map(|it| (it.duty.id, it.state)).collect()
}

#[test]
fn a_project_of_the_guide_loses_what_each_property_shows() {
    let whole = guide();
    let before = settled(&[&whole]);
    for duty in ["5.2.1", "6.2-write", "6.4.2", "6-ua-client", "6-mqtt-driver", "6-snmp", "8.2.1", "note-trust-all"] {
        assert_eq!(before.get(duty), Some(&State::Met), "{duty}");
    }
    let mut paths = Vec::new();
    properties(&whole, "", &mut paths);
    for path in &paths {
        for kind in 0..8 {
            let mut other = whole.clone();
            change(&mut other, path, kind);
            let after = settled(&[&other]);
            assert!(after.iter().all(|(duty, state)| before.get(duty) == Some(state)), "{path} {kind}: {after:?}");
            let is_switch = whole.pointer(path).is_some_and(Value::is_boolean);
            let is_neutral = [
                "_CERTIFICATE",
                "_ANONYMOUS",
                "AGENTTYPES_ENABLED",
                "UA_ENABLE",
                "ANONYMOUS_LOGIN",
                "thingworxinterface.ENABLED",
            ];
            if is_switch && !is_neutral.iter().any(|it| path.ends_with(it)) && !path.contains("SECURITY_POLICIES") {
                assert!(after.len() < before.len(), "{path} {kind}: nothing hangs on it");
            }
        }
    }
}

fn value_of() -> impl Strategy<Value = Value> {
    prop_oneof![
        any::<bool>().prop_map(Value::from),
        (0..4).prop_map(Value::from),
        "(|line|ssl://b.test:8883)".prop_map(Value::from)
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Any project, alone or beside another: one that shows less is never found to be better.
    #[test]
    fn a_project_that_shows_less_is_never_better(
        values in proptest::collection::vec((any::<Index>(), value_of()), 0..12),
        changes in proptest::collection::vec((any::<Index>(), 0..9_usize), 1..4),
        is_beside in any::<bool>(),
    ) {
        let other = guide();
        let mut before = guide();
        let mut paths = Vec::new();
        properties(&before, "", &mut paths);
        for (at, value) in values {
            // Of the same type as before: another type is what is to be found out below.
            let old = before.pointer(at.get(&paths).as_str()).unwrap();
            if std::mem::discriminant(old) == std::mem::discriminant(&value) {
                let (object, key) = at.get(&paths).rsplit_once('/').unwrap();
                before.pointer_mut(object).unwrap()[key] = value;
            }
        }
        let mut after = before.clone();
        changes.iter().for_each(|(at, kind)| change(&mut after, at.get(&paths).as_str(), *kind));
        let beside: &[&Value] = if is_beside { &[&other] } else { &[] };
        let is = settled(&[&[&after], beside].concat());
        let was = settled(&[&[&before], beside].concat());
        for (duty, state) in is {
            prop_assert_eq!(was.get(duty), Some(&state), "{}: {:?}", duty, changes);
        }
    }
}
