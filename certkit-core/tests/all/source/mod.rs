//! What certkit gets from the network: from proper servers, old ones and hostile ones, all on
//! loopback.

mod capture;
mod download;
mod endpoint;
mod hostile;
mod openssl;
mod posture;
mod proxy;
mod quantum;
mod servers;
mod starttls;
