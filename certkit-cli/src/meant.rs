//! What was probably meant by a first word that is no command: an address or a file.

use std::ffi::OsString;
use std::path::Path;

use certkit_core::presented::{Endpoint, Host, Target};
use clap::error::{ContextKind, ContextValue, ErrorKind};

use crate::failure::without_passwords;

/// Reads the word `help` before a command as the option that every command has.
pub(crate) fn without_help(words: &[OsString]) -> Vec<OsString> {
    match words {
        [program, help, command @ ..] if help == "help" => {
            let words = std::iter::once(program).chain(command).cloned();
            words.chain([OsString::from("--help")]).collect()
        }
        _ => words.to_vec(),
    }
}

/// Options of other programs that take a secret as it is.
const SECRETS: [&str; 8] =
    ["--password", "--passwd", "--pass", "--passphrase", "--storepass", "--keypass", "--passin", "--passout"];

/// Whether a secret was to stand on the command line.
fn is_secret(error: &clap::Error) -> bool {
    let is_one = |option: &str| option.split('=').next().is_some_and(|option| SECRETS.contains(&option));
    error.kind() == ErrorKind::UnknownArgument
        && matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(option)) if is_one(option))
}

/// Takes away what clap suggests in place of an option with a secret: the next try would be the secret as the name of a
/// variable.
pub(crate) fn without_bait(mut error: clap::Error) -> clap::Error {
    if is_secret(&error) {
        error.remove(ContextKind::SuggestedArg);
        error.remove(ContextKind::Usage);
    }
    error
}

/// Tips to add to what clap says; empty where the word may be anything.
pub(crate) fn in_words(error: &clap::Error) -> String {
    if is_secret(error) {
        return "\n\n  tip: a secret never stands on the command line, where other users see it: --password-file FILE, or \
                --password-env VAR with the name of a variable"
            .to_owned();
    }
    if error.kind() != ErrorKind::InvalidSubcommand {
        return String::new();
    }
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return String::new() };
    // A slip of the pen is told by clap.
    let is_slip = error.get(ContextKind::SuggestedSubcommand).is_some() && !word.contains(['.', ':', '/']);
    let tips = if is_slip { Vec::new() } else { tips(word) };
    tips.iter().map(|(command, what)| format!("\n\n  tip: `certkit {command}` {what}")).collect()
}

/// Endings of files with certificates and keys.
const FILES: &[&str] = &[
    "pem",
    "crt",
    "cer",
    "der",
    "key",
    "csr",
    "p7b",
    "p7c",
    "p12",
    "pfx",
    "jks",
    "jceks",
    "keystore",
    "truststore",
    "crl",
];

fn tips(word: &str) -> Vec<(String, &'static str)> {
    // What is repeated is an address at most, and no password in it.
    let shown = without_passwords(&format!("'{word}'"));
    let shown = shown.trim_matches('\'');
    let is_review = (format!("review {shown}"), "says whether Kepware is deployed as its guides say");
    let is_of_kepware = |scheme: &str| word.get(..scheme.len()).is_some_and(|it| it.eq_ignore_ascii_case(scheme));
    if ["kepware://", "kepware+https://"].into_iter().any(is_of_kepware) {
        return vec![is_review];
    }
    let ending = Path::new(word).extension().and_then(|it| it.to_str()).unwrap_or_default().to_ascii_lowercase();
    if Path::new(word).exists() && matches!(ending.as_str(), "json" | "opf" | "sopf" | "lpf" | "slpf") {
        return vec![is_review];
    }
    // A file that is not there is no server, either.
    if Path::new(word).exists() || FILES.contains(&ending.as_str()) {
        return vec![
            (format!("inspect {shown}"), "shows what is in it"),
            (format!("check {shown}"), "says what is wrong with it"),
        ];
    }
    if Target::is_clear(word) {
        return vec![(format!("check {shown}"), "shows what is open there")];
    }
    if Endpoint::resembles(word) && word.parse::<Endpoint>().is_ok() {
        return vec![
            (format!("fetch {shown}"), "gets the certificates of this server, including its CA"),
            (format!("check --posture {shown}"), "lists everything that is wrong with it"),
        ];
    }
    let host = word.split('/').next().unwrap_or_default();
    let is_host =
        host.parse::<Host>().is_ok() && host.chars().all(|it| it.is_ascii_alphanumeric() || ".-[]:".contains(it));
    match is_host && !host.is_empty() {
        true => vec![
            (format!("fetch https://{shown}"), "gets the certificates of a web server, including its CA"),
            (format!("fetch thingworx://{host}"), "the same for ThingWorx, with what Kepware needs"),
            (format!("check opc.tcp://{host}:49320"), "lists everything that is wrong with an OPC UA server"),
            (format!("review kepware://{host}"), "says what a Kepware server shows of itself"),
        ],
        false => Vec::new(),
    }
}
