//! Reads what a specimen says that probes found.

use certkit_core::presented::{
    Cipher, Cors, HostPort, HttpAnswer, MqttAnswer, Plain, Posture, Probe, Target, Undetermined, Version, Web,
};

/// A target of which nothing is known.
pub(super) fn of(target: &str) -> Posture {
    let target: Target = target.parse().unwrap_or_else(|error| panic!("{target}: {error}"));
    Posture {
        peer: ([10, 0, 0, 7], target.endpoint.port).into(),
        target,
        versions: None,
        suites: None,
        aead: None,
        plain: None,
        plain_port: None,
        web: None,
        mqtt: None,
        undetermined: Vec::new(),
        sent: Vec::new(),
        left_out: Vec::new(),
    }
}

/// Adds a line: `versions TLS 1.2, TLS 1.3`, `suites 0005`, `aead no`, `plain HTTP 200`, `plain-port 80 MQTT 0`,
/// `page tls`, `page tls html`, `allow-origin *`, `allow-credentials`, `hsts max-age=1`, `mqtt 5`, `untold cors REASON`.
pub(super) fn add(posture: &mut Posture, line: &str) {
    let (key, value) = line.split_once(' ').unwrap_or((line, ""));
    match key {
        "versions" => posture.versions = Some(list(value).map(version).collect()),
        "suites" => {
            let number = |it: &str| Cipher(u16::from_str_radix(it, 16).expect(it));
            posture.suites = Some(list(value).map(number).collect());
        }
        "aead" => posture.aead = Some(value == "yes"),
        "plain" => posture.plain = Some(plain(value)),
        "plain-port" => {
            let (port, value) = value.split_once(' ').expect(value);
            let host = posture.target.endpoint.host.clone();
            posture.plain_port = Some((HostPort { host, port: port.parse().expect(port) }, plain(value)));
        }
        "page" => {
            posture.web = Some(Web {
                is_over_tls: value.starts_with("tls"),
                answer: answer("200"),
                cors: Some(Cors::default()),
                hsts: None,
                is_for_people: value.ends_with("html"),
            });
        }
        "allow-origin" => cors(posture).allow_origin = Some(value.to_owned()),
        "allow-credentials" => cors(posture).allows_credentials = true,
        "hsts" => posture.web.as_mut().expect("page").hsts = Some(value.to_owned()),
        "mqtt" => posture.mqtt = Some(MqttAnswer(value.parse().expect(value))),
        "untold" => {
            let (name, reason) = value.split_once(' ').expect(value);
            let probe = Probe::ALL.into_iter().find(|it| it.name() == name).expect(name);
            posture.undetermined.push(Undetermined { probe, reason: reason.to_owned() });
        }
        other => panic!("no such finding: {other}"),
    }
}

fn cors(posture: &mut Posture) -> &mut Cors {
    posture.web.as_mut().and_then(|web| web.cors.as_mut()).expect("page")
}

fn list(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|it| !it.is_empty())
}

fn version(name: &str) -> Version {
    let all = [Version::Ssl30, Version::Tls10, Version::Tls11, Version::Tls12, Version::Tls13];
    all.into_iter().find(|it| it.as_str() == name).expect(name)
}

fn plain(value: &str) -> Plain {
    match value.split_once(' ').expect(value) {
        ("HTTP", status) => Plain::Http(answer(status)),
        ("MQTT", code) => Plain::Mqtt(MqttAnswer(code.parse().expect(code))),
        ("refused", reason) => Plain::Refused(reason.to_owned()),
        (other, _) => panic!("{other}"),
    }
}

/// `200`, or `301 https://plc7/` with where it leads.
fn answer(status: &str) -> HttpAnswer {
    let (status, location) = status.split_once(' ').map_or((status, None), |(status, to)| (status, Some(to)));
    HttpAnswer {
        status: status.parse().expect(status),
        reason: String::new(),
        server: None,
        location: location.map(certkit_core::text::Address::new),
    }
}
