//! Where the picture of an image comes from. What is constant is read once, when the template is compiled.

use std::sync::Arc;

use super::attributes::Attributes;
use crate::image::{self, Picture, PictureError};
use crate::template::Problem;
use crate::template::expression::Block;
use crate::template::source::Fault;
use crate::template::statements::Compiler;
use crate::template::xml::Piece;

/// Where a picture comes from.
#[derive(Debug)]
pub(crate) enum PictureSource {
    /// From the template; nothing if it could not be read and the image may fail.
    Fixed(Option<Arc<Picture>>),
    /// From code, for each label.
    Computed(Block),
}

/// The pixels that may still be decoded: of the constant pictures of a template, or of the computed ones of a label.
#[derive(Debug)]
pub(crate) struct Budget(usize);

impl Default for Budget {
    fn default() -> Self {
        Budget(image::PIXELS)
    }
}

impl Budget {
    /// Reads the picture of a `src`.
    pub(crate) fn load(&mut self, source: &str) -> Result<Arc<Picture>, Problem> {
        let loaded = image::load(source, self.0);
        let cost = match &loaded {
            Ok(picture) => picture.width() * picture.height(),
            // It may have been decoded nearly to its end before that was known.
            Err(PictureError::Broken) => image::PIXELS / 8,
            Err(_) => 0,
        };
        self.0 = self.0.saturating_sub(cost);
        loaded.map_err(Problem::from)
    }
}

/// The constant pictures of a template. A layout that is referred to is compiled again each time, its pictures are not
/// read again.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    known: Vec<(String, Arc<Picture>)>,
    budget: Budget,
}

/// Takes the source of an image.
pub(super) fn source(
    compiler: &mut Compiler,
    attributes: &mut Attributes,
    offset: usize,
    optional: bool,
) -> Result<PictureSource, Fault> {
    let source = attributes.take("src").ok_or(Fault::new(Problem::MissingAttribute, offset))?;
    let text = match &source.value[..] {
        [] => "",
        [Piece::Literal { text, .. }] => text,
        _ => return Ok(PictureSource::Computed(compiler.pieces(source.value)?)),
    };
    let Pictures { known, budget } = &mut compiler.context.pictures;
    if let Some((_, picture)) = known.iter().find(|(known, _)| known == text) {
        return Ok(PictureSource::Fixed(Some(Arc::clone(picture))));
    }
    match budget.load(text) {
        Ok(picture) => {
            known.push((text.to_owned(), Arc::clone(&picture)));
            Ok(PictureSource::Fixed(Some(picture)))
        }
        Err(_) if optional => {
            compiler.remarks.push(Fault::new(Problem::ImageLeftOut, source.value_offset));
            Ok(PictureSource::Fixed(None))
        }
        Err(problem) => Err(Fault::new(problem, source.value_offset)),
    }
}
