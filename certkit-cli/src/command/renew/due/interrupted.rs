//! Renewals that were interrupted: whether what uses the files takes them is settled before anything else is done.

use std::path::{Path, PathBuf};

use certkit_core::store::StoreError;
use certkit_core::store::transaction::{Locked, Purpose};

use super::document::{DatesJson, Outcome, RenewalJson};
use super::plan::Job;
use super::{Source, back, shown, used};
use crate::command::trust;
use crate::failure::Failure;

/// A source whose files an interrupted renewal has touched, by its place, and what becomes of it.
struct Concerned<'a> {
    place: usize,
    job: &'a Job,
    told: RenewalJson,
}

/// Has what an interrupted run had renewed used, by whom it was meant for, and taken back where that fails. Where a run was
/// taking it back, the old files are back, and have to be used.
pub(super) fn take_up(sources: &mut [Source<'_>]) {
    for at in 0..sources.len() {
        let source = sources.get(at).filter(|it| it.taken_up.is_none());
        let job = source.and_then(|it| it.job.as_ref().ok()?.as_ref());
        // What hinders here hinders the renewal as well, and is told there.
        let is_unfinished = |job: &&Job| job.state_folder.is_unfinished().unwrap_or_default();
        let locked = job.filter(is_unfinished).and_then(|job| job.state_folder.lock(Purpose::Use).ok());
        let Some(mut locked) = locked else { continue };
        let (pending, back): (Vec<_>, Vec<_>) = (locked.files_pending().collect(), locked.files_put_back().collect());
        let told: Vec<(usize, RenewalJson)> = if pending.is_empty() {
            let mut concerned = concerned(sources, &back);
            concerned.iter_mut().for_each(put_back);
            concerned.into_iter().map(|it| (it.place, it.told)).collect()
        } else {
            let mut concerned = concerned(sources, &pending);
            // What nobody here has renewed waits for whoever has.
            if !concerned.is_empty() {
                settle(&mut locked, &mut concerned);
            }
            concerned.into_iter().map(|it| (it.place, it.told)).collect()
        };
        for (place, told) in told {
            if let Some(source) = sources.get_mut(place) {
                source.taken_up = Some(told);
            }
        }
    }
}

/// The sources that some of these files are of.
fn concerned<'a>(sources: &'a [Source<'_>], files: &[PathBuf]) -> Vec<Concerned<'a>> {
    let mut concerned = Vec::new();
    for (place, Source { watch, job, .. }) in sources.iter().enumerate() {
        let Ok(Some(job)) = job else { continue };
        if job.files().any(|file| files.iter().any(|it| it == file)) {
            let mut told = RenewalJson::new(&watch.source.name, watch.source.owner.clone());
            told.files = shown(job);
            concerned.push(Concerned { place, job, told });
        }
    }
    concerned
}

/// Has the files of an interrupted renewal used; puts the old ones back where that fails.
fn settle(locked: &mut Locked, concerned: &mut [Concerned<'_>]) {
    let mut refused = None;
    for Concerned { job, told, .. } in concerned.iter_mut() {
        told.outcome = Outcome::TakenUp;
        let using = job.held().and_then(|now| {
            told.after = Some(DatesJson::new(&now.old));
            used(job, now.old.der(), &mut told.is_reloaded, &mut told.is_served)
        });
        if let Err(failure) = using {
            told.fail(&failure);
            refused = job.files().next().map(Path::to_owned);
        }
    }
    let sound = refused.map_or(Ok(()), |path| Err(StoreError::NotTakenOver { path }));
    let Err(error) = locked.settle(sound) else { return };
    let is_back = matches!(error, StoreError::NotTakenOver { .. });
    let failure = trust::failed(error);
    for Concerned { job, told, .. } in concerned {
        if told.error.is_none() {
            told.fail(&failure);
        }
        if is_back {
            told.outcome = Outcome::RolledBack;
            use_again(job, told);
        } else {
            told.outcome = Outcome::Failed;
            told.notes.push(failure.in_one_line());
        }
    }
}

/// Has the old files of a renewal used that was being taken back.
fn put_back(Concerned { job, told, .. }: &mut Concerned<'_>) {
    told.outcome = Outcome::RolledBack;
    told.fail(&Failure::new("an earlier renewal failed, and was interrupted while it restored the old files"));
    use_again(job, told);
}

/// Has the old files used, and says whether they are.
fn use_again(job: &Job, told: &mut RenewalJson) {
    let using = job.held().and_then(|now| {
        told.after = Some(DatesJson::new(&now.old));
        used(job, now.old.der(), &mut None, &mut None)
    });
    told.notes.push(back(using));
}
