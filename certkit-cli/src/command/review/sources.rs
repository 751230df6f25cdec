//! Reads what is reviewed: each source by itself, so that a dead one hides no other.

use std::io::Read;
use std::path::{Path, PathBuf};

use certkit_core::generate::key_file;
use certkit_core::moment::Moment;
use certkit_core::review::approval::Approval;
use certkit_core::review::configuration_api::{self, Credentials};
use certkit_core::review::facts::{SourceFacts, SourceKind};
use certkit_core::review::project_file;
use certkit_core::source::{Capture, Connect, Endpoint, Extent, file};

use super::Args;
use super::config::{Plant, SourceToml};
use crate::failure::Failure;
use crate::input::{self, Gather};

/// Reads all sources that are named; fails where none of them could be read.
pub(super) fn read(args: &Args, plant: &Plant, moment: Moment) -> Result<Vec<SourceFacts>, Failure> {
    let named = args.sources.iter().map(|at| (at.clone(), None, None));
    let planned = plant.sources.iter().map(|it| (it.at.clone(), Some(it), plant.base.as_deref()));
    let mut sources = Vec::new();
    for (at, settings, base) in named.chain(planned) {
        sources.push(one(args, &at, settings, base, moment)?);
    }
    if sources.is_empty() {
        return Err(Failure::new("there is nothing to review").hint(
            "name a project file, or the Configuration API: certkit review kepware+https://HOST:57512 --user NAME",
        ));
    }
    if sources.iter().all(SourceFacts::is_dead) {
        let mut failure = None;
        for source in &sources {
            let error = source.error.clone().unwrap_or_default();
            let message = format!("{}: {error}", source.name);
            let all = failure.take().unwrap_or_else(|| Failure::new(message.clone()).at(&source.name));
            failure = Some(source.hints.iter().fold(all, |it, hint| it.hint(hint.clone())));
        }
        if let Some(failure) = failure {
            return Err(failure);
        }
    }
    Ok(sources)
}

fn one(
    args: &Args,
    at: &str,
    settings: Option<&SourceToml>,
    base: Option<&Path>,
    moment: Moment,
) -> Result<SourceFacts, Failure> {
    if at == "-" {
        let mut source = SourceFacts::new("standard input", SourceKind::ProjectFile, moment);
        project_file::read(std::io::stdin().lock(), Path::new("project.json"), &mut source);
        return Ok(source);
    }
    if let Some((scheme, rest)) = at.split_once("://") {
        return match scheme {
            "kepware+https" => configuration_api(args, at, rest, settings, base, moment),
            "kepware+http" => Err(Failure::new("credentials are not sent over plain HTTP").at(at).hint(format!(
                "name the HTTPS port: kepware+https://{}",
                rest.split([':', '/']).next().unwrap_or(rest)
            ))),
            _ => Err(Failure::new(format!("{scheme}:// is no source of a review"))
                .at(at)
                .hint("sources are kepware+https://HOST:57512 and project files")),
        };
    }
    let path = base.map_or_else(|| PathBuf::from(at), |base| base.join(at));
    let mut source = SourceFacts::new(at, SourceKind::ProjectFile, moment);
    match file::open(&path) {
        Ok(file) => project_file::read(file.take(project_file::LIMIT), &path, &mut source),
        Err(error) => {
            source.error = Some(Failure::new("it cannot be read").because(error).in_one_line());
        }
    }
    Ok(source)
}

/// Asks a Configuration API.
fn configuration_api(
    args: &Args,
    at: &str,
    rest: &str,
    settings: Option<&SourceToml>,
    base: Option<&Path>,
    moment: Moment,
) -> Result<SourceFacts, Failure> {
    let text = format!("https://{}", rest.trim_end_matches('/'));
    let mut endpoint: Endpoint = text.parse().map_err(|error| input::bad_endpoint(at, error))?;
    if !rest.trim_end_matches('/').rsplit(']').next().is_some_and(|it| it.contains(':')) {
        endpoint.port = PORT;
    }
    let name = format!("kepware+https://{}", endpoint.host_port());
    let mut source = SourceFacts::new(name, SourceKind::ConfigurationApi, moment);
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
    let own = settings.map(|it| it.trust.as_slice()).unwrap_or_default();
    let trust = if own.is_empty() { &args.trust } else { own };
    let mut gather = Gather::new();
    gather.trust(trust, &args.trust_password.password()?)?;
    gather.defaults();
    let context = gather.context();
    let pins = settings.and_then(|it| it.pin.as_ref()).map_or(args.pin.as_slice(), std::slice::from_ref);
    let pins = pins.iter().map(|it| pin(it)).collect::<Result<Vec<_>, _>>()?;
    let approval = Approval { context: &context, pins: &pins, moment };
    let mut presented = None;
    let approve = |capture: &Capture| {
        let (seen, verdict) = approval.look(&endpoint, capture);
        presented = seen;
        verdict
    };
    let connect = Connect { timeout: args.timeout, extent: Extent::Certificates, ..Connect::default() };
    configuration_api::ask(&endpoint, connect, credentials, Box::new(approve), &mut source);
    source.presented = presented;
    Ok(source)
}

/// The port of the Configuration API's HTTPS.
const PORT: u16 = 57512;

/// Why a password that a server has accepted is weak.
fn weakness(password: &[u8]) -> Option<String> {
    if password.is_empty() {
        return Some("is empty".to_owned());
    }
    let text = std::str::from_utf8(password).ok()?;
    key_file::require_strong(text).err().map(|_| "has not 14 characters of four kinds".to_owned())
}

/// Reads a fingerprint: 64 hexadecimal digits, with or without colons.
fn pin(text: &str) -> Result<[u8; 32], Failure> {
    let digits: Vec<u8> = text.bytes().filter(|it| *it != b':').collect();
    let octet = |pair: &[u8]| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
    let octets: Option<Vec<u8>> = digits.chunks(2).map(octet).collect();
    octets.and_then(|it| <[u8; 32]>::try_from(it).ok()).ok_or_else(|| {
        Failure::new("--pin is no SHA-256: 64 hexadecimal digits are expected")
            .at(text)
            .hint("`certkit fetch https://HOST:57512` shows the fingerprint; compare it on the host before you pin it")
    })
}
