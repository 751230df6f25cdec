//! How OPC UA stacks read the files of a PKI folder: which names they look at, and in which encoding.
//!
//! Knows rules as data, one [`Reader`] for each stack. Of asyncua and node-opcua they are held against the stacks
//! themselves (`scripts/stack-files`, `testdata/opcua/files.csv`); of the others they were read in their sources as
//! they were in autumn 2026. gopcua has no such folders.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use super::member::Member;
use super::opcua::{DOTNET, Layout, NODE_OPCUA, OPEN62541};
use super::places::ListFolder;
use crate::container::{Contents, Encoding, Item};

/// How a stack reads the files of a PKI folder.
#[derive(Debug)]
pub struct Reader {
    /// Its name.
    pub name: &'static str,
    certificates: Rule,
    lists: Rule,
    /// The folder of issuers that it goes by where `issuer` and `issuers` are there; `None` where its user names one.
    issuers: Option<&'static str>,
    /// Whether a file that it looks at and cannot read keeps it from reading the rest of the folder.
    is_broken_by: bool,
}

/// What a stack looks at in a folder.
#[derive(Debug)]
struct Rule {
    names: Names,
    /// The first line whose names fit says which encodings are read.
    encodings: &'static [(Names, &'static [Encoding])],
    /// How many of a file are read.
    taken: Taken,
    /// Whether DER is taken for it only from 256 octets on.
    wants_long_der: bool,
    /// The names and encodings in words.
    words: &'static str,
}

#[derive(Clone, Copy, Debug)]
enum Names {
    All,
    /// Those that do not begin with a dot.
    Shown,
    /// Those that end so, in any case.
    End(&'static str),
    /// Those that end in one of these, in any case.
    Ends(&'static [&'static str]),
    /// Those that have this in them, in this case.
    Have(&'static str),
    /// Those with a dot, and with `der` or `pem` in any case.
    DottedDerOrPem,
}

/// How many of a file's certificates or lists are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Taken {
    All,
    First,
    /// DER holds one and no more; of PEM, the first is read.
    OneInDer,
}

/// The two kinds of folders that a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folder {
    /// `certs`.
    Certificates,
    /// `crl`.
    RevocationLists,
    /// One for both.
    Shared,
    /// A folder below one of these, which nobody looks into.
    Below,
}

/// What something in a PKI folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A certificate.
    Certificate,
    /// A revocation list.
    RevocationList,
    /// Nothing that belongs there.
    Other,
}

/// How something lies in a PKI folder that stacks read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lying {
    /// What its folder is for.
    pub folder: Folder,
    /// How it is written; `None` where nobody can read it.
    pub encoding: Option<Encoding>,
    /// The octets of its DER.
    pub octets: usize,
    /// Its place among the things in its file, from 0.
    pub number: usize,
    /// How many things are in its file.
    pub count: usize,
    /// The name of its folder of issuers, `issuer` or `issuers`, where both are there.
    pub twin: Option<&'static str>,
}

/// A stack that does not read something, and what comes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unread {
    /// The name of the stack.
    pub stack: &'static str,
    /// Why it does not see it, as words that follow a name.
    pub why: &'static str,
    /// Whether it reads nothing of the folder because of it.
    pub is_breaking: bool,
}

/// What a stack makes of something in a PKI folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It reads it.
    Read,
    /// It does not see it; why, as words that follow a name.
    PassedOver(&'static str),
    /// It reads nothing of the folder because of it; why.
    Breaks(&'static str),
}

/// Why something in `issuers` is not seen where `issuer` is beside it, and the other way round.
pub const OTHER_ISSUER: &str = "reads `issuer`, not `issuers`";
/// The other way round.
pub const OTHER_ISSUERS: &str = "reads `issuers`, not `issuer`";

const DER: &[Encoding] = &[Encoding::Der];
const PEM: &[Encoding] = &[Encoding::Pem];
const EITHER: &[Encoding] = &[Encoding::Der, Encoding::Pem];

/// opcua-asyncio.
pub static ASYNCUA: Reader = Reader {
    name: "asyncua",
    certificates: Rule {
        names: Names::DottedDerOrPem,
        encodings: &[(Names::End(".pem"), PEM), (Names::All, DER)],
        taken: Taken::OneInDer,
        wants_long_der: false,
        words: "reads names with `der` or `pem` in them: those that end in `.pem` as PEM, all others as DER",
    },
    lists: Rule {
        names: Names::DottedDerOrPem,
        encodings: &[(Names::End(".der"), DER), (Names::All, PEM)],
        taken: Taken::OneInDer,
        wants_long_der: false,
        words: "reads names with `der` or `pem` in them: those that end in `.der` as DER, all others as PEM",
    },
    issuers: None,
    is_broken_by: true,
};

/// node-opcua.
pub static NODE: Reader = Reader {
    name: "node-opcua",
    certificates: Rule {
        names: Names::All,
        encodings: &[(Names::Have(".der"), DER), (Names::All, PEM)],
        taken: Taken::First,
        wants_long_der: false,
        words: "reads names with `.der` in them as DER, all others as PEM",
    },
    lists: Rule {
        names: Names::All,
        encodings: &[(Names::All, EITHER)],
        taken: Taken::First,
        wants_long_der: true,
        words: "reads PEM, and DER of 256 octets or more",
    },
    issuers: Some("issuers"),
    is_broken_by: false,
};

/// UA .NET Standard, directory stores.
pub static NET: Reader = Reader {
    name: "UA .NET Standard",
    certificates: Rule {
        names: Names::Ends(&[".der", ".pem"]),
        encodings: &[(Names::End(".pem"), PEM), (Names::All, EITHER)],
        taken: Taken::All,
        wants_long_der: false,
        words: "reads names that end in `.der` or `.pem`",
    },
    lists: Rule {
        names: Names::End(".crl"),
        encodings: &[(Names::All, DER)],
        taken: Taken::First,
        wants_long_der: false,
        words: "reads names that end in `.crl`, as DER",
    },
    issuers: Some("issuer"),
    is_broken_by: false,
};

/// open62541, file store with OpenSSL.
pub static OPEN: Reader = Reader {
    name: "open62541",
    certificates: Rule {
        names: Names::All,
        encodings: &[(Names::All, EITHER)],
        taken: Taken::First,
        wants_long_der: false,
        words: "reads DER and PEM, whatever the name",
    },
    lists: Rule {
        names: Names::All,
        encodings: &[(Names::All, EITHER)],
        taken: Taken::First,
        wants_long_der: false,
        words: "reads DER and PEM, whatever the name",
    },
    issuers: Some("issuer"),
    is_broken_by: true,
};

/// Eclipse Milo.
pub static MILO: Reader = Reader {
    name: "Eclipse Milo",
    certificates: Rule {
        names: Names::Shown,
        encodings: &[(Names::All, &[Encoding::Der, Encoding::Pem, Encoding::Pkcs7])],
        taken: Taken::First,
        wants_long_der: false,
        words: "reads DER, PEM and PKCS#7 in files that are not hidden",
    },
    lists: Rule {
        names: Names::Shown,
        encodings: &[(Names::All, &[Encoding::Der, Encoding::Pem, Encoding::Pkcs7])],
        taken: Taken::All,
        wants_long_der: false,
        words: "reads DER, PEM and PKCS#7 in files that are not hidden",
    },
    issuers: Some("issuers"),
    is_broken_by: false,
};

/// Every stack that reads such folders.
pub static READERS: [&Reader; 5] = [&NET, &OPEN, &NODE, &ASYNCUA, &MILO];

impl Names {
    fn have(self, name: &str) -> bool {
        let ends = |end: &str| name.len().checked_sub(end.len()).and_then(|at| name.get(at..));
        let is_end = |end: &&str| ends(end).is_some_and(|last| last.eq_ignore_ascii_case(end));
        match self {
            Names::All => true,
            Names::Shown => !name.starts_with('.'),
            Names::End(end) => is_end(&end),
            Names::Ends(of) => of.iter().any(is_end),
            Names::Have(part) => name.contains(part),
            Names::DottedDerOrPem => {
                let lower = name.to_ascii_lowercase();
                lower.contains('.') && (lower.contains("der") || lower.contains("pem"))
            }
        }
    }
}

impl Rule {
    fn reads(&self, name: &str, lying: &Lying, is_broken_by: bool) -> Reading {
        if !self.names.have(name) {
            return Reading::PassedOver(self.words);
        }
        let refused = if is_broken_by { Reading::Breaks } else { Reading::PassedOver };
        let taken = self.encodings.iter().find(|(names, _)| names.have(name)).map(|(_, taken)| *taken);
        let is_der = lying.encoding == Some(Encoding::Der);
        let is_taken = lying.encoding.is_some_and(|it| taken.is_some_and(|taken| taken.contains(&it)));
        if !is_taken || (self.wants_long_der && is_der && lying.octets < 256) {
            return refused(self.words);
        }
        if self.taken == Taken::OneInDer && is_der && lying.count > 1 {
            return refused("needs exactly one in a DER file");
        }
        match lying.number > 0 && self.taken != Taken::All {
            true => Reading::PassedOver("reads only the first of a file"),
            false => Reading::Read,
        }
    }
}

impl Reader {
    /// What it makes of something that lies so in a file of this name.
    pub fn reads(&self, name: &str, kind: Kind, lying: &Lying) -> Reading {
        if lying.folder == Folder::Below {
            return Reading::PassedOver("does not look into subfolders");
        }
        match (lying.twin, self.issuers) {
            (Some("issuers"), Some("issuer")) => return Reading::PassedOver(OTHER_ISSUER),
            (Some("issuer"), Some("issuers")) => return Reading::PassedOver(OTHER_ISSUERS),
            _ => {}
        }
        let rule = match (lying.folder, kind) {
            (Folder::Certificates | Folder::Below, _) | (Folder::Shared, Kind::Certificate | Kind::Other) => {
                &self.certificates
            }
            (Folder::RevocationLists, _) | (Folder::Shared, Kind::RevocationList) => &self.lists,
        };
        let misplaced = match (lying.folder, kind) {
            (_, Kind::Other) => "cannot read it",
            (Folder::Certificates, Kind::RevocationList) => "looks for revocation lists only in `crl`",
            (Folder::RevocationLists, Kind::Certificate) => "looks for certificates only in `certs`",
            _ => return rule.reads(name, lying, self.is_broken_by),
        };
        match rule.names.have(name) && self.is_broken_by {
            true => Reading::Breaks(misplaced),
            false => Reading::PassedOver(misplaced),
        }
    }

    /// What it makes of a member of a store; `None` where that lies in no folder that stacks read.
    fn of_member(&self, member: &Member) -> Option<Reading> {
        let (lying, path) = (member.place.lying.as_deref()?, member.place.path.as_deref()?);
        Some(self.reads(&name_of(path), member.content.kind(), lying))
    }

    /// Leaves of a store what it reads: nothing of a folder that something in it keeps it from reading.
    pub fn leave(&self, members: &mut Vec<Member>) {
        let folder = |member: &Member| member.place.path.as_deref().and_then(Path::parent).map(Path::to_owned);
        let is_breaking = |member: &&Member| matches!(self.of_member(member), Some(Reading::Breaks(_)));
        let broken: HashSet<PathBuf> = members.iter().filter(is_breaking).filter_map(folder).collect();
        members.retain(|member| {
            self.of_member(member).is_none_or(|reading| reading == Reading::Read)
                && !(member.place.lying.is_some() && folder(member).is_some_and(|it| broken.contains(&it)))
        });
    }

    /// The stacks that read folders of a layout: its own, or any where the standard has it so.
    pub fn of(layout: &'static Layout) -> &'static [&'static Reader] {
        let is = |other: &Layout| layout.name == other.name;
        let alone = |name: &str| READERS.iter().position(|reader| reader.name == name);
        let only = match () {
            () if is(&DOTNET) => alone(NET.name),
            () if is(&OPEN62541) => alone(OPEN.name),
            () if is(&NODE_OPCUA) => alone(NODE.name),
            () => None,
        };
        only.and_then(|at| READERS.get(at..=at)).unwrap_or(&READERS)
    }
}

impl Folder {
    /// What a folder of a list is for.
    pub(super) fn of(folder: &Path, list_folder: &ListFolder) -> Folder {
        match (folder == list_folder.certificates, list_folder.revocation_lists.as_deref() == Some(folder)) {
            (true, true) => Folder::Shared,
            (false, _) => Folder::RevocationLists,
            (true, false) => Folder::Certificates,
        }
    }
}

/// The stacks among these that do not read something in a file of this name.
pub fn unread(readers: &[&'static Reader], name: &str, kind: Kind, lying: &Lying) -> Vec<Unread> {
    let unread = |reader: &&'static Reader| match reader.reads(name, kind, lying) {
        Reading::Read => None,
        Reading::PassedOver(why) => Some(Unread { stack: reader.name, why, is_breaking: false }),
        Reading::Breaks(why) => Some(Unread { stack: reader.name, why, is_breaking: true }),
    };
    readers.iter().filter_map(unread).collect()
}

impl Lying {
    /// How something lies in a folder that nobody looks into.
    pub fn below() -> Lying {
        Lying { folder: Folder::Below, encoding: None, octets: 0, number: 0, count: 0, twin: None }
    }

    /// How each thing of a file lies; one for a file of which nothing can be read.
    pub fn all(contents: Option<&Contents>, folder: Folder, twin: Option<&'static str>) -> Vec<Lying> {
        let items = contents.map(|it| it.items.as_slice()).unwrap_or_default();
        let unread = Lying { folder, twin, ..Lying::below() };
        if items.is_empty() {
            return vec![unread];
        }
        let lying = |(number, item): (usize, &Item)| Lying {
            encoding: Some(item.encoding),
            octets: item.der.len(),
            number,
            count: items.len(),
            ..unread.clone()
        };
        items.iter().enumerate().map(lying).collect()
    }
}

/// The name of a file, for the rules of readers.
pub fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

/// Says whether a name that ends in `.crl` would be taken for PEM by asyncua for what else is in it.
pub(super) fn is_taken_for_pem(base: &str) -> bool {
    Names::DottedDerOrPem.have(&format!("{base}."))
}
