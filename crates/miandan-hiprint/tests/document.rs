//! That the names in `docs/import-hiprint.md` and its Chinese twin are known, and lead to what stands there.

use miandan_hiprint::{Mapping, Target, import};
use serde_json::{Value, json};

const DOCUMENTS: [&str; 2] =
    [include_str!("../../../docs/import-hiprint.md"), include_str!("../../../docs/import-hiprint.zh-CN.md")];

/// What a field of a text, or of a column of a table of goods, becomes.
fn prints(name: &str, column: bool) -> Option<String> {
    let element = if column {
        json!({
            "options": {"field": "goods", "columns": [[{"field": name, "title": "x"}]]},
            "printElementType": {"type": "table"},
        })
    } else {
        json!({"options": {"field": name}, "printElementType": {"type": "text"}})
    };
    let design: Value = json!({"panels": [{"width": 76, "height": 130, "printElements": [element]}]});
    let import = import(design.to_string().as_bytes(), &Mapping::default()).unwrap();
    let note = import.report.iter().find(|note| note.element.is_some()).unwrap();
    if !column {
        return note.target.map(str::to_owned);
    }
    let cell = import.template.split("<td").nth(1)?.split("<%=").nth(1)?.split("%>").next()?;
    Some(match cell.strip_prefix("_data.packageInfo.items[row].") {
        Some(member) => format!("items.{member}"),
        None => cell.replace("row + 1", "items.row"),
    })
}

#[test]
fn names_of_fields_are_those_of_the_document() {
    for text in DOCUMENTS {
        let mut told = Vec::new();
        for line in text.lines() {
            let Some((target, names)) = line.strip_prefix("| `").and_then(|row| row.split_once("` | "))
            else {
                continue;
            };
            let Some(target) = Target::named(target) else { continue };
            told.push(target.name());
            for name in names.trim_end_matches(" |").split(", ").filter(|name| *name != "–") {
                assert_eq!(prints(name, target.is_column()).as_deref(), Some(target.name()), "{name}");
            }
        }
        let mut all: Vec<_> = Target::all().map(Target::name).collect();
        told.sort_unstable();
        all.sort_unstable();
        assert_eq!(told, all);
    }
}
