//! The bodies of answers.

use std::io::{self, Read};

use http_body_util::BodyExt as _;
use hyper::body::{Bytes, Incoming};
use tokio::time::timeout_at;

use super::super::http::{HttpFault, alongside};
use super::{Conversation, Open};
use crate::redaction::Redaction;

/// The body of an answer, read as it comes. What is left of it when it is dropped is not waited for.
pub struct Body<'c, 'a> {
    conversation: &'c mut Conversation<'a>,
    incoming: Incoming,
    rest: Bytes,
    is_over: bool,
}

impl<'c, 'a> Body<'c, 'a> {
    pub(super) fn new(conversation: &'c mut Conversation<'a>, incoming: Incoming) -> Body<'c, 'a> {
        Body { conversation, incoming, rest: Bytes::new(), is_over: false }
    }

    /// Reads the beginning as words, without the secret that the server was sent: at most so many octets of it.
    /// What cannot be read was not said.
    pub fn words(&mut self, limit: u64) -> String {
        let mut said = Vec::new();
        let _ = self.by_ref().take(limit).read_to_end(&mut said);
        self.conversation.redaction.hide(String::from_utf8_lossy(&said).trim()).into_owned()
    }

    /// The secrets that the server was sent.
    pub(in crate::source::net) fn redaction(&self) -> &Redaction {
        &self.conversation.redaction
    }

    /// Waits for the next piece; an empty one is the end.
    fn next(&mut self) -> io::Result<Bytes> {
        let until = self.conversation.until().map_err(io::Error::other)?;
        let Some(Open { driver, .. }) = &mut self.conversation.open else { return Ok(Bytes::new()) };
        let incoming = &mut self.incoming;
        let frame = async { timeout_at(until, alongside(driver, incoming.frame())).await };
        match self.conversation.runtime.block_on(frame) {
            Ok(None) => Ok(Bytes::new()),
            Ok(Some(frame)) => {
                let frame = frame.map_err(|error| io::Error::other(HttpFault::from(error)))?;
                // Trailers say nothing that is wanted.
                Ok(frame.into_data().unwrap_or_default())
            }
            Err(_) => Err(io::Error::other(HttpFault::TimedOut(self.conversation.silence))),
        }
    }
}

impl Read for Body<'_, '_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.rest.is_empty() && !self.is_over {
            match self.next() {
                Ok(piece) => {
                    self.is_over = piece.is_empty();
                    self.rest = piece;
                }
                Err(error) => {
                    self.is_over = true;
                    self.conversation.open = None;
                    return Err(error);
                }
            }
        }
        let count = self.rest.len().min(buffer.len());
        let piece = self.rest.split_to(count);
        buffer.iter_mut().zip(piece.iter()).for_each(|(to, from)| *to = *from);
        Ok(count)
    }
}

impl Drop for Body<'_, '_> {
    fn drop(&mut self) {
        if !self.is_over {
            // The rest of it would stand before the next answer.
            self.conversation.open = None;
        }
    }
}
