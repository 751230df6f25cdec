//! `certkit renew --due`: what an inventory says is due, renewed where it lies, and taken back where that is not used.

mod document;
mod held;
mod interrupted;
mod plan;
mod reload;
mod served;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use certkit_core::check::Severity;
use certkit_core::moment::Moment;
use certkit_core::store::StoreError;
use certkit_core::store::transaction::{Author, Happened, Locked, Purpose, Subject};
use certkit_core::store::{Group, List};
use certkit_expiry::{Dated, Element, Entry, Issuers, Seen, State};

pub(crate) use self::document::RenewalsJson;
use self::document::{DatesJson, Outcome, RenewalJson};
use self::held::Held;
use self::plan::{Job, Plan};
use crate::arguments::{Format, FormatArgs};
use crate::command::expiry::{self, Given, Reach, Watch};
use crate::command::trust;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::Files;
use crate::issuance::Authority;
use crate::{output, terminal};

// Renewing what an inventory says.
#[derive(clap::Args, Debug)]
pub(super) struct DueArgs {
    /// Renew what is due in an inventory: every source with `renew` whose certificate is past a threshold.
    #[arg(long, requires = "config", conflicts_with_all = ["certificate", "kind", "issuer", "days", "key", "key_type", "key_out", "partners", "output", "cert_out", "chain_out", "accept", "password_file", "password_env"])]
    due: bool,

    /// The inventory of `certkit expiry` (TOML), with `renew` for the sources to renew.
    #[arg(long, value_name = "FILE", requires = "due")]
    config: Option<PathBuf>,

    /// Show what would be done; nothing is written, and no program is run.
    #[arg(long, requires = "due")]
    dry_run: bool,

    /// With --dry-run: look as if it were this time (RFC 3339 or YYYY-MM-DD); default now.
    #[arg(long, value_name = "TIME", requires = "dry_run")]
    at: Option<Moment>,
}

impl DueArgs {
    /// The inventory, where one is meant.
    pub(super) fn inventory(&self) -> Option<&Path> {
        self.config.as_deref().filter(|_| self.due)
    }
}

/// A source of the inventory, and what was read of it; no job where it is no file.
struct Source<'w> {
    watch: &'w Watch,
    job: Result<Option<Job>, Failure>,
    /// What became of it, where an interrupted run had renewed it.
    taken_up: Option<RenewalJson>,
}

/// What holds for a whole run.
struct Run {
    now: Moment,
    /// The inventory's folder, where it is another than the one that certkit runs in.
    base: Option<PathBuf>,
    rekey: bool,
    dry_run: bool,
    /// The CAs that were opened, by what names them.
    authorities: RefCell<Vec<(String, Rc<Authority>)>>,
}

/// Renews what is due in an inventory.
pub(super) fn run(args: &DueArgs, file: &Path, rekey: bool, format: FormatArgs) -> Result<Exit, Failure> {
    let now = args.at.unwrap_or_else(Moment::now);
    let inventory = expiry::read(file)?;
    let watches = expiry::watches(&[], Some(&inventory), Given::default(), None)?;
    let (wanted, others): (Vec<&Watch>, Vec<&Watch>) = watches.iter().partition(|watch| watch.renewal.is_some());
    if wanted.is_empty() {
        return Err(Failure::new(format!("{}: no source has `renew`", file.display()))
            .at(file.display())
            .hint("add to a source: renew = { issuer = \"plant-ca\" }"));
    }
    if wanted.iter().any(|watch| watch.renewal.as_ref().is_some_and(|it| it.reload.is_some())) {
        // What it names is run.
        reload::require_own(file)?;
    }
    // A program that is named below the inventory's folder is the same wherever it starts.
    let base = inventory.base().map(std::path::absolute).transpose();
    let base = base.map_err(|error| Failure::new("cannot find the folder of the inventory").because(error))?;
    let run = Run { now, base, rekey, dry_run: args.dry_run, authorities: RefCell::default() };
    let sources = wanted.into_iter().map(|watch| Source { watch, job: run.job(watch), taken_up: None });
    let mut sources: Vec<Source<'_>> = sources.collect();
    if !args.dry_run {
        interrupted::take_up(&mut sources);
    }
    let renewals = sources.into_iter().map(|source| run.renewal(source)).collect();
    let document = RenewalsJson::new(now, args.dry_run, others.len(), renewals);
    match format.chosen() {
        Format::Json => output::print(&terminal::document(&document))?,
        Format::Text => output::print_text(&document.text(now))?,
    }
    Ok(document.exit())
}

impl Run {
    /// Reads what the inventory says of a source.
    fn job(&self, watch: &Watch) -> Result<Option<Job>, Failure> {
        match &watch.reach {
            Reach::Path(path) => Job::read(watch, path, self.rekey, self.base.as_deref()).map(Some),
            Reach::Closed(why) => Err(Failure::new(why.to_string()).at(&watch.source.name)),
            _ => Ok(None),
        }
    }

    /// Looks at one source, and renews it where it is due.
    fn renewal(&self, source: Source<'_>) -> RenewalJson {
        let Source { watch, job, taken_up } = source;
        if let Some(told) = taken_up {
            return told;
        }
        let mut told = RenewalJson::new(&watch.source.name, watch.source.owner.clone());
        if let Err(failure) = job.and_then(|job| job.map_or(Ok(()), |job| self.look(watch, &job, &mut told))) {
            told.outcome = if told.outcome == Outcome::RolledBack { Outcome::RolledBack } else { Outcome::Failed };
            told.fail(&failure);
        }
        told
    }

    fn look(&self, watch: &Watch, job: &Job, told: &mut RenewalJson) -> Result<(), Failure> {
        let held = job.held()?;
        told.before = Some(DatesJson::new(&held.old));
        told.outcome = self.outcome(watch, &held.old);
        if self.dry_run && job.state_folder.is_unfinished().map_err(trust::failed)? {
            told.notes.push("an earlier change of these files was interrupted; the next run completes it".to_owned());
        }
        if told.outcome != Outcome::Due {
            return Ok(());
        }
        if self.dry_run {
            let plan = self.plan(watch, job, held)?;
            tell(&plan, job, told);
            return Ok(());
        }
        let locked = job.state_folder.lock(Purpose::Change).map_err(trust::failed)?;
        // Another run may have renewed it before this one held the lock.
        let held = job.held()?;
        told.outcome = self.outcome(watch, &held.old);
        if told.outcome != Outcome::Due {
            told.before = Some(DatesJson::new(&held.old));
            return Ok(());
        }
        let plan = self.plan(watch, job, held)?;
        self.make(job, &locked, &plan, told)
    }

    /// Plans a renewal that helps: one that would be due again at once is none.
    fn plan(&self, watch: &Watch, job: &Job, held: Held) -> Result<Plan, Failure> {
        let authority = if job.stays_self_signed(&held.old) { None } else { self.authority(job)? };
        let plan = job.plan(held, authority, self.now)?;
        match self.outcome(watch, &plan.new) {
            Outcome::Due => {
                let end = plan.new.not_after().map(Moment::date).unwrap_or_default();
                Err(Failure::new(format!("a new certificate would end on {end}, and be due at once"))
                    .hint("the CA itself may end soon, or `days` is less than `warn`"))
            }
            _ => Ok(plan),
        }
    }

    /// Whether a certificate is due, as `certkit expiry` judges it.
    fn outcome(&self, watch: &Watch, certificate: &certkit_core::cert::Certificate) -> Outcome {
        let dated = Dated::certificate(certificate, Element::Leaf, None, &mut Issuers::default());
        let entry = Entry::new(&watch.source, "", 1, Seen::Dated(Box::new(dated)), self.now);
        match (entry.state, entry.waiver()) {
            (State::Ok, _) => Outcome::NotDue,
            (_, Some(_)) => Outcome::Waived,
            (_, None) => Outcome::Due,
        }
    }

    /// The CA of a source, opened once for all that it signs.
    fn authority(&self, job: &Job) -> Result<Option<Rc<Authority>>, Failure> {
        let name = job.issuer_name();
        if let Some((_, known)) = self.authorities.borrow().iter().find(|(known, _)| *known == name) {
            return Ok(Some(Rc::clone(known)));
        }
        let Some(opened) = job.authority()? else { return Ok(None) };
        let opened = Rc::new(opened);
        self.authorities.borrow_mut().push((name, Rc::clone(&opened)));
        Ok(Some(opened))
    }

    /// Writes the files, has them used, and puts the old ones back where they are not.
    fn make(&self, job: &Job, locked: &Locked, plan: &Plan, told: &mut RenewalJson) -> Result<(), Failure> {
        // A certificate must not be out without an entry in the index of its CA; one that is not used does no harm there.
        self.record(plan, told)?;
        let author = Author { user: trust::user(), called_by: trust::caller(), moment: self.now, reason: None };
        let subject = Subject::of(&plan.new, None, Some(List::Own), Group::default());
        let happened =
            Happened { action: "renew".to_owned(), certificates: vec![subject], is_used: true, ..Happened::default() };
        let refused: RefCell<Option<Failure>> = RefCell::new(None);
        let (is_reloaded, is_served) = (&mut told.is_reloaded, &mut told.is_served);
        let uses = RefCell::new((is_reloaded, is_served));
        let is_sound = || {
            let mut uses = uses.borrow_mut();
            let (is_reloaded, is_served) = &mut *uses;
            used(job, plan.new.der(), is_reloaded, is_served).map_err(|failure| {
                *refused.borrow_mut() = Some(failure);
                StoreError::NotTakenOver { path: job.files().next().map(Path::to_owned).unwrap_or_default() }
            })
        };
        let committed = locked.commit(&plan.edits, &author, happened, &is_sound);
        let refused = refused.take();
        match (committed, refused) {
            (Ok(_), _) => {
                tell(plan, job, told);
                told.outcome = Outcome::Renewed;
                Ok(())
            }
            (Err(StoreError::NotTakenOver { .. }), Some(failure)) => {
                told.outcome = Outcome::RolledBack;
                told.notes.push(back(used(job, plan.old.der(), &mut None, &mut None)));
                Err(failure)
            }
            (Err(error), refused) => {
                if let Some(failure) = refused {
                    told.notes.push(failure.in_one_line());
                }
                Err(trust::failed(error))
            }
        }
    }

    /// Enters the new certificate into the index of its CA.
    fn record(&self, plan: &Plan, told: &mut RenewalJson) -> Result<(), Failure> {
        let Some(authority) = &plan.issuer else { return Ok(()) };
        if let Some(folder) = &authority.folder {
            let lock = folder.lock()?;
            let mut files = Files::default();
            lock.record([(&plan.new, plan.kind)], self.now, &mut files)?;
            files.write()?;
        }
        if let Some(overdue) = authority.list_note(self.now)? {
            told.has_warnings |= overdue.is_over;
            told.notes.push(overdue.note);
        }
        Ok(())
    }
}

/// Has files used: runs the program, and waits until the server shows the certificate.
fn used(
    job: &Job,
    certificate: &[u8],
    is_reloaded: &mut Option<bool>,
    is_served: &mut Option<bool>,
) -> Result<(), Failure> {
    if let Some(reload) = &job.reload {
        *is_reloaded = Some(false);
        reload.run()?;
        *is_reloaded = Some(true);
    }
    if let Some(endpoint) = &job.endpoint {
        *is_served = Some(false);
        served::wait_for(endpoint, certificate, job.patience)?;
        *is_served = Some(true);
    }
    Ok(())
}

/// Says whether the old files are in use again.
fn back(used: Result<(), Failure>) -> String {
    match used {
        Ok(()) => "the old files are restored, and in use".to_owned(),
        Err(failure) => {
            format!("the old files are restored; cannot verify that they are in use: {}", failure.in_one_line())
        }
    }
}

/// The names of the files of a source.
fn shown(job: &Job) -> Vec<String> {
    job.files().map(|path| path.display().to_string()).collect()
}

/// Says what a plan comes to.
fn tell(plan: &Plan, job: &Job, told: &mut RenewalJson) {
    told.after = Some(DatesJson::new(&plan.new));
    told.has_new_key = Some(plan.has_new_key);
    told.files = shown(job);
    told.partners.clone_from(&plan.partners);
    told.notes.extend(plan.dropped.iter().map(|it| format!("not granted: {it}")));
    let accepted = plan.report.weights().filter(|(_, severity)| *severity > Severity::Info);
    told.notes.extend(accepted.map(|(check, _)| format!("accepted: {}", check.id)));
    told.has_warnings |= plan.report.heaviest() > Some(Severity::Info);
    told.notes.push(plan.note.clone());
}
