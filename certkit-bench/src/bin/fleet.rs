//! Many TLS servers on loopback, for `certkit expiry` to ask.
//!
//! `fleet N [DEAD]` opens N ports, each with a certificate of its own, and writes their addresses to standard
//! output, a line each, then `ready`. Every DEAD-th of them accepts connections and never says a word.
//! Ends when its standard input does.

use std::io::{Error, Read as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use certkit_core::generate::{AlternativeName, Issuer, KeyPair, KeyType, Kind, Template, Validity};
use certkit_core::moment::Moment;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::NoServerSessionStorage;
use rustls::{ServerConfig, crypto::aws_lc_rs::default_provider};
use tokio::io::AsyncReadExt as _;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1).map(|it| it.parse::<usize>());
    let (Some(Ok(count)), dead) = (arguments.next(), arguments.next()) else {
        return Err(Error::other("usage: fleet N [DEAD]"));
    };
    let dead = dead.transpose().map_err(Error::other)?.unwrap_or(0);
    let (key, ca_key) = (new_key()?, new_key()?);
    let now = Moment::now();
    let subject = "CN=Fleet CA".parse().map_err(Error::other)?;
    let ca_public = ca_key.public_key().map_err(Error::other)?;
    let ca = Template::new(Kind::Root, subject, Validity::days(now, 3650))
        .issue(&ca_public, &Issuer::itself(&ca_key))
        .map_err(Error::other)?;
    let issuer = Issuer::authority(&ca, &ca_key).map_err(Error::other)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
    std::thread::spawn(|| {
        // Whoever has started us has closed the stream, or is gone.
        let _ = std::io::stdin().read(&mut [0]);
        std::process::exit(0);
    });
    runtime.block_on(async {
        let mut addresses = String::new();
        for number in 0..count {
            let host = format!("host{number}.fleet.test");
            let leaf = Template::new(
                Kind::Https,
                format!("CN={host}").parse().map_err(Error::other)?,
                Validity::days(now, 365),
            )
            .alternative_names([AlternativeName::host(&host)])
            .issue(&key.public_key().map_err(Error::other)?, &issuer)
            .map_err(Error::other)?;
            let chain = [&leaf, &ca].map(|it| CertificateDer::from(it.der().to_vec())).to_vec();
            let pkcs8 = key.to_pkcs8().map_err(Error::other)?;
            let private = PrivateKeyDer::try_from(pkcs8.to_vec()).map_err(Error::other)?;
            let mut config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
                .with_safe_default_protocol_versions()
                .map_err(Error::other)?
                .with_no_client_auth()
                .with_single_cert(chain, private)
                .map_err(Error::other)?;
            config.session_storage = Arc::new(NoServerSessionStorage {});
            config.send_tls13_tickets = 0;
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            addresses += &format!("{}\n", listener.local_addr()?);
            let is_dead = dead > 0 && number % dead == dead - 1;
            tokio::spawn(serve(listener, TlsAcceptor::from(Arc::new(config)), is_dead));
        }
        let mut output = std::io::stdout().lock();
        output.write_all(format!("{addresses}ready\n").as_bytes())?;
        output.flush()?;
        std::future::pending::<()>().await;
        Ok(())
    })
}

fn new_key() -> Result<KeyPair, Error> {
    KeyPair::generate(KeyType::P256).map_err(Error::other)
}

async fn serve(listener: TcpListener, acceptor: TlsAcceptor, is_dead: bool) {
    while let Ok((stream, _)) = listener.accept().await {
        let acceptor = acceptor.clone();
        tokio::spawn(async move {
            if is_dead {
                tokio::time::sleep(Duration::from_secs(60)).await;
                return;
            }
            let _ = stream.set_nodelay(true);
            if let Ok(mut stream) = acceptor.accept(stream).await {
                let _ = tokio::time::timeout(Duration::from_secs(10), stream.read(&mut [0; 64])).await;
            }
        });
    }
}
