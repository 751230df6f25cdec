//! `certkit expiry`: a mail and a message to a web hook about a run, sent to stand-ins on loopback.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Output;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::expiry_plant::{AT, Plant, status, text};
use certkit_core::container::pem;
use rustls::pki_types::PrivateKeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

const SOURCE: &str = "[[source]]\nat = \"pki\"\n";

fn run(plant: &Plant, more: &str) -> Output {
    std::fs::write(plant.file("inventory.toml"), format!("{SOURCE}{more}\n")).unwrap();
    plant.run(&["--config", "inventory.toml", "--at", AT])
}

fn refused(output: &Output) -> String {
    assert_eq!(status(output), 3, "{output:?}");
    text(&output.stderr)
}

/// How a mail server behaves.
#[derive(Clone)]
enum Manner {
    /// It has no TLS, and takes everything.
    Plain,
    /// It knows nobody.
    Refusing,
    /// It speaks TLS from the beginning.
    Tls(Arc<ServerConfig>),
    /// It goes over to TLS when it is asked.
    StartTls(Arc<ServerConfig>),
    /// Somebody on the way answers everything in clear, behind the answer to STARTTLS.
    Injecting(Arc<ServerConfig>),
}

/// All that a client waits for, from the second greeting to the goodbye.
const INJECTED: &str = "250-mail\r\n250 AUTH PLAIN\r\n235 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 taken\r\n221 bye\r\n";

fn over_tls(config: &Arc<ServerConfig>, stream: TcpStream) -> StreamOwned<ServerConnection, TcpStream> {
    StreamOwned::new(ServerConnection::new(Arc::clone(config)).unwrap(), stream)
}

/// A mail server, and what it was told; over TLS, behind a mark.
fn mail_server(manner: Manner) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, (sender, received)) = (listener.local_addr().unwrap(), channel());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut said = String::new();
            match &manner {
                Manner::Tls(config) => {
                    said.push_str("TLS\r\n");
                    converse(&mut over_tls(config, stream), true, &manner, &mut said);
                }
                _ => {
                    if converse(&mut stream, true, &manner, &mut said)
                        && let Manner::StartTls(config) | Manner::Injecting(config) = &manner
                    {
                        said.push_str("TLS\r\n");
                        converse(&mut over_tls(config, stream), false, &manner, &mut said);
                    }
                }
            }
            let _ = sender.send(said);
        }
    });
    (address, received)
}

/// Speaks SMTP; says whether the other side wants TLS from here on.
fn converse(stream: &mut (impl Read + Write), greets: bool, manner: &Manner, said: &mut String) -> bool {
    let has_tls = said.contains("TLS\r\n");
    let mut answer = if greets { "220 mail.plant.test" } else { "" };
    let mut is_data = false;
    loop {
        if !answer.is_empty() && stream.write_all(format!("{answer}\r\n").as_bytes()).is_err() {
            return false;
        }
        let (mut line, mut octet) = (Vec::new(), [0]);
        while !line.ends_with(b"\n") && stream.read(&mut octet).is_ok_and(|length| length > 0) {
            line.push(octet[0]);
        }
        let line = String::from_utf8_lossy(&line).into_owned();
        said.push_str(&line);
        answer = match line.trim_end() {
            _ if line.is_empty() => return false,
            "." => "250 taken",
            _ if is_data => "",
            it if it.starts_with("EHLO") && has_tls => "250-mail.plant.test\r\n250 AUTH PLAIN",
            it if it.starts_with("EHLO") && matches!(manner, Manner::StartTls(_) | Manner::Injecting(_)) => {
                "250-mail.plant.test\r\n250 STARTTLS"
            }
            it if it.starts_with("EHLO") => "250 mail.plant.test",
            it if it.starts_with("RCPT") && matches!(manner, Manner::Refusing) => "550 5.1.1 nobody of that name",
            it if it.starts_with("AUTH") => "235 welcome",
            "STARTTLS" => {
                let injected = if matches!(manner, Manner::Injecting(_)) { INJECTED } else { "" };
                let _ = stream.write_all(format!("220 go on\r\n{injected}").as_bytes());
                return true;
            }
            "DATA" => "354 go on",
            "QUIT" => "221 bye",
            _ => "250 ok",
        };
        is_data = (is_data || line.trim_end() == "DATA") && line.trim_end() != ".";
    }
}

/// What a server of this machine speaks TLS with. The certificate of its CA is written to `hook.pem`.
fn secured(plant: &Plant) -> Arc<ServerConfig> {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    // A hook is judged by the clock, whatever --at says.
    let year: i32 = certkit_core::moment::Moment::now().to_string()[..4].parse().unwrap();
    params.not_before = rcgen::date_time_ymd(year, 1, 1);
    params.not_after = rcgen::date_time_ymd(year + 1, 12, 28);
    params.key_usages = vec![rcgen::KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ServerAuth];
    let ca_key = rcgen::KeyPair::generate().unwrap();
    let mut ca = rcgen::CertificateParams::new(vec![]).unwrap();
    ca.distinguished_name.push(rcgen::DnType::CommonName, "Hook Root");
    ca.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    ca.key_usages = vec![rcgen::KeyUsagePurpose::KeyCertSign, rcgen::KeyUsagePurpose::CrlSign];
    params.use_authority_key_identifier_extension = true;
    let leaf = params.signed_by(&key, &rcgen::Issuer::from_params(&ca, &ca_key)).unwrap();
    let root = ca.self_signed(&ca_key).unwrap();
    std::fs::write(plant.file("hook.pem"), pem::encode("CERTIFICATE", root.der())).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(rustls::crypto::aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], PrivateKeyDer::try_from(key.serialize_der()).unwrap())
        .unwrap();
    Arc::new(config)
}

/// A web hook that answers with a status, and gives what it was sent.
fn hook(plant: &Plant, status: &'static str) -> (SocketAddr, Receiver<String>) {
    let (config, listener) = (secured(plant), TcpListener::bind("127.0.0.1:0").unwrap());
    let (address, (sender, received)) = (listener.local_addr().unwrap(), channel());
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let mut stream = over_tls(&config, stream);
            let (mut request, mut bytes) = (Vec::new(), [0; 4096]);
            while let Ok(length @ 1..) = stream.read(&mut bytes) {
                request.extend_from_slice(&bytes[..length]);
                let said = String::from_utf8_lossy(&request).into_owned();
                let Some((head, body)) = said.split_once("\r\n\r\n") else { continue };
                let length =
                    head.lines().find_map(|it| it.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
                if body.len() >= length.unwrap_or(0) {
                    let _ = stream.write_all(format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\n\r\n").as_bytes());
                    let _ = sender.send(said);
                    break;
                }
            }
        }
    });
    (address, received)
}

fn told(received: &Receiver<String>) -> String {
    received.recv_timeout(Duration::from_secs(20)).unwrap()
}

#[test]
fn a_mail_tells_of_what_is_to_be_done() {
    let plant = Plant::new();
    assert_eq!(plant.json(&["pki"])["state"], "expired");
    let (server, received) = mail_server(Manner::Plain);
    let mail = format!(
        "[mail]\nserver = \"{server}\"\ntls = \"none\"\nfrom = \"certkit <certkit@plant.test>\"\nto = \
         [\"ot@plant.test\", \"it@plant.test\"]\n"
    );
    let output = run(&plant, &mail);
    assert_eq!(status(&output), 2, "{output:?}");
    let mail_of = told(&received);
    assert!(mail_of.contains("RCPT TO:<ot@plant.test>") && mail_of.contains("RCPT TO:<it@plant.test>"), "{mail_of}");
    assert!(mail_of.contains("EXPIRED: 1 expired") && mail_of.contains("expired.plant.test"), "{mail_of}");
    assert!(!mail_of.contains('\u{1b}'), "{mail_of}");
    // A template of one's own.
    let own = "subject = \"{{ state }} at {{ moment }}\\nBcc: x@y.test\"\nbody = \"{% for it in entries if it.state == 'critical' %}{{ it.seen.dns_names[0] }}: {{ it.seen.days_left }}{% endfor %}\"\n";
    assert_eq!(status(&run(&plant, &format!("{mail}{own}"))), 2);
    let mail_of = told(&received);
    assert!(mail_of.contains("Subject: expired at 2026-06-01T00:00:00Z Bcc: x@y.test\r\n"), "{mail_of}");
    assert!(mail_of.contains("\r\ncritical.plant.test: 3\r\n"), "{mail_of}");
    // What nobody has to act on is not told.
    std::fs::write(plant.file("inventory.toml"), format!("{mail}[[source]]\nat = \"pki/fine.pem\"\n")).unwrap();
    assert_eq!(status(&plant.run(&["--config", "inventory.toml", "--at", AT])), 0);
    assert!(received.recv_timeout(Duration::from_millis(300)).is_err());
    // A server that refuses, one without TLS where that is wanted, and none.
    let (refusing, _kept) = mail_server(Manner::Refusing);
    let other = |line: &str| mail.replace(&format!("server = \"{server}\"\ntls = \"none\"\n"), line);
    let output = run(&plant, &other(&format!("server = \"{refusing}\"\ntls = \"none\"\n")));
    let errors = refused(&output);
    assert!(errors.contains("was not sent") && errors.contains("nobody of that name"), "{errors}");
    assert!(text(&output.stdout).contains("expired.plant.test"), "the report is written all the same");
    std::fs::write(plant.file("word"), "Sesame-Opens-417\n").unwrap();
    let log_in = format!("server = \"{server}\"\nuser = \"certkit\"\npassword-file = \"word\"\n");
    let errors = refused(&run(&plant, &other(&log_in)));
    assert!(errors.contains("was not sent") && !errors.contains("Sesame"), "{errors}");
    let said = told(&received);
    assert!(!said.contains("AUTH") && !said.contains("MAIL"), "nothing goes out without TLS: {said}");
    for (line, said) in [
        (format!("server = \"{server}\"\ntls = \"none\"\nuser = \"a\"\npassword-file = \"word\"\n"), "without TLS"),
        (format!("server = \"{server}\"\nuser = \"a\"\n"), "a name and a password"),
        (format!("server = \"{server}\"\nuser = \"a\"\npassword-file = \"none\"\n"), "password file"),
        ("server = \"a b\"\n".to_owned(), "is not a server"),
        (format!("server = \"{server}\"\ntls = \"maybe\"\n"), "maybe"),
        (format!("server = \"{server}\"\nbody = \"{{{{ nothing }}}}\"\n"), "template of the mail"),
        (format!("server = \"{server}\"\nsubject = \"{{{{ host\"\n"), "template of the subject"),
    ] {
        let errors = refused(&run(&plant, &other(&line)));
        assert!(errors.contains(said) && !errors.contains("Sesame"), "{line}: {errors}");
    }
    let errors = refused(&run(&plant, &mail.replace("ot@plant.test", "ot at plant")));
    assert!(errors.contains("not a mail address"), "{errors}");
}

#[test]
fn a_mail_goes_over_tls_to_a_server_that_is_trusted() {
    let plant = Plant::new();
    std::fs::write(plant.file("word"), "Sesame-Opens-417\n").unwrap();
    let config = secured(&plant);
    for (tls, manner) in [("tls", Manner::Tls(Arc::clone(&config))), ("starttls", Manner::StartTls(config))] {
        let (server, received) = mail_server(manner);
        let mail = format!(
            "[mail]\nserver = \"{server}\"\ntls = \"{tls}\"\nuser = \"certkit\"\npassword-file = \"word\"\nfrom = \
             \"certkit@plant.test\"\nto = [\"ot@plant.test\"]\n"
        );
        let errors = refused(&run(&plant, &mail));
        assert!(errors.contains("was not sent"), "{errors}");
        let said = told(&received);
        assert!(!said.contains("AUTH") && !said.contains("MAIL"), "not to a server that nobody trusts: {said}");
        let output = run(&plant, &format!("{mail}trust = \"hook.pem\"\n"));
        assert_eq!(status(&output), 2, "{output:?}");
        let said = told(&received);
        let (before, after) = said.split_once("TLS\r\n").unwrap();
        assert!(
            !before.contains("MAIL") && after.contains("AUTH PLAIN") && after.contains("expired.plant.test"),
            "{said}"
        );
    }
}

#[test]
fn what_is_said_before_tls_is_no_answer_of_the_server() {
    let plant = Plant::new();
    std::fs::write(plant.file("word"), "Sesame-Opens-417\n").unwrap();
    let (server, received) = mail_server(Manner::Injecting(secured(&plant)));
    let mail = format!(
        "[mail]\nserver = \"{server}\"\ntrust = \"hook.pem\"\nuser = \"certkit\"\npassword-file = \"word\"\nfrom = \
         \"certkit@plant.test\"\nto = [\"ot@plant.test\"]\n"
    );
    std::fs::write(plant.file("inventory.toml"), format!("{SOURCE}{mail}")).unwrap();
    let run = |state: &str| {
        plant.run(&["--config", "inventory.toml", "--at", AT, "--state", state, "--exit-zero", "--format", "json"])
    };
    let errors = refused(&run("state.db"));
    assert!(errors.contains("was not sent"), "{errors}");
    assert!(!told(&received).contains("AUTH"));
    // Nothing is remembered as told.
    std::fs::write(plant.file("inventory.toml"), SOURCE).unwrap();
    let document: serde_json::Value = serde_json::from_slice(&run("state.db").stdout).unwrap();
    let fresh: serde_json::Value = serde_json::from_slice(&run("fresh.db").stdout).unwrap();
    assert_eq!(document["changes"], fresh["changes"]);
    // A password that cannot be what is meant is not sent as another.
    std::fs::write(plant.file("word"), b"Sesame-\xfcffne\n").unwrap();
    std::fs::write(plant.file("inventory.toml"), format!("{SOURCE}{mail}")).unwrap();
    let errors = refused(&run("state.db"));
    assert!(errors.contains("UTF-8"), "{errors}");
}

#[test]
fn a_mail_server_that_never_ends_costs_little_and_holds_nobody() {
    let plant = Plant::new();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (server, (sender, said)) = (listener.local_addr().unwrap(), channel());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            // A line without an end; no client may read as much of it.
            let sent = (0..4096).take_while(|_| stream.write_all(&[b'2'; 65536]).is_ok()).count();
            let _ = sender.send(sent * 65536);
        }
    });
    let mail =
        format!("[mail]\nserver = \"{server}\"\ntls = \"none\"\nfrom = \"a@plant.test\"\nto = [\"b@plant.test\"]\n");
    let errors = refused(&run(&plant, &mail));
    assert!(errors.contains("was not sent") && errors.contains("256 KiB"), "{errors}");
    assert!(said.recv_timeout(Duration::from_secs(20)).unwrap() < 100 << 20);
    // While one run waits for its server, another one uses what is remembered.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mail = mail.replace(&server.to_string(), &silent.local_addr().unwrap().to_string());
    std::fs::write(plant.file("waiting.toml"), format!("{SOURCE}{mail}")).unwrap();
    let mut waiting = std::process::Command::new(env!("CARGO_BIN_EXE_certkit"))
        .args(["expiry", "--config", "waiting.toml", "--at", AT, "--state", "state.db"])
        .current_dir(plant.folder.path())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let (_kept, _) = silent.accept().unwrap();
    let start = std::time::Instant::now();
    let output = plant.run(&["pki", "--at", AT, "--state", "state.db"]);
    assert_eq!(status(&output), 2, "{output:?}");
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    waiting.kill().unwrap();
    waiting.wait().unwrap();
}

#[test]
fn a_web_hook_is_told_over_https_alone() {
    let plant = Plant::new();
    let (address, received) = hook(&plant, "204 No Content");
    std::fs::write(plant.file("token"), "Bearer s3cret\n").unwrap();
    std::fs::write(plant.file("url"), format!("https://{address}/hook/t0ken?x=1\n")).unwrap();
    let line = "[hook]\nurl-file = \"url\"\ntrust = \"hook.pem\"\nauthorization-file = \"token\"\n";
    let output = run(&plant, line);
    assert_eq!(status(&output), 2, "{output:?}");
    let request = told(&received);
    assert!(request.starts_with("POST /hook/t0ken?x=1 HTTP/1.1\r\n"), "{request}");
    let lower = request.to_lowercase();
    assert!(
        lower.contains("content-type: application/json") && lower.contains("authorization: bearer s3cret"),
        "{request}"
    );
    let document: serde_json::Value = serde_json::from_str(request.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!((&document["schema"], &document["state"]), (&"certkit.expiry/1".into(), &"expired".into()));
    let own = format!("{line}body = '{{\"text\": {{{{ headline | tojson }}}}}}'\n");
    assert_eq!(status(&run(&plant, &own)), 2);
    assert!(told(&received).ends_with("{\"text\": \"EXPIRED: 1 expired, 1 critical, 1 warning, 2 ok\"}"));
    assert_eq!(status(&run(&plant, &format!("{line}at-least = \"expired\"\n"))), 2);
    told(&received);
    // Whom nobody trusts gets neither the message nor the secret; what stands in the address is not repeated.
    let errors = refused(&run(&plant, &line.replace("trust = \"hook.pem\"\n", "")));
    assert!(errors.contains("was not notified") && errors.contains("not trusted"), "{errors}");
    assert!(!errors.contains("t0ken") && !errors.contains("s3cret"), "{errors}");
    assert!(received.recv_timeout(Duration::from_millis(300)).is_err());
    let (failing, _kept) = hook(&plant, "403 Forbidden");
    std::fs::write(plant.file("url"), format!("https://{failing}/t0ken\n")).unwrap();
    let errors = refused(&run(&plant, line));
    assert!(errors.contains("status 403") && !errors.contains("t0ken"), "{errors}");
    // That a mail was not sent, either, is told with it.
    let mail = "[mail]\nserver = \"127.0.0.1:9\"\ntls = \"none\"\nfrom = \"a@plant.test\"\nto = [\"b@plant.test\"]\n";
    let errors = refused(&run(&plant, &format!("{mail}{line}")));
    assert!(errors.contains("status 403") && errors.contains("mail was not sent"), "{errors}");
    for (line, said) in [
        ("[hook]\n", "exactly one address is required"),
        ("[hook]\nurl = \"http://127.0.0.1/\"\n", "use a https"),
        ("[hook]\nurl = \"https://user:s3cret@plc7/\"\n", "without user and password"),
        ("[hook]\nurl = \"https://plc7/\"\nbody = '{\"text\": {{ headline }}}'\n", "does not give JSON"),
        ("[hook]\nurl = \"https://plc7/\"\nbody = '{{ nothing }}'\n", "cannot be filled"),
        ("[hook]\nurl = \"https://plc7/\"\ntrust = \"none.pem\"\n", "none.pem"),
    ] {
        let errors = refused(&run(&plant, line));
        assert!(errors.contains(said) && !errors.contains("s3cret"), "{line}: {errors}");
    }
}
