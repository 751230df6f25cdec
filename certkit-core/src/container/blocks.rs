//! Reads PEM bundles of any size in constant memory.

use std::collections::VecDeque;
use std::io::{self, BufRead};

use zeroize::Zeroizing;

use super::item::Block;
use super::scan::{After, Scanner, Step};
use super::wide::{Layout, Wide};

/// The least that is read at once; more for long blocks, so that none is scanned too often.
const CHUNK: usize = 256 * 1024;

/// Yields what stands in a PEM bundle, one after the other.
///
/// Holds one block at a time: at most 24 MiB of text, 96 MiB for a revocation list or
/// a PKCS#7 bundle; what is longer is skipped. Text between blocks is of any length. Finds
/// nothing in data that is not PEM; [`read`](super::read) takes every form, from memory.
/// Ends after the first error of `R`.
pub struct Blocks<R> {
    reader: R,
    /// The text that is being looked at; it may be that of a private key.
    window: Zeroizing<Vec<u8>>,
    /// How much of the window is done with.
    done: usize,
    after: After,
    text: Text,
    found: VecDeque<Block>,
}

/// How the bytes of the reader are text.
enum Text {
    /// Nothing was read yet.
    Unknown,
    /// As they are.
    Narrow(Scanner),
    /// In pairs; the last one may have been cut.
    Wide { scanner: Scanner, order: Wide, odd: Option<u8> },
}

impl<R: BufRead> Blocks<R> {
    /// Starts at the reader's present position, which counts as byte 0 and line 1.
    pub fn new(reader: R) -> Blocks<R> {
        Blocks {
            reader,
            window: Zeroizing::default(),
            done: 0,
            after: After::More,
            text: Text::Unknown,
            found: VecDeque::new(),
        }
    }

    /// Replaces what is done with by more text, up to as much again as is left.
    fn refill(&mut self) -> io::Result<()> {
        let length = self.window.len();
        self.window.copy_within(self.done.min(length).., 0);
        self.window.truncate(length.saturating_sub(self.done));
        self.done = 0;
        let wanted = self.window.len().max(CHUNK);
        let needed = self.window.len().saturating_add(wanted);
        if self.window.capacity() < needed {
            // Growing in place would leave a copy behind that nobody wipes.
            let mut larger = Zeroizing::new(Vec::with_capacity(needed));
            larger.extend_from_slice(&self.window);
            self.window = larger;
        }
        while self.window.len() < needed {
            let chunk = match self.reader.fill_buf() {
                Ok([]) => {
                    self.after = After::Nothing;
                    return Ok(());
                }
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            let room = needed.saturating_sub(self.window.len());
            let piece = chunk.get(..room).unwrap_or(chunk);
            let taken = piece.len();
            self.text.append(piece, &mut self.window);
            self.reader.consume(taken);
        }
        Ok(())
    }
}

impl Text {
    fn append(&mut self, mut piece: &[u8], window: &mut Vec<u8>) {
        if let Text::Unknown = self {
            *self = match Wide::of(piece) {
                Some(order) => {
                    piece = piece.get(2..).unwrap_or_default();
                    Text::Wide { scanner: Scanner::new(Layout::WIDE), order, odd: None }
                }
                None => Text::Narrow(Scanner::new(Layout::NARROW)),
            };
        }
        match self {
            Text::Wide { order, odd, .. } => {
                if let (Some(first), [second, rest @ ..]) = (*odd, piece) {
                    order.narrow(&[first, *second], window);
                    (*odd, piece) = (None, rest);
                }
                if let (false, [.., last]) = (piece.len().is_multiple_of(2), piece) {
                    *odd = Some(*last);
                }
                order.narrow(piece, window);
            }
            Text::Unknown | Text::Narrow(_) => window.extend_from_slice(piece),
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
            let (Text::Narrow(scanner) | Text::Wide { scanner, .. }) = &mut self.text else {
                match self.after {
                    After::Nothing => return None,
                    After::More => {}
                }
                if let Err(error) = self.refill() {
                    self.after = After::Nothing;
                    return Some(Err(error));
                }
                continue;
            };
            let window = self.window.get(self.done..).unwrap_or_default();
            match scanner.step(window, self.after, &mut self.found) {
                Step::Block(length) => self.done = self.done.saturating_add(length),
                Step::Starved(length) => {
                    self.done = self.done.saturating_add(length);
                    if self.after == After::Nothing {
                        return None;
                    }
                    if let Err(error) = self.refill() {
                        self.after = After::Nothing;
                        self.window.clear();
                        self.done = 0;
                        return Some(Err(error));
                    }
                }
            }
        }
    }
}
