//! How the command line says that a job could not be done.

use std::error::Error;
use std::fmt;

use certkit_core::files;
use certkit_core::source::file::FileError;
use certkit_core::source::{CaptureError, DiscoveryError};
use certkit_core::store::StoreError;
use certkit_core::text::{Address, Printable};
use clap::error::{ContextKind, ContextValue, ErrorKind};
use schemars::JsonSchema;
use serde::Serialize;

use crate::hosted::Stopped;
use crate::terminal;

/// A job that could not be done: what happened, where, because of what, and what to type next.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    place: Option<String>,
    source: Option<Box<dyn Error>>,
    /// Reasons that people have been told in a report before.
    told: Vec<String>,
    hints: Vec<String>,
}

/// The document of `certkit.error/1`: what is on standard output where a report was asked for and could not be made.
#[derive(Serialize, JsonSchema)]
pub(crate) struct FailureJson {
    schema: &'static str,
    /// What could not be done, in one sentence.
    what: String,
    /// The file, folder, store, address or option that it is about; null where it is about none of them alone.
    r#where: Option<String>,
    /// The reasons, each the reason of the one before it; of what does not pass the checks, each `ID: what was found`.
    because: Vec<String>,
    /// What to do about it.
    hints: Vec<String>,
}

impl FailureJson {
    fn new(what: String, r#where: Option<String>, because: Vec<String>, hints: Vec<String>) -> FailureJson {
        FailureJson { schema: "certkit.error/1", what, r#where, because, hints }
    }

    /// Says why a command line was not understood: `said` is what people are told.
    pub(crate) fn of_usage(error: &clap::Error, said: &str) -> FailureJson {
        if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            let hints = vec!["`certkit --help` lists the commands".to_owned()];
            return FailureJson::new("no command given".to_owned(), None, Vec::new(), hints);
        }
        let mut paragraphs = said.split("\n\n");
        let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let what = words(paragraphs.next().unwrap_or_default());
        let hints = paragraphs.flat_map(str::lines).map(|line| words(line.trim().trim_start_matches("tip: ")));
        let option = match error.get(ContextKind::InvalidArg) {
            Some(ContextValue::String(option)) => Some(option.clone()),
            Some(ContextValue::Strings(options)) => options.first().cloned(),
            _ => None,
        };
        // What was typed in the place of an option may be an address with a password in it.
        let option = option.filter(|option| said.contains(option.as_str()));
        let what = what.strip_prefix("error: ").map_or(what.clone(), str::to_owned);
        FailureJson::new(what, option, Vec::new(), hints.filter(|hint| !hint.is_empty()).collect())
    }

    /// Writes it.
    pub(crate) fn document(&self) -> String {
        terminal::document(self)
    }
}

/// Where a known error happened.
fn place_of(error: &(dyn Error + 'static)) -> Option<String> {
    let file = |error: &FileError| error.path().display().to_string();
    if let Some(error) = error.downcast_ref::<FileError>() {
        return Some(file(error));
    }
    let written = |error: &files::Error| error.path().display().to_string();
    if let Some(error) = error.downcast_ref::<files::Error>() {
        return Some(written(error));
    }
    if let Some(error) = error.downcast_ref::<CaptureError>() {
        return Some(error.target.to_string());
    }
    if let Some(error) = error.downcast_ref::<DiscoveryError>() {
        return Some(error.target.to_string());
    }
    match error.downcast_ref::<StoreError>()? {
        StoreError::File(error) => Some(file(error)),
        StoreError::Container { path, .. } => Some(path.display().to_string()),
        StoreError::Files(error) => Some(written(error)),
        _ => None,
    }
}

impl From<Stopped> for Failure {
    fn from(stopped: Stopped) -> Failure {
        Failure::new(stopped.to_string())
    }
}

impl Failure {
    /// Says what could not be done.
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), place: None, source: None, told: Vec::new(), hints: Vec::new() }
    }

    /// Says where: in which file, folder, store or option, or at which address.
    pub(crate) fn at(mut self, place: impl fmt::Display) -> Failure {
        self.place = Some(place.to_string());
        self
    }

    /// Adds the reason; it says where, too, unless that is said already.
    pub(crate) fn because(mut self, source: impl Error + 'static) -> Failure {
        self.place = self.place.or_else(|| place_of(&source));
        self.source = Some(Box::new(source));
        self
    }

    /// Adds reasons that people have been told in a report before: documents have them, too.
    pub(crate) fn told(mut self, told: Vec<String>) -> Failure {
        self.told.extend(told);
        self
    }

    /// Adds what the user can do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hints.push(hint.into());
        self
    }

    /// Adds another thing that could not be done in the same run, with its reasons.
    pub(crate) fn and(mut self, other: Failure) -> Failure {
        self.message = format!("{}; and {}", self.in_one_line(), other.in_one_line());
        self.source = None;
        self.hints.extend(other.hints);
        self
    }

    /// The reasons, each once, and none that the sentence before it has said already.
    fn reasons(&self) -> Vec<String> {
        let mut reasons: Vec<String> = Vec::new();
        let mut reason: Option<&dyn Error> = self.source.as_deref();
        while let Some(error) = reason {
            let text = error.to_string();
            if !reasons.last().unwrap_or(&self.message).contains(&text) {
                reasons.push(text);
            }
            reason = error.source();
        }
        reasons
    }

    /// What the user can do about it.
    pub(crate) fn hints(&self) -> &[String] {
        &self.hints
    }

    /// Says it in one line, reasons included and hints left out: for reports that have a place for it.
    pub(crate) fn in_one_line(&self) -> String {
        let mut said = self.message.clone();
        for reason in self.reasons() {
            if !said.contains(&reason) {
                said = format!("{said}: {reason}");
            }
        }
        said
    }

    /// Says it as a document.
    pub(crate) fn document(&self) -> String {
        let because = self.reasons().into_iter().chain(self.told.iter().cloned()).collect();
        FailureJson::new(self.message.clone(), self.place.clone(), because, self.hints.clone()).document()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "certkit: error: {}", Printable(&self.message))?;
        for reason in self.reasons() {
            write!(f, "\n  because: {}", Printable(&reason))?;
        }
        for hint in &self.hints {
            write!(f, "\n  hint: {}", Printable(hint))?;
        }
        Ok(())
    }
}

/// Hides `USER:PASSWORD@` of an argument that is repeated, with or without a scheme before it.
pub(crate) fn without_passwords(text: &str) -> String {
    let hide = |part: &str| if part.contains('@') { Address::new(part).to_string() } else { part.to_owned() };
    let quoted = text.split('\'').map(|part| part.split('`').map(hide).collect::<Vec<_>>().join("`"));
    quoted.collect::<Vec<_>>().join("'")
}
