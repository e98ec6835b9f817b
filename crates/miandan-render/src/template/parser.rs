//! Turns tokens into expressions, by precedence climbing.
//!
//! A group of data (`_data.sender`) is no value: it may be tested, compared with null, and have members.
//! So each parsed expression says whether it may come out as a group, and only tests accept that.

use miandan_core::free::PERSONS;
use miandan_core::pipe::TemplateKind;

use super::data::{Group, Leaf, Node};
use super::expression::{Binary, Expression, Function, Unary};
use super::functions::is_statement;
use super::lexer::TokenKind;
use super::source::Fault;
use super::statements::{Parser, is_reserved};
use super::{Problem, limits};

/// An expression with what the parser has to know of it.
pub(super) struct Parsed {
    pub(super) expression: Expression,
    pub(super) offset: usize,
    /// Expressions on top of each other in it.
    pub(super) height: usize,
    /// Whether it may come out as a group.
    pub(super) group: bool,
}

impl Parsed {
    fn simple(expression: Expression, offset: usize) -> Self {
        Parsed { expression, offset, height: 1, group: false }
    }

    /// The expression as a value.
    pub(super) fn value(self) -> Result<Expression, Fault> {
        if self.group { Err(Fault::new(Problem::ObjectAsValue, self.offset)) } else { Ok(self.expression) }
    }
}

/// Operators and how tightly they bind. Assignment (1) and `?:` (2) are read apart.
fn binding(sign: &str) -> Option<u8> {
    Some(match sign {
        "||" => 3,
        "&&" => 4,
        "==" | "!=" | "===" | "!==" => 5,
        "<" | ">" | "<=" | ">=" | "in" => 6,
        "+" | "-" => 7,
        "*" | "/" | "%" => 8,
        _ => return None,
    })
}

fn binary(sign: &str) -> Option<Binary> {
    Some(match sign {
        "+" | "+=" => Binary::Add,
        "-" | "-=" => Binary::Subtract,
        "*" | "*=" => Binary::Multiply,
        "/" | "/=" => Binary::Divide,
        "%" | "%=" => Binary::Remainder,
        "<" => Binary::Less,
        "<=" => Binary::LessOrEqual,
        ">" => Binary::Greater,
        ">=" => Binary::GreaterOrEqual,
        "==" => Binary::Equal,
        "!=" => Binary::NotEqual,
        "===" => Binary::Same,
        "!==" => Binary::NotSame,
        "in" => Binary::In,
        _ => return None,
    })
}

impl<'s> Parser<'_, 's> {
    /// `a, b, c` as a value.
    pub(crate) fn sequence(&mut self) -> Result<Expression, Fault> {
        let mut parts = vec![self.assignment_value()?];
        while self.accept(",") {
            parts.push(self.assignment_value()?);
        }
        Ok(if parts.len() == 1 { parts.remove(0) } else { Expression::Sequence(parts.into()) })
    }

    /// An expression whose truth matters.
    pub(crate) fn test(&mut self) -> Result<Expression, Fault> {
        let parsed = self.assignment()?;
        self.measure(parsed.height);
        Ok(parsed.expression)
    }

    /// An expression without `,`, as a value.
    pub(crate) fn assignment_value(&mut self) -> Result<Expression, Fault> {
        let parsed = self.assignment()?;
        self.measure(parsed.height);
        parsed.value()
    }

    /// Notes how deep the evaluation of an expression goes.
    fn measure(&mut self, height: usize) {
        self.compiler.tallest = self.compiler.tallest.max(self.compiler.depth + height);
    }

    /// Assignment, `?:`, and what binds tighter. Every recursion of the parser goes through here or through
    /// [`Self::unary`], which both count.
    pub(super) fn assignment(&mut self) -> Result<Parsed, Fault> {
        let offset = self.offset();
        if let (TokenKind::Name(name), Some(TokenKind::Sign(sign))) = (self.peek(), self.peek_second()) {
            let (name, sign) = (*name, *sign);
            if matches!(sign, "=" | "+=" | "-=" | "*=" | "/=" | "%=") {
                let slot = self.target(name)?;
                self.advance();
                self.advance();
                let value = self.deeper(offset, Self::assignment)?;
                let height = value.height + 2;
                let mut value = value.value()?;
                if sign != "=" {
                    let operator = binary(sign).ok_or_else(|| self.unexpected())?;
                    value = Expression::Binary(operator, Box::new([Expression::Variable(slot), value]));
                }
                return bounded(Parsed {
                    expression: Expression::Assign(slot, Box::new(value)),
                    offset,
                    height,
                    group: false,
                });
            }
        }
        let condition = self.operators(3)?;
        if let TokenKind::Sign(sign @ ("=" | "+=" | "-=" | "*=" | "/=" | "%=")) = *self.peek() {
            let height = condition.height;
            let [object, name] = self.member_target(condition)?;
            self.advance();
            let value = self.deeper(offset, Self::assignment)?;
            let height = 1 + height.max(value.height);
            let parts = Box::new([object, name, value.value()?]);
            let expression = Expression::AssignMember(binary(sign), parts);
            return bounded(Parsed { expression, offset, height, group: false });
        }
        if !self.accept("?") {
            return Ok(condition);
        }
        let then = self.deeper(offset, Self::assignment)?;
        self.expect(":")?;
        let otherwise = self.deeper(offset, Self::assignment)?;
        bounded(Parsed {
            offset,
            height: 1 + condition.height.max(then.height).max(otherwise.height),
            group: then.group || otherwise.group,
            expression: Expression::Conditional(Box::new([
                condition.expression,
                then.expression,
                otherwise.expression,
            ])),
        })
    }

    pub(super) fn deeper(
        &mut self,
        offset: usize,
        read: impl FnOnce(&mut Self) -> Result<Parsed, Fault>,
    ) -> Result<Parsed, Fault> {
        // The counter lives in the compiler, since elements nest around expressions.
        self.compiler.enter(offset)?;
        let result = read(self);
        self.compiler.leave();
        result
    }

    /// Operators with two operands that bind at least so tightly.
    fn operators(&mut self, least: u8) -> Result<Parsed, Fault> {
        let mut left = self.unary()?;
        loop {
            let sign = match *self.peek() {
                TokenKind::Sign(sign) => sign,
                TokenKind::Name("in") => "in",
                _ => break,
            };
            let Some(power) = binding(sign).filter(|&power| power >= least) else { break };
            self.advance();
            let offset = left.offset;
            let right = self.operators(power + 1)?;
            let height = 1 + left.height.max(right.height);
            let group = match sign {
                "&&" => right.group,
                "||" => left.group || right.group,
                _ => false,
            };
            let expression = match sign {
                "&&" => Expression::And(Box::new([left.expression, right.expression])),
                "||" => Expression::Or(Box::new([left.expression, right.expression])),
                _ => {
                    let operator = binary(sign).ok_or_else(|| self.unexpected())?;
                    match group_against_nothing(operator, left, right)? {
                        Ok(test) => test,
                        Err(operands) => Expression::Binary(operator, Box::new(operands)),
                    }
                }
            };
            left = bounded(Parsed { expression, offset, height, group })?;
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Parsed, Fault> {
        let offset = self.offset();
        let operator = match self.peek() {
            TokenKind::Sign("!") => Unary::Not,
            TokenKind::Sign("+") => Unary::Plus,
            TokenKind::Sign("-") => Unary::Minus,
            TokenKind::Name("typeof") => Unary::TypeOf,
            TokenKind::Sign(sign @ ("++" | "--")) => {
                let by = if *sign == "++" { 1.0 } else { -1.0 };
                self.advance();
                let operand = self.deeper(offset, Self::unary)?;
                return self.stepped(operand, by, true);
            }
            TokenKind::Name("delete") => {
                self.advance();
                let operand = self.deeper(offset, Self::unary)?;
                let height = operand.height + 1;
                let expression = Expression::Delete(Box::new(self.member_target(operand)?));
                return bounded(Parsed { expression, offset, height, group: false });
            }
            _ => return self.postfix(),
        };
        self.advance();
        let operand = self.deeper(offset, Self::unary)?;
        let height = operand.height + 1;
        let operand = if operator == Unary::Not { operand.expression } else { operand.value()? };
        bounded(Parsed {
            expression: Expression::Unary(operator, Box::new(operand)),
            offset,
            height,
            group: false,
        })
    }

    /// Members, indices, calls, `++` and `--`.
    fn postfix(&mut self) -> Result<Parsed, Fault> {
        let mut left = self.primary()?;
        loop {
            let offset = left.offset;
            if self.accept(".") {
                left = self.member(left)?;
            } else if self.is_sign("[") {
                self.advance();
                let index = self.deeper(offset, Self::assignment)?;
                let height = 1 + left.height.max(index.height);
                let pair = [left.value()?, index.value()?];
                self.expect("]")?;
                left = Parsed { expression: Expression::Index(Box::new(pair)), offset, height, group: false };
            } else if self.is_sign("(") {
                return Err(Fault::new(Problem::UnknownFunction, offset));
            } else if matches!(self.peek(), TokenKind::Sign("++" | "--")) && !self.token().on_new_line {
                let by = if self.is_sign("++") { 1.0 } else { -1.0 };
                self.advance();
                left = self.stepped(left, by, false)?;
            } else {
                return Ok(left);
            }
            left = bounded(left)?;
        }
    }

    /// Arguments in parentheses, and the height of the tallest.
    pub(super) fn arguments(
        &mut self,
        counts: std::ops::RangeInclusive<usize>,
        offset: usize,
    ) -> Result<(Vec<Expression>, usize), Fault> {
        self.expect("(")?;
        let (arguments, tallest) = self.values_until(")")?;
        if !counts.contains(&arguments.len()) {
            return Err(Fault::new(Problem::WrongArguments, offset));
        }
        Ok((arguments, tallest))
    }

    pub(super) fn values_until(&mut self, close: &str) -> Result<(Vec<Expression>, usize), Fault> {
        let mut values = Vec::new();
        let mut tallest = 0;
        while !self.accept(close) {
            let offset = self.offset();
            let value = self.deeper(offset, Self::assignment)?;
            tallest = tallest.max(value.height);
            values.push(value.value()?);
            if !self.is_sign(close) {
                self.expect(",")?;
            }
        }
        Ok((values, tallest))
    }

    fn primary(&mut self) -> Result<Parsed, Fault> {
        let offset = self.offset();
        let expression = match self.token().kind.clone() {
            TokenKind::Number(value) => Expression::Number(value),
            TokenKind::Text(text) => Expression::Text(text.into()),
            TokenKind::Sign("(") => {
                self.advance();
                let inner = self.deeper(offset, Self::assignment)?;
                self.expect(")")?;
                return Ok(inner);
            }
            TokenKind::Sign("[") => {
                self.advance();
                let (values, tallest) = self.values_until("]")?;
                let expression = Expression::List(values.into());
                return bounded(Parsed { expression, offset, height: tallest + 1, group: false });
            }
            TokenKind::Sign("{") => return self.object(offset),
            TokenKind::Sign("/" | "/=") => return Err(Fault::new(Problem::NotInLanguage, offset)),
            TokenKind::Name(name) => return self.name(name, offset),
            _ => return Err(self.unexpected()),
        };
        self.advance();
        Ok(Parsed::simple(expression, offset))
    }

    fn name(&mut self, name: &'s str, offset: usize) -> Result<Parsed, Fault> {
        if is_reserved(name) {
            return Err(Fault::new(Problem::NotInLanguage, offset));
        }
        self.advance();
        let expression = match name {
            "function" => return Err(Fault::new(Problem::NotInLanguage, offset)),
            "new" => return self.made(offset),
            _ if is_statement(name) => return Err(Fault::new(Problem::UnexpectedToken, offset)),
            "true" => Expression::Boolean(true),
            "false" => Expression::Boolean(false),
            "null" => Expression::Null,
            "NaN" => Expression::Number(f64::NAN),
            "Infinity" => Expression::Number(f64::INFINITY),
            "undefined" => Expression::Undefined,
            "_data" => return self.path(offset),
            "_context" if matches!(self.peek_second(), Some(TokenKind::Name("formatStartTime"))) => {
                return self.function_of(name, offset);
            }
            "_context" => self.context()?,
            "Math" | "Array" | "Date" | "Object" => return self.function_of(name, offset),
            "String" if self.is_sign(".") => return self.function_of(name, offset),
            "_config" => self.config()?,
            _ if self.is_sign("(") => {
                let Some((function, counts)) = Function::of_name(name) else {
                    let index = self.compiler.names.called(name, offset)?;
                    // As in ECMAScript: what is missing is undefined, what is too much is evaluated and dropped.
                    let (arguments, tallest) = self.arguments(0..=usize::MAX, offset)?;
                    let expression = Expression::Call(index, arguments.into());
                    return bounded(Parsed { expression, offset, height: tallest + 1, group: false });
                };
                let (arguments, tallest) = self.arguments(counts, offset)?;
                let expression = Expression::Function(function, arguments.into());
                return bounded(Parsed { expression, offset, height: tallest + 1, group: false });
            }
            _ => Expression::Variable(self.compiler.names.slot(name, offset, false)?),
        };
        Ok(Parsed::simple(expression, offset))
    }

    /// A function of `Math` or another object. Those that every engine computes to the last bit alike, and no others.
    fn function_of(&mut self, object: &str, offset: usize) -> Result<Parsed, Fault> {
        self.expect(".")?;
        let at = self.offset();
        let TokenKind::Name(name) = *self.peek() else { return Err(self.unexpected()) };
        let known = Function::of_name(&format!("{object}.{name}"));
        let (function, counts) = known.ok_or(Fault::new(Problem::UnknownFunction, at))?;
        self.advance();
        let (arguments, tallest) = self.arguments(counts, at)?;
        let expression = Expression::Function(function, arguments.into());
        bounded(Parsed { expression, offset, height: tallest + 1, group: false })
    }

    /// The path after `_data`, as far as it is one.
    fn path(&mut self, offset: usize) -> Result<Parsed, Fault> {
        if self.compiler.kind == TemplateKind::Free {
            self.refuse_person()?;
            return Ok(Parsed::simple(Expression::Data, offset));
        }
        let mut group = Group::Data;
        loop {
            let name_offset;
            let member;
            if self.accept(".") {
                name_offset = self.offset();
                let TokenKind::Name(name) = *self.peek() else { return Err(self.unexpected()) };
                self.advance();
                member = group.member(name);
            } else if self.is_sign("[") {
                name_offset = self.offset();
                self.advance();
                let TokenKind::Text(name) = self.peek().clone() else {
                    return Err(Fault::new(Problem::ComputedPath, name_offset));
                };
                self.advance();
                if !self.accept("]") {
                    return Err(Fault::new(Problem::ComputedPath, name_offset));
                }
                member = group.member(&name);
            } else {
                return Ok(Parsed { expression: Expression::Group(group), offset, height: 1, group: true });
            }
            match member.map_err(|problem| Fault::new(problem, name_offset))? {
                Node::Group(inner) => group = inner,
                Node::Items => return Ok(Parsed::simple(Expression::Items, offset)),
                Node::Leaf(leaf) => {
                    match leaf {
                        Leaf::Personal(id) => self.compiler.fields.insert(id),
                        Leaf::CourierToken => self.compiler.names_courier_token = true,
                        _ => {}
                    }
                    return Ok(Parsed::simple(Expression::Leaf(leaf), offset));
                }
            }
        }
    }

    /// Data of any shape has no persons: who names one means an order. By a computed name there is none either.
    fn refuse_person(&self) -> Result<(), Fault> {
        let mut ahead = self.tokens_ahead().iter().map(|token| (&token.kind, token.offset));
        let (person, offset) = match (ahead.next(), ahead.next()) {
            (Some((TokenKind::Sign("."), _)), Some((TokenKind::Name(name), at))) => (*name, at),
            (Some((TokenKind::Sign("["), _)), Some((TokenKind::Text(name), at))) => (&**name, at),
            _ => return Ok(()),
        };
        match person {
            "buyer" => Err(Fault::new(Problem::FieldNotPrintable, offset)),
            _ if PERSONS.contains(&person) => Err(Fault::new(Problem::PersonInData, offset)),
            _ => Ok(()),
        }
    }

    fn context(&mut self) -> Result<Expression, Fault> {
        self.expect(".")?;
        let offset = self.offset();
        let expression = match self.peek() {
            TokenKind::Name("documentNumber") => Expression::DocumentNumber,
            TokenKind::Name("documentCount") => Expression::DocumentCount,
            TokenKind::Name("runningNumber") => Expression::RunningNumber,
            TokenKind::Name("copy") => Expression::Copy,
            _ => return Err(Fault::new(Problem::UnknownFunction, offset)),
        };
        self.advance();
        self.arguments(0..=0, offset)?;
        Ok(expression)
    }

    /// Logos of carriers are never drawn.
    fn config(&mut self) -> Result<Expression, Fault> {
        self.expect(".")?;
        let known =
            matches!(self.peek(), TokenKind::Name("needTopLogo" | "needMiddleLogo" | "needBottomLogo"));
        if !known {
            return Err(Fault::new(Problem::UnknownMember, self.offset()));
        }
        self.advance();
        Ok(Expression::Boolean(false))
    }
}

pub(super) fn bounded(parsed: Parsed) -> Result<Parsed, Fault> {
    if parsed.height > limits::EXPRESSION_HEIGHT {
        return Err(Fault::new(Problem::ExpressionTooLong, parsed.offset));
    }
    Ok(parsed)
}

/// A group compared with null or undefined is a test; anything else needs values on both sides.
fn group_against_nothing(
    operator: Binary,
    left: Parsed,
    right: Parsed,
) -> Result<Result<Expression, [Expression; 2]>, Fault> {
    let is_nothing = |parsed: &Parsed| matches!(parsed.expression, Expression::Null | Expression::Undefined);
    let equal = match operator {
        Binary::Equal | Binary::Same => true,
        Binary::NotEqual | Binary::NotSame => false,
        _ => return Ok(Err([left.value()?, right.value()?])),
    };
    let group = match (left.group, right.group) {
        (true, false) if is_nothing(&right) => left.expression,
        (false, true) if is_nothing(&left) => right.expression,
        _ => return Ok(Err([left.value()?, right.value()?])),
    };
    let absent = Expression::Unary(Unary::Not, Box::new(group));
    Ok(Ok(if equal { absent } else { Expression::Unary(Unary::Not, Box::new(absent)) }))
}
