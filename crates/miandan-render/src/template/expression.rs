//! Code after compilation: expressions and statements, with names resolved to slots and data to leaves.

use super::data::{Group, Leaf};
use super::element::Element;

/// Statements that run one after the other.
pub(crate) type Block = Box<[Statement]>;

/// One statement, with the offset of its code where it can fail. Literal text, output and elements are statements too, so control flow covers them.
#[derive(Debug)]
pub(crate) enum Statement {
    /// Prints literal text.
    Literal(Box<str>),
    /// Prints a value.
    Output(Expression, usize),
    /// Places an element.
    Element(Box<Element>),
    /// Evaluates and forgets.
    Expression(Expression, usize),
    /// `if … else if … else …`
    If {
        offset: usize,
        arms: Box<[(Expression, Block)]>,
        otherwise: Block,
    },
    /// `for (start; test; step) body`, and `while`.
    For {
        offset: usize,
        start: Option<Expression>,
        test: Option<Expression>,
        step: Option<Expression>,
        body: Block,
    },
    /// `do body while (test)`
    Do {
        offset: usize,
        body: Block,
        test: Expression,
    },
    /// `for (slot in object) body`
    ForIn {
        offset: usize,
        slot: Slot,
        object: Expression,
        body: Block,
    },
    Block(Block),
    Return(Expression, usize),
    Break,
    Continue,
}

/// A variable: of the template, or of the function that runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    pub(crate) index: u16,
    pub(crate) local: bool,
}

/// A function that the template declares.
#[derive(Debug)]
pub(crate) struct Routine {
    pub(crate) parameters: usize,
    /// Its variables; the parameters are the first of them.
    pub(crate) locals: usize,
    /// Blocks, elements and expressions inside each other in it.
    pub(crate) height: usize,
    pub(crate) body: Block,
}

/// One expression.
#[derive(Debug)]
pub(crate) enum Expression {
    Undefined,
    Null,
    Boolean(bool),
    Number(f64),
    Text(Box<str>),
    Array(Box<[Expression]>),
    /// A value of the order.
    Leaf(Leaf),
    /// Whether the order has anything in a group.
    Group(Group),
    /// The list of goods.
    Items,
    DocumentNumber,
    DocumentCount,
    Variable(Slot),
    /// Assigns to a slot and has the value assigned.
    Assign(Slot, Box<Expression>),
    /// `++` and `--`.
    Step {
        slot: Slot,
        by: f64,
        prefix: bool,
    },
    Unary(Unary, Box<Expression>),
    Binary(Binary, Box<[Expression; 2]>),
    And(Box<[Expression; 2]>),
    Or(Box<[Expression; 2]>),
    /// Test, then, otherwise.
    Conditional(Box<[Expression; 3]>),
    /// All in turn; the value of the last.
    Sequence(Box<[Expression]>),
    Member(Member, Box<Expression>),
    Index(Box<[Expression; 2]>),
    /// The object, then the arguments.
    Method(Method, Box<[Expression]>),
    Function(Function, Box<[Expression]>),
    /// A function of the template, with its arguments.
    Call(u16, Box<[Expression]>),
}

/// Operators with one operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unary {
    Not,
    Plus,
    Minus,
    TypeOf,
}

/// Operators with two operands that are both evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Binary {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
    Same,
    NotSame,
}

/// Members that are no methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Member {
    /// Of strings and arrays.
    Length,
    /// Of goods.
    Name,
    /// Of goods.
    Sku,
    /// Of goods.
    Count,
}

impl Member {
    pub(crate) fn of_name(name: &str) -> Option<Self> {
        Some(match name {
            "length" => Member::Length,
            "name" => Member::Name,
            "sku" => Member::Sku,
            "count" => Member::Count,
            _ => return None,
        })
    }
}

macro_rules! callables {
    ($kind:ident { $($variant:ident = $name:literal $least:literal..=$most:literal,)+ }) => {
        impl $kind {
            /// The callable of a name, with the number of arguments that it takes.
            pub(crate) fn of_name(name: &str) -> Option<(Self, std::ops::RangeInclusive<usize>)> {
                match name { $($name => Some(($kind::$variant, $least..=$most)),)+ _ => None }
            }
        }
    };
}

/// Methods of strings, numbers and arrays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    CharAt,
    CharCodeAt,
    Concat,
    IndexOf,
    Join,
    LastIndexOf,
    Replace,
    Slice,
    Split,
    Substr,
    Substring,
    ToFixed,
    ToLowerCase,
    ToText,
    ToUpperCase,
    Trim,
}

callables! { Method {
    CharAt = "charAt" 0..=1,
    CharCodeAt = "charCodeAt" 0..=1,
    Concat = "concat" 1..=8,
    IndexOf = "indexOf" 1..=2,
    Join = "join" 0..=1,
    LastIndexOf = "lastIndexOf" 1..=1,
    Replace = "replace" 2..=2,
    Slice = "slice" 0..=2,
    Split = "split" 1..=1,
    Substr = "substr" 1..=2,
    Substring = "substring" 1..=2,
    ToFixed = "toFixed" 0..=1,
    ToLowerCase = "toLowerCase" 0..=0,
    ToText = "toString" 0..=0,
    ToUpperCase = "toUpperCase" 0..=0,
    Trim = "trim" 0..=0,
} }

/// Functions that belong to no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Abs,
    Ceil,
    Floor,
    IsNotANumber,
    Max,
    Min,
    Number,
    ParseInt,
    Round,
    Text,
}

callables! { Function {
    Abs = "Math.abs" 1..=1,
    Ceil = "Math.ceil" 1..=1,
    Floor = "Math.floor" 1..=1,
    IsNotANumber = "isNaN" 1..=1,
    Max = "Math.max" 1..=8,
    Min = "Math.min" 1..=8,
    Number = "Number" 0..=1,
    ParseInt = "parseInt" 1..=2,
    Round = "Math.round" 1..=1,
    Text = "String" 0..=1,
} }
