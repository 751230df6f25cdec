//! The technical note on secure AlwaysOn connections: the settings of Kepware's ThingWorx interface.

use super::interfaces::BY_PROJECT;
use crate::check::Severity;
use crate::review::configuration::{Kind, Object};
use crate::review::duty::{Deviation, Duty, Part, View};
use crate::review::facts::{Facts, Presented, Signer, SourceFacts};
use crate::review::value::Secret;
use crate::text::shown;

/// The duties of the note.
pub(super) static DUTIES: &[&Duty] = &[&SELF_SIGNED, &TRUST_ALL, &ENCRYPTION, &AUTHORITY];

/// Whether the interface works.
const ENABLED: &str = "thingworxinterface.ENABLED";

fn unneeded(facts: &Facts) -> Option<String> {
    let is_off = facts.projects().all(|(_, it)| it.flag(ENABLED) == Some(false));
    (is_off && facts.is_seen(Kind::Project)).then(|| "the ThingWorx interface is disabled".to_owned())
}

/// The projects whose interface is not off.
fn enabled<'a>(facts: &'a Facts, view: &mut View) -> Vec<(&'a SourceFacts, &'a Object)> {
    let mut projects = view.all(facts, Kind::Project);
    projects.retain(|(_, it)| it.flag(ENABLED) != Some(false));
    for (source, _) in projects.iter().filter(|(_, it)| it.flag(ENABLED).is_none()) {
        view.missing(source, "ThingWorx", ENABLED);
    }
    projects
}

/// The server that a project connects to, as `HOST:PORT`.
pub(in crate::review) fn server(project: &Object) -> Option<String> {
    let host = project.text("thingworxinterface.HOSTNAME").filter(|it| !it.is_empty())?;
    let port = project.number("thingworxinterface.PORT").filter(|it| (1..=65535).contains(it)).unwrap_or(443);
    Some(format!("{host}:{port}"))
}

/// What the server of a project presented to a source that has looked.
fn presented<'a>(facts: &'a Facts, source: &SourceFacts) -> Option<&'a Presented> {
    let project = source.configuration.project()?;
    // Which port it is has to be seen: another server may show another certificate.
    project.number("thingworxinterface.PORT")?;
    let server = server(project)?;
    facts.presented_at(&server).map(|(_, presented)| presented)
}

/// What can be imported in place of trusting everybody.
fn import(seen: &Presented) -> String {
    let file = fetched(&seen.at);
    match &seen.root {
        Some(root) if seen.signer != Signer::Authority => format!(
            "{} presents a chain up to the CA {}. {file}; compare its fingerprint with what its owner says first",
            seen.at,
            shown(root)
        ),
        _ => format!("{} has a certificate of a CA. {file}", seen.at),
    }
}

/// How the CA of a server is fetched.
fn fetched(at: &str) -> String {
    format!("`certkit fetch thingworx://{at} --part ca -o thingworx-ca.cer` writes the file to import")
}

fn switch(facts: &Facts, view: &mut View, key: &str, look: fn(&Facts, &SourceFacts, &mut View, bool)) {
    for (source, project) in enabled(facts, view) {
        match project.flag(key) {
            Some(flag) => look(facts, source, view, flag),
            None => view.missing(source, "ThingWorx", key),
        }
    }
}

static SELF_SIGNED_TRUSTED: Deviation = Deviation {
    id: "kepware-thingworx-self-signed",
    severity: Severity::Warning,
    title: "Kepware trusts self-signed certificates of ThingWorx",
    cure: "fetch the CA with `certkit fetch thingworx://HOST --part ca -o thingworx-ca.cer`, import it under Settings | \
           Certificate Store | Extend Trust Store | Import, then Project Properties | ThingWorx: Trust self-signed \
           certificates No",
};

static SELF_SIGNED: Duty = Duty {
    id: "note-self-signed",
    section: "note 1",
    part: Part::Note,
    title: "self-signed certificates of ThingWorx are not trusted if a CA can be used",
    unneeded,
    look: |facts, view| {
        switch(facts, view, "thingworxinterface.ALLOW_SELF_SIGNED_CERTIFICATE", |facts, source, view, is_on| {
            let subject = "Trust self-signed certificates";
            let seen = presented(facts, source);
            match seen.map(|it| (it.signer, &it.at)) {
                _ if !is_on => view.good(source, subject, "is set to No"),
                Some((Signer::Itself, _)) => view.good(
                    source,
                    subject,
                    "is set to Yes, and the platform has a self-signed certificate, as in the note",
                ),
                Some((Signer::Authority, _)) => {
                    let text = format!("is set to Yes unnecessarily: {}", seen.map(import).unwrap_or_default());
                    view.bad(source, subject, &SELF_SIGNED_TRUSTED, text);
                }
                Some((Signer::Unknown, _)) if seen.is_some_and(|it| it.root.is_some()) => {
                    let text = format!("is set to Yes unnecessarily: {}", seen.map(import).unwrap_or_default());
                    view.bad(source, subject, &SELF_SIGNED_TRUSTED, text);
                }
                Some((Signer::Unknown, at)) => {
                    let text =
                        format!("is set to Yes, and {at} has a certificate of an unknown CA: name it with --trust");
                    view.weak(source, subject, &SELF_SIGNED_TRUSTED, text);
                }
                None => {
                    let text = "is set to Yes, which the note allows only for self-signed platforms";
                    view.weak(source, subject, &SELF_SIGNED_TRUSTED, text);
                }
            }
        });
    },
    visible_by: BY_PROJECT,
    cure: "Project Properties | ThingWorx: Trust self-signed certificates No, once the CA is in the Certificate Store",
    deviations: &[&SELF_SIGNED_TRUSTED],
    ..Duty::OF_A_PERSON
};

static ALL_TRUSTED: Deviation = Deviation {
    id: "kepware-thingworx-trust-all",
    severity: Severity::Error,
    title: "Kepware trusts every certificate that claims to be ThingWorx",
    cure: "fetch the CA with `certkit fetch thingworx://HOST --part ca -o thingworx-ca.cer`, import it under Settings | \
           Certificate Store | Extend Trust Store | Import, then Project Properties | ThingWorx: Trust all Certificates No",
};

static TRUST_ALL: Duty = Duty {
    id: "note-trust-all",
    section: "note 2",
    part: Part::Note,
    title: "only verified certificates are trusted",
    unneeded,
    look: |facts, view| {
        switch(facts, view, "thingworxinterface.TRUST_ALL_CERTIFICATES", |facts, source, view, is_on| {
            if is_on {
                let text = match presented(facts, source) {
                    Some(seen) if seen.signer == Signer::Authority || seen.root.is_some() => {
                        format!("is set to Yes unnecessarily: {}", import(seen))
                    }
                    _ => "is set to Yes".to_owned(),
                };
                view.bad(source, "Trust all Certificates", &ALL_TRUSTED, text);
            } else {
                view.good(source, "Trust all Certificates", "is set to No");
            }
        });
    },
    visible_by: BY_PROJECT,
    cure: "Project Properties | ThingWorx: Trust all Certificates No, once the CA is in the Certificate Store",
    deviations: &[&ALL_TRUSTED],
    ..Duty::OF_A_PERSON
};

static UNENCRYPTED: Deviation = Deviation {
    id: "kepware-thingworx-unencrypted",
    severity: Severity::Error,
    title: "Kepware connects to ThingWorx without TLS",
    cure: "Project Properties | ThingWorx: Disable Encryption No, and the port of HTTPS (443)",
};

static ENCRYPTION: Duty = Duty {
    id: "note-encryption",
    section: "note 2",
    part: Part::Note,
    title: "the connection to ThingWorx is encrypted",
    unneeded,
    look: |facts, view| {
        switch(facts, view, "thingworxinterface.DISABLE_ENCRYPTION", |_, source, view, is_on| {
            if is_on {
                view.bad(source, "Disable Encryption", &UNENCRYPTED, "is set to Yes");
            } else {
                view.good(source, "Disable Encryption", "is set to No");
            }
        });
    },
    visible_by: BY_PROJECT,
    cure: "Project Properties | ThingWorx: Disable Encryption No, and the port of HTTPS (443)",
    deviations: &[&UNENCRYPTED],
    ..Duty::OF_A_PERSON
};

static AUTHORITY: Duty = Duty {
    id: "note-ca",
    section: "note 2",
    part: Part::Note,
    title: "the CA of ThingWorx is in Kepware's Certificate Store",
    unneeded,
    look: authority,
    question: "Is the CA at the top of ThingWorx's chain imported under Extend Trust Store, with the right product selected?",
    visible_by: BY_PROJECT,
    cure: "`certkit fetch thingworx://HOST --part ca -o thingworx-ca.cer`; Settings | Certificate Store: select the product \
           in the dropdown, Extend Trust Store | Import",
    ..Duty::OF_A_PERSON
};

fn authority(facts: &Facts, view: &mut View) {
    for (source, project) in enabled(facts, view) {
        if project.secret("thingworxinterface.APPKEY") == Some(Secret::Empty) {
            view.note(source, "ThingWorx", "has no application key, without which the platform lets nobody in");
        }
        if let Some(server) = server(project) {
            view.ask();
            view.note(source, "ThingWorx", format!("is at {}", shown(&server)));
            if let Some(presented) = presented(facts, source) {
                let (at, name) = (&presented.at, shown(&presented.subject));
                let file = fetched(at);
                let whose = match presented.signer {
                    Signer::Itself => "a self-signed certificate",
                    Signer::Authority => "a certificate of a trusted CA",
                    Signer::Unknown => "a certificate of an unknown CA",
                };
                view.note(source, "ThingWorx", format!("shows {name}, {whose}; {file}"));
            }
        } else {
            view.missing(source, "ThingWorx", "thingworxinterface.HOSTNAME");
        }
    }
}
