//! The last step of what makes something: the index, the files, and what is said.

use certkit_core::cert::Certificate;
use certkit_core::container::pem;
use certkit_core::generate::Kind;
use certkit_core::moment::Moment;

use super::{Authority, Output};
use crate::arguments::{Format, FormatArgs};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::files::Files;
use crate::output;
use crate::render::made::Made;
use crate::terminal;

/// What is to be written and said.
#[derive(Debug)]
pub(crate) struct Delivery<'a> {
    /// What was made.
    pub(crate) made: Made<'a>,
    /// The files, but for the index of the CA.
    pub(crate) files: Files,
    /// Who has issued, with what goes into the index of its folder.
    pub(crate) issued: Option<(&'a Authority, Vec<(&'a Certificate, Kind)>)>,
    /// Where the certificate goes.
    pub(crate) output: Output<'a>,
    /// How it is reported.
    pub(crate) format: FormatArgs,
    /// When.
    pub(crate) moment: Moment,
}

impl Delivery<'_> {
    /// Writes the files, all or none, then says what was done.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        let Delivery { mut made, mut files, issued, output, format, moment } = self;
        let mut lock = None;
        if let Some((authority, list)) = &issued {
            if let Some(folder) = &authority.folder {
                let locked = folder.lock()?;
                locked.record(list.iter().copied(), moment, &mut files)?;
                lock = Some(locked);
            }
            match authority.list_note(moment)? {
                Some(overdue) if overdue.is_over => made.warnings.push(overdue.note),
                Some(soon) => made.notes.push(soon.note),
                None => {}
            }
        }
        let written = files.write()?;
        drop(lock);
        match format.chosen() {
            Format::Json => output::print(&terminal::document(&made.json(&written)))?,
            Format::Text => {
                output::note(made.text(&written).trim_end());
                if matches!(output, Output::Standard) {
                    let certificates = made.certificates.iter().map(|it| pem::encode("CERTIFICATE", it.der()));
                    let request = made.request.iter().map(|it| pem::encode("CERTIFICATE REQUEST", it.der()));
                    output::print(&certificates.chain(request).collect::<String>())?;
                }
            }
        }
        // Something was accepted, or wants care.
        let own = if made.warnings.is_empty() { Exit::Fine } else { Exit::Warnings };
        Ok(own.max(Exit::for_severity(made.report.heaviest())))
    }
}
