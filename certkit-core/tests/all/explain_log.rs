//! Holds the reading of logs: each problem once, whoever writes the log and however.

use std::path::{Path, PathBuf};

use certkit_core::explain::log::{Log, Problem};

fn log() -> Log {
    Log::new("2026-11-29T12:00:00Z".parse().unwrap(), "")
}

fn read(bytes: &[u8]) -> Vec<Problem> {
    let mut log = log();
    log.push(bytes);
    log.pause();
    log.problems()
}

fn told(problem: &Problem) -> String {
    format!("{}|{}", problem.known.program.name, problem.known.entry.code)
}

/// Excerpts of logs with their problems, from the folder `errors/logs` of `CERTKIT_SHARED`.
#[test]
#[ignore = "needs the excerpts of logs, which are not part of the repository: CERTKIT_SHARED names their folder"]
fn excerpts_have_their_problems() {
    let shared = std::env::var_os("CERTKIT_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../shared")), PathBuf::from);
    let mut wrong = Vec::new();
    let mut count = 0;
    for entry in std::fs::read_dir(shared.join("errors/logs")).expect("the folder of excerpts") {
        let path = entry.unwrap().path();
        if path.extension().is_none_or(|ending| ending != "log") {
            continue;
        }
        count += 1;
        let wanted: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path.with_extension("json")).unwrap()).unwrap();
        let name = |it: &serde_json::Value| {
            format!("{}|{} {}", it["program"].as_str().unwrap(), it["code"].as_str().unwrap(), it["lines"])
        };
        let found_in = |it: &Problem| format!("{} {}", told(it), serde_json::json!(it.lines));
        let mut wanted: Vec<String> = wanted["problems"].as_array().unwrap().iter().map(name).collect();
        let mut found: Vec<String> = read(&std::fs::read(&path).unwrap()).iter().map(found_in).collect();
        wanted.sort();
        found.sort();
        if wanted != found {
            wrong.push(format!("{}:\n  wanted {wanted:?}\n  found  {found:?}", Path::new(&path).display()));
        }
    }
    assert!(count > 0 && wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The logs of `testdata/logs`, with what is to be found in each.
#[test]
fn logs_of_many_kinds_have_their_problems_and_no_other() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/logs");
    let list = std::fs::read_to_string(folder.join("problems.txt")).unwrap();
    let mut wanted: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in list.lines().filter(|line| !line.starts_with('#')) {
        match (line.strip_prefix("  "), wanted.last_mut()) {
            (Some(problem), Some((_, problems))) => problems.push(problem),
            _ => wanted.push((line, Vec::new())),
        }
    }
    let count = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(wanted.len() + 1, count, "problems.txt names each log");
    for (name, problems) in wanted {
        let text = std::fs::read_to_string(folder.join(name)).unwrap();
        // As it is, with the line ends of Windows, and as Windows writes it.
        let crlf = text.replace('\n', "\r\n");
        let wide: Vec<u8> = crlf.encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [text.as_bytes(), crlf.as_bytes(), &wide] {
            let found = read(bytes);
            let found: Vec<String> = found.iter().map(|it| format!("{} {}", told(it), it.count)).collect();
            assert_eq!(found, problems, "{name}");
        }
    }
}

const PKIX: &str = "Java|pkix-path-building-failed";

fn counts(problems: &[Problem]) -> Vec<(String, u64)> {
    problems.iter().map(|problem| (told(problem), problem.count)).collect()
}

/// A log of many lines in which three things go wrong, one of them twice.
fn plant_log() -> String {
    let mut text = String::new();
    for hour in 0..12 {
        for minute in 0..60 {
            text +=
                &format!("2026-10-05 {hour:02}:{minute:02}:00,000 INFO certificate store: 62 of 403 entries, 18 new\n");
            match (hour, minute) {
                (1 | 7, 30) => {
                    text += "2026-10-05 01:30:01,000 ERROR c.t.Client - SSLHandshake Exception, websocket not created:\n\
                             javax.net.ssl.SSLHandshakeException: General SSLEngine problem\n\
                             \tat java.base/sun.security.ssl.Alert.createSSLException(Alert.java:131)\n\
                             Caused by: sun.security.validator.ValidatorException: PKIX path building failed: \
                             sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification \
                             path to requested target\n\t... 34 common frames omitted\n";
                }
                (3, 3) => text += "2026-10-05 03:03:01,000 ERROR error:0A00010B:SSL routines::wrong version number\n",
                _ => {}
            }
        }
    }
    text
}

#[test]
fn a_problem_counts_once_however_many_lines_tell_it() {
    let found = read(plant_log().as_bytes());
    let wanted = [(PKIX.to_owned(), 2), ("OpenSSL errors|0A00010B wrong version number".to_owned(), 1)];
    assert_eq!(counts(&found), wanted);
    assert_eq!(found[0].lines[0], 92);
    assert_eq!(found[0].first.unwrap().to_string(), "2026-10-05T01:30:01");
    assert!(found[0].hosts.is_empty(), "{:?}", found[0].hosts);
}

/// Two problems, half a minute apart, of which the second goes on in a line that begins with a blank.
const APART: &str = "5 Oct 09:31:02 - [info] [OpcUa-Client:press] connecting to opc.tcp://10.0.0.7:49320\n\
                     5 Oct 09:31:02 - [error] [OpcUa-Client:press] BadCertificateHostNameInvalid\n\
                     5 Oct 09:31:33 - [error] [OpcUa-Client:press] Connection failed\n Err = (BadSecureChannelClosed)\n";

#[test]
fn colours_and_prefixes_change_nothing() {
    let lines = |found: &[Problem]| found.iter().map(|it| (told(it), it.lines.clone())).collect::<Vec<_>>();
    let plain = read(APART.as_bytes());
    assert_eq!(plain.len(), 2, "{plain:?}");
    let coloured: String = APART.lines().map(|line| format!("\u{1b}[31m{line}\u{1b}[0m\n")).collect();
    let found = read(coloured.as_bytes());
    assert_eq!(lines(&found), lines(&plain));
    assert_eq!(found[0].first, plain[0].first);
    let times = ["02", "02", "33", "33"];
    let syslog = |(line, second): (&str, &str)| format!("Oct  5 09:31:{second} gw7 nodered[12]: {line}\n");
    let docker = |(line, second): (&str, &str)| {
        format!("{{\"log\":\"{line}\\n\",\"stream\":\"stderr\",\"time\":\"2026-10-05T09:31:{second}.1Z\"}}\n")
    };
    let container = |(line, second): (&str, &str)| format!("2026-10-05T09:31:{second}.123456789Z stderr F {line}\n");
    let lines_of = || APART.lines().zip(times);
    let logs: [String; 3] =
        [lines_of().map(syslog).collect(), lines_of().map(docker).collect(), lines_of().map(container).collect()];
    for text in logs {
        assert_eq!(lines(&read(text.as_bytes())), lines(&plain), "{text}");
    }
}

#[test]
fn every_line_that_tells_of_a_problem_is_named_but_a_number_alone() {
    let trace = "2026-10-05 08:14:56.337 [NIO-3] ERROR c.t.Channel - Handshake failed\n\
                 Caused by: javax.net.ssl.SSLHandshakeException: PKIX path building failed: \
                 sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification path to \
                 requested target\n\
                 \tat java.base/sun.security.validator.PKIXValidator.doBuild(PKIXValidator.java:439)\n\
                 Caused by: sun.security.provider.certpath.SunCertPathBuilderException: unable to find valid certification \
                 path to requested target\n";
    let found = read(trace.as_bytes());
    assert_eq!(
        found.iter().map(|it| (told(it), it.lines.clone())).collect::<Vec<_>>(),
        [(PKIX.to_owned(), vec![2, 4])]
    );
    let dotnet = "2026-10-05 10:02:12.020 +00:00 [ERR] Opc.Ua.ServiceResultException: The domain '10.20.7.7' is not listed \
                  in the server certificate.\nHResult=0x80131500\n";
    assert_eq!(read(dotnet.as_bytes())[0].lines, [1]);
    // A status code is one without any word around it.
    let found = read(b"2026-10-01 10:00:00 ERROR connect failed: 0x80130000\n");
    assert_eq!(found.iter().map(told).collect::<Vec<_>>(), ["OPC UA status|0x80130000 BadSecurityChecksFailed"]);
    assert!(read(b"2026-10-01 10:00:00 INFO hr 0x80130001 0x8013000 a0x80130000\n").is_empty());
}

#[test]
fn it_does_not_matter_how_the_bytes_come() {
    let text = plant_log();
    let whole = counts(&read(text.as_bytes()));
    for size in [1, 7, 4096, 65_537] {
        let mut log = log();
        text.as_bytes().chunks(size).for_each(|piece| log.push(piece));
        log.pause();
        assert_eq!(counts(&log.problems()), whole, "{size}");
        assert_eq!(log.lines(), u64::try_from(text.lines().count()).unwrap());
    }
}

#[test]
fn utf_16_and_the_code_page_of_windows_are_read() {
    let text = plant_log();
    let wanted = counts(&read(text.as_bytes()));
    let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
    for bytes in [little.clone(), big, [&[0xff, 0xfe], little.as_slice()].concat()] {
        assert_eq!(counts(&read(&bytes)), wanted);
    }
    // Bytes that are no UTF-8, and zeros, leave the rest as it is.
    let odd = b"2026-10-05 01:30:01 Ger\xe4t \0\0\xff\xfe PKIX path building failed\n";
    assert_eq!(counts(&read(odd)), [(PKIX.to_owned(), 1)]);
}

#[test]
fn packed_logs_are_unpacked_also_those_of_several_parts() {
    use std::io::{Read as _, Write as _};
    let text = plant_log();
    let mut packed = Vec::new();
    for part in text.as_bytes().chunks(10_000) {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(part).unwrap();
        packed.extend(encoder.finish().unwrap());
    }
    let mut out = Vec::new();
    certkit_core::explain::log::unpacked(std::io::Cursor::new(packed)).unwrap().read_to_end(&mut out).unwrap();
    assert!(out == text.as_bytes());
    for plain in ["", "\u{1f}", "2026"] {
        let mut out = String::new();
        certkit_core::explain::log::unpacked(std::io::Cursor::new(plain)).unwrap().read_to_string(&mut out).unwrap();
        assert_eq!(out, plain);
    }
}

#[test]
fn lines_without_end_and_wrapped_lines_are_read() {
    // One line of 3 MB; the words stand where it is cut into pieces.
    for at in [0, (1 << 16) - 10, 1_500_000] {
        let line = format!("{}PKIX path building failed {}", "x ".repeat(at / 2), "y ".repeat(750_000));
        let found = read(line.as_bytes());
        assert_eq!(counts(&found), [(PKIX.to_owned(), 1)], "{at}");
        assert_eq!(found[0].lines, [1]);
    }
    let wrapped = "2026-10-05 01:30:01 ERROR PKIX path\n    building failed\n2026-10-05 01:30:02 INFO x\n";
    assert_eq!(counts(&read(wrapped.as_bytes())), [(PKIX.to_owned(), 1)]);
    let wrapped = "it said: unable to get local\nissuer certificate\nand nothing else\n";
    assert_eq!(
        read(wrapped.as_bytes()).iter().map(told).collect::<Vec<_>>(),
        ["OpenSSL verify|20 UNABLE_TO_GET_ISSUER_CERT_LOCALLY"]
    );
}

#[test]
fn exports_of_events_are_read() {
    let event = |code: &str| {
        format!(
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Schannel'/>\
             <EventID>36887</EventID><TimeCreated SystemTime='2026-10-05T05:12:44.1Z'/><Computer>KEPSRV01</Computer></System>\
             <EventData><Data Name='AlertDesc'>{code}</Data></EventData></Event>"
        )
    };
    let noise = "<Event><System><Provider Name='Service Control Manager'/><EventID>7036</EventID></System></Event>";
    // All in one line, as the event viewer saves them.
    let text = format!("\u{feff}<?xml version=\"1.0\"?><Events>{}{noise}{}</Events>", event("48"), event("48"));
    let found = read(text.as_bytes());
    assert_eq!(counts(&found), [("TLS alert|48 unknown_ca".to_owned(), 2)]);
    assert_eq!(found[0].first.unwrap().to_string(), "2026-10-05T05:12:44Z");
    assert!(read(b"<Events><Event>no end").is_empty());
}

/// The specimen, unpacked.
fn events() -> Vec<u8> {
    use std::io::Read as _;
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/evtx/system.evtx.gz");
    let mut bytes = Vec::new();
    let packed = std::fs::File::open(path).unwrap();
    certkit_core::explain::log::unpacked(packed).unwrap().read_to_end(&mut bytes).unwrap();
    bytes
}

#[test]
fn event_logs_of_windows_are_read_in_their_own_form() {
    let bytes = events();
    let wanted = [("TLS alert|48 unknown_ca".to_owned(), 2), ("Schannel event|36870".to_owned(), 1)];
    for size in [1000, 4096, 65_537, bytes.len()] {
        let mut log = log();
        bytes.chunks(size).for_each(|piece| log.push(piece));
        log.pause();
        assert_eq!((counts(&log.problems()), log.lines(), log.damaged()), (wanted.to_vec(), 4, 0), "{size}");
        assert_eq!(log.problems()[0].first.unwrap().to_string(), "2026-10-05T05:12:45Z");
    }
    // A chunk without its mark, one that was cut off, one whose events are noise.
    let damaged = |change: fn(&mut Vec<u8>)| {
        let mut bytes = bytes.clone();
        change(&mut bytes);
        let mut log = log();
        log.push(&bytes);
        log.pause();
        (counts(&log.problems()).len(), log.damaged())
    };
    assert_eq!(damaged(|bytes| bytes[4096] = b'x'), (2, 1));
    assert_eq!(damaged(|bytes| bytes.truncate(4096 + 65_536 + 9000)), (1, 1));
    assert_eq!(damaged(|bytes| bytes.truncate(4096)), (0, 0));
    assert_eq!(damaged(|bytes| bytes[4096 + 512 + 24..4096 + 2000].fill(0x41)).0, 2);
    assert!(damaged(|bytes| bytes[4096 + 512 + 24..4096 + 2000].fill(0x41)).1 > 0);
}
