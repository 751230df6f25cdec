//! The inventory: a TOML file of sources with what their holders say of them.

mod access;
mod fault;
mod notice;
mod renewal;
mod waiver;

use std::collections::{BTreeMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use certkit_core::crypto::digest;
use certkit_core::store::roots;
use certkit_expiry::{PublicRoots, Source, Threshold, Thresholds};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};
use schemars::JsonSchema;
use serde::Deserialize;
use zeroize::Zeroizing;

pub(crate) use self::access::Access;
use self::access::{AccessToml, Accesses};
pub(crate) use self::fault::{nearest, unreadable};
pub(crate) use self::notice::{HookToml, MailToml, StateToml, TlsToml};
pub(crate) use self::renewal::RenewalToml;
pub(crate) use self::waiver::UntilToml;
use self::waiver::WaiverToml;
use super::sources::{self, Given, Reach, Watch};
use crate::failure::Failure;
use crate::hosted;

/// An inventory with the place it was read from.
#[derive(Debug)]
pub(crate) struct Inventory {
    file: PathBuf,
    config: ConfigToml,
}

/// The inventory of `certkit expiry --config`.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfigToml {
    /// What holds for every source that says nothing else.
    #[serde(default)]
    defaults: SettingsToml,
    /// What holds for the sources of a group.
    #[serde(default)]
    group: BTreeMap<String, SettingsToml>,
    /// What is watched.
    #[serde(default)]
    source: Vec<SourceToml>,
    /// A mail about each run that has something to tell.
    mail: Option<MailToml>,
    /// A message to a web hook about each run that has something to tell.
    hook: Option<HookToml>,
    /// What `certkit review` reads of the same file; passed over here.
    #[serde(default)]
    #[schemars(skip)]
    #[expect(dead_code, reason = "it is there so that one file may serve both commands")]
    review: Option<serde::de::IgnoredAny>,
}

/// Thresholds and words for many sources.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SettingsToml {
    /// Warn when less is left: days (`30d`), another span (`12h`) or a share of the lifetime (`20%`).
    warn: Option<ThresholdToml>,
    /// Critical when less is left.
    critical: Option<ThresholdToml>,
    /// The same for revocation lists and their next update.
    crl_warn: Option<ThresholdToml>,
    /// The same for revocation lists and their next update.
    crl_critical: Option<ThresholdToml>,
    /// Who takes care of it.
    owner: Option<String>,
    /// What its holder wants to be reminded of.
    note: Option<String>,
    /// How it is opened: passwords of stores, the client certificate, the server name.
    access: Option<AccessToml>,
    /// Files of folders that are left out: patterns of their paths below the folder, such as `*.bak` or `old/**`.
    exclude: Option<Vec<String>>,
    /// Thresholds for roots that come with browsers, which nobody in a plant renews.
    public_roots: Option<RootsToml>,
    /// How it is renewed by `certkit renew --due`: of sources that have it, what is missing there.
    renew: Option<RenewalToml>,
}

/// A source.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct SourceToml {
    /// A URL (`certkit expiry --help` lists the kinds), a file, a folder, a store, or a list of these. Paths start at the folder of this file.
    at: PlacesToml,
    /// The group whose settings hold for it.
    group: Option<String>,
    /// Warn when less is left: days (`30d`), another span (`12h`) or a share of the lifetime (`20%`).
    warn: Option<ThresholdToml>,
    /// Critical when less is left.
    critical: Option<ThresholdToml>,
    /// The same for revocation lists and their next update.
    crl_warn: Option<ThresholdToml>,
    /// The same for revocation lists and their next update.
    crl_critical: Option<ThresholdToml>,
    /// Who takes care of it.
    owner: Option<String>,
    /// What its holder wants to be reminded of.
    note: Option<String>,
    /// How it is opened: passwords of stores, the client certificate, the server name.
    access: Option<AccessToml>,
    /// Files of folders that are left out: patterns of their paths below the folder, such as `*.bak` or `old/**`.
    exclude: Option<Vec<String>>,
    /// Thresholds for roots that come with browsers, which nobody in a plant renews.
    public_roots: Option<RootsToml>,
    /// How it is renewed by `certkit renew --due`; `{}` takes all from its group and the defaults.
    renew: Option<RenewalToml>,
    /// Alarms that are set aside until a date.
    #[serde(default)]
    waiver: Vec<WaiverToml>,
}

/// Thresholds for public roots; what is missing is that of the source.
#[derive(Clone, Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct RootsToml {
    /// Warn when less is left.
    warn: Option<ThresholdToml>,
    /// Critical when less is left.
    critical: Option<ThresholdToml>,
}

/// One place or several.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a string or a list of strings")]
enum PlacesToml {
    One(String),
    Many(Vec<String>),
}

/// `"30d"`, `"20%"`, or a number of days.
#[derive(Clone, Copy, Debug, Deserialize, JsonSchema)]
#[serde(try_from = "WrittenThreshold")]
struct ThresholdToml(#[schemars(with = "WrittenThreshold")] Threshold);

/// `"30d"`, `"20%"`, or a number of days.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected days such as 30 or \"30d\", or a share of the lifetime such as \"20%\"")]
enum WrittenThreshold {
    Days(u16),
    Text(String),
}

impl TryFrom<WrittenThreshold> for ThresholdToml {
    type Error = certkit_expiry::ThresholdError;

    fn try_from(written: WrittenThreshold) -> Result<ThresholdToml, Self::Error> {
        match written {
            WrittenThreshold::Days(days) => Ok(ThresholdToml(Threshold::days(days))),
            WrittenThreshold::Text(text) => text.parse().map(ThresholdToml),
        }
    }
}

/// The most bytes of an inventory; a line for each of some hundred thousand sources.
const LIMIT: u64 = 32 * 1024 * 1024;

/// Reads the text of a `--config`; `-` is standard input, and its paths are those of the current folder.
pub(crate) fn text_of(path: &Path) -> Result<Zeroizing<String>, Failure> {
    hosted::read_text(path, LIMIT)
        .map_err(|error| Failure::new(format!("{} cannot be read", hosted::called(path).display())).because(error))
}

/// Reads an inventory.
pub(crate) fn read(path: &Path) -> Result<Inventory, Failure> {
    parse(path, &text_of(path)?)
}

/// Reads the text of an inventory; `path` is where it stands, for messages and for the paths in it.
pub(crate) fn parse(path: &Path, text: &str) -> Result<Inventory, Failure> {
    let config = toml::from_str(text).map_err(|error| unreadable(path, text, &error, "expiry-config"))?;
    Ok(Inventory { file: path.to_owned(), config })
}

impl SettingsToml {
    fn given(&self) -> Given {
        let read = |it: Option<ThresholdToml>| it.map(|ThresholdToml(threshold)| threshold);
        Given {
            warn: read(self.warn),
            critical: read(self.critical),
            crl_warn: read(self.crl_warn),
            crl_critical: read(self.crl_critical),
        }
    }
}

impl SourceToml {
    fn settings(&self) -> SettingsToml {
        SettingsToml {
            warn: self.warn,
            critical: self.critical,
            crl_warn: self.crl_warn,
            crl_critical: self.crl_critical,
            owner: self.owner.clone(),
            note: self.note.clone(),
            access: self.access.clone(),
            exclude: self.exclude.clone(),
            public_roots: self.public_roots.clone(),
            renew: self.renew.clone(),
        }
    }

    fn places(&self) -> &[String] {
        match &self.at {
            PlacesToml::One(place) => std::slice::from_ref(place),
            PlacesToml::Many(places) => places,
        }
    }
}

impl Inventory {
    /// The thresholds of the defaults.
    pub(crate) fn defaults(&self) -> Given {
        self.config.defaults.given()
    }

    /// The file it was read from.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// Where relative paths start.
    pub(crate) fn base(&self) -> Option<&Path> {
        self.file.parent().filter(|folder| !folder.as_os_str().is_empty())
    }

    /// The mail about a run.
    pub(crate) fn mail(&self) -> Option<&MailToml> {
        self.config.mail.as_ref()
    }

    /// The message to a web hook about a run.
    pub(crate) fn hook(&self) -> Option<&HookToml> {
        self.config.hook.as_ref()
    }

    fn failure(&self, what: &str) -> Failure {
        Failure::new(format!("{}: {what}", self.file.display()))
    }
}

/// Makes out the sources. Thresholds come from the source, its group, the command line, the defaults.
pub(crate) fn watches(inventory: &Inventory, given: Given) -> Result<Vec<Watch>, Failure> {
    let config = &inventory.config;
    let defaults = config.defaults.given();
    let groups: BTreeMap<&str, Given> =
        config.group.iter().map(|(name, settings)| (name.as_str(), settings.given())).collect();
    let base = inventory.base();
    for settings in config.group.values().chain([&config.defaults]) {
        if let Some(why) = settings.renew.as_ref().and_then(RenewalToml::misplaced_for_many) {
            return Err(inventory.failure(why));
        }
    }
    let (mut watches, mut accesses) = (Vec::new(), Accesses::default());
    for source in &config.source {
        let group = match &source.group {
            None => None,
            Some(name) => Some(config.group.get(name).ok_or_else(|| {
                let failure = inventory.failure(&format!("there is no group `{name}`"));
                match nearest(name, groups.keys().copied()) {
                    Some(meant) => failure.hint(format!("did you mean `{meant}`?")),
                    None => failure.hint(format!("add a section [group.{name}]")),
                }
            })?),
        };
        let own = source.settings();
        let of_group = source.group.as_deref().and_then(|name| groups.get(name)).copied().unwrap_or_default();
        let (thresholds, list_thresholds) = own.given().or(of_group).or(given).or(defaults).settle();
        let word = |pick: fn(&SettingsToml) -> &Option<String>| {
            [Some(&own), group, Some(&config.defaults)].into_iter().flatten().find_map(|it| pick(it).clone())
        };
        let waivers = source.waiver.iter().map(|waiver| waiver.read(inventory)).collect::<Result<Vec<_>, _>>()?;
        let levels = [Some(&own), group, Some(&config.defaults)];
        let wanted = levels.into_iter().flatten().filter_map(|it| it.access.as_ref());
        let wanted = wanted.fold(AccessToml::default(), AccessToml::or);
        let patterns = levels.into_iter().flatten().find_map(|it| it.exclude.as_deref()).unwrap_or_default();
        let exclude =
            excluded(patterns).map_err(|error| inventory.failure("a pattern cannot be read").because(error))?;
        let roots = levels.into_iter().flatten().find_map(|it| it.public_roots.as_ref());
        let public_roots = roots.map(|it| it.read(thresholds));
        let renewal = own.renew.clone().map(|renewal| {
            let above = [group, Some(&config.defaults)].into_iter().flatten().filter_map(|it| it.renew.as_ref());
            above.fold(renewal, RenewalToml::or).below(base)
        });
        if let Some(why) =
            renewal.as_ref().and_then(RenewalToml::misplaced_for_many).filter(|_| source.places().len() > 1)
        {
            return Err(inventory.failure(why));
        }
        for place in source.places() {
            let (reach, way) = sources::reach(place, base)?;
            if let Some(why) = own.access.as_ref().and_then(|access| access.misplaced(&reach)) {
                return Err(inventory.failure(&format!("`{place}`: {why}")));
            }
            let misplaced = renewal.as_ref().and_then(|it| it.misplaced(&reach));
            let opened = accesses.read(wanted.clone().meant_for(&reach), base)?;
            let made = Arc::new(Source {
                name: place.clone(),
                way,
                thresholds,
                list_thresholds,
                public_roots: public_roots.clone(),
                group: source.group.clone(),
                owner: word(|it| &it.owner),
                note: word(|it| &it.note),
                waivers: waivers.clone(),
            });
            let mut watch = |reach, access, renewal| {
                watches.push(Watch { source: Arc::clone(&made), reach, access, exclude: exclude.clone(), renewal });
            };
            // What is wrong with one source is told of it, and the others are looked at.
            if let Some(why) = misplaced {
                watch(Reach::Closed(why.into()), Arc::default(), renewal.clone());
            }
            let renewal = renewal.clone().filter(|_| misplaced.is_none());
            match opened {
                Ok(access) => watch(reach, access, renewal),
                Err(why) => watch(Reach::Closed(why), Arc::default(), renewal),
            }
        }
    }
    Ok(watches)
}

/// Joins patterns of files that are left out. As with a shell, `*` stops at the strokes of a path and `**` does not; a
/// pattern without a stroke is about names, wherever they stand.
fn excluded(patterns: &[String]) -> Result<GlobSet, globset::Error> {
    let mut set = GlobSetBuilder::new();
    for pattern in patterns {
        let whole = if pattern.contains('/') { pattern.clone() } else { format!("**/{pattern}") };
        set.add(GlobBuilder::new(&whole).literal_separator(true).build()?);
    }
    set.build()
}

/// The roots that come with browsers.
static PUBLIC: LazyLock<Arc<HashSet<[u8; 32]>>> =
    LazyLock::new(|| Arc::new(roots::mozilla().map(digest::sha256).collect()));

impl RootsToml {
    fn read(&self, others: Thresholds) -> PublicRoots {
        let read = |own: Option<ThresholdToml>, other| own.map_or(other, |ThresholdToml(threshold)| threshold);
        let thresholds =
            Thresholds { warning: read(self.warn, others.warning), critical: read(self.critical, others.critical) };
        PublicRoots { thresholds, known: Arc::clone(&PUBLIC) }
    }
}
