//! Looks at the members of a store on all processors, and gives the answers in their order.

use std::mem;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;

use crate::store::{Member, StoreError};

/// How many members are handed over at a time.
const BLOCK: usize = 256;

/// How many blocks may wait for each thread.
const AHEAD: usize = 2;

/// Hands what `visit` gives to `look` in blocks, which are dealt to the threads in turn.
pub(super) fn examine<T: Send>(
    look: &(dyn Fn(Vec<Member>) -> Vec<T> + Sync),
    visit: impl FnOnce(&mut dyn FnMut(Member)) -> Result<(), StoreError>,
) -> Result<Vec<T>, StoreError> {
    let threads = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    thread::scope(|scope| {
        let mut senders: Vec<SyncSender<Vec<Member>>> = Vec::with_capacity(threads);
        let mut workers = Vec::with_capacity(threads);
        for _ in 0..threads {
            let (sender, receiver): (_, Receiver<Vec<Member>>) = sync_channel(AHEAD);
            senders.push(sender);
            workers.push(scope.spawn(move || receiver.iter().map(look).collect::<Vec<Vec<T>>>()));
        }
        let mut turn = senders.iter().cycle();
        let mut block = Vec::with_capacity(BLOCK);
        let mut hand_over = |block: Vec<Member>| {
            // A thread ends early only by a panic, which the scope hands on.
            turn.next().map(|sender| sender.send(block))
        };
        let visited = visit(&mut |member| {
            block.push(member);
            if block.len() >= BLOCK {
                hand_over(mem::replace(&mut block, Vec::with_capacity(BLOCK)));
            }
        });
        hand_over(block);
        drop(senders);
        let answers: Vec<Vec<Vec<T>>> = workers.into_iter().filter_map(|worker| worker.join().ok()).collect();
        visited.map(|()| in_turn(answers))
    })
}

/// Takes one block of each thread after the other.
fn in_turn<T>(answers: Vec<Vec<Vec<T>>>) -> Vec<T> {
    let mut all = Vec::with_capacity(answers.iter().flatten().map(Vec::len).sum());
    let mut rows: Vec<_> = answers.into_iter().map(Vec::into_iter).collect();
    loop {
        let before = all.len();
        let mut has_more = false;
        for row in &mut rows {
            if let Some(block) = row.next() {
                has_more = true;
                all.extend(block);
            }
        }
        if !has_more && all.len() == before {
            return all;
        }
    }
}
