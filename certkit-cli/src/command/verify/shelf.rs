//! What was named, read once: anchors, candidates and revocation lists, shared by all who name the same.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use certkit_core::cert::{Certificate, OcspResponse};
use certkit_core::container::{self, Contents, Item};
use certkit_core::context::Trust;
use certkit_core::online::Online;
use certkit_core::path::Pool;
use certkit_core::path::revocation::{Lists, Responses};
use certkit_core::source::{Endpoint, PrivateDownloads, file};
use certkit_core::text::{Address, Printable};

use super::online;
use super::opcua::Listed;
use super::options::Options;
use crate::failure::Failure;
use crate::input::{self, DefaultTrust, StorePassword};

/// Certificates and lists that several questions may share.
#[derive(Debug, Default)]
pub(super) struct Gathered {
    /// Anchors and candidates; signatures between them are remembered.
    pub(super) pool: Arc<Pool>,
    /// The revocation lists.
    pub(super) lists: Lists,
    /// The OCSP responses.
    pub(super) responses: Responses,
    /// Whether anything that tells of revocation was given, be it one that cannot be decoded.
    pub(super) tells_revocation: bool,
    /// Where each certificate was found.
    pub(super) origins: Vec<(Certificate, String)>,
}

/// What a question names: stores, files, lists, responses.
type Key = [Vec<String>; 4];

/// How many sets are kept at most.
const SETS: usize = 256;

/// What was read, by what was named.
#[derive(Debug)]
pub(super) struct Shelf {
    password: StorePassword,
    trusting: StorePassword,
    sets: Mutex<HashMap<Key, Arc<Gathered>>>,
    /// Who asks the network, where that is wanted.
    pub(super) online: Online,
    /// The lists of OPC UA applications.
    pub(super) listed: Listed,
}

impl Shelf {
    /// Makes an empty one; the first password is that of inputs, the second that of trust stores.
    pub(super) fn new(password: StorePassword, trusting: StorePassword, private: PrivateDownloads) -> Shelf {
        Shelf { password, trusting, sets: Mutex::default(), online: online::asker(private), listed: Listed::default() }
    }

    /// Reads what a question names, unless another one has named the same.
    pub(super) fn gather(&self, options: &Options) -> Result<Arc<Gathered>, Failure> {
        let key = [options.trust.clone(), options.untrusted.clone(), options.crl.clone(), options.ocsp.clone()];
        if let Some(known) = self.sets.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        let read = Arc::new(self.read(options)?);
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        if sets.len() >= SETS {
            sets.clear();
        }
        sets.insert(key, Arc::clone(&read));
        Ok(read)
    }

    fn read(&self, options: &Options) -> Result<Gathered, Failure> {
        let mut gathered = Gathered::default();
        let mut pool = Pool::new();
        for name in &options.trust {
            for certificate in self.anchors(name, &mut gathered)? {
                gathered.origins.push((certificate.clone(), format!("trusted: {}", called(name))));
                pool.add_anchor(certificate);
            }
        }
        for name in &options.untrusted {
            let contents = self.contents(name)?;
            for certificate in decoded(&contents) {
                gathered.origins.push((certificate.clone(), format!("found in {}", called(name))));
                pool.add(certificate);
            }
            gathered.take_lists(&contents, name);
        }
        for name in &options.crl {
            self.take_named(name, &mut gathered.lists)?;
            gathered.tells_revocation = true;
        }
        for name in &options.ocsp {
            gathered.responses.add(response(name)?);
            gathered.tells_revocation = true;
        }
        gathered.pool = Arc::new(pool);
        Ok(gathered)
    }

    /// The certificates that a store trusts; its revocation lists are taken along.
    fn anchors(&self, name: &str, gathered: &mut Gathered) -> Result<Vec<Certificate>, Failure> {
        if is_pem(name) {
            let contents = self.contents(name)?;
            gathered.take_lists(&contents, name);
            return Ok(decoded(&contents));
        }
        let lists = if Path::new(name).exists() { self.contents(name).unwrap_or_default() } else { Vec::new() };
        gathered.take_lists(&lists, name);
        let supplies = input::supplies(&[name.to_owned()], Trust::Anchors, DefaultTrust::Excluded, &self.trusting);
        match supplies {
            Ok(supplies) => Ok(supplies.into_iter().flat_map(|supply| supply.certificates).collect()),
            // What cannot be decoded cannot be trusted; that is a reason to refuse the leaf, not to refuse the job.
            Err(_) if !lists.is_empty() && decoded(&lists).is_empty() && has_certificate(&lists) => Ok(Vec::new()),
            Err(failure) => Err(failure),
        }
    }

    /// Takes the revocation lists of a file, a folder or a PEM text that is to hold them.
    pub(super) fn take_named(&self, name: &str, taker: &mut dyn input::Taker) -> Result<(), Failure> {
        if !is_pem(name) && Path::new(name).is_dir() {
            return input::take_folder(Path::new(name), &self.password, taker);
        }
        let contents = self.contents(name)?;
        match contents.iter().map(|contents| input::take_named(contents, &called(name), taker)).sum() {
            0usize => Err(input::no_list(&called(name))),
            _ => Ok(()),
        }
    }

    /// What a file or a folder holds, or a PEM text.
    pub(super) fn contents(&self, name: &str) -> Result<Vec<Contents>, Failure> {
        if is_pem(name) {
            let contents = container::read(name.as_bytes());
            return Ok(vec![contents.map_err(|error| Failure::new("the PEM text cannot be read").because(error))?]);
        }
        if Endpoint::resembles(name) && !Path::new(name).exists() {
            return Err(Failure::new(format!(
                "{}: there is no such file, and verify asks nothing of the network",
                Address::new(name)
            ))
            .at(Address::new(name))
            .hint("`certkit fetch URL -o chain.pem` gets what an endpoint presents"));
        }
        let inputs = input::read(&[PathBuf::from(name)], &self.password)?;
        inputs.tell_losses();
        Ok(inputs.read.into_iter().map(|input| input.contents).collect())
    }

    /// The certificates of the leaf's file in their order, each decoded, or the reason why it is not.
    pub(super) fn leaves(&self, name: &str) -> Result<Vec<Result<Certificate, String>>, Failure> {
        let contents = self.contents(name)?;
        let decoded = |item: &Item| Certificate::from_der(&item.der).map_err(|error| error.to_string());
        let lost = contents.first().and_then(input::lost_first).map(|lost| Err(lost.to_string()));
        let others = contents.iter().flat_map(Contents::certificates).map(decoded);
        let certificates: Vec<_> = lost.into_iter().chain(others).collect();
        if certificates.is_empty() {
            return Err(Failure::new(format!("{}: there is no certificate in it", called(name)))
                .at(called(name))
                .hint("`certkit inspect FILE` shows what is in a file"));
        }
        Ok(certificates)
    }
}

impl Gathered {
    /// Takes the revocation lists over; gives how many there are, those that cannot be decoded included.
    fn take_lists(&mut self, contents: &[Contents], name: &str) -> usize {
        let counts = contents.iter().map(|contents| input::take_lists(contents, &called(name), &mut self.lists));
        let count = counts.sum();
        self.tells_revocation |= count > 0;
        count
    }
}

/// Reads an OCSP response; unlike lists they have no PEM form.
fn response(name: &str) -> Result<OcspResponse, Failure> {
    let failed = || Failure::new(format!("{}: no OCSP response can be read from it", called(name))).at(called(name));
    let der = file::read_bytes(Path::new(name)).map_err(|error| failed().because(error))?;
    OcspResponse::from_der(&der)
        .map_err(|error| failed().because(error).hint("--ocsp wants a response as DER: `openssl ocsp -respout FILE`"))
}

fn is_pem(text: &str) -> bool {
    text.contains("-----BEGIN ")
}

/// What a file is called; PEM text has no name.
pub(super) fn called(name: &str) -> String {
    if is_pem(name) { "the PEM text".to_owned() } else { Printable(name).to_string() }
}

fn decoded(contents: &[Contents]) -> Vec<Certificate> {
    let items = contents.iter().flat_map(Contents::certificates);
    items.filter_map(|item| Certificate::from_der(&item.der).ok()).collect()
}

fn has_certificate(contents: &[Contents]) -> bool {
    contents.iter().any(|contents| contents.certificates().next().is_some())
}
