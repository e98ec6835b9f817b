//! One page of a frame as bytes, for an encoder that has no place behind the lock.
//!
//! A component answers it where a host asks for [`Format::Frame`](miandan_core::label::Format::Frame). It says what a page
//! of a PDF says and no more: each item carries what it shows, and nothing else of the frame crosses. Texts are character
//! ids, symbols their modules, pictures the samples that a page would have. What is not drawn is not there: not a text of
//! another page, not a picture behind the one that was scaled, not a character that no face has.
//!
//! Numbers are little endian and of fixed width. A page is decoded into a [`Frame`] that draws the same: whatever the
//! bytes, they are a page or a [`WireError`], and no count in them reserves more than they could fill.
//!
//! ```
//! use miandan_render::frame::{Fill, Frame, Ink, Item, Rect, Shape};
//! use miandan_render::wire;
//!
//! let rect = Rect { x: 1000, y: 1000, width: 500, height: 500 };
//! let frame = Frame {
//!     size: miandan_core::label::LabelSize::millimetres(76, 130),
//!     items: vec![Item::Fill(Fill { rect, shape: Shape::Square, ink: Ink::Black })],
//!     ..Frame::default()
//! };
//! let mut bytes = Vec::new();
//! wire::encode_page(&frame, 0, &mut bytes);
//! assert_eq!(wire::decode(&bytes)?, frame);
//! assert!(wire::decode(&bytes[1..]).is_err());
//! # Ok::<(), wire::WireError>(())
//! ```

mod read;
mod write;

pub use read::decode;
pub use write::encode_page;

#[cfg(doc)]
use crate::frame::Frame;

/// Why bytes are no page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WireError {
    /// They end too early.
    #[error("the page ends too early")]
    Truncated,
    /// There are more of them than belong to the page.
    #[error("the page has bytes after its end")]
    Trailing,
    /// A number stands for nothing.
    #[error("the page has something in it that is not known")]
    Unknown,
    /// The page, a picture or the number of things on it is larger than any label's.
    #[error("the page is too large")]
    TooLarge,
}

/// The kinds of items.
mod kind {
    pub(super) const FILL: u8 = 0;
    pub(super) const OUTLINE: u8 = 1;
    pub(super) const STROKE: u8 = 2;
    pub(super) const TEXT: u8 = 3;
    pub(super) const BARS: u8 = 4;
    pub(super) const MATRIX: u8 = 5;
    pub(super) const LINE_ART: u8 = 6;
    pub(super) const TONES: u8 = 7;
}

#[cfg(test)]
mod tests;
