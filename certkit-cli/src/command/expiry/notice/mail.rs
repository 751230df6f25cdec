//! A mail about a run.

use std::path::Path;

use certkit_core::context::Context;
use certkit_core::presented::{Endpoint, Host, HostPort, Scheme};
use certkit_core::text::Printable;
use certkit_expiry::State;
use lettre::Message;
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;

use super::super::config::{MailToml, TlsToml};
use super::below;
use super::smtp::{self, Route};
use super::template::Words;
use crate::failure::Failure;
use crate::input::{self, Gather, StorePassword};

const SUBJECT: &str = "certificates on {{ host }}: {{ headline }}";
const BODY: &str = "{{ report }}";

/// Who is told, over which server.
pub(super) struct Mail {
    from: Mailbox,
    to: Vec<Mailbox>,
    subject: String,
    body: String,
    server: HostPort,
    route: Route,
    log_in: Option<Credentials>,
    /// From which state on.
    pub(super) at_least: State,
}

impl Mail {
    /// Reads addresses and secrets.
    pub(super) fn read(mail: &MailToml, base: Option<&Path>) -> Result<Mail, Failure> {
        let address = |text: &String| {
            let wrong = || Failure::new(format!("[mail]: `{}` is not a mail address", Printable(text)));
            text.parse::<Mailbox>().map_err(|error| wrong().because(error))
        };
        let to = mail.to.iter().map(address).collect::<Result<Vec<_>, _>>()?;
        if to.is_empty() {
            return Err(Failure::new("[mail]: no recipient").hint("to = [\"ot@plant.example\"]"));
        }
        let server = server(mail)?;
        Ok(Mail {
            from: address(&mail.from)?,
            to,
            subject: mail.subject.clone().unwrap_or_else(|| SUBJECT.to_owned()),
            body: mail.body.clone().unwrap_or_else(|| BODY.to_owned()),
            log_in: log_in(mail, base)?,
            route: route(mail, &server, base)?,
            server,
            at_least: mail.at_least.into(),
        })
    }

    /// Makes the message.
    pub(super) fn message(&self, words: &Words) -> Result<Message, Failure> {
        let subject = words.fill(&self.subject, "the subject of the mail")?;
        // A line break would begin another header.
        let subject: String = subject.split_whitespace().collect::<Vec<_>>().join(" ");
        let body = words.fill(&self.body, "the mail")?;
        let mut message = Message::builder().from(self.from.clone()).subject(Printable(subject).to_string());
        for address in &self.to {
            message = message.to(address.clone());
        }
        let message = message.header(ContentType::TEXT_PLAIN).body(body);
        message.map_err(|error| Failure::new("the mail cannot be written").because(error))
    }

    /// Sends it.
    pub(super) fn send(&self, words: &Words) -> Result<(), Failure> {
        let message = self.message(words)?;
        smtp::deliver(&self.route, self.log_in.as_ref(), &message).map_err(|error| {
            Failure::new(format!("the mail was not sent over {}", self.server)).because(error).hint(
                "check server, tls, trust and log-in under [mail]; `certkit check smtp://HOST:PORT` shows its TLS",
            )
        })
    }
}

fn route(mail: &MailToml, server: &HostPort, base: Option<&Path>) -> Result<Route, Failure> {
    let scheme = match mail.tls {
        TlsToml::None => return Ok(Route::Clear(server.clone())),
        TlsToml::StartTls => Scheme::Smtp,
        TlsToml::Tls => Scheme::Smtps,
    };
    let endpoint = Endpoint { scheme, host: server.host.clone(), port: server.port, resource: None };
    Ok(Route::Tls { endpoint, context: Box::new(context(mail, base)?) })
}

fn server(mail: &MailToml) -> Result<HostPort, Failure> {
    let port = match mail.tls {
        TlsToml::StartTls => 587,
        TlsToml::Tls => 465,
        TlsToml::None => 25,
    };
    let wrong =
        || Failure::new(format!("[mail]: `{}` is not a server", Printable(&mail.server))).hint("server = \"HOST:587\"");
    let whole = mail.server.parse::<HostPort>();
    whole
        .or_else(|_| mail.server.parse::<Host>().map(|host| HostPort { host, port }))
        .map_err(|error| wrong().because(error))
}

fn log_in(mail: &MailToml, base: Option<&Path>) -> Result<Option<Credentials>, Failure> {
    let file = mail.password_file.as_deref().map(|path| below(base, path));
    let password = input::named(file.as_deref(), mail.password_env.as_deref())?;
    match (&mail.user, password) {
        (None, None) => Ok(None),
        _ if mail.tls == TlsToml::None => {
            Err(Failure::new("[mail]: a password is not sent without TLS").hint("tls = \"starttls\" or \"tls\""))
        }
        (Some(user), Some(password)) => {
            let password = std::str::from_utf8(&password).map_err(|_| {
                Failure::new("[mail]: the password is not UTF-8, which mail servers require (RFC 4616)")
                    .hint("save the password file as UTF-8")
            })?;
            Ok(Some(Credentials::new(user.clone(), password.to_owned())))
        }
        _ => Err(Failure::new("[mail]: a log-in needs a name and a password")
            .hint("user = \"certkit\", password-file = \"mail.password\"")),
    }
}

/// What the certificate of the server is held against.
fn context(mail: &MailToml, base: Option<&Path>) -> Result<Context, Failure> {
    let mut gather = Gather::new();
    // What is named comes beside the roots, and not in their place.
    gather.defaults();
    let trust: Vec<_> = mail.trust.iter().map(|path| below(base, path)).collect();
    gather.trust(&trust, &StorePassword::NONE)?;
    Ok(gather.context())
}
