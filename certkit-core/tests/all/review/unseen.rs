//! What a source does not show is never met: missing properties, values of another type, refused paths, several projects.

use std::path::Path;

use certkit_core::moment::Moment;
use certkit_core::review::duty::State;
use certkit_core::review::facts::{Facts, Observation, SourceFacts, SourceKind, Standing, Topic};
use certkit_core::review::{Review, project_file, review};
use serde_json::{Map, Value, json};

use super::api::ABOUT;
use super::server::{Answer, PASSWORD, Server, Signed};

const EDGE: &str = r#"{"product_name": "Kepware Edge", "product_id": "013", "product_version": "V1.9.0.0"}"#;

pub(crate) fn project(text: &str) -> SourceFacts {
    let mut source = SourceFacts::new("line.json", SourceKind::ProjectFile, Moment::now());
    project_file::read(text.as_bytes(), Path::new("line.json"), &mut source);
    source
}

pub(crate) fn judged(sources: Vec<SourceFacts>) -> Review {
    review(Facts { sources, minimum: None, moment: Moment::now() }, Default::default())
}

fn state(review: &Review, duty: &str) -> State {
    review.rows.iter().find(|it| it.duty.id == duty).unwrap().state
}

/// What a Configuration API of these answers is found to be.
fn asked(answers: &[(&'static str, Answer)]) -> SourceFacts {
    let source = Server::fixed(Signed::ByRoot, answers.iter().cloned().collect()).review(PASSWORD);
    // Garbage on one path is an error, and no end.
    assert!(source.error.as_ref().is_none_or(|it| it.contains("what cannot be read")), "{source:?}");
    source
}

const RIGHTS: [&str; 11] = [
    "IO_TAG_WRITE",
    "IO_TAG_DYNAMIC_ADDRESSING",
    "SYSTEM_TAG_WRITE",
    "INTERNAL_TAG_WRITE",
    "SERVER_MANAGE_LICENSES",
    "SERVER_MODIFY_SERVER_SETTINGS",
    "SERVER_DISCONNECT_CLIENTS",
    "SERVER_REPLACE_RUNTIME_PROJECT",
    "SERVER_RESET_EVENT_LOG",
    "SERVER_OPCUA_DOTNET_CONFIGURATION",
    "SERVER_VIEW_EVENT_LOG_SECURITY",
];

/// A group that may do nothing.
fn group(name: &str) -> Value {
    let mut group = Map::from_iter([("common.ALLTYPES_NAME".to_owned(), json!(name))]);
    let also = ["SERVER_RESET_OPC_DIAGS_LOG", "SERVER_RESET_COMM_DIAGS_LOG"];
    for right in RIGHTS.iter().chain(&also) {
        group.insert(format!("libadminsettings.USERMANAGER_{right}"), json!(false));
    }
    group.insert("libadminsettings.USERMANAGER_GROUP_ENABLED".to_owned(), json!(true));
    Value::Object(group)
}

fn permissions() -> Value {
    let one = |name: &str| {
        json!({"common.ALLTYPES_NAME": format!("Servermain {name}"),
            "libadminsettings.USERMANAGER_PROJECTMOD_ADD": false,
            "libadminsettings.USERMANAGER_PROJECTMOD_EDIT": false,
            "libadminsettings.USERMANAGER_PROJECTMOD_DELETE": false})
    };
    json!([one("Channel"), one("Device"), one("Tag"), one("Project")])
}

const PERMISSIONS: &str = "/admin/server_usergroups/Server%20Users/project_permissions";
const OF_ADMINISTRATORS: &str = "/admin/server_usergroups/Administrators/project_permissions";

/// The Default User, in a group.
fn default_user(group: &str) -> Value {
    json!({"common.ALLTYPES_NAME": "Default User", "libadminsettings.USERMANAGER_USER_ENABLED": true,
        "libadminsettings.USERMANAGER_USER_GROUPNAME": group})
}

/// A server with the built-in groups, one of them as given.
fn groups(users: &Value, permissions: Answer) -> Review {
    with_user(&default_user("Server Users"), users, permissions)
}

fn with_user(user: &Value, users: &Value, permissions: Answer) -> Review {
    let groups = json!([group("Administrators"), users]).to_string();
    judged(vec![asked(&[
        ("/about", Answer::json(ABOUT)),
        ("/project", Answer::json("{\"servermain.PROJECT_TITLE\": \"x\"}")),
        ("/admin/server_users", Answer::json(json!([user]).to_string())),
        ("/admin/server_usergroups", Answer::json(groups)),
        (OF_ADMINISTRATORS, Answer::json(self::permissions().to_string())),
        (PERMISSIONS, permissions),
    ])])
}

#[test]
fn rights_that_are_not_shown_are_not_denied() {
    let good = group("Server Users");
    let shown = || Answer::json(permissions().to_string());
    let review = groups(&good, shown());
    assert_eq!(state(&review, "5.3.2"), State::Met);
    assert_eq!(state(&review, "3.2-event-log"), State::Met);

    for refused in [Answer::status(403), Answer::status(404), Answer::json("[]"), Answer::json("{}")] {
        let review = groups(&good, refused);
        assert_eq!(state(&review, "5.3.2"), State::NotVisible);
    }
    for key in RIGHTS {
        let key = format!("libadminsettings.USERMANAGER_{key}");
        let duty = if key.ends_with("_SECURITY") { "3.2-event-log" } else { "5.3.2" };
        for value in [None, Some(json!("true")), Some(json!(1)), Some(json!(null))] {
            let mut other = good.clone();
            let properties = other.as_object_mut().unwrap();
            properties.remove(&key);
            properties.extend(value.map(|it| (key.clone(), it)));
            assert_eq!(state(&groups(&other, shown()), duty), State::NotVisible, "{other}");
        }
    }
    for name in ["ADD", "EDIT", "DELETE"] {
        let mut other = permissions();
        other[2][format!("libadminsettings.USERMANAGER_PROJECTMOD_{name}")] = json!("true");
        assert_eq!(state(&groups(&good, Answer::json(other.to_string())), "5.3.2"), State::NotVisible);
    }
    let mut other = permissions();
    other.as_array_mut().unwrap().remove(3);
    assert_eq!(state(&groups(&good, Answer::json(other.to_string())), "5.3.2"), State::NotVisible);
}

#[test]
fn the_default_user_has_the_rights_of_the_group_that_it_is_in() {
    let shown = || Answer::json(permissions().to_string());
    let of = |user: &Value| state(&with_user(user, &group("Server Users"), shown()), "5.3.2");
    let named = |name: &str, user: &Value| {
        let mut user = user.clone();
        user["common.ALLTYPES_NAME"] = json!(name);
        user
    };
    let mut disabled = default_user("Administrators");
    disabled["libadminsettings.USERMANAGER_USER_ENABLED"] = json!(false);
    for (user, expected) in [
        (default_user("Server Users"), State::Met),
        (default_user("Administrators"), State::Partly),
        (named("default user", &default_user("Administrators")), State::Partly),
        (named("Operator", &default_user("Administrators")), State::Met),
        (disabled, State::Met),
        (default_user("Another"), State::NotVisible),
        (default_user(""), State::NotVisible),
    ] {
        assert_eq!(of(&user), expected, "{user}");
    }
}

#[test]
fn users_and_groups_are_met_where_all_of_them_are_shown() {
    let with = |users: Answer, groups: Value| {
        judged(vec![asked(&[
            ("/about", Answer::json(ABOUT)),
            ("/project", Answer::json("{\"servermain.PROJECT_TITLE\": \"x\"}")),
            ("/admin/server_users", users),
            ("/admin/server_usergroups", Answer::json(groups.to_string())),
        ])])
    };
    let users = || {
        Answer::json(
            json!([{"common.ALLTYPES_NAME": "Administrator", "libadminsettings.USERMANAGER_USER_TYPE": 0}]).to_string(),
        )
    };
    let own = || json!([group("Administrators"), group("REST Readers")]);
    assert_eq!(state(&with(users(), own()), "5.3.3"), State::Met);
    assert_eq!(state(&with(users(), own()), "5.3.1"), State::Met);

    // A group that everybody belongs to may be among the users.
    assert_eq!(state(&with(Answer::status(403), own()), "5.3.3"), State::NotVisible);
    let everybody = json!([{"common.ALLTYPES_NAME": "Everyone", "libadminsettings.USERMANAGER_USER_TYPE": "2"}]);
    assert_eq!(state(&with(Answer::json(everybody.to_string()), own()), "5.3.3"), State::NotVisible);
    let mut unknown = own();
    unknown[1].as_object_mut().unwrap().remove("libadminsettings.USERMANAGER_GROUP_ENABLED");
    assert_eq!(state(&with(users(), unknown), "5.3.3"), State::NotVisible);

    // Neither is without a built-in element, and each element has a name.
    for users in ["[]", "{}", r#"[{"libadminsettings.USERMANAGER_USER_ENABLED": true}]"#] {
        assert_eq!(state(&with(Answer::json(users), own()), "5.3.1"), State::NotVisible, "{users}");
    }
    assert_eq!(state(&with(users(), json!([])), "3.2-event-log"), State::NotVisible);
}

#[test]
fn an_endpoint_is_met_where_each_policy_is_shown() {
    let endpoint = json!({"common.ALLTYPES_NAME": "DefaultEndpoint",
        "libadminsettings.UACONFIGMANAGER_ENDPOINT_ENABLE": true,
        "libadminsettings.UACONFIGMANAGER_ENDPOINT_ADAPTER": "eth1",
        "libadminsettings.UACONFIGMANAGER_ENDPOINT_SECURITY_NONE": false,
        "libadminsettings.UACONFIGMANAGER_ENDPOINT_SECURITY_BASIC128_RSA15": 0,
        "libadminsettings.UACONFIGMANAGER_ENDPOINT_SECURITY_BASIC256": 0,
        "libadminsettings.UACONFIGMANAGER_ENDPOINT_SECURITY_BASIC256_SHA256": 2});
    let with = |endpoint: &Value| {
        let review = judged(vec![asked(&[
            ("/about", Answer::json(EDGE)),
            ("/project", Answer::json("{\"servermain.PROJECT_TITLE\": \"x\"}")),
            ("/admin/ua_endpoints", Answer::json(json!([endpoint]).to_string())),
        ])]);
        state(&review, "6.1.2")
    };
    assert_eq!(with(&endpoint), State::Met);
    for key in endpoint.as_object().unwrap().keys().filter(|it| *it != "common.ALLTYPES_NAME") {
        let mut other = endpoint.clone();
        other.as_object_mut().unwrap().remove(key);
        assert_eq!(with(&other), State::NotVisible, "{key}");
        for value in [json!(null), json!([1]), json!("1.5")] {
            let is_text = key.ends_with("ADAPTER");
            other[key] = if is_text { json!(1) } else { value };
            assert_eq!(with(&other), State::NotVisible, "{key}");
        }
    }
    let mut other = endpoint.clone();
    other["libadminsettings.UACONFIGMANAGER_ENDPOINT_SECURITY_NONE"] = json!(1);
    assert_eq!(with(&other), State::NotVisible);
}

#[test]
fn one_switch_of_diagnostics_does_not_stand_for_all() {
    let one = r#"{"project": {"servermain.PROJECT_TITLE": "x", "channels": [],
        "thingworxinterface.LOGGING_ENABLED": false}}"#;
    assert_eq!(state(&judged(vec![project(one)]), "8.2.1"), State::NotVisible);
}

#[test]
fn every_project_counts() {
    let one = r#"{"project": {"client_interfaces": [], "thingworxinterface.ENABLED": true,
        "thingworxinterface.TRUST_ALL_CERTIFICATES": false, "thingworxinterface.DISABLE_ENCRYPTION": false,
        "thingworxinterface.ALLOW_SELF_SIGNED_CERTIFICATE": false}}"#;
    let duties = ["note-trust-all", "note-encryption", "note-self-signed"];
    for duty in duties {
        assert_eq!(state(&judged(vec![project(one)]), duty), State::Met);
    }
    let bare = r#"{"project": {"client_interfaces": [], "thingworxinterface.ENABLED": true}}"#.to_owned();
    for other in [bare, one.replace("false", "1"), one.replace("false", "\"false\"")] {
        for sources in [vec![project(one), project(&other)], vec![project(&other), project(one)]] {
            let review = judged(sources);
            for duty in duties {
                assert_eq!(state(&review, duty), State::NotVisible, "{duty} {other}");
            }
        }
    }
}

/// The duties that are about objects of a project, where it has none of them.
const OF_OBJECTS: [&str; 9] =
    ["6-ua-client", "6-mqtt-driver", "6-snmp", "6-other", "6.2.1", "6.2-write", "6.3.1", "6.4.2", "6.4-anonymous"];

#[test]
fn there_is_none_only_where_every_project_has_shown_its_objects() {
    let whole = r#"{"project": {"client_interfaces": [], "servermain.PROJECT_TITLE": "x"}}"#;
    for duty in OF_OBJECTS {
        assert_eq!(state(&judged(vec![project(whole)]), duty), State::NotApplicable, "{duty}");
    }
    // What GET /project answers has no collections in it.
    for flat in [
        r#"{"a.b": 1}"#,
        r#"{"PROJECT_ID": 7, "servermain.PROJECT_TITLE": "x"}"#,
        r#"{"project": {"PROJECT_ID": 7, "servermain.PROJECT_TITLE": "x"}}"#,
        r#"{"project": {"servermain.PROJECT_TITLE": "x"}}"#,
        r#"{"project": {"client_interfaces": [], "channels": null, "_iot_gateway": null, "a.b": 1}}"#,
    ] {
        for sources in [vec![project(flat)], vec![project(flat), project(whole)], vec![project(whole), project(flat)]] {
            let review = judged(sources);
            for duty in OF_OBJECTS {
                assert_eq!(state(&review, duty), State::NotVisible, "{duty} {flat}");
            }
        }
    }
}

#[test]
fn a_source_that_could_not_be_read_is_not_met_by_another() {
    let good = r#"{"project": {"client_interfaces": [], "ddeserver.ENABLE": false,
        "uaserverinterface.PROJECT_OPC_UA_ENABLE": false, "thingworxinterface.ENABLED": false}}"#;
    let mut server = SourceFacts::new("kepware+https://kep7:57512", SourceKind::ConfigurationApi, Moment::now());
    server.error = Some("connection refused".to_owned());
    let mut sealed = SourceFacts::new("line.sopf", SourceKind::ProjectFile, Moment::now());
    project_file::read(&b"\x01\x02"[..], Path::new("line.sopf"), &mut sealed);
    assert_eq!(state(&judged(vec![project(good)]), "6.2.1"), State::NotApplicable);
    for other in [server, project("{\"project\": "), sealed] {
        let review = judged(vec![project(good), other.clone()]);
        for duty in ["5.2-dde", "6.2.1", "6.1.3", "note-trust-all"] {
            assert_eq!(state(&review, duty), State::NotVisible, "{duty} {other:?}");
        }
        let row = review.rows.iter().find(|it| it.duty.id == "5.2-dde").unwrap();
        assert!(row.evidence.iter().any(|it| it.text == "DDE is disabled"), "what is read is told: {row:?}");
    }
}

#[test]
fn what_could_not_be_read_may_hold_a_deviation() {
    let mut folder = SourceFacts::new("data", SourceKind::DataFolder, Moment::now());
    let (topic, standing) = (Topic::Backups, Standing::Good);
    folder.observations.push(Observation { topic, subject: "backups".into(), standing, text: "none".into() });
    let mut other = SourceFacts::new("other", SourceKind::DataFolder, Moment::now());
    assert_eq!(state(&judged(vec![folder.clone(), other.clone()]), "8.5.2"), State::Met);
    assert_eq!(state(&judged(vec![folder.clone(), other.clone()]), "3.4-backups"), State::Met);
    other.error = Some("permission denied".to_owned());
    for duty in ["8.5.2", "3.4-backups"] {
        assert_eq!(state(&judged(vec![folder.clone(), other.clone()]), duty), State::NotVisible);
    }
}

#[test]
fn what_another_server_shows_is_not_good_of_this_one() {
    let of = |kind, standing| {
        let mut source = SourceFacts::new("opc.tcp://press7:4840", kind, Moment::now());
        let (topic, text) = (Topic::UaEndpoints, "seen".to_owned());
        source.observations.push(Observation { topic, subject: "OPC UA server".into(), standing, text });
        let off = r#"{"project": {"client_interfaces": [{"uaserverinterface.PROJECT_OPC_UA_ENABLE": false}]}}"#;
        (state(&judged(vec![source.clone()]), "6.1.2"), state(&judged(vec![project(off), source]), "6.1.2"))
    };
    assert_eq!(of(SourceKind::Probes, Standing::Good).0, State::Met);
    assert_eq!(of(SourceKind::Followed, Standing::Good).0, State::NotVisible);
    // A project that says its server is off does not hide what is seen of one.
    assert_eq!(of(SourceKind::Probes, Standing::Bad).1, State::NotMet);
}

#[test]
fn what_is_called_sopf_is_not_known_to_be_one() {
    let mut source = SourceFacts::new("line.sopf", SourceKind::ProjectFile, Moment::now());
    project_file::read(&b"\x00\x01anything"[..], Path::new("line.sopf"), &mut source);
    let review = judged(vec![source]);
    assert_eq!(state(&review, "8.4.1"), State::ToConfirm);
    assert_eq!(state(&review, "8.5.2"), State::NotVisible);
}

#[test]
fn rest_origins_are_met_only_in_a_form_that_is_known() {
    let with = |origins: &str| {
        let project = project(
            &json!({"project": {"servermain.PROJECT_TITLE": "x", "_iot_gateway": [{"rest_servers": [{
                "common.ALLTYPES_NAME": "r", "iot_gateway.AGENTTYPES_ENABLED": true,
                "iot_gateway.REST_SERVER_USE_HTTPS": true, "iot_gateway.REST_SERVER_CORS_ALLOWED_ORIGINS": origins}]}]}})
            .to_string(),
        );
        state(&judged(vec![project]), "6.4.2")
    };
    for origins in ["", "http://a.example", "https://a:8443, https://b"] {
        assert_eq!(with(origins), State::Met, "{origins}");
    }
    for origins in
        ["*", "http://*", "*.evil", "https://a,*", "https://a; *", "https://a *", ".*", "null", "https://a, Null"]
    {
        assert_eq!(with(origins), State::Partly, "{origins}");
    }
    for origins in ["\u{2217}", "a.example", "https://a;https://b", "https://a/x"] {
        assert_eq!(with(origins), State::NotVisible, "{origins}");
    }
}

#[test]
fn an_empty_file_is_no_project_under_a_password() {
    let mut source = SourceFacts::new("line.sopf", SourceKind::ProjectFile, Moment::now());
    project_file::read(&b""[..], Path::new("line.sopf"), &mut source);
    assert!(source.error.is_some(), "{source:?}");
}

#[test]
fn two_values_of_one_property_are_none() {
    let text = r#"{"project": {"client_interfaces": [{"ddeserver.ENABLE": true}, {"ddeserver.ENABLE": false}]}}"#;
    assert_eq!(state(&judged(vec![project(text)]), "5.2-dde"), State::NotVisible);
}

#[test]
fn a_secret_that_is_a_number_is_not_kept() {
    let source = project(r#"{"project": {"servermain.PROJECT_TITLE": "x", "a.PLC_PASSWORD": 4711, "a.TOKEN": 1.5}}"#);
    assert!(!format!("{source:?}").contains("4711"), "{source:?}");
}
