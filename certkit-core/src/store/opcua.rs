//! The folders of OPC UA applications (OPC 10000-12 annex F.1, and what the stacks make of it).

use super::reader::is_taken_for_pem;
use crate::cert::{Certificate, Name};
use crate::container::Form;
use crate::files::names::fitted;
use crate::text::Hex;

/// Folders and file names of a kind of OPC UA application, relative to the root of its PKI.
#[derive(Debug)]
pub struct Layout {
    /// Its name on the command line.
    pub name: &'static str,
    /// Who reads it, in a few words.
    pub title: &'static str,
    /// The application's own certificates.
    pub own_certificates: &'static str,
    /// Their private keys.
    pub own_keys: &'static str,
    /// Certificates that are trusted.
    pub trusted_certificates: &'static str,
    /// Revocation lists of trusted CAs.
    pub trusted_lists: &'static str,
    /// CAs that only complete chains.
    pub issuer_certificates: &'static str,
    /// Their revocation lists.
    pub issuer_lists: &'static str,
    /// What was refused and waits for somebody to look at it.
    pub rejected: &'static str,
    /// How files are named.
    naming: Naming,
}

/// How files are named. Each function is given the base name of a certificate.
#[derive(Debug)]
struct Naming {
    /// Between the common name and the thumbprint.
    gap: &'static str,
    /// What takes the place of characters that no file name may have.
    substitute: char,
    own_certificates: &'static [fn(&str) -> String],
    own_key: fn(&str) -> String,
    trusted: fn(&str) -> String,
    issuer: fn(&str) -> String,
    /// What stands in place of the base name of a revocation list.
    list: fn(&str) -> String,
    form: Form,
}

/// As annex F.1 of part 12 has it; the local discovery server and many others read it.
pub static STANDARD: Layout = ANNEX_F;

const ANNEX_F: Layout = Layout {
    name: "standard",
    title: "OPC 10000-12 annex F.1, and the local discovery server",
    own_certificates: "own/certs",
    own_keys: "own/private",
    trusted_certificates: "trusted/certs",
    trusted_lists: "trusted/crl",
    issuer_certificates: "issuer/certs",
    issuer_lists: "issuer/crl",
    rejected: "rejected/certs",
    naming: DER_NAMES,
};

/// The directory stores of the .NET Standard stack.
pub static DOTNET: Layout = Layout { name: "dotnet", title: "UA-.NETStandard, directory stores", ..ANNEX_F };

/// The file store of open62541, for application certificates.
pub static OPEN62541: Layout = Layout {
    name: "open62541",
    title: "open62541, file store",
    own_certificates: "ApplCerts/own/certs",
    own_keys: "ApplCerts/own/private",
    trusted_certificates: "ApplCerts/trusted/certs",
    trusted_lists: "ApplCerts/trusted/crl",
    issuer_certificates: "ApplCerts/issuer/certs",
    issuer_lists: "ApplCerts/issuer/crl",
    rejected: "ApplCerts/rejected/certs",
    naming: Naming { gap: "", substitute: '_', own_key: |base| format!("{base}.key"), ..DER_NAMES },
};

/// The PKI of node-opcua: PEM throughout, `issuers`, and a flat `rejected`.
pub static NODE_OPCUA: Layout = Layout {
    name: "node-opcua",
    title: "node-opcua",
    own_certificates: "own/certs",
    own_keys: "own/private",
    trusted_certificates: "trusted/certs",
    trusted_lists: "trusted/crl",
    issuer_certificates: "issuers/certs",
    issuer_lists: "issuers/crl",
    rejected: "rejected",
    naming: Naming {
        gap: "",
        substitute: '_',
        // Its servers look for the first, its clients for the second.
        own_certificates: &[|_| "certificate.pem".to_owned(), |_| "client_certificate.pem".to_owned()],
        own_key: |_| "private_key.pem".to_owned(),
        trusted: |base| format!("{base}.pem"),
        issuer: |base| format!("issuer_{base}.pem"),
        list: |base| format!("crl_{}", thumbprint_part(base)),
        form: Form::Pem,
    },
};

/// The PKI of UaExpert.
pub static UAEXPERT: Layout = Layout {
    name: "uaexpert",
    title: "UaExpert",
    own_certificates: "own/certs",
    own_keys: "own/private",
    trusted_certificates: "trusted/certs",
    trusted_lists: "trusted/crl",
    issuer_certificates: "issuers/certs",
    issuer_lists: "issuers/crl",
    rejected: "rejected",
    naming: Naming {
        own_certificates: &[|_| "uaexpert.der".to_owned()],
        own_key: |_| "uaexpert_key.pem".to_owned(),
        ..DER_NAMES
    },
};

/// Every layout.
pub static LAYOUTS: [&Layout; 5] = [&STANDARD, &DOTNET, &OPEN62541, &NODE_OPCUA, &UAEXPERT];

const DER_NAMES: Naming = Naming {
    gap: " ",
    substitute: '+',
    own_certificates: &[|base| format!("{base}.der")],
    own_key: |base| format!("{base}.pem"),
    trusted: |base| format!("{base}.der"),
    issuer: |base| format!("{base}.der"),
    list: str::to_owned,
    form: Form::Der,
};

impl Layout {
    /// Finds a layout by its name.
    pub fn named(name: &str) -> Option<&'static Layout> {
        LAYOUTS.into_iter().find(|layout| layout.name == name)
    }

    /// Every folder that such an application expects.
    pub fn folders(&self) -> [&'static str; 7] {
        [
            self.own_certificates,
            self.own_keys,
            self.trusted_certificates,
            self.trusted_lists,
            self.issuer_certificates,
            self.issuer_lists,
            self.rejected,
        ]
    }

    /// In which form certificates and revocation lists are written: DER or PEM. Private keys are PEM everywhere.
    pub fn form(&self) -> Form {
        self.naming.form
    }

    /// Where the application's own certificate is looked for: one path, or one for each role.
    pub fn own_certificate(&self, certificate: &Certificate) -> Vec<String> {
        let base = self.base(certificate);
        self.naming.own_certificates.iter().map(|name| format!("{}/{}", self.own_certificates, name(&base))).collect()
    }

    /// Where the private key of that certificate is looked for.
    pub fn own_key(&self, certificate: &Certificate) -> String {
        format!("{}/{}", self.own_keys, (self.naming.own_key)(&self.base(certificate)))
    }

    /// Where a CA stands that only completes chains.
    pub fn issuer(&self, authority: &Certificate) -> String {
        format!("{}/{}", self.issuer_certificates, self.issuer_name(authority))
    }

    /// Where the revocation list of such a CA stands: in two files, since no single one is read by every stack.
    pub fn issuer_list(&self, authority: &Certificate) -> [(String, Form); 2] {
        self.list_names(authority).map(|(name, form)| (format!("{}/{name}", self.issuer_lists), form))
    }

    /// The name of a file on any list but that of issuers.
    pub(super) fn trusted_name(&self, certificate: &Certificate) -> String {
        (self.naming.trusted)(&self.base(certificate))
    }

    /// The name of a file on the list of issuers.
    pub(super) fn issuer_name(&self, authority: &Certificate) -> String {
        (self.naming.issuer)(&self.base(authority))
    }

    /// The names of a revocation list's files, each with what it is written in.
    pub(super) fn list_names(&self, authority: &Certificate) -> [(String, Form); 2] {
        let base = self.base(authority);
        // What is left of the name tells no stack that it would be PEM.
        let base = if is_taken_for_pem(&base) { thumbprint_part(&base) } else { &base };
        list_names(&(self.naming.list)(base))
    }

    /// The common name and the SHA-1 thumbprint in brackets.
    fn base(&self, certificate: &Certificate) -> String {
        let called = fit(&certificate.subject(), self.naming.substitute);
        let thumbprint = Hex(certificate.fingerprint_sha1()).to_string().to_ascii_uppercase();
        format!("{called}{}[{thumbprint}]", self.naming.gap)
    }
}

/// What people call the bearer of a name, as part of a file's name.
fn fit(name: &Name<'_>, substitute: char) -> String {
    fitted(&name.short().unwrap_or_default(), substitute)
}

/// The two files of a revocation list: UA .NET Standard reads the first alone, asyncua the second alone, node-opcua the
/// second where the first is short.
fn list_names(base: &str) -> [(String, Form); 2] {
    [(format!("{base}.crl"), Form::Der), (format!("{base}.crl.pem"), Form::Pem)]
}

/// The names of the files of a revocation list whose CA is not at hand.
pub(super) fn plain_list_names(issuer: &Name<'_>) -> [(String, Form); 2] {
    let base = plain_name(issuer);
    list_names(if is_taken_for_pem(&base) { "list" } else { &base })
}

/// The name of a file where no program asks for one.
pub(super) fn plain_name(name: &Name<'_>) -> String {
    Some(fit(name, '_')).filter(|called| !called.is_empty()).unwrap_or_else(|| "certificate".to_owned())
}

/// The brackets at the end of a base name.
fn thumbprint_part(base: &str) -> &str {
    base.rfind('[').and_then(|at| base.get(at..)).unwrap_or(base)
}
