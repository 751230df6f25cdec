//! What came of a run: for people, and as JSON.

use certkit_core::cert::Certificate;
use certkit_core::moment::{self, Moment};
use certkit_core::text::{Hex, Printable, plural};
use schemars::JsonSchema;
use serde::Serialize;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::render::made::PartnerJson;
use crate::terminal::style::{self, paint};

/// The document of `certkit.renewals/1`: what `certkit renew --due` has renewed.
#[derive(Serialize, JsonSchema)]
pub(crate) struct RenewalsJson {
    schema: &'static str,
    /// The time of the run.
    moment: String,
    /// Whether it was a trial: nothing was written then, and no program was run.
    dry_run: bool,
    /// How many sources of the inventory have no `renew`, and were not looked at.
    without_renew: usize,
    /// The sources that have `renew`, in the order of the inventory.
    renewals: Vec<RenewalJson>,
}

/// What became of one source.
#[derive(Serialize, JsonSchema)]
pub(crate) struct RenewalJson {
    /// The source, as the inventory names it.
    pub(crate) source: String,
    pub(crate) owner: Option<String>,
    pub(crate) outcome: Outcome,
    /// The certificate that stood there at the beginning; null where the file could not be read.
    pub(crate) before: Option<DatesJson>,
    /// The certificate that stands there now or, of a trial, one like it; null where none was made.
    pub(crate) after: Option<DatesJson>,
    /// Whether the private key is a new one; null where no certificate was made.
    pub(crate) has_new_key: Option<bool>,
    /// The files that were written or would be.
    pub(crate) files: Vec<String>,
    /// Who has to trust the new certificate.
    pub(crate) partners: Vec<PartnerJson>,
    /// Whether the program of `reload` was run, and was successful; null where there is none or it was not run.
    pub(crate) is_reloaded: Option<bool>,
    /// Whether the server of `endpoint` shows the new certificate; null where none is named or it was not asked.
    pub(crate) is_served: Option<bool>,
    /// What else the user should know.
    pub(crate) notes: Vec<String>,
    /// Why it could not be looked at or renewed, in one line; null where nothing failed.
    pub(crate) error: Option<String>,
    /// What to do about that.
    pub(crate) hints: Vec<String>,
    #[serde(skip)]
    pub(crate) has_warnings: bool,
}

/// What became of a source, in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Outcome {
    /// Enough validity is left.
    NotDue,
    /// It is due, and a waiver of the inventory sets that aside.
    Waived,
    /// It is due: a trial would have renewed it.
    Due,
    /// It was renewed.
    Renewed,
    /// A run that was interrupted had renewed it; the server was made to read it now.
    TakenUp,
    /// The server did not take the new certificate: the old files are back.
    RolledBack,
    /// It could not be looked at, or is due and was not renewed; the files are as they were.
    Failed,
}

/// A certificate with its dates.
#[derive(Clone, Serialize, JsonSchema)]
pub(crate) struct DatesJson {
    subject_dn: String,
    serial_hex: String,
    fingerprint_sha256: String,
    not_before: Option<String>,
    not_after: Option<String>,
    #[serde(skip)]
    end: Option<Moment>,
}

impl DatesJson {
    pub(crate) fn new(certificate: &Certificate) -> DatesJson {
        let end = certificate.not_after().ok();
        DatesJson {
            subject_dn: certificate.subject().to_string(),
            serial_hex: certificate.serial().to_hex(),
            fingerprint_sha256: Hex(certificate.fingerprint_sha256()).to_string(),
            not_before: certificate.not_before().ok().map(|it| it.to_string()),
            not_after: end.map(|it| it.to_string()),
            end,
        }
    }
}

impl RenewalJson {
    /// Starts with a source that is not due.
    pub(crate) fn new(source: &str, owner: Option<String>) -> RenewalJson {
        RenewalJson {
            source: source.to_owned(),
            owner,
            outcome: Outcome::NotDue,
            before: None,
            after: None,
            has_new_key: None,
            files: Vec::new(),
            partners: Vec::new(),
            is_reloaded: None,
            is_served: None,
            notes: Vec::new(),
            error: None,
            hints: Vec::new(),
            has_warnings: false,
        }
    }

    /// Says why it could not be looked at or renewed, and what to do.
    pub(crate) fn fail(&mut self, failure: &Failure) {
        self.error = Some(failure.in_one_line());
        self.hints = failure.hints().to_vec();
    }

    /// The exit status that it calls for.
    fn exit(&self) -> Exit {
        match self.outcome {
            Outcome::RolledBack | Outcome::Failed => Exit::Errors,
            Outcome::Due => Exit::Warnings,
            _ if self.has_warnings => Exit::Warnings,
            _ => Exit::Fine,
        }
    }

    fn text(&self, moment: Moment) -> String {
        let (style, word) = match self.outcome {
            Outcome::NotDue => (style::GOOD, "not due"),
            Outcome::Waived => (style::DIM, "waived"),
            Outcome::Due => (style::CARE, "due"),
            Outcome::Renewed => (style::GOOD, "renewed"),
            Outcome::TakenUp => (style::GOOD, "taken up"),
            Outcome::RolledBack => (style::BAD, "ROLLED BACK"),
            Outcome::Failed => (style::BAD, "FAILED"),
        };
        let end = |dates: &Option<DatesJson>, word: &str| {
            let end = dates.as_ref().and_then(|it| it.end);
            end.map(|end| format!("{word} {} ({})", end.date(), moment::distance(end, moment)))
        };
        let ends = match self.outcome {
            Outcome::Renewed | Outcome::TakenUp => end(&self.after, "now valid until"),
            Outcome::Due => end(&self.before, "ends")
                .zip(end(&self.after, "would be valid until"))
                .map(|(a, b)| format!("{a}, {b}")),
            _ => end(&self.before, "ends"),
        };
        let mut text = format!("{}  {}", paint(style, format_args!("{word:11}")), Printable(&self.source));
        text += &ends.map(|ends| format!("  {ends}")).unwrap_or_default();
        text += &self.owner.as_ref().map(|owner| format!("  {}", Printable(owner))).unwrap_or_default();
        text.push('\n');
        let mut line = |words: String| text += &format!("{}\n", crate::terminal::wrap(&words, 4));
        let key = self.has_new_key.map(|is_new| if is_new { "with a new key" } else { "with the same key" });
        if let (Some(key), false) = (key, self.files.is_empty()) {
            let files: Vec<String> = self.files.iter().map(|it| Printable(it).to_string()).collect();
            let verb = if self.outcome == Outcome::Due { "would write" } else { "wrote" };
            if self.outcome != Outcome::RolledBack {
                line(format!("{verb} {} {key}", files.join(", ")));
            }
        }
        if self.is_reloaded == Some(true) {
            line("the program of `reload` was successful".to_owned());
        }
        if self.is_served == Some(true) {
            line("the server shows the new certificate".to_owned());
        }
        if !self.partners.is_empty() {
            let count = self.partners.len();
            line(format!("{count} {} trust the new certificate:", plural(count, "partner has to", "partners have to")));
        }
        for partner in &self.partners {
            let uri = partner.application_uri.as_deref().map(|uri| format!("  {}", Printable(uri))).unwrap_or_default();
            line(format!("  {}{uri}  {}", Printable(&partner.name), Printable(&partner.origin)));
        }
        for note in &self.notes {
            line(format!("note: {}", Printable(note)));
        }
        if let Some(error) = &self.error {
            line(format!("because: {}", Printable(error)));
        }
        for hint in &self.hints {
            line(format!("hint: {}", Printable(hint)));
        }
        text
    }
}

impl RenewalsJson {
    pub(crate) fn new(moment: Moment, dry_run: bool, without_renew: usize, renewals: Vec<RenewalJson>) -> RenewalsJson {
        RenewalsJson { schema: "certkit.renewals/1", moment: moment.to_string(), dry_run, without_renew, renewals }
    }

    /// The exit status of the run.
    pub(crate) fn exit(&self) -> Exit {
        self.renewals.iter().map(RenewalJson::exit).max().unwrap_or(Exit::Fine)
    }

    pub(crate) fn text(&self, moment: Moment) -> String {
        let mut text: String = self.renewals.iter().map(|it| it.text(moment)).collect();
        let count = |outcome| self.renewals.iter().filter(|it| it.outcome == outcome).count();
        let parts = [
            (Outcome::Renewed, "renewed"),
            (Outcome::TakenUp, "taken up"),
            (Outcome::Due, "due"),
            (Outcome::RolledBack, "rolled back"),
            (Outcome::Failed, "failed"),
            (Outcome::Waived, "waived"),
            (Outcome::NotDue, "not due"),
        ];
        let told = parts.into_iter().map(|(outcome, word)| (count(outcome), word)).filter(|(count, _)| *count > 0);
        let mut summary = told.map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ");
        if self.dry_run {
            summary += "; nothing was written";
        }
        text += &format!("\n{summary}\n");
        if self.without_renew > 0 {
            let count = self.without_renew;
            text += &format!(
                "{count} {} no `renew` in the inventory: `certkit expiry` looks at them\n",
                plural(count, "source has", "sources have")
            );
        }
        text
    }
}
