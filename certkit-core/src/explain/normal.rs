//! A text as it is compared: lower case, one blank for any white space, one kind of quote, no colours.

/// A text that was made comparable, with the way back to the original.
#[derive(Debug, Default)]
pub(super) struct Normal {
    /// The comparable text.
    pub(super) bytes: Vec<u8>,
    /// Where each byte begins in the original; one more for the end.
    origin: Vec<usize>,
    /// The blanks that were ends of lines.
    breaks: Vec<usize>,
}

impl Normal {
    pub(super) fn new(text: &str) -> Normal {
        let mut normal = Normal::default();
        let mut letters = text.char_indices().peekable();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '\u{1b}' => {
                    // Colours of terminals: ESC [ ... letter.
                    if letters.next_if(|(_, next)| *next == '[').is_some() {
                        while letters.next_if(|(_, next)| !next.is_ascii_alphabetic()).is_some() {}
                        letters.next();
                    }
                }
                '\\' => match letters.peek() {
                    Some((_, '"' | '\'')) => {}
                    Some((_, 'n' | 'r' | 't')) => {
                        letters.next();
                        normal.blank(at, false);
                    }
                    _ => normal.push(at, '\\'),
                },
                '"' | '`' | '‘' | '’' | '“' | '”' | '„' | '´' | '«' | '»' => normal.push(at, '\''),
                '‐' | '‑' | '–' => normal.push(at, '-'),
                '\u{feff}' | '\u{200b}' => {}
                other if other.is_whitespace() => normal.blank(at, other == '\n'),
                other => normal.push(at, other.to_ascii_lowercase()),
            }
        }
        normal.origin.push(text.len());
        normal
    }

    fn push(&mut self, at: usize, letter: char) {
        let mut room = [0; 4];
        for byte in letter.encode_utf8(&mut room).bytes() {
            self.bytes.push(byte);
            self.origin.push(at);
        }
    }

    fn blank(&mut self, at: usize, is_break: bool) {
        if self.bytes.last() != Some(&b' ') {
            self.push(at, ' ');
        }
        let last = self.bytes.len().saturating_sub(1);
        if is_break && self.breaks.last() != Some(&last) {
            self.breaks.push(last);
        }
    }

    /// Gives the place in the original text.
    pub(super) fn origin(&self, at: usize) -> usize {
        self.origin.get(at).or(self.origin.last()).copied().unwrap_or_default()
    }

    /// Gives the end of the line in which `at` stands.
    pub(super) fn line_end(&self, at: usize) -> usize {
        let index = self.breaks.partition_point(|&place| place < at);
        self.breaks.get(index).copied().unwrap_or(self.bytes.len())
    }

    /// Gives the beginning of the line in which `at` stands.
    pub(super) fn line_start(&self, at: usize) -> usize {
        let index = self.breaks.partition_point(|&place| place < at);
        let before = index.checked_sub(1).and_then(|index| self.breaks.get(index));
        before.map_or(0, |place| place.saturating_add(1))
    }

    /// Takes the ends of lines for blanks, as in a text that was wrapped.
    pub(super) fn unwrapped(mut self) -> Normal {
        self.breaks.clear();
        self
    }

    pub(super) fn slice(&self, start: usize, end: usize) -> &[u8] {
        self.bytes.get(start..end.max(start)).unwrap_or_default()
    }
}
