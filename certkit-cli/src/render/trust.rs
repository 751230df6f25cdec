//! What stands in stores, what was changed there, and what is wrong with it.

mod audit;
mod diff;
mod export;
mod log;

use certkit_core::cert::RevocationList;
use certkit_core::moment::{Moment, distance};
use certkit_core::report::Report;
use certkit_core::store::transaction::{Happened, Record, State, Subject};
use certkit_core::store::{Content, Kind, List, Member, Store};
use certkit_core::text::{Hex, Printable, plural};
use schemars::JsonSchema;
use serde::Serialize;

pub(crate) use self::audit::{AuditJson, Audited};
pub(crate) use self::diff::{DiffJson, Side, diff};
pub(crate) use self::export::{ExportJson, LeftOutJson};
pub(crate) use self::log::schema as log_schema;
use super::findings::ReportJson;
use super::json::CertificateJson;
use crate::terminal::style::{self, paint};

/// The document of `certkit.trust-list/1`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ListJson {
    schema: &'static str,
    store: String,
    /// `pem`, `p12`, `jks`, `jceks`, `folder`, `hashed`, `opcua`, `windows`, `system` or `mozilla`.
    kind: &'static str,
    certificates: Vec<StoredJson>,
    revocation_lists: Vec<StoredListJson>,
    private_keys: usize,
    /// Secrets that are no private keys; nothing of them is judged.
    secret_keys: usize,
    /// What could not be read, each with the reason.
    unread: Vec<String>,
}

/// Where something stands in a store.
#[derive(Serialize, JsonSchema)]
struct PlaceJson {
    /// `trusted`, `issuer`, `own` or `rejected`.
    list: &'static str,
    /// `application`, `user` or `https`.
    group: &'static str,
    /// Its name in the store: an alias or friendly name.
    name: Option<String>,
    /// The file that holds it.
    path: Option<String>,
}

impl PlaceJson {
    fn new(member: &Member) -> PlaceJson {
        let place = &member.place;
        PlaceJson {
            list: place.list.name(),
            group: place.group.name(),
            name: place.name.clone(),
            path: place.path.as_ref().map(|path| path.display().to_string()),
        }
    }
}

/// A certificate in a store.
#[derive(Serialize, JsonSchema)]
pub(crate) struct StoredJson {
    #[serde(flatten)]
    place: PlaceJson,
    #[serde(flatten)]
    certificate: CertificateJson,
}

/// A revocation list in a store.
#[derive(Serialize, JsonSchema)]
struct StoredListJson {
    #[serde(flatten)]
    place: PlaceJson,
    issuer_dn: String,
    /// RFC 3339 UTC.
    this_update: Option<String>,
    /// RFC 3339 UTC.
    next_update: Option<String>,
}

impl ListJson {
    /// Describes what stands in a store.
    pub(crate) fn new(store: &dyn Store, members: &[Member], moment: Moment) -> ListJson {
        let mut json = ListJson {
            schema: "certkit.trust-list/1",
            store: store.address().to_string(),
            kind: store.kind().name(),
            certificates: Vec::new(),
            revocation_lists: Vec::new(),
            private_keys: 0,
            secret_keys: 0,
            unread: Vec::new(),
        };
        for member in members {
            let place = PlaceJson::new(member);
            match &member.content {
                Content::Certificate(it) => {
                    json.certificates.push(StoredJson { place, certificate: CertificateJson::new(it, moment) });
                }
                Content::RevocationList(it) => json.revocation_lists.push(StoredListJson {
                    place,
                    issuer_dn: it.issuer().to_string(),
                    this_update: it.this_update().ok().map(|it| it.to_string()),
                    next_update: it.next_update().ok().flatten().map(|it| it.to_string()),
                }),
                Content::PrivateKey => json.private_keys += 1,
                Content::SecretKey => json.secret_keys += 1,
                lost => json.unread.extend(lost.loss().map(|why| format!("{}: {why}", member.place))),
            }
        }
        json
    }
}

/// Lists what stands in a store, a line for each.
pub(crate) fn list(store: &dyn Store, members: &[Member], moment: Moment) -> String {
    let count = |is_kind: fn(&Content) -> bool| members.iter().filter(|it| is_kind(&it.content)).count();
    let counts = [
        (count(|it| matches!(it, Content::Certificate(_))), "certificate", "certificates"),
        (count(|it| matches!(it, Content::RevocationList(_))), "revocation list", "revocation lists"),
        (count(|it| matches!(it, Content::PrivateKey)), "private key", "private keys"),
        (count(|it| matches!(it, Content::SecretKey)), "secret key", "secret keys"),
    ];
    let counted: Vec<String> = counts
        .into_iter()
        .enumerate()
        .filter(|(at, (count, ..))| *at == 0 || *count > 0)
        .map(|(_, (count, one, many))| format!("{count} {}", plural(count, one, many)))
        .collect();
    let mut text =
        format!("{}  {}: {}\n", paint(style::BOLD, store.address()), store.kind().title(), counted.join(", "));
    let mut heading = None;
    for member in members {
        let place = (member.place.group, member.place.list);
        if store.lists().len() > 1 && heading != Some(place) {
            heading = Some(place);
            let group = if place.0 == Default::default() { String::new() } else { format!(", {}", place.0.name()) };
            text += &format!("{}\n", paint(style::BOLD, format_args!("{}{group}", place.1)));
        }
        text += &line(member, moment);
    }
    text
}

fn line(member: &Member, moment: Moment) -> String {
    let place = paint(style::DIM, short_place(member));
    match &member.content {
        Content::Certificate(certificate) => {
            let name = certificate.subject().short().unwrap_or_else(|| "(no subject)".to_owned());
            let print: String = Hex(certificate.fingerprint_sha256()).to_string().chars().take(16).collect();
            let own = if member.place.list == List::Own { ", own" } else { "" };
            let marked = member.place.distrust.as_ref().map(|it| format!("no anchor: {}", Printable(&it.why)));
            let marked = marked.map_or_else(String::new, |it| format!("    {}\n", paint(style::BAD, it)));
            let end = end(certificate.not_after().ok(), moment);
            format!("  {}  {end}{own}  {print}  {place}\n{marked}", Printable(&name))
        }
        Content::RevocationList(list) => format!("  {}  {place}\n", list_words(list, moment)),
        Content::PrivateKey => format!("  a private key  {place}\n"),
        Content::SecretKey => format!("  a secret key  {place}\n"),
        lost => {
            let why = lost.loss().unwrap_or_default();
            format!("  {}  {place}\n", paint(style::BAD, format_args!("not read: {}", Printable(why))))
        }
    }
}

fn list_words(list: &RevocationList, moment: Moment) -> String {
    let name = list.issuer().short().unwrap_or_default();
    let next = match list.next_update() {
        Ok(Some(next)) if next < moment => {
            paint(style::CARE, format_args!("its next update was due at {}", next.date()))
        }
        Ok(Some(next)) => format!("next {}", next.date()),
        _ => "no next one announced".to_owned(),
    };
    format!("revocation list of {}  {next}", Printable(&name))
}

/// When a certificate ends, in words.
fn end(not_after: Option<Moment>, moment: Moment) -> String {
    let Some(end) = not_after else { return paint(style::BAD, "unreadable expiry date") };
    let words = format!("until {} ({})", end.date(), distance(end, moment));
    if end < moment { paint(style::BAD, words) } else { words }
}

/// The name in the store, or the name of the file.
fn short_place(member: &Member) -> String {
    let file =
        || member.place.path.as_deref().and_then(|path| path.file_name()).map(|it| it.to_string_lossy().into_owned());
    Printable(member.place.name.clone().or_else(file).unwrap_or_default()).to_string()
}

/// The document of `certkit.trust-change/1`.
#[derive(Serialize, JsonSchema)]
pub(crate) struct ChangeJson {
    schema: &'static str,
    store: String,
    kind: Option<&'static str>,
    /// `add`, `remove`, `reject`, `approve` or `undo`.
    action: String,
    /// `made`, `planned` (a dry run), `nothing_to_do` or `refused`.
    outcome: &'static str,
    /// The number of the change in the record beside the store.
    sequence: Option<u64>,
    /// The number of the change that it takes back.
    undoes: Option<u64>,
    /// Ids of findings that were accepted.
    accepted: Vec<String>,
    changes: Vec<TakenJson>,
    /// How many of what was offered were there already.
    pub(crate) already_there: usize,
    /// What else the user should know.
    pub(crate) notes: Vec<String>,
    #[serde(flatten)]
    report: Option<ReportJson>,
}

/// Something that was put in, taken out or moved.
#[derive(Serialize, JsonSchema)]
struct TakenJson {
    /// `certificate` or `revocation_list`.
    what: &'static str,
    subject_dn: String,
    fingerprint_sha256: String,
    /// The list that it was on; null where it was not there.
    from: Option<&'static str>,
    /// The list that it is on now; null where it was taken out.
    to: Option<&'static str>,
    group: &'static str,
}

impl TakenJson {
    fn new(what: &'static str, subject: &Subject) -> TakenJson {
        TakenJson {
            what,
            subject_dn: subject.subject_dn.clone(),
            fingerprint_sha256: subject.fingerprint_sha256.clone(),
            from: subject.from.map(List::name),
            to: subject.to.map(List::name),
            group: subject.group.name(),
        }
    }
}

/// Whether a change was made or only thought through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Done {
    /// It was made.
    Made,
    /// It would be.
    Planned,
}

impl ChangeJson {
    /// Describes a change.
    pub(crate) fn new(
        store: &str,
        kind: Kind,
        happened: &Happened,
        record: Option<&Record>,
        done: Done,
        report: Option<&Report>,
    ) -> ChangeJson {
        let changes: Vec<TakenJson> = happened
            .certificates
            .iter()
            .map(|it| TakenJson::new("certificate", it))
            .chain(happened.revocation_lists.iter().map(|it| TakenJson::new("revocation_list", it)))
            .collect();
        let outcome = match done {
            _ if changes.is_empty() => "nothing_to_do",
            Done::Planned => "planned",
            // What is kept by the system has no record here.
            Done::Made if record.is_none() && kind != Kind::Windows => "nothing_to_do",
            Done::Made => "made",
        };
        ChangeJson {
            schema: "certkit.trust-change/1",
            store: store.to_owned(),
            kind: Some(kind.name()),
            action: happened.action.clone(),
            outcome,
            sequence: record.map(|record| record.sequence),
            undoes: happened.undoes,
            accepted: happened.accepted.clone(),
            changes,
            already_there: 0,
            notes: Vec::new(),
            report: report.map(ReportJson::new),
        }
    }

    /// Describes a change that was not made.
    pub(crate) fn refused(action: &str, store: &str, report: &Report) -> ChangeJson {
        ChangeJson {
            schema: "certkit.trust-change/1",
            store: store.to_owned(),
            kind: None,
            action: action.to_owned(),
            outcome: "refused",
            sequence: None,
            undoes: None,
            accepted: Vec::new(),
            changes: Vec::new(),
            already_there: 0,
            notes: Vec::new(),
            report: Some(ReportJson::new(report)),
        }
    }

    /// Describes a change that is taken back.
    pub(crate) fn undone(store: &str, kind: Kind, undone: &Record, record: Option<&Record>) -> ChangeJson {
        let back = |subject: &Subject| Subject { from: subject.to, to: subject.from, ..subject.clone() };
        let happened = Happened {
            action: "undo".to_owned(),
            accepted: Vec::new(),
            certificates: undone.certificates.iter().map(back).collect(),
            revocation_lists: undone.revocation_lists.iter().map(back).collect(),
            undoes: Some(undone.sequence),
            ..Happened::default()
        };
        let (done, outcome, verb) = match record {
            Some(_) => (Done::Made, "made", "is"),
            None => (Done::Planned, "planned", "would be"),
        };
        let mut change = ChangeJson::new(store, kind, &happened, record, done, None);
        // Whatever the record says, files are changed.
        change.outcome = outcome;
        let files = undone.files.iter().map(|file| {
            let how = if file.before == State::Absent { "deleted" } else { "restored" };
            format!("{} {verb} {how}", Printable(&file.path))
        });
        change.notes = files.collect();
        change
    }
}

/// Says what was changed, a line for each.
pub(crate) fn changed(change: &ChangeJson) -> String {
    let would = if change.outcome == "planned" { "would be " } else { "" };
    let mut text = String::new();
    for taken in &change.changes {
        let what = if taken.what == "certificate" { "" } else { "revocation list of " };
        let (verb, place) = match (taken.from, taken.to) {
            (None, Some(to)) => ("added", format!("to {to}")),
            (Some(from), None) => ("removed", format!("from {from}")),
            (Some(from), Some(to)) => ("moved", format!("from {from} to {to}")),
            (None, None) => ("left", "as it was".to_owned()),
        };
        let print: String = taken.fingerprint_sha256.chars().take(16).collect();
        let name = Printable(&taken.subject_dn);
        text += &format!("{would}{} {place}: {what}{name}  {print}\n", paint(style::BOLD, verb));
    }
    if change.already_there > 0 {
        let count = change.already_there;
        text += &format!("{count} {} there already\n", plural(count, "is", "are"));
    }
    for note in &change.notes {
        text += &format!("{}\n", crate::terminal::wrap(&format!("note: {note}"), 0));
    }
    text += &match (change.outcome, change.sequence) {
        ("planned", _) => format!("{}: nothing was written (--dry-run)\n", change.store),
        ("made", Some(sequence)) => {
            let back =
                if change.undoes.is_some() { String::new() } else { "; `certkit trust undo` takes it back".to_owned() };
            format!("{}: written, change {sequence}{back}\n", change.store)
        }
        ("made", None) => format!("{}: written\n", change.store),
        _ => format!("{}: nothing to do\n", change.store),
    };
    text
}
