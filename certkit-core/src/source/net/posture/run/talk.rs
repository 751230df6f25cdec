//! What is asked in a protocol: pages of a web server, MQTT, and ports that should speak TLS.

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::time::{Instant, timeout_at};

use super::super::super::error::Fault;
use super::super::super::http::HttpFault;
use super::super::super::reach::Reach;
use super::super::super::recording_verifier::Shown;
use super::super::mqtt;
use super::super::web::{Question, add_preflight, ask};
use super::{Run, soon};
use crate::presented::{HostPort, HttpAnswer, MqttAnswer, Plain, Probe, Web};

impl Run<'_> {
    /// Asks a port without TLS.
    pub(super) async fn plain(&mut self, probe: Probe, port: u16) -> Plain {
        let to = HostPort { host: self.target.endpoint.host.clone(), port };
        let resource = self.target.endpoint.resource.clone().unwrap_or_else(|| "/".to_owned());
        let is_mqtt = self.target.is_mqtt();
        let what = match is_mqtt {
            true => "MQTT CONNECT without user name, without TLS".to_owned(),
            false => format!("{} without TLS", Question::Page.in_words(&resource)),
        };
        let (stream, deadline) = match self.open(port).await {
            Ok(opened) => opened,
            Err(fault) => {
                let reason = fault.in_one_line();
                let is_closed = match fault {
                    Fault::Refused => true,
                    // A firewall in front of the port beside it says nothing, which is as good.
                    Fault::TimedOut(_) => probe == Probe::PlainPort && Instant::now() < self.end,
                    _ => false,
                };
                match is_closed {
                    true => self.note(probe, port, what, reason.clone()),
                    false => self.cannot_tell(probe, reason.clone()),
                }
                return Plain::Refused(reason);
            }
        };
        let answer = if is_mqtt {
            within(deadline, mqtt::ask(stream, self.client.random())).await.map(Plain::Mqtt)
        } else {
            let asked = within(deadline, ask(stream, &to, false, &resource, Question::Page)).await;
            asked.map(|response| Plain::Http(HttpAnswer::new(&response)))
        };
        let answer = answer.unwrap_or_else(Plain::Refused);
        self.note(probe, port, what, answer.to_string());
        answer
    }

    /// Asks for a page in the name of another one.
    pub(super) async fn web(&mut self, is_tls: bool, can_talk: bool) -> Option<Web> {
        let asks_cors = self.asks(Probe::Cors);
        let probe = if asks_cors { Probe::Cors } else { Probe::Hsts };
        if !self.target.is_web() || !(asks_cors || self.asks(Probe::Hsts)) {
            return None;
        }
        let first = if asks_cors { Question::FromElsewhere } else { Question::Page };
        let mut web = None;
        for question in [first, Question::MayElsewhere] {
            let response = match self.question(probe, is_tls, can_talk, question).await {
                Ok(response) => response,
                Err(reason) if web.is_none() => {
                    self.cannot_tell(probe, reason);
                    return None;
                }
                Err(_) => return web,
            };
            match &mut web {
                None => web = Some(Web::new(&response, is_tls, asks_cors)),
                Some(web) => add_preflight(web, &response),
            }
            let is_told = |web: &Web| web.cors.as_ref().is_none_or(|cors| cors.allow_origin.is_some());
            if web.as_ref().is_some_and(is_told) {
                break;
            }
        }
        web
    }

    async fn question(
        &mut self,
        probe: Probe,
        is_tls: bool,
        can_talk: bool,
        question: Question,
    ) -> Result<hyper::Response<hyper::body::Incoming>, String> {
        let to = self.target.endpoint.host_port();
        let resource = self.target.endpoint.resource.clone().unwrap_or_else(|| "/".to_owned());
        let what = question.in_words(&resource);
        let response = if is_tls {
            let (stream, deadline) = self.secure(probe, can_talk, &what).await?;
            within(deadline, ask(stream, &to, true, &resource, question)).await
        } else {
            let (stream, deadline) = self.open(self.to.port).await.map_err(|fault| fault.in_one_line())?;
            within(deadline, ask(stream, &to, false, &resource, question)).await
        };
        let answer = match &response {
            Ok(response) => Plain::Http(HttpAnswer::new(response)).to_string(),
            Err(reason) => reason.clone(),
        };
        self.note(probe, self.to.port, what, answer);
        response
    }

    pub(super) async fn mqtt(&mut self, can_talk: bool) -> Option<MqttAnswer> {
        let what = "MQTT CONNECT without user name";
        let answer = match self.secure(Probe::Mqtt, can_talk, what).await {
            Ok((stream, deadline)) => {
                let answer = within(deadline, mqtt::ask(stream, self.client.random())).await;
                let in_words = match &answer {
                    Ok(answer) => format!("MQTT: {answer}"),
                    Err(reason) => reason.clone(),
                };
                self.note(Probe::Mqtt, self.to.port, what.to_owned(), in_words);
                answer
            }
            Err(reason) => Err(reason),
        };
        answer.map_err(|reason| self.cannot_tell(Probe::Mqtt, reason)).ok()
    }

    /// Opens a connection with TLS, whoever it is that answers.
    async fn secure(
        &mut self,
        probe: Probe,
        can_talk: bool,
        what: &str,
    ) -> Result<(impl AsyncRead + AsyncWrite + Send + Unpin + use<>, Instant), String> {
        if !can_talk {
            return Err("no request can be sent over a version before TLS 1.2".to_owned());
        }
        self.wait().await.map_err(|fault| fault.in_one_line())?;
        let deadline = soon(self.ask.each).min(self.end);
        let reach = Reach { client: self.client, target: self.to, address: self.peer, deadline, shown: Shown::Anybody };
        let met = reach.shake_hands(&self.target.endpoint).await;
        let reason = match met {
            Ok((_, Some(stream))) => {
                self.listen(None);
                return Ok((stream, deadline));
            }
            Ok((capture, None)) => match capture.handshake {
                super::super::super::Handshake::Broken(fault) | super::super::super::Handshake::Clear(fault) => {
                    fault.in_one_line()
                }
                _ => Fault::Closed.in_one_line(),
            },
            Err((_, fault)) => {
                self.listen(Some(&fault));
                fault.in_one_line()
            }
        };
        self.note(probe, self.to.port, what.to_owned(), reason.clone());
        Err(reason)
    }
}

/// Waits for an answer until a moment; the reason in words where there is none.
async fn within<T, E: Into<Unanswered>>(
    deadline: Instant,
    exchange: impl Future<Output = Result<T, E>>,
) -> Result<T, String> {
    let start = Instant::now();
    match timeout_at(deadline, exchange).await {
        Ok(answer) => answer.map_err(|error| error.into().0),
        Err(_) => Err(Fault::TimedOut(start.elapsed()).in_one_line()),
    }
}

/// Why there was no answer, in words.
struct Unanswered(String);

impl From<Fault> for Unanswered {
    fn from(fault: Fault) -> Unanswered {
        Unanswered(fault.in_one_line())
    }
}

impl From<HttpFault> for Unanswered {
    fn from(fault: HttpFault) -> Unanswered {
        Unanswered(fault.to_string())
    }
}
