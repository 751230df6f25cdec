//! What was named, read once: anchors, candidates and revocation lists, shared by all who name the same.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use certkit_core::cert::{Certificate, OcspResponse};
use certkit_core::container::{self, Contents, Item};
use certkit_core::context::{Context, Origin, Trust};
use certkit_core::online::Online;
use certkit_core::path::Pool;
use certkit_core::path::revocation::{Lists, Responses};
use certkit_core::source::file::FileError;
use certkit_core::source::{Endpoint, PrivateDownloads, file};
use certkit_core::text::Address;

use super::online;
use super::opcua::Listed;
use super::options::Options;
use crate::failure::Failure;
use crate::input::{self, DefaultTrust, StorePassword, called};

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
    /// The password of inputs.
    pub(super) password: StorePassword,
    /// The password of trust stores.
    pub(super) trusting: StorePassword,
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
        let (mut lists, mut responses, excluded) = (Lists::new(), Responses::new(), DefaultTrust::Excluded);
        let mut supplies = input::supplies(&options.trust, Trust::Anchors, excluded, &self.trusting, Some(&mut lists))?;
        let untrusted = &options.untrusted;
        supplies.extend(input::supplies(untrusted, Trust::Candidates, excluded, &self.password, Some(&mut lists))?);
        input::take_files(&options.crl, &self.password, &mut lists)?;
        for name in &options.ocsp {
            responses.add(response(name)?);
        }
        let origins = supplies.iter().flat_map(|supply| {
            let place = match &supply.origin {
                Origin::Given(name) => called(name),
                Origin::Mozilla => "mozilla".to_owned(),
                _ => "system".to_owned(),
            };
            let words = match supply.trust {
                Trust::Anchors => format!("trusted: {place}"),
                Trust::Candidates => format!("found in {place}"),
            };
            supply.certificates.iter().map(move |it| (it.clone(), words.clone()))
        });
        let origins = origins.collect();
        let tells_revocation = !lists.is_empty() || !options.ocsp.is_empty();
        let pool = Arc::clone(Context::new(supplies).pool());
        Ok(Gathered { pool, lists, responses, tells_revocation, origins })
    }

    /// What a file or a folder holds, or a PEM text, and the files of the folder that could not be read.
    fn read_named(&self, name: &str) -> Result<(Vec<Contents>, Vec<FileError>), Failure> {
        if input::text_of(Path::new(name)).is_some() {
            let contents = container::read(name.as_bytes());
            let contents = contents.map_err(|error| Failure::new("the PEM text cannot be read").because(error))?;
            return Ok((vec![contents], Vec::new()));
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
        Ok((inputs.read.into_iter().map(|input| input.contents).collect(), inputs.failed))
    }

    /// The certificates of the leaf's file, each decoded or with the reason why not, in their order.
    ///
    /// Where the first could not even be taken out of the file, its reason comes first: no other one is the leaf.
    pub(super) fn leaves(&self, name: &str) -> Result<Vec<Result<Certificate, String>>, Failure> {
        let (read, failed) = self.read_named(name)?;
        let mut certificates: Vec<_> = failed.iter().map(|error| Err(error.to_string())).collect();
        for contents in read {
            certificates.extend(contents.lost_before_first().map(|lost| Err(lost.to_string())));
            let decode = |item: &Item| Certificate::from_der(&item.der).map_err(|error| error.to_string());
            certificates.extend(contents.certificates().map(decode));
        }
        if certificates.is_empty() {
            return Err(Failure::new(format!("{}: there is no certificate in it", called(name)))
                .at(called(name))
                .hint("`certkit inspect FILE` shows what is in a file"));
        }
        Ok(certificates)
    }
}

/// Reads an OCSP response; unlike lists they have no PEM form.
fn response(name: &str) -> Result<OcspResponse, Failure> {
    let failed = || Failure::new(format!("{}: no OCSP response can be read from it", called(name))).at(called(name));
    let der = file::read_bytes(Path::new(name)).map_err(|error| failed().because(error))?;
    OcspResponse::from_der(&der)
        .map_err(|error| failed().because(error).hint("--ocsp wants a response as DER: `openssl ocsp -respout FILE`"))
}
