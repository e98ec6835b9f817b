//! The bundled tables say what the bundled fonts say. The oracle is `ttf-parser`.

use std::collections::HashSet;

use miandan_fonts::{BOLD, Face, LICENSE, REGULAR};
use ttf_parser::{GlyphId, Rect};

#[test]
fn every_character_of_the_font_comes_back_from_its_cid() {
    for face in [&REGULAR, &BOLD] {
        let oracle = parsed(face);
        let mut cids = HashSet::new();
        for character in (char::MIN..=char::MAX).filter(|&character| face.cid(character).is_some()) {
            let cid = face.cid(character).unwrap();
            assert!(cids.insert(cid), "CID {cid} stands for two characters");
            assert!((1..face.cid_count()).contains(&cid));
            assert_eq!(face.character(cid), Some(character));
            assert_eq!(Some(GlyphId(face.glyph(cid))), oracle.glyph_index(character), "{character:?}");
        }
        assert_eq!(cids.len(), 30_890);
        assert_eq!(cids.len(), characters_in_cmap(&oracle));
    }
}

#[test]
fn cids_below_the_number_of_glyphs_are_glyph_ids() {
    for face in [&REGULAR, &BOLD] {
        assert_eq!(face.glyph_count(), parsed(face).number_of_glyphs());
        assert!((0..face.glyph_count()).all(|cid| face.glyph(cid) == cid));
        assert!(
            (face.glyph_count()..face.cid_count())
                .all(|cid| (1..face.glyph_count()).contains(&face.glyph(cid)))
        );
    }
}

#[test]
fn advances_are_those_of_the_font() {
    for face in [&REGULAR, &BOLD] {
        let oracle = parsed(face);
        for cid in 0..face.cid_count() {
            assert_eq!(
                Some(face.advance(cid)),
                oracle.glyph_hor_advance(GlyphId(face.glyph(cid))),
                "CID {cid}"
            );
        }
    }
}

#[test]
fn radicals_share_the_glyph_of_an_ideograph_but_not_its_cid() {
    for (ideograph, radical) in
        [('小', '\u{2F29}'), ('山', '\u{2F2D}'), ('人', '\u{2F08}'), ('一', '\u{2F00}')]
    {
        let (ideograph, radical) = (REGULAR.cid(ideograph).unwrap(), REGULAR.cid(radical).unwrap());
        assert!(ideograph < REGULAR.glyph_count());
        assert!(radical >= REGULAR.glyph_count());
        assert_eq!(REGULAR.glyph(radical), ideograph);
    }
}

#[test]
fn metrics_are_those_of_the_font() {
    for face in [&REGULAR, &BOLD] {
        let (oracle, metrics) = (parsed(face), face.metrics());
        assert_eq!(metrics.units_per_em, oracle.units_per_em());
        assert_eq!(metrics.weight, oracle.weight().to_number());
        assert_eq!(metrics.ascent, oracle.tables().hhea.ascender);
        assert_eq!(metrics.descent, oracle.tables().hhea.descender);
        assert_eq!(metrics.ideographic_top, oracle.typographic_ascender().unwrap());
        assert_eq!(metrics.ideographic_bottom, oracle.typographic_descender().unwrap());
        assert_eq!(metrics.cap_height, oracle.capital_height().unwrap());
        assert_eq!(metrics.x_height, oracle.x_height().unwrap());
        let Rect { x_min, y_min, x_max, y_max } = oracle.global_bounding_box();
        assert_eq!(metrics.bbox, [x_min, y_min, x_max, y_max]);
        let stem = oracle.glyph_bounding_box(oracle.glyph_index('I').unwrap()).unwrap();
        assert_eq!(metrics.stem_v, stem.width());
        let underline = oracle.underline_metrics().unwrap();
        assert_eq!(metrics.underline_position, underline.position);
        assert_eq!(metrics.underline_thickness, underline.thickness);
    }
}

#[test]
fn numbers_out_of_range_are_answered_without_panic() {
    for cid in REGULAR.cid_count()..=u16::MAX {
        assert_eq!((REGULAR.glyph(cid), REGULAR.advance(cid), REGULAR.character(cid)), (0, 0, None));
    }
    assert_eq!(REGULAR.character(0), None);
}

#[test]
fn names_and_licence_are_those_of_the_typeface() {
    for face in [&REGULAR, &BOLD] {
        let oracle = parsed(face);
        let name =
            oracle.names().into_iter().find(|name| name.name_id == ttf_parser::name_id::POST_SCRIPT_NAME);
        assert_eq!(name.unwrap().to_string().unwrap(), face.postscript_name());
    }
    assert!(LICENSE.contains("SIL OPEN FONT LICENSE Version 1.1"));
    assert!(LICENSE.contains("Copyright 2014-2021 Adobe"));
}

fn parsed(face: &Face) -> ttf_parser::Face<'static> {
    ttf_parser::Face::parse(face.data(), 0).unwrap()
}

fn characters_in_cmap(oracle: &ttf_parser::Face<'_>) -> usize {
    let mut characters = HashSet::new();
    for subtable in
        oracle.tables().cmap.unwrap().subtables.into_iter().filter(|subtable| subtable.is_unicode())
    {
        subtable.codepoints(|code| {
            if subtable.glyph_index(code).is_some_and(|glyph| glyph.0 != 0) {
                characters.insert(code);
            }
        });
    }
    characters.len()
}
