//! Where what is made goes, and in what form.

use std::path::{Path, PathBuf};

use certkit_core::cert::{Certificate, Request};
use certkit_core::container::{Form, pem, pkcs7};
use certkit_core::files::{Existing, names};
use certkit_core::generate::{AlternativeName, Template};

use crate::arguments::FormatArgs;
use crate::failure::Failure;
use crate::files::{self, Content, Files};
use crate::hosted::is_standard;

// Files of a certificate, or a folder.
#[derive(clap::Args, Debug)]
pub(crate) struct OutputArgs {
    /// Put everything in this folder, which is created if missing.
    #[arg(short, long, value_name = "DIR", conflicts_with_all = ["cert_out", "chain_out"])]
    output: Option<PathBuf>,

    /// Write the certificate to this file; .der is DER, .p7b PKCS#7, everything else PEM.
    #[arg(long, value_name = "FILE")]
    cert_out: Option<PathBuf>,

    /// Write the certificate and its issuers, without the root, to this file.
    #[arg(long, value_name = "FILE")]
    chain_out: Option<PathBuf>,

    /// Replace existing files.
    #[arg(long)]
    force: bool,
}

/// Where a certificate goes.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Output<'a> {
    /// Into a folder.
    Folder(&'a Path),
    /// Into files, at least the one of the certificate or the chain.
    Files,
    /// To standard output.
    Standard,
}

impl OutputArgs {
    /// What was asked for.
    pub(crate) fn chosen(&self) -> Output<'_> {
        match (&self.output, &self.cert_out, &self.chain_out) {
            (Some(folder), ..) => Output::Folder(folder),
            (None, None, None) => Output::Standard,
            _ => Output::Files,
        }
    }

    /// The files of the certificate and of its chain that were named.
    pub(crate) fn files(&self) -> [Option<PathBuf>; 2] {
        [self.cert_out.clone(), self.chain_out.clone()]
    }

    /// What happens to files that are there.
    pub(crate) fn existing(&self) -> Existing {
        if self.force { Existing::Replace } else { Existing::Keep }
    }

    /// Refuses what cannot be written, before any work is done.
    pub(crate) fn refuse_early(&self, more: &[Option<&Path>], report: FormatArgs) -> Result<(), Failure> {
        let own = [self.cert_out.as_deref(), self.chain_out.as_deref()];
        files::refuse_any(own.iter().chain(more).copied().flatten(), self.existing(), report.chosen())?;
        match &self.output {
            Some(folder) if is_standard(folder) => {
                Err(Failure::new("-o needs a folder").at("-").hint("--cert-out - writes to standard output"))
            }
            Some(folder) if folder.exists() && !folder.is_dir() => {
                Err(Failure::new(format!("{} is a file: -o needs a folder", folder.display())))
            }
            _ => Ok(()),
        }
    }

    /// Plans the certificate and chain files that were named.
    pub(crate) fn plan(&self, certificate: &Certificate, issuers: &[Certificate], files: &mut Files) {
        if let Some(path) = &self.cert_out {
            files.add(path.clone(), Content::Certificate, encode(&[certificate], path), self.existing());
        }
        if let Some(path) = &self.chain_out {
            files.add(path.clone(), Content::Chain, encode(&chain(certificate, issuers), path), self.existing());
        }
    }
}

/// The certificate and its issuers, without a root above it.
pub(crate) fn chain<'a>(certificate: &'a Certificate, issuers: &'a [Certificate]) -> Vec<&'a Certificate> {
    let above = issuers.iter().filter(|issuer| !issuer.is_self_issued());
    std::iter::once(certificate).chain(above).collect()
}

/// Writes certificates in the form that people expect of a file of this name.
pub(crate) fn encode(certificates: &[&Certificate], path: &Path) -> Vec<u8> {
    match Form::from_extension(path).unwrap_or(Form::Pem) {
        Form::Pem => {
            certificates.iter().map(|it| pem::encode("CERTIFICATE", it.der())).collect::<String>().into_bytes()
        }
        Form::Der => certificates.iter().flat_map(|it| it.der()).copied().collect(),
        Form::Pkcs7 => pkcs7::encode(&certificates.iter().map(|it| it.der()).collect::<Vec<_>>()),
    }
}

/// Writes a request: DER in a file of that name, else PEM.
pub(crate) fn encode_request(request: &Request, path: &Path) -> Vec<u8> {
    match Form::from_extension(path) {
        Some(Form::Der) => request.der().to_vec(),
        _ => pem::encode("CERTIFICATE REQUEST", request.der()).into_bytes(),
    }
}

/// A file name from what people call something: letters, digits and `._-` stay, everything else becomes `_`.
fn file_stem(called: &str) -> String {
    let keep = |letter: char| if letter.is_alphanumeric() || "._-".contains(letter) { letter } else { '_' };
    let stem: String = called.chars().map(keep).take(100).collect();
    // One that begins with a dot is hidden.
    names::chosen(stem.trim_start_matches('.'))
}

/// The names of the two files of a TLS certificate in a folder.
pub(crate) fn key_and_certificate(folder: &Path, stem: &str) -> [PathBuf; 2] {
    [folder.join(format!("{stem}-key.pem")), folder.join(format!("{stem}.pem"))]
}

/// A file name for what the template is for.
pub(crate) fn stem(template: &Template) -> String {
    let called = template.subject.name().short();
    let host = template.alternative_names.iter().find_map(|name| match name {
        AlternativeName::Dns(name) => Some(name.clone()),
        _ => None,
    });
    file_stem(&called.or(host).unwrap_or_default())
}
