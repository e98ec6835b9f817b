//! The limits that keep a hostile template cheap. None of them is met by an honest one.

/// Bytes of a template.
pub(crate) const SOURCE: usize = 256 << 10;

/// Elements inside each other.
pub(crate) const XML_DEPTH: usize = 32;

/// Elements and texts of a template, and elements of a laid-out label.
pub(crate) const NODES: usize = 4_000;

/// Elements, blocks and parentheses inside each other.
pub(crate) const NESTING: usize = 96;

/// Variables of a template.
pub(crate) const NAMES: usize = 1_000;

/// Parameters and variables of a function.
pub(crate) const LOCALS: usize = 100;

/// Blocks, elements and expressions inside each other over all functions that are running, so that no recursion
/// reaches the end of the native stack.
pub(crate) const CALL_LEVELS: usize = 400;

/// Operators on top of each other in one expression.
pub(crate) const EXPRESSION_HEIGHT: usize = 96;

/// Steps of the code for one label. Work on long strings costs a step for each 64 bytes.
pub(crate) const STEPS: u32 = 100_000;

/// Bytes of one string.
pub(crate) const STRING: usize = 16 << 10;

/// Bytes of all strings that the code of one label makes, printed or not.
pub(crate) const STRINGS: usize = 1 << 20;

/// Bytes of all text that one label prints.
pub(crate) const PRINTED: usize = 256 << 10;

/// Elements of one array.
pub(crate) const ARRAY: usize = 1_000;

/// Barcodes of one label: the only element that costs tens of microseconds each.
pub(crate) const SYMBOLS: usize = 16;

/// Pictures of one label. What they may cost together is counted in pixels.
pub(crate) const PICTURES: usize = 16;

/// Things drawn on one label; a dashed line is many.
pub(crate) const ITEMS: usize = 20_000;

/// Smallest side of a page in micrometres.
pub(crate) const PAGE_LEAST: i32 = 1_000;

/// Largest side of a page in micrometres.
pub(crate) const PAGE_MOST: i32 = 1_200_000;

/// Largest length, position or offset in micrometres.
pub(crate) const LENGTH: i32 = 2_000_000;

/// Largest em in micrometres.
pub(crate) const EM: i32 = 150_000;

/// Remarks that are told: finding the line of each costs a pass over the source.
pub(crate) const REMARKS: usize = 100;
