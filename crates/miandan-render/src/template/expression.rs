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
    /// `switch`: each case with the statement that it begins at; no test is `default`.
    Switch {
        offset: usize,
        value: Expression,
        cases: Box<[(Option<Expression>, usize)]>,
        body: Block,
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
    List(Box<[Expression]>),
    Object(Box<[(Box<str>, Expression)]>),
    /// `new Date()`
    Date,
    /// A value of the order.
    Leaf(Leaf),
    /// Whether the order has anything in a group.
    Group(Group),
    /// The list of goods.
    Items,
    /// Data of any shape, all of it.
    Data,
    DocumentNumber,
    DocumentCount,
    RunningNumber,
    Copy,
    Variable(Slot),
    /// Assigns to a slot and has the value assigned.
    Assign(Slot, Box<Expression>),
    /// `++` and `--`.
    Step {
        slot: Slot,
        by: f64,
        prefix: bool,
    },
    /// Assigns to a member: the object, its name, the value. With an operator, of what was there and the value.
    AssignMember(Option<Binary>, Box<[Expression; 3]>),
    /// `++` and `--` of a member: the object and its name.
    StepMember {
        target: Box<[Expression; 2]>,
        by: f64,
        prefix: bool,
    },
    /// `delete` of a member: the object and its name.
    Delete(Box<[Expression; 2]>),
    Unary(Unary, Box<Expression>),
    Binary(Binary, Box<[Expression; 2]>),
    And(Box<[Expression; 2]>),
    Or(Box<[Expression; 2]>),
    /// Test, then, otherwise.
    Conditional(Box<[Expression; 3]>),
    /// All in turn; the value of the last.
    Sequence(Box<[Expression]>),
    /// A member, by its name.
    Member(Box<str>, Box<Expression>),
    Index(Box<[Expression; 2]>),
    /// The object, then the arguments.
    Method(Method, Box<[Expression]>),
    Function(Function, Box<[Expression]>),
    /// Sorts a list by a function of the template.
    SortBy(u16, Box<Expression>),
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
    In,
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

/// Methods of strings, numbers, lists and the time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    CharAt,
    CharCodeAt,
    Concat,
    Date,
    Day,
    FullYear,
    HasMember,
    Hours,
    IndexOf,
    Join,
    LastIndexOf,
    Milliseconds,
    Minutes,
    Month,
    Pop,
    Push,
    Replace,
    Reverse,
    Seconds,
    Shift,
    Slice,
    Sort,
    Splice,
    Split,
    Substr,
    Substring,
    Time,
    ToFixed,
    ToLowerCase,
    ToText,
    ToUpperCase,
    Trim,
    Unshift,
    Value,
}

callables! { Method {
    CharAt = "charAt" 0..=1,
    CharCodeAt = "charCodeAt" 0..=1,
    Concat = "concat" 1..=8,
    Date = "getDate" 0..=0,
    Day = "getDay" 0..=0,
    FullYear = "getFullYear" 0..=0,
    HasMember = "hasOwnProperty" 1..=1,
    Hours = "getHours" 0..=0,
    IndexOf = "indexOf" 1..=2,
    Join = "join" 0..=1,
    LastIndexOf = "lastIndexOf" 1..=1,
    Milliseconds = "getMilliseconds" 0..=0,
    Minutes = "getMinutes" 0..=0,
    Month = "getMonth" 0..=0,
    Pop = "pop" 0..=0,
    Push = "push" 0..=64,
    Replace = "replace" 2..=2,
    Reverse = "reverse" 0..=0,
    Seconds = "getSeconds" 0..=0,
    Shift = "shift" 0..=0,
    Slice = "slice" 0..=2,
    Sort = "sort" 0..=0,
    Splice = "splice" 0..=64,
    Split = "split" 1..=1,
    Substr = "substr" 1..=2,
    Substring = "substring" 1..=2,
    Time = "getTime" 0..=0,
    ToFixed = "toFixed" 0..=1,
    ToLowerCase = "toLowerCase" 0..=0,
    ToText = "toString" 0..=1,
    ToUpperCase = "toUpperCase" 0..=0,
    Trim = "trim" 0..=0,
    Unshift = "unshift" 0..=64,
    Value = "valueOf" 0..=0,
} }

/// Functions that belong to no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Abs,
    Ceil,
    Floor,
    FormatTime,
    IsFinite,
    IsList,
    IsNotANumber,
    Keys,
    Max,
    Min,
    Now,
    Number,
    ParseFloat,
    ParseInt,
    Power,
    Root,
    Round,
    Text,
    Unit,
}

callables! { Function {
    Abs = "Math.abs" 1..=1,
    Ceil = "Math.ceil" 1..=1,
    Floor = "Math.floor" 1..=1,
    FormatTime = "_context.formatStartTime" 1..=1,
    IsFinite = "isFinite" 1..=1,
    IsList = "Array.isArray" 1..=1,
    IsNotANumber = "isNaN" 1..=1,
    Keys = "Object.keys" 1..=1,
    Max = "Math.max" 1..=8,
    Min = "Math.min" 1..=8,
    Now = "Date.now" 0..=0,
    Number = "Number" 0..=1,
    ParseFloat = "parseFloat" 1..=1,
    ParseInt = "parseInt" 1..=2,
    Power = "Math.pow" 2..=2,
    Root = "Math.sqrt" 1..=1,
    Round = "Math.round" 1..=1,
    Text = "String" 0..=1,
    Unit = "String.fromCharCode" 1..=8,
} }
