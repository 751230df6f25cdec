//! Section 7: the Configuration API.

use super::users::{BY_API, NO_OWN_GROUP, own_group};
use crate::check::Severity;
use crate::review::duty::{Deviation, Duty, View};
use crate::review::facts::{Facts, Shown, Signer, SourceKind, Topic};
use crate::source::posture::Part;
use crate::text::shown;

/// The duties of the section.
pub(super) static DUTIES: &[&Duty] = &[&GROUP, &HTTPS, &CERTIFICATE, &SANITISED];

static GROUP: Duty = Duty {
    id: "7.1.1",
    section: "7.1.1",
    title: "programs that use the Configuration API log in as users of a separate group",
    look: own_group,
    question: "Which of these groups is only for the Configuration API, and does it have only the rights that its \
               programs need?",
    visible_by: BY_API,
    cure: "Settings | User Manager | New Group for the Configuration API, then right-click the group | Add User",
    deviations: &[&NO_OWN_GROUP],
    ..Duty::OF_A_PERSON
};

static PLAIN_HTTP: Deviation = Deviation {
    id: "kepware-api-plain-http",
    severity: Severity::Error,
    title: "the Configuration API answers over plain HTTP",
    cure: "Settings | Configuration API Service: set Enable HTTP to No",
};

static WEAK_TLS: Deviation = Deviation {
    id: "kepware-api-tls",
    severity: Severity::Error,
    title: "the Configuration API accepts weak versions or suites of TLS",
    cure: "install the newest version of Kepware, and disable TLS 1.0, TLS 1.1 and weak suites on the host; `certkit check \
           --posture https://HOST:57512` lists them",
};

static HTTPS: Duty = Duty {
    id: "7.1.2",
    section: "7.1.2",
    title: "the Configuration API answers only over HTTPS",
    look: |facts, view| {
        if !view.observe(facts, Topic::PlainHttp, &PLAIN_HTTP) {
            view.unseen();
        }
        view.observe(facts, Topic::ApiTls, &WEAK_TLS);
    },
    visible_by: "probe the server: kepware://HOST; or name the folder of the host, which holds settings.ini: --data-dir DIR",
    cure: "Settings | Configuration API Service: set Enable HTTP to No",
    deviations: &[&PLAIN_HTTP, &WEAK_TLS],
    ..Duty::OF_A_PERSON
};

/// The certificate is the self-signed one, or one that no path to a trusted CA was accepted for.
static OWN_CERTIFICATE: Deviation = Deviation {
    id: "kepware-api-certificate",
    severity: Severity::Warning,
    title: "the certificate of the Configuration API is not signed by a trusted CA",
    cure: "Settings | Configuration API Service | Import Certificate; `certkit generate https` makes one, signed by the plant's CA",
};

static CERTIFICATE: Duty = Duty {
    id: "7.1.3",
    section: "7.1.3",
    title: "the Configuration API has a certificate of a CA, lists the web sites that may use it, and its logs are \
            monitored",
    look: certificate,
    question: "Who reads the log of the Configuration API and the event log, and how often?",
    visible_by: "name the Configuration API: kepware+https://HOST:57512; its CORS setting: kepware://HOST",
    cure: "Settings | Configuration API Service: Import Certificate, and the sites that need it in CORS allowed \
           origins, no asterisk; read /config/v1/event_log regularly",
    deviations: &[&OWN_CERTIFICATE, &ORIGINS],
    ..Duty::OF_A_PERSON
};

/// Looks at the certificates that a part of Kepware has presented: each has to be one of a CA.
pub(super) fn presented(facts: &Facts, view: &mut View, part: Part, deviation: &'static Deviation) {
    for source in &facts.sources {
        let Some(presented) = source.presented.as_ref().filter(|it| it.part == Some(part)) else { continue };
        let subject = format!("certificate of {}", presented.at);
        let name = shown(&presented.subject);
        if presented.signer == Signer::Itself {
            view.bad(source, subject, deviation, format!("{name} is self-signed"));
        } else if presented.is_accepted {
            view.good(source, subject, format!("{name} is signed by a trusted CA"));
        } else {
            view.bad(source, subject, deviation, format!("{name} is not signed by a trusted CA"));
        }
    }
}

fn certificate(facts: &Facts, view: &mut View) {
    presented(facts, view, Part::ConfigurationApi, &OWN_CERTIFICATE);
    for source in facts.sources.iter().filter(|it| it.kind == SourceKind::ConfigurationApi) {
        for (name, log) in [("event log", source.event_log), ("transaction log", source.transaction_log)] {
            if let Shown::Entries(count) = log {
                view.good(source, name, format!("can be read, and has {count} entries or more"));
            }
        }
    }
    if !view.observe(facts, Topic::ApiOrigins, &ORIGINS) {
        view.unseen();
    }
    view.ask();
}

static ORIGINS: Deviation = Deviation {
    id: "kepware-api-cors",
    severity: Severity::Error,
    title: "the Configuration API lets scripts of every web site read its answers",
    cure: "Settings | Configuration API Service: list the sites that need it in CORS allowed origins, instead of the \
           asterisk",
};

static SANITISED: Duty = Duty {
    id: "7.1.4",
    section: "7.1.4",
    title: "programs sanitize the data they send to and receive from the Configuration API",
    question: "Do the programs that use the Configuration API remove scripts and control characters, in both \
               directions?",
    cure: "ask the authors of these programs to confirm it",
    ..Duty::OF_A_PERSON
};
