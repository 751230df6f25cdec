//! certkit
