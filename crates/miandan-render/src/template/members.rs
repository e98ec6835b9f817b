//! Compiles what has members: lists and objects that are written down, members that are read, called and assigned to.

use miandan_core::pipe::TemplateKind;

use super::Problem;
use super::expression::{Expression, Method};
use super::functions::{GIVEN, is_statement};
use super::lexer::TokenKind;
use super::parser::{Parsed, bounded};
use super::source::Fault;
use super::statements::{Parser, is_reserved};
use super::value::number_to_text;

impl Parser<'_, '_> {
    pub(super) fn member(&mut self, object: Parsed) -> Result<Parsed, Fault> {
        let offset = self.offset();
        let TokenKind::Name(name) = *self.peek() else { return Err(self.unexpected()) };
        let unknown = Fault::new(Problem::UnknownMember, offset);
        self.advance();
        let (start, height) = (object.offset, object.height + 1);
        let object = object.value()?;
        if self.is_sign("(") {
            let (method, counts) = Method::of_name(name).ok_or(unknown)?;
            if method == Method::Sort
                && let Some(order) = self.order()?
            {
                let expression = Expression::SortBy(order, Box::new(object));
                return Ok(Parsed { expression, offset: start, height, group: false });
            }
            let (arguments, tallest) = self.arguments(counts, offset)?;
            let mut operands = Vec::with_capacity(arguments.len() + 1);
            operands.push(object);
            operands.extend(arguments);
            let expression = Expression::Method(method, operands.into());
            return Ok(Parsed { expression, offset: start, height: height.max(tallest + 1), group: false });
        }
        let is_given = matches!(name, "length" | "name" | "sku" | "count");
        if !is_given {
            // A member that nothing has is a typing error, not a blank. What data of any shape has, nobody knows.
            let is_free = self.compiler.kind == TemplateKind::Free;
            if is_plain(&object) || is_data(&object) && !is_free {
                return Err(unknown);
            }
            if !is_free {
                self.compiler.names.read_member(name, offset);
            }
        }
        let expression = Expression::Member(name.into(), Box::new(object));
        Ok(Parsed { expression, offset: start, height, group: false })
    }

    /// The function in the parentheses behind `sort`, if there is one: its name, or itself.
    fn order(&mut self) -> Result<Option<u16>, Fault> {
        let Some(TokenKind::Name(name)) = self.peek_second().cloned() else { return Ok(None) };
        self.advance();
        let order = if name == "function" {
            self.nameless()?
        } else {
            let offset = self.offset();
            if is_reserved(name) || is_statement(name) || GIVEN.contains(&name) {
                return Err(Fault::new(Problem::UnknownFunction, offset));
            }
            self.advance();
            self.compiler.names.called(name, offset)?
        };
        self.expect(")")?;
        Ok(Some(order))
    }

    /// The object and the name of a member that is assigned to. Data of the order never is.
    pub(super) fn member_target(&mut self, parsed: Parsed) -> Result<[Expression; 2], Fault> {
        let fault = Fault::new(Problem::BadTarget, parsed.offset);
        let target = match parsed.expression {
            Expression::Index(pair) => *pair,
            Expression::Member(name, object) => [*object, Expression::Text(name)],
            _ => return Err(fault),
        };
        if is_data(&target[0]) {
            return Err(fault);
        }
        if let Expression::Text(name) = &target[1] {
            self.compiler.names.write_member(name);
        }
        Ok(target)
    }

    /// `++` or `--` of a variable or a member.
    pub(super) fn stepped(&mut self, operand: Parsed, by: f64, prefix: bool) -> Result<Parsed, Fault> {
        let (offset, height) = (operand.offset, operand.height + 1);
        let expression = if let Expression::Variable(slot) = operand.expression {
            self.compiler.names.assigned(slot);
            Expression::Step { slot, by, prefix }
        } else {
            let target = Box::new(self.member_target(operand)?);
            Expression::StepMember { target, by, prefix }
        };
        bounded(Parsed { expression, offset, height, group: false })
    }

    /// `{ name: value, … }`
    pub(super) fn object(&mut self, offset: usize) -> Result<Parsed, Fault> {
        self.advance();
        let (mut members, mut tallest) = (Vec::new(), 0);
        while !self.accept("}") {
            let at = self.offset();
            let name: Box<str> = match self.token().kind.clone() {
                TokenKind::Name(name) => name.into(),
                TokenKind::Text(name) => name.into(),
                TokenKind::Number(number) => number_to_text(number).into(),
                _ => return Err(self.unexpected()),
            };
            if &*name == "__proto__" {
                return Err(Fault::new(Problem::NotInLanguage, at));
            }
            self.advance();
            self.expect(":")?;
            let value = self.deeper(at, Self::assignment)?;
            tallest = tallest.max(value.height);
            self.compiler.names.write_member(&name);
            members.push((name, value.value()?));
            if !self.is_sign("}") {
                self.expect(",")?;
            }
        }
        let expression = Expression::Object(members.into());
        bounded(Parsed { expression, offset, height: tallest + 1, group: false })
    }

    /// `new Date()`, `new Array()` or `new Object()`.
    pub(super) fn made(&mut self, offset: usize) -> Result<Parsed, Fault> {
        let kind = match *self.peek() {
            TokenKind::Name(name @ ("Array" | "Date" | "Object")) => name,
            _ => return Err(Fault::new(Problem::NotInLanguage, offset)),
        };
        let at = self.offset();
        self.advance();
        let (values, tallest) = if self.accept("(") { self.values_until(")")? } else { (Vec::new(), 0) };
        let expression = match (kind, values.len()) {
            ("Date", 0) => Expression::Date,
            ("Object", 0) => Expression::Object(Box::default()),
            // One argument would be a length, and the list nothing but gaps.
            ("Array", count) if count != 1 => Expression::List(values.into()),
            _ => return Err(Fault::new(Problem::WrongArguments, at)),
        };
        bounded(Parsed { expression, offset, height: tallest + 1, group: false })
    }
}

/// Whether an expression is data of the order or the label, which nothing can change.
fn is_data(mut expression: &Expression) -> bool {
    loop {
        expression = match expression {
            Expression::Index(pair) => &pair[0],
            Expression::Member(_, object) => object,
            other => {
                return matches!(
                    other,
                    Expression::Leaf(_) | Expression::Items | Expression::Group(_) | Expression::Data
                );
            }
        }
    }
}

/// Whether an expression is a value without members of its own.
fn is_plain(expression: &Expression) -> bool {
    matches!(
        expression,
        Expression::Text(_) | Expression::Number(_) | Expression::Boolean(_) | Expression::List(_)
    )
}
