//! Changes that did not come to their end: put back, finished, or left to whoever has to settle them.

use std::ffi::OsStr;
use std::path::{Component, Path};

use super::super::error::StoreError;
use super::disk::{self, Spot};
use super::ground::Ground;
use super::holding::{Holding, Sides};
use super::journal::{self, Journal, State};
use super::locked::{Locked, staged};
use super::record::{self, Record, Touched};
use super::{Purpose, StateFolder};
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
        self.ground.refuse_put_back(&self.state_folder, record)?;
        self.restore(record)?;
        self.ground.state.remove(OsStr::new(journal::NAME))?;
        self.forget(record.sequence, &[]);
        self.put_back = Some(record.clone());
        Ok(())
    }

    /// Puts the rest of the new files in place.
    fn recover_change(&self, record: &Record) -> Result<(), StoreError> {
        for (number, spot) in self.ground.interrupted(&self.state_folder, record)? {
            let Some(file) = record.files.get(number) else { continue };
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
}

impl Ground {
    /// The files of an interrupted change that are not yet what it makes of them, by their numbers: all of it is looked at
    /// before anything is written.
    ///
    /// # Errors
    /// What a journal of this store cannot name, content that is not that of such a file, and certificates or lists that the
    /// record does not name.
    pub(super) fn interrupted(
        &self,
        state_folder: &StateFolder,
        record: &Record,
    ) -> Result<Vec<(usize, Spot)>, StoreError> {
        let (mut open, mut holding) = (Vec::new(), Holding::default());
        for (number, file) in record.files.iter().enumerate() {
            let held = self.hold_interrupted(state_folder, record, number, &mut holding);
            open.extend(held.map_err(|error| self.in_journal(&file.path, error))?.map(|spot| (number, spot)));
        }
        let held = holding.refuse_unnamed(state_folder, record);
        held.map(|()| open).map_err(|error| self.unfit(error))
    }

    /// The place of a file, where the change is still to be made; notes what it holds before and after.
    fn hold_interrupted(
        &self,
        state_folder: &StateFolder,
        record: &Record,
        number: usize,
        holding: &mut Holding,
    ) -> Result<Option<Spot>, StoreError> {
        let Some(file) = record.files.get(number) else { return Ok(None) };
        let Some(spot) = self.vetted_spot(state_folder, file)? else { return Ok(None) };
        let now = spot.content()?;
        let is_open = self.is_open(&spot, number, file)?;
        let sides = if is_open {
            let after = match &file.after {
                State::Absent => None,
                State::Link(target) => spot.led_to(Path::new(target))?,
                State::File(_) => Spot { folder: self.state.again()?, name: staged(number) }.content()?,
            };
            state_folder.refuse_unfit(&file.path, now.as_ref().map(|it| &it[..]), after.as_ref().map(|it| &it[..]))?;
            Sides { before: now, after }
        } else if spot.state()? == file.after {
            Sides { before: self.before(state_folder, record, number, file)?, after: now }
        } else {
            // Somebody has written it meanwhile, and it stays.
            Sides { before: now.clone(), after: now }
        };
        holding.hold(&file.path, &sides);
        Ok(is_open.then_some(spot))
    }

    /// Refuses to go on with taking a change back that is not what its record says.
    fn refuse_put_back(&self, state_folder: &StateFolder, record: &Record) -> Result<(), StoreError> {
        let mut holding = Holding::default();
        for (number, file) in record.files.iter().enumerate() {
            let held = self.hold_put_back(state_folder, record, number, file, &mut holding);
            held.map_err(|error| self.in_journal(&file.path, error))?;
        }
        holding.refuse_unnamed(state_folder, record).map_err(|error| self.unfit(error))
    }

    fn hold_put_back(
        &self,
        state_folder: &StateFolder,
        record: &Record,
        number: usize,
        file: &Touched,
        holding: &mut Holding,
    ) -> Result<(), StoreError> {
        let Some(spot) = self.vetted_spot(state_folder, file)? else { return Ok(()) };
        if let State::Link(target) = &file.before {
            self.refuse_leading_out(target, OsStr::new(journal::NAME))?;
        }
        let now = spot.content()?;
        let before = if spot.state()? == file.after {
            let before = self.before(state_folder, record, number, file)?;
            state_folder.refuse_unfit(&file.path, now.as_ref().map(|it| &it[..]), before.as_ref().map(|it| &it[..]))?;
            before
        } else {
            now.clone()
        };
        holding.hold(&file.path, &Sides { before, after: now });
        Ok(())
    }

    fn in_journal(&self, named: &str, source: StoreError) -> StoreError {
        let path = self.state.path(OsStr::new(journal::NAME));
        StoreError::Journal { path, named: named.to_owned(), source: Box::new(source) }
    }

    /// A journal whose record does not say what it is about.
    fn unfit(&self, source: StoreError) -> StoreError {
        match source {
            StoreError::RecordUnfit { sequence, unnamed, .. } => {
                let path = self.state.path(OsStr::new(journal::NAME));
                StoreError::RecordUnfit { path, sequence, unnamed }
            }
            other => other,
        }
    }

    /// The place of a file that a journal names; a file of somebody else is refused.
    fn vetted_spot(&self, state_folder: &StateFolder, file: &Touched) -> Result<Option<Spot>, StoreError> {
        let spot = self.spot(state_folder, &file.path)?;
        spot.map(|spot| spot.refuse_foreign(self.owners).map(|()| spot)).transpose()
    }

    /// A link out of the store is nothing that a stranger's journal may make.
    fn refuse_leading_out(&self, target: &str, named: &OsStr) -> Result<(), StoreError> {
        let mut parts = Path::new(target).components();
        match (parts.next(), parts.next()) {
            (Some(Component::Normal(_)), None) => Ok(()),
            _ => Err(self.state.doubt(named, Doubt::Outside).into()),
        }
    }

    /// Says whether a file that a journal names is not yet what the change makes of it.
    fn is_open(&self, spot: &Spot, number: usize, file: &Touched) -> Result<bool, StoreError> {
        let (state, owners, staged) = (&self.state, self.owners, staged(number));
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
        Ok(is_open)
    }
}
