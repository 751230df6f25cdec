//! Endpoints as people write them.

use certkit_core::presented::{Endpoint, Host, HostPort, Scheme};
use proptest::prelude::*;

fn read(text: &str) -> Endpoint {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn said(text: &str) -> String {
    use std::error::Error;
    let error = text.parse::<Endpoint>().expect_err(text);
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(inner) = cause {
        words.push_str(&format!(": {inner}"));
        cause = inner.source();
    }
    words
}

#[test]
fn every_form_is_read_and_written_back_in_its_shortest() {
    let table = [
        ("thingworx://twx", Scheme::ThingWorx, "twx", 443, Some("/Thingworx/WS"), "thingworx://twx"),
        ("thingworx://twx:8443/", Scheme::ThingWorx, "twx", 8443, Some("/Thingworx/WS"), "thingworx://twx:8443"),
        ("thingworx://h/Other/WS", Scheme::ThingWorx, "h", 443, Some("/Other/WS"), "thingworx://h/Other/WS"),
        (
            "wss://TWX.Plant.example:443/Thingworx/WS",
            Scheme::Wss,
            "twx.plant.example",
            443,
            Some("/Thingworx/WS"),
            "wss://twx.plant.example/Thingworx/WS",
        ),
        ("WSS://h", Scheme::Wss, "h", 443, Some("/"), "wss://h"),
        ("https://h", Scheme::Https, "h", 443, Some("/"), "https://h"),
        ("https://h/a b", Scheme::Https, "", 0, None, ""),
        ("https://h/a?b=c#d", Scheme::Https, "h", 443, Some("/a?b=c"), "https://h/a?b=c"),
        ("https://h?b", Scheme::Https, "h", 443, Some("/?b"), "https://h/?b"),
        ("https://h/\u{e4}", Scheme::Https, "h", 443, Some("/%C3%A4"), "https://h/%C3%A4"),
        ("https://h/x@y", Scheme::Https, "h", 443, Some("/x@y"), "https://h/x@y"),
        ("mqtts://broker", Scheme::Mqtts, "broker", 8883, None, "mqtts://broker"),
        ("mqtts://broker:1/", Scheme::Mqtts, "broker", 1, None, "mqtts://broker:1"),
        ("opc.tcp://plc7", Scheme::OpcTcp, "plc7", 4840, Some("/"), "opc.tcp://plc7"),
        ("OPC.TCP://PLC7:49320/", Scheme::OpcTcp, "plc7", 49320, Some("/"), "opc.tcp://plc7:49320"),
        (
            "opc.tcp://[::1]/UA/Server/",
            Scheme::OpcTcp,
            "[::1]",
            4840,
            Some("/UA/Server/"),
            "opc.tcp://[::1]/UA/Server/",
        ),
        // As PTC's note writes the address of ThingWorx.
        (
            "localhost:8443/Thingworx/WS",
            Scheme::Https,
            "localhost",
            8443,
            Some("/Thingworx/WS"),
            "https://localhost:8443/Thingworx/WS",
        ),
        ("tls://plc7:4433", Scheme::Tls, "plc7", 4433, None, "tls://plc7:4433"),
        ("plc_7:443", Scheme::Tls, "plc_7", 443, None, "tls://plc_7:443"),
        ("  plc7:443\n", Scheme::Tls, "plc7", 443, None, "tls://plc7:443"),
        ("10.0.0.7:65535", Scheme::Tls, "10.0.0.7", 65535, None, "tls://10.0.0.7:65535"),
        ("[::1]:443", Scheme::Tls, "[::1]", 443, None, "tls://[::1]:443"),
        ("https://[2001:DB8:0::1]/", Scheme::Https, "[2001:db8::1]", 443, Some("/"), "https://[2001:db8::1]"),
        (
            "https://M\u{fc}nchen.example",
            Scheme::Https,
            "xn--mnchen-3ya.example",
            443,
            Some("/"),
            "https://xn--mnchen-3ya.example",
        ),
        ("plc7.:443", Scheme::Tls, "plc7.", 443, None, "tls://plc7.:443"),
    ];
    for (text, scheme, host, port, resource, shortest) in table {
        if host.is_empty() {
            assert!(text.parse::<Endpoint>().is_err(), "{text}");
            continue;
        }
        let endpoint = read(text);
        assert_eq!(endpoint.scheme, scheme, "{text}");
        assert_eq!(endpoint.host.to_string(), host, "{text}");
        assert_eq!(endpoint.port, port, "{text}");
        assert_eq!(endpoint.resource.as_deref(), resource, "{text}");
        assert_eq!(endpoint.to_string(), shortest);
        assert_eq!(read(shortest), endpoint, "{shortest}");
    }
}

#[test]
fn what_cannot_be_read_is_told_with_what_was_expected() {
    let table = [
        ("", "the endpoint is empty; expected a URL such as thingworx://HOST or HOST:PORT"),
        (
            "foo://h",
            "\"foo://h\" starts with the unknown scheme \"foo\"; expected thingworx, wss, https, mqtts, opc.tcp, postgres, mysql, tds, ldap, ldaps, smtp, smtps, imap, imaps, pop3, pop3s, ftp, ftps, amqps or tls",
        ),
        (
            "http://h",
            "\"http://h\": http:// is not encrypted and so shows no certificate; expected https:// or another TLS scheme",
        ),
        ("https://u:geheim@h", "a user name or password before the host is not used; expected HOST or HOST:PORT"),
        ("u:geheim @h:1", "a user name or password before the host is not used; expected HOST or HOST:PORT"),
        ("plc7", "\"plc7\" has no port; expected plc7:PORT, or a scheme that has one: https://plc7"),
        ("tls://plc7", "\"tls://plc7\" has no port; expected plc7:PORT, or a scheme that has one: https://plc7"),
        ("plc7:0", "\"plc7:0\" is not an endpoint: the port is \"0\"; expected a number from 1 to 65535"),
        ("plc7:65536", "\"plc7:65536\" is not an endpoint: the port is \"65536\"; expected a number from 1 to 65535"),
        ("plc7:+443", "\"plc7:+443\" is not an endpoint: the port is \"+443\"; expected a number from 1 to 65535"),
        ("plc7:", "\"plc7:\" is not an endpoint: the port is \"\"; expected a number from 1 to 65535"),
        ("https://", "\"https://\" is not an endpoint: the host is missing; expected HOST or HOST:PORT"),
        (":443", "\":443\" is not an endpoint: the host is missing; expected HOST or HOST:PORT"),
        (
            "fe80::1",
            "\"fe80::1\" is not an endpoint: fe80::1 is an IPv6 address without brackets; expected [ADDRESS]:PORT",
        ),
        (
            "https://::1:443",
            "\"https://::1:443\" is not an endpoint: ::1:443 is an IPv6 address without brackets; expected [ADDRESS]:PORT",
        ),
        (
            "[fe80::1%eth0]:443",
            "\"[fe80::1%eth0]:443\" is not an endpoint: \"[fe80::1%eth0]\" has a zone, which is not supported; expected [ADDRESS]",
        ),
        ("[plc7]:443", "\"[plc7]:443\" is not an endpoint: \"[plc7]\" is not an IPv6 address in brackets"),
        ("[::1:443", "\"[::1:443\" is not an endpoint: \"[::1:443\" is not an IPv6 address in brackets"),
        ("[::1]443", "\"[::1]443\" is not an endpoint: the port is \"443\"; expected a number from 1 to 65535"),
        ("a:b:c", "\"a:b:c\" is not an endpoint: \"a:b:c\" has more than one colon; expected HOST:PORT or [IPv6]:PORT"),
        (
            "127.1:443",
            "\"127.1:443\" is not an endpoint: \"127.1\" is no host name, and as an address it would mean 127.0.0.1; expected that",
        ),
        (
            "a..b:443",
            "\"a..b:443\" is not an endpoint: \"a..b\" is not a host name; labels have 1 to 63 characters, the whole at most 253",
        ),
        (
            "https://pl%637",
            "\"https://pl%637\" is not an endpoint: \"pl%637\" is not a host name: invalid domain character",
        ),
        (
            "mqtts://h/topic",
            "\"mqtts://h/topic\" has the path \"/topic\"; only thingworx, wss, https and opc.tcp have paths",
        ),
        ("plc7/x", "\"plc7/x\" has no port; expected plc7:PORT, or a scheme that has one: https://plc7"),
        ("https://a b", "\"https://a b\" has white space or a control character in it"),
        ("https://a\u{1b}[31m", "\"https://a\\u{1b}[31m\" has white space or a control character in it"),
    ];
    for (text, expected) in table {
        assert_eq!(said(text), expected);
    }
    assert!(said(&"a".repeat(5000)).starts_with("the endpoint has 5000 characters"));
}

#[test]
fn thingworx_is_known_by_scheme_or_path() {
    for yes in [
        "thingworx://h",
        "thingworx://h/Other/WS",
        "wss://h/Thingworx/WS",
        "wss://h/thingworx/ws/",
        "https://h/THINGWORX/WS?x=1",
    ] {
        assert!(read(yes).is_thingworx(), "{yes}");
    }
    for no in ["wss://h", "https://h/Thingworx", "h:443", "mqtts://h", "opc.tcp://h/Thingworx/WS"] {
        assert!(!read(no).is_thingworx(), "{no}");
    }
}

#[test]
fn endpoints_are_told_from_files() {
    for yes in [
        "https://h",
        "opc.tcp://h:4840",
        "foo://x",
        "plc7:443",
        "10.0.0.7:443",
        "[::1]:443",
        "fe80::1:443",
        "plc7:8443/Thingworx/WS",
    ] {
        assert!(Endpoint::resembles(yes), "{yes}");
    }
    for no in [
        "plc7.pem",
        "plc7",
        "-",
        "",
        "C:\\pki\\plc7.der",
        "C:443",
        "C://x",
        "/etc/ssl/a:443",
        "windows:CurrentUser\\Root",
        "pem:ca.pem",
        "a:123456",
        "old copy:2",
    ] {
        assert!(!Endpoint::resembles(no), "{no}");
    }
}

#[test]
fn host_and_port_alone_are_read_too() {
    let read: HostPort = "[::1]:3128".parse().unwrap();
    assert_eq!(read.to_string(), "[::1]:3128");
    assert!(matches!(read.host, Host::V6(_)));
    for bad in ["plc7", "plc7:x", "", ":1", "https://h:1"] {
        assert!(bad.parse::<HostPort>().is_err(), "{bad}");
    }
}

fn survives(text: &str) {
    let _ = Endpoint::resembles(text);
    if let Ok(endpoint) = text.parse::<Endpoint>() {
        let written = endpoint.to_string();
        assert_eq!(written.parse(), Ok(endpoint), "{text:?} -> {written:?}");
        assert!(Endpoint::resembles(&written), "{written:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_survived(text in any::<String>()) {
        survives(&text);
    }

    #[test]
    fn what_is_read_is_written_and_read_again(
        scheme in "(thingworx://|wss://|https://|mqtts://|opc\\.tcp://|tls://|)",
        host in "([a-z0-9._-]{1,12}|[äßЖ文İ.a]{1,5}|\\[[0-9a-f:]{2,9}\\]|[0-9.x]{1,9}|\\PC{1,5})",
        port in "(:[0-9]{1,5}|)",
        tail in "(/|/[!-~]{0,12}|[/?#]\\PC{0,9}|)",
    ) {
        survives(&format!("{scheme}{host}{port}{tail}"));
    }
}

#[test]
fn what_is_read_is_short_enough_to_be_read_back() {
    let url = |letters: usize| format!("https://host/{}", "\u{3b1}".repeat(letters));
    let read: Endpoint = url(300).parse().unwrap();
    assert_eq!(read.to_string().parse::<Endpoint>().unwrap().to_string(), read.to_string());
    assert!(url(900).len() < 2048 && url(900).parse::<Endpoint>().is_err());
}
