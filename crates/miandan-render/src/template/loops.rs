//! Compiles loops: `for (;;)`, `for (name in object)`, `while` and `do … while`.

use super::expression::{Block, Expression, Statement};
use super::lexer::TokenKind;
use super::source::Fault;
use super::statements::Parser;

impl Parser<'_, '_> {
    pub(crate) fn repetition(&mut self) -> Result<Statement, Fault> {
        let offset = self.offset();
        self.advance();
        self.expect("(")?;
        if let Some(name) = self.name_before_in() {
            return self.enumeration(name, offset);
        }
        let start = if self.is_name("var") {
            self.declarations()?
        } else if self.is_sign(";") {
            None
        } else {
            Some(self.sequence()?)
        };
        self.expect(";")?;
        let test = if self.is_sign(";") { None } else { Some(self.test()?) };
        self.expect(";")?;
        let step = if self.is_sign(")") { None } else { Some(self.sequence()?) };
        self.expect(")")?;
        Ok(Statement::For { offset, start, test, step, body: self.repeated()? })
    }

    /// How many tokens the name before `in` has before it: 1 for `var i in`, 0 for `i in`.
    fn name_before_in(&self) -> Option<usize> {
        let tokens = self.tokens_ahead();
        let is = |at: usize, word: &str| matches!(tokens.get(at).map(|token| &token.kind), Some(TokenKind::Name(name)) if *name == word);
        match (is(0, "var"), is(1, "in"), is(2, "in")) {
            (true, _, true) => Some(1),
            (false, true, _) => Some(0),
            _ => None,
        }
    }

    fn enumeration(&mut self, before: usize, offset: usize) -> Result<Statement, Fault> {
        if before == 1 {
            self.advance();
        }
        let TokenKind::Name(name) = *self.peek() else { return Err(self.unexpected()) };
        let at = self.assignable(name)?;
        let slot = if before == 1 {
            self.compiler.names.declare(name, at)?
        } else {
            self.compiler.names.slot(name, at, true)?
        };
        self.advance();
        self.advance();
        let object = self.sequence()?;
        self.expect(")")?;
        Ok(Statement::ForIn { offset, slot, object, body: self.repeated()? })
    }

    pub(crate) fn while_loop(&mut self) -> Result<Statement, Fault> {
        let offset = self.offset();
        self.advance();
        let test = Some(self.tested()?);
        Ok(Statement::For { offset, start: None, test, step: None, body: self.repeated()? })
    }

    pub(crate) fn do_loop(&mut self) -> Result<Statement, Fault> {
        let offset = self.offset();
        self.advance();
        let body = self.repeated()?;
        if !self.is_name("while") {
            return Err(self.unexpected());
        }
        self.advance();
        let test = self.tested()?;
        // The semicolon may be left out even on one line, as every engine has it.
        self.accept(";");
        Ok(Statement::Do { offset, body, test })
    }

    fn tested(&mut self) -> Result<Expression, Fault> {
        self.expect("(")?;
        let test = self.test()?;
        self.expect(")")?;
        Ok(test)
    }

    fn repeated(&mut self) -> Result<Block, Fault> {
        self.loops += 1;
        let body = self.body();
        self.loops -= 1;
        body
    }
}
