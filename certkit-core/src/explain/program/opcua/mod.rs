//! Words around OPC UA, by theme.

pub(in crate::explain) mod dotnet;
pub(in crate::explain) mod node;
pub(in crate::explain) mod others;
pub(in crate::explain) mod stacks;
pub(in crate::explain) mod status;
