//! Whole frames, within a time: what is read of a host before anything is made of it.
//!
//! A host that says how long its frame is and sends nothing costs no memory; one that sends a byte now and then gets no
//! more time than one that sends everything at once; one that does not read its answers is left alone after a while.

use std::io::{self, Read, Write};
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

/// How much is read at a time.
const PIECE: usize = 64 << 10;

/// Why there is no frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// The other side closed the stream between two frames.
    Closed,
    /// It ended inside a frame, or the stream failed.
    Broken,
    /// It took too long.
    Slow,
    /// The frame is empty, or longer than it may be.
    Length,
}

/// Reads one frame, length and kind in front, into `frame`. It must begin within `idle`, and end within `patience` after
/// that.
pub(super) fn receive(
    stream: &UnixStream,
    frame: &mut Vec<u8>,
    idle: Duration,
    patience: Duration,
    limit: usize,
) -> Result<(), End> {
    frame.clear();
    let mut header = [0; 4];
    let mut filled = match read(stream, &mut header, Instant::now() + idle)? {
        0 => return Err(End::Closed),
        count => count,
    };
    let until = Instant::now() + patience;
    while filled < header.len() {
        match read(stream, &mut header[filled..], until)? {
            0 => return Err(End::Broken),
            count => filled += count,
        }
    }
    let length = u32::from_le_bytes(header) as usize;
    if length == 0 || length > limit {
        return Err(End::Length);
    }
    frame.extend_from_slice(&header);
    let whole = header.len() + length;
    while frame.len() < whole {
        let start = frame.len();
        frame.resize(whole.min(start + PIECE), 0);
        match read(stream, &mut frame[start..], until)? {
            0 => return Err(End::Broken),
            count => frame.truncate(start + count),
        }
    }
    Ok(())
}

/// Writes a frame within a time.
pub(super) fn send(stream: &UnixStream, frame: &[u8], patience: Duration) -> Result<(), End> {
    let until = Instant::now() + patience;
    let mut rest = frame;
    while !rest.is_empty() {
        stream.set_write_timeout(Some(left(until)?)).map_err(|_| End::Broken)?;
        match (&mut &*stream).write(rest) {
            Ok(0) => return Err(End::Broken),
            Ok(count) => rest = &rest[count..],
            Err(error) => again(&error)?,
        }
    }
    Ok(())
}

fn read(stream: &UnixStream, buffer: &mut [u8], until: Instant) -> Result<usize, End> {
    loop {
        stream.set_read_timeout(Some(left(until)?)).map_err(|_| End::Broken)?;
        match (&mut &*stream).read(buffer) {
            Ok(count) => return Ok(count),
            Err(error) => again(&error)?,
        }
    }
}

fn left(until: Instant) -> Result<Duration, End> {
    let left = until.saturating_duration_since(Instant::now());
    if left.is_zero() { Err(End::Slow) } else { Ok(left) }
}

/// Whether a call is worth repeating.
fn again(error: &io::Error) -> Result<(), End> {
    match error.kind() {
        io::ErrorKind::Interrupted => Ok(()),
        io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => Err(End::Slow),
        _ => Err(End::Broken),
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    const LONG: Duration = Duration::from_secs(20);
    const SHORT: Duration = Duration::from_millis(60);

    fn told(bytes: &[u8], close: bool) -> (Result<(), End>, Vec<u8>) {
        let (ours, theirs) = UnixStream::pair().unwrap();
        (&mut &theirs).write_all(bytes).unwrap();
        let kept = (!close).then_some(theirs);
        let mut frame = vec![9; 3];
        let received = receive(&ours, &mut frame, SHORT, SHORT, 1000);
        drop(kept);
        (received, frame)
    }

    #[test]
    fn a_frame_is_read_whole() {
        assert_eq!(told(&[2, 0, 0, 0, 7, 8, 1, 0], true), (Ok(()), vec![2, 0, 0, 0, 7, 8]));
        let (ours, theirs) = UnixStream::pair().unwrap();
        let mut large = 200_000_u32.to_le_bytes().to_vec();
        large.resize(200_004, 5);
        let sent = large.clone();
        let sender = thread::spawn(move || send(&theirs, &sent, LONG));
        let mut frame = Vec::new();
        assert_eq!(receive(&ours, &mut frame, LONG, LONG, 1 << 20), Ok(()));
        assert_eq!((frame, sender.join().unwrap()), (large, Ok(())));
    }

    #[test]
    fn what_is_no_frame_is_told_apart() {
        for (bytes, close, end) in [
            (&[][..], true, End::Closed),
            (&[], false, End::Slow),
            (&[2, 0], true, End::Broken),
            (&[2, 0], false, End::Slow),
            (&[2, 0, 0, 0, 7], true, End::Broken),
            (&[2, 0, 0, 0, 7], false, End::Slow),
            (&[0, 0, 0, 0], false, End::Length),
            (&[0xe9, 3, 0, 0], false, End::Length),
        ] {
            assert_eq!(told(bytes, close).0, Err(end), "{bytes:?} {close}");
        }
    }

    #[test]
    fn a_length_that_is_claimed_reserves_nothing() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        (&mut &theirs).write_all(&(8_u32 << 20).to_le_bytes()).unwrap();
        let mut frame = Vec::new();
        assert_eq!(receive(&ours, &mut frame, SHORT, SHORT, 8 << 20), Err(End::Slow));
        assert!(frame.capacity() <= 2 * PIECE, "{}", frame.capacity());
    }

    #[test]
    fn dribbling_buys_no_time() {
        let (ours, theirs) = UnixStream::pair().unwrap();
        let dribble = thread::spawn(move || {
            let bytes = [100, 0, 0, 0].into_iter().chain(std::iter::repeat(1));
            bytes
                .take_while(|&byte| {
                    thread::sleep(SHORT / 6);
                    (&mut &theirs).write_all(&[byte]).is_ok()
                })
                .count()
        });
        let mut frame = Vec::new();
        assert_eq!(receive(&ours, &mut frame, LONG, SHORT, 1000), Err(End::Slow));
        drop(ours);
        assert!(dribble.join().unwrap() < 100);
    }

    #[test]
    fn who_does_not_read_is_given_up() {
        let (ours, _theirs) = UnixStream::pair().unwrap();
        assert_eq!(send(&ours, &vec![0; 16 << 20], SHORT), Err(End::Slow));
    }
}
