//! Times as programs write them.

use super::*;

fn read(line: &str) -> Option<String> {
    let now: Moment = "2026-11-29T12:00:00Z".parse().unwrap();
    Clock::new(now).read(line).map(|stamp| stamp.to_string())
}

#[test]
fn the_usual_formats_are_read() {
    for (line, wanted) in [
        ("2026-10-05T12:00:10Z E! [inputs.opcua]", "2026-10-05T12:00:10Z"),
        ("2026-10-05 08:14:56.337 [Netty] ERROR", "2026-10-05T08:14:56"),
        ("2026-10-05 11:40:07,220 INFO", "2026-10-05T11:40:07"),
        ("2026-10-05 10:02:11.401 +02:00 [INF]", "2026-10-05T08:02:11Z"),
        ("2026-10-05T10:02:11.401+0200 [error]", "2026-10-05T08:02:11Z"),
        ("[2026-10-05T10:02:11] x", "2026-10-05T10:02:11"),
        ("2026/10/05 13:05:40 [error] 911#911: x", "2026-10-05T13:05:40"),
        ("2026-10-05,07:58:13,Error,ThingWorx Native,x", "2026-10-05T07:58:13"),
        ("2026-10-05\t07:58:13\tError\tx", "2026-10-05T07:58:13"),
        ("\"10/5/2026\",\"7:58:13 PM\",\"Error\"", "2026-10-05T19:58:13"),
        ("05.10.2026\t07:58:13\tFehler", "2026-10-05T07:58:13"),
        ("Fehler,05.10.2026 07:12:44,Schannel,36887", "2026-10-05T07:12:44"),
        ("Error,10/5/2026 7:12:44 AM,Schannel,36887", "2026-10-05T07:12:44"),
        ("25/10/2026 07:12:44 x", "2026-10-25T07:12:44"),
        ("05-Oct-2026 06:00:32.870 SEVERE [main]", "2026-10-05T06:00:32"),
        ("5 Oct 09:31:02 - [info]", "2026-10-05T09:31:02"),
        ("Oct  5 09:31:02 gw01 mosquitto[811]: x", "2026-10-05T09:31:02"),
        ("Dec 24 09:31:02 gw01 mosquitto[811]: x", "2025-12-24T09:31:02"),
        ("Okt 05 09:31:02 gw01 mosquitto[811]: x", "2026-10-05T09:31:02"),
        ("Oct 05, 2026 6:00:32 AM org.apache.catalina", "2026-10-05T06:00:32"),
        ("[Mon Oct 05 13:05:40.123456 2026] [ssl:error]", "2026-10-05T13:05:40"),
        ("Mon Oct 05 13:05:40 CEST 2026 x", "2026-10-05T13:05:40"),
        ("Mon, 05 Oct 2026 13:05:40 GMT", "2026-10-05T13:05:40Z"),
        ("10.0.0.1 - - [05/Oct/2026:13:05:40 +0200] \"GET", "2026-10-05T11:05:40Z"),
        ("1791187260: OpenSSL Error[0]", "2026-10-05T08:01:00Z"),
        ("{\"level\":50,\"time\":1791187260123,\"msg\":\"x\"}", "2026-10-05T08:01:00Z"),
        ("{\"log\":\"x 2020-01-01 00:00:00\",\"time\":\"2026-10-05T08:01:00.5Z\"}", "2026-10-05T08:01:00Z"),
    ] {
        assert_eq!(read(line).as_deref(), Some(wanted), "{line}");
    }
}

#[test]
fn what_is_no_time_is_none() {
    for line in [
        "",
        "verify error:num=20:unable",
        "12:30",
        "09:31:03 alone has no day",
        "99.99.2026 10:00:00",
        "version 1.2.2026",
        "notAfter=Sep 30 23:59:59 2026 GMT",
        "java.security.cert.CertificateExpiredException: NotAfter: Mon Oct 05 13:05:40 CEST 2026",
        "Marching 12 13:00:00x",
        "1791187260x",
        "2026-13-05 10:00:00",
        "at java.base/sun.security.ssl.Alert.createSSLException(Alert.java:131)",
    ] {
        assert_eq!(read(line), None, "{line}");
    }
}

#[test]
fn a_time_alone_is_of_the_day_before_it() {
    let mut clock = Clock::new("2026-11-29T12:00:00Z".parse().unwrap());
    clock.read("5 Oct 09:31:02 - [info]");
    assert_eq!(clock.read("09:31:03.551Z :client_base").unwrap().to_string(), "2026-10-05T09:31:03Z");
}
