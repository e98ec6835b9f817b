//! Deflate (RFC 1951) in its zlib wrapper (RFC 1950), with a state that is kept from one stream to the next.

use flate2::{Compress, Compression, FlushCompress, Status};

/// Deflates one stream after another.
#[derive(Debug)]
pub(crate) struct Deflater {
    state: Compress,
}

impl Deflater {
    pub(crate) fn new(level: u32) -> Self {
        Deflater { state: Compress::new(Compression::new(level), true) }
    }

    /// Appends the deflated form of `input` to `out`. It depends on `input` and the level alone.
    pub(crate) fn deflate(&mut self, input: &[u8], out: &mut Vec<u8>) {
        self.state.reset();
        // What zlib promises to stay below when it stores instead of compressing, and a little more.
        out.reserve(input.len() + input.len() / 1000 + 64);
        loop {
            let done = self.state.total_in() as usize;
            match self.state.compress_vec(&input[done..], out, FlushCompress::Finish) {
                // There is no error but misuse of a state that is private here.
                Ok(Status::StreamEnd) | Err(_) => return,
                // Not reached with room for everything; more room never hurts.
                Ok(Status::Ok | Status::BufError) => out.reserve(input.len() + 64),
            }
        }
    }
}

/// Deflates one large stream as well as is reasonable.
pub(crate) fn deflate(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    Deflater::new(6).deflate(input, &mut out);
    out
}
