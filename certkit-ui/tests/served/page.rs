//! The page: complete in each language, small, and with nothing in it that runs but its script.

use std::collections::BTreeMap;

use crate::server::{Served, options};

type Texts = BTreeMap<String, String>;

fn texts(json: &str) -> Texts {
    serde_json::from_str(json).unwrap()
}

fn placeholders(text: &str) -> Vec<&str> {
    let mut all: Vec<&str> = text.split('{').skip(1).filter_map(|it| it.split('}').next()).collect();
    all.sort_unstable();
    all
}

#[test]
fn each_language_has_every_text() {
    let english = texts(include_str!("../../texts/en.json"));
    let german = texts(include_str!("../../texts/de.json"));
    assert!(english.keys().eq(german.keys()));
    for (name, text) in &english {
        let other = &german[name];
        assert_eq!(placeholders(text), placeholders(other), "{name}");
        assert!(!text.trim().is_empty() && !other.trim().is_empty(), "{name}");
        assert!(![text, other].iter().any(|it| it.contains('<')), "{name}: the texts stand in the page as they are");
    }
}

#[tokio::test]
async fn the_page_is_small_and_speaks_the_language_of_the_browser() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    let english = texts(include_str!("../../texts/en.json"));
    for (wanted, code) in [
        ("", "en"),
        ("de", "de"),
        ("de-AT,en;q=0.5", "de"),
        ("en-US,de;q=0.9", "en"),
        ("fr,de;q=0.3,en;q=0.2", "de"),
        ("fr", "en"),
        ("de;q=0", "en"),
        ("en;q=0.4,DE;q=0.8", "de"),
    ] {
        let page = served.get(&path, &[&cookie, &format!("Accept-Language: {wanted}")]).await;
        assert!(page.body.contains(&format!("<html lang=\"{code}\">")), "{wanted}");
        for name in english.keys() {
            assert!(!page.body.contains(&format!(">{name}<")), "{name} is not said");
        }
        let inside = page.body.split("<main").nth(1).unwrap().split("</main>").next().unwrap();
        assert!(
            !inside.contains("<h1 tabindex=\"-1\"></h1>") && !inside.contains("<p class=\"lead\"></p>"),
            "{wanted}"
        );
        assert!(!page.body.contains(" style=") && !page.body.contains("<style") && !page.body.contains("onclick="));
        assert_eq!(page.body.matches("<script").count(), 2, "the script, and the texts that are data");
    }
    let mut size = 0;
    for name in ["", "page.js", "page.css", "icon.svg"] {
        let part = served.get(&format!("{path}{name}"), &[&cookie]).await;
        assert_eq!(part.status, 200, "{name}");
        assert!(!part.body.contains("http://") || name == "icon.svg", "{name} names another host");
        size += part.body.len();
    }
    assert!(size < 150 * 1024, "{size}");
}

/// What the script says exists, and what is there is said.
#[tokio::test]
async fn no_text_is_missing_or_idle() {
    let folder = tempfile::tempdir().unwrap();
    let served = Served::new(options(folder.path())).await;
    let (path, cookie) = served.open().await;
    let script = served.get(&format!("{path}page.js"), &[&cookie]).await.body;
    let template = include_str!("../../templates/page.html").to_owned() + include_str!("../../templates/opened.html");
    let sources = [
        include_str!("../../src/guard.rs"),
        include_str!("../../src/places.rs"),
        include_str!("../../src/run.rs"),
        include_str!("../../src/serve.rs"),
        include_str!("../../src/task.rs"),
        include_str!("../../src/task/store.rs"),
    ]
    .concat();
    let english = texts(include_str!("../../texts/en.json"));
    for name in sources.split("\"refused.").skip(1).filter_map(|it| it.split('"').next()) {
        assert!(english.contains_key(&format!("refused.{name}")), "refused.{name}");
    }
    let said: Vec<&str> = script.split("say(\"").skip(1).filter_map(|it| it.split('"').next()).collect();
    assert!(said.len() > 50);
    for name in &said {
        assert!(english.contains_key(*name), "{name}");
    }
    // Names that are put together, each by its beginning.
    let made: Vec<&str> = script
        .split('`')
        .filter_map(|it| it.split_once("${"))
        .map(|(begin, _)| begin)
        .filter(|it| it.ends_with('.'))
        .collect();
    let tasks = ["fetch", "check", "explain", "preflight", "expiry", "trust", "generate", "review"];
    for name in english.keys() {
        let quoted = script.contains(&format!("\"{name}\"")) || template.contains(&format!("\"{name}\""));
        let is_refusal = name.starts_with("refused.") && sources.contains(&format!("\"{name}\""));
        let is_made = made.iter().any(|begin| name.starts_with(begin));
        let is_part = name
            .split_once('.')
            .is_some_and(|(task, part)| tasks.contains(&task) && template.contains(&format!("\"{part}\"")));
        assert!(quoted || is_refusal || is_made || is_part, "nobody says {name}");
    }
}

/// What the command escapes for a terminal is shown as its number on the page, too, but for lines and tabs.
#[test]
fn what_hides_is_shown_as_its_number() {
    let script = include_str!("../../assets/make.js");
    let set = script.split("const hidden =").nth(1).unwrap().split("/[").nth(1).unwrap();
    let set = set.split("]/gu;").next().unwrap();
    let mut ranges: Vec<(u32, u32)> = Vec::new();
    let mut is_range = false;
    for part in set.split("\\u{").skip(1) {
        let (number, after) = part.split_once('}').unwrap();
        let number = u32::from_str_radix(number, 16).unwrap();
        if is_range {
            ranges.last_mut().unwrap().1 = number;
        } else {
            ranges.push((number, number));
        }
        is_range = after == "-";
        assert!(is_range || after.is_empty(), "{part}");
    }
    for character in '\0'..=char::MAX {
        let is_hidden = ranges.iter().any(|(from, to)| (*from..=*to).contains(&u32::from(character)));
        let is_line = ['\n', '\t'].contains(&character);
        assert_eq!(is_hidden, !is_line && !certkit_core::text::is_printable(character), "{character:?}");
    }
}

#[test]
fn nothing_becomes_markup() {
    for script in [
        include_str!("../../assets/make.js"),
        include_str!("../../assets/files.js"),
        include_str!("../../assets/findings.js"),
        include_str!("../../assets/documents.js"),
        include_str!("../../assets/reports.js"),
        include_str!("../../assets/tasks.js"),
    ] {
        for word in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
            "DOMParser",
            "localStorage",
        ] {
            assert!(!script.contains(word), "{word}");
        }
    }
}
