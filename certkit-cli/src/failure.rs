//! How the command line says that a job could not be done.

use std::error::Error;
use std::fmt;

use certkit_core::text::Printable;

/// A job that could not be done: what happened, because of what, and what to type next.
#[derive(Debug)]
pub(crate) struct Failure {
    message: String,
    source: Option<Box<dyn Error>>,
    hints: Vec<String>,
}

impl Failure {
    /// Says what could not be done.
    pub(crate) fn new(message: impl Into<String>) -> Failure {
        Failure { message: message.into(), source: None, hints: Vec::new() }
    }

    /// Adds the reason.
    pub(crate) fn because(mut self, source: impl Error + 'static) -> Failure {
        self.source = Some(Box::new(source));
        self
    }

    /// Adds what the user can do about it.
    pub(crate) fn hint(mut self, hint: impl Into<String>) -> Failure {
        self.hints.push(hint.into());
        self
    }

    /// Says it in one line, reasons included and hints left out: for reports that have a place for it.
    pub(crate) fn in_one_line(&self) -> String {
        let mut said = self.message.clone();
        let mut reason: Option<&dyn Error> = self.source.as_deref();
        while let Some(error) = reason {
            let text = error.to_string();
            if !said.contains(&text) {
                said = format!("{said}: {text}");
            }
            reason = error.source();
        }
        said
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "certkit: error: {}", Printable(&self.message))?;
        let mut reason: Option<&dyn Error> = self.source.as_deref();
        let mut said = self.message.clone();
        while let Some(error) = reason {
            let text = error.to_string();
            if !said.contains(&text) {
                write!(f, "\n  because: {}", Printable(&text))?;
                said = text;
            }
            reason = error.source();
        }
        for hint in &self.hints {
            write!(f, "\n  hint: {}", Printable(hint))?;
        }
        Ok(())
    }
}
