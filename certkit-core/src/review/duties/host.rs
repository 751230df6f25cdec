//! Section 3: the host. Little of it can be seen from outside.

use crate::check::Severity;
use crate::review::configuration::{Kind, Switch};
use crate::review::duty::{Deviation, Duty, LATER, View};
use crate::review::facts::{Facts, Topic};
use crate::review::value::quoted;

/// The duties of the section.
pub(super) static DUTIES: &[&Duty] = &[
    &ACCESS,
    &UPDATES,
    &ENCRYPTION,
    &MALWARE,
    &SERVICES,
    &ALONE,
    &USER,
    &ADMINISTRATORS,
    &PASSWORDS,
    &SHARING,
    &STORAGE,
    &INACTIVITY,
    &REVIEW,
    &EVENT_LOG,
    &FIREWALL,
    &DETECTION,
    &REMOTE,
    &BACKUPS,
    &SAMPLES,
];

static ACCESS: Duty = Duty {
    id: "3.1-access",
    section: "3.1",
    title: "only those who need it have access to the machine",
    question: "Is the machine locked away from everyone who does not work on it?",
    cure: "put the machine into a locked room or cabinet, and list who has a key",
    ..Duty::OF_A_PERSON
};

static UPDATES: Duty = Duty {
    id: "3.1-updates",
    section: "3.1",
    title: "Windows is a supported version, and security updates are installed",
    question: "Is this version of Windows still supported, and who installs its security updates, and when?",
    cure: "plan updates with the plant's stops; Settings | Windows Update tells what is missing",
    ..Duty::OF_A_PERSON
};

static ENCRYPTION: Duty = Duty {
    id: "3.1-encryption",
    section: "3.1",
    title: "the disk and the Application Data folder are encrypted",
    question: "Is the disk of the host encrypted, the folder of Kepware's application data included?",
    cure: "turn on BitLocker for the drive that holds C:\\ProgramData",
    ..Duty::OF_A_PERSON
};

static MALWARE: Duty = Duty {
    id: "3.1-malware",
    section: "3.1",
    title: "the host is scanned for malware with current signatures",
    question: "Is the host scanned regularly, and are the signatures up to date?",
    cure: "set up a scanner, and a way to update its signatures in this network",
    ..Duty::OF_A_PERSON
};

static SERVICES: Duty = Duty {
    id: "3.1-services",
    section: "3.1",
    title: "unneeded services are disabled",
    question: "Are all services disabled that this machine does not need?",
    cure: "services.msc: set unneeded services to Disabled",
    ..Duty::OF_A_PERSON
};

static ALONE: Duty = Duty {
    id: "3.1-alone",
    section: "3.1",
    title: "no other application runs on the host",
    question: "Does the machine run only Kepware?",
    cure: "move other applications to another machine",
    ..Duty::OF_A_PERSON
};

static USER: Duty = Duty {
    id: "3.2-user",
    section: "3.2",
    title: "a separate Windows user, not the Administrator, configures and runs Kepware",
    question: "Which Windows user configures Kepware, and is it not the Administrator?",
    cure: "create a Windows user for Kepware, and give it the rights of section 5.1",
    ..Duty::OF_A_PERSON
};

static ADMINISTRATORS: Duty = Duty {
    id: "3.2-administrators",
    section: "3.2",
    part: LATER,
    title: "each administrator of Kepware has a personal account",
    look: administrators,
    question: "Does each administrator of Kepware log in with a personal account?",
    cure: "Settings | User Manager: add a user for each administrator to the group Administrators",
    ..Duty::OF_A_PERSON
};

fn administrators(facts: &Facts, view: &mut View) {
    for (source, user) in facts.all(Kind::User) {
        let is_one = user.text("libadminsettings.USERMANAGER_USER_GROUPNAME") == Some("Administrators");
        if is_one && user.flag("libadminsettings.USERMANAGER_USER_ENABLED") == Some(true) {
            view.note(source, user.called(), "is an enabled user of the group Administrators");
        }
    }
    view.ask();
}

static PASSWORDS: Duty = Duty {
    id: "3.2-passwords",
    section: "3.2",
    title: "passwords follow a written policy",
    question: "Do all user passwords follow the password policy of this domain?",
    cure: "enforce the policy for the domain or the machine (secpol.msc | Account Policies)",
    ..Duty::OF_A_PERSON
};

static SHARING: Duty = Duty {
    id: "3.2-sharing",
    section: "3.2",
    title: "log-ins are not shared",
    question: "Does every person have a log-in that no one else uses?",
    cure: "give each person an account, and change the shared passwords",
    ..Duty::OF_A_PERSON
};

static STORAGE: Duty = Duty {
    id: "3.2-storage",
    section: "3.2",
    title: "passwords are stored safely",
    question: "Where are the passwords stored, and who can read them there?",
    cure: "move them to a password manager or a sealed envelope",
    ..Duty::OF_A_PERSON
};

static INACTIVITY: Duty = Duty {
    id: "3.2-inactivity",
    section: "3.2",
    title: "the screen locks when unattended",
    question: "Does the screen lock automatically and require a log-in?",
    cure: "secpol.msc | Local Policies | Security Options | Interactive logon: Machine inactivity limit",
    ..Duty::OF_A_PERSON
};

static REVIEW: Duty = Duty {
    id: "3.2-review",
    section: "3.2",
    title: "rights are reviewed regularly, and revoked when no longer needed",
    question: "When were the rights of all users last reviewed?",
    cure: "review users and groups of Windows and of Settings | User Manager, and revoke unneeded rights",
    ..Duty::OF_A_PERSON
};

static EVENT_LOG_OF_ALL: Deviation = Deviation {
    id: "kepware-event-log-for-all",
    severity: Severity::Warning,
    title: "a built-in group of plain users reads the security events",
    cure: "Settings | User Manager | Server Users (or Anonymous Clients) | Properties: set View Event Log Security to Deny",
};

static EVENT_LOG: Duty = Duty {
    id: "3.2-event-log",
    section: "3.2",
    part: LATER,
    title: "only those who need it read the event log",
    look: event_log,
    question: "Do all groups that are listed need to read the security events?",
    visible_by: "name the Configuration API: kepware+https://HOST:57512 --user NAME --password-file FILE",
    cure: "Settings | User Manager | the group | Properties: leave View Event Log Security to administrators",
    deviations: &[&EVENT_LOG_OF_ALL],
    ..Duty::OF_A_PERSON
};

fn event_log(facts: &Facts, view: &mut View) {
    const RIGHT: &str = "libadminsettings.USERMANAGER_SERVER_VIEW_EVENT_LOG_SECURITY";
    for source in view.sources(facts, Kind::Group) {
        let mut others = Vec::new();
        let mut is_told = source.configuration.is_seen(Kind::Group);
        for group in source.all(Kind::Group).filter(|it| it.name() != "Administrators") {
            if group.flag("libadminsettings.USERMANAGER_GROUP_ENABLED") == Some(false) {
                continue;
            }
            match (group.switch(RIGHT, false), group.name()) {
                (Switch::Good, _) => continue,
                (Switch::Bad, "Server Users" | "Anonymous Clients") => {
                    view.bad(source, group.called(), &EVENT_LOG_OF_ALL, "may read the security events");
                }
                (Switch::Bad, other) => others.push(quoted(other)),
                (Switch::Unseen, _) => view.missing(source, group.called(), RIGHT),
            }
            is_told = false;
        }
        if is_told {
            view.good(source, "groups", "beside the administrators may not read the security events");
        } else if !others.is_empty() {
            view.note(source, "groups", format!("these may read the security events, too: {}", others.join(", ")));
            view.ask();
        }
    }
}

static FIREWALL: Duty = Duty {
    id: "3.3-firewall",
    section: "3.3",
    title: "a firewall allows only what is needed, and is reviewed",
    question: "Which ports of this machine does the firewall open, and when was that last reviewed?",
    cure: "wf.msc: close unused ports; Kepware's ports are listed in docs/review.md",
    ..Duty::OF_A_PERSON
};

static DETECTION: Duty = Duty {
    id: "3.3-detection",
    section: "3.3",
    title: "intrusions are detected",
    question: "Which system monitors this network for intrusions?",
    cure: "ask the security team to monitor this segment",
    ..Duty::OF_A_PERSON
};

static REMOTE: Duty = Duty {
    id: "3.3-remote",
    section: "3.3",
    title: "remote access to the host is monitored and logged",
    question: "Who has accessed this machine remotely, and where is that logged?",
    cure: "allow remote access only through one gateway that logs it",
    ..Duty::OF_A_PERSON
};

static BACKUPS_LEFT: Deviation = Deviation {
    id: "kepware-backups-left",
    severity: Severity::Warning,
    title: "backups lie in the folder of the production system",
    cure: "move backups to another machine, and delete them here",
};

static BACKUPS: Duty = Duty {
    id: "3.4-backups",
    section: "3.4",
    title: "backup files are removed from the production system",
    look: |facts, view| {
        if !view.observe(facts, Topic::Backups, &BACKUPS_LEFT) {
            view.ask();
        }
    },
    question: "Are there no backups of projects left on the machine?",
    visible_by: "name the folder of the host: --data-dir DIR",
    cure: "move backups to another machine, and delete them here",
    deviations: &[&BACKUPS_LEFT],
    ..Duty::OF_A_PERSON
};

static SAMPLES_LEFT: Deviation = Deviation {
    id: "kepware-samples-left",
    severity: Severity::Warning,
    title: "samples or scripts lie in the folder of the production system",
    cure: "delete files that production does not need",
};

static SAMPLES: Duty = Duty {
    id: "3.4-samples",
    section: "3.4",
    title: "samples, tests and scripts are removed from the production system",
    look: |facts, view| {
        if !view.observe(facts, Topic::Samples, &SAMPLES_LEFT) {
            view.ask();
        }
    },
    question: "Are there no sample projects, test files or scripts left on the machine?",
    visible_by: "name the folder of the host: --data-dir DIR",
    cure: "delete files that production does not need",
    deviations: &[&SAMPLES_LEFT],
    ..Duty::OF_A_PERSON
};
