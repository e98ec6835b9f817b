//! Where `miandan seal` takes plain orders from: JSON Lines, a JSON array, CSV or XLSX.
//!
//! [`Orders`] hands them out one by one, each with its place. JSON and CSV stream; a workbook is loaded whole, because
//! its texts stand apart from its cells. What is wrong is told by place and never by value: see [`problem`].

mod csv;
pub mod encoding;
mod fields;
mod json;
pub mod map;
mod place;
mod problem;
mod sheet;
mod xlsx;

use std::fmt::Display;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::path::Path;

use miandan_seal::issue::PlainOrder;

pub use place::{At, Place};
pub use problem::{Problem, Reason, Stop};

use crate::args::{InputFormat, Seal};
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::language::Text;
use crate::messages;
use encoding::{Decoded, Undecodable};
use map::Map;

/// How much is read ahead to tell formats and encodings.
const AHEAD: usize = 1 << 20;

/// How long one order may be; nothing like it can be sealed.
const LONGEST: usize = 1 << 20;

/// The plain orders of one file.
pub struct Orders<'a> {
    console: Console,
    path: &'a Path,
    source: Source,
}

enum Source {
    Json(Box<json::Json>),
    Sheet(Box<sheet::Sheet>),
}

/// Bytes from somewhere.
type Stream = Box<dyn BufRead>;

impl<'a> Orders<'a> {
    /// Opens the input, finds out what it is and, for a spreadsheet, reads the header.
    pub fn open(console: Console, arguments: &'a Seal) -> Result<Self, Failure> {
        let path = arguments.input.as_path();
        let map = arguments.map.as_deref().map(|path| Map::read(console, path)).transpose()?;
        let mut stream = files::open(console, path)?;
        let mut ahead = Vec::new();
        let read = stream.by_ref().take(AHEAD as u64).read_to_end(&mut ahead);
        read.map_err(|error| files::unreadable(console, path, &error))?;

        let file = Input { console, path };
        let format = match arguments.input_format {
            Some(format) => format,
            None => detect(path, &ahead).map_err(|text| file.failure(text, messages::INPUT_FORMAT_HINT))?,
        };
        if format == InputFormat::Xlsx {
            let workbook = Cursor::new(ahead).chain(stream);
            let map = map.unwrap_or_default();
            let rows = xlsx::rows(&file, workbook, &map)?;
            let sheet = sheet::Sheet::new(&file, Box::new(rows.into_iter().map(Ok)), map, true)?;
            return Ok(Orders { console, path, source: Source::Sheet(Box::new(sheet)) });
        }
        let guess = format == InputFormat::Csv;
        let whole = ahead.len() < AHEAD;
        let (encoding, mark) = encoding::choose(arguments.encoding, guess, &ahead, whole)
            .ok_or_else(|| file.failure(messages::INPUT_UTF16, messages::INPUT_UTF16_HINT))?;
        ahead.drain(..mark);
        let bytes = BufReader::with_capacity(256 * 1024, Cursor::new(ahead).chain(stream));
        let text: Stream = Box::new(Decoded::new(bytes, encoding));
        let source = match format {
            InputFormat::Csv => {
                let rows = Box::new(csv::Rows::new(text));
                let sheet = sheet::Sheet::new(&file, rows, map.unwrap_or_default(), false)?;
                Source::Sheet(Box::new(sheet))
            }
            InputFormat::Json => Source::Json(Box::new(json::Json::array(text, map))),
            _ => Source::Json(Box::new(json::Json::lines(text, map))),
        };
        Ok(Orders { console, path, source })
    }

    /// The next order and where it stands; `None` at the end.
    pub fn next(&mut self) -> Result<Option<(At, PlainOrder)>, Stop> {
        match &mut self.source {
            Source::Json(json) => json.next(),
            Source::Sheet(sheet) => sheet.next(),
        }
    }

    /// The place of a field of an order.
    pub fn place(&self, at: At, field: Option<&str>) -> Place {
        let inside = field.and_then(|field| match &self.source {
            Source::Json(json) => Some(json.member(field)),
            Source::Sheet(sheet) => sheet.column(field),
        });
        Place { at, inside }
    }

    /// The failure to read on.
    pub fn unreadable(&self, error: &io::Error) -> Failure {
        files::unreadable(self.console, self.path, error)
    }
}

/// What is being opened, for failures that concern the whole of it.
struct Input<'a> {
    console: Console,
    path: &'a Path,
}

impl Input<'_> {
    fn failure(&self, text: Text, hint: Text) -> Failure {
        self.failure_with(text, hint, &[])
    }

    fn failure_with(&self, text: Text, hint: Text, values: &[(&str, &dyn Display)]) -> Failure {
        let file = self.path.display();
        let values = [&[("file", &file as &dyn Display)], values].concat();
        Failure::new(Exit::Input, "INPUT", self.console.fill(text, &values))
            .hint(self.console.fill(hint, &values))
    }
}

/// What a file is, by what cannot be mistaken, then by its name, then by its first character. An error is a format
/// that is known and not read.
fn detect(path: &Path, ahead: &[u8]) -> Result<InputFormat, Text> {
    // A ZIP archive; an OLE compound file, which an XLS and a workbook under a password both are.
    if ahead.starts_with(b"PK\x03\x04") {
        return Ok(InputFormat::Xlsx);
    }
    if ahead.starts_with(b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        return Err(messages::INPUT_OLD_WORKBOOK);
    }
    let text = ahead.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(ahead).trim_ascii_start();
    if text.len() >= 5 && (text[..5].eq_ignore_ascii_case(b"<html") || text.starts_with(b"<tabl")) {
        return Err(messages::INPUT_HTML);
    }
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    Ok(match (ending.as_deref(), text.first()) {
        (Some("csv"), _) => InputFormat::Csv,
        (Some("xlsx" | "xlsm"), _) => InputFormat::Xlsx,
        (Some("jsonl" | "ndjson"), _) => InputFormat::Jsonl,
        (_, Some(b'[')) => InputFormat::Json,
        (_, Some(b'{') | None) | (Some("json"), _) => InputFormat::Jsonl,
        _ => InputFormat::Csv,
    })
}

/// A failure to read that is either a matter of the text or one of the system.
fn stop(error: io::Error, at: At) -> Stop {
    match error.get_ref().and_then(|inner| inner.downcast_ref::<Undecodable>()) {
        Some(Undecodable(encoding)) => Problem::last(at, Reason::NotText(encoding)).into(),
        None => Stop::Unreadable(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_told_by_content_then_name_then_first_character() {
        use InputFormat::{Csv, Json, Jsonl, Xlsx};
        for (name, content, format) in [
            ("a.csv", "PK\x03\x04", Xlsx),
            ("a.CSV", "{", Csv),
            ("a.xlsx", "订单号", Xlsx),
            ("a.json", " [", Json),
            ("a.json", "\u{feff}{", Jsonl),
            ("a.jsonl", "[", Jsonl),
            ("-", "[", Json),
            ("-", "{", Jsonl),
            ("-", "", Jsonl),
            ("a.txt", "订单号,", Csv),
        ] {
            assert_eq!(detect(Path::new(name), content.as_bytes()).ok(), Some(format), "{name} {content}");
        }
        assert!(detect(Path::new("a.xls"), b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1").is_err());
        assert!(detect(Path::new("a.xls"), b"<HTML>").is_err());
    }
}
