//! The orders of a batch: where each line of the input begins and how long it is. Nothing else is kept in memory.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::Path;

/// The longest line that is handed on, in bytes: a sealed order is at most 64 KiB. Of a longer line the component gets
/// one byte more than that, and answers `LIMIT`.
const LONGEST: usize = 64 * 1024 + 1;

/// Why orders could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OrdersError {
    /// The input cannot be read.
    #[error("the orders cannot be read: {0}")]
    Read(io::Error),
    /// Standard input could not be put aside.
    #[error("the orders cannot be put aside in a temporary file: {0}")]
    Spool(io::Error),
    /// There is no order in the input.
    #[error("there are no orders in the input")]
    Empty,
}

/// Sealed orders in a file, one JSON object per line (`.sealed.jsonl`).
#[derive(Debug)]
pub struct Orders {
    file: File,
    lines: Vec<Line>,
}

#[derive(Clone, Copy, Debug)]
struct Line {
    offset: u64,
    length: u32,
}

impl Orders {
    /// Finds the orders of a file. Empty lines, a byte order mark and carriage returns are passed over.
    ///
    /// A file that cannot be read twice (a pipe) is put aside first, as it is: still sealed.
    ///
    /// # Errors
    /// [`OrdersError`].
    pub fn open(path: &Path) -> Result<Self, OrdersError> {
        let file = File::open(path).map_err(OrdersError::Read)?;
        if file.metadata().map_err(OrdersError::Read)?.is_file() {
            Self::index(file)
        } else {
            Self::spool(file)
        }
    }

    /// Puts orders from a stream aside in a temporary file without a name, still sealed.
    ///
    /// # Errors
    /// [`OrdersError`].
    pub fn spool(mut stream: impl Read) -> Result<Self, OrdersError> {
        let mut file = tempfile::tempfile().map_err(OrdersError::Spool)?;
        let mut buffer = vec![0; 64 * 1024];
        loop {
            match stream.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => file.write_all(&buffer[..count]).map_err(OrdersError::Spool)?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(OrdersError::Read(error)),
            }
        }
        file.seek(SeekFrom::Start(0)).map_err(OrdersError::Spool)?;
        Self::index(file)
    }

    fn index(file: File) -> Result<Self, OrdersError> {
        let mut lines = Vec::new();
        let mut reader = BufReader::with_capacity(256 * 1024, &file);
        let mut offset = 0;
        if reader.fill_buf().map_err(OrdersError::Read)?.starts_with(b"\xEF\xBB\xBF") {
            reader.consume(3);
            offset = 3;
        }
        let mut line = Measure::default();
        loop {
            let buffer = match reader.fill_buf() {
                Ok(buffer) => buffer,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(OrdersError::Read(error)),
            };
            if buffer.is_empty() {
                lines.extend(line.take(offset));
                break;
            }
            let end = memchr_newline(buffer);
            let piece = &buffer[..end.unwrap_or(buffer.len())];
            line.add(piece);
            let consumed = piece.len() + usize::from(end.is_some());
            if end.is_some() {
                lines.extend(line.take(offset + piece.len() as u64));
            }
            offset += consumed as u64;
            reader.consume(consumed);
        }
        if lines.is_empty() {
            return Err(OrdersError::Empty);
        }
        Ok(Orders { file, lines })
    }

    /// How many orders there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Always `false`: an input without orders is an error.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// Reads orders, counted from 0 and in any order, into `buffer` and answers where in it each of them is.
    ///
    /// # Errors
    /// If the file has become shorter or cannot be read; `InvalidInput` if there is no such order.
    pub fn read(
        &self,
        orders: impl IntoIterator<Item = usize>,
        buffer: &mut Vec<u8>,
    ) -> io::Result<Vec<Range<usize>>> {
        buffer.clear();
        let orders = orders.into_iter();
        let mut places = Vec::with_capacity(orders.size_hint().0);
        for order in orders {
            let line = self.lines.get(order).ok_or(io::ErrorKind::InvalidInput)?;
            let start = buffer.len();
            buffer.resize(start + line.length as usize, 0);
            read_exact_at(&self.file, &mut buffer[start..], line.offset)?;
            places.push(start..buffer.len());
        }
        Ok(places)
    }
}

/// Fills the buffer from this place of a file; several threads may do so at once.
#[cfg(unix)]
fn read_exact_at(file: &File, buffer: &mut [u8], offset: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, buffer, offset)
}

/// As above. The place moves with each read, and nobody relies on it.
#[cfg(windows)]
fn read_exact_at(file: &File, mut buffer: &mut [u8], mut offset: u64) -> io::Result<()> {
    while !buffer.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, buffer, offset)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => (buffer, offset) = (&mut buffer[count..], offset + count as u64),
        }
    }
    Ok(())
}

/// The line that is being read: its length, and its last byte in case that is a carriage return.
#[derive(Default)]
struct Measure {
    length: u64,
    last: u8,
    filled: bool,
}

impl Measure {
    fn add(&mut self, piece: &[u8]) {
        self.length += piece.len() as u64;
        self.last = piece.last().copied().unwrap_or(self.last);
        self.filled |= piece.iter().any(|byte| !byte.is_ascii_whitespace());
    }

    /// Ends the line, whose end in the file is `end`.
    fn take(&mut self, end: u64) -> Option<Line> {
        let Measure { length, last, filled } = std::mem::take(self);
        let offset = end - length;
        let length = length - u64::from(last == b'\r');
        filled.then(|| Line { offset, length: length.min(LONGEST as u64) as u32 })
    }
}

fn memchr_newline(buffer: &[u8]) -> Option<usize> {
    buffer.iter().position(|&byte| byte == b'\n')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(input: &[u8]) -> Vec<String> {
        let orders = Orders::spool(input).unwrap();
        let mut buffer = Vec::new();
        let places = orders.read(0..orders.len(), &mut buffer).unwrap();
        places.into_iter().map(|place| String::from_utf8(buffer[place].to_vec()).unwrap()).collect()
    }

    #[test]
    fn lines_are_found_however_they_end() {
        assert_eq!(texts(b"one\ntwo\n"), ["one", "two"]);
        assert_eq!(texts(b"one\r\n\r\n  \ntwo"), ["one", "two"]);
        assert_eq!(texts(b"\xEF\xBB\xBFone"), ["one"]);
        let long = [vec![b'x'; 300_000], b"\nlast".to_vec()].concat();
        assert_eq!(texts(&long).iter().map(String::len).collect::<Vec<_>>(), [LONGEST, 4]);
    }

    #[test]
    fn orders_are_read_in_any_order() {
        let orders = Orders::spool(&b"one\ntwo\nthree\n"[..]).unwrap();
        let mut buffer = b"of before".to_vec();
        let places = orders.read([2, 0, 2], &mut buffer).unwrap();
        let texts: Vec<_> = places.into_iter().map(|place| &buffer[place]).collect();
        assert_eq!(texts, [&b"three"[..], b"one", b"three"]);
        assert_eq!(orders.read([1, 3], &mut Vec::new()).unwrap_err().kind(), io::ErrorKind::InvalidInput);
    }

    #[test]
    fn no_orders_is_an_error() {
        assert!(matches!(Orders::spool(&b""[..]), Err(OrdersError::Empty)));
        assert!(matches!(Orders::spool(&b"\n \r\n"[..]), Err(OrdersError::Empty)));
    }
}
