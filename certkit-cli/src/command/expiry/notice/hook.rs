//! A message about a run to a web hook.

use std::path::Path;
use std::time::Duration;

use certkit_core::context::Context;
use certkit_core::moment::Moment;
use certkit_core::presented::{Endpoint, Scheme};
use certkit_core::review::approval::Approval;
use certkit_core::source::{Capture, Connect, Conversation, ConversationError};
use certkit_expiry::State;

use super::super::config::HookToml;
use super::below;
use super::template::Words;
use crate::failure::Failure;
use crate::input::{self, Gather, Secret, StorePassword};

/// The time for everything.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Where a message goes.
pub(super) struct Hook {
    endpoint: Endpoint,
    authorization: Option<Secret>,
    context: Context,
    content_type: String,
    body: Option<String>,
    /// From which state on.
    pub(super) at_least: State,
}

impl Hook {
    /// Reads address and secrets.
    pub(super) fn read(hook: &HookToml, base: Option<&Path>) -> Result<Hook, Failure> {
        let secret = |file: &Option<std::path::PathBuf>, variable: &Option<String>| {
            input::named(file.as_deref().map(|path| below(base, path)).as_deref(), variable.as_deref())
        };
        let hidden = secret(&hook.url_file, &hook.url_env)?;
        let url = match (&hook.url, &hidden) {
            (Some(url), None) => url.as_str(),
            // What stands in it is not repeated.
            (None, Some(hidden)) => std::str::from_utf8(hidden).unwrap_or_default(),
            _ => {
                return Err(Failure::new("[hook]: exactly one address is required")
                    .hint("url = \"https://…\", or url-file or url-env if it is a secret"));
            }
        };
        let endpoint = url.trim().parse::<Endpoint>().ok().filter(|endpoint| endpoint.scheme == Scheme::Https);
        let endpoint = endpoint.ok_or_else(|| {
            Failure::new("[hook]: the address cannot be used").hint("use a https:// URL without user and password")
        })?;
        let mut gather = Gather::new();
        let trust: Vec<_> = hook.trust.iter().map(|path| below(base, path)).collect();
        gather.trust(&trust, &StorePassword::NONE)?;
        gather.defaults();
        Ok(Hook {
            endpoint,
            authorization: secret(&hook.authorization_file, &hook.authorization_env)?,
            context: gather.context(),
            content_type: hook.content_type.clone(),
            body: hook.body.clone(),
            at_least: hook.at_least.into(),
        })
    }

    /// Makes the message; one that is to be JSON has to be.
    pub(super) fn message(&self, words: &Words) -> Result<Vec<u8>, Failure> {
        let Some(body) = &self.body else { return Ok(words.document.clone()) };
        let text = words.fill(body, "the web hook")?;
        if self.content_type == "application/json" {
            serde_json::from_str::<serde::de::IgnoredAny>(&text).map_err(|error| {
                Failure::new("the template of the web hook does not give JSON")
                    .because(error)
                    .hint("`tojson` writes a value with its quotes: {\"text\": {{ headline | tojson }}}")
            })?;
        }
        Ok(text.into_bytes())
    }

    /// Hands it over. The address may be a secret: errors name the host alone.
    pub(super) fn send(&self, words: &Words) -> Result<(), Failure> {
        let message = self.message(words)?;
        let approval = Approval { context: &self.context, pins: &[], moment: Moment::now() };
        let approve = |capture: &Capture| approval.look(&self.endpoint, capture).1;
        let failed = || Failure::new(format!("the web hook at {} was not notified", self.endpoint.host_port()));
        let connect = Connect { timeout: TIMEOUT, ..Connect::default() };
        let run = Conversation::new(self.endpoint.clone(), connect, TIMEOUT, Box::new(approve)).and_then(
            |mut conversation| -> Result<_, ConversationError> {
                if let Some(authorization) = &self.authorization {
                    conversation.authorize(authorization)?;
                }
                conversation.post(self.endpoint.resource.as_deref().unwrap_or("/"), &self.content_type, message)
            },
        );
        let head = run.map_err(|error| {
            failed().because(error).hint("a server of the plant needs its CA: trust = \"plant-root.pem\" under [hook]")
        })?;
        match head.status {
            200..300 => Ok(()),
            status => {
                Err(failed().hint(format!("it answered with the status {status}: check address and authorization")))
            }
        }
    }
}
