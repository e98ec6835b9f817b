//! The map of `template import`: a TOML file that names the fields of a design for our own, as the map of `seal` does.

use std::path::Path;

use miandan_hiprint::{Mapping, Target};
use toml::de::{DeTable, DeValue};

use crate::console::Console;
use crate::exit::Failure;
use crate::files;
use crate::input::map::{Why, Wrong, names};
use crate::messages::hiprint as texts;

pub(super) fn read(console: Console, path: &Path) -> Result<Mapping, Failure> {
    let text = files::read(console, path)?;
    let text = String::from_utf8_lossy(&text);
    parse(&text).map_err(|wrong| wrong.failure(console, path, &text, texts::MAP_HINT))
}

fn parse(text: &str) -> Result<Mapping, Wrong> {
    // The length stays, and with it every place.
    let text = text.replacen('\u{feff}', "   ", usize::from(text.starts_with('\u{feff}')));
    let table = DeTable::parse(&text).map_err(|error| Wrong {
        at: error.span().map_or(0, |span| span.start),
        why: Why::Syntax(error.message().to_owned()),
    })?;
    let mut mapping = Mapping::default();
    for (key, value) in table.get_ref() {
        let at = key.span().start;
        match (key.get_ref().as_ref(), value.get_ref()) {
            ("fields", DeValue::Table(fields)) => each(fields, "", &mut mapping)?,
            ("fields", _) => return Err(Wrong { at, why: Why::Value("[fields]") }),
            (name, _) => return Err(Wrong { at, why: Why::Unknown(name.to_owned()) }),
        }
    }
    Ok(mapping)
}

/// Every field of a table; `recipient.name`, `"recipient.name"` and `[fields.recipient]` are the same.
fn each(table: &DeTable<'_>, before: &str, mapping: &mut Mapping) -> Result<(), Wrong> {
    for (key, value) in table {
        let at = key.span().start;
        let name = format!("{before}{}", key.get_ref());
        match (Target::named(&name), value.get_ref()) {
            (None, DeValue::Table(inner)) => each(inner, &format!("{name}."), mapping)?,
            (Some(target), value) => {
                let fields = names(value).filter(|fields| !fields.is_empty());
                let fields = fields.ok_or(Wrong { at, why: Why::Value("\"…\", [\"…\", \"…\"]") })?;
                fields.into_iter().for_each(|field| mapping.name(field, target));
            }
            (None, _) => return Err(Wrong { at, why: Why::Unknown(name) }),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_has_a_line() {
        for (text, expected) in [
            ("", None),
            ("\u{feff}[fields]\nmemo = \"bz\"\nrecipient.address.city = [\"cs\", \"shi\"]\n", None),
            ("[fields.items]\nname = \"spmc\"\n", None),
            ("[fields]\nmemo = \n", Some(2)),
            ("[fields]\n\nmemoo = \"x\"\n", Some(3)),
            ("[fields]\nrecipient.nam = \"x\"\n", Some(2)),
            ("[fields]\nbuyer.email = \"x\"\n", Some(2)),
            ("[fields]\nmemo = 7\n", Some(2)),
            ("[fields]\nmemo = []\n", Some(2)),
            ("fields = 1\n", Some(1)),
            ("[columns]\n", Some(1)),
        ] {
            let line = parse(text).err().map(|wrong| wrong.line(text));
            assert_eq!(line, expected, "{text}");
        }
    }

    #[test]
    fn the_map_of_the_fixtures_is_read() {
        let text = include_str!("../../../../../../fixtures/hiprint/map.toml");
        let design = include_bytes!("../../../../../../fixtures/hiprint/chinese-names-76x70.json");
        let mapping = parse(text).unwrap_or_else(|wrong| panic!("line {}", wrong.line(text)));
        let import = miandan_hiprint::import(design, &mapping).unwrap();
        let expected = include_str!("../../../../../../fixtures/hiprint/chinese-names-76x70.mapped.xml");
        assert_eq!(import.template, expected);
    }
}
