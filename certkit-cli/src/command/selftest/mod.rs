//! `certkit selftest`: whether certkit works on this machine, for support calls.

mod cryptography;
mod machine;

use certkit_core::moment::Moment;
use certkit_core::text::Printable;
use serde::Serialize;

use crate::arguments::{Format, FormatArgs};
use crate::command::version::Build;
use crate::exit::{self, Exit};
use crate::failure::Failure;
use crate::output;
use crate::terminal;
use crate::terminal::style::{self, paint};

#[derive(clap::Args, Debug)]
#[command(after_help = format!("{EXAMPLES}{}", exit::HELP))]
pub(crate) struct Args {
    #[command(flatten)]
    format: FormatArgs,
}

const EXAMPLES: &str = "\
EXAMPLES
  certkit selftest
  certkit selftest --json > selftest.json
      what to send along with a report of a fault

";

/// The document of `certkit.selftest/1`.
#[derive(Serialize, schemars::JsonSchema)]
pub(crate) struct SelftestJson {
    schema: &'static str,
    /// `ok`, or `errors`: something does not work.
    verdict: &'static str,
    /// RFC 3339 UTC: what the clock of this machine says.
    moment: String,
    /// Which certkit this is.
    build: Build,
    tests: Vec<Test>,
}

/// Something that was tried.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Test {
    /// In kebab-case, for scripts.
    id: &'static str,
    state: State,
    /// What was found, in one sentence.
    message: String,
    /// What to do about it; left out where nothing is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    remedy: Option<&'static str>,
}

/// How it went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum State {
    /// It works.
    Passed,
    /// It does not work.
    Failed,
    /// It is how it is: neither right nor wrong.
    Noted,
}

impl Test {
    /// What comes of a test: what works, or why it does not.
    fn of(id: &'static str, result: Result<String, String>, remedy: &'static str) -> Test {
        match result {
            Ok(message) => Test { id, state: State::Passed, message, remedy: None },
            Err(message) => Test { id, state: State::Failed, message, remedy: Some(remedy) },
        }
    }

    /// Something that is told and not judged.
    fn told(id: &'static str, message: String) -> Test {
        Test { id, state: State::Noted, message, remedy: None }
    }

    fn text(&self) -> String {
        let (style, word) = match self.state {
            State::Passed => (style::GOOD, "ok"),
            State::Failed => (style::BAD, "FAILED"),
            State::Noted => (style::DIM, "-"),
        };
        let remedy = self.remedy.map_or_else(String::new, |remedy| format!("{:22}  do: {remedy}\n", ""));
        format!("{}  {:<12}  {}\n{remedy}", paint(style, format_args!("{word:<6}")), self.id, Printable(&self.message))
    }
}

pub(crate) fn run(args: &Args) -> Result<Exit, Failure> {
    let moment = Moment::now();
    let build = Build::this();
    let mut tests = cryptography::tests();
    tests.extend(machine::tests(moment));
    let is_fine = tests.iter().all(|test| test.state != State::Failed);
    let verdict = if is_fine { "ok" } else { "errors" };
    match args.format.chosen() {
        Format::Json => {
            let (schema, moment) = ("certkit.selftest/1", moment.to_string());
            output::print(&terminal::document(&SelftestJson { schema, verdict, moment, build, tests }))?;
        }
        Format::Text => {
            let lines: String = tests.iter().map(Test::text).collect();
            let sum = if is_fine {
                format!("{}: certkit works on this machine", paint(style::GOOD, "OK"))
            } else {
                format!("{}: certkit does not work on this machine", paint(style::BAD, "FAILED"))
            };
            output::print_text(&format!("{}\n{lines}\n{sum}\n", build.text()))?;
        }
    }
    Ok(if is_fine { Exit::Fine } else { Exit::Errors })
}
