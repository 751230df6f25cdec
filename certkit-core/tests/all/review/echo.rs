//! What a server repeats of the log-in that it was sent is told nowhere.

use std::collections::BTreeMap;

use certkit_core::review::baseline::Snapshot;
use certkit_core::review::configuration::Kind;

use super::api::{ABOUT, judged};
use super::server::{Answer, PASSWORD, Server, Signed};

/// The password as it is, percent-encoded, escaped, and the value of the log-in; `{}` stands for each of them.
const FORMS: [&str; 4] = [
    PASSWORD,
    "%6eot%2DA-real-1-p%61ssword",
    r"\u006eot-A-real-1-password",
    "YXBpLXJldmlldzpub3QtQS1yZWFsLTEtcGFzc3dvcmQ=",
];

const PROJECT: &str =
    r#"{"PROJECT_ID": 7, "opcdaserver.PROJECT_OPC_DA_1_ENABLED": true, "servermain.PROJECT_TITLE": "{}"}"#;

const CHANNELS: &str = r#"[{"common.ALLTYPES_NAME": "press {}", "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "OPC UA Client",
    "opcuaclient.CHANNEL_UA_SERVER_ENDPOINT_URL": "opc.tcp://{}.test:4840/{}", "x.{}": "{}"}]"#;

const GROUPS: &str = r#"[{"common.ALLTYPES_NAME": "{}", "libadminsettings.USERMANAGER_GROUP_ENABLED": true},
    {"common.ALLTYPES_NAME": "Server Users", "libadminsettings.USERMANAGER_GROUP_ENABLED": true,
     "libadminsettings.USERMANAGER_SERVER_{}": true}]"#;

fn answers(form: &str) -> BTreeMap<&'static str, Answer> {
    let filled = |text: &str| Answer::json(text.replace("{}", form));
    let about = ABOUT.replace("KEPServerEX", "KEPServerEX {}").replace("300", "300 {}");
    BTreeMap::from([
        ("/about", filled(&about)),
        ("/project", filled(PROJECT)),
        ("/project/channels", filled(CHANNELS)),
        ("/project/_iot_gateway/mqtt_clients", Answer { status: 500, ..filled("{}") }),
        ("/project/_iot_gateway/rest_clients", filled("<html>{}")),
        ("/project/_iot_gateway/rest_servers", filled(r#"{"{}": "{}"}"#)),
        ("/admin/server_usergroups", filled(GROUPS)),
        ("/admin/server_users", Answer { headers: LOCATION, ..Answer::status(302) }),
    ])
}

const LOCATION: &str = "Location: https://portal.test/not-A-real-1-password?p=%6eot-A-real-1-password&b=YXBpLXJldmlldzpub3QtQS1yZWFsLTEtcGFzc3dvcmQ=\r\n\
                        Content-Type: not-A-real-1-password\r\nServer: not-A-real-1-password\r\n";

fn holds(text: &str) -> bool {
    FORMS.iter().any(|form| text.contains(form)) || text.contains("ot-A-real") || text.contains("dmlldzpub3QtQS1y")
}

#[test]
fn a_password_that_a_server_repeats_is_told_nowhere() {
    for form in FORMS {
        let form = form.to_owned();
        let server = Server::fixed(Signed::ByRoot, answers(&form));
        let source = server.review(PASSWORD);
        assert!(source.error.as_ref().is_some_and(|it| it.contains("repeat")), "{source:?}");
        assert!(source.hints.iter().any(|it| it.contains("change it")), "{source:?}");
        // What it shows is judged all the same.
        assert_eq!(source.configuration.all(Kind::Group).count(), 2);
        let review = judged(source);
        assert!(review.rows.iter().any(|it| it.duty.id == "5.2.1" && it.state.as_str() == "not-met"));
        let told = format!("{review:?} {:?}", Snapshot::of(&review));
        assert!(told.contains("press ***"), "{told}");
        assert!(!holds(&told), "{form}: {told}");
    }
}

#[test]
fn a_redirect_repeats_nothing() {
    let server = Server::new(Signed::ByRoot, |_, _| Answer { headers: LOCATION, ..Answer::status(302) });
    let source = server.review(PASSWORD);
    assert!(source.error.as_ref().is_some_and(|it| it.contains("redirects to https://portal.test/***")), "{source:?}");
    assert!(!holds(&format!("{source:?}")), "{source:?}");
}
