//! The doors: every command that judges, and what it says in one form.

use std::collections::BTreeSet;
use std::process::{Command, Stdio};

use certkit_core::check;
use certkit_core::container::pem;
use serde_json::{Value, json};

use super::opcua;
use super::plant::{HOST, Situation, URI};
use super::server::Server;

/// What a door says: severities with ids, what nobody could tell with a question mark; and its exit status, if it has
/// one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Said {
    pub(crate) said: BTreeSet<String>,
    pub(crate) status: Option<i32>,
}

/// A way to a verdict.
#[derive(Clone, Copy)]
pub(crate) struct Door {
    pub(crate) name: &'static str,
    /// Brings a situation before it, under a profile.
    pub(crate) open: fn(&Situation, &str) -> Said,
}

/// Runs certkit; gives its document and its exit status.
pub(crate) fn run(words: &[String]) -> (Value, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_certkit")).args(words).stdin(Stdio::null()).output().unwrap();
    let document = serde_json::from_slice(&output.stdout)
        .unwrap_or_else(|error| panic!("{words:?}: {error}: {}", String::from_utf8_lossy(&output.stderr)));
    (document, output.status.code().unwrap())
}

/// The words of a line; what stands in the table of names is put in its place.
fn words(line: &str, names: &[(&str, &str)]) -> Vec<String> {
    let named = |word: &str| names.iter().find(|(name, _)| *name == word).map_or(word, |(_, value)| value).to_owned();
    line.split_whitespace().map(named).collect()
}

fn listed(document: &Value, key: &str, mark: &str) -> Vec<String> {
    let entries = document[key].as_array().into_iter().flatten();
    let entries = entries.filter(|it| it["severity"] != "info");
    let form = |it: &Value| {
        let (id, severity) = (it["id"].as_str().unwrap(), it["severity"].as_str().unwrap());
        // `expiry` has one list for both.
        let is_undetermined = it["message"].as_str().is_some_and(|words| words.starts_with("nobody can tell: "));
        format!("{severity} {id}{}", if is_undetermined { "?" } else { mark })
    };
    entries.map(form).collect()
}

/// The exit status that follows from what is said.
pub(crate) fn status_of(said: &BTreeSet<String>) -> i32 {
    let has = |severity: &str| said.iter().any(|it| it.starts_with(severity));
    if has("error") { 2 } else { i32::from(has("warning")) }
}

/// Leaves out what is about a store, and not about what stands in it or is offered to it; where the exit status is
/// that of all, gives that of the rest.
fn without_store(told: Said) -> Said {
    let all = status_of(&told.said);
    let rest: BTreeSet<String> = told.said.into_iter().filter(|it| !it.contains(" store-")).collect();
    let status = told.status.map(|status| if status == all { status_of(&rest) } else { status });
    Said { said: rest, status }
}

/// The findings and what was untold of a document, but for what is only worth knowing.
fn said(document: &Value) -> BTreeSet<String> {
    [listed(document, "findings", ""), listed(document, "untold", "?")].concat().into_iter().collect()
}

fn tell(words: &[String]) -> Said {
    let (document, status) = run(words);
    if document["schema"] == "certkit.error/1" {
        return Said { said: BTreeSet::from(["failure".to_owned()]), status: Some(status) };
    }
    Said { said: said(&document), status: Some(status) }
}

fn lists(situation: &Situation) -> Vec<String> {
    situation.lists.iter().flat_map(|(name, _)| ["--crl".to_owned(), situation.file(name)]).collect()
}

/// What `check` and `verify` are asked, whatever they are given.
fn asked(situation: &Situation, profile: &str) -> Vec<String> {
    let trust = situation.file("trust.pem");
    let names = [("PROFILE", profile), ("TRUST", &trust), ("HOST", HOST), ("URI", URI)];
    let line = match profile {
        "opcua" => "--profile PROFILE --trust TRUST --host HOST --application-uri URI --json",
        "ca" => "--profile PROFILE --trust TRUST --json",
        _ => "--profile PROFILE --trust TRUST --host HOST --json",
    };
    let issuers = words("--untrusted ISSUERS", &[("ISSUERS", &situation.file("issuers.pem"))]);
    let issuers = if situation.issuers.is_empty() { Vec::new() } else { issuers };
    [words(line, &names), issuers, lists(situation)].concat()
}

pub(crate) const CHECK_FILE: Door = Door {
    name: "check FILE",
    open: |situation, profile| {
        tell(&[words("check CHAIN", &[("CHAIN", &situation.file("chain.pem"))]), asked(situation, profile)].concat())
    },
};

pub(crate) const CHECK_URL: Door = Door {
    name: "check URL",
    open: |situation, profile| {
        let server = Server::new(situation);
        tell(&[words("check URL", &[("URL", &server.url)]), asked(situation, profile)].concat())
    },
};

pub(crate) const VERIFY: Door = Door {
    name: "verify",
    open: |situation, profile| {
        tell(&[words("verify CHAIN", &[("CHAIN", &situation.file("chain.pem"))]), asked(situation, profile)].concat())
    },
};

/// Judges one line of a batch.
fn batch(situation: &Situation, line: &Value) -> Said {
    let file = situation.file("batch.jsonl");
    std::fs::write(&file, line.to_string()).unwrap();
    tell(&words("verify --batch FILE", &[("FILE", &file)]))
}

fn list_files(situation: &Situation) -> Vec<String> {
    situation.lists.iter().map(|(name, _)| situation.file(name)).collect()
}

pub(crate) const BATCH: Door = Door {
    name: "verify --batch",
    open: |situation, profile| {
        let (chain, trust) = (situation.file("chain.pem"), situation.file("trust.pem"));
        let crl = list_files(situation);
        batch(situation, &json!({"leaf": chain, "trust": trust, "host": HOST, "profile": profile, "crl": crl}))
    },
};

pub(crate) const FETCH: Door = Door {
    name: "fetch",
    open: |situation, _| {
        let (server, trust) = (Server::new(situation), situation.file("trust.pem"));
        let names = [("URL", &*server.url), ("TRUST", &trust), ("HOST", HOST)];
        tell(&words("fetch URL --server-name HOST --trust TRUST --offline --json", &names))
    },
};

/// What is said of the holder's own certificate, which stands first.
fn expiry(situation: &Situation, source: &str) -> Said {
    let names = [("SOURCE", source), ("TRUST", &*situation.file("trust.pem"))];
    let (document, status) = run(&words("expiry SOURCE --findings --trust TRUST --retries 0 --json", &names));
    let entries = document["entries"].as_array().unwrap();
    let own = entries.iter().find(|it| it["position"] == 1).unwrap();
    let unknown = (own["state"] == "unknown").then(|| "error unknown".to_owned());
    let mut said = said(own);
    said.extend(unknown);
    Said { said, status: Some(status) }
}

pub(crate) const EXPIRY_FILE: Door =
    Door { name: "expiry FILE", open: |situation, _| expiry(situation, &situation.file("chain.pem")) };

pub(crate) const EXPIRY_URL: Door =
    Door { name: "expiry URL", open: |situation, _| expiry(situation, &Server::new(situation).url) };

/// An OPC UA server that presents what a situation has.
fn opcua_url(situation: &Situation) -> String {
    let told = opcua::endpoints(&[&situation.presented.concat()]);
    let answers = vec![opcua::acknowledge(), opcua::opened(), opcua::chunk('F', 2, &told)];
    format!("opc.tcp://{}/plant", opcua::answering(answers))
}

/// Leaves out what is about the endpoints of a server, and not about its certificate.
fn without_endpoints(told: Said) -> Said {
    let posture = || check::opcua::posture::CHECKS.iter().flat_map(|topic| topic.iter());
    let is_posture = |said: &String| posture().any(|it| said.split(' ').any(|word| word == it.id));
    let all = status_of(&told.said);
    let rest: BTreeSet<String> = told.said.into_iter().filter(|it| !is_posture(it)).collect();
    let status = told.status.map(|status| if status == all { status_of(&rest) } else { status });
    Said { said: rest, status }
}

pub(crate) const CHECK_OPCUA: Door = Door {
    name: "check opc.tcp:",
    open: |situation, profile| {
        let line = words("check URL", &[("URL", &opcua_url(situation))]);
        without_endpoints(tell(&[line, asked(situation, profile)].concat()))
    },
};

pub(crate) const FETCH_OPCUA: Door = Door {
    name: "fetch opc.tcp:",
    open: |situation, _| {
        let names = [("URL", &*opcua_url(situation)), ("TRUST", &situation.file("trust.pem"))];
        without_endpoints(tell(&words("fetch URL --trust TRUST --offline --json", &names)))
    },
};

/// Offers what is presented to a store that has what the judge trusts.
fn add(situation: &Situation, store: &str) -> Said {
    let names = [("STORE", store), ("CHAIN", &*situation.file("chain.pem"))];
    without_store(tell(&[words("trust add STORE CHAIN --dry-run --json", &names), lists(situation)].concat()))
}

pub(crate) const TRUST_ADD_OPCUA: Door =
    Door { name: "trust add opcua:", open: |situation, _| add(situation, &format!("opcua:{}", situation.file("pki"))) };

/// Offers what is presented to a store that has the lists already.
pub(crate) const TRUST_ADD_LISTED: Door = Door {
    name: "trust add, the store's lists",
    open: |situation, _| {
        let store = format!("opcua:{}", situation.file("pki"));
        let names = [("STORE", &*store), ("CHAIN", &*situation.file("chain.pem"))];
        without_store(tell(&words("trust add STORE CHAIN --dry-run --json", &names)))
    },
};

pub(crate) const TRUST_ADD_PEM: Door = Door {
    name: "trust add pem:",
    open: |situation, _| add(situation, &format!("pem:{}", situation.file("trust.pem"))),
};

/// Audits a store as it is when everything has been let in.
fn audit(situation: &Situation) -> Said {
    let store = situation.file("audited");
    std::fs::create_dir_all(&store).unwrap();
    let files = ["trust.pem", "chain.pem"].into_iter().chain(situation.lists.iter().map(|(name, _)| *name));
    files.for_each(|it| _ = std::fs::copy(situation.file(it), format!("{store}/{it}")).unwrap());
    tell(&words("trust audit STORE --json", &[("STORE", &store)]))
}

/// What an audit says of a certificate: of one that is revoked and stands in a store, it has an id of its own.
fn as_others(mut told: Said) -> Said {
    let said = told.said.into_iter().map(|it| it.replace(" store-revoked", " revoked"));
    told.said = said.collect();
    without_store(told)
}

pub(crate) const TRUST_AUDIT: Door = Door { name: "trust audit", open: |situation, _| as_others(audit(situation)) };

/// The same, with what is said of the store as a whole.
pub(crate) const TRUST_AUDIT_WHOLE: Door = Door { name: "trust audit", open: |situation, _| audit(situation) };

pub(crate) const TRUST_AUDIT_OPCUA: Door = Door {
    name: "trust audit opcua:",
    open: |situation, _| {
        let leaf = situation.file("pki/trusted/certs/leaf.pem");
        std::fs::write(&leaf, pem::encode("CERTIFICATE", &situation.presented[0])).unwrap();
        let told = tell(&words("trust audit STORE --json", &[("STORE", &format!("opcua:{}", situation.file("pki")))]));
        // What lies there is trusted, and other doors bring it before a judge who does not trust it yet.
        std::fs::remove_file(leaf).unwrap();
        as_others(told)
    },
};

/// The step of the validation at which it stops, in place of findings.
fn step(code: &Value, status: Option<i32>) -> Said {
    let code = code.as_str().unwrap_or("failure");
    let said = if code == "Good" { BTreeSet::new() } else { BTreeSet::from([format!("error {code}")]) };
    Said { said, status }
}

fn validated(words: &[String]) -> Said {
    let (document, status) = run(words);
    step(&document["status_code"], Some(status))
}

pub(crate) const VERIFY_PKI: Door = Door {
    name: "verify --pki",
    open: |situation, _| {
        let (chain, pki) = (situation.file("chain.pem"), situation.file("pki"));
        let names = [("CHAIN", &*chain), ("PKI", &pki), ("HOST", HOST), ("URI", URI), ("POLICY", situation.policy)];
        let line = "verify CHAIN --profile opcua --pki PKI --host HOST --application-uri URI --security-policy POLICY";
        validated(&words(&format!("{line} --json"), &names))
    },
};

pub(crate) const VERIFY_LISTS: Door = Door {
    name: "verify --trust",
    open: |situation, _| {
        let names = [("CHAIN", &*situation.file("chain.pem")), ("POLICY", situation.policy)];
        let line = words("verify CHAIN --security-policy POLICY", &names);
        validated(&[line, asked(situation, "opcua")].concat())
    },
};

pub(crate) const BATCH_PKI: Door = Door {
    name: "verify --batch",
    open: |situation, _| {
        let file = situation.file("batch.jsonl");
        let line = json!({"leaf": situation.file("chain.pem"), "pki": situation.file("pki"), "host": HOST,
            "application_uri": URI, "security_policy": situation.policy, "profile": "opcua"});
        std::fs::write(&file, line.to_string()).unwrap();
        validated(&words("verify --batch FILE", &[("FILE", &file)]))
    },
};

pub(crate) const PREFLIGHT: Door = Door {
    name: "preflight",
    open: |situation, _| {
        let (chain, pki, own) = (situation.file("chain.pem"), situation.file("pki"), situation.file("own.pem"));
        let names = [("CHAIN", &*chain), ("PKI", &pki), ("HOST", HOST), ("URI", URI), ("OWN", &own)];
        let line = "preflight OWN CHAIN --pki PKI --host HOST --peer-application-uri URI --json";
        let line = format!("{line} --security-policy {}", situation.policy);
        let (document, status) = run(&words(&line, &names));
        // What the other side makes of it is not told here, which is a warning.
        let told = step(&document["sides"][0]["status_code"], Some(status));
        if document["verdict"] == "not_told" { Said { status: None, ..told } } else { told }
    },
};
