//! The faces that a label may be set in: the two that are bundled, and those that a caller brought.
//!
//! A character is drawn from the first face that has it: the bundled one of the weight asked for, then the added ones in
//! their order. A face whose family a template names comes before the bundled one.

mod added;

use std::sync::Arc;

use miandan_core::font::{FontProblem, MissingGlyph};

use crate::frame::FaceId;
pub use added::AddedFace;

/// Faces that a caller may add.
pub const MAX_ADDED: usize = 8;

/// The bundled faces and those that a caller added. A copy shares them.
#[derive(Clone, Debug, Default)]
pub struct Faces {
    added: Vec<Arc<AddedFace>>,
    /// What stands for a character that none of them has.
    pub missing: MissingGlyph,
}

impl Faces {
    /// Adds a font: a TrueType file, or the first font of a TrueType collection.
    ///
    /// # Errors
    /// [`FontProblem`]: what cannot be drawn, subset and embedded is refused here and not at the first label.
    pub fn add(&mut self, file: Vec<u8>) -> Result<FaceId, FontProblem> {
        if self.added.len() == MAX_ADDED {
            return Err(FontProblem::TooMany);
        }
        let id = FaceId::Added(self.added.len() as u8);
        self.added.push(Arc::new(AddedFace::new(file)?));
        Ok(id)
    }

    /// The face, if there is one of this number.
    #[must_use]
    pub fn get(&self, id: FaceId) -> Option<FaceRef<'_>> {
        match id {
            FaceId::Regular => Some(FaceRef::Bundled(&miandan_fonts::REGULAR)),
            FaceId::Bold => Some(FaceRef::Bundled(&miandan_fonts::BOLD)),
            FaceId::Added(place) => self.added.get(usize::from(place)).map(|face| FaceRef::Added(face)),
        }
    }

    /// Every face, the bundled ones first.
    pub fn ids(&self) -> impl Iterator<Item = FaceId> + use<> {
        let added = (0..self.added.len() as u8).map(FaceId::Added);
        FaceId::BUNDLED.into_iter().chain(added)
    }

    /// The added face of a family, of the weight if there are several. Names are compared without regard to case.
    #[must_use]
    pub fn of_family(&self, family: &str, bold: bool) -> Option<FaceId> {
        let of_family = || self.added.iter().zip(0..).filter(|(face, _)| face.is_of(family));
        let found = of_family().find(|(face, _)| face.is_bold() == bold).or_else(|| of_family().next());
        found.map(|(_, place)| FaceId::Added(place))
    }

    /// The first face that has the character, beginning with the one preferred, and the character's id in it.
    #[must_use]
    pub fn find(&self, preferred: Option<FaceId>, bundled: FaceId, character: char) -> Option<Found> {
        let of = |id: FaceId| {
            let face = self.get(id)?;
            let cid = face.cid(character)?;
            Some(Found { face: id, cid, advance: face.advance(cid) })
        };
        preferred.and_then(of).or_else(|| of(bundled)).or_else(|| self.ids().skip(2).find_map(of))
    }

    /// Whether any face has the character.
    #[must_use]
    pub fn has(&self, character: char) -> bool {
        self.find(None, FaceId::Regular, character).is_some()
    }

    /// How many faces there are.
    pub(crate) fn count(&self) -> usize {
        FaceId::BUNDLED.len() + self.added.len()
    }
}

/// Faces are equal if they are the same, copied; two that were read from one file are not.
impl PartialEq for Faces {
    fn eq(&self, other: &Faces) -> bool {
        self.missing == other.missing
            && self.added.len() == other.added.len()
            && self.added.iter().zip(&other.added).all(|(one, other)| Arc::ptr_eq(one, other))
    }
}

impl Eq for Faces {}

/// A character in a face.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    /// Which face.
    pub face: FaceId,
    /// Its id there.
    pub cid: u16,
    /// Its advance in thousandths of the em.
    pub advance: u16,
}

/// One face, bundled or added.
#[derive(Clone, Copy, Debug)]
pub enum FaceRef<'f> {
    /// One of the two that are always there.
    Bundled(&'static miandan_fonts::Face),
    /// One that a caller brought.
    Added(&'f AddedFace),
}

impl<'f> FaceRef<'f> {
    /// The id of a character, never 0, or `None` when the face lacks it.
    #[must_use]
    pub fn cid(self, character: char) -> Option<u16> {
        match self {
            FaceRef::Bundled(face) => face.cid(character),
            FaceRef::Added(face) => face.cid(character),
        }
    }

    /// The character of an id.
    #[must_use]
    pub fn character(self, cid: u16) -> Option<char> {
        match self {
            FaceRef::Bundled(face) => face.character(cid),
            FaceRef::Added(face) => face.character(cid),
        }
    }

    /// The glyph that draws an id; 0, the box for what is missing, for an id that the face does not have.
    #[must_use]
    pub fn glyph(self, cid: u16) -> u16 {
        match self {
            FaceRef::Bundled(face) => face.glyph(cid),
            FaceRef::Added(face) => face.glyph(cid),
        }
    }

    /// The advance of an id in thousandths of the em.
    #[must_use]
    pub fn advance(self, cid: u16) -> u16 {
        match self {
            FaceRef::Bundled(face) => face.advance(cid),
            FaceRef::Added(face) => face.advance(cid),
        }
    }

    /// One more than the highest id.
    #[must_use]
    pub fn cid_count(self) -> u32 {
        match self {
            FaceRef::Bundled(face) => face.cid_count().into(),
            FaceRef::Added(face) => face.cid_count(),
        }
    }

    /// The PostScript name.
    #[must_use]
    pub fn name(self) -> &'f str {
        match self {
            FaceRef::Bundled(face) => face.postscript_name(),
            FaceRef::Added(face) => face.name(),
        }
    }

    /// The font file, and which font of it.
    #[must_use]
    pub fn data(self) -> &'f [u8] {
        match self {
            FaceRef::Bundled(face) => face.data(),
            FaceRef::Added(face) => face.data(),
        }
    }

    /// The measures that a PDF wants of a font, in thousandths of the em.
    pub(crate) fn measures(self) -> Measures {
        match self {
            FaceRef::Bundled(face) => {
                let metrics = face.metrics();
                Measures {
                    bounds: metrics.bbox.map(i32::from),
                    ascent: metrics.ascent.into(),
                    descent: metrics.descent.into(),
                    cap_height: metrics.cap_height.into(),
                    stem_v: metrics.stem_v.into(),
                }
            }
            FaceRef::Added(face) => face.measures(),
        }
    }
}

/// Measures of a face in thousandths of the em (ISO 32000-1, 9.8).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Measures {
    pub(crate) bounds: [i32; 4],
    pub(crate) ascent: i32,
    pub(crate) descent: i32,
    pub(crate) cap_height: i32,
    pub(crate) stem_v: i32,
}

#[cfg(test)]
mod tests {
    use miandan_core::font::MAX_FONT;
    use miandan_core::label::LabelSize;

    use super::*;
    use crate::frame::{Frame, Item, Text};
    use crate::pdf::{PageEncoder, subset};
    use crate::raster::{Bitmap, Rasteriser};

    #[test]
    fn bundled_faces_are_measured_in_thousandths() {
        for face in [&miandan_fonts::REGULAR, &miandan_fonts::BOLD] {
            assert_eq!(face.metrics().units_per_em, 1000);
        }
    }

    /// `fixtures/fonts/make.py` says what is in it.
    const TEST_FONT: &[u8] = include_bytes!("../../../../fixtures/fonts/miandan-test.ttf");

    /// A character that only the test font has.
    const WIDE: char = '\u{31350}';

    fn with_test_font() -> Faces {
        let mut faces = Faces::default();
        assert_eq!(faces.add(TEST_FONT.to_vec()), Ok(FaceId::Added(0)));
        faces
    }

    #[test]
    fn the_bundled_face_comes_first() {
        let faces = with_test_font();
        let face_of = |preferred, character| Some(faces.find(preferred, FaceId::Bold, character)?.face);
        assert_eq!(face_of(None, 'A'), Some(FaceId::Bold));
        assert_eq!(face_of(None, WIDE), Some(FaceId::Added(0)));
        assert_eq!(face_of(None, '🙂'), None);
        let family = faces.of_family("面单测试", false);
        assert_eq!(family, faces.of_family("miandan TEST", true));
        assert_eq!(face_of(family, 'A'), Some(FaceId::Added(0)));
        assert_eq!(face_of(family, 'B'), Some(FaceId::Bold));
        assert_eq!(faces.of_family("SimSun", false), None);
        assert!(faces.has(WIDE) && !Faces::default().has(WIDE));
    }

    #[test]
    fn an_added_face_is_measured_in_thousandths_too() {
        let faces = with_test_font();
        let face = faces.get(FaceId::Added(0)).unwrap();
        assert_eq!(faces.find(None, FaceId::Regular, WIDE).unwrap().advance, 1000);
        assert_eq!(faces.find(None, FaceId::Regular, '\u{2B823}').unwrap().advance, 500);
        assert_eq!(face.advance(face.cid(' ').unwrap()), 250);
        assert_eq!((face.name(), face.measures().ascent), ("MiandanTest", 859));
        assert!(faces.get(FaceId::Added(1)).is_none());
    }

    #[test]
    fn each_character_of_a_glyph_has_an_id_of_its_own() {
        let faces = with_test_font();
        let face = faces.get(FaceId::Added(0)).unwrap();
        let [one, radical] = ['一', '\u{2F00}'].map(|character| face.cid(character).unwrap());
        assert_ne!(one, radical);
        assert_eq!(face.glyph(one), face.glyph(radical));
        assert_eq!(one, face.glyph(one), "the ordinary character has the glyph's own number");
        assert_eq!([one, radical].map(|cid| face.character(cid)), [Some('一'), Some('\u{2F00}')]);
        assert_eq!((face.glyph(u16::MAX), face.character(0)), (0, None));
    }

    #[test]
    fn what_cannot_be_embedded_is_refused() {
        let add = |file: Vec<u8>| Faces::default().add(file);
        assert_eq!(add(b"no font".to_vec()), Err(FontProblem::NotAFont));
        assert_eq!(add(vec![0; MAX_FONT + 1]), Err(FontProblem::TooLarge));
        let table = |tag: &[u8]| {
            let entry = TEST_FONT.windows(4).position(|name| name == tag).unwrap();
            let at = u32::from_be_bytes(TEST_FONT[entry + 8..entry + 12].try_into().unwrap());
            (entry, at as usize)
        };
        // OS/2, fsType: "Restricted License embedding", "No subsetting", "Bitmap embedding only".
        for kind in [0x0002_u16, 0x0100, 0x0200] {
            let mut font = TEST_FONT.to_vec();
            font[table(b"OS/2").1 + 8..][..2].copy_from_slice(&kind.to_be_bytes());
            assert_eq!(add(font), Err(FontProblem::NotEmbeddable), "{kind:x}");
        }
        for (tag, problem) in [(b"glyf", FontProblem::NoOutlines), (b"cmap", FontProblem::NoCharacters)] {
            let mut font = TEST_FONT.to_vec();
            font[table(tag).0] = b'X';
            assert_eq!(add(font), Err(problem));
        }
        let mut faces = with_test_font();
        for _ in 1..MAX_ADDED {
            faces.add(TEST_FONT.to_vec()).unwrap();
        }
        assert_eq!(faces.add(TEST_FONT.to_vec()), Err(FontProblem::TooMany));
    }

    #[test]
    fn a_damaged_font_is_refused_or_draws_something_else() {
        for at in (0..TEST_FONT.len()).step_by(3) {
            let mut font = TEST_FONT.to_vec();
            let _ = Faces::default().add(TEST_FONT[..at].to_vec());
            font[at] ^= 0xFF;
            let mut faces = Faces::default();
            if faces.add(font).is_ok() {
                draw(&faces);
            }
        }
    }

    /// Draws every character of the test font that the faces still have, in both outputs.
    fn draw(faces: &Faces) {
        let mut frame =
            Frame { size: LabelSize::millimetres(30, 10), faces: faces.clone(), ..Frame::default() };
        for character in [' ', 'A', '一', WIDE, '\u{2B823}'] {
            let Some(Found { face, cid, .. }) =
                faces.find(Some(FaceId::Added(0)), FaceId::Regular, character)
            else {
                continue;
            };
            frame.cids.push(cid);
            let start = frame.cids.len() as u32 - 1;
            let text = Text { x: 5000, y: 5000, size: 4000, face, start, length: 1, ..Text::default() };
            frame.items.push(Item::Text(text));
        }
        Rasteriser::default().draw(&frame, &mut Bitmap::default());
        let mut pages = PageEncoder::new();
        pages.encode(&frame, &mut Vec::new());
        let _ = subset(faces, &pages.take_used());
    }
}
