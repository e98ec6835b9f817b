//! Turns tokens into expressions, by precedence climbing.
//!
//! A group of data (`_data.sender`) is no value: it may be tested, compared with null, and have members.
//! So each parsed expression says whether it may come out as a group, and only tests accept that.

use super::data::{Group, Leaf, Node};
use super::expression::{Binary, Expression, Function, Method, Unary};
use super::functions::{GIVEN, is_statement};
use super::lexer::TokenKind;
use super::source::Fault;
use super::statements::{Parser, is_reserved};
use super::value::number_to_text;
use super::{Problem, limits};

/// An expression with what the parser has to know of it.
struct Parsed {
    expression: Expression,
    offset: usize,
    /// Expressions on top of each other in it.
    height: usize,
    /// Whether it may come out as a group.
    group: bool,
}

impl Parsed {
    fn simple(expression: Expression, offset: usize) -> Self {
        Parsed { expression, offset, height: 1, group: false }
    }

    /// The expression as a value.
    fn value(self) -> Result<Expression, Fault> {
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
    fn assignment(&mut self) -> Result<Parsed, Fault> {
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

    /// The object and the name of a member that is assigned to. Data of the order never is.
    fn member_target(&mut self, parsed: Parsed) -> Result<[Expression; 2], Fault> {
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

    fn deeper(
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

    /// `++` or `--` of a variable or a member.
    fn stepped(&mut self, operand: Parsed, by: f64, prefix: bool) -> Result<Parsed, Fault> {
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

    fn member(&mut self, object: Parsed) -> Result<Parsed, Fault> {
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
            // A member that nothing has is a typing error, not a blank.
            if is_data(&object) || is_plain(&object) {
                return Err(unknown);
            }
            self.compiler.names.read_member(name, offset);
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

    /// Arguments in parentheses, and the height of the tallest.
    fn arguments(
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

    fn values_until(&mut self, close: &str) -> Result<(Vec<Expression>, usize), Fault> {
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

    /// `{ name: value, … }`
    fn object(&mut self, offset: usize) -> Result<Parsed, Fault> {
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
    fn made(&mut self, offset: usize) -> Result<Parsed, Fault> {
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
                    if let Leaf::Personal(id) = leaf {
                        self.compiler.fields.insert(id);
                    }
                    return Ok(Parsed::simple(Expression::Leaf(leaf), offset));
                }
            }
        }
    }

    fn context(&mut self) -> Result<Expression, Fault> {
        self.expect(".")?;
        let offset = self.offset();
        let expression = match self.peek() {
            TokenKind::Name("documentNumber") => Expression::DocumentNumber,
            TokenKind::Name("documentCount") => Expression::DocumentCount,
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

/// Whether an expression is data of the order, which nothing can change.
fn is_data(mut expression: &Expression) -> bool {
    loop {
        expression = match expression {
            Expression::Index(pair) => &pair[0],
            Expression::Member(_, object) => object,
            other => {
                return matches!(other, Expression::Leaf(_) | Expression::Items | Expression::Group(_));
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

fn bounded(parsed: Parsed) -> Result<Parsed, Fault> {
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
