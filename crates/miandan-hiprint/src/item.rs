//! An element of a panel while it is carried over: its place, its box, and what there is to say of it.

use serde_json::Value;

use crate::colour::{self, Use};
use crate::design::{Odd, Options, POINT, Panel};
use crate::note::{Kind, Note, Outcome, Reason, Remark};
use crate::write::{Tag, number};

/// Millimetres off the sheet in which an element still counts, the limit of the template language.
const FAR: f64 = 1_900.0;

/// A box, in points.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Box {
    pub(crate) left: f64,
    pub(crate) top: f64,
    pub(crate) width: f64,
    pub(crate) height: f64,
}

impl Box {
    /// The box that this one takes when it is turned about its middle by quarter turns.
    pub(crate) fn turned(self, quarters: u8) -> Box {
        if quarters.is_multiple_of(2) {
            return self;
        }
        let Box { left, top, width, height } = self;
        Box {
            left: left + (width - height) / 2.0,
            top: top + (height - width) / 2.0,
            width: height,
            height: width,
        }
    }

    /// Whether the template language has such lengths.
    fn is_near(self) -> bool {
        [self.left, self.top, self.width, self.height].iter().all(|length| (length * POINT).abs() <= FAR)
    }

    pub(crate) fn write(self, tag: &mut Tag) {
        tag.length("left", self.left);
        tag.length("top", self.top);
        tag.length("width", self.width);
        tag.length("height", self.height);
    }
}

/// How an element is turned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Turn {
    /// Clockwise, from 0 to 360.
    pub(crate) degrees: f64,
}

impl Turn {
    /// The number of quarter turns, if it is exactly that.
    pub(crate) fn exactly(self) -> Option<u8> {
        let quarters = self.nearest();
        let off = (self.degrees - f64::from(quarters) * 90.0).abs();
        (off.min((360.0 - off).abs()) < 0.005).then_some(quarters)
    }

    /// The nearest number of quarter turns.
    pub(crate) fn nearest(self) -> u8 {
        (self.degrees / 90.0).round() as u8 % 4
    }
}

/// An element.
pub(crate) struct Item<'d> {
    pub(crate) options: Options<'d>,
    pub(crate) kind: Kind,
    pub(crate) area: Box,
    pub(crate) note: Note,
}

impl<'d> Item<'d> {
    pub(crate) fn read(panel: &Panel<'d>, index: usize, element: &'d Value) -> Item<'d> {
        let options = Options::of_element(element);
        let kind = kind(element);
        let note = Note {
            panel: panel.index,
            element: Some(index),
            pointer: format!("{}/printElements/{index}", panel.pointer),
            kind,
            outcome: Outcome::Carried,
            field: None,
            target: None,
            remarks: Vec::new(),
        };
        let area = Box { left: 0.0, top: 0.0, width: 0.0, height: 0.0 };
        let mut item = Item { options, kind, area, note };
        let (width, height) = usual_size(kind);
        item.area = Box {
            left: item.number("left").unwrap_or(0.0)
                + panel.options.number("leftOffset").ok().flatten().unwrap_or(0.0),
            top: item.number("top").unwrap_or(0.0)
                + panel.options.number("topOffset").ok().flatten().unwrap_or(0.0),
            width: item.size("width").unwrap_or(width),
            height: item.size("height").unwrap_or(height),
        };
        item
    }

    /// A number of the options; one that cannot be read is remarked on.
    pub(crate) fn number(&mut self, name: &str) -> Option<f64> {
        self.options.number(name).unwrap_or_else(|Odd| {
            self.remark(Reason::Value);
            None
        })
    }

    /// A number that cannot be negative.
    pub(crate) fn size(&mut self, name: &str) -> Option<f64> {
        let size = self.number(name)?;
        if size < 0.0 {
            self.remark(Reason::Value);
            return None;
        }
        Some(size)
    }

    /// Whether it is so near to the sheet that it can be written down.
    pub(crate) fn is_near(&self) -> bool {
        // Turning and the height of lines move an element by less than its own size.
        let Box { left, top, width, height } = self.area;
        let more = width + height + 400.0;
        Box { left: left.abs() + more, top: top.abs() + more, width, height }.is_near()
    }

    /// Something is not as it was; said once for each reason.
    pub(crate) fn remark(&mut self, reason: Reason) {
        self.remark_column(reason, None);
    }

    pub(crate) fn remark_column(&mut self, reason: Reason, column: Option<String>) {
        if self.note.outcome == Outcome::LeftOut {
            // How it would have been is of no interest.
            return;
        }
        let remark = Remark { reason, column };
        if !self.note.remarks.contains(&remark) {
            self.note.remarks.push(remark);
        }
        self.note.outcome = self.note.outcome.max(Outcome::Changed);
    }

    /// It is not in the template.
    pub(crate) fn leave_out(&mut self, reason: Reason) {
        self.remark(reason);
        self.note.outcome = Outcome::LeftOut;
    }

    pub(crate) fn turn(&mut self) -> Turn {
        let degrees = self.number("transform").unwrap_or(0.0).rem_euclid(360.0);
        Turn { degrees: (degrees * 100.0).round() / 100.0 }
    }

    /// The turn of what can be turned by quarters only.
    pub(crate) fn quarters(&mut self) -> u8 {
        let turn = self.turn();
        if turn.exactly().is_none() {
            self.remark(Reason::Angle);
        }
        turn.nearest()
    }

    /// The colour of an option, if it has one.
    pub(crate) fn ink(&mut self, name: &str) -> Option<colour::Ink> {
        let used = if name == "backgroundColor" { Use::Area } else { Use::Stroke };
        let ink = colour::ink(self.options.word(name), used).unwrap_or_else(|()| {
            self.remark(Reason::Value);
            None
        })?;
        if !ink.exact {
            self.remark(Reason::Colour);
        }
        Some(ink)
    }

    pub(crate) fn z_index(&mut self, tag: &mut Tag) {
        match self.number("zIndex") {
            Some(index) if index.abs() <= 1e6 && index.round() != 0.0 => {
                tag.style("zIndex", &number(index.round()))
            }
            _ => {}
        }
    }

    /// The kind of a line.
    pub(crate) fn line_kind(&mut self, word: &str) -> &'static str {
        match word {
            "dashed" => "dashed",
            "dotted" => "dotted",
            "" | "solid" => "solid",
            _ => {
                self.remark(Reason::BorderStyle);
                "solid"
            }
        }
    }

    /// Border, padding and background of a box. Whether it has any of them.
    pub(crate) fn decorate(&mut self, tag: &mut Tag, more_above: f64) -> bool {
        let mut decorated = false;
        let sides =
            ["borderTop", "borderRight", "borderBottom", "borderLeft"].map(|name| self.options.word(name));
        let has = |side: &str| !matches!(side, "" | "none" | "hidden");
        if sides.iter().any(|side| has(side)) {
            let width = number(self.size("borderWidth").unwrap_or(0.75).min(72.0));
            let widths = sides.map(|side| if has(side) { &*width } else { "0" });
            let kinds = sides.map(|side| if has(side) { self.line_kind(side) } else { "solid" });
            tag.style("borderWidth", &four(widths));
            if kinds != ["solid"; 4] {
                tag.style("borderStyle", &four(kinds));
            }
            if self.ink("borderColor").is_some_and(|ink| !ink.black) {
                tag.style("borderColor", "#ffffff");
            }
            decorated = true;
        }
        if let Some(ink) = self.ink("backgroundColor") {
            tag.style("backgroundColor", ink.as_str());
            decorated = true;
        }
        let paddings =
            ["contentPaddingTop", "contentPaddingRight", "contentPaddingBottom", "contentPaddingLeft"];
        let mut paddings = paddings.map(|name| self.size(name).unwrap_or(0.0).min(1_000.0));
        if decorated && more_above > 0.0 {
            paddings[0] += more_above;
        }
        let paddings = paddings.map(crate::write::millimetres);
        if paddings.iter().any(|padding| padding != "0") {
            tag.style("padding", &four([0, 1, 2, 3].map(|side| &*paddings[side])));
            decorated = true;
        }
        decorated
    }

    /// Whether a border or a background will be drawn.
    pub(crate) fn is_decorated(&self) -> bool {
        ["borderTop", "borderRight", "borderBottom", "borderLeft", "backgroundColor"]
            .iter()
            .any(|name| !matches!(self.options.word(name), "" | "none" | "hidden" | "transparent"))
    }

    /// Remarks on what decides about value, style and page.
    pub(crate) fn rules(&mut self, flows: bool) {
        let options = self.options;
        for (set, reason) in [
            (options.is_set("formatter") && !matches!(self.kind, Kind::Html), Reason::Formatter),
            (options.is_set("styler"), Reason::Styler),
            (options.is_set("format") && options.is_set("dataType"), Reason::Format),
            (options.is_set("upperCase"), Reason::UpperCase),
            (options.is_true("pageBreak"), Reason::PageRule),
            (flows && (options.is_set("showInPage") || options.is_set("unShowInPage")), Reason::PageRule),
            (options.is_set("longTextIndent"), Reason::Indent),
        ] {
            if set {
                self.remark(reason);
            }
        }
    }
}

/// Four values of a style, as few as will do.
fn four(values: [&str; 4]) -> String {
    if values == [values[0]; 4] { values[0].to_owned() } else { values.join(" ") }
}

/// What an element is. Old designs name it by the place of its type in the designer, whose last word is the kind.
fn kind(element: &Value) -> Kind {
    let of = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let kind = of(element.pointer("/printElementType/type")).or_else(|| of(element.pointer("/options/type")));
    let place = || of(element.get("tid")).or_else(|| of(element.pointer("/printElementType/tid")));
    let kind = kind.or_else(|| place().and_then(|place| place.rsplit('.').next().map(str::to_owned)));
    match kind.as_deref() {
        Some("text" | "customText") => Kind::Text,
        Some(kind) => {
            let known = Kind::ALL.iter().find(|known| known.as_str() == kind && **known != Kind::Panel);
            known.copied().unwrap_or(Kind::Unknown)
        }
        None => Kind::Unknown,
    }
}

/// The size that the designer gives to what has none, in points.
fn usual_size(kind: Kind) -> (f64, f64) {
    match kind {
        Kind::Text => (120.0, 9.75),
        Kind::LongText => (550.0, 42.0),
        Kind::Barcode => (160.0, 40.0),
        Kind::QrCode => (80.0, 80.0),
        Kind::Table => (550.0, 36.0),
        Kind::HorizontalLine => (90.0, 9.0),
        Kind::VerticalLine => (9.0, 90.0),
        Kind::Rectangle | Kind::Oval | Kind::Image | Kind::Html | Kind::Unknown | Kind::Panel => (90.0, 90.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn quarter_turns_keep_the_middle() {
        let area = Box { left: 10.0, top: 20.0, width: 100.0, height: 40.0 };
        assert_eq!(area.turned(1), Box { left: 40.0, top: -10.0, width: 40.0, height: 100.0 });
        assert_eq!(area.turned(2), area);
        assert_eq!(area.turned(3).turned(1), area);
    }

    #[test]
    fn turns() {
        for (degrees, exactly, nearest) in [
            (0.0, Some(0), 0),
            (90.0, Some(1), 1),
            (359.999, Some(0), 0),
            (44.0, None, 0),
            (46.0, None, 1),
            (300.0, None, 3),
        ] {
            let turn = Turn { degrees };
            assert_eq!((turn.exactly(), turn.nearest()), (exactly, nearest), "{degrees}");
        }
    }

    #[test]
    fn kinds() {
        for (element, expected) in [
            (json!({"printElementType": {"type": "hline"}}), Kind::HorizontalLine),
            (json!({"tid": "defaultModule.customText"}), Kind::Text),
            (json!({"printElementType": {"tid": "my.table"}}), Kind::Table),
            (json!({"printElementType": {"type": "panel"}}), Kind::Unknown),
            (json!({"printElementType": {"type": 7}}), Kind::Unknown),
            (json!("text"), Kind::Unknown),
        ] {
            assert_eq!(kind(&element), expected, "{element}");
        }
    }
}
