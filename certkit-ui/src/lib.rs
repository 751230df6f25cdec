//! The page of certkit: its tasks in a browser, for whoever never opens a terminal.
//!
//! The page judges nothing. A task becomes a command line ([`task`]), which whoever brings the [`Engine`] runs as if it
//! had been typed; what comes back is the document of that command, shown field by field. All that is here is the
//! server, which nobody but the user who started it can talk to ([`guard`]), and the page.

mod alive;
mod command_line;
mod engine;
mod folder;
mod guard;
mod page;
mod places;
mod run;
mod secret;
mod serve;
mod task;

pub use engine::{Answer, Engine, Handed, Watch};
pub use serve::{Bound, Options};
