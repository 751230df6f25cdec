//! What must not stand on a command line: read from the environment or a file instead.

use certkit_core::source::Proxy;

use crate::failure::Failure;

/// Reads the proxy that was named: `http://HOST:PORT`, `env:NAME` or `file:PATH`.
///
/// Everyone on the machine can read a command line, so one with a password is refused.
pub(crate) fn proxy(named: &str) -> Result<Proxy, Failure> {
    let (text, place) = if let Some(variable) = named.strip_prefix("env:") {
        let value = std::env::var(variable)
            .map_err(|error| Failure::new(format!("the proxy cannot be read from {variable}")).because(error))?;
        (value, variable.to_owned())
    } else if let Some(path) = named.strip_prefix("file:") {
        let value = std::fs::read_to_string(path)
            .map_err(|error| Failure::new(format!("the proxy cannot be read from {path}")).because(error))?;
        (value, path.to_owned())
    } else if named.contains('@') {
        return Err(Failure::new("a password must not stand on the command line")
            .hint("put the proxy's URL into an environment variable and name it: --proxy env:PROXY_URL"));
    } else {
        (named.to_owned(), "--proxy".to_owned())
    };
    text.trim().parse().map_err(|error: certkit_core::source::ProxyError| {
        Failure::new(format!("{place} names no proxy")).because(error)
    })
}
