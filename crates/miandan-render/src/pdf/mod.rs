//! Frames to PDF 1.7 (ISO 32000-1), in three steps that may run in three processes.
//!
//! 1. [`PageEncoder`] turns a frame into a deflated content stream. Text is written in character ids, which are known
//!    before any subset is, so pages can be encoded anywhere and in any order and are the same bytes.
//! 2. [`subset()`] cuts the faces down to the characters that all pages together have drawn.
//! 3. [`Document`] strings pages and fonts together. It parses no font and keeps eight bytes a page.

mod content;
mod document;
mod fonts;
mod form;
mod page;
mod picture;
mod subset;

pub use document::Document;
pub use form::Forms;
pub use page::PageEncoder;
pub(crate) use picture::{DOTS, TONES, samples};
#[cfg(feature = "printpdf")]
pub(crate) use subset::DEFAULT_WIDTH;
pub use subset::{OwnedSubset, SubsetError, subset};
