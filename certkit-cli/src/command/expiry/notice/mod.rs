//! Tells people and programs of a run: by mail, and by a web hook.
//!
//! What is wrong with an address, a secret or a template is told before anything is looked at. Nothing is sent twice: what
//! fails is an error of the run, whose reports are written by then.

mod hook;
mod mail;
mod smtp;
mod template;

use std::path::Path;

use certkit_core::moment::Moment;
use certkit_expiry::State;
use certkit_expiry::run_report::RunReport;

use super::config::{Inventory, StateToml};
use crate::failure::Failure;
use hook::Hook;
use mail::Mail;
use template::Words;

/// Who is told of a run.
pub(super) struct Notices {
    mail: Option<Mail>,
    hook: Option<Hook>,
}

impl Notices {
    /// Reads what the inventory says; asks nobody.
    pub(super) fn read(inventory: &Inventory, moment: Moment) -> Result<Notices, Failure> {
        let base = inventory.base();
        let mail = inventory.mail().map(|mail| Mail::read(mail, base)).transpose()?;
        let hook = inventory.hook().map(|hook| Hook::read(hook, base)).transpose()?;
        let notices = Notices { mail, hook };
        // A template that cannot be filled is found now, and not when it is needed.
        let nothing = certkit_expiry::Report::default();
        let words = Words::of(&RunReport::alone(&nothing, moment, None))?;
        notices.mail.iter().try_for_each(|mail| mail.message(&words).map(drop))?;
        notices.hook.iter().try_for_each(|hook| hook.message(&words).map(drop))?;
        Ok(notices)
    }

    /// Tells whoever wants to know of what was seen.
    pub(super) fn send(&self, run: &RunReport<'_>) -> Result<(), Failure> {
        let worst = match run.unexpected().next() {
            Some(_) => run.report.tally.worst().max(State::Critical),
            None => run.report.tally.worst(),
        };
        let words = Words::of(run)?;
        let mail = self.mail.iter().filter(|mail| worst >= mail.at_least).try_for_each(|mail| mail.send(&words));
        let hook = self.hook.iter().filter(|hook| worst >= hook.at_least).try_for_each(|hook| hook.send(&words));
        // That one way is closed must not close the other, nor hide that it is closed, too.
        match (mail, hook) {
            (Err(mail), Err(hook)) => Err(mail.and(hook)),
            (mail, hook) => mail.and(hook),
        }
    }
}

impl From<StateToml> for State {
    fn from(state: StateToml) -> State {
        match state {
            StateToml::Ok => State::Ok,
            StateToml::Warning => State::Warning,
            StateToml::Unknown => State::Unknown,
            StateToml::Critical => State::Critical,
            StateToml::Expired => State::Expired,
        }
    }
}

/// A path of the inventory.
fn below(base: Option<&Path>, path: &Path) -> std::path::PathBuf {
    base.map_or_else(|| path.to_owned(), |base| base.join(path))
}
