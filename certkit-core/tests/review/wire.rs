//! What servers show without a log-in.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::Duration;

use certkit_core::moment::Moment;
use certkit_core::presented::Target;
use certkit_core::review::duty::State;
use certkit_core::review::facts::{SourceFacts, SourceKind};
use certkit_core::review::wire::{Service, probe};
use certkit_core::source::posture::Ask;

use crate::api::judged;

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
    let look = |service| {
        let mut source = SourceFacts::new("kepware://127.0.0.1", SourceKind::Probes, Moment::now());
        assert!(probe(&target, service, &ask, &mut source));
        assert!(!source.asked.is_empty(), "what was sent is told");
        judged(source)
    };
    let review = look(Service::Api);
    let row = |id: &str| review.rows.iter().find(|it| it.duty.id == id).unwrap();
    assert_eq!(row("7.1.2").state, State::NotMet, "{:?}", row("7.1.2"));
    assert_eq!(row("7.1.2").findings[0].deviation.id, "kepware-api-plain-http");
    assert!(row("7.1.3").findings.iter().any(|it| it.deviation.id == "kepware-api-cors"), "{:?}", row("7.1.3"));

    let review = look(Service::RestServer);
    let row = |id: &str| review.rows.iter().find(|it| it.duty.id == id).unwrap();
    assert_eq!(row("6.4.2").state, State::NotMet, "{:?}", row("6.4.2"));
}

#[test]
fn where_nothing_answers_nothing_is_said_to_be_met() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let target: Target = format!("https://{}", listener.local_addr().unwrap()).parse().unwrap();
    drop(listener);
    let mut source = SourceFacts::new("kepware://127.0.0.1", SourceKind::Probes, Moment::now());
    assert!(!probe(&target, Service::Api, &Ask::default(), &mut source));
    let review = judged(source);
    let row = review.rows.iter().find(|it| it.duty.id == "7.1.2").unwrap();
    assert_eq!(row.state, State::NotVisible);
}
