//! What certkit learns of OPC UA servers: of recorded ones, of hostile ones and of many at once, all on
//! loopback.

mod hostile;
mod many;
mod recorded;
mod server;
mod trial;
