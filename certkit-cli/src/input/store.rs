//! Stores that a chain is completed from.

use std::io;
use std::path::Path;

use certkit_core::cert::Certificate;
use certkit_core::container::{self, ContainerError, Contents, Encoding, Integrity, Item, StoreProblem};
use certkit_core::context::{Origin, Supply, Trust};
use certkit_core::opcua::TrustLists;
use certkit_core::opcua::validation::Shelf;
use certkit_core::source::file::{self, FileError};
use certkit_core::store::roots;
use certkit_core::store::{self, Address, Content, List, Member, Presence, Store, StoreError};
use certkit_core::text::Printable;

use super::{StorePassword, Taker, called, pki, revocation, text_of};
use crate::failure::Failure;
use crate::output;

/// Whether the system's and Mozilla's roots are looked at unasked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DefaultTrust {
    /// They are.
    Included,
    /// They are only when they are named.
    Excluded,
}

/// Prefixes that say what kind of store a path is; the content decides in any case.
const PREFIXES: [&str; 8] = ["pem:", "p12:", "pkcs12:", "jks:", "jceks:", "folder:", "hashed:", "opcua:"];

/// Takes the prefix off a path, unless there is a file of that whole name.
pub(crate) fn without_prefix(path: &Path) -> &Path {
    let bare = path.to_str().and_then(|text| PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix)));
    bare.filter(|_| !path.exists()).map_or(path, Path::new)
}

/// Reads the stores that were named, each once, then those that are looked at unasked. What lies in them beside
/// certificates and tells of revocation goes to the taker, if there is one, what cannot be read of it included.
pub(crate) fn supplies(
    named: &[impl AsRef<Path>],
    trust: Trust,
    default: DefaultTrust,
    password: &StorePassword,
    mut taker: Option<&mut dyn Taker>,
) -> Result<Vec<Supply>, Failure> {
    let mut supplies = Vec::new();
    // Who names his anchors means these: what is known besides may complete a chain, but is not what was asked for.
    let beside = if named.is_empty() { trust } else { Trust::Candidates };
    for name in named.iter().map(AsRef::as_ref) {
        match whole(name, password)? {
            Some(store) => supplies.extend(on_lists(name, trust, &*store, lent(&mut taker))?),
            None => supplies.push(read(name, trust, password, lent(&mut taker))?),
        }
    }
    if default == DefaultTrust::Included {
        for origin in [Origin::System, Origin::Mozilla] {
            if supplies.iter().all(|supply| supply.origin != origin) {
                let known = builtin(origin).unwrap_or_else(|(origin, _)| empty(origin));
                supplies.push(Supply { trust: beside, ..known });
            }
        }
    }
    Ok(supplies)
}

/// Lends a taker for one call.
fn lent<'a>(taker: &'a mut Option<&mut dyn Taker>) -> Option<&'a mut dyn Taker> {
    match taker {
        Some(taker) => Some(&mut **taker),
        None => None,
    }
}

/// Puts supplies onto the lists of an OPC UA application: what is trusted, and what only completes chains.
pub(crate) fn shelve(lists: &mut TrustLists, supplies: Vec<Supply>) {
    for Supply { trust, certificates, .. } in supplies {
        let shelf = if trust == Trust::Anchors { Shelf::Trusted } else { Shelf::Issuers };
        certificates.into_iter().for_each(|it| lists.add(shelf, it));
    }
}

/// The anchors that the user named as the ones to trust; `None` where none were named.
pub(crate) fn anchors(named: &[impl AsRef<Path>], supplies: &[Supply]) -> Option<Vec<Certificate>> {
    let trusted = supplies.iter().filter(|supply| supply.trust == Trust::Anchors);
    (!named.is_empty()).then(|| trusted.flat_map(|supply| supply.certificates.iter().cloned()).collect())
}

fn empty(origin: Origin) -> Supply {
    Supply { origin, trust: Trust::Anchors, certificates: Vec::new() }
}

/// The roots of the system or of Mozilla. A system without roots is no reason to fail unless they were asked for.
fn builtin(origin: Origin) -> Result<Supply, (Origin, roots::RootsError)> {
    let certificates = match origin {
        Origin::System => match roots::system() {
            Ok(found) => decode(found.certificates.iter().map(Vec::as_slice)),
            Err(error) => return Err((origin, error)),
        },
        _ => decode(roots::mozilla()),
    };
    Ok(Supply { origin, trust: Trust::Anchors, certificates })
}

/// Decodes what can be decoded; a store is no place to complain about one member.
fn decode<'a>(ders: impl Iterator<Item = &'a [u8]>) -> Vec<Certificate> {
    ders.filter_map(|der| Certificate::from_der(der).ok()).collect()
}

/// Opens what is more than a file: a store of Windows, or a folder.
fn whole(name: &Path, password: &StorePassword) -> Result<Option<Box<dyn Store>>, Failure> {
    if text_of(name).is_some() {
        return Ok(None);
    }
    let address = Address::parse(name.as_os_str()).map_err(unopened)?;
    let is_whole = match &address {
        Address::Windows { .. } => true,
        Address::Path { path, .. } => path.is_dir(),
        Address::System | Address::Mozilla => false,
    };
    let open = || store::open(&address, password.bytes(), Presence::Needed).map_err(unopened);
    if is_whole { open().map(Some) } else { Ok(None) }
}

/// What a store gives: its trusted certificates, and those that only complete chains. Nothing of what it has rejected.
fn on_lists(
    name: &Path,
    trust: Trust,
    store: &dyn Store,
    mut taker: Option<&mut dyn Taker>,
) -> Result<Vec<Supply>, Failure> {
    crate::command::trust::note_unfinished(store);
    let members = store.members().map_err(unopened)?;
    let supply = |list: List, trust| {
        let on_list = members.iter().filter(|member| member.place.list == list);
        let certificates = on_list.filter_map(Member::certificate).cloned().collect();
        Supply { origin: Origin::Given(name.display().to_string()), trust, certificates }
    };
    let supplies = vec![supply(List::Trusted, trust), supply(List::Issuer, Trust::Candidates)];
    let mut told = 0;
    for member in members.iter().filter(|member| [List::Trusted, List::Issuer].contains(&member.place.list)) {
        let file = member.place.path.as_deref().unwrap_or(name);
        match (&member.content, lent(&mut taker)) {
            (Content::RevocationList(list), Some(taker)) => {
                told += 1;
                taker.take(list.der(), &file.display().to_string());
            }
            (Content::DamagedList(list), Some(taker)) => {
                told += 1;
                revocation::take_damaged(list, file, taker);
            }
            (Content::Undecodable(_) | Content::Unread(_), Some(taker))
                if pki::is_for_lists(file, without_prefix(name)) =>
            {
                told += 1;
                revocation::take_lost(file, &member.content.loss().unwrap_or_default(), taker);
            }
            (lost, _) => {
                if let Some(why) = lost.loss() {
                    let name = Printable(name.to_string_lossy());
                    output::note(&format!("certkit: note: {name}: {}: {why}", member.place));
                }
            }
        }
    }
    let is_empty = supplies.iter().all(|supply| supply.certificates.is_empty());
    if is_empty && (trust == Trust::Anchors || told == 0) {
        return Err(nothing_trusted(name));
    }
    Ok(supplies)
}

/// The certificates of a store that is no file: of Windows, of the system, of Mozilla. `None` for any other name.
pub(super) fn beyond_files(path: &Path) -> Result<Option<Vec<Vec<u8>>>, Failure> {
    let address = Address::parse(path.as_os_str()).map_err(unopened)?;
    if matches!(address, Address::Path { .. }) {
        return Ok(None);
    }
    let store = store::open(&address, None, Presence::Needed).map_err(unopened)?;
    crate::command::trust::note_unfinished(&*store);
    let members = store.members().map_err(unopened)?;
    Ok(Some(members.iter().filter_map(Member::certificate).map(|it| it.der().to_vec()).collect()))
}

fn unopened(error: StoreError) -> Failure {
    Failure::new(error.to_string()).because(error)
}

fn nothing_trusted(name: &Path) -> Failure {
    let name = called(&name.to_string_lossy());
    Failure::new(format!("{name} holds no certificate that it trusts"))
        .at(name)
        .hint("--trust wants a file, folder or store (PKCS#12, JKS) of certificates, `system` or `mozilla`")
}

fn read(name: &Path, trust: Trust, password: &StorePassword, taker: Option<&mut dyn Taker>) -> Result<Supply, Failure> {
    let origin = match name.to_str() {
        Some("system") => Some(Origin::System),
        Some("mozilla") => Some(Origin::Mozilla),
        _ => None,
    };
    if let Some(origin) = origin {
        return builtin(origin).map_err(|(_, error)| Failure::new("the system's roots cannot be read").because(error));
    }
    let shown = called(&name.to_string_lossy());
    let contents = match text_of(name) {
        Some(text) => container::read(text.as_bytes())
            .map_err(|error| Failure::new(format!("{shown} cannot be read")).because(error))?,
        None if name == Path::new("-") && trust == Trust::Candidates => {
            let stream = file::read_stream_with(io::stdin().lock(), Path::new("standard input"), password.bytes());
            stream.map_err(|error| password.unreadable(error))?
        }
        None => password.open(&shown, |password| open(without_prefix(name), trust, password))?,
    };
    if let Some(integrity @ (Integrity::NotChecked | Integrity::UnknownMac { .. })) = contents.integrity() {
        output::note(&format!("certkit: note: {shown}: {integrity}"));
    }
    for skipped in contents.skipped.iter().filter(|skipped| !skipped.is_harmless()) {
        output::note(&format!("certkit: note: {shown}: {skipped}"));
    }
    let lists = taker.map_or(0, |taker| revocation::take_lists(&contents, &shown, taker));
    for item in contents.certificates().filter(|item| trust == Trust::Anchors && item.rejected.is_some()) {
        let why = item.rejected.as_deref().unwrap_or_default();
        output::note(&format!("certkit: note: {shown}: {}: {why}: it is no anchor (OpenSSL: error 28)", item.position));
    }
    let given = given(&contents, trust);
    if given.is_empty() && (trust == Trust::Anchors || lists == 0) {
        return Err(nothing_trusted(name));
    }
    let mut certificates = Vec::with_capacity(given.len());
    for item in given {
        // What cannot be decoded completes nothing and ends nothing; that is no reason to refuse the others.
        match Certificate::from_der(&item.der) {
            Ok(certificate) => certificates.push(certificate),
            Err(error) => output::note(&format!("certkit: note: {shown}: {}: {error}", item.position)),
        }
    }
    Ok(Supply { origin: Origin::Given(name.display().to_string()), trust, certificates })
}

/// Reads a file. Anchors come from a store only where its integrity is proven; for candidates, which prove themselves
/// by a signature, one password need not fit all stores.
fn open(path: &Path, trust: Trust, password: Option<&[u8]>) -> Result<Contents, FileError> {
    if trust == Trust::Anchors {
        return file::read_anchors(path, password);
    }
    let is_wrong = |error: &FileError| matches!(error, FileError::Content { source: ContainerError::Store { problem, .. }, .. } if *problem == StoreProblem::WrongPassword);
    match file::read_file_with(path, password) {
        Err(error) if password.is_some() && is_wrong(&error) => match file::read_file(path) {
            Ok(contents) if contents.certificates().next().is_some() => Ok(contents),
            _ => Err(error),
        },
        read => read,
    }
}

/// The certificates that a file gives: of a Java store, as anchors, only those that it trusts.
///
/// A PKCS#12 store of other programs says of none that it is trusted; then all are.
fn given(contents: &Contents, trust: Trust) -> Vec<&Item> {
    let says = contents.certificates().any(|item| item.is_trusted)
        || contents.certificates().any(|item| matches!(item.encoding, Encoding::Jks | Encoding::Jceks));
    let is_given = |item: &&Item| trust != Trust::Anchors || (item.rejected.is_none() && (!says || item.is_trusted));
    contents.certificates().filter(is_given).collect()
}
