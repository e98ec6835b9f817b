//! Compiles `switch (value) { case a: … default: … }`.

use super::Problem;
use super::expression::Statement;
use super::lexer::TokenKind;
use super::source::Fault;
use super::statements::Parser;

impl Parser<'_, '_> {
    pub(crate) fn switch(&mut self) -> Result<Statement, Fault> {
        let offset = self.offset();
        self.advance();
        self.expect("(")?;
        let value = self.sequence()?;
        self.expect(")")?;
        let brace = self.offset();
        self.expect("{")?;
        let (mut cases, mut body) = (Vec::new(), Vec::new());
        self.switches += 1;
        while !self.accept("}") {
            if *self.peek() == TokenKind::End {
                return Err(Fault::new(Problem::UnclosedBlock, brace));
            }
            if self.is_name("case") {
                self.advance();
                let test = self.sequence()?;
                self.expect(":")?;
                cases.push((Some(test), body.len()));
            } else if self.is_name("default") {
                if cases.iter().any(|(test, _)| test.is_none()) {
                    return Err(self.unexpected());
                }
                self.advance();
                self.expect(":")?;
                cases.push((None, body.len()));
            } else {
                let unexpected = self.unexpected();
                let statement = self.inner_statement()?;
                if statement.is_some() && cases.is_empty() {
                    return Err(unexpected);
                }
                body.extend(statement);
            }
        }
        self.switches -= 1;
        Ok(Statement::Switch { offset, value, cases: cases.into(), body: body.into() })
    }
}
