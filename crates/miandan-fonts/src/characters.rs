//! Characters to CIDs, and CIDs to glyphs and characters. One set of tables serves both faces.

use crate::entries::entries;

/// Indexed by code point: CID, 0 for none. Flat, since this is asked for every character of every label.
static CIDS_OF_PLANE_0: &[[u8; 2]] = entries(include_bytes!("../data/cids-of-plane-0.bin"));

/// Code point (4 bytes) and CID (2 bytes), in the order of code points.
static CIDS_OF_HIGHER_PLANES: &[[u8; 6]] = entries(include_bytes!("../data/cids-of-higher-planes.bin"));

/// Indexed by CID: code point, or `u32::MAX`, which is no character, for a glyph without one.
static CHARACTERS: &[[u8; 4]] = entries(include_bytes!("../data/characters.bin"));

/// Indexed by CID − [`GLYPH_COUNT`]: glyph id.
static ALTERNATES: &[[u8; 2]] = entries(include_bytes!("../data/alternates.bin"));

pub(crate) const CID_COUNT: u16 = (include_bytes!("../data/characters.bin").len() / 4) as u16;
pub(crate) const GLYPH_COUNT: u16 = CID_COUNT - (include_bytes!("../data/alternates.bin").len() / 2) as u16;

pub(crate) fn cid(character: char) -> Option<u16> {
    let code = u32::from(character);
    let cid = match CIDS_OF_PLANE_0.get(code as usize) {
        Some(entry) => u16::from_le_bytes(*entry),
        None => cid_in_higher_planes(code)?,
    };
    (cid != 0).then_some(cid)
}

fn cid_in_higher_planes(code: u32) -> Option<u16> {
    let index = CIDS_OF_HIGHER_PLANES
        .binary_search_by_key(&code, |&[a, b, c, d, _, _]| u32::from_le_bytes([a, b, c, d]))
        .ok()?;
    let [.., low, high] = CIDS_OF_HIGHER_PLANES[index];
    Some(u16::from_le_bytes([low, high]))
}

pub(crate) fn glyph(cid: u16) -> u16 {
    match cid.checked_sub(GLYPH_COUNT) {
        None => cid,
        Some(index) => ALTERNATES.get(usize::from(index)).map_or(0, |entry| u16::from_le_bytes(*entry)),
    }
}

pub(crate) fn character(cid: u16) -> Option<char> {
    let entry = CHARACTERS.get(usize::from(cid))?;
    char::from_u32(u32::from_le_bytes(*entry))
}
