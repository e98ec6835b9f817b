//! The tree of a template: elements, attributes, and texts as pieces of literal text and code.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::source::{CODE, Code, ESCAPE, FILLER, Fault, Source};
use super::{Problem, limits};

/// An element with everything in it.
#[derive(Debug)]
pub(crate) struct XmlElement {
    /// As written.
    pub(crate) name: String,
    /// Offset of `<`.
    pub(crate) offset: usize,
    pub(crate) attributes: Vec<XmlAttribute>,
    pub(crate) children: Vec<XmlNode>,
}

/// An attribute with its value.
#[derive(Debug)]
pub(crate) struct XmlAttribute {
    /// As written.
    pub(crate) name: String,
    /// Offset of the name.
    pub(crate) offset: usize,
    pub(crate) value: Vec<Piece>,
    /// Offset of the value's first byte.
    pub(crate) value_offset: usize,
}

/// What stands in an element.
#[derive(Debug)]
pub(crate) enum XmlNode {
    Element(XmlElement),
    Piece(Piece),
}

/// Literal text or code.
#[derive(Debug, Clone)]
pub(crate) enum Piece {
    Literal {
        text: String,
        offset: usize,
        /// From CDATA or an attribute, where white space counts as written.
        exact: bool,
    },
    Code(Code),
}

/// Reads the whole document: its root, with the code before and after it.
pub(crate) fn read(source: &Source) -> Result<Vec<XmlNode>, Fault> {
    let mut tree = Tree { source, open: Vec::new(), top: Vec::new(), nodes: 0 };
    let mut reader = Reader::from_str(&source.xml);
    let mut text_start = None;
    loop {
        let start = reader.buffer_position() as usize;
        let event = reader
            .read_event()
            .map_err(|_| Fault::new(Problem::MalformedXml, reader.error_position() as usize))?;
        let end = reader.buffer_position() as usize;
        if matches!(event, Event::Text(_) | Event::GeneralRef(_)) {
            text_start = text_start.or(Some(start));
            continue;
        }
        if let Some(text_start) = text_start.take() {
            tree.text(text_start, start, Context::Text)?;
        }
        match event {
            Event::Start(tag) => tree.open(&tag, start)?,
            Event::Empty(tag) => {
                tree.open(&tag, start)?;
                tree.close(end)?;
            }
            Event::End(_) => tree.close(start)?,
            Event::CData(_) => tree.text(start + "<![CDATA[".len(), end - "]]>".len(), Context::Cdata)?,
            Event::DocType(_) => return Err(Fault::new(Problem::DocumentType, start)),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) => {}
            Event::Eof => break,
            Event::Text(_) | Event::GeneralRef(_) => {}
        }
    }
    match tree.open.pop() {
        None => Ok(tree.top),
        Some(element) => Err(Fault::new(Problem::MalformedXml, element.offset)),
    }
}

/// Where raw text stands.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Context {
    Text,
    Cdata,
    Attribute,
}

struct Tree<'s> {
    source: &'s Source<'s>,
    open: Vec<XmlElement>,
    top: Vec<XmlNode>,
    nodes: usize,
}

impl Tree<'_> {
    fn open(&mut self, tag: &BytesStart, offset: usize) -> Result<(), Fault> {
        if self.open.len() >= limits::XML_DEPTH {
            return Err(Fault::new(Problem::TooDeep, offset));
        }
        let name = tag.name();
        let raw = tag.attributes_raw();
        // The attributes follow `<` and the name directly.
        let base = offset + 1 + name.as_ref().len();
        if name.as_ref().contains(is_code) {
            return Err(Fault::new(Problem::CodeInTag, offset));
        }
        let mut element = XmlElement {
            name: name.as_ref().to_owned(),
            offset,
            attributes: Vec::new(),
            children: Vec::new(),
        };
        for (name, value) in attributes(raw, base)? {
            if element.attributes.iter().any(|other| other.name.eq_ignore_ascii_case(&raw[name.0..name.1])) {
                return Err(Fault::new(Problem::MalformedXml, base + name.0));
            }
            self.count(base + name.0)?;
            let pieces = self.pieces(base + value.0, base + value.1, Context::Attribute)?;
            element.attributes.push(XmlAttribute {
                name: raw[name.0..name.1].to_owned(),
                offset: base + name.0,
                value: pieces,
                value_offset: base + value.0,
            });
        }
        self.count(offset)?;
        self.open.push(element);
        Ok(())
    }

    fn close(&mut self, end: usize) -> Result<(), Fault> {
        // The reader has checked that names match.
        let element = self.open.pop().ok_or(Fault::new(Problem::MalformedXml, end))?;
        self.siblings().push(XmlNode::Element(element));
        Ok(())
    }

    fn text(&mut self, start: usize, end: usize, context: Context) -> Result<(), Fault> {
        for piece in self.pieces(start, end, context)? {
            self.count(start)?;
            self.siblings().push(XmlNode::Piece(piece));
        }
        Ok(())
    }

    fn siblings(&mut self) -> &mut Vec<XmlNode> {
        match self.open.last_mut() {
            Some(parent) => &mut parent.children,
            None => &mut self.top,
        }
    }

    fn count(&mut self, offset: usize) -> Result<(), Fault> {
        self.nodes += 1;
        if self.nodes > limits::NODES { Err(Fault::new(Problem::TooManyNodes, offset)) } else { Ok(()) }
    }

    /// Splits raw text into literals and code, and resolves references (not in CDATA, which has none).
    fn pieces(&self, start: usize, end: usize, context: Context) -> Result<Vec<Piece>, Fault> {
        let raw = self.source.xml.get(start..end).ok_or(Fault::new(Problem::MalformedXml, start))?;
        let exact = context != Context::Text;
        let mut pieces = Vec::new();
        let mut text = String::new();
        let mut text_offset = start;
        let mut at = 0;
        while let Some(c) = raw[at..].chars().next() {
            let offset = start + at;
            if text.is_empty() {
                text_offset = offset;
            }
            match c {
                CODE => {
                    let code =
                        self.source.code_at(offset).ok_or(Fault::new(Problem::MalformedXml, offset))?;
                    if !text.is_empty() {
                        pieces.push(Piece::Literal {
                            text: std::mem::take(&mut text),
                            offset: text_offset,
                            exact,
                        });
                    }
                    pieces.push(Piece::Code(code));
                }
                ESCAPE => text.push_str("<%"),
                FILLER => {}
                '&' if context != Context::Cdata => {
                    let length = raw[at..].find(';').ok_or(Fault::new(Problem::MalformedXml, offset))?;
                    text.push(reference(&raw[at + 1..at + length], offset)?);
                    at += length + 1;
                    continue;
                }
                '\r' if raw[at..].starts_with("\r\n") => {}
                // Line breaks and tabs as written in an attribute value are spaces (XML 1.0, 3.3.3).
                '\r' | '\n' | '\t' if context == Context::Attribute => text.push(' '),
                '\r' => text.push('\n'),
                '%' if raw[at..].starts_with("%\\>") => {
                    text.push_str("%>");
                    at += 3;
                    continue;
                }
                other => text.push(other),
            }
            at += c.len_utf8();
        }
        if !text.is_empty() {
            pieces.push(Piece::Literal { text, offset: text_offset, exact });
        }
        Ok(pieces)
    }
}

fn is_code(c: char) -> bool {
    matches!(c, CODE | ESCAPE | FILLER)
}

fn reference(name: &str, offset: usize) -> Result<char, Fault> {
    let number = match name {
        "lt" => return Ok('<'),
        "gt" => return Ok('>'),
        "amp" => return Ok('&'),
        "quot" => return Ok('"'),
        "apos" => return Ok('\''),
        _ => name.strip_prefix('#').ok_or(Fault::new(Problem::UnknownEntity, offset))?,
    };
    let (digits, radix) = match number.strip_prefix('x') {
        Some(digits) => (digits, 16),
        None => (number, 10),
    };
    let fault = Fault::new(Problem::UnknownEntity, offset);
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(fault);
    }
    match u32::from_str_radix(digits, radix).ok().and_then(char::from_u32) {
        Some('\n' | '\r') => Ok('\n'),
        Some('\t') => Ok('\t'),
        Some(c) if !c.is_control() => Ok(c),
        _ => Err(fault),
    }
}

type Range = (usize, usize);

/// Ranges of names and values in the raw text of a tag after its name.
fn attributes(raw: &str, base: usize) -> Result<Vec<(Range, Range)>, Fault> {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        let gap = raw[at..].len() - raw[at..].trim_ascii_start().len();
        let rest = &raw[at + gap..];
        let start = at + gap;
        if rest.is_empty() || rest == "/" {
            return Ok(found);
        }
        let malformed = Fault::new(Problem::MalformedXml, base + start);
        let length =
            rest.find(|c: char| c == '=' || c.is_ascii_whitespace()).ok_or(if rest.contains(is_code) {
                Fault::new(Problem::CodeInTag, base + start)
            } else {
                malformed
            })?;
        if rest[..length].contains(is_code) {
            return Err(Fault::new(Problem::CodeInTag, base + start));
        }
        if length == 0 || gap == 0 || rest[..length].contains(['"', '\'', '<', '&']) {
            return Err(malformed);
        }
        let name = (start, start + length);
        let after = rest[length..].trim_ascii_start();
        let after = after.strip_prefix('=').ok_or(malformed)?.trim_ascii_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or(
            if after.starts_with(is_code) { Fault::new(Problem::CodeInTag, base + start) } else { malformed },
        )?;
        let value_start = raw.len() - after.len() + 1;
        let value_length = after[1..].find(quote).ok_or(malformed)?;
        found.push((name, (value_start, value_start + value_length)));
        at = value_start + value_length + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Vec<XmlNode>, (Problem, u32, u32)> {
        let source = Source::read(text.as_bytes()).map_err(|e| (e.problem, e.line, e.column))?;
        read(&source).map_err(|fault| {
            let error = source.place(fault);
            (error.problem, error.line, error.column)
        })
    }

    fn show(nodes: &[XmlNode]) -> String {
        let pieces = |pieces: &[Piece]| {
            pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Literal { text, .. } => format!("{text:?}"),
                    Piece::Code(code) => format!("{:?}", code.kind),
                })
                .collect::<Vec<_>>()
                .join("+")
        };
        nodes
            .iter()
            .map(|node| match node {
                XmlNode::Element(element) => {
                    let attributes: String = element
                        .attributes
                        .iter()
                        .map(|a| format!(" {}={}", a.name, pieces(&a.value)))
                        .collect();
                    format!("[{}{attributes}: {}]", element.name, show(&element.children))
                }
                XmlNode::Piece(piece) => pieces(std::slice::from_ref(piece)),
            })
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn trees() {
        for (text, expected) in [
            ("<a/>", "[a: ]"),
            ("<?xml version=\"1.0\"?><a x='1' y = \"2\"/>", "[a x=\"1\" y=\"2\": ]"),
            ("<a>1<b/>2</a>", "[a: \"1\" [b: ] \"2\"]"),
            ("<a>1 &lt;&#x4e2d; <!-- no --> 2</a>", "[a: \"1 <中 \" \" 2\"]"),
            ("<a><![CDATA[1 &lt; <b>]]></a>", "[a: \"1 &lt; <b>\"]"),
            ("<a>x<% if (1 < 2 && 3) { %>y<% } %></a>", "[a: \"x\" Statements \"y\" Statements]"),
            ("<a v=\"l:<%= x > \"y\" %>;r\"/>", "[a v=\"l:\"+Output+\";r\": ]"),
            ("<a><\\% %\\></a>", "[a: \"<% %>\"]"),
            ("<a v=\"1\r\n2&#10;3\"/>", "[a v=\"1 2\\n3\": ]"),
            ("<a>1\r\n2\r3</a>", "[a: \"1\\n2\\n3\"]"),
            ("<% var x %><a/>\n", "Statements [a: ] \"\\n\""),
        ] {
            assert_eq!(show(&parse(text).unwrap()), expected, "{text}");
        }
    }

    #[test]
    fn faults() {
        for (text, expected) in [
            ("<a>\n<b></a>", (Problem::MalformedXml, 2, 4)),
            ("<a>", (Problem::MalformedXml, 1, 1)),
            ("<a x=1/>", (Problem::MalformedXml, 1, 4)),
            ("<a x/>", (Problem::MalformedXml, 1, 4)),
            ("<a x='1' X='2'/>", (Problem::MalformedXml, 1, 10)),
            ("<a x='1'y='2'/>", (Problem::MalformedXml, 1, 9)),
            ("<a>中&nbsp;</a>", (Problem::UnknownEntity, 1, 5)),
            ("<a>&#0;</a>", (Problem::UnknownEntity, 1, 4)),
            ("<a>&#+5;</a>", (Problem::UnknownEntity, 1, 4)),
            ("<a b='&c'/>", (Problem::MalformedXml, 1, 7)),
            ("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>", (Problem::DocumentType, 1, 1)),
            ("<a <% x %>/>", (Problem::CodeInTag, 1, 4)),
            ("<a x<% x %>='1'/>", (Problem::CodeInTag, 1, 4)),
            ("<a x=<%= 1 %>/>", (Problem::CodeInTag, 1, 4)),
            ("<<% x %>/>", (Problem::CodeInTag, 1, 1)),
            ("<a>\n  <% x </a>", (Problem::UnclosedCode, 2, 3)),
            ("<a><%@ include 'x' %></a>", (Problem::IncludeNotSupported, 1, 4)),
            ("<a>\u{7}</a>", (Problem::ControlCharacter, 1, 4)),
        ] {
            assert_eq!(parse(text).map(|tree| show(&tree)), Err(expected), "{text}");
        }
    }
}
