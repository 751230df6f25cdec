//! What servers show without a log-in.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::Duration;

use certkit_core::context::Context;
use certkit_core::moment::Moment;
use certkit_core::presented::{
    ApplicationDescription, ApplicationType, Cipher, EndpointDescription, HttpAnswer, Plain, Posture, Probe,
    SecurityMode, Target, Version,
};
use certkit_core::review::duty::State;
use certkit_core::review::facts::{SourceFacts, SourceKind};
use certkit_core::review::wire::{port, probe};
use certkit_core::review::{Review, approval::Approval};
use certkit_core::source::Discovery;
use certkit_core::source::posture::{Ask, Found, Part, Port};

use super::api::judged;

/// Answers every request in the clear.
fn clear(answer: &'static str) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            thread::spawn(move || {
                let _ = stream.read(&mut [0; 4096]);
                let _ = stream.write_all(answer.as_bytes());
            });
        }
    });
    address
}

#[test]
fn a_server_that_answers_in_clear_and_to_every_web_site_is_a_deviation() {
    let address =
        clear("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nAccess-Control-Allow-Origin: *\r\nConnection: close\r\n\r\n{}");
    let ask = Ask { each: Duration::from_secs(2), pace: Duration::from_millis(1), ..Ask::default() };
    let target: Target = format!("http://{address}").parse().unwrap();
    let look = |part| {
        let mut source = SourceFacts::new("kepware://127.0.0.1", SourceKind::Probes, Moment::now());
        assert!(probe(&target, part, &ask, &mut source));
        assert!(!source.asked.is_empty(), "what was sent is told");
        judged(source)
    };
    let review = look(Part::ConfigurationApi);
    let row = |id: &str| review.rows.iter().find(|it| it.duty.id == id).unwrap();
    assert_eq!(row("7.1.2").state, State::NotMet, "{:?}", row("7.1.2"));
    assert_eq!(row("7.1.2").findings[0].deviation.id, "kepware-api-plain-http");
    assert!(row("7.1.3").findings.iter().any(|it| it.deviation.id == "kepware-api-cors"), "{:?}", row("7.1.3"));

    let review = look(Part::RestServer);
    let row = |id: &str| review.rows.iter().find(|it| it.duty.id == id).unwrap();
    assert_eq!(row("6.4.2").state, State::NotMet, "{:?}", row("6.4.2"));
}

#[test]
fn where_nothing_answers_nothing_is_said_to_be_met() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target: Target = format!("https://{}", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let mut source = SourceFacts::new("kepware://127.0.0.1", SourceKind::Probes, Moment::now());
    assert!(!probe(&target, Part::ConfigurationApi, &Ask::default(), &mut source));
    let review = judged(source);
    let row = review.rows.iter().find(|it| it.duty.id == "7.1.2").unwrap();
    assert_eq!(row.state, State::NotVisible);
}

/// What a port with TLS 1.2 alone has shown, which was asked for everything.
fn sound(url: &str) -> Posture {
    let target: Target = url.parse().unwrap();
    let refused = || Plain::Refused("the connection was refused".to_owned());
    let plain_port = target.plain_port().map(|port| {
        let mut to = target.endpoint.host_port();
        to.port = port;
        (to, refused())
    });
    Posture {
        peer: "192.0.2.7:57512".parse().unwrap(),
        versions: Some(vec![Version::Tls12]),
        suites: Some(Vec::new()),
        aead: Some(true),
        plain: Some(refused()),
        plain_port,
        web: None,
        mqtt: None,
        undetermined: Vec::new(),
        sent: Vec::new(),
        left_out: Vec::new(),
        target,
    }
}

fn shown(part: Part, posture: Posture) -> Review {
    let mut source = SourceFacts::new("kepware://kep7", SourceKind::Probes, Moment::now());
    let context = Context::default();
    let approval = Approval { context: &context, pins: &[], moment: Moment::now() };
    let found = Found::Server { capture: None, posture: Box::new(Ok(posture.clone())) };
    assert!(port(Port { part, target: posture.target, found }, &approval, &mut source));
    judged(source)
}

fn state(review: &Review, id: &str) -> (State, Vec<&'static str>) {
    let row = review.rows.iter().find(|it| it.duty.id == id).unwrap();
    (row.state, row.findings.iter().map(|it| it.deviation.id).collect())
}

#[test]
fn a_port_that_was_not_asked_is_not_met() {
    let api = "https://kep7:57512/config/v1/about";
    assert_eq!(state(&shown(Part::ConfigurationApi, sound(api)), "7.1.2"), (State::Met, vec![]));
    for probe in [Probe::Plain, Probe::PlainPort] {
        let mut posture = sound(api);
        posture.left_out.push(probe);
        if probe == Probe::Plain {
            posture.plain = None;
        } else {
            posture.plain_port = None;
        }
        assert_eq!(state(&shown(Part::ConfigurationApi, posture), "7.1.2"), (State::NotVisible, vec![]), "{probe}");
    }
    let mut posture = sound(api);
    let answer = HttpAnswer { status: 401, reason: String::new(), server: None, location: None };
    posture.plain_port.as_mut().unwrap().1 = Plain::Http(answer);
    let (told, ids) = state(&shown(Part::ConfigurationApi, posture), "7.1.2");
    assert!(told == State::Partly || told == State::NotMet, "{told}");
    assert_eq!(ids, ["kepware-api-plain-http"]);
}

#[test]
fn weak_tls_is_a_deviation_of_its_own() {
    let weak = |url| {
        let versions = Some(vec![Version::Tls10]);
        Posture { versions, suites: Some(vec![Cipher(0x0034)]), aead: None, ..sound(url) }
    };
    let (_, ids) = state(&shown(Part::ConfigurationApi, weak("https://kep7:57512/")), "7.1.2");
    assert!(!ids.is_empty() && ids.iter().all(|it| *it == "kepware-api-tls"), "{ids:?}");
    let review = shown(Part::RestServer, weak("https://kep7:39320/"));
    let (_, ids) = state(&review, "6.4.2");
    assert!(!ids.is_empty() && ids.iter().all(|it| *it == "kepware-rest-server-tls"), "{ids:?}");
    assert_eq!(state(&review, "7.1.3").1, Vec::<&str>::new());
    // Nobody has asked whom it lets read its answers.
    assert_eq!(state(&shown(Part::RestServer, sound("https://kep7:39320/")), "6.4.2").0, State::NotVisible);
    assert_eq!(state(&shown(Part::GatewayService, sound("https://kep7:57212/")), "6.4-service").0, State::Partly);
}

#[test]
fn signing_without_encryption_is_met_in_part_as_a_configuration_that_says_so() {
    let endpoint = |security_mode| EndpointDescription {
        endpoint_url: "opc.tcp://kep7:49320".to_owned(),
        server: ApplicationDescription {
            application_uri: "urn:kep7:Kepware".to_owned(),
            product_uri: String::new(),
            application_name: "Kepware".to_owned(),
            application_type: ApplicationType::Server,
            gateway_server_uri: String::new(),
            discovery_profile_uri: String::new(),
            discovery_urls: Vec::new(),
        },
        server_certificate: Vec::new(),
        security_mode,
        security_policy_uri: "http://opcfoundation.org/UA/SecurityPolicy#Basic256Sha256".to_owned(),
        user_tokens: Vec::new(),
        transport_profile_uri: String::new(),
        security_level: 1,
    };
    let told = |modes: &[SecurityMode]| {
        let target: Target = "opc.tcp://kep7:49320".parse().unwrap();
        let endpoints = modes.iter().map(|mode| endpoint(*mode)).collect();
        let peer = "192.0.2.7:49320".parse().unwrap();
        let url = target.to_string();
        let discovery = Discovery { url, peer, attempts: Vec::new(), endpoints, servers: None, clock: None };
        let found = Found::UaServer(Box::new(Ok(discovery)));
        let mut source = SourceFacts::new("kepware://kep7", SourceKind::Probes, Moment::now());
        let context = Context::default();
        let approval = Approval { context: &context, pins: &[], moment: Moment::now() };
        assert!(port(Port { part: Part::UaServer, target, found }, &approval, &mut source));
        state(&judged(source), "6.1.2")
    };
    let both = told(&[SecurityMode::Sign, SecurityMode::SignAndEncrypt]);
    assert_eq!(both, (State::Partly, vec!["kepware-ua-sign-only"]));
    let (encrypted, ids) = told(&[SecurityMode::SignAndEncrypt]);
    assert!(!ids.contains(&"kepware-ua-sign-only"), "{encrypted} {ids:?}");
}
