//! The map: a TOML file that names the columns of a spreadsheet, or the members of other JSON, for the fields of the
//! plain order. What it does not name keeps its usual headers. A key that is not known is an error with its line.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Display;
use std::path::Path;

use miandan_seal::issue::PlainOrder;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::fields::{self, Field};
use super::sheet::Cell;
use crate::console::Console;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::language::Text;
use crate::messages;

/// A map. The default one names nothing.
#[derive(Debug, Default)]
pub struct Map {
    /// The sheet of a workbook.
    pub sheet: Option<String>,
    /// The row of the header, from 1; the first where nothing is said.
    pub header_row: Option<usize>,
    /// The headers, any of which is the column of a field.
    columns: HashMap<&'static str, Vec<String>>,
    /// What a field holds where its cell is empty or it has no column.
    constants: BTreeMap<&'static str, Cell>,
    /// Codes for the names of carriers.
    carriers: HashMap<String, String>,
}

/// What is wrong with a map, and where.
pub struct Wrong {
    /// The byte.
    pub at: usize,
    pub why: Why,
}

pub enum Why {
    Syntax(String),
    Unknown(String),
    Value(&'static str),
}

impl Wrong {
    /// The line in the text of the map, from 1.
    pub fn line(&self, text: &str) -> usize {
        text.bytes().take(self.at).filter(|byte| *byte == b'\n').count() + 1
    }

    /// The failure of a command whose map it is.
    pub fn failure(self, console: Console, path: &Path, text: &str, hint: Text) -> Failure {
        let line = self.line(text);
        let why = match self.why {
            Why::Syntax(message) => message,
            Why::Unknown(key) => console.fill(messages::MAP_UNKNOWN, &[("key", &key)]),
            Why::Value(expected) => console.fill(messages::MAP_VALUE, &[("expected", &expected)]),
        };
        let values: [(&str, &dyn Display); 3] = [("file", &path.display()), ("line", &line), ("why", &why)];
        Failure::new(Exit::Usage, "MAP", console.fill(messages::CONFIG_FILE, &values))
            .hint(hint.get(console.language))
    }
}

impl Map {
    pub fn read(console: Console, path: &Path) -> Result<Self, Failure> {
        let text = files::read(console, path)?;
        let text = String::from_utf8_lossy(&text);
        Map::parse(&text).map_err(|wrong| wrong.failure(console, path, &text, messages::MAP_HINT))
    }

    fn parse(text: &str) -> Result<Self, Wrong> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let table = DeTable::parse(text).map_err(|error| Wrong {
            at: error.span().map_or(0, |span| span.start),
            why: Why::Syntax(error.message().to_owned()),
        })?;
        let mut map = Map::default();
        for (key, value) in table.get_ref() {
            let at = key.span().start;
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("sheet", DeValue::String(name)) => map.sheet = Some(name.to_string()),
                ("header_row", DeValue::Integer(number)) => {
                    let row = number.as_str().parse().ok().filter(|row| *row > 0);
                    map.header_row = Some(row.ok_or(Wrong { at, why: Why::Value("1, 2, 3 …") })?);
                }
                ("columns", DeValue::Table(columns)) => {
                    each(columns, "", &mut |field, at, value| {
                        let names = names(value).filter(|names| !names.is_empty());
                        let names =
                            names.ok_or(Wrong { at, why: Why::Value("\"…\", [\"…\", \"…\"]") })?;
                        map.columns.insert(field.key, names);
                        Ok(())
                    })?;
                }
                ("constants", DeValue::Table(constants)) => {
                    each(constants, "", &mut |field, at, value| {
                        let cell = Cell::text(&scalar(value).ok_or(Wrong { at, why: Why::Value("\"…\"") })?);
                        let fits = field.set(&mut PlainOrder::default(), &cell);
                        fits.map_err(|_| Wrong { at, why: Why::Value("1, 2, 3 …") })?;
                        map.constants.insert(field.key, cell);
                        Ok(())
                    })?;
                }
                ("carriers", DeValue::Table(carriers)) => {
                    for (name, code) in carriers {
                        let at = name.span().start;
                        let code = scalar(code.get_ref()).ok_or(Wrong { at, why: Why::Value("\"…\"") })?;
                        map.carriers.insert(name.get_ref().trim().to_owned(), code);
                    }
                }
                ("sheet", _) => return Err(Wrong { at, why: Why::Value("\"…\"") }),
                ("header_row", _) => return Err(Wrong { at, why: Why::Value("1, 2, 3 …") }),
                (name @ ("columns" | "constants" | "carriers"), _) => {
                    let expected = match name {
                        "columns" => "[columns]",
                        "constants" => "[constants]",
                        _ => "[carriers]",
                    };
                    return Err(Wrong { at, why: Why::Value(expected) });
                }
                (name, _) => return Err(Wrong { at, why: Why::Unknown(name.to_owned()) }),
            }
        }
        Ok(map)
    }

    /// The headers that the map names for a field.
    pub fn columns(&self, field: &Field) -> Option<&[String]> {
        self.columns.get(field.key).map(Vec::as_slice)
    }

    /// Whether the map has a constant for a field.
    pub fn is_constant(&self, field: &str) -> bool {
        self.constants.contains_key(field)
    }

    /// Puts the constants into an order that has nothing yet: cells come after them and win.
    pub fn begin(&self, order: &mut PlainOrder) {
        for (key, cell) in &self.constants {
            // They were tried when the map was read.
            let _ = fields::find(key).map(|field| field.set(order, cell));
        }
    }

    /// Writes the code for the name of a carrier.
    pub fn end(&self, order: &mut PlainOrder) {
        if let Some(code) = self.carriers.get(&order.carrier) {
            order.carrier.clone_from(code);
        }
    }
}

/// Every field of a table and its value; `recipient.name`, `"recipient.name"` and `[columns.recipient]` are the same.
fn each(
    table: &DeTable<'_>,
    before: &str,
    take: &mut dyn FnMut(&'static Field, usize, &DeValue<'_>) -> Result<(), Wrong>,
) -> Result<(), Wrong> {
    for (key, value) in table {
        let at = key.span().start;
        let name = format!("{before}{}", key.get_ref());
        match (fields::find(&name), value.get_ref()) {
            (None, DeValue::Table(inner)) => each(inner, &format!("{name}."), take)?,
            (Some(field), value) => take(field, at, value)?,
            (None, _) => return Err(Wrong { at, why: Why::Unknown(name) }),
        }
    }
    Ok(())
}

/// One name, or a list of them.
pub fn names(value: &DeValue<'_>) -> Option<Vec<String>> {
    let one = |value: &DeValue<'_>| value.as_str().filter(|name| !name.trim().is_empty()).map(str::to_owned);
    match value.as_array() {
        Some(values) => values.iter().map(Spanned::get_ref).map(one).collect(),
        None => one(value).map(|name| vec![name]),
    }
}

fn scalar(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.to_string()),
        DeValue::Integer(number) => Some(number.as_str().to_owned()),
        DeValue::Float(number) => Some(number.as_str().to_owned()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(text: &str) -> String {
        let Err(Wrong { at, why }) = Map::parse(text) else { return "sound".to_owned() };
        let line = text[..at].matches('\n').count() + 1;
        match why {
            Why::Syntax(_) => format!("{line} syntax"),
            Why::Unknown(key) => format!("{line} unknown {key}"),
            Why::Value(expected) => format!("{line} expected {expected}"),
        }
    }

    #[test]
    fn keys_may_be_written_as_toml_allows() {
        let map = Map::parse(
            "sheet = \"订单\"\nheader_row = 2\n[columns]\norder_id = \"编号\"\nrecipient.name = [\"客户\", \"买方\"]\n\
             \"sender.name\" = \"店\"\n[columns.parcel]\nweight_kg = \"毛重\"\n[constants]\nparcel.count = 1\n\
             [carriers]\n\"圆通速递\" = \"YTO\"\n",
        )
        .unwrap_or_else(|wrong| panic!("at {}", wrong.at));
        let columns = |key| map.columns(fields::find(key).unwrap()).map(<[String]>::concat);
        assert_eq!(columns("recipient.name").as_deref(), Some("客户买方"));
        assert_eq!(columns("sender.name").as_deref(), Some("店"));
        assert_eq!(columns("parcel.weight_kg").as_deref(), Some("毛重"));
        assert_eq!(columns("memo"), None);
        let mut order = PlainOrder { carrier: "圆通速递".to_owned(), ..PlainOrder::default() };
        map.begin(&mut order);
        map.end(&mut order);
        assert_eq!((order.parcel.count, order.carrier.as_str()), (1, "YTO"));
    }

    #[test]
    fn what_is_wrong_has_a_line() {
        for (text, expected) in [
            ("", "sound"),
            ("[columns]\norder_id = \n", "2 syntax"),
            ("[columns]\n\norderid = \"x\"\n", "3 unknown orderid"),
            ("[columns]\nrecipient.nam = \"x\"\n", "2 unknown recipient.nam"),
            ("column = 1\n", "1 unknown column"),
            ("columns = 1\n", "1 expected [columns]"),
            ("[columns]\nmemo = 7\n", "2 expected \"…\", [\"…\", \"…\"]"),
            ("[columns]\nmemo = []\n", "2 expected \"…\", [\"…\", \"…\"]"),
            ("header_row = 0\n", "1 expected 1, 2, 3 …"),
            ("[constants]\nparcel.count = \"two\"\n", "2 expected 1, 2, 3 …"),
        ] {
            assert_eq!(wrong(text), expected, "{text}");
        }
    }
}
