//! Protocols that begin in clear, against stand-ins that say what the documents of each protocol have them say.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use certkit_core::source::{Phase, capture_blocking};
use rustls::{ServerConnection, StreamOwned};

use super::servers::{Pki, endpoint, listen, some, within};

const SECONDS: Duration = Duration::from_secs(5);

/// The end of what a server waits for (empty for nothing), and what it says then.
type Turn = (&'static [u8], &'static [u8]);

/// How MariaDB 11 greets, able to speak TLS.
const MARIADB: &[u8] = b"\x52\0\0\0\x0a11.8.3-MariaDB\0\x07\0\0\0abcdefgh\0\xfe\xff\x2d\x02\0\xff\xc1\x15\0\0\0\0\0\0\x1d\0\0\0abcdefghijkl\0mysql_native_password\0";

const NOT_ALLOWED: &[u8] = b"\x2a\0\0\0\xff\x6a\x04Host '10.0.0.7' is not allowed here\x1b[2J";
const NO_ENTRY: &[u8] = b"E\0\0\0\x2eSFATAL\0C28000\0Mno pg_hba.conf entry here\0\0";
const LDAP_BAD: &[u8] = b"0\x1e\x02\x01\x01x\x19\x0a\x01\x02\x04\x00\x04\x12TLS is not set up!";
const LDAP_GOOD: &[u8] = b"\x30\x0c\x02\x01\x01\x78\x07\x0a\x01\x00\x04\x00\x04\x00";
const TDS_GOOD: &[u8] = b"\x04\x01\0\x1a\0\0\x01\0\0\0\x0b\0\x06\x01\0\x11\0\x01\xff\x10\0\x07\xd0\0\0\x01";

const WILLING: &[(&str, &[Turn])] = &[
    ("postgres", &[(b"\0\0\0\x08\x04\xd2\x16\x2f", b"S")]),
    ("mysql", &[(b"", MARIADB), (b"\x2d\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", b"")]),
    ("ldap", &[(b"1.3.6.1.4.1.1466.20037", LDAP_GOOD)]),
    (
        "smtp",
        &[
            (b"", b"220-mail.plant.example\r\n220 ESMTP\r\n"),
            (b"EHLO ", b"250-mail.plant.example\r\n250-SIZE 10240000\r\n250 STARTTLS\r\n"),
            (b"STARTTLS\r\n", b"220 2.0.0 Ready to start TLS\r\n"),
        ],
    ),
    (
        "imap",
        &[(b"", b"* OK [CAPABILITY IMAP4rev1 STARTTLS] ready.\r\n"), (b"a1 STARTTLS\r\n", b"a1 OK Begin TLS\r\n")],
    ),
    ("pop3", &[(b"", b"+OK ready.\r\n"), (b"STLS\r\n", b"+OK Begin TLS\r\n")]),
    ("ftp", &[(b"", b"220-Plant\r\n no code here\r\n220 files\r\n"), (b"AUTH TLS\r\n", b"234 go ahead\r\n")]),
    ("tds", &[(b"\xff\x09\0\0\0\0\0\x01", TDS_GOOD)]),
];

fn converse(stream: &mut TcpStream, turns: &[Turn]) -> bool {
    for (heard, said) in turns {
        let mut all = Vec::new();
        // No octet beyond, which may be the hello.
        while !all.ends_with(heard) {
            let mut octet = [0];
            match stream.read(&mut octet) {
                Ok(1) => all.extend(octet),
                _ => return false,
            }
        }
        stream.write_all(said).unwrap();
    }
    true
}

/// The packets of TDS around a handshake.
struct Packets {
    stream: TcpStream,
    left: usize,
}

impl Read for Packets {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.left == 0 {
            let mut header = [0; 8];
            self.stream.read_exact(&mut header)?;
            assert_eq!(header[0], 0x12);
            self.left = usize::from(u16::from_be_bytes([header[2], header[3]])) - 8;
        }
        let count = self.left.min(buf.len());
        let count = self.stream.read(&mut buf[..count])?;
        self.left -= count;
        Ok(count)
    }
}

impl Write for Packets {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        // In two packets, of which one ends inside of a record.
        for part in buf.chunks(buf.len().div_ceil(2)) {
            let [high, low] = u16::try_from(part.len() + 8).unwrap().to_be_bytes();
            self.stream.write_all(&[0x12, 1, high, low, 0, 0, 0, 0])?;
            self.stream.write_all(part)?;
        }
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.stream.flush()
    }
}

fn serve(pki: &Pki, turns: &'static [Turn], is_in_packets: bool) -> SocketAddr {
    let config = pki.config();
    listen(move |mut stream| {
        if !converse(&mut stream, turns) {
            return;
        }
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        if is_in_packets {
            let mut stream = StreamOwned::new(connection, Packets { stream, left: 0 });
            let _ = stream.read(&mut [0; 1]);
        } else {
            let mut stream = StreamOwned::new(connection, stream);
            let _ = stream.read(&mut [0; 1]);
        }
    })
}

#[test]
fn a_server_is_asked_in_its_own_protocol() {
    let pki = Pki::new();
    for (scheme, turns) in WILLING {
        let address = serve(&pki, turns, *scheme == "tds");
        let capture = capture_blocking(&endpoint(&format!("{scheme}://{address}")), &within(SECONDS))
            .unwrap_or_else(|error| panic!("{scheme}: {error:?}"));
        assert_eq!(capture.presented, pki.chain, "{scheme}");
    }
}

#[test]
fn what_is_refused_before_tls_is_told_with_the_words_of_the_server() {
    let cases: &[(&str, &'static [Turn], &str)] = &[
        ("postgres", &[(b"", b"N")], "has no TLS on this port"),
        ("postgres", &[(b"", NO_ENTRY)], "no pg_hba.conf entry here"),
        ("postgres", &[(b"", b"H")], "does not speak PostgreSQL"),
        ("mysql", &[(b"", NOT_ALLOWED)], "is not allowed here\\u{1b}[2J"),
        ("mysql", &[(b"", b"\x15\0\0\0\x0a5.5\0\x07\0\0\0abcdefgh\0\0\0\x2d")], "has no TLS on this port"),
        ("mysql", &[(b"", b"SSH-2.0-OpenSSH_10.0\r\n")], "before TLS"),
        ("ldap", &[(b"1466", LDAP_BAD)], "TLS is not set up!"),
        ("ldap", &[(b"1466", b"HTTP/1.1 400\r\n")], "does not speak LDAP"),
        ("smtp", &[(b"", b"554 5.7.1 no service for you\r\n")], "no service for you"),
        ("smtp", &[(b"", b"220 x\r\n"), (b"EHLO", b"250-x\r\n250 SIZE\r\n")], "has no TLS on this port"),
        ("smtp", &[(b"", b"SSH-2.0-OpenSSH_10.0\r\n")], "does not speak SMTP"),
        ("imap", &[(b"", b"* BYE too many connections\r\n")], "too many connections"),
        ("imap", &[(b"", b"* OK\r\n"), (b"a1", b"* X\r\na1 BAD no such command\r\n")], "BAD no such command"),
        ("pop3", &[(b"", b"+OK\r\n"), (b"STLS", b"-ERR unknown\r\n")], "-ERR unknown"),
        ("ftp", &[(b"", b"220 x\r\n"), (b"AUTH", b"502 not implemented\r\n")], "502 not implemented"),
        ("tds", &[(b"\x12", b"\x04\x01\0\x0f\0\0\x01\0\x01\0\x06\0\x01\xff\x02")], "has no TLS on this port"),
        ("tds", &[(b"\x12", b"HTTP/1.1 400 Bad")], "does not speak TDS"),
    ];
    for (scheme, turns, words) in cases {
        let address = listen(|mut stream| {
            converse(&mut stream, turns);
            while !some(&mut stream).is_empty() {}
        });
        let error =
            capture_blocking(&endpoint(&format!("{scheme}://{address}")), &within(Duration::from_secs(2))).unwrap_err();
        assert_eq!(error.phase, Phase::Request, "{scheme}: {error:?}");
        let said = error.fault.to_string();
        assert!(said.contains(words) && !said.chars().any(char::is_control), "{scheme}: {said}");
    }
}

#[test]
fn a_server_that_never_ends_is_left() {
    for (scheme, begin) in [
        ("smtp", &b"220-x\r\n"[..]),
        ("imap", b"x"),
        ("ftp", b"220-x\r\nmore\r\n"),
        ("mysql", b"\xff\xff\xff\0\x0a"),
        ("ldap", b"\x30\x84\xff\xff\xff\xff"),
        ("postgres", b"E\x7f\xff\xff\xff"),
    ] {
        let address = listen(move |mut stream| while stream.write_all(begin).is_ok() {});
        let start = Instant::now();
        let error = capture_blocking(&endpoint(&format!("{scheme}://{address}")), &within(SECONDS)).unwrap_err();
        assert!(start.elapsed() < SECONDS, "{scheme}: {error:?}");
        // One that says nothing costs the time that it is given.
        let silent = listen(|stream| {
            thread::sleep(SECONDS);
            drop(stream);
        });
        let start = Instant::now();
        let brief = Duration::from_millis(300);
        capture_blocking(&endpoint(&format!("{scheme}://{silent}")), &within(brief)).unwrap_err();
        assert!(start.elapsed() < Duration::from_secs(3), "{scheme}");
    }
}

#[test]
fn what_is_sent_in_clear_behind_the_answer_is_not_taken_for_tls() {
    let pki = Pki::new();
    let turns: &[Turn] = &[(b"", b"+OK\r\n"), (b"STLS", b"+OK\r\n+OK forged\r\n")];
    let config = pki.config();
    let address = listen(move |mut stream| {
        converse(&mut stream, turns);
        let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
        let _ = StreamOwned::new(connection, stream).read(&mut [0; 1]);
    });
    let error = capture_blocking(&endpoint(&format!("pop3://{address}")), &within(SECONDS)).unwrap_err();
    assert_eq!(error.phase, Phase::Handshake);
}
