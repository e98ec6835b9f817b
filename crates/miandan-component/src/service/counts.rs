//! How often an order was printed, for those whose issuer has signed a limit.
//!
//! A print counts when the label is about to leave for the host, and is on the disk before it does: a label that was lost
//! on its way counts, one that was printed always does. An order is forgotten once it would be refused as expired.
//!
//! The file is text: a first line with its version, then `ORDER UNTIL PRINTS` for each print or, after it was put in
//! order at a start, for each order. A last line without its end is that of a print that never left.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use miandan_core::Code;
use miandan_core::pipe::PrintLimit;

const VERSION: &str = "miandan-counts-1";

/// Lines that are added before the file is put in order again.
const ADDED: usize = 100_000;

/// The counts, in memory and on the disk.
#[derive(Debug)]
pub(super) struct Counts {
    path: PathBuf,
    file: File,
    /// Where the next line goes.
    length: u64,
    added: usize,
    orders: HashMap<[u8; 32], Count>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Count {
    until: u64,
    prints: u32,
}

impl Counts {
    /// Reads the counts and puts them in order.
    ///
    /// # Errors
    /// Of the file; `InvalidData` if it is none of ours. It is then better to ask a person than to begin anew, since
    /// every limit would begin anew.
    pub(super) fn open(path: &Path, now: u64) -> io::Result<Self> {
        let orders = match fs::read_to_string(path) {
            Ok(text) => parse(&text).ok_or(io::ErrorKind::InvalidData)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => HashMap::new(),
            Err(error) => return Err(error),
        };
        rewrite(path.to_path_buf(), orders, now)
    }

    /// Counts a print of each of these labels, and answers those that may not leave, with why: `PRINT_LIMIT`, or
    /// `INTERNAL` if the print cannot be recorded.
    pub(super) fn take(&mut self, limits: &[PrintLimit], now: u64) -> Vec<(u16, Code)> {
        let mut refused = Vec::new();
        let mut lines = String::new();
        let mut taken = Vec::new();
        for limit in limits {
            let count = self.orders.entry(limit.order).or_insert(Count { until: limit.until, prints: 0 });
            if count.prints >= limit.most {
                refused.push((limit.place, Code::PrintLimit));
                continue;
            }
            count.prints += 1;
            line(&mut lines, &limit.order, Count { prints: 1, ..*count });
            taken.push(limit);
        }
        if self.append(lines.as_bytes()).is_err() {
            for limit in &taken {
                if let Some(count) = self.orders.get_mut(&limit.order) {
                    count.prints -= 1;
                }
                refused.push((limit.place, Code::Internal));
            }
        } else {
            self.added += taken.len();
        }
        if self.added > ADDED.max(2 * self.orders.len()) {
            // A file that cannot be put in order goes on growing; the counts hold.
            if let Ok(ordered) = rewrite(self.path.clone(), self.orders.clone(), now) {
                *self = ordered;
            }
        }
        refused
    }

    /// Adds lines that are on the disk when this returns, or none at all.
    fn append(&mut self, lines: &[u8]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let written = self.file.write_all(lines).and_then(|()| self.file.sync_data());
        match written {
            Ok(()) => self.length += lines.len() as u64,
            // Half a line would hide the one that follows it.
            Err(_) => self.file.set_len(self.length)?,
        }
        written
    }
}

/// Writes a file with a line for each order that has not expired, in the place of the one before.
fn rewrite(path: PathBuf, mut orders: HashMap<[u8; 32], Count>, now: u64) -> io::Result<Counts> {
    orders.retain(|_, count| count.until >= now);
    let mut text = format!("{VERSION}\n");
    for (order, &count) in &orders {
        line(&mut text, order, count);
    }
    let new = path.with_extension("new");
    let open = |options: &mut OpenOptions| options.mode(0o600).open(&new);
    let mut file = open(OpenOptions::new().write(true).create(true).truncate(true))?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    // For appending: after a failure nothing is written beyond the end that was.
    let file = open(OpenOptions::new().append(true))?;
    fs::rename(&new, &path)?;
    path.parent().map_or(Ok(()), |folder| File::open(folder)?.sync_all())?;
    Ok(Counts { path, file, length: text.len() as u64, added: 0, orders })
}

fn line(text: &mut String, order: &[u8; 32], Count { until, prints }: Count) {
    use std::fmt::Write;

    for byte in order {
        let _ = write!(text, "{byte:02x}");
    }
    let _ = writeln!(text, " {until} {prints}");
}

/// `None` if it is no file of counts.
fn parse(text: &str) -> Option<HashMap<[u8; 32], Count>> {
    // A print whose line has no end was never let go.
    let whole = &text[..text.rfind('\n')? + 1];
    let mut lines = whole.lines();
    if lines.next()? != VERSION {
        return None;
    }
    let mut orders: HashMap<[u8; 32], Count> = HashMap::new();
    for line in lines {
        let mut words = line.split(' ');
        let order = hexadecimal(words.next()?)?;
        let (until, prints) = (words.next()?.parse().ok()?, words.next()?.parse::<u32>().ok()?);
        if words.next().is_some() {
            return None;
        }
        let count = orders.entry(order).or_insert(Count { until, prints: 0 });
        count.prints = count.prints.saturating_add(prints);
    }
    Some(orders)
}

fn hexadecimal(text: &str) -> Option<[u8; 32]> {
    let digit = |byte: u8| (byte as char).to_digit(16).map(|digit| digit as u8);
    let mut bytes = [0; 32];
    let (pairs, rest) = text.as_bytes().as_chunks::<2>();
    if pairs.len() != bytes.len() || !rest.is_empty() {
        return None;
    }
    for (byte, &[high, low]) in bytes.iter_mut().zip(pairs) {
        *byte = digit(high)? << 4 | digit(low)?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(place: u16, order: u8, most: u32) -> PrintLimit {
        PrintLimit { place, order: [order; 32], most, until: 1000 }
    }

    #[test]
    fn an_order_is_printed_so_often_and_no_more() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("counts");
        let mut counts = Counts::open(&path, 1).unwrap();
        let block = [limit(0, 1, 2), limit(1, 2, 1), limit(5, 1, 2), limit(9, 1, 2)];
        assert_eq!(counts.take(&block, 1), [(9, Code::PrintLimit)]);
        assert_eq!(counts.take(&[limit(0, 2, 1), limit(1, 3, 1)], 1), [(0, Code::PrintLimit)]);
        drop(counts);
        for _ in 0..2 {
            let mut counts = Counts::open(&path, 1).unwrap();
            assert_eq!(counts.take(&[limit(0, 1, 2), limit(4, 3, 1)], 1).len(), 2, "after a restart too");
        }
        let mut counts = Counts::open(&path, 1001).unwrap();
        assert!(counts.orders.is_empty(), "what has expired is forgotten");
        assert_eq!(counts.take(&[limit(0, 7, 0)], 1), [(0, Code::PrintLimit)]);
    }

    #[test]
    fn half_a_line_is_no_print_and_a_foreign_file_is_none_of_ours() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("counts");
        let mut counts = Counts::open(&path, 1).unwrap();
        counts.take(&[limit(0, 1, 9), limit(1, 2, 9)], 1);
        let text = fs::read_to_string(&path).unwrap();
        assert_eq!(text.lines().count(), 3);
        for cut in VERSION.len() + 1..text.len() {
            fs::write(&path, &text[..cut]).unwrap();
            let orders = Counts::open(&path, 1).unwrap().orders;
            let whole = text[..cut].matches('\n').count() - 1;
            assert_eq!(orders.len(), whole, "cut at {cut}");
        }
        for foreign in ["", "{}\n", "miandan-counts-2\n", "miandan-counts-1\n01 2 3\n", "miandan-counts-1"] {
            fs::write(&path, foreign).unwrap();
            let error = Counts::open(&path, 1).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::InvalidData, "{foreign:?}");
            assert_eq!(fs::read_to_string(&path).unwrap(), foreign, "left as it was");
        }
    }

    #[test]
    fn a_print_that_cannot_be_recorded_does_not_leave() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("counts");
        let mut counts = Counts::open(&path, 1).unwrap();
        let writable = std::mem::replace(&mut counts.file, File::open("/dev/full").unwrap());
        assert_eq!(counts.take(&[limit(3, 1, 1)], 1), [(3, Code::Internal)]);
        counts.file = writable;
        assert_eq!(counts.take(&[limit(3, 1, 1)], 1), [], "and it did not count");
    }
}
