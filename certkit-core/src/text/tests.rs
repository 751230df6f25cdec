use super::*;

#[test]
fn what_moves_a_cursor_is_escaped() {
    assert_eq!(Printable("Anlage Süd 北").to_string(), "Anlage Süd 北");
    assert_eq!(Printable("a\u{1b}[2Jb\r\n\0").to_string(), "a\\u{1b}[2Jb\\u{d}\\u{a}\\u{0}");
    assert_eq!(Printable("pay\u{202e}lap").to_string(), "pay\\u{202e}lap");
    assert_eq!(Printable("a\\b \\u{41}").to_string(), "a\\b \\u{5c}u{41}");
    assert_eq!(Printable("\u{9b}x\u{200b}y").to_string(), "\\u{9b}x\\u{200b}y");
}

#[test]
fn values_of_parameters_that_are_secret_are_hidden() {
    for (written, shown) in [
        ("postgresql://h:1/db?password=s3cr3t&sslmode=require", "postgresql://h:1/db?password=***&sslmode=require"),
        (
            "jdbc:sqlserver://h:1433;user=u;Password=s3;encrypt=true",
            "jdbc:sqlserver://h:1433;user=u;Password=***;encrypt=true",
        ),
        ("https://h/x?access_token=abc#top", "https://h/x?access_token=***#top"),
        ("https://h/x?sig=abc", "https://h/x?sig=***"),
        ("ldap://h/cn=ca?cACertificate?base?objectClass=*", "ldap://h/cn=ca?cACertificate?base?objectClass=*"),
        ("https://h/crl?name=key", "https://h/crl?name=key"),
        ("https://h/?password=", "https://h/?password="),
        ("wss://h/Thingworx/WS?appKey=0a-1b", "wss://h/Thingworx/WS?appKey=***"),
        ("https://h/#access_token=a&state=b", "https://h/#access_token=***&state=b"),
        (
            "https://h/?Authorization=Bearer%20a&x-thingworx-session=b",
            "https://h/?Authorization=***&x-thingworx-session=***",
        ),
    ] {
        assert_eq!(Address::new(written).to_string(), shown);
        assert_eq!(without_users(&format!("see '{written}' there")), format!("see '{shown}' there"));
    }
}

#[test]
fn users_and_passwords_of_addresses_are_hidden() {
    for (written, shown) in [
        ("http://h/x?y@z", "http://h/x?y@z"),
        ("http://[::1]:80/a@b", "http://[::1]:80/a@b"),
        ("urn:plc7:Plant:Pump", "urn:plc7:Plant:Pump"),
        ("http://u:p@h/x", "http://***@h/x"),
        ("http://token@h", "http://***@h"),
        ("http://u:p@ss@h/x", "http://***@h/x"),
        ("http://u:p/w@h/x", "http://***@h/x"),
        ("http:u:p@h/x", "http:***@h/x"),
        ("http:\\\\u:p@h", "http:\\\\***@h"),
        ("//u:p@h/x", "//***@h/x"),
        ("u:p@h:443", "u:***@h:443"),
        ("/path/a@b", "/path/a@b"),
    ] {
        assert_eq!(Address::new(written).to_string(), shown);
        assert_eq!(format!("{:?}", Address::new(written)), format!("\"{shown}\""));
    }
    let text = "a `https://u:p@h/x` and ftp://h/, see http://a:b/c@d.";
    assert_eq!(without_users(text), "a `https://***@h/x` and ftp://h/, see http://***@d.");
    assert_eq!(without_users("nothing: here"), "nothing: here");
    for (written, shown) in [
        ("`https:/u:p@h/x`", "`https:/***@h/x`"),
        ("\"//u:p@h\": x", "\"//***@h\": x"),
        ("https%3A//u:p@h", "https%3A//***@h"),
        ("'--https:\\\\u:p@h:1'", "'--https:\\\\***@h:1'"),
        ("C:\\u@x and C:\\\\x@y and \\\\host\\a@b", "C:\\u@x and C:\\\\***@y and \\\\host\\a@b"),
        ("/a//b@c and C:/x@y and //host/a:b@c", "/a//b@c and C:/x@y and //host/a:b@c"),
    ] {
        assert_eq!(without_users(written), shown);
    }
}

#[test]
fn passwords_are_found_where_somebody_has_typed_them() {
    for (written, password) in [
        ("https://u:p@h", Some("p")),
        ("https:/u:p@h", Some("p")),
        ("https%3A//u:p@h", Some("p")),
        ("//u:p@h", Some("p")),
        ("u:p@h:443", Some("p")),
        ("pem:u:p@h", Some("u:p")),
        ("HTTPS://u:p/w@h", Some("p/w")),
        ("https:\\\\u:p@h", Some("p")),
        ("https://u@h", None),
        ("ops@plant.example", None),
        ("mailto:ops@plant.example", None),
        ("urn:plc7:Plant@Pump", None),
        ("CN=u:p@h", None),
        ("http://plc7:4840/a@b", None),
        ("dir/a:b@c", None),
        ("x:@h", None),
        ("ticket: bob@plant", None),
        ("@1:2", None),
        ("': `@1:2` is no threshold", None),
    ] {
        assert_eq!(password_of(written), password, "{written}");
    }
}

#[test]
fn hexadecimal_is_lower_case() {
    assert_eq!(Hex([0x00, 0xab, 0x7f]).to_string(), "00ab7f");
}
