//! Event logs of Windows in their own form (EVTX): their events as XML.
//!
//! A file is a header and chunks of one size, each of which can be read without the others: they are taken as they come.

use std::sync::Arc;

use ::evtx::{EvtxChunkData, ParserSettings};

/// How such a file begins.
const MAGIC: &[u8] = b"ElfFile\0";

/// The length of the header, in bytes.
const HEADER: usize = 4096;

/// The length of a chunk, in bytes.
const CHUNK: usize = 1 << 16;

/// Says whether a file that begins so is an event log of Windows in its own form.
pub fn is_evtx(start: &[u8]) -> bool {
    start.starts_with(MAGIC)
}

/// An event log that comes piece by piece. Memory is bounded by the events of a chunk.
#[derive(Debug)]
pub(super) struct Evtx {
    /// Bytes of the header or of a chunk that has not come whole.
    rest: Vec<u8>,
    is_in_header: bool,
    settings: Arc<ParserSettings>,
    /// How many events and chunks could not be read.
    pub(super) damaged: u64,
}

impl Evtx {
    pub(super) fn new() -> Evtx {
        let settings = Arc::new(ParserSettings::new().indent(false));
        Evtx { rest: Vec::new(), is_in_header: true, settings, damaged: 0 }
    }

    /// Appends the events of the chunks that these bytes complete.
    pub(super) fn push(&mut self, mut bytes: &[u8], xml: &mut Vec<u8>) {
        while !bytes.is_empty() {
            let length = if self.is_in_header { HEADER } else { CHUNK };
            let missing = length.saturating_sub(self.rest.len()).min(bytes.len());
            let (piece, behind) = bytes.split_at_checked(missing).unwrap_or((bytes, &[]));
            self.rest.extend_from_slice(piece);
            bytes = behind;
            if self.rest.len() == length {
                let whole = std::mem::take(&mut self.rest);
                if !std::mem::take(&mut self.is_in_header) {
                    self.chunk(whole, xml);
                }
            }
        }
    }

    /// Says that nothing follows: what is left is no chunk.
    pub(super) fn end(&mut self) {
        if std::mem::take(&mut self.rest).iter().any(|byte| *byte != 0) {
            self.damage();
        }
    }

    fn chunk(&mut self, bytes: Vec<u8>, xml: &mut Vec<u8>) {
        // Room for chunks to come.
        if bytes.iter().all(|byte| *byte == 0) {
            return;
        }
        // A file that was copied while Windows had it open has sums of another time.
        let Ok(mut data) = EvtxChunkData::new(bytes, false) else { return self.damage() };
        let Ok(mut chunk) = data.parse(Arc::clone(&self.settings)) else { return self.damage() };
        for event in chunk.iter() {
            match event.and_then(::evtx::EvtxRecord::into_xml_bytes) {
                Ok(event) => xml.extend_from_slice(&event.data),
                Err(_) => self.damage(),
            }
        }
    }

    fn damage(&mut self) {
        self.damaged = self.damaged.saturating_add(1);
    }
}
