//! A Configuration API with answers of ours, over TLS, on loopback.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use certkit_core::cert::Certificate;
use certkit_core::context::{CertificateSet, Context, Origin, Trust};
use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::Moment;
use certkit_core::presented::Endpoint;
use certkit_core::review::approval::Approval;
use certkit_core::review::configuration_api::{Credentials, ask};
use certkit_core::review::facts::{SourceFacts, SourceKind};
use certkit_core::source::{Connect, Extent};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};
use zeroize::Zeroizing;

/// What is answered to a path.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: &'static str,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn json(body: impl Into<Vec<u8>>) -> Answer {
        Answer { status: 200, headers: "Content-Type: application/json\r\n", body: body.into() }
    }

    pub(crate) fn status(status: u16) -> Answer {
        Answer { status, ..Answer::json(r#"{"code": 1, "message": "refused"}"#) }
    }
}

/// The name and password that the server takes.
pub(crate) const USER: &str = "api-review";
pub(crate) const PASSWORD: &str = "not-A-real-1-password";

type Answers = dyn Fn(&str, usize) -> Answer + Send + Sync;

/// The paths that were asked, and whether a log-in came with each.
type Log = Arc<Mutex<Vec<(String, bool)>>>;

/// A running server.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    pub(crate) root: Certificate,
    pub(crate) leaf: Certificate,
    asked: Log,
}

/// How the certificate of the server is signed.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Signed {
    ByRoot,
    ByItself,
}

impl Server {
    /// Serves fixed answers, the log-in held before all but `/about`.
    pub(crate) fn fixed(signed: Signed, answers: BTreeMap<&'static str, Answer>) -> Server {
        Server::new(signed, move |path, _| answers.get(path).cloned().unwrap_or(Answer::status(404)))
    }

    /// Serves what `answers` says for a path and how often it was asked before.
    pub(crate) fn new(signed: Signed, answers: impl Fn(&str, usize) -> Answer + Send + Sync + 'static) -> Server {
        let now = Moment::now();
        let subject = |name: &str| format!("CN={name},O=Plant").parse().unwrap();
        let root_key = KeyPair::generate(KeyType::P256).unwrap();
        let root = Template::new(Kind::Root, subject("Plant Root"), Validity::days(now, 3650))
            .issue(&root_key.public_key().unwrap(), &Issuer::itself(&root_key))
            .unwrap();
        let key = KeyPair::generate(KeyType::P256).unwrap();
        let issuer = match signed {
            Signed::ByRoot => Issuer::authority(&root, &root_key).unwrap(),
            Signed::ByItself => Issuer::itself(&key),
        };
        let leaf = Template::new(Kind::Https, subject("kep7"), Validity::days(now, 365))
            .alternative_names(["kep7.plant.test", "127.0.0.1"].map(AlternativeName::host))
            .issue(&key.public_key().unwrap(), &issuer)
            .unwrap();
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(
                vec![CertificateDer::from(leaf.der().to_vec())],
                PrivateKeyDer::from(PrivatePkcs8KeyDer::from(key.to_pkcs8().unwrap().to_vec())),
            )
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let asked: Log = Arc::default();
        let (config, log) = (Arc::new(config), Arc::clone(&asked));
        let answers: Arc<Answers> = Arc::new(answers);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
                let (log, answers) = (Arc::clone(&log), Arc::clone(&answers));
                thread::spawn(move || serve(StreamOwned::new(connection, stream), &log, &*answers));
            }
        });
        Server { address, root, leaf, asked }
    }

    /// The paths that were asked, in order.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|it| it.0.clone()).collect()
    }

    /// Whether a log-in was ever sent.
    pub(crate) fn has_seen_log_in(&self) -> bool {
        self.asked.lock().unwrap().iter().any(|it| it.1)
    }

    /// Reviews the server, trusting its root.
    pub(crate) fn review(&self, password: &str) -> SourceFacts {
        self.review_with(password, &[], Some(&self.root))
    }

    /// Reviews the server with these pins and this anchor.
    pub(crate) fn review_with(&self, password: &str, pins: &[[u8; 32]], anchor: Option<&Certificate>) -> SourceFacts {
        let endpoint: Endpoint = format!("https://{}", self.address).parse().unwrap();
        let certificate_set = |it: &Certificate| CertificateSet {
            origin: Origin::Given("root.pem".to_owned()),
            trust: Trust::Anchors,
            certificates: vec![it.clone()],
        };
        let context = Context::new(anchor.map(certificate_set)).trusting(None);
        let approval = Approval { context: &context, pins, moment: Moment::now() };
        let mut source = SourceFacts::new("api", SourceKind::ConfigurationApi, Moment::now());
        let credentials = Credentials {
            user: USER.to_owned(),
            password: Zeroizing::new(password.as_bytes().to_vec()),
            weakness: None,
        };
        let connect =
            Connect { timeout: Duration::from_millis(1500), extent: Extent::Certificates, ..Connect::default() };
        ask(&endpoint, connect, Some(credentials), &approval, &mut source);
        source
    }
}

fn serve(stream: impl Read + Write, log: &Mutex<Vec<(String, bool)>>, answers: &Answers) {
    use base64::Engine as _;
    let expected = base64::engine::general_purpose::STANDARD.encode(format!("{USER}:{PASSWORD}"));
    let mut stream = BufReader::new(stream);
    loop {
        let mut head = Vec::new();
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).unwrap_or(0) == 0 {
                return;
            }
            if line == "\r\n" {
                break;
            }
            head.push(line);
        }
        let Some(request) = head.first() else { return };
        assert!(request.starts_with("GET "), "{request}");
        let path = request.split(' ').nth(1).unwrap_or_default().to_owned();
        let path = path.strip_prefix("/config/v1").unwrap_or(&path).to_owned();
        let log_in = head.iter().find_map(|it| it.strip_prefix("authorization: Basic ")).map(|it| it.trim().to_owned());
        let before = {
            let mut log = log.lock().unwrap();
            let before = log.iter().filter(|it| it.0 == path).count();
            log.push((path.clone(), log_in.is_some()));
            before
        };
        let answer = match log_in {
            Some(given) if given == expected => answers(&path, before),
            _ if path == "/about" => answers(&path, before),
            _ => Answer::status(401),
        };
        let head =
            format!("HTTP/1.1 {} X\r\n{}Content-Length: {}\r\n\r\n", answer.status, answer.headers, answer.body.len());
        let stream = stream.get_mut();
        if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&answer.body)).is_err() {
            return;
        }
        let _ = stream.flush();
    }
}
