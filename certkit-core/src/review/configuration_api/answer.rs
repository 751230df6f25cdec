//! How a path is asked for, and what an answer is that shows nothing.

use std::time::Duration;

use super::super::facts::SourceFacts;
use super::{QUESTIONS, ROOT, Reply, Round, SWITCHED_OFF, WAIT, WAITS};
use crate::source::{Body, ConversationError, Head, HttpFault};
use crate::text::{plural, shown};

/// What is said of a web page in place of an answer.
const PAGE: &str = "it answers with a web page: is it a proxy, or a portal that wants a log-in?";

impl Round<'_, '_> {
    /// Asks for a path and reads the answer. What a path does not show is noted, and no error.
    pub(super) fn get<T>(&mut self, path: &str, read: impl FnOnce(&mut Body<'_, '_>) -> Result<T, String>) -> Reply<T> {
        let what = format!("GET {ROOT}{path}");
        let full = format!("{ROOT}{path}");
        let mut waits: u32 = 0;
        loop {
            self.questions = self.questions.saturating_add(1);
            if self.questions > QUESTIONS {
                self.facts.error.get_or_insert(format!("more than {QUESTIONS} questions would be needed"));
                return Reply::Ended;
            }
            let (head, mut body) = match self.conversation.get(&full) {
                Ok(answer) => answer,
                Err(error) => {
                    self.facts.note_asked(what, shown(&error.to_string()), false);
                    // One path that hangs or breaks off says nothing of the others; a server that is not there does.
                    let is_local =
                        matches!(&error, ConversationError::Http(fault) if !matches!(fault, HttpFault::NotHttp(_)));
                    if is_local && self.facts.product.is_some() {
                        break;
                    }
                    fail(self.facts, &error);
                    return Reply::Ended;
                }
            };
            let (outcome, is_ended) = match head.status {
                200 => {
                    let is_page = head.content_type.as_deref().is_some_and(|it| it.contains("html"));
                    let read = if is_page { Err(PAGE.to_owned()) } else { read(&mut body) };
                    drop(body);
                    return self.answered(&what, path, read, is_page);
                }
                429 | 503 if waits < WAITS => {
                    drop(body);
                    waits = waits.saturating_add(1);
                    let wait = head.retry_after.map_or(Duration::from_secs(1), Duration::from_secs).min(WAIT);
                    std::thread::sleep(wait);
                    continue;
                }
                status => {
                    drop(body);
                    self.refused(status, &head)
                }
            };
            self.facts.note_asked(what, outcome, false);
            if matches!(head.status, 429 | 500..=599) {
                break;
            }
            return if is_ended { Reply::Ended } else { Reply::NotShown };
        }
        self.unanswered.extend(self.facts.last_refusal());
        Reply::NotShown
    }

    fn answered<T>(&mut self, what: &str, path: &str, read: Result<T, String>, is_page: bool) -> Reply<T> {
        match read {
            Ok(read) => {
                self.facts.note_asked(what, "200", true);
                self.is_logged_in |= path != "/about";
                Reply::Shown(read)
            }
            Err(error) => {
                self.facts.note_asked(what, format!("200, but {}", shown(&error)), false);
                if path == "/about" {
                    let error = if is_page { PAGE.to_owned() } else { format!("it is no Configuration API: {error}") };
                    self.facts.error.get_or_insert(error);
                    return Reply::Ended;
                }
                self.unreadable.extend(self.facts.last_refusal());
                Reply::NotShown
            }
        }
    }

    /// What a refusal means, and whether it ends everything.
    fn refused(&mut self, status: u16, head: &Head) -> (String, bool) {
        match status {
            401 if !self.is_logged_in => {
                let (error, hint) = if self.has_user {
                    (
                        "the user or the password was refused (401); it was not tried again, since accounts are locked",
                        "look at \
                      --user and the password; Settings | User Manager | the user tells whether it is enabled",
                    )
                } else {
                    (
                        "it asks for a log-in (401)",
                        "--user NAME with --password-file FILE, --password-env VAR or --password-prompt",
                    )
                };
                self.facts.error.get_or_insert(error.to_owned());
                self.facts.hints.push(hint.to_owned());
                ("401: the log-in was refused".to_owned(), true)
            }
            401 | 403 => (format!("{status}: not visible for this user"), false),
            404 => ("404: it has no such path".to_owned(), false),
            429 | 503 => (format!("{status}: it is busy, and was after {WAITS} more tries"), false),
            500..=599 => (format!("{status}: it has failed"), false),
            300..=399 => {
                let to = head.location.as_ref().map(|it| format!(" to {it}")).unwrap_or_default();
                let error = format!("it redirects{to} ({status}); redirects are never followed");
                let is_first = self.facts.product.is_none();
                if is_first {
                    self.facts.error.get_or_insert(error.clone());
                }
                (error, is_first)
            }
            status => (format!("{status}"), false),
        }
    }

    /// What has shown nothing may be another server, or an API that is switched off.
    pub(super) fn tell_silent(&mut self) {
        let why = self.facts.last_refusal().unwrap_or_else(|| "it was not asked".to_owned());
        self.facts.error.get_or_insert(format!("it shows no Configuration API of Kepware: {why}"));
        self.facts.hints.push(SWITCHED_OFF.to_owned());
    }

    /// What is answered with something else stands for what nobody has seen: a proxy's page, or garbage.
    pub(super) fn tell_unreadable(&mut self) {
        let Some(first) = self.unreadable.first() else { return };
        let count = self.unreadable.len();
        let paths = plural(count, "path was answered", "paths were answered");
        self.facts.error.get_or_insert(format!("{count} {paths} with what cannot be read: {first}"));
        self.facts.hints.push(
            "is there a proxy or a portal in between, and has this port a Configuration API behind it? --format json lists \
             every answer"
                .to_owned(),
        );
    }

    /// What was not answered in time, or by a server that was busy or failed, may hold what nobody has seen.
    pub(super) fn tell_unanswered(&mut self) {
        let Some(first) = self.unanswered.first() else { return };
        let count = self.unanswered.len();
        let paths = plural(count, "path was", "paths were");
        self.facts.error.get_or_insert(format!("{count} {paths} not answered: {first}"));
        self.facts.hints.push("review it again when it is less busy, or give it more time: --timeout 30s".to_owned());
    }
}

pub(super) fn fail(facts: &mut SourceFacts, error: &ConversationError) {
    let mut said = error.to_string();
    let mut reason = std::error::Error::source(error);
    while let Some(inner) = reason {
        let inner_said = inner.to_string();
        if !said.contains(&inner_said) {
            said = format!("{said}: {inner_said}");
        }
        reason = inner.source();
    }
    match error {
        ConversationError::Refused(_) => facts.hints.push(
            "--trust FILE names the CA of its certificate; --pin SHA256 takes this very certificate. No credentials were sent"
                .to_owned(),
        ),
        ConversationError::Unreached(_) => facts.hints.push(SWITCHED_OFF.to_owned()),
        _ => {}
    }
    facts.error.get_or_insert(said);
}
