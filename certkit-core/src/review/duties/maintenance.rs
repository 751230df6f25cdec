//! Section 8: what is to be done again and again.

use super::users::BY_API;
use crate::check::Severity;
use crate::review::configuration::{Kind, Switch};
use crate::review::duty::{Deviation, Duty, Part, View, Wanted};
use crate::review::facts::{Facts, Shown, SourceFacts, SourceKind, Topic, Version};
use crate::review::peers;
use crate::review::project_file::Form;
use crate::text::plural;

/// The duties of the section.
pub(super) static DUTIES: &[&Duty] =
    &[&UPGRADES, &VALIDATION, &DIAGNOSTICS, &DEPENDENCIES, &LICENCE, &PROJECT_FILE, &DOCUMENTATION, &OWN_REVIEW];

static OLD_VERSION: Deviation = Deviation {
    id: "kepware-old-version",
    severity: Severity::Error,
    title: "there is a newer version of Kepware, or the plant requires one",
    cure: "test the newer version offline, then install it; the installer keeps the project",
};

static UPGRADES: Duty = Duty {
    id: "8.1.1",
    section: "8.1.1",
    title: "the latest version is installed",
    look: upgrades,
    question: "Is this the latest version that PTC has published? (`minimum-version` in plant.toml answers it \
               permanently)",
    visible_by: "name the Configuration API: kepware+https://HOST:57512",
    cure: "test the newer version offline, then install it",
    deviations: &[&OLD_VERSION],
    ..Duty::OF_A_PERSON
};

/// The newest versions that were seen by those who made certkit: what is older has a successor. They are no list of all.
const SEEN: [(u32, Version); 2] = [(6, Version(6, 18, 0)), (1, Version(1, 11, 0))];

fn upgrades(facts: &Facts, view: &mut View) {
    for source in &facts.sources {
        let Some(product) = &source.product else {
            // A project that was saved as JSON does not tell by which version.
            if source.kind == SourceKind::ConfigurationApi {
                view.unseen_of(source, "version", "is not shown");
            }
            continue;
        };
        let called = product.called();
        let Some(version) = product.version else {
            view.note(source, "version", format!("{called} has a version that cannot be read"));
            view.ask();
            continue;
        };
        let newer = SEEN.iter().find(|(major, newest)| version.0 == *major && version < *newest);
        match (facts.minimum, newer) {
            (Some(minimum), _) if version < minimum => {
                view.bad(
                    source,
                    "version",
                    &OLD_VERSION,
                    format!(
                        "{called} is older than {minimum}, the minimum \
                                                                   version"
                    ),
                );
            }
            (Some(minimum), _) => view.good(source, "version", format!("{called} is {minimum} or later, as required")),
            (None, Some((_, newest))) => {
                view.bad(source, "version", &OLD_VERSION, format!("{called} is outdated: {newest} is available"));
            }
            (None, None) => {
                view.note(source, "version", called);
                view.ask();
            }
        }
    }
}

static VALIDATION: Duty = Duty {
    id: "8.1.2",
    section: "8.1.2",
    title: "there is a plan to test new versions before production use",
    question: "Where are new versions tested, and by whom?",
    cure: "set up a machine with the same devices or simulators, and automate the tests",
    ..Duty::OF_A_PERSON
};

static DIAGNOSTICS_ON: Deviation = Deviation {
    id: "kepware-diagnostics-on",
    severity: Severity::Warning,
    title: "diagnostics are on: they record what is transferred",
    cure: "Project Properties | OPC DA, OPC UA, OPC HDA, ThingWorx and the channel | Properties | Diagnostics: No when \
           not in use",
};

static DIAGNOSTICS: Duty = Duty {
    id: "8.2.1",
    section: "8.2.1",
    title: "diagnostics are off when not in use",
    look: diagnostics,
    visible_by: super::interfaces::BY_PROJECT,
    cure: "Project Properties and the channels' Properties: Diagnostics No when not in use",
    deviations: &[&DIAGNOSTICS_ON],
    ..Duty::OF_A_PERSON
};

fn diagnostics(facts: &Facts, view: &mut View) {
    let off = |key| Wanted { key, value: false, good: "is off", bad: "is on", deviation: &DIAGNOSTICS_ON };
    for (source, project) in view.all(facts, Kind::Project) {
        for (subject, key) in [
            ("diagnostics of OPC DA", "opcdaserver.PROJECT_OPC_ENABLE_DIAGS"),
            ("diagnostics of OPC UA", "uaserverinterface.PROJECT_OPC_UA_DIAGNOSTICS"),
            ("diagnostics of OPC HDA", "hdaserver.ENABLE_DIAGNOSTICS"),
            ("logging of ThingWorx", "thingworxinterface.LOGGING_ENABLED"),
            ("verbose logging of ThingWorx", "thingworxinterface.VERBOSE"),
        ] {
            view.switch(source, project, subject, &off(key));
        }
    }
    let capture = off("servermain.CHANNEL_DIAGNOSTICS_CAPTURE");
    for source in view.sources(facts, Kind::Channel) {
        let of_state = |state| source.all(Kind::Channel).filter(move |it| it.switch(capture.key, false) == state);
        for channel in of_state(Switch::Bad) {
            view.switch(source, channel, format!("diagnostics of {}", channel.called()), &capture);
        }
        // A plant has thousands of channels: these are counted.
        let channels = |count: usize| format!("{count} {}", plural(count, "channel", "channels"));
        match of_state(Switch::Good).count() {
            0 => {}
            count => view.good(source, "diagnostics of channels", format!("are off in {}", channels(count))),
        }
        match of_state(Switch::Unseen).count() {
            0 => {}
            count => view.missing(source, format!("diagnostics: {}", channels(count)), capture.key),
        }
    }
}

static DEPENDENCIES: Duty = Duty {
    id: "8.3.1",
    section: "8.3.1",
    title: "the dependencies of Kepware are monitored and up to date",
    question: "Who monitors updates for the dependencies of Kepware here (Java for the IoT Gateway, drivers, \
               databases)?",
    cure: "list the installed dependencies, and follow their security announcements",
    ..Duty::OF_A_PERSON
};

static LICENCE_INSECURE: Deviation = Deviation {
    id: "kepware-licence-server-insecure",
    severity: Severity::Warning,
    title: "Kepware Edge connects to its licence server without TLS, or trusts any certificate of it",
    cure: "PUT /config/v1/admin: LICENSING_SERVER_ALLOW_INSECURE_COMMS and LICENSING_SERVER_ALLOW_SELF_SIGNED_CERTS to false",
};

static LICENCE: Duty = Duty {
    id: "8.3-licence",
    section: "8.3",
    part: Part::Extra,
    title: "Kepware Edge connects to its licence server over verified TLS",
    unneeded: |facts| {
        let is_to_tell = |it: &&SourceFacts| it.kind == SourceKind::ConfigurationApi || it.product.is_some();
        let mut sources = facts.sources.iter().filter(is_to_tell).peekable();
        sources.peek()?;
        let is_none = sources.all(|it| it.product.as_ref().is_some_and(|it| !it.is_edge));
        is_none.then(|| "the product is not Kepware Edge".to_owned())
    },
    look: licence,
    visible_by: BY_API,
    cure: "the administration settings of Kepware Edge: allow neither insecure communication nor self-signed certificates",
    deviations: &[&LICENCE_INSECURE],
    ..Duty::OF_A_PERSON
};

fn licence(facts: &Facts, view: &mut View) {
    let key = |name: &str| format!("libadminsettings.LICENSING_SERVER_{name}");
    for (source, admin) in view.all(facts, Kind::Admin) {
        match admin.flag(&key("ENABLE")) {
            Some(false) => {
                view.good(source, "licence server", "is not used");
                continue;
            }
            Some(true) => {}
            None => view.missing(source, "licence server", &key("ENABLE")),
        }
        for (name, bad, good) in [
            ("ALLOW_INSECURE_COMMS", "is used without TLS if TLS fails", "is used only over TLS"),
            ("ALLOW_SELF_SIGNED_CERTS", "may have any self-signed certificate", "must have a certificate of a CA"),
        ] {
            let wanted = Wanted { key: &key(name), value: false, good, bad, deviation: &LICENCE_INSECURE };
            view.switch(source, admin, "licence server", &wanted);
        }
    }
}

static SECRET_IN_CLEAR: Deviation = Deviation {
    id: "kepware-secret-in-clear",
    severity: Severity::Error,
    title: "a password or key stands in clear text in the project",
    cure: "change the secret everywhere, enter the new one in the dialog, and keep no file with the old one",
};

static READABLE_FILE: Deviation = Deviation {
    id: "kepware-project-readable",
    severity: Severity::Warning,
    title: "a project file is not encrypted",
    cure: "Configuration | File | Save As: choose .sopf and New Password; delete the other file, or keep it encrypted",
};

static PROJECT_FILE: Duty = Duty {
    id: "8.4.1",
    section: "8.4.1",
    title: "project files are saved with a password",
    look: project_file,
    question: "Is the project saved as .sopf with a strong password?",
    cure: "Configuration | File | Save As: choose .sopf and New Password, 14 characters or more",
    deviations: &[&SECRET_IN_CLEAR, &READABLE_FILE],
    ..Duty::OF_A_PERSON
};

fn project_file(facts: &Facts, view: &mut View) {
    for source in &facts.sources {
        match source.form {
            Some(Form::Encrypted) => {
                view.note(source, "project file", "is password-protected by its name; its content does not show it");
            }
            Some(Form::Json) => view.weak(source, "project file", &READABLE_FILE, "is unencrypted JSON"),
            Some(Form::Opf) => view.bad(source, "project file", &READABLE_FILE, "is .opf, which is not encrypted"),
            None if source.kind == SourceKind::ProjectFile => {
                view.unseen_of(source, "project file", "could not be read");
            }
            None => {}
        }
        for object in source.configuration.objects() {
            let names = object.clear_secrets();
            if !names.is_empty() {
                let text = format!("holds {} in clear text", names.join(", "));
                view.bad(source, source.place(object), &SECRET_IN_CLEAR, text);
            }
        }
    }
    view.observe(facts, Topic::ProjectFiles, &READABLE_FILE);
    view.observe(facts, Topic::ProjectSecrets, &SECRET_IN_CLEAR);
    if facts.sources.iter().all(|it| matches!(it.form, None | Some(Form::Encrypted))) {
        view.ask();
    }
}

static DOCUMENTATION: Duty = Duty {
    id: "8.5.1",
    section: "8.5.1",
    title: "changes, and all systems that interact with the server, are documented",
    look: documentation,
    question: "Are all changes written down, and all of these systems in the plant's documentation?",
    cure: "keep a list of changes and of the systems below; start with this report in --format html",
    ..Duty::OF_A_PERSON
};

fn documentation(facts: &Facts, view: &mut View) {
    for source in facts.sources.iter().filter(|it| it.kind == SourceKind::ConfigurationApi) {
        if let Shown::Entries(count) = source.audit_log {
            view.note(source, "audit log", format!("can be read, and has {count} entries or more"));
        }
        if let Shown::Entries(count) = source.backups {
            view.note(source, "backups", format!("{count} of the project are kept by the server"));
        }
    }
    for peer in peers::of(facts) {
        if let Some(source) = facts.sources.iter().find(|it| it.name == peer.source) {
            view.note(source, peer.by.clone(), format!("interacts with {} ({})", peer.at, peer.kind.as_str()));
        }
    }
    view.ask();
}

/// The one duty that the review itself answers: whether every deviation is somebody's choice.
pub static OWN_REVIEW: Duty = Duty {
    id: "8.5.2",
    section: "8.5.2",
    title: "every deviation from the guide is a documented decision",
    // What this is, follows from all other rows.
    look: |_, _| {},
    visible_by: "name a source",
    cure: "fix each deviation, or document who accepted it, why, and until when: [[review.waiver]] in plant.toml",
    ..Duty::OF_A_PERSON
};
