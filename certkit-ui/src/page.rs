//! The page, in the language of the browser.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use askama::Template;
use axum::http::{HeaderMap, header};

/// The style of the page, after that of the program.
pub(crate) const STYLE: &str = include_str!("../assets/page.css");

/// The script of the page: its parts in one piece.
pub(crate) const SCRIPT: &str = concat!(
    "\"use strict\";\n",
    include_str!("../assets/make.js"),
    include_str!("../assets/files.js"),
    include_str!("../assets/findings.js"),
    include_str!("../assets/documents.js"),
    include_str!("../assets/reports.js"),
    include_str!("../assets/work.js"),
    include_str!("../assets/tasks.js"),
);

/// The sign of the page.
pub(crate) const ICON: &str = include_str!("../assets/icon.svg");

/// The texts of a language, by their names.
type Texts = BTreeMap<String, String>;

/// A language that the page speaks.
pub(crate) struct Language {
    code: &'static str,
    json: &'static str,
    texts: OnceLock<Texts>,
}

/// The languages, the one that stands for all others first.
static LANGUAGES: [Language; 2] = [
    Language { code: "en", json: include_str!("../texts/en.json"), texts: OnceLock::new() },
    Language { code: "de", json: include_str!("../texts/de.json"), texts: OnceLock::new() },
];

impl Language {
    fn texts(&self) -> &Texts {
        // A test reads them all.
        self.texts.get_or_init(|| serde_json::from_str(self.json).unwrap_or_default())
    }

    /// The text of a name; the name itself where there is none.
    pub(crate) fn say<'a>(&'static self, name: &'a str) -> &'a str {
        self.texts().get(name).map_or(name, String::as_str)
    }

    /// The one that a browser likes best of those that there are.
    pub(crate) fn of(headers: &HeaderMap) -> &'static Language {
        let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|it| it.to_str().ok()).unwrap_or_default();
        let ranges = wanted.split(',').filter_map(|range| {
            let mut parts = range.split(';').map(str::trim);
            let code = parts.next()?.split('-').next()?.to_ascii_lowercase();
            let weight = parts.find_map(|it| it.strip_prefix("q=")?.parse::<f32>().ok()).unwrap_or(1.0);
            let language = LANGUAGES.iter().find(|it| it.code == code)?;
            (weight > 0.0).then_some((weight, language))
        });
        // Of two that are liked equally, the first.
        let best = ranges.fold(None, |best: Option<(f32, &Language)>, it| match best {
            Some(best) if best.0 >= it.0 => Some(best),
            _ => Some(it),
        });
        best.map_or(&LANGUAGES[0], |(_, language)| language)
    }
}

/// Before the page: the cookie has come, and is sent from here on.
#[derive(Template)]
#[template(path = "opened.html")]
struct Opened<'a> {
    language: &'static Language,
    folder: &'a str,
}

#[derive(Template)]
#[template(path = "page.html")]
struct Page<'a> {
    language: &'static Language,
    version: &'static str,
    folder: &'a str,
}

/// What templates ask of a language.
trait Say {
    fn language(&self) -> &'static Language;

    /// The text of a name.
    fn say<'a>(&self, name: &'a str) -> &'a str {
        self.language().say(name)
    }

    /// The text of a part of a task.
    fn part(&self, task: &str, part: &str) -> &'static str {
        self.language().texts().get(&format!("{task}.{part}")).map_or("", String::as_str)
    }
}

impl Say for Opened<'_> {
    fn language(&self) -> &'static Language {
        self.language
    }
}

impl Say for Page<'_> {
    fn language(&self) -> &'static Language {
        self.language
    }
}

/// The page that a link opens.
pub(crate) fn opened(headers: &HeaderMap, folder: &str) -> String {
    rendered(&Opened { language: Language::of(headers), folder })
}

/// The page itself.
pub(crate) fn page(headers: &HeaderMap, version: &'static str, folder: &str) -> String {
    rendered(&Page { language: Language::of(headers), version, folder })
}

fn rendered(template: &impl Template) -> String {
    // Writing into memory does not fail.
    template.render().unwrap_or_default()
}
