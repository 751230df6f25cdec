//! Hands one mail over to a server.
//!
//! What the server says is bounded, and so is the time for all of it. lettre speaks SMTP, over a connection that is
//! encrypted before it begins: what a stranger says in clear never reaches it.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context as Waker, Poll, ready};
use std::time::Duration;

use certkit_core::context::Context;
use certkit_core::moment::Moment;
use certkit_core::presented::{Endpoint, HostPort, Scheme};
use certkit_core::review::approval::Approval;
use certkit_core::source::{Capture, ConversationError, approved};
use lettre::Message;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream};
use lettre::transport::smtp::extension::ClientId;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// The time for everything.
const TIMEOUT: Duration = Duration::from_secs(60);

/// How long a goodbye may take.
const GOODBYE: Duration = Duration::from_secs(1);

/// The most octets that a server may say.
const SAID: usize = 256 * 1024;

/// How a server is reached.
pub(super) enum Route {
    /// Without TLS.
    Clear(HostPort),
    /// Over TLS, from the beginning (`smtps`) or once it was asked for (`smtp`).
    Tls {
        /// The server.
        endpoint: Endpoint,
        /// What its certificate is held against.
        context: Box<Context>,
    },
}

/// Why a mail was not handed over.
#[derive(Debug)]
pub(super) enum Fault {
    Connection(io::Error),
    Tls(ConversationError),
    Smtp(lettre::transport::smtp::Error),
    TimedOut,
}

impl std::fmt::Display for Fault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fault::Connection(_) => f.write_str("the connection failed"),
            Fault::Tls(error) => error.fmt(f),
            Fault::Smtp(error) => error.fmt(f),
            Fault::TimedOut => write!(f, "the server did not accept it within {} seconds", TIMEOUT.as_secs()),
        }
    }
}

impl Error for Fault {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Fault::Connection(error) => Some(error),
            Fault::Tls(error) => error.source(),
            Fault::Smtp(error) => error.source(),
            Fault::TimedOut => None,
        }
    }
}

/// Hands a mail over.
pub(super) fn deliver(route: &Route, log_in: Option<&Credentials>, message: &Message) -> Result<(), Fault> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build();
    let runtime = runtime.map_err(Fault::Connection)?;
    let outcome = runtime.block_on(async { timeout(TIMEOUT, converse(route, log_in, message)).await });
    // A resolver that hangs must not hold us.
    runtime.shutdown_background();
    outcome.unwrap_or(Err(Fault::TimedOut))
}

async fn converse(route: &Route, log_in: Option<&Credentials>, message: &Message) -> Result<(), Fault> {
    let name = ClientId::Domain(gethostname::gethostname().to_string_lossy().into_owned());
    let mut server =
        AsyncSmtpConnection::connect_with_transport(open(route).await?, &name).await.map_err(Fault::Smtp)?;
    if let Some(log_in) = log_in {
        server.auth(DEFAULT_MECHANISMS, log_in).await.map_err(Fault::Smtp)?;
    }
    server.send(message.envelope(), &message.formatted()).await.map_err(Fault::Smtp)?;
    // The mail is taken; whether the server hears a goodbye changes nothing any more.
    let _ = timeout(GOODBYE, server.abort()).await;
    Ok(())
}

async fn open(route: &Route) -> Result<Box<dyn AsyncTokioStream>, Fault> {
    match route {
        Route::Clear(server) => {
            let stream = TcpStream::connect(server.to_string()).await.map_err(Fault::Connection)?;
            Ok(Box::new(Bounded { greeting: b"", left: SAID, stream }))
        }
        Route::Tls { endpoint, context } => {
            let approval = Approval { context, pins: &[], moment: Moment::now() };
            let approve = |capture: &Capture| approval.look(endpoint, capture).1;
            let stream = approved(endpoint, TIMEOUT, approve).await.map_err(Fault::Tls)?;
            // After STARTTLS a server does not greet again (RFC 3207 section 4.2); lettre waits for it.
            let greeting: &[u8] = if endpoint.scheme == Scheme::Smtp { b"220 TLS\r\n" } else { b"" };
            Ok(Box::new(Bounded { greeting, left: SAID, stream }))
        }
    }
}

/// A connection over which a server may say so much and no more.
#[derive(Debug)]
struct Bounded<S> {
    /// What is read before it.
    greeting: &'static [u8],
    left: usize,
    stream: S,
}

impl<S: AsyncRead + Unpin> AsyncRead for Bounded<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Waker<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        if let Some((now, later)) = this.greeting.split_at_checked(this.greeting.len().min(buf.remaining()))
            && !now.is_empty()
        {
            buf.put_slice(now);
            this.greeting = later;
            return Poll::Ready(Ok(()));
        }
        let before = buf.filled().len();
        ready!(Pin::new(&mut this.stream).poll_read(cx, buf))?;
        let said = buf.filled().len().saturating_sub(before);
        this.left = this.left.checked_sub(said).ok_or_else(|| io::Error::other("the server sent more than 256 KiB"))?;
        Poll::Ready(Ok(()))
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Bounded<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Waker<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.get_mut().stream).poll_write(cx, buf)
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Waker<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Waker<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

impl<S: AsyncRead + AsyncWrite + std::fmt::Debug + Send + Sync + Unpin> AsyncTokioStream for Bounded<S> {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        // lettre asks for it nowhere on the way that a mail goes here.
        Err(io::ErrorKind::Unsupported.into())
    }
}
