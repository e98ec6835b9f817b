//! Reading a design: JSON in which anything may be missing, or be a text where a number is meant.

use serde_json::{Map, Value};

use crate::ImportError;

/// Bytes of a file. Designs have some kilobytes; pictures in them make up the rest.
pub const SIZE: usize = 4 << 20;

/// Panels of a design.
pub const PANELS: usize = 100;

/// Elements of a panel.
pub const ELEMENTS: usize = 1_000;

/// Millimetres of a point.
pub(crate) const POINT: f64 = 25.4 / 72.0;

/// The panels of a design.
pub(crate) struct Design {
    panels: Vec<Value>,
    /// Where they stand in the file: `/panels`, unless something is around the design.
    pointer: String,
}

impl Design {
    pub(crate) fn read(bytes: &[u8]) -> Result<Design, ImportError> {
        if bytes.len() > SIZE {
            return Err(ImportError::TooLarge);
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let broken =
            |error: serde_json::Error| ImportError::Syntax { line: error.line(), column: error.column() };
        let mut value: Value = serde_json::from_slice(bytes).map_err(broken)?;
        if let Value::String(text) = &value {
            // Databases keep designs as texts, and hand them out so.
            value = serde_json::from_str(text).map_err(broken)?;
        }
        let Value::Object(mut members) = value else {
            return Err(ImportError::NotADesign { pointer: String::new() });
        };
        let mut pointer = "/panels".to_owned();
        let mut panels = members.remove("panels");
        if panels.is_none() {
            // Programs that keep designs put them beside names and data: `{"template": {"panels": …}, "name": …}`.
            let holds = |member: &Value| member.get("panels").is_some_and(Value::is_array);
            let mut around = members.iter_mut().filter(|(name, member)| is_word(name) && holds(member));
            if let (Some((name, member)), None) = (around.next(), around.next()) {
                pointer = format!("/{name}/panels");
                panels = member.get_mut("panels").map(Value::take);
            }
        }
        match panels {
            Some(Value::Array(panels)) if panels.len() > PANELS => Err(ImportError::TooMany { pointer }),
            Some(Value::Array(panels)) if !panels.is_empty() => Ok(Design { panels, pointer }),
            _ => Err(ImportError::NotADesign { pointer }),
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.panels.len()
    }

    /// Where a panel stands in the file (RFC 6901).
    pub(crate) fn pointer(&self, panel: usize) -> String {
        format!("{}/{panel}", self.pointer)
    }

    pub(crate) fn panel(&self, index: usize) -> Result<Panel<'_>, ImportError> {
        let panel = self.panels.get(index).ok_or(ImportError::NoSuchPanel { panels: self.len() })?;
        let pointer = self.pointer(index);
        let Some(members) = panel.as_object() else { return Err(ImportError::NotADesign { pointer }) };
        let elements = match members.get("printElements") {
            None | Some(Value::Null) => &[][..],
            Some(Value::Array(elements)) if elements.len() <= ELEMENTS => elements,
            Some(Value::Array(_)) => {
                return Err(ImportError::TooMany { pointer: format!("{pointer}/printElements") });
            }
            Some(_) => return Err(ImportError::NotADesign { pointer: format!("{pointer}/printElements") }),
        };
        let options = Options { first: Some(members), second: None };
        let paper = paper(options.word("paperType"));
        let side = |name, usual: Option<f64>| match options.number(name) {
            Ok(side) => side.or(usual).filter(|side| (1.0..=1200.0).contains(side)),
            Err(_) => None,
        };
        let size = (side("width", paper.map(|paper| paper.0)), side("height", paper.map(|paper| paper.1)));
        let (Some(width), Some(height)) = size else {
            let name = if size.0.is_none() { "width" } else { "height" };
            return Err(ImportError::PageSize { pointer: format!("{pointer}/{name}") });
        };
        Ok(Panel { index, pointer, width, height, options, elements })
    }
}

/// Whether a name can stand in a place that people are told.
fn is_word(name: &str) -> bool {
    (1..=40).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

/// The size of a sheet of a name, as hiprint has it, in millimetres.
fn paper(name: &str) -> Option<(f64, f64)> {
    Some(match name {
        "A3" => (420.0, 296.6),
        "A4" => (210.0, 296.6),
        "A5" => (210.0, 147.6),
        "B3" => (500.0, 352.6),
        "B4" => (250.0, 352.6),
        "B5" => (250.0, 175.6),
        _ => return None,
    })
}

/// A panel: what becomes a template.
pub(crate) struct Panel<'d> {
    pub(crate) index: usize,
    /// Where it stands in the file.
    pub(crate) pointer: String,
    /// In millimetres.
    pub(crate) width: f64,
    pub(crate) height: f64,
    pub(crate) options: Options<'d>,
    pub(crate) elements: &'d [Value],
}

/// The options of an element: its own, and those of its type for what it does not say.
#[derive(Clone, Copy)]
pub(crate) struct Options<'d> {
    first: Option<&'d Map<String, Value>>,
    second: Option<&'d Map<String, Value>>,
}

/// A value that is not what is meant there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Odd;

impl<'d> Options<'d> {
    pub(crate) fn of_element(element: &'d Value) -> Self {
        Options {
            first: element.get("options").and_then(Value::as_object),
            second: element.get("printElementType").and_then(Value::as_object),
        }
    }

    pub(crate) fn of_column(column: &'d Value) -> Self {
        Options { first: column.as_object(), second: None }
    }

    /// Whether both are of the same place in the design.
    pub(crate) fn is_same(self, other: Options<'_>) -> bool {
        self.first.is_some_and(|first| other.first.is_some_and(|other| std::ptr::eq(first, other)))
    }

    /// What the options say; nothing is as good as `null` or an empty text.
    pub(crate) fn get(self, name: &str) -> Option<&'d Value> {
        let said = |value: &&Value| !value.is_null() && value.as_str() != Some("");
        let of = |members: Option<&'d Map<String, Value>>| members.and_then(|members| members.get(name));
        of(self.first).filter(said).or_else(|| of(self.second).filter(said))
    }

    /// A word; empty if there is none.
    pub(crate) fn word(self, name: &str) -> &'d str {
        self.get(name).and_then(Value::as_str).unwrap_or_default().trim()
    }

    /// A text; a number is one as well.
    pub(crate) fn text(self, name: &str) -> String {
        match self.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Number(number)) => number.to_string(),
            _ => String::new(),
        }
    }

    /// A number, or a text that is one: `12`, `"12"`, `"12pt"`.
    pub(crate) fn number(self, name: &str) -> Result<Option<f64>, Odd> {
        let number = match self.get(name) {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) => {
                let text = text.trim();
                let (digits, scale) = match text.strip_suffix("px") {
                    Some(digits) => (digits, 0.75),
                    None => (text.strip_suffix("pt").unwrap_or(text), 1.0),
                };
                digits.trim().parse::<f64>().ok().map(|number| number * scale)
            }
            Some(_) => None,
        };
        number.filter(|number| number.is_finite() && number.abs() <= 1e6).map(Some).ok_or(Odd)
    }

    /// Whether it says yes.
    pub(crate) fn is_true(self, name: &str) -> bool {
        match self.get(name) {
            Some(Value::Bool(yes)) => *yes,
            Some(Value::String(word)) => word == "true",
            _ => false,
        }
    }

    /// Whether it says anything but no.
    pub(crate) fn is_set(self, name: &str) -> bool {
        match self.get(name) {
            None | Some(Value::Bool(false)) => false,
            Some(Value::String(word)) => word != "false",
            Some(Value::Array(values)) => !values.is_empty(),
            Some(Value::Object(members)) => !members.is_empty(),
            Some(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_no_design_has_a_place() {
        for (text, expected) in [
            ("", ImportError::Syntax { line: 1, column: 0 }),
            ("{\n\"panels\": [}", ImportError::Syntax { line: 2, column: 12 }),
            ("[]", ImportError::NotADesign { pointer: String::new() }),
            ("{}", ImportError::NotADesign { pointer: "/panels".to_owned() }),
            ("{\"panels\":[]}", ImportError::NotADesign { pointer: "/panels".to_owned() }),
            ("{\"panels\":[1]}", ImportError::NotADesign { pointer: "/panels/0".to_owned() }),
            (
                "{\"panels\":[{\"width\":10}]}",
                ImportError::PageSize { pointer: "/panels/0/height".to_owned() },
            ),
            (
                "{\"panels\":[{\"width\":1e9,\"height\":1}]}",
                ImportError::PageSize { pointer: "/panels/0/width".to_owned() },
            ),
            (
                "{\"panels\":[{\"width\":10,\"height\":10,\"printElements\":{}}]}",
                ImportError::NotADesign { pointer: "/panels/0/printElements".to_owned() },
            ),
        ] {
            let error =
                Design::read(text.as_bytes()).and_then(|design| design.panel(0).map(|_| ())).unwrap_err();
            assert_eq!(error, expected, "{text}");
        }
        assert!(matches!(Design::read(&vec![b' '; SIZE + 1]), Err(ImportError::TooLarge)));
        let deep = format!("{{\"panels\":{}", "[".repeat(10_000));
        assert!(matches!(Design::read(deep.as_bytes()), Err(ImportError::Syntax { line: 1, .. })));
    }

    #[test]
    fn numbers_may_be_texts() {
        let element = json!({
            "options": {"a": 1.5, "b": "12pt", "c": " 8px ", "d": "wide", "e": null, "f": true, "g": 1e99, "h": ""},
            "printElementType": {"e": 7, "h": "second"},
        });
        let options = Options::of_element(&element);
        for (name, expected) in [
            ("a", Ok(Some(1.5))),
            ("b", Ok(Some(12.0))),
            ("c", Ok(Some(6.0))),
            ("d", Err(Odd)),
            ("e", Ok(Some(7.0))),
            ("f", Err(Odd)),
            ("g", Err(Odd)),
            ("h", Err(Odd)),
            ("x", Ok(None)),
        ] {
            assert_eq!(options.number(name), expected, "{name}");
        }
        assert_eq!(options.word("h"), "second");
    }

    #[test]
    fn sheets_with_a_name_need_no_size() {
        for text in
            ["\u{feff}{\"panels\":[{\"paperType\":\"A5\"}]}", r#""{\"panels\":[{\"paperType\":\"A5\"}]}""#]
        {
            let design = Design::read(text.as_bytes()).unwrap();
            let panel = design.panel(0).unwrap();
            assert_eq!((panel.width, panel.height), (210.0, 147.6));
        }
        let around = r#"{"name": "x", "template": {"panels": [{"paperType": "A5"}, {}]}, "data": {}}"#;
        let design = Design::read(around.as_bytes()).unwrap();
        assert_eq!(design.panel(0).unwrap().pointer, "/template/panels/0");
        assert!(
            matches!(design.panel(1), Err(ImportError::PageSize { pointer }) if pointer == "/template/panels/1/width")
        );
        let odd = "{\"\\u001b[2J\": {\"panels\": [{}]}}";
        assert!(
            matches!(Design::read(odd.as_bytes()), Err(ImportError::NotADesign { pointer }) if pointer == "/panels")
        );
        let two = br#"{"a": {"panels": [{}]}, "b": {"panels": [{}]}}"#;
        assert!(matches!(Design::read(two), Err(ImportError::NotADesign { .. })));
        let design = Design::read(b"{\"panels\":[{}]}").unwrap();
        assert!(matches!(design.panel(1), Err(ImportError::NoSuchPanel { panels: 1 })));
    }
}
