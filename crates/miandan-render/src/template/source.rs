//! The text of a template: its code is cut out of the XML, and every byte keeps its place.
//!
//! `<% … %>` is no XML (`<`, `&&`), and may stand in text, in CDATA and in attribute values.
//! So the XML parser reads a copy in which each piece of code is overwritten, byte for byte, with control characters
//! that a template may not contain. Offsets in the copy are offsets in the source.

use super::{Problem, TemplateError, limits};

/// In the copy: the first byte of a piece of code. The other bytes are [`FILLER`].
pub(crate) const CODE: char = '\u{1}';

/// In the copy: the first byte of `<\%`, which stands for `<%`.
pub(crate) const ESCAPE: char = '\u{2}';

/// In the copy: what fills up to the length of the source.
pub(crate) const FILLER: char = '\u{3}';

/// What is wrong, and at which byte of the source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub(crate) problem: Problem,
    pub(crate) offset: usize,
}

impl Fault {
    pub(crate) fn new(problem: Problem, offset: usize) -> Self {
        Fault { problem, offset }
    }
}

/// What a piece of code does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CodeKind {
    /// `<% … %>`
    Statements,
    /// `<%= … %>`
    Output,
}

/// One `<% … %>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Code {
    pub(crate) kind: CodeKind,
    /// Offset of `<%`.
    pub(crate) offset: usize,
    /// Range of the code between the marks.
    pub(crate) start: usize,
    pub(crate) end: usize,
}

/// A template's text, with its code found.
pub(crate) struct Source<'s> {
    pub(crate) text: &'s str,
    /// The copy for the XML parser.
    pub(crate) xml: String,
    /// In the order of their offsets.
    codes: Vec<Code>,
}

impl<'s> Source<'s> {
    pub(crate) fn read(bytes: &'s [u8]) -> Result<Self, TemplateError> {
        let first = TemplateError { problem: Problem::TooLarge, line: 1, column: 1 };
        if bytes.len() > limits::SOURCE {
            return Err(first);
        }
        let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text,
            Err(error) => {
                let valid = std::str::from_utf8(&bytes[..error.valid_up_to()]).unwrap_or_default();
                return Err(place(valid, Fault::new(Problem::NotUtf8, valid.len())));
            }
        };
        let mut source = Source { text, xml: String::with_capacity(text.len()), codes: Vec::new() };
        source.cut().map_err(|fault| source.place(fault))?;
        Ok(source)
    }

    /// Line and column of a fault.
    pub(crate) fn place(&self, fault: Fault) -> TemplateError {
        place(self.text, fault)
    }

    /// The piece of code that begins at an offset.
    pub(crate) fn code_at(&self, offset: usize) -> Option<Code> {
        self.codes.binary_search_by_key(&offset, |code| code.offset).ok().map(|index| self.codes[index])
    }

    /// Fills the copy. Comments are copied blank: what is commented out does not run.
    fn cut(&mut self) -> Result<(), Fault> {
        let text = self.text;
        if let Some(offset) = text.find(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r')) {
            return Err(Fault::new(Problem::ControlCharacter, offset));
        }
        let mut at = 0;
        let mut in_cdata = false;
        while at < text.len() {
            let rest = &text[at..];
            if let Some(body) = rest.strip_prefix("<%") {
                let end = body.find("%>").ok_or(Fault::new(Problem::UnclosedCode, at))?;
                let kind = if body.starts_with('=') { CodeKind::Output } else { CodeKind::Statements };
                let start = match body[..end].strip_prefix('@') {
                    // There is nothing in it, so what stands here is a piece of code without code.
                    Some(directive) if is_bundled(directive) => at + 2 + end,
                    Some(_) => return Err(Fault::new(Problem::IncludeNotSupported, at)),
                    None => at + 2 + usize::from(kind == CodeKind::Output),
                };
                self.codes.push(Code { kind, offset: at, start, end: at + 2 + end });
                self.fill(CODE, end + 4);
                at += end + 4;
            } else if rest.starts_with("<\\%") {
                self.fill(ESCAPE, 3);
                at += 3;
            } else if in_cdata {
                let next = rest.find(['<', ']']).unwrap_or(rest.len());
                let next = if next == 0 { 1 } else { next };
                in_cdata = !rest.starts_with("]]>");
                self.xml.push_str(&rest[..next]);
                at += next;
            } else if let Some(comment) = rest.strip_prefix("<!--") {
                let length = comment.find("-->").ok_or(Fault::new(Problem::MalformedXml, at))?;
                self.xml.push_str("<!--");
                self.xml.extend(std::iter::repeat_n(' ', length));
                self.xml.push_str("-->");
                at += length + 7;
            } else {
                in_cdata = rest.starts_with("<![CDATA[");
                let next = match rest.strip_prefix('<') {
                    Some(_) if in_cdata => "<![CDATA[".len(),
                    Some(after) => after.find('<').map_or(rest.len(), |next| next + 1),
                    None => rest.find('<').unwrap_or(rest.len()),
                };
                self.xml.push_str(&rest[..next]);
                at += next;
            }
        }
        debug_assert_eq!(self.xml.len(), text.len());
        Ok(())
    }

    fn fill(&mut self, first: char, length: usize) {
        self.xml.push(first);
        self.xml.extend(std::iter::repeat_n(FILLER, length - 1));
    }
}

/// Whether a directive includes a file that is bundled, by its name or by an address that ends with it; nothing is
/// fetched. There is one, `print.js`, which older templates include by habit, and it is empty: what a template calls that
/// would be in it is an unknown function where it is called.
fn is_bundled(directive: &str) -> bool {
    let Some(name) = directive.trim().strip_prefix("include") else { return false };
    let name = name.trim_start();
    let quoted = |quote: char| name.strip_prefix(quote).and_then(|name| name.strip_suffix(quote));
    let Some(name) = quoted('"').or_else(|| quoted('\'')) else { return false };
    let is_address = ["http://", "https://", "//"].iter().any(|scheme| name.starts_with(scheme));
    name == "print.js" || is_address && name.ends_with("/print.js")
}

/// Lines end with LF; a CR before it belongs to the line. Columns count characters.
pub(crate) fn place(text: &str, fault: Fault) -> TemplateError {
    let mut offset = fault.offset.min(text.len());
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let before = &text[..offset];
    let line_start = before.rfind('\n').map_or(0, |at| at + 1);
    let line = before.bytes().filter(|&byte| byte == b'\n').count() + 1;
    let column = before[line_start..].chars().count() + 1;
    TemplateError { problem: fault.problem, line: line as u32, column: column as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_copy_keeps_every_offset() {
        for text in [
            "<a b=\"<%= x < 1 && y %>\">中文<% if (a) { %>文<% } %></a>",
            "<a><!-- <% if (x) { %> 中 --><![CDATA[<!-- ]] <%= 1 %> ]]><b/></a>",
            "<a>\\ <\\% %\\></a>",
            "<!---->",
            "text < text",
            "a",
            "中",
            "<",
        ] {
            let source = Source::read(text.as_bytes()).unwrap();
            assert_eq!(source.xml.len(), text.len(), "{text}");
            assert_eq!(source.xml.find("</a>"), text.rfind("</a>"), "{text}");
        }
    }

    #[test]
    fn code_is_found_where_it_stands() {
        let source = Source::read("<a>文<%= x %><% y %></a>".as_bytes()).unwrap();
        let code = source.code_at(6).unwrap();
        assert_eq!((code.kind, &source.text[code.start..code.end]), (CodeKind::Output, " x "));
        let code = source.code_at(14).unwrap();
        assert_eq!((code.kind, &source.text[code.start..code.end]), (CodeKind::Statements, " y "));
        assert_eq!(source.code_at(7), None);
    }

    #[test]
    fn what_is_commented_out_does_not_run() {
        let source = Source::read(b"<a><!-- <% for(;;){} %> <b> --></a>").unwrap();
        assert!(source.codes.is_empty());
        assert_eq!(source.xml, "<a><!--                     --></a>");
    }

    #[test]
    fn only_bundled_files_are_included() {
        for (directive, holds) in [
            (" include \"print.js\" ", true),
            ("include 'print.js'", true),
            (" include \"http://cdn.example.com/a/print.js\"", true),
            (" include \"//cdn.example.com/print.js\"", true),
            (" include \"a/print.js\"", false),
            (" include \"http://cdn.example.com/other.js\"", false),
            (" include \"print.js", false),
            (" include print.js", false),
            (" page \"print.js\"", false),
            ("", false),
        ] {
            assert_eq!(is_bundled(directive), holds, "{directive}");
            let text = format!("<a><%@{directive}%></a>");
            assert_eq!(Source::read(text.as_bytes()).is_ok(), holds, "{text}");
        }
    }

    #[test]
    fn places_count_lines_and_characters() {
        let text = "ab\n中文x\r\ny";
        let at = |offset| {
            let error = place(text, Fault::new(Problem::MalformedXml, offset));
            (error.line, error.column)
        };
        assert_eq!(at(0), (1, 1));
        assert_eq!(at(2), (1, 3));
        assert_eq!(at(3), (2, 1));
        assert_eq!(at(9), (2, 3));
        assert_eq!(at(12), (3, 1));
        assert_eq!(at(4), (2, 1), "inside a character");
        assert_eq!(at(99), (3, 2), "past the end");
    }
}
