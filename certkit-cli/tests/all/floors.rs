//! Holds the house of the command: a module knows only lower floors, and commands that know others form no circle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The modules of each floor, from the ground up. Those of one floor do not know each other.
const FLOORS: &[&[&str]] = &[
    &["exit"],
    // A run, of the program itself or of one that hosts many.
    &["hosted"],
    &["interrupt", "arguments", "terminal"],
    &["failure"],
    &["output"],
    &["files"],
    &["outputs"],
    // What the user names, read.
    &["input"],
    // What came of a question: verdicts and exit statuses.
    &["preflight", "verdict"],
    // How it is written, for people and as JSON.
    &["render"],
    // Keys, certificates and requests that are made.
    &["issuance"],
    &["command"],
    &["cli"],
    &["meant"],
];

/// The floors of the crate `certkit-expiry`. Entries and their parts know each other by the names at its root.
const EXPIRY: &[&[&str]] = &[
    &["change", "dated", "hex", "judge", "report", "route", "shard", "state", "tally", "threshold", "words"],
    // From what a source yields to entries.
    &["look"],
    // What there is to tell of a run.
    &["run_report"],
    &["document"],
    // What is remembered; how it is written for other programs.
    &["database", "format"],
];

/// What a module may know above it, with the reason.
const ABOVE: &[(&str, &str, &str)] = &[
    ("command", "cli", "the manual, the completions and the demonstration come from the whole command line"),
    ("command", "run", "the page of `certkit ui` runs command lines as the program does"),
];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The code of each file below a folder, by the first part of its path there.
fn sources(folder: &Path) -> Vec<(String, PathBuf, String)> {
    let mut found = Vec::new();
    files(folder, &mut found);
    let with_code = found.into_iter().map(|file| {
        let first = file.strip_prefix(folder).unwrap().iter().next().unwrap().to_str().unwrap();
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap().to_owned();
        (first.trim_end_matches(".rs").to_owned(), file, code)
    });
    with_code.collect()
}

/// The names that follow a path in a piece of code: `X` of `path::X` and of `path::{X, Y::Z}`.
fn named(code: &str, path: &str) -> BTreeSet<String> {
    let is_of_name = |letter: char| letter.is_alphanumeric() || letter == '_';
    let name = |text: &str| text.trim_start().chars().take_while(|it| is_of_name(*it)).collect::<String>();
    let mut names = BTreeSet::new();
    for rest in code.split(path).skip(1) {
        match rest.strip_prefix('{') {
            Some(list) => {
                let (mut depth, mut start) = (0, true);
                for (at, letter) in list.char_indices() {
                    match letter {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        _ if start && !letter.is_whitespace() => {
                            names.insert(name(&list[at..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
            None => {
                names.insert(name(rest));
            }
        }
    }
    names
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// What a module of a crate knows that is not below it.
fn misplaced(root: &Path, floors: &[&[&str]]) -> Vec<String> {
    let floor = |module: &str| floors.iter().position(|floor| floor.contains(&module));
    let mut wrong = Vec::new();
    let all = sources(root);
    for (module, file, code) in all.iter().filter(|(module, ..)| !["main", "lib"].contains(&module.as_str())) {
        let own = floor(module).unwrap_or_else(|| panic!("{module} stands on no floor"));
        let is_known = |other: &str| ABOVE.iter().any(|(one, above, _)| *one == module.as_str() && *above == other);
        // What is no module of a library is one of the names at its root.
        let is_name = |name: &str| root.join("lib.rs").is_file() && !all.iter().any(|(module, ..)| module == name);
        let others = named(code, "crate::").into_iter().filter(|other| other != module && !is_known(other));
        for other in others.filter(|other| !is_name(other)) {
            if floor(&other).is_none_or(|floor| floor >= own) {
                wrong.push(format!("{} knows {other}", file.display()));
            }
        }
    }
    wrong
}

#[test]
fn a_module_knows_only_lower_floors() {
    let wrong = misplaced(&root(), FLOORS);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_module_of_certkit_expiry_knows_only_lower_floors() {
    let wrong = misplaced(&root().join("../../certkit-expiry/src"), EXPIRY);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn commands_that_know_others_form_no_circle() {
    let root = root().join("command");
    let all = sources(&root);
    let commands: BTreeSet<&str> = all.iter().map(|(command, ..)| command.as_str()).filter(|it| *it != "mod").collect();
    let mut known: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (command, file, code) in all.iter().filter(|(command, ..)| command != "mod") {
        let is_top = file.strip_prefix(&root).unwrap().iter().count() == 1 || file.ends_with("mod.rs");
        let beside = if is_top { named(code, "use super::") } else { BTreeSet::new() };
        let others = named(code, "crate::command::").into_iter().chain(beside);
        known.entry(command).or_default().extend(others.filter(|it| it != command && commands.contains(it.as_str())));
    }
    // Those that know nobody are taken away, until nobody is left.
    while let Some(free) = known.iter().find(|(_, others)| others.is_empty()).map(|(command, _)| *command) {
        known.remove(free);
        known.values_mut().for_each(|others| {
            others.remove(free);
        });
    }
    assert!(known.is_empty(), "a circle among {known:?}");
}
