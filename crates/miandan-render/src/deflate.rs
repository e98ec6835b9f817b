//! Deflate (RFC 1951) in its zlib wrapper (RFC 1950), with a state that is kept from one stream to the next.

use libdeflater::{CompressionLvl, Compressor};

/// Deflates one stream after another.
pub(crate) struct Deflater {
    state: Compressor,
}

/// How hard deflate tries. Measured on pages and on pictures (`docs/performance.md`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// For what is made for every label.
    Label,
    /// For what is made once a document.
    Document,
}

impl Deflater {
    pub(crate) fn new(effort: Effort) -> Self {
        let level = match effort {
            Effort::Label => 1,
            Effort::Document => 6,
        };
        Deflater { state: Compressor::new(CompressionLvl::new(level).unwrap_or_default()) }
    }

    /// Appends the deflated form of `input` to `out`. It depends on `input` and the effort alone.
    pub(crate) fn deflate(&mut self, input: &[u8], out: &mut Vec<u8>) {
        let start = out.len();
        out.resize(start + self.state.zlib_compress_bound(input.len()), 0);
        // There is no error but too little room, and there is the room that was asked for.
        let length = self.state.zlib_compress(input, &mut out[start..]).unwrap_or(0);
        out.truncate(start + length);
    }
}

impl std::fmt::Debug for Deflater {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Deflater").finish_non_exhaustive()
    }
}

/// Deflates one large stream as well as is reasonable.
pub(crate) fn deflate(input: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    Deflater::new(Effort::Document).deflate(input, &mut out);
    out
}
