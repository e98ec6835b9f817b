//! Compiles `function name(a, b) { … }`.

use super::expression::{Expression, Routine, Statement};
use super::lexer::TokenKind;
use super::source::Fault;
use super::statements::{Parser, is_reserved};
use super::{Problem, limits};

impl<'s> Parser<'_, 's> {
    /// A declaration. It may stand wherever statements may, but not inside a block or another function: what a
    /// declaration in a block means, ECMAScript 5 leaves open.
    pub(crate) fn function(&mut self) -> Result<(), Fault> {
        let keyword = self.offset();
        if self.blocks > 0 || self.compiler.names.in_function() {
            return Err(Fault::new(Problem::NotInLanguage, keyword));
        }
        self.advance();
        let offset = self.offset();
        let name = self.new_name()?;
        let (locals, parameters) = self.signature(offset)?;
        let index = self.compiler.names.begin(name, offset, locals)?;
        self.routine(index, parameters)
    }

    /// A function that is written where it is used. What it would mean inside another function, where it could see
    /// that one's variables, is not in the language.
    pub(crate) fn nameless(&mut self) -> Result<u16, Fault> {
        let offset = self.offset();
        if self.compiler.names.in_function() {
            return Err(Fault::new(Problem::NotInLanguage, offset));
        }
        self.advance();
        let (locals, parameters) = self.signature(offset)?;
        let index = self.compiler.names.begin_nameless(offset, locals)?;
        self.routine(index, parameters)?;
        Ok(index)
    }

    /// Parameters and variables, and how many are parameters; stops at the brace.
    fn signature(&mut self, offset: usize) -> Result<(Vec<&'s str>, usize), Fault> {
        self.expect("(")?;
        let mut locals = Vec::new();
        while !self.accept(")") {
            locals.push(self.new_name()?);
            if !self.is_sign(")") {
                self.expect(",")?;
            }
        }
        let parameters = locals.len();
        if locals.iter().enumerate().any(|(index, local)| locals[..index].contains(local)) {
            return Err(Fault::new(Problem::NameClash, offset));
        }
        if !self.is_sign("{") {
            return Err(self.unexpected());
        }
        for local in self.declared_ahead() {
            if !locals.contains(&local) {
                locals.push(local);
            }
        }
        Ok((locals, parameters))
    }

    /// The body of a function that was begun.
    fn routine(&mut self, index: u16, parameters: usize) -> Result<(), Fault> {
        let (base, before) = (self.compiler.depth, std::mem::take(&mut self.compiler.tallest));
        let (loops, switches) = (std::mem::take(&mut self.loops), std::mem::take(&mut self.switches));
        self.returns = true;
        let body = self.block();
        self.returns = false;
        // Also where the body is at fault: a loop around it still counts itself out.
        (self.loops, self.switches) = (loops, switches);
        let body = body?;
        let height = self.compiler.tallest.saturating_sub(base) + 2;
        self.compiler.tallest = before;
        let locals = self.compiler.names.end();
        self.compiler.names.define(index, Routine { parameters, locals, height, body });
        Ok(())
    }

    /// `return`, with or without a value.
    pub(crate) fn returned(&mut self) -> Result<Statement, Fault> {
        let offset = self.offset();
        if !self.returns {
            return Err(Fault::new(Problem::OutsideFunction, offset));
        }
        self.advance();
        let is_bare = self.token().on_new_line
            || matches!(self.peek(), TokenKind::Sign(";" | "}") | TokenKind::End | TokenKind::Node(_));
        let value = if is_bare { Expression::Undefined } else { self.sequence()? };
        self.end_of_statement()?;
        Ok(Statement::Return(value, offset))
    }

    fn new_name(&mut self) -> Result<&'s str, Fault> {
        let TokenKind::Name(name) = *self.peek() else { return Err(self.unexpected()) };
        if is_reserved(name) || is_statement(name) {
            return Err(self.unexpected());
        }
        if GIVEN.contains(&name) {
            return Err(Fault::new(Problem::BadTarget, self.offset()));
        }
        self.advance();
        Ok(name)
    }

    /// The names that `var` declares in the function whose `{` stands here.
    fn declared_ahead(&self) -> Vec<&'s str> {
        let tokens = self.tokens_ahead();
        let mut names = Vec::new();
        let (mut depth, mut at) = (0_usize, 0);
        while let Some(token) = tokens.get(at) {
            at += 1;
            match token.kind {
                TokenKind::Sign("{") => depth += 1,
                TokenKind::Sign("}") if depth <= 1 => break,
                TokenKind::Sign("}") => depth -= 1,
                TokenKind::Name("var") => loop {
                    if let Some(TokenKind::Name(name)) = tokens.get(at).map(|token| &token.kind)
                        && names.len() <= limits::LOCALS
                    {
                        names.push(*name);
                    }
                    at += 1;
                    let mut brackets = 0_usize;
                    while let Some(token) = tokens.get(at) {
                        match token.kind {
                            TokenKind::Sign("(" | "[" | "{") => brackets += 1,
                            TokenKind::Sign(")" | "]" | "}") if brackets > 0 => brackets -= 1,
                            TokenKind::Sign("," | ";" | ")" | "]" | "}") if brackets == 0 => break,
                            TokenKind::Name("in" | "var" | "return") | TokenKind::End => break,
                            // Where a semicolon is inserted (7.9.1): an operand behind an operand.
                            _ if brackets == 0
                                && token.on_new_line
                                && begins_operand(&token.kind)
                                && ends_operand(&tokens[at - 1].kind) =>
                            {
                                break;
                            }
                            _ => {}
                        }
                        at += 1;
                    }
                    if !matches!(tokens.get(at).map(|token| &token.kind), Some(TokenKind::Sign(","))) {
                        break;
                    }
                    at += 1;
                },
                _ => {}
            }
        }
        names
    }
}

/// Names that are given and cannot be given anything.
pub(crate) const GIVEN: &[&str] = &[
    "_data",
    "_context",
    "_config",
    "undefined",
    "null",
    "true",
    "false",
    "Math",
    "NaN",
    "Infinity",
    "Array",
    "Date",
    "Object",
];

/// Whether a word has a meaning of its own in the language, so that it is no name.
pub(crate) fn is_statement(name: &str) -> bool {
    const STATEMENTS: &[&str] = &[
        "break", "case", "continue", "default", "delete", "do", "else", "for", "function", "if", "in", "new",
        "return", "switch", "typeof", "var", "while",
    ];
    STATEMENTS.contains(&name)
}

fn begins_operand(kind: &TokenKind) -> bool {
    match kind {
        TokenKind::Sign(sign) => matches!(*sign, "{" | "!" | "++" | "--"),
        _ => true,
    }
}

fn ends_operand(kind: &TokenKind) -> bool {
    match kind {
        TokenKind::Sign(sign) => matches!(*sign, ")" | "]" | "}" | "++" | "--"),
        TokenKind::Name(name) => !matches!(*name, "typeof" | "delete" | "new" | "in" | "case"),
        _ => true,
    }
}
