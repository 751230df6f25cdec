//! Changes that did not come to their end: put back, finished, or left to whoever has to settle them.

use std::ffi::OsStr;
use std::path::{Component, Path};

use super::super::error::StoreError;
use super::Purpose;
use super::disk::{self, Spot};
use super::journal::{self, Journal, State};
use super::locked::{Locked, staged};
use super::record::{self, Record, Touched};
use crate::files::{Doubt, Found};

impl Locked {
    /// A change that waits for what uses its files.
    pub(super) fn waiting(&self, journal: &Journal) -> StoreError {
        StoreError::Waiting { path: self.state_folder.root.clone(), action: journal.record.action.clone() }
    }

    /// Puts the old files back after a change that did not hold. The journal says so first: whoever is killed then has not
    /// left some new files and some old ones that look like a change to be finished.
    ///
    /// Not over what somebody else has written meanwhile: that stays, and is an error.
    pub(super) fn put_back(&self, journal: Journal) -> Result<(), StoreError> {
        for file in &journal.record.files {
            if self.state(&file.path)? != file.after {
                self.ground.state.remove(OsStr::new(journal::NAME))?;
                return Err(StoreError::ChangedSince { path: self.state_folder.base.join(&file.path) });
            }
        }
        let journal = Journal { is_taken_back: true, ..journal };
        journal.write(&self.ground.state, self.ground.owners)?;
        self.restore(&journal.record)?;
        Ok(self.ground.state.remove(OsStr::new(journal::NAME))?)
    }

    /// Puts the old files back as far as the new ones are there.
    fn restore(&self, record: &Record) -> Result<(), StoreError> {
        for (edit, file) in self.undo_edits(record)?.iter().zip(record.files.iter().rev()) {
            let Some(spot) = self.spot(&file.path)? else { continue };
            if spot.state()? == file.after {
                spot.stage(&edit.after, &self.ground.state, &staged(0))?;
                spot.place(&State::of(&edit.after), &self.ground.state, &staged(0))?;
                spot.folder.sync()?;
            }
        }
        Ok(())
    }

    /// Finishes what a killed certkit was about: the change, or taking it back. Clears away what it had only begun.
    pub(super) fn recover(&mut self, purpose: Purpose) -> Result<(), StoreError> {
        let Some(journal) = Journal::read(&self.ground.state, self.ground.owners)? else {
            return disk::clear(&self.ground.state);
        };
        if journal.is_used && purpose == Purpose::Change {
            return Err(self.waiting(&journal));
        }
        if journal.is_taken_back {
            self.recover_put_back(&journal.record)?;
        } else {
            self.recover_change(&journal.record)?;
            if journal.is_used && purpose == Purpose::Use {
                self.pending = Some(journal);
            } else {
                self.recover_record(journal.record)?;
            }
        }
        disk::clear(&self.ground.state)
    }

    /// Goes on with taking a change back.
    fn recover_put_back(&mut self, record: &Record) -> Result<(), StoreError> {
        for file in &record.files {
            let vetted = self.vetted(file).and_then(|spot| match &file.before {
                State::Link(target) if spot.is_some() => self.refuse_leading_out(target, OsStr::new(journal::NAME)),
                _ => Ok(()),
            });
            vetted.map_err(|error| self.in_journal(file, error))?;
        }
        self.restore(record)?;
        self.ground.state.remove(OsStr::new(journal::NAME))?;
        self.forget(record.sequence, &[]);
        self.put_back = Some(record.clone());
        Ok(())
    }

    /// Puts the rest of the new files in place.
    fn recover_change(&self, record: &Record) -> Result<(), StoreError> {
        let mut open = Vec::new();
        for (number, file) in record.files.iter().enumerate() {
            // All is looked at before anything is written.
            let spot = self.interrupted(number, file).map_err(|error| self.in_journal(file, error))?;
            open.extend(spot.map(|spot| (number, file, spot)));
        }
        for (number, file, spot) in open {
            spot.place(&file.after, &self.ground.state, &staged(number))?;
            spot.folder.sync()?;
        }
        Ok(())
    }

    /// Records a change that was finished.
    fn recover_record(&mut self, record: Record) -> Result<(), StoreError> {
        let is_recorded = self.records()?.last().is_some_and(|last| last.sequence >= record.sequence);
        if !is_recorded {
            record::append(&self.ground.state, self.ground.owners, &record)?;
        }
        self.ground.state.remove(OsStr::new(journal::NAME))?;
        self.finished = Some(record);
        Ok(())
    }

    fn in_journal(&self, file: &Touched, source: StoreError) -> StoreError {
        let path = self.ground.state.path(OsStr::new(journal::NAME));
        StoreError::Journal { path, named: file.path.clone(), source: Box::new(source) }
    }

    /// The place of a file that a journal names; a file of somebody else is refused.
    fn vetted(&self, file: &Touched) -> Result<Option<Spot>, StoreError> {
        let spot = self.spot(&file.path)?;
        spot.map(|spot| spot.refuse_foreign(self.ground.owners).map(|()| spot)).transpose()
    }

    /// A link out of the store is nothing that a stranger's journal may make.
    fn refuse_leading_out(&self, target: &str, named: &OsStr) -> Result<(), StoreError> {
        let mut parts = Path::new(target).components();
        match (parts.next(), parts.next()) {
            (Some(Component::Normal(_)), None) => Ok(()),
            _ => Err(self.ground.state.doubt(named, Doubt::Outside).into()),
        }
    }

    /// The place of a file that a journal names, where it is not yet what the change makes of it.
    fn interrupted(&self, number: usize, file: &Touched) -> Result<Option<Spot>, StoreError> {
        let (state, owners, staged) = (&self.ground.state, self.ground.owners, staged(number));
        let Some(spot) = self.vetted(file)? else { return Ok(None) };
        let new = Spot { folder: state.again()?, name: staged.clone() };
        let is_open = match (&file.after, state.found(&staged)?) {
            // Somebody may have written the file anew meanwhile; that one stays.
            (State::Absent, _) => spot.state()? == file.before,
            (_, Found::Absent) => false,
            (State::Link(target), Found::Link) => self.refuse_leading_out(target, &staged).map(|()| true)?,
            (State::File(_), Found::File(about)) if !owners.include(about.rights) => {
                return Err(state.doubt(&staged, Doubt::Foreign).into());
            }
            (State::File(_), Found::File(about)) if about.is_shared => {
                return Err(state.doubt(&staged, Doubt::Shared).into());
            }
            (State::File(_), Found::File(_)) => true,
            _ => return Err(state.doubt(&staged, Doubt::NoFile).into()),
        };
        if is_open && file.after != State::Absent && new.state()? != file.after {
            return Err(state.doubt(&staged, Doubt::Changed).into());
        }
        Ok(is_open.then_some(spot))
    }
}
