//! Logs that are packed with gzip.

use std::io::{self, Read};

use flate2::bufread::MultiGzDecoder;

/// How a file begins that is packed with gzip.
const GZIP: &[u8] = &[0x1f, 0x8b];

/// How much is read ahead, in bytes.
const BLOCK: usize = 1 << 20;

/// Gives what a stream says, unpacked where it is packed with gzip.
pub fn unpacked(mut stream: impl Read + Send + 'static) -> io::Result<Box<dyn Read + Send>> {
    let mut start = Vec::new();
    while start.len() < GZIP.len() {
        let mut byte = [0];
        match stream.read(&mut byte) {
            Ok(0) => break,
            Ok(_) => start.extend_from_slice(&byte),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    let is_packed = start == GZIP;
    let whole = io::Cursor::new(start).chain(stream);
    Ok(if is_packed {
        Box::new(MultiGzDecoder::new(io::BufReader::with_capacity(BLOCK, whole)))
    } else {
        Box::new(whole)
    })
}
