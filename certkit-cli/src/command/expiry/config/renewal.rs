//! How certificates of the inventory are renewed.

use std::path::{Path, PathBuf};

use certkit_core::generate::Kind;
use schemars::JsonSchema;
use serde::Deserialize;

use super::super::sources::Reach;

/// How `certkit renew --due` renews a certificate. Paths start at the folder of this file.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct RenewalToml {
    /// The CA that signs: its certificate, or the folder of a CA made by certkit. One that is self-signed stays so, unless its own source names a CA.
    pub(crate) issuer: Option<PathBuf>,
    /// The private key of the CA; not needed for the folder of a CA.
    pub(crate) issuer_key: Option<PathBuf>,
    /// The password of the CA's key is the first line of this file.
    pub(crate) issuer_password_file: Option<PathBuf>,
    /// The password of the CA's key is in this environment variable.
    pub(crate) issuer_password_env: Option<String>,
    /// The private key of the certificate; a store (PKCS#12, JKS) has it.
    pub(crate) key: Option<PathBuf>,
    /// The password of the private key is the first line of this file.
    pub(crate) key_password_file: Option<PathBuf>,
    /// The password of the private key is in this environment variable.
    pub(crate) key_password_env: Option<String>,
    /// Make a new private key each time, in place of the old one.
    pub(crate) rekey: Option<bool>,
    /// The kind of certificate: opcua, https or client. Default: guessed from its content.
    pub(crate) kind: Option<KindToml>,
    /// Days of validity; cut to those of the issuer. Default: as for `certkit generate`.
    pub(crate) days: Option<u16>,
    /// Ids of findings that do not keep the new certificate from being written.
    pub(crate) accept: Option<Vec<String>>,
    /// Files or folders of partners' certificates; those of the same OPC UA PKI folder are found automatically.
    pub(crate) partners: Option<Vec<PathBuf>>,
    /// The program that makes the server read the new files, with its arguments; no shell. It runs as whoever runs certkit.
    pub(crate) reload: Option<Vec<String>>,
    /// Where the server shows the new certificate afterwards: a URL or HOST:PORT.
    pub(crate) endpoint: Option<String>,
    /// How long the program may take, and afterwards the server until it shows the new certificate. Default: `30s`.
    pub(crate) patience: Option<String>,
    /// Whether the CA is that of a group or of the defaults: what is self-signed stays so then.
    #[serde(skip)]
    pub(crate) is_issuer_inherited: bool,
}

/// What a certificate is for that is renewed; a CA's is not renewed by an inventory.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum KindToml {
    Opcua,
    Https,
    Client,
}

impl From<KindToml> for Kind {
    fn from(kind: KindToml) -> Kind {
        match kind {
            KindToml::Opcua => Kind::OpcUa,
            KindToml::Https => Kind::Https,
            KindToml::Client => Kind::Client,
        }
    }
}

impl RenewalToml {
    /// Fills what is missing from `others`; what belongs together stays together.
    pub(super) fn or(mut self, others: &RenewalToml) -> RenewalToml {
        if self.issuer.is_none() {
            self.is_issuer_inherited = others.issuer.is_some();
            self.issuer.clone_from(&others.issuer);
            self.issuer_key.clone_from(&others.issuer_key);
            self.issuer_password_file.clone_from(&others.issuer_password_file);
            self.issuer_password_env.clone_from(&others.issuer_password_env);
        }
        if self.key_password_file.is_none() && self.key_password_env.is_none() {
            self.key_password_file.clone_from(&others.key_password_file);
            self.key_password_env.clone_from(&others.key_password_env);
        }
        RenewalToml {
            rekey: self.rekey.or(others.rekey),
            kind: self.kind.or(others.kind),
            days: self.days.or(others.days),
            accept: self.accept.or_else(|| others.accept.clone()),
            partners: self.partners.or_else(|| others.partners.clone()),
            reload: self.reload.or_else(|| others.reload.clone()),
            patience: self.patience.or_else(|| others.patience.clone()),
            ..self
        }
    }

    /// The same with paths that start at a folder.
    pub(super) fn below(self, base: Option<&Path>) -> RenewalToml {
        let path = |path: PathBuf| base.map_or_else(|| path.clone(), |base| base.join(&path));
        RenewalToml {
            issuer: self.issuer.map(path),
            issuer_key: self.issuer_key.map(path),
            issuer_password_file: self.issuer_password_file.map(path),
            key: self.key.map(path),
            key_password_file: self.key_password_file.map(path),
            partners: self.partners.map(|all| all.into_iter().map(path).collect()),
            ..self
        }
    }

    /// What of it has no meaning for many sources; `None` where all has.
    pub(super) fn misplaced_for_many(&self) -> Option<&'static str> {
        match (&self.key, &self.endpoint) {
            (Some(_), _) => Some(
                "`key` of `renew` is only for a single source: each certificate has its own private \
                                  key",
            ),
            (_, Some(_)) => Some(
                "`endpoint` of `renew` is only for a single source: each server has its own \
                                  certificate",
            ),
            _ => None,
        }
    }

    /// Why a source cannot be renewed; `None` where it can.
    pub(super) fn misplaced(&self, reach: &Reach) -> Option<&'static str> {
        match reach {
            Reach::Path(path) if path.is_dir() => Some("`renew` is for one file; name each file of the folder"),
            Reach::Path(_) => None,
            _ => Some("`renew` is for files; name the file that the server reads"),
        }
    }
}
