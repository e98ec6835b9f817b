//! Where something stands in the input.

use serde_json::{Map, Value, json};

use crate::console::Console;
use crate::messages;

/// Which order or row. Everything counts from 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum At {
    /// A line of JSON Lines.
    Line(usize),
    /// An element of a JSON array, and the line on which it begins.
    Element(usize, usize),
    /// A row as a spreadsheet program counts them.
    Row(usize),
}

/// What inside of it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Inside {
    /// A byte of a text.
    Byte(usize),
    /// A column: its index from 0, and its header. The header is one that the map or the list of names knows, so it
    /// is no value even where a file has no header.
    Column(usize, String),
    /// A member of a JSON object, by the path that was looked for.
    Member(String),
}

/// A place, as exactly as it is known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub at: At,
    pub inside: Option<Inside>,
}

impl From<At> for Place {
    fn from(at: At) -> Self {
        Place { at, inside: None }
    }
}

impl At {
    /// For people.
    pub fn text(self, console: Console) -> String {
        match self {
            At::Line(line) => console.fill(messages::AT_LINE, &[("line", &line)]),
            At::Element(index, line) => {
                console.fill(messages::AT_ELEMENT, &[("index", &index), ("line", &line)])
            }
            At::Row(row) => console.fill(messages::AT_ROW, &[("row", &row)]),
        }
    }
}

impl Place {
    /// For people.
    pub fn text(&self, console: Console) -> String {
        let at = self.at.text(console);
        match &self.inside {
            None => at,
            Some(Inside::Byte(byte)) => console.fill(messages::AT_BYTE, &[("at", &at), ("byte", byte)]),
            Some(Inside::Column(index, header)) => console
                .fill(messages::AT_COLUMN, &[("at", &at), ("letter", &letter(*index)), ("header", header)]),
            Some(Inside::Member(member)) => {
                console.fill(messages::AT_MEMBER, &[("at", &at), ("member", member)])
            }
        }
    }

    /// For `--json`.
    pub fn members(&self) -> Map<String, Value> {
        let mut members = Map::new();
        let mut add = |name: &str, value: Value| members.insert(name.to_owned(), value);
        match self.at {
            At::Line(line) => add("line", json!(line)),
            At::Element(index, line) => {
                add("index", json!(index));
                add("line", json!(line))
            }
            At::Row(row) => add("row", json!(row)),
        };
        match &self.inside {
            None => None,
            Some(Inside::Byte(byte)) => add("byte", json!(byte)),
            Some(Inside::Column(index, header)) => {
                add("column", json!(letter(*index)));
                add("header", json!(header))
            }
            Some(Inside::Member(member)) => add("member", json!(member)),
        };
        members
    }
}

/// The letters of a column: A to Z, AA, AB and so on.
pub fn letter(index: usize) -> String {
    let mut letters = String::new();
    let mut rest = index + 1;
    while rest > 0 {
        rest -= 1;
        letters.insert(0, char::from(b'A' + (rest % 26) as u8));
        rest /= 26;
    }
    letters
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_letters() {
        for (index, expected) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (16_383, "XFD")] {
            assert_eq!(letter(index), expected);
        }
    }
}
