//! How sources of the inventory are opened: passwords, the certificate that is shown to servers, the name that is asked for.
//!
//! Secrets stand in files or variables of the environment; what is the same for many sources is read once.

use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use certkit_core::presented::{Endpoint, Host, Scheme};
use certkit_core::source::ClientIdentity;
use schemars::JsonSchema;
use serde::Deserialize;

use super::super::sources::Reach;
use crate::failure::Failure;
use crate::input::{self, StorePassword};

/// How sources are opened. Paths start at the folder of this file.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct AccessToml {
    /// The password of stores (PKCS#12, JKS) is the first line of this file.
    password_file: Option<PathBuf>,
    /// The password of stores is in this environment variable.
    password_env: Option<String>,
    /// Show this certificate to servers that ask for one: PEM, DER, or a store with its key (PKCS#12, JKS).
    client_cert: Option<PathBuf>,
    /// The key of the client certificate. Default: the one in its file.
    client_key: Option<PathBuf>,
    /// The password of the client's key is the first line of this file.
    client_password_file: Option<PathBuf>,
    /// The password of the client's key is in this environment variable.
    client_password_env: Option<String>,
    /// Ask servers for the certificate of this name in place of the host in the URL.
    server_name: Option<String>,
}

/// What a source is opened with.
#[derive(Default)]
pub(crate) struct Access {
    /// The passwords of stores.
    pub(crate) password: Option<StorePassword>,
    /// The certificate that is shown to servers.
    pub(crate) identity: Option<ClientIdentity>,
    /// The name that servers are asked for.
    pub(crate) server_name: Option<Host>,
}

impl fmt::Debug for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Access").field("server_name", &self.server_name).finish_non_exhaustive()
    }
}

impl AccessToml {
    /// Fills what is missing from `others`; what belongs together stays together.
    pub(super) fn or(mut self, others: &AccessToml) -> AccessToml {
        if self.password_file.is_none() && self.password_env.is_none() {
            self.password_file.clone_from(&others.password_file);
            self.password_env.clone_from(&others.password_env);
        }
        if self.client_cert.is_none() && self.client_key.is_none() {
            self.client_cert.clone_from(&others.client_cert);
            self.client_key.clone_from(&others.client_key);
            self.client_password_file.clone_from(&others.client_password_file);
            self.client_password_env.clone_from(&others.client_password_env);
        }
        self.server_name = self.server_name.or_else(|| others.server_name.clone());
        self
    }

    /// What of it has no meaning for a source that it was written for; `None` where all has.
    pub(super) fn misplaced(&self, reach: &Reach) -> Option<&'static str> {
        let is_for_stores = self.password_file.is_some() || self.password_env.is_some();
        let is_for_servers = self.client_cert.is_some() || self.client_key.is_some() || self.server_name.is_some();
        match reach {
            Reach::Endpoint(Endpoint { scheme: Scheme::OpcTcp, .. }) if is_for_servers => {
                Some("OPC UA servers are queried without security: no client certificate and no server name is sent")
            }
            Reach::Endpoint(_) if is_for_stores => Some("a password is for files and stores, not for endpoints"),
            Reach::Endpoint(_) => None,
            _ if is_for_servers => Some("a client certificate and a server name are for endpoints, not for files"),
            _ => None,
        }
    }

    /// What of it has a meaning for a source: of the others' settings, too.
    pub(super) fn meant_for(self, reach: &Reach) -> AccessToml {
        match reach {
            Reach::Endpoint(endpoint) if endpoint.scheme == Scheme::OpcTcp => AccessToml::default(),
            Reach::Endpoint(_) => AccessToml { password_file: None, password_env: None, ..self },
            _ => AccessToml {
                password_file: self.password_file,
                password_env: self.password_env,
                ..AccessToml::default()
            },
        }
    }

    /// Reads the name of a server, and makes sure that what belongs together is there; reads no file.
    fn server_name(&self) -> Result<Option<Host>, Failure> {
        for (file, variable) in
            [(&self.password_file, &self.password_env), (&self.client_password_file, &self.client_password_env)]
        {
            if file.is_some() && variable.is_some() {
                return Err(Failure::new("the password is given twice: by a file and by a variable"));
            }
        }
        if self.client_key.is_some() && self.client_cert.is_none() {
            return Err(Failure::new("a client's key needs its certificate")
                .hint("client-cert = \"monitor.pem\", client-key = \"monitor.key\""));
        }
        let none = |name: &str| Failure::new(format!("`{name}` is not a valid server name"));
        let parse = |name: &String| name.parse::<Host>().map_err(|error| none(name).because(error));
        self.server_name.as_ref().map(parse).transpose()
    }

    /// Reads the files and variables.
    fn read(&self, server_name: Option<Host>, base: Option<&Path>) -> Result<Access, Failure> {
        let path = |path: &Option<PathBuf>| {
            path.as_ref().map(|path| base.map_or_else(|| path.clone(), |base| base.join(path)))
        };
        let password = StorePassword::of_source(path(&self.password_file).as_deref(), self.password_env.as_deref())?;
        let identity = match path(&self.client_cert) {
            Some(certificate) => {
                let key = path(&self.client_key);
                let password =
                    input::named(path(&self.client_password_file).as_deref(), self.client_password_env.as_deref())?;
                let options = "client-password-file or client-password-env";
                Some(input::client_identity(&certificate, key.as_deref(), password.as_ref(), options)?)
            }
            None => None,
        };
        Ok(Access { password, identity, server_name })
    }
}

/// What was read so far, each once.
#[derive(Default)]
pub(super) struct Accesses(BTreeMap<AccessToml, Opened>);

/// What a source is opened with, or why that cannot be read: an error of that source alone.
type Opened = Result<Arc<Access>, Arc<str>>;

impl Accesses {
    /// Reads what a source is opened with; `base` is where relative paths start.
    ///
    /// # Errors
    /// When the inventory contradicts itself.
    pub(super) fn read(&mut self, wanted: AccessToml, base: Option<&Path>) -> Result<Opened, Failure> {
        if let Some(known) = self.0.get(&wanted) {
            return Ok(known.clone());
        }
        let read = wanted.read(wanted.server_name()?, base);
        let read = read.map(Arc::new).map_err(|failure| failure.in_one_line().into());
        self.0.insert(wanted, read.clone());
        Ok(read)
    }
}
