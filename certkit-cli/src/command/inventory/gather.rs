//! Reads the sources: what stands in files and stores, and what servers show.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use certkit_core::container::{Contents, ItemKind, Passwords};
use certkit_core::context::Context;
use certkit_core::presented::{Endpoint, Scheme};
use certkit_core::source::file::{self, Outcome};
use certkit_core::source::{self, Capture, Connect, Discover, Extent, Negotiated};
use certkit_core::store::{self, Content, Member, Presence, roots};
use certkit_core::text::with_causes;
use certkit_expiry::Source;
use zeroize::Zeroizing;

use crate::command::expiry::{Reach, Watch, is_trusted};
use crate::failure::Failure;
use crate::hosted;
use crate::input::{self, StorePassword};

/// What one source holds, and what of it could not be looked at.
pub(super) struct Looked {
    pub(super) source: Arc<Source>,
    pub(super) seen: Vec<Seen>,
    pub(super) unseen: Vec<(String, String)>,
}

/// Something that was seen, and where in its source.
pub(super) struct Seen {
    /// The path below a folder; empty where the source is the place.
    pub(super) place: String,
    /// Its number in its place, counted from 1.
    pub(super) position: usize,
    pub(super) what: What,
}

/// What was seen.
pub(super) enum What {
    Certificate(Vec<u8>),
    /// A public key that stands alone, or that of a request.
    PublicKey(Vec<u8>),
    PrivateKey {
        der: Zeroizing<Vec<u8>>,
        facts: Box<certkit_core::container::KeyFacts>,
    },
    Connection(Negotiated),
}

/// How endpoints are asked.
#[derive(Clone, Copy)]
pub(super) struct Pace<'a> {
    pub(super) jobs: usize,
    pub(super) timeout: Duration,
    /// Whom a client certificate is shown to.
    pub(super) trusted: &'a (dyn Fn() -> &'a Context + Sync),
}

/// Looks at all of them, several at the same time; gives them in their order.
pub(super) fn look(watches: &[Watch], password: &StorePassword, pace: Pace<'_>) -> Vec<Looked> {
    let next = AtomicUsize::new(0);
    let done: Mutex<Vec<(usize, Looked)>> = Mutex::new(Vec::with_capacity(watches.len()));
    std::thread::scope(|scope| {
        for _ in 0..pace.jobs.min(watches.len()) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(watch) = watches.get(at) else { break };
                    let looked = one(watch, password, pace);
                    done.lock().unwrap_or_else(PoisonError::into_inner).push((at, looked));
                }
            });
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, looked)| looked).collect()
}

fn one(watch: &Watch, password: &StorePassword, pace: Pace<'_>) -> Looked {
    let mut looked = Looked { source: Arc::clone(&watch.source), seen: Vec::new(), unseen: Vec::new() };
    let passwords = watch.access.password.as_ref().unwrap_or(password).all();
    let all = |ders: Vec<Vec<u8>>, looked: &mut Looked| {
        for (position, der) in (1..).zip(ders) {
            looked.add("", position, What::Certificate(der));
        }
    };
    match &watch.reach {
        Reach::Endpoint(endpoint) => match ask(endpoint, watch, pace) {
            Ok((ders, negotiated)) => {
                all(ders, &mut looked);
                looked.seen.extend(negotiated.map(|it| Seen {
                    place: String::new(),
                    position: 1,
                    what: What::Connection(it),
                }));
            }
            Err(failure) => looked.miss("", failure.in_one_line()),
        },
        Reach::Path(path) if path.is_dir() => folder(watch, path, passwords, &mut looked),
        Reach::Path(path) => match file::read_file_with(path, passwords) {
            Ok(contents) => looked.take("", contents),
            Err(error) => looked.miss("", with_causes(&error)),
        },
        Reach::Stdin => match hosted::read_file_with(None, Path::new("-"), passwords) {
            Ok(contents) => looked.take("", contents),
            Err(error) => looked.miss("", with_causes(&error)),
        },
        Reach::System => match roots::system() {
            Ok(found) => all(found.certificates, &mut looked),
            Err(error) => looked.miss("", with_causes(&error)),
        },
        Reach::Closed(why) => looked.miss("", why.to_string()),
        Reach::Mozilla => all(roots::mozilla().map(<[u8]>::to_vec).collect(), &mut looked),
        Reach::Store(address) => match store::open(address, passwords, Presence::Needed).and_then(|it| it.members()) {
            Ok(members) => {
                for (position, member) in (1..).zip(members) {
                    looked.take_member(position, member);
                }
            }
            Err(error) => looked.miss("", with_causes(&error)),
        },
    }
    looked
}

/// Asks a server for its certificates, and what it agrees on.
fn ask(endpoint: &Endpoint, watch: &Watch, pace: Pace<'_>) -> Result<(Vec<Vec<u8>>, Option<Negotiated>), Failure> {
    if endpoint.scheme == Scheme::OpcTcp {
        let how = Discover { timeout: pace.timeout, ..Discover::default() };
        let discovery = source::discover_blocking(endpoint, &how).map_err(input::undiscovered)?;
        return Ok((input::offered(&discovery), None));
    }
    let connect = Connect {
        timeout: pace.timeout,
        extent: Extent::Certificates,
        client_identity: watch.access.identity.clone(),
        server_name: watch.access.server_name.clone(),
        ..Connect::default()
    };
    let name = watch.access.server_name.as_ref();
    let approve = |capture: &Capture| is_trusted((pace.trusted)(), endpoint, name, capture);
    let capture = source::capture_approved_blocking(endpoint, &connect, approve).map_err(input::unreachable)?;
    Ok((capture.presented, capture.negotiated))
}

fn folder(watch: &Watch, root: &Path, passwords: Passwords<'_>, looked: &mut Looked) {
    let below = |path: &Path| {
        let below = path.strip_prefix(root).unwrap_or(path).to_string_lossy().into_owned();
        if cfg!(windows) { below.replace('\\', "/") } else { below }
    };
    let walk = match file::walk(root) {
        Ok(walk) => walk,
        Err(error) => return looked.miss("", with_causes(&error)),
    };
    let mut steps: Vec<Result<PathBuf, _>> = walk.collect();
    if steps.is_empty() {
        looked.miss("", "the folder is empty: is it mounted?".to_owned());
    }
    let path_of = |step: &Result<PathBuf, Box<file::Visited>>| match step {
        Ok(path) => path.clone(),
        Err(visited) => visited.path.clone(),
    };
    steps.sort_by_key(path_of);
    for step in steps {
        let visited = match step {
            Ok(path) if watch.exclude.is_match(below(&path)) => continue,
            Ok(path) => file::visit_with(path, passwords),
            Err(visited) => *visited,
        };
        let place = below(&visited.path);
        match visited.outcome {
            Outcome::Read(contents) => looked.take(&place, contents),
            Outcome::PassedOver(_) => {}
            Outcome::Failed(error) => looked.miss(&place, with_causes(&error)),
        }
    }
}

impl Looked {
    fn add(&mut self, place: &str, position: usize, what: What) {
        self.seen.push(Seen { place: place.to_owned(), position, what });
    }

    fn miss(&mut self, place: &str, reason: String) {
        self.unseen.push((place.to_owned(), reason));
    }

    /// Takes what a store has; what of it cannot be read is told.
    fn take_member(&mut self, position: usize, member: Member) {
        match member.content {
            Content::Certificate(certificate) => {
                self.add("", position, What::Certificate(certificate.der().to_vec()));
            }
            Content::RevocationList(_) | Content::PrivateKey | Content::SecretKey => {}
            lost => self.miss("", format!("number {position}: {}", lost.loss().unwrap_or_default())),
        }
    }

    /// Takes what stands in a file.
    fn take(&mut self, place: &str, contents: Contents) {
        for skipped in contents.skipped.iter().filter(|it| !it.is_harmless()) {
            self.miss(place, skipped.to_string());
        }
        for (position, item) in (1..).zip(contents.items) {
            let what = match item.kind {
                ItemKind::Certificate => What::Certificate(item.der.to_vec()),
                ItemKind::PublicKey => What::PublicKey(item.der.to_vec()),
                ItemKind::Request => match certkit_core::cert::Request::from_der(&item.der) {
                    Ok(request) => What::PublicKey(request.spki().to_vec()),
                    Err(error) => {
                        self.miss(place, error.to_string());
                        continue;
                    }
                },
                ItemKind::PrivateKey(facts) => What::PrivateKey { der: Zeroizing::new(item.der.to_vec()), facts },
                ItemKind::RevocationList | ItemKind::OcspResponse => continue,
            };
            self.add(place, position, what);
        }
    }
}
