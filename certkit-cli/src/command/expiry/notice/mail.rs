//! A mail about a run.

use std::path::Path;
use std::time::Duration;

use certkit_core::expiry::State;
use certkit_core::presented::{Host, HostPort};
use certkit_core::source::file;
use certkit_core::text::Printable;
use lettre::message::{Mailbox, header::ContentType};
use lettre::transport::smtp::authentication::Credentials;
use lettre::transport::smtp::client::{Certificate, Tls, TlsParameters};
use lettre::transport::smtp::extension::ClientId;
use lettre::{Message, SmtpTransport, Transport as _};

use super::super::config::{MailToml, TlsToml};
use super::below;
use super::template::Words;
use crate::failure::Failure;
use crate::input;

/// The longest wait for one answer of the server.
const TIMEOUT: Duration = Duration::from_secs(30);

const SUBJECT: &str = "certificates on {{ host }}: {{ headline }}";
const BODY: &str = "{{ report }}";

/// Who is told, over which server.
pub(super) struct Mail {
    from: Mailbox,
    to: Vec<Mailbox>,
    subject: String,
    body: String,
    server: HostPort,
    transport: SmtpTransport,
    /// From which state on.
    pub(super) at_least: State,
}

impl Mail {
    /// Reads addresses and secrets.
    pub(super) fn read(mail: &MailToml, base: Option<&Path>) -> Result<Mail, Failure> {
        let address = |text: &String| {
            let wrong = || Failure::new(format!("[mail]: `{}` is no address of mail", Printable(text)));
            text.parse::<Mailbox>().map_err(|error| wrong().because(error))
        };
        let to = mail.to.iter().map(address).collect::<Result<Vec<_>, _>>()?;
        if to.is_empty() {
            return Err(Failure::new("[mail]: nobody is to be told").hint("to = [\"ot@plant.example\"]"));
        }
        let server = server(mail)?;
        Ok(Mail {
            from: address(&mail.from)?,
            to,
            subject: mail.subject.clone().unwrap_or_else(|| SUBJECT.to_owned()),
            body: mail.body.clone().unwrap_or_else(|| BODY.to_owned()),
            transport: transport(mail, &server, base)?,
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
        self.transport.send(&message).map(drop).map_err(|error| {
            Failure::new(format!("the mail was not sent over {}", self.server)).because(error).hint(
                "check server, tls, trust and log-in under [mail]; `certkit check smtp://HOST:PORT` shows its TLS",
            )
        })
    }
}

fn server(mail: &MailToml) -> Result<HostPort, Failure> {
    let port = match mail.tls {
        TlsToml::StartTls => 587,
        TlsToml::Tls => 465,
        TlsToml::None => 25,
    };
    let wrong =
        || Failure::new(format!("[mail]: `{}` is no server", Printable(&mail.server))).hint("server = \"HOST:587\"");
    let whole = mail.server.parse::<HostPort>();
    whole
        .or_else(|_| mail.server.parse::<Host>().map(|host| HostPort { host, port }))
        .map_err(|error| wrong().because(error))
}

fn transport(mail: &MailToml, server: &HostPort, base: Option<&Path>) -> Result<SmtpTransport, Failure> {
    let file = mail.password_file.as_deref().map(|path| below(base, path));
    let password = input::named(file.as_deref(), mail.password_env.as_deref())?;
    let host = server.host.to_string();
    let tls = match mail.tls {
        TlsToml::None if password.is_some() || mail.user.is_some() => {
            return Err(
                Failure::new("[mail]: a password is not sent without TLS").hint("tls = \"starttls\" or \"tls\"")
            );
        }
        TlsToml::None => Tls::None,
        TlsToml::StartTls => Tls::Required(parameters(mail, &host, base)?),
        TlsToml::Tls => Tls::Wrapper(parameters(mail, &host, base)?),
    };
    let name = gethostname::gethostname().to_string_lossy().into_owned();
    let mut transport = SmtpTransport::builder_dangerous(host)
        .port(server.port)
        .tls(tls)
        .hello_name(ClientId::Domain(name))
        .timeout(Some(TIMEOUT));
    match (&mail.user, password) {
        (None, None) => {}
        (Some(user), Some(password)) => {
            let password = String::from_utf8_lossy(&password).into_owned();
            transport = transport.credentials(Credentials::new(user.clone(), password));
        }
        _ => {
            return Err(Failure::new("[mail]: a log-in needs a name and a password")
                .hint("user = \"certkit\", password-file = \"mail.password\""));
        }
    }
    Ok(transport.build())
}

fn parameters(mail: &MailToml, host: &str, base: Option<&Path>) -> Result<TlsParameters, Failure> {
    let mut parameters = TlsParameters::builder(host.to_owned());
    if let Some(path) = &mail.trust {
        let path = below(base, path);
        let contents = file::read_anchors(&path, None).map_err(input::unreadable)?;
        let unfit = |error| Failure::new(format!("[mail]: {} is no trust", path.display())).because(error);
        for item in contents.certificates().filter(|item| item.rejected.is_none()) {
            parameters = parameters.add_root_certificate(Certificate::from_der(item.der.to_vec()).map_err(unfit)?);
        }
    }
    parameters.build().map_err(|error| Failure::new("[mail]: TLS cannot be prepared").because(error))
}
