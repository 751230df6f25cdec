//! A TLS server that presents whatever it is given.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::thread;

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::plant::Situation;

const ANSWER: &[u8] = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// Presents a chain without looking at it.
#[derive(Debug)]
struct Unseen(Arc<CertifiedKey>);

impl ResolvesServerCert for Unseen {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.0))
    }
}

/// A server, by rustls where it can sign with the key, else by openssl.
pub(crate) struct Server {
    pub(crate) url: String,
    child: Option<Child>,
}

impl Server {
    /// Presents what a situation has.
    pub(crate) fn new(situation: &Situation) -> Server {
        if let Some(address) = serve(&situation.presented, &situation.key) {
            return Server { url: format!("https://{address}"), child: None };
        }
        let words = "s_server -accept 127.0.0.1:0 -www -cert chain.pem -cert_chain issuers.pem -key leaf.key -cipher ALL:@SECLEVEL=0";
        let mut child = Command::new("openssl")
            .args(words.split(' '))
            .current_dir(&situation.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines.map_while(Result::ok).find_map(|line| Some(line.strip_prefix("ACCEPT ")?.to_owned()));
        Server { url: format!("https://{}", address.expect("the server says where it listens")), child: Some(child) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }
}

/// Serves a chain for as long as the test process lives; `None` where rustls cannot sign with such a key.
fn serve(chain: &[Vec<u8>], key: &[u8]) -> Option<SocketAddr> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.to_vec()));
    let signer = provider.key_provider.load_private_key(key).ok()?;
    let chain = chain.iter().cloned().map(CertificateDer::from).collect();
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_cert_resolver(Arc::new(Unseen(Arc::new(CertifiedKey::new(chain, signer)))));
    let config = Arc::new(config);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            thread::spawn(move || {
                let mut stream = StreamOwned::new(connection, stream);
                let answered = stream.read(&mut [0; 4096]).and_then(|_| stream.write_all(ANSWER));
                answered.and_then(|()| stream.flush())
            });
        }
    });
    Some(address)
}
