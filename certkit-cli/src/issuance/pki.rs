//! The PKI folder of an OPC UA application.

use std::path::Path;

use certkit_core::cert::{Certificate, RevocationList};
use certkit_core::container::{Form, pem};
use certkit_core::files::Existing;
use certkit_core::store::opcua::{LAYOUTS, Layout, STANDARD};

use crate::files::{Content, Files};

// Whose folders are filled.
#[derive(clap::Args, Debug)]
pub(crate) struct LayoutArgs {
    /// For opcua with -o: the folder layout, standard, dotnet, open62541, node-opcua or uaexpert.
    #[arg(long, value_name = "LAYOUT", requires = "output", value_parser = layout)]
    layout: Option<&'static Layout>,
}

/// Reads the name of a layout for clap.
fn layout(name: &str) -> Result<&'static Layout, String> {
    let known: Vec<&str> = LAYOUTS.iter().map(|layout| layout.name).collect();
    Layout::named(name).ok_or_else(|| format!("the layouts are {}", known.join(", ")))
}

/// What an application is equipped with.
#[derive(Debug)]
pub(crate) struct OwnFiles<'a> {
    /// Its certificate.
    pub(crate) certificate: &'a Certificate,
    /// Its private key, as PEM.
    pub(crate) key: &'a str,
    /// Those that issued it.
    pub(crate) issuers: &'a [Certificate],
    /// Their revocation lists, as far as they are at hand.
    pub(crate) lists: &'a [RevocationList],
}

impl LayoutArgs {
    /// Whether a layout was named.
    pub(crate) fn is_given(&self) -> bool {
        self.layout.is_some()
    }

    /// Plans the folders with the application's own certificate and key, and its issuers where only chains need them.
    pub(crate) fn plan(&self, root: &Path, own: &OwnFiles<'_>, existing: Existing, files: &mut Files) {
        let layout = self.layout.unwrap_or(&STANDARD);
        for folder in layout.folders() {
            files.add_folder(root.join(folder));
        }
        let written = |form: Form, label: &str, der: &[u8]| match form {
            Form::Pem => pem::encode(label, der).into_bytes(),
            _ => der.to_vec(),
        };
        let certificate = |it: &Certificate| written(layout.form(), "CERTIFICATE", it.der());
        files.add(root.join(layout.own_key(own.certificate)), Content::PrivateKey, own.key, existing);
        for path in layout.own_certificate(own.certificate) {
            files.add(root.join(path), Content::Certificate, certificate(own.certificate), existing);
        }
        for issuer in own.issuers {
            // What is there already is the same certificate: its thumbprint is in the name.
            let path = root.join(layout.issuer(issuer));
            files.add(path, Content::Certificate, certificate(issuer), Existing::Replace);
            for list in own.lists.iter().filter(|list| list.issuer().matches(&issuer.subject())) {
                for (path, form) in layout.issuer_list(issuer) {
                    let bytes = written(form, "X509 CRL", list.der());
                    files.add(root.join(path), Content::RevocationList, bytes, Existing::Replace);
                }
            }
        }
    }
}
