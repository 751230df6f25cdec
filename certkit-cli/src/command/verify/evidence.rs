//! What was named, read once: anchors, candidates and revocation lists, shared by all who name the same.

use std::collections::HashMap;
use std::hash::Hash;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use certkit_core::cert::Certificate;
use certkit_core::container::{self, ContainerError, Contents, Item, ItemKind, Skipped};
use certkit_core::context::{AnchorText, Context};
use certkit_core::online::Online;
use certkit_core::opcua::TrustLists;
use certkit_core::presented::Endpoint;
use certkit_core::source::PrivateDownloads;
use certkit_core::source::file::FileError;
use certkit_core::store::Group;
use certkit_core::store::reader::Reader;
use certkit_core::text::Address;
use certkit_core::verify::program::{self, Program};

use super::online;
use super::options::{Options, ProgramName};
use crate::failure::Failure;
use crate::input::{self, Gather, StorePassword, called};
use crate::output;

/// What a question names: stores, files, lists, responses, a PKI folder.
type Key = [Vec<String>; 5];

/// How many sets are kept at most.
const SETS: usize = 256;

/// What was made of sets of files, by what was named.
#[derive(Debug)]
struct Known<K, V>(Mutex<HashMap<K, Arc<V>>>);

impl<K: Hash + Eq, V> Known<K, V> {
    fn new() -> Known<K, V> {
        Known(Mutex::default())
    }

    /// What was made before of the same, else what is made now.
    fn get(&self, key: K, make: impl FnOnce() -> Result<V, Failure>) -> Result<Arc<V>, Failure> {
        if let Some(known) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key) {
            return Ok(Arc::clone(known));
        }
        let made = Arc::new(make()?);
        let mut sets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if sets.len() >= SETS {
            sets.clear();
        }
        sets.insert(key, Arc::clone(&made));
        Ok(made)
    }
}

/// What was read, by what was named.
#[derive(Debug)]
pub(super) struct EvidenceCache {
    /// The password of inputs.
    password: StorePassword,
    /// The password of trust stores.
    trusting: StorePassword,
    contexts: Known<Key, Context>,
    /// The lists of OPC UA applications, for a group of their partners.
    lists: Known<(Key, Group, Option<&'static str>), TrustLists>,
    /// Who asks the network, where that is wanted.
    pub(super) online: Online,
}

impl EvidenceCache {
    /// Makes an empty one; the first password is that of inputs, the second that of trust stores.
    pub(super) fn new(password: StorePassword, trusting: StorePassword, private: PrivateDownloads) -> EvidenceCache {
        let (contexts, lists) = (Known::new(), Known::new());
        EvidenceCache { password, trusting, contexts, lists, online: online::asker(private) }
    }

    /// What a question names, unless another one has named the same, and what the leaf's file tells beside it.
    pub(super) fn context(&self, options: &Options, file: &LeafFile) -> Result<Arc<Context>, Failure> {
        let is_for_java = options.program == Some(ProgramName::Java);
        let make = || {
            let context = self.gather(options, file, Gather::new().for_java(is_for_java))?.context();
            context.texts.iter().for_each(note_unread);
            Ok(context)
        };
        if file.told.is_empty() { self.contexts.get(key(options), make) } else { make().map(Arc::new) }
    }

    /// The same as the lists of an OPC UA application, with those of its PKI folder: all of that, or what a stack reads.
    pub(super) fn trust_lists(
        &self,
        options: &Options,
        file: &LeafFile,
        group: Group,
        reader: Option<&'static Reader>,
    ) -> Result<Arc<TrustLists>, Failure> {
        let make = || {
            let mut gather = Gather::new();
            if let Some(folder) = &options.pki {
                gather.pki(Path::new(folder), group, reader)?;
            }
            let gather = self.gather(options, file, gather)?;
            Ok(if reader.is_some() { gather.trust_lists_as_told() } else { gather.trust_lists() })
        };
        let key = (key(options), group, reader.map(|it| it.name));
        if file.told.is_empty() { self.lists.get(key, make) } else { make().map(Arc::new) }
    }

    fn gather(&self, options: &Options, file: &LeafFile, mut gather: Gather) -> Result<Gather, Failure> {
        gather.trust(&options.trust, &self.trusting)?;
        gather.untrusted(&options.untrusted, &self.password)?;
        gather.lists(&options.crl, &self.password)?;
        gather.responses(&options.ocsp)?;
        file.told.iter().for_each(|contents| gather.beside(contents, &called(&file.name)));
        Ok(gather)
    }

    /// What a file or a folder holds, or a PEM text, and the files of the folder that could not be read.
    fn read_named(&self, name: &str) -> Result<(Vec<Contents>, Vec<FileError>), Failure> {
        if input::text_of(Path::new(name)).is_some() {
            let contents = container::read(name.as_bytes()).or_else(ContainerError::into_undecodable);
            let contents = contents.map_err(|error| Failure::new("the PEM text cannot be read").because(error))?;
            return Ok((vec![contents], Vec::new()));
        }
        if Endpoint::resembles(name) && !Path::new(name).exists() {
            return Err(Failure::new(format!(
                "{}: there is no such file, and verify does not read from URLs",
                Address::new(name)
            ))
            .at(Address::new(name))
            .hint("`certkit fetch URL -o chain.pem` gets what an endpoint presents"));
        }
        let inputs = input::read_to_judge(&[PathBuf::from(name)], &self.password)?;
        inputs.tell_losses();
        Ok((inputs.read.into_iter().map(|input| input.contents).collect(), inputs.failed))
    }

    /// The file of the certificate that a question names.
    pub(super) fn leaf(&self, options: &Options) -> Result<LeafFile, Failure> {
        let name = options.leaf.as_deref().ok_or_else(|| {
            Failure::new("no certificate given")
                .hint("in a batch, put it in the field `leaf`, as a file or as PEM text")
        })?;
        let (read, failed) = self.read_named(name)?;
        let mut certificates: Vec<Result<Certificate, String>> =
            failed.iter().map(|error| Err(error.to_string())).collect();
        for contents in &read {
            certificates.extend(contents.lost_before_first().map(|lost| Err(lost.to_string())));
            let decode = |item: &Item| Certificate::from_der(&item.der).map_err(|error| error.to_string());
            certificates.extend(contents.certificates().map(decode));
        }
        let mut certificates = certificates.into_iter();
        let first = certificates.next().ok_or_else(|| {
            Failure::new(format!("{}: no certificate in the file", called(name)))
                .at(called(name))
                .hint("`certkit inspect FILE` shows what is in a file")
        })?;
        let sent = first.map(|leaf| Sent { leaf, beside: certificates.filter_map(Result::ok).collect() });
        let told = read.into_iter().filter(tells).collect();
        Ok(LeafFile { name: name.to_owned(), sent, told })
    }
}

/// The file of the certificate that a question names.
pub(super) struct LeafFile {
    /// As it was named.
    name: String,
    /// The certificate, which comes first in its file, with those that follow it; the reason where that one cannot be
    /// decoded: no other one is the leaf.
    pub(super) sent: Result<Sent, String>,
    /// What tells of revocation and distrust beside certificates.
    told: Vec<Contents>,
}

/// A certificate with what was sent along.
pub(super) struct Sent {
    pub(super) leaf: Certificate,
    /// In the order of the file.
    pub(super) beside: Vec<Certificate>,
}

/// Whether a file tells more than its certificates.
fn tells(contents: &Contents) -> bool {
    let of_item = |item: &Item| match item.kind {
        ItemKind::RevocationList | ItemKind::OcspResponse => true,
        _ => item.distrust().is_some(),
    };
    contents.items.iter().any(of_item) || contents.skipped.iter().any(Skipped::claims_list)
}

/// Says which programs do not read a text with anchors.
fn note_unread(text: &AnchorText) {
    let programs: Vec<&str> =
        Program::ALL.into_iter().filter(|it| program::unread(text, *it).is_some()).map(Program::title).collect();
    if !programs.is_empty() {
        let (name, programs) = (&text.name, programs.join(", "));
        output::note(&format!(
            "certkit: note: {name}: not read by {programs}: `certkit check {name}` says why, `certkit convert` rewrites it"
        ));
    }
}

fn key(options: &Options) -> Key {
    let Options { trust, untrusted, crl, ocsp, pki, .. } = options;
    [trust.clone(), untrusted.clone(), crl.clone(), ocsp.clone(), pki.iter().cloned().collect()]
}
