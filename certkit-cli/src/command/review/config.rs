//! What a plant has decided: the table `review` of its TOML file, which `certkit expiry` reads, too.

use std::path::{Path, PathBuf};

use certkit_core::moment::DAY;
use certkit_core::review::choices::{self, ANSWER_DAYS, Answer, Choices, Waiver};
use certkit_core::review::facts::Version;
use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::names::tidy;
use crate::command::expiry::{UntilToml, nearest, text_of, unreadable, until};
use crate::failure::Failure;

/// The file of `certkit review --config`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct PlantToml {
    /// What is for the review.
    #[serde(default)]
    review: ReviewToml,
    /// What `certkit expiry` reads of the same file; passed over here.
    #[serde(default)]
    #[schemars(skip)]
    #[expect(dead_code, reason = "it is there so that one file may serve both commands")]
    defaults: Option<IgnoredAny>,
    #[serde(default)]
    #[schemars(skip)]
    #[expect(dead_code, reason = "it is there so that one file may serve both commands")]
    group: Option<IgnoredAny>,
    #[serde(default)]
    #[schemars(skip)]
    #[expect(dead_code, reason = "it is there so that one file may serve both commands")]
    source: Option<IgnoredAny>,
}

/// Sources, waivers and answers.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct ReviewToml {
    /// The oldest version of Kepware that is wanted, such as "6.18".
    minimum_version: Option<String>,
    /// What is reviewed.
    #[serde(default)]
    source: Vec<SourceToml>,
    /// Deviations that somebody has decided.
    #[serde(default)]
    waiver: Vec<WaiverToml>,
    /// What persons have confirmed.
    #[serde(default)]
    answer: Vec<AnswerToml>,
}

/// A source.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct SourceToml {
    /// kepware+https://HOST:57512, or a project file. Paths start at the folder of this file.
    pub(super) at: String,
    /// The user name for the Configuration API.
    pub(super) user: Option<String>,
    /// The password is the first line of this file.
    pub(super) password_file: Option<PathBuf>,
    /// The password is in this environment variable.
    pub(super) password_env: Option<String>,
    /// What to trust for its certificate.
    #[serde(default)]
    pub(super) trust: Vec<String>,
    /// Take the server's certificate with this SHA-256.
    pub(super) pin: Option<String>,
}

/// A deviation that somebody has decided.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct WaiverToml {
    /// The id or clause of a duty, such as "5.2.1".
    duty: Option<String>,
    /// The id of a finding, such as "kepware-rest-server-cors", in place of a duty.
    finding: Option<String>,
    /// Only for this source, as it is named.
    source: Option<String>,
    /// Who answers for it.
    owner: String,
    /// Why it may be.
    reason: String,
    /// The last day on which it holds (2027-01-31), or the moment at which it ends (RFC 3339).
    #[schemars(with = "String")]
    until: UntilToml,
}

/// What a person has confirmed.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct AnswerToml {
    /// The id of the duty, such as "5.3.1".
    duty: String,
    /// Whether it is met.
    met: bool,
    /// Who says so.
    by: String,
    /// On which day it was said.
    #[schemars(with = "String")]
    on: UntilToml,
    /// The last day on which it holds; a year after it was said, where nothing stands here.
    #[schemars(with = "Option<String>")]
    until: Option<UntilToml>,
    /// What else is to be said.
    note: Option<String>,
}

/// What was decided, made out.
#[derive(Debug, Default)]
pub(super) struct Plant {
    /// The folder at which its paths start.
    pub(super) base: Option<PathBuf>,
    pub(super) minimum: Option<Version>,
    pub(super) sources: Vec<SourceToml>,
    pub(super) choices: Choices,
}

impl Plant {
    /// The sources as files; what is an address is none that exists.
    pub(super) fn files(&self) -> impl Iterator<Item = PathBuf> {
        let base = self.base.clone().unwrap_or_default();
        self.sources.iter().map(move |it| base.join(&it.at))
    }
}

/// Reads the file.
pub(super) fn read(path: &Path) -> Result<Plant, Failure> {
    let text = text_of(path)?;
    let plant: PlantToml = toml::from_str(&text).map_err(|error| unreadable(path, &text, &error, "review-config"))?;
    let fault = |what: String| Failure::new(format!("{}: {what}", path.display()));
    let review = plant.review;
    let minimum = review.minimum_version.as_deref().map(|text| {
        Version::parse(text)
            .ok_or_else(|| fault(format!("`{text}` is not a version")).hint("minimum-version = \"6.18\""))
    });
    let waivers = review.waiver.iter().map(|it| it.read(&fault)).collect::<Result<_, _>>()?;
    let answers = review.answer.iter().map(|it| it.read(&fault)).collect::<Result<_, _>>()?;
    Ok(Plant {
        base: path.parent().filter(|folder| !folder.as_os_str().is_empty()).map(Path::to_owned),
        minimum: minimum.transpose()?,
        sources: review.source,
        choices: Choices { waivers, answers },
    })
}

/// Requires that an id is one that certkit knows.
fn known(about: &str, fault: &impl Fn(String) -> Failure) -> Result<(), Failure> {
    if choices::is_known(about) {
        return Ok(());
    }
    let failure = fault(format!("unknown duty or finding `{about}`"));
    Err(match nearest(about, choices::known()) {
        Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
        None => failure.hint("`certkit review --json` lists the ids"),
    })
}

fn end(text: &str, fault: &impl Fn(String) -> Failure) -> Result<certkit_core::moment::Moment, Failure> {
    until(text).ok_or_else(|| {
        fault(format!("`{text}` is not a date")).hint("write the last day of the waiver: until = 2027-01-31")
    })
}

impl WaiverToml {
    fn read(&self, fault: &impl Fn(String) -> Failure) -> Result<Waiver, Failure> {
        let about = match (&self.duty, &self.finding) {
            (Some(about), None) | (None, Some(about)) => about.clone(),
            _ => {
                return Err(fault("a waiver must name either a duty or a finding".to_owned())
                    .hint("duty = \"5.2.1\", or finding = \"kepware-opc-da-enabled\""));
            }
        };
        known(&about, fault)?;
        if self.reason.trim().is_empty() || self.owner.trim().is_empty() {
            return Err(fault(format!("the waiver for {about} has no reason or no owner"))
                .hint("say who decided it, and why: owner = \"Line 3, M. Weber\", reason = \"the old HMI needs it\""));
        }
        let until = end(&self.until.text(), fault)?;
        let (owner, reason) = (self.owner.clone(), self.reason.clone());
        Ok(Waiver { about, source: self.source.as_deref().map(tidy), owner, reason, until })
    }
}

impl AnswerToml {
    fn read(&self, fault: &impl Fn(String) -> Failure) -> Result<Answer, Failure> {
        known(&self.duty, fault)?;
        if self.by.trim().is_empty() {
            return Err(
                fault(format!("the answer for {} does not name who gave it", self.duty)).hint("by = \"M. Weber\"")
            );
        }
        let text = self.on.text();
        let on = text.parse().map_err(|error: certkit_core::moment::MomentError| {
            fault(format!("the answer for {} has no date", self.duty)).because(error)
        })?;
        let until = match &self.until {
            Some(until) => end(&until.text(), fault)?,
            None => certkit_core::moment::Moment::plus(on, ANSWER_DAYS.saturating_mul(DAY)),
        };
        let (by, note) = (self.by.clone(), self.note.clone());
        Ok(Answer { duty: self.duty.clone(), is_met: self.met, by, on, until, note })
    }
}
