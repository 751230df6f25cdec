//! Who is told of a run by mail and by a web hook, as the inventory has it.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::Deserialize;

/// A mail about a run. Paths start at the folder of this file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct MailToml {
    /// The mail server: HOST or HOST:PORT.
    pub(crate) server: String,
    /// How TLS is spoken there.
    #[serde(default)]
    pub(crate) tls: TlsToml,
    /// What the server's certificate may lead to beside the system and Mozilla: a file or store.
    pub(crate) trust: Option<PathBuf>,
    /// The name for the log-in.
    pub(crate) user: Option<String>,
    /// The password for the log-in is the first line of this file.
    pub(crate) password_file: Option<PathBuf>,
    /// The password for the log-in is in this environment variable.
    pub(crate) password_env: Option<String>,
    /// The address of the sender.
    pub(crate) from: String,
    /// The addresses of those who are told.
    pub(crate) to: Vec<String>,
    /// From which state on there is a mail: `ok` (always), `warning`, `unknown`, `critical` or `expired`.
    #[serde(default)]
    pub(crate) at_least: StateToml,
    /// A template (Jinja) of the subject.
    pub(crate) subject: Option<String>,
    /// A template (Jinja) of the text.
    pub(crate) body: Option<String>,
}

/// A message about a run to a web hook, by POST over HTTPS. Paths start at the folder of this file.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct HookToml {
    /// The address, https://…; where it is a secret, it stands in a file or variable.
    pub(crate) url: Option<String>,
    /// The address is the first line of this file.
    pub(crate) url_file: Option<PathBuf>,
    /// The address is in this environment variable.
    pub(crate) url_env: Option<String>,
    /// The value of the header `Authorization`, such as `Bearer …`, is the first line of this file.
    pub(crate) authorization_file: Option<PathBuf>,
    /// The value of the header `Authorization` is in this environment variable.
    pub(crate) authorization_env: Option<String>,
    /// What the server's certificate has to lead to: a file or store; in its place, the system and Mozilla.
    pub(crate) trust: Option<PathBuf>,
    /// From which state on there is a message: `ok` (always), `warning`, `unknown`, `critical` or `expired`.
    #[serde(default)]
    pub(crate) at_least: StateToml,
    /// The type of the message.
    #[serde(default = "json")]
    pub(crate) content_type: String,
    /// A template (Jinja) of the message; without one, it is the document `certkit.expiry/1`.
    pub(crate) body: Option<String>,
}

fn json() -> String {
    "application/json".to_owned()
}

/// How TLS is spoken with a mail server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum TlsToml {
    /// It is asked for; without it nothing is sent. Port 587.
    #[default]
    StartTls,
    /// From the beginning. Port 465.
    Tls,
    /// Not at all, and without a log-in. Port 25.
    None,
}

/// A state, as `certkit.expiry/1` names them.
#[derive(Clone, Copy, Debug, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum StateToml {
    Ok,
    #[default]
    Warning,
    Unknown,
    Critical,
    Expired,
}
