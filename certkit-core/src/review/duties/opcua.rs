//! Section 6.1: OPC UA.

use super::users::{NO_OWN_GROUP, own_group};
use crate::check::Severity;
use crate::review::configuration::{Kind, Object, Switch};
use crate::review::duty::{Deviation, Duty, Part, View, Wanted};
use crate::review::facts::{Facts, SourceFacts, Topic};

/// The duties of the section.
pub(super) static DUTIES: &[&Duty] = &[&GROUP, &ENDPOINTS, &CERTIFICATE, &TRUST];

/// Says why no duty of OPC UA applies: its server is off in every project, and there is no UA Gateway.
fn unneeded(facts: &Facts) -> Option<String> {
    let is_off = facts.projects().all(|(_, it)| it.flag("uaserverinterface.PROJECT_OPC_UA_ENABLE") == Some(false));
    // On Edge alone there are endpoints to be seen.
    let is_all_seen = facts.is_seen(Kind::Project)
        && facts.is_seen(Kind::UaServerInterface)
        && facts.to_show(Kind::UaEndpoint).all(|it| it.configuration.is_seen(Kind::UaEndpoint));
    let has_others =
        facts.all(Kind::UaServerInterface).next().is_some() || facts.all(Kind::UaEndpoint).next().is_some();
    // What a server or a folder shows counts, whatever a project says.
    let topics = [Topic::UaEndpoints, Topic::UaCertificate, Topic::UaLogIn];
    let is_observed = topics.into_iter().any(|it| facts.observed(it).next().is_some());
    let is_needless = is_off && is_all_seen && !has_others && !is_observed;
    is_needless.then(|| "the OPC UA server interface is disabled".to_owned())
}

static ANONYMOUS: Deviation = Deviation {
    id: "kepware-ua-anonymous",
    severity: Severity::Error,
    title: "OPC UA clients may log in anonymously",
    cure: "Project Properties | OPC UA | Client Sessions: set Allow anonymous login to No",
};

static GATEWAY_ANONYMOUS: Deviation = Deviation {
    id: "kepware-ua-gateway-anonymous",
    severity: Severity::Error,
    title: "clients of the UA Gateway may log in anonymously",
    cure: "Project | UA Gateway | Server Interface | Properties: set the user identity policy Anonymous to No",
};

static GROUP: Duty = Duty {
    id: "6.1.1",
    section: "6.1.1",
    title: "OPC UA clients log in as users of a separate group, never anonymously",
    unneeded,
    look: group,
    question: "Which of these groups is for OPC UA clients alone, and has it no more rights than they need?",
    visible_by: "name the Configuration API: kepware+https://HOST:57512 --user NAME --password-file FILE; kepware://HOST shows \
                 whether anonymous users are let in",
    cure: "Settings | User Manager | New Group for OPC UA; Project Properties | OPC UA: set Allow anonymous login to No",
    deviations: &[&ANONYMOUS, &GATEWAY_ANONYMOUS, &NO_OWN_GROUP],
    ..Duty::OF_A_PERSON
};

fn group(facts: &Facts, view: &mut View) {
    let wanted = |key, deviation| Wanted {
        key,
        value: false,
        good: "allows no anonymous log-in",
        bad: "allows anonymous log-ins",
        deviation,
    };
    let own = wanted("uaserverinterface.PROJECT_OPC_UA_ANONYMOUS_LOGIN", &ANONYMOUS);
    for (source, project) in view.all(facts, Kind::Project) {
        view.switch(source, project, "OPC UA server", &own);
    }
    let gateway = wanted("ua_gateway.UA_SERVER_INTERFACE_USER_IDENTITY_POLICY_ANONYMOUS", &GATEWAY_ANONYMOUS);
    for (source, interface) in view.all(facts, Kind::UaServerInterface) {
        view.switch(source, interface, interface.called(), &gateway);
    }
    view.observe(facts, Topic::UaLogIn, &ANONYMOUS);
    own_group(facts, view);
}

static POLICY_NONE: Deviation = Deviation {
    id: "kepware-ua-policy-none",
    severity: Severity::Error,
    title: "an OPC UA endpoint offers the policy None: nothing is signed or encrypted",
    cure: "OPC UA Configuration Manager | Server Endpoints | the endpoint | Edit: clear None. UA Gateway: Server Interface | \
           Properties | Security Policies: set None to No",
};

static POLICY_OLD: Deviation = Deviation {
    id: "kepware-ua-policy-deprecated",
    severity: Severity::Error,
    title: "an OPC UA endpoint offers a deprecated policy",
    cure: "OPC UA Configuration Manager | Server Endpoints | the endpoint | Edit: clear Basic128Rsa15 and Basic256",
};

static SIGN_ONLY: Deviation = Deviation {
    id: "kepware-ua-sign-only",
    severity: Severity::Warning,
    title: "an OPC UA endpoint offers connections that are signed but not encrypted",
    cure: "OPC UA Configuration Manager | Server Endpoints | the endpoint | Edit: allow only Sign and Encrypt",
};

static ALL_ADAPTERS: Deviation = Deviation {
    id: "kepware-ua-all-adapters",
    severity: Severity::Warning,
    title: "an OPC UA endpoint listens on every network adapter",
    cure: "OPC UA Configuration Manager | Server Endpoints | the endpoint | Edit: choose the adapter of the clients' network",
};

static ENDPOINTS: Duty = Duty {
    id: "6.1.2",
    section: "6.1.2",
    title: "OPC UA endpoints offer only the strongest security, and only on the network of their clients",
    unneeded,
    look: endpoints,
    visible_by: "probe the server: kepware://HOST, or `certkit fetch opc.tcp://HOST:49320`; no API shows the endpoints of \
                 Kepware on Windows",
    cure: "OPC UA Configuration Manager | Server Endpoints: allow only Basic256Sha256 with Sign and Encrypt, on one \
           adapter",
    deviations: &[&POLICY_NONE, &POLICY_OLD, &SIGN_ONLY, &ALL_ADAPTERS, &UNSAFE_ENDPOINT],
    ..Duty::OF_A_PERSON
};

/// What a number of a policy allows: 1 signing, 2 signing and encrypting, 3 both.
fn modes(source: &SourceFacts, view: &mut View, object: &Object, policy: &str, number: i64, is_old: bool) {
    let words = match number {
        0 => return,
        1 => "Sign",
        2 => "Sign and Encrypt",
        3 => "Sign, and Sign and Encrypt",
        other => {
            view.unseen_of(source, object.called(), format!("offers {policy} with the unknown mode {other}"));
            return;
        }
    };
    let text = format!("offers {policy} with {words}");
    match number {
        _ if is_old => view.bad(source, object.called(), &POLICY_OLD, text),
        2 => view.good(source, object.called(), text),
        _ => view.weak(source, object.called(), &SIGN_ONLY, text),
    }
}

/// Looks at the policies that an endpoint or interface offers: at None, and at the numbers of the others.
fn policies(source: &SourceFacts, view: &mut View, object: &Object, none: &str, others: &[(&str, String, bool)]) {
    match object.switch(none, false) {
        Switch::Good => {}
        Switch::Bad => view.bad(source, object.called(), &POLICY_NONE, "offers None"),
        Switch::Unseen => view.missing(source, object.called(), none),
    }
    for (policy, key, is_old) in others {
        match object.number(key) {
            Some(number) => modes(source, view, object, policy, number, *is_old),
            None => view.missing(source, object.called(), key),
        }
    }
}

fn endpoints(facts: &Facts, view: &mut View) {
    let edge = |name: &str| format!("libadminsettings.UACONFIGMANAGER_ENDPOINT_{name}");
    let of_edge = [
        ("Basic128Rsa15", edge("SECURITY_BASIC128_RSA15"), true),
        ("Basic256", edge("SECURITY_BASIC256"), true),
        ("Basic256Sha256", edge("SECURITY_BASIC256_SHA256"), false),
    ];
    for (source, endpoint) in view.all(facts, Kind::UaEndpoint) {
        match endpoint.flag(&edge("ENABLE")) {
            Some(false) => {
                view.note(source, endpoint.called(), "is disabled");
                continue;
            }
            Some(true) => {}
            None => view.missing(source, endpoint.called(), &edge("ENABLE")),
        }
        policies(source, view, endpoint, &edge("SECURITY_NONE"), &of_edge);
        match endpoint.text(&edge("ADAPTER")) {
            Some("Default") => view.weak(source, endpoint.called(), &ALL_ADAPTERS, "listens on every adapter"),
            None | Some("") => view.missing(source, endpoint.called(), &edge("ADAPTER")),
            Some(_) => view.good(source, endpoint.called(), "listens on one adapter"),
        }
    }
    let gateway = |name: &str| format!("ua_gateway.UA_SERVER_INTERFACE_SECURITY_POLICIES_{name}");
    let of_gateway = [
        ("Basic256Sha256", gateway("BASIC256SHA256"), false),
        ("Aes128_Sha256_RsaOaep", gateway("AES128_SHA256_RSAOAEP"), false),
        ("Aes256_Sha256_RsaPss", gateway("AES256_SHA256_RSAPSS"), false),
    ];
    for (source, interface) in view.all(facts, Kind::UaServerInterface) {
        policies(source, view, interface, &gateway("NONE"), &of_gateway);
    }
    view.observe(facts, Topic::UaSignOnly, &SIGN_ONLY);
    if !view.observe(facts, Topic::UaEndpoints, &UNSAFE_ENDPOINT) && facts.all(Kind::UaEndpoint).next().is_none() {
        view.unseen();
    }
}

static UNSAFE_ENDPOINT: Deviation = Deviation {
    id: "kepware-ua-endpoint-unsafe",
    severity: Severity::Error,
    title: "the endpoints of an OPC UA server have findings",
    cure: "OPC UA Configuration Manager | Server Endpoints: allow only Basic256Sha256 with Sign and Encrypt; `certkit \
           explain` describes the finding",
};

static UA_CERTIFICATE: Deviation = Deviation {
    id: "kepware-ua-certificate",
    severity: Severity::Warning,
    title: "the certificate of an OPC UA server is self-signed or faulty",
    cure: "OPC UA Configuration Manager | Instance Certificates | Import Certificate; `certkit generate opcua` makes \
           one for it",
};

static CERTIFICATE: Duty = Duty {
    id: "6.1.3",
    section: "6.1.3",
    title: "the OPC UA server has a certificate of a CA, signed with better than SHA-1",
    unneeded,
    look: |facts, view| {
        if !view.observe(facts, Topic::UaCertificate, &UA_CERTIFICATE) {
            view.unseen();
        }
    },
    visible_by: "probe the server: kepware://HOST, or `certkit fetch opc.tcp://HOST:49320`",
    cure: "OPC UA Configuration Manager | Instance Certificates | Import Certificate; `certkit generate opcua` makes \
           one for it",
    deviations: &[&UA_CERTIFICATE],
    ..Duty::OF_A_PERSON
};

static UNFIT_TRUST: Deviation = Deviation {
    id: "kepware-ua-trust-list",
    severity: Severity::Warning,
    title: "a trust folder of OPC UA holds certificates that must be removed",
    cure: "OPC UA Configuration Manager | Trusted Clients or Trusted Servers: remove them; `certkit trust audit \
           FOLDER` lists all",
};

static TRUST: Duty = Duty {
    id: "6.1-trust",
    section: "6.1",
    part: Part::Extra,
    title: "the trust folders of OPC UA hold no expired and no weak certificates",
    unneeded: |facts| match facts.observed(Topic::TrustList).next() {
        None => unneeded(facts),
        Some(_) => None,
    },
    look: |facts, view| {
        if !view.observe(facts, Topic::TrustList, &UNFIT_TRUST) {
            view.unseen();
        }
    },
    visible_by: "run certkit on the host and name the folder: --data-dir DIR",
    cure: "OPC UA Configuration Manager | Trusted Clients and Trusted Servers: remove expired certificates",
    deviations: &[&UNFIT_TRUST],
    ..Duty::OF_A_PERSON
};
