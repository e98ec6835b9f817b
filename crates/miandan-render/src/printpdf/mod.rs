//! Frames to PDF by the crate `printpdf`, behind the feature of that name: a second opinion on [`pdf`](crate::pdf).
//!
//! It draws the same pages from the same frames, in the host, where what is drawn is masked already. Two programs that
//! share no line of PDF agree pixel by pixel (`tests/second_opinion.rs`).
//!
//! # What it does not do
//!
//! It does not stream: every page is kept until the end, then made into objects, then into bytes. So it is slower, and takes a
//! tenth of a MiB for each label; [`pdf::Document`](crate::pdf::Document) is the one for a batch.
//! It parses no font and cuts none down. As for the other writer, the component answers the subsets of all that was drawn.
//!
//! ```
//! use miandan_render::frame::{Fill, Frame, Ink, Item, Rect, Shape};
//! use miandan_render::printpdf::Document;
//!
//! let rect = Rect { x: 1000, y: 1000, width: 500, height: 500 };
//! let frame = Frame {
//!     size: miandan_core::label::LabelSize::millimetres(76, 130),
//!     items: vec![Item::Fill(Fill { rect, shape: Shape::Square, ink: Ink::Black })],
//!     ..Frame::default()
//! };
//! let mut document = Document::new();
//! document.page(frame);
//! let file = document.finish(&[], [7; 16])?;
//! assert!(file.starts_with(b"%PDF-1.7"));
//! # Ok::<(), miandan_render::printpdf::PrintPdfError>(())
//! ```

mod finish;
mod fonts;
mod images;
mod page;

use std::collections::BTreeMap;

use miandan_core::label::LabelSize;
use miandan_core::pipe::FontSubset;
use printpdf::{Op, PdfDocument, PdfPage, Pt, Rect};

use crate::frame::{FaceId, Frame, Item};
use fonts::Fonts;
use images::{Images, Pictures};

/// Why there is no document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PrintPdfError {
    /// The subset of this face is damaged.
    #[error("the subset of face {0} is damaged")]
    Font(u8),
    /// A page draws with this face, and there is no subset of it.
    #[error("there is no subset of face {0}")]
    NoFont(u8),
    /// The library could not write what it was given.
    #[error("printpdf cannot write the document")]
    Library,
}

/// A PDF whose pages are collected.
#[derive(Debug, Default)]
pub struct Document {
    pages: Vec<Frame>,
    /// Every picture once, as it stands on pages.
    pictures: Pictures,
}

impl Document {
    /// A document without pages.
    #[must_use]
    pub fn new() -> Self {
        Document::default()
    }

    /// How many pages there are so far.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.pages.len()
    }

    /// Adds the first page of a frame.
    pub fn page(&mut self, mut frame: Frame) {
        let end = frame.page(0).len();
        frame.items.truncate(end);
        frame.breaks.clear();
        // Labels of one template have the same pictures: what is equal is kept once.
        frame.pictures.iter_mut().for_each(|picture| self.pictures.share(picture));
        self.pages.push(frame);
    }

    /// Ends the document. `fonts` are the subsets of all faces that the pages draw with; `id` names it (ISO 32000-1, 14.4).
    ///
    /// # Errors
    /// All of [`PrintPdfError`].
    pub fn finish(mut self, fonts: &[FontSubset<'_>], id: [u8; 16]) -> Result<Vec<u8>, PrintPdfError> {
        if self.pages.is_empty() {
            // A page tree cannot be without a page.
            self.pages.push(Frame { size: LabelSize::millimetres(76, 130), ..Frame::default() });
        }
        let fonts = Fonts::new(fonts, &used(&self.pages))?;
        let mut document = PdfDocument::default();
        document.resources.fonts.map = fonts.embedded();
        let mut images = Images::default();
        let mut pages = Vec::with_capacity(self.pages.len());
        for frame in self.pages.drain(..) {
            let mut ops = page::Page::new(&frame, &fonts, &mut images);
            frame.items.iter().try_for_each(|item| ops.item(item))?;
            pages.push(of_size(frame.size, ops.finish()));
        }
        document.pages = pages;
        document.resources.xobjects.map = images.into_objects();
        finish::write(&document, id)
    }
}

/// A page of a size, to the micrometre.
fn of_size(size: LabelSize, ops: Vec<Op>) -> PdfPage {
    let [width, height] =
        [size.width, size.height].map(|side| Pt((f64::from(side) * 72.0 / 25_400.0) as f32));
    let whole = || Rect::from_wh(width, height);
    PdfPage { media_box: whole(), trim_box: whole(), crop_box: whole(), ops }
}

/// The character ids that pages draw, by face, in rising order.
fn used(pages: &[Frame]) -> BTreeMap<FaceId, Vec<u16>> {
    let mut used: BTreeMap<FaceId, Vec<u16>> = BTreeMap::new();
    for frame in pages {
        for item in &frame.items {
            if let Item::Text(text) = item
                && let Some(cids) = text.all_cids(frame)
            {
                used.entry(text.face).or_default().extend(cids);
            }
        }
    }
    used.values_mut().for_each(|cids| {
        cids.sort_unstable();
        cids.dedup();
    });
    used
}

#[cfg(test)]
mod tests;
