//! Section 6.4: the REST servers of the IoT Gateway, and its service.

use super::super::address::is_origin;
use super::super::api;
use super::super::interfaces::BY_PROJECT;
use super::super::users::{NO_OWN_GROUP, own_group};
use super::{key, listed, none_of, switch};
use crate::check::Severity;
use crate::review::configuration::Kind;
use crate::review::duty::{self, Deviation, Duty, View, Wanted};
use crate::review::facts::{Facts, Topic};
use crate::source::posture::Part;
use crate::text::shown;

pub(super) static REST_GROUP: Duty = Duty {
    id: "6.4.1",
    section: "6.4.1",
    title: "clients of the REST server log in as users of a separate group",
    unneeded: |facts| none_of(facts, Kind::RestServer),
    look: own_group,
    question: "Which of these groups is only for the REST server, and does it have only the rights that its clients \
               need?",
    visible_by: "name the Configuration API: kepware+https://HOST:57512 --user NAME --password-file FILE",
    cure: "Settings | User Manager | New Group for the REST server, then right-click the group | Add User",
    deviations: &[&NO_OWN_GROUP],
    ..Duty::OF_A_PERSON
};

static REST_HTTP: Deviation = Deviation {
    id: "kepware-rest-server-http",
    severity: Severity::Error,
    title: "a REST server agent answers over plain HTTP",
    cure: "IoT Gateway | the REST server | Properties | Endpoint: set Use HTTPS to Yes. (The guide says that Use HTTPS sends in \
           plain text: a misprint)",
};

static REST_CORS: Deviation = Deviation {
    id: "kepware-rest-server-cors",
    severity: Severity::Error,
    title: "a REST server agent lets scripts of every web site read its answers",
    cure: "IoT Gateway | the REST server | Properties | Endpoint: list the sites that need it in CORS Allowed Origins, \
           instead of the asterisk",
};

pub(super) static REST_SERVER: Duty = Duty {
    id: "6.4.2",
    section: "6.4.2",
    title: "REST servers use HTTPS, and name the web sites that may use them",
    // What a server shows counts, whatever a project says.
    unneeded: |facts| match facts.observed(Topic::RestServer).next() {
        None => none_of(facts, Kind::RestServer),
        Some(_) => None,
    },
    look: rest_servers,
    visible_by: BY_PROJECT,
    cure: "IoT Gateway | the REST server | Properties | Endpoint: Use HTTPS Yes, no asterisk in CORS Allowed Origins",
    deviations: &[&REST_HTTP, &REST_CORS, &REST_SHOWN, &REST_TLS, &REST_CERTIFICATE],
    ..Duty::OF_A_PERSON
};

fn rest_servers(facts: &Facts, view: &mut View) {
    let agents = listed(facts, Kind::RestServer, view);
    let is_any = !agents.is_empty();
    for (source, agent) in agents {
        let subject = agent.called();
        let port = agent.number(&key("REST_SERVER_PORT_NUMBER")).map_or(String::new(), |it| format!(" on port {it}"));
        let https = Wanted {
            key: "iot_gateway.REST_SERVER_USE_HTTPS",
            value: true,
            good: &format!("uses HTTPS{port}"),
            bad: &format!("answers over plain HTTP{port}"),
            deviation: &REST_HTTP,
        };
        view.switch(source, agent, format!("{subject}, HTTPS"), &https);
        match agent.text(&key("REST_SERVER_CORS_ALLOWED_ORIGINS")) {
            Some("") => view.good(source, format!("{subject}, CORS"), "allows no other origin"),
            Some(origins) => {
                let shown = shown(origins);
                let subject = format!("{subject}, CORS");
                let mut named = origins.split(',').map(str::trim);
                match named.clone().all(is_origin) {
                    _ if origins.contains('*') => {
                        view.bad(source, subject, &REST_CORS, format!("allows origins by an asterisk: {shown}"));
                    }
                    // Every page in a sandbox is of the origin `null`.
                    _ if named.any(|it| it.eq_ignore_ascii_case("null")) => {
                        view.bad(source, subject, &REST_CORS, format!("allows the origin `null`: {shown}"));
                    }
                    true => {
                        let is_https = agent.flag("iot_gateway.REST_SERVER_USE_HTTPS") == Some(true);
                        let is_clear = |it: &str| it.get(..7).is_some_and(|it| it.eq_ignore_ascii_case("http://"));
                        if is_https && origins.split(',').any(|it| is_clear(it.trim())) {
                            let text = "allows an origin over plain HTTP, whose pages anybody on the way can change";
                            view.note(source, subject.clone(), text);
                        }
                        view.good(source, subject, format!("allows these origins: {shown}"));
                    }
                    false => {
                        let text = format!("lists origins in an unknown format: {shown}");
                        view.unseen_of(source, subject, text);
                    }
                }
            }
            None => view.missing(source, format!("{subject}, CORS"), &key("REST_SERVER_CORS_ALLOWED_ORIGINS")),
        }
    }
    if !view.observe(facts, Topic::RestServer, &REST_SHOWN) && !is_any {
        view.unseen();
    }
    view.observe(facts, Topic::RestOrigins, &REST_CORS);
    view.observe(facts, Topic::RestTls, &REST_TLS);
    api::presented(facts, view, Part::RestServer, &REST_CERTIFICATE);
}

static REST_SHOWN: Deviation = Deviation {
    id: "kepware-rest-server-open",
    severity: Severity::Error,
    title: "a REST server answers over plain HTTP",
    cure: "IoT Gateway | the REST server | Properties | Endpoint: set Use HTTPS to Yes",
};

static REST_TLS: Deviation = Deviation {
    id: "kepware-rest-server-tls",
    severity: Severity::Error,
    title: "a REST server accepts weak versions or suites of TLS",
    cure: "install the newest versions of Kepware and of the Java that its IoT Gateway uses; `certkit check --posture \
           https://HOST:39320` lists them",
};

static REST_CERTIFICATE: Deviation = Deviation {
    id: "kepware-rest-server-certificate",
    severity: Severity::Warning,
    title: "the certificate of a REST server is not signed by a trusted CA",
    cure: "`certkit generate https --for rest-server` makes one, signed by the plant's CA; the chapter Configuring a Gateway \
           Certificate of the IoT Gateway's manual says where it goes",
};

static REST_OPEN: Deviation = Deviation {
    id: "kepware-rest-server-anonymous",
    severity: Severity::Warning,
    title: "a REST server agent answers without a log-in",
    cure: "IoT Gateway | the REST server | Properties | Endpoint: set Allow Anonymous Login to No",
};

pub(super) static REST_ANONYMOUS: Duty = Duty {
    id: "6.4-anonymous",
    section: "6.4",
    part: duty::Part::Extra,
    title: "REST servers require a log-in",
    unneeded: |facts| none_of(facts, Kind::RestServer),
    look: |facts, view| {
        let wanted = Wanted {
            key: "iot_gateway.REST_SERVER_ALLOW_ANONYMOUS_LOGIN",
            value: false,
            good: "allows no anonymous log-in",
            bad: "allows anonymous log-ins",
            deviation: &REST_OPEN,
        };
        switch(facts, view, Kind::RestServer, &wanted);
    },
    visible_by: BY_PROJECT,
    cure: "IoT Gateway | the REST server | Properties | Endpoint: set Allow Anonymous Login to No",
    deviations: &[&REST_OPEN],
    ..Duty::OF_A_PERSON
};

static REST_WRITES: Deviation = Deviation {
    id: "kepware-rest-server-write",
    severity: Severity::Warning,
    title: "a REST server agent accepts writes",
    cure: "IoT Gateway | the REST server | Properties | Endpoint: set Enable Write Endpoint to No unless it is needed",
};

pub(super) static REST_WRITE: Duty = Duty {
    id: "6.4-write",
    section: "6.4",
    part: duty::Part::Extra,
    title: "REST servers accept no writes",
    unneeded: |facts| none_of(facts, Kind::RestServer),
    look: |facts, view| {
        let wanted = Wanted {
            key: "iot_gateway.REST_SERVER_ENABLE_WRITE_ENDPOINT",
            value: false,
            good: "has its write endpoint disabled",
            bad: "has its write endpoint enabled",
            deviation: &REST_WRITES,
        };
        switch(facts, view, Kind::RestServer, &wanted);
    },
    visible_by: BY_PROJECT,
    cure: "IoT Gateway | the REST server | Properties | Endpoint: set Enable Write Endpoint to No unless it is needed",
    deviations: &[&REST_WRITES],
    ..Duty::OF_A_PERSON
};

static SERVICE_OPEN: Deviation = Deviation {
    id: "kepware-gateway-service-open",
    severity: Severity::Warning,
    title: "the service of the IoT Gateway answers other machines",
    cure: "close port 57212 for other machines in the firewall of the host: Kepware itself alone asks it",
};

pub(super) static GATEWAY_SERVICE: Duty = Duty {
    id: "6.4-service",
    section: "6.4",
    part: duty::Part::Extra,
    title: "the service of the IoT Gateway answers only its own machine",
    unneeded: |facts| match facts.observed(Topic::GatewayService).next() {
        None => [Kind::MqttClient, Kind::RestClient, Kind::RestServer]
            .into_iter()
            .all(|kind| none_of(facts, kind).is_some())
            .then(|| "no agent of the IoT Gateway is enabled".to_owned()),
        Some(_) => None,
    },
    look: |facts, view| {
        if !view.observe(facts, Topic::GatewayService, &SERVICE_OPEN) {
            view.unseen();
        }
    },
    visible_by: "probe the server from another machine: kepware://HOST",
    cure: SERVICE_OPEN.cure,
    deviations: &[&SERVICE_OPEN],
    ..Duty::OF_A_PERSON
};
