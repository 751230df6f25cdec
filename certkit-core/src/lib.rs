//! certkit
pub mod source;
