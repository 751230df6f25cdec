//! What the addresses of agents say: whether they lead over TLS, and which web sites they name.

use url::Url;

/// Says whether an agent talks over TLS to the address that it is given, or to all of several; `None` where a scheme is
/// none that is known.
pub(in crate::review) fn is_over_tls(urls: &str) -> Option<bool> {
    let parts: Vec<&str> = urls.split([',', ';', ' ']).collect();
    let first = parts.first()?.split_once("://")?.1;
    // What follows a path is a part of it.
    if urls.matches("://").count() == 1 && first.contains('/') {
        return scheme_is_over_tls(urls);
    }
    let over: Vec<Option<bool>> = parts.iter().map(|it| scheme_is_over_tls(it)).collect();
    if over.contains(&Some(false)) { Some(false) } else { over.iter().all(Option::is_some).then_some(true) }
}

fn scheme_is_over_tls(url: &str) -> Option<bool> {
    let scheme = url.split_once("://")?.0.to_ascii_lowercase();
    match scheme.as_str() {
        "ssl" | "mqtts" | "tls" | "wss" | "https" => Some(true),
        "tcp" | "mqtt" | "ws" | "http" => Some(false),
        _ => None,
    }
}

/// Says whether a text is one origin, as a browser sends it (RFC 6454 section 6.2).
pub(super) fn is_origin(text: &str) -> bool {
    let is_known = |it: char| it.is_ascii_alphanumeric() || matches!(it, '.' | '-' | '_' | ':' | '/' | '[' | ']');
    text.chars().all(is_known)
        && Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.path() == "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_of_several_has_to_lead_over_tls() {
        for (urls, is_over) in [
            ("ssl://b:8883", Some(true)),
            ("SSL://b", Some(true)),
            ("tcp://b", Some(false)),
            ("ssl://b,tcp://c:1883", Some(false)),
            ("tcp://c:1883;ssl://b", Some(false)),
            ("ssl://b;ssl://c", Some(true)),
            ("ssl://b,c:1883", None),
            ("ssl://b,new://c", None),
            (" ssl://b", None),
            ("b:8883", None),
            ("", None),
            ("https://mes/in,out", Some(true)),
        ] {
            assert_eq!(is_over_tls(urls), is_over, "{urls}");
        }
    }

    #[test]
    fn an_origin_is_a_scheme_and_a_host() {
        for text in ["http://a.example", "https://a:8443", "https://10.0.0.7", "http://[::1]:80", "https://a/"] {
            assert!(is_origin(text), "{text}");
        }
        for text in [
            "*",
            "null",
            ".*",
            "http://*",
            "*.evil",
            "a.example",
            "\u{2217}",
            "https://a b",
            "https://a/x",
            "ftp://a",
            "",
        ] {
            assert!(!is_origin(text), "{text}");
        }
    }
}
