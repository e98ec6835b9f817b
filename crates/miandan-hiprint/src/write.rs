//! Writing the template: tags, numbers, and texts that are safe in XML.

use std::fmt::Write;

use miandan_render::faces::Faces;

use crate::design::POINT;
use crate::item::Item;
use crate::note::Reason;

/// Characters of a fixed text. A template takes four times as much.
const TEXT: usize = 4_000;

/// Characters of a name from the design that are told.
const NAME: usize = 60;

/// A tag with its attributes and style.
pub(crate) struct Tag {
    name: &'static str,
    attributes: String,
    style: Vec<String>,
}

impl Tag {
    pub(crate) fn new(name: &'static str) -> Self {
        Tag { name, attributes: String::new(), style: Vec::new() }
    }

    /// Adds an attribute. Its value is safe already.
    pub(crate) fn attribute(&mut self, name: &str, value: &str) {
        let _ = write!(self.attributes, " {name}=\"{value}\"");
    }

    /// Adds a length in points, written in millimetres.
    pub(crate) fn length(&mut self, name: &str, points: f64) {
        self.attribute(name, &millimetres(points));
    }

    /// Adds a property of the style. Its value is safe already.
    pub(crate) fn style(&mut self, name: &str, value: &str) {
        self.style.push(format!("{name}:{value}"));
    }

    /// The tag with the style of another one.
    pub(crate) fn with_style_of(mut self, other: Tag) -> Tag {
        self.style.extend(other.style);
        self
    }

    fn open(&self) -> String {
        let style = self.style.join(";");
        let style = if style.is_empty() { style } else { format!(" style=\"{style}\"") };
        format!("<{}{}{style}", self.name, self.attributes)
    }

    /// The tag alone.
    pub(crate) fn empty(&self) -> String {
        format!("{}/>", self.open())
    }

    /// The start tag, for content on lines of its own.
    pub(crate) fn start(&self) -> String {
        format!("{}>", self.open())
    }

    /// The tag with content, which is safe already, on one line.
    pub(crate) fn around(&self, content: &str) -> String {
        format!("{}>{content}</{}>", self.open(), self.name)
    }
}

/// Points as millimetres, to a hundredth: `12.7`.
pub(crate) fn millimetres(points: f64) -> String {
    number(points * POINT)
}

/// A number to a hundredth, without zeros at its end.
pub(crate) fn number(number: f64) -> String {
    let text = format!("{number:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0".to_owned() } else { text.to_owned() }
}

/// A text of the design as content of an element: without tags, control characters and characters that no face has.
pub(crate) fn fixed(text: &str, item: &mut Item<'_>) -> String {
    let faces = Faces::default();
    let (plain, marked) = without_tags(text);
    if marked {
        item.remark(Reason::Markup);
    }
    let mut out = String::new();
    for (count, c) in plain.trim().chars().enumerate() {
        if count >= TEXT {
            item.remark(Reason::TooMuch);
            break;
        }
        match c {
            BREAK => out.push_str("&#10;"),
            '\n' | '\r' | '\t' => {}
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c if c.is_control() => {}
            c if faces.has(c) => out.push(c),
            _ => {
                out.push('□');
                item.remark(Reason::Characters);
            }
        }
    }
    out
}

/// Stands for `<br>` while a text is being cleaned; a control character otherwise.
const BREAK: char = '\u{1E}';

/// A text without tags: hiprint puts texts into a page as HTML. Line breaks become [`BREAK`].
fn without_tags(text: &str) -> (String, bool) {
    let mut out = String::new();
    let mut marked = false;
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        let tag = &rest[at + 1..];
        let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!');
        match tag.find('>').filter(|_| is_tag) {
            Some(end) => {
                let name: String = tag.chars().take_while(char::is_ascii_alphanumeric).collect();
                if name.eq_ignore_ascii_case("br") {
                    out.push(BREAK);
                }
                marked = true;
                rest = &tag[end + 1..];
            }
            None => {
                out.push('<');
                rest = tag;
            }
        }
    }
    out.push_str(rest);
    for (entity, character) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
    {
        if out.contains(entity) {
            out = out.replace(entity, character);
        }
    }
    (out, marked)
}

/// A name from the design, for a report or a comment.
pub(crate) fn name(text: &str) -> String {
    let mut name: String = text.chars().filter(|c| !is_unfit(*c)).take(NAME).collect();
    if text.chars().nth(NAME).is_some() {
        name.push('…');
    }
    name
}

/// Whether a character has no place in a line for people: it would move the cursor or turn the text around.
fn is_unfit(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
}

/// A comment on one line.
pub(crate) fn comment(text: &str) -> String {
    let mut text: String = text.chars().filter(|c| !is_unfit(*c)).collect();
    while text.contains("--") {
        text = text.replace("--", "- -");
    }
    format!("<!-- {text} -->")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        for (value, expected) in
            [(0.0, "0"), (-0.001, "0"), (12.7, "12.7"), (1.005, "1"), (100.0, "100"), (-2.5, "-2.5")]
        {
            assert_eq!(number(value), expected);
        }
        assert_eq!(millimetres(72.0), "25.4");
    }

    #[test]
    fn texts_lose_their_tags() {
        for (text, expected) in [
            ("a<br/>b", "a\u{1E}b"),
            ("<b>bold</b> &lt;1", "bold <1"),
            ("1 < 2 > 1", "1 < 2 > 1"),
            ("a <", "a <"),
            ("<p", "<p"),
        ] {
            assert_eq!(without_tags(text).0, expected, "{text}");
        }
    }

    #[test]
    fn comments_end_where_they_should() {
        assert_eq!(comment("a --> b ---\n- c"), "<!-- a - -> b - - - - c -->");
        assert_eq!(name(&"\u{202E}长".repeat(61)), format!("{}…", "长".repeat(60)));
    }
}
