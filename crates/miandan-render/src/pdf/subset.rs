//! Faces cut down to the characters that were drawn (ISO 32000-1, 9.6.4, 9.7.4 and 9.10.3).

use miandan_core::pipe::{FaceUse, FontSubset};
use pdf_writer::Name;
use pdf_writer::types::UnicodeCmap;
use subsetter::GlyphRemapper;

use super::fonts::SYSTEM_INFO;
use crate::deflate::deflate;
use crate::faces::{FaceRef, Faces, Measures};
use crate::frame::FaceId;

/// Why there is no subset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SubsetError {
    /// There is no face of this number.
    #[error("unknown face {0}")]
    Face(u8),
    /// The face cannot be cut.
    #[error("the typeface is damaged")]
    Damaged,
}

/// A [`FontSubset`] that owns its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedSubset {
    face: FaceId,
    measures: Measures,
    base_font: String,
    widths: Vec<(u16, Vec<u16>)>,
    file: Vec<u8>,
    file_length: u32,
    cid_to_gid: Vec<u8>,
    to_unicode: Vec<u8>,
}

impl OwnedSubset {
    /// The subset as it goes over the pipe and into a [`Document`](super::Document).
    #[must_use]
    pub fn borrow(&self) -> FontSubset<'_> {
        let Measures { bounds, ascent, descent, cap_height, stem_v } = self.measures;
        FontSubset {
            face: self.face.number(),
            base_font: &self.base_font,
            bounds,
            ascent,
            descent,
            cap_height,
            stem_v,
            widths: self.widths.clone(),
            file: &self.file,
            file_length: self.file_length,
            cid_to_gid: &self.cid_to_gid,
            to_unicode: &self.to_unicode,
        }
    }
}

/// Cuts each face down to the union of what was drawn of it, in the order of faces. It depends on that union alone,
/// not on how the uses were divided.
///
/// # Errors
/// [`SubsetError`].
pub fn subset(faces: &Faces, used: &[FaceUse]) -> Result<Vec<OwnedSubset>, SubsetError> {
    let known = |use_: &FaceUse| faces.ids().any(|face| face.number() == use_.face);
    if let Some(unknown) = used.iter().find(|use_| !known(use_)) {
        return Err(SubsetError::Face(unknown.face));
    }
    let mut subsets = Vec::new();
    for id in faces.ids() {
        let Some(face) = faces.get(id) else { continue };
        let drawn = used.iter().filter(|use_| use_.face == id.number()).flat_map(|use_| &use_.cids);
        let mut cids: Vec<u16> = drawn.copied().filter(|&cid| u32::from(cid) < face.cid_count()).collect();
        cids.sort_unstable();
        cids.dedup();
        if !cids.is_empty() {
            subsets.push(cut(id, face, &cids)?);
        }
    }
    Ok(subsets)
}

fn cut(id: FaceId, face: FaceRef<'_>, cids: &[u16]) -> Result<OwnedSubset, SubsetError> {
    let mut glyphs = GlyphRemapper::new();
    let mut cid_to_gid = vec![0; 2 * (usize::from(cids[cids.len() - 1]) + 1)];
    for &cid in cids {
        let glyph = glyphs.remap(face.glyph(cid));
        cid_to_gid[2 * usize::from(cid)..][..2].copy_from_slice(&glyph.to_be_bytes());
    }
    let file = subsetter::subset(face.data(), 0, &glyphs).map_err(|_| SubsetError::Damaged)?;
    Ok(OwnedSubset {
        face: id,
        measures: face.measures(),
        base_font: format!("{}+{}", tag(&[&file, &cid_to_gid]), face.name()),
        widths: widths(face, cids),
        file_length: file.len() as u32,
        file: deflate(&file),
        cid_to_gid: deflate(&cid_to_gid),
        to_unicode: deflate(&to_unicode(face, cids)),
    })
}

/// Runs of widths in thousandths of an em. Ideographs are left out: 1000 is the default of the font dictionary.
fn widths(face: FaceRef<'_>, cids: &[u16]) -> Vec<(u16, Vec<u16>)> {
    let mut runs: Vec<(u16, Vec<u16>)> = Vec::new();
    for &cid in cids {
        let width = face.advance(cid);
        if width == DEFAULT_WIDTH {
            continue;
        }
        match runs.last_mut() {
            Some((first, run)) if usize::from(cid - *first) == run.len() => run.push(width),
            _ => runs.push((cid, vec![width])),
        }
    }
    runs
}

/// The width of an ideograph in thousandths of an em.
pub(crate) const DEFAULT_WIDTH: u16 = 1000;

/// The map by which text is copied and searched: from character ids, not from glyphs.
fn to_unicode(face: FaceRef<'_>, cids: &[u16]) -> Vec<u8> {
    let mut map = UnicodeCmap::<u16>::new(Name(b"Miandan"), SYSTEM_INFO);
    for &cid in cids {
        if let Some(character) = face.character(cid) {
            map.pair(cid, character);
        }
    }
    map.finish().into_vec()
}

/// Six capital letters that tell subsets apart (ISO 32000-1, 9.6.4), by FNV-1a of what they hold.
fn tag(parts: &[&[u8]]) -> String {
    let bytes = parts.iter().copied().flatten();
    let mut hash = bytes.fold(0xCBF2_9CE4_8422_2325_u64, |hash, &byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    });
    let mut letter = || {
        let letter = b'A' + (hash % 26) as u8;
        hash /= 26;
        char::from(letter)
    };
    (0..6).map(|_| letter()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use miandan_fonts::REGULAR;

    fn used(text: &str) -> FaceUse {
        FaceUse { face: 0, cids: text.chars().map(|character| REGULAR.cid(character).unwrap()).collect() }
    }

    #[test]
    fn a_subset_depends_on_the_union_alone() {
        let whole = subset(&Faces::default(), &[used("收件人寄件人SF123")]).unwrap();
        let parts = subset(&Faces::default(), &[used("SF123"), used("寄件人"), used("人件收")]).unwrap();
        assert_eq!(whole, parts);
        assert_eq!(whole.len(), 1);
        assert!(whole[0].file.len() < 20_000);
        let (tag, name) = whole[0].base_font.split_once('+').unwrap();
        assert!(tag.len() == 6 && tag.bytes().all(|letter| letter.is_ascii_uppercase()), "{tag}");
        assert_eq!(name, "NotoSansSC-Regular");
        assert_ne!(subset(&Faces::default(), &[used("收件人")]).unwrap()[0].base_font, whole[0].base_font);
    }

    #[test]
    fn copied_text_is_what_was_drawn_even_where_characters_share_a_glyph() {
        let [radical, ideograph] = ['\u{2F29}', '小'].map(|character| REGULAR.cid(character).unwrap());
        assert_eq!(REGULAR.glyph(radical), REGULAR.glyph(ideograph));
        let map = String::from_utf8(to_unicode(FaceRef::Bundled(&REGULAR), &[ideograph, radical])).unwrap();
        for (cid, character) in [(ideograph, "5C0F"), (radical, "2F29")] {
            assert!(map.contains(&format!("<{cid:04X}> <{character}>")), "{map}");
        }
    }

    #[test]
    fn nothing_drawn_is_no_subset() {
        assert_eq!(subset(&Faces::default(), &[]), Ok(vec![]));
        assert_eq!(subset(&Faces::default(), &[FaceUse { face: 1, cids: vec![] }]), Ok(vec![]));
        assert_eq!(
            subset(&Faces::default(), &[FaceUse { face: 9, cids: vec![] }]),
            Err(SubsetError::Face(9))
        );
        // An id beyond the face is drawn as the box for missing characters.
        assert_eq!(subset(&Faces::default(), &[FaceUse { face: 1, cids: vec![u16::MAX] }]), Ok(vec![]));
    }
}
