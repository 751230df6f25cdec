//! Reads many files on all processors, and gives them in their order.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::container::Passwords;
use crate::source::file::{self, Visited};

/// How many files are read at a time by one thread.
const BLOCK: usize = 64;

/// How many blocks may wait for their turn, for each thread.
const AHEAD: usize = 4;

/// Reads these files; holds no more than some hundreds of them at a time.
///
/// Blocks are dealt to the threads in turn, so that they are collected in turn as well.
pub(super) fn read_all(paths: &[PathBuf], passwords: Passwords<'_>, each: &mut dyn FnMut(Visited)) {
    let blocks: Vec<&[PathBuf]> = paths.chunks(BLOCK).collect();
    // One more than there are processors, since each waits for its disk now and then.
    let processors = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    let threads = blocks.len().min(processors.saturating_add(1));
    if threads < 2 {
        paths.iter().for_each(|path| each(file::visit_with(path.clone(), passwords)));
        return;
    }
    thread::scope(|scope| {
        let mut readers: Vec<Receiver<Vec<Visited>>> = Vec::with_capacity(threads);
        for first in 0..threads {
            let (sender, receiver) = sync_channel(AHEAD);
            let mine = blocks.iter().skip(first).step_by(threads);
            scope.spawn(move || read_blocks(mine, passwords, &sender));
            readers.push(receiver);
        }
        for reader in readers.iter().cycle().take(blocks.len()) {
            // A reader ends early only by a panic, which the scope hands on.
            reader.recv().into_iter().flatten().for_each(&mut *each);
        }
    });
}

fn read_blocks<'a>(
    blocks: impl Iterator<Item = &'a &'a [PathBuf]>,
    passwords: Passwords<'_>,
    sender: &SyncSender<Vec<Visited>>,
) {
    for block in blocks {
        let read = block.iter().map(|path| file::visit_with(path.clone(), passwords)).collect();
        if sender.send(read).is_err() {
            return;
        }
    }
}
