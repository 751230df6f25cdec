//! What the user names on the command line, read: inputs and stores.

mod asked;
mod failures;
mod gather;
mod identities;
mod identity;
mod known_keys;
mod machine;
mod one;
mod secret;
mod store_password;
mod unfinished;

pub(crate) use asked::Asked;
pub(crate) use failures::{bad_endpoint, bad_host, undiscovered, unreachable, unreadable};
pub(crate) use gather::{Gather, Pki, without_prefix};
pub(crate) use identities::{Identities, Shown};
pub(crate) use identity::{ClientArgs, OwnKeyArgs, client_identity, pin};
pub(crate) use known_keys::KnownKeysArgs;
pub(crate) use machine::names_of_this_machine;
pub(crate) use one::Input;
pub(crate) use secret::{
    InClear, IssuerPasswordArgs, KeyPasswordArgs, LogInArgs, NewPasswordArgs, Secret, as_text, log_in, named, open_key,
    proxy, require_strong,
};
pub(crate) use store_password::{
    HeldKeyPasswordArgs, Opened, OutputPasswordArgs, Protected, StorePassword, StorePasswordArgs, TrustPasswordArgs,
};
pub(crate) use unfinished::note_unfinished;

use std::path::{Path, PathBuf};

use certkit_core::cert::{Certificate, Malformed};
use certkit_core::check::Connection;
use certkit_core::container::{ContainerError, Contents, Der, Encoding, Item, ItemKind, Passwords, Position, Reason};
use certkit_core::opcua::validation::Suppressions;
use certkit_core::presented::{Endpoint, Scheme};
use certkit_core::source::file::{self, FileError, Outcome, PassedOver, Visited};
use certkit_core::source::{self, Capture, ClientCertificate, Connect, Discover, Discovery, Extent, Handshake};
use certkit_core::status::StatusCode;
use certkit_core::store::is_for_lists;
use certkit_core::text::{Printable, with_causes};

use crate::exit::Exit;
use crate::failure::Failure;
use crate::hosted::{self, Hosted, STANDARD_INPUT, is_standard};
use crate::output;

/// A certificate with its place; one that cannot be decoded is an error of its own.
pub(crate) type Decoded = (Position, Result<Certificate, Malformed>);

/// What was seen of an endpoint beside its certificates.
#[derive(Debug)]
pub(crate) enum Seen {
    /// A connection with TLS, and what the server wanted to know of us.
    Tls(Connection, Box<Asked>),
    /// What an OPC UA server told of itself.
    OpcUa(Box<Discovery>),
}

/// What was read, and what was passed over on the way.
#[derive(Debug, Default)]
pub(crate) struct Inputs {
    /// What holds something, in the order in which it was named.
    pub(crate) read: Vec<Input>,
    /// Files of folders that hold nothing for certkit.
    pub(crate) passed_over: Vec<PathBuf>,
    /// Files of folders that should hold something and could not be read.
    pub(crate) failed: Vec<FileError>,
    /// What was named and could not be read, where that does not fail the whole.
    pub(crate) unreached: Vec<(String, Failure)>,
}

impl Inputs {
    /// What was found and could not be used, each with its place and the reason.
    pub(crate) fn losses(&self) -> impl Iterator<Item = String> {
        let parts = self.read.iter().flat_map(Input::losses);
        parts.chain(self.failed.iter().map(|error| format!("not read: {}", with_causes(error))))
    }

    /// The names of the files that were passed over, the first few of many; nothing where there are none.
    pub(crate) fn passed_over(&self) -> Option<String> {
        const FEW: usize = 10;
        let count = self.passed_over.len();
        let names: Vec<String> =
            self.passed_over.iter().take(FEW).map(|it| Printable(it.display().to_string()).to_string()).collect();
        let more = count.saturating_sub(FEW);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        (count > 0).then(|| format!("{}{more}", names.join(", ")))
    }

    /// Says on standard error what was found and could not be used.
    pub(crate) fn tell_losses(&self) {
        self.losses().for_each(|loss| output::note(&format!("certkit: note: {loss}")));
    }

    /// Requires that what is to be trusted is known whole: every certificate could be taken out of its file, and where a
    /// store can prove that nobody has changed it, it has.
    pub(crate) fn require_whole(&self, password: &StorePassword) -> Result<(), Failure> {
        for input in &self.read {
            if let Some(source) = input.contents.unproven(password.bytes()) {
                let path = PathBuf::from(&input.name);
                return Err(password.unreadable(FileError::Content { path, source }));
            }
            if let Some(lost) = input.lost().find(|lost| lost.claims_certificate()) {
                return Err(Failure::new(format!("{}: {lost}", Printable(&input.name)))
                    .hint("get the file again from its source, or remove that part"));
            }
        }
        Ok(())
    }

    /// The exit status that losses alone call for: a warning where anything was lost.
    pub(crate) fn exit(&self) -> Exit {
        let is_whole = self.failed.is_empty() && self.read.iter().all(|input| input.lost().next().is_none());
        if is_whole { Exit::Fine } else { Exit::Warnings }
    }
}

/// The PEM text that stands in the place of a name.
pub(crate) fn text_of(name: &Path) -> Option<&str> {
    name.to_str().filter(|text| text.contains("-----BEGIN "))
}

/// What something is called, for a sentence; PEM text has no name.
pub(crate) fn called(name: &str) -> String {
    if text_of(Path::new(name)).is_some() { "the PEM text".to_owned() } else { Printable(name).to_string() }
}

/// What becomes of a file that holds nothing but certificates that cannot be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Undecodable {
    /// It cannot be read.
    Refused,
    /// They are to be judged.
    Judged,
}

impl Undecodable {
    fn of(self, path: &Path, read: Result<Contents, FileError>) -> Result<Contents, FileError> {
        match self {
            Undecodable::Refused => read,
            Undecodable::Judged => {
                read.or_else(FileError::into_undecodable).and_then(|contents| unlocked(path, contents))
            }
        }
    }
}

/// What a password hides is not judged: nobody can say that it cannot be decoded.
fn unlocked(path: &Path, contents: Contents) -> Result<Contents, FileError> {
    let lost = contents.lost_before_first().filter(|_| contents.certificates().next().is_none());
    match lost.map(|lost| &lost.why) {
        Some(Reason::Store { store, problem }) if problem.is_about_password() => {
            let source = ContainerError::Store { store: *store, problem: problem.clone() };
            Err(FileError::Content { path: path.to_owned(), source })
        }
        _ => Ok(contents),
    }
}

/// Reads every input that was named. One that cannot be read fails the whole.
pub(crate) fn read(named: &[PathBuf], password: &StorePassword) -> Result<Inputs, Failure> {
    read_all(named, password, Undecodable::Refused)
}

/// The same where a certificate that cannot be decoded is judged, too.
pub(crate) fn read_to_judge(named: &[PathBuf], password: &StorePassword) -> Result<Inputs, Failure> {
    read_all(named, password, Undecodable::Judged)
}

fn read_all(named: &[PathBuf], password: &StorePassword, undecodable: Undecodable) -> Result<Inputs, Failure> {
    let mut inputs = Inputs::default();
    for (path, first) in named.iter().zip(read_files(named, password)) {
        read_one(path, first, password, &Identities::default(), undecodable, &mut inputs)?;
    }
    Ok(inputs)
}

/// Reads every input that was named, and keeps the reason beside the name of one that cannot be read. Servers that ask
/// for a certificate are shown one's own.
pub(crate) fn read_each(named: &[PathBuf], password: &StorePassword, own: &Identities) -> Inputs {
    let mut inputs = Inputs::default();
    for (path, first) in named.iter().zip(read_files(named, password)) {
        if let Err(failure) = read_one(path, first, password, own, Undecodable::Judged, &mut inputs) {
            inputs.unreached.push((path.display().to_string(), failure));
        }
    }
    inputs
}

/// Reads those that are regular files, on all processors; `None` for every other one.
fn read_files(named: &[PathBuf], password: &StorePassword) -> Vec<Option<Result<Contents, FileError>>> {
    let run = hosted::current();
    let run = run.as_deref();
    let is_file = |path: &Path| {
        let bare = without_prefix(path);
        !is_standard(bare) && !gather::is_beyond_files(path) && bare.is_file()
    };
    let is_read = |path: &Path| match run {
        Some(run) if run.has(path) => run.file(path).is_some(),
        _ => is_file(path),
    };
    let read = |path: &Path| hosted::read_file_with(run, named_file(run, path), password.all());
    let done = hosted::across_cores(named, |path| is_read(path).then(|| read(path)));
    // Each of them says then that nobody wants it.
    done.unwrap_or_else(|_| named.iter().map(|_| None).collect())
}

/// Reads what was named; a regular file has been read already.
fn read_one(
    path: &Path,
    first: Option<Result<Contents, FileError>>,
    password: &StorePassword,
    own: &Identities,
    undecodable: Undecodable,
    inputs: &mut Inputs,
) -> Result<(), Failure> {
    hosted::require_wanted()?;
    if let Some(first) = first {
        let run = hosted::current();
        let path = named_file(run.as_deref(), path);
        let name = path.display().to_string();
        let read =
            |passwords: Passwords<'_>| undecodable.of(path, hosted::read_file_with(run.as_deref(), path, passwords));
        let contents = password.open_read(&name, undecodable.of(path, first), read)?;
        inputs.read.push(Input::new(name, contents, None));
        return Ok(());
    }
    if let Some(run) = hosted::current()
        && let Some(below) = run.folder(path)
    {
        let visited = hosted::across_cores(&below, |path| Some(run.visit(path, password.all())))?;
        return add_visited(path, visited, undecodable, inputs);
    }
    if is_standard(without_prefix(path)) {
        let read = hosted::read_file_with(None, Path::new("-"), password.all());
        let contents = undecodable.of(Path::new(STANDARD_INPUT), read);
        let contents = contents.map_err(|error| password.unreadable(error))?;
        inputs.read.push(Input::new(STANDARD_INPUT, contents, None));
        return Ok(());
    }
    if let Some(text) = path.to_str().filter(|text| Endpoint::resembles(text) && !path.exists()) {
        let endpoint: Endpoint = text.parse().map_err(|error| bad_endpoint(text, error))?;
        inputs.read.push(present(endpoint, text, own)?);
        return Ok(());
    }
    if let Some(certificates) = gather::beyond_files(path)? {
        inputs.read.push(Input::new(path.display().to_string(), loose(certificates), None));
        return Ok(());
    }
    let path = without_prefix(path);
    if path.is_dir() {
        return read_folder(path, password, undecodable, inputs);
    }
    let name = path.display().to_string();
    let contents = password.open(&name, |password| undecodable.of(path, file::read_file_with(path, password)))?;
    inputs.read.push(Input::new(name, contents, None));
    Ok(())
}

/// The file that is meant by a name.
fn named_file<'a>(run: Option<&Hosted>, path: &'a Path) -> &'a Path {
    if run.is_some_and(|run| run.has(path)) { path } else { without_prefix(path) }
}

fn read_folder(
    path: &Path,
    password: &StorePassword,
    undecodable: Undecodable,
    inputs: &mut Inputs,
) -> Result<(), Failure> {
    let steps: Vec<Result<PathBuf, Box<Visited>>> = file::walk(path).map_err(unreadable)?.collect();
    let visit = |path: &PathBuf| file::visit_with(path.clone(), password.all());
    let visited = hosted::across_cores(&steps, |step| step.as_ref().ok().map(visit))?;
    let visited = steps.into_iter().zip(visited).map(|(step, visited)| visited.or(step.err().map(|it| *it)));
    add_visited(path, visited, undecodable, inputs)
}

/// Adds what was found in a folder.
fn add_visited(
    path: &Path,
    visited: impl IntoIterator<Item = Option<Visited>>,
    undecodable: Undecodable,
    inputs: &mut Inputs,
) -> Result<(), Failure> {
    let before = inputs.read.len();
    for visited in visited.into_iter().flatten() {
        match visited.outcome {
            Outcome::Read(contents) => {
                inputs.read.push(Input::new(visited.path.display().to_string(), contents, None));
            }
            // What was to be a list may revoke anybody.
            Outcome::PassedOver(PassedOver::Content(source)) if is_for_lists(&visited.path) => {
                inputs.failed.push(FileError::Content { path: visited.path, source });
            }
            Outcome::PassedOver(_) => inputs.passed_over.push(visited.path),
            Outcome::Failed(error) => match undecodable.of(&visited.path, Err(error)) {
                Ok(contents) => inputs.read.push(Input::new(visited.path.display().to_string(), contents, None)),
                Err(error) => inputs.failed.push(error),
            },
        }
    }
    if inputs.read.len() == before {
        return Err(Failure::new(format!("{}: no file in this folder holds a certificate", path.display())).at(path.display()).hint(
            "certkit reads PEM, DER, base64, PKCS#7, PKCS#12 and JKS; name a single file to see why it cannot be read",
        ));
    }
    Ok(())
}

/// Certificates that were in no container.
fn loose(certificates: Vec<Vec<u8>>) -> Contents {
    let items = certificates.into_iter().enumerate().map(|(at, der)| Item {
        kind: ItemKind::Certificate,
        der: Der::Open(der),
        encoding: Encoding::Der,
        position: Position { block: at + 1, member: None, line: None, offset: 0 },
        alias: None,
        is_trusted: false,
        rejected: None,
    });
    Contents { items: items.collect(), ..Contents::default() }
}

/// Asks an endpoint for its chain, or an OPC UA server for all of its certificates.
fn present(endpoint: Endpoint, name: &str, own: &Identities) -> Result<Input, Failure> {
    if endpoint.scheme == Scheme::OpcTcp {
        let discovery = source::discover_blocking(&endpoint, &Discover::default()).map_err(undiscovered)?;
        return Ok(Input::of_discovery(endpoint, name, discovery));
    }
    let (capture, shown) = own.capture(|client_identity| {
        let connect = Connect { extent: Extent::Certificates, client_identity, ..Connect::default() };
        source::capture_blocking(&endpoint, &connect).map_err(unreachable)
    })?;
    Ok(Input::of_capture(endpoint, name, capture, &shown))
}

/// Every certificate that a server shows, each once, whatever follows it in its field.
pub(crate) fn offered(discovery: &Discovery) -> Vec<Vec<u8>> {
    let mut all: Vec<Vec<u8>> = Vec::new();
    for field in discovery.certificates() {
        for der in field.chain().unwrap_or_else(|error| error.certificates) {
            if !all.contains(&der) {
                all.push(der);
            }
        }
    }
    all
}

/// Reads all certificates of a file of which one is to be acted upon: where one is damaged, none of the others is meant.
pub(crate) fn certificates(path: &Path) -> Result<(Contents, Vec<Certificate>), Failure> {
    let contents = hosted::read_file_with(hosted::current().as_deref(), path, Passwords::NONE).map_err(unreadable)?;
    if let Some(lost) = contents.skipped.iter().find(|lost| lost.claims_certificate()) {
        return Err(Failure::new(format!("{}: {lost}", Printable(path.display().to_string()))));
    }
    let decoded: Result<Vec<Certificate>, _> =
        contents.certificates().map(|item| Certificate::from_der(&item.der)).collect();
    let decoded = decoded
        .map_err(|error| Failure::new(format!("{}: a certificate cannot be decoded", path.display())).because(error))?;
    Ok((contents, decoded))
}

/// Reads what an administrator of OPC UA has switched off.
pub(crate) fn suppressions(codes: &[StatusCode]) -> Result<Suppressions, Failure> {
    Suppressions::of(codes).map_err(|error| {
        Failure::new(error.to_string())
            .hint("`certkit explain CODE` says of each whether an administrator may suppress it")
    })
}

/// What of a capture is judged beside the certificates, and of what the server was shown.
pub(crate) fn connection(capture: &Capture, shown: &Shown) -> Connection {
    let own = shown.own.as_ref();
    Connection {
        version: capture.negotiated.map(|it| it.version),
        is_obsolete: matches!(capture.handshake, Handshake::Clear(_)),
        possession: capture.possession,
        refusal: match capture.client_certificate {
            ClientCertificate::Refused { alert, .. } => Some(alert),
            _ => None,
        },
        refused: if shown.tried.len() > 1 { shown.tried.clone() } else { Vec::new() },
        is_client_unlisted: own.and_then(|own| asked::is_listed(&capture.client_certificate, own)) == Some(false),
    }
}

/// The scheme that decides on a profile: the AlwaysOn path makes any web address ThingWorx.
pub(crate) fn scheme(endpoint: &Endpoint) -> &'static str {
    if endpoint.is_thingworx() { "thingworx" } else { endpoint.scheme.as_str() }
}
