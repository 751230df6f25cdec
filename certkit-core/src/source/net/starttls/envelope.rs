//! The packets in which TDS carries a TLS handshake (MS-TDS section 2.2.6.5).

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

use super::binary::{ANSWER, PRELOGIN};

const HEADER: usize = 8;

/// The most octets that one packet carries before both sides have agreed on more.
const ROOM: usize = 4096 - HEADER;

/// Puts what is written into packets, and takes what is read out of them.
#[derive(Debug, Default)]
pub(in crate::source::net) struct Envelope {
    /// What is not written yet.
    out: Vec<u8>,
    /// What there is of the header that is being read.
    header: Vec<u8>,
    /// How many octets of the packet come next.
    left: usize,
}

impl Envelope {
    /// Reads from the packets of the other side.
    pub(in crate::source::net) fn poll_read(
        &mut self,
        stream: &mut TcpStream,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        while self.left == 0 {
            let mut bytes = [0; HEADER];
            let wanted = HEADER.saturating_sub(self.header.len());
            let mut part = ReadBuf::new(bytes.get_mut(..wanted).unwrap_or_default());
            ready!(Pin::new(&mut *stream).poll_read(cx, &mut part))?;
            if part.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
            self.header.extend_from_slice(part.filled());
            let &[kind, _, high, low, _, _, _, _] = self.header.as_slice() else { continue };
            if kind != PRELOGIN && kind != ANSWER {
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "no packet of TDS")));
            }
            self.left = usize::from(u16::from_be_bytes([high, low])).saturating_sub(HEADER);
            self.header.clear();
        }
        let mut bytes = vec![0; self.left.min(buf.remaining())];
        let mut part = ReadBuf::new(&mut bytes);
        ready!(Pin::new(stream).poll_read(cx, &mut part))?;
        buf.put_slice(part.filled());
        self.left = self.left.saturating_sub(part.filled().len());
        Poll::Ready(Ok(()))
    }

    /// Takes octets over into a packet.
    pub(in crate::source::net) fn poll_write(
        &mut self,
        stream: &mut TcpStream,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_drain(stream, cx))?;
        let taken = buf.get(..ROOM).unwrap_or(buf);
        let length = u16::try_from(taken.len().saturating_add(HEADER)).unwrap_or(u16::MAX);
        let [high, low] = length.to_be_bytes();
        self.out.extend([PRELOGIN, 1, high, low, 0, 0, 0, 0]);
        self.out.extend_from_slice(taken);
        // What does not go out now does so with the next write or flush.
        if let Poll::Ready(Err(error)) = self.poll_drain(stream, cx) {
            return Poll::Ready(Err(error));
        }
        Poll::Ready(Ok(taken.len()))
    }

    /// Writes what is waiting.
    pub(in crate::source::net) fn poll_drain(
        &mut self,
        stream: &mut TcpStream,
        cx: &mut Context<'_>,
    ) -> Poll<io::Result<()>> {
        while !self.out.is_empty() {
            let count = ready!(Pin::new(&mut *stream).poll_write(cx, &self.out))?;
            if count == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.out.drain(..count.min(self.out.len()));
        }
        Poll::Ready(Ok(()))
    }
}
