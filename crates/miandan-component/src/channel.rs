//! The pipe to the host, as frames in lock step.

use std::io;

use miandan_core::pipe::{self, Answer, MAX_REQUEST, PipeError};

use crate::sandbox;

/// The pipe.
pub(crate) struct Channel {
    stream: sandbox::Pipe,
}

impl Channel {
    /// Takes the pipe from standard input.
    pub(crate) fn take() -> io::Result<Self> {
        sandbox::take_channel().map(|stream| Channel { stream })
    }

    /// Waits for a request and answers its kind and body.
    pub(crate) fn read<'b>(&mut self, buffer: &'b mut Vec<u8>) -> Result<(u8, &'b [u8]), PipeError> {
        pipe::read_frame(&mut self.stream, buffer, MAX_REQUEST)
    }

    /// Sends a frame.
    pub(crate) fn write(&mut self, frame: &[u8]) -> Result<(), PipeError> {
        pipe::write_frame(&mut self.stream, frame)
    }

    /// Says something to whoever tests the sandbox.
    #[cfg(feature = "attacks")]
    pub(crate) fn say(&mut self, words: &[u8]) {
        io::Write::write_all(&mut self.stream, words).expect("the test listens");
    }

    /// Waits until the other side ends, whatever signals come meanwhile.
    #[cfg(feature = "attacks")]
    pub(crate) fn wait(&mut self) {
        let _ = io::Read::read_exact(&mut self.stream, &mut [0]);
    }

    /// Encodes an answer and sends it.
    pub(crate) fn answer(&mut self, answer: &Answer<'_>) -> Result<(), PipeError> {
        let mut frame = Vec::new();
        answer.encode(&mut frame);
        self.write(&frame)
    }
}
