//! Section 5.3, and the groups for one purpose that 6.1.1, 6.4.1 and 7.1.1 ask for.

use super::installation::{WEAK_PASSWORD, weak_password};
use crate::check::Severity;
use crate::review::configuration::{Kind, Object};
use crate::review::duty::{Deviation, Duty, View};
use crate::review::facts::{Facts, SourceFacts};
use crate::review::value::quoted;

/// The duties of the section.
pub(super) static DUTIES: &[&Duty] = &[&DEFAULT_USER, &RIGHTS, &GROUPS];

/// How users and groups become visible; no project file holds them.
pub(super) const BY_API: &str = "name the Configuration API: kepware+https://HOST:57512 --user NAME --password-file FILE; no project file holds users";

const PREFIX: &str = "libadminsettings.USERMANAGER_";

fn flag(object: &Object, name: &str) -> Option<bool> {
    object.flag(&format!("{PREFIX}{name}"))
}

fn group_of(user: &Object) -> &str {
    user.text("libadminsettings.USERMANAGER_USER_GROUPNAME").unwrap_or_default()
}

/// The groups that every installation has.
const BUILT_IN: [&str; 3] = ["Administrators", "Server Users", "Anonymous Clients"];

static DEFAULT_USER: Duty = Duty {
    id: "5.3.1",
    section: "5.3.1",
    title: "the Default User has a strong password",
    look: default_user,
    question: "Has Default User a password of 14 characters or more, mixed, that is used nowhere else?",
    visible_by: BY_API,
    cure: "Settings | User Manager | Server Users | Default User | Properties: set a strong password, or disable the user",
    deviations: &[&WEAK_PASSWORD],
    ..Duty::OF_A_PERSON
};

fn default_user(facts: &Facts, view: &mut View) {
    weak_password(facts, view, |user| user == "Default User");
    for source in facts.that_saw(Kind::User) {
        let Some(user) = source.all(Kind::User).find(|it| it.name() == "Default User") else {
            view.good(source, "user `Default User`", "is not there");
            continue;
        };
        match flag(user, "USER_ENABLED") {
            Some(false) => view.good(source, user.called(), "is disabled: nobody can log in with it"),
            Some(true) => {
                view.note(source, user.called(), "is enabled; its password cannot be read");
                view.ask();
            }
            None => view.unseen(),
        }
    }
}

static BROAD_RIGHTS: Deviation = Deviation {
    id: "kepware-server-users-rights",
    severity: Severity::Error,
    title: "Server Users may administer the server or change the project",
    cure: "Settings | Security Policies | Permissions assigned to Server Users: set what is not needed to Deny",
};

static WRITE_RIGHTS: Deviation = Deviation {
    id: "kepware-server-users-write",
    severity: Severity::Warning,
    title: "Server Users may write values",
    cure: "Settings | Security Policies | Permissions assigned to Server Users: deny the writes that nobody needs",
};

static RIGHTS: Duty = Duty {
    id: "5.3.2",
    section: "5.3.2",
    title: "the group of the Default User has the rights that it needs, and no more",
    look: rights,
    visible_by: BY_API,
    cure: "Settings | Security Policies | Permissions assigned to Server Users: set what is not needed to Deny",
    deviations: &[&BROAD_RIGHTS, &WRITE_RIGHTS],
    ..Duty::OF_A_PERSON
};

/// Rights of a group, by what they allow.
fn granted(group: &Object, is_meant: fn(&str) -> bool) -> Vec<&str> {
    let granted = group.properties.iter().filter_map(|(key, value)| {
        let name = key.strip_prefix(PREFIX)?;
        (is_meant(name) && *value == crate::review::value::Value::Flag(true)).then_some(name)
    });
    granted.collect()
}

fn administers(name: &str) -> bool {
    name.starts_with("SERVER_") && !name.starts_with("SERVER_VIEW_EVENT_LOG") && name != "SERVER_CONFIG_API_LOG_ACCESS"
}

fn writes(name: &str) -> bool {
    name.ends_with("_TAG_WRITE") || name == "IO_TAG_DYNAMIC_ADDRESSING"
}

fn rights(facts: &Facts, view: &mut View) {
    for source in facts.that_saw(Kind::Group) {
        let Some(place) = source.configuration.objects().iter().position(is_server_users) else { continue };
        let Some(group) = source.configuration.at(place) else { continue };
        if flag(group, "GROUP_ENABLED") == Some(false) {
            view.good(source, group.called(), "is disabled");
            continue;
        }
        let broad = granted(group, administers);
        if !broad.is_empty() {
            let text = format!("may administer the server: {}", broad.join(", "));
            view.bad(source, group.called(), &BROAD_RIGHTS, text);
        }
        let changes = source.all(Kind::Permission).filter(|it| it.parent == Some(place));
        let changes = changes.filter(|it| !granted(it, |name| name.starts_with("PROJECTMOD_")).is_empty());
        let changes: Vec<String> = changes.map(|it| quoted(it.name())).collect();
        if !changes.is_empty() {
            let text = format!("may change the project: {}", changes.join(", "));
            view.bad(source, group.called(), &BROAD_RIGHTS, text);
        }
        let writing = granted(group, writes);
        if !writing.is_empty() {
            view.weak(source, group.called(), &WRITE_RIGHTS, format!("may write: {}", writing.join(", ")));
        }
        if broad.is_empty() && changes.is_empty() && writing.is_empty() {
            view.good(source, group.called(), "may read and browse, and no more");
        }
    }
}

fn is_server_users(object: &Object) -> bool {
    object.kind == Kind::Group && object.name() == "Server Users"
}

static FOR_EVERYBODY: Deviation = Deviation {
    id: "kepware-group-for-everybody",
    severity: Severity::Error,
    title: "a Windows group that everybody belongs to is a user of Kepware",
    cure: "Settings | User Manager: delete it, and add a group of those who need access",
};

static GROUPS: Duty = Duty {
    id: "5.3.3",
    section: "5.3.3",
    title: "who needs other rights has a group of his own",
    look: groups,
    question: "Do all users of the built-in groups need the same rights?",
    visible_by: BY_API,
    cure: "Settings | User Manager | New Group: assign the rights that are needed, then right-click the group | Add User",
    deviations: &[&FOR_EVERYBODY],
    ..Duty::OF_A_PERSON
};

/// Groups of Windows that everybody is in, as English and German systems name them.
const EVERYBODY: [&str; 8] =
    ["everyone", "users", "authenticated users", "domain users", "guests", "jeder", "benutzer", "domänen-benutzer"];

fn groups(facts: &Facts, view: &mut View) {
    for source in facts.that_saw(Kind::Group) {
        for user in source.all(Kind::User) {
            let own = user.name().rsplit('\\').next().unwrap_or_default().to_lowercase();
            let is_windows_group = user.number("libadminsettings.USERMANAGER_USER_TYPE") == Some(2);
            if is_windows_group && EVERYBODY.contains(&own.as_str()) {
                view.bad(source, user.called(), &FOR_EVERYBODY, "is a Windows group that everybody belongs to");
            }
        }
        let further = further(source);
        if further.is_empty() {
            view.note(source, "groups", "there are the built-in ones alone");
            view.ask();
        } else {
            view.good(source, "groups", format!("beside the built-in ones there are {}", further.join(", ")));
        }
    }
}

/// The enabled groups beside the built-in ones.
fn further(source: &SourceFacts) -> Vec<String> {
    let further = source.all(Kind::Group).filter(|it| !BUILT_IN.contains(&it.name()));
    further.filter(|it| flag(it, "GROUP_ENABLED") != Some(false)).map(|it| quoted(it.name())).collect()
}

/// There is no group that could serve one purpose alone.
pub(super) static NO_OWN_GROUP: Deviation = Deviation {
    id: "kepware-no-own-group",
    severity: Severity::Warning,
    title: "there is no group beside the built-in ones that could be for this purpose alone",
    cure: "Settings | User Manager | New Group: assign the rights that are needed, then right-click the group | Add User",
};

/// Looks for a group that could be for one purpose; which one it is, a person says.
pub(super) fn own_group(facts: &Facts, view: &mut View) {
    let mut is_seen = false;
    for source in facts.that_saw(Kind::Group) {
        is_seen = true;
        let further = further(source);
        if further.is_empty() {
            let text = "there are the built-in ones alone";
            view.bad(source, "groups", &NO_OWN_GROUP, text);
            continue;
        }
        let members: Vec<String> = source
            .all(Kind::User)
            .filter(|it| !BUILT_IN.contains(&group_of(it)))
            .map(|it| format!("{} in {}", quoted(it.name()), quoted(group_of(it))))
            .collect();
        let members = if members.is_empty() { String::new() } else { format!("; users: {}", members.join(", ")) };
        view.note(source, "groups", format!("beside the built-in ones there are {}{members}", further.join(", ")));
        view.ask();
    }
    if !is_seen {
        view.unseen();
    }
}
