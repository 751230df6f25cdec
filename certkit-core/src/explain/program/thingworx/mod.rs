//! Words around ThingWorx, by theme.

pub(in crate::explain) mod java;
pub(in crate::explain) mod log;
pub(in crate::explain) mod numbers;
