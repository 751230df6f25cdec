//! certkit
fn main() {}
