//! What can go wrong with a download.

use std::fmt;
use std::net::IpAddr;

use super::super::error::Fault;
use super::super::http::HttpFault;
use super::super::network::Network;
use crate::presented::Host;
use crate::text::Address;

/// A download that gave nothing.
#[derive(Debug, thiserror::Error)]
#[error("nothing was downloaded from {url}")]
pub struct DownloadError {
    /// The address, of the last redirect if there were any.
    pub url: Address,
    /// What happened.
    #[source]
    pub fault: DownloadFault,
}

/// What can go wrong with a download.
#[derive(Debug, thiserror::Error)]
pub enum DownloadFault {
    /// Not a URL.
    #[error("the address cannot be read")]
    Url(#[from] url::ParseError),
    /// A scheme other than `http`.
    #[error("the scheme is {0}; only http is supported")]
    Scheme(
        /// The scheme, such as `https`, `ldap` or `ftp`.
        String,
    ),
    /// User name, password, port 0 or no host.
    #[error("the address has a user name or no proper host and port")]
    Authority,
    /// The address is not on the public internet, and nothing lets a stranger name it.
    #[error("not queried: {host} is {}{network} address, which is not allowed from a certificate here", At(host, *address))]
    Private {
        /// The host, as the address has it.
        host: Host,
        /// What it resolved to; nothing where a proxy would have resolved it.
        address: Option<IpAddr>,
        /// The network of that.
        network: Network,
    },
    /// All of the time of a run was used up by what was asked before.
    #[error("not queried: the time limit for downloads was reached")]
    NoTimeLeft,
    /// The operating system gave no event loop.
    #[error("cannot start the event loop")]
    Runtime(#[source] std::io::Error),
    /// The server was not reached.
    #[error("the server could not be reached")]
    Unreachable(#[source] Fault),
    /// The exchange failed.
    #[error("the exchange failed")]
    Http(#[from] HttpFault),
    /// An answer other than 200.
    #[error("the server answered with status {status} {}", reason.escape_debug())]
    Status {
        /// The HTTP status.
        status: u16,
        /// The words after it, as sent.
        reason: String,
    },
    /// A redirect without a usable `Location`.
    #[error("the server redirected without a usable location")]
    Redirect,
    /// A chain of redirects, perhaps a circle.
    #[error("the server redirected more than {0} times")]
    TooManyRedirects(
        /// The bound.
        u8,
    ),
    /// More bytes than wanted.
    #[error("the answer is longer than {0} bytes")]
    TooLarge(
        /// The bound.
        usize,
    ),
}

/// `ADDRESS, a `, or `a ` where the host is the address itself.
struct At<'a>(&'a Host, Option<IpAddr>);

impl fmt::Display for At<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.1.filter(|address| self.0.address() != Some(*address)) {
            Some(address) => write!(f, "{address}, a "),
            None => f.write_str("a "),
        }
    }
}
