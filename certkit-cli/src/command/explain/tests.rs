//! Holds that what is printed to type can be typed.

use std::collections::BTreeSet;

use certkit_core::explain;
use clap::Parser as _;

use crate::cli::Cli;

/// The commands of an entry: those to find out, and those in its sentences.
fn commands(known: explain::Known) -> Vec<String> {
    let reason = known.entry.reason;
    let mut commands: Vec<String> = reason.commands.iter().map(|it| (*it).to_owned()).collect();
    let recognised = reason.causes.iter().flat_map(|cause| [cause.what, cause.tell]);
    for sentence in recognised.chain([reason.cure, reason.meaning]) {
        let quoted = sentence.split('`').skip(1).step_by(2);
        commands.extend(quoted.filter(|it| it.starts_with("certkit ")).map(str::to_owned));
    }
    commands
}

/// What a command says with names in place of what stands for them.
fn words(command: &str) -> Vec<String> {
    let command = command.replace("HOST:PORT", "plc7:8443").replace("PROXY:PORT", "proxy:3128").replace("HOST", "plc7");
    let command = command.replace("windows:LocalMachine\\My", "windows:LocalMachine/My");
    let named = |word: &str| match word {
        "FILE" => "leaf.pem".to_owned(),
        "CA" => "ca.pem".to_owned(),
        "LIST" => "ca.crl".to_owned(),
        "STORE" => "trusted.pem".to_owned(),
        "URI" => "urn:plc7:x".to_owned(),
        other => other.replace("PKI", "pki"),
    };
    let mut quoted = command.split('\'');
    let mut words: Vec<String> = quoted.next().unwrap_or_default().split_whitespace().map(named).collect();
    for (at, part) in quoted.enumerate() {
        match at % 2 {
            0 => words.push(part.to_owned()),
            _ => words.extend(part.split_whitespace().map(named)),
        }
    }
    words
}

#[test]
fn every_command_that_is_printed_can_be_typed() {
    let mut wrong = BTreeSet::new();
    let mut count = 0;
    for known in explain::all() {
        for command in commands(known) {
            count += 1;
            let words = words(&command);
            let asked = Cli::try_parse_from(&words);
            // A sentence may name a command without saying what to give it.
            let is_named_only = words.len() <= 4 && !known.entry.reason.commands.contains(&command.as_str());
            let is_short = |error: &clap::Error| {
                use clap::error::ErrorKind::{DisplayHelpOnMissingArgumentOrSubcommand, MissingRequiredArgument};
                matches!(error.kind(), MissingRequiredArgument | DisplayHelpOnMissingArgumentOrSubcommand)
            };
            if let Err(error) = asked
                && !(is_named_only && is_short(&error))
            {
                wrong.insert(format!("{command}: {}", error.to_string().lines().next().unwrap_or_default()));
            }
        }
    }
    assert!(count > 500 && wrong.is_empty(), "{wrong:#?}");
}
