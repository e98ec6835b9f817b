//! A font that a caller brought: TrueType outlines with a Unicode character map.
//!
//! It is parsed only inside the locked component. The parser (`ttf-parser`) has no `unsafe` and allocates nothing; what
//! is kept of a font are two tables of its characters.

use miandan_core::font::{FontProblem, MAX_FONT};
use subsetter::GlyphRemapper;
use ttf_parser::{Face, GlyphId, Permissions, PlatformId, name_id};

use super::Measures;

/// The end of the planes that have ideographs; behind it are tags, selectors and private use.
const LAST_CHARACTER: char = '\u{3FFFF}';

/// Unicode character maps of a font that are looked at. Two are usual: one for the first plane, one for all.
const MAX_MAPS: usize = 4;

/// A font with the tables by which its characters are found.
#[derive(Clone)]
pub struct AddedFace {
    data: Vec<u8>,
    name: String,
    families: Vec<String>,
    bold: bool,
    characters: Characters,
    /// By glyph, in thousandths of the em.
    advances: Vec<u16>,
    measures: Measures,
}

/// The characters of a font.
#[derive(Clone)]
struct Characters {
    /// Ids by character, ascending.
    cids: Vec<(char, u16)>,
    /// By id: the glyph and the character. Ids below the number of glyphs are glyphs.
    glyphs: Vec<(u16, char)>,
}

impl AddedFace {
    pub(super) fn new(data: Vec<u8>) -> Result<Self, FontProblem> {
        if data.len() > MAX_FONT {
            return Err(FontProblem::TooLarge);
        }
        let face = Face::parse(&data, 0).map_err(|_| FontProblem::NotAFont)?;
        if face.tables().glyf.is_none() {
            return Err(FontProblem::NoOutlines);
        }
        if face.is_variable() {
            return Err(FontProblem::Variable);
        }
        let restricted = face.permissions() == Some(Permissions::Restricted);
        if restricted || !face.is_outline_embedding_allowed() || !face.is_subsetting_allowed() {
            return Err(FontProblem::NotEmbeddable);
        }
        let characters = characters(&face);
        let Some(&(_, first)) = characters.cids.first() else { return Err(FontProblem::NoCharacters) };
        // A font that cannot be cut is of no use at the end of a batch, so that is tried at its beginning.
        let mut glyphs = GlyphRemapper::new();
        glyphs.remap(characters.glyphs[usize::from(first)].0);
        subsetter::subset(&data, 0, &glyphs).map_err(|_| FontProblem::NotAFont)?;
        let units = u32::from(face.units_per_em());
        let advance = |glyph| {
            let advance = u32::from(face.glyph_hor_advance(GlyphId(glyph)).unwrap_or(0));
            ((advance * 1000 + units / 2) / units).min(u16::MAX.into()) as u16
        };
        let mut added = AddedFace {
            name: postscript_name(&face),
            families: families(&face),
            bold: face.is_bold(),
            advances: (0..face.number_of_glyphs()).map(advance).collect(),
            measures: measures(&face),
            characters,
            data: Vec::new(),
        };
        added.data = data;
        Ok(added)
    }

    pub(super) fn cid(&self, character: char) -> Option<u16> {
        let cids = &self.characters.cids;
        let place = cids.binary_search_by_key(&character, |&(known, _)| known).ok()?;
        Some(cids[place].1)
    }

    pub(super) fn character(&self, cid: u16) -> Option<char> {
        self.characters
            .glyphs
            .get(usize::from(cid))
            .map(|&(_, character)| character)
            .filter(|&character| character != '\0')
    }

    pub(super) fn glyph(&self, cid: u16) -> u16 {
        self.characters.glyphs.get(usize::from(cid)).map_or(0, |&(glyph, _)| glyph)
    }

    pub(super) fn advance(&self, cid: u16) -> u16 {
        self.advances.get(usize::from(self.glyph(cid))).copied().unwrap_or(0)
    }

    pub(super) fn cid_count(&self) -> u32 {
        self.characters.glyphs.len() as u32
    }

    pub(super) fn name(&self) -> &str {
        &self.name
    }

    pub(super) fn data(&self) -> &[u8] {
        &self.data
    }

    pub(super) fn measures(&self) -> Measures {
        self.measures
    }

    pub(super) fn is_bold(&self) -> bool {
        self.bold
    }

    pub(super) fn is_of(&self, family: &str) -> bool {
        let family = family.trim().to_lowercase();
        self.families.contains(&family)
    }
}

impl std::fmt::Debug for AddedFace {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_tuple("AddedFace").field(&self.name).finish()
    }
}

/// The ids of the characters, and what each id is.
///
/// As in the bundled faces a glyph is the id of one character, the ordinary one, and further characters of the same
/// glyph have ids above all glyphs, so that what is copied from a PDF is what was drawn. Where a font has so many glyphs
/// that no ids are left, they share the one.
fn characters(face: &Face<'_>) -> Characters {
    let mut all: Vec<(char, u16)> = Vec::new();
    let maps = face.tables().cmap.into_iter().flat_map(|cmap| cmap.subtables);
    let maps: Vec<_> = maps.filter(ttf_parser::cmap::Subtable::is_unicode).take(MAX_MAPS).collect();
    let count = face.number_of_glyphs();
    // Asked character by character: what a map says of its own extent may be a lie that takes hours to go through.
    for character in ' '..=LAST_CHARACTER {
        let glyph = maps.iter().find_map(|map| map.glyph_index(character.into()));
        if let Some(GlyphId(glyph)) = glyph.filter(|glyph| (1..count).contains(&glyph.0)) {
            all.push((character, glyph));
        }
    }

    let mut glyphs: Vec<(u16, char)> = (0..count).map(|glyph| (glyph, '\0')).collect();
    let mut cids = Vec::with_capacity(all.len());
    for ordinary in [true, false] {
        for &(character, glyph) in all.iter().filter(|(character, _)| is_ordinary(*character) == ordinary) {
            let place = usize::from(glyph);
            let cid = if glyphs[place].1 == '\0' {
                glyphs[place].1 = character;
                glyph
            } else if let Ok(cid) = u16::try_from(glyphs.len()) {
                glyphs.push((glyph, character));
                cid
            } else {
                glyph
            };
            cids.push((character, cid));
        }
    }
    cids.sort_unstable();
    Characters { cids, glyphs }
}

/// Radicals and compatibility ideographs are drawn by glyphs of ordinary characters.
fn is_ordinary(character: char) -> bool {
    !matches!(character, '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}' | '\u{2F800}'..='\u{2FA1F}')
}

fn measures(face: &Face<'_>) -> Measures {
    let units = i32::from(face.units_per_em());
    let scaled = |value: i16| i32::from(value) * 1000 / units;
    let bounds = face.global_bounding_box();
    Measures {
        bounds: [bounds.x_min, bounds.y_min, bounds.x_max, bounds.y_max].map(scaled),
        ascent: scaled(face.ascender()),
        descent: scaled(face.descender()),
        cap_height: scaled(face.capital_height().unwrap_or(face.ascender())),
        // A font does not say; what is usual for its weight, which only a reader without the font would use.
        stem_v: if face.is_bold() { 140 } else { 90 },
    }
}

/// The PostScript name, cut down to what may stand in a PDF as it is.
fn postscript_name(face: &Face<'_>) -> String {
    let names = face.names().into_iter();
    let of =
        |id| names.clone().find(|name| name.name_id == id && name.is_unicode()).and_then(|n| n.to_string());
    let name = of(name_id::POST_SCRIPT_NAME).or_else(|| of(name_id::FULL_NAME)).unwrap_or_default();
    let name: String = name.chars().filter(|&c| c.is_ascii_alphanumeric() || c == '-').take(63).collect();
    if name.is_empty() { "Added".to_owned() } else { name }
}

/// The names of the family in every language, in lower case.
fn families(face: &Face<'_>) -> Vec<String> {
    let is_family = |id| matches!(id, name_id::FAMILY | name_id::TYPOGRAPHIC_FAMILY | name_id::FULL_NAME);
    let names = face.names().into_iter().filter(|name| is_family(name.name_id));
    let read = |name: ttf_parser::name::Name<'_>| match name.platform_id {
        // One byte a character; those of a family name are ASCII.
        PlatformId::Macintosh if name.name.is_ascii() => String::from_utf8(name.name.to_vec()).ok(),
        _ => name.to_string(),
    };
    let mut families: Vec<String> = names
        .filter_map(read)
        .map(|name| name.trim().to_lowercase())
        .filter(|name| !name.is_empty())
        .collect();
    families.sort_unstable();
    families.dedup();
    families
}
