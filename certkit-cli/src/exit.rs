//! Exit statuses: the only place with numbers.

use std::process::ExitCode;

use certkit_core::check::Severity;

/// How a run of certkit ends; the numbers are those of monitoring plugins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Nothing is wrong.
    Fine,
    /// There are warnings and nothing worse.
    Warnings,
    /// There is at least one error.
    Errors,
    /// The job could not be done.
    Failed,
}

impl Exit {
    /// The status for the heaviest finding.
    pub(crate) fn for_severity(heaviest: Option<Severity>) -> Exit {
        match heaviest {
            None | Some(Severity::Info) => Exit::Fine,
            Some(Severity::Warning) => Exit::Warnings,
            Some(Severity::Error) => Exit::Errors,
        }
    }

    /// Its number.
    pub(crate) fn status(self) -> u8 {
        match self {
            Exit::Fine => 0,
            Exit::Warnings => 1,
            Exit::Errors => 2,
            Exit::Failed => 3,
        }
    }
}

/// Ends the program in the middle of its work, as shells show one that Ctrl-C has ended.
pub(crate) fn at_once() -> ! {
    std::process::exit(130)
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit.status())
    }
}

/// The section that every `--help` ends with.
pub(crate) const HELP: &str = "\
EXIT STATUS
  0  nothing wrong
  1  warnings only
  2  at least one error
  3  the job could not be done (bad usage, unreadable input, unreachable endpoint, refused write);
     nothing is written then";
