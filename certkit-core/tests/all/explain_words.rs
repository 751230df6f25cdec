//! Holds what real programs say to what is behind it, and to the hosts and files that the words name.

use std::collections::BTreeSet;
use std::path::Path;

use certkit_core::explain::log::{Log, Problem};
use certkit_core::explain::{Hit, Known, Parts, Typed, by_name, recognise};

fn told(known: Known) -> String {
    format!("{}|{}", known.program.name, known.entry.code)
}

fn hits(text: &str) -> Vec<Hit> {
    recognise(text, "")
}

fn found(text: &str) -> Vec<String> {
    hits(text).into_iter().map(|hit| told(hit.known)).collect()
}

fn parts(text: &str) -> Parts {
    Parts::of(text, &hits(text))
}

/// The first meaning that is told, and its first finding.
fn meaning(text: &str) -> (&'static str, &'static str) {
    let first = hits(text).into_iter().next().unwrap_or_else(|| panic!("nothing is known of {text}"));
    let reason = first.known.entry.reason;
    (reason.meaning, reason.findings.first().copied().unwrap_or_default())
}

fn problems(text: &str) -> Vec<Problem> {
    let mut log = Log::new("2026-11-29T12:00:00Z".parse().unwrap(), "");
    log.push(text.as_bytes());
    log.pause();
    log.problems()
}

/// Words with the hosts, peers and files that they name, each with a blank between.
const NAMED: &[(&str, &str, &str, &str)] = &[
    (
        "curl: (60) SSL: no alternative certificate subject name matches target host name '10.0.0.7'\nMore details here: \
         https://curl.se/docs/sslcerts.html\n\ncurl failed to verify the legitimacy of the server",
        "10.0.0.7",
        "",
        "",
    ),
    ("PKIX path building failed, see https://support.ptc.com/appserver/cs/view/solution.jsp?n=CS1", "", "", ""),
    (
        "certificate verify failed: self-signed certificate. See https://urllib3.readthedocs.io/en/latest/x.html",
        "",
        "",
        "",
    ),
    ("For more information visit our page at https://help.plant.example/x: certificate has expired", "", "", ""),
    (
        "Get \"https://plc7.plant.example/\": x509: certificate has expired or is not yet valid",
        "plc7.plant.example",
        "",
        "",
    ),
    ("Remote host terminated the handshake", "", "", ""),
    ("Error: host name verification failed.", "", "", ""),
    ("dial tcp: lookup plc7.plant.example on 127.0.0.53:53: no such host", "plc7.plant.example", "", ""),
    (
        "*5 SSL_do_handshake() failed (SSL: error:0A000416:SSL routines::sslv3 alert certificate unknown:SSL alert number \
         46) while SSL handshaking, client: 10.0.0.5, server: 0.0.0.0:443",
        "",
        "10.0.0.5",
        "",
    ),
    (
        "upstream SSL certificate verify error: (20:unable to get local issuer certificate), client: 10.0.0.5, server: \
         gw, upstream: \"https://10.0.0.7:8443/\", host: \"gw.plant.example\"",
        "10.0.0.7:8443",
        "10.0.0.5",
        "",
    ),
    ("10.0.0.5:51234 [29/Nov/2026:21:00:00.123] fe_https/1: SSL handshake failure", "", "10.0.0.5:51234", ""),
    (
        "haproxy[7]: 10.0.0.5:51234 [29/Nov/2026:21:00:00.123] fe_https/1: SSL handshake failure",
        "",
        "10.0.0.5:51234",
        "",
    ),
    ("TLS server: In state wait_cert at ssl_handshake.erl:2100 generated SERVER ALERT: Fatal - Unknown CA", "", "", ""),
    ("Config loaded from m.conf: certificate has expired", "", "", ""),
    (
        "The certificate received from the remote server does not contain the expected name. The server name we were \
         expecting is plc7.plant.example. The TLS connection request has failed.",
        "plc7.plant.example",
        "",
        "",
    ),
    (
        "SSLPeerUnverifiedException: Hostname plc7.plant.example not verified:\n    certificate: sha256/abc=",
        "plc7.plant.example",
        "",
        "",
    ),
    ("java.net.UnknownHostException: plc7.plant.example: Name or service not known", "plc7.plant.example", "", ""),
    (
        "psql: error: connection to server at \"db.plant.example\" (10.0.0.8), port 5432 failed: SSL error: certificate \
         verify failed",
        "db.plant.example:5432",
        "",
        "",
    ),
    ("Could not read certificate from x.pem", "", "", "x.pem"),
    (
        "HTTPSConnectionPool(host='plc7', port=8443): Max retries exceeded with url: / (Caused by \
         SSLError(CertificateError(\"hostname 'plc7' doesn't match 'x'\")))",
        "plc7:8443",
        "",
        "",
    ),
    ("curl: (7) Failed to connect to plc7 port 8443 after 2 ms: Connection refused", "plc7:8443", "", ""),
    (
        "[client 10.0.0.5:51234] AH02039: Certificate Verification: Error (20): unable to get local issuer certificate",
        "",
        "10.0.0.5:51234",
        "",
    ),
    ("SSL Handshake failed for client with IP 10.0.0.5: certificate has expired", "", "10.0.0.5", ""),
    ("The certificate of the server has expired", "", "", ""),
    ("The certificate's owner does not match hostname \u{2018}localhost\u{2019}", "localhost", "", ""),
    ("net::ERR_CERT_AUTHORITY_INVALID at https://portal.plant.example/x", "portal.plant.example", "", ""),
    ("tls.rs:8443 said certificate has expired for plc7.firma.rs:8443", "plc7.firma.rs:8443", "", ""),
];

#[test]
fn hosts_are_those_that_the_words_name_and_no_neighbours() {
    let mut wrong = Vec::new();
    for (text, hosts, peers, files) in NAMED {
        let parts = parts(text);
        let is = (parts.hosts.join(" "), parts.peers.join(" "), parts.files.join(" "));
        if is != ((*hosts).to_owned(), (*peers).to_owned(), (*files).to_owned()) {
            wrong.push(format!("{text}\n    {is:?}"));
        }
        if hosts.is_empty() && !parts.urls.is_empty() {
            wrong.push(format!("{text}\n    {:?}", parts.urls));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Words with the finding that they mean above all.
const MEANT: &[(&str, &str)] = &[
    ("curl: (60) SSL: no alternative certificate subject name matches target host name 'localhost'", "host-mismatch"),
    ("curl: (60) SSL: certificate subject name 'localhost' does not match target host name 'plc7'", "host-mismatch"),
    (
        "x509: certificate has expired or is not yet valid: current time 2026-11-29T21:00:00Z is before 2027-01-01T00:00:00Z",
        "not-yet-valid",
    ),
    (
        "x509: certificate has expired or is not yet valid: current time 2026-11-29T21:00:00Z is after 2026-01-01T00:00:00Z",
        "expired",
    ),
    ("key values mismatch", "key-certificate-mismatch"),
    ("tls: private key does not match public key", "key-certificate-mismatch"),
    ("Error: Server certificate/key are inconsistent.", "key-certificate-mismatch"),
    ("Error: error:1E08010C:DECODER routines::unsupported ERR_OSSL_UNSUPPORTED", "input-not-read"),
    (
        "error:1608010C:STORE routines:ossl_store_handle_load_result:unsupported:../crypto/store.c:149:",
        "input-not-read",
    ),
    ("wolfSSL error -188", "anchor-unknown"),
    ("x509_verify_cert() returned -9984", "anchor-unknown"),
    (
        "ERROR: cannot verify plc7's certificate, issued by 'CN=R':\n  Unable to locally verify the issuer's authority.",
        "anchor-unknown",
    ),
    ("ERROR: no certificate subject alternative name matches\n        requested host name 'plc7'.", "host-mismatch"),
    ("server certificate for \"db\" does not match host name \"db.plant.example\"", "host-mismatch"),
    (
        "AH02565: Certificate and private key plc7:443:0 from /etc/a.crt and /etc/a.key do not match",
        "key-certificate-mismatch",
    ),
    ("CERT_TRUST_IS_PARTIAL_CHAIN", "anchor-unknown"),
    ("Das Remotezertifikat ist laut Validierungsverfahren ungültig.", "anchor-unknown"),
    ("TrustAnchor with subject \"CN=Plant Root\" is not a CA certificate", "ca-flag-missing"),
];

#[test]
fn words_mean_what_they_say() {
    for (text, finding) in MEANT {
        assert_eq!(meaning(text).1, *finding, "{text}: {:?}", found(text));
        if text.starts_with("x509: certificate has expired") {
            assert_eq!(hits(text).len(), 1, "{text}: {:?}", found(text));
        }
    }
    // Without times nobody knows which of the two it is.
    let both = &hits("docker: x509: certificate has expired or is not yet valid")[0].known.entry.reason.findings;
    assert_eq!(*both, ["expired", "not-yet-valid"]);
    // What one program says is not told as words of another.
    let mbed = "X509 - Certificate verification failed, e.g. CRL, CA or signature check failed";
    assert_eq!(found(mbed), ["mbedTLS|-0x2700"]);
    assert!(meaning("Verify return code: 0 (ok)").0.starts_with("No error"));
    assert!(
        meaning("Unable to load server certificate \"/etc/x.crt\". Check certfile.").0.contains("could not be loaded")
    );
}

#[test]
fn an_old_file_is_not_taken_for_a_new_one() {
    for text in ["Unsupported PKCS12 PFX data", "error:0308010C:digital envelope routines::unsupported"] {
        for hit in hits(text) {
            let reason = hit.known.entry.reason;
            assert!(reason.causes.iter().all(|cause| !cause.what.contains("program is old")), "{text}");
            assert!(reason.commands.contains(&"certkit convert FILE -o NEW.p12 --password-file pw.txt"), "{text}");
        }
    }
}

#[test]
fn who_sent_the_alert_decides_what_it_means() {
    let received =
        "A fatal alert was received from the remote endpoint. The TLS protocol defined fatal alert code is 48.";
    let sent = "A fatal alert was generated and sent to the remote endpoint. This may result in termination of the \
                connection. The TLS protocol defined fatal error code is 48. The Windows SChannel error state is 552.";
    assert!(meaning(received).0.starts_with("The other side does not know the CA"));
    assert!(meaning(sent).0.starts_with("This side does not know the CA"));
    let german = "Eine schwerwiegende Warnung wurde generiert und an den Remoteendpunkt gesendet. Die schwerwiegende \
                  Warnung hat folgenden für das TLS-Protokoll definierten Code: 48.";
    assert!(meaning(german).0.starts_with("This side does not know the CA"));
    let german = "Es wurde eine schwerwiegende Warnung vom Remoteendpunkt empfangen. Die schwerwiegende Warnung hat \
                  folgenden für das TLS-Protokoll definierten Code: 48.";
    assert!(meaning(german).0.starts_with("The other side does not know the CA"));
    for text in [sent, german] {
        assert!(hits(text).iter().all(|hit| hit.known.program.name != "OpenSSL verify"), "{:?}", found(text));
    }
    let frames = hits(sent);
    assert!(
        frames.iter().all(|hit| !hit.known.entry.reason.meaning.starts_with("The other side")),
        "{:?}",
        found(sent)
    );
    // The brokers of Erlang tell both.
    let log = "2026-11-29T21:00:00.1+00:00 [error] {tls_alert,{unknown_ca,\"TLS server: In state certify received CLIENT \
               ALERT: Fatal - Unknown CA\"}}\n2026-11-29T21:00:01.1+00:00 [info] TLS server: In state wait_cert at \
               ssl_handshake.erl:2123 generated SERVER ALERT: Fatal - Unknown CA\n";
    assert_eq!(problems(log).len(), 2);
}

#[test]
fn the_likelier_meaning_of_a_bare_number_comes_first() {
    for (number, first) in [
        ("35", "curl|curl 35"),
        ("48", "TLS alert|48 unknown_ca"),
        ("51", "TLS alert|51 decrypt_error"),
        ("58", "curl|curl 58"),
        ("60", "curl|curl 60"),
        ("77", "curl|curl 77"),
        ("20", "OpenSSL verify|20 UNABLE_TO_GET_ISSUER_CERT_LOCALLY"),
        ("10", "OpenSSL verify|10 CERT_HAS_EXPIRED"),
    ] {
        let known: Vec<String> = Typed::read(number).unwrap().known().into_iter().map(told).collect();
        assert_eq!(known[0], first, "{known:?}");
        let once: BTreeSet<&String> = known.iter().collect();
        assert_eq!(once.len(), known.len(), "{known:?}");
    }
}

/// Numbers of OpenSSL from 1 to 100; 0 is no error.
#[test]
fn every_number_of_openssl_verify_is_known() {
    for number in 0..=100 {
        for text in [format!("verify error:num={number}:x"), format!("error {number} at 0 depth lookup: x")] {
            assert!(found(&text).iter().any(|it| it.starts_with("OpenSSL verify|")), "{text}: {:?}", found(&text));
        }
    }
}

/// What six programs said of the specimens of this repository.
#[test]
fn every_word_of_the_programs_that_were_asked_is_known() {
    let table = Path::new(env!("CARGO_MANIFEST_DIR")).join("../testdata/programs.csv");
    let table = std::fs::read_to_string(table).unwrap();
    let mut unknown = BTreeSet::new();
    let mut count = 0;
    for row in table.lines().skip(1) {
        for cell in cells(row).into_iter().skip(1) {
            // These are words of the script that asked.
            if ["accepts", "not asked", "cannot decode it"].contains(&cell.as_str()) {
                continue;
            }
            count += 1;
            if hits(&cell).is_empty() && by_name(&cell).is_empty() {
                unknown.insert(cell);
            }
        }
    }
    assert!(count > 500 && unknown.is_empty(), "{} of {count}: {unknown:#?}", unknown.len());
}

fn cells(row: &str) -> Vec<String> {
    let (mut cells, mut is_quoted) = (vec![String::new()], false);
    for letter in row.chars() {
        match letter {
            '"' => is_quoted = !is_quoted,
            ',' if !is_quoted => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    cells
}

/// A broker's log in which five clients fail within two seconds and one does not.
const BROKER: &str = "\
1795988696: New connection from 127.0.0.1:39168 on port 18883.
1795988696: OpenSSL Error[0]: error:0A0000C7:SSL routines::peer did not return a certificate
1795988696: Client <unknown> disconnected: Protocol error.
1795988696: New connection from 127.0.0.1:39170 on port 18883.
1795988696: New client connected from 127.0.0.1:39170 as auto-1 (p2, c1, k60).
1795988696: Client auto-1 disconnected.
1795988696: New connection from 127.0.0.1:39176 on port 18883.
1795988696: OpenSSL Error[0]: error:0A000086:SSL routines::certificate verify failed
1795988696: Client <unknown> disconnected: Protocol error.
1795988697: New connection from 127.0.0.1:39180 on port 18883.
1795988697: OpenSSL Error[0]: error:0A00010B:SSL routines::wrong version number
1795988697: Client <unknown> disconnected: Protocol error.
";

#[test]
fn each_client_of_a_broker_has_its_own_problem() {
    let found: Vec<(String, Vec<String>)> =
        problems(BROKER).iter().map(|it| (told(it.known), it.hosts.clone())).collect();
    let host = |port: u16| vec![format!("127.0.0.1:{port}")];
    let wanted = [
        ("OpenSSL errors|0A0000C7 peer did not return a certificate".to_owned(), host(39168)),
        ("OpenSSL errors|0A000086 certificate verify failed".to_owned(), host(39176)),
        ("OpenSSL errors|0A00010B wrong version number".to_owned(), host(39180)),
    ];
    assert_eq!(found, wanted);
}

#[test]
fn news_that_all_is_well_and_values_of_tags_are_no_problems() {
    for text in [
        "2026-11-29 21:00:00 INFO: certificate renewal for plc7 successful, old certificate has expired\n",
        "2026-11-29 21:00:00 INFO tag value 0x80130000 written\n",
        "2026-11-29 21:00:00 INFO Verify return code: 0 (ok)\n",
        "2026-11-29 21:00:00 Can't use SSL_get_servername\n",
        "2026-11-29 21:00:00 DCOM access denied: 0x80070005\n",
        "2026-11-29 21:00:00 ERROR subject name empty in the report, no explicit policy, error 525\n",
        "2026-11-29 21:00:00 INFO value of parameter 'host' = plc7, user 48 alert 20 raised on tank 3\n",
    ] {
        assert_eq!(problems(text).iter().map(|it| told(it.known)).collect::<Vec<_>>(), Vec::<String>::new(), "{text}");
    }
    // Where it failed, success elsewhere does not hide it, and OPC UA says so of its numbers.
    for text in [
        "2026-11-29 21:00:00 INFO handshake failed: certificate has expired, 3 successful before\n",
        "2026-11-29 21:00:00 ERROR OPC UA client: channel closed, 0x80130000\n",
    ] {
        assert_eq!(problems(text).len(), 1, "{text}");
    }
}
