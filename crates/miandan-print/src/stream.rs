//! The host's end of the pipe to a component: bytes both ways, and a limit to how long one waits for them.

#[cfg(unix)]
pub(crate) use std::os::unix::net::UnixStream as Stream;

#[cfg(windows)]
pub(crate) use windows::Stream;

/// Two pipes in the place of a socket pair. *Not run yet*: compiled by `.ci/other-systems` only.
///
/// Pipes of this system cannot be read with a time limit, so a thread reads and another one writes. Both end when the
/// component does, since its ends of the pipes are closed then.
#[cfg(windows)]
mod windows {
    use std::io::{self, Read, Write};
    use std::process::{ChildStdin, ChildStdout};
    use std::sync::Mutex;
    use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
    use std::thread;
    use std::time::Duration;

    /// What a thread hands over at a time, in bytes.
    const PIECE: usize = 1 << 16;

    #[derive(Debug)]
    pub(crate) struct Stream {
        requests: Sender<Vec<u8>>,
        answers: Receiver<Vec<u8>>,
        /// The piece that is being read, and how much of it has been.
        piece: (Vec<u8>, usize),
        /// Behind a lock, because the limit of a socket can be set through a shared reference too.
        patience: Mutex<Option<Duration>>,
    }

    impl Stream {
        pub(crate) fn new(requests: Option<ChildStdin>, answers: Option<ChildStdout>) -> io::Result<Self> {
            let (Some(mut to), Some(mut from)) = (requests, answers) else {
                return Err(io::ErrorKind::BrokenPipe.into());
            };
            let (requests, to_write) = mpsc::channel::<Vec<u8>>();
            // One piece ahead and no more: a component that answers without end fills the pipe, not the memory.
            let (read, answers) = mpsc::sync_channel(1);
            thread::Builder::new().name("requests".to_owned()).spawn(move || {
                while let Ok(piece) = to_write.recv() {
                    if to.write_all(&piece).is_err() {
                        return;
                    }
                }
            })?;
            thread::Builder::new().name("answers".to_owned()).spawn(move || {
                loop {
                    let mut piece = vec![0; PIECE];
                    match from.read(&mut piece) {
                        Ok(count @ 1..) => piece.truncate(count),
                        _ => return,
                    }
                    if read.send(piece).is_err() {
                        return;
                    }
                }
            })?;
            Ok(Stream { requests, answers, piece: (Vec::new(), 0), patience: Mutex::new(None) })
        }

        pub(crate) fn set_read_timeout(&self, patience: Option<Duration>) -> io::Result<()> {
            *self.patience.lock().map_err(|_| io::ErrorKind::Other)? = patience;
            Ok(())
        }

        /// Nothing to limit: writing never waits. A request that a component does not read is one that it does not
        /// answer, and that is limited.
        #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as a socket has it")]
        pub(crate) fn set_write_timeout(&self, _patience: Option<Duration>) -> io::Result<()> {
            Ok(())
        }

        fn wait(&mut self) -> io::Result<Vec<u8>> {
            let patience = *self.patience.lock().map_err(|_| io::ErrorKind::Other)?;
            match patience {
                None => self.answers.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(patience) => self.answers.recv_timeout(patience),
            }
            .or_else(|error| match error {
                RecvTimeoutError::Timeout => Err(io::ErrorKind::TimedOut.into()),
                RecvTimeoutError::Disconnected => Ok(Vec::new()),
            })
        }
    }

    impl Read for Stream {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.piece.1 == self.piece.0.len() {
                self.piece = (self.wait()?, 0);
            }
            let (piece, begun) = &mut self.piece;
            let count = buffer.len().min(piece.len() - *begun);
            buffer[..count].copy_from_slice(&piece[*begun..*begun + count]);
            *begun += count;
            Ok(count)
        }
    }

    impl Write for Stream {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.requests.send(bytes.to_vec()).map_err(|_| io::ErrorKind::BrokenPipe)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
}
