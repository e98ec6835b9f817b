//! Turns the content of an element, or an attribute value, into statements.
//!
//! Literal text, outputs and child elements are tokens among those of the code, so a loop or a condition around
//! them is an ordinary block. A block that is not closed where its element ends is a fault: control flow that
//! crosses the border of an element has no meaning once the XML is a tree.

use miandan_core::field::FieldSet;
use miandan_core::pipe::TemplateKind;

use super::element;
use super::expression::{Block, Expression, Slot, Statement};
use super::functions::{GIVEN, is_statement};
use super::lexer::{Token, TokenKind, tokenize};
use super::names::Names;
use super::source::{CodeKind, Fault, Source};
use super::xml::{Piece, XmlNode};
use super::{Problem, limits};
use crate::faces::Faces;

/// What is known while a template is compiled.
pub(crate) struct Compiler<'s> {
    pub(crate) source: &'s Source<'s>,
    /// What the label is set in.
    pub(crate) faces: &'s Faces,
    /// Of what its labels are made.
    pub(crate) kind: TemplateKind,
    /// The personal fields named so far.
    pub(crate) fields: FieldSet,
    /// Whether the courier's token is named so far.
    pub(crate) names_courier_token: bool,
    /// What was passed over.
    pub(crate) remarks: Vec<Fault>,
    /// What the elements know of each other.
    pub(crate) context: element::Context,
    pub(crate) names: Names<'s>,
    pub(crate) depth: usize,
    /// The deepest so far, expressions included.
    pub(crate) tallest: usize,
}

/// What may stand in a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ListKind {
    /// Before, in place of and after the root.
    Document,
    /// Elements, as in a layout.
    Elements,
    /// Text and output, as in a text element or an attribute value.
    Text,
}

impl<'s> Compiler<'s> {
    pub(crate) fn new(source: &'s Source<'s>, faces: &'s Faces, kind: TemplateKind) -> Self {
        Compiler {
            source,
            faces,
            kind,
            fields: FieldSet::EMPTY,
            names_courier_token: false,
            remarks: Vec::new(),
            context: element::Context::default(),
            names: Names::default(),
            depth: 0,
            tallest: 0,
        }
    }

    /// Compiles the content of an element.
    pub(crate) fn list(&mut self, nodes: Vec<XmlNode>, kind: ListKind) -> Result<Block, Fault> {
        let mut tokens = Vec::new();
        let mut end = 0;
        for (index, node) in nodes.iter().enumerate() {
            match node {
                XmlNode::Piece(Piece::Code(code)) => {
                    let text = &self.source.text[code.start..code.end];
                    let token = |kind, offset| Token { kind, offset, on_new_line: true };
                    if code.kind == CodeKind::Output {
                        tokens.push(token(TokenKind::Output, code.offset));
                        tokenize(text, code.start, &mut tokens)?;
                        tokens.push(token(TokenKind::OutputEnd, code.end));
                    } else {
                        tokenize(text, code.start, &mut tokens)?;
                    }
                    end = code.end;
                }
                XmlNode::Piece(Piece::Literal { offset, .. }) => {
                    let kind = TokenKind::Node(index);
                    tokens.push(Token { kind, offset: *offset, on_new_line: true });
                }
                XmlNode::Element(element) => {
                    let kind = TokenKind::Node(index);
                    tokens.push(Token { kind, offset: element.offset, on_new_line: true });
                }
            }
        }
        tokens.push(Token { kind: TokenKind::End, offset: end, on_new_line: true });
        let nodes = nodes.into_iter().map(Some).collect();
        let mut parser = Parser {
            compiler: self,
            tokens,
            nodes,
            at: 0,
            kind,
            loops: 0,
            switches: 0,
            blocks: 0,
            returns: false,
        };
        let mut statements = Vec::new();
        while *parser.peek() != TokenKind::End {
            statements.extend(parser.statement()?);
        }
        Ok(statements.into())
    }

    /// Compiles an attribute value.
    pub(crate) fn pieces(&mut self, pieces: Vec<Piece>) -> Result<Block, Fault> {
        self.list(pieces.into_iter().map(XmlNode::Piece).collect(), ListKind::Text)
    }

    /// One level deeper, as long as `inside` runs.
    pub(crate) fn nested<T>(
        &mut self,
        offset: usize,
        inside: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.enter(offset)?;
        let result = inside(self);
        self.leave();
        result
    }

    /// One level deeper, until [`Self::leave`].
    pub(crate) fn enter(&mut self, offset: usize) -> Result<(), Fault> {
        if self.depth >= limits::NESTING {
            return Err(Fault::new(Problem::TooDeep, offset));
        }
        self.depth += 1;
        self.tallest = self.tallest.max(self.depth);
        Ok(())
    }

    /// See [`Self::enter`]. After a fault nothing is compiled any more, so the count may be off then.
    pub(crate) fn leave(&mut self) {
        self.depth -= 1;
    }
}

/// Reads the tokens of one list.
pub(crate) struct Parser<'c, 's> {
    pub(crate) compiler: &'c mut Compiler<'s>,
    tokens: Vec<Token<'s>>,
    nodes: Vec<Option<XmlNode>>,
    at: usize,
    kind: ListKind,
    pub(crate) loops: usize,
    /// `switch` around this place.
    pub(crate) switches: usize,
    /// Blocks and bodies around this place.
    pub(crate) blocks: usize,
    /// Whether a function is around this place, with no element in between.
    pub(crate) returns: bool,
}

/// Words of ECMAScript that no template may use as a statement or a name.
const RESERVED: &[&str] = &[
    "async",
    "await",
    "catch",
    "class",
    "const",
    "debugger",
    "enum",
    "export",
    "extends",
    "finally",
    "import",
    "instanceof",
    "let",
    "super",
    "this",
    "throw",
    "try",
    "void",
    "with",
    "yield",
];

pub(crate) fn is_reserved(name: &str) -> bool {
    RESERVED.binary_search(&name).is_ok()
}

impl<'s> Parser<'_, 's> {
    pub(crate) fn peek(&self) -> &TokenKind<'s> {
        &self.tokens[self.at].kind
    }

    pub(crate) fn token(&self) -> &Token<'s> {
        &self.tokens[self.at]
    }

    pub(crate) fn offset(&self) -> usize {
        self.tokens[self.at].offset
    }

    /// The next token but one.
    pub(crate) fn peek_second(&self) -> Option<&TokenKind<'s>> {
        self.tokens.get(self.at + 1).map(|token| &token.kind)
    }

    /// Steps on; the end stays.
    pub(crate) fn advance(&mut self) {
        if self.at + 1 < self.tokens.len() {
            self.at += 1;
        }
    }

    pub(crate) fn is_sign(&self, sign: &str) -> bool {
        matches!(self.peek(), TokenKind::Sign(found) if *found == sign)
    }

    /// Steps over a sign if it stands here.
    pub(crate) fn accept(&mut self, sign: &str) -> bool {
        let found = self.is_sign(sign);
        if found {
            self.advance();
        }
        found
    }

    pub(crate) fn expect(&mut self, sign: &str) -> Result<(), Fault> {
        if self.accept(sign) { Ok(()) } else { Err(self.unexpected()) }
    }

    /// The fault of a token that cannot stand here.
    pub(crate) fn unexpected(&self) -> Fault {
        let problem = match self.peek() {
            TokenKind::Name(name) if is_reserved(name) => Problem::NotInLanguage,
            TokenKind::Sign("&" | "|" | "^" | "~" | "<<" | ">>" | ">>>" | "=>" | "<<=" | ">>=" | ">>>=")
            | TokenKind::Sign("&=" | "|=" | "^=") => Problem::NotInLanguage,
            _ => Problem::UnexpectedToken,
        };
        Fault::new(problem, self.offset())
    }

    pub(crate) fn is_name(&self, name: &str) -> bool {
        matches!(self.peek(), TokenKind::Name(found) if *found == name)
    }

    fn statement(&mut self) -> Result<Option<Statement>, Fault> {
        let offset = self.offset();
        match self.tokens[self.at].kind.clone() {
            TokenKind::Node(index) => {
                self.advance();
                self.node(index, offset)
            }
            TokenKind::Output => self.output(offset).map(Some),
            TokenKind::Sign("{") => self.block().map(|block| Some(Statement::Block(block))),
            TokenKind::Sign("}") => Err(Fault::new(Problem::StrayBrace, offset)),
            TokenKind::Sign(";") => {
                self.advance();
                Ok(None)
            }
            TokenKind::Name("function") => self.function().map(|()| None),
            TokenKind::Name("return") => self.returned().map(Some),
            TokenKind::Name("if") => self.condition().map(Some),
            TokenKind::Name("for") => self.repetition().map(Some),
            TokenKind::Name("switch") => self.switch().map(Some),
            TokenKind::Name("while") => self.while_loop().map(Some),
            TokenKind::Name("do") => self.do_loop().map(Some),
            TokenKind::Name("var") => {
                let declared = self.declarations()?;
                self.end_of_statement()?;
                Ok(declared.map(|declared| Statement::Expression(declared, offset)))
            }
            TokenKind::Name(word @ ("break" | "continue")) => {
                if self.loops + if word == "break" { self.switches } else { 0 } == 0 {
                    return Err(Fault::new(Problem::OutsideLoop, offset));
                }
                self.advance();
                self.end_of_statement()?;
                Ok(Some(if word == "break" { Statement::Break } else { Statement::Continue }))
            }
            _ => {
                let expression = self.sequence()?;
                self.end_of_statement()?;
                Ok(Some(Statement::Expression(expression, offset)))
            }
        }
    }

    fn node(&mut self, index: usize, offset: usize) -> Result<Option<Statement>, Fault> {
        match self.nodes[index].take() {
            Some(XmlNode::Element(xml)) if self.kind != ListKind::Text => {
                let root = self.kind == ListKind::Document;
                let element =
                    self.compiler.nested(offset, |compiler| element::compile(compiler, xml, root))?;
                Ok(Some(Statement::Element(Box::new(element))))
            }
            Some(XmlNode::Piece(Piece::Literal { text, .. })) if self.kind == ListKind::Text => {
                Ok(Some(Statement::Literal(text.into())))
            }
            Some(XmlNode::Piece(Piece::Literal { text, .. })) if text.trim().is_empty() => Ok(None),
            Some(XmlNode::Piece(_)) => Err(Fault::new(Problem::StrayText, offset)),
            Some(XmlNode::Element(xml)) => Err(element::misplaced(&xml)),
            None => Err(self.unexpected()),
        }
    }

    fn output(&mut self, offset: usize) -> Result<Statement, Fault> {
        if self.kind != ListKind::Text {
            return Err(Fault::new(Problem::StrayText, offset));
        }
        self.advance();
        let expression = self.sequence()?;
        self.accept(";");
        if *self.peek() != TokenKind::OutputEnd {
            return Err(self.unexpected());
        }
        self.advance();
        Ok(Statement::Output(expression, offset))
    }

    /// `;`, or a place where ECMAScript inserts one (5.1, 7.9).
    pub(crate) fn end_of_statement(&mut self) -> Result<(), Fault> {
        if self.accept(";") || self.token().on_new_line || self.is_sign("}") {
            return Ok(());
        }
        Err(self.unexpected())
    }

    pub(crate) fn block(&mut self) -> Result<Block, Fault> {
        let offset = self.offset();
        self.advance();
        let mut statements = Vec::new();
        while !self.accept("}") {
            if *self.peek() == TokenKind::End {
                return Err(Fault::new(Problem::UnclosedBlock, offset));
            }
            let statement = self.inner_statement()?;
            statements.extend(statement);
        }
        Ok(statements.into())
    }

    /// The body of a condition or loop: a block, or one statement.
    pub(crate) fn body(&mut self) -> Result<Block, Fault> {
        if self.is_sign("{") {
            return self.block();
        }
        if *self.peek() == TokenKind::End {
            return Err(Fault::new(Problem::UnclosedBlock, self.offset()));
        }
        Ok(self.inner_statement()?.into_iter().collect())
    }

    pub(crate) fn inner_statement(&mut self) -> Result<Option<Statement>, Fault> {
        self.compiler.enter(self.offset())?;
        self.blocks += 1;
        let statement = self.statement();
        self.blocks -= 1;
        self.compiler.leave();
        statement
    }

    fn condition(&mut self) -> Result<Statement, Fault> {
        let offset = self.offset();
        let mut arms = Vec::new();
        let mut otherwise = Block::default();
        loop {
            self.advance();
            self.expect("(")?;
            let test = self.test()?;
            self.expect(")")?;
            arms.push((test, self.body()?));
            if !self.is_name("else") {
                break;
            }
            self.advance();
            if !self.is_name("if") {
                otherwise = self.body()?;
                break;
            }
        }
        Ok(Statement::If { offset, arms: arms.into(), otherwise })
    }

    /// `var a = 1, b`: the assignments in it, if there are any.
    pub(crate) fn declarations(&mut self) -> Result<Option<Expression>, Fault> {
        let mut assignments = Vec::new();
        loop {
            self.advance();
            let TokenKind::Name(name) = *self.peek() else { return Err(self.unexpected()) };
            self.assignable(name)?;
            let slot = self.compiler.names.declare(name, self.offset())?;
            self.advance();
            if self.accept("=") {
                let value = self.assignment_value()?;
                assignments.push(Expression::Assign(slot, Box::new(value)));
            }
            if !self.is_sign(",") {
                break;
            }
        }
        Ok(match assignments.len() {
            0 | 1 => assignments.pop(),
            _ => Some(Expression::Sequence(assignments.into())),
        })
    }

    /// The variable of a name that is assigned to here.
    pub(crate) fn target(&mut self, name: &'s str) -> Result<Slot, Fault> {
        let offset = self.assignable(name)?;
        self.compiler.names.slot(name, offset, true)
    }

    /// Where the name stands, if it may be assigned to.
    pub(crate) fn assignable(&self, name: &str) -> Result<usize, Fault> {
        let offset = self.offset();
        if is_reserved(name) {
            return Err(Fault::new(Problem::NotInLanguage, offset));
        }
        if is_statement(name) {
            return Err(self.unexpected());
        }
        if GIVEN.contains(&name) {
            return Err(Fault::new(Problem::BadTarget, offset));
        }
        Ok(offset)
    }

    /// The tokens from here on.
    pub(crate) fn tokens_ahead(&self) -> &[Token<'s>] {
        &self.tokens[self.at..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reserved_words_can_be_searched() {
        assert!(RESERVED.is_sorted());
        assert!(is_reserved("with") && !is_reserved("within"));
    }
}
