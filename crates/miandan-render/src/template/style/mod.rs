//! `style="name:value;…"`: what it can say.
//!
//! Real templates are untidy, so what is unknown or odd is passed over with a remark, as other printers of the
//! dialect do; only what would draw something else than meant refuses the template.

mod values;

use miandan_core::label::Micrometres;

pub(crate) use values::{Unit, decimal, length};
use values::{
    angle, colour, family, four, line_kind, one_of, points, set_kinds, set_widths, sides, sides_in, spacing,
    width,
};

use super::{Problem, limits};
use crate::angle::Angle;
use crate::frame::{Ink, Turn};

/// A style with every property, at its default unless it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Style {
    pub(crate) z_index: i32,
    /// `overflow:hidden`: text keeps its size and ends with an ellipsis; otherwise it shrinks first.
    pub(crate) hidden: bool,
    /// Top, right, bottom, left, as in CSS.
    pub(crate) margin: [Micrometres; 4],
    pub(crate) padding: [Micrometres; 4],
    pub(crate) align: Align,
    pub(crate) valign: Align,
    /// `orientation:vertical`, and where the block of columns stands: at the right unless `align` says otherwise.
    pub(crate) columns: Option<Align>,
    /// Whether more than half opaque: a thermal head knows nothing between.
    pub(crate) visible: bool,
    pub(crate) turn: Turn,
    /// What `rotation` says where it is no quarter turn; there is no turn then.
    pub(crate) angle: Angle,
    /// Em in micrometres; `None` for `auto`.
    pub(crate) font_size: Option<Micrometres>,
    pub(crate) font_family: Option<Box<str>>,
    pub(crate) bold: bool,
    pub(crate) italic: bool,
    pub(crate) underline: bool,
    pub(crate) font_ink: Ink,
    pub(crate) background: Option<Ink>,
    pub(crate) fill: Option<Ink>,
    pub(crate) line_ink: Ink,
    pub(crate) letter_spacing: Spacing,
    /// In percent of the normal height.
    pub(crate) line_height: i32,
    pub(crate) wrap: bool,
    pub(crate) hide_text: bool,
    pub(crate) line_width: Option<Micrometres>,
    pub(crate) line_kind: LineKind,
    /// Top, right, bottom, left.
    pub(crate) border_width: Option<[Micrometres; 4]>,
    /// Top, right, bottom, left.
    pub(crate) border_kinds: [LineKind; 4],
    /// Horizontal and vertical lines between the cells of a table.
    pub(crate) cell_lines: [Option<CellLine>; 2],
    /// The same around the cells of a row of headings.
    pub(crate) heading_lines: [Option<CellLine>; 2],
}

/// A line between the cells of a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CellLine {
    pub(crate) width: Micrometres,
    pub(crate) kind: LineKind,
}

impl Default for CellLine {
    fn default() -> Self {
        CellLine { width: points(1.0), kind: LineKind::Solid }
    }
}

/// Where content stands in its box, along either axis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Start,
    Middle,
    End,
}

/// By which angles an element can be turned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Turns {
    /// Quarter turns.
    Quarters,
    /// Any: only text.
    Any,
}

/// What is added after each character.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spacing {
    /// Thousandths of the em.
    Relative(i32),
    Absolute(Micrometres),
}

/// How a line is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LineKind {
    Solid,
    Dashed,
    Dotted,
}

impl Default for Style {
    fn default() -> Self {
        Style {
            z_index: 0,
            hidden: false,
            margin: [0; 4],
            padding: [0; 4],
            align: Align::Start,
            valign: Align::Start,
            columns: None,
            visible: true,
            turn: Turn::None,
            angle: Angle::NONE,
            font_size: Some(points(8.0)),
            font_family: None,
            bold: false,
            italic: false,
            underline: false,
            font_ink: Ink::Black,
            background: None,
            fill: None,
            line_ink: Ink::Black,
            letter_spacing: Spacing::Relative(0),
            line_height: 100,
            wrap: true,
            hide_text: true,
            line_width: None,
            line_kind: LineKind::Solid,
            border_width: None,
            border_kinds: [LineKind::Solid; 4],
            cell_lines: [None; 2],
            heading_lines: [None; 2],
        }
    }
}

impl Style {
    /// Reads a style. Remarks and the fault come with the offset of the property in the text.
    pub(crate) fn parse(
        text: &str,
        turns: Turns,
        remark: &mut dyn FnMut(Problem, usize),
    ) -> Result<Style, (Problem, usize)> {
        let mut style = Style::default();
        let (mut at, mut aligned) = (0, false);
        for property in text.split(';') {
            let offset = at + property.len() - property.trim_start().len();
            at += property.len() + 1;
            if property.trim().is_empty() {
                continue;
            }
            let Some((name, value)) = property.split_once(':') else {
                remark(Problem::UnknownProperty, offset);
                continue;
            };
            let value = value.trim().trim_matches(['"', '\'']);
            let name = name.trim().to_ascii_lowercase();
            match style.set(&name, value, turns) {
                Ok(()) => aligned |= name == "align",
                Err(problem @ (Problem::UnknownProperty | Problem::OddValue | Problem::PropertyIgnored)) => {
                    remark(problem, offset);
                }
                Err(problem) => return Err((problem, offset)),
            }
        }
        if aligned {
            style.columns = style.columns.map(|_| style.align);
        }
        Ok(style)
    }

    fn set(&mut self, name: &str, value: &str, turns: Turns) -> Result<(), Problem> {
        let word = value.to_ascii_lowercase();
        match name {
            "zindex" => self.z_index = word.parse().map_err(|_| Problem::OddValue)?,
            "overflow" => self.hidden = one_of(&word, &[("visible", false), ("hidden", true)])?,
            "margin" => self.margin = sides(&word)?,
            "padding" => self.padding = sides(&word)?,
            "align" => {
                self.align = one_of(
                    &word,
                    &[("left", Align::Start), ("center", Align::Middle), ("right", Align::End)],
                )?;
            }
            "valign" => {
                self.valign = one_of(
                    &word,
                    &[("top", Align::Start), ("middle", Align::Middle), ("bottom", Align::End)],
                )?;
            }
            "alpha" | "opacity" => self.visible = decimal(&word).ok_or(Problem::OddValue)? > 0.5,
            "rotation" => {
                let angle = angle(&word)?;
                (self.turn, self.angle) = match angle.turn() {
                    Some(turn) => (turn, Angle::NONE),
                    None if turns == Turns::Any => (Turn::None, angle),
                    None => return Err(Problem::RotationNotSupported),
                };
            }
            "direction" => {
                return one_of(&word, &[("ltr", Ok(())), ("rtl", Err(Problem::DirectionNotSupported))])?;
            }
            "orientation" => {
                self.columns = one_of(&word, &[("horizontal", None), ("vertical", Some(Align::End))])?;
            }
            "fontsize" if word == "auto" => self.font_size = None,
            "fontsize" => {
                let size = length(&word, Unit::Points).ok_or(Problem::BadLength)?;
                if !(100..=limits::EM).contains(&size) {
                    return Err(Problem::OutOfRange);
                }
                self.font_size = Some(size);
            }
            "fontweight" => {
                self.bold = one_of(&word, &[("light", false), ("normal", false), ("bold", true)])?
            }
            "fontcolor" => self.font_ink = colour(&word)?.ok_or(Problem::OddValue)?,
            "linecolor" | "bordercolor" => self.line_ink = colour(&word)?.ok_or(Problem::OddValue)?,
            "backgroundcolor" => self.background = colour(&word)?,
            "fillcolor" => self.fill = colour(&word)?,
            "letterspacing" => self.letter_spacing = spacing(&word)?,
            "lineheight" => {
                let percent = decimal(word.strip_suffix('%').unwrap_or(&word)).ok_or(Problem::OddValue)?;
                if !(50.0..=500.0).contains(&percent) {
                    return Err(Problem::OddValue);
                }
                self.line_height = percent as i32;
            }
            "wrap" => self.wrap = one_of(&word, &[("true", true), ("false", false)])?,
            "hidetext" => self.hide_text = one_of(&word, &[("true", true), ("false", false)])?,
            "linewidth" => self.line_width = Some(width(&word)?),
            "linetype" => self.line_kind = line_kind(&word)?,
            "borderwidth" => {
                let widths = sides_in(&word, Unit::Points)?;
                if widths.iter().any(|width| *width < 0) {
                    return Err(Problem::OddValue);
                }
                self.border_width = Some(widths);
            }
            "borderstyle" => self.border_kinds = four(&word, line_kind)?,
            // It counts if a caller brought a font of that name; the bundled one stands for all others.
            "fontfamily" => self.font_family = family(&word),
            "fontunderline" => self.underline = one_of(&word, &[("true", true), ("false", false)])?,
            "fontitalic" | "fontitatlic" => self.italic = one_of(&word, &[("true", true), ("false", false)])?,
            "headerborderwidth" => set_widths(&mut self.heading_lines, &word)?,
            "headerborderstyle" => set_kinds(&mut self.heading_lines, &word)?,
            "cellborderwidth" => set_widths(&mut self.cell_lines, &word)?,
            "cellborderstyle" => set_kinds(&mut self.cell_lines, &word)?,
            _ => return Err(Problem::UnknownProperty),
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> (Style, Vec<(Problem, usize)>) {
        let mut remarks = Vec::new();
        let style =
            Style::parse(text, Turns::Quarters, &mut |problem, offset| remarks.push((problem, offset)))
                .unwrap();
        (style, remarks)
    }

    #[test]
    fn properties() {
        let (style, remarks) = parse(
            "fontSize:12; fontWeight : bold;align:center;VALIGN:middle;rotation:-90;letterSpacing:20%;lineHeight:120%;\
             wrap:false;hideText:false;overflow:hidden;zIndex:-3;padding:1 2;margin:1pt;lineWidth:2;lineType:dashed;\
             borderWidth:1 0 1 0;fontColor:#fff;backgroundColor:#123456;fontFamily:\"SimSun\";",
        );
        assert_eq!(remarks, []);
        assert_eq!(
            style,
            Style {
                z_index: -3,
                hidden: true,
                margin: [353; 4],
                padding: [1000, 2000, 1000, 2000],
                align: Align::Middle,
                valign: Align::Middle,
                turn: Turn::ThreeQuarters,
                font_size: Some(4233),
                font_family: Some("simsun".into()),
                bold: true,
                font_ink: Ink::White,
                background: Some(Ink::Black),
                letter_spacing: Spacing::Relative(200),
                line_height: 120,
                wrap: false,
                hide_text: false,
                line_width: Some(706),
                line_kind: LineKind::Dashed,
                border_width: Some([353, 0, 353, 0]),
                ..Style::default()
            }
        );
    }

    #[test]
    fn odd_things_are_passed_over() {
        let (style, remarks) = parse("zIndex:81111111111111; valign:left;colour:red;;nonsense;fontItalic:1");
        assert_eq!(style, Style::default());
        assert_eq!(
            remarks,
            [
                (Problem::OddValue, 0),
                (Problem::OddValue, 23),
                (Problem::UnknownProperty, 35),
                (Problem::UnknownProperty, 47),
                (Problem::OddValue, 56),
            ]
        );
    }

    #[test]
    fn what_would_draw_something_else_is_refused() {
        for (text, expected) in [
            ("rotation:45", (Problem::RotationNotSupported, 0)),
            ("wrap:true;direction:rtl", (Problem::DirectionNotSupported, 10)),
            ("fontSize:big", (Problem::BadLength, 0)),
            ("fontSize:0", (Problem::OutOfRange, 0)),
            ("fontSize:-8", (Problem::OutOfRange, 0)),
            ("fontSize:1000", (Problem::OutOfRange, 0)),
        ] {
            assert_eq!(Style::parse(text, Turns::Quarters, &mut |_, _| {}), Err(expected), "{text}");
        }
    }

    #[test]
    fn text_is_turned_by_any_angle() {
        for (text, turn, hundredths) in [
            ("45", Turn::None, 4_500),
            ("-0.5", Turn::None, 35_950),
            ("-720.5", Turn::None, 35_950),
            ("33.333", Turn::None, 3_333),
            ("359.999", Turn::None, 0),
            ("-90", Turn::ThreeQuarters, 0),
            ("450.001", Turn::Quarter, 0),
            ("180.0", Turn::Half, 0),
            ("-0", Turn::None, 0),
        ] {
            let style = Style::parse(&format!("rotation:{text}"), Turns::Any, &mut |_, _| panic!()).unwrap();
            assert_eq!((style.turn, style.angle.in_hundredths()), (turn, hundredths), "{text}");
        }
        for odd in ["NaN", "inf", "1e9", "", "45deg", "0x2D", "1.2.3", "99999999999999999999999999999999999"]
        {
            let mut remarks = Vec::new();
            let mut remark = |problem, offset| remarks.push((problem, offset));
            let style = Style::parse(&format!("rotation:{odd}"), Turns::Any, &mut remark);
            assert_eq!((style, remarks), (Ok(Style::default()), vec![(Problem::OddValue, 0)]), "{odd}");
        }
        let far = Style::parse("rotation:99999999999999999999999999999999", Turns::Any, &mut |_, _| panic!());
        assert!(far.is_ok_and(|style| style.angle.in_hundredths() < 36_000));
    }

    #[test]
    fn italics_under_either_name() {
        for (text, italic) in
            [("fontItalic:true", true), ("fontItatlic:true", true), ("fontItalic:false", false)]
        {
            let (style, remarks) = parse(text);
            assert_eq!((style.italic, remarks), (italic, Vec::new()), "{text}");
        }
    }

    #[test]
    fn lengths() {
        for (text, expected) in [
            ("7", Some(7000)),
            (" 7.25mm ", Some(7250)),
            ("72PT", Some(25_400)),
            ("-2", Some(-2000)),
            ("", None),
            ("NaN", None),
            ("inf", None),
            ("1e3", None),
            ("7px", None),
            ("9999", None),
            ("99999999999999999999999999999999", None),
            ("中mm", None),
        ] {
            assert_eq!(length(text, Unit::Millimetres), expected, "{text}");
        }
    }
}
