//! What is written for printers, as readers that were written from the manuals see it: every dot of every picture, whatever
//! its size, where the profile wants it.

use miandan_core::label::Resolution;
use miandan_core::printer::{Graphics, Language, Media, Polarity, Profile};
use miandan_render::frame::Frame;
use miandan_render::printer::Encoder;
use miandan_render::raster::{Bitmap, Rasteriser};
use miandan_render::shipped;
use miandan_render::template::Template;
use miandan_testing::printer::{Sheet, cpcl, epl2, escpos, tspl, zpl};
use proptest::prelude::*;

const HEAD: u16 = 1600;

fn read(profile: &Profile, stream: &[u8]) -> Vec<Sheet> {
    let dpi = profile.resolution.dpi();
    let sheets = match profile.language {
        Language::Tspl => tspl::read(stream, dpi),
        Language::Zpl => zpl::read(stream),
        Language::Cpcl => cpcl::read(stream),
        Language::Epl2 => epl2::read(stream, dpi),
        Language::EscPos => escpos::read(stream, HEAD.into()),
    };
    sheets.unwrap_or_else(|fault| panic!("{profile:?}: {fault}"))
}

fn written(profile: &Profile, bitmaps: &[&Bitmap]) -> Vec<u8> {
    let mut stream = Vec::new();
    let mut encoder = Encoder::new();
    for bitmap in bitmaps {
        encoder.encode(profile, bitmap, &mut stream).unwrap_or_else(|error| panic!("{profile:?}: {error}"));
    }
    stream
}

/// The picture stands on the paper where the profile wants it, and nothing else does.
fn compare(profile: &Profile, bitmap: &Bitmap, sheet: &Sheet) {
    let [left, top] = profile.offset.map(|length| profile.resolution.dots(length) as usize);
    for y in 0..sheet.height {
        for x in 0..sheet.width {
            let inside = (left..left + bitmap.width).contains(&x) && (top..top + bitmap.height).contains(&y);
            let expected = inside && bitmap.is_black(x - left, y - top);
            assert_eq!(sheet.dot(x, y), expected, "{x} {y} of {profile:?}");
        }
    }
    assert!(sheet.width >= left + bitmap.width, "{} of {profile:?}", sheet.width);
    // What is moved down past the end of the label is cut off where the label has an end.
    let whole = matches!(profile.language, Language::Cpcl) || top == 0;
    assert!(sheet.height >= bitmap.height + if whole { top } else { 0 }, "{} of {profile:?}", sheet.height);
}

/// Every language in every form of picture, on all media.
fn profiles(resolution: Resolution) -> Vec<Profile> {
    let media = [
        Media::Gap { height: 3000, offset: 0 },
        Media::Mark { height: 3000, offset: 0 },
        Media::Continuous { feed: 40_000 },
    ];
    let mut profiles = Vec::new();
    for language in Language::ALL {
        for &graphics in language.graphics() {
            for media in media {
                let plain = Profile::plain(language, resolution, HEAD);
                let profile = Profile { graphics, media, ..plain };
                if profile.check().is_ok() {
                    profiles.push(profile);
                }
            }
        }
    }
    profiles
}

/// A label as it is printed.
fn label(resolution: Resolution) -> Bitmap {
    let template = Template::compile(shipped::ONE_PART_76X130.as_bytes()).expect("is shipped");
    let mut frame = Frame::default();
    template.layout(&shipped::sample(), resolution, &mut frame).expect("can be drawn");
    let mut bitmap = Bitmap::default();
    Rasteriser::new().draw(&frame, &mut bitmap);
    bitmap
}

#[test]
fn a_label_is_the_same_in_every_language() {
    for resolution in [Resolution::Dpi203, Resolution::Dpi300] {
        let bitmap = label(resolution);
        let profiles = profiles(resolution);
        assert!(profiles.len() >= 24, "{}", profiles.len());
        for profile in profiles {
            let sheets = read(&profile, &written(&profile, &[&bitmap, &bitmap]));
            assert_eq!(sheets.len(), 2, "{profile:?}");
            sheets.iter().for_each(|sheet| compare(&profile, &bitmap, sheet));
        }
    }
}

#[test]
fn a_printer_is_told_what_its_profile_says() {
    let bitmap = label(Resolution::Dpi203);
    let plain = |language| Profile::plain(language, Resolution::Dpi203, HEAD);
    let tspl = Profile {
        media: Media::Mark { height: 3000, offset: 500 },
        speed: Some(4),
        darkness: Some(9),
        turned: true,
        offset: [1000, 250],
        reprint: Some(false),
        ..plain(Language::Tspl)
    };
    let zpl = Profile {
        media: Media::Mark { height: 3000, offset: 0 },
        darkness: Some(-7),
        ..Profile { language: Language::Zpl, graphics: Graphics::Z64, polarity: Polarity::BlackIsOne, ..tspl }
    };
    let cpcl = Profile { darkness: Some(150), speed: Some(2), offset: [1000, 250], ..plain(Language::Cpcl) };
    let epl2 = Profile { reprint: None, ..Profile { language: Language::Epl2, ..tspl } };
    let escpos =
        Profile { offset: [1000, 0], media: Media::Continuous { feed: 40_000 }, ..plain(Language::EscPos) };
    let epl2 = Profile { speed: Some(4), ..epl2 };
    for (profile, settings) in [
        (
            tspl,
            &[
                ("SIZE", "77 mm,130 mm"),
                ("BLINE", "3 mm,0.5 mm"),
                ("DIRECTION", "1"),
                ("REFERENCE", "8,2"),
                ("SPEED", "4"),
                ("DENSITY", "9"),
                ("SET", "REPRINT OFF"),
                ("PRINT", "1,1"),
            ][..],
        ),
        (
            zpl,
            &[
                ("PW", "616"),
                ("LL", "1040"),
                ("LH", "8,2"),
                ("PO", "I"),
                ("MN", "M"),
                ("PR", "4"),
                ("MD", "-7"),
                ("JZ", "N"),
                ("PQ", "1,0,1,Y"),
            ],
        ),
        (
            cpcl,
            &[
                ("!", "0 200 200 1042 1"),
                ("PAGE-WIDTH", "616"),
                ("TONE", "150"),
                ("SPEED", "2"),
                ("FORM", ""),
            ],
        ),
        (epl2, &[("q", "616"), ("Q", "1040,B24+4"), ("R", "8,2"), ("S", "4"), ("D", "9"), ("Z", "B")]),
        (escpos, &[("GS P", "203 203"), ("ESC J", "320")]),
    ] {
        assert_eq!(profile.check(), Ok(()));
        let sheets = read(&profile, &written(&profile, &[&bitmap]));
        assert_eq!(sheets.len(), 1);
        for (command, value) in settings {
            assert_eq!(sheets[0].settings.get(*command).map(String::as_str), Some(*value), "{command}");
        }
        compare(&profile, &bitmap, &sheets[0]);
    }
}

#[test]
fn nothing_is_told_that_the_profile_does_not_say() {
    let bitmap = label(Resolution::Dpi203);
    for language in Language::ALL {
        let profile = Profile::plain(language, Resolution::Dpi203, HEAD);
        let sheets = read(&profile, &written(&profile, &[&bitmap]));
        for command in ["SPEED", "DENSITY", "SET", "PR", "MD", "JZ", "TONE", "S", "D", "R", "ESC J", "FEED"] {
            assert!(!sheets[0].settings.contains_key(command), "{language}: {command}");
        }
    }
}

#[test]
fn firmware_with_the_other_polarity_gets_it() {
    let bitmap = label(Resolution::Dpi203);
    for language in [Language::Tspl, Language::Cpcl, Language::Epl2, Language::EscPos] {
        let plain = Profile::plain(language, Resolution::Dpi203, 608);
        let other = match plain.polarity {
            Polarity::BlackIsOne => Polarity::BlackIsZero,
            Polarity::BlackIsZero => Polarity::BlackIsOne,
        };
        let stream = written(&Profile { polarity: other, ..plain }, &[&bitmap]);
        let mut negative = bitmap.clone();
        negative.bits.iter_mut().for_each(|byte| *byte = !*byte);
        assert_eq!(stream, written(&plain, &[&negative]), "{language}");
    }
}

fn bitmaps(most: usize) -> impl Strategy<Value = Bitmap> {
    let kinds = prop_oneof![Just(0u8), Just(0xFF), any::<u8>()];
    let rows = prop::collection::vec((kinds, any::<u8>()), 1..most);
    (1..=most, rows).prop_map(|(width, rows)| {
        let stride = width.div_ceil(8);
        let mut bits = Vec::new();
        // Rows of one byte with another one somewhere: runs, repeated rows, ends of all kinds.
        for (byte, place) in &rows {
            let start = bits.len();
            bits.resize(start + stride, *byte);
            if place % 3 == 0 {
                bits[start + usize::from(*place) % stride] = *place;
            }
            // Padding is white.
            if width % 8 != 0 {
                bits[start + stride - 1] &= 0xFF << (8 - width % 8);
            }
        }
        Bitmap { width, height: rows.len(), stride, bits, resolution: Resolution::Dpi203 }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_picture_arrives_in_every_language(first in bitmaps(300), second in bitmaps(20), right in 0..40i32) {
        for profile in profiles(Resolution::Dpi203) {
            let profile = Profile { offset: [right * 125, 0], ..profile };
            let sheets = read(&profile, &written(&profile, &[&first, &second]));
            prop_assert_eq!(sheets.len(), 2);
            compare(&profile, &first, &sheets[0]);
            compare(&profile, &second, &sheets[1]);
        }
    }
}

#[test]
fn a_picture_of_a_metre_arrives() {
    let mut bitmap = Bitmap {
        width: 1600,
        height: 8000,
        stride: 200,
        bits: vec![0; 200 * 8000],
        resolution: Resolution::Dpi203,
    };
    for (place, byte) in bitmap.bits.iter_mut().enumerate() {
        *byte = (place / 997) as u8;
    }
    for profile in profiles(Resolution::Dpi203) {
        let sheets = read(&profile, &written(&profile, &[&bitmap]));
        assert!(sheets[0].rows().starts_with(&bitmap.bits), "{profile:?}");
    }
}
