//! Reads and writes the big-endian fields of handshake messages. Knows lengths, not meanings.

/// What is left of a message; every read takes from its front or gives `None`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wire<'a>(pub(super) &'a [u8]);

impl<'a> Wire<'a> {
    pub(super) fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (head, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(head)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    pub(super) fn u8(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    pub(super) fn u16(&mut self) -> Option<u16> {
        self.array().map(u16::from_be_bytes)
    }

    pub(super) fn u24(&mut self) -> Option<usize> {
        let [high, middle, low] = self.array()?;
        usize::try_from(u32::from_be_bytes([0, high, middle, low])).ok()
    }

    /// Takes a block that has its length in one byte before it.
    pub(super) fn block8(&mut self) -> Option<Wire<'a>> {
        let length = self.u8()?;
        self.take(length.into()).map(Wire)
    }

    /// Takes a block that has its length in two bytes before it.
    pub(super) fn block16(&mut self) -> Option<Wire<'a>> {
        let length = self.u16()?;
        self.take(length.into()).map(Wire)
    }

    /// Takes a block that has its length in three bytes before it.
    pub(super) fn block24(&mut self) -> Option<Wire<'a>> {
        let length = self.u24()?;
        self.take(length).map(Wire)
    }
}

/// A message of our own in the making: all its blocks are far shorter than their lengths can say.
#[derive(Debug, Default)]
pub(super) struct Out(Vec<u8>);

impl Out {
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn u8(&mut self, value: u8) {
        self.0.push(value);
    }

    pub(super) fn u16(&mut self, value: u16) {
        self.bytes(&value.to_be_bytes());
    }

    pub(super) fn block8(&mut self, block: &[u8]) {
        let [_, _, _, length] = length(block);
        self.u8(length);
        self.bytes(block);
    }

    pub(super) fn block16(&mut self, block: &[u8]) {
        let [_, _, high, low] = length(block);
        self.bytes(&[high, low]);
        self.bytes(block);
    }

    pub(super) fn block24(&mut self, block: &[u8]) {
        let [_, high, middle, low] = length(block);
        self.bytes(&[high, middle, low]);
        self.bytes(block);
    }

    /// Adds a hello extension.
    pub(super) fn extension(&mut self, kind: u16, data: &[u8]) {
        self.u16(kind);
        self.block16(data);
    }

    /// Adds a hello extension whose data is one list with a two-byte length.
    pub(super) fn list16(&mut self, kind: u16, list: &[u8]) {
        let mut data = Self::default();
        data.block16(list);
        self.extension(kind, &data.0);
    }
}

fn length(block: &[u8]) -> [u8; 4] {
    u32::try_from(block.len()).unwrap_or(u32::MAX).to_be_bytes()
}
