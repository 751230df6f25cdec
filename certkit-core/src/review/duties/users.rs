//! Section 5.3, and the groups for one purpose that 6.1.1, 6.4.1 and 7.1.1 ask for.

use std::collections::{BTreeSet, HashMap};

use super::installation::{WEAK_PASSWORD, weak_password};
use crate::check::Severity;
use crate::review::configuration::{Kind, Object, Switch};
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
    user.text(GROUP_NAME).unwrap_or_default()
}

/// The property that names the group of a user.
const GROUP_NAME: &str = "libadminsettings.USERMANAGER_USER_GROUPNAME";

/// The groups that every installation has.
const BUILT_IN: [&str; 3] = [ADMINISTRATORS, SERVER_USERS, "Anonymous Clients"];

/// The group whose members may do everything.
const ADMINISTRATORS: &str = "Administrators";

/// Says whether a user is the one that stands for all clients which name nobody.
fn is_default(user: &str) -> bool {
    user.trim().eq_ignore_ascii_case("Default User")
}

static DEFAULT_USER: Duty = Duty {
    id: "5.3.1",
    section: "5.3.1",
    title: "the Default User has a strong password",
    look: default_user,
    question: "Does Default User have a password of 14 or more mixed characters that is used nowhere else?",
    visible_by: BY_API,
    cure: "Settings | User Manager | Server Users | Default User | Properties: set a strong password, or disable the user",
    deviations: &[&WEAK_PASSWORD],
    ..Duty::OF_A_PERSON
};

fn default_user(facts: &Facts, view: &mut View) {
    weak_password(facts, view, is_default);
    for source in view.sources(facts, Kind::User) {
        let mut users = source.all(Kind::User).filter(|it| is_default(it.name())).peekable();
        if users.peek().is_none() && source.configuration.is_seen(Kind::User) {
            view.good(source, "user `Default User`", "is not there");
        }
        for user in users {
            match flag(user, "USER_ENABLED") {
                Some(false) => view.good(source, user.called(), "is disabled and cannot log in"),
                Some(true) => {
                    view.note(source, user.called(), "is enabled; its password cannot be read");
                    view.ask();
                }
                None => view.missing(source, user.called(), "USER_ENABLED"),
            }
        }
    }
}

static BROAD_RIGHTS: Deviation = Deviation {
    id: "kepware-server-users-rights",
    severity: Severity::Error,
    title: "Server Users, or the group of the Default User, may administer the server or change the project",
    cure: "Settings | User Manager: keep Default User in Server Users; Settings | Security Policies | Permissions assigned to \
           Server Users: set what is not needed to Deny",
};

static WRITE_RIGHTS: Deviation = Deviation {
    id: "kepware-server-users-write",
    severity: Severity::Warning,
    title: "Server Users may write values",
    cure: "Settings | Security Policies | Permissions assigned to Server Users: deny unneeded writes",
};

static RIGHTS: Duty = Duty {
    id: "5.3.2",
    section: "5.3.2",
    title: "the group of the Default User has only the rights that it needs",
    look: rights,
    visible_by: BY_API,
    cure: "Settings | Security Policies | Permissions assigned to Server Users: set what is not needed to Deny",
    deviations: &[&BROAD_RIGHTS, &WRITE_RIGHTS],
    ..Duty::OF_A_PERSON
};

/// The rights of a group by which it may do more than read. One that a server does not show may be granted.
const RIGHTS_KNOWN: [&str; 12] = [
    "IO_TAG_WRITE",
    "IO_TAG_DYNAMIC_ADDRESSING",
    "SYSTEM_TAG_WRITE",
    "INTERNAL_TAG_WRITE",
    "SERVER_MANAGE_LICENSES",
    "SERVER_MODIFY_SERVER_SETTINGS",
    "SERVER_DISCONNECT_CLIENTS",
    "SERVER_REPLACE_RUNTIME_PROJECT",
    "SERVER_RESET_EVENT_LOG",
    "SERVER_OPCUA_DOTNET_CONFIGURATION",
    "SERVER_RESET_OPC_DIAGS_LOG",
    "SERVER_RESET_COMM_DIAGS_LOG",
];

/// What a group may do with one kind of object.
const CHANGES: [&str; 3] = ["PROJECTMOD_ADD", "PROJECTMOD_EDIT", "PROJECTMOD_DELETE"];

/// Kinds of objects that every server has.
const CHANGED: [&str; 4] = ["Servermain Channel", "Servermain Device", "Servermain Tag", "Servermain Project"];

/// The rights that an object has, or should have, and what it shows of each.
fn shown_rights<'a>(object: &'a Object, expected: &[&'a str], is_meant: fn(&str) -> bool) -> Vec<(&'a str, Switch)> {
    let has = object.properties.keys().filter_map(|key| key.strip_prefix(PREFIX)).filter(|name| is_meant(name));
    let mut names: Vec<&str> = expected.iter().copied().chain(has).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter().map(|name| (name, object.switch(&format!("{PREFIX}{name}"), false))).collect()
}

/// Those of the rights that are in this state.
fn of_state<'a>(rights: &[(&'a str, Switch)], state: Switch, is_meant: fn(&str) -> bool) -> Vec<&'a str> {
    rights.iter().filter(|it| it.1 == state && is_meant(it.0)).map(|it| it.0).collect()
}

fn administers(name: &str) -> bool {
    name.starts_with("SERVER_") && !name.starts_with("SERVER_VIEW_EVENT_LOG") && name != "SERVER_CONFIG_API_LOG_ACCESS"
}

fn writes(name: &str) -> bool {
    name.ends_with("_TAG_WRITE") || name == "IO_TAG_DYNAMIC_ADDRESSING"
}

fn rights(facts: &Facts, view: &mut View) {
    // A source that does not show its users may have put the Default User anywhere.
    view.sources(facts, Kind::User);
    for source in view.sources(facts, Kind::Group) {
        let mut names = BTreeSet::from([SERVER_USERS]);
        for user in source.all(Kind::User).filter(|it| is_default(it.name())) {
            match group_of(user) {
                _ if flag(user, "USER_ENABLED") == Some(false) => {}
                "" => view.missing(source, user.called(), GROUP_NAME),
                ADMINISTRATORS => {
                    let text = format!("is in the group `{ADMINISTRATORS}`, which may do everything");
                    view.bad(source, user.called(), &BROAD_RIGHTS, text);
                }
                name => {
                    names.insert(name);
                }
            }
        }
        let mut permissions: HashMap<usize, Vec<&Object>> = HashMap::new();
        for permission in source.all(Kind::Permission) {
            if let Some(group) = permission.parent {
                permissions.entry(group).or_default().push(permission);
            }
        }
        for name in names {
            let mut groups = source.configuration.placed(Kind::Group).filter(|(_, it)| it.name() == name).peekable();
            if groups.peek().is_none() {
                view.unseen_of(source, "groups", format!("there is no {} among those that are shown", quoted(name)));
            }
            for (place, group) in groups {
                rights_of(source, place, group, permissions.get(&place).map_or(&[], Vec::as_slice), view);
            }
        }
    }
}

/// Looks at the rights of one group. What is not shown of them may be granted.
fn rights_of(source: &SourceFacts, place: usize, group: &Object, permissions: &[&Object], view: &mut View) {
    match flag(group, "GROUP_ENABLED") {
        Some(false) => return view.good(source, group.called(), "is disabled"),
        Some(true) => {}
        None => view.missing(source, group.called(), "GROUP_ENABLED"),
    }
    let rights = shown_rights(group, &RIGHTS_KNOWN, |name| administers(name) || writes(name));
    let broad = of_state(&rights, Switch::Bad, administers);
    if !broad.is_empty() {
        let text = format!("may administer the server: {}", broad.join(", "));
        view.bad(source, group.called(), &BROAD_RIGHTS, text);
    }
    let mut unseen = of_state(&rights, Switch::Unseen, |_| true);
    let mut changes = Vec::new();
    for permission in permissions {
        let rights = shown_rights(permission, &CHANGES, |name| name.starts_with("PROJECTMOD_"));
        if rights.iter().any(|it| it.1 == Switch::Bad) {
            changes.push(quoted(permission.name()));
        } else if rights.iter().any(|it| it.1 == Switch::Unseen) {
            unseen.push("PROJECTMOD");
        }
    }
    let is_listed = |name: &&str| permissions.iter().any(|it| it.name() == *name);
    if !source.configuration.is_seen_below(Kind::Permission, place) || !CHANGED.iter().all(is_listed) {
        unseen.push("project_permissions");
    }
    if !changes.is_empty() {
        let text = format!("may change the project: {}", changes.join(", "));
        view.bad(source, group.called(), &BROAD_RIGHTS, text);
    }
    let writing = of_state(&rights, Switch::Bad, writes);
    if !writing.is_empty() {
        view.weak(source, group.called(), &WRITE_RIGHTS, format!("may write: {}", writing.join(", ")));
    }
    unseen.dedup();
    if !unseen.is_empty() {
        let text = format!("does not show whether it has these rights: {}", unseen.join(", "));
        view.unseen_of(source, group.called(), text);
    } else if broad.is_empty() && changes.is_empty() && writing.is_empty() {
        view.good(source, group.called(), "may only read and browse");
    }
}

/// The group of the Default User.
const SERVER_USERS: &str = "Server Users";

static FOR_EVERYBODY: Deviation = Deviation {
    id: "kepware-group-for-everybody",
    severity: Severity::Error,
    title: "a Windows group of all users is a user of Kepware",
    cure: "Settings | User Manager: delete it, and add a group of the users who need access",
};

static GROUPS: Duty = Duty {
    id: "5.3.3",
    section: "5.3.3",
    title: "users with different needs have separate groups",
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
    const TYPE: &str = "libadminsettings.USERMANAGER_USER_TYPE";
    for (source, user) in view.all(facts, Kind::User) {
        let own = user.name().rsplit('\\').next().unwrap_or_default().to_lowercase();
        if EVERYBODY.contains(&own.as_str()) {
            match user.number(TYPE) {
                Some(2) => {
                    view.bad(source, user.called(), &FOR_EVERYBODY, "is a Windows group of all users");
                }
                Some(_) => {}
                None => view.missing(source, user.called(), TYPE),
            }
        }
    }
    for source in view.sources(facts, Kind::Group) {
        let (further, _) = further(source, view);
        if !further.is_empty() {
            view.good(source, "groups", format!("beside the built-in ones there are {}", further.join(", ")));
        } else if source.configuration.is_seen(Kind::Group) {
            view.note(source, "groups", "there are only the built-in ones");
            view.ask();
        }
    }
}

/// The enabled groups beside the built-in ones, and whether there may be others, which do not show whether they are.
fn further(source: &SourceFacts, view: &mut View) -> (Vec<String>, bool) {
    let mut further = Vec::new();
    let mut may_be_more = false;
    for group in source.all(Kind::Group).filter(|it| !BUILT_IN.contains(&it.name())) {
        match flag(group, "GROUP_ENABLED") {
            Some(true) => further.push(quoted(group.name())),
            Some(false) => {}
            None => {
                may_be_more = true;
                view.missing(source, group.called(), "GROUP_ENABLED");
            }
        }
    }
    (further, may_be_more)
}

/// There is no group that could serve one purpose alone.
pub(super) static NO_OWN_GROUP: Deviation = Deviation {
    id: "kepware-no-own-group",
    severity: Severity::Warning,
    title: "there is no custom group that could be only for this purpose",
    cure: "Settings | User Manager | New Group: assign the rights that are needed, then right-click the group | Add User",
};

/// Looks for a group that could be for one purpose; which one it is, a person says.
pub(super) fn own_group(facts: &Facts, view: &mut View) {
    let mut is_seen = false;
    for source in view.sources(facts, Kind::Group) {
        if !source.configuration.is_seen(Kind::Group) {
            continue;
        }
        is_seen = true;
        let (further, may_be_more) = further(source, view);
        if further.is_empty() && may_be_more {
            continue;
        }
        if further.is_empty() {
            let text = "there are only the built-in ones";
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
