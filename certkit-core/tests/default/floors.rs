//! Holds the house: a module imports only lower floors, and modules of one floor do not know each other.

use std::path::{Path, PathBuf};

/// The modules of each floor, from the ground up. Modules in one inner list may know each other.
const FLOORS: &[&[&str]] = &[
    &["asn1", "moment", "oid", "redaction", "status", "text"],
    &["crypto", "files", "presented"],
    &["cert"],
    &["container"],
    &["source", "store", "generate", "path"],
    // Facts that a document demands of paths; the checks above give them words.
    &["opcua"],
    // What is at hand for a run, over the pool of paths.
    &["context"],
    &["check", "chain", "online"],
    // The decision of a relying party; the checks below give its words.
    &["verify"],
    // The one way to a verdict: a request and what is at hand.
    &["assess"],
    &["report"],
    &["admission"],
    // What other programs say.
    &["explain"],
    // The duties of a guide, over everything that can be looked at.
    &["review"],
];

/// Neighbours that are allowed to be known, each with its reason.
const NEIGHBOURS: &[(&str, &str, &str)] = &[
    ("oid", "text", "an identifier that is none is shown as hex"),
    ("store", "source", "a store is read as any file is, and the system's roots are a store"),
    ("asn1", "oid", "an identifier is one of the types that are written"),
];

fn floor(module: &str) -> usize {
    FLOORS.iter().position(|floor| floor.contains(&module)).unwrap_or_else(|| panic!("{module} stands on no floor"))
}

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

/// The top-level modules of the crate that a line of code names.
fn named(line: &str) -> impl Iterator<Item = &str> {
    line.split("crate::").skip(1).map(|rest| {
        let end = rest.find(|letter: char| !letter.is_alphanumeric() && letter != '_').unwrap_or(rest.len());
        &rest[..end]
    })
}

fn sources() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    found
        .into_iter()
        .filter(|file| *file != root.join("lib.rs"))
        // Unit tests may use whatever makes their specimens.
        .filter(|file| !file.ends_with("tests.rs") && file.iter().all(|part| part != "tests"))
        .map(|file| {
            let first = file.strip_prefix(&root).unwrap().iter().next().unwrap().to_str().unwrap();
            (first.trim_end_matches(".rs").to_owned(), file)
        })
        .collect()
}

#[test]
fn a_module_knows_only_lower_floors() {
    let mut wrong = Vec::new();
    for (module, file) in sources() {
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        for line in code.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for other in named(line).filter(|other| *other != module) {
                let is_allowed = NEIGHBOURS.iter().any(|(from, to, _)| *from == module && *to == other);
                if floor(other) >= floor(&module) && !is_allowed {
                    wrong.push(format!("{}: {line}", file.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What judges knows what servers show (`presented`), and not how it came. (`context` gathers, and reads files.)
#[test]
fn nothing_that_judges_knows_where_certificates_come_from() {
    for (module, file) in sources() {
        if ["assess", "chain", "check", "opcua", "path", "report", "verify"].contains(&module.as_str()) {
            let text = std::fs::read_to_string(&file).unwrap();
            let is_told = text.lines().filter(|line| !line.trim_start().starts_with("//"));
            for line in is_told {
                assert!(!named(line).any(|other| other == "source"), "{}: {line}", file.display());
            }
        }
    }
}

#[test]
fn only_crypto_names_a_backend() {
    for (module, file) in sources().into_iter().filter(|(module, _)| module != "crypto") {
        let text = std::fs::read_to_string(&file).unwrap();
        for backend in ["aws_lc_rs::", "rsa::", "sha1::", "sha2::", "md5::"] {
            // TLS is told which provider to use; that is all it says of it.
            let code = text.replace("rustls::crypto::aws_lc_rs::", "");
            assert!(!code.contains(backend), "{} ({module}) names {backend}", file.display());
        }
    }
}

/// Where the environment is read all the same: the crate for the roots of the system reads what these lines vet, and
/// Windows tells nobody else whose file a new one shall be.
const READERS: [&str; 2] = ["store/roots.rs", "files/other.rs"];

#[test]
fn the_library_neither_prints_nor_exits_nor_reads_the_environment() {
    for (_, file) in sources() {
        let text = std::fs::read_to_string(&file).unwrap();
        let code = text.split("#[cfg(test)]").next().unwrap();
        for word in ["println!", "eprintln!", "process::exit", "env::var", "SystemTime::now"] {
            let is_clock = word == "SystemTime::now" && file.ends_with("moment.rs");
            let is_reader = word == "env::var" && READERS.iter().any(|reader| file.ends_with(reader));
            assert!(is_clock || is_reader || !code.contains(word), "{} has {word}", file.display());
        }
    }
}
