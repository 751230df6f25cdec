//! The commands, a file for each verb.

mod check;
mod completions;
mod convert;
mod demo;
mod enroll;
mod expiry;
mod explain;
mod fetch;
mod generate;
mod inspect;
mod inventory;
mod man;
mod preflight;
mod renew;
mod request;
mod review;
mod revoke;
mod schema;
mod selftest;
mod sign;
pub(crate) mod trust;
#[cfg(feature = "ui")]
pub(crate) mod ui;
pub(crate) mod verify;
mod version;

use clap::Subcommand;

use crate::exit::Exit;
use crate::failure::Failure;

/// What certkit can be told to do.
///
/// What is said of a command stands here, since its arguments are made out only when it is named: that of all
/// of them would take longer than most commands do.
#[derive(Debug, Subcommand)]
#[command(defer = true)]
pub(crate) enum Command {
    /// Show what is in files, folders or endpoints: certificates, requests, revocation lists, keys.
    ///
    /// Does not judge: use `certkit check` for that. Never shows private key values.
    Inspect(inspect::Args),
    /// Get the chain of an endpoint, find its root CA, and list everything that is wrong with it.
    ///
    /// Takes the chain whatever is wrong with it and judges it afterwards. Data goes to standard output or to the file
    /// of -o; everything else to standard error.
    Fetch(Box<fetch::Args>),
    /// List everything that is wrong with certificates before they are imported or served.
    ///
    /// Checks every certificate of every input. Completes chains from the other inputs of the command, --untrusted,
    /// --trust and the roots of the system and of Mozilla; uses no network unless an INPUT is a URL.
    Check(Box<check::Args>),
    /// Decide whether a relying party trusts a certificate, and give every reason if not.
    ///
    /// Looks for the best path from LEAF to what --trust names, and judges all of it: signatures, dates, constraints,
    /// usages, names, policies and revocation. Uses no network unless --online is given. Exit status 0 or 1 means
    /// accepted, 2 rejected, 3 not judged.
    Verify(Box<verify::Args>),
    /// Convert certificates and keys to another format: PEM, DER, PKCS#7, PKCS#12 or a Java keystore.
    ///
    /// Several inputs become one file, such as a certificate, its chain and its key. Keys are paired with their
    /// certificates, chains are put in order. Reports what was read and written; everything left out is listed.
    Convert(Box<convert::Args>),
    /// Show and change trust stores: list, add, remove, reject, approve, export, diff, audit, undo.
    ///
    /// Stores are files, folders and what the system trusts. Certificates are checked before they are added; every
    /// change is atomic, recorded beside the store, and can be undone.
    Trust(trust::Args),
    /// Make a key and its certificate: issued by a CA, or self-signed except for a TLS server (https).
    ///
    /// A self-signed certificate of a TLS server is one that clients cannot tell from an attacker's: --issuer names the CA, or
    /// --accept self-signed makes it all the same.
    ///
    /// The result is checked as by `certkit check` before it is written; with any finding, nothing is written. Files
    /// are written all or none.
    Generate(Box<generate::Args>),
    /// Make a key and a request (PKCS#10) that another CA signs.
    ///
    /// Requests what a certificate of this kind needs; the CA decides. The request goes to standard output unless a
    /// file is named. Files are written all or none.
    Request(Box<request::Args>),
    /// Sign requests (PKCS#10) of others with a CA.
    ///
    /// Takes from a request only what a certificate of this kind needs, and reports what was not granted. A request
    /// that is not signed by its own key, or that asks for a CA certificate without --kind ca, is refused.
    Sign(Box<sign::Args>),
    /// Enroll or renew a certificate with a CA over EST (RFC 7030), or get the CA certificates.
    ///
    /// Sends nothing before the server is verified. An issued certificate is written only if it has the right key,
    /// matches the request and passes `certkit check`. Private keys never leave this machine.
    Enroll(Box<enroll::Args>),
    /// Renew a certificate: the same names and, unless --rekey, the same key, with new dates.
    ///
    /// Signed by --issuer, or by its own key if it is self-signed. Lists the partners that must trust the new file
    /// before it is used: those with the old one in a list of trusted certificates.
    Renew(Box<renew::Args>),
    /// Revoke certificates: make or extend the revocation list (CRL) of a CA.
    ///
    /// The number of the list increases, its entries stay. Without CERT no further certificate is revoked: for the
    /// first list of a CA, or the next one before the old one is overdue.
    Revoke(Box<revoke::Args>),
    /// Show why two OPC UA applications would reject each other before they connect.
    ///
    /// Takes both certificates and the lists of both sides, or a live server in place of the other one, and judges as
    /// client and server do. Each objection comes with its status code and the command, folder or dialog that fixes it.
    /// What cannot be decided without the lists of a side is reported as such.
    Preflight(Box<preflight::Args>),
    /// Show which certificates and revocation lists expire soon, in files, folders, stores and endpoints.
    ///
    /// For cron jobs and monitoring: reads many sources in parallel and writes one report in several formats. What
    /// could not be read is reported as such, never as fine.
    Expiry(Box<expiry::Args>),
    /// List certificates, keys and algorithms with where each is, and which of them a quantum computer can break.
    ///
    /// Reads files, folders, stores and endpoints, or the inventory of `certkit expiry`, and writes tables or a
    /// cryptography bill of materials (CycloneDX 1.6). Does not judge, and never shows private key values.
    Inventory(Box<inventory::Args>),
    /// Check a Kepware server against PTC's Secure Deployment guides, duty by duty.
    ///
    /// Reads project files and asks the Configuration API, without changing anything. Each duty of the guides is a row:
    /// met, not met, partly, not visible here, to be confirmed by a person, or not applicable, with the evidence and
    /// the dialog that fixes it. Accepted deviations stand in a file of waivers.
    Review(Box<review::Args>),
    /// Explain a finding, an OPC UA status code or a message of another program, and what to do.
    Explain(explain::Args),
    /// Use certkit in the browser, on this machine only.
    ///
    /// Serves the page on loopback and opens it. Only the browser that opens the link can use it. It ends with Ctrl-C,
    /// with the button of the page, and after some minutes without an open page.
    #[cfg(feature = "ui")]
    Ui(ui::Args),
    /// Show the main job against a simulated ThingWorx server on loopback, with a private chain made for it.
    ///
    /// Then shows how a self-signed, an expired and a SHA-1 server are flagged. Everything it makes is removed when it
    /// ends; nothing leaves this machine.
    Demo(demo::Args),
    /// Print the JSON Schema of a document that certkit writes.
    Schema(schema::Args),
    /// Print the completions for a shell.
    Completions(completions::Args),
    /// Print the manual page of certkit, or of one command.
    Man(man::Args),
    /// Show the version, target, features, commit and cryptographic backend of certkit.
    Version(version::Args),
    /// Check whether certkit works on this machine: cryptography (known answers), roots, clock, temporary folder.
    ///
    /// For support calls. Writes only a temporary file, and uses no network.
    Selftest(selftest::Args),
}

impl Command {
    /// Whether it goes on when a job is done, and does others.
    pub(crate) fn goes_on(&self) -> bool {
        #[cfg(feature = "ui")]
        if matches!(self, Command::Ui(_)) {
            return true;
        }
        false
    }

    /// Does it.
    pub(crate) fn run(self) -> Result<Exit, Failure> {
        match self {
            Command::Inspect(args) => inspect::run(&args),
            Command::Fetch(args) => fetch::run(&args),
            Command::Check(args) => check::run(&args),
            Command::Verify(args) => verify::run(&args),
            Command::Convert(args) => convert::run(&args),
            Command::Trust(args) => trust::run(&args),
            Command::Generate(args) => generate::run(&args),
            Command::Request(args) => request::run(&args),
            Command::Sign(args) => sign::run(&args),
            Command::Enroll(args) => enroll::run(&args),
            Command::Renew(args) => renew::run(&args),
            Command::Revoke(args) => revoke::run(&args),
            Command::Preflight(args) => preflight::run(&args),
            Command::Expiry(args) => expiry::run(&args),
            Command::Inventory(args) => inventory::run(&args),
            Command::Review(args) => review::run(&args),
            Command::Explain(args) => explain::run(&args),
            #[cfg(feature = "ui")]
            Command::Ui(args) => ui::run(&args),
            Command::Demo(args) => demo::run(&args),
            Command::Schema(args) => schema::run(&args),
            Command::Completions(args) => completions::run(&args),
            Command::Man(args) => man::run(&args),
            Command::Version(args) => version::run(&args),
            Command::Selftest(args) => selftest::run(&args),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use clap::CommandFactory as _;

    use crate::cli::Cli;

    #[test]
    fn a_command_says_of_itself_what_the_list_of_commands_says() {
        let listed = Cli::command();
        let mut built = listed.clone();
        built.build();
        for command in listed.get_subcommands() {
            let name = command.get_name();
            let own = built.find_subcommand(name).unwrap();
            let both = [command, own].map(|it| it.get_about().map(ToString::to_string));
            assert!(both[0].is_some() && both[0] == both[1], "{name}: {both:?}");
        }
    }
    /// What stands in backticks and begins with `certkit` in the sources below a folder: comments, help and remedies.
    fn quoted(folder: &Path, found: &mut Vec<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                quoted(&path, found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                // A command may be broken over lines, in a literal and in a comment.
                let lines = fs::read_to_string(&path).unwrap();
                let lines = lines.lines().map(|line| {
                    line.trim_start().trim_start_matches(['/', '!']).trim_start().trim_end_matches('\\').trim_end()
                });
                let text = lines.collect::<Vec<_>>().join(" ");
                let spans = text.split('`').filter(|span| span.len() < 200);
                found.extend(spans.filter(|span| span.starts_with("certkit ")).map(str::to_owned));
            }
        }
    }

    /// What is wrong with a command that a text names; `None` where its verb, its kind and its options exist.
    fn fault(named: &str, cli: &clap::Command) -> Option<String> {
        let mut command = cli;
        let mut is_verb = true;
        for word in named.split_whitespace().skip(1) {
            if let Some(option) = word.strip_prefix("--") {
                let option = option.split('=').next()?;
                let name: String = option.chars().take_while(|it| it.is_ascii_alphanumeric() || *it == '-').collect();
                if !command.get_arguments().any(|it| it.get_long() == Some(name.as_str())) {
                    return Some(format!("no option --{name}"));
                }
                is_verb = false;
            } else if is_verb && word.chars().all(|it| it.is_ascii_lowercase() || it == '-') {
                let kinds = command.get_positionals().next().map(clap::Arg::get_possible_values).unwrap_or_default();
                match command.find_subcommand(word) {
                    Some(below) => command = below,
                    None if command.get_name() == "certkit" => return Some(format!("no command {word}")),
                    None if kinds.is_empty() => is_verb = false,
                    None if kinds.iter().any(|it| it.matches(word, false)) => is_verb = false,
                    None => return Some(format!("no {word}")),
                }
            } else {
                is_verb = false;
            }
        }
        None
    }

    #[test]
    fn a_command_that_a_text_names_exists() {
        let mut cli = Cli::command();
        cli.build();
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        let mut named = Vec::new();
        for folder in ["certkit-core/src", "certkit-cli/src"] {
            quoted(&root.join(folder), &mut named);
        }
        assert!(named.len() > 50, "{named:?}");
        let wrong: Vec<_> = named.iter().filter_map(|it| fault(it, &cli).map(|why| format!("{it}: {why}"))).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        for (none, why) in [
            ("certkit fly", "no command fly"),
            ("certkit generate server --key ec", "no server"),
            ("certkit generate https --key-typ ec", "no option --key-typ"),
        ] {
            assert_eq!(fault(none, &cli).as_deref(), Some(why));
        }
    }
}
