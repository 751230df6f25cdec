//! Where trust is kept: the shapes of stores.
//!
//! Knows which folders and file names the programs that read a store expect. Refuses to
//! judge what is in one, and decides nothing about trust.

pub mod opcua;

#[cfg(test)]
mod tests;
