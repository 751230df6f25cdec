//! Reads PEM bundles of any size in constant memory.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use zeroize::Zeroizing;

use super::item::Block;
use super::opened::Means;
use super::passwords::Passwords;
use super::scan::{After, Scanner, Step};
use super::utf16::{Layout, Utf16};

/// The least that is read at once; more for long blocks, so that none is scanned too often.
const CHUNK: usize = 256 * 1024;

/// Yields what stands in a PEM bundle, one after the other.
///
/// Holds one block at a time: the text of one is at most 24 MiB, of a revocation list or
/// a PKCS#7 bundle 96 MiB; what is longer is skipped. Text between blocks is of any length.
/// Finds nothing in data that is not PEM; [`read`](super::read) takes every form, from
/// memory. An error of `R` comes after all that was read before it, and is the last.
pub struct Blocks<R> {
    reader: R,
    chunk: usize,
    input: Input,
    text: Text,
    /// The text that is being looked at; it may be that of a private key.
    window: Zeroizing<Vec<u8>>,
    /// How much of the window is done with.
    done: usize,
    found: VecDeque<Block>,
}

/// What the reader has left.
enum Input {
    /// Perhaps more.
    Open,
    /// Nothing; the window is the last.
    Closed,
    /// Nothing, because of an error that was not yet told.
    Failed(io::Error),
    /// Nothing, and everything was told.
    Ended,
}

/// How the bytes of the reader are text.
enum Text {
    /// Too little was read to know.
    Unknown,
    /// As they are.
    Narrow(Scanner<'static>),
    /// In pairs; of the last one, the first half may have come alone.
    Utf16 { scanner: Scanner<'static>, order: Utf16, odd: Option<u8> },
}

impl<R: BufRead> Blocks<R> {
    /// Starts at the reader's present position, which counts as byte 0 and line 1.
    pub fn new(reader: R) -> Blocks<R> {
        Blocks::in_chunks(reader, CHUNK)
    }

    /// Reads at least `chunk` bytes at a time.
    pub(super) fn in_chunks(reader: R, chunk: usize) -> Blocks<R> {
        Blocks {
            reader,
            chunk,
            input: Input::Open,
            text: Text::Unknown,
            window: Zeroizing::default(),
            done: 0,
            found: VecDeque::new(),
        }
    }

    /// Replaces what is done with by more text: as much again as is left, or one chunk.
    fn refill(&mut self) {
        let length = self.window.len();
        self.window.copy_within(self.done.min(length).., 0);
        self.window.truncate(length.saturating_sub(self.done));
        self.done = 0;
        let needed = self.window.len().saturating_add(self.window.len().max(self.chunk));
        if self.window.capacity() < needed {
            // Growing in place would leave a copy behind that nobody wipes.
            let mut larger = Zeroizing::new(Vec::with_capacity(needed));
            larger.extend_from_slice(&self.window);
            self.window = larger;
        }
        while self.window.len() < needed {
            let chunk = match self.reader.fill_buf() {
                Ok([]) => {
                    self.input = Input::Closed;
                    return;
                }
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => {
                    self.input = Input::Failed(error);
                    return;
                }
            };
            let room = needed.saturating_sub(self.window.len());
            let piece = chunk.get(..room).unwrap_or(chunk);
            let taken = piece.len();
            self.text.append(piece, &mut self.window);
            self.reader.consume(taken);
        }
    }
}

impl Text {
    fn append(&mut self, mut piece: &[u8], window: &mut Vec<u8>) {
        match self {
            Text::Narrow(_) => window.extend_from_slice(piece),
            Text::Unknown => {
                window.extend_from_slice(piece);
                if window.len() < 2 {
                    return;
                }
                match Utf16::of(window) {
                    None => *self = Text::Narrow(Scanner::new(Layout::NARROW, Means::for_file(Passwords::NONE))),
                    Some(order) => {
                        *self = Text::Utf16 {
                            scanner: Scanner::new(Layout::WIDE, Means::for_file(Passwords::NONE)),
                            order,
                            odd: None,
                        };
                        let bytes = Zeroizing::new(window.split_off(2));
                        window.clear();
                        self.append(&bytes, window);
                    }
                }
            }
            Text::Utf16 { order, odd, .. } => {
                if let (Some(first), [second, rest @ ..]) = (*odd, piece) {
                    order.narrow(&[first, *second], window);
                    (*odd, piece) = (None, rest);
                }
                if let (false, [.., last]) = (piece.len().is_multiple_of(2), piece) {
                    *odd = Some(*last);
                }
                order.narrow(piece, window);
            }
        }
    }
}

impl<R: BufRead> Iterator for Blocks<R> {
    type Item = io::Result<Block>;

    fn next(&mut self) -> Option<io::Result<Block>> {
        loop {
            if let Some(block) = self.found.pop_front() {
                return Some(Ok(block));
            }
            let after = match self.input {
                Input::Open | Input::Failed(_) => After::More,
                Input::Closed => After::Nothing,
                Input::Ended => return None,
            };
            if let Text::Narrow(scanner) | Text::Utf16 { scanner, .. } = &mut self.text {
                let window = self.window.get(self.done..).unwrap_or_default();
                let step = scanner.step(window, after, &mut self.found);
                let (Step::Block(length) | Step::Starved(length)) = step;
                self.done = self.done.saturating_add(length);
                if let Step::Block(_) = step {
                    continue;
                }
            }
            match std::mem::replace(&mut self.input, Input::Ended) {
                Input::Open => {
                    self.input = Input::Open;
                    self.refill();
                }
                Input::Failed(error) => return Some(Err(error)),
                Input::Closed | Input::Ended => return None,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read as _};

    use super::*;

    #[test]
    fn memory_is_bounded_whatever_comes() {
        const MIB: usize = 1024 * 1024;
        for start in ["", "-----BEGIN CERTIFICATE-----\n", "-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE"] {
            let endless = start.as_bytes().chain(io::repeat(b'A').take(100 * MIB as u64));
            let mut blocks = Blocks::new(BufReader::new(endless));
            let mut most = 0;
            while let Some(block) = blocks.next() {
                assert!(matches!(block, Ok(Block::Skipped(_))), "{block:?}");
                most = most.max(blocks.window.capacity());
            }
            assert!(most.max(blocks.window.capacity()) <= 2 * 24 * MIB + 2 * CHUNK, "{most}");
        }
    }
}
