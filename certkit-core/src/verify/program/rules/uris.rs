//! Which URIs among alternative names Go's decoder takes: those of `net/url` whose host has no empty label.

/// Whether `x509.ParseCertificate` takes a URI of ASCII.
pub(super) fn is_taken_by_go(uri: &str) -> bool {
    if uri.bytes().any(|octet| octet.is_ascii_control()) {
        return false;
    }
    let (before, fragment) = uri.split_once('#').unwrap_or((uri, ""));
    let Some((scheme, rest)) = after_scheme(before) else { return false };
    let (rest, _) = rest.split_once('?').unwrap_or((rest, ""));
    let is_path_taken = match (rest.strip_prefix('/'), scheme) {
        // What follows the scheme is left as it is.
        (None, true) => true,
        (None, false) => !rest.split('/').next().unwrap_or_default().contains(':') && are_escaped(rest),
        (Some(below), scheme) => match below.strip_prefix('/').filter(|it| scheme || !it.starts_with('/')) {
            None => are_escaped(rest),
            Some(below) => {
                let end = below.find('/').unwrap_or(below.len());
                let (authority, path) = below.split_at_checked(end).unwrap_or_default();
                is_authority(authority) && are_escaped(path)
            }
        },
    };
    is_path_taken && are_escaped(fragment)
}

/// Whether there is a scheme, and what follows it; `None` where there is nothing before its colon.
fn after_scheme(uri: &str) -> Option<(bool, &str)> {
    let end = uri.find(|it: char| !it.is_ascii_alphanumeric() && !matches!(it, '+' | '-' | '.')).unwrap_or(uri.len());
    let (scheme, rest) = uri.split_at_checked(end)?;
    match rest.strip_prefix(':') {
        Some(_) if scheme.is_empty() => None,
        Some(rest) if scheme.starts_with(|it: char| it.is_ascii_alphabetic()) => Some((true, rest)),
        _ => Some((false, uri)),
    }
}

/// Whether each `%` begins two hexadecimal digits.
fn are_escaped(text: &str) -> bool {
    let is_escape = |rest: &str| rest.get(..2).is_some_and(|two| two.bytes().all(|it| it.is_ascii_hexdigit()));
    text.split('%').skip(1).all(is_escape)
}

/// `user@host:port`, whose host has no empty label.
fn is_authority(authority: &str) -> bool {
    let (user, server) = match authority.rsplit_once('@') {
        Some((user, server)) => (Some(user), server),
        None => (None, authority),
    };
    let is_of_user = |it: char| it.is_ascii_alphanumeric() || "-._:~!$&'()*+,;=%@".contains(it);
    let (host, port) = match server.starts_with('[') {
        true => match server.rfind(']').and_then(|at| server.split_at_checked(at.saturating_add(1))) {
            Some(parts) => parts,
            None => return false,
        },
        false => server.rfind(':').and_then(|at| server.split_at_checked(at)).unwrap_or((server, "")),
    };
    let is_port = port.is_empty() || port.strip_prefix(':').is_some_and(|it| it.bytes().all(|it| it.is_ascii_digit()));
    let is_of_host = |it: char| it.is_ascii_alphanumeric() || "-_.~!$&'()*+,;=:[]<>\"%".contains(it);
    // Of what is escaped in a host, it takes the percent sign alone.
    let is_escaped = host.split('%').skip(1).all(|rest| rest.starts_with("25"));
    user.is_none_or(|user| user.chars().all(is_of_user) && are_escaped(user))
        && is_port
        && host.chars().all(is_of_host)
        && is_escaped
        && server.split('.').skip(1).all(|label| !label.is_empty())
}
