//! XLSX workbooks. A sheet is loaded whole: its texts stand in another part of the archive than its cells.

use std::io::{Cursor, Read};

use calamine::{DataRef, ExcelDateTime, Reader, SheetType, SheetVisible, Xlsx, XlsxError};

use super::map::Map;
use super::sheet::{Cell, Defect, Row};
use super::{Input, messages};
use crate::exit::Failure;
use crate::{files, quietly};

/// What a sheet can have at most.
const ROWS: u32 = 1 << 20;
const COLUMNS: u32 = 1 << 14;

/// Spreadsheet programs keep fifteen digits of a number.
const EXACT: f64 = 1e15;

/// Why a workbook has no rows for us. The library's own words may quote a cell.
enum Refused {
    Password,
    NoSheet,
    Malformed,
}

impl From<XlsxError> for Refused {
    fn from(error: XlsxError) -> Self {
        match error {
            XlsxError::Password => Refused::Password,
            _ => Refused::Malformed,
        }
    }
}

/// The rows of the sheet that the map names, else of the first one that can be seen.
pub(super) fn rows(file: &Input<'_>, mut source: impl Read, map: &Map) -> Result<Vec<Row>, Failure> {
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(|error| files::unreadable(file.console, file.path, &error))?;
    let read = quietly::run(|| load(bytes, map.sheet.as_deref())).unwrap_or(Err(Refused::Malformed));
    read.map_err(|refused| match (refused, &map.sheet) {
        (Refused::Password, _) => file.failure(messages::INPUT_OLD_WORKBOOK, messages::INPUT_FORMAT_HINT),
        (Refused::NoSheet, Some(sheet)) => {
            file.failure_with(messages::IMPORT_NO_SHEET, messages::IMPORT_COLUMN_HINT, &[("sheet", sheet)])
        }
        (Refused::NoSheet, None) => file.failure(messages::NO_ORDERS, messages::NO_PLAIN_ORDERS_HINT),
        (Refused::Malformed, _) => file.failure(messages::INPUT_BAD_WORKBOOK, messages::INPUT_FORMAT_HINT),
    })
}

fn load(bytes: Vec<u8>, sheet: Option<&str>) -> Result<Vec<Row>, Refused> {
    let mut workbook = Xlsx::new(Cursor::new(bytes))?;
    let is_it = |known: &&calamine::Sheet| match sheet {
        Some(name) => known.name == name,
        None => known.typ == SheetType::WorkSheet && known.visible == SheetVisible::Visible,
    };
    let name = workbook.sheets_metadata().iter().find(is_it).ok_or(Refused::NoSheet)?.name.clone();
    let mut cells = workbook.worksheet_cells_reader(&name)?;
    let mut rows: Vec<Row> = Vec::new();
    while let Some(cell) = cells.next_cell()? {
        let (row, column) = cell.get_position();
        let content = content(cell.get_value());
        if row >= ROWS || column >= COLUMNS {
            return Err(Refused::Malformed);
        }
        let (number, column) = (row as usize + 1, column as usize);
        if content.is_empty() {
            continue;
        }
        match rows.last() {
            Some(last) if last.number > number => return Err(Refused::Malformed),
            Some(last) if last.number == number => {}
            _ => rows.push(Row { number, cells: Vec::new() }),
        }
        if let Some(last) = rows.last_mut() {
            if last.cells.len() <= column {
                last.cells.resize(column + 1, Cell::default());
            }
            last.cells[column] = content;
        }
    }
    Ok(rows)
}

fn content(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::default(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::text(text),
        DataRef::SharedString(text) => Cell::text(text),
        DataRef::Int(number) => number_cell(*number as f64),
        DataRef::Float(number) => number_cell(*number),
        DataRef::DateTime(time) if time.is_duration() => number_cell(time.as_f64()),
        DataRef::DateTime(time) => Cell::text(&date(*time)),
        DataRef::Bool(true) => Cell::text("TRUE"),
        DataRef::Bool(false) => Cell::text("FALSE"),
        DataRef::Error(_) => Cell::defect(Defect::Error),
    }
}

/// A number as its digits, never in scientific notation.
fn number_cell(number: f64) -> Cell {
    if number.abs() < EXACT { Cell::text(&number.to_string()) } else { Cell::defect(Defect::Rounded) }
}

/// A date as a text: `2026-11-11`, with the time of day if it has one.
fn date(time: ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = time.to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if (hour, minute, second) == (0, 0, 0) {
        date
    } else {
        format!("{date} {hour:02}:{minute:02}:{second:02}")
    }
}

#[cfg(test)]
mod tests {
    use calamine::ExcelDateTimeType;

    use super::*;

    #[test]
    fn cells_become_text() {
        for (value, text) in [
            (DataRef::Float(12_579_773_307.0), "12579773307"),
            (DataRef::Float(26_111_100_000_001.0), "26111100000001"),
            (DataRef::Float(0.64), "0.64"),
            (DataRef::Float(f64::NAN), ""),
            (DataRef::Int(7), "7"),
            (DataRef::Bool(true), "TRUE"),
            (DataRef::SharedString(" 张三\r\n李四 "), "张三 李四"),
            (
                DataRef::DateTime(ExcelDateTime::new(46_337.0, ExcelDateTimeType::DateTime, false)),
                "2026-11-11",
            ),
            (
                DataRef::DateTime(ExcelDateTime::new(46_337.75, ExcelDateTimeType::DateTime, false)),
                "2026-11-11 18:00:00",
            ),
        ] {
            assert_eq!(content(&value).text, text, "{value:?}");
        }
        assert_eq!(content(&DataRef::Float(1e15)).defect, Some(Defect::Rounded));
    }

    #[test]
    fn a_panic_is_an_error_without_words() {
        assert_eq!(quietly::run(|| 1), Some(1));
        assert_eq!(quietly::run(|| -> u8 { panic!("张三") }), None);
    }
}
