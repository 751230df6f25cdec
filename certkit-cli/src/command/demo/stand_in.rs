//! A stand-in for ThingWorx on loopback: TLS with a given chain, 404 at every path, and a
//! place where the root can be downloaded.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use rcgen::KeyPair;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;

use crate::failure::Failure;

/// How long a client may take for one request.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that runs until it is dropped.
pub(super) struct StandIn {
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// What a stand-in answers with.
enum Speech {
    /// TLS, then HTTP 404.
    Tls(TlsAcceptor),
    /// HTTP 200 with these bytes.
    File(Vec<u8>),
}

impl StandIn {
    /// Starts a TLS server that sends exactly this chain.
    pub(super) fn tls(chain: &[&[u8]], key: &KeyPair) -> Result<StandIn, Failure> {
        let failed = |error: rustls::Error| Failure::new("the simulated server cannot set up TLS").because(error);
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let chain = chain.iter().map(|it| CertificateDer::from(it.to_vec())).collect();
        let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialized_der().to_vec()));
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(failed)?;
        StandIn::start(Speech::Tls(TlsAcceptor::from(Arc::new(config))))
    }

    /// Starts an HTTP server that answers everything with these bytes.
    pub(super) fn file(bytes: Vec<u8>) -> Result<StandIn, Failure> {
        StandIn::start(Speech::File(bytes))
    }

    fn start(speech: Speech) -> Result<StandIn, Failure> {
        let failed =
            |error: std::io::Error| Failure::new("the simulated server cannot start on 127.0.0.1").because(error);
        let listener = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).map_err(failed)?;
        listener.set_nonblocking(true).map_err(failed)?;
        let address = listener.local_addr().map_err(failed)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            runtime.block_on(async move {
                let Ok(listener) = TcpListener::from_std(listener) else { return };
                let serving = tokio::spawn(serve(listener, Arc::new(speech)));
                let _ = stopped.await;
                serving.abort();
            });
        });
        Ok(StandIn { address, stop: Some(stop), thread: Some(thread) })
    }

    /// Where it listens.
    pub(super) fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for StandIn {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

async fn serve(listener: TcpListener, speech: Arc<Speech>) {
    while let Ok((stream, _)) = listener.accept().await {
        let speech = Arc::clone(&speech);
        tokio::spawn(async move {
            // A client that goes away or dawdles is its own affair.
            let _ = tokio::time::timeout(PATIENCE, async move {
                match &*speech {
                    Speech::Tls(acceptor) => {
                        let stream = acceptor.accept(stream).await?;
                        answer(stream, "404 Not Found", b"").await
                    }
                    Speech::File(bytes) => answer(stream, "200 OK", bytes).await,
                }
            })
            .await;
        });
    }
}

async fn answer<S>(mut stream: S, status: &str, body: &[u8]) -> std::io::Result<()>
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin,
{
    let mut request = Vec::new();
    let mut buffer = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") && request.len() < 16 * 1024 {
        match stream.read(&mut buffer).await? {
            0 => return Ok(()),
            count => request.extend_from_slice(buffer.get(..count).unwrap_or_default()),
        }
    }
    let head = format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    stream.shutdown().await
}
