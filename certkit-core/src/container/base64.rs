//! Decodes the base64 of a block, whatever its lines look like.

use ::base64::DecodeSliceError;
use ::base64::engine::general_purpose::GeneralPurposeConfig;
use ::base64::engine::{DecodePaddingMode, Engine as _};
use memchr::{memchr, memchr2};
use zeroize::Zeroizing;

use super::reason::Base64Problem;

#[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))]
type Engine = ::base64::engine::Simd;
#[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"))))]
type Engine = ::base64::engine::GeneralPurpose;

fn engine() -> Engine {
    // What a careless writer left out or in is no reason to refuse the block: whether
    // the bytes are sound is seen by those who read them.
    let lenient = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    #[cfg(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon")))]
    return Engine::standard(lenient);
    #[cfg(not(any(target_arch = "x86_64", all(target_arch = "aarch64", target_feature = "neon"))))]
    return Engine::new(&::base64::alphabet::STANDARD, lenient);
}

/// Where base64 is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    /// Offset in the text that was given.
    pub(super) at: usize,
    pub(super) problem: Base64Problem,
}

/// Decodes blocks one after the other, with one buffer for all of them.
pub(super) struct Decoder {
    engine: Engine,
    /// The text of a block without its line breaks; it may be that of a private key.
    text: Zeroizing<Vec<u8>>,
}

impl Decoder {
    pub(super) fn new() -> Decoder {
        Decoder { engine: engine(), text: Zeroizing::default() }
    }

    /// Decodes `body`; costs one allocation.
    pub(super) fn decode(&mut self, body: &[u8]) -> Result<Vec<u8>, Fault> {
        self.text.clear();
        if self.text.capacity() < body.len() {
            // Growing in place would leave a copy behind that nobody wipes.
            self.text = Zeroizing::new(Vec::with_capacity(body.len()));
        }
        join_lines(body.trim_ascii(), &mut self.text);
        if let Ok(bytes) = self.decode_text() {
            return Ok(bytes);
        }
        self.text.clear();
        self.text.extend(kept(body).map(|(_, octet)| octet));
        self.decode_text().map_err(|_| fault(body))
    }

    fn decode_text(&self) -> Result<Vec<u8>, DecodeSliceError> {
        let padding = self.text.iter().rev().take(2).take_while(|&&octet| octet == b'=').count();
        let symbols = self.text.len().saturating_sub(padding);
        let size = (symbols / 4).saturating_mul(3).saturating_add((symbols % 4).saturating_mul(3) / 4);
        let mut bytes = Zeroizing::new(vec![0; size]);
        let written = self.engine.decode_slice(&*self.text, &mut bytes)?;
        bytes.truncate(written);
        Ok(std::mem::take(&mut *bytes))
    }
}

/// Appends the lines of `body` without their breaks and the blanks around them.
fn join_lines(body: &[u8], text: &mut Vec<u8>) {
    let mut rest = body;
    // Nearly always all lines but the last are of one length: then no break is searched for.
    let width = memchr(b'\n', body).map_or(usize::MAX, |at| at.saturating_add(1));
    for line in body.chunks_exact(width) {
        let [line @ .., b'\n'] = line else { break };
        text.extend_from_slice(line.strip_suffix(b"\r").unwrap_or(line));
        rest = rest.get(width..).unwrap_or_default();
    }
    while let Some(at) = memchr2(b'\n', b'\r', rest) {
        let (line, after) = rest.split_at_checked(at).unwrap_or((rest, &[]));
        text.extend_from_slice(line.trim_ascii());
        rest = after.get(1..).unwrap_or_default();
    }
    text.extend_from_slice(rest.trim_ascii());
}

/// Gives every character that counts with its offset.
///
/// Leaves out white space, and the `\n` and `\/` of JSON and of environment
/// variables, where a block stands in one line.
fn kept(body: &[u8]) -> impl Iterator<Item = (usize, u8)> {
    let mut before = 0;
    body.iter().enumerate().filter_map(move |(at, &octet)| {
        let escaped = std::mem::replace(&mut before, octet) == b'\\' && matches!(octet, b'n' | b'r' | b't');
        let escapes = octet == b'\\'
            && matches!(body.get(at.saturating_add(1)), Some(b'n' | b'r' | b't' | b'/' | b' ' | b'\r' | b'\n'));
        (!octet.is_ascii_whitespace() && !escaped && !escapes).then_some((at, octet))
    })
}

/// Finds the first place that is wrong; the engine, which looks at the end first, may name a later one.
fn fault(body: &[u8]) -> Fault {
    let mut padding = None;
    let mut last = 0;
    for (at, octet) in kept(body) {
        match (octet, padding) {
            (b'=', _) => padding = padding.or(Some(at)),
            (_, Some(at)) => return Fault { at, problem: Base64Problem::Padding },
            (b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/', None) => {}
            (_, None) => return Fault { at, problem: Base64Problem::Character(octet) },
        }
        last = at;
    }
    Fault { at: last, problem: Base64Problem::Length }
}
