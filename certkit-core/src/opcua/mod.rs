//! What the standard and its stacks demand of OPC UA certificates, as facts and data.
//!
//! Knows security policies, the validation of OPC 10000-4 section 6.1.3 with its status
//! codes, and where well-known stacks depart from it. Gives no judgement beyond the
//! status code: texts, severities and remedies are in the checks.

pub mod policy;
pub mod preflight;
mod stack;
pub mod validation;
mod wire;

pub use policy::{Leniency, Misfit, SecurityPolicy, Standing, policies_for};
pub use stack::{KnownBy, Prediction, Stack};
pub use validation::{Question, TrustLists, Validation, validate};
pub use wire::reported;
