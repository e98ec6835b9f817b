//! What of its faces a PDF has drawn, and the faces cut down to that.

use super::codec::{FrameReader, FrameWriter, PipeError};

/// Which glyphs of a face were drawn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FaceUse {
    /// Number of the face: 0 regular, 1 bold.
    pub face: u8,
    /// The character ids (`miandan_fonts::Face::cid`) that were drawn.
    pub cids: Vec<u16>,
}

/// A face cut down to what was drawn, ready to be written as PDF objects (ISO 32000-1, 9.7 and 9.9).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FontSubset<'b> {
    /// Number of the face.
    pub face: u8,
    /// PostScript name with the six-letter subset tag, e.g. `ABCDEF+NotoSansSC-Regular`.
    pub base_font: &'b str,
    /// Bounding box of the face in thousandths of an em: left, bottom, right, top.
    pub bounds: [i32; 4],
    /// Ascent, descent, height of capitals and width of stems in thousandths of an em.
    pub ascent: i32,
    /// See `ascent`.
    pub descent: i32,
    /// See `ascent`.
    pub cap_height: i32,
    /// See `ascent`.
    pub stem_v: i32,
    /// Widths in thousandths of an em: the first id of a run and the widths of the ids from there on.
    pub widths: Vec<(u16, Vec<u16>)>,
    /// The TrueType file, deflated (zlib).
    pub file: &'b [u8],
    /// Its length before deflation, in bytes.
    pub file_length: u32,
    /// The `CIDToGIDMap` stream, deflated (zlib).
    pub cid_to_gid: &'b [u8],
    /// The `ToUnicode` character map, deflated (zlib).
    pub to_unicode: &'b [u8],
}

impl FaceUse {
    pub(super) fn encode_all(used: &[FaceUse], writer: &mut FrameWriter<'_>) {
        writer.u32(used.len() as u32);
        for face in used {
            writer.u8(face.face);
            writer.u32(face.cids.len() as u32);
            face.cids.iter().for_each(|&cid| writer.u16(cid));
        }
    }

    pub(super) fn decode_all(reader: &mut FrameReader<'_>) -> Result<Vec<FaceUse>, PipeError> {
        let count = reader.count(5)?;
        let mut all = Vec::with_capacity(count);
        for _ in 0..count {
            let face = reader.u8()?;
            let count = reader.count(2)?;
            let cids = (0..count).map(|_| reader.u16()).collect::<Result<_, _>>()?;
            all.push(FaceUse { face, cids });
        }
        Ok(all)
    }
}

impl<'b> FontSubset<'b> {
    pub(super) fn encode(&self, writer: &mut FrameWriter<'_>) {
        writer.u8(self.face);
        writer.bytes(self.base_font.as_bytes());
        self.bounds.iter().for_each(|&edge| writer.i32(edge));
        [self.ascent, self.descent, self.cap_height, self.stem_v].iter().for_each(|&value| writer.i32(value));
        writer.u32(self.widths.len() as u32);
        for (first, widths) in &self.widths {
            writer.u16(*first);
            writer.u32(widths.len() as u32);
            widths.iter().for_each(|&width| writer.u16(width));
        }
        writer.bytes(self.file);
        writer.u32(self.file_length);
        writer.bytes(self.cid_to_gid);
        writer.bytes(self.to_unicode);
    }

    pub(super) fn decode(reader: &mut FrameReader<'b>) -> Result<Self, PipeError> {
        let face = reader.u8()?;
        let base_font = reader.text()?;
        let mut bounds = [0; 4];
        for edge in &mut bounds {
            *edge = reader.i32()?;
        }
        let (ascent, descent, cap_height, stem_v) =
            (reader.i32()?, reader.i32()?, reader.i32()?, reader.i32()?);
        let runs = reader.count(6)?;
        let mut widths = Vec::with_capacity(runs);
        for _ in 0..runs {
            let first = reader.u16()?;
            let count = reader.count(2)?;
            widths.push((first, (0..count).map(|_| reader.u16()).collect::<Result<_, _>>()?));
        }
        let (file, file_length) = (reader.bytes()?, reader.u32()?);
        let (cid_to_gid, to_unicode) = (reader.bytes()?, reader.bytes()?);
        Ok(FontSubset {
            face,
            base_font,
            bounds,
            ascent,
            descent,
            cap_height,
            stem_v,
            widths,
            file,
            file_length,
            cid_to_gid,
            to_unicode,
        })
    }
}
