//! Reads what is reviewed: each source by itself, so that a dead one hides no other.

use std::io::Read;
use std::path::{Path, PathBuf};

use certkit_core::context::Context;
use certkit_core::generate::key_file;
use certkit_core::moment::Moment;
use certkit_core::presented::{Endpoint, Scheme};
use certkit_core::review::approval::Approval;
use certkit_core::review::configuration_api::{self, Credentials};
use certkit_core::review::facts::{Facts, SourceFacts, SourceKind};
use certkit_core::review::{data_dir, peers, project_file, wire};
use certkit_core::source::posture::{Ask, Part, kepware_blocking};
use certkit_core::source::{Connect, Extent};
use certkit_core::text::with_causes;
use zeroize::Zeroizing;

use super::Args;
use super::config::{Plant, SourceToml};
use super::names::tidy;
use crate::failure::Failure;
use crate::hosted;
use crate::input::{self, Gather};

/// The port of the Configuration API's HTTPS.
const API: u16 = 57512;

/// The most systems that are followed.
const FOLLOWED: usize = 100;

/// Reads all sources that are named; fails where none of them could be read.
pub(super) fn read(args: &Args, plant: &Plant, moment: Moment) -> Result<Vec<SourceFacts>, Failure> {
    let reader = Reader { args, moment };
    let named = args.sources.iter().map(|at| (at.clone(), None, None));
    let planned = plant.sources.iter().map(|it| (it.at.clone(), Some(it), plant.base.as_deref()));
    let (mut sources, mut refused) = (Vec::new(), Vec::new());
    for (at, settings, base) in named.chain(planned) {
        hosted::require_wanted()?;
        match reader.one(&at, settings, base) {
            Ok(found) => sources.extend(found),
            Err(failure) => {
                sources.push(unopened(&at, &failure, moment));
                refused.push(failure);
            }
        }
    }
    hosted::require_wanted()?;
    for folder in &args.data_dir {
        sources.extend(reader.folder(folder)?);
    }
    if sources.is_empty() {
        return Err(Failure::new("there is nothing to review").hint(
            "name a project file, the Configuration API (kepware+https://HOST:57512 --user NAME) or a folder (--data-dir DIR)",
        ));
    }
    if args.follow {
        sources = reader.follow(sources)?;
    }
    if sources.iter().all(SourceFacts::is_dead) {
        return Err(match (refused.pop(), sources.len()) {
            (Some(only), 1) => only,
            _ => failure(&sources),
        });
    }
    Ok(sources)
}

/// A source that could not even be asked.
fn unopened(at: &str, failure: &Failure, moment: Moment) -> SourceFacts {
    let kind = match at.split_once("://") {
        Some(("kepware+https", _)) => SourceKind::ConfigurationApi,
        Some(("thingworx", _)) => SourceKind::ThingWorx,
        Some(_) => SourceKind::Probes,
        None => SourceKind::ProjectFile,
    };
    let mut source = SourceFacts::new(tidy(at), kind, moment);
    source.error = Some(failure.in_one_line());
    source.hints.extend(failure.hints().iter().cloned());
    source
}

/// Says why nothing could be read: of the first source in the message, of the others in hints.
fn failure(sources: &[SourceFacts]) -> Failure {
    let mut told = sources.iter().map(|it| (it, format!("{}: {}", it.name, it.error.as_deref().unwrap_or_default())));
    let Some((first, message)) = told.next() else { return Failure::new("there is nothing to review") };
    let failure = first.hints.iter().fold(Failure::new(message).at(&first.name), |it, hint| it.hint(hint.clone()));
    told.fold(failure, |it, (_, message)| it.hint(message))
}

/// Reads sources, all in the same way.
struct Reader<'a> {
    args: &'a Args,
    moment: Moment,
}

impl Reader<'_> {
    fn one(&self, at: &str, settings: Option<&SourceToml>, base: Option<&Path>) -> Result<Vec<SourceFacts>, Failure> {
        if at == "-" {
            let mut source = SourceFacts::new("standard input", SourceKind::ProjectFile, self.moment);
            let stdin = hosted::open(Path::new(at)).map_err(input::unreadable)?;
            project_file::read(stdin.take(project_file::LIMIT), Path::new("project.json"), &mut source);
            return Ok(vec![source]);
        }
        let Some((scheme, rest)) = at.split_once("://") else {
            let path = base.map_or_else(|| PathBuf::from(at), |base| base.join(at));
            return Ok(vec![self.project(at, &path)]);
        };
        match scheme {
            "kepware+https" => self.configuration_api(at, rest, settings, base).map(|it| vec![it]),
            "kepware" => self.server(at, rest, settings),
            "thingworx" | "opc.tcp" => {
                let endpoint: Endpoint = at.parse().map_err(|error| input::bad_endpoint(at, error))?;
                let kind = if scheme == "thingworx" { SourceKind::ThingWorx } else { SourceKind::Probes };
                self.shown(at, kind, &endpoint, settings).map(|it| vec![it])
            }
            "kepware+http" => Err(Failure::new("credentials are not sent over plain HTTP")
                .at(at)
                .hint(format!("name the HTTPS port: kepware+https://{}", rest.split([':', '/']).next().unwrap_or(rest)))),
            _ => Err(Failure::new(format!("{scheme}:// is not a source of a review"))
                .at(at)
                .hint("sources are kepware+https://HOST:57512, kepware://HOST, thingworx://HOST, opc.tcp:// and project files")),
        }
    }

    fn project(&self, at: &str, path: &Path) -> SourceFacts {
        let mut source = SourceFacts::new(tidy(at), SourceKind::ProjectFile, self.moment);
        match hosted::open(path) {
            Ok(file) => project_file::read(file.take(project_file::LIMIT), path, &mut source),
            Err(error) => {
                source.error = Some(Failure::new("it cannot be read").because(error).in_one_line());
                if path.is_dir() {
                    source.hints.push(format!("a folder of the host is named with --data-dir {at}"));
                }
            }
        }
        source
    }

    /// Looks at a folder of this host; `default` stands for those that are there of the usual ones.
    fn folder(&self, folder: &Path) -> Result<Vec<SourceFacts>, Failure> {
        let usual = || data_dir::DEFAULTS.iter().map(PathBuf::from).filter(|it| it.is_dir());
        let folders: Vec<PathBuf> = if folder == Path::new("default") && !folder.is_dir() {
            usual().collect()
        } else {
            vec![folder.to_owned()]
        };
        if folders.is_empty() {
            return Err(Failure::new("no usual folder of Kepware on this machine")
                .at("--data-dir")
                .hint(format!("name the folder; the usual ones are {}", data_dir::DEFAULTS.join(", "))));
        }
        let look = |folder: &PathBuf| {
            let mut source = SourceFacts::new(tidy(&folder.display().to_string()), SourceKind::DataFolder, self.moment);
            data_dir::read(folder, &mut source);
            source
        };
        Ok(folders.iter().map(look).collect())
    }

    /// What is at hand for judging the certificates of a source.
    fn context(&self, settings: Option<&SourceToml>) -> Result<Context, Failure> {
        let own = settings.map(|it| it.trust.as_slice()).unwrap_or_default();
        let trust = if own.is_empty() { &self.args.trust } else { own };
        let mut gather = Gather::new();
        gather.trust(trust, &self.args.trust_password.password()?)?;
        gather.defaults();
        Ok(gather.context())
    }

    fn connect(&self) -> Connect {
        Connect { timeout: self.args.timeout, extent: Extent::Certificates, ..Connect::default() }
    }

    /// What a server shows without a log-in.
    fn shown(
        &self,
        name: &str,
        kind: SourceKind,
        endpoint: &Endpoint,
        settings: Option<&SourceToml>,
    ) -> Result<SourceFacts, Failure> {
        let context = self.context(settings)?;
        let approval = Approval { context: &context, pins: &[], moment: self.moment };
        let mut source = SourceFacts::new(tidy(name), kind, self.moment);
        match endpoint.scheme {
            Scheme::OpcTcp => wire::ua(endpoint, &self.connect(), &approval, &mut source),
            _ => wire::tls(endpoint, self.connect(), &approval, &mut source),
        }
        Ok(source)
    }

    /// What a Kepware server shows without a log-in, at every port where a part of it listens by custom and at the one of
    /// OPC UA that is named. That nothing listens at a usual port is told, and no failure.
    fn server(&self, at: &str, rest: &str, settings: Option<&SourceToml>) -> Result<Vec<SourceFacts>, Failure> {
        let rest = rest.trim_end_matches('/');
        let ua: Endpoint = format!("opc.tcp://{rest}").parse().map_err(|error| input::bad_endpoint(at, error))?;
        let named = names_port(rest).then_some(ua.port);
        let context = self.context(settings)?;
        let approval = Approval { context: &context, pins: &[], moment: self.moment };
        let ask = Ask { each: self.args.timeout, left_out: self.args.no_probe.clone(), ..Ask::default() };
        let ports = match kepware_blocking(&ua.host, named.as_slice(), &ask) {
            Ok(ports) => ports,
            Err(error) => {
                let mut source = SourceFacts::new(tidy(at), SourceKind::Probes, self.moment);
                source.error = Some(with_causes(&error));
                return Ok(vec![source]);
            }
        };
        let mut sources = Vec::new();
        let mut closed = SourceFacts::new(tidy(at), SourceKind::Probes, self.moment);
        for port in ports {
            hosted::require_wanted()?;
            let place = port.target.endpoint.host_port();
            let is_ua = port.part == Part::UaServer;
            let name = tidy(&format!("{} ({place})", at.trim_end_matches('/')));
            let mut source = SourceFacts::new(name, SourceKind::Probes, self.moment);
            if wire::port(port, &approval, &mut source) {
                sources.push(source);
            } else if is_ua && named == Some(place.port) {
                source.error = source.asked.last().map(|it| it.outcome.clone());
                sources.push(source);
            } else {
                closed.asked.append(&mut source.asked);
                closed.observations.append(&mut source.observations);
            }
        }
        if sources.is_empty() {
            closed.observations.clear();
            closed.error = Some("no port of Kepware answers".to_owned());
            closed.hints.push("kepware://HOST:PORT sets the port of the OPC UA server".to_owned());
            sources.push(closed);
        } else if let Some(first) = sources.iter_mut().find(|it| !it.is_dead()) {
            first.asked.append(&mut closed.asked);
            first.observations.append(&mut closed.observations);
        }
        Ok(sources)
    }

    /// Looks at the systems that the projects name, each once. What is not looked at is listed, too, with the reason.
    fn follow(&self, sources: Vec<SourceFacts>) -> Result<Vec<SourceFacts>, Failure> {
        let facts = Facts { sources, minimum: None, moment: self.moment };
        let mut known: Vec<String> = Vec::new();
        let mut looked_at = 0_usize;
        let mut followed = Vec::new();
        for peer in peers::of(&facts) {
            hosted::require_wanted()?;
            let place = peer.endpoint.as_ref().map_or_else(|| peer.at.clone(), |it| it.host_port().to_string());
            if known.contains(&place) {
                continue;
            }
            known.push(place);
            let why = match &peer.endpoint {
                Some(endpoint) if looked_at < FOLLOWED => {
                    looked_at = looked_at.saturating_add(1);
                    followed.push(self.shown(&endpoint.to_string(), SourceKind::Followed, endpoint, None)?);
                    continue;
                }
                Some(_) => "the projects name more systems than are followed at once",
                None if peer.is_clear() => "the project talks to it in clear, without a certificate",
                None => "its address has a form that certkit does not know",
            };
            let mut source = SourceFacts::new(peer.at, SourceKind::Followed, self.moment);
            source.note_asked(peer.kind.as_str(), why, false);
            followed.push(source);
        }
        Ok(facts.sources.into_iter().chain(followed).collect())
    }

    /// Asks a Configuration API.
    fn configuration_api(
        &self,
        at: &str,
        rest: &str,
        settings: Option<&SourceToml>,
        base: Option<&Path>,
    ) -> Result<SourceFacts, Failure> {
        let args = self.args;
        let text = format!("https://{}", rest.trim_end_matches('/'));
        let mut endpoint: Endpoint = text.parse().map_err(|error| input::bad_endpoint(at, error))?;
        if !names_port(rest) {
            endpoint.port = API;
        }
        let name = format!("kepware+https://{}", endpoint.host_port());
        let mut source = SourceFacts::new(tidy(&name), SourceKind::ConfigurationApi, self.moment);
        let from = |path: &PathBuf| base.map_or_else(|| path.clone(), |base| base.join(path));
        let user = settings.and_then(|it| it.user.clone()).or_else(|| args.user.clone());
        let credentials = match user {
            None => None,
            Some(user) => {
                let own = settings.map(|it| (it.password_file.as_ref().map(from), it.password_env.clone()));
                let password = match own {
                    Some((None, None)) | None => args.log_in.password(&user)?,
                    Some((file, variable)) => input::log_in(&user, file.as_deref(), variable.as_deref(), false)?,
                };
                let weakness = weakness(&password);
                Some(Credentials { user, password, weakness })
            }
        };
        let context = self.context(settings)?;
        let pins = settings.and_then(|it| it.pin.as_ref()).map_or(args.pin.as_slice(), std::slice::from_ref);
        let pins = pins.iter().map(|it| input::pin(it)).collect::<Result<Vec<_>, _>>()?;
        let approval = Approval { context: &context, pins: &pins, moment: self.moment };
        configuration_api::ask(&endpoint, self.connect(), credentials, &approval, &mut source);
        Ok(source)
    }
}

/// Says whether an authority names a port.
fn names_port(authority: &str) -> bool {
    authority.trim_end_matches('/').rsplit(']').next().is_some_and(|it| it.contains(':'))
}

/// Why a password that a server has accepted is weak.
fn weakness(password: &[u8]) -> Option<String> {
    if password.is_empty() {
        return Some("is empty".to_owned());
    }
    // Kepware reads ISO 8859-1, in which every octet is a character.
    let latin = || Zeroizing::new(password.iter().map(|it| char::from(*it)).collect::<String>());
    let text = std::str::from_utf8(password).map_or_else(|_| latin(), |it| Zeroizing::new(it.to_owned()));
    key_file::require_strong(&text).err().map(|_| "does not have 14 characters of four kinds".to_owned())
}
