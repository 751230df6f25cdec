//! Servers for these tests: whatever a thread can do with a connection, TLS by rustls, and
//! OpenSSL for what rustls cannot do. All listen on loopback on ports of the system's choice.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use certkit_core::presented::Endpoint;
use certkit_core::source::Connect;
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, StreamOwned};

pub(crate) fn endpoint(text: &str) -> Endpoint {
    text.parse().unwrap()
}

/// A `tls://` endpoint.
pub(crate) fn tls(address: SocketAddr) -> Endpoint {
    endpoint(&address.to_string())
}

pub(crate) fn within(timeout: Duration) -> Connect {
    Connect { timeout, ..Connect::default() }
}

/// Gives every connection to `serve`, each in its thread, for as long as the test process lives.
pub(crate) fn listen<F>(serve: F) -> SocketAddr
where
    F: Fn(TcpStream) + Send + Sync + 'static,
{
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let serve = Arc::clone(&serve);
            thread::spawn(move || serve(stream));
        }
    });
    address
}

/// Reads what is there to read at the moment, at least a byte or the end.
pub(crate) fn some(stream: &mut impl Read) -> Vec<u8> {
    let mut bytes = vec![0; 8192];
    let length = stream.read(&mut bytes).unwrap_or(0);
    bytes.truncate(length);
    bytes
}

static ROOTS: AtomicUsize = AtomicUsize::new(1);

/// A root with a name of its own, and a certificate issued by it.
pub(crate) struct Pki {
    pub(crate) chain: Vec<Vec<u8>>,
    pub(crate) key: Vec<u8>,
    pub(crate) root_name: Vec<u8>,
}

impl Pki {
    pub(crate) fn new() -> Self {
        Self::with(|_| ())
    }

    /// Makes a chain whose leaf is changed by `adapt` before it is signed.
    pub(crate) fn with(adapt: impl FnOnce(&mut CertificateParams)) -> Self {
        let mut params = CertificateParams::new(Vec::new()).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let number = ROOTS.fetch_add(1, Ordering::Relaxed);
        let name = format!("Root {number}");
        params.distinguished_name.push(DnType::CommonName, name);
        let root = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["plc7".to_owned()]).unwrap();
        params.distinguished_name.push(DnType::CommonName, "plc7");
        adapt(&mut params);
        let leaf = params.signed_by(&key, &root).unwrap();
        let (_, parsed) = x509_parser::parse_x509_certificate(root.der()).unwrap();
        Self {
            root_name: parsed.subject().as_raw().to_vec(),
            chain: vec![leaf.der().to_vec(), root.der().to_vec()],
            key: key.serialize_der(),
        }
    }

    pub(crate) fn config(&self) -> Arc<ServerConfig> {
        let chain = self.chain.iter().cloned().map(CertificateDer::from);
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(self.key.clone()));
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain.collect(), key)
            .unwrap();
        Arc::new(config)
    }

    /// Serves this chain; what comes after the handshake is `serve`'s.
    pub(crate) fn listen<F>(&self, serve: F) -> SocketAddr
    where
        F: Fn(StreamOwned<ServerConnection, TcpStream>) + Send + Sync + 'static,
    {
        let config = self.config();
        listen(move |stream| {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            serve(StreamOwned::new(connection, stream));
        })
    }

    /// Serves this chain and waits until the client is gone.
    pub(crate) fn listen_quietly(&self) -> SocketAddr {
        self.listen(|mut stream| while !some(&mut stream).is_empty() {})
    }

    /// Serves this chain and one fixed answer to whatever is asked.
    pub(crate) fn listen_http(&self, answer: &'static str) -> SocketAddr {
        self.listen(move |mut stream| {
            some(&mut stream);
            stream.write_all(answer.as_bytes()).unwrap();
        })
    }
}

/// A running `openssl s_server`, ended when dropped.
pub(crate) struct OpenSsl {
    child: Child,
    pub(crate) address: SocketAddr,
}

impl OpenSsl {
    /// Starts a server that answers HTTP, in `folder`, with further arguments.
    pub(crate) fn serve(folder: &Path, arguments: &str) -> Self {
        let mut child = Command::new("openssl")
            .args(["s_server", "-accept", "127.0.0.1:0", "-www"])
            .args(arguments.split_whitespace())
            .current_dir(folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| line.strip_prefix("ACCEPT ")?.parse().ok())
            .expect("the server says where it listens");
        Self { child, address }
    }
}

impl Drop for OpenSsl {
    fn drop(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// Runs `openssl` in `folder` and expects it to succeed.
pub(crate) fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split_whitespace()).current_dir(folder).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {arguments}: {errors}");
}
