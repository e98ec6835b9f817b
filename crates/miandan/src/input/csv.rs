//! CSV (RFC 4180), strictly where leniency would cost: a quotation mark that is left open swallows the rows behind it
//! into one cell, and a cell may be one that is not encrypted. So an open quote, and text behind a closing one, end the
//! reading. (The usual library takes both in silence.)

use super::sheet::{Cell, Row};
use super::{At, LONGEST, Problem, Reason, Stop, Stream, stop};

/// The rows of a CSV text, empty ones too, so that their numbers are those that a spreadsheet program shows.
pub struct Rows {
    source: Stream,
    number: usize,
    /// The last row ended with a carriage return; a line feed may follow that belongs to it.
    half_ended: bool,
    broken: bool,
}

/// Where in a cell the reader is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Start,
    Plain,
    Quoted,
    /// Behind a quotation mark that closes the cell or is the first of two.
    Closed,
}

impl Rows {
    pub fn new(source: Stream) -> Self {
        Rows { source, number: 0, half_ended: false, broken: false }
    }

    /// The next row; `None` at the end.
    fn row(&mut self) -> Result<Option<Row>, Stop> {
        let number = self.number + 1;
        let at = At::Row(number);
        let refuse = |why| Err(Problem::last(at, why).into());
        let (mut cells, mut cell) = (Vec::new(), Vec::new());
        let (mut state, mut length, mut ended) = (State::Start, 0, false);
        while !ended {
            let chunk = self.source.fill_buf().map_err(|error| stop(error, at))?;
            if chunk.is_empty() {
                match state {
                    State::Quoted => return refuse(Reason::OpenQuote),
                    State::Start if cells.is_empty() => return Ok(None),
                    _ => {}
                }
                cells.push(finish(&mut cell));
                break;
            }
            let mut used = 0;
            for &byte in chunk {
                used += 1;
                let rest_of_line_end = std::mem::take(&mut self.half_ended) && byte == b'\n';
                if rest_of_line_end {
                    continue;
                }
                match (state, byte) {
                    (State::Start, b'"') => state = State::Quoted,
                    (State::Quoted, b'"') => state = State::Closed,
                    (State::Closed, b'"') => {
                        cell.push(byte);
                        state = State::Quoted;
                    }
                    (State::Quoted, _) => cell.push(byte),
                    (_, b',') => {
                        cells.push(finish(&mut cell));
                        state = State::Start;
                    }
                    (_, b'\r' | b'\n') => {
                        cells.push(finish(&mut cell));
                        self.half_ended = byte == b'\r';
                        ended = true;
                        break;
                    }
                    (State::Closed, _) => return refuse(Reason::AfterQuote),
                    _ => {
                        cell.push(byte);
                        state = State::Plain;
                    }
                }
            }
            self.source.consume(used);
            length += used;
            if length > LONGEST {
                return refuse(Reason::TooLong);
            }
        }
        self.number = number;
        Ok(Some(Row { number, cells }))
    }
}

impl Iterator for Rows {
    type Item = Result<Row, Stop>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.broken {
            return None;
        }
        let row = self.row();
        self.broken = row.is_err();
        row.transpose()
    }
}

/// The text of a cell. `="0012"`, with which exports keep spreadsheet programs from cutting numbers, is `0012`.
fn finish(cell: &mut Vec<u8>) -> Cell {
    let text = String::from_utf8_lossy(cell);
    let formula = text.strip_prefix("=\"").and_then(|text| text.strip_suffix('"'));
    let read = Cell::text(formula.unwrap_or(&text));
    cell.clear();
    read
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(usize, Vec<String>)>, String> {
        Rows::new(Box::new(std::io::Cursor::new(text.to_owned())))
            .map(|row| match row {
                Ok(row) => Ok((row.number, row.cells.into_iter().map(|cell| cell.text).collect())),
                Err(Stop::Problem(problem)) => Err(format!("{:?} {:?}", problem.place.at, problem.why)),
                Err(Stop::Unreadable(error)) => Err(error.to_string()),
            })
            .collect()
    }

    #[test]
    fn rows_and_cells() {
        let rows = |text: &str| {
            let rows = read(text).unwrap();
            let rows = rows.iter().map(|(number, cells)| format!("{number}:{}", cells.join("|")));
            rows.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(rows("a,b\r\n1,2\r\n"), "1:a|b 2:1|2");
        assert_eq!(rows("a,b\n1,2"), "1:a|b 2:1|2");
        assert_eq!(rows("a\r\r1,"), "1:a 2: 3:1|");
        assert_eq!(rows("\n\na"), "1: 2: 3:a");
        assert_eq!(rows("\"a,\"\"b\"\"\nc\",d\n"), "1:a,\"b\" c|d");
        assert_eq!(rows("5\" screen,\"\"\n"), "1:5\" screen|");
        assert_eq!(rows("\"=\"\"0012\"\"\",=\"7\",\t8 "), "1:0012|7|8");
        assert_eq!(rows(""), "");
    }

    #[test]
    fn quotes_that_would_swallow_rows_are_refused() {
        assert_eq!(read("a\n1,\"x\n2,y\n"), Err("Row(2) OpenQuote".to_owned()));
        assert_eq!(read("a\n\"1\" x\n"), Err("Row(2) AfterQuote".to_owned()));
        let long = format!("\"{}\"", "x".repeat(LONGEST));
        assert_eq!(read(&long), Err("Row(1) TooLong".to_owned()));
    }
}
