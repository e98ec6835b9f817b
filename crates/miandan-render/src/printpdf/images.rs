//! Pictures as objects of the document, which pages share.

use std::collections::BTreeMap;
use std::sync::Arc;

use printpdf::{RawImage, RawImageData, RawImageFormat, XObject, XObjectId};

use crate::frame::{Frame, Image, Turn};
use crate::image::{Picture, Scaled, tones_of_dots};
use crate::pdf::samples;

/// So many pictures are looked through for one that is equal. A template has a few; those that its code makes for each label
/// are hardly ever equal.
const COMPARED: usize = 32;

/// Pictures of pages, each once.
#[derive(Debug, Default)]
pub(super) struct Pictures {
    seen: Vec<Arc<Picture>>,
}

impl Pictures {
    /// Replaces a picture by one that is equal, if there was one.
    pub(super) fn share(&mut self, picture: &mut Arc<Picture>) {
        match self.seen.iter().find(|seen| **seen == *picture) {
            Some(seen) => *picture = Arc::clone(seen),
            None if self.seen.len() < COMPARED => self.seen.push(Arc::clone(picture)),
            None => {}
        }
    }
}

/// Objects of pictures, one for each size and turn in which they are shown.
#[derive(Debug, Default)]
pub(super) struct Images {
    objects: BTreeMap<XObjectId, XObject>,
    shown: Vec<Shown>,
}

/// A picture as pages show it, and its object.
#[derive(Debug)]
struct Shown {
    picture: Arc<Picture>,
    samples: [usize; 2],
    turn: Turn,
    id: XObjectId,
}

impl Images {
    /// The object of a picture as it stands on a page.
    pub(super) fn object(&mut self, picture: &Arc<Picture>, image: &Image, frame: &Frame) -> XObjectId {
        let samples = samples(picture, image, frame);
        let is = |shown: &&Shown| {
            Arc::ptr_eq(&shown.picture, picture) && shown.samples == samples && shown.turn == image.turn
        };
        if let Some(shown) = self.shown.iter().find(is) {
            return shown.id.clone();
        }
        let id = XObjectId(format!("Picture{}", self.objects.len()));
        let [width, height] = samples;
        let object = XObject::Image(RawImage {
            pixels: RawImageData::U8(tones(picture, image.turn, samples)),
            width,
            height,
            data_format: RawImageFormat::R8,
            tag: Vec::new(),
        });
        self.objects.insert(id.clone(), object);
        if self.shown.len() < COMPARED {
            let picture = Arc::clone(picture);
            self.shown.push(Shown { picture, samples, turn: image.turn, id: id.clone() });
        }
        id
    }

    pub(super) fn into_objects(self) -> BTreeMap<XObjectId, XObject> {
        self.objects
    }
}

/// A picture in so many tones, black and white where it is line art.
fn tones(picture: &Picture, turn: Turn, [width, height]: [usize; 2]) -> Vec<u8> {
    let scaled = Scaled::new(picture, turn, width, height);
    let mut tones = Vec::with_capacity(width * height);
    if picture.is_bilevel() {
        scaled.dots(|row| tones.extend(tones_of_dots(row, width)));
    } else {
        scaled.rows(|row| tones.extend_from_slice(row));
    }
    tones
}
