//! Finds the lists of an OPC UA application in the folders that its stack has made (or would make).

use std::fs;
use std::path::{Path, PathBuf};

use super::member::{Group, List};
use super::opcua::{DOTNET, Layout, NODE_OPCUA, OPEN62541, STANDARD, UAEXPERT};

/// The folders of one list.
#[derive(Clone, Debug)]
pub(super) struct ListFolder {
    pub(super) list: List,
    pub(super) group: Group,
    /// Where its certificates are.
    pub(super) certificates: PathBuf,
    /// Where the revocation lists beside it are; the same folder where a stack has one for both.
    pub(super) revocation_lists: Option<PathBuf>,
    /// How its stack names files.
    pub(super) layout: &'static Layout,
    /// The name of the folder, where there is another for the same list beside it: `issuer` and `issuers`.
    pub(super) twin: Option<&'static str>,
}

impl ListFolder {
    /// Says whether the folder of the list is there, be it empty.
    pub(super) fn is_there(&self) -> bool {
        let has_part = self.certificates.ends_with("certs");
        self.certificates.is_dir() || (has_part && self.certificates.parent().is_some_and(Path::is_dir))
    }
}

/// The lists of an application.
#[derive(Debug)]
pub(super) struct Places {
    pub(super) list_folders: Vec<ListFolder>,
}

/// Folders below the root in which a stack keeps lists of their own.
const BELOW: [(&str, Group); 9] = [
    ("ApplCerts", Group::Application),
    ("UserTokenCerts", Group::User),
    ("HttpCerts", Group::Https),
    ("ApplicationInstance_PKI", Group::Application),
    ("X509UserIdentity_PKI", Group::User),
    ("PKI", Group::Application),
    ("USERS_PKI", Group::User),
    ("CA", Group::Application),
    ("pkiserver", Group::Application),
];

/// What the .NET stack puts behind the names of lists.
const BEHIND: [(&str, Group); 4] =
    [("", Group::Application), ("User", Group::User), ("Users", Group::User), ("Https", Group::Https)];

/// Says whether a folder is the root of an OPC UA application's lists.
pub(super) fn is_pki(root: &Path) -> bool {
    has_lists(root) || BELOW.iter().any(|(name, _)| child(root, &[name]).is_some_and(|it| is_pki_itself(&it)))
}

fn is_pki_itself(folder: &Path) -> bool {
    has_lists(folder) || child(folder, &["CA"]).is_some_and(|below| has_lists(&below))
}

/// A list of trusted certificates and something beside it that only such applications have, or a list of issuers.
fn has_lists(folder: &Path) -> bool {
    let has_certs = |list: PathBuf| child(&list, &["certs"]).is_some();
    let Some(trusted) = child(folder, &["trusted"]) else {
        return child(folder, &["issuer", "issuers"]).is_some_and(has_certs);
    };
    has_certs(trusted)
        || child(folder, &["rejected", "issuer", "issuers"]).is_some()
        || has_keys_beside(folder)
        || is_of_twincat(folder)
}

/// Says whether private keys have a folder beside that of the owner's certificates, as async-opcua has it.
fn has_keys_beside(folder: &Path) -> bool {
    child(folder, &["own"]).is_some() && child(folder, &["private"]).is_some()
}

/// Says whether a folder is `PKI/CA`, in which TwinCAT has flat folders.
fn is_of_twincat(folder: &Path) -> bool {
    let is_named = |path: &Path, wanted: &str| path.file_name().is_some_and(|name| name.eq_ignore_ascii_case(wanted));
    is_named(folder, "CA") && folder.parent().is_some_and(|parent| is_named(parent, "PKI"))
}

/// Says whether certificates lie in the folder of their list itself: they do, or, where it is empty, what stands
/// beside it is that of a stack that has it so.
fn is_flat(folder: &Path, trusted: &Path) -> bool {
    let has_parts = |list: &Path| child(list, &["certs", "crl", "crls"]).is_some();
    let of_other = |names: &[&str]| child(folder, names);
    // Whoever has made these two and no more does without the folders that the standard has.
    let has_rejected_alone = || {
        let others = of_other(&["issuer", "issuers", "own"]).is_some();
        !others && of_other(&["rejected"]).is_some_and(|rejected| !has_parts(&rejected))
    };
    !has_parts(trusted)
        && (has_files(trusted) || has_keys_beside(folder) || is_of_twincat(folder) || has_rejected_alone())
}

/// Finds a folder in a folder by one of these names; case is that of Windows.
fn child(folder: &Path, names: &[&str]) -> Option<PathBuf> {
    let direct = names.iter().map(|name| folder.join(name)).find(|path| path.is_dir());
    direct.or_else(|| {
        let mut entries: Vec<PathBuf> = fs::read_dir(folder).ok()?.flatten().map(|entry| entry.path()).collect();
        entries.sort();
        entries.into_iter().find(|path| {
            let is_named = |name: &str| names.iter().any(|wanted| wanted.eq_ignore_ascii_case(name));
            path.file_name().and_then(|name| name.to_str()).is_some_and(is_named) && path.is_dir()
        })
    })
}

impl Places {
    /// Finds the lists below a root; those of a new application where there are none.
    pub(super) fn find(root: &Path) -> Places {
        let mut list_folders = Vec::new();
        for (folder, group) in roots(root) {
            let layout = layout_of(&folder);
            for (behind, other) in BEHIND {
                let group = if other == Group::Application { group } else { other };
                list_folders.extend(list_folders_of(&folder, behind, group, layout));
            }
        }
        Places { list_folders }
    }

    /// Where private keys are: beside the certificates of the owner, or in a folder beside that of these.
    pub(super) fn keys(&self) -> Option<PathBuf> {
        let own = &self.list_folders.iter().find(|list_folder| list_folder.list == List::Own)?.certificates;
        let places = [own.parent(), Some(own.as_path()), own.parent().and_then(Path::parent)];
        places.into_iter().flatten().find_map(|folder| child(folder, &["private"]))
    }

    /// The folders of a list: one, or two where some stacks go by the one and some by the other.
    pub(super) fn folders_of(&self, list: List, group: Group) -> Vec<&ListFolder> {
        let is_list = |list_folder: &&ListFolder| list_folder.list == list && list_folder.group == group;
        // All groups of the .NET stack share what was rejected.
        let shared = |list_folder: &&ListFolder| list_folder.list == list && matches!(list, List::Rejected | List::Own);
        let own: Vec<&ListFolder> = self.list_folders.iter().filter(is_list).collect();
        if own.is_empty() { self.list_folders.iter().find(shared).into_iter().collect() } else { own }
    }
}

/// The folders that have lists, each with the group that they are about.
fn roots(root: &Path) -> Vec<(PathBuf, Group)> {
    if has_lists(root) {
        return vec![(root.to_owned(), Group::Application)];
    }
    let mut found: Vec<(PathBuf, Group)> = Vec::new();
    for (name, group) in BELOW {
        let below = child(root, &[name]);
        let below =
            below.and_then(|it| if has_lists(&it) { Some(it) } else { child(&it, &["CA"]).filter(|it| has_lists(it)) });
        let is_new = |path: &PathBuf| found.iter().all(|(other, known)| other != path && *known != group);
        found.extend(below.filter(is_new).map(|path| (path, group)));
    }
    if found.is_empty() { vec![(root.to_owned(), Group::Application)] } else { found }
}

fn list_folders_of(folder: &Path, behind: &str, group: Group, layout: &'static Layout) -> Vec<ListFolder> {
    let is_first = behind.is_empty();
    let named = |names: &[&str]| {
        let names: Vec<String> = names.iter().map(|name| format!("{name}{behind}")).collect();
        child(folder, &names.iter().map(String::as_str).collect::<Vec<_>>())
    };
    // Paths of a layout may begin with the folder of its group.
    let planned = |path: &str| {
        let last: Vec<&str> = path.split('/').collect();
        let from = last.len().saturating_sub(2);
        let kept = if path.contains('/') && last.len() > 2 { last.get(from..).unwrap_or_default() } else { &last };
        kept.iter().fold(folder.to_owned(), |path, part| path.join(part))
    };
    let trusted = named(&["trusted"]);
    let is_flat = trusted.as_ref().is_some_and(|trusted| is_flat(folder, trusted));
    // A stack that has made the one with certs in it and the other without has it so.
    let is_made = trusted.is_some_and(|trusted| child(&trusted, &["certs"]).is_some());
    let mut list_folders = Vec::new();
    let parts: [(List, &[&str], &str, Option<&str>); 4] = [
        (List::Trusted, &["trusted"], layout.trusted_certificates, Some(layout.trusted_lists)),
        (List::Issuer, &["issuer", "issuers"], layout.issuer_certificates, Some(layout.issuer_lists)),
        (List::Own, &["own"], layout.own_certificates, None),
        (List::Rejected, &["rejected"], layout.rejected, None),
    ];
    let issuers = twins(folder, behind);
    for (list, names, certificates, lists) in parts {
        let is_twice = list == List::Issuer && issuers.len() > 1;
        let pair = || issuers.iter().map(|(path, name)| (Some(path.clone()), Some(*name))).collect();
        let all: Vec<(Option<PathBuf>, Option<&'static str>)> =
            if is_twice { pair() } else { vec![(named(names), None)] };
        for (there, twin) in all {
            let (certificates, revocation_lists) = match there {
                Some(there) => {
                    let certs = child(&there, &["certs"]);
                    let crl = child(&there, &["crl", "crls"]);
                    let is_as_made = list == List::Rejected && is_made;
                    let wants_certs = certificates.ends_with("/certs") && !is_flat && !is_as_made && !has_files(&there);
                    let certificates =
                        certs.unwrap_or_else(|| if wants_certs { there.join("certs") } else { there.clone() });
                    let beside = if certificates == there { there.clone() } else { there.join("crl") };
                    (certificates, lists.map(|_| crl.unwrap_or(beside)))
                }
                // What only the first group has, and what a flat layout has no place for.
                None if !is_first || (is_flat && list == List::Issuer) => continue,
                None if is_flat => (folder.join(list.name()), None),
                None => (planned(certificates), lists.map(planned)),
            };
            list_folders.push(ListFolder { list, group, certificates, revocation_lists, layout, twin });
        }
    }
    list_folders
}

/// The folders of issuers that are there: some stacks go by `issuer`, others by `issuers`.
fn twins(folder: &Path, behind: &str) -> Vec<(PathBuf, &'static str)> {
    let there = |name: &'static str| Some((child(folder, &[&format!("{name}{behind}")])?, name));
    let mut found: Vec<(PathBuf, &'static str)> = ["issuer", "issuers"].into_iter().filter_map(there).collect();
    // A link to the other is no second folder.
    let real = |path: &PathBuf| fs::canonicalize(path).ok();
    found.dedup_by(|(one, _), (other, _)| real(one) == real(other));
    found
}

fn has_files(folder: &Path) -> bool {
    fs::read_dir(folder).is_ok_and(|entries| entries.flatten().any(|entry| entry.path().is_file()))
}

/// Whose folders these are, by what only they have.
fn layout_of(root: &Path) -> &'static Layout {
    let has = |path: &[&str]| path.iter().try_fold(root.to_owned(), |folder, name| child(&folder, &[name])).is_some();
    let has_file = |path: &str| root.join(path).is_file();
    let is_in = root.file_name().and_then(|name| name.to_str()).is_some_and(|name| {
        ["ApplCerts", "UserTokenCerts", "HttpCerts"].iter().any(|known| known.eq_ignore_ascii_case(name))
    });
    if is_in || has(&["ApplCerts"]) {
        &OPEN62541
    } else if has(&["issuers"]) && (has_file("own/openssl.cnf") || has_file("own/private/private_key.pem")) {
        &NODE_OPCUA
    } else if has(&["issuers"]) {
        &UAEXPERT
    } else if has(&["trustedUser"]) || has(&["issuerUser"]) || has(&["trustedHttps"]) {
        &DOTNET
    } else {
        &STANDARD
    }
}
