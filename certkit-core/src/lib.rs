//! Reads, judges and makes X.509 certificates for OPC UA, HTTPS and ThingWorx AlwaysOn.
//!
//! The flow is one sentence: a source yields a presented chain; a search turns it into
//! paths made of facts; a profile turns facts into findings; a report says what was
//! found, what passed and what nobody could look at.

// All input is hostile: nothing here may panic on it.
#![cfg_attr(
    not(test),
    deny(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::indexing_slicing,
        clippy::arithmetic_side_effects,
        clippy::panic,
        clippy::disallowed_methods
    )
)]

pub use assess::{Assessment, Request, assess};
pub use cert::{Certificate, RevocationList};
pub use check::{Expectation, Finding, Profile, Severity};
pub use context::{CertificateSet, Context, Origin, Trust};
pub use moment::Moment;
pub use report::{Report, Verdict};

// Floor 0: text, time, names of things, and the encoding all is written in.
pub mod asn1;
pub mod moment;
pub mod oid;
pub mod redaction;
pub mod status;
pub mod text;

// Floor 1.
pub mod crypto;
// Stores alone use all of it.
#[cfg_attr(not(feature = "store"), allow(dead_code))]
pub mod files;
pub mod presented;

// Floor 2.
pub mod cert;

// Floor 3.
pub mod container;

// Floor 4.
#[cfg(feature = "generate")]
pub mod generate;
pub mod path;
pub mod source;
#[cfg(feature = "store")]
pub mod store;

// Floor 4 and a half: joins paths, lists and policies into one validation.
pub mod opcua;

// What is at hand for a run.
pub mod context;

// Floor 5: checks; the completing of chains and the asking for revocation, which join paths and sources.
pub mod chain;
pub mod check;
#[cfg(feature = "net")]
pub mod online;

// Floor 5 and a half: the decision of a relying party, of which checks give the words.
pub mod verify;

// The one way to a verdict.
pub mod assess;

// Floor 6: what a run has found.
pub mod report;

// Floor 7: joins checks of certificates, checks of stores and the report.
#[cfg(feature = "store")]
pub mod admission;

// The words of other programs, over the names of status codes alone; the command joins it with the checks.
pub mod explain;

// Whether a server is deployed as its maker's guide says: over sources, assessments and stores.
#[cfg(all(feature = "net", feature = "store"))]
pub mod review;
