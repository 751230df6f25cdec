//! The one loader: what a run judges by is read here, once, and becomes its context.

use std::path::{Path, PathBuf};

use certkit_core::cert::{Certificate, OcspResponse};
use certkit_core::container::{self, ContainerError, Contents, Integrity, Passwords, StoreProblem};
use certkit_core::context::{CertificateSet, Context, Gathering, Origin, Taken, Trust};
use certkit_core::opcua::TrustLists;
use certkit_core::source::file::{self, FileError, Outcome, Visited};
use certkit_core::store::reader::Reader;
use certkit_core::store::roots;
use certkit_core::store::{self, Address, Group, List, Member, Presence, Store, StoreError};
use certkit_core::text::Printable;

use super::{StorePassword, called, text_of, unreadable};
use crate::failure::Failure;
use crate::hosted::{self, STANDARD_INPUT, is_standard};
use crate::output;

/// Prefixes that say what kind of store a path is; the content decides in any case.
const PREFIXES: [&str; 8] = ["pem:", "p12:", "pkcs12:", "jks:", "jceks:", "folder:", "hashed:", "opcua:"];

/// Takes the prefix off a path, unless there is a file of that whole name.
pub(crate) fn without_prefix(path: &Path) -> &Path {
    let bare = path.to_str().and_then(|text| PREFIXES.iter().find_map(|prefix| text.strip_prefix(prefix)));
    bare.filter(|_| !path.exists()).map_or(path, Path::new)
}

/// What is read of all that was named to judge by.
#[derive(Debug, Default)]
pub(crate) struct Gather {
    gathering: Gathering,
    is_trust_named: bool,
    /// Whether Java goes by it.
    is_for_java: bool,
}

/// The PKI folder of an OPC UA application: where its lists are, and its own certificates.
#[derive(Debug)]
pub(crate) struct Pki {
    /// The whole, as the user named it.
    pub(crate) root: PathBuf,
    /// Where trusted certificates stand.
    pub(crate) trusted: PathBuf,
    /// Where CAs stand that only complete chains.
    pub(crate) issuers: PathBuf,
    /// Files with the application's own certificates, each with what stands in the file beside it.
    own: Vec<(PathBuf, Vec<Certificate>)>,
}

impl Gather {
    /// Nothing yet.
    pub(crate) fn new() -> Gather {
        Gather::default()
    }

    /// The same, with a word about stores in which Java sees nothing.
    pub(crate) fn for_java(self, is_for_java: bool) -> Gather {
        Gather { is_for_java, ..self }
    }

    /// Reads whom to trust: stores, each with what lies in it beside and tells of revocation.
    ///
    /// Who names his anchors means these: what is known besides may complete a chain, but is not what was asked for.
    pub(crate) fn trust(&mut self, named: &[impl AsRef<Path>], password: &StorePassword) -> Result<(), Failure> {
        if !named.is_empty() {
            self.is_trust_named = true;
            self.gathering.trust_is_named();
        }
        named.iter().try_for_each(|name| self.store(name.as_ref(), Trust::Anchors, password))
    }

    /// Reads what only completes chains.
    pub(crate) fn untrusted(&mut self, named: &[impl AsRef<Path>], password: &StorePassword) -> Result<(), Failure> {
        named.iter().try_for_each(|name| self.store(name.as_ref(), Trust::Candidates, password))
    }

    /// Adds the roots of the system and of Mozilla, which are looked at unasked. A system without roots is no reason to
    /// fail.
    pub(crate) fn defaults(&mut self) {
        let trust = if self.is_trust_named { Trust::Candidates } else { Trust::Anchors };
        for origin in [Origin::System, Origin::Mozilla] {
            if self.gathering.certificate_sets().iter().all(|certificate_set| certificate_set.origin != origin) {
                let certificates = builtin(&origin).unwrap_or_default();
                self.gathering.add(CertificateSet { origin, trust, certificates });
            }
        }
    }

    /// Adds certificates that were read already.
    pub(crate) fn add(&mut self, certificate_set: CertificateSet) {
        self.gathering.add(certificate_set);
    }

    /// Takes what a file that is judged tells beside its certificates: of revocation, and whom nobody should trust.
    pub(crate) fn beside(&mut self, contents: &Contents, name: &str) {
        self.gathering.take_beside(contents, &Printable(name).to_string());
    }

    /// The same of a file or of all files of a folder, whose certificates may complete the chains of all others, too; what
    /// cannot be read tells nothing, and is told by who judges it.
    pub(crate) fn judged_in(&mut self, path: &Path) {
        let folder = path.is_dir().then(|| file::read_folder(path).into_iter().flatten());
        let alone = (!path.is_dir()).then(|| file::visit(path.to_owned()));
        for Visited { path, outcome } in folder.into_iter().flatten().chain(alone) {
            if let Outcome::Read(contents) = outcome {
                let name = path.display().to_string();
                self.beside(&contents, &name);
                let certificates = contents.certificates().filter_map(|item| Certificate::from_der(&item.der).ok());
                let (origin, trust) = (Origin::Given(name), Trust::Candidates);
                self.add(CertificateSet { origin, trust, certificates: certificates.collect() });
            }
        }
    }

    /// Reads the files, folders and PEM texts that are to hold revocation lists. One without any fails the whole.
    pub(crate) fn lists(&mut self, named: &[impl AsRef<Path>], password: &StorePassword) -> Result<(), Failure> {
        for path in named.iter().map(AsRef::as_ref) {
            let name = called(&path.to_string_lossy());
            let count: usize = match text_of(path) {
                Some(text) => self.gathering.take_list_file(&read_text(text, &name)?, &name),
                None if path.is_dir() && !is_standard(path) => {
                    let visited = file::read_folder_with(path, password.all()).map_err(unreadable)?;
                    visited.map(|visited| self.gathering.take_list_visit(&visited)).sum()
                }
                None => {
                    let inputs = super::read(&[path.to_owned()], password)?;
                    inputs.read.iter().map(|input| self.gathering.take_list_file(&input.contents, &name)).sum()
                }
            };
            if count == 0 {
                return Err(Failure::new(format!("{}: no revocation list in the file", Printable(&name)))
                    .at(&name)
                    .hint(
                        "--crl needs revocation lists as PEM or DER; `certkit inspect FILE` shows what is in a file",
                    ));
            }
        }
        Ok(())
    }

    /// How many revocation lists there are so far.
    pub(crate) fn list_count(&self) -> usize {
        self.gathering.list_count()
    }

    /// Reads OCSP responses; unlike lists they have no PEM form.
    pub(crate) fn responses(&mut self, named: &[String]) -> Result<(), Failure> {
        for name in named {
            let failed = || Failure::new(format!("{}: not an OCSP response", called(name))).at(called(name));
            let der = hosted::read_bytes(Path::new(name)).map_err(|error| failed().because(error))?;
            self.gathering.add_response(OcspResponse::from_der(&der).map_err(|error| {
                failed().because(error).hint("--ocsp needs a response as DER: `openssl ocsp -respout FILE`")
            })?);
        }
        Ok(())
    }

    /// Reads the PKI folder of an OPC UA application, for one group of its partners: all of it, or what a stack reads.
    /// Never private keys.
    pub(crate) fn pki(&mut self, root: &Path, group: Group, reader: Option<&Reader>) -> Result<Pki, Failure> {
        if !root.is_dir() {
            return Err(Failure::new(format!("{} is not a folder", root.display())).at(root.display()).hint(
                "name the PKI folder of an OPC UA application: the one with trusted and issuers (or issuer) in it",
            ));
        }
        let (store, folders) = store::open_group(root, group).ok_or_else(|| {
            Failure::new(format!("{} is not a PKI folder: it has no `trusted` folder", root.display()))
                .at(root.display())
                .hint("expected trusted/certs, trusted/crl, issuer/certs (or issuers/certs) and issuer/crl")
        })?;
        let mut members = members(&*store)?;
        if let Some(reader) = reader {
            reader.leave(&mut members);
        }
        self.gathering.take_store(store.kind(), &members, root, Trust::Anchors);
        let mut own: Vec<(PathBuf, Vec<Certificate>)> = Vec::new();
        for member in members.iter().filter(|member| member.place.list == List::Own) {
            if let (Some(certificate), Some(path)) = (member.certificate(), &member.place.path) {
                match own.last_mut().filter(|(last, _)| last == path) {
                    Some((_, certificates)) => certificates.push(certificate.clone()),
                    None => own.push((path.clone(), vec![certificate.clone()])),
                }
            }
        }
        Ok(Pki { root: root.to_owned(), trusted: folders.trusted, issuers: folders.issuers, own })
    }

    /// The certificates that were read, each supply with where it is from.
    pub(crate) fn certificate_sets(&self) -> &[CertificateSet] {
        self.gathering.certificate_sets()
    }

    /// The context of the run; says what could not be read.
    pub(crate) fn context(self) -> Context {
        let context = self.gathering.context();
        context.unread.iter().for_each(|sentence| output::note(&format!("certkit: note: {sentence}")));
        context
    }

    /// The lists of an OPC UA application that goes by what was read.
    pub(crate) fn trust_lists(self) -> TrustLists {
        self.context().into_trust_lists()
    }

    /// The same, where what could not be read is told already.
    pub(crate) fn trust_lists_as_told(self) -> TrustLists {
        self.gathering.context().into_trust_lists()
    }

    fn store(&mut self, name: &Path, trust: Trust, password: &StorePassword) -> Result<(), Failure> {
        let taken = match whole(name, password)? {
            Some(store) => self.gathering.take_store(store.kind(), &members(&*store)?, name, trust),
            None => self.file(name, trust, password)?,
        };
        if taken.certificates == 0 && (trust == Trust::Anchors || taken.lists == 0) {
            let name = called(&name.to_string_lossy());
            return Err(Failure::new(format!("{name} holds no trusted certificate"))
                .at(name)
                .hint(
                    "--trust needs a file, folder or store (PKCS#12, JKS) of certificates, `system` or `mozilla`; the chains \
                     of a store's own private keys are not trusted: name the CA's file",
                ));
        }
        Ok(())
    }

    fn file(&mut self, name: &Path, trust: Trust, password: &StorePassword) -> Result<Taken, Failure> {
        let builtins = [("system", Origin::System), ("mozilla", Origin::Mozilla)];
        if let Some((_, origin)) = builtins.into_iter().find(|(word, _)| name == Path::new(word)) {
            let unreadable = |error| Failure::new("the system's roots cannot be read").because(error);
            let certificates = builtin(&origin).map_err(unreadable)?;
            let taken = Taken { certificates: certificates.len(), lists: 0 };
            self.gathering.add(CertificateSet { origin, trust, certificates });
            return Ok(taken);
        }
        let shown = called(&name.to_string_lossy());
        let contents = match text_of(name) {
            Some(text) => read_text(text, &shown)?,
            None if is_standard(without_prefix(name)) => {
                let path = Path::new(STANDARD_INPUT);
                let stream = hosted::read_file_with(None, Path::new("-"), password.all());
                let contents = stream.map_err(|error| password.unreadable(error))?;
                match contents.unproven(password.bytes()).filter(|_| trust == Trust::Anchors) {
                    Some(why) => return Err(unreadable(FileError::Content { path: path.to_owned(), source: why })),
                    None => contents,
                }
            }
            None => password.open(&shown, |password| open(without_prefix(name), trust, password))?,
        };
        if let Some(integrity @ (Integrity::NotChecked | Integrity::UnknownMac { .. })) = contents.integrity() {
            output::note(&format!("certkit: note: {shown}: {integrity}"));
        }
        if self.is_for_java && trust == Trust::Anchors && contents.is_unseen_by_java() {
            output::note(&format!(
                "certkit: note: {shown}: Java sees no certificate in it, since none has Java's trust attribute: rewrite it \
                 with `certkit convert FILE -o NEW.p12 --for tomcat`"
            ));
        }
        Ok(self.gathering.take_file(&contents, name, &shown, trust))
    }
}

impl Pki {
    /// Its own certificate: the file, the certificate, and what is sent along with it.
    pub(crate) fn own_certificate(&self) -> Result<(&Path, &Certificate, &[Certificate]), Failure> {
        let root = self.root.display();
        let none = || {
            Failure::new(format!("{root} holds no application certificate"))
                .at(self.root.display())
                .hint("put it in own/certs; or name the file of the certificate and the folder with --pki")
        };
        let (file, certificates) = self.own.first().ok_or_else(none)?;
        let (certificate, sent) = certificates.split_first().ok_or_else(none)?;
        if let Some((other, _)) = self.own.iter().find(|(_, others)| others.first() != Some(certificate)) {
            let (file, other) = (file.display(), other.display());
            return Err(Failure::new(format!("{root} holds several application certificates: {file} and {other}"))
                .hint("name one of the files, and the folder with --pki or --peer-pki"));
        }
        Ok((file, certificate, sent))
    }
}

/// Says whether a name is that of a store that is no file.
pub(super) fn is_beyond_files(path: &Path) -> bool {
    !matches!(Address::parse(path.as_os_str()), Ok(Address::Path { .. }))
}

/// The certificates of a store that is no file: of Windows, of the system, of Mozilla. `None` for any other name.
pub(super) fn beyond_files(path: &Path) -> Result<Option<Vec<Vec<u8>>>, Failure> {
    let address = Address::parse(path.as_os_str()).map_err(unopened)?;
    if matches!(address, Address::Path { .. }) {
        return Ok(None);
    }
    let members = members(&*store::open(&address, None, Presence::Needed).map_err(unopened)?)?;
    Ok(Some(members.iter().filter_map(Member::certificate).map(|it| it.der().to_vec()).collect()))
}

/// The roots of the system or of Mozilla; a store is no place to complain about one member.
fn builtin(origin: &Origin) -> Result<Vec<Certificate>, roots::RootsError> {
    let decode = |der: &[u8]| Certificate::from_der(der).ok();
    match origin {
        Origin::System => Ok(roots::system()?.certificates.iter().filter_map(|der| decode(der)).collect()),
        _ => Ok(roots::mozilla().filter_map(decode).collect()),
    }
}

/// Opens what is more than a file: a store of Windows, or a folder.
fn whole(name: &Path, password: &StorePassword) -> Result<Option<Box<dyn Store>>, Failure> {
    if text_of(name).is_some() || is_standard(without_prefix(name)) {
        return Ok(None);
    }
    let address = Address::parse(name.as_os_str()).map_err(unopened)?;
    let is_whole = match &address {
        Address::Windows { .. } => true,
        Address::Path { path, .. } => path.is_dir(),
        Address::System | Address::Mozilla => false,
    };
    let open = || store::open(&address, password.all(), Presence::Needed).map_err(unopened);
    if is_whole { open().map(Some) } else { Ok(None) }
}

/// What stands in a store; says where a change of it was interrupted.
fn members(store: &dyn Store) -> Result<Vec<Member>, Failure> {
    super::note_unfinished(store);
    store.members().map_err(unopened)
}

fn unopened(error: StoreError) -> Failure {
    Failure::new(error.to_string()).because(error)
}

/// Reads PEM text that stands in the place of a name.
fn read_text(text: &str, name: &str) -> Result<Contents, Failure> {
    container::read(text.as_bytes()).map_err(|error| Failure::new(format!("{name} cannot be read")).because(error))
}

/// Reads a file. Anchors come from a store only where its integrity is proven; for candidates, which prove themselves
/// by a signature, one password need not fit all stores.
fn open(path: &Path, trust: Trust, passwords: Passwords<'_>) -> Result<Contents, FileError> {
    if trust == Trust::Anchors {
        return file::read_anchors(path, passwords);
    }
    let is_wrong = |error: &FileError| matches!(error, FileError::Content { source: ContainerError::Store { problem, .. }, .. } if *problem == StoreProblem::WrongPassword);
    match file::read_file_with(path, passwords) {
        Err(error) if passwords.store.is_some() && is_wrong(&error) => match file::read_file(path) {
            Ok(contents) if contents.certificates().next().is_some() => Ok(contents),
            _ => Err(error),
        },
        read => read,
    }
}
