//! The Configuration API: what is asked, what is made of refusals, and what is never sent.

use std::collections::BTreeMap;

use certkit_core::crypto::digest;
use certkit_core::moment::Moment;
use certkit_core::review::configuration::Kind;
use certkit_core::review::facts::{Facts, Shown, Signer, SourceFacts};
use certkit_core::review::{Review, review};

use super::server::{Answer, PASSWORD, Server, Signed};

pub(crate) const ABOUT: &str =
    r#"{"product_name": "KEPServerEX", "product_id": "012", "product_version": "V6.12.300.0"}"#;
const PROJECT: &str = r#"{"PROJECT_ID": 7, "opcdaserver.PROJECT_OPC_DA_1_ENABLED": true}"#;
const USERS: &str = r#"[{"common.ALLTYPES_NAME": "Default User", "libadminsettings.USERMANAGER_USER_ENABLED": false}]"#;

fn answers() -> BTreeMap<&'static str, Answer> {
    BTreeMap::from([
        ("/about", Answer::json(ABOUT)),
        ("/project", Answer::json(PROJECT)),
        ("/project/channels", Answer::json("[]")),
        ("/admin/server_users", Answer::json(USERS)),
        ("/event_log?limit=100", Answer::json(r#"[{"timestamp": "2026-01-01T00:00:00"}, {"page": 1}]"#)),
    ])
}

pub(crate) fn judged(source: SourceFacts) -> Review {
    review(Facts { sources: vec![source], minimum: None, moment: Moment::now() }, Default::default())
}

fn state(review: &Review, duty: &str) -> &'static str {
    review.rows.iter().find(|it| it.duty.id == duty).unwrap().state.as_str()
}

#[test]
fn what_the_api_shows_is_read_and_what_it_refuses_is_not_visible() {
    let mut answers = answers();
    answers.insert("/admin/server_usergroups", Answer::status(403));
    let server = Server::fixed(Signed::ByRoot, answers);
    let source = server.review(PASSWORD);
    assert_eq!(source.error, None);
    assert_eq!(source.event_log, Shown::Entries(1));
    let paths = server.asked();
    assert_eq!(paths[0], "/about");
    assert!(!paths.iter().any(|it| it.contains("serialize") || it.contains("services")), "{paths:?}");
    let review = judged(source);
    assert_eq!(state(&review, "5.2.1"), "not-met", "what is told of it falls short, whatever else is not");
    assert_eq!(state(&review, "5.3.1"), "met");
    assert_eq!(state(&review, "5.3.2"), "not-visible");
    assert_eq!(state(&review, "6.2.1"), "not-visible", "no agent was shown, which is not that there is none");
}

#[test]
fn a_wrong_password_is_tried_once() {
    let server = Server::fixed(Signed::ByRoot, answers());
    let source = server.review("wrong");
    assert!(source.error.as_ref().unwrap().contains("401"), "{source:?}");
    assert_eq!(server.asked(), ["/about", "/project"]);
    assert_eq!(source.product.unwrap().name, "KEPServerEX");
}

#[test]
fn a_path_that_refuses_after_others_answered_ends_nothing() {
    let mut answers = answers();
    answers.insert("/project/channels", Answer::status(401));
    let server = Server::fixed(Signed::ByRoot, answers);
    let source = server.review(PASSWORD);
    assert_eq!(source.error, None);
    assert!(source.configuration.is_seen(Kind::User));
    assert!(!source.configuration.is_seen(Kind::Channel));
    assert_eq!(server.asked().iter().filter(|it| *it == "/project/channels").count(), 1);
}

#[test]
fn credentials_go_to_nobody_who_is_not_trusted() {
    let server = Server::fixed(Signed::ByItself, answers());
    let source = server.review(PASSWORD);
    assert!(source.error.as_ref().unwrap().contains("not trusted"), "{source:?}");
    assert!(server.asked().is_empty() && !server.has_seen_log_in());

    let source = server.review_with(PASSWORD, &[[7; 32]], None);
    assert!(source.error.as_ref().unwrap().contains("pinned"), "{source:?}");
    assert!(!server.has_seen_log_in());

    // Who names the certificate itself trusts it, as who pins it; that it is self-signed is told all the same.
    let source = server.review_with(PASSWORD, &[], Some(&server.leaf));
    assert_eq!(source.error, None);
    let presented = source.presented.unwrap();
    assert!(presented.signer == Signer::Itself && !presented.is_accepted, "{presented:?}");

    let pin = digest::sha256(server.leaf.der());
    let source = server.review_with(PASSWORD, &[pin], None);
    assert_eq!(source.error, None);
    assert_eq!(source.presented.unwrap().signer, Signer::Itself);
    assert!(server.has_seen_log_in());
}

#[test]
fn who_has_signed_a_certificate_is_known_where_a_path_leads_to_a_ca() {
    let server = Server::fixed(Signed::ByRoot, answers());
    let pin = [digest::sha256(server.leaf.der())];
    for (anchor, signer) in
        [(Some(&server.root), Signer::Authority), (None, Signer::Unknown), (Some(&server.leaf), Signer::Unknown)]
    {
        let presented = server.review_with(PASSWORD, &pin, anchor).presented.unwrap();
        assert_eq!(presented.signer, signer, "{presented:?}");
    }
}

#[test]
fn a_busy_server_is_asked_again_a_few_times() {
    let server = Server::new(Signed::ByRoot, |path, before| match (path, before) {
        ("/about", 0) => Answer { headers: "Retry-After: 0\r\n", ..Answer::status(429) },
        ("/project", _) => Answer { headers: "Retry-After: 0\r\n", ..Answer::status(429) },
        ("/about", _) => Answer::json(ABOUT),
        _ => Answer::status(404),
    });
    let source = server.review(PASSWORD);
    let error = source.error.as_deref().unwrap();
    assert!(error.starts_with("1 path was not answered: GET /config/v1/project answered 429"), "{error}");
    assert!(!source.is_dead());
    let asked = server.asked();
    assert_eq!(asked.iter().filter(|it| *it == "/about").count(), 2);
    assert_eq!(asked.iter().filter(|it| *it == "/project").count(), 4);
}

#[test]
fn a_server_that_shows_nothing_is_no_configuration_api() {
    for status in [403, 404, 500] {
        let server = Server::new(Signed::ByRoot, move |_, _| Answer::status(status));
        let source = server.review(PASSWORD);
        let error = source.error.as_deref().unwrap();
        assert!(error.contains(&format!("answered {status}")), "{error}");
        assert!(source.is_dead(), "{source:?}");
        // Its password goes no further.
        assert_eq!(server.asked(), ["/about", "/project"]);
    }
}

#[test]
fn what_is_not_visible_says_why() {
    let server = Server::new(Signed::ByRoot, |path, _| match path {
        "/about" => Answer::json(ABOUT),
        _ => Answer::status(403),
    });
    let source = server.review(PASSWORD);
    assert_eq!(source.error, None);
    let why = source.refusal(Kind::User).unwrap();
    assert_eq!(why, "GET /config/v1/admin/server_users answered 403: not visible for this user");
    let users = source.asked.iter().filter(|it| it.what.ends_with("/server_users"));
    assert_eq!(users.count(), 1);
}

#[test]
fn redirects_web_pages_and_garbage_are_no_configuration_api() {
    for (answer, word) in [
        (Answer { headers: "Location: https://portal.test/login\r\n", ..Answer::status(302) }, "redirect"),
        (Answer { headers: "Content-Type: text/html\r\n", ..Answer::json("<html>Log in") }, "web page"),
        (Answer::json("{\"product"), "no Configuration API"),
        (Answer::json("[1, 2]"), "no Configuration API"),
    ] {
        let server = Server::new(Signed::ByRoot, move |_, _| answer.clone());
        let source = server.review(PASSWORD);
        assert!(source.error.as_ref().unwrap().contains(word), "{source:?}");
        assert_eq!(server.asked(), ["/about"]);
    }
}

#[test]
fn garbage_on_one_path_is_an_error_of_the_source() {
    for garbage in [
        Answer { headers: "Content-Type: text/html\r\n", ..Answer::json("<html>Log in") },
        Answer::json("{\"a"),
        Answer::json("17"),
    ] {
        for path in ["/project/channels", "/admin/server_users", "/event_log?limit=100"] {
            let mut answers = answers();
            answers.insert(path, garbage.clone());
            let source = Server::fixed(Signed::ByRoot, answers).review(PASSWORD);
            let error = source.error.as_deref().unwrap_or_default();
            assert!(error.contains("cannot be read") && error.contains(path), "{path}: {source:?}");
            assert!(!source.is_dead());
            assert_eq!(state(&judged(source), "5.2.1"), "not-met");
        }
    }
}

#[test]
fn pages_are_read_to_their_end_and_endless_ones_are_not() {
    let page = |from: usize| {
        let names: Vec<String> =
            (from..from + 2).map(|it| format!("{{\"common.ALLTYPES_NAME\": \"channel {it}\"}}")).collect();
        Answer::json(format!("[{}, {{\"page\": 1}}]", names.join(", ")))
    };
    let number = |path: &str| {
        let number = path.split("pageNumber=").nth(1)?.split('&').next()?;
        number.parse::<usize>().ok()
    };
    let server = Server::new(Signed::ByRoot, move |path, _| match path {
        "/about" => Answer::json(ABOUT),
        "/project" => Answer::json(PROJECT),
        _ if path.starts_with("/project/channels") => match number(path) {
            None => page(0),
            Some(it @ 2..=3) => page(it * 10),
            Some(_) => Answer::json("[{\"page\": 4}]"),
        },
        // Without an end: each page has other names.
        _ if path.starts_with("/admin/server_users") => page(number(path).unwrap_or(1) * 10),
        _ => Answer::status(404),
    });
    let source = server.review(PASSWORD);
    assert_eq!(source.configuration.all(Kind::Channel).count(), 6);
    assert!(source.configuration.is_seen(Kind::Channel));
    assert!(!source.configuration.is_seen(Kind::User));
    assert!(server.asked().len() < 1_100);
}

#[test]
fn a_server_of_today_is_asked_for_its_whole_project() {
    let about = r#"{"product_name": "Kepware Server", "product_id": "012", "product_version": "V7.0.120.0"}"#;
    let tree = "\u{feff}{\"project\": {\"servermain.PROJECT_TITLE\": \"x\", \"client_interfaces\": [
        {\"common.ALLTYPES_NAME\": \"ddeserver\", \"ddeserver.ENABLE\": true}]}}";
    let server = Server::fixed(
        Signed::ByRoot,
        BTreeMap::from([("/about", Answer::json(about)), ("/project?content=serialize", Answer::json(tree))]),
    );
    let source = server.review(PASSWORD);
    assert_eq!(source.error, None);
    assert!(!server.asked().contains(&"/project/channels".to_owned()));
    let review = judged(source);
    assert_eq!(state(&review, "5.2-dde"), "not-met");
    assert_eq!(state(&review, "8.1.1"), "to-confirm");
    assert_eq!(state(&review, "6.2.1"), "not-applicable");
}

#[test]
fn edge_is_asked_for_its_endpoints_and_judged_by_them() {
    let about = r#"{"product_name": "ThingWorxKepwareEdge", "product_id": "013", "product_version": "V1.8.100.0"}"#;
    let endpoints = r#"[{"common.ALLTYPES_NAME": "DefaultEndpoint",
        "libadminsettings.UACONFIGMANAGER_ENDPOINT_ENABLE": true,
        "libadminsettings.UACONFIGMANAGER_ENDPOINT_ADAPTER": "eth1",
        "libadminsettings.UACONFIGMANAGER_ENDPOINT_SECURITY_NONE": true,
        "libadminsettings.UACONFIGMANAGER_ENDPOINT_SECURITY_BASIC128_RSA15": 0,
        "libadminsettings.UACONFIGMANAGER_ENDPOINT_SECURITY_BASIC256": 0,
        "libadminsettings.UACONFIGMANAGER_ENDPOINT_SECURITY_BASIC256_SHA256": 2}]"#;
    let admin = r#"{"libadminsettings.LICENSING_SERVER_ENABLE": true,
        "libadminsettings.LICENSING_SERVER_ALLOW_INSECURE_COMMS": true,
        "libadminsettings.LICENSING_SERVER_ALLOW_SELF_SIGNED_CERTS": false}"#;
    let server = Server::fixed(
        Signed::ByRoot,
        BTreeMap::from([
            ("/about", Answer::json(about)),
            ("/project", Answer::json(PROJECT)),
            ("/admin", Answer::json(admin)),
            ("/admin/ua_endpoints", Answer::json(endpoints)),
        ]),
    );
    let review = judged(server.review(PASSWORD));
    let endpoints = review.rows.iter().find(|it| it.duty.id == "6.1.2").unwrap();
    assert_eq!(endpoints.state.as_str(), "not-met");
    assert_eq!(endpoints.findings[0].deviation.id, "kepware-ua-policy-none");
    assert_eq!(state(&review, "8.3-licence"), "not-met");
    assert_eq!(state(&review, "8.1.1"), "not-met");
}

#[test]
fn silence_and_no_server_are_one_error() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let mut server = Server::fixed(Signed::ByRoot, BTreeMap::new());
    server.address = listener.local_addr().unwrap();
    let source = server.review(PASSWORD);
    assert!(source.is_dead() && source.error.is_some(), "{source:?}");
    drop(listener);
    let source = server.review(PASSWORD);
    assert!(source.is_dead() && source.error.as_ref().unwrap().contains("refused"), "{source:?}");
}

#[test]
fn a_number_without_a_word_is_looked_up_in_the_server_s_own_definition() {
    let channel = r#"[{"common.ALLTYPES_NAME": "press", "servermain.MULTIPLE_TYPES_DEVICE_DRIVER": "OPC UA Client",
        "opcuaclient.CHANNEL_UA_SERVER_SECURITY_POLICY": 5, "opcuaclient.CHANNEL_UA_SERVER_MESSAGE_MODE": 3,
        "opcuaclient.CHANNEL_AUTHENTICATION_USERNAME": "reader"}]"#;
    let definition = |word: &str| {
        format!(
            r#"{{"property_definitions": [{{"symbolic_name": "opcuaclient.CHANNEL_UA_SERVER_SECURITY_POLICY",
                "enumeration": {{"None": 0, "{word}": 5}}}}]}}"#
        )
    };
    for (answer, expected) in [
        (Answer::json(definition("Aes256_Sha256_RsaPss")), "met"),
        (Answer::json(definition("Something")), "not-visible"),
        (Answer::status(404), "not-visible"),
    ] {
        let mut answers = answers();
        answers.insert("/project/channels", Answer::json(channel));
        answers.insert("/doc/drivers/OPC%20UA%20Client/channels", answer);
        let server = Server::fixed(Signed::ByRoot, answers);
        assert_eq!(state(&judged(server.review(PASSWORD)), "6-ua-client"), expected);
    }
}
